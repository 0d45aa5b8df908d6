//! How the dates and numbers of the mapped columns are written, over all files;
//! what stays open is asked, with both readings and what they come to.

use std::sync::Arc;

use super::LoadOptions;
use super::plan::Plan;
use super::sources::{DateColumn, NumberColumn, Source};
use crate::calendar::Day;
use crate::columns::{Convention, DateFormat, Decision, Span, Total, date, number};
use crate::error::{Error, Result};
use crate::mapping::{Choice, Question, ReadAs, Role, says_utc};
use crate::message::{Message, Params};
use crate::money::Scale;
use crate::reader::Reading;
use crate::sort::Order;

/// Decides the formats of all date and number columns of the plan.
///
/// # Errors
/// `unreadable-dates` when a date column holds no dates, `bad-answer` when an
/// answer is none of the choices.
pub(crate) fn settle(
    plan: &mut Plan,
    readings: &[Arc<Reading>],
    options: &LoadOptions,
) -> Result<()> {
    for at in 0..plan.sources[0].date.len() {
        settle_date(plan, readings, options, at)?;
    }
    for at in 0..plan.sources[0].time.len() {
        for (source, reading) in plan.sources.iter_mut().zip(readings) {
            let column = &mut source.time[at];
            let evidence = reading.columns.study(column.column).dates;
            column.format = match date::decide(&evidence) {
                Decision::Decided(format) => format,
                _ => DateFormat::Clock,
            };
        }
    }
    plan.zoned = is_zoned(plan, readings);
    settle_numbers(plan, readings, options)
}

/// Whether any date or time carries an offset from UTC or is in UTC.
fn is_zoned(plan: &Plan, readings: &[Arc<Reading>]) -> bool {
    plan.sources.iter().zip(readings).any(|(source, reading)| {
        source.date.iter().chain(&source.time).any(|date| {
            date.utc
                || matches!(date.format, DateFormat::UnixSeconds | DateFormat::UnixMillis)
                || reading.columns.study(date.column).dates.offsets > 0
        })
    })
}

/// The format of one date column: an answer, else what the files decide.
fn settle_date(
    plan: &mut Plan,
    readings: &[Arc<Reading>],
    options: &LoadOptions,
    at: usize,
) -> Result<()> {
    let first = plan.sources[0].date[at].column;
    let id = format!("date:{first}");
    let name = readings[0].columns.name(first).to_string();
    let answer = match options.answers.get(&id) {
        None => None,
        Some(code) => {
            Some(DateFormat::of_code(code).ok_or_else(|| bad_answer(&id, code))?)
        }
    };
    let evidence = |file: usize, sources: &[Source]| {
        let column = sources[file].date[at].column;
        readings[file].columns.study(column).dates
    };
    let decisions: Vec<Decision<DateFormat>> = (0..readings.len())
        .map(|file| date::decide(&evidence(file, &plan.sources)))
        .collect();
    let mut decided: Vec<DateFormat> =
        decisions.iter().filter_map(|d| d.decided().copied()).collect();
    decided.order();
    decided.dedup();
    let mut open: Option<Vec<DateFormat>> = None;
    for (file, decision) in decisions.iter().enumerate() {
        let format = match (answer, decision, &decided[..]) {
            (Some(answer), ..) => answer,
            (None, Decision::Decided(format), _) => *format,
            (None, Decision::Open(formats), [only]) if formats.contains(only) => *only,
            (None, Decision::Open(formats), _) => {
                open.get_or_insert_with(|| formats.clone());
                formats.first().copied().unwrap_or(DateFormat::YearMonthDay)
            }
            // A file without a single date reads as the others do.
            (None, Decision::None, [first, ..]) => *first,
            (None, Decision::None, []) => DateFormat::YearMonthDay,
        };
        plan.sources[file].date[at].format = format;
    }
    let none = decisions.iter().all(|d| matches!(d, Decision::None));
    if none && answer.is_none() && at + 1 == plan.sources[0].date.len() {
        let example = evidence(0, &plan.sources).examples.first().cloned();
        let mut error = Error::new("unreadable-dates").with("column", name);
        if let Some(example) = example {
            error = error
                .with("row", readings[0].row(example.row as usize))
                .with("text", example.text);
        }
        return Err(error);
    }
    if let Some(formats) = open {
        let span = |format: DateFormat| {
            (0..readings.len())
                .map(|file| evidence(file, &plan.sources).span(format))
                .reduce(joined)
                .unwrap_or_default()
        };
        let choices = formats.iter().map(|&format| date_choice(format, span(format)));
        let choices: Vec<Choice> = choices.collect();
        plan.questions.push(Question {
            id,
            code: "which-date-order",
            params: Params::from([("column", name.as_str().into())]),
            choices,
        });
    }
    Ok(())
}

