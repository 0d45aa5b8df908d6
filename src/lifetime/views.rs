//! What the page draws of a fitted model: how value is concentrated, how many
//! customers ordered how often, and who is still active by frequency and recency.

use serde::Serialize;

use super::history::Groups;
use super::timing::Timing;
use crate::calendar::{Days, Weeks};

/// Cumulative share of a total by share of customers, richest first: 101 points,
/// or none when there is nothing to share.
pub fn concentration(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let total: f64 = sorted.iter().sum();
    if total.is_nan() || total <= 0.0 {
        return Vec::new();
    }
    let (mut sum, mut taken) = (0.0, 0);
    (0..=100)
        .map(|percent| {
            // The customer at the edge is shared.
            let edge = sorted.len() as f64 * f64::from(percent) / 100.0;
            while taken < sorted.len() && (taken + 1) as f64 <= edge {
                sum += sorted[taken];
                taken += 1;
            }
            let part = (edge - taken as f64).max(0.0);
            let rest = sorted.get(taken).map_or(0.0, |v| v * part);
            ((sum + rest) / total).min(1.0)
        })
        .collect()
}

/// Customers by number of repeat orders so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frequencies {
    /// 0 to 7; the last stands for 7 and more.
    pub frequency: Vec<u32>,
    /// How many there are.
    pub actual: Vec<f64>,
    /// How many the model expects of customers as old as these.
    pub expected: Vec<f64>,
}

/// The last row of a table by frequency.
const MANY: u32 = 7;

/// Actual and expected customers by number of repeat orders.
pub fn frequencies(timing: &Timing, groups: &Groups) -> Frequencies {
    let mut ages = vec![0.0; groups.longest() as usize + 1];
    let mut table = Frequencies {
        frequency: (0..=MANY).collect(),
        actual: vec![0.0; MANY as usize + 1],
        expected: vec![0.0; MANY as usize + 1],
    };
    for k in 0..groups.len() {
        table.actual[groups.frequency[k].min(MANY) as usize] += groups.customers[k];
        ages[groups.age[k] as usize] += groups.customers[k];
    }
    for (days, &n) in ages.iter().enumerate().filter(|(_, n)| **n > 0.0) {
        let counts = timing.counts(Weeks::from(Days(days as u32)).0, MANY);
        let mut rest = n;
        for (expected, chance) in table.expected.iter_mut().zip(counts) {
            *expected += n * chance;
            rest -= n * chance;
        }
        table.expected[MANY as usize] += rest.max(0.0);
    }
    table
}

/// Chance of being a customer still, and orders to come, of customers as old as
/// the oldest, by frequency (rows) and recency (columns).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Matrix {
    /// Age of all cells, in days.
    pub age_days: u32,
    /// Repeat orders of the rows.
    pub frequency: Vec<u32>,
    /// Days from the first to the last order of the columns.
    pub recency_days: Vec<u32>,
    /// `p_alive[row][column]`; `None` where no such customer can be.
    pub p_alive: Vec<Vec<Option<f64>>>,
    /// Expected orders within the horizon.
    pub expected_orders: Vec<Vec<Option<f64>>>,
}

/// Most rows and columns, besides those of zero.
const CELLS: u32 = 20;

/// The two matrices; rows reach as far as one customer in a thousand.
pub fn matrix(timing: &Timing, groups: &Groups, horizon: f64) -> Matrix {
    let age_days = groups.longest();
    let mut beyond = groups.total() / 1_000.0;
    let last = (0..groups.len()).rev().find(|&k| {
        beyond -= groups.customers[k];
        beyond < 0.0
    });
    let most = last.map_or(1, |k| groups.frequency[k]).clamp(5, 200);
    let steps = |most: u32| {
        let count = most.clamp(1, CELLS);
        (0..=count)
            .map(move |i| (u64::from(i) * u64::from(most) / u64::from(count)) as u32)
    };
    let mut matrix = Matrix {
        age_days,
        frequency: steps(most).collect(),
        recency_days: steps(age_days).collect(),
        ..Matrix::default()
    };
    let age = Weeks::from(Days(age_days)).0;
    for &x in &matrix.frequency {
        let frequency = f64::from(x);
        let streams: Vec<f64> = (0..timing.states())
            .map(|state| timing.stream(state, frequency, age, horizon, 0.0).orders)
            .collect();
        let (mut alive_row, mut orders_row) = (Vec::new(), Vec::new());
        for &days in &matrix.recency_days {
            let possible = if x == 0 { days == 0 } else { days >= x };
            let recency = Weeks::from(Days(days)).0;
            let chances = possible.then(|| timing.chances(frequency, recency, age));
            alive_row.push(chances.as_ref().map(|c| c.iter().sum()));
            orders_row
                .push(chances.map(|c| c.iter().zip(&streams).map(|(c, s)| c * s).sum()));
        }
        matrix.p_alive.push(alive_row);
        matrix.expected_orders.push(orders_row);
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concentration_rises_from_zero_to_one() {
        let curve = concentration(&[1.0, 0.0, 3.0, 0.0]);
        assert_eq!(curve.len(), 101);
        assert_eq!((curve[0], curve[25], curve[50], curve[100]), (0.0, 0.75, 1.0, 1.0));
        assert!((curve[10] - 0.3).abs() < 1e-15);
        assert!(concentration(&[0.0, 0.0]).is_empty() && concentration(&[]).is_empty());
    }
}
