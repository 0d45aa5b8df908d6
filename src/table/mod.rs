//! The customer table: columns by name, one predicate, a sort and a page.

mod alike;
mod baskets;
mod cells;
mod column;
mod csv;
mod detail;
mod export;
mod filter;
mod layouts;
mod moves;
mod ordered;
mod periods;
mod pivot;
mod plain;
mod plan;
mod quality;
mod ready;
mod scored;
mod small;
mod sort;
mod spent;
mod split;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::mapping::consent::Consent;
use crate::sort::Order;
use crate::winback::consent::consent;
pub use alike::{Alike, AlikeRow, alike};
pub use baskets::{OFFERS, OffersExport, rules_csv, sequences_csv, sets_csv};
pub use column::{
    CustomerColumn, CustomerColumns, Kind, LifetimeColumns, Need, SegmentColumn,
    WinbackColumns,
};
pub use detail::{CustomerDetail, customer_detail};
pub use export::{CustomerExport, Labels, ledger_csv};
pub use filter::{Test, Wanted, Where};
pub use layouts::{Contacts, Layout, google_email, layout_csv, normal_email, sha256};
pub use moves::{MovementExport, matrix_csv};
pub use ordered::Ordered;
pub use periods::{cohorts_csv, forecast_csv};
pub use pivot::{Measure, Pivot, PivotOptions, pivot, pivot_csv};
pub use plain::Plain;
pub use plan::PlanExport;
pub use quality::{Explained, Quality, quality};
pub use scored::{ScoredRow, scored_csv};
pub use small::{Hidden, Made, groups_csv, hidden, segments_csv};
pub use spent::Spent;
pub use split::Split;

/// What is asked of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The columns wanted, in this order.
    pub columns: Vec<CustomerColumn>,
    /// Which customers; everybody by default.
    pub filter: Where,
    /// Sorted by this column; by first appearance in the file by default.
    pub sort_by: Option<CustomerColumn>,
    /// The largest first.
    pub descending: bool,
    /// How many to pass over.
    pub offset: usize,
    /// How many at most; all by default.
    pub limit: Option<usize>,
    /// Whether those who may not be written to are counted.
    pub count_consent: bool,
}

impl Query {
    /// Reads a query: `{ columns, where, sortBy, descending, offset, limit, countConsent }`,
    /// all of them optional; other keys are left alone.
    ///
    /// # Errors
    /// Those of [`Where::parse`], `unknown-column`, and `query-wrong-type` with
    /// the `key` for a value of the wrong kind.
    pub fn parse(plain: &Plain) -> Result<Query> {
        let mut query = Query::default();
        let wrong = |key: &str, value: &Plain| {
            Error::new("query-wrong-type").with("key", key).with("kind", value.kind())
        };
        let count = |key: &str| match plain.get(key) {
            None | Some(Plain::Null) => Ok(None),
            // JavaScript says "all of them" by Infinity, which stops at usize::MAX.
            Some(Plain::Number(n)) if *n >= 0.0 => Ok(Some(*n as usize)),
            Some(value) => Err(wrong(key, value)),
        };
        let column = |key: &str, value: &Plain| match value {
            Plain::Text(name) => CustomerColumn::parse(name),
            _ => Err(wrong(key, value)),
        };
        match plain.get("columns") {
            None | Some(Plain::Null) => {}
            Some(Plain::List(names)) => {
                for name in names {
                    query.columns.push(column("columns", name)?);
                }
            }
            Some(value) => return Err(wrong("columns", value)),
        }
        if let Some(filter) = plain.get("where") {
            query.filter = Where::parse(filter)?;
        }
        match plain.get("sortBy") {
            None | Some(Plain::Null) => {}
            Some(value) => query.sort_by = Some(column("sortBy", value)?),
        }
        match plain.get("descending") {
            None | Some(Plain::Null) => {}
            Some(Plain::Bool(yes)) => query.descending = *yes,
            Some(value) => return Err(wrong("descending", value)),
        }
        query.count_consent = plain.get("countConsent") == Some(&Plain::Bool(true));
        query.offset = count("offset")?.unwrap_or(0);
        query.limit = count("limit")?;
        Ok(query)
    }

