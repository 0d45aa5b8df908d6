//! Shops that no lifetime model can be fitted to, and options out of range: a
//! code each, never NaN, never a negative value.

use regulars::calendar::{Day, Days};
use regulars::customers::customers;
use regulars::lifetime::covariate_task::CovariateTask;
use regulars::lifetime::retention::{Cohort, residual_lifetime, retention};
use regulars::lifetime::{
    History, Lifetime, LifetimeOptions, LifetimeTask, Model, ModelChoice,
};
use regulars::orders::Orders;
use regulars::task::finish;

use crate::lifetime_data::{Law, orders, simulated_shop};

fn run(table: &Orders, as_of: i32, options: LifetimeOptions) -> Lifetime {
    let table_of = customers(table, Day(as_of));
    let mut task = LifetimeTask::new(table, &table_of, options).unwrap();
    let lifetime = finish(|budget| task.advance(budget)).unwrap();
    check(&lifetime);
    assert_eq!(lifetime.columns.clv.len(), table_of.len());
    lifetime
}

/// Nothing in a result or a column is NaN or infinite, no value is negative. Only
/// the chance of being a customer has no value where there is no model.
fn check(lifetime: &Lifetime) {
    let json = serde_json::to_value(&lifetime.result).unwrap();
    let text = json.to_string();
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    // serde_json writes null for NaN: only fields that may be null are.
    let totals = &json["totals"];
    for field in ["expectedOrders", "clv", "topDecileShare", "historic"] {
        assert!(totals[field].is_number(), "{field}: {totals}");
    }
    let columns = &lifetime.columns;
    for column in [&columns.expected_orders, &columns.order_value, &columns.clv] {
        assert!(column.iter().all(|v| v.is_finite() && *v >= 0.0), "{column:?}");
    }
    let historic = lifetime.result.model == "historic";
    for &p in &columns.p_alive {
        assert!(if historic { p.is_nan() } else { (0.0..=1.0).contains(&p) }, "{p}");
    }
}

/// The shop has too few repeat customers: the average rate goes on, and says so.
fn is_historic(lifetime: &Lifetime) {
    assert_eq!(lifetime.result.model, "historic");
    assert_eq!(lifetime.result.forecast, "historic");
    assert_eq!(lifetime.result.verdict.code, "lifetime-too-little-data");
    assert!(lifetime.result.log_likelihood.is_none());
    assert!(lifetime.fitted.is_none());
    assert!(lifetime.result.totals.mean_p_alive.is_none());
}

#[test]
fn no_orders_at_all() {
    is_historic(&run(&orders(&[]), 10, LifetimeOptions::default()));
}

#[test]
fn everything_after_the_day_of_reckoning() {
    let table = orders(&[("a", 20, 100), ("a", 25, 100)]);
    is_historic(&run(&table, 10, LifetimeOptions::default()));
}

#[test]
fn one_customer() {
    let rows: Vec<_> = (0..40).map(|i| ("a", i * 9, 1_000)).collect();
    let lifetime = run(&orders(&rows), 400, LifetimeOptions::default());
    is_historic(&lifetime);
    // 39 repeats in 400 days, a year ahead.
    let expected = 39.0 / 400.0 * 365.0;
    assert!((lifetime.columns.expected_orders[0] - expected).abs() < 1e-9);
    assert_eq!(lifetime.columns.order_value[0], 10.0);
    assert!(lifetime.columns.clv[0] > 300.0);
}

#[test]
fn one_order() {
    is_historic(&run(&orders(&[("a", 0, 100)]), 1, LifetimeOptions::default()));
}

#[test]
fn one_time_buyers_only() {
    let names: Vec<String> = (0..500).map(|i| format!("c{i}")).collect();
    let rows: Vec<_> =
        names.iter().zip(0..).map(|(n, i)| (n.as_str(), i % 90, 2_500)).collect();
    let lifetime = run(&orders(&rows), 120, LifetimeOptions::default());
    is_historic(&lifetime);
    assert_eq!(lifetime.result.repeaters, 0);
    assert_eq!(lifetime.result.totals.expected_orders, 0.0);
}

#[test]
fn all_on_one_day() {
    let names: Vec<String> = (0..50).map(|i| format!("c{}", i % 25)).collect();
    let rows: Vec<_> = names.iter().map(|n| (n.as_str(), 7, 500)).collect();
    is_historic(&run(&orders(&rows), 7, LifetimeOptions::default()));
    is_historic(&run(&orders(&rows), 8, LifetimeOptions::default()));
}

