//! Churn on real shops, judged from outside: scores as of a past day, outcomes
//! read off the raw orders after it. The peers' figures
//! are those of `benches/churn`.

use regulars::calendar::Day;
use regulars::churn::metrics::{auc, calibration, calibration_error};
use regulars::churn::{Activity, Churn, ChurnOptions, Churned, plan};
use regulars::customers::{Customers, customers};
use regulars::lifetime::{Lifetime, LifetimeOptions, LifetimeTask, ModelChoice};
use regulars::message::Message;
use regulars::orders::Orders;
use regulars::task::finish;
use regulars::winback::{Aim, Known, Place, Planning, WinbackOptions};

use crate::common;
use crate::lifetime_data::{shared, sorted_orders};
use crate::online_retail;

fn online() -> Option<Orders> {
    online_retail::records().map(|records| common::orders(&records, 3))
}

/// The CDNOW master file: 23,570 customers of one quarter.
fn cdnow() -> Option<Orders> {
    cdnow_of("cdnow/CDNOW_master.txt", 1)
}

/// A tenth of them, without a header and with a second number each.
fn cdnow_sample() -> Option<Orders> {
    cdnow_of("cdnow/CDNOW_sample.txt", 0)
}

fn cdnow_of(file: &str, headers: usize) -> Option<Orders> {
    let text = shared(file)?;
    let rows: Vec<(u32, i32, i64)> = text
        .lines()
        .skip(headers)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [id, .., date, _, dollars] = fields[..] else { return None };
            let iso = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
            let cents = (dollars.parse::<f64>().unwrap() * 100.0).round() as i64;
            Some((id.parse().unwrap(), Day::parse(&iso).unwrap().0, cents))
        })
        .collect();
    Some(sorted_orders(&rows))
}

fn lifetime(orders: &Orders, day: Day, horizon_days: u32) -> Lifetime {
    let options = LifetimeOptions {
        model: ModelChoice::MbgNbd,
        horizon_days,
        holdout_days: Some(0),
        ..LifetimeOptions::default()
    };
    let table = customers(orders, day);
    let mut task = LifetimeTask::new(orders, &table, options).unwrap();
    finish(|budget| task.advance(budget)).unwrap()
}

/// As the session does it: the lifetime model refitted at each cut-off.
fn churn(orders: &Orders, as_of: Day, window: u32) -> Churned {
    let options = ChurnOptions { window_days: Some(window), ..ChurnOptions::default() };
    let plan = plan(orders, as_of, &options).unwrap();
    let activity = plan
        .days()
        .into_iter()
        .map(|day| {
            let columns = lifetime(orders, day, window).columns;
            Some(Activity {
                p_alive: columns.p_alive,
                expected_orders: columns.expected_orders,
            })
        })
        .collect();
    let mut task = Churn::new(plan, options, activity).unwrap();
    finish(|budget| task.advance(orders, budget)).unwrap()
}

/// Who had no order within the window, from the raw orders.
fn outcomes(orders: &Orders, table: &Customers, window: u32) -> Vec<bool> {
    let (from, until) = (table.as_of.0, table.as_of.0 + window as i32);
    let stayed = |&c: &u32| {
        orders
            .of(c)
            .any(|i| orders.is_order[i] && orders.day[i] > from && orders.day[i] <= until)
    };
    table.number.iter().map(|c| !stayed(c)).collect()
}

/// Calibration error once all log-odds are moved to meet the rate of the day.
fn error_without_drift(scores: &[f64], churned: &[bool]) -> f64 {
    let rate = churned.iter().filter(|&&c| c).count() as f64 / churned.len() as f64;
    let moved = |by: f64| -> Vec<f64> {
        let odds = |p: &f64| libm::log(p / (1.0 - p)) + by;
        scores.iter().map(|p| 1.0 / (1.0 + libm::exp(-odds(p)))).collect()
    };
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        let mean = moved(middle).iter().sum::<f64>() / scores.len() as f64;
        *(if mean < rate { &mut low } else { &mut high }) = middle;
    }
    calibration_error(&calibration(&moved(low), churned))
}

/// The mean area at the last cut-offs; the calibration of each is asserted.
fn mean_area(orders: &Orders, window: u32) -> f64 {
    let last = orders.last_day().unwrap();
    let areas = [0, 30, 60, 90].map(|back| {
        let cut = last.plus(-(window as i32) - back);
        let churned = churn(orders, cut, window);
        let table = customers(orders, cut);
        let outcomes = outcomes(orders, &table, window);
        let error = error_without_drift(&churned.probability, &outcomes);
        let area = auc(&churned.probability, &outcomes);
        println!("{cut}: AUC {area:.4}, calibration error without drift {error:.4}");
        assert!(error <= 0.03, "{error} at {cut}");
        area
    });
    areas.iter().sum::<f64>() / areas.len() as f64
}

/// Peers at these four cut-offs: logistic regression .7588, boosting .7512.
#[test]
fn online_retail_at_90_days() {
    let Some(orders) = online() else { return };
    let mean = mean_area(&orders, 90);
    assert!(mean > 0.757, "{mean}");
    let full = churn(&orders, orders.last_day().unwrap(), 90);
    assert_eq!(full.result.proposed_window_days, 90);
    let m = &full.result.metrics;
    assert!(
        m.quality.auc > 0.740 && m.quality.auc > m.naive_auc + 0.05,
        "{}",
        m.quality.auc
    );
    assert!((m.base_rate - 0.430).abs() < 0.001);
    // The drift of the autumn is told apart.
    assert!(full.result.drift.points < -3.0);
    assert!(full.result.notices.iter().any(|n| n.code == "churn-drift"));
}

