//! One predicate over customers, shared by filters, own segments and exports.

use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, Error as _};

use super::column::{CustomerColumn, CustomerColumns, Kind, Need};
use super::ordered::Ordered;
use super::plain::Plain;
use super::ready::Ready;
use super::spent::Spent;
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::forecast::RHYTHMS;
use crate::sort::Order;

/// How deep `and`, `or` and `not` may lie in one another.
const DEEPEST: usize = 64;

/// A predicate over customers, read from plain data:
/// `{ segment: "at-risk" }`, `{ segment: ["at-risk", "lost"] }`,
/// `{ revenue: { min: 100, max: 500 } }`, `{ customerId: { contains: "ann" } }`,
/// `{ and: [...] }`, `{ or: [...] }`, `{ not: ... }`. The keys of one object are
/// joined by "and"; an empty object holds for everybody. `min` and `max` are
/// inclusive, `contains` looks at neither case nor place, `null` is a cell
/// without a value, which no other test matches. A text is looked up as written
/// and, where no cell is written so, in any case. `{ clv: { top: 0.1 } }` is the
/// highest tenth, `{ clv: { top: [0.1, 0.2] } }` the one after it: a customer's
/// place is the share of all with a value who have a higher one, so that ties
/// share a place. `{ ordered: {...} }` speaks of one order, see [`Ordered`],
/// `{ spent: {...} }` of some days, see [`Spent`],
/// `{ rhythm: "broken" }` of the own rhythm (or `onTime`, `due`),
/// `{ was: { asOf: "2011-09-10", where: {...} } }` of the customers of another day.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// All of them hold.
    All(Vec<Where>),
    /// One of them holds at least.
    Any(Vec<Where>),
    /// It does not hold.
    Not(Box<Where>),
    /// A cell passes a test.
    Cell(CustomerColumn, Test),
    /// One of the customer's orders is such.
    Ordered(Ordered),
    /// The customer spent so much.
    Spent(Spent),
    /// It held on another day, when whoever had not ordered yet was no customer.
    Was(Day, Box<Where>),
    /// How silent the customer is by the own rhythm: a code of [`Cadence`].
    ///
    /// [`Cadence`]: crate::forecast::Cadence
    Rhythm(String),
    /// The customer's number is one of these, in rising order.
    Among(Rc<[u32]>),
}

/// A test of one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is one of these.
    OneOf(Vec<Wanted>),
    /// It lies between these, both included.
    Between(Option<f64>, Option<f64>),
    /// It contains this text.
    Contains(String),
    /// Its place among all, the highest first, from this share on and below that.
    Top(f64, f64),
}

/// A value that a cell may have.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// None at all.
    Missing,
    /// A number, or the number of a day.
    Number(f64),
    /// A text.
    Text(String),
}

impl Default for Where {
    /// Everybody.
    fn default() -> Where {
        Where::All(Vec::new())
    }
}

impl Where {
    /// Reads a predicate.
    ///
    /// # Errors
    /// `unknown-column`; `where-wrong-type` where a value does not fit its
    /// column; `where-unknown-test` for a key other than `min`, `max`, `top`,
    /// `contains`, `is` and `not`; `where-share` for a `top` that is no part of all;
    /// `where-not-an-object`; `where-too-deep`; `bad-date`.
    pub fn parse(plain: &Plain) -> Result<Where> {
        parse(plain, 0)
    }

    /// The analyses that the predicate needs, without repetition.
    pub fn needs(&self) -> Vec<Need> {
        let mut needs: Vec<Need> =
            self.columns().iter().filter_map(|c| c.need()).collect();
        needs.order();
        needs.dedup();
        needs
    }

    /// The columns that the predicate looks at.
    pub fn columns(&self) -> Vec<CustomerColumn> {
        match self {
            Where::All(parts) | Where::Any(parts) => {
                parts.iter().flat_map(Where::columns).collect()
            }
            Where::Not(inner) => inner.columns(),
            Where::Cell(column, _) => vec![*column],
            // Another day's columns are not those of the table.
            Where::Ordered(_)
            | Where::Spent(_)
            | Where::Was(..)
            | Where::Rhythm(_)
            | Where::Among(_) => Vec::new(),
        }
    }

    /// The first part that the table does not tell: of another day, or of rhythms.
    pub fn untold(&mut self) -> Option<&mut Where> {
        match self {
            Where::All(parts) | Where::Any(parts) => {
                parts.iter_mut().find_map(Where::untold)
            }
            Where::Not(inner) => inner.untold(),
            Where::Was(..) | Where::Rhythm(_) => Some(self),
            _ => None,
        }
    }

    /// The customers that match, in the order of first appearance.
    ///
    /// Linear; texts are compared by number, but for `contains` on customer ids.
    ///
    /// # Errors
    /// `column-not-computed`; `unknown-segment` where a segment is named that
    /// there is not, which would otherwise look like one without customers.
    pub fn select(&self, columns: &CustomerColumns<'_>) -> Result<Vec<u32>> {
        for column in self.columns() {
            columns.require(column)?;
        }
        self.check_orders(columns)?;
        if let Some(segments) = &columns.segment {
            self.check_segments(segments.ids)?;
        }
        let ready = Ready::new(self, columns);
        let customers = 0..columns.customers.len();
        Ok(customers.filter(|&c| ready.holds(columns, c)).map(|c| c as u32).collect())
    }

