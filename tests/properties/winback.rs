//! The plan against its promises, on random shops and in a simulator whose
//! truth is known.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::{Customers, customers};
use regulars::habits::Phase;
use regulars::message::Message;
use regulars::orders::{Attribute, Orders};
use regulars::task::finish;
use regulars::winback::kinds::ChurnType;
use regulars::winback::outcome::{Campaign, outcome};
use regulars::winback::{Aim, Known, Place, Planning, Winback, WinbackOptions};

use crate::common::{Record, orders, record};

fn plan(
    orders: &Orders,
    customers: &Customers,
    stake: &[f64],
    risk: &[f64],
    options: &WinbackOptions,
) -> Winback {
    let reasons = |c: usize| vec![Message::new("reason-silent").with("days", c)];
    let known = Known {
        value_at_stake: stake,
        p_alive: risk,
        churn_probability: risk,
        segment: &|_| "lost".to_owned(),
        reasons: &reasons,
    };
    let mut task = Planning::new(customers.clone(), options.clone()).unwrap();
    finish(|_| task.advance(orders, &known, 50)).unwrap()
}

/// So many customers with one order each, on day 0.
fn base(n: usize) -> Orders {
    let list: Vec<Record> =
        (0..n).map(|c| record(&format!("c{c}"), &format!("{c}"), 0, 1000, 0)).collect();
    orders(&list, 2)
}

/// A column of the records, by customer.
fn column(orders: &mut Orders, role: &'static str, text: impl Fn(usize) -> &'static str) {
    let mut column = Attribute { role, name: role.to_owned(), ..Attribute::default() };
    column.of =
        (0..orders.len()).map(|i| column.values.intern(text(i).as_bytes())).collect();
    orders.attributes.push(column);
}

proptest! {
    #[test]
    fn the_promises_hold(
        rows in proptest::collection::vec((0.0..5000.0f64, 0.0..1.0f64), 1..120),
        cost in 0.1..40.0f64, budget in proptest::option::of(0.0..400.0f64),
        success in 0.0..1.0f64, hold_out in 0.0..0.5f64, seed: u64,
    ) {
        let orders = base(rows.len());
        let customers = customers(&orders, Day(30));
        let (stake, risk): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let options = WinbackOptions {
            cost_per_contact: cost, budget, success_rate: success, hold_out, seed,
            everyone: true,
            ..WinbackOptions::default()
        };
        let plan = plan(&orders, &customers, &stake, &risk, &options);
        let r = &plan.result;
        prop_assert!(r.cost <= budget.unwrap_or(f64::INFINITY));
        prop_assert!((r.cost - r.customers as f64 * cost).abs() < 1e-9);
        let chosen: Vec<usize> = plan.order.iter().map(|&c| c as usize).collect();
        prop_assert!(chosen.iter().all(|&c| plan.gain[c] > 0.0));
        prop_assert!(chosen.windows(2).all(|w| plan.gain[w[0]] >= plan.gain[w[1]]));
        // Nobody left out has a better gain than anybody chosen.
        let worst = chosen.last().map_or(f64::INFINITY, |&c| plan.gain[c]);
        for c in (0..plan.gain.len()).filter(|c| !chosen.contains(c)) {
            prop_assert_eq!(plan.place[c], Place::Out);
            prop_assert!(plan.gain[c] <= worst.max(0.0));
        }
        let gain: f64 = chosen.iter().filter(|&&c| plan.place[c] == Place::Contact).map(|&c| plan.gain[c]).sum();
        prop_assert!((gain - r.expected_gain).abs() < 1e-6);
        let planned: u64 = r.matrix.iter().map(|c| c.planned).sum();
        prop_assert_eq!(planned, r.customers);
        let positive = plan.gain.iter().filter(|g| **g > 0.0).count() as u64;
        prop_assert_eq!(r.customers + r.held_out + r.beyond_budget, positive);
        let held = (options.hold_out * chosen.len() as f64).round() as usize;
        let held = held.min(chosen.len().saturating_sub(1));
        prop_assert_eq!(r.held_out, held as u64);
    }
}

