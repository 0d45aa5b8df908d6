//! What lifetime models keep for every parameter, history and shop.

use proptest::prelude::*;
use regulars::calendar::{Day, Days};
use regulars::customers::customers;
use regulars::lifetime::hypergeometric::hyp2f1_at_minus;
use regulars::lifetime::timing::Timing;
use regulars::lifetime::{
    Histories, History, Labels, LifetimeOptions, LifetimeTask, Model, ModelChoice, equity,
};
use regulars::orders::Orders;
use regulars::task::{Step, finish};

use crate::lifetime_data::{Law, simulated_shop};

/// Any model with parameters from hair-thin to huge.
fn timings() -> impl Strategy<Value = Timing> {
    let model = prop_oneof![
        Just(Model::Nbd),
        Just(Model::BgNbd),
        Just(Model::MbgNbd),
        Just(Model::ParetoNbd),
        Just(Model::BgBb(28)),
        Just(Model::MbgCnbdK(2)),
        Just(Model::MbgCnbdK(5)),
    ];
    (model, prop::array::uniform4(-4.0..5.0_f64))
        .prop_map(|(model, ln)| Timing::new(model, &ln.map(f64::exp)))
}

/// Any history of up to twelve years.
fn any_history() -> impl Strategy<Value = (f64, f64, f64)> {
    (0_u32..400, 0.0..1.0_f64, 1_u32..4_000).prop_map(|(x, share, age)| {
        let x = x.min(age);
        let recency = if x == 0 { 0 } else { x + ((age - x) as f64 * share) as u32 };
        (f64::from(x), f64::from(recency) / 7.0, f64::from(age) / 7.0)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Chances are chances, orders are finite and not negative, a longer horizon
    /// brings no fewer, a discount no more.
    #[test]
    fn predictions_are_possible(
        timing in timings(),
        (x, recency, age) in any_history(),
        horizon in 0.5..200.0_f64,
    ) {
        let alive = timing.p_alive(x, recency, age);
        prop_assert!((0.0..=1.0).contains(&alive), "{alive}");
        let later = timing.p_alive_later(x, recency, age, horizon);
        prop_assert!((0.0..=alive * (1.0 + 1e-9)).contains(&later), "{later} {alive}");
        let silent = timing.p_no_order(x, recency, age, horizon);
        prop_assert!((0.0..=1.0).contains(&silent), "{silent}");
        let near = timing.expected(x, recency, age, horizon, 0.002);
        let far = timing.expected(x, recency, age, 1.5 * horizon, 0.002);
        prop_assert!(near.orders.is_finite() && near.orders >= 0.0);
        prop_assert!(far.orders >= near.orders * (1.0 - 1e-9), "{near:?} {far:?}");
        prop_assert!(near.discounted <= near.orders * (1.0 + 1e-9), "{near:?}");
        prop_assert!(near.discounted >= near.orders * libm::exp(-0.002 * horizon) * (1.0 - 1e-9));
        // Markov: a chance of some order is at most the expected number.
        prop_assert!(1.0 - silent <= near.orders + 1e-9, "{silent} {near:?}");
    }

    /// Silence makes it less likely that the customer is still there.
    #[test]
    fn silence_never_reassures(
        timing in timings(),
        (x, recency, age) in any_history(),
        more in 0.1..100.0_f64,
    ) {
        let now = timing.p_alive(x, recency, age);
        let then = timing.p_alive(x, recency, age + more);
        prop_assert!(then <= now + 1e-12, "{now} {then}");
    }

    /// Chances of numbers of orders are chances and add up to at most one.
    #[test]
    fn counts_are_chances(timing in timings(), weeks in 0.2..300.0_f64) {
        let counts = timing.counts(weeks, 30);
        prop_assert!(counts.iter().all(|p| (-1e-12..=1.0 + 1e-9).contains(p)), "{counts:?}");
        prop_assert!(counts.iter().sum::<f64>() <= 1.0 + 1e-8, "{}", counts.iter().sum::<f64>());
    }

    /// A mean of numbers between 0 and 1 lies there, and falls as they do.
    #[test]
    fn hypergeometric_means(
        w in 0.0..1e6_f64,
        a in 1e-3..500.0_f64,
        b in 1e-3..1e5_f64,
        rest in 1e-3..1e5_f64,
    ) {
        let value = hyp2f1_at_minus(w, a, b, b + rest);
        prop_assert!((0.0..=1.0).contains(&value), "{value}");
        let smaller = hyp2f1_at_minus(1.5 * w, a, b, b + rest);
        prop_assert!(smaller <= value * (1.0 + 1e-10), "{value} {smaller}");
        // Jensen: the mean of a convex function is at least that of the mean.
        let least = libm::exp(-a * libm::log1p(w * b / (b + rest)));
        prop_assert!(value >= least * (1.0 - 1e-9), "{value} {least}");
    }

    /// Groups hold every customer, each with the own history.
    #[test]
    fn groups_hold_everyone(rows in prop::collection::vec((0_u32..5, 0_u32..9, 0_u32..9), 0..60)) {
        let mut histories = Histories::default();
        for (x, recency, more) in rows {
            let recency = if x == 0 { 0 } else { recency + 1 };
            let history = History::new(x, Days(recency), Days(recency + more)).unwrap();
            histories.push(history);
        }
        let groups = histories.group();
        prop_assert_eq!(groups.total(), histories.len() as f64);
        for customer in 0..histories.len() {
            let group = groups.of[customer] as usize;
            prop_assert_eq!(groups.history(group), histories.get(customer));
        }
    }
}

fn shop(seed: u64) -> Orders {
    simulated_shop(Law::Geometric([1.0, 5.0, 0.8, 2.5], true, 1), 150, 400, seed)
}

fn run(
    orders: &Orders,
    options: &LifetimeOptions,
    budget: Option<u64>,
) -> (String, Vec<Vec<u64>>) {
    let table = customers(orders, Day(390));
    let mut task = LifetimeTask::new(orders, &table, options.clone()).unwrap();
    let lifetime = match budget {
        None => finish(|budget| task.advance(budget)).unwrap(),
        Some(budget) => loop {
            if let Step::Done(lifetime) = task.advance(budget).unwrap() {
                break lifetime;
            }
        },
    };
    let columns = &lifetime.columns;
    let bits =
        [&columns.p_alive, &columns.expected_orders, &columns.order_value, &columns.clv]
            .map(|column| column.iter().map(|v| v.to_bits()).collect());
    (serde_json::to_string(&lifetime.result).unwrap(), bits.to_vec())
}

/// The same bits for every way of slicing the work.
#[test]
fn results_do_not_depend_on_budgets() {
    let orders = shop(1);
    let options = LifetimeOptions::default();
    let whole = run(&orders, &options, None);
    for budget in [1, 777, 50_000] {
        assert!(run(&orders, &options, Some(budget)) == whole, "budget {budget}");
    }
}

/// Renumbering the customers permutes the columns and changes nothing else.
#[test]
fn fits_do_not_depend_on_the_order_of_customers() {
    let orders = shop(2);
    let n = orders.customers.len() as u32;
    let mut turned = Orders { scale: orders.scale, start: vec![0], ..Orders::default() };
    for customer in (0..n).rev() {
        turned.customers.intern(orders.customers.bytes(customer));
        for i in orders.of(customer) {
            turned.day.push(orders.day[i]);
            turned.second.push(orders.second[i]);
            turned.is_order.push(orders.is_order[i]);
            turned.gross.push(orders.gross[i]);
            turned.returns.push(orders.returns[i]);
            turned.row.push(orders.row[i]);
        }
        turned.start.push(turned.day.len() as u32);
    }
    turned.start.push(turned.day.len() as u32);
    let options =
        LifetimeOptions { model: ModelChoice::ParetoNbd, ..LifetimeOptions::default() };
    let one = customers(&orders, Day(390));
    let other = customers(&turned, Day(390));
    let lifetime = |orders: &Orders, table| {
        let mut task = LifetimeTask::new(orders, table, options.clone()).unwrap();
        finish(|budget| task.advance(budget)).unwrap()
    };
    let (a, b) = (lifetime(&orders, &one), lifetime(&turned, &other));
    assert_eq!(a.result.parameters, b.result.parameters);
    assert_eq!(a.result.log_likelihood, b.result.log_likelihood);
    assert_eq!(
        a.result.spend.as_ref().map(|s| &s.parameters),
        b.result.spend.as_ref().map(|s| &s.parameters)
    );
    let reversed: Vec<f64> = b.columns.clv.iter().rev().copied().collect();
    assert_eq!(a.columns.clv, reversed);
}

/// Value scales with the money and with the margin; orders do not.
#[test]
fn values_scale_with_money_and_margin() {
    let orders = shop(3);
    let mut dear = orders.clone();
    dear.gross.iter_mut().for_each(|g| *g *= 8);
    let table = customers(&orders, Day(390));
    let options =
        LifetimeOptions { model: ModelChoice::MbgNbd, ..LifetimeOptions::default() };
    let totals = |orders: &Orders, options: LifetimeOptions| {
        let table = customers(orders, Day(390));
        let mut task = LifetimeTask::new(orders, &table, options).unwrap();
        finish(|budget| task.advance(budget)).unwrap().result.totals
    };
    let one = totals(&orders, options.clone());
    let eight = totals(&dear, options.clone());
    let half = totals(&orders, LifetimeOptions { margin: 0.5, ..options });
    assert!((eight.clv / one.clv / 8.0 - 1.0).abs() < 1e-7);
    assert!((half.clv / one.clv - 0.5).abs() < 1e-12);
    assert_eq!(half.expected_orders, one.expected_orders);
    assert!(!table.is_empty());
}

/// Parts add up to the whole, for any partition of the customers.
#[test]
fn equity_adds_up() {
    let orders = shop(4);
    let table = customers(&orders, Day(390));
    let mut task =
        LifetimeTask::new(&orders, &table, LifetimeOptions::default()).unwrap();
    let lifetime = finish(|budget| task.advance(budget)).unwrap();
    let rows = equity(&Labels::cohorts(&table), &orders, &table, &lifetime.columns);
    assert!(rows.len() > 3);
    let totals = &lifetime.result.totals;
    let sum = |f: fn(&regulars::lifetime::Equity) -> f64| rows.iter().map(f).sum::<f64>();
    assert!((sum(|r| r.future) / totals.clv - 1.0).abs() < 1e-12);
    assert!((sum(|r| r.historic) / totals.historic - 1.0).abs() < 1e-12);
    assert!((sum(|r| r.share) - 1.0).abs() < 1e-12);
    assert_eq!(rows.iter().map(|r| r.customers).sum::<u64>(), table.len() as u64);
    // First months in the order of the calendar.
    let labels: Vec<_> = rows.iter().map(|r| r.label.clone()).collect();
    assert!(labels.is_sorted());
}