fn joined(a: Span, b: Span) -> Span {
    Span {
        cells: a.cells + b.cells,
        misfits: a.misfits + b.misfits,
        first_day: [a.first_day, b.first_day].into_iter().flatten().min(),
        last_day: [a.last_day, b.last_day].into_iter().flatten().max(),
        ..a
    }
}

fn date_choice(format: DateFormat, span: Span) -> Choice {
    let code = match format {
        DateFormat::DayMonthYear => "dates-day-first",
        DateFormat::MonthDayYear => "dates-month-first",
        DateFormat::YearMonthDay => "dates-year-first",
        DateFormat::Joined => "dates-joined",
        DateFormat::UnixSeconds => "dates-unix",
        DateFormat::UnixMillis => "dates-unix-millis",
        DateFormat::ExcelSerial => "dates-serial",
        DateFormat::DayNumber => "dates-counted",
        _ => "dates-otherwise",
    };
    let mut message = Message::new(code);
    if let (Some(first), Some(last)) = (span.first_day, span.last_day) {
        message = message.with("from", Day(first)).with("to", Day(last));
    }
    Choice { value: format.code().to_owned(), message }
}

/// The convention of every number column. What one column leaves open follows
/// the others of its file, then those of the other files.
fn settle_numbers(
    plan: &mut Plan,
    readings: &[Arc<Reading>],
    options: &LoadOptions,
) -> Result<()> {
    let count = numbers(&plan.sources[0]).len();
    let mut decisions: Vec<Vec<Decision<Convention>>> = Vec::new();
    for (source, reading) in plan.sources.iter().zip(readings) {
        let columns = numbers(source);
        let evidence: Vec<_> =
            columns.iter().map(|n| reading.columns.study(n.column).numbers).collect();
        let evidence: Vec<_> = evidence.iter().collect();
        decisions.push(number::decide_together(&evidence));
    }
    for at in 0..count {
        let first = numbers(&plan.sources[0])[at].column;
        let id = format!("number:{first}");
        let answer = match options.answers.get(&id) {
            None => None,
            Some(code) => {
                Some(Convention::of_code(code).ok_or_else(|| bad_answer(&id, code))?)
            }
        };
        let whole = plan.sources[0].quantity.is_some_and(|q| q.column == first);
        let mut open: Option<Vec<Convention>> = None;
        let mut agreed: Vec<Convention> =
            decisions.iter().filter_map(|d| d[at].decided().copied()).collect();
        agreed.dedup();
        for file in 0..readings.len() {
            let column = numbers(&plan.sources[file])[at].column;
            let mut decision = decisions[file][at].clone();
            if whole && matches!(decision, Decision::Open(_)) {
                let evidence = readings[file].columns.study(column).numbers;
                decision = number::decide_whole(&evidence);
            }
            if matches!(decision, Decision::Open(_))
                && is_east_asian(readings[file].columns.name(column))
            {
                decision = Decision::Decided(Convention::Point);
            }
            let convention = match (answer, decision, &agreed[..]) {
                (Some(answer), ..) => answer,
                (None, Decision::Decided(convention), _) => convention,
                (None, Decision::Open(_), [only]) => *only,
                (None, Decision::Open(readings), _) => {
                    let first = readings.first().copied();
                    open.get_or_insert(readings);
                    first.unwrap_or(Convention::Point)
                }
                (None, Decision::None, _) => Convention::Point,
            };
            set_convention(&mut plan.sources[file], at, convention);
        }
        if let Some(conventions) = open {
            let question = number_question(plan, readings, at, id, &conventions);
            plan.questions.push(question);
        }
    }
    Ok(())
}

