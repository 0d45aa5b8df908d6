//! The series of a shop: what was counted by period, and on how many open days.
//!
//! A weekday without any record in four weeks and more is closed. Of the other
//! days, a run without an order is a closure where so many orders were to be
//! expected that chance would hardly leave it empty (less than one in a
//! thousand, by Poisson). Such days are to come again on the same dates.

use serde::Serialize;

use super::Of;
use crate::calendar::{Date, Day};
use crate::customers::Customers;
use crate::orders::Orders;
use crate::periods::{Coverage, Periods, Unit};

/// A run of days on which the shop was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Closure {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
}

/// Orders that were to be expected on days without any, for chance to be less
/// than one in a thousand.
const EXPECTED: f64 = 7.0;
/// Open days before and after, from which that is told.
const AROUND: usize = 28;

/// The days of a shop.
#[derive(Clone, Debug)]
pub struct Days {
    /// The first day.
    pub from: i32,
    /// Net revenue by day.
    pub net: Vec<i64>,
    /// Orders by day.
    pub orders: Vec<u32>,
    /// Whether the shop was open.
    pub open: Vec<bool>,
    /// Weekdays that are open, 0 for Monday.
    pub weekdays: [bool; 7],
    /// Runs of closed days on open weekdays.
    pub closures: Vec<Closure>,
}

/// The weekday of a day, 0 for Monday; 1970-01-01 was a Thursday.
pub fn weekday(day: i32) -> usize {
    (day + 3).rem_euclid(7) as usize
}

impl Days {
    /// The days covered by a file, empty as yet.
    pub fn new(coverage: &Coverage) -> Days {
        let count = (coverage.to.0 - coverage.from.0 + 1).max(0) as usize;
        Days {
            from: coverage.from.0,
            net: vec![0; count],
            orders: vec![0; count],
            open: vec![true; count],
            weekdays: [true; 7],
            closures: Vec::new(),
        }
    }

    /// Adds a record.
    pub fn add(&mut self, orders: &Orders, record: usize) {
        let place = orders.day[record] - self.from;
        if let Some(net) = self.net.get_mut(place as usize) {
            *net += orders.gross[record] + orders.returns[record];
            self.orders[place as usize] += u32::from(orders.is_order[record]);
        }
    }

    /// Tells open from closed days, when all records are added.
    pub fn close(&mut self) {
        let count = self.orders.len();
        if count >= 28 {
            self.weekdays = [false; 7];
            for (place, &orders) in self.orders.iter().enumerate() {
                self.weekdays[weekday(self.from + place as i32)] |= orders > 0;
            }
        }
        for (place, open) in self.open.iter_mut().enumerate() {
            *open = self.weekdays[weekday(self.from + place as i32)];
        }
        let working: Vec<usize> = (0..count).filter(|&place| self.open[place]).collect();
        let mut at = 0;
        while at < working.len() {
            let mut end = at;
            while end < working.len() && self.orders[working[end]] == 0 {
                end += 1;
            }
            if end > at {
                let around = working[at.saturating_sub(AROUND)..at]
                    .iter()
                    .chain(&working[end..working.len().min(end + AROUND)]);
                let (days, orders) = around
                    .fold((0_u32, 0_u64), |(days, sum), &place| {
                        (days + 1, sum + u64::from(self.orders[place]))
                    });
                let daily = orders as f64 / f64::from(days.max(1));
                if daily * (end - at) as f64 >= EXPECTED {
                    working[at..end].iter().for_each(|&place| self.open[place] = false);
                    let day = |place: usize| Day(self.from + working[place] as i32);
                    self.closures.push(Closure { from: day(at), to: day(end - 1) });
                }
            }
            at = end + 1;
        }
    }

    /// Whether a day is or was open; a later one by its weekday and by the last
    /// year of which its date is known.
    pub fn is_open(&self, day: i32) -> bool {
        if day >= self.from
            && let Some(&open) = self.open.get((day - self.from) as usize)
        {
            return open;
        }
        if !self.weekdays[weekday(day)] {
            return false;
        }
        let date = Day(day).civil();
        for back in 1..=3 {
            let earlier = Date::new(date.year() - back, date.month(), date.day());
            let Some(earlier) = earlier else { continue };
            let earlier = Day::from_civil(earlier);
            if earlier.0 >= self.from && earlier.0 < self.from + self.open.len() as i32 {
                return !self
                    .closures
                    .iter()
                    .any(|c| c.from <= earlier && earlier <= c.to);
            }
        }
        true
    }

    /// Open days of a span.
    pub fn open_days(&self, (from, to): (Day, Day)) -> u32 {
        (from.0..=to.0).filter(|&day| self.is_open(day)).count() as u32
    }
}

/// What is forecast, by period.
#[derive(Clone, Debug)]
pub struct Series {
    /// The periods covered whole and the ones to come; days are open weekdays.
    pub spans: Vec<(Day, Day)>,
    /// How they are called.
    pub names: Vec<String>,
    /// How many of them are past.
    pub past: usize,
    /// Open days of each.
    pub open_days: Vec<u32>,
    /// What was counted in each of the past.
    pub counted: Vec<f64>,
    /// The same at the usual number of open days; `None` where there was none.
    pub values: Vec<Option<f64>>,
    /// The usual number of open days.
    pub usual: f64,
    /// The seasons that a file long enough shows.
    pub seasons: Vec<usize>,
}

