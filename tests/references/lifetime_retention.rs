//! Retention curves against Fader and Hardie 2007 and 2010 and computed figures.

#![allow(clippy::excessive_precision)]

use regulars::lifetime::retention::{
    Cohort, Curve, fit, ln_survival, residual_lifetime, retention,
};

use crate::lifetime_data::shared;

/// Percent surviving years 0 to 12, table 1 of the paper.
const HIGH_END: [f64; 13] =
    [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4];
const REGULAR: [f64; 13] =
    [100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3];

fn years(survivors: &[f64], years: usize) -> Vec<Cohort> {
    vec![Cohort::new(survivors[..=years].to_vec()).unwrap()]
}

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!(
        (got - expected).abs() <= tolerance * expected.abs(),
        "got {got}, expected {expected}"
    );
}

/// Published: .668 and 3.806, .704 and 1.182; Newton at 25 digits.
#[test]
fn seven_years_of_two_cohorts() {
    let high = fit(Curve::Sbg, &years(&HIGH_END, 7));
    near(high.parameters[0], 0.6680883511064, 1e-6);
    near(high.parameters[1], 3.806094964058, 1e-6);
    near(high.log_likelihood / 100.0, -1.6111581473912, 1e-10);
    let regular = fit(Curve::Sbg, &years(&REGULAR, 7));
    near(regular.parameters[0], 0.7040772984735, 1e-6);
    near(regular.parameters[1], 1.182043026209, 1e-6);
    near(regular.log_likelihood / 100.0, -1.6802651884633, 1e-10);
    let four = fit(Curve::Sbg, &years(&HIGH_END, 4));
    // mpmath 1.3 at 30 digits.
    near(four.parameters[0], 1.280976380367425022, 1e-10);
    near(four.parameters[1], 7.790384095263860416, 1e-10);
    let forecasts = [
        (&high, [0.46044, 0.43578, 0.414172, 0.395055, 0.377999]),
        (&regular, [0.220085, 0.204411, 0.19119, 0.179865, 0.170037]),
    ];
    for (fit, survival) in forecasts {
        for (year, expected) in (8..).zip(survival) {
            near(ln_survival(&fit.parameters, f64::from(year)).exp(), expected, 3e-6);
        }
    }
}

/// The worked example of five cohorts, each a year younger.
#[test]
fn several_cohorts() {
    let first = [10_000.0, 8_000.0, 6_480.0, 5_307.0, 4_391.0];
    let cohorts: Vec<Cohort> =
        (2..=5).map(|n| Cohort::new(first[..n].to_vec()).unwrap()).collect();
    let fit = fit(Curve::Sbg, &cohorts);
    near(fit.parameters[0], 3.798128185088, 1e-6);
    near(fit.parameters[1], 15.19191792849, 1e-6);
    near(fit.log_likelihood, -40255.837280741, 1e-11);
}

/// Fader and Hardie 2010, table 3, at 10 % a period.
#[test]
fn residual_lifetimes() {
    let cases = [
        ([3.80, 15.20], [3.309818, 3.451, 3.586544, 3.716812, 3.842134]),
        ([0.067, 0.267], [7.670835, 9.455299, 9.850834, 10.05617, 10.18864]),
    ];
    for (parameters, expected) in cases {
        for (renewals, value) in (0..).zip(expected) {
            near(residual_lifetime(&parameters, renewals, 0.1).unwrap(), value, 3e-7);
        }
    }
    // What another package calls the 7th is the paper's 8th.
    let high = fit(Curve::Sbg, &years(&HIGH_END, 7));
    near(residual_lifetime(&high.parameters, 7, 0.1).unwrap(), 7.5296281, 3e-8);
}

/// The customers of the paper's two cohorts, one row each, give its estimates.
#[test]
fn cohorts_from_a_table_of_customers() {
    let Some(text) = shared("btyd/sbg_paper.csv") else { return };
    let mut renewals = Vec::new();
    for line in text.lines().skip(1).filter(|line| line.ends_with("highend")) {
        let fields: Vec<&str> = line.split(',').collect();
        let (recency, age): (u32, u32) =
            (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        // Recency counts the periods paid for; at the end of the table nobody is
        // known to have left.
        renewals.push((recency - 1, recency < age));
    }
    let cohort = Cohort::of(&renewals, 7).unwrap();
    assert_eq!(cohort.left, HIGH_END[..8].iter().map(|p| p * 10.0).collect::<Vec<_>>());
    let fit = fit(Curve::Sbg, &[cohort]);
    near(fit.parameters[0], 0.6680883511064, 1e-6);
}

/// Without a change over time the third parameter stays at one and is not worth
/// its place; with one, it is found.
#[test]
fn time_is_noticed_where_it_matters() {
    let plain = retention(&years(&REGULAR.map(|p| p * 10.0), 12), 12, 0.1).unwrap();
    assert_eq!(plain.model, "sbg");
    let left: Vec<f64> = (0..13)
        .map(|t| 1e5 * ln_survival(&[0.7, 2.0, 1.6], f64::from(t)).exp())
        .collect();
    let bent = retention(&[Cohort::new(left).unwrap()], 12, 0.1).unwrap();
    assert_eq!(bent.model, "bdw");
    for (parameter, truth) in bent.parameters.iter().zip([0.7, 2.0, 1.6]) {
        near(parameter.value, truth, 1e-3);
    }
}
