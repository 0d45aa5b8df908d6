//! One row a customer, as of a day: a pure function of the orders.

use crate::calendar::Day;
use crate::orders::Orders;

/// What is known of every customer at the end of `as_of`.
///
/// Orders after `as_of` are not looked at. People without an order up to that
/// day are not customers. All columns have one entry a customer, in the order
/// of the customers' first appearance in the file.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    /// The day of reckoning; orders up to and including it count.
    pub as_of: Day,
    /// The customer's number in `orders.customers`.
    pub number: Vec<u32>,
    /// Day of the first order, days since 1970-01-01.
    pub first_day: Vec<i32>,
    /// Day of the last order, days since 1970-01-01.
    pub last_day: Vec<i32>,
    /// How many orders.
    pub orders: Vec<u32>,
    /// On how many distinct days there was an order.
    pub order_days: Vec<u32>,
    /// Sum of purchases, at the orders' scale.
    pub gross: Vec<i64>,
    /// Sum of returns, at the orders' scale; 0 or less.
    pub returns: Vec<i64>,
}

impl Customers {
    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.number.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.number.is_empty()
    }

    /// Days from the last order to `as_of`.
    pub fn recency_days(&self, customer: usize) -> u32 {
        (self.as_of.0 - self.last_day[customer]).max(0) as u32
    }

    /// Net revenue at the orders' scale.
    pub fn revenue(&self, customer: usize) -> i64 {
        self.gross[customer] + self.returns[customer]
    }
}

/// The customers of the shop as of a day.
///
/// Linear in the number of records. Returns dated after `as_of` are not counted.
/// Of a table of one row a customer its last day is the earliest that makes sense.
pub fn customers(orders: &Orders, as_of: Day) -> Customers {
    let mut table = Customers { as_of, ..Customers::default() };
    if let Some(summary) = &orders.summary {
        let all = 0..orders.customers.len();
        table.number = (0..all.end as u32).collect();
        table.first_day = all.clone().map(|c| summary.first(c)).collect();
        table.last_day = all.clone().map(|c| summary.last(c)).collect();
        table.orders = summary.orders[all.clone()].to_vec();
        table.order_days = all.clone().map(|c| summary.repeat_days[c] + 1).collect();
        table.gross = orders.gross[all.clone()].to_vec();
        table.returns = orders.returns[all].to_vec();
        return table;
    }
    for number in 0..orders.customers.len() as u32 {
        let (mut first, mut last, mut count, mut days) = (0, 0, 0, 0);
        let (mut gross, mut returns) = (0, 0);
        for i in orders.of(number) {
            let day = orders.day[i];
            if day > as_of.0 {
                break;
            }
            gross += orders.gross[i];
            returns += orders.returns[i];
            if !orders.is_order[i] {
                continue;
            }
            if count == 0 {
                first = day;
            }
            if count == 0 || day != last {
                days += 1;
            }
            last = day;
            count += 1;
        }
        if count > 0 {
            table.number.push(number);
            table.first_day.push(first);
            table.last_day.push(last);
            table.orders.push(count);
            table.order_days.push(days);
            table.gross.push(gross);
            table.returns.push(returns);
        }
    }
    table
}
