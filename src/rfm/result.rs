//! The scores and segments of a shop as they are shown.

use serde::Serialize;

use super::borders::Drawn;
use super::options::{Weights, Windows};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;
use crate::segments::{Map, Segment, Sums};

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

/// The customers of a day by cell: all that the sizes, the grid and the segments are
/// summed from, so that everybody is looked at once.
pub struct Cells {
    bins: usize,
    /// `bins`^3 entries, M running fastest, then F.
    sums: Vec<Sums>,
}

impl Cells {
    /// Adds everybody up, and says who is in which segment.
    pub fn new(customers: &Customers, drawn: &Drawn, map: &Map) -> (Cells, Vec<u8>) {
        let bins = usize::from(drawn.bins);
        let mut sums = vec![Sums::default(); bins * bins * bins];
        let of: Vec<u8> = map.by_cell();
        let (r, f) = (&drawn.recency.scores, &drawn.orders.scores);
        let m = &drawn.revenue.scores;
        let scores = r.iter().zip(f).zip(m);
        let segment = scores
            .enumerate()
            .map(|(c, ((&r, &f), &m))| {
                let (r, f, m) = (usize::from(r), usize::from(f), usize::from(m));
                let cell = ((r - 1) * bins + f - 1) * bins + m - 1;
                sums[cell].add(customers, c);
                of[cell]
            })
            .collect();
        (Cells { bins, sums }, segment)
    }

    /// Customers and money by R and F score.
    pub fn grid(&self, scale: Scale) -> Vec<Vec<GridCell>> {
        let cell = |own: &[Sums]| GridCell {
            customers: own.iter().map(|sum| sum.customers).sum(),
            revenue: scale.number(own.iter().map(|sum| sum.revenue).sum()),
        };
        let row = |own: &[Sums]| own.chunks(self.bins).map(cell).collect();
        self.sums.chunks(self.bins * self.bins).map(row).collect()
    }

    /// The sums of each segment.
    pub fn segments(&self, map: &Map) -> Vec<Sums> {
        let mut segments = vec![Sums::default(); map.ids().len()];
        for (sum, &segment) in self.sums.iter().zip(&map.by_cell()) {
            segments[usize::from(segment)].join(sum);
        }
        segments
    }
}
