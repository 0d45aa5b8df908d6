//! Columns of a table as features: numbers with hinges at their quartiles,
//! texts as one indicator a level. All statistics come from training rows only.

use super::super::logistic::Matrix;
use super::{Column, Values};
use crate::decimal::decimal;
use crate::sort::Order;

/// A level seen in fewer training rows than this share (and than 20) is rare;
/// rare levels are one.
const RARE_SHARE: f64 = 0.005;
const RARE_ROWS: usize = 20;

/// At most so many levels have an indicator of their own, the commonest.
const MOST_LEVELS: usize = 50;

/// Numbers with at most so many distinct values may bend at each.
const FEW_VALUES: usize = 12;

/// A text column with fewer different numbers than this stays one of texts.
const MANY_NUMBERS: usize = 8;

/// Whole numbers that are all different in so many rows name the rows.
const NAMED_ROWS: usize = 200;

/// How one column becomes features.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Coding {
    /// Value, hinges, and whether it is missing (the median stands in).
    Number { median: f64, knots: Vec<f64>, missing: bool },
    /// One indicator a level; rare levels share the last, and the commonest
    /// level is what all are compared with.
    Levels { indicator: Vec<u32>, width: usize },
    /// Says nothing: constant, or another value in nearly every row.
    Nothing,
}

/// No indicator: the level that all others are compared with.
const REFERENCE: u32 = u32::MAX;

impl Coding {
    /// The coding of a column by these rows.
    pub(super) fn fit(column: &Column, rows: &[usize]) -> Coding {
        match &column.values {
            Values::Number(values) => number(values, rows),
            Values::Text { of, values } => levels(of, values.len(), rows),
        }
    }

    /// How many features it gives.
    pub(super) fn width(&self) -> usize {
        match self {
            Coding::Number { knots, missing, .. } => {
                1 + knots.len() + usize::from(*missing)
            }
            Coding::Levels { width, .. } => *width,
            Coding::Nothing => 0,
        }
    }

    /// Adds the features of one row.
    fn push(&self, column: &Column, row: usize, out: &mut Vec<f64>) {
        match (self, &column.values) {
            (Coding::Number { median, knots, missing }, Values::Number(values)) => {
                let (value, gone) = match values[row] {
                    v if v.is_finite() => (v, 0.0),
                    _ => (*median, 1.0),
                };
                out.push(value);
                out.extend(knots.iter().map(|knot| (value - knot).max(0.0)));
                if *missing {
                    out.push(gone);
                }
            }
            (Coding::Levels { indicator, width }, Values::Text { of, values }) => {
                // The empty cell is a level of its own, after the others.
                let level = (of[row] as usize).min(values.len());
                let rare = (*width).saturating_sub(1) as u32;
                let at = indicator.get(level).copied().unwrap_or(rare);
                let hit = |k: usize| if k as u32 == at { 1.0 } else { 0.0 };
                out.extend((0..*width).map(hit));
            }
            _ => {}
        }
    }
}

