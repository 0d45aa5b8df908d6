//! BG/BB against Fader, Hardie and Shang 2010 and computed figures.

#![allow(clippy::excessive_precision)]

use std::sync::Arc;

use regulars::lifetime::fit::FitTask;
use regulars::lifetime::timing::Timing;
use regulars::lifetime::{Groups, Model};

use crate::lifetime_data::shared;

/// One period is one day here, so that a period is a seventh of a week.
const MODEL: Model = Model::BgBb(1);
const WEEK: f64 = 7.0;

/// The donations of 11,104 people, by frequency, recency and periods; the paper's
/// table 2.
fn donations() -> Option<Arc<Groups>> {
    let text = shared("btyd/donations.csv")?;
    let mut rows: Vec<[u32; 4]> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<u32> =
                line.trim().split(',').map(|f| f.parse().unwrap()).collect();
            [fields[0], fields[2], fields[1], fields[3]]
        })
        .collect();
    rows.sort_unstable();
    let mut groups = Groups { orders_each: 1.0, ..Groups::default() };
    for [x, age, recency, n] in rows {
        groups.frequency.push(x);
        groups.age.push(age);
        groups.recency.push(recency);
        groups.customers.push(f64::from(n));
    }
    Some(Arc::new(groups))
}

const COMPUTED: [f64; 4] =
    [1.203522351602, 0.7497163581729, 0.6567182084418, 2.783442232577];

/// The fit of the BTYD vignette, to the digits that it prints.
const VIGNETTE: [f64; 4] = [1.203528, 0.749726, 0.6567808, 2.783796];

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!(
        (got - expected).abs() <= tolerance * expected.abs(),
        "got {got}, expected {expected}"
    );
}

/// Newton at 25 digits; published: 1.204, .750, .657, 2.783, -33225.58.
#[test]
fn donations_are_fitted() {
    let Some(groups) = donations() else { return };
    assert_eq!(groups.total(), 11_104.0);
    let fit = FitTask::of(MODEL, &groups).run();
    for (value, expected) in fit.parameters.iter().zip(COMPUTED) {
        near(*value, expected, 1e-6);
    }
    near(fit.log_likelihood, -33225.581274347, 1e-12);
    let errors = [0.069391362, 0.029447717, 0.051009859, 0.320819];
    for (parameter, expected) in fit.named(MODEL.names()).iter().zip(errors) {
        near(parameter.standard_error.unwrap(), expected, 1e-5);
    }
}

/// Hardie's spreadsheet, a cell of every history with six opportunities.
#[test]
fn every_history_has_the_likelihood_of_the_spreadsheet() {
    let timing = Timing::new(MODEL, &COMPUTED);
    let cells = [
        (6, 6, -2.18167018824),
        (5, 6, -4.29485034929),
        (4, 6, -5.38473334360),
        (3, 6, -5.80915881601),
        (2, 6, -5.65172964525),
        (1, 6, -4.88370164695),
        (5, 5, -3.71682127437),
        (4, 5, -5.09558227343),
        (3, 5, -5.61576884108),
        (2, 5, -5.50636893346),
        (1, 5, -4.76723821904),
        (4, 4, -3.84829625138),
        (3, 4, -5.05936147828),
        (2, 4, -5.19562191019),
        (1, 4, -4.57070931973),
        (3, 3, -3.52745257839),
        (2, 3, -4.51620272962),
        (1, 3, -4.22465969453),
        (2, 2, -3.01199924784),
        (1, 2, -3.58817880928),
        (1, 1, -2.28882847451),
        (0, 0, -1.16751622367),
    ];
    for (x, last, expected) in cells {
        let ln = timing.log_likelihood(f64::from(x), f64::from(last) / WEEK, 6.0 / WEEK);
        assert!((ln - expected).abs() < 1e-5, "{x} {last}: {ln} {expected}");
    }
}

/// Tables 5 and 6 of the paper and the figures of the computed fit.
#[test]
fn donations_to_come() {
    let timing = Timing::new(MODEL, &COMPUTED);
    let alive_next =
        |x: f64, last: f64| timing.p_alive_later(x, last / WEEK, 6.0 / WEEK, 1.0 / WEEK);
    near(alive_next(0.0, 0.0), 0.108133, 1e-5);
    near(alive_next(2.0, 4.0), 0.589657, 1e-5);
    near(alive_next(6.0, 6.0), 0.930434, 1e-5);
    let to_come = |x: f64, last: f64, periods: f64| {
        timing.expected(x, last / WEEK, 6.0 / WEEK, periods / WEEK, 0.0).orders
    };
    let vignette = |x: f64, last: f64| {
        let timing = Timing::new(MODEL, &VIGNETTE);
        timing.expected(x, last / WEEK, 6.0 / WEEK, 10.0 / WEEK, 0.0).orders
    };
    near(vignette(0.0, 0.0), 0.1302169, 1e-6);
    near(vignette(4.0, 5.0), 3.627858, 1e-6);
    near(Timing::new(MODEL, &VIGNETTE).new_customer(10.0 / WEEK), 3.179805, 1e-6);
    let Some(groups) = donations() else { return };
    let total: f64 = (0..groups.len())
        .map(|k| {
            let [x, last] = [groups.frequency[k], groups.recency[k]].map(f64::from);
            groups.customers[k] * to_come(x, last, 5.0)
        })
        .sum();
    near(total, 12884.15685, 1e-7);
}

/// Customers by number of donations, expected within the sample.
#[test]
fn expected_counts() {
    let timing = Timing::new(MODEL, &COMPUTED);
    let published =
        [3454.882, 1888.6544, 1348.8823, 1113.3785, 1017.9224, 1027.166, 1253.1143];
    for (chance, expected) in timing.counts(6.0 / WEEK, 6).iter().zip(published) {
        near(11_104.0 * chance, expected, 1e-6);
    }
}

/// Expected donations a year by the BTYD vignette.
#[test]
fn tracking() {
    let timing = Timing::new(MODEL, &VIGNETTE);
    let published = [
        5535.833, 4717.059, 4147.621, 3724.665, 3395.888, 3131.647, 2913.778, 2730.482,
        2573.731, 2437.854, 2318.727,
    ];
    let mut before = 0.0;
    for (year, expected) in (1..).zip(published) {
        let sum = 11_104.0 * timing.new_customer(f64::from(year) / WEEK);
        near(sum - before, expected, 1e-6);
        before = sum;
    }
}
