//! Any two dimensions against each other: customers, money or a mean in each
//! cell, with shares, an index and the predicate that leads to the customers.

mod dimension;
mod header;
mod list;

use serde::{Deserialize, Serialize};

use super::column::{CustomerColumn, CustomerColumns, Kind, Need};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::sort::{rising, whole};
use dimension::dimension;
pub use header::Header;
pub use list::pivot_csv;

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

impl Measure {
    /// The code, for exports.
    pub fn code(self) -> &'static str {
        match self {
            Measure::Customers => "customers",
            Measure::Sum => "sum",
            Measure::Mean => "mean",
        }
    }
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
