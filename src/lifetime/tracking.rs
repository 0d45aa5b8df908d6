//! Actual and expected repeat orders by week since the shop's first order.

use serde::Serialize;

use super::timing::Timing;
use crate::calendar::{Day, Days, Weeks};
use crate::orders::Orders;

/// First and repeat order days of all customers by day of the shop.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// The shop's first day.
    pub from: Option<Day>,
    /// Customers with their first order, by days since the shop's first.
    pub births: Vec<u32>,
    /// Repeat order days.
    pub repeats: Vec<u32>,
}

impl Activity {
    /// Counts up to and including `as_of`; empty when there is no order.
    pub fn of(orders: &Orders, as_of: Day) -> Activity {
        // A table of one row a customer does not say when the others came.
        if orders.summary.is_some() {
            return Activity::default();
        }
        let days = || {
            (0..orders.customers.len() as u32).flat_map(|customer| {
                let mut last = None;
                orders
                    .of(customer)
                    .filter(|&i| orders.is_order[i] && orders.day[i] <= as_of.0)
                    .filter_map(move |i| {
                        let before = last.replace(orders.day[i]);
                        (before != last).then_some((orders.day[i], before.is_none()))
                    })
            })
        };
        let Some(first) = days().filter(|d| d.1).map(|d| d.0).min() else {
            return Activity::default();
        };
        let length = as_of.since(Day(first)).max(0) as usize + 1;
        let mut activity = Activity {
            from: Some(Day(first)),
            births: vec![0; length],
            repeats: vec![0; length],
        };
        for (day, born) in days() {
            let at = (day - first) as usize;
            if born {
                activity.births[at] += 1;
            } else {
                activity.repeats[at] += 1;
            }
        }
        activity
    }
}

/// Repeat orders of all customers by week, as they were and as expected of
/// customers who arrived when these did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tracking {
    /// The first day of week 1.
    pub from: Option<Day>,
    /// Weeks since the first order, 1 for the first seven days; whole ones only.
    pub week: Vec<u32>,
    /// Cumulative repeat order days by the end of the week.
    pub actual: Vec<f64>,
    /// Cumulative repeat orders that the model expects, the week's last day
    /// counted in full.
    pub expected: Vec<f64>,
}

/// Days that are integrated with the long rule.
const FINE: u32 = 56;

/// Repeat orders that a new customer places by the end of day 0, 1, ..., `days`.
///
/// Each day adds the integral of the order rate, by the rule of 16 points in the
/// first eight weeks and by Simpson's later, where it is flat.
pub fn new_customer_by_day(timing: &Timing, days: u32) -> Vec<f64> {
    let rate = |weeks: f64| timing.new_customer_rate(weeks);
    let mut table = vec![0.0];
    let mut sum = 0.0;
    let mut start: Option<f64> = None;
    for day in 1..=days {
        let at = Weeks::from(Days(day)).0;
        let end = if day < FINE { None } else { rate(at) };
        sum = match (start, rate(at - 1.0 / 14.0), end) {
            (Some(start), Some(middle), Some(end)) => {
                sum + (start + 4.0 * middle + end) / 42.0
            }
            _ => timing.new_customer(at),
        };
        start = end;
        table.push(sum);
    }
    table
}

/// Tracks a model over the whole weeks of the shop so far.
pub fn track(timing: &Timing, activity: &Activity) -> Tracking {
    let days = activity.births.len();
    let by_day = new_customer_by_day(timing, days as u32);
    let mut tracking = Tracking { from: activity.from, ..Tracking::default() };
    let mut actual = 0_u64;
    for week in 1..=days / 7 {
        let end = week * 7;
        actual +=
            activity.repeats[end - 7..end].iter().map(|&n| u64::from(n)).sum::<u64>();
        let expected = (0..end)
            .map(|born| f64::from(activity.births[born]) * by_day[end - born])
            .sum();
        tracking.week.push(week as u32);
        tracking.actual.push(actual as f64);
        tracking.expected.push(expected);
    }
    tracking
}
