//! Lifetime models against published and high-precision figures.

#![allow(clippy::excessive_precision)]

use std::sync::Arc;

use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::lifetime::fit::FitTask;
use regulars::lifetime::timing::Timing;
use regulars::lifetime::{Histories, LifetimeOptions, LifetimeTask, Model, ModelChoice};
use regulars::task::finish;

use crate::lifetime_data::cdnow;

/// The end of the calibration period of the papers.
fn calibration_end() -> Day {
    Day::from_ymd(1997, 9, 30).unwrap()
}

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!(
        (got - expected).abs() <= tolerance * expected.abs().max(1e-300),
        "got {got}, expected {expected}"
    );
}

/// Fader, Hardie and Lee 2005; Newton at 25 digits on exact weeks.
#[test]
fn bg_nbd_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&orders, calibration_end()).unwrap().group());
    assert_eq!(groups.total(), 2_357.0);
    assert_eq!(groups.repeaters(), 946.0);
    assert_eq!(groups.len(), 1_016);
    let fit = FitTask::of(Model::BgNbd, &groups).run();
    let computed = [0.2425945224302, 4.413602019014, 0.7929220172256, 2.425906776826];
    for (value, expected) in fit.parameters.iter().zip(computed) {
        near(*value, expected, 1e-6);
    }
    near(fit.log_likelihood, -9582.4292066739, 1e-12);
    let errors = [0.012557378, 0.37822406, 0.18573382, 0.70541426];
    for (parameter, expected) in fit.named(Model::BgNbd.names()).iter().zip(errors) {
        near(parameter.standard_error.unwrap(), expected, 1e-6);
    }
    println!(
        "{} evaluations, {} of {} starts",
        fit.evaluations, fit.agreeing, fit.starts
    );
}

/// Batislam et al. 2007; Newton at 25 digits on exact weeks.
#[test]
fn mbg_nbd_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&orders, calibration_end()).unwrap().group());
    let fit = FitTask::of(Model::MbgNbd, &groups).run();
    let computed = [0.5248431591063, 6.183085279576, 0.8913593907322, 1.61400224017];
    for (value, expected) in fit.parameters.iter().zip(computed) {
        near(*value, expected, 1e-6);
    }
    near(fit.log_likelihood, -9582.1357155537, 1e-12);
}

/// Fader and Hardie, note 025: p 6.25, q 3.74, gamma 15.44.
#[test]
fn gamma_gamma_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let table = customers(&orders, calibration_end());
    let options = LifetimeOptions { model: ModelChoice::BgNbd, ..Default::default() };
    let mut task = LifetimeTask::new(&orders, &table, options).unwrap();
    let lifetime = finish(|budget| task.advance(budget)).unwrap();
    let spend = lifetime.result.spend.clone().unwrap();
    assert_eq!(spend.customers, 946);
    let computed = [6.24957226863, 3.744224667666, 15.44352097218];
    for (parameter, expected) in spend.parameters.iter().zip(computed) {
        near(parameter.value, expected, 1e-6);
    }
    near(spend.log_likelihood, -4055.9176948019, 1e-10);
    near(spend.correlation, 0.113884, 1e-4);
}

/// Exact maximum likelihood estimates on CDNOW, used as parameters below.
const BG: [f64; 4] = [0.2425945224302, 4.413602019014, 0.7929220172256, 2.425906776826];
const MBG: [f64; 4] = [0.5248431591063, 6.183085279576, 0.8913593907322, 1.61400224017];

#[test]
fn bg_nbd_worked_values() {
    let timing = Timing::new(Model::BgNbd, &BG);
    let expected = |x: f64, recency: f64, age: f64, ahead: f64| {
        timing.expected(x, recency, age, ahead, 0.0).orders
    };
    near(expected(2.0, 213.0 / 7.0, 272.0 / 7.0, 39.0), 1.22599445529, 1e-11);
    near(expected(26.0, 216.0 / 7.0, 31.0, 52.0), 25.7573369703, 1e-11);
    near(timing.p_alive(26.0, 216.0 / 7.0, 31.0), 0.968854441398, 1e-11);
    let alive = [
        (1.0, 12.0 / 7.0, 0.212391044397),
        (2.0, 213.0 / 7.0, 0.726620311662),
        (7.0, 30.0, 0.669208454148),
        (10.0, 20.0, 0.0393809669363),
    ];
    for (x, recency, p) in alive {
        near(timing.p_alive(x, recency, 272.0 / 7.0), p, 1e-11);
    }
    let rounded = Timing::new(
        Model::BgNbd,
        &[0.2425929072045, 4.413531561205, 0.7928861480988, 2.425753436494],
    );
    let new = [
        (0.1429, 0.0078160721),
        (1.0, 0.053184741),
        (3.0, 0.15063193),
        (31.8571, 1.0404943),
        (32.0, 1.0437372),
        (78.0, 1.8579718),
    ];
    for (weeks, orders) in new {
        near(rounded.new_customer(weeks), orders, 5e-8);
    }
}