#[test]
fn gain_by_hand() {
    let orders = base(2);
    let customers = customers(&orders, Day(30));
    let options = WinbackOptions {
        cost_per_contact: 2.0,
        success_rate: 0.2,
        margin: 0.5,
        hold_out: 0.0,
        everyone: true,
        ..WinbackOptions::default()
    };
    // 400 x .5 x .25 x .2 - 2 = 8; 20 x .5 x .9 x .2 - 2 = -.2.
    let plan = plan(&orders, &customers, &[400.0, 20.0], &[0.25, 0.9], &options);
    assert!((plan.gain[0] - 8.0).abs() < 1e-12 && (plan.gain[1] + 0.2).abs() < 1e-12);
    assert_eq!(plan.place, [Place::Contact, Place::Out]);
    assert!((plan.result.expected_revenue - 20.0).abs() < 1e-12);
}

#[test]
fn no_consent_no_contact_and_no_fraud() {
    let mut orders = base(8);
    column(&mut orders, "consent", |i| {
        ["yes", "no", "", "TRUE", "yes", "yes", "yes", "yes"][i]
    });
    column(&mut orders, "reason", |i| {
        ["", "", "", "", "chargeback", "price too high", "late", ""][i]
    });
    column(&mut orders, "fraud", |i| ["", "", "", "", "", "no", "TRUE", "0"][i]);
    let customers = customers(&orders, Day(30));
    let options =
        WinbackOptions { hold_out: 0.0, everyone: true, ..WinbackOptions::default() };
    let plan = plan(&orders, &customers, &[1000.0; 8], &[0.5; 8], &options);
    let contacts: Vec<usize> =
        (0..8).filter(|&c| plan.place[c] == Place::Contact).collect();
    assert_eq!(contacts, [0, 3, 5, 7]);
    assert_eq!(plan.result.without_consent, 2);
    assert_eq!(plan.churn_type[4], ChurnType::Malicious);
    assert_eq!(plan.churn_type[5], ChurnType::Competitive);
    assert_eq!(plan.churn_type[6], ChurnType::Malicious);
}

#[test]
fn the_held_out_share_is_drawn_and_stays_the_same() {
    let orders = base(4000);
    let customers = customers(&orders, Day(30));
    let options = WinbackOptions {
        hold_out: 0.25,
        seed: 3,
        everyone: true,
        ..WinbackOptions::default()
    };
    let (stake, risk) = (vec![1000.0; 4000], vec![0.5; 4000]);
    let first = plan(&orders, &customers, &stake, &risk, &options);
    assert_eq!(first.result.held_out, 1000);
    assert_eq!(plan(&orders, &customers, &stake, &risk, &options).place, first.place);
    let other = WinbackOptions { seed: 4, ..options };
    assert_ne!(plan(&orders, &customers, &stake, &risk, &other).place, first.place);
}

/// Customers of known value, risk and effect of a contact: the plan recovers
/// more than the riskiest and than the most valuable at the same budget.
#[test]
fn the_plan_recovers_more_than_risk_or_value_alone() {
    let n = 5000;
    let orders = base(n);
    let customers = customers(&orders, Day(30));
    let mut state = 7u64;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    // Heavy-tailed values; the valuable stay more often.
    let stake: Vec<f64> = (0..n).map(|_| 50.0 / (next() + 0.02)).collect();
    let risk: Vec<f64> =
        stake.iter().map(|s| (next() * 60.0 / (s + 40.0)).min(0.98)).collect();
    let options = WinbackOptions {
        budget: Some(300.0),
        success_rate: 0.3,
        hold_out: 0.0,
        everyone: true,
        ..WinbackOptions::default()
    };
    let plan = plan(&orders, &customers, &stake, &risk, &options);
    // The truth: who would churn, and whom a contact would keep.
    let kept: Vec<f64> = (0..n)
        .map(|c| if next() < risk[c] && next() < 0.3 { stake[c] } else { 0.0 })
        .collect();
    let recovered = |list: &[usize]| list.iter().map(|&c| kept[c]).sum::<f64>();
    let best = |score: &[f64]| {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| score[b].total_cmp(&score[a]));
        order.truncate(300);
        order
    };
    let chosen: Vec<usize> = plan.order.iter().map(|&c| c as usize).collect();
    assert_eq!(chosen.len(), 300);
    let (ours, risky, rich) =
        (recovered(&chosen), recovered(&best(&risk)), recovered(&best(&stake)));
    assert!(ours > risky && ours > rich, "{ours} {risky} {rich}");
}

