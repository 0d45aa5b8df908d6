//! What each group of customers is: its size, money and typical customer.

mod loyalty;
mod map;
mod median;
mod movement;
mod profile;

use serde::Serialize;

use crate::customers::Customers;
use crate::money::Scale;
use crate::rfm::{Measures, Ranked};
pub use loyalty::{Loyalty, LoyaltyOptions, TierResult, TierRule, loyalty};
pub use map::{Map, cell_name};
pub use median::{Ranks, median, middles};
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
    let mut sums = vec![Sums::default(); ids.len()];
    for (c, &g) in group.iter().enumerate() {
        sums[usize::from(g)].add(customers, c);
    }
    let ranked = |value: &dyn Fn(usize) -> i64| {
        Ranked::new(&(0..customers.len()).map(value).collect::<Vec<i64>>())
    };
    let recency = ranked(&|c| -i64::from(customers.recency_days(c)));
    let orders = ranked(&|c| i64::from(customers.orders[c]));
    let revenue = ranked(&|c| customers.revenue(c));
    let measures = Measures { recency, orders, revenue };
    summarise_sums(&sums, scale, group, ids, &measures)
}

/// The same from the sums of the groups, with the customers ranked before: linear.
/// Recency is ranked by the negative number of days.
pub fn summarise_sums(
    sums: &[Sums],
    scale: Scale,
    group: &[u8],
    ids: &[String],
    measures: &Measures,
) -> Vec<Segment> {
    let sizes: Vec<u32> = sums.iter().map(|sum| sum.customers).collect();
    let middle = |ranked: &Ranked| {
        let ranks = Ranks { rank: &ranked.rank, distinct: &ranked.distinct };
        middles(ranks, group, &sizes)
    };
    let silence = middle(&measures.recency);
    let orders = middle(&measures.orders);
    let revenue = middle(&measures.revenue);
    let all: i64 = sums.iter().map(|sum| sum.revenue).sum();
    let all = scale.number(all);
    let one = |(g, id): (usize, &String)| {
        let sum = &sums[g];
        let count = f64::from(sum.customers);
        let someone = sum.customers > 0;
        let each = |total: f64| someone.then(|| total / count);
        let half = |(low, high): (i64, i64), scale: Scale| {
            let twice = (2 * scale.units()) as f64;
            someone.then(|| (i128::from(low) + i128::from(high)) as f64 / twice)
        };
        let (longer, shorter) = silence[g];
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
            median_recency_days: half((-longer, -shorter), Scale(0)),
            median_orders: half(orders[g], Scale(0)),
            median_revenue: half(revenue[g], scale),
            mean_recency_days: each(sum.silence as f64),
            mean_orders: each(sum.orders as f64),
            mean_revenue: each(money),
        }
    };
    ids.iter().enumerate().map(one).collect()
}

/// What a group adds up to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// How many customers.
    pub customers: u32,
    /// Days since their last orders.
    pub silence: u64,
    /// Orders.
    pub orders: u64,
    /// Purchases.
    pub gross: i64,
    /// Net revenue.
    pub revenue: i64,
}

impl Sums {
    /// Adds a customer.
    pub fn add(&mut self, customers: &Customers, c: usize) {
        self.customers += 1;
        self.silence += u64::from(customers.recency_days(c));
        self.orders += u64::from(customers.orders[c]);
        self.gross += customers.gross[c];
        self.revenue += customers.revenue(c);
    }

    /// Adds another group.
    pub fn join(&mut self, other: &Sums) {
        self.customers += other.customers;
        self.silence += other.silence;
        self.orders += other.orders;
        self.gross += other.gross;
        self.revenue += other.revenue;
    }
}
