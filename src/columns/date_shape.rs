//! What a date or a clock time looks like as written, before anyone decides
//! which field is the day.

use super::civil::{checked_day, full_year};
use super::date::NO_SECOND;

/// A run of digits: where it begins and how long it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub start: u8,
    pub len: u8,
}

/// The most digit runs a cell may have.
pub(crate) const RUNS: usize = 8;

/// The written numbers of a cell, in order.
pub(crate) type Fields = [u32; RUNS];

/// Which order the fields of a date have where they are two-digit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// How the day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayPart {
    /// No day, a clock time only.
    Clock,
    /// `2024-03-05`, `2024年3月5日`.
    YearFirst,
    /// `05/03/2024`: day or month first.
    YearLast,
    /// `05/03/24`: any order.
    Short,
    /// `10-Dez-25`, `5 mars 2024`, and with the year first `2024-Mar-05`.
    Named { month: u8, year_first: bool, two_digits: bool },
    /// `2024-W05-3` of ISO 8601: year, week, day of the week.
    Week,
    /// `20240305` before a clock time.
    Joined,
    /// Nothing but digits, so many of them.
    Digits(u8),
}

/// The shape of a date or time: all about it but the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateShape {
    pub day: DayPart,
    /// The run of the hour, where there is a time.
    pub hour: Option<u8>,
    pub has_seconds: bool,
    /// The clock time is one run of four or six digits.
    pub joined_clock: bool,
    /// Before noon, after noon, or not said.
    pub after_noon: Option<bool>,
    /// Minutes east of UTC, `NO_OFFSET` where none is written.
    pub offset: i16,
    /// Where dots part the day's fields: written nowhere but day first.
    pub dotted: bool,
}

impl DateShape {
    /// Whether the order of the fields is open.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.day, DayPart::YearLast | DayPart::Short)
    }

    /// The day of these fields in an order, `None` where there is no such day.
    #[inline]
    pub(crate) fn day(&self, f: &Fields, order: Order) -> Option<i32> {
        match self.day {
            DayPart::YearFirst => checked_day(f[0], f[1], f[2]),
            DayPart::YearLast => match order {
                Order::DayMonthYear => checked_day(f[2], f[1], f[0]),
                Order::MonthDayYear => checked_day(f[2], f[0], f[1]),
                Order::YearMonthDay => None,
            },
            DayPart::Short => match order {
                Order::DayMonthYear => checked_day(full_year(f[2]), f[1], f[0]),
                Order::MonthDayYear => checked_day(full_year(f[2]), f[0], f[1]),
                Order::YearMonthDay => checked_day(full_year(f[0]), f[1], f[2]),
            },
            DayPart::Named { month, year_first, two_digits } => {
                let (day, year) = if year_first { (f[1], f[0]) } else { (f[0], f[1]) };
                let year = if two_digits { full_year(year) } else { year };
                checked_day(year, u32::from(month), day)
            }
            DayPart::Week => week_day(f[0], f[1], f[2]),
            DayPart::Joined => joined_day(f[0]),
            DayPart::Clock | DayPart::Digits(_) => None,
        }
    }

    /// The second of the day, [`NO_SECOND`] where no time is written, `None`
    /// where there is no such time.
    #[inline]
    pub(crate) fn second(&self, f: &Fields) -> Option<u32> {
        let Some(at) = self.hour else { return Some(NO_SECOND) };
        let at = usize::from(at) & (RUNS - 1);
        let hour = match self.after_noon {
            None => f[at],
            Some(true) if f[at] < 12 => f[at] + 12,
            Some(false) if f[at] == 12 => 0,
            Some(false) if f[at] > 12 => return None,
            Some(_) => f[at],
        };
        if self.joined_clock {
            let scale = if self.has_seconds { 1 } else { 100 };
            return joined_clock(hour.checked_mul(scale)?);
        }
        let minute = *f.get(at + 1)?;
        let second = if self.has_seconds { *f.get(at + 2)? } else { 0 };
        clock(hour, minute, second)
    }
}

/// The second of the day; a leap second counts as the last of its minute.
#[inline]
fn clock(hour: u32, minute: u32, second: u32) -> Option<u32> {
    (hour < 24 && minute < 60 && second <= 60)
        .then(|| hour * 3600 + minute * 60 + second.min(59))
}

/// The second of the day of a joined `hhmmss`.
#[inline]
pub(crate) fn joined_clock(digits: u32) -> Option<u32> {
    clock(digits / 10_000, digits / 100 % 100, digits % 100)
}

/// The day of a joined `YYYYMMDD`.
#[inline]
pub(crate) fn joined_day(digits: u32) -> Option<i32> {
    checked_day(digits / 10_000, digits / 100 % 100, digits % 100)
}

/// A day of a week, the first week being that of 4 January and beginning on a
/// Monday (ISO 8601-1, 5.2.3).
fn week_day(year: u32, week: u32, day: u32) -> Option<i32> {
    let first = checked_day(year, 1, 4)?;
    // Day 0 was a Thursday.
    let monday = |of: i32| of - (of + 3).rem_euclid(7);
    let next = monday(checked_day(year + 1, 1, 4)?);
    let found = monday(first) + (7 * week + day) as i32 - 8;
    ((1..=53).contains(&week) && (1..=7).contains(&day) && found < next).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    #[test]
    fn weeks_are_those_of_the_standard() {
        for (year, week, day, expected) in [
            (2024, 5, 3, Some("2024-01-31")),
            (2020, 53, 7, Some("2021-01-03")),
            (2021, 1, 1, Some("2021-01-04")),
            (2019, 1, 1, Some("2018-12-31")),
            (2021, 53, 1, None),
            (2024, 0, 1, None),
            (2024, 5, 8, None),
        ] {
            let found = week_day(year, week, day).map(|day| Day(day).to_string());
            assert_eq!(found.as_deref(), expected);
        }
    }
}
