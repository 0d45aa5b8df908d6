//! Clean orders, in compressed rows by customer, and the lines within them.

mod account;
mod amounts;
mod aside;
mod assemble;
mod attributes;
mod block;
mod duplicates;
mod facts;
mod formats;
pub mod identity;
mod integers;
pub mod join;
mod layout;
mod options;
mod plan;
mod records;
mod resolve;
mod sources;
mod status;
pub(crate) mod statuses;
pub(crate) mod summary;
pub(crate) mod survey;
mod text_column;
mod undated;
mod zone;

use serde::Serialize;

use crate::calendar::Day;
use crate::mapping::Kind;
use crate::message::Message;
use crate::money::Scale;
use crate::names::Names;

pub(crate) use formats::readings_of;
pub use integers::Integers;
pub use layout::Layout;
pub use options::{LoadOptions, LoadSettings};
pub(crate) use plan::names as column_names;
pub(crate) use records::Rules;
pub use resolve::{Resolve, Resolved};
pub use status::{Class, Style};
pub use summary::Summary;
pub use zone::Zone;

/// The second of day of an order whose time is not known.
pub const NO_SECOND: u32 = u32::MAX;

/// Every order and every credit note of the file.
///
/// A *record* is one order id (or one customer-day where the file has no order
/// id). It is an order when it has a purchase, and otherwise a credit note,
/// which reduces money and never counts as an order. Records lie sorted by
/// customer, then day, then second, then first row; the records of nobody
/// (guests) come last. All columns have one entry a record.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// The shop's customers, numbered by first appearance in the file.
    pub customers: Names,
    /// First record of each customer: `customers.len() + 2` entries; records
    /// `start[c]..start[c + 1]` are those of customer `c`, and the last range
    /// holds the guests'.
    pub start: Vec<u32>,
    /// Day of the record's earliest line, days since 1970-01-01.
    pub day: Vec<i32>,
    /// Second of that day, or [`NO_SECOND`].
    pub second: Vec<u32>,
    /// Whether the record has a purchase and therefore counts as an order.
    pub is_order: Vec<bool>,
    /// Sum of the purchases, at `scale`; 0 or more.
    pub gross: Vec<i64>,
    /// Sum of the returns, at `scale`; 0 or less.
    pub returns: Vec<i64>,
    /// The part of `returns` whose day is not known (a refund column), so that
    /// no model may use it as a feature. Empty when there is none.
    pub undated_returns: Vec<i64>,
    /// First row of the file that belongs to the record, 1-based as a spreadsheet
    /// shows it. Rows of a further file are numbered on from the last of the one
    /// before.
    pub row: Vec<u32>,
    /// Number of the order id in `ids`. Empty when the file has no order id.
    pub id: Vec<u32>,
    /// The order ids.
    pub ids: Names,
    /// Decimals of all money.
    pub scale: Scale,
    /// Categories of a record, such as country and channel, where mapped.
    pub attributes: Vec<Attribute>,
    /// The items of the records, where a product is mapped.
    pub lines: Option<Lines>,
    /// The file has baskets without days: all records lie on day 0, have no
    /// money and belong to nobody, so that only baskets can be told.
    pub undated: bool,
    /// The file has one row a customer: its records stand for customers, each on
    /// the day of the last order with all of the customer's money.
    pub summary: Option<Summary>,
    /// People are known by telephone numbers: the file has them, and no ids.
    pub by_phone: bool,
}

/// A categorical column, one value a record (or a line, or a customer).
#[derive(Clone, Debug, Default)]
pub struct Attribute {
    /// The role that was mapped, in camelCase: `country`, `channel`, `discount`,
    /// `category`, `attribute`.
    pub role: &'static str,
    /// The column's name in the file.
    pub name: String,
    /// Number of the value in `values`; `u32::MAX` where there is none.
    pub of: Vec<u32>,
    /// The distinct values.
    pub values: Names,
}

/// The lines of the records: item, quantity and amount.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// First line of each record: one entry more than there are records.
    pub start: Vec<u32>,
    /// Number of the product in `products`; `u32::MAX` where there is none.
    pub product: Vec<u32>,
    /// The products.
    pub products: Names,
    /// Quantity in thousandths; negative for returns.
    pub quantity: Integers,
    /// Amount at the orders' scale; negative for returns. 0 where the file has
    /// totals of orders only.
    pub amount: Integers,
    /// The line's category, where mapped.
    pub category: Option<Attribute>,
}

impl Orders {
    /// How many records there are, the guests' included.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// The records of a customer, sorted by day.
    pub fn of(&self, customer: u32) -> std::ops::Range<usize> {
        let c = customer as usize;
        self.start[c] as usize..self.start[c + 1] as usize
    }

