//! Where the published formulas overflow, cancel or divide by zero: values by
//! mpmath 1.3 at 40 digits from the integrals themselves.

#![allow(clippy::excessive_precision)]

use regulars::lifetime::Model;
use regulars::lifetime::timing::Timing;

/// Log-likelihood and chance of being active under Pareto/NBD: parameters far
/// apart, equal ones, an order on the last day, s near 0 and at 1, a ridge, the
/// histories of CLVTools issue 100 and of a test of lifetimes.
#[test]
fn pareto_nbd_is_finite_and_right_everywhere() {
    #[rustfmt::skip]
    let cases = [
        ([0.001, 10000.0, 0.5, 10000.0], 3.0, 10.0, 50.0, -33.859585229164067, 0.99799601801647419),
        ([0.5, 0.001, 0.6, 10000.0], 300.0, 10.0, 60.0, 702.94823063542095, 7.4776355323995036e-229),
        ([0.5, 10000.0, 0.6, 0.001], 300.0, 10.0, 60.0, -1358.0634881635336, 0.14137649431673592),
        ([0.7, 8.0, 0.6, 8.0], 4.0, 20.0, 30.0, -13.723331869626862, 0.68587294968105677),
        ([0.7, 8.0, 0.6, 11.0], 4.0, 30.0, 30.0, -13.95491404809779, 1.0),
        ([0.7, 8.0, 1.0, 11.0], 2.0, 5.0, 30.0, -7.0368036087763987, 0.084517773446519629),
        ([0.7, 8.0, 4.6e-10, 11.0], 2.0, 5.0, 30.0, -8.191920243083974, 0.99999999751684427),
        ([0.9, 12.0, 64.0, 7721.0], 5.0, 20.0, 90.0, -16.799580233981935, 0.011776722313402833),
        ([0.5143, 2.8845, 0.2856, 14.1087], 221.0, 103.42857, 103.57143, -61.584648561729207, 0.99959605231793814),
        ([10.465, 0.00798565181, 3.0516, 2.82], 500.0, 1.0, 37.0, 2594.4044546227567, 0.0),
        ([0.5, 2.0, 0.6, 30.0], 0.0, 0.0, 400.0, -1.4442883290615437, 0.060511804263531315),
        ([0.5, 2.0, 0.6, 0.01], 0.0, 0.0, 400.0, -0.044470246874990021, 0.00012778287201113199),
    ];
    for (parameters, x, recency, age, ln, alive) in cases {
        let timing = Timing::new(Model::ParetoNbd, &parameters);
        let found = timing.log_likelihood(x, recency, age);
        assert!((found / ln - 1.0).abs() < 1e-12, "{parameters:?} {x}: {found} {ln}");
        let found = timing.p_alive(x, recency, age);
        assert!(
            (found - alive).abs() <= 1e-11 * alive,
            "{parameters:?} {x}: {found} {alive}"
        );
    }
}

/// Discounted orders of an active BG/NBD customer: a at 1, a + b + x at 1, a + b
/// below 1, far horizons, all buyers alike, dropout chances all alike, hasty ones.
#[test]
fn orders_to_come_have_no_singularity() {
    #[rustfmt::skip]
    let cases = [
        ([0.25, 4.0, 0.8, 2.5], 200.0, 40.0, 52.0, 0.0, 169.5030248721458),
        ([0.25, 4.0, 1.0, 2.5], 2.0, 39.0, 52.0, 0.002, 1.973134714238722),
        ([0.25, 4.0, 0.4, 0.6], 0.0, 39.0, 520.0, 0.0, 1.374989513300361),
        ([0.25, 4.0, 0.4, 0.3], 0.0, 39.0, 39.0, 0.0, 0.1785171282922754),
        ([0.25, 4.0, 0.8, 2.5], 2.0, 39.0, f64::INFINITY, 0.0018, 8.882643805830497),
        ([300.0, 3000.0, 0.8, 2.5], 5.0, 39.0, 104.0, 0.002, 6.624771161416857),
        ([2.0, 0.05, 0.3, 1.0], 1.0, 0.5, 520.0, 0.002, 285.5143512008891),
        ([0.8, 5.0, 10000.0, 1000000.0], 10.0, 60.0, 52.0, 0.002, 7.841354220935678),
    ];
    for (parameters, x, age, horizon, discount, expected) in cases {
        let timing = Timing::new(Model::BgNbd, &parameters);
        let found = timing.stream(0, x, age, horizon, discount).discounted;
        assert!(
            (found / expected - 1.0).abs() < 1e-11,
            "{parameters:?} {x} {age} {horizon}: {found} {expected}"
        );
    }
}

/// One-time buyers: certain to be customers under BG/NBD, which is the model and
/// not an error, and never certain under the two others.
#[test]
fn one_time_buyers() {
    let silent = |model, p: [f64; 4]| Timing::new(model, &p).p_alive(0.0, 0.0, 50.0);
    assert_eq!(silent(Model::BgNbd, [0.24, 4.4, 0.79, 2.43]), 1.0);
    let (a, b, r, alpha): (f64, f64, f64, f64) = (0.89, 1.61, 0.52, 6.18);
    let by_hand = 1.0 / (1.0 + a / b * ((alpha + 50.0) / alpha).powf(r));
    let mbg = silent(Model::MbgNbd, [r, alpha, a, b]);
    assert!((mbg / by_hand - 1.0).abs() < 1e-14);
    assert!(silent(Model::ParetoNbd, [0.55, 10.6, 0.61, 11.7]) < 0.5);
}