fn number(values: &[f64], rows: &[usize]) -> Coding {
    let mut known: Vec<f64> =
        rows.iter().map(|&i| values[i]).filter(|v| v.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    let missing = known.len() < rows.len();
    if known.is_empty() || (known[0] == known[known.len() - 1] && !missing) {
        return Coding::Nothing;
    }
    let quantile = |share: f64| known[((known.len() - 1) as f64 * share) as usize];
    let (median, low, high) = (quantile(0.5), known[0], known[known.len() - 1]);
    let mut distinct = known.clone();
    distinct.dedup();
    if !missing && is_name(&known, &distinct) {
        return Coding::Nothing;
    }
    // A line that may bend at each of few values, else at some quantiles.
    let mut knots = if distinct.len() <= FEW_VALUES {
        distinct
    } else {
        [0.1, 0.25, 0.5, 0.75, 0.9].map(quantile).to_vec()
    };
    knots.retain(|&k| k > low && k < high);
    knots.dedup();
    Coding::Number { median, knots, missing }
}

/// Whether whole numbers, all different, only name the rows.
fn is_name(sorted: &[f64], distinct: &[f64]) -> bool {
    let whole = || sorted.iter().all(|v| libm::trunc(*v) == *v);
    sorted.len() >= NAMED_ROWS && distinct.len() == sorted.len() && whole()
}

fn levels(of: &[u32], values: usize, rows: &[usize]) -> Coding {
    let mut counts = vec![0usize; values + 1];
    for &i in rows {
        counts[(of[i] as usize).min(values)] += 1;
    }
    let seen = counts.iter().filter(|&&c| c > 0).count();
    if seen < 2 || (seen > MOST_LEVELS && seen * 2 > rows.len()) {
        return Coding::Nothing;
    }
    let rare =
        ((rows.len() as f64 * RARE_SHARE) as usize).max(RARE_ROWS.min(rows.len() / 10));
    let mut order: Vec<usize> = (0..counts.len()).filter(|&l| counts[l] > 0).collect();
    order.order_by_key(|&l| (std::cmp::Reverse(counts[l]), l));
    let common: Vec<usize> =
        order.iter().copied().filter(|&l| counts[l] >= rare).take(MOST_LEVELS).collect();
    if common.is_empty() {
        return Coding::Nothing;
    }
    let others = common.len() - 1;
    // Levels that are rare, or turn up only later, share the last indicator.
    let mut indicator = vec![others as u32; counts.len()];
    for (k, &level) in common.iter().enumerate() {
        indicator[level] = if k == 0 { REFERENCE } else { k as u32 - 1 };
    }
    Coding::Levels { indicator, width: others + 1 }
}

/// The features that say all there is to say without hinges, for trees.
pub(super) fn plain(codings: &[Coding]) -> Vec<usize> {
    let (mut plain, mut at) = (Vec::new(), 0);
    for coding in codings {
        let width = coding.width();
        match coding {
            Coding::Number { missing, .. } => {
                plain.push(at);
                if *missing {
                    plain.push(at + width - 1);
                }
            }
            _ => plain.extend(at..at + width),
        }
        at += width;
    }
    plain
}

/// The features of some rows.
pub(super) fn features(
    columns: &[&Column],
    codings: &[Coding],
    rows: &[usize],
) -> Matrix {
    let width = codings.iter().map(Coding::width).sum();
    let mut values = Vec::with_capacity(width * rows.len());
    for &row in rows {
        for (column, coding) in columns.iter().zip(codings) {
            coding.push(column, row, &mut values);
        }
    }
    Matrix { width, values }
}

/// A text column whose cells are numbers, blanks aside, is a column of numbers.
pub(super) fn as_numbers(column: Column) -> Column {
    let Values::Text { of, values } = &column.values else { return column };
    let parsed: Vec<Option<f64>> = values.iter().map(|t| decimal(t.trim())).collect();
    let blank = |t: &String| t.trim().is_empty();
    let odd = parsed.iter().zip(values).filter(|(p, t)| p.is_none() && !blank(t)).count();
    let numbers = parsed.iter().flatten().count();
    if numbers < MANY_NUMBERS || odd > 0 {
        return column;
    }
    let cell = |&v: &u32| parsed.get(v as usize).copied().flatten().unwrap_or(f64::NAN);
    let numbers = of.iter().map(cell).collect();
    Column { name: column.name, values: Values::Number(numbers) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cells: &[&str]) -> Column {
        let mut names: Vec<String> = Vec::new();
        let of = cells.iter().map(|c| {
            if c.is_empty() {
                return u32::MAX;
            }
            let at = names.iter().position(|n| n == c).unwrap_or_else(|| {
                names.push((*c).to_owned());
                names.len() - 1
            });
            at as u32
        });
        let of = of.collect();
        Column { name: "t".to_owned(), values: Values::Text { of, values: names } }
    }

    #[test]
    fn rare_and_unseen_levels_share_an_indicator() {
        let mut cells = vec!["a"; 60];
        cells.extend(["b"; 30]);
        cells.extend(["c", "d", ""]);
        let column = text(&cells);
        let rows: Vec<usize> = (0..91).collect();
        let coding = Coding::fit(&column, &rows);
        assert_eq!(coding.width(), 2);
        let x = features(&[&column], std::slice::from_ref(&coding), &[0, 70, 90, 91, 92]);
        let expected = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]];
        assert_eq!(x.values, expected.concat());
    }

    #[test]
    fn blanks_in_numbers_are_missing() {
        let cells = ["1", "2", "3", "4", "5", "6", "7", "8", " ", "9.5"];
        let column = as_numbers(text(&cells));
        let Values::Number(values) = &column.values else { panic!("still text") };
        assert!(values[8].is_nan() && values[9] == 9.5);
        let coding = Coding::fit(&column, &(0..10).collect::<Vec<_>>());
        let x = features(&[&column], &[coding], &[8]);
        assert_eq!((x.values[0], x.values.last()), (5.0, Some(&1.0)));
        assert!(matches!(as_numbers(text(&["1", "2", "x"])).values, Values::Text { .. }));
    }

    #[test]
    fn a_column_of_names_says_nothing() {
        let cells: Vec<String> = (0..200).map(|i| format!("id{i}")).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let rows: Vec<usize> = (0..200).collect();
        assert_eq!(Coding::fit(&text(&cells), &rows), Coding::Nothing);
    }
}
