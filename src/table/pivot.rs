//! Any two dimensions against each other: customers, money or a mean in each
//! cell, with shares, an index and the predicate that leads to the customers.

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::column::{CustomerColumn, CustomerColumns, Kind, Need};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::rfm::Ranked;
use crate::sort::{Order, rising, whole};

/// Values of a text column that stand for themselves; the rest is `other`.
const VALUES: usize = 20;
/// Whole numbers with at most so many different values stand for themselves.
const FEW: usize = 12;
/// Groups that other numbers are cut into, of equal size but for ties.
const PARTS: u32 = 5;

/// What is laid against what.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PivotOptions {
    /// The column whose values are the rows.
    pub rows: String,
    /// The column whose values are the columns.
    pub columns: String,
    /// What is counted.
    pub measure: Measure,
    /// The column that a sum or a mean is of.
    pub of: Option<String>,
    /// Length of the periods that days are put into.
    pub unit: Unit,
}

impl Default for PivotOptions {
    fn default() -> PivotOptions {
        PivotOptions {
            rows: "segment".to_owned(),
            columns: "fScore".to_owned(),
            measure: Measure::Customers,
            of: None,
            unit: Unit::Quarter,
        }
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    /// How many customers.
    #[default]
    Customers,
    /// The sum of a column.
    Sum,
    /// The mean of a column over the customers that have it.
    Mean,
}

/// A part of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Such as `2011-11`.
    Month,
    /// Such as `2011-Q4`.
    #[default]
    Quarter,
    /// Such as `2011`.
    Year,
}

/// A row or column of a pivot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// A value, a code, a period or a range such as `10–25`; `other` and `none` for
    /// the rest and for no value.
    pub label: String,
    /// Leads to the customers; `None` for `other`.
    #[serde(rename = "where")]
    pub filter: Option<Lead>,
    /// Customers in all.
    pub customers: u32,
}

/// A predicate over one column, as the table takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// The column.
    pub column: &'static str,
    /// What it must be.
    pub test: LeadTest,
}

/// The test of a predicate.
#[derive(Clone, Debug, PartialEq)]
pub enum LeadTest {
    /// No value.
    Missing,
    /// This text.
    Text(String),
    /// This number.
    Number(f64),
    /// Numbers from here to there, both included.
    Range(f64, f64),
    /// Days from here to there, both included.
    Days(Day, Day),
}

impl Serialize for Lead {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Between<T> {
            min: T,
            max: T,
        }
        let mut map = s.serialize_map(Some(1))?;
        match &self.test {
            LeadTest::Missing => map.serialize_entry(self.column, &None::<u8>)?,
            LeadTest::Text(text) => map.serialize_entry(self.column, text)?,
            LeadTest::Number(number) => map.serialize_entry(self.column, number)?,
            &LeadTest::Range(min, max) => {
                map.serialize_entry(self.column, &Between { min, max })?
            }
            &LeadTest::Days(min, max) => {
                map.serialize_entry(self.column, &Between { min, max })?
            }
        }
        map.end()
    }
}

/// Two dimensions against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pivot {
    /// The day of reckoning.
    pub as_of: Day,
    /// What the cells hold.
    pub measure: Measure,
    /// Down.
    pub rows: Vec<Header>,
    /// Across.
    pub columns: Vec<Header>,
    /// `cells[row][column]`.
    pub cells: Vec<Vec<Cell>>,
    /// The measure of each row, of each column and of everybody.
    pub row_values: Vec<Option<f64>>,
    /// Across.
    pub column_values: Vec<Option<f64>>,
    /// Of everybody.
    pub value: Option<f64>,
}

/// A cell of a pivot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// How many customers.
    pub customers: u32,
    /// The measure; `None` where nobody has a value.
    pub value: Option<f64>,
    /// Of the row's; `None` for means.
    pub row_share: Option<f64>,
    /// Of the column's; `None` for means.
    pub column_share: Option<f64>,
    /// Of everybody's; `None` for means.
    pub share: Option<f64>,
    /// 100 where a count or sum is what row and column let expect, or a mean is
    /// everybody's.
    pub index: Option<f64>,
}

/// A column cut into the groups of a dimension.
struct Dimension {
    headers: Vec<Header>,
    of: Vec<u32>,
}

impl PivotOptions {
    fn parsed(&self) -> Result<(CustomerColumn, CustomerColumn, Option<CustomerColumn>)> {
        let of = self.of.as_deref().map(CustomerColumn::parse).transpose()?;
        let counts = self.measure == Measure::Customers;
        let figure = of.filter(|c| !matches!(c.kind(), Kind::Text | Kind::Day));
        if !counts && figure.is_none() {
            let error = Error::new("pivot-no-figure");
            return Err(error.with("column", self.of.as_deref().unwrap_or("")));
        }
        let rows = CustomerColumn::parse(&self.rows)?;
        let columns = CustomerColumn::parse(&self.columns)?;
        for column in [rows, columns] {
            if column == CustomerColumn::CustomerId {
                return Err(
                    Error::new("pivot-no-dimension").with("column", column.name())
                );
            }
        }
        Ok((rows, columns, if counts { None } else { figure }))
    }