/// Peers at these four cut-offs: boosting .7878, logistic regression .7822.
#[test]
fn cdnow_at_180_days() {
    let Some(orders) = cdnow() else { return };
    let mean = mean_area(&orders, 180);
    assert!(mean > 0.788, "{mean}");
}

/// With everything after the day changed, nothing that the model knows changes.
#[test]
fn the_lifetime_feature_is_blind_to_the_future() {
    let Some(records) = online_retail::records() else { return };
    let cut = Day::parse("2011-06-01").unwrap();
    let mut other = records.clone();
    for (k, r) in other.iter_mut().enumerate().filter(|(_, r)| r.day > cut.0) {
        r.day += (k % 50) as i32;
        r.gross *= 2;
        r.customer = Some(format!("{}.0", 12_000 + k % 3_000));
    }
    let known = |orders: &Orders| {
        let scores = churn(orders, cut, 60).probability;
        let table = customers(orders, cut);
        let names = table.number.iter().map(|&n| orders.customers.text(n).into_owned());
        let mut all: Vec<(String, f64)> = names.zip(scores).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let (a, b) = (known(&common::orders(&records, 3)), known(&common::orders(&other, 3)));
    assert_eq!(a.len(), b.len());
    // Other customers after the day number the earlier ones anew, so that sums
    // run in another order; nothing else may differ.
    assert!(a.iter().zip(&b).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-9));
}

/// The plan at a past day against the riskiest and the richest, by what the
/// listed customers brought in the next window, at the same numbers of contacts.
/// Everyone may be asked, as by the other two lists.
fn captured(orders: &Orders, window: u32, back: i32) -> [[f64; 3]; 3] {
    let cut = orders.last_day().unwrap().plus(-(window as i32) - back);
    let churned = churn(orders, cut, window);
    let columns = lifetime(orders, cut, 365).columns;
    let table = customers(orders, cut);
    let stake: Vec<f64> = columns
        .expected_orders
        .iter()
        .zip(&columns.order_value)
        .zip(&columns.p_alive)
        .map(|((orders, value), alive)| orders * value / alive.max(0.01))
        .collect();
    let known = Known {
        value_at_stake: &stake,
        p_alive: &columns.p_alive,
        churn_probability: &churned.probability,
        segment: &|_| String::new(),
        reasons: &|_| vec![Message::new("reason-silent")],
    };
    let brought = |list: &[usize]| {
        let next = list
            .iter()
            .flat_map(|&c| orders.of(table.number[c]))
            .filter(|&i| orders.day[i] > cut.0 && orders.day[i] <= cut.0 + window as i32);
        let money: i64 = next.map(|i| orders.gross[i] + orders.returns[i]).sum();
        orders.scale.number(money)
    };
    let first = |contacts: usize, score: &dyn Fn(usize) -> f64| {
        let mut all: Vec<usize> = (0..table.len()).collect();
        all.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        all.truncate(contacts);
        brought(&all)
    };
    CONTACTS.map(|contacts| {
        let ours = planned(orders, &table, &known, contacts);
        let risk = first(contacts, &|c| churned.probability[c]);
        let riches = first(contacts, &|c| table.revenue(c) as f64);
        [brought(&ours), risk, riches]
    })
}

/// Whom the plan contacts, whose aim is the revenue to come.
fn planned(
    orders: &Orders,
    table: &Customers,
    known: &Known<'_>,
    contacts: usize,
) -> Vec<usize> {
    let options = WinbackOptions {
        budget: Some(contacts as f64),
        everyone: true,
        aim: Aim::Revenue,
        hold_out: 0.0,
        success_rate: 1.0,
        margin: 1.0,
        ..WinbackOptions::default()
    };
    let mut task = Planning::new(table.clone(), options).unwrap();
    let plan = finish(|budget| task.advance(orders, known, budget)).unwrap();
    let ours: Vec<usize> =
        (0..table.len()).filter(|&c| plan.place[c] == Place::Contact).collect();
    assert_eq!(ours.len(), contacts);
    ours
}

const CONTACTS: [usize; 3] = [100, 250, 500];

/// Sums over four cut-offs, the same as of the order of risk.
#[test]
fn the_plan_captures_more_than_risk_or_value_alone() {
    let (Some(online), Some(cdnow), Some(sample)) = (online(), cdnow(), cdnow_sample())
    else {
        return;
    };
    for (name, shop, window) in
        [("online", &online, 90), ("cdnow", &cdnow, 180), ("sample", &sample, 180)]
    {
        let days = [0, 30, 60, 90].map(|back| captured(shop, window, back));
        for (k, contacts) in CONTACTS.into_iter().enumerate() {
            let [ours, riskiest, richest] =
                [0, 1, 2].map(|list| days.iter().map(|day| day[k][list]).sum::<f64>());
            println!(
                "{name}, {contacts}: {ours:.0}, risk {riskiest:.0}, value {richest:.0}"
            );
            assert!(ours > 5.0 * riskiest, "{ours} {riskiest}");
            // On Online Retail, where a few wholesalers bring most, the richest so
            // far and the plan are within one percent.
            assert!(ours > if name == "online" { 0.985 * richest } else { richest });
        }
    }
}
