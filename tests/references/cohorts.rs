//! Cohorts of Online Retail against `shop.py`, an independent count in exact
//! decimals whose output is `shop.txt`.

use regulars::cohorts::{Cohorts, CohortsOptions, CohortsResult};
use regulars::customers::customers;
use regulars::orders::Orders;
use regulars::periods::Unit;
use regulars::task::finish;

use crate::common::orders;
use crate::online_retail::records;

const COUNTED: &str = include_str!("shop.txt");

fn followed(orders: &Orders, unit: Unit, budget: u64) -> CohortsResult {
    let customers = customers(orders, orders.last_day().unwrap().plus(1));
    let options = CohortsOptions { unit, ..CohortsOptions::default() };
    let mut task = Cohorts::new(orders, &customers, options).unwrap();
    let found = finish(|_| {
        Ok::<_, regulars::error::Error>(task.advance(orders, &customers, budget))
    });
    found.unwrap()
}

/// A decimal text in thousandths.
fn thousandths(text: &str) -> i64 {
    let text = text.trim().trim_matches('\'');
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let value: i64 =
        format!("{}{decimals:0<3}", whole.trim_start_matches('-')).parse().unwrap();
    if text.starts_with('-') { -value } else { value }
}

/// The figures of a list such as `orders [1400, 517]`.
fn list(line: &str) -> (&str, Vec<&str>) {
    let (name, list) = line.trim().split_once(' ').unwrap();
    (name, list.trim_matches(['[', ']']).split(", ").collect())
}

/// The size of a cohort, and its figures by name.
type Counted = (u64, Vec<(&'static str, Vec<&'static str>)>);

/// What `shop.txt` says of the cohorts of one length: sizes and named lists.
fn counted(unit: &str) -> Vec<Counted> {
    let mut lines = COUNTED.lines().skip_while(|line| !line.starts_with(unit)).skip(1);
    let mut found = Vec::new();
    for line in &mut lines {
        if let Some(rest) = line.strip_prefix("  cohort ") {
            let size = rest.split(' ').next_back().unwrap().parse().unwrap();
            found.push((size, Vec::new()));
        } else if line.starts_with("    ") {
            let (_, lists): &mut Counted = found.last_mut().unwrap();
            lists.push(list(line));
        } else if !line.starts_with("  ") {
            break;
        }
    }
    found
}

fn compare(found: &CohortsResult, unit: &str) {
    let cohorts = counted(unit);
    assert!(!cohorts.is_empty());
    for (cohort, (size, lists)) in found.cohorts.iter().zip(cohorts) {
        let id = cohort.id.as_deref().unwrap();
        assert_eq!(cohort.size, size, "{id}");
        for (name, figures) in lists {
            let counts = |own: &[u64]| {
                let own: Vec<String> = own.iter().map(u64::to_string).collect();
                assert_eq!(own, figures, "{unit} {id} {name}");
            };
            let money = |own: &[f64]| {
                let own: Vec<i64> =
                    own.iter().map(|m| (m * 1000.0).round() as i64).collect();
                let theirs: Vec<i64> = figures.iter().map(|m| thousandths(m)).collect();
                assert_eq!(own, theirs, "{unit} {id} {name}");
            };
            match name {
                "customers" => counts(&cohort.customers),
                "orders" => counts(&cohort.orders),
                "gross" => money(&cohort.gross),
                "returns" => money(&cohort.returns),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn online_retail_by_the_first_order() {
    let Some(records) = records() else { return };
    let orders = orders(&records, 3);
    for (unit, name, cohorts) in [
        (Unit::Month, "month", 13),
        (Unit::Quarter, "quarter", 5),
        (Unit::Week, "week", 54),
    ] {
        let found = followed(&orders, unit, u64::MAX);
        assert_eq!(found.cohorts.len(), cohorts);
        compare(&found, name);
        let sizes: u64 = found.cohorts.iter().map(|c| c.size).sum();
        assert_eq!(sizes, 4_338);
        // The buyers' net of the ledger, to the last digit.
        let net: i64 = found.cohorts.iter().map(|c| thousandths(&c.exact_revenue)).sum();
        assert_eq!(orders.scale.exact(net), "8310477.054");
        assert_eq!(found, followed(&orders, unit, 777));
    }
    let found = followed(&orders, Unit::Month, u64::MAX);
    let december = &found.cohorts[0];
    assert_eq!((december.id.as_deref(), december.size), (Some("2010-12"), 885));
    assert_eq!(december.retention[1], Some(324.0 / 885.0));
    // December 2011 ends on the 9th: counted, and not called retention.
    assert_eq!((december.complete[12], december.retention[12]), (false, None));
    let refunds = found.notices.iter().find(|n| n.code == "cohorts-refunds").unwrap();
    let text = refunds.to_string();
    for part in ["byProduct=2931", "byOrder=523", "alone=164"] {
        assert!(text.contains(part), "{text}");
    }
}
