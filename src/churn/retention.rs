//! Retention, churn and repeat rate, by period and by group of customers, each
//! with its numerator and denominator.
//!
//! Retention of a period: of the customers with an order in the period before,
//! the share with an order in it. Churn is one minus that. The repeat rate is
//! the share of all customers so far with orders on two days or more.

use serde::Serialize;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;
use crate::sort::Order;
use crate::task::{Progress, Step};

/// The most periods that are told, the latest.
const MOST: usize = 120;

/// Customers told apart by some property at the held-out cut-off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouping {
    /// What they are told apart by, such as `segment` or `country`.
    pub by: String,
    /// The names of the groups.
    pub names: Vec<String>,
    /// The group of each customer of [`crate::customers::customers`] as of the
    /// cut-off; `u32::MAX` for none.
    pub of: Vec<u32>,
}

/// The groups by the latest value of an attribute, such as `country`; `None`
/// where it is not mapped. Linear in the records.
pub fn by_attribute(
    orders: &Orders,
    customers: &Customers,
    role: &str,
) -> Option<Grouping> {
    let column = orders.attributes.iter().find(|a| a.role == role)?;
    let latest = |&number: &u32| {
        let known = orders.of(number).take_while(|&i| orders.day[i] <= customers.as_of.0);
        let values = known.map(|i| column.of.get(i).copied().unwrap_or(u32::MAX));
        values.filter(|&v| v != u32::MAX).last().unwrap_or(u32::MAX)
    };
    Some(Grouping {
        by: role.to_owned(),
        names: column
            .values
            .iter()
            .map(|n| String::from_utf8_lossy(n).into_owned())
            .collect(),
        of: customers.number.iter().map(latest).collect(),
    })
}

/// What the rates are, in the shape of `RetentionResult` in `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetentionResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// Days of a window.
    pub window_days: u32,
    /// How the three rates are reckoned, to be shown under the figures.
    pub formulas: Vec<Message>,
    /// Consecutive windows, the last one ending with the last order known.
    pub windows: Vec<PeriodRate>,
    /// Calendar months; the last may be a part of one.
    pub months: Vec<PeriodRate>,
    /// By group: what came of the customers as of the cut-off in the window after it.
    pub groups: Vec<GroupRates>,
    /// The cut-off of `groups`; none where no window has passed.
    pub cut_off: Option<Day>,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

/// The rates of one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodRate {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Whether the orders cover the period and the one before it.
    pub complete: bool,
    /// Customers with an order in the period before.
    pub active: u64,
    /// Those of them with an order in this period.
    pub retained: u64,
    /// `retained / active`.
    pub retention: Option<f64>,
    /// `1 - retention`.
    pub churn: Option<f64>,
    /// Customers with a first order up to the end of the period.
    pub customers: u64,
    /// Those with orders on two days or more by then.
    pub repeaters: u64,
    /// `repeaters / customers`.
    pub repeat_rate: Option<f64>,
}

/// The rates of the groups of one grouping.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupRates {
    /// What they are told apart by.
    pub by: String,
    /// Largest group first.
    pub rows: Vec<GroupRate>,
}

/// What came of a group in the window after the cut-off.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupRate {
    /// The group.
    pub name: String,
    /// Customers as of the cut-off.
    pub customers: u64,
    /// Those without an order within the window.
    pub churned: u64,
    /// `churned / customers`.
    pub churn: f64,
    /// `1 - churn`.
    pub retention: f64,
    /// Share of the customers with orders on two days or more.
    pub repeat_rate: f64,
}

/// The rates as a task.
#[derive(Debug)]
pub struct Retention {
    as_of: Day,
    window_days: u32,
    last: Day,
    windows: Vec<PeriodRate>,
    months: Vec<PeriodRate>,
    groupings: Vec<Grouping>,
    /// Customers, churned and repeaters of each group of each grouping.
    counts: Vec<Vec<[u64; 3]>>,
    cut_off: Option<Day>,
    /// The next person, and the next customer as of the cut-off.
    next: (u32, usize),
}

