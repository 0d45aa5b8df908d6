//! Dates of a column: which of its fields is the day, decided from every cell of
//! the column.

use serde::Serialize;

pub use super::date_decide::{Basis, decide, decide_clock, decide_together, explain};
use super::date_stats::{DateStats, Reading, Tally};
use super::evidence::Example;

/// No time is written.
pub const NO_SECOND: u32 = u32::MAX;
/// No offset from UTC is written.
pub const NO_OFFSET: i16 = i16::MIN;
/// The day of a clock time without a date.
pub const NO_DAY: i32 = i32::MIN;

/// A day and time as written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Days since 1970-01-01, [`NO_DAY`] for a clock time alone. A day number
    /// (`DateFormat::DayNumber`) stands as it is.
    pub day: i32,
    /// Second of the day, [`NO_SECOND`] where no time is written. Fractions are
    /// dropped.
    pub second: u32,
    /// Minutes east of UTC, 0 for UTC, [`NO_OFFSET`] where none is written.
    pub offset: i16,
}

impl Moment {
    /// Whether the moment is in UTC.
    pub fn utc(&self) -> bool {
        self.offset == 0
    }
}

/// How the dates of a column are to be read.
///
/// In the three orders of written fields, a cell that shows its order itself
/// (`2024-03-05`, `5 mars 2024`) is read by what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DateFormat {
    /// `2024-03-05`, `24/03/05`.
    YearMonthDay,
    /// `05/03/2024`, `5.3.24`.
    DayMonthYear,
    /// `03/05/2024`, `3-5-24`.
    MonthDayYear,
    /// `20240305`, `202403051126`, `20240305112600`.
    Joined,
    /// Seconds since 1970-01-01 UTC.
    UnixSeconds,
    /// Milliseconds since 1970-01-01 UTC.
    UnixMillis,
    /// Days since 1899-12-30 with a fraction for the time.
    ExcelSerial,
    /// A count of days with an origin of the file's own.
    DayNumber,
    /// `14:05`, `2:30:00 PM`.
    Clock,
    /// `0745`, `745`, `074530`.
    JoinedClock,
}

impl DateFormat {
    /// All formats.
    pub const ALL: [DateFormat; 10] = [
        DateFormat::YearMonthDay,
        DateFormat::DayMonthYear,
        DateFormat::MonthDayYear,
        DateFormat::Joined,
        DateFormat::UnixSeconds,
        DateFormat::UnixMillis,
        DateFormat::ExcelSerial,
        DateFormat::DayNumber,
        DateFormat::Clock,
        DateFormat::JoinedClock,
    ];

    /// Its code, as it is serialised.
    pub fn code(self) -> &'static str {
        match self {
            DateFormat::YearMonthDay => "yearMonthDay",
            DateFormat::DayMonthYear => "dayMonthYear",
            DateFormat::MonthDayYear => "monthDayYear",
            DateFormat::Joined => "joined",
            DateFormat::UnixSeconds => "unixSeconds",
            DateFormat::UnixMillis => "unixMillis",
            DateFormat::ExcelSerial => "excelSerial",
            DateFormat::DayNumber => "dayNumber",
            DateFormat::Clock => "clock",
            DateFormat::JoinedClock => "joinedClock",
        }
    }

    /// The format with this code.
    pub fn of_code(code: &str) -> Option<DateFormat> {
        DateFormat::ALL.into_iter().find(|f| f.code() == code)
    }
}

/// The plain numbers of a column, as far as they may be dates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Plain {
    /// Cells of digits only, and the least and the greatest of them.
    pub cells: u64,
    pub range: Option<(u64, u64)>,
    /// Cells with one mark between the digits, whole parts as range.
    pub fractions: u64,
    pub fraction_range: Option<(u64, u64)>,
}

impl Plain {
    pub(crate) fn widen(range: &mut Option<(u64, u64)>, low: u64, high: u64) {
        *range = Some(range.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
    }
}

/// What the cells of a column say about its dates. Rows count from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DateEvidence {
    /// Cells with a date in fields or names, valid or not.
    pub written: u64,
    /// Of these, cells whose order of fields is open, as in `05/03/2024`.
    pub open: u64,
    /// Cells with a clock time and no date.
    pub clocks: u64,
    /// Dates with a time.
    pub timed: u64,
    /// Cells with AM or PM.
    pub half_days: u64,
    /// Cells with an offset from UTC, UTC included.
    pub offsets: u64,
    /// Cells in UTC.
    pub utc: u64,
    /// Cells that are neither dates, times, digits nor words for nothing.
    pub others: u64,
    /// The first five of these.
    pub examples: Vec<Example>,
    pub(crate) dotted: u64,
    pub(crate) short: u64,
    pub(crate) stats: DateStats,
    pub(crate) plain: Plain,
}

