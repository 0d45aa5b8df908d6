//! Days, weeks, months, quarters and years, and which of them the file covers whole.

use serde::{Deserialize, Serialize};

use crate::calendar::{Date, Day};

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// A day.
    Day,
    /// A week from Monday to Sunday, as ISO 8601 has it.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

impl Unit {
    /// Which period a day lies in, counted from one in the past.
    fn of(self, day: Day) -> i32 {
        match self {
            Unit::Day => day.0,
            // 1970-01-01, day 0, was a Thursday.
            Unit::Week => (day.0 + 3).div_euclid(7),
            Unit::Month => month_of(day),
            Unit::Quarter => month_of(day).div_euclid(3),
            Unit::Year => month_of(day).div_euclid(12),
        }
    }

    /// The first day of a counted period.
    fn first_of(self, period: i32) -> Day {
        match self {
            Unit::Day => Day(period),
            Unit::Week => Day(period * 7 - 3),
            Unit::Month => first_of(period),
            Unit::Quarter => first_of(period * 3),
            Unit::Year => first_of(period * 12),
        }
    }

    /// How many periods back the same one of the year before lies; 52 weeks,
    /// and as many days, for the same weekday.
    pub fn in_year(self) -> usize {
        match self {
            Unit::Day => 364,
            Unit::Week => 52,
            Unit::Month => 12,
            Unit::Quarter => 4,
            Unit::Year => 1,
        }
    }
}

/// The calendar month of a day, counted from the year 0.
fn month_of(day: Day) -> i32 {
    let date = day.civil();
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// The first day of a counted month, held at the ends of the calendar.
fn first_of(month: i32) -> Day {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX).clamp(-9999, 9999);
    let civil = Date::new(year, month.rem_euclid(12) as i8 + 1, 1);
    Day::from_civil(civil.unwrap_or(Date::MAX))
}

/// Consecutive calendar periods of one length, numbered from 0.
#[derive(Clone, Debug)]
pub struct Periods {
    unit: Unit,
    /// The first period, counted in its own length from the year 0.
    first: i32,
    /// First day of each period, and of the one after the last.
    starts: Vec<i32>,
}

impl Periods {
    /// The periods that hold the days from `from` to `to`; none where `to` is
    /// earlier.
    pub fn new(unit: Unit, from: Day, to: Day) -> Periods {
        let first = unit.of(from);
        let count = if to < from { 0 } else { unit.of(to) - first + 1 };
        let starts = (0..=count).map(|i| unit.first_of(first + i).0).collect();
        Periods { unit, first, starts }
    }

    /// The length of the periods.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// How many periods there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The period of a day that lies in one of them. Logarithmic.
    pub fn of(&self, day: i32) -> usize {
        self.starts.partition_point(|&start| start <= day).saturating_sub(1)
    }

    /// First and last day of a period.
    pub fn days(&self, period: usize) -> (Day, Day) {
        (Day(self.starts[period]), Day(self.starts[period + 1] - 1))
    }

    /// How a period is called: `2011-11-28`, `2011-W48`, `2011-11`,
    /// `2011-Q4` or `2011`.
    pub fn name(&self, period: usize) -> String {
        let counted = self.first + period as i32;
        let parts =
            |in_year: i32| (counted.div_euclid(in_year), counted.rem_euclid(in_year) + 1);
        match self.unit {
            Unit::Day => Day(self.starts[period]).to_string(),
            Unit::Week => {
                let (year, week) = Day(self.starts[period]).civil().iso_week();
                format!("{year:04}-W{week:02}")
            }
            Unit::Month => {
                let (year, month) = parts(12);
                format!("{year:04}-{month:02}")
            }
            Unit::Quarter => {
                let (year, quarter) = parts(4);
                format!("{year:04}-Q{quarter}")
            }
            Unit::Year => format!("{counted:04}"),
        }
    }
}

