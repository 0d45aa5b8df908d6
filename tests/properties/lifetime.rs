//! Lifetime value under returns.

use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::lifetime::{LifetimeOptions, LifetimeTask};
use regulars::task::finish;

use crate::common::{Record, orders, record};

/// A shop in which every customer orders now and then, and two order alike:
/// `kept` keeps everything, `returned` sends everything back.
fn shop() -> Vec<Record> {
    let mut records = Vec::new();
    for customer in 0..120 {
        let id = format!("c{customer}");
        for order in 0..=(customer % 6) {
            let day = 1 + (customer * 7 + order * (20 + customer % 11)) % 400;
            let gross = 1_000 + i64::from((customer * 37 + order * 13) % 50) * 100;
            records.push(record(&id, &format!("{id}-{order}"), day, gross, 0));
        }
    }
    for (id, back) in [("kept", 0), ("returned", -900_000)] {
        records.push(record(id, &format!("{id}-0"), 300, 1_000, 0));
        records.push(record(id, &format!("{id}-1"), 380, 900_000, back));
    }
    records
}

#[test]
fn who_sends_everything_back_is_worth_little() {
    let orders = orders(&shop(), 2);
    let table = customers(&orders, Day(420));
    let mut task =
        LifetimeTask::new(&orders, &table, LifetimeOptions::default()).unwrap();
    let columns = finish(|budget| task.advance(budget)).unwrap().columns;
    let place = |id: &str| {
        let number = orders.customers.find(id.as_bytes()).unwrap();
        table.number.iter().position(|&n| n == number).unwrap()
    };
    let (kept, returned) = (place("kept"), place("returned"));
    assert_eq!(columns.expected_orders[kept], columns.expected_orders[returned]);
    assert!(columns.order_value[returned] < 0.1 * columns.order_value[kept]);
    assert!(columns.clv[returned] < 0.1 * columns.clv[kept]);
    assert!(columns.clv.iter().all(|clv| *clv >= 0.0));
}
