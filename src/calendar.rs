//! Civil days and the units of time, as types that cannot be mixed.

mod date;

use serde::{Serialize, Serializer};

pub use date::Date;
pub(crate) use date::day_number;

use crate::error::{Error, Result};

/// A civil day: days since 1970-01-01, as written in the file.
///
/// Orders keep their days as plain `i32` in columns; `Day` is the type of a
/// single day, such as `as_of`. Serialised as an ISO date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date.
    ///
    /// # Errors
    /// `bad-date` when there is no such day between the years -9999 and 9999.
    ///
    /// ```
    /// use regulars::calendar::Day;
    /// assert_eq!(Day::from_ymd(1970, 1, 2)?, Day(1));
    /// # Ok::<(), regulars::error::Error>(())
    /// ```
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Result<Day> {
        Date::new(year, month, day).map(Day::from_civil).ok_or_else(|| {
            Error::new("bad-date").with("text", format!("{year}-{month:02}-{day:02}"))
        })
    }

    /// The day of an ISO date, `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `bad-date` when the text is not an ISO date.
    pub fn parse(text: &str) -> Result<Day> {
        Date::parse(text)
            .map(Day::from_civil)
            .ok_or_else(|| Error::new("bad-date").with("text", text))
    }

    /// The civil date of this day; days out of the calendar are held at its ends.
    pub fn civil(self) -> Date {
        Date::of_day(self.0)
    }

    /// The day of a civil date.
    pub fn from_civil(date: Date) -> Day {
        Day(date.day_number())
    }

    /// The day so many days later (earlier when negative), saturating.
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Days from `earlier` to this day, negative when it is later.
    pub fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.civil())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Day> for crate::message::Param {
    fn from(day: Day) -> Self {
        crate::message::Param::Text(day.to_string())
    }
}

/// A length of time in whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub u32);

/// A length of time in weeks of seven days, the unit in which models are fitted.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weeks(pub f64);

impl From<Days> for Weeks {
    /// Days are divided by seven exactly once, here.
    fn from(days: Days) -> Weeks {
        Weeks(f64::from(days.0) / 7.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for n in (-800_000..2_900_000).step_by(997) {
            assert_eq!(Day::from_civil(Day(n).civil()), Day(n));
        }
        assert_eq!(Day::parse("2011-12-09").unwrap().to_string(), "2011-12-09");
    }
}
