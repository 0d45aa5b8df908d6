//! A list divided at random into groups, to test one message against another or
//! against none.
//!
//! Who falls where depends on the seed and on the customer's id alone, so that the
//! same list is divided alike tomorrow and from a file in another order.

use serde::Deserialize;

use super::column::CustomerColumns;
use crate::error::{Error, Result};
use crate::numerics::{GOLDEN, of_id};
use crate::sort::Order;

/// How a list is divided.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Split {
    /// Names of the groups.
    pub names: Vec<String>,
    /// Their shares, which add up to 1.
    pub shares: Vec<f64>,
    /// Another seed divides otherwise.
    pub seed: u64,
    /// Lists hold this group only; all of them where none is named.
    pub only: Option<String>,
}

impl Default for Split {
    fn default() -> Split {
        Split {
            names: vec!["A".to_owned(), "B".to_owned()],
            shares: vec![0.5; 2],
            seed: 1,
            only: None,
        }
    }
}

impl Split {
    /// Checks names and shares.
    ///
    /// # Errors
    /// `split-shares`, and `split-group` with the `group` that there is not.
    pub fn check(&self) -> Result<()> {
        let sum: f64 = self.shares.iter().sum();
        let fits =
            self.names.len() == self.shares.len() && (2..=10).contains(&self.names.len());
        if !fits || !self.shares.iter().all(|&s| s > 0.0) || (sum - 1.0).abs() > 1e-6 {
            return Err(Error::new("split-shares").with("shares", sum));
        }
        match &self.only {
            Some(only) if !self.names.contains(only) => {
                Err(Error::new("split-group").with("group", only.as_str()))
            }
            _ => Ok(()),
        }
    }

    /// The rows of a list that are to be written, each with its group.
    pub fn listed(&self, columns: &CustomerColumns<'_>, rows: &[u32]) -> Vec<(u32, u8)> {
        let of = self.divide(columns, rows);
        let written = |&(_, group): &(u32, u8)| {
            let name = &self.names[usize::from(group)];
            self.only.as_ref().is_none_or(|only| only == name)
        };
        rows.iter().copied().zip(of).filter(written).collect()
    }

    /// The group of each row of a list: the groups have their shares to the nearest
    /// customer. N log N.
    pub fn divide(&self, columns: &CustomerColumns<'_>, rows: &[u32]) -> Vec<u8> {
        let id = |row: u32| {
            columns.orders.customers.bytes(columns.customers.number[row as usize])
        };
        let salt = self.seed.wrapping_mul(GOLDEN);
        let mut drawn: Vec<(u64, u32)> = rows
            .iter()
            .enumerate()
            .map(|(place, &row)| (of_id(id(row), salt), place as u32))
            .collect();
        let text = |place: u32| id(rows[place as usize]);
        drawn.sort_unstable();
        for same in drawn.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            same.order_by(|a, b| text(a.1).cmp(text(b.1)));
        }
        let mut of = vec![0; rows.len()];
        let (mut group, mut share) = (0, self.shares[0]);
        for (passed, &(_, place)) in drawn.iter().enumerate() {
            // A customer belongs to the group in which the middle of the place falls.
            let at = (passed as f64 + 0.5) / rows.len() as f64;
            while at > share && group + 1 < self.shares.len() {
                group += 1;
                share += self.shares[group];
            }
            of[place as usize] = group as u8;
        }
        of
    }
}
