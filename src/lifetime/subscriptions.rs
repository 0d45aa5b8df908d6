//! Subscription cohorts for the retention curves: given as numbers, read from a
//! table with a row a cohort, or from a table with a row a customer who has a
//! start and an end, or a tenure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::retention::{Cohort, Retention, retention};
use crate::calendar::Day;
use crate::columns::date::{self, DateFormat, Moment};
use crate::columns::number;
use crate::columns::{Cell, Columns};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::periods::Unit;
use crate::reader::Reading;

/// Where the cohorts come from, and what is asked of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionOptions {
    /// Customers left after 0, 1, 2, ... renewals, a list a cohort; instead of a
    /// file.
    pub cohorts: Vec<Vec<f64>>,
    /// The columns of a table with a row a cohort, by name; all columns of
    /// numbers when left out.
    pub columns: Vec<String>,
    /// The column of the day on which a subscription began.
    pub start: Option<String>,
    /// The column of the day on which it ended, empty where it goes on.
    pub end: Option<String>,
    /// The column of the number of periods that were paid for.
    pub tenure: Option<String>,
    /// The column of the number of periods that there have been since the start:
    /// who paid for fewer has left.
    pub observed: Option<String>,
    /// The column that says whether the customer has left.
    pub left: Option<String>,
    /// What it says then; yes, true, 1 and the like when left out.
    pub left_value: Option<String>,
    /// A column whose values are fitted apart.
    pub by: Option<String>,
    /// The length of a period.
    pub unit: Unit,
    /// The last day known, as an ISO date; the last day in the file by default.
    pub as_of: Option<String>,
    /// How dates are written, such as `d/m/y`, where the file leaves it open.
    pub date_format: Option<String>,
    /// How many renewals ahead are drawn, 1 to 600.
    pub periods: u32,
    /// Discount a year, above 0 to 10.
    pub discount_rate: f64,
}

impl Default for SubscriptionOptions {
    fn default() -> SubscriptionOptions {
        SubscriptionOptions {
            cohorts: Vec::new(),
            columns: Vec::new(),
            start: None,
            end: None,
            tenure: None,
            observed: None,
            left: None,
            left_value: None,
            by: None,
            unit: Unit::Month,
            as_of: None,
            date_format: None,
            periods: 12,
            discount_rate: 0.1,
        }
    }
}

/// The curves of all cohorts: `SubscriptionResult` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscriptions {
    /// The length of a period.
    pub unit: Unit,
    /// Discount a year.
    pub discount_rate: f64,
    /// Everybody, or a curve a value of `by`.
    pub groups: Vec<SubscriptionGroup>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// The curve of some customers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionGroup {
    /// The value of `by`; `None` for everybody and for customers without one.
    pub id: Option<String>,
    /// How many customers had at least one renewal to decide on.
    pub customers: f64,
    /// How many of them have left.
    pub left: f64,
    /// The fitted curve; `None` where there is none to fit.
    #[serde(flatten)]
    pub curve: Option<Retention>,
    /// Why there is none.
    pub missing: Option<Message>,
}

/// Cohorts by the value that they are fitted apart by.
type Groups = BTreeMap<Option<String>, Vec<Cohort>>;

/// Fits the curves.
///
/// # Errors
/// `bad-discount-rate`, `bad-periods`, `retention-no-source` where nothing says
/// what the file holds, `retention-unknown-column` { column },
/// `retention-column` { column } for one that holds neither dates nor numbers where
/// they are needed, `retention-nobody`, `bad-date`, and those of [`Cohort::new`].
pub fn subscriptions(
    options: &SubscriptionOptions,
    reading: Option<&Reading>,
) -> Result<Subscriptions> {
    let rate = options.discount_rate;
    if rate.is_nan() || rate <= 0.0 || rate > 10.0 {
        let value = if rate.is_finite() { rate } else { -1.0 };
        return Err(Error::new("bad-discount-rate").with("value", value));
    }
    if !(1..=600).contains(&options.periods) {
        return Err(Error::new("bad-periods").with("value", options.periods));
    }
    let mut notices = Vec::new();
    let groups = match reading {
        None if options.cohorts.is_empty() => {
            return Err(Error::new("retention-no-source"));
        }
        None => {
            let cohorts = options.cohorts.iter().cloned().map(Cohort::new);
            Groups::from([(None, cohorts.collect::<Result<_>>()?)])
        }
        Some(reading) => from_file(options, reading, &mut notices)?,
    };
    if groups.values().all(Vec::is_empty) {
        return Err(Error::new("retention-nobody"));
    }
    let discount = libm::expm1(libm::log1p(rate) / options.unit.in_year() as f64);
    let groups = groups.into_iter().map(|(id, cohorts)| {
        let start: f64 = cohorts.iter().map(|c| c.left[0]).sum();
        let stay: f64 = cohorts.iter().filter_map(|c| c.left.last()).sum();
        let (curve, missing) = match retention(&cohorts, options.periods, discount) {
            Ok(curve) => (Some(curve), None),
            Err(error) => {
                let params = error.params().clone();
                (None, Some(Message { code: error.code(), params }))
            }
        };
        SubscriptionGroup { id, customers: start, left: start - stay, curve, missing }
    });
    Ok(Subscriptions {
        unit: options.unit,
        discount_rate: rate,
        groups: groups.collect(),
        notices,
    })
}

