//! What each group of customers is: its size, money and typical customer.

mod loyalty;
mod map;
mod median;
mod movement;
mod profile;

use serde::Serialize;

use crate::customers::Customers;
use crate::money::Scale;
pub use loyalty::{Loyalty, LoyaltyOptions, TierResult, TierRule, loyalty};
pub use map::{Map, cell_name};
pub use median::median;
pub use movement::{Direction, Moved, Movement, Standing, direction, movement};
pub use profile::{Common, Future, Known, Profile, Profiling, Risk};

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
    /// Mean days since the last order.
    pub mean_recency_days: Option<f64>,
    /// Mean number of orders.
    pub mean_orders: Option<f64>,
    /// Mean net revenue.
    pub mean_revenue: Option<f64>,
}

/// The customers of a day sorted once by what the medians are of, rising.
#[derive(Clone, Copy, Debug)]
pub struct Sorted<'a> {
    /// By days since the last order, the longest silent first.
    pub recency: &'a [u32],
    /// By number of orders.
    pub orders: &'a [u32],
    /// By net revenue.
    pub revenue: &'a [u32],
}

/// Describes the groups of a partition of the customers.
///
/// `group` holds the index in `ids` of each customer's group, in the order of
/// the customers. Groups come back in the order of `ids`, empty ones included.
/// N log N. Medians are of type R-7: the mean of the middle two.
pub fn summarise(
    customers: &Customers,
    scale: Scale,
    group: &[u8],
    ids: &[String],
) -> Vec<Segment> {
    let sorted = |key: &dyn Fn(usize) -> i64| {
        let mut order: Vec<u32> = (0..customers.len() as u32).collect();
        order.sort_unstable_by_key(|&c| (key(c as usize), c));
        order
    };
    let recency = sorted(&|c| -i64::from(customers.recency_days(c)));
    let orders = sorted(&|c| i64::from(customers.orders[c]));
    let revenue = sorted(&|c| customers.revenue(c));
    let sorted = Sorted { recency: &recency, orders: &orders, revenue: &revenue };
    summarise_sorted(customers, scale, group, ids, sorted)
}

/// The same with the customers sorted before: linear.
pub fn summarise_sorted(
    customers: &Customers,
    scale: Scale,
    group: &[u8],
    ids: &[String],
    sorted: Sorted<'_>,
) -> Vec<Segment> {
    let mut sums = vec![Sums::default(); ids.len()];
    for (c, &g) in group.iter().enumerate() {
        let sum = &mut sums[usize::from(g)];
        sum.customers += 1;
        sum.silence += u64::from(customers.recency_days(c));
        sum.orders += u64::from(customers.orders[c]);
        sum.gross += customers.gross[c];
        sum.revenue += customers.revenue(c);
    }
    let sizes: Vec<u32> = sums.iter().map(|sum| sum.customers).collect();
    let middle = |order: &[u32], value: &dyn Fn(usize) -> i64, scale: Scale| {
        medians(order, group, &sizes, value, scale)
    };
    let whole = Scale(0);
    let silence =
        middle(sorted.recency, &|c| i64::from(customers.recency_days(c)), whole);
    let orders = middle(sorted.orders, &|c| i64::from(customers.orders[c]), whole);
    let revenue = middle(sorted.revenue, &|c| customers.revenue(c), scale);
    let all: i64 = sums.iter().map(|sum| sum.revenue).sum();
    let all = scale.number(all);
    let one = |(g, id): (usize, &String)| {
        let sum = &sums[g];
        let count = f64::from(sum.customers);
        let someone = sum.customers > 0;
        let each = |total: f64| someone.then(|| total / count);
        let money = scale.number(sum.revenue);
        Segment {
            id: id.to_owned(),
            customers: sum.customers,
            orders: sum.orders,
            revenue: money,
            exact_revenue: scale.exact(sum.revenue),
            share: if someone { count / group.len() as f64 } else { 0.0 },
            revenue_share: (all > 0.0).then(|| money / all),
            average_order: (sum.orders > 0)
                .then(|| scale.number(sum.gross) / sum.orders as f64),
            median_recency_days: silence[g],
            median_orders: orders[g],
            median_revenue: revenue[g],
            mean_recency_days: each(sum.silence as f64),
            mean_orders: each(sum.orders as f64),
            mean_revenue: each(money),
        }
    };
    ids.iter().enumerate().map(one).collect()
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    customers: u32,
    silence: u64,
    orders: u64,
    gross: i64,
    revenue: i64,
}

/// The median of each group in one walk along the sorted customers.
fn medians(
    order: &[u32],
    group: &[u8],
    sizes: &[u32],
    value: &dyn Fn(usize) -> i64,
    scale: Scale,
) -> Vec<Option<f64>> {
    let mut passed = vec![0_u32; sizes.len()];
    let mut middle: Vec<(i64, i64)> = vec![(0, 0); sizes.len()];
    for &c in order {
        let g = usize::from(group[c as usize]);
        let place = passed[g];
        passed[g] += 1;
        if place == (sizes[g] - 1) / 2 {
            middle[g].0 = value(c as usize);
        }
        if place == sizes[g] / 2 {
            middle[g].1 = value(c as usize);
        }
    }
    let twice = (2 * scale.units()) as f64;
    let number = |(&size, &(low, high)): (&u32, &(i64, i64))| {
        let sum = i128::from(low) + i128::from(high);
        (size > 0).then(|| sum as f64 / twice)
    };
    sizes.iter().zip(&middle).map(number).collect()
}