    /// The analyses that the columns come from.
    ///
    /// # Errors
    /// `unknown-column`, `pivot-no-figure`, `pivot-no-dimension`.
    pub fn needs(&self) -> Result<Vec<Need>> {
        let (rows, columns, of) = self.parsed()?;
        Ok([Some(rows), Some(columns), of]
            .into_iter()
            .flatten()
            .filter_map(|c| c.need())
            .collect())
    }
}

/// Lays two columns against each other. N log N in the customers.
///
/// # Errors
/// Those of [`PivotOptions::needs`], and `column-not-computed`.
pub fn pivot(columns: &CustomerColumns<'_>, options: &PivotOptions) -> Result<Pivot> {
    let (down, across, of) = options.parsed()?;
    for column in [Some(down), Some(across), of].into_iter().flatten() {
        columns.require(column)?;
    }
    let rows = dimension(columns, down, options.unit);
    let across = dimension(columns, across, options.unit);
    let (height, width) = (rows.headers.len(), across.headers.len());
    let mut sums = vec![(0_u32, 0_u32, 0.0_f64); height * width];
    // In rising order of the value: the sums do not depend on the order of rows.
    for c in in_order(columns, of) {
        let c = c as usize;
        let sum = &mut sums[rows.of[c] as usize * width + across.of[c] as usize];
        sum.0 += 1;
        let value = of.map_or(1.0, |of| columns.number(of, c));
        if !value.is_nan() {
            (sum.1, sum.2) = (sum.1 + 1, sum.2 + value);
        }
    }
    let total = |parts: &mut dyn Iterator<Item = (u32, u32, f64)>| {
        parts.fold((0, 0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2))
    };
    let at = |r: usize, c: usize| sums[r * width + c];
    let by_row: Vec<_> =
        (0..height).map(|r| total(&mut (0..width).map(|c| at(r, c)))).collect();
    let by_column: Vec<_> =
        (0..width).map(|c| total(&mut (0..height).map(|r| at(r, c)))).collect();
    let whole = total(&mut by_row.iter().copied());
    let mean = options.measure == Measure::Mean;
    let value = |(_, known, sum): (u32, u32, f64)| {
        if mean { (known > 0).then(|| sum / f64::from(known)) } else { Some(sum) }
    };
    let cell = |r: usize, c: usize| {
        let own = at(r, c);
        let part = |whole: f64| (!mean && whole != 0.0).then(|| own.2 / whole);
        let expected = if mean {
            value(whole)
        } else {
            (whole.2 != 0.0).then(|| by_row[r].2 * by_column[c].2 / whole.2)
        };
        let index = value(own).zip(expected.filter(|e| *e != 0.0));
        Cell {
            customers: own.0,
            value: value(own),
            row_share: part(by_row[r].2),
            column_share: part(by_column[c].2),
            share: part(whole.2),
            index: index.map(|(value, expected)| 100.0 * value / expected),
        }
    };
    Ok(Pivot {
        as_of: columns.customers.as_of,
        measure: options.measure,
        cells: (0..height).map(|r| (0..width).map(|c| cell(r, c)).collect()).collect(),
        row_values: by_row.iter().map(|&sum| value(sum)).collect(),
        column_values: by_column.iter().map(|&sum| value(sum)).collect(),
        value: value(whole),
        rows: rows.headers,
        columns: across.headers,
    })
}

/// The customers in rising order of a figure; in their own order without one.
fn in_order(columns: &CustomerColumns<'_>, of: Option<CustomerColumn>) -> Vec<u32> {
    let all = 0..columns.customers.len();
    match of {
        Some(of) => rising(all.map(|c| whole(columns.number(of, c)))),
        None => all.map(|c| c as u32).collect(),
    }
}

