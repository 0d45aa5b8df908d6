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
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.reverse();
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

/// Customers whose value lies in a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bin {
    /// The lower end, included.
    pub from: f64,
    /// The upper end, excluded; `None` for the last range, which is open.
    pub to: Option<f64>,
    /// How many customers.
    pub customers: u64,
    /// Their value.
    pub value: f64,
}

/// About so many ranges.
const BINS: f64 = 12.0;

/// Customers by value, in equal ranges of a round width that reach to where one in
/// twenty is left for the last; none when there is nothing to share.
pub fn distribution(values: &[f64]) -> Vec<Bin> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = sorted.len().saturating_sub(1) * 19 / 20;
    let Some(&edge) = sorted.get(at).filter(|v| **v > 0.0 && v.is_finite()) else {
        return Vec::new();
    };
    let power = libm::pow(10.0, libm::floor(libm::log10(edge / BINS)));
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let width = steps.into_iter().find(|w| w * BINS >= edge).unwrap_or(steps[3]);
    let last = libm::ceil(edge / width) as usize;
    let mut bins: Vec<Bin> = (0..=last)
        .map(|i| Bin {
            from: width * i as f64,
            to: (i < last).then(|| width * (i + 1) as f64),
            ..Bin::default()
        })
        .collect();
    for value in sorted {
        let bin = &mut bins[((value / width) as usize).min(last)];
        bin.customers += 1;
        bin.value += value;
    }
    bins
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
    /// Customers of any age of each cell: above the row and column before it, up to
    /// its own.
    pub customers: Vec<Vec<f64>>,
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
        matrix.customers.push(vec![0.0; matrix.recency_days.len()]);
    }
    for k in 0..groups.len() {
        let place = |steps: &[u32], of: u32| steps.partition_point(|&step| step < of);
        let column = place(&matrix.recency_days, groups.recency[k]);
        // Beyond the last row are those few of whom no cell speaks.
        if let Some(row) =
            matrix.customers.get_mut(place(&matrix.frequency, groups.frequency[k]))
        {
            row[column] += groups.customers[k];
        }
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

    #[test]
    fn ranges_are_round_and_hold_everybody() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.37).collect();
        let bins = distribution(&values);
        assert_eq!((bins[0].from, bins[0].to), (0.0, Some(50.0)));
        assert_eq!(bins.iter().map(|b| b.customers).sum::<u64>(), 1000);
        assert_eq!(bins.last().map(|b| b.to), Some(None));
        let total: f64 = bins.iter().map(|b| b.value).sum();
        assert!((total - values.iter().sum::<f64>()).abs() < 1e-6);
        assert!(distribution(&[0.0; 9]).is_empty() && distribution(&[]).is_empty());
    }
}
