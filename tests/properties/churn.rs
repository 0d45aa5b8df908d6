//! Nothing after a cut-off is seen there, and slices change nothing.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::churn::definition::plan;
use regulars::churn::features::{self, WIDTH};
use regulars::churn::{Churn, ChurnOptions, Churned};
use regulars::customers::customers;
use regulars::habits::{Gaps, Setting, facts};
use regulars::orders::Orders;
use regulars::task::Step;

use crate::common::{Record, orders, record};

/// A record of a small shop with lines: customer 0..12, day 0..400.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0..12u32, 0..400i32, -2..30i64, 0..6u32);
    proptest::collection::vec(one, 20..200).prop_map(|list| {
        let rows = list.into_iter().enumerate();
        rows.map(|(i, (c, day, amount, product))| {
            let amount = amount * 100;
            let (gross, returns) = (amount.max(0), amount.min(0));
            let mut r = record(&format!("c{c}"), &format!("{i}"), day, gross, returns);
            r.lines = vec![(format!("p{product}"), 1000, amount)];
            r
        })
        .collect()
    })
}

/// The features of everyone known at a day, by the customer's name.
fn described(orders: &Orders, day: Day) -> Vec<(Vec<u8>, [f64; WIDTH])> {
    let table = customers(orders, day);
    let setting = Setting::new(orders, &table, 60);
    let mut scratch = Vec::new();
    let mut rows: Vec<_> = table
        .number
        .iter()
        .map(|&number| {
            let mut row = [0.0; WIDTH];
            let facts = facts(orders, number, &setting, &mut scratch);
            features::row(&facts, None, &setting, &mut row);
            (orders.customers.bytes(number).to_vec(), row)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

proptest! {
    /// Everything after the cut-off is moved, multiplied, turned into returns
    /// and given to other people; not one bit of a feature changes.
    #[test]
    fn the_future_changes_no_feature(
        shop in records(), cut in 50..350i32, days in 1..500i32, turn in 0..12u32, flip: bool,
    ) {
        let mut other = shop.clone();
        for r in other.iter_mut().filter(|r| r.day > cut) {
            r.day = cut + 1 + (r.day * 7 + days) % 500;
            let (gross, returns) = (r.gross, r.returns);
            r.gross = if flip { -returns } else { gross * 3 };
            r.returns = if flip { -gross } else { returns * 3 };
            r.customer = Some(format!("c{}", (r.day as u32 + turn) % 15));
            r.lines = vec![(format!("q{turn}"), 1000, r.gross + r.returns)];
        }
        other.push(record("new", "n", cut + 3, 500, 0));
        let (a, b) = (orders(&shop, 2), orders(&other, 2));
        prop_assert_eq!(described(&a, Day(cut)), described(&b, Day(cut)));
        prop_assert_eq!(Gaps::of(&a, Day(cut)), Gaps::of(&b, Day(cut)));
        let options = ChurnOptions::default();
        prop_assert_eq!(plan(&a, Day(cut), &options).ok(), plan(&b, Day(cut), &options).ok());
    }

    /// No cut-off whose window is not over, no customer born after one.
    #[test]
    fn every_label_is_known(shop in records(), as_of in 60..450i32, window in 1..120u32) {
        let orders = orders(&shop, 2);
        let options = ChurnOptions { window_days: Some(window), ..ChurnOptions::default() };
        let Ok(plan) = plan(&orders, Day(as_of), &options) else { return Ok(()) };
        for &cut in &plan.cut_offs {
            prop_assert!(cut.plus(window as i32) <= plan.last_label_day);
            prop_assert!(plan.last_label_day <= Day(as_of));
            prop_assert!(customers(&orders, cut).first_day.iter().all(|&d| d <= cut.0));
        }
        prop_assert!(plan.cut_offs.is_sorted());
        for &cut in &plan.cut_offs[..plan.before_held_out()] {
            prop_assert!(cut.plus(window as i32) <= plan.held_out().unwrap());
        }
    }
}

/// Two hundred customers, of whom every third stops half way.
fn shop() -> Vec<Record> {
    let mut shop = Vec::new();
    for c in 0..200i32 {
        let gap = 10 + c * 7 % 40;
        let until = if c % 3 == 0 { 150 + c } else { 520 };
        let days = (c * 13 % 90..until).step_by(gap as usize);
        shop.extend(days.enumerate().map(|(k, day)| {
            let late = (c * 31 + k as i32 * 17) % 9;
            record(
                &format!("c{c}"),
                &format!("{c}-{k}"),
                day + late,
                1000 + 37 * i64::from(c),
                0,
            )
        }));
    }
    shop
}

fn run(orders: &Orders, as_of: Day, budget: u64) -> Churned {
    let options = ChurnOptions { window_days: Some(60), ..ChurnOptions::default() };
    let plan = plan(orders, as_of, &options).unwrap();
    let activity = plan.days().iter().map(|_| None).collect();
    let mut task = Churn::new(plan, options, activity).unwrap();
    loop {
        if let Step::Done(churned) = task.advance(orders, budget).unwrap() {
            return churned;
        }
    }
}

#[test]
fn slices_and_later_orders_change_no_score() {
    let shop = shop();
    let all = orders(&shop, 2);
    let whole = run(&all, Day(400), u64::MAX);
    let sliced = run(&all, Day(400), 1);
    assert_eq!(whole.probability, sliced.probability);
    assert_eq!(whole.result, sliced.result);
    let past: Vec<Record> = shop.iter().filter(|r| r.day <= 400).cloned().collect();
    assert_eq!(run(&orders(&past, 2), Day(400), u64::MAX).probability, whole.probability);
    assert!(
        whole.result.metrics.quality.auc > 0.8,
        "{}",
        whole.result.metrics.quality.auc
    );
}

#[test]
fn the_order_of_the_file_changes_no_score() {
    let mut shop = shop();
    let by_name = |orders: &Orders| {
        let scores = run(orders, Day(400), u64::MAX).probability;
        let table = customers(orders, Day(400));
        let names = table.number.iter().map(|&n| orders.customers.bytes(n).to_vec());
        let mut all: Vec<(Vec<u8>, f64)> = names.zip(scores).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let before = by_name(&orders(&shop, 2));
    shop.reverse();
    let after = by_name(&orders(&shop, 2));
    for (a, b) in before.iter().zip(&after) {
        assert_eq!(a.0, b.0);
        // Sums run in another order, so only the last digits may differ.
        assert!((a.1 - b.1).abs() < 1e-9, "{} {}", a.1, b.1);
    }
}

#[test]
fn an_explanation_adds_up_to_the_probability() {
    let orders = orders(&shop(), 2);
    let churned = run(&orders, Day(400), u64::MAX);
    let setting = churned.setting(&orders);
    let table = customers(&orders, Day(400));
    for (i, &number) in table.number.iter().enumerate() {
        let why = churned.explain(&orders, number, None, &setting);
        let sum: f64 = why.contributions.iter().map(|c| c.log_odds).sum();
        let p = 1.0 / (1.0 + libm::exp(-(why.base_log_odds + sum)));
        assert!((p - churned.probability[i]).abs() < 1e-12);
        assert_eq!(why.churn_probability, churned.probability[i]);
    }
}

/// Two orders a day from February to April 2011, and less from the first of May.
#[test]
fn a_month_that_is_not_all_in_is_told() {
    let from = Day::parse("2011-02-01").unwrap().0;
    let may = Day::parse("2011-05-01").unwrap().0;
    let shop = |until: i32, every: usize| {
        let days = (from..may).flat_map(|day| [day, day]);
        let days = days.chain((may..until).step_by(every)).chain([until - 1]);
        let rows: Vec<Record> = days
            .enumerate()
            .map(|(i, day)| record(&format!("c{}", i % 50), &format!("{i}"), day, 100, 0))
            .collect();
        orders(&rows, 2)
    };
    let told = |shop: &Orders| {
        let plan = plan(shop, shop.last_day().unwrap(), &ChurnOptions::default());
        plan.unwrap().notices.iter().any(|n| n.code == "churn-trap-month-thin")
    };
    assert!(told(&shop(may + 15, 2)));
    // Half of the rate and more is a season; five days are no week; a month
    // that is over is what it is.
    assert!(!told(&shop(may + 15, 1)));
    assert!(!told(&shop(may + 5, 2)));
    assert!(!told(&shop(may + 31, 2)));
}