/// Cuts a column into groups.
fn dimension(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    unit: Unit,
) -> Dimension {
    let count = columns.customers.len();
    let numbers: Vec<f64> = (0..count).map(|c| columns.number(column, c)).collect();
    let keys: Vec<i64> = match column.kind() {
        Kind::Day => numbers.iter().map(|&day| period(day, unit)).collect(),
        // Six decimals tell all figures apart that a reader could.
        Kind::Number => numbers.iter().map(|&v| key((v * 1e6).round())).collect(),
        Kind::Money | Kind::Value => {
            let units = columns.orders.scale.units() as f64;
            numbers.iter().map(|&v| key((v * units).round())).collect()
        }
        Kind::Text | Kind::Integer => numbers.iter().map(|&v| key(v)).collect(),
    };
    let ranked = Ranked::new(&keys);
    let mut group: Vec<u32> = Vec::with_capacity(ranked.distinct.len());
    let mut headers: Vec<Header> = Vec::new();
    let first = |rank: usize| ranked.order[ranked.below[rank] as usize] as usize;
    let lead = |test: LeadTest| Some(Lead { column: column.name(), test });
    let none = |customers: u32| Header {
        label: "none".to_owned(),
        filter: lead(LeadTest::Missing),
        customers,
    };
    let by_value = matches!(column.kind(), Kind::Text)
        || column.kind() == Kind::Integer && ranked.distinct.len() <= FEW;
    if by_value {
        let named = columns.groups(column).is_some() || column.kind() == Kind::Integer;
        let mut ranks: Vec<usize> = (0..ranked.distinct.len()).collect();
        if !named {
            // Most frequent first, ties by text.
            ranks.order_by_key(|&rank| {
                let text = columns.text(column, first(rank)).into_owned();
                (std::cmp::Reverse(ranked.count(rank)), text)
            });
        }
        group = vec![u32::MAX; ranks.len()];
        let mut other = 0;
        for rank in ranks {
            let customers = ranked.count(rank);
            if ranked.distinct[rank] == i64::MAX {
                group[rank] = headers.len() as u32;
                headers.push(none(customers));
                continue;
            }
            if !named && headers.len() >= VALUES {
                other += customers;
                continue;
            }
            let text = columns.text(column, first(rank)).into_owned();
            let number = ranked.distinct[rank] as f64;
            let (label, test) = if column.kind() == Kind::Integer {
                (number.to_string(), LeadTest::Number(number))
            } else {
                (text.clone(), LeadTest::Text(text))
            };
            group[rank] = headers.len() as u32;
            headers.push(Header { label, filter: lead(test), customers });
        }
        if other > 0 {
            let last = headers.len() as u32;
            group.iter_mut().filter(|g| **g == u32::MAX).for_each(|g| *g = last);
            let label = "other".to_owned();
            headers.push(Header { label, filter: None, customers: other });
        }
    } else {
        let known = ranked.distinct.partition_point(|&value| value < i64::MAX);
        let all = ranked.below.get(known).copied().unwrap_or(count as u32);
        let mut part_of = u32::MAX;
        let mut begins = Vec::new();
        for rank in 0..ranked.distinct.len() {
            if rank >= known {
                group.push(headers.len() as u32);
                headers.push(none(ranked.count(rank)));
                continue;
            }
            let part = match column.kind() {
                Kind::Day => rank as u32,
                _ => PARTS * ranked.below[rank] / all.max(1),
            };
            if part != part_of {
                part_of = part;
                begins.push(rank);
                let label = String::new();
                headers.push(Header { label, filter: None, customers: 0 });
            }
            let last = headers.len() - 1;
            headers[last].customers += ranked.count(rank);
            group.push(last as u32);
        }
        for (place, &begin) in begins.iter().enumerate() {
            let end = begins.get(place + 1).copied().unwrap_or(known) - 1;
            let value = |rank: usize| numbers[first(rank)];
            let (label, test) = if column.kind() == Kind::Day {
                let (name, from, to) = named_period(numbers[first(begin)], unit);
                (name, LeadTest::Days(from, to))
            } else {
                // The largest within a group of equal keys, and the smallest.
                let low = least(&ranked, &numbers, begin, f64::min);
                let high = least(&ranked, &numbers, end, f64::max);
                let label = format!("{}–{}", short(value(begin)), short(value(end)));
                (label, LeadTest::Range(low, high))
            };
            (headers[place].label, headers[place].filter) = (label, lead(test));
        }
    }
    let of = ranked.rank.iter().map(|&rank| group[rank as usize]).collect();
    Dimension { headers, of }
}

/// The outermost of the values that share a key.
fn least(
    ranked: &Ranked,
    numbers: &[f64],
    rank: usize,
    pick: fn(f64, f64) -> f64,
) -> f64 {
    let from = ranked.below[rank] as usize;
    let to = from + ranked.count(rank) as usize;
    let values = ranked.order[from..to].iter().map(|&c| numbers[c as usize]);
    values.reduce(pick).unwrap_or(f64::NAN)
}

/// A figure of at most three digits or without decimals.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 1.0 {
        format!("{}", (value * 10.0).round() / 10.0)
    } else {
        format!("{}", (value * 1_000.0).round() / 1_000.0)
    }
}

fn key(value: f64) -> i64 {
    if value.is_nan() { i64::MAX } else { value as i64 }
}

/// A number that the days of one period share, rising with time.
fn period(day: f64, unit: Unit) -> i64 {
    if day.is_nan() {
        return i64::MAX;
    }
    let date = Day(day as i32).civil();
    let (year, month) = (i64::from(date.year()), i64::from(date.month()) - 1);
    match unit {
        Unit::Month => year * 12 + month,
        Unit::Quarter => year * 4 + month / 3,
        Unit::Year => year,
    }
}

/// Name, first and last day of the period that a day lies in.
fn named_period(day: f64, unit: Unit) -> (String, Day, Day) {
    let date = Day(day as i32).civil();
    let (year, month) = (date.year(), date.month());
    let months: i8 = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
    };
    let first = (month - 1) / months * months + 1;
    let name = match unit {
        Unit::Month => format!("{year}-{month:02}"),
        Unit::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        Unit::Year => year.to_string(),
    };
    let begin =
        |year: i16, month: i8| Day::from_ymd(year, month, 1).unwrap_or(Day(day as i32));
    let (next_year, next) =
        if first + months > 12 { (year + 1, 1) } else { (year, first + months) };
    (name, begin(year, first), begin(next_year, next).plus(-1))
}
