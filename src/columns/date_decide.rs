//! Deciding how the dates of a column are to be read, from all its cells.

use serde::Serialize;

use super::date::{DateEvidence, DateFormat, Span};
use super::evidence::Decision;
use crate::sort::Order;

/// Serials of spreadsheets from 1954 to 2119.
const FIRST_SERIAL: u64 = 20_000;
const LAST_SERIAL: u64 = 80_000;

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
    /// The other reading would spread the dates over many years.
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
    // Of years of two digits, the wrong end makes years of days.
    let short = has(&left, DateFormat::YearMonthDay);
    let wide = |s: &Span| {
        s.cells >= 20 && days(s) > 9131 && days(s) > 4 * narrowest
            || short && s.cells >= 4 && days(s) > 8 * narrowest
    };
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
    left.order_by(|a, b| {
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
    votes.order();
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
