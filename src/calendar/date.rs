//! Year, month and day of a civil day, after H. Hinnant, "chrono-Compatible Low-Level
//! Date Algorithms", `days_from_civil` and `civil_from_days`.

use std::fmt;

/// The first and the last year that have days.
const YEARS: std::ops::RangeInclusive<i16> = -9999..=9999;

/// A date of the proleptic Gregorian calendar, between the years -9999 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: i8,
    day: i8,
}

impl Date {
    /// The first date there is.
    pub const MIN: Date = Date { year: *YEARS.start(), month: 1, day: 1 };
    /// The last.
    pub const MAX: Date = Date { year: *YEARS.end(), month: 12, day: 31 };

    /// The date of a year, a month and a day; `None` where there is none.
    ///
    /// ```
    /// use regulars::calendar::Date;
    /// assert_eq!(Date::new(2024, 2, 29).map(|date| date.day()), Some(29));
    /// assert_eq!(Date::new(2023, 2, 29), None);
    /// ```
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        let known = YEARS.contains(&year) && (1..=12).contains(&month);
        (known && (1..=length(year, month)).contains(&day)).then_some(Date {
            year,
            month,
            day,
        })
    }

    /// The date of an ISO text, `YYYY-MM-DD`; what follows after a `T` or a space is
    /// the time of day. `None` where the text is none.
    pub fn parse(text: &str) -> Option<Date> {
        let date = text.split_once(['T', 't', ' ']).map_or(text, |(date, _)| date);
        let mut parts = date.split('-');
        let mut next = |width: usize| {
            let part = parts.next()?;
            let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.bytes().fold(0, |n, b| n * 10 + i16::from(b - b'0')))
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        if parts.next().is_some() {
            return None;
        }
        Date::new(year, month as i8, day as i8)
    }

    /// The date so many days after 1970-01-01, held at the ends of the calendar.
    pub fn of_day(day: i32) -> Date {
        // Eras of 400 years, which begin in March of a year divisible by 400.
        let day = i64::from(day) + 719_468;
        let era = day.div_euclid(146_097);
        let of_era = day.rem_euclid(146_097);
        let year_of_era =
            (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        match i16::try_from(year) {
            Ok(year) if YEARS.contains(&year) => {
                Date { year, month: month as i8, day: day as i8 }
            }
            _ if era < 0 => Date::MIN,
            _ => Date::MAX,
        }
    }

    /// Days from 1970-01-01.
    pub fn day_number(self) -> i32 {
        day_number(i32::from(self.year), self.month as u32, self.day as u32)
    }

    /// The year; 0 is the one before year 1.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.day
    }

    /// How many days the month has.
    pub fn days_in_month(self) -> i8 {
        length(self.year, self.month)
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_of_month(self) -> Date {
        Date { day: 1, ..self }
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_of_month(self) -> Date {
        Date { day: self.days_in_month(), ..self }
    }

    /// The week of ISO 8601 with its year: weeks begin on Monday and belong to the year
    /// that has their Thursday.
    pub fn iso_week(self) -> (i16, i8) {
        let day = self.day_number();
        let thursday = Date::of_day(day - (day + 3).rem_euclid(7) + 3);
        let first = Date { month: 1, day: 1, ..thursday };
        let week = (thursday.day_number() - first.day_number()) / 7 + 1;
        (thursday.year, week as i8)
    }
}

/// Days from 1970-01-01 to a date, which must be valid; years from -9999 to 9999.
#[inline]
pub(crate) fn day_number(year: i32, month: u32, day: u32) -> i32 {
    // Whole eras of 400 years make every year positive; it begins in March, so that
    // the leap day is its last.
    let year = (year + 12_000) as u32 - u32::from(month <= 2);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year;
    // Days from -12000-03-01 to 1970-01-01.
    days as i32 - 5_102_378
}

/// Days of a month, from 1 to 12.
fn length(year: i16, month: i8) -> i8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i8::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = *self;
        if year < 0 {
            write!(f, "-{:06}-{month:02}-{day:02}", -year)
        } else {
            write!(f, "{year:04}-{month:02}-{day:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_jiff_on_every_day_and_every_impossible_date() {
        let mut civil = jiff::civil::Date::MIN;
        for day in Date::MIN.day_number()..=Date::MAX.day_number() {
            let date = Date::of_day(day);
            assert_eq!(
                (date.year, date.month, date.day),
                (civil.year(), civil.month(), civil.day())
            );
            assert_eq!(date.day_number(), day);
            if day % 7 == 0 || civil.year() > 1900 && civil.year() < 2100 {
                let week = civil.iso_week_date();
                assert_eq!(date.iso_week(), (week.year(), week.week()));
                assert_eq!(date.days_in_month(), civil.days_in_month());
                assert_eq!(date.to_string(), civil.to_string());
            }
            civil = civil.tomorrow().unwrap_or(civil);
        }
        for year in (-10_001..=10_001).step_by(3) {
            for (month, day) in (-1..=14).flat_map(|m| (-1..=32).map(move |d| (m, d))) {
                let expected = jiff::civil::Date::new(year, month, day).is_ok();
                assert_eq!(Date::new(year, month, day).is_some(), expected);
            }
        }
        assert_eq!(Date::of_day(i32::MIN), Date::MIN);
        assert_eq!(Date::of_day(i32::MAX), Date::MAX);
    }

    #[test]
    fn only_whole_dates_are_read() {
        let date = Date::new(2011, 12, 9);
        for text in ["2011-12-09", "2011-12-09T10:00:00Z", "2011-12-09 10:00"] {
            assert_eq!(Date::parse(text), date, "{text}");
        }
        for text in ["", "2011-12", "2011-12-9", "2011-12-09-1", "+211-12-09", "9.12.11"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