/// Whether a name is in Chinese, Japanese or Korean, where no comma stands before
/// decimals (Unicode CLDR, `numbers/symbols/decimal`).
fn is_east_asian(name: &str) -> bool {
    name.chars().any(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
}

fn number_question(
    plan: &Plan,
    readings: &[Arc<Reading>],
    at: usize,
    id: String,
    conventions: &[Convention],
) -> Question {
    let column_of = |file: usize| numbers(&plan.sources[file])[at].column;
    let name = readings[0].columns.name(column_of(0)).to_string();
    let choices = conventions.iter().map(|&convention| {
        let totals = (0..readings.len()).map(|file| {
            readings[file].columns.study(column_of(file)).numbers.total(convention)
        });
        number_choice(convention, &totals.collect::<Vec<_>>())
    });
    let choices = choices.collect();
    let params = Params::from([("column", name.as_str().into())]);
    Question { id, code: "which-decimal-mark", params, choices }
}

fn number_choice(convention: Convention, totals: &[Total]) -> Choice {
    let units = |t: &Total| 10_i128.pow(u32::from(t.scale)) as f64;
    let total: f64 = totals.iter().map(|t| t.sum as f64 / units(t)).sum();
    let code = match convention {
        Convention::Point => "decimal-point",
        Convention::Comma => "decimal-comma",
    };
    let message = Message::new(code).with("total", total);
    Choice { value: convention.code().to_owned(), message }
}

/// The decimals of all money: the widest seen in the columns that make the
/// amounts, 2 to 6.
pub(crate) fn scale(plan: &Plan, readings: &[Arc<Reading>]) -> Scale {
    let mut widest = 2;
    for (source, reading) in plan.sources.iter().zip(readings) {
        let of = |n: &NumberColumn| {
            reading.columns.study(n.column).numbers.total(n.convention).scale
        };
        let own = source.amount.iter().chain(&source.refund).chain(&source.adjusted);
        widest = own.map(of).fold(widest, u8::max);
        let pieces = source.quantity.as_ref().map_or(0, of);
        if let Some(price) = source.price.as_ref().map(of) {
            let both = if plan.has(Role::Amount) { price } else { price + pieces };
            widest = widest.max(both);
        }
    }
    Scale(widest.min(Scale::MAX))
}

/// All number columns of a source, in a fixed order.
fn numbers(source: &Source) -> Vec<NumberColumn> {
    let single = source.quantity.iter().chain(&source.price);
    let several = source.amount.iter().chain(&source.refund).chain(&source.adjusted);
    single.chain(several).copied().collect()
}

fn set_convention(source: &mut Source, at: usize, convention: Convention) {
    let single = source.quantity.iter_mut().chain(&mut source.price);
    let several =
        source.amount.iter_mut().chain(&mut source.refund).chain(&mut source.adjusted);
    if let Some(column) = single.chain(several).nth(at) {
        column.convention = convention;
    }
}

/// A reading of fewer than one cell in so many is no choice.
const WORTH: u64 = 20;

/// How the days and numbers of the first file are read, and how else they can
/// be: a column an entry, where there is a choice.
pub(crate) fn readings_of(plan: &Plan, reading: &Reading) -> Vec<(usize, ReadAs)> {
    let Some(source) = plan.sources.first() else { return Vec::new() };
    let dates = source.date.iter().filter_map(|date| {
        let evidence = reading.columns.study(date.column).dates;
        let spans = DateFormat::ALL.into_iter().map(|f| (f, evidence.span(f)));
        let cells = evidence.span(date.format).cells;
        let choices: Vec<Choice> = spans
            .filter(|(format, span)| {
                let dated = span.first_day.is_some() && span.last_day.is_some();
                *format == date.format || dated && span.cells * WORTH > cells
            })
            .map(|(format, span)| date_choice(format, span))
            .collect();
        let id = format!("date:{}", date.column);
        let chosen = date.format.code().to_owned();
        (choices.len() > 1).then_some((date.column, ReadAs { id, chosen, choices }))
    });
    let numbers = numbers(source).into_iter().filter_map(|number| {
        let evidence = reading.columns.study(number.column).numbers;
        let total = |convention| evidence.total(convention);
        let [point, comma] = Convention::ALL.map(total);
        let least = point.cells.min(comma.cells);
        if (point.sum, point.scale) == (comma.sum, comma.scale)
            || least * WORTH <= point.cells.max(comma.cells)
        {
            return None;
        }
        let choices = Convention::ALL
            .map(|convention| number_choice(convention, &[total(convention)]));
        let id = format!("number:{}", number.column);
        let chosen = number.convention.code().to_owned();
        Some((number.column, ReadAs { id, chosen, choices: choices.to_vec() }))
    });
    dates.chain(numbers).collect()
}

/// The error of an answer that is none of the choices.
pub(crate) fn bad_answer(id: &str, answer: &str) -> Error {
    Error::new("bad-answer").with("question", id).with("answer", answer)
}

impl DateColumn {
    /// A column whose format is still open.
    pub fn new(column: usize, name: &str) -> DateColumn {
        let utc = says_utc(name);
        DateColumn { column, format: DateFormat::YearMonthDay, utc }
    }
}

impl NumberColumn {
    /// A column whose convention is still open.
    pub fn new(column: usize) -> NumberColumn {
        NumberColumn { column, convention: Convention::Point }
    }
}
