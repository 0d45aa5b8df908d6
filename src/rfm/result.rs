//! The scores and segments of a shop as they are shown.

use serde::Serialize;

use super::borders::Drawn;
use super::options::{Weights, Windows};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;
use crate::segments::Segment;

/// The scores and segments of a shop as they are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RfmResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// `quantile`, `nested`, `thresholds`, `kmeans` or `klaviyo`.
    pub method: &'static str,
    /// Scores a dimension.
    pub bins: u8,
    /// The worst value of each score from 2 to `bins`; of nested scores, over all
    /// groups.
    pub cuts: Dimensions<Option<f64>>,
    /// The borders themselves where they are fixed; empty lists elsewhere.
    pub thresholds: Dimensions<f64>,
    /// The borders within each group, of nested scores only.
    pub nested: Vec<NestedCuts>,
    /// How many customers have each score from 1 to `bins`.
    pub bin_sizes: Dimensions<u32>,
    /// What part of a customer's life was scored.
    pub windows: Windows,
    /// Of the three scores in the weighted score.
    pub weights: Weights,
    /// Customers and money by R and F score, `grid[r - 1][f - 1]`.
    pub grid: Vec<Vec<GridCell>>,
    /// The cells of each segment, best first.
    pub map: Vec<MapEntry>,
    /// Best first, empty ones included.
    pub segments: Vec<Segment>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// A list for each of the three dimensions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dimensions<T> {
    /// In days since the last order.
    pub recency_days: Vec<T>,
    /// In orders.
    pub orders: Vec<T>,
    /// In net revenue.
    pub revenue: Vec<T>,
}

/// The borders of nested scores within one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NestedCuts {
    /// The recency score, or the recency and the frequency score, such as `54`.
    pub group: String,
    /// `orders` or `revenue`.
    pub dimension: &'static str,
    /// The worst value of each score from 2 to `bins`.
    pub cuts: Vec<Option<f64>>,
    /// How many have each score.
    pub sizes: Vec<u32>,
}

/// A segment of the map and its cells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapEntry {
    /// The segment.
    pub id: String,
    /// Its cells.
    pub cells: Vec<String>,
}

/// The customers with one pair of R and F scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct GridCell {
    /// How many.
    pub customers: u32,
    /// Their net revenue.
    pub revenue: f64,
}

/// Customers and money by R and F score.
pub fn grid(customers: &Customers, drawn: &Drawn, scale: Scale) -> Vec<Vec<GridCell>> {
    let bins = usize::from(drawn.bins);
    let mut sums = vec![(0_u32, 0_i64); bins * bins];
    let scores = drawn.recency.scores.iter().zip(&drawn.orders.scores);
    for (c, (&r, &f)) in scores.enumerate() {
        let cell = &mut sums[usize::from(r - 1) * bins + usize::from(f - 1)];
        *cell = (cell.0 + 1, cell.1 + customers.revenue(c));
    }
    let cell = |&(customers, sum): &(u32, i64)| GridCell {
        customers,
        revenue: scale.number(sum),
    };
    sums.chunks(bins).map(|row| row.iter().map(cell).collect()).collect()
}
