//! A test of what a customer spent between two days.

use super::column::CustomerColumns;
use super::plain::Plain;
use crate::calendar::Day;
use crate::error::{Error, Result};

/// Net revenue of some days, read from the value of `spent`:
/// `{ day: { min, max }, min: 500, max: 999 }`, all bounds inclusive and none needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spent {
    from: i32,
    to: i32,
    least: f64,
    most: f64,
}

impl Spent {
    /// Reads the description.
    ///
    /// # Errors
    /// `where-wrong-type` where a value does not fit, `where-unknown-test` for a
    /// key that there is not, `bad-date`.
    pub fn parse(plain: &Plain) -> Result<Spent> {
        let wrong = |code: &'static str, key: &'static str, value: &str| {
            Err(Error::new(code).with("column", "spent").with(key, value))
        };
        let Plain::Object(entries) = plain else {
            return wrong("where-wrong-type", "kind", plain.kind());
        };
        let infinity = f64::INFINITY;
        let mut spent =
            Spent { from: i32::MIN, to: i32::MAX, least: -infinity, most: infinity };
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("min", Plain::Number(least)) => spent.least = *least,
                ("max", Plain::Number(most)) => spent.most = *most,
                ("day", days @ Plain::Object(_)) => {
                    if let Some(Plain::Text(day)) = days.get("min") {
                        spent.from = Day::parse(day)?.0;
                    }
                    if let Some(Plain::Text(day)) = days.get("max") {
                        spent.to = Day::parse(day)?.0;
                    }
                }
                ("min" | "max" | "day", value) => {
                    return wrong("where-wrong-type", "kind", value.kind());
                }
                _ => return wrong("where-unknown-test", "test", key),
            }
        }
        Ok(spent)
    }

    /// Whether a customer spent so much. Linear in the customer's records.
    pub fn holds(&self, columns: &CustomerColumns<'_>, c: usize) -> bool {
        let (orders, customers) = (columns.orders, columns.customers);
        let days = self.from..=self.to.min(customers.as_of.0);
        let within = |&i: &usize| days.contains(&orders.day[i]);
        let records = orders.of(customers.number[c]).filter(within);
        let sum = records.map(|i| orders.gross[i] + orders.returns[i]).sum();
        let money = orders.scale.number(sum);
        self.least <= money && money <= self.most
    }
}
