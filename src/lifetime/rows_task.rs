//! Predictions for the customers who are asked for, in slices: each of them costs
//! some hundred drawn futures.

use serde::{Deserialize, Serialize};

use super::history::History;
use super::result::{Lifetime, LifetimeColumns};
use super::rows::{Fitted, LifetimeRow, Path};
use crate::calendar::{Days, Weeks};
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::orders::Orders;
use crate::task::{Progress, Step};

/// What is asked of the rows, besides which.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RowsOptions {
    /// The later day at which `p_alive_later` is told, in days from the day of
    /// reckoning, 1 to 3650; the end of the horizon when left out.
    pub later_days: Option<u32>,
    /// Whether each row comes with its path.
    pub paths: bool,
}

/// Most rows in one answer.
pub const MOST_ROWS: usize = 10_000;

/// The rows asked for: `LifetimeRows` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifetimeRows {
    /// How many customers match.
    pub total: u64,
    /// The model behind the rows.
    pub model: &'static str,
    /// What `forecast_orders` and `forecast_clv` come from.
    pub forecast: &'static str,
    /// The later day of `p_alive_later`, in days from the day of reckoning.
    pub later_days: u32,
    /// Whether the data can tell who has gone; without it the chances of being a
    /// customer still say nothing.
    pub identifies_dropout: bool,
    /// The rows.
    pub rows: Vec<CustomerRow>,
}

/// One customer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerRow {
    /// As written in the file.
    pub customer_id: String,
    /// What the model says.
    #[serde(flatten)]
    pub row: LifetimeRow,
    /// Expected orders as in the table of customers: by the forecast used.
    pub forecast_orders: f64,
    /// Value as in the table of customers.
    pub forecast_clv: f64,
    /// The chance of being a customer still over time, where asked for.
    pub path: Option<Path>,
}

/// The rows of some customers in the making.
pub struct RowsTask {
    total: u64,
    options: RowsOptions,
    /// Places in [`Customers`].
    wanted: Vec<u32>,
    rows: Vec<CustomerRow>,
}

/// Budget units of one row.
const ROW: u64 = 20_000;

impl RowsTask {
    /// The rows of these places in [`Customers`], which are `total` with those
    /// that are not on this page.
    ///
    /// # Errors
    /// `bad-later-days`, `lifetime-too-many-rows` beyond 10,000.
    pub fn new(wanted: Vec<u32>, total: usize, options: RowsOptions) -> Result<RowsTask> {
        if let Some(days) = options.later_days.filter(|d| !(1..=3650).contains(d)) {
            return Err(Error::new("bad-later-days").with("value", days));
        }
        if wanted.len() > MOST_ROWS {
            let error = Error::new("lifetime-too-many-rows").with("rows", wanted.len());
            return Err(error.with("most", MOST_ROWS));
        }
        Ok(RowsTask { total: total as u64, options, wanted, rows: Vec::new() })
    }

    /// Works for a budget.
    ///
    /// # Errors
    /// The verdict's code where no model was fitted, and those of
    /// [`Fitted::customer`].
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        lifetime: &Lifetime,
        budget: u64,
    ) -> Result<Step<LifetimeRows>> {
        let Some(fitted) = &lifetime.fitted else {
            return Err(Error::from(lifetime.result.verdict.clone()));
        };
        let mut left = budget.max(1);
        while self.rows.len() < self.wanted.len() {
            if left == 0 {
                let (done, total) = (self.rows.len() as u64, self.wanted.len() as u64);
                return Ok(Step::Working(Progress { done, total }));
            }
            left = left.saturating_sub(ROW);
            let place = self.wanted[self.rows.len()] as usize;
            let row = self.row(orders, customers, fitted, &lifetime.columns, place)?;
            self.rows.push(row);
        }
        Ok(Step::Done(LifetimeRows {
            total: self.total,
            model: fitted.model().code(),
            forecast: lifetime.result.forecast,
            later_days: self.later_days(fitted),
            identifies_dropout: lifetime.result.identifies_dropout,
            rows: std::mem::take(&mut self.rows),
        }))
    }

    fn later_days(&self, fitted: &Fitted) -> u32 {
        self.options.later_days.unwrap_or(fitted.options.horizon_days)
    }

    fn row(
        &self,
        orders: &Orders,
        customers: &Customers,
        fitted: &Fitted,
        columns: &LifetimeColumns,
        place: usize,
    ) -> Result<CustomerRow> {
        let (number, as_of) = (customers.number[place], customers.as_of);
        let row = fitted.customer(orders, number, as_of)?;
        let mut row = row.ok_or_else(|| Error::new("no-task"))?;
        let later = Days(self.later_days(fitted));
        row.p_alive_later = fitted.timing().p_alive_later(
            f64::from(row.frequency),
            Weeks::from(Days(row.recency_days)).0,
            Weeks::from(Days(row.age_days)).0,
            Weeks::from(later).0,
        );
        let path = match self.options.paths {
            true => Some(fitted.path(orders, number, as_of)?),
            false => None,
        };
        Ok(CustomerRow {
            customer_id: orders.customers.text(number).into_owned(),
            forecast_orders: columns.expected_orders[place],
            forecast_clv: columns.clv[place],
            path,
            row,
        })
    }
}

/// The history of a row, as the models see it.
impl LifetimeRow {
    /// Frequency, recency and age.
    ///
    /// # Errors
    /// Those of [`History::new`].
    pub fn history(&self) -> Result<History> {
        History::new(self.frequency, Days(self.recency_days), Days(self.age_days))
    }
}