impl Series {
    /// The series of a shop in steps of a unit, and `horizon` periods to come.
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        days: &Days,
        coverage: &Coverage,
        (of, unit, horizon): (Of, Unit, usize),
    ) -> Series {
        let reach = match unit {
            Unit::Day => horizon * 7 + 400,
            Unit::Week => horizon * 7 + 14,
            _ => horizon * 31 + 62,
        };
        let end = coverage.to.plus(reach as i32);
        let periods = Periods::new(unit, coverage.from, end);
        let open_week = days.weekdays.iter().filter(|&&open| open).count().max(1);
        let usual = match unit {
            Unit::Day => 1.0,
            Unit::Week => open_week as f64,
            _ => 365.25 / 12.0 / 7.0 * open_week as f64,
        };
        let whole = |span: (Day, Day)| coverage.holds(span);
        let all = tally(orders, customers, days, &periods, of);
        let mut series = Series {
            spans: Vec::new(),
            names: Vec::new(),
            past: 0,
            open_days: Vec::new(),
            counted: Vec::new(),
            values: Vec::new(),
            usual,
            seasons: match unit {
                Unit::Day => {
                    let year = libm::round(365.25 / 7.0 * open_week as f64) as usize;
                    vec![open_week, year]
                }
                Unit::Week => vec![52],
                _ => vec![12],
            },
        };
        for (period, &counted) in all.iter().enumerate() {
            let span = periods.days(period);
            let past = whole(span);
            let closed = unit == Unit::Day && !days.weekdays[weekday(span.0.0)];
            if closed || !past && span.0 <= coverage.to && span.1 <= coverage.to {
                continue;
            }
            // What the file covers in part is neither past nor to come before it
            // is over: it is the first to be forecast.
            if !past && series.past == 0 && span.0 < coverage.from {
                continue;
            }
            if !past && series.spans.len() - series.past == horizon {
                break;
            }
            let open = days.open_days(span);
            series.spans.push(span);
            series.names.push(periods.name(period));
            series.open_days.push(open);
            if past {
                series.past += 1;
                series.counted.push(counted);
                let value = (open > 0).then(|| counted * usual / f64::from(open));
                series.values.push(value);
            }
        }
        series
    }
}

/// What was counted in each period.
fn tally(
    orders: &Orders,
    customers: &Customers,
    days: &Days,
    periods: &Periods,
    of: Of,
) -> Vec<f64> {
    let mut sums = vec![0_i64; periods.len()];
    let inside = |day: i32| day >= days.from && day < days.from + days.net.len() as i32;
    match of {
        Of::Sales | Of::Orders => {
            for (place, (&net, &count)) in days.net.iter().zip(&days.orders).enumerate() {
                let period = periods.of(days.from + place as i32);
                sums[period] += if of == Of::Sales { net } else { i64::from(count) };
            }
        }
        Of::NewCustomers => {
            for &day in customers.first_day.iter().filter(|&&day| inside(day)) {
                sums[periods.of(day)] += 1;
            }
        }
        Of::Customers => {
            for &number in &customers.number {
                let mut last = None;
                for record in orders.of(number) {
                    let day = orders.day[record];
                    if orders.is_order[record] && inside(day) {
                        let period = periods.of(day);
                        if last != Some(period) {
                            sums[period] += 1;
                            last = Some(period);
                        }
                    }
                }
            }
        }
    }
    let number = |sum: i64| match of {
        Of::Sales => orders.scale.number(sum),
        _ => sum as f64,
    };
    sums.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(orders: &[u32]) -> Days {
        let (from, to) = (Day(4), Day(4 + orders.len() as i32 - 1));
        let coverage = Coverage { from, to, first: from, last: to };
        let mut days = Days::new(&coverage);
        days.orders = orders.to_vec();
        days.close();
        days
    }

    #[test]
    fn closed_weekdays_and_holidays_are_told_from_quiet_days() {
        // From a Monday: open but on Sundays, two weeks closed in the middle.
        let busy: Vec<u32> = (0..84)
            .map(|i| if i % 7 == 6 || (42..56).contains(&i) { 0 } else { 5 })
            .collect();
        let shop = days(&busy);
        assert!(!shop.weekdays[6] && shop.weekdays[5]);
        assert_eq!(shop.closures, [Closure { from: Day(46), to: Day(58) }]);
        assert!(!shop.is_open(4 + 43) && shop.is_open(4));
        // An order in five days: an empty week says nothing.
        let quiet: Vec<u32> = (0..84).map(|i| u32::from(i % 5 == 0)).collect();
        assert!(days(&quiet).closures.is_empty());
    }

    #[test]
    fn holidays_come_again_on_their_date() {
        let mut busy = vec![9; 400];
        let christmas = Day::from_ymd(1970, 12, 25).unwrap().0;
        busy[(christmas - 4) as usize] = 0;
        let shop = days(&busy);
        assert_eq!(shop.closures.len(), 1);
        assert!(!shop.is_open(Day::from_ymd(1971, 12, 25).unwrap().0));
        assert!(shop.is_open(Day::from_ymd(1971, 12, 24).unwrap().0));
    }
}
