//! Health stays within its scale, and silence lowers it.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::health::{Health, HealthOptions, HealthTask, Weights};
use regulars::orders::Orders;
use regulars::task::Step;

use crate::common::{Record, orders, record};

fn run(orders: &Orders, as_of: Day, options: HealthOptions, budget: u64) -> Health {
    let mut task = HealthTask::new(orders, as_of, options).unwrap();
    loop {
        if let Step::Done(health) = task.advance(orders, budget).unwrap() {
            return health;
        }
    }
}

fn shop(list: Vec<(u32, i32, i64)>) -> Vec<Record> {
    // The first record is in every past and has a product, as all files here tell them.
    let rows = std::iter::once((0, 0, 100)).chain(list).enumerate();
    rows.map(|(i, (c, day, amount))| {
        let (gross, returns) = (amount.max(0), amount.min(0));
        let mut r = record(&format!("c{c}"), &format!("{i}"), day, gross, returns);
        if i % 2 == 0 {
            r.lines = vec![(format!("p{}", i % 7), 1000, amount)];
        }
        r
    })
    .collect()
}

proptest! {
    #[test]
    fn health_is_within_its_scale_and_blind_to_the_future(
        list in proptest::collection::vec((0..15u32, 0..400i32, -900..5000i64), 1..150),
        as_of in 60..400i32, budget in 1..5000u64,
        weights in proptest::array::uniform5(0.0..10.0f64),
    ) {
        let [activity, cadence, trend, breadth, returns] = weights;
        let weights = Weights { activity, cadence, trend, breadth, returns };
        let options = HealthOptions { weights, window_days: Some(50), ..HealthOptions::default() };
        if options.check().is_err() {
            return Ok(());
        }
        let shop = shop(list);
        let all = orders(&shop, 2);
        let health = run(&all, Day(as_of), options.clone(), budget);
        prop_assert_eq!(health.health.len(), customers(&all, Day(as_of)).len());
        prop_assert!(health.health.iter().all(|h| (0.0..=100.0).contains(h)));
        prop_assert!(health.result.alerts.iter().all(|a| a.health < a.before));
        prop_assert_eq!(&run(&all, Day(as_of), options.clone(), u64::MAX), &health);
        let past: Vec<Record> = shop.iter().filter(|r| r.day <= as_of).cloned().collect();
        prop_assert_eq!(run(&orders(&past, 2), Day(as_of), options, 100).result, health.result);
    }
}

#[test]
fn the_one_who_fell_silent_leads_the_alerts() {
    let mut list = Vec::new();
    for c in 0..30u32 {
        // One stops on the eve of the earlier day, a window ago.
        let until = if c == 7 { 310 } else { 400 };
        list.extend((c as i32..until).step_by(20).map(|day| (c, day, 1000)));
    }
    let orders = orders(&shop(list), 2);
    let options = HealthOptions { window_days: Some(90), ..HealthOptions::default() };
    let health = run(&orders, Day(399), options, 50);
    let first = &health.result.alerts[0];
    assert_eq!(first.customer_id, "c7");
    assert_eq!(first.reason.code, "health-silent");
    assert!(first.before - first.health > 30.0, "{} {}", first.before, first.health);
}
