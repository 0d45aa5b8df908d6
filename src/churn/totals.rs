//! Who ordered when, and the sums over the scored customers.

use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::Orders;

use super::result::{Band, Totals};

/// From this churn probability a customer is certainly gone.
const GONE: f64 = 0.95;

/// Whether the customer ordered after `from` up to and including `until`.
pub(super) fn ordered(orders: &Orders, customer: u32, from: Day, until: Day) -> bool {
    let records = orders.of(customer);
    let after =
        records.start + orders.day[records.clone()].partition_point(|&d| d <= from.0);
    (after..records.end)
        .take_while(|&i| orders.day[i] <= until.0)
        .any(|i| orders.is_order[i])
}

/// Net revenue of a customer after `from` up to and including `until`.
fn revenue_between(orders: &Orders, customer: u32, from: Day, until: Day) -> i64 {
    let within = orders
        .of(customer)
        .filter(|&i| orders.day[i] > from.0 && orders.day[i] <= until.0);
    within.map(|i| orders.gross[i] + orders.returns[i]).sum()
}

/// Sums over the customers of `as_of`, with their churn probabilities.
pub(super) fn totals(orders: &Orders, table: &Customers, probability: &[f64]) -> Totals {
    let names = ["low", "medium", "high"];
    let (mut customers, mut revenue) = ([0u64; 3], [0i64; 3]);
    let (mut slipping, mut at_risk, mut expected) = (0, 0, 0.0);
    for (i, &p) in probability.iter().enumerate() {
        let year =
            revenue_between(orders, table.number[i], table.as_of.plus(-365), table.as_of);
        let band = if p < 1.0 / 3.0 { 0 } else { 1 + usize::from(p >= 2.0 / 3.0) };
        customers[band] += 1;
        revenue[band] += year;
        expected += p;
        if (0.5..GONE).contains(&p) {
            slipping += 1;
            at_risk += year;
        }
    }
    let band = |b: usize| Band {
        band: names[b],
        customers: customers[b],
        revenue: orders.scale.number(revenue[b]),
    };
    Totals {
        slipping_away: slipping,
        revenue_at_risk: orders.scale.number(at_risk),
        expected_churners: expected,
        bands: (0..3).map(band).collect(),
    }
}
