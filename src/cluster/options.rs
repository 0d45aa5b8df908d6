//! What to group customers by, and into how many groups.

use serde::{Deserialize, Serialize};

use super::dense::Closeness;
use super::points::Scaling;
use crate::error::{Error, Result};

/// How groups are learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ClusterMethod {
    /// K-means over all customers.
    #[default]
    Kmeans,
    /// Ward's hierarchy over cells of k-means, cut into the groups.
    Ward,
    /// DBSCAN: dense places of any form, and the odd customers that are in none.
    Dbscan,
}

impl ClusterMethod {
    /// The code, for results and exports.
    pub fn code(self) -> &'static str {
        match self {
            ClusterMethod::Kmeans => "kmeans",
            ClusterMethod::Ward => "ward",
            ClusterMethod::Dbscan => "dbscan",
        }
    }
}

/// What to group customers by, and how.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterOptions {
    /// Columns of the customer table that hold numbers.
    pub columns: Vec<String>,
    /// How the columns are scaled.
    pub scaling: Scaling,
    /// How groups are learned.
    pub method: ClusterMethod,
    /// How many groups, 2 to 12; by the silhouette where `None`.
    pub k: Option<u8>,
    /// Runs of k-means of which the best is kept, 1 to 50.
    pub restarts: u8,
    /// Of DBSCAN: the farthest distance of a neighbour, on the scaled columns; at the
    /// knee of the distances where `None`.
    pub radius: Option<f64>,
    /// Of DBSCAN: neighbours within the radius, oneself included, that make a dense
    /// place, 2 to 1,000; twice the columns, 4 at least, where `None`.
    pub neighbours: Option<u32>,
    /// Of all chance.
    pub seed: u64,
}

impl Default for ClusterOptions {
    fn default() -> ClusterOptions {
        ClusterOptions {
            columns: ["recencyDays", "orders", "revenue"].map(str::to_owned).to_vec(),
            scaling: Scaling::default(),
            method: ClusterMethod::default(),
            k: None,
            restarts: 10,
            radius: None,
            neighbours: None,
            seed: 1,
        }
    }
}

impl ClusterOptions {
    /// How close DBSCAN takes for close.
    pub fn closeness(&self) -> Closeness {
        let usual = || (2 * self.columns.len()).max(4) as u32;
        let neighbours = self.neighbours.unwrap_or_else(usual) as usize;
        Closeness { radius: self.radius, neighbours }
    }

    /// Checks the options.
    ///
    /// # Errors
    /// `cluster-bad-columns` unless there are 1 to 12 different ones,
    /// `cluster-bad-k`, `cluster-bad-restarts`, `cluster-bad-closeness`.
    pub fn check(&self) -> Result<()> {
        let twice = |(i, name): (usize, &String)| self.columns[..i].contains(name);
        let repeated = self.columns.iter().enumerate().any(twice);
        if repeated || !(1..=12).contains(&self.columns.len()) {
            return Err(Error::new("cluster-bad-columns").with("most", 12));
        }
        if let Some(k) = self.k.filter(|k| !(2..=12).contains(k)) {
            let error = Error::new("cluster-bad-k").with("k", u32::from(k));
            return Err(error.with("from", 2).with("to", 12));
        }
        if !(1..=50).contains(&self.restarts) {
            let restarts = u32::from(self.restarts);
            let error = Error::new("cluster-bad-restarts").with("restarts", restarts);
            return Err(error.with("to", 50));
        }
        let near = self.radius.is_none_or(|r| r.is_finite() && r > 0.0);
        if !near || self.neighbours.is_some_and(|n| !(2..=1_000).contains(&n)) {
            return Err(Error::new("cluster-bad-closeness")
                .with("from", 2)
                .with("to", 1_000));
        }
        Ok(())
    }
}