impl Retention {
    /// Prepares the rates. `cut_off` and the groupings speak of the same
    /// customers: those as of the held-out cut-off of the churn plan.
    ///
    /// # Errors
    /// `churn-window`; `churn-no-orders`.
    pub fn new(
        orders: &Orders,
        as_of: Day,
        window_days: u32,
        cut_off: Option<Day>,
        groupings: Vec<Grouping>,
    ) -> Result<Retention> {
        if !(1..=3650).contains(&window_days) {
            return Err(Error::new("churn-window").with("windowDays", window_days));
        }
        let known =
            (0..orders.len()).filter(|&i| orders.is_order[i] && orders.day[i] <= as_of.0);
        let (mut first, mut last) = (i32::MAX, i32::MIN);
        for i in known {
            first = first.min(orders.day[i]);
            last = last.max(orders.day[i]);
        }
        if first > last {
            return Err(Error::new("churn-no-orders").with("asOf", as_of));
        }
        let counts = groupings.iter().map(|g| vec![[0; 3]; g.names.len()]).collect();
        Ok(Retention {
            as_of,
            window_days,
            last: Day(last),
            windows: windows(Day(first), Day(last), window_days as i32),
            months: months(Day(first), Day(last)),
            groupings,
            counts,
            cut_off,
            next: (0, 0),
        })
    }

    /// A slice of the work. The orders must be the same at every call.
    ///
    /// # Errors
    /// None so far.
    pub fn advance(
        &mut self,
        orders: &Orders,
        budget: u64,
    ) -> Result<Step<RetentionResult>> {
        let people = orders.customers.len() as u32;
        let mut spent = 0;
        let mut days = Vec::new();
        while self.next.0 < people && spent < budget.max(1) {
            days.clear();
            for i in orders.of(self.next.0) {
                let day = orders.day[i];
                if day <= self.as_of.0 && orders.is_order[i] && days.last() != Some(&day)
                {
                    days.push(day);
                }
            }
            count(&mut self.windows, &days);
            count(&mut self.months, &days);
            self.count_groups(&days);
            self.next.0 += 1;
            spent += 8 + days.len() as u64;
        }
        if self.next.0 < people {
            let (done, total) = (u64::from(self.next.0), u64::from(people));
            return Ok(Step::Working(Progress { done, total }));
        }
        Ok(Step::Done(self.conclude()))
    }

    /// `days` are the order days of the next person.
    fn count_groups(&mut self, days: &[i32]) {
        let Some(cut_off) = self.cut_off else { return };
        let before = days.partition_point(|&d| d <= cut_off.0);
        if before == 0 {
            return;
        }
        let until = cut_off.plus(self.window_days as i32);
        let stayed = days.get(before).is_some_and(|&d| d <= until.0);
        for (grouping, counts) in self.groupings.iter().zip(&mut self.counts) {
            let group = grouping.of.get(self.next.1).copied().unwrap_or(u32::MAX);
            if let Some(count) = counts.get_mut(group as usize) {
                count[0] += 1;
                count[1] += u64::from(!stayed);
                count[2] += u64::from(before > 1);
            }
        }
        self.next.1 += 1;
    }

    fn conclude(&mut self) -> RetentionResult {
        let mut notices = Vec::new();
        let ends_early = self.months.last().is_some_and(|m| !m.complete);
        if ends_early {
            notices
                .push(Message::new("churn-trap-partial-month").with("last", self.last));
        }
        let groupings = std::mem::take(&mut self.groupings);
        let groups = groupings.into_iter().zip(&self.counts).map(|(grouping, counts)| {
            let rows = grouping.names.into_iter().zip(counts);
            let mut rows: Vec<GroupRate> = rows
                .filter(|(_, count)| count[0] > 0)
                .map(|(name, &[customers, churned, repeaters])| {
                    let churn = churned as f64 / customers as f64;
                    let repeat_rate = repeaters as f64 / customers as f64;
                    let retention = 1.0 - churn;
                    GroupRate { name, customers, churned, churn, retention, repeat_rate }
                })
                .collect();
            rows.order_by_key(|r| std::cmp::Reverse(r.customers));
            GroupRates { by: grouping.by, rows }
        });
        let groups = groups.collect();
        RetentionResult {
            as_of: self.as_of,
            window_days: self.window_days,
            formulas: ["retention-formula", "churn-formula", "repeat-formula"]
                .map(Message::new)
                .to_vec(),
            windows: finish(std::mem::take(&mut self.windows)),
            months: finish(std::mem::take(&mut self.months)),
            groups,
            cut_off: self.cut_off,
            notices,
        }
    }
}

