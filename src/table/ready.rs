//! Predicates made ready for one table: wanted texts have become numbers.

use std::rc::Rc;

use super::column::{CustomerColumn, CustomerColumns};
use super::filter::{Test, Wanted, Where};
use super::ordered::{ReadyOrdered, numbers_of};
use super::spent::Spent;
use crate::habits::{PHASES, Phase};
use crate::names::Names;
use crate::segments::cell_name;
use crate::sort::Order;
use crate::winback::kinds::{ChurnType, TIERS, TYPES, Tier};

/// A predicate made ready for one table: wanted texts have become numbers.
pub enum Ready {
    /// All of them hold.
    All(Vec<Ready>),
    /// One of them holds at least.
    Any(Vec<Ready>),
    /// It does not hold.
    Not(Box<Ready>),
    /// The number of the cell is one of these, in rising order; or there is none.
    OneOf(CustomerColumn, Vec<f64>, bool),
    /// The number of the cell lies between these, both included.
    Between(CustomerColumn, f64, f64),
    /// The text of the cell contains this, which is in lower case.
    Contains(CustomerColumn, String),
    /// One of the orders is such.
    Ordered(ReadyOrdered),
    /// The customer spent so much.
    Spent(Spent),
    /// The customer's number is one of these, in rising order.
    Among(Rc<[u32]>),
}

impl Ready {
    /// Looks up what the predicate names.
    pub fn new(filter: &Where, columns: &CustomerColumns<'_>) -> Ready {
        let each =
            |parts: &[Where]| parts.iter().map(|p| Ready::new(p, columns)).collect();
        match filter {
            Where::All(parts) => Ready::All(each(parts)),
            Where::Any(parts) => Ready::Any(each(parts)),
            Where::Not(inner) => Ready::Not(Box::new(Ready::new(inner, columns))),
            Where::Cell(column, Test::Between(min, max)) => Ready::Between(
                *column,
                min.unwrap_or(f64::NEG_INFINITY),
                max.unwrap_or(f64::INFINITY),
            ),
            Where::Cell(column, Test::OneOf(wanted)) => {
                let mut numbers = Vec::with_capacity(wanted.len());
                for one in wanted {
                    match one {
                        Wanted::Missing => {}
                        Wanted::Number(number) => numbers.push(*number + 0.0),
                        Wanted::Text(text) => {
                            numbers.extend(number_of(columns, *column, text));
                        }
                    }
                }
                numbers.sort_unstable_by(f64::total_cmp);
                Ready::OneOf(*column, numbers, wanted.contains(&Wanted::Missing))
            }
            Where::Cell(column, Test::Top(from, to)) => {
                let (least, most) = top(columns, *column, *from, *to);
                Ready::Between(*column, least, most)
            }
            Where::Ordered(ordered) => {
                Ready::Ordered(ReadyOrdered::new(ordered, columns))
            }
            Where::Spent(spent) => Ready::Spent(*spent),
            Where::Among(numbers) => Ready::Among(Rc::clone(numbers)),
            // What is not known of another day holds for nobody; `select` refuses it.
            Where::Was(..) | Where::Rhythm(_) => Ready::Any(Vec::new()),
            Where::Cell(column, Test::Contains(part)) => {
                match numbers_containing(columns, *column, part) {
                    Some(numbers) => Ready::OneOf(*column, numbers, false),
                    None => Ready::Contains(*column, part.clone()),
                }
            }
        }
    }

    /// Whether the predicate holds for a customer.
    pub fn holds(&self, columns: &CustomerColumns<'_>, c: usize) -> bool {
        match self {
            Ready::All(parts) => parts.iter().all(|p| p.holds(columns, c)),
            Ready::Any(parts) => parts.iter().any(|p| p.holds(columns, c)),
            Ready::Not(inner) => !inner.holds(columns, c),
            Ready::OneOf(column, numbers, missing) => {
                // Adding 0 makes -0 and 0 one number, which `total_cmp` tells apart.
                let cell = columns.number(*column, c) + 0.0;
                if cell.is_nan() {
                    return *missing;
                }
                numbers.binary_search_by(|wanted| wanted.total_cmp(&cell)).is_ok()
            }
            Ready::Between(column, min, max) => {
                let cell = columns.number(*column, c);
                *min <= cell && cell <= *max
            }
            Ready::Contains(column, part) => contains(&columns.text(*column, c), part),
            Ready::Ordered(ordered) => ordered.holds(columns, c),
            Ready::Spent(spent) => spent.holds(columns, c),
            Ready::Among(numbers) => {
                numbers.binary_search(&columns.customers.number[c]).is_ok()
            }
        }
    }
}

