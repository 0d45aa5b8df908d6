//! A shop with its customers scored, for tests of what is built on scores.

use regulars::calendar::Day;
use regulars::customers::{Customers, customers};
use regulars::orders::Orders;
use regulars::rfm::{Rfm, RfmOptions, rfm};
use regulars::table::{CustomerColumns, SegmentColumn};

use crate::common::{Record, orders};

pub struct Shop {
    pub orders: Orders,
    pub customers: Customers,
    pub rfm: Rfm,
}

impl Shop {
    pub fn new(records: &[Record], as_of: i32) -> Shop {
        let orders = orders(records, 2);
        let (customers, rfm) = standing(&orders, as_of);
        Shop { orders, customers, rfm }
    }

    pub fn columns(&self) -> CustomerColumns<'_> {
        columns(&self.orders, &self.customers, &self.rfm)
    }
}

/// The customers of a day with their scores.
pub fn standing(orders: &Orders, day: i32) -> (Customers, Rfm) {
    let customers = customers(orders, Day(day));
    let found = rfm(orders, &customers, &RfmOptions::default()).unwrap();
    (customers, found)
}

/// Columns of which scores and segments are known.
pub fn columns<'a>(
    orders: &'a Orders,
    customers: &'a Customers,
    rfm: &'a Rfm,
) -> CustomerColumns<'a> {
    CustomerColumns {
        orders,
        customers,
        scores: Some(&rfm.scores),
        segment: Some(SegmentColumn { of: &rfm.segment, ids: &rfm.ids }),
        lifetime: None,
        churn: None,
        health: None,
        winback: None,
        lifecycle: None,
        cluster: None,
    }
}