/// What a column comes to in one format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Cells with a valid date.
    pub cells: u64,
    /// Cells without, words for nothing left out, and the first of them: the row
    /// that rules the format out.
    pub misfits: u64,
    /// Row of the first misfit.
    pub first_misfit: Option<u64>,
    /// First and last day, days since 1970-01-01.
    pub first_day: Option<i32>,
    /// The last day.
    pub last_day: Option<i32>,
    /// How often a row is later than the one before.
    pub rises: u64,
    /// How often it is earlier.
    pub falls: u64,
}

/// Days from 1970-01-01 back to day 0 of spreadsheets, 1899-12-30.
pub(crate) const SERIAL_EPOCH: i32 = 25_569;

impl DateEvidence {
    pub(crate) fn add_tally(&mut self, tally: &Tally) {
        self.written += tally.written;
        self.open += tally.open;
        self.clocks += tally.clocks;
        self.timed += tally.timed;
        self.half_days += tally.half_days;
        self.offsets += tally.offsets;
        self.utc += tally.utc;
        self.dotted += tally.dotted;
        self.short += tally.short;
    }

    /// What the column comes to in a format.
    pub fn span(&self, format: DateFormat) -> Span {
        let of = |reading: &Reading| Span {
            cells: reading.valid,
            misfits: reading.bad,
            first_misfit: (reading.bad > 0).then_some(reading.first_bad),
            first_day: (reading.valid > 0).then_some(reading.min),
            last_day: (reading.valid > 0).then_some(reading.max),
            rises: reading.rises,
            falls: reading.falls,
        };
        let plain = &self.plain;
        let numbers = |day: &dyn Fn(u64) -> i32| {
            let ends = plain.range.map(|(low, high)| (day(low), day(high)));
            Span {
                cells: plain.cells,
                first_day: ends.map(|e| e.0),
                last_day: ends.map(|e| e.1),
                ..Span::default()
            }
        };
        let capped = |day: u64| i32::try_from(day).unwrap_or(i32::MAX);
        match format {
            DateFormat::YearMonthDay => of(self.stats.order(0)),
            DateFormat::DayMonthYear => of(self.stats.order(1)),
            DateFormat::MonthDayYear => of(self.stats.order(2)),
            DateFormat::Joined => of(&self.stats.joined),
            DateFormat::Clock => {
                Span { first_day: None, last_day: None, ..of(&self.stats.clock) }
            }
            DateFormat::UnixSeconds => numbers(&|n| capped(n / 86_400)),
            DateFormat::UnixMillis => numbers(&|n| capped(n / 86_400_000)),
            DateFormat::DayNumber => numbers(&capped),
            DateFormat::ExcelSerial => {
                let mut all = Span::default();
                let mut range = plain.range;
                if let Some((low, high)) = plain.fraction_range {
                    Plain::widen(&mut range, low, high);
                }
                all.cells = plain.cells + plain.fractions;
                all.first_day = range.map(|r| capped(r.0).saturating_sub(SERIAL_EPOCH));
                all.last_day = range.map(|r| capped(r.1).saturating_sub(SERIAL_EPOCH));
                all
            }
            DateFormat::JoinedClock => Span {
                cells: plain.cells - self.stats.no_clock,
                misfits: self.stats.no_clock,
                ..Span::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DateFormat::*;
    use super::*;
    use crate::calendar::Day;
    use crate::columns::{Cell, Columns, Decision, Keep};

    fn columns(cells: &[&str]) -> Columns {
        let mut columns = Columns::new(vec!["x".into()], &[Keep::Packed]);
        for cell in cells {
            columns.push_with(|_| (cell.as_bytes(), false));
        }
        columns
    }

    fn shown(cell: Cell<Moment>) -> String {
        let Cell::Value(moment) = cell else { return format!("{cell:?}") };
        let day = match moment.day {
            NO_DAY => String::new(),
            day => Day(day).to_string(),
        };
        let time = match moment.second {
            NO_SECOND => String::new(),
            s => format!(" {:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
        };
        let offset = match moment.offset {
            NO_OFFSET => String::new(),
            minutes => format!(" {minutes:+}"),
        };
        format!("{day}{time}{offset}").trim_start().to_owned()
    }

    #[test]
    fn every_form_of_the_list_is_read_alone_and_kept_either_way() {
        for (text, format, moment) in [
            ("2010-12-01 08:26:00", YearMonthDay, "2010-12-01 08:26:00"),
            ("2010-12-01", YearMonthDay, "2010-12-01"),
            ("2017-06-17T08:04:21+00:00", YearMonthDay, "2017-06-17 08:04:21 +0"),
            ("2017-06-17T08:04:21Z", YearMonthDay, "2017-06-17 08:04:21 +0"),
            ("2017-06-17T08:04:21.123Z", YearMonthDay, "2017-06-17 08:04:21 +0"),
            ("2025-10-07 09:50:26 +0200", YearMonthDay, "2025-10-07 09:50:26 +120"),
            ("2025-10-07 09:50:26-05", YearMonthDay, "2025-10-07 09:50:26 -300"),
            (
                "2025-10-07 09:50:26.123456+05:30",
                YearMonthDay,
                "2025-10-07 09:50:26 +330",
            ),
            ("2025-10-07 09:50:26 UTC", YearMonthDay, "2025-10-07 09:50:26 +0"),
            ("2024-03-12 09:14", YearMonthDay, "2024-03-12 09:14:00"),
            ("2024/3/5", YearMonthDay, "2024-03-05"),
            ("2024.03.05", YearMonthDay, "2024-03-05"),
            ("24-03-05", YearMonthDay, "2024-03-05"),
            ("05/03/2024", DayMonthYear, "2024-03-05"),
            ("05/03/2024", MonthDayYear, "2024-05-03"),
            ("10/05/2026 22:05:43", DayMonthYear, "2026-05-10 22:05:43"),
            ("03/01/2026 10:00:00 AM", MonthDayYear, "2026-03-01 10:00:00"),
            ("03/01/2026 12:00:00 AM", MonthDayYear, "2026-03-01 00:00:00"),
            ("3/1/2026, 12:30 p.m.", MonthDayYear, "2026-03-01 12:30:00"),
            ("3/1/2026 2:30:00\u{202F}PM", MonthDayYear, "2026-03-01 14:30:00"),
            ("5.3.2024", DayMonthYear, "2024-03-05"),
            ("5. 3. 2024", DayMonthYear, "2024-03-05"),
            ("05-03-24", DayMonthYear, "2024-03-05"),
            ("12/1/2010 8:26", MonthDayYear, "2010-12-01 08:26:00"),
            ("Jul-25-26", YearMonthDay, "2026-07-25"),
            ("10-Dez-25", DayMonthYear, "2025-12-10"),
            ("25-JUL-2026", YearMonthDay, "2026-07-25"),
            ("05Mar2024", YearMonthDay, "2024-03-05"),
            ("2024-Mar-05", YearMonthDay, "2024-03-05"),
            ("May 1, 2024 10:00:00 AM", YearMonthDay, "2024-05-01 10:00:00"),
            ("March 5th, 2024", YearMonthDay, "2024-03-05"),
            ("Tue, 5 Mar 2024 10:11:12 GMT", YearMonthDay, "2024-03-05 10:11:12 +0"),
            ("5. März 2024", YearMonthDay, "2024-03-05"),
            ("Di., 5. März 2024 um 14:05", YearMonthDay, "2024-03-05 14:05:00"),
            ("5 mars 2024", YearMonthDay, "2024-03-05"),
            ("1er août 2024 à 14h05", YearMonthDay, "2024-08-01 14:05:00"),
            ("15 févr. 2024", YearMonthDay, "2024-02-15"),
            ("5 de marzo de 2024", YearMonthDay, "2024-03-05"),
            ("5 ene. 2024 14:05", YearMonthDay, "2024-01-05 14:05:00"),
            ("2024年3月5日", YearMonthDay, "2024-03-05"),
            ("2024年03月05日 10時11分12秒", YearMonthDay, "2024-03-05 10:11:12"),
            ("2024年3月5日(火) 下午2:30", YearMonthDay, "2024-03-05 14:30:00"),
            ("2024年3月5日下午2:30", YearMonthDay, "2024-03-05 14:30:00"),
            ("2024년 3월 5일", YearMonthDay, "2024-03-05"),
            ("２０２４／０３／０５", YearMonthDay, "2024-03-05"),
            ("05/Mar/2024:10:11:12 +0100", YearMonthDay, "2024-03-05 10:11:12 +60"),
            ("20240305 10:11:12", YearMonthDay, "2024-03-05 10:11:12"),
            ("20240305T101112Z", YearMonthDay, "2024-03-05 10:11:12 +0"),
            (
                "Wednesday, September 25, 2024 at 10:11:12 AM",
                YearMonthDay,
                "2024-09-25 10:11:12",
            ),
            (
                "Tue Mar 05 2024 10:11:12 GMT+0100 (Central European Time)",
                YearMonthDay,
                "2024-03-05 10:11:12 +60",
            ),
            ("\t2024-03-05", YearMonthDay, "2024-03-05"),
            ("'2024-03-05", YearMonthDay, "2024-03-05"),
            ("=\"2024-03-05\"", YearMonthDay, "2024-03-05"),
            ("20240305", Joined, "2024-03-05"),
            ("202403051126", Joined, "2024-03-05 11:26:00"),
            ("20240305112659", Joined, "2024-03-05 11:26:59"),
            ("1709633472", UnixSeconds, "2024-03-05 10:11:12 +0"),
            ("1709633472123", UnixMillis, "2024-03-05 10:11:12 +0"),
            ("45356", ExcelSerial, "2024-03-05"),
            ("45356.5", ExcelSerial, "2024-03-05 12:00:00"),
            ("45356,424444444", ExcelSerial, "2024-03-05 10:11:12"),
            ("45356.999999999", ExcelSerial, "2024-03-06 00:00:00"),
            ("19787", DayNumber, "2024-03-05"),
            ("14:05", Clock, "14:05:00"),
            ("2:30:00 PM", Clock, "14:30:00"),
            ("12:59:30", Clock, "12:59:30"),
            ("0745", JoinedClock, "07:45:00"),
            ("745", JoinedClock, "07:45:00"),
            ("5", JoinedClock, "00:05:00"),
            ("074530", JoinedClock, "07:45:30"),
        ] {
            for keep in [Keep::Packed, Keep::Text] {
                let mut columns = Columns::new(vec!["x".into()], &[keep]);
                columns.push_with(|_| (text.as_bytes(), false));
                assert_eq!(shown(columns.date(0, 0, format)), moment, "{text} {keep:?}");
            }
        }
    }

    #[test]
    fn no_such_day_is_bad_and_no_word_for_it_is_empty() {
        for (text, format, shape) in [
            ("2023-02-29", YearMonthDay, "Bad"),
            ("2024-13-05", YearMonthDay, "Bad"),
            ("31/04/2024", DayMonthYear, "Bad"),
            ("13/05/2024", MonthDayYear, "Bad"),
            ("05/03/2024", YearMonthDay, "Bad"),
            ("2024-03-05 24:01", YearMonthDay, "Bad"),
            ("2024-03-05", Joined, "Bad"),
            ("1.50", YearMonthDay, "Bad"),
            ("soon", YearMonthDay, "Bad"),
            ("5 Foo 2024", YearMonthDay, "Bad"),
            ("", YearMonthDay, "Empty"),
            ("--", YearMonthDay, "Empty"),
            ("N/A", DayMonthYear, "Empty"),
        ] {
            assert_eq!(shown(columns(&[text]).date(0, 0, format)), shape, "{text}");
        }
    }

    fn found(cells: &[&str]) -> (Decision<DateFormat>, Basis) {
        explain(&columns(cells).evidence(0).dates)
    }

    #[test]
    fn one_row_rules_a_reading_out() {
        let (decision, basis) = found(&["01/02/2024", "", "05/05/2024", "13/02/2024"]);
        assert_eq!((decision, basis), (Decision::Decided(DayMonthYear), Basis::Row(3)));
        let (decision, basis) = found(&["12/1/2010 8:26", "12/13/2010 9:00"]);
        assert_eq!((decision, basis), (Decision::Decided(MonthDayYear), Basis::Row(1)));
        // Etsy: MM/DD/YY; 25 can be no month, neither second nor after a year 07.
        let (decision, _) = found(&["07/04/26", "07/25/26"]);
        assert_eq!(decision, Decision::Decided(MonthDayYear));
    }

    #[test]
    fn what_the_rows_leave_open_is_asked_with_both_ranges() {
        let cells = ["03/01/2024", "07/02/2024", "05/11/2024", "01/09/2024"];
        let evidence = columns(&cells).evidence(0).dates;
        let Decision::Open(formats) = decide(&evidence) else { panic!("must be open") };
        assert_eq!(formats.len(), 2);
        let day = |text: &str| Day::parse(text).ok().map(|d| d.0);
        let span = evidence.span(DayMonthYear);
        assert_eq!(
            (span.first_day, span.last_day),
            (day("2024-01-03"), day("2024-11-05"))
        );
        let span = evidence.span(MonthDayYear);
        assert_eq!(
            (span.first_day, span.last_day),
            (day("2024-01-09"), day("2024-07-02"))
        );
    }

    #[test]
    fn dots_the_order_of_rows_and_equal_days_decide() {
        assert_eq!(
            found(&["03.01.2024", "07.02.2024"]),
            (Decision::Decided(DayMonthYear), Basis::Dots)
        );
        assert_eq!(
            found(&["01/01/2024", "02/02/2024", "2024-05-09"]),
            (Decision::Decided(DayMonthYear), Basis::Same)
        );
        let rising: Vec<String> = (0..24)
            .map(|k| format!("{:02}/{:02}/2024", 1 + 5 * (k % 2) + k / 8, 1 + k / 2))
            .collect();
        let rising: Vec<&str> = rising.iter().map(String::as_str).collect();
        assert_eq!(found(&rising), (Decision::Decided(DayMonthYear), Basis::RowOrder));
        let falling: Vec<&str> = rising.iter().rev().copied().collect();
        assert_eq!(found(&falling), (Decision::Decided(DayMonthYear), Basis::RowOrder));
    }

    #[test]
    fn two_digit_years_that_would_spread_over_decades_are_not_years() {
        let cells: Vec<String> = (0..60)
            .map(|k| {
                format!("{:02}-{:02}-{}", 1 + k * 11 % 28, 1 + k * 5 % 12, 24 + k % 2)
            })
            .collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        assert_eq!(found(&cells), (Decision::Decided(DayMonthYear), Basis::Range));
    }

    #[test]
    fn plain_numbers_are_told_by_their_range() {
        for (cells, format) in [
            (["19970101", "19980630"], Joined),
            (["1291190000", "1323450000"], UnixSeconds),
            (["1291190000000", "1323450000123"], UnixMillis),
            (["40513", "40886.75"], ExcelSerial),
            (["1", "711"], DayNumber),
            (["14:05", "9:30"], Clock),
        ] {
            assert_eq!(
                decide(&columns(&cells).evidence(0).dates),
                Decision::Decided(format)
            );
        }
        assert_eq!(decide(&columns(&["x", "y"]).evidence(0).dates), Decision::None);
        assert_eq!(decide(&columns(&["-5", "3.25"]).evidence(0).dates), Decision::None);
        let times = columns(&["0745", "2359", "5"]).evidence(0).dates;
        assert_eq!(decide_clock(&times), Decision::Decided(JoinedClock));
        assert_eq!(
            decide_clock(&columns(&["0745", "0790"]).evidence(0).dates),
            Decision::None
        );
    }

    #[test]
    fn an_open_column_follows_the_others_of_its_file() {
        let open = columns(&["03/01/2024", "07/02/2024"]).evidence(0).dates;
        let clear = columns(&["03/01/2024", "27/02/2024"]).evidence(0).dates;
        let found = decide_together(&[&open, &clear]);
        assert_eq!(found[0], (Decision::Decided(DayMonthYear), Basis::OtherColumns));
        let other = columns(&["03/01/2024", "02/27/2024"]).evidence(0).dates;
        let found = decide_together(&[&open, &clear, &other]);
        assert!(matches!(found[0].0, Decision::Open(_)));
    }
}
