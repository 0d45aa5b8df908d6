//! Shops made by hand for tests: orders from a plain list of records.

#![allow(dead_code)]

use regulars::money::Scale;
use regulars::names::Names;
use regulars::orders::{Attribute, Lines, NO_SECOND, Orders};

/// One record of a made-up shop.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// None for a guest.
    pub customer: Option<String>,
    pub id: String,
    pub day: i32,
    /// In hundredths (or the scale given to [`orders`]).
    pub gross: i64,
    pub returns: i64,
    pub country: Option<String>,
    /// Product, quantity in thousandths, amount.
    pub lines: Vec<(String, i64, i64)>,
}

/// A record of one customer without lines.
pub fn record(customer: &str, id: &str, day: i32, gross: i64, returns: i64) -> Record {
    let customer = (!customer.is_empty()).then(|| customer.to_owned());
    Record {
        customer,
        id: id.to_owned(),
        day,
        gross,
        returns,
        country: None,
        lines: vec![],
    }
}

/// The orders of a list of records, each of them one row after the other.
pub fn orders(records: &[Record], scale: u8) -> Orders {
    let mut orders = Orders { scale: Scale(scale), ..Orders::default() };
    let mut rows: Vec<(u32, i32, u32)> = Vec::new();
    for (row, record) in records.iter().enumerate() {
        let customer = record
            .customer
            .as_ref()
            .map_or(u32::MAX, |name| orders.customers.intern(name.as_bytes()));
        rows.push((customer, record.day, row as u32));
    }
    rows.sort_unstable();
    let mut country = Attribute {
        role: "country",
        name: "Country".to_owned(),
        of: Vec::new(),
        values: Names::new(),
    };
    let mut lines = Lines { start: vec![0], ..Lines::default() };
    for record in records {
        if let Some(name) = &record.country {
            country.values.intern(name.as_bytes());
        }
        for (product, ..) in &record.lines {
            lines.products.intern(product.as_bytes());
        }
    }
    let mut at = 0;
    for number in 0..=orders.customers.len() as u32 {
        orders.start.push(at as u32);
        let guests = number == orders.customers.len() as u32;
        let wanted = if guests { u32::MAX } else { number };
        while rows.get(at).is_some_and(|r| r.0 == wanted) {
            let record = &records[rows[at].2 as usize];
            orders.day.push(record.day);
            orders.second.push(NO_SECOND);
            orders.is_order.push(record.gross > 0);
            orders.gross.push(record.gross);
            orders.returns.push(record.returns);
            orders.row.push(rows[at].2 + 2);
            let id = orders.ids.intern(record.id.as_bytes());
            orders.id.push(id);
            country.of.push(
                record.country.as_ref().map_or(u32::MAX, |name| {
                    country.values.find(name.as_bytes()).unwrap()
                }),
            );
            for (product, quantity, amount) in &record.lines {
                lines.product.push(lines.products.find(product.as_bytes()).unwrap());
                lines.quantity.push(*quantity);
                lines.amount.push(*amount);
            }
            lines.start.push(lines.product.len() as u32);
            at += 1;
        }
    }
    orders.start.push(at as u32);
    if !country.values.is_empty() {
        orders.attributes.push(country);
    }
    if !lines.products.is_empty() {
        orders.lines = Some(lines);
    }
    orders
}