    /// The analyses that the query needs, without repetition.
    pub fn needs(&self) -> Vec<Need> {
        let shown = self.columns.iter().chain(&self.sort_by).filter_map(|c| c.need());
        let mut needs: Vec<Need> = shown.chain(self.filter.needs()).collect();
        needs.order();
        needs.dedup();
        needs
    }

    /// The customers of the page, and all that match as count and exact money.
    pub(super) fn rows(&self, columns: &CustomerColumns<'_>) -> Result<Listed> {
        for &column in self.columns.iter().chain(&self.sort_by) {
            columns.require(column)?;
        }
        let mut rows = self.filter.select(columns)?;
        let total = rows.len();
        let revenue = rows.iter().map(|&c| columns.customers.revenue(c as usize)).sum();
        let asked =
            self.count_consent.then(|| consent(columns.orders, columns.customers));
        let without_consent = asked.flatten().map(|all| {
            rows.iter().filter(|&&c| all[c as usize] != Consent::Given).count()
        });
        let end = self.offset.saturating_add(self.limit.unwrap_or(usize::MAX)).min(total);
        if let Some(by) = self.sort_by {
            sort::sort(columns, &mut rows, by, self.descending, end);
        } else {
            if self.descending {
                rows.reverse();
            }
            rows.truncate(end);
        }
        rows.drain(..self.offset.min(end));
        Ok(Listed { rows, total, revenue, without_consent })
    }
}

/// Those whom a query lists, and what there is to say of all who match.
pub(super) struct Listed {
    /// Places of the customers of the page, in its order.
    pub rows: Vec<u32>,
    total: usize,
    revenue: i64,
    without_consent: Option<usize>,
}

/// The cells of one column of a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Column {
    /// Texts and ISO dates; empty where there is none.
    Text(Vec<String>),
    /// Figures; NaN where there is none.
    Number(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<i32>),
}

/// The part of the table that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many customers match.
    pub total: usize,
    /// Net revenue of all that match.
    pub revenue: f64,
    /// The same, exact.
    pub exact_revenue: String,
    /// How many of them may not be written to, where that was asked and the file has
    /// a column of consent.
    pub without_consent: Option<usize>,
    /// Places of the page's customers in [`Customers`](crate::customers::Customers).
    pub rows: Vec<u32>,
    /// The columns, in the order of the query.
    pub columns: Vec<(CustomerColumn, Column)>,
}

impl Page {
    /// The columns by name.
    pub fn by_name(&self) -> BTreeMap<&'static str, &Column> {
        self.columns.iter().map(|(column, cells)| (column.name(), cells)).collect()
    }
}

/// The page of the table that a query asks for.
///
/// Linear in the customers plus a sort of the rows up to the page's end.
///
/// # Errors
/// `column-not-computed` where a column's analysis was not run; see [`Query::needs`].
pub fn page(columns: &CustomerColumns<'_>, query: &Query) -> Result<Page> {
    let Listed { rows, total, revenue, without_consent } = query.rows(columns)?;
    let scale = columns.orders.scale;
    let cells = |&column: &CustomerColumn| (column, cells(columns, column, &rows));
    Ok(Page {
        total,
        revenue: scale.number(revenue),
        exact_revenue: scale.exact(revenue),
        without_consent,
        columns: query.columns.iter().map(cells).collect(),
        rows,
    })
}

fn cells(columns: &CustomerColumns<'_>, column: CustomerColumn, rows: &[u32]) -> Column {
    let each = rows.iter().map(|&row| row as usize);
    match column.kind() {
        Kind::Text | Kind::Day => {
            Column::Text(each.map(|c| columns.text(column, c).into_owned()).collect())
        }
        Kind::Integer => {
            Column::Integer(each.map(|c| columns.number(column, c) as i32).collect())
        }
        Kind::Money | Kind::Value | Kind::Number => {
            Column::Number(each.map(|c| columns.number(column, c)).collect())
        }
    }
}