/// The cohorts of a file.
fn from_file(
    options: &SubscriptionOptions,
    reading: &Reading,
    notices: &mut Vec<Message>,
) -> Result<Groups> {
    let columns = &reading.columns;
    let place = |name: &String| -> Result<usize> {
        (0..columns.len()).find(|&i| columns.name(i) == name).ok_or_else(|| {
            Error::new("retention-unknown-column").with("column", name.as_str())
        })
    };
    let by = options.by.as_ref().map(place).transpose()?;
    let id = |row: usize| -> Option<String> {
        let text = columns.text(by?, row).trim().to_owned();
        Some(text).filter(|t| !t.is_empty())
    };
    let rows = columns.rows() as usize;
    let mut lives: BTreeMap<Option<String>, Lives> = BTreeMap::new();
    let mut aside = 0_u64;
    let mut see = |row: usize, life: Option<Life>| match life {
        Some(life) => *lives.entry(id(row)).or_default().entry(life).or_default() += 1.0,
        None => aside += 1,
    };
    if let Some(start) = &options.start {
        let start = dates(columns, place(start)?, options)?;
        let end = options.end.as_ref().map(place).transpose()?;
        let end = end.map(|i| dates(columns, i, options)).transpose()?;
        let no_end = vec![Cell::Empty; if end.is_some() { 0 } else { rows }];
        let end = end.unwrap_or(no_end);
        let last = start.iter().chain(&end).filter_map(|cell| cell.value()).max();
        let as_of = match &options.as_of {
            Some(text) => Day::parse(text)?,
            None => Day(last.ok_or_else(|| Error::new("retention-nobody"))?),
        };
        for (row, (start, end)) in start.into_iter().zip(end).enumerate() {
            see(row, span(start, end, as_of, options.unit));
        }
    } else if let Some(tenure) = &options.tenure {
        let tenure = numbers(columns, place(tenure)?)?;
        let observed = options.observed.as_ref().map(place).transpose()?;
        let observed = observed.map(|i| numbers(columns, i)).transpose()?;
        let left = options.left.as_ref().map(place).transpose()?;
        if observed.is_none() && left.is_none() {
            return Err(Error::new("retention-no-source"));
        }
        for (row, &paid) in tenure.iter().enumerate() {
            let gone = match (&observed, left) {
                (Some(observed), _) => observed[row].map(|n| paid.is_some_and(|p| p < n)),
                (None, Some(i)) => Some(says_left(&columns.text(i, row), options)),
                (None, None) => None,
            };
            let paid = paid.filter(|p| *p >= 0.0).map(|p| libm::floor(p) as u32);
            // Who has just begun has had no renewal to decide on.
            see(
                row,
                paid.zip(gone).map(|(p, gone)| (p.saturating_sub(1), gone && p > 0)),
            );
        }
    } else {
        return table(options, columns, place, id, notices);
    }
    if aside > 0 {
        notices.push(Message::new("retention-rows-set-aside").with("rows", aside));
    }
    Ok(lives.into_iter().map(|(id, lives)| (id, cohorts(&lives))).collect())
}

/// Renewals survived, and whether the customer left at the next.
type Life = (u32, bool);
/// How many customers lived so.
type Lives = BTreeMap<Life, f64>;

/// Who left after so many renewals, and who had no more of them yet, as cohorts of
/// their own: each has the likelihood of just these customers.
fn cohorts(lives: &Lives) -> Vec<Cohort> {
    let cohort = |(&(survived, gone), &customers): (&Life, &f64)| {
        let mut left = vec![customers; survived as usize + 1];
        if gone {
            left.push(0.0);
        }
        // Nobody of these has decided on anything yet.
        (left.len() > 1).then_some(Cohort { left })
    };
    lives.iter().filter_map(cohort).collect()
}

