//! The made-up shop's year: how busy each day is, and when in the day.

use crate::calendar::{Date, Day};

/// Days of the history: three years, as the last day has it.
pub const DAYS: i32 = 1096;

/// Growth of new customers a year.
const GROWTH: f64 = 1.35;

/// How busy each calendar month is, January first.
const MONTHS: [f64; 12] =
    [0.88, 0.92, 0.98, 0.96, 0.9, 0.84, 0.8, 0.84, 0.98, 1.06, 1.28, 1.5];

/// Monday first: orders are placed at the start of the week and on Sunday evening.
const WEEKDAYS: [f64; 7] = [1.15, 1.06, 1.0, 0.98, 0.94, 0.82, 1.05];

/// How busy each hour of the day is.
const HOURS: [f64; 24] = [
    0.4, 0.2, 0.1, 0.05, 0.05, 0.2, 0.6, 1.2, 2.0, 2.8, 3.2, 3.4, 3.5, 3.2, 3.0, 3.0,
    3.1, 3.3, 3.8, 4.6, 5.2, 4.8, 3.2, 1.4,
];

/// How busy every day of the history is.
#[derive(Clone, Debug)]
pub struct Year {
    /// Day 0 of the history.
    pub first: Day,
    /// Sum of the days' weights up to and including each; a mean day adds 1.
    orders: Vec<f64>,
    /// The same for first orders, which also grow.
    arrivals: Vec<f64>,
}

fn busy(day: Day) -> f64 {
    let date = day.civil();
    let (month, of_month) = (date.month(), date.day());
    let weekday = (day.0 + 3).rem_euclid(7) as usize;
    let feast = match (month, of_month) {
        // The week of Black Friday, then Advent up to the last safe posting day.
        (11, 22..=30) => 1.7,
        (12, 1..=17) => 1.35,
        (12, 18..=23) => 0.8,
        (12, 24..=26) => 0.3,
        (1, 1) => 0.4,
        _ => 1.0,
    };
    MONTHS[month as usize - 1] * WEEKDAYS[weekday] * feast
}

impl Year {
    /// The history that ends with a day.
    pub fn new(last: Day) -> Year {
        let first = last.plus(1 - DAYS);
        let weights: Vec<f64> = (0..DAYS).map(|day| busy(first.plus(day))).collect();
        let mean = weights.iter().sum::<f64>() / f64::from(DAYS);
        let running = |weights: &mut dyn Iterator<Item = f64>| {
            let mut sum = 0.0;
            weights
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect()
        };
        let growth = |day: usize| libm::pow(GROWTH, day as f64 / 365.25);
        let orders = running(&mut weights.iter().map(|weight| weight / mean));
        let arrivals = running(
            &mut weights.iter().enumerate().map(|(day, weight)| weight * growth(day)),
        );
        Year { first, orders, arrivals }
    }

    /// The day of a first order, from an even draw in [0, 1).
    pub fn arrival(&self, unit: f64) -> i32 {
        let whole = self.arrivals.last().copied().unwrap_or_default();
        reached(&self.arrivals, unit * whole).min(DAYS - 1)
    }

    /// The day on which so many mean days have passed since an earlier day;
    /// `DAYS` where the history ends before.
    pub fn after(&self, day: i32, mean_days: f64) -> i32 {
        reached(&self.orders, self.orders[day as usize] + mean_days)
    }

    /// A minute of the day, from two even draws in [0, 1).
    pub fn minute(hour: f64, minute: f64) -> i32 {
        let mut left = hour * HOURS.iter().sum::<f64>();
        let at = HOURS.iter().position(|&weight| {
            left -= weight;
            left < 0.0
        });
        at.unwrap_or(23) as i32 * 60 + (minute * 60.0) as i32
    }

    /// The calendar day of a day of the history.
    pub fn date(&self, day: i32) -> Date {
        self.first.plus(day).civil()
    }
}

/// The first place at which a running sum is above a value.
fn reached(sums: &[f64], value: f64) -> i32 {
    sums.partition_point(|&sum| sum <= value) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_peaks_before_christmas_and_the_base_grows() {
        let year = Year::new(Day::parse("2026-10-31").unwrap());
        assert_eq!(year.first.to_string(), "2023-11-01");
        let mut by_month = [0; 12];
        let n = 100_000;
        let mut early = 0;
        for i in 0..n {
            let day = year.arrival(f64::from(i) / f64::from(n));
            by_month[year.date(day).month() as usize - 1] += 1;
            early += usize::from(day < 365);
        }
        let most = (0..12).max_by_key(|&m| by_month[m]).unwrap();
        assert!(most == 11 || most == 10, "{by_month:?}");
        assert!(early * 100 < 30 * n as usize, "{early} of {n} in the first year");
        assert_eq!(year.after(DAYS - 1, 0.5), DAYS);
        assert_eq!(year.arrival(0.0), 0);
    }
}
