//! Cohorts against a naive count, customer by customer and period by period.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::cohorts::{By, Cohorts, CohortsOptions, CohortsResult};
use regulars::customers::customers;
use regulars::periods::Unit;
use regulars::task::Step;

use crate::common::{Record, orders, record};

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..30, 0_i32..300, 0_i64..900, -300_i64..=0, 0_usize..25);
    prop::collection::vec(one, 1..120).prop_map(|rows| {
        let named = |(i, (who, day, gross, returns, country)): (
            usize,
            (u32, i32, i64, i64, usize),
        )| Record {
            country: (country > 2).then(|| format!("country {country}")),
            ..record(&format!("{who}"), &format!("o{i}"), day, gross, returns)
        };
        let mut records: Vec<Record> = rows.into_iter().enumerate().map(named).collect();
        records[0].country = Some("country 3".to_owned());
        records
    })
}

fn followed(records: &[Record], as_of: i32, by: By, budget: u64) -> CohortsResult {
    let orders = orders(records, 2);
    let customers = customers(&orders, Day(as_of));
    let options = CohortsOptions { by, unit: Unit::Month };
    let mut task = Cohorts::new(&orders, &customers, options).unwrap();
    loop {
        if let Step::Done(result) = task.advance(&orders, &customers, budget) {
            return result;
        }
    }
}

fn month(day: i32) -> i32 {
    let date = Day(day).civil();
    i32::from(date.year()) * 12 + i32::from(date.month())
}

proptest! {
    #[test]
    fn cohorts_by_month_equal_a_naive_count(records in records(), as_of in 40_i32..320) {
        let found = followed(&records, as_of, By::FirstOrder, u64::MAX);
        prop_assert_eq!(&found, &followed(&records, as_of, By::FirstOrder, 3));
        let seen: Vec<&Record> =
            records.iter().filter(|r| r.customer.is_some() && r.day <= as_of).collect();
        let mut first: BTreeMap<&str, i32> = BTreeMap::new();
        for r in seen.iter().filter(|r| r.gross > 0) {
            let day = first.entry(r.customer.as_deref().unwrap()).or_insert(r.day);
            *day = r.day.min(*day);
        }
        let mut total = 0;
        for cohort in &found.cohorts {
            let start = month(cohort.from.unwrap().0);
            let of: BTreeSet<&str> =
                first.iter().filter(|&(_, &d)| month(d) == start).map(|(&name, _)| name).collect();
            prop_assert_eq!(cohort.size as usize, of.len());
            let mut money = 0;
            for offset in 0..cohort.customers.len() {
                let in_cell = |r: &&&Record| {
                    of.contains(r.customer.as_deref().unwrap())
                        && (month(r.day) - start).max(0) == offset as i32
                };
                let here: Vec<&&Record> = seen.iter().filter(in_cell).collect();
                let buyers: BTreeSet<_> =
                    here.iter().filter(|r| r.gross > 0).map(|r| &r.customer).collect();
                prop_assert_eq!(cohort.customers[offset] as usize, buyers.len());
                let orders = here.iter().filter(|r| r.gross > 0).count();
                prop_assert_eq!(cohort.orders[offset] as usize, orders);
                let gross: i64 = here.iter().map(|r| r.gross).sum();
                prop_assert_eq!(cohort.gross[offset], gross as f64 / 100.0);
                money += here.iter().map(|r| r.gross + r.returns).sum::<i64>();
                let exposed = if cohort.complete[offset] { of.len() } else { 0 };
                prop_assert_eq!(cohort.exposed[offset] as usize, exposed);
                let rate = (exposed > 0).then(|| buyers.len() as f64 / of.len() as f64);
                prop_assert_eq!(cohort.retention[offset], rate);
            }
            prop_assert_eq!(cohort.revenue, money as f64 / 100.0);
            total += money;
        }
        // Cohorts add up to the customers' money.
        let all: i64 = seen.iter().filter(|r| first.contains_key(r.customer.as_deref().unwrap()))
            .map(|r| r.gross + r.returns).sum();
        prop_assert_eq!(total, all);
    }

    #[test]
    fn cohorts_by_country_hold_every_customer_once(records in records(), as_of in 40_i32..320) {
        let found = followed(&records, as_of, By::Country, u64::MAX);
        let months = followed(&records, as_of, By::FirstOrder, u64::MAX);
        let sizes = |r: &CohortsResult| r.cohorts.iter().map(|c| c.size).sum::<u64>();
        prop_assert_eq!(sizes(&found), sizes(&months));
        let cents = |r: &CohortsResult| {
            r.cohorts.iter().map(|c| (c.revenue * 100.0).round() as i64).sum::<i64>()
        };
        prop_assert_eq!(cents(&found), cents(&months));
        // However they are put together, all customers make the same average.
        prop_assert_eq!(&found.average.exposed, &months.average.exposed);
        prop_assert_eq!(&found.average.retention, &months.average.retention);
        let others: Vec<_> = found.cohorts.iter().filter(|c| c.others).collect();
        prop_assert!(others.len() <= 1 && found.cohorts.len() <= 17);
        let named: Vec<u64> =
            found.cohorts.iter().filter(|c| c.id.is_some()).map(|c| c.size).collect();
        prop_assert!(named.is_sorted_by(|a, b| a >= b));
        // Naive sizes by the country of the first order.
        let mut first: BTreeMap<&str, (i32, usize, &Option<String>)> = BTreeMap::new();
        for (i, r) in records.iter().enumerate().filter(|(_, r)| r.gross > 0 && r.day <= as_of) {
            let Some(name) = r.customer.as_deref() else { continue };
            let kept = first.entry(name).or_insert((r.day, i, &r.country));
            if (r.day, i) < (kept.0, kept.1) {
                *kept = (r.day, i, &r.country);
            }
        }
        for cohort in found.cohorts.iter().filter(|c| !c.others) {
            let size = first.values().filter(|kept| kept.2 == &cohort.id).count();
            prop_assert_eq!(cohort.size as usize, size, "{:?}", cohort.id);
        }
    }
}

#[test]
fn a_role_that_is_not_mapped_is_named() {
    let orders = orders(&[record("ann", "1", 3, 100, 0)], 2);
    let customers = customers(&orders, Day(4));
    let options = CohortsOptions { by: By::Product, unit: Unit::Month };
    let error = Cohorts::new(&orders, &customers, options).unwrap_err();
    assert_eq!(error.to_string(), "cohorts-needs-role role=product");
}
