//! The cohort table as it is shown.

use serde::Serialize;

use super::By;
use crate::calendar::Day;
use crate::message::Message;
use crate::money::Scale;
use crate::periods::Unit;

/// All cohorts of a shop. Every list of a cohort has one entry an offset: 0 is
/// the period of the customer's own first order, 1 the period after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortsResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// By what customers are put together.
    pub by: By,
    /// The length of the periods.
    pub unit: Unit,
    /// By period, or else the largest first, then the others, then those without.
    pub cohorts: Vec<Cohort>,
    /// All customers together.
    pub average: Average,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// Customers whose first orders are alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cohort {
    /// The period, or the value as written; `None` for those without a value.
    pub id: Option<String>,
    /// Whether this gathers all smaller cohorts.
    pub others: bool,
    /// First day of the period of the first orders, where that makes the cohort.
    pub from: Option<Day>,
    /// Its last day.
    pub to: Option<Day>,
    /// How many customers.
    pub size: u64,
    /// Their net revenue up to the day of reckoning.
    pub revenue: f64,
    /// The same, exact; over all cohorts it adds up to that of the customers.
    pub exact_revenue: String,
    /// Customers with an order in the period.
    pub customers: Vec<u64>,
    /// Customers whose period the file covers whole.
    pub exposed: Vec<u64>,
    /// Those of the exposed with an order in it.
    pub returned: Vec<u64>,
    /// Returned by exposed; `None` where nobody is exposed.
    pub retention: Vec<Option<f64>>,
    /// Orders in the period.
    pub orders: Vec<u64>,
    /// Purchases in the period.
    pub gross: Vec<f64>,
    /// Returns in the period, 0 or less.
    pub returns: Vec<f64>,
    /// Net revenue a customer up to and with the period: the sum of each
    /// period's mean over the exposed.
    pub cumulative: Vec<Option<f64>>,
    /// Whether all are exposed.
    pub complete: Vec<bool>,
}

/// The curve of all cohorts, each customer weighing the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Average {
    /// Customers whose period the file covers whole.
    pub exposed: Vec<u64>,
    /// Share of them with an order in it.
    pub retention: Vec<Option<f64>>,
    /// Net revenue a customer up to and with the period.
    pub cumulative: Vec<Option<f64>>,
}

/// What one cohort did in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// Customers with an order.
    pub customers: u64,
    /// Customers whose period is covered whole.
    pub exposed: u64,
    /// Those of them with an order.
    pub returned: u64,
    /// Orders.
    pub orders: u64,
    /// Purchases.
    pub gross: i64,
    /// Returns.
    pub returns: i64,
    /// Net revenue of the exposed.
    pub exposed_net: i64,
}

impl Cell {
    /// Adds another cell.
    pub fn add(&mut self, other: &Cell) {
        self.customers += other.customers;
        self.exposed += other.exposed;
        self.returned += other.returned;
        self.orders += other.orders;
        self.gross += other.gross;
        self.returns += other.returns;
        self.exposed_net += other.exposed_net;
    }

    fn retention(&self) -> Option<f64> {
        (self.exposed > 0).then(|| self.returned as f64 / self.exposed as f64)
    }
}

/// Running sums of the mean over the exposed, up to the last cell with any.
fn cumulative(cells: &[Cell], scale: Scale) -> Vec<Option<f64>> {
    let mut sum = 0.0;
    let mean = |cell: &Cell| {
        (cell.exposed > 0).then(|| {
            sum += scale.number(cell.exposed_net) / cell.exposed as f64;
            sum
        })
    };
    cells.iter().map(mean).collect()
}

impl Cohort {
    /// A cohort from its cells.
    pub fn new(id: Option<String>, size: u64, cells: &[Cell], scale: Scale) -> Cohort {
        let net: i64 = cells.iter().map(|cell| cell.gross + cell.returns).sum();
        let counts = |of: fn(&Cell) -> u64| cells.iter().map(of).collect();
        Cohort {
            id,
            others: false,
            from: None,
            to: None,
            size,
            revenue: scale.number(net),
            exact_revenue: scale.exact(net),
            customers: counts(|cell| cell.customers),
            exposed: counts(|cell| cell.exposed),
            returned: counts(|cell| cell.returned),
            retention: cells.iter().map(Cell::retention).collect(),
            orders: counts(|cell| cell.orders),
            gross: cells.iter().map(|cell| scale.number(cell.gross)).collect(),
            returns: cells.iter().map(|cell| scale.number(cell.returns)).collect(),
            cumulative: cumulative(cells, scale),
            complete: cells.iter().map(|cell| cell.exposed == size).collect(),
        }
    }
}

impl Average {
    /// The average over the cells of all cohorts together.
    pub fn new(cells: &[Cell], scale: Scale) -> Average {
        Average {
            exposed: cells.iter().map(|cell| cell.exposed).collect(),
            retention: cells.iter().map(Cell::retention).collect(),
            cumulative: cumulative(cells, scale),
        }
    }
}