/// The days of which the file knows everything.
///
/// From the first to the last record, and on over adjoining days on whose
/// weekday the shop never had a record at all (in four weeks or more): a shop
/// closed on Sundays has a whole month although that ends on a Sunday. Never
/// beyond an `as_of` that lies before the last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The first day covered.
    pub from: Day,
    /// The last day covered.
    pub to: Day,
    /// The day of the first record.
    pub first: Day,
    /// The day of the last record up to `as_of`, or `as_of` where later ones follow.
    pub last: Day,
}

/// Gathers the days of records.
#[derive(Clone, Debug)]
pub struct CoverageSeen {
    first: i32,
    last: i32,
    weekdays: [bool; 7],
}

impl Default for CoverageSeen {
    fn default() -> CoverageSeen {
        CoverageSeen { first: i32::MAX, last: i32::MIN, weekdays: [false; 7] }
    }
}

impl CoverageSeen {
    /// Takes note of a record's day.
    pub fn see(&mut self, day: i32) {
        self.first = self.first.min(day);
        self.last = self.last.max(day);
        self.weekdays[day.rem_euclid(7) as usize] = true;
    }

    /// What is covered as of a day; `None` without a record.
    pub fn coverage(&self, as_of: Day) -> Option<Coverage> {
        if self.first > self.last {
            return None;
        }
        let (mut from, mut to) = (self.first, self.last);
        let long = to - from >= 28;
        let closed = |day: i32| long && !self.weekdays[day.rem_euclid(7) as usize];
        while closed(from - 1) {
            from -= 1;
        }
        while closed(to + 1) {
            to += 1;
        }
        let (last, to) =
            if as_of.0 < self.last { (as_of.0, as_of.0) } else { (self.last, to) };
        Some(Coverage {
            from: Day(from),
            to: Day(to),
            first: Day(self.first),
            last: Day(last),
        })
    }
}

impl Coverage {
    /// Whether a span of days is covered whole.
    pub fn holds(&self, (from, to): (Day, Day)) -> bool {
        self.from <= from && to <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn periods_tile_the_days() {
        for (unit, names) in [
            (Unit::Week, ["2010-W48", "2011-W49"]),
            (Unit::Month, ["2010-12", "2011-12"]),
            (Unit::Quarter, ["2010-Q4", "2011-Q4"]),
            (Unit::Year, ["2010", "2011"]),
        ] {
            let periods = Periods::new(unit, day("2010-12-01"), day("2011-12-09"));
            let last = periods.len() - 1;
            assert_eq!([periods.name(0), periods.name(last)], names);
            let end = if unit == Unit::Week { "2011-12-11" } else { "2011-12-31" };
            assert_eq!(periods.days(last).1, day(end));
            for n in day("2010-12-01").0..=day("2011-12-09").0 {
                let (from, to) = periods.days(periods.of(n));
                assert!(from.0 <= n && n <= to.0);
            }
        }
        assert!(Periods::new(Unit::Month, Day(1), Day(0)).is_empty());
    }

    #[test]
    fn closed_weekdays_count_as_covered_and_other_days_do_not() {
        // 1970-01-01 was a Thursday; no record on days 2 and 3, 9 and 10, ...
        let mut seen = CoverageSeen::default();
        (4..61).filter(|d| !matches!(d % 7, 2 | 3)).for_each(|d| seen.see(d));
        let covered = |as_of| seen.coverage(Day(as_of)).unwrap();
        let ends = |c: Coverage| [c.from, c.first, c.last, c.to].map(|day| day.0);
        assert_eq!(ends(covered(57)), [2, 4, 57, 57]);
        assert_eq!(ends(covered(70)), [2, 4, 60, 60]);
        assert_eq!(covered(40).to, Day(40));
        assert_eq!(CoverageSeen::default().coverage(Day(0)), None);
        let mut short = CoverageSeen::default();
        (4..9).for_each(|d| short.see(d));
        assert_eq!(ends(short.coverage(Day(9)).unwrap()), [4, 4, 8, 8]);
    }
}