/// Residual value at a continuous ln(1.1)/52 a week: no package has it.
#[test]
fn discounted_residual_orders() {
    let discount = 1.1_f64.ln() / 52.0;
    let dert = |model, parameters: &[f64]| {
        let timing = Timing::new(model, parameters);
        let (x, recency, age) = (2.0, 213.0 / 7.0, 272.0 / 7.0);
        timing.expected(x, recency, age, f64::INFINITY, discount).discounted
    };
    near(dert(Model::BgNbd, &BG), 6.3607289521982, 1e-10);
    near(dert(Model::MbgNbd, &MBG), 5.9603119797686, 1e-10);
}

#[test]
fn gamma_gamma_conditional_means() {
    let Some(orders) = cdnow() else { return };
    let table = customers(&orders, calibration_end());
    let options = LifetimeOptions {
        model: ModelChoice::BgNbd,
        holdout_days: Some(0),
        ..Default::default()
    };
    let mut task = LifetimeTask::new(&orders, &table, options).unwrap();
    let lifetime = finish(|budget| task.advance(budget)).unwrap();
    let published =
        [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    for (value, expected) in lifetime.columns.order_value.iter().zip(published) {
        assert!((value - expected).abs() < 0.01, "{value} {expected}");
    }
}

const PARETO: [f64; 4] =
    [0.5532770468529, 10.5776834633, 0.6062399891239, 11.66873528874];

/// Fader, Hardie and Lee 2005; Newton at 25 digits on exact weeks.
#[test]
fn pareto_nbd_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&orders, calibration_end()).unwrap().group());
    let fit = FitTask::of(Model::ParetoNbd, &groups).run();
    println!("{fit:?}");
    for (value, expected) in fit.parameters.iter().zip(PARETO) {
        near(*value, expected, 1e-6);
    }
    near(fit.log_likelihood, -9594.9761789395, 1e-12);
    let errors = [0.047627926, 0.84272253, 0.18728134, 6.2111136];
    for (parameter, expected) in fit.named(Model::ParetoNbd.names()).iter().zip(errors) {
        near(parameter.standard_error.unwrap(), expected, 1e-6);
    }
}

#[test]
fn pareto_nbd_worked_values() {
    let timing = Timing::new(Model::ParetoNbd, &PARETO);
    let discount = 1.1_f64.ln() / 52.0;
    let cases = [
        (2.0, 213.0 / 7.0, 272.0 / 7.0, 0.869134263613, 1.4552017016, 8.15629274721),
        (0.0, 0.0, 272.0 / 7.0, 0.29511257158, 0.107070232451, 0.600120354051),
        (26.0, 216.0 / 7.0, 31.0, 0.997873404715, 20.114820879, 107.738393296),
    ];
    for (x, recency, age, p, orders, dert) in cases {
        let alive = timing.p_alive(x, recency, age);
        near(alive, p, 1e-11);
        near(timing.expected(x, recency, age, 39.0, 0.0).orders, orders, 1e-10);
        let all = timing.expected(x, recency, age, f64::INFINITY, discount);
        near(all.discounted, dert, 1e-10);
    }
    let silent = timing.p_no_order(2.0, 213.0 / 7.0, 272.0 / 7.0, 39.0);
    near(silent, 0.40807364979713, 1e-12);
    // CLVTools issue 100: finite and between 0 and 1.
    let hard = Timing::new(Model::ParetoNbd, &[0.5143, 2.8845, 0.2856, 14.1087]);
    for (x, recency, age) in [
        (221.0, 103.42857, 103.57143),
        (254.0, 97.14286, 97.28571),
        (161.0, 94.71429, 98.0),
        (204.0, 98.57143, 99.42857),
    ] {
        assert!((0.0..=1.0).contains(&hard.p_alive(x, recency, age)));
    }
    let overflow = Timing::new(Model::ParetoNbd, &[10.465, 0.00798565181, 3.0516, 2.820]);
    for (x, recency, age) in [(400.0, 5.0, 6.0), (500.0, 1.0, 37.0), (500.0, 4.0, 37.0)] {
        assert!(overflow.log_likelihood(x, recency, age).is_finite());
        assert!(overflow.expected(x, recency, age, 52.0, 0.0).orders.is_finite());
    }
    let under = Timing::new(Model::ParetoNbd, &[0.55, 10.58, 0.61, 11.67]);
    let expected = |x| under.expected(x, 200.0, 200.0, 10.0, 0.0).orders;
    near(expected(132.0), 6.20605178896, 1e-11);
    near(expected(133.0), 6.25287224757, 1e-11);
}
