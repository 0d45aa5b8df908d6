//! Recency, frequency and monetary scores, and the segment of each customer.
//!
//! Scores by the tie-safe rules of `score.rs`, segments by a total map of cells.

mod borders;
mod line;
mod measures;
mod options;
mod result;
mod score;

use crate::customers::Customers;
use crate::error::Result;
use crate::orders::Orders;
use crate::segments::summarise_sums;
pub use measures::{Measures, Ranked, measures};
pub use options::{Cuts, MapChoice, Method, OwnSegment, RfmOptions, Weights, Windows};
use result::Cells;
pub use result::{Dimensions, GridCell, MapEntry, NestedCuts, RfmResult};
pub use score::{Scored, quantile};

/// The scores of every customer, 1 (worst) to `bins` (best).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Scores a dimension.
    pub bins: u8,
    /// By days since the last order, of which few are good.
    pub recency: Vec<u8>,
    /// By number of orders.
    pub orders: Vec<u8>,
    /// By net revenue.
    pub revenue: Vec<u8>,
    /// Weights of the three in [`weighted`](Scores::weighted).
    pub weights: Weights,
    /// How they were made.
    pub method: Method,
}

impl Scores {
    /// The weighted score of a customer: 0 where all scores are 1, 100 where all
    /// are the best.
    pub fn weighted(&self, c: usize) -> f64 {
        let Weights { recency, orders, revenue } = self.weights;
        let part = |weight: f64, score: u8| weight * f64::from(score - 1);
        let sum = part(recency, self.recency[c])
            + part(orders, self.orders[c])
            + part(revenue, self.revenue[c]);
        let most = f64::from(self.bins - 1) * (recency + orders + revenue);
        100.0 * sum / most
    }
}

/// What comes out: columns a customer, and the result as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Rfm {
    /// Scores a customer.
    pub scores: Scores,
    /// Index of each customer's segment in `ids`.
    pub segment: Vec<u8>,
    /// Ids of the segments, best first.
    pub ids: Vec<String>,
    /// Sizes, cuts and segments.
    pub result: RfmResult,
}

/// Scores all customers and puts each in a segment.
///
/// N log N for N customers. No customers give empty lists and no error.
///
/// # Errors
/// Those of [`RfmOptions::check`].
pub fn rfm(orders: &Orders, customers: &Customers, options: &RfmOptions) -> Result<Rfm> {
    let whole = measures(orders, customers, Windows::default());
    if options.windows.is_whole() {
        return scored(orders, customers, &whole, &whole, options);
    }
    let within = measures(orders, customers, options.windows);
    scored(orders, customers, &whole, &within, options)
}

/// The same from measures sorted before: of the whole life, by which the segments
/// are described, and of the options' windows, by which customers are scored.
///
/// Linear: with a million customers any border is redrawn in some tens of
/// milliseconds. Only k-means takes longer where there are many distinct values.
///
/// # Errors
/// Those of [`RfmOptions::check`].
pub fn scored(
    orders: &Orders,
    customers: &Customers,
    whole: &Measures,
    measured: &Measures,
    options: &RfmOptions,
) -> Result<Rfm> {
    options.check()?;
    let map = options.map()?;
    let drawn = borders::draw(customers, measured, orders.scale, options);
    let notices = drawn.notices(customers, whole, measured, orders.scale, options);
    let (cells, segment) = Cells::new(customers, &drawn, &map);
    let sums = cells.segments(&map);
    let (r, f, m) = (drawn.recency, drawn.orders, drawn.revenue);
    let number = |value: i64| orders.scale.number(value);
    let result = RfmResult {
        as_of: customers.as_of,
        method: options.method.code(),
        bins: drawn.bins,
        cuts: Dimensions {
            recency_days: cuts(&r, |days| -days as f64),
            orders: cuts(&f, |count| count as f64),
            revenue: cuts(&m, number),
        },
        thresholds: drawn.thresholds,
        nested: drawn.nested,
        bin_sizes: Dimensions {
            recency_days: r.sizes,
            orders: f.sizes,
            revenue: m.sizes,
        },
        windows: options.windows,
        weights: options.weights,
        grid: cells.grid(orders.scale),
        map: map.listed().into_iter().map(|(id, cells)| MapEntry { id, cells }).collect(),
        segments: Vec::new(),
        notices,
    };
    let scores = Scores {
        bins: drawn.bins,
        recency: r.scores,
        orders: f.scores,
        revenue: m.scores,
        weights: options.weights,
        method: options.method,
    };
    let ids = map.ids().to_vec();
    let segments = summarise_sums(&sums, orders.scale, &segment, &ids, whole);
    Ok(Rfm { scores, segment, ids, result: RfmResult { segments, ..result } })
}

/// The worst value of each score from 2 on.
fn cuts(scored: &Scored, number: impl Fn(i64) -> f64) -> Vec<Option<f64>> {
    scored.worst.iter().skip(1).map(|worst| worst.map(&number)).collect()
}
