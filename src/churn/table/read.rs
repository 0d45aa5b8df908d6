//! The columns of a file that was read, as the columns of a labelled table.

use crate::columns::{Columns, Decision, Evidence, date, number};
use crate::error::{Error, Result};
use crate::mapping::{Role, proposed};
use crate::reader::Reading;

use super::{Column, Values};

/// From this share of readable cells on a column holds numbers, or dates; the
/// others are taken for missing.
const MOSTLY: f64 = 0.95;

/// What of a file is the outcome, and what names a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roles {
    /// The outcome column.
    pub label: usize,
    /// Columns that name a row's customer, which foretell nothing.
    pub ids: Vec<usize>,
}

/// The outcome column of a file, by its name or the one that the mapping
/// proposes, and the columns that name customers.
///
/// # Errors
/// `table-no-label` with the file's `columns` when there is none.
pub fn roles(reading: &Reading, label: Option<&str>) -> Result<Roles> {
    let columns = &reading.columns;
    let mapping = proposed(reading);
    let of = |role: Role| {
        let entry = mapping.iter().find(|entry| entry.role == role);
        entry.map_or_else(Vec::new, |entry| entry.columns.clone())
    };
    let named = |name: &str| (0..columns.len()).find(|&i| columns.name(i) == name);
    let found = match label {
        Some(name) => named(name),
        None => of(Role::Label).first().copied(),
    };
    let label = found.ok_or_else(|| {
        let names = (0..columns.len()).map(|i| columns.name(i).to_owned());
        let error = Error::new("table-no-label");
        error
            .with("label", label.unwrap_or(""))
            .with("columns", names.collect::<Vec<_>>())
    })?;
    let people = [Role::CustomerId, Role::Email, Role::Phone, Role::OrderId];
    let ids = people.into_iter().flat_map(of).filter(|&i| i != label).collect();
    Ok(Roles { label, ids })
}

/// One column of the file. Linear in its rows.
///
/// Numbers in either convention and dates (as days) become numbers, words for
/// nothing become missing; the outcome stays text.
///
/// # Errors
/// `column-not-kept` with the `index` when its cells were not kept: read the
/// file again with it.
pub fn column(reading: &Reading, index: usize, is_label: bool) -> Result<Column> {
    let columns = &reading.columns;
    let name = columns.name(index).to_owned();
    if !columns.is_kept(index) {
        return Err(Error::new("column-not-kept")
            .with("file", 1)
            .with("index", index)
            .with("column", name));
    }
    let study = columns.study(index);
    let values = if is_label {
        None
    } else {
        numbers(columns, index, &study).or_else(|| dates(columns, index, &study))
    };
    let values = values.unwrap_or_else(|| texts(columns, index));
    Ok(Column { name, values })
}

fn decided<T: Copy>(decision: Decision<T>) -> Option<T> {
    match decision {
        Decision::Decided(one) => Some(one),
        Decision::Open(several) => several.first().copied(),
        Decision::None => None,
    }
}

fn numbers(columns: &Columns, index: usize, study: &Evidence) -> Option<Values> {
    let known = study.numbers.cells > 0 && study.number_share() >= MOSTLY;
    let convention = decided(number::decide(&study.numbers)).filter(|_| known)?;
    let read = columns.numbers(index, convention);
    let cells = read.iter().map(|cell| {
        cell.value()
            .map_or(f64::NAN, |d| d.mantissa as f64 / libm::pow(10.0, f64::from(d.scale)))
    });
    Some(Values::Number(cells.collect()))
}

fn dates(columns: &Columns, index: usize, study: &Evidence) -> Option<Values> {
    let format = decided(date::decide(&study.dates))?;
    let format = Some(format).filter(|_| study.date_share() >= MOSTLY)?;
    let cells = columns.dates(index, format);
    let day = |cell: crate::columns::Cell<crate::columns::Moment>| {
        cell.value().map_or(f64::NAN, |moment| f64::from(moment.day))
    };
    Some(Values::Number(cells.iter().map(day).collect()))
}

/// Texts without blanks around them; words for nothing are missing.
fn texts(columns: &Columns, index: usize) -> Values {
    let (of, names) = columns.interned(index);
    let text = |n: u32| names.text(n).trim().to_owned();
    let all: Vec<String> = (0..names.len() as u32).map(text).collect();
    let nothing = |t: &String| t.is_empty() || crate::columns::is_null(t.as_bytes());
    let missing: Vec<bool> = all.iter().map(nothing).collect();
    let cell = |n: u32| match missing.get(n as usize) {
        Some(false) => n,
        _ => u32::MAX,
    };
    Values::Text { of: of.into_iter().map(cell).collect(), values: all }
}
