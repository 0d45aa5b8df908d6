//! Dates of a column: which of its fields is the day, decided from every cell of
//! the column.

use serde::Serialize;

use super::date_stats::{DateStats, Reading, Tally};
use super::evidence::{Decision, Example};

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
const FIRST_SERIAL: u64 = 20_000;
const LAST_SERIAL: u64 = 80_000;

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

/// Why a format was decided on, in words' stead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// The cells show it themselves.
    Form,
    /// This row (from 0) ruled the other order out: its day is above 12.
    Row(u64),
    /// Dots part the fields, which nobody writes month first.
    Dots,
    /// The rows are in order of time so, and otherwise not.
    RowOrder,
    /// The other reading would spread the dates over decades.
    Range,
    /// Both readings make the same days.
    Same,
    /// The other date columns of the file are so.
    OtherColumns,
    /// Nothing decides.
    Nothing,
}

const ORDERED: [DateFormat; 3] =
    [DateFormat::YearMonthDay, DateFormat::DayMonthYear, DateFormat::MonthDayYear];

/// How the dates of a column are to be read; see [`explain`].
pub fn decide(evidence: &DateEvidence) -> Decision<DateFormat> {
    explain(evidence).0
}

/// How the dates of a column are to be read, and why.
///
/// First by elimination over all rows, then by evidence: dots, the order of the
/// rows, a range of decades for years of two digits. A column of plain numbers is
/// read by its range. Which role the column has is not asked: a column of small
/// whole numbers comes out as day numbers.
pub fn explain(evidence: &DateEvidence) -> (Decision<DateFormat>, Basis) {
    let plain = evidence.plain.cells + evidence.plain.fractions;
    if evidence.written > 0 && evidence.written >= plain.max(evidence.clocks) {
        return fields(evidence);
    }
    if evidence.clocks > 0 && evidence.clocks >= plain {
        return (Decision::Decided(DateFormat::Clock), Basis::Form);
    }
    match numbers(evidence) {
        Some(format) => (Decision::Decided(format), Basis::Form),
        None => (Decision::None, Basis::Nothing),
    }
}

/// Dates in fields: which order.
fn fields(evidence: &DateEvidence) -> (Decision<DateFormat>, Basis) {
    let spans = ORDERED.map(|format| (format, evidence.span(format)));
    let fewest = spans.iter().map(|(_, s)| s.misfits).min().unwrap_or(0);
    if fewest == evidence.written {
        return (Decision::None, Basis::Nothing);
    }
    if evidence.open == 0 {
        return (Decision::Decided(DateFormat::YearMonthDay), Basis::Form);
    }
    let mut left: Vec<_> = spans.iter().filter(|(_, s)| s.misfits == fewest).collect();
    if let [(format, _)] = left[..] {
        // The row that ruled out the last of the others which its form allows.
        let others = spans.iter().filter(|(f, _)| {
            f != format
                && (*f != DateFormat::YearMonthDay || evidence.short == evidence.open)
        });
        let row = others.filter_map(|(_, s)| s.first_misfit).max();
        return (Decision::Decided(*format), row.map_or(Basis::Form, Basis::Row));
    }
    let has =
        |left: &[&(DateFormat, Span)], format| left.iter().any(|(f, _)| *f == format);
    let mut basis = Basis::Nothing;
    if evidence.dotted == evidence.open && has(&left, DateFormat::DayMonthYear) {
        left.retain(|(format, _)| *format != DateFormat::MonthDayYear);
        basis = Basis::Dots;
    }
    let days = |s: &Span| match (s.first_day, s.last_day) {
        (Some(first), Some(last)) => i64::from(last) - i64::from(first) + 1,
        _ => 1,
    };
    let narrowest = left.iter().map(|(_, s)| days(s)).min().unwrap_or(1);
    let wide = |s: &Span| s.cells >= 20 && days(s) > 3650 && days(s) > 4 * narrowest;
    if left.iter().any(|(_, s)| wide(s)) {
        left.retain(|(_, s)| !wide(s));
        basis = Basis::Range;
    }
    if let [(format, _)] = left[..] {
        return (Decision::Decided(*format), basis);
    }
    if evidence.stats.differing == 0 && !has(&left, DateFormat::YearMonthDay) {
        return (Decision::Decided(DateFormat::DayMonthYear), Basis::Same);
    }
    // Rows that follow time in one reading and jump about in the others.
    let disorder = |s: &Span| {
        let changes = s.rises + s.falls;
        if changes == 0 { 1.0 } else { s.rises.min(s.falls) as f64 / changes as f64 }
    };
    let orderly = |s: &Span| s.rises + s.falls >= 8 && disorder(s) <= 0.02;
    let in_order: Vec<_> = left.iter().filter(|(_, s)| orderly(s)).collect();
    if let [(format, _)] = in_order[..]
        && left.iter().all(|(f, s)| f == format || disorder(s) >= 0.1)
    {
        return (Decision::Decided(*format), Basis::RowOrder);
    }
    left.sort_by(|a, b| {
        disorder(&a.1).total_cmp(&disorder(&b.1)).then(days(&a.1).cmp(&days(&b.1)))
    });
    (Decision::Open(left.iter().map(|(f, _)| *f).collect()), Basis::Nothing)
}