fn period(from: Day, to: Day, complete: bool) -> PeriodRate {
    PeriodRate {
        from,
        to,
        complete,
        active: 0,
        retained: 0,
        retention: None,
        churn: None,
        customers: 0,
        repeaters: 0,
        repeat_rate: None,
    }
}

/// Windows back from the last day, oldest first; the first one that has no
/// whole window before it is not complete.
fn windows(first: Day, last: Day, window: i32) -> Vec<PeriodRate> {
    let mut all = Vec::new();
    let mut to = last;
    while to >= first && all.len() < MOST {
        let from = to.plus(1 - window);
        all.push(period(from, to, from.plus(-window) >= first));
        to = from.plus(-1);
    }
    all.reverse();
    all
}

/// Calendar months, oldest first; complete when the orders cover the month and
/// the one before.
fn months(first: Day, last: Day) -> Vec<PeriodRate> {
    let start_of = |day: Day| Day::from_civil(day.civil().first_of_month());
    let mut all = Vec::new();
    let mut from = start_of(last);
    while from >= start_of(first) && all.len() < MOST {
        let to = Day::from_civil(from.civil().last_of_month());
        let before = start_of(from.plus(-1));
        all.push(period(from, to, before >= first && to <= last));
        from = before;
    }
    all.reverse();
    all
}

/// Counts a customer's order days, which rise, into consecutive periods.
fn count(periods: &mut [PeriodRate], days: &[i32]) {
    let Some(start) = periods.first().map(|p| p.from.0) else { return };
    let mut k = days.partition_point(|&d| d < start);
    let (mut seen, mut active) = (k, false);
    // The period before the first one has no name; whether there was an order
    // in it is not told, so that the first retention is not complete.
    for p in periods {
        while k < days.len() && days[k] <= p.to.0 {
            k += 1;
        }
        let here = k > seen;
        p.active += u64::from(active);
        p.retained += u64::from(active && here);
        p.customers += u64::from(k > 0);
        p.repeaters += u64::from(k > 1);
        (seen, active) = (k, here);
    }
}

fn finish(mut periods: Vec<PeriodRate>) -> Vec<PeriodRate> {
    let share = |a: u64, b: u64| (b > 0).then(|| a as f64 / b as f64);
    for p in &mut periods {
        p.retention = share(p.retained, p.active);
        p.churn = p.retention.map(|r| 1.0 - r);
        p.repeat_rate = share(p.repeaters, p.customers);
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_counted_by_hand() {
        let mut all = windows(Day(1), Day(30), 10);
        assert_eq!(
            all.iter().map(|p| (p.from.0, p.to.0)).collect::<Vec<_>>(),
            [(1, 10), (11, 20), (21, 30)]
        );
        assert_eq!(
            all.iter().map(|p| p.complete).collect::<Vec<_>>(),
            [false, true, true]
        );
        count(&mut all, &[5, 12, 13]);
        count(&mut all, &[8]);
        count(&mut all, &[15, 30]);
        let all = finish(all);
        assert_eq!((all[1].active, all[1].retained, all[1].churn), (2, 1, Some(0.5)));
        assert_eq!((all[2].active, all[2].retained, all[2].retention), (2, 1, Some(0.5)));
        assert_eq!((all[1].customers, all[1].repeaters), (3, 1));
        assert_eq!(all[2].repeat_rate, Some(2.0 / 3.0));
    }

    #[test]
    fn a_month_that_is_not_over_is_not_complete() {
        let day = |text: &str| Day::parse(text).unwrap();
        let all = months(day("2010-12-01"), day("2011-02-09"));
        assert_eq!(all.len(), 3);
        assert_eq!(
            all.iter().map(|p| p.complete).collect::<Vec<_>>(),
            [false, true, false]
        );
    }
}
