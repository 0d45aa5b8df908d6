//! Groups of customers in words: IF-THEN rules from a shallow tree grown by
//! the Gini index (Breiman et al. 1984), over plain figures.

use crate::sort::Order;

use serde::Serialize;

/// Questions asked one after the other at most.
const DEPTH: usize = 3;

/// A rule speaks of at least this share of the customers.
const MIN_SHARE: f64 = 0.02;

/// And of at least so many.
const MIN_CUSTOMERS: usize = 25;

/// A column of figures that rules may speak of.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name, such as `recencyDays`.
    pub name: String,
    /// For a column that says whether a text has this value (1 or 0).
    pub level: Option<String>,
    /// One a row. A not-a-number counts as the lowest value.
    pub values: Vec<f64>,
}

/// One comparison of a rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// The figure, such as `recencyDays`.
    pub figure: String,
    /// `above` or `atMost`; `is` or `isNot` for a text.
    pub comparison: &'static str,
    /// What it is compared with, in the figure's unit; 0 for a text.
    pub value: f64,
    /// The text it is compared with.
    pub level: Option<String>,
}

/// All customers for whom every condition holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Joined by "and".
    pub conditions: Vec<Condition>,
    /// How many customers it speaks of.
    pub customers: u64,
    /// That number over all customers.
    pub support: f64,
    /// How many of them churned.
    pub churned: u64,
    /// `churned / customers`.
    pub rate: f64,
    /// `rate` over the rate of all.
    pub lift: f64,
}

/// The rules of a tree of three questions, highest churn rate first; together
/// they speak of every customer once.
///
/// Cost: depth x columns x rows x log rows.
pub fn rules(figures: &[Figure], churned: &[bool]) -> Vec<Rule> {
    let all: Vec<usize> = (0..churned.len()).collect();
    let smallest = ((churned.len() as f64 * MIN_SHARE) as usize).max(MIN_CUSTOMERS);
    let mut found = Vec::new();
    if !all.is_empty() {
        grow(figures, churned, all, smallest, Vec::new(), &mut found);
    }
    found.order_by(|a: &Rule, b| {
        b.rate.total_cmp(&a.rate).then(b.customers.cmp(&a.customers))
    });
    found
}

fn grow(
    figures: &[Figure],
    churned: &[bool],
    rows: Vec<usize>,
    smallest: usize,
    conditions: Vec<(usize, bool, f64)>,
    found: &mut Vec<Rule>,
) {
    let split = (conditions.len() < DEPTH)
        .then(|| best_split(figures, churned, &rows, smallest))
        .flatten();
    let Some((figure, value)) = split else {
        found.push(rule(figures, churned, &rows, &conditions));
        return;
    };
    let above = |&i: &usize| figures[figure].values[i] > value;
    let (upper, lower): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(above);
    for (side, rows) in [(true, upper), (false, lower)] {
        let mut conditions = conditions.clone();
        conditions.push((figure, side, value));
        grow(figures, churned, rows, smallest, conditions, found);
    }
}

fn rule(
    figures: &[Figure],
    churned: &[bool],
    rows: &[usize],
    conditions: &[(usize, bool, f64)],
) -> Rule {
    let churners = rows.iter().filter(|&&i| churned[i]).count();
    let all = churned.iter().filter(|&&c| c).count() as f64 / churned.len() as f64;
    let rate = churners as f64 / rows.len() as f64;
    // Of several bounds of one figure on the same side, the tightest says it all.
    let mut kept: Vec<(usize, bool, f64)> = Vec::new();
    for &(figure, above, value) in conditions {
        match kept.iter_mut().find(|k| k.0 == figure && k.1 == above) {
            Some(k) => k.2 = if above { k.2.max(value) } else { k.2.min(value) },
            None => kept.push((figure, above, value)),
        }
    }
    let conditions = kept
        .into_iter()
        .map(|(figure, above, value)| {
            let Figure { name, level, .. } = &figures[figure];
            let comparison = match (level, above) {
                (Some(_), true) => "is",
                (Some(_), false) => "isNot",
                (None, true) => "above",
                (None, false) => "atMost",
            };
            Condition { figure: name.clone(), comparison, value, level: level.clone() }
        })
        .collect();
    Rule {
        conditions,
        customers: rows.len() as u64,
        support: rows.len() as f64 / churned.len() as f64,
        churned: churners as u64,
        rate,
        lift: if all > 0.0 { rate / all } else { 0.0 },
    }
}

/// The figure and threshold that lower the Gini index most; none when no
/// question leaves enough customers on both sides and gains anything.
fn best_split(
    figures: &[Figure],
    churned: &[bool],
    rows: &[usize],
    smallest: usize,
) -> Option<(usize, f64)> {
    let n = rows.len() as f64;
    let churners = rows.iter().filter(|&&i| churned[i]).count() as f64;
    let impurity = |c: f64, n: f64| if n > 0.0 { 2.0 * c * (n - c) / n } else { 0.0 };
    let whole = impurity(churners, n);
    let mut best: Option<(f64, usize, f64)> = None;
    for (figure, Figure { values, .. }) in figures.iter().enumerate() {
        let mut sorted: Vec<(f64, bool)> =
            rows.iter().map(|&i| (lowest_if_nan(values[i]), churned[i])).collect();
        sorted.order_by(|a, b| a.0.total_cmp(&b.0));
        let (mut below, mut churners_below) = (0usize, 0.0);
        for pair in sorted.windows(2) {
            below += 1;
            churners_below += if pair[0].1 { 1.0 } else { 0.0 };
            let tied = pair[0].0 == pair[1].0;
            if tied || below < smallest || sorted.len() - below < smallest {
                continue;
            }
            let left = impurity(churners_below, below as f64);
            let right = impurity(churners - churners_below, n - below as f64);
            let gain = whole - left - right;
            if gain > 1e-9 * n && best.is_none_or(|b| gain > b.0) {
                best = Some((gain, figure, pair[0].0));
            }
        }
    }
    best.map(|(_, figure, value)| (figure, value))
}

fn lowest_if_nan(value: f64) -> f64 {
    if value.is_nan() { f64::NEG_INFINITY } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_rule_is_found() {
        let silent: Vec<f64> = (0..1000).map(|i| f64::from(i % 100)).collect();
        let noise: Vec<f64> = (0..1000).map(|i| f64::from(i * 31 % 17)).collect();
        let churned: Vec<bool> = silent.iter().map(|&s| s > 69.0).collect();
        let figure = |name: &str, values: Vec<f64>| Figure {
            name: name.to_owned(),
            level: None,
            values,
        };
        let found =
            rules(&[figure("noise", noise), figure("recencyDays", silent)], &churned);
        assert_eq!(found[0].conditions.len(), 1);
        assert_eq!(found[0].conditions[0].figure, "recencyDays");
        assert_eq!((found[0].conditions[0].value, found[0].rate), (69.0, 1.0));
        assert_eq!(found.iter().map(|r| r.customers).sum::<u64>(), 1000);
        assert!((found[0].lift - 1.0 / 0.3).abs() < 1e-12);
    }
}
