//! The customers as of any day are those of a shop that ends on that day.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::customers;

use crate::common::{Record, orders, record};

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..12, 0_i32..60, 0_i64..900, -300_i64..=0);
    prop::collection::vec(one, 1..60).prop_map(|rows| {
        let named = |(i, (who, day, gross, returns)): (usize, (u32, i32, i64, i64))| {
            record(&format!("{who}"), &format!("o{i}"), day, gross, returns)
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

proptest! {
    #[test]
    fn a_day_in_the_past_sees_nothing_later(records in records(), as_of in -1_i32..61) {
        let shop = orders(&records, 2);
        let found = customers(&shop, Day(as_of));
        // Naive, customer by customer in the order of first appearance.
        let mut at = 0;
        for number in 0..shop.customers.len() as u32 {
            let name = shop.customers.text(number);
            let of: Vec<&Record> = records
                .iter()
                .filter(|r| r.customer.as_deref() == Some(&*name) && r.day <= as_of)
                .collect();
            let mut days: Vec<i32> = of.iter().filter(|r| r.gross > 0).map(|r| r.day).collect();
            if days.is_empty() {
                continue;
            }
            days.sort_unstable();
            prop_assert_eq!(found.number[at], number);
            prop_assert_eq!(found.orders[at] as usize, days.len());
            prop_assert_eq!(found.first_day[at], days[0]);
            prop_assert_eq!(found.last_day[at], days[days.len() - 1]);
            prop_assert_eq!(found.recency_days(at), (as_of - days[days.len() - 1]) as u32);
            days.dedup();
            prop_assert_eq!(found.order_days[at] as usize, days.len());
            prop_assert_eq!(found.gross[at], of.iter().map(|r| r.gross).sum::<i64>());
            prop_assert_eq!(found.returns[at], of.iter().map(|r| r.returns).sum::<i64>());
            at += 1;
        }
        prop_assert_eq!(found.len(), at);
    }
}