/// A simulated shop whose amounts are changed.
fn shop(amount: impl Fn(usize, i64) -> i64) -> Orders {
    let mut table =
        simulated_shop(Law::Geometric([1.0, 5.0, 0.8, 2.5], true, 1), 200, 400, 9);
    for i in 0..table.len() {
        table.gross[i] = amount(i, table.gross[i]);
    }
    table
}

#[test]
fn orders_of_nothing() {
    let lifetime = run(&shop(|_, _| 0), 400, LifetimeOptions::default());
    assert_eq!(lifetime.result.model, "mbg-nbd");
    assert!(lifetime.result.spend.is_none());
    assert_eq!(lifetime.result.totals.clv, 0.0);
    assert!(lifetime.result.totals.expected_orders > 0.0);
}

#[test]
fn some_orders_of_nothing_are_left_out_of_the_spend_model() {
    let table = shop(|i, gross| if i % 7 == 0 { 0 } else { gross });
    let lifetime = run(&table, 400, LifetimeOptions::default());
    let spend = lifetime.result.spend.unwrap();
    assert!(spend.customers > 0 && spend.customers <= lifetime.result.repeaters);
}

#[test]
fn all_orders_of_one_value() {
    let lifetime = run(&shop(|_, _| 1_999), 400, LifetimeOptions::default());
    assert!(lifetime.result.spend.is_none());
    let codes: Vec<_> = lifetime.result.notices.iter().map(|n| n.code).collect();
    assert!(codes.contains(&"spend-all-alike"), "{codes:?}");
    assert!(lifetime.columns.order_value.iter().all(|&v| (v - 19.99).abs() < 1e-9));
}

/// Values without a mean: a handful of customers spend many million times more.
#[test]
fn values_without_a_mean_fall_back_to_the_median() {
    let table = shop(|i, gross| {
        let power = (i % 13) as u32;
        gross.saturating_mul(10_i64.pow(power)).min(1_000_000_000_000_000)
    });
    let lifetime = run(&table, 400, LifetimeOptions::default());
    let spend = lifetime.result.spend.unwrap();
    assert_eq!(spend.verdict.code, "spend-no-mean");
    assert!(spend.mean_order_value.is_none());
}

#[test]
fn returns_take_their_share_and_never_make_a_value_negative() {
    let mut table = shop(|_, gross| gross);
    let plain = run(&table, 400, LifetimeOptions::default());
    for i in 0..table.len() {
        table.returns[i] = -table.gross[i] / 4;
    }
    let lifetime = run(&table, 400, LifetimeOptions::default());
    let ratio = lifetime.result.totals.clv / plain.result.totals.clv;
    assert!((ratio - 0.75).abs() < 1e-3, "{ratio}");
    for i in 0..table.len() {
        table.returns[i] = -3 * table.gross[i];
    }
    assert_eq!(run(&table, 400, LifetimeOptions::default()).result.totals.clv, 0.0);
}

#[test]
fn a_holdout_without_orders() {
    let table = shop(|_, gross| gross);
    let last = table.last_day().unwrap().0;
    let lifetime = run(
        &table,
        last + 120,
        LifetimeOptions { holdout_days: Some(100), ..LifetimeOptions::default() },
    );
    let holdout = lifetime.result.holdout.unwrap();
    assert_eq!(holdout.actual_orders, 0.0);
    assert_eq!(holdout.score.lift_top_decile, 1.0);
}

#[test]
fn a_history_too_short_to_hold_anything_out() {
    let names: Vec<String> = (0..60).map(|i| format!("c{}", i % 30)).collect();
    let rows: Vec<_> = names
        .iter()
        .zip(0..)
        .map(|(n, i)| (n.as_str(), i / 30 * 5, 500 + i64::from(i)))
        .collect();
    let lifetime = run(&orders(&rows), 12, LifetimeOptions::default());
    assert!(lifetime.result.holdout.is_none());
    let codes: Vec<_> = lifetime.result.notices.iter().map(|n| n.code).collect();
    assert!(codes.contains(&"lifetime-holdout-too-short"), "{codes:?}");
}

