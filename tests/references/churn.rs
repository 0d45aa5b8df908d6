//! Churn against published figures.

use regulars::churn::profit::{Campaign, expected_maximum_profit, maximum_profit};

const CHURNED: [bool; 10] =
    [true, true, false, false, false, true, true, true, true, false];
const SCORES: [f64; 10] = [
    0.6125478, 0.3642710, 0.4321361, 0.1402911, 0.3848959, 0.2444155, 0.9706413,
    0.8901728, 0.7817814, 0.8687518,
];

fn near(value: f64, published: f64) {
    assert!((value - published).abs() < 1e-6, "{value} is not {published}");
}

/// The values that proflogit-python asserts (alpha 6, beta 14, value 200, offer
/// 10, contact 1), to all the digits given there.
#[test]
fn expected_maximum_profit_of_the_published_example() {
    let campaign = Campaign::default();
    let mut scores = SCORES;
    let empc = |s: &[f64]| expected_maximum_profit(s, &CHURNED, &campaign).profit;
    near(empc(&scores), 30.300_322_262_984_8);
    scores[0] = 0.287577520124614;
    near(empc(&scores), 30.300_118_234_373_7);
    scores[6] = 0.113703411305323;
    near(empc(&scores), 29.200_276_479_256_1);
}

#[test]
fn profit_of_perfect_wrong_and_tied_rankings() {
    let campaign = Campaign::default();
    let churned: Vec<bool> = (0..100).map(|i| i < 50).collect();
    let right: Vec<f64> = (0..100).map(|i| if i < 50 { 0.9 } else { 0.1 }).collect();
    let wrong: Vec<f64> = right.iter().map(|s| 1.0 - s).collect();
    let best = expected_maximum_profit(&right, &churned, &campaign);
    near(best.profit, 28.000_000_000_039_1);
    near(best.fraction, 0.499_999_999_728_095);
    for useless in [&wrong, &vec![0.5; 100]] {
        near(
            expected_maximum_profit(useless, &churned, &campaign).profit,
            22.500_791_224_445_1,
        );
        let best = maximum_profit(useless, &churned, &campaign);
        near(best.profit, 22.5);
        near(best.fraction, 1.0);
    }
    let best = maximum_profit(&right, &churned, &campaign);
    near(best.profit, 28.0);
    near(best.fraction, 0.5);
}