/// How one subscription went; nothing for one that cannot be.
fn span(start: Cell<i32>, end: Cell<i32>, as_of: Day, unit: Unit) -> Option<Life> {
    let start = Day(start.value()?);
    let end = match end {
        Cell::Bad => return None,
        Cell::Empty => None,
        Cell::Value(day) => Some(Day(day)).filter(|day| *day <= as_of),
    };
    if start > end.unwrap_or(as_of) {
        return None;
    }
    Some(match end {
        // An end on the day of a renewal is no renewal.
        Some(day) => (whole_units(start, day.plus(-1).max(start), unit), true),
        None => (whole_units(start, as_of, unit), false),
    })
}

/// Whole days, weeks, months, quarters or years from one day to a later one. A month
/// that begins on the 31st is over at the end of a shorter one.
fn whole_units(from: Day, to: Day, unit: Unit) -> u32 {
    let months = || {
        let (a, b) = (from.civil(), to.civil());
        let months = (i32::from(b.year()) - i32::from(a.year())) * 12
            + i32::from(b.month())
            - i32::from(a.month());
        let short = b.day() < a.day() && b.day() < b.days_in_month();
        u32::try_from(months - i32::from(short)).unwrap_or(0)
    };
    let days = || u32::try_from(to.since(from)).unwrap_or(0);
    match unit {
        Unit::Day => days(),
        Unit::Week => days() / 7,
        Unit::Month => months(),
        Unit::Quarter => months() / 3,
        Unit::Year => months() / 12,
    }
}

/// Whether a cell says that the customer has left.
fn says_left(text: &str, options: &SubscriptionOptions) -> bool {
    const LEFT: [&str; 10] = [
        "1",
        "yes",
        "y",
        "true",
        "t",
        "churned",
        "left",
        "cancelled",
        "canceled",
        "ended",
    ];
    let text = text.trim().to_lowercase();
    match &options.left_value {
        Some(value) => text == value.trim().to_lowercase(),
        None => LEFT.contains(&text.as_str()),
    }
}

/// A table with a row a cohort.
fn table(
    options: &SubscriptionOptions,
    columns: &Columns,
    place: impl Fn(&String) -> Result<usize>,
    id: impl Fn(usize) -> Option<String>,
    notices: &mut Vec<Message>,
) -> Result<Groups> {
    let mut wanted = options.columns.iter().map(place).collect::<Result<Vec<_>>>()?;
    if wanted.is_empty() {
        wanted = (0..columns.len())
            .filter(|&i| columns.evidence(i).number_share() > 0.5)
            .collect();
    }
    let cells =
        wanted.iter().map(|&i| numbers(columns, i)).collect::<Result<Vec<_>>>()?;
    let mut groups = Groups::new();
    let mut aside = 0_u64;
    for row in 0..columns.rows() as usize {
        // Renewals that are still to come are empty.
        let left: Vec<f64> = cells.iter().map_while(|column| column[row]).collect();
        if left.len() < 2 || left[0] <= 0.0 {
            aside += 1;
            continue;
        }
        groups.entry(id(row)).or_default().push(Cohort::new(left)?);
    }
    if aside > 0 {
        notices.push(Message::new("retention-rows-set-aside").with("rows", aside));
    }
    Ok(groups)
}

fn numbers(columns: &Columns, i: usize) -> Result<Vec<Option<f64>>> {
    let evidence = columns.evidence(i).numbers;
    let whole = number::decide_whole(&evidence);
    let convention = match number::decide(&evidence).decided() {
        Some(convention) => *convention,
        None => *whole.decided().ok_or_else(|| unfit(columns, i))?,
    };
    let numbers = columns.numbers(i, convention);
    let value = |row| {
        let decimal = numbers.get(row).value()?;
        Some(decimal.mantissa as f64 / libm::pow(10.0, f64::from(decimal.scale)))
    };
    Ok((0..columns.rows() as usize).map(value).collect())
}

fn dates(
    columns: &Columns,
    i: usize,
    options: &SubscriptionOptions,
) -> Result<Vec<Cell<i32>>> {
    let asked = options.date_format.as_deref().and_then(DateFormat::of_code);
    let evidence = columns.evidence(i).dates;
    let format = match asked {
        Some(format) => format,
        None => *date::decide(&evidence).decided().ok_or_else(|| unfit(columns, i))?,
    };
    let dates = columns.dates(i, format);
    let day = |row| match dates.get(row) {
        Cell::Value(Moment { day, .. }) => Cell::Value(day),
        Cell::Empty => Cell::Empty,
        Cell::Bad => Cell::Bad,
    };
    Ok((0..columns.rows() as usize).map(day).collect())
}

fn unfit(columns: &Columns, i: usize) -> Error {
    Error::new("retention-column").with("column", columns.name(i))
}
