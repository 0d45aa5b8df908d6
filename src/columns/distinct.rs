//! How many distinct values there are, from the smallest of their hashes (Z.
//! Bar-Yossef et al., "Counting Distinct Elements in a Data Stream", 2002, third
//! algorithm; the estimate (k - 1) / k-th minimum).

use hashbrown::HashTable;

/// Distinct values that are counted exactly.
pub const EXACT_DISTINCT: u64 = 1024;

const KEPT: usize = EXACT_DISTINCT as usize;

/// The smallest hashes seen.
#[derive(Clone, Debug)]
pub(crate) struct Distinct {
    hashes: HashTable<u64>,
    /// No hash above this one can matter any more.
    limit: u64,
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct { hashes: HashTable::new(), limit: u64::MAX }
    }
}

impl Distinct {
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        if hash <= self.limit {
            self.insert(hash);
        }
    }

    fn insert(&mut self, hash: u64) {
        if self.hashes.find(hash, |&h| h == hash).is_some() {
            return;
        }
        if self.hashes.len() == 4 * KEPT {
            let smallest = self.smallest();
            self.limit = smallest.last().copied().unwrap_or(u64::MAX);
            self.hashes.retain(|h| *h <= smallest[KEPT - 1]);
            if hash > self.limit {
                return;
            }
        }
        self.hashes.insert_unique(hash, hash, |&h| h);
    }

    /// The smallest hashes, at most as many as are counted exactly, in order.
    fn smallest(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.hashes.iter().copied().collect();
        all.sort_unstable();
        all.truncate(KEPT);
        all
    }

    /// All that is remembered: the limit, and the hashes.
    pub(crate) fn kept(&self) -> (u64, Vec<u64>) {
        (self.limit, self.hashes.iter().copied().collect())
    }

    /// The same again.
    pub(crate) fn of(limit: u64, kept: &[u64]) -> Distinct {
        let mut hashes = HashTable::with_capacity(kept.len());
        for &hash in kept {
            hashes.insert_unique(hash, hash, |&h| h);
        }
        Distinct { hashes, limit }
    }

    pub(crate) fn merge(&mut self, other: &Distinct) {
        for &hash in &other.hashes {
            self.add(hash);
        }
    }

    /// The number of distinct values, exact up to [`EXACT_DISTINCT`].
    pub(crate) fn count(&self) -> u64 {
        if self.hashes.len() <= KEPT && self.limit == u64::MAX {
            return self.hashes.len() as u64;
        }
        let smallest = self.smallest();
        let kth = smallest.last().copied().unwrap_or(u64::MAX).max(1);
        ((KEPT - 1) as f64 / (kth as f64 / u64::MAX as f64)) as u64
    }
}

impl PartialEq for Distinct {
    /// What is kept besides the smallest hashes depends on when they were seen.
    fn eq(&self, other: &Distinct) -> bool {
        self.count() == other.count() && self.smallest() == other.smallest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::swar;

    #[test]
    fn exact_below_the_cap_and_near_above() {
        for (n, tolerance) in
            [(0_u64, 0.0), (1, 0.0), (1024, 0.0), (1025, 0.1), (200_000, 0.1)]
        {
            let mut left = Distinct::default();
            let mut right = Distinct::default();
            for k in 0..n {
                left.add(swar::hash(&[k]));
                right.add(swar::hash(&[k]));
                right.add(swar::hash(&[n - k - 1]));
            }
            let count = left.count() as f64;
            assert!((count - n as f64).abs() <= tolerance * n as f64, "{n}: {count}");
            assert_eq!(left, right);
            left.merge(&right);
            assert_eq!(left, right);
        }
    }
}