/// Plain numbers: by their range.
fn numbers(evidence: &DateEvidence) -> Option<DateFormat> {
    let plain = &evidence.plain;
    let joined = &evidence.stats.joined;
    let years = joined.valid > 0 && joined.min >= -25_567 && joined.max <= 73_049;
    if years && joined.valid * 100 >= plain.cells * 99 {
        return Some(DateFormat::Joined);
    }
    let within = |range: Option<(u64, u64)>, low: u64, high: u64| {
        range.is_none_or(|(a, b)| (low..=high).contains(&a) && (low..=high).contains(&b))
    };
    if plain.fractions > 0 {
        let serials = within(plain.fraction_range, FIRST_SERIAL, LAST_SERIAL)
            && within(plain.range, FIRST_SERIAL, LAST_SERIAL);
        return serials.then_some(DateFormat::ExcelSerial);
    }
    let (low, high) = plain.range?;
    if within(plain.range, 100_000_000, 4_200_000_000) {
        Some(DateFormat::UnixSeconds)
    } else if within(plain.range, 100_000_000_000, 4_200_000_000_000) {
        Some(DateFormat::UnixMillis)
    } else if low >= FIRST_SERIAL && (25_569..=LAST_SERIAL).contains(&high) {
        Some(DateFormat::ExcelSerial)
    } else {
        (high < 1_000_000).then_some(DateFormat::DayNumber)
    }
}

/// How the times of a column without dates are to be read.
pub fn decide_clock(evidence: &DateEvidence) -> Decision<DateFormat> {
    let plain = &evidence.plain;
    if evidence.clocks > 0 && evidence.clocks >= plain.cells {
        return Decision::Decided(DateFormat::Clock);
    }
    if plain.cells > 0 && evidence.stats.no_clock * 100 <= plain.cells {
        return Decision::Decided(DateFormat::JoinedClock);
    }
    // A full date where a time was expected still holds one.
    if evidence.timed > 0 { decide(evidence) } else { Decision::None }
}

/// The decisions of several columns of one file. What one column leaves open
/// follows the others, where those that are decided by their cells all agree.
pub fn decide_together(columns: &[&DateEvidence]) -> Vec<(Decision<DateFormat>, Basis)> {
    let found: Vec<_> = columns.iter().map(|e| explain(e)).collect();
    let mut votes: Vec<DateFormat> = Vec::new();
    for ((decision, basis), evidence) in found.iter().zip(columns) {
        if let (Decision::Decided(format), true) = (decision, evidence.open > 0)
            && *basis != Basis::Same
        {
            votes.push(*format);
        }
    }
    votes.sort();
    votes.dedup();
    let agreed = if let [only] = votes[..] { Some(only) } else { None };
    let follow = |(decision, basis)| match (&decision, agreed) {
        (Decision::Open(formats), Some(format)) if formats.contains(&format) => {
            (Decision::Decided(format), Basis::OtherColumns)
        }
        _ => (decision, basis),
    };
    found.into_iter().map(follow).collect()
}
