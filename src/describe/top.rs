//! Which products, countries and channels bring most.

use serde::Serialize;

use crate::money::Scale;
use crate::names::Names;
use crate::sort::Order;

/// How many are listed.
const LISTED: usize = 10;

/// One product, country or channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Top {
    /// As written in the file.
    pub name: String,
    /// Orders in which it was bought, or that came from there.
    pub orders: u64,
    /// Net revenue.
    pub revenue: f64,
    /// Of the shop's net revenue; `None` where that is not above zero.
    pub share: Option<f64>,
}

/// Orders and money by value of a column.
#[derive(Clone, Debug)]
pub struct Sums {
    orders: Vec<u64>,
    revenue: Vec<i64>,
    /// The last record that counted as an order of the value, plus one.
    counted: Vec<u32>,
}

impl Sums {
    /// Nothing seen yet, for so many distinct values.
    pub fn new(values: usize) -> Sums {
        Sums {
            orders: vec![0; values],
            revenue: vec![0; values],
            counted: vec![0; values],
        }
    }

    /// Adds money of a record to a value; `u32::MAX` is no value. The record is
    /// counted once, where `is_order`.
    pub fn add(&mut self, value: u32, record: usize, is_order: bool, amount: i64) {
        let value = value as usize;
        let Some(revenue) = self.revenue.get_mut(value) else { return };
        *revenue += amount;
        let mark = record as u32 + 1;
        if is_order && self.counted[value] != mark {
            self.counted[value] = mark;
            self.orders[value] += 1;
        }
    }

    /// The first by revenue, ties by first appearance; those never seen are left out.
    pub fn top(&self, values: &Names, net: i64, scale: Scale) -> Vec<Top> {
        let seen = |&v: &usize| self.orders[v] > 0 || self.revenue[v] != 0;
        let mut ranked: Vec<usize> = (0..self.orders.len()).filter(seen).collect();
        let by = |&v: &usize| (std::cmp::Reverse(self.revenue[v]), v);
        if ranked.len() > LISTED {
            ranked.select_nth_unstable_by_key(LISTED, by);
            ranked.truncate(LISTED);
        }
        ranked.order_by_key(by);
        let row = |&v: &usize| Top {
            name: values.text(v as u32).into_owned(),
            orders: self.orders[v],
            revenue: scale.number(self.revenue[v]),
            share: (net > 0).then(|| self.revenue[v] as f64 / net as f64),
        };
        ranked.iter().map(row).collect()
    }
}