    /// The lines of a record that are purchases; none without lines.
    pub fn bought(&self, record: usize) -> impl Iterator<Item = usize> + '_ {
        let lines = self.lines.as_ref();
        let range = lines.map_or(0..0, |lines| {
            lines.start[record] as usize..lines.start[record + 1] as usize
        });
        let bought = move |lines: &Lines, line: usize| {
            lines.amount.get(line) >= 0 && lines.quantity.get(line) >= 0
        };
        range.filter(move |&line| lines.is_some_and(|lines| bought(lines, line)))
    }

    /// The product with the largest amount of a record, of equal ones the first.
    pub fn main_product(&self, record: usize) -> Option<u32> {
        let lines = self.lines.as_ref()?;
        let range = lines.start[record] as usize..lines.start[record + 1] as usize;
        let known = range.filter(|&line| {
            lines.product[line] != u32::MAX && lines.amount.get(line) >= 0
        });
        let largest =
            known.min_by_key(|&line| (std::cmp::Reverse(lines.amount.get(line)), line));
        Some(lines.product[largest?])
    }

    /// The records that belong to nobody.
    pub fn guests(&self) -> std::ops::Range<usize> {
        self.of(self.customers.len() as u32)
    }

    /// The day of the last order of the shop, guests included.
    pub fn last_day(&self) -> Option<Day> {
        if let Some(summary) = &self.summary {
            // Undated days are counted back from the table's own.
            let on = summary.last_day.iter().copied().max().filter(|_| summary.dated);
            return Some(on.map_or(Day(summary.made.0 - 1), Day));
        }
        (0..self.len()).filter(|&i| self.is_order[i]).map(|i| Day(self.day[i])).max()
    }

    /// The day of the first order of the shop, guests included.
    pub fn first_day(&self) -> Option<Day> {
        if let Some(summary) = &self.summary {
            return (0..self.len()).map(|record| Day(summary.first(record))).min();
        }
        (0..self.len()).filter(|&i| self.is_order[i]).map(|i| Day(self.day[i])).min()
    }
}

/// Every row of the file accounted for, with its money.
///
/// `rows_read` = `shop.rows` + the rows set aside `from` the shop, and
/// `shop.rows` = `customers.rows` + those set aside `from` the customers.
/// Independent of `as_of`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// What the rows are: `orders`, `customers` or `baskets`.
    pub kind: Kind,
    /// Rows of data in the file, header and preamble not counted.
    pub rows_read: u64,
    /// Rows with a purchase (amount above zero, or a zero order that counts).
    pub purchase_rows: u64,
    /// Rows with a return (amount below zero).
    pub return_rows: u64,
    /// The rows that were not used, by reason, in the order of precedence.
    pub set_aside: Vec<SetAside>,
    /// All usable rows, guests included.
    pub shop: Totals,
    /// The rows of identified customers.
    pub customers: CustomerTotals,
    /// Day of the first order.
    pub first_date: Option<Day>,
    /// Day of the last order.
    pub last_date: Option<Day>,
    /// Rows that are equal in every mapped column to an earlier row. Counted,
    /// and kept unless the settings say otherwise.
    pub duplicates: u64,
    /// The currency of the money, where one is known.
    pub currency: Option<String>,
    /// Decimals of the exact amounts.
    pub scale: Scale,
    /// The switches under which rows were judged.
    pub settings: LoadSettings,
    /// Times carry an offset from UTC or are in UTC, so that a zone may be set.
    pub zoned: bool,
    /// The zone whose days these are; the days are as written without one.
    pub zone: Option<String>,
    /// How orders were read under these decisions, in sentences; empty for other
    /// kinds of rows.
    pub understood: Vec<Message>,
    /// What was noticed while reading.
    pub notices: Vec<Message>,
}

/// Rows that were not used for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAside {
    /// In the order of precedence: `unreadable-row`, `no-date`, by status
    /// (`cancelled`, `failed`, `test`, `unpaid`, `refunded`, `not-a-sale`),
    /// `other-currency`, `no-amount`, `free`, `duplicate`, `no-customer`; of
    /// baskets without days `no-product`, of customers `no-orders`.
    pub reason: &'static str,
    /// `shop` (used nowhere) or `customers` (counts for the shop only).
    pub from: &'static str,
    /// How many rows.
    pub rows: u64,
    /// Their money, where it could be read.
    pub amount: f64,
    /// The same, exact.
    pub exact_amount: String,
    /// The currency of that money, for `other-currency` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The first such row, 1-based as a spreadsheet shows it, and its text.
    pub example: Option<Example>,
}

/// A row quoted as an example.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// The file it is in, from 0.
    pub file: usize,
    /// 1-based, as a spreadsheet shows it.
    pub row: u64,
    /// The mapped cells as read, joined for display.
    pub text: String,
}

/// Money and counts of a set of rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Rows used.
    pub rows: u64,
    /// Records with a purchase.
    pub orders: u64,
    /// Records with returns only.
    pub credit_notes: u64,
    /// Sum of purchases.
    pub gross: f64,
    /// Sum of returns, negative.
    pub returns: f64,
    /// `gross + returns`.
    pub net: f64,
    /// The three sums as exact decimal texts.
    pub exact: ExactTotals,
}

/// Exact decimal texts of the three sums.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExactTotals {
    /// Sum of purchases.
    pub gross: String,
    /// Sum of returns.
    pub returns: String,
    /// Their sum.
    pub net: String,
}

/// The part of the shop that can be told to customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerTotals {
    /// Customers with at least one order.
    pub customers: u64,
    /// Money and counts, those of customers with returns only included.
    #[serde(flatten)]
    pub totals: Totals,
    /// Identified people with returns and no order: not customers, but their
    /// money is part of `net`.
    pub returns_only: ReturnsOnly,
}

/// People with returns and no order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnsOnly {
    /// How many.
    pub customers: u64,
    /// Their money, negative.
    pub amount: f64,
    /// The same, exact.
    pub exact_amount: String,
}
