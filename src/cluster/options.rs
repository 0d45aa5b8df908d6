//! What to group customers by, and into how many groups.

use serde::{Deserialize, Serialize};

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
}

impl ClusterMethod {
    /// The code, for results and exports.
    pub fn code(self) -> &'static str {
        match self {
            ClusterMethod::Kmeans => "kmeans",
            ClusterMethod::Ward => "ward",
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
            seed: 1,
        }
    }
}

impl ClusterOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `cluster-bad-columns` unless there are 1 to 12 different ones,
    /// `cluster-bad-k`, `cluster-bad-restarts`.
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
        Ok(())
    }
}
