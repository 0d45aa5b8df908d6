//! The learned groups as they are shown.

use serde::Serialize;

use super::dense::Dense;
use super::points::Scaling;
use super::ward::Merge;
use crate::calendar::Day;
use crate::message::Message;
use crate::segments::Segment;

/// The learned groups of a shop.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// `kmeans`, `ward` or `dbscan`.
    pub method: &'static str,
    /// The columns that customers were grouped by.
    pub columns: Vec<String>,
    /// How they were scaled.
    pub scaling: Scaling,
    /// How many groups; of DBSCAN those of dense places.
    pub k: u8,
    /// What each number of groups would give, on a sample; empty of DBSCAN, which finds
    /// the number itself.
    pub choices: Vec<Choice>,
    /// Of the sample behind `choices`, `stability` and `hierarchy`, or behind `dense`.
    pub sample: u32,
    /// Sum of squared distances to the centres, on the scaled columns; of k-means only.
    pub inertia: Option<f64>,
    /// Runs of which the best was kept.
    pub restarts: u8,
    /// Of all chance.
    pub seed: u64,
    /// The groups, in the order of their mean of the last column, largest first; of
    /// DBSCAN then those in none, as `odd`.
    pub clusters: Vec<Cluster>,
    /// The joins of the hierarchy, cheapest first, over its cells; none of DBSCAN.
    pub hierarchy: Hierarchy,
    /// What DBSCAN found; `None` of the other methods.
    pub dense: Option<Dense>,
    /// Agreement with the segments of the same customers; `None` without segments.
    pub adjusted_rand: Option<f64>,
    /// Customers by cluster and segment.
    pub by_segment: Vec<Vec<u32>>,
    /// The segments of `by_segment`.
    pub segments: Vec<String>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// What a number of groups would give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// How many groups.
    pub k: u8,
    /// Sum of squared distances, of the sample.
    pub inertia: f64,
    /// Mean silhouette of the sample, -1 to 1.
    pub silhouette: f64,
    /// How much tighter than in evenly spread points: a difference of logarithms.
    pub gap: f64,
    /// Of the gap.
    pub gap_error: f64,
    /// The largest silhouette among three groups and more.
    pub by_silhouette: bool,
    /// The smallest number whose gap is not surpassed by the next one's beyond error.
    pub by_gap: bool,
}

/// One learned group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cluster {
    /// Size, money and typical customer; the id is the number, from `1`, or `odd`.
    #[serde(flatten)]
    pub group: Segment,
    /// The typical customer, column by column.
    pub centre: Vec<Centre>,
    /// What sets it apart, most telling first; the group's name.
    pub traits: Vec<Trait>,
    /// Mean Jaccard similarity over resamples, 0 to 1; above 0.75 a group is stable.
    /// Of k-means only.
    pub stability: Option<f64>,
}

/// A column in one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Centre {
    /// The column.
    pub column: String,
    /// In the column's own units.
    pub mean: f64,
    /// In the column's own units.
    pub median: f64,
    /// Of the group's mean on the scaled column, where everybody's is about 0.
    pub distance: f64,
}

/// A column in which a group differs from everybody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trait {
    /// The column.
    pub column: String,
    /// `very-high`, `high`, `low` or `very-low`.
    pub level: &'static str,
}

/// A hierarchy over cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hierarchy {
    /// How many cells.
    pub cells: u32,
    /// The last joins, cheapest first: those that the picture shows. Numbers below
    /// `leaves` are groups of cells, further ones the joins in this list.
    pub merges: Vec<Merge>,
    /// Groups of cells below the first join shown.
    pub leaves: u32,
    /// Customers of the sample in each leaf.
    pub sizes: Vec<f64>,
}
