//! Cohorts of Online Retail. The figures were counted once with Python 3 and its
//! `decimal` from the file: an invoice belongs to the month of its earliest
//! line, a customer to the month of the first invoice with a purchase; a credit
//! note before that counts in it.

use regulars::cohorts::{Cohorts, CohortsOptions};
use regulars::customers::customers;
use regulars::task::finish;

use crate::common::orders;
use crate::online_retail::records;

#[test]
fn online_retail_by_month_of_the_first_order() {
    let Some(records) = records() else { return };
    let orders = orders(&records, 3);
    let customers = customers(&orders, orders.last_day().unwrap().plus(1));
    let mut task = Cohorts::new(&orders, &customers, CohortsOptions::default()).unwrap();
    let found = finish(|budget| {
        Ok::<_, regulars::error::Error>(task.advance(&orders, &customers, budget))
    });
    let found = found.unwrap();
    assert_eq!(found.cohorts.len(), 13);
    let december = &found.cohorts[0];
    assert_eq!((december.id.as_deref(), december.size), (Some("2010-12"), 885));
    let active = [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235];
    assert_eq!(december.customers, active);
    assert_eq!(december.exact_revenue, "4344089.65");
    assert_eq!(december.retention[1], Some(324.0 / 885.0));
    // December 2011 ends on the 9th: counted, and not called retention.
    assert_eq!((december.complete[12], december.retention[12]), (false, None));
    let march = &found.cohorts[3];
    assert_eq!(march.customers, [452, 68, 114, 90, 101, 76, 121, 104, 126, 39]);
    assert_eq!(march.exact_revenue, "623600.63");
    let cents = |number: f64| (number * 100.0).round() as i64;
    let net: Vec<i64> =
        march.gross.iter().zip(&march.returns).map(|(g, r)| cents(g + r)).collect();
    assert_eq!(net[..3], [19_737_014, 2_732_907, 5_746_644]);
    let sizes: u64 = found.cohorts.iter().map(|c| c.size).sum();
    assert_eq!(sizes, 4_338);
    let thousandths: i64 =
        found.cohorts.iter().map(|c| (c.revenue * 1000.0).round() as i64).sum();
    assert_eq!(orders.scale.exact(thousandths), "8310477.054");
}