/// The least and the most of the cells whose place from the highest on is at least
/// one share of all and below another; nothing lies between where there are none.
fn top(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    from: f64,
    to: f64,
) -> (f64, f64) {
    let cells = (0..columns.customers.len()).map(|c| columns.number(column, c) + 0.0);
    let mut known: Vec<f64> = cells.filter(|cell| !cell.is_nan()).collect();
    known.order_by(|a, b| b.total_cmp(a));
    let (mut least, mut most, mut higher) = (f64::INFINITY, f64::NEG_INFINITY, 0);
    for (i, &cell) in known.iter().enumerate() {
        if i > 0 && known[i - 1] != cell {
            higher = i;
        }
        let place = higher as f64 / known.len() as f64;
        if from <= place && place < to {
            (least, most) = (least.min(cell), most.max(cell));
        }
    }
    (least, most)
}

/// The numbers that cells with this text have.
fn number_of(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    text: &str,
) -> Vec<f64> {
    let numbers = |names: &Names| numbers_of(names, text).into_iter().map(f64::from);
    let place = |found: Option<usize>| found.map(|place| place as f64).into_iter();
    match column {
        CustomerColumn::CustomerId => numbers(&columns.orders.customers).collect(),
        _ if column.role().is_some() => {
            let attribute = columns.attribute(column).into_iter();
            attribute.flat_map(|attribute| numbers(&attribute.values)).collect()
        }
        CustomerColumn::Segment | CustomerColumn::Lifecycle | CustomerColumn::Cluster => {
            let ids = columns.groups(column).map_or(&[][..], |groups| groups.ids);
            place(ids.iter().position(|id| id == text)).collect()
        }
        CustomerColumn::Method => {
            let method = columns.scores.map_or("", |scores| scores.method.code());
            (method == text).then_some(0.0).into_iter().collect()
        }
        CustomerColumn::RfmCell => {
            let cells =
                columns.scores.map_or(Vec::new(), |scores| all_cells(scores.bins));
            let named = cells.into_iter().filter(|(_, name)| name == text);
            named.map(|(number, _)| number).collect()
        }
        _ => {
            let codes = codes(column).unwrap_or_default();
            place(codes.iter().position(|code| *code == text)).collect()
        }
    }
}

/// The codes of a column that has a fixed set of them, in the order of its numbers.
fn codes(column: CustomerColumn) -> Option<Vec<&'static str>> {
    match column {
        CustomerColumn::Tier => Some(TIERS.map(Tier::code).to_vec()),
        CustomerColumn::ChurnType => Some(TYPES.map(ChurnType::code).to_vec()),
        CustomerColumn::Phase => Some(PHASES.map(Phase::code).to_vec()),
        _ => None,
    }
}

/// The numbers of the texts that contain a part, where there are few texts.
fn numbers_containing(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    part: &str,
) -> Option<Vec<f64>> {
    let numbered: Vec<(f64, String)> = match column {
        _ if column.role().is_some() => {
            let values = &columns.attribute(column)?.values;
            (0..values.len() as u32)
                .map(|n| (f64::from(n), values.text(n).into_owned()))
                .collect()
        }
        CustomerColumn::Segment | CustomerColumn::Lifecycle | CustomerColumn::Cluster => {
            let ids = columns.groups(column)?.ids.iter().enumerate();
            ids.map(|(place, id)| (place as f64, id.clone())).collect()
        }
        CustomerColumn::RfmCell => all_cells(columns.scores?.bins),
        _ => {
            let codes = codes(column)?.into_iter().enumerate();
            codes.map(|(place, code)| (place as f64, code.to_owned())).collect()
        }
    };
    Some(
        numbered.into_iter().filter(|(_, t)| contains(t, part)).map(|(n, _)| n).collect(),
    )
}

/// Every cell of so many bins: its number in [`CustomerColumns::number`] and its name.
fn all_cells(bins: u8) -> Vec<(f64, String)> {
    let mut cells = Vec::with_capacity(usize::from(bins).pow(3));
    for r in 1..=bins {
        for f in 1..=bins {
            for m in 1..=bins {
                let number = u32::from(r) * 10_000 + u32::from(f) * 100 + u32::from(m);
                cells.push((f64::from(number), cell_name(r, f, m)));
            }
        }
    }
    cells
}

/// Whether a text contains a part that is in lower case, whatever its own case.
fn contains(text: &str, part: &str) -> bool {
    if text.is_ascii() && part.is_ascii() {
        let (text, part) = (text.as_bytes(), part.as_bytes());
        return part.is_empty()
            || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    }
    text.to_lowercase().contains(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_in_any_case() {
        assert!(contains("Ann@Example.com", "ann@"));
        assert!(contains("MÜLLER", "müll"));
        assert!(!contains("an", "ann"));
    }
}
