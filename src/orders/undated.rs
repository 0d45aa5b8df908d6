//! Baskets without days: a basket a row, or rows of order id and product. They
//! become orders of nobody without money, of which only baskets can be told.

use std::sync::Arc;

use super::plan::{check, columns_of};
use super::{
    Example, Ledger, Lines, LoadOptions, NO_SECOND, Orders, Resolved, SetAside, Totals,
};
use crate::error::{Error, Result};
use crate::mapping::{Kind, MappingEntry, Role, Rule};
use crate::message::Message;
use crate::names::Names;
use crate::reader::Reading;
use crate::sort::Order;
use crate::task::{Progress, Step};

/// Whether a mapping speaks of baskets without days.
pub(crate) fn is_undated(mapping: &[MappingEntry]) -> bool {
    let has = |role: Role| mapping.iter().any(|entry| entry.role == role);
    !has(Role::OrderDate)
        && has(Role::Product)
        && (is_wide(mapping) || has(Role::OrderId))
}

/// Whether every cell of a row is a product of its own.
fn is_wide(mapping: &[MappingEntry]) -> bool {
    mapping.iter().any(|e| e.role == Role::Product && e.rule == Some(Rule::Each))
}

/// Reads baskets in slices, a row a unit. Linear in the cells.
#[derive(Clone, Debug)]
pub(crate) struct Undated {
    products: Vec<usize>,
    order: Option<usize>,
    category: Option<usize>,
    ids: Names,
    names: Names,
    categories: Names,
    /// Number of the product of each text of the column at hand.
    known: Vec<Vec<u32>>,
    /// Basket, product, category and row of each line.
    lines: Vec<(u32, u32, u32, u32)>,
    rows: u64,
    aside: u64,
    example: Option<Example>,
    file: usize,
    row: usize,
    /// The row over all files.
    number: u32,
    baskets: u32,
}

/// No product.
const NONE: u32 = u32::MAX;

impl Undated {
    /// Begins with files under a mapping of the first one's columns.
    ///
    /// # Errors
    /// `header-only`, `too-many-rows`, `bad-mapping`, `column-not-kept`.
    pub fn new(readings: &[Arc<Reading>], mapping: &[MappingEntry]) -> Result<Undated> {
        let rows: u64 = readings.iter().map(|r| r.columns.rows()).sum();
        if rows == 0 {
            return Err(Error::new("header-only"));
        }
        if rows >= u64::from(u32::MAX) {
            return Err(Error::new("too-many-rows").with("rows", rows));
        }
        for (file, reading) in readings.iter().enumerate() {
            check(mapping, reading.columns.len())?;
            for &column in mapping.iter().flat_map(|entry| &entry.columns) {
                if !reading.columns.is_kept(column) {
                    let name = reading.columns.name(column);
                    let error = Error::new("column-not-kept").with("file", file + 1);
                    return Err(error.with("index", column).with("column", name));
                }
            }
        }
        let first = |role| columns_of(mapping, role).first().copied();
        let mut products = columns_of(mapping, Role::Product);
        let wide = is_wide(mapping);
        if !wide {
            products.truncate(1);
        }
        Ok(Undated {
            products,
            order: first(Role::OrderId).filter(|_| !wide),
            category: first(Role::Category).filter(|_| !wide),
            ids: Names::new(),
            names: Names::new(),
            categories: Names::new(),
            known: Vec::new(),
            lines: Vec::new(),
            rows,
            aside: 0,
            example: None,
            file: 0,
            row: 0,
            number: 0,
            baskets: 0,
        })
    }

    /// How many rows were read.
    pub fn progress(&self) -> Progress {
        Progress { done: u64::from(self.number), total: self.rows }
    }

    /// Works on for `budget` rows.
    ///
    /// # Errors
    /// `no-usable-rows` where no row names a product.
    pub fn advance(
        &mut self,
        readings: &[Arc<Reading>],
        mapping: &[MappingEntry],
        options: &LoadOptions,
        budget: u64,
    ) -> Result<Step<Resolved>> {
        let mut left = budget.max(1);
        while let Some(reading) = readings.get(self.file) {
            while self.row < reading.columns.rows() as usize {
                if left == 0 {
                    return Ok(Step::Working(self.progress()));
                }
                self.read(reading);
                left -= 1;
            }
            self.file += 1;
            self.row = 0;
            self.known.clear();
        }
        self.finish(readings, mapping, options).map(Step::Done)
    }

    fn read(&mut self, reading: &Reading) {
        let (row, number) = (self.row, self.number);
        self.row += 1;
        self.number += 1;
        let text = |column: usize| reading.columns.text(column, row);
        let trimmed = |column: usize| text(column).trim().to_owned();
        let before = self.lines.len();
        let basket = match self.order {
            None => self.baskets,
            Some(column) => {
                let id = trimmed(column);
                if id.is_empty() {
                    return self.set_aside(reading, row);
                }
                self.ids.intern(id.as_bytes())
            }
        };
        let category = match self.category.map(trimmed) {
            Some(name) if !name.is_empty() => self.categories.intern(name.as_bytes()),
            _ => NONE,
        };
        for place in 0..self.products.len() {
            let product = self.product(reading, place, row);
            if product != NONE {
                self.lines.push((basket, product, category, number));
            }
        }
        if self.lines.len() == before {
            return self.set_aside(reading, row);
        }
        if self.order.is_none() {
            self.baskets += 1;
        }
    }

