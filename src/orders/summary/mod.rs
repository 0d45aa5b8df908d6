//! Customers of a table with one row each: of their orders the first, the last,
//! their number and their money are known, and nothing else.

mod ledger;
mod row;
mod task;
mod unit;

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::mapping::{MappingEntry, Role};

pub(crate) use task::Summarise;

/// What a table of one row a customer says. One entry a record of the orders,
/// where each customer has one record of the customer's own number, and the rows
/// of nobody come last.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Day of the first order; empty where the table does not say it.
    pub first_day: Vec<i32>,
    /// Day of the last order; empty where the table does not say it.
    pub last_day: Vec<i32>,
    /// How many orders; 1 where the table does not say it.
    pub orders: Vec<u32>,
    /// Days with an order after the first; no more than there can have been.
    pub repeat_days: Vec<u32>,
    /// Mean value of the orders after the first, where that is what is known of
    /// the money; empty otherwise.
    pub repeat_mean: Vec<f64>,
    /// Whether days are those of a calendar, or only counted back from the day
    /// that the table was made on.
    pub dated: bool,
    /// The day that the table was made on at the earliest; no day before it can
    /// be asked for.
    pub made: Day,
}

/// Whether a mapping speaks of customers rather than of orders.
pub(crate) fn is_summary(mapping: &[MappingEntry]) -> bool {
    let has = |role: Role| mapping.iter().any(|entry| entry.role == role);
    !has(Role::OrderDate) && Role::OF_CUSTOMERS.into_iter().any(has)
}

impl Summary {
    /// Checks that first and last days are known, without which there is no
    /// history.
    ///
    /// # Errors
    /// `needs-last-order`, `needs-first-order`.
    pub fn check_histories(&self) -> Result<()> {
        if self.last_day.is_empty() {
            return Err(Error::new("needs-last-order"));
        }
        if self.first_day.is_empty() {
            return Err(Error::new("needs-first-order"));
        }
        Ok(())
    }

    /// Day of the first order, as far as is known: of the last where only that is.
    pub fn first(&self, record: usize) -> i32 {
        let known = self.first_day.get(record).copied();
        known.unwrap_or_else(|| self.last(record))
    }

    /// Day of the last order; the table's own where it does not say it.
    pub fn last(&self, record: usize) -> i32 {
        self.last_day.get(record).copied().unwrap_or(self.made.0)
    }
}