#[test]
fn every_model_survives_every_shop() {
    let shops = [
        shop(|_, gross| gross),
        // Everybody buys every week.
        {
            let names: Vec<String> = (0..40).map(|i| format!("c{i}")).collect();
            let rows: Vec<_> = names
                .iter()
                .flat_map(|n| {
                    (0..40).map(move |w| (n.as_str(), w * 7, 900 + i64::from(w)))
                })
                .collect();
            orders(&rows)
        },
        // Twice within the first days, then never again.
        {
            let names: Vec<String> = (0..40).map(|i| format!("c{i}")).collect();
            let rows: Vec<_> = names
                .iter()
                .flat_map(|n| [0, 2].map(|d| (n.as_str(), d, 700 + i64::from(d))))
                .collect();
            orders(&rows)
        },
    ];
    for table in &shops {
        for model in [
            ModelChoice::Auto,
            ModelChoice::BgNbd,
            ModelChoice::MbgNbd,
            ModelChoice::ParetoNbd,
            ModelChoice::MbgCnbdK,
            ModelChoice::BgBb,
            ModelChoice::Nbd,
        ] {
            let options =
                LifetimeOptions { model, period_days: 14, ..LifetimeOptions::default() };
            let lifetime = run(table, 400, options);
            if let Some(fitted) = &lifetime.fitted {
                let row = fitted.customer(table, 0, Day(400)).unwrap().unwrap();
                let text = serde_json::to_string(&row).unwrap();
                assert!(row.clv >= 0.0 && row.clv_low >= 0.0, "{model:?} {text}");
                assert!((0.0..=1.0).contains(&row.p_no_order), "{model:?} {text}");
                let path = fitted.path(table, 0, Day(400)).unwrap();
                assert!(path.p_alive.iter().all(|p| (0.0..=1.0).contains(p)));
            }
        }
    }
}

#[test]
fn impossible_histories() {
    let code =
        |x, recency, age| History::new(x, Days(recency), Days(age)).unwrap_err().code();
    assert_eq!(code(3, 300, 200), "history-recency-beyond-age");
    assert_eq!(code(3, 0, 200), "history-without-repeat");
    assert_eq!(code(0, 3, 200), "history-without-repeat");
    assert_eq!(code(1, 1, u32::MAX), "history-too-long");
}

#[test]
fn options_out_of_range() {
    let table = shop(|_, gross| gross);
    let table_of = customers(&table, Day(400));
    let code = |options: LifetimeOptions| {
        LifetimeTask::new(&table, &table_of, options).err().unwrap().code()
    };
    let fine = LifetimeOptions::default;
    assert_eq!(code(LifetimeOptions { horizon_days: 0, ..fine() }), "bad-horizon-days");
    assert_eq!(
        code(LifetimeOptions { horizon_days: 3651, ..fine() }),
        "bad-horizon-days"
    );
    for rate in [-0.1, 11.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            code(LifetimeOptions { discount_rate: rate, ..fine() }),
            "bad-discount-rate"
        );
    }
    for margin in [0.0, -1.0, 1.01, f64::NAN] {
        assert_eq!(code(LifetimeOptions { margin, ..fine() }), "bad-margin");
    }
    let long = LifetimeOptions { holdout_days: Some(4_000), ..fine() };
    assert_eq!(code(long), "bad-holdout-days");
    assert_eq!(code(LifetimeOptions { period_days: 0, ..fine() }), "bad-period-days");
    for cost in [-1.0, f64::NAN] {
        let options = LifetimeOptions { acquisition_cost: Some(cost), ..fine() };
        assert_eq!(code(options), "bad-acquisition-cost");
    }
}

#[test]
fn retention_tables_that_cannot_be() {
    let code = |left: &[f64]| Cohort::new(left.to_vec()).unwrap_err().code();
    assert_eq!(code(&[]), "retention-empty");
    assert_eq!(code(&[10.0]), "retention-empty");
    assert_eq!(code(&[0.0, 0.0]), "retention-empty");
    assert_eq!(code(&[10.0, 11.0]), "retention-rising");
    assert_eq!(code(&[10.0, f64::NAN]), "retention-negative");
    assert_eq!(code(&[10.0, -1.0]), "retention-negative");
    let error = |left: &[f64]| {
        retention(&[Cohort::new(left.to_vec()).unwrap()], 5, 0.1).unwrap_err().code()
    };
    assert_eq!(error(&[10.0, 10.0, 10.0]), "retention-no-loss");
    assert_eq!(error(&[10.0, 0.0, 0.0]), "retention-all-lost");
    assert_eq!(retention(&[], 5, 0.1).unwrap_err().code(), "retention-empty");
    assert_eq!(
        residual_lifetime(&[1.0, 2.0], 0, 0.0).unwrap_err().code(),
        "bad-discount-rate"
    );
}

#[test]
fn covariates_that_cannot_be() {
    let table = shop(|_, gross| gross);
    let table_of = customers(&table, Day(400));
    let code = |model| {
        CovariateTask::new(&table, &table_of, model, &[], Days(365).into())
            .err()
            .unwrap()
            .code()
    };
    assert_eq!(code(Model::Nbd), "covariates-not-for-model");
    assert_eq!(code(Model::MbgNbd), "covariates-none");
}
