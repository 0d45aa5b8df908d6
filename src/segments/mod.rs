//! What each group of customers is: its size, money and typical customer.

mod map;
mod median;
mod movement;

use serde::Serialize;

use crate::customers::Customers;
use crate::money::Scale;
pub use map::{Map, cell_name};
pub use median::median;
pub use movement::{Direction, Moved, Movement, Standing, direction, movement};

/// One group of customers, in figures. All money is of identified customers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// A code such as `champions`.
    pub id: String,
    /// How many customers.
    pub customers: u32,
    /// Their orders.
    pub orders: u64,
    /// Their net revenue.
    pub revenue: f64,
    /// The same, exact; over all segments it adds up to the ledger's customers
    /// less the line of those with returns only.
    pub exact_revenue: String,
    /// Share of all customers, 0 to 1; 0 where there is no customer at all.
    pub share: f64,
    /// Share of the customers' net revenue; `None` where that is not above zero.
    pub revenue_share: Option<f64>,
    /// Purchases (returns not taken off) by orders.
    pub average_order: Option<f64>,
    /// Median days since the last order.
    pub median_recency_days: Option<f64>,
    /// Median number of orders.
    pub median_orders: Option<f64>,
    /// Median net revenue.
    pub median_revenue: Option<f64>,
}

/// Describes the groups of a partition of the customers.
///
/// `group` holds the index in `ids` of each customer's group, in the order of
/// the customers. Groups come back in the order of `ids`, empty ones included.
/// Linear on average. Medians are of type R-7: the mean of the middle two.
pub fn summarise(
    customers: &Customers,
    scale: Scale,
    group: &[u8],
    ids: &[String],
) -> Vec<Segment> {
    let members = members(group, ids.len());
    let all: i64 = (0..customers.len()).map(|c| customers.revenue(c)).sum();
    let of = |(id, members): (&String, Vec<u32>)| {
        one(customers, scale, id, &members, scale.number(all))
    };
    ids.iter().zip(members).map(of).collect()
}

/// The customers of each group, in their order.
fn members(group: &[u8], groups: usize) -> Vec<Vec<u32>> {
    let mut sizes = vec![0; groups];
    for &g in group {
        sizes[usize::from(g)] += 1;
    }
    let mut members: Vec<Vec<u32>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (customer, &g) in group.iter().enumerate() {
        members[usize::from(g)].push(customer as u32);
    }
    members
}

fn one(
    customers: &Customers,
    scale: Scale,
    id: &str,
    members: &[u32],
    all_revenue: f64,
) -> Segment {
    let count = members.len();
    let each = || members.iter().map(|&c| c as usize);
    let orders: u64 = each().map(|c| u64::from(customers.orders[c])).sum();
    let gross: i64 = each().map(|c| customers.gross[c]).sum();
    let revenue: i64 = each().map(|c| customers.revenue(c)).sum();
    let whole = Scale(0);
    Segment {
        id: id.to_owned(),
        customers: count as u32,
        orders,
        revenue: scale.number(revenue),
        exact_revenue: scale.exact(revenue),
        share: if count == 0 { 0.0 } else { count as f64 / customers.len() as f64 },
        revenue_share: (all_revenue > 0.0).then(|| scale.number(revenue) / all_revenue),
        average_order: (orders > 0).then(|| scale.number(gross) / orders as f64),
        median_recency_days: median(
            whole,
            each().map(|c| i64::from(customers.recency_days(c))).collect(),
        ),
        median_orders: median(
            whole,
            each().map(|c| i64::from(customers.orders[c])).collect(),
        ),
        median_revenue: median(scale, each().map(|c| customers.revenue(c)).collect()),
    }
}
