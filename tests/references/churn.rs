//! Churn against published figures.

use regulars::churn::profit::{Campaign, expected_maximum_profit, maximum_profit};
use regulars::churn::table::{Column, TableOptions, TableTask, Values};

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

/// The cells of a comma-separated file of the shared data, header first; `None`
/// (said on standard error) where the folder is absent.
fn shared(path: &str) -> Option<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let text = std::fs::read_to_string(root.join(path)).ok();
    if text.is_none() {
        eprintln!("skipped: ../shared/data is absent");
    }
    text
}

fn text_column(name: &str, cells: impl Iterator<Item = String>) -> Column {
    let mut names = regulars::names::Names::new();
    let of = cells.map(|c| names.intern(c.as_bytes())).collect();
    let values = (0..names.len() as u32).map(|n| names.text(n).into_owned()).collect();
    Column { name: name.to_owned(), values: Values::Text { of, values } }
}

/// Telco: 7,043 customers, 1,869 left; no quoted cell in the file.
fn telco() -> Option<(Vec<Column>, usize)> {
    let text = shared("telco-churn/Telco-Customer-Churn.csv")?;
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
    let column =
        |j: usize| text_column(rows[0][j], rows[1..].iter().map(|r| r[j].to_owned()));
    let columns = (0..rows[0].len()).map(column).collect();
    Some((columns, rows[0].len() - 1))
}

fn run_table(columns: Vec<Column>, label: usize) -> regulars::churn::table::TableChurn {
    let mut task = TableTask::new(columns, label, TableOptions::default()).unwrap();
    regulars::task::finish(|_| task.advance(100_000)).unwrap()
}

/// The peer is scikit-learn's logistic regression, .850 by five parts.
#[test]
fn telco_is_at_the_level_of_its_peers() {
    let Some((columns, label)) = telco() else { return };
    let churn = run_table(columns, label);
    let m = &churn.result.metrics;
    assert_eq!((m.customers, m.churned), (7_043, 1_869));
    assert!(m.quality.auc > 0.845, "{}", m.quality.auc);
    assert!(m.quality.calibration_error < 0.03, "{}", m.quality.calibration_error);
    assert!(churn.result.leaks.is_empty(), "{:?}", churn.result.leaks);
    assert_eq!(churn.result.useless, ["customerID"]);
    for row in (0..7_043).step_by(97) {
        let sum: f64 = churn.explain(row).iter().map(|c| c.log_odds).sum();
        let log_odds = churn.result.base_log_odds + sum;
        let p = 1.0 / (1.0 + libm::exp(-log_odds));
        assert!((p - churn.fitted_probability(row)).abs() < 1e-12);
    }
}

/// A reason filled in for those who left, and the outcome in other words.
#[test]
fn leaks_planted_in_telco_are_named() {
    let Some((mut columns, label)) = telco() else { return };
    let Values::Text { of, values } = columns[label].values.clone() else {
        panic!("numbers")
    };
    let left = |i: usize| values[of[i] as usize] == "Yes";
    let reason = (0..of.len())
        .map(|i| if left(i) { format!("r{}", i % 9) } else { String::new() });
    columns.push(text_column("Why", reason));
    let score =
        (0..of.len()).map(|i| (if left(i) { 80 } else { 30 } + i * 7 % 40) as f64);
    columns.push(Column {
        name: "Risk".to_owned(),
        values: Values::Number(score.collect()),
    });
    let churn = run_table(columns, label);
    let named: Vec<&str> = churn.result.leaks.iter().map(|l| l.column.as_str()).collect();
    assert_eq!(named, ["Why", "Risk"]);
    assert!(
        churn.result.metrics.quality.auc < 0.86,
        "{}",
        churn.result.metrics.quality.auc
    );
}