    /// The product of a cell; texts of a column are looked up once.
    fn product(&mut self, reading: &Reading, place: usize, row: usize) -> u32 {
        let column = self.products[place];
        let id = reading.columns.text_id(column, row);
        if reading.columns.keep(column) != crate::columns::Keep::Text {
            let text = reading.columns.text(column, row);
            let name = text.trim();
            return if name.is_empty() {
                NONE
            } else {
                self.names.intern(name.as_bytes())
            };
        }
        let Some(names) = reading.columns.names(column) else { return NONE };
        if self.known.len() <= place {
            self.known.resize(self.products.len(), Vec::new());
        }
        let known = &mut self.known[place];
        if id as usize >= names.len() {
            return NONE;
        }
        if known.len() < names.len() {
            known.resize(names.len(), NONE);
        }
        if known[id as usize] == NONE {
            let text = names.text(id);
            let name = text.trim();
            if !name.is_empty() {
                known[id as usize] = self.names.intern(name.as_bytes());
            }
        }
        known[id as usize]
    }

    fn set_aside(&mut self, reading: &Reading, row: usize) {
        self.aside += 1;
        if self.example.is_none() {
            let columns = self.products.iter().chain(&self.order);
            let texts: Vec<String> = columns
                .map(|&c| reading.columns.text(c, row).into_owned())
                .filter(|text| !text.is_empty())
                .collect();
            let (file, row) = (self.file, reading.row(row));
            self.example = Some(Example { file, row, text: texts.join(" | ") });
        }
    }

    fn finish(
        &mut self,
        readings: &[Arc<Reading>],
        mapping: &[MappingEntry],
        options: &LoadOptions,
    ) -> Result<Resolved> {
        let baskets =
            if self.order.is_some() { self.ids.len() } else { self.baskets as usize };
        if self.lines.is_empty() {
            return Err(Error::new("no-usable-rows")
                .with("rows", self.rows)
                .with("reason", "no-product"));
        }
        // A stable sort keeps the lines of a basket in the order of their rows.
        let mut by_basket = std::mem::take(&mut self.lines);
        by_basket.order_by_key(|line| line.0);
        let mut orders =
            Orders { undated: true, start: vec![0, baskets as u32], ..Orders::default() };
        let mut lines = Lines { start: vec![0], ..Lines::default() };
        let mut of = Vec::with_capacity(by_basket.len());
        let mut at = 0;
        for basket in 0..baskets as u32 {
            orders.row.push(by_basket.get(at).map_or(0, |line| line.3));
            while let Some(line) = by_basket.get(at).filter(|line| line.0 == basket) {
                lines.product.push(line.1);
                lines.quantity.push(1_000);
                lines.amount.push(0);
                of.push(line.2);
                at += 1;
            }
            lines.start.push(lines.product.len() as u32);
            orders.day.push(0);
            orders.second.push(NO_SECOND);
            orders
                .is_order
                .push(lines.start[basket as usize] < lines.product.len() as u32);
            orders.gross.push(0);
            orders.returns.push(0);
        }
        super::resolve::number_rows(&mut orders.row, readings);
        if self.order.is_some() {
            orders.id = (0..baskets as u32).collect();
            orders.ids = std::mem::take(&mut self.ids);
        }
        lines.products = std::mem::take(&mut self.names);
        if self.category.is_some() {
            let name = crate::mapping::column_name(&readings[0], mapping, Role::Category);
            let values = std::mem::take(&mut self.categories);
            lines.category =
                Some(super::Attribute { role: "category", name, of, values });
        }
        let count = orders.is_order.iter().filter(|&&is_order| is_order).count() as u64;
        orders.lines = Some(lines);
        let zero = || "0".to_owned();
        let used = self.rows - self.aside;
        let exact = super::ExactTotals { gross: zero(), returns: zero(), net: zero() };
        let mut ledger = Ledger {
            kind: Kind::Baskets,
            rows_read: self.rows,
            purchase_rows: used,
            shop: Totals {
                rows: used,
                orders: count,
                exact: exact.clone(),
                ..Totals::default()
            },
            settings: options.settings.clone(),
            notices: vec![Message::new("baskets-without-days").with("baskets", count)],
            ..Ledger::default()
        };
        ledger.customers.totals.exact = exact;
        ledger.customers.returns_only.exact_amount = zero();
        if self.aside > 0 {
            ledger.set_aside.push(SetAside {
                reason: "no-product",
                from: "shop",
                rows: self.aside,
                amount: 0.0,
                exact_amount: zero(),
                currency: None,
                example: self.example.take(),
            });
        }
        // The guests of such a file are in the shop, and nobody in the customers.
        if used > 0 {
            ledger.set_aside.push(SetAside {
                reason: "no-customer",
                from: "customers",
                rows: used,
                amount: 0.0,
                exact_amount: zero(),
                currency: None,
                example: None,
            });
        }
        Ok(Resolved { orders, ledger, mapping: mapping.to_vec() })
    }
}