#[test]
fn the_outcome_of_a_campaign_by_hand() {
    let mut list: Vec<Record> =
        (0..8).map(|c| record(&format!("c{c}"), &format!("{c}"), 0, 1000, 0)).collect();
    // Contacted 0..4: three come back with 20 each. Held out 4..8: one with 10.
    for (c, day, gross) in
        [(0, 40, 2000), (1, 45, 2000), (2, 59, 2000), (3, 61, 9900), (5, 50, 1000)]
    {
        list.push(record(&format!("c{c}"), &format!("new{c}"), day, gross, 0));
    }
    let ids =
        |from: usize, to: usize| (from..to).map(|c| format!("c{c}")).collect::<Vec<_>>();
    let mut contacted = ids(0, 4);
    contacted.push("stranger".to_owned());
    let campaign = Campaign {
        contacted,
        held_out: ids(4, 8),
        from: Day(30),
        measure_by: Day(60),
        cost_per_contact: 1.0,
        margin: 0.5,
    };
    let orders = orders(&list, 2);
    let o = outcome(&orders, &campaign).unwrap();
    assert_eq!(
        (o.contacted.customers, o.contacted.missing, o.contacted.recovered),
        (4, 1, 3)
    );
    assert_eq!((o.held_out.rate, o.held_out.revenue), (Some(0.25), 10.0));
    assert!((o.incremental.unwrap() - 2.0).abs() < 1e-12);
    // Means 15 and 2.5; 4 x 12.5 = 50; half is profit, five contacts cost 5.
    assert!((o.incremental_revenue.unwrap() - 50.0).abs() < 1e-12);
    assert!((o.return_on_spend.unwrap() - 4.0).abs() < 1e-12);
    let early = Campaign { from: Day(100), ..campaign };
    assert_eq!(outcome(&orders, &early).unwrap_err().code(), "winback-outcome-early");
}

#[test]
fn by_default_only_those_in_the_window_of_opportunity_are_contacted() {
    // Everybody orders every six to fourteen days, most of them to the end.
    let mut list = Vec::new();
    for c in 0..80 {
        let until = if c < 60 { 300 } else { 300 - (c - 59) * 10 };
        let (mut day, mut k) = (c % 7, 0);
        while day <= until {
            list.push(record(&format!("c{c}"), &format!("{c}-{day}"), day, 1000, 0));
            day += 6 + (c * 3 + k * 5) % 9;
            k += 1;
        }
    }
    let orders = orders(&list, 2);
    let customers = customers(&orders, Day(303));
    let (stake, risk) = (vec![1000.0; customers.len()], vec![0.5; customers.len()]);
    let late = WinbackOptions { hold_out: 0.0, ..WinbackOptions::default() };
    let some = plan(&orders, &customers, &stake, &risk, &late);
    let everyone = WinbackOptions { everyone: true, ..late };
    let all = plan(&orders, &customers, &stake, &risk, &everyone);
    assert_eq!(all.result.customers, 80);
    assert!(some.result.customers > 0 && some.result.customers < 25);
    for c in 0..customers.len() {
        assert_eq!(some.place[c] == Place::Contact, some.phase[c] == Phase::Open, "{c}");
    }
}

#[test]
fn those_who_are_hardly_at_risk_are_left_alone_when_the_aim_is_to_rescue() {
    let orders = base(2);
    let customers = customers(&orders, Day(30));
    let options = WinbackOptions {
        least_risk: 1.0 / 3.0,
        hold_out: 0.0,
        everyone: true,
        ..WinbackOptions::default()
    };
    let of = |options: &WinbackOptions| {
        plan(&orders, &customers, &[100_000.0, 1000.0], &[0.02, 0.5], options).place
    };
    assert_eq!(of(&options), [Place::Out, Place::Contact]);
    let revenue = WinbackOptions { aim: Aim::Revenue, ..options.clone() };
    assert_eq!(of(&revenue), [Place::Contact, Place::Contact]);
    assert!(WinbackOptions { least_risk: 1.5, ..options }.check().is_err());
}
