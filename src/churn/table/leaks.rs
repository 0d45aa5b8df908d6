//! Columns that follow the outcome instead of foretelling it: known only for
//! those who left, the outcome in other words, or a score made from it.

use serde::Serialize;

use super::super::metrics::auc;
use super::{Column, Values};
use crate::numerics::of_id;

/// Alone, no honest column tells churners apart this well.
const SURE: f64 = 0.95;

/// With a name that speaks of the outcome, this is enough.
const NAMED: f64 = 0.7;

/// Parts of names that speak of the outcome, lower case.
const NAMES: [&str; 9] = [
    "churn",
    "cancel",
    "attrition",
    "exited",
    "termination",
    "terminated",
    "reason",
    "流失",
    "kündig",
];

/// A column that leaks the outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leak {
    /// The column's name.
    pub column: String,
    /// How well it tells churners apart alone, out of sample.
    pub auc: f64,
    /// `only-churners` (filled for those who left), `outcome` (too good alone)
    /// or `name` (good alone, and its name speaks of the outcome).
    pub because: &'static str,
}

/// Whether a column leaks the outcome, and how well it does alone.
pub(super) fn alone(
    column: &Column,
    rows: &[usize],
    churned: &[bool],
) -> (f64, Option<&'static str>) {
    let by_value = score_alone(column, rows, churned);
    let filled: Vec<f64> =
        rows.iter().map(|&i| if is_filled(column, i) { 1.0 } else { 0.0 }).collect();
    let by_filling = strength(auc(&filled, churned));
    let name = column.name.to_lowercase();
    let named = NAMES.iter().any(|n| name.contains(n));
    let best = by_value.max(by_filling);
    let because = if by_filling >= SURE {
        Some("only-churners")
    } else if by_value >= SURE {
        Some("outcome")
    } else if named && best >= NAMED {
        Some("name")
    } else {
        None
    };
    (best, because)
}

fn strength(auc: f64) -> f64 {
    if auc.is_nan() { 0.5 } else { auc.max(1.0 - auc) }
}

fn is_filled(column: &Column, row: usize) -> bool {
    match &column.values {
        Values::Number(values) => values[row].is_finite(),
        Values::Text { of, values } => {
            values.get(of[row] as usize).is_some_and(|t| !t.trim().is_empty())
        }
    }
}

/// How well the column's value ranks the outcome; the levels of a text are
/// ranked by the rate of the other half of the rows.
fn score_alone(column: &Column, rows: &[usize], churned: &[bool]) -> f64 {
    match &column.values {
        Values::Number(values) => {
            let low = |v: f64| if v.is_finite() { v } else { f64::NEG_INFINITY };
            let scores: Vec<f64> = rows.iter().map(|&i| low(values[i])).collect();
            strength(auc(&scores, churned))
        }
        Values::Text { of, values } => {
            let half = |i: usize| (of_id(&(i as u64).to_le_bytes(), 1) % 2) as usize;
            let mut counts = vec![[[0.0f64; 2]; 2]; values.len() + 1];
            for (k, &i) in rows.iter().enumerate() {
                let level = (of[i] as usize).min(values.len());
                counts[level][half(i)][0] += if churned[k] { 1.0 } else { 0.0 };
                counts[level][half(i)][1] += 1.0;
            }
            let score = |&i: &usize| {
                let [left, n] = counts[(of[i] as usize).min(values.len())][1 - half(i)];
                (left + 0.5) / (n + 1.0)
            };
            let scores: Vec<f64> = rows.iter().map(score).collect();
            // A rank by the other half's rates never does worse than chance by
            // intent, so it is not turned around.
            let value = auc(&scores, churned);
            if value.is_nan() { 0.5 } else { value }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: usize) -> (Vec<usize>, Vec<bool>) {
        ((0..n).collect(), (0..n).map(|i| i.is_multiple_of(4)).collect())
    }

    fn numbers(name: &str, f: impl Fn(usize) -> f64, n: usize) -> Column {
        Column { name: name.to_owned(), values: Values::Number((0..n).map(f).collect()) }
    }

    #[test]
    fn leaks_are_told_from_good_columns() {
        let n = 2000;
        let (all, churned) = rows(n);
        let because = |c: &Column| alone(c, &all, &churned).1;
        let noise = |i: usize| (i * 7919 % 1000) as f64 / 1000.0;
        let outcome = numbers(
            "closing balance",
            |i| if i.is_multiple_of(4) { 0.0 } else { 1.0 + noise(i) },
            n,
        );
        assert_eq!(because(&outcome), Some("outcome"));
        let date = numbers(
            "left on",
            |i| if i.is_multiple_of(4) { noise(i) } else { f64::NAN },
            n,
        );
        assert_eq!(because(&date), Some("only-churners"));
        let score = |i: usize| noise(i) + if i.is_multiple_of(4) { 0.5 } else { 0.0 };
        assert_eq!(because(&numbers("Churn score", score, n)), Some("name"));
        assert_eq!(because(&numbers("tenure", score, n)), None);
        // A name in every row foretells nothing out of sample.
        let of = (0..n as u32).collect();
        let values = (0..n).map(|i| format!("id{i}")).collect();
        let id = Column { name: "id".to_owned(), values: Values::Text { of, values } };
        let (strength, leak) = alone(&id, &all, &churned);
        assert!(strength < 0.55 && leak.is_none());
    }
}