    /// Whether the file tells of the orders what is asked.
    fn check_orders(&self, columns: &CustomerColumns<'_>) -> Result<()> {
        match self {
            Where::All(parts) | Where::Any(parts) => {
                parts.iter().try_for_each(|part| part.check_orders(columns))
            }
            Where::Not(inner) => inner.check_orders(columns),
            Where::Ordered(ordered) => ordered.require(columns.orders),
            Where::Spent(_) if columns.orders.summary.is_some() => {
                let error = Error::new("column-not-computed").with("column", "spent");
                Err(error.with("needs", "orderDate"))
            }
            Where::Was(..) | Where::Rhythm(_) => Err(Error::new("no-task")),
            _ => Ok(()),
        }
    }

    /// Whether all segments that are named are among these.
    fn check_segments(&self, ids: &[String]) -> Result<()> {
        match self {
            Where::All(parts) | Where::Any(parts) => {
                parts.iter().try_for_each(|part| part.check_segments(ids))
            }
            Where::Not(inner) => inner.check_segments(ids),
            Where::Cell(CustomerColumn::Segment, Test::OneOf(wanted)) => {
                wanted.iter().try_for_each(|one| match one {
                    Wanted::Text(id) if !ids.contains(id) => {
                        Err(Error::new("unknown-segment")
                            .with("segment", id.as_str())
                            .with("segments", ids.to_vec()))
                    }
                    _ => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Where {
    fn deserialize<D: Deserializer<'de>>(
        value: D,
    ) -> std::result::Result<Where, D::Error> {
        Where::parse(&Plain::deserialize(value)?).map_err(D::Error::custom)
    }
}

fn parse(plain: &Plain, depth: usize) -> Result<Where> {
    let entries = match plain {
        Plain::Null => return Ok(Where::default()),
        Plain::Object(entries) if depth < DEEPEST => entries,
        Plain::Object(_) => {
            return Err(Error::new("where-too-deep").with("deepest", DEEPEST));
        }
        _ => return Err(Error::new("where-not-an-object").with("kind", plain.kind())),
    };
    let mut parts = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        parts.push(match key.as_str() {
            "and" => Where::All(parse_list(key, value, depth)?),
            "or" => Where::Any(parse_list(key, value, depth)?),
            "not" => Where::Not(Box::new(parse(value, depth + 1)?)),
            "ordered" => Where::Ordered(Ordered::parse(value)?),
            "spent" => Where::Spent(Spent::parse(value)?),
            "rhythm" => match value {
                Plain::Text(code) if RHYTHMS.contains(&code.as_str()) => {
                    Where::Rhythm(code.clone())
                }
                _ => {
                    let error = Error::new("where-wrong-type").with("column", "rhythm");
                    return Err(error.with("kind", value.kind()));
                }
            },
            "was" => match (value.get("asOf"), value.get("where")) {
                (Some(Plain::Text(day)), inner) => {
                    let mut inner = parse(inner.unwrap_or(&Plain::Null), depth + 1)?;
                    if inner.untold().is_some() {
                        return Err(Error::new("where-too-deep").with("deepest", 1_u32));
                    }
                    Where::Was(Day::parse(day)?, Box::new(inner))
                }
                _ => return Err(Error::new("movement-no-day")),
            },
            _ => parse_cell(CustomerColumn::parse(key)?, value, depth)?,
        });
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Where::All(parts) })
}

fn parse_list(key: &str, value: &Plain, depth: usize) -> Result<Vec<Where>> {
    match value {
        Plain::List(items) => items.iter().map(|item| parse(item, depth + 1)).collect(),
        _ => Err(Error::new("where-not-a-list")
            .with("key", key)
            .with("kind", value.kind())),
    }
}

fn parse_cell(column: CustomerColumn, value: &Plain, depth: usize) -> Result<Where> {
    let one_of = |items: &[Plain]| -> Result<Where> {
        let wanted =
            items.iter().map(|item| wanted(column, item)).collect::<Result<_>>()?;
        Ok(Where::Cell(column, Test::OneOf(wanted)))
    };
    let entries = match value {
        Plain::Object(entries) if depth < DEEPEST => entries,
        Plain::Object(_) => {
            return Err(Error::new("where-too-deep").with("deepest", DEEPEST));
        }
        Plain::List(items) => return one_of(items),
        single => return one_of(std::slice::from_ref(single)),
    };
    let bound = |value: &Plain| match wanted(column, value)? {
        Wanted::Number(bound) => Ok(bound),
        _ => Err(wrong_type(column, value)),
    };
    let mut parts = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        parts.push(match (key.as_str(), value) {
            ("min", value) => {
                Where::Cell(column, Test::Between(Some(bound(value)?), None))
            }
            ("max", value) => {
                Where::Cell(column, Test::Between(None, Some(bound(value)?)))
            }
            ("top", value) => {
                let (from, to) = match value {
                    _ if column.kind() == Kind::Text => {
                        return Err(wrong_type(column, value));
                    }
                    Plain::Number(share) => (0.0, *share),
                    Plain::List(ends) => match ends.as_slice() {
                        [Plain::Number(from), Plain::Number(to)] => (*from, *to),
                        _ => return Err(wrong_type(column, value)),
                    },
                    _ => return Err(wrong_type(column, value)),
                };
                if !(0.0 <= from && from < to && to <= 1.0) {
                    return Err(Error::new("where-share").with("column", column.name()));
                }
                Where::Cell(column, Test::Top(from, to))
            }
            ("contains", Plain::Text(part)) if column.kind() == Kind::Text => {
                Where::Cell(column, Test::Contains(part.to_lowercase()))
            }
            ("contains", value) => return Err(wrong_type(column, value)),
            ("is", value) => parse_cell(column, value, depth + 1)?,
            ("not", value) => Where::Not(Box::new(parse_cell(column, value, depth + 1)?)),
            _ => {
                let error = Error::new("where-unknown-test").with("test", key.as_str());
                return Err(error.with("column", column.name()));
            }
        });
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Where::All(parts) })
}

fn wrong_type(column: CustomerColumn, value: &Plain) -> Error {
    Error::new("where-wrong-type")
        .with("column", column.name())
        .with("kind", value.kind())
}

fn wanted(column: CustomerColumn, value: &Plain) -> Result<Wanted> {
    match (column.kind(), value) {
        (_, Plain::Null) => Ok(Wanted::Missing),
        (Kind::Text, Plain::Text(text)) => Ok(Wanted::Text(text.clone())),
        // Ids and cells such as 13085 and 555 are texts that look like numbers.
        (Kind::Text, Plain::Number(number)) => Ok(Wanted::Text(number.to_string())),
        (Kind::Day, Plain::Text(text)) => {
            Ok(Wanted::Number(f64::from(Day::parse(text)?.0)))
        }
        (
            Kind::Integer | Kind::Money | Kind::Value | Kind::Number,
            Plain::Number(number),
        ) if !number.is_nan() => Ok(Wanted::Number(*number)),
        (Kind::Integer, Plain::Bool(yes)) => {
            Ok(Wanted::Number(f64::from(u8::from(*yes))))
        }
        _ => Err(wrong_type(column, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Where> {
        Where::parse(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn keys_of_an_object_are_joined_by_and() {
        let both = read(r#"{"orders": {"min": 2}, "segment": ["lost"]}"#).unwrap();
        let Where::All(parts) = both else { panic!("{both:?}") };
        assert_eq!(parts.len(), 2);
        assert_eq!(read("{}").unwrap(), Where::default());
        assert_eq!(read("null").unwrap(), Where::default());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let code = |json: &str| read(json).unwrap_err().to_string();
        assert_eq!(code(r#"{"colour": 1}"#), "unknown-column column=colour");
        assert!(code(r#"{"orders": "two"}"#).starts_with("where-wrong-type"));
        for top in ["5", "0", "-0.1", "[0.2, 0.1]", "[0.5, 1.5]"] {
            let found = code(&format!(r#"{{"clv": {{"top": {top}}}}}"#));
            assert!(found.starts_with("where-share"), "{top}: {found}");
        }
        assert!(code(r#"{"orders": {"contains": "2"}}"#).starts_with("where-wrong-type"));
        assert!(code(r#"{"segment": {"min": "a"}}"#).starts_with("where-wrong-type"));
        assert!(code(r#"{"orders": {"above": 2}}"#).starts_with("where-unknown-test"));
        assert!(code(r#"{"and": {}}"#).starts_with("where-not-a-list"));
        assert!(code("[1]").starts_with("where-not-an-object"));
        assert!(code(r#"{"firstOrder": {"min": "2011-13-01"}}"#).starts_with("bad-date"));
        let deep = format!("{}{{}}{}", "{\"not\":".repeat(80), "}".repeat(80));
        assert!(code(&deep).starts_with("where-too-deep"));
    }

    #[test]
    fn a_segment_that_there_is_not_is_named() {
        let ids = ["lost".to_owned(), "new".to_owned()];
        let check = |json: &str| read(json).unwrap().check_segments(&ids);
        assert!(check(r#"{"segment": ["lost", "new", null]}"#).is_ok());
        assert!(check(r#"{"customerId": "at-risk"}"#).is_ok());
        for json in [
            r#"{"segment": "at-risk"}"#,
            r#"{"not": {"or": [{"orders": 1}, {"segment": ["new", "at-risk"]}]}}"#,
        ] {
            let error = check(json).unwrap_err();
            assert_eq!(error.code(), "unknown-segment", "{json}");
        }
    }
}
