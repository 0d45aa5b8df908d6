//! Judging forecasts on days that the models have not seen: errors, Poisson
//! deviance, means by frequency, beside the naive forecast.

use serde::Serialize;

use super::history::Groups;
use crate::calendar::Day;
use crate::orders::Orders;
use crate::sort::falling;

/// Order days of every customer known at a cut-off, after and before it.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// The last day that the models see.
    pub cut_off: Day,
    /// Days in the window, (cut_off, cut_off + days].
    pub days: u32,
    /// Order days in the window, aligned with the histories at the cut-off.
    pub actual: Vec<u32>,
    /// Order days in the equal window that ends at the cut-off, the first order
    /// of a customer included.
    pub before: Vec<u32>,
}

impl Window {
    /// Counts order days around a cut-off of the customers whose number `keep`
    /// lets through.
    pub fn of(
        orders: &Orders,
        cut_off: Day,
        days: u32,
        keep: impl Fn(u32) -> bool,
    ) -> Window {
        let mut window = Window { cut_off, days, ..Window::default() };
        let length = i32::try_from(days).unwrap_or(i32::MAX);
        let (from, to) = (cut_off.plus(-length), cut_off.plus(length));
        for customer in (0..orders.customers.len() as u32).filter(|&c| keep(c)) {
            let (mut known, mut last) = (false, i32::MIN);
            let (mut before, mut after) = (0, 0);
            for i in orders.of(customer) {
                let day = orders.day[i];
                if !orders.is_order[i] || day == last {
                    continue;
                }
                last = day;
                if day <= cut_off.0 {
                    known = true;
                    before += u32::from(day > from.0);
                } else if day <= to.0 {
                    after += 1;
                }
            }
            if known {
                window.actual.push(after);
                window.before.push(before);
            }
        }
        window
    }
}

/// How well one forecast did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Sum of the forecast over customers.
    pub expected_orders: f64,
    /// Mean absolute error a customer.
    pub mae: f64,
    /// Root of the mean squared error a customer.
    pub rmse: f64,
    /// Mean forecast minus mean actual orders a customer.
    pub bias: f64,
    /// Mean Poisson deviance a customer.
    pub deviance: f64,
    /// Orders of the tenth of customers with the highest forecast, against the
    /// mean of all; 1 is chance.
    pub lift_top_decile: f64,
}

/// No forecast is taken to be below this many orders when the deviance is
/// computed: a naive zero would otherwise be infinitely wrong once.
pub const LEAST_FORECAST: f64 = 1e-3;

/// The Poisson deviance of one customer.
pub fn poisson_deviance(actual: f64, forecast: f64) -> f64 {
    let mean = forecast.max(LEAST_FORECAST);
    let log = if actual > 0.0 { actual * libm::log(actual / mean) } else { 0.0 };
    2.0 * (log - (actual - mean))
}

/// Scores a forecast, one entry a customer.
pub fn score(actual: &[u32], forecast: &[f64]) -> Score {
    let n = actual.len().max(1) as f64;
    let mut score = Score::default();
    let mut total = 0.0;
    for (&y, &mu) in actual.iter().zip(forecast) {
        let y = f64::from(y);
        total += y;
        score.expected_orders += mu;
        score.mae += (y - mu).abs();
        score.rmse += (y - mu) * (y - mu);
        score.deviance += poisson_deviance(y, mu);
    }
    score.mae /= n;
    score.rmse = libm::sqrt(score.rmse / n);
    score.deviance /= n;
    score.bias = (score.expected_orders - total) / n;
    score.lift_top_decile = top_decile_lift(actual, forecast);
    score
}

/// Actual orders of the best tenth by forecast against the mean. Customers with
/// equal forecasts at the edge share their orders.
fn top_decile_lift(actual: &[u32], forecast: &[f64]) -> f64 {
    let order = falling(&forecast[..actual.len()]);
    let total: f64 = actual.iter().map(|&y| f64::from(y)).sum();
    let top = actual.len() as f64 / 10.0;
    if total == 0.0 || top == 0.0 {
        return 1.0;
    }
    let (mut sum, mut taken, mut from) = (0.0, 0.0, 0);
    while from < order.len() && taken < top {
        let edge = forecast[order[from] as usize];
        let same = |&i: &u32| forecast[i as usize].total_cmp(&edge).is_eq();
        let to = from + order[from..].partition_point(same);
        let tied: f64 =
            order[from..to].iter().map(|&i| f64::from(actual[i as usize])).sum();
        let count = (to - from) as f64;
        let share = ((top - taken) / count).min(1.0);
        sum += share * tied;
        taken += share * count;
        from = to;
    }
    (sum / top) / (total / actual.len() as f64)
}

/// Mean actual and expected orders by calibration frequency.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ByFrequency {
    /// 0 to 7; the last stands for 7 and more.
    pub frequency: Vec<u32>,
    /// Customers with that frequency.
    pub customers: Vec<u64>,
    /// Their mean orders in the window.
    pub actual: Vec<f64>,
    /// Their mean forecast.
    pub expected: Vec<f64>,
}

/// The table by frequency; frequencies without customers are left out.
pub fn by_frequency(groups: &Groups, actual: &[u32], forecast: &[f64]) -> ByFrequency {
    let mut sums = [(0_u64, 0.0, 0.0); 8];
    for (customer, &group) in groups.of.iter().enumerate() {
        let row = &mut sums[groups.frequency[group as usize].min(7) as usize];
        row.0 += 1;
        row.1 += f64::from(actual[customer]);
        row.2 += forecast[customer];
    }
    let mut table = ByFrequency::default();
    for (x, (n, actual, expected)) in
        sums.into_iter().enumerate().filter(|(_, s)| s.0 > 0)
    {
        table.frequency.push(x as u32);
        table.customers.push(n);
        table.actual.push(actual / n as f64);
        table.expected.push(expected / n as f64);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_a_small_table() {
        let score = score(&[0, 1, 3, 0], &[0.5, 1.0, 2.0, 0.5]);
        assert_eq!(score.expected_orders, 4.0);
        assert_eq!(score.mae, 0.5);
        assert_eq!(score.bias, 0.0);
        assert!((score.rmse - 0.375_f64.sqrt()).abs() < 1e-15);
        let by_hand = 2.0 * (0.5 + 0.0 + (3.0 * (1.5_f64).ln() - 1.0) + 0.5) / 4.0;
        assert!((score.deviance - by_hand).abs() < 1e-15);
    }

    #[test]
    fn equal_forecasts_give_no_lift() {
        let actual: Vec<u32> = (0..50).map(|i| i % 3).collect();
        assert!((top_decile_lift(&actual, &[1.0; 50]) - 1.0).abs() < 1e-12);
        let best: Vec<f64> = actual.iter().map(|&y| f64::from(y)).collect();
        assert!((top_decile_lift(&actual, &best) - 2.0 / 0.98).abs() < 1e-12);
    }
}
