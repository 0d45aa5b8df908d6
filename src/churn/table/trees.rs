//! Boosted trees over binned features: each tree follows the gradient of the log
//! loss (Friedman 2001), with splits from histograms by the second-order gain
//! (Chen and Guestrin 2016, equation 7).

use super::super::logistic::{Matrix, probability};

/// Questions asked one after the other at most.
const DEPTH: usize = 4;

/// Step of each tree.
const RATE: f64 = 0.08;

/// Trees at most.
pub(super) const MOST_TREES: usize = 250;

/// Bins of a feature at most.
const BINS: usize = 32;

/// Penalty on the values of leaves, in units of information.
const PENALTY: f64 = 2.0;

/// A leaf speaks of at least so many rows.
const MIN_ROWS: f64 = 15.0;

/// No question: the node is a leaf.
const LEAF: u32 = u32::MAX;

/// A node of a tree; the children of a question lie behind it.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u32,
    /// Rows of at most this value go left.
    bound: f64,
    left: u32,
    right: u32,
    /// What is added to the log-odds of all rows that come here.
    value: f64,
}

/// Trees whose values add up.
#[derive(Clone, Debug, Default)]
pub(super) struct Trees {
    start: f64,
    trees: Vec<Vec<Node>>,
}

impl Trees {
    /// The log-odds of a row of features.
    pub(super) fn log_odds(&self, row: &[f64]) -> f64 {
        self.trees.iter().fold(self.start, |sum, tree| sum + value(tree, row))
    }

    /// What the latest tree adds to the log-odds of a row.
    pub(super) fn latest(&self, row: &[f64]) -> f64 {
        self.trees.last().map_or(0.0, |tree| value(tree, row))
    }

    /// The log-odds before the first tree.
    pub(super) fn start(&self) -> f64 {
        self.start
    }

    /// Adds what each feature contributes to the log-odds of a row, times a
    /// share: at each question the step from the mean of all rows there to the
    /// mean of the chosen side (Saabas 2014). With [`Trees::base`] they add up
    /// to the log-odds.
    pub(super) fn contribute(&self, row: &[f64], share: f64, out: &mut [f64]) {
        for tree in &self.trees {
            let mut node = tree[0];
            while node.feature != LEAF {
                let feature = node.feature as usize;
                let right = row[feature] > node.bound;
                let next = tree[if right { node.right } else { node.left } as usize];
                out[feature] += share * (next.value - node.value);
                node = next;
            }
        }
    }

    /// The log-odds before any question is asked.
    pub(super) fn base(&self) -> f64 {
        self.trees.iter().fold(self.start, |sum, tree| sum + tree[0].value)
    }

    /// The first so many trees.
    pub(super) fn first(mut self, trees: usize) -> Trees {
        self.trees.truncate(trees);
        self
    }

    /// How many trees there are.
    pub(super) fn len(&self) -> usize {
        self.trees.len()
    }
}

fn value(tree: &[Node], row: &[f64]) -> f64 {
    let mut node = tree[0];
    while node.feature != LEAF {
        let right = row[node.feature as usize] > node.bound;
        node = tree[if right { node.right } else { node.left } as usize];
    }
    node.value
}

/// Gradient, information and rows of a bin.
type Sum = [f64; 3];

/// The growing of trees, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Growing {
    /// The bins of the used features, feature after feature.
    bins: Vec<u8>,
    /// The used features and the upper bounds of their bins but the last.
    bounds: Vec<(u32, Vec<f64>)>,
    churned: Vec<bool>,
    log_odds: Vec<f64>,
    gradient: Vec<[f64; 2]>,
    grown: Trees,
}

impl Growing {
    /// Bins the rows; `used` are the features that questions may speak of.
    pub(super) fn new(x: &Matrix, used: &[usize], churned: Vec<bool>) -> Growing {
        let rows = churned.len();
        let (mut bins, mut bounds) = (Vec::new(), Vec::new());
        for &feature in used {
            let column: Vec<f64> = (0..rows).map(|i| x.row(i)[feature]).collect();
            let cuts = cuts(&column);
            if cuts.is_empty() {
                continue;
            }
            bins.extend(column.iter().map(|v| cuts.partition_point(|c| c < v) as u8));
            bounds.push((feature as u32, cuts));
        }
        let left = churned.iter().filter(|&&c| c).count() as f64;
        let start = libm::log((left + 0.5) / (rows as f64 - left + 0.5));
        let grown = Trees { start, trees: Vec::new() };
        let (log_odds, gradient) = (vec![start; rows], vec![[0.0; 2]; rows]);
        Growing { bins, bounds, churned, log_odds, gradient, grown }
    }

    /// About how many steps of work a tree costs.
    pub(super) fn cost(&self) -> u64 {
        (self.bins.len() * 2 + self.churned.len() * 8) as u64 + 1
    }

    /// Grows one more tree.
    pub(super) fn grow(&mut self) {
        for ((g, z), &churned) in
            self.gradient.iter_mut().zip(&self.log_odds).zip(&self.churned)
        {
            let p = probability(*z);
            *g = [p - if churned { 1.0 } else { 0.0 }, p * (1.0 - p)];
        }
        let mut rows: Vec<u32> = (0..self.churned.len() as u32).collect();
        let sums = self.sums(&rows);
        let mut tree = Vec::new();
        self.node(&mut rows, sums, 0, &mut tree);
        self.grown.trees.push(tree);
    }

    /// The trees so far.
    pub(super) fn trees(&self) -> &Trees {
        &self.grown
    }

    /// Sums by feature and bin over some rows.
    fn sums(&self, rows: &[u32]) -> Vec<Sum> {
        let n = self.churned.len();
        let mut sums = vec![[0.0; 3]; self.bounds.len() * BINS];
        for (f, sums) in sums.chunks_exact_mut(BINS).enumerate() {
            let bins = &self.bins[f * n..(f + 1) * n];
            for &i in rows {
                let [g, h] = self.gradient[i as usize];
                let sum = &mut sums[bins[i as usize] as usize];
                sum[0] += g;
                sum[1] += h;
                sum[2] += 1.0;
            }
        }
        sums
    }

    /// Adds the node of these rows, and those below it.
    fn node(
        &mut self,
        rows: &mut [u32],
        sums: Vec<Sum>,
        depth: usize,
        tree: &mut Vec<Node>,
    ) -> u32 {
        let place = tree.len() as u32;
        let (mut g, mut h) = (0.0, 0.0);
        for &i in rows.iter() {
            g += self.gradient[i as usize][0];
            h += self.gradient[i as usize][1];
        }
        let value = -RATE * g / (h + PENALTY);
        let leaf = Node { feature: LEAF, bound: 0.0, left: 0, right: 0, value };
        tree.push(leaf);
        let split = (depth < DEPTH).then(|| self.split(&sums, g, h, rows.len()));
        let Some((f, bin)) = split.flatten() else {
            rows.iter().for_each(|&i| self.log_odds[i as usize] += value);
            return place;
        };
        let n = self.churned.len();
        let goes_left = |i: u32| self.bins[f * n + i as usize] <= bin;
        let (mut one, mut other): (Vec<u32>, Vec<u32>) =
            rows.iter().partition(|&&i| goes_left(i));
        // The sums of the larger side are what the smaller leaves of the whole.
        let (first, second) = if depth + 1 == DEPTH {
            (Vec::new(), Vec::new())
        } else if one.len() <= other.len() {
            let small = self.sums(&one);
            let large = less(sums, &small);
            (small, large)
        } else {
            let small = self.sums(&other);
            (less(sums, &small), small)
        };
        let (feature, bound) = (self.bounds[f].0, self.bounds[f].1[bin as usize]);
        let left = self.node(&mut one, first, depth + 1, tree);
        let right = self.node(&mut other, second, depth + 1, tree);
        tree[place as usize] = Node { feature, bound, left, right, value };
        place
    }

    /// The feature and bin after which to split, if any is worth it.
    fn split(&self, sums: &[Sum], g: f64, h: f64, rows: usize) -> Option<(usize, u8)> {
        let score = |g: f64, h: f64| g * g / (h + PENALTY);
        let whole = score(g, h);
        let mut best: Option<(f64, usize, u8)> = None;
        for (f, sums) in sums.chunks_exact(BINS).enumerate() {
            let mut below = [0.0; 3];
            for (bin, sum) in sums.iter().take(self.bounds[f].1.len()).enumerate() {
                (0..3).for_each(|k| below[k] += sum[k]);
                if below[2] < MIN_ROWS || rows as f64 - below[2] < MIN_ROWS {
                    continue;
                }
                let gain =
                    score(below[0], below[1]) + score(g - below[0], h - below[1]) - whole;
                if gain > 1e-6 && best.is_none_or(|b| gain > b.0) {
                    best = Some((gain, f, bin as u8));
                }
            }
        }
        best.map(|(_, f, bin)| (f, bin))
    }
}

fn less(mut all: Vec<Sum>, part: &[Sum]) -> Vec<Sum> {
    for (a, b) in all.iter_mut().zip(part) {
        (0..3).for_each(|k| a[k] -= b[k]);
    }
    all
}

/// Upper bounds of the bins but the last: the values themselves where they are
/// few, else their quantiles.
fn cuts(column: &[f64]) -> Vec<f64> {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() > BINS {
        let last = sorted.len() - 1;
        distinct = (1..=BINS).map(|k| sorted[last * k / BINS]).collect();
        distinct.dedup();
    }
    distinct.pop();
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows whose outcome hangs on two features together and on neither alone.
    fn either_or(n: usize) -> (Matrix, Vec<bool>) {
        let mut values = Vec::new();
        let mut churned = Vec::new();
        for i in 0..n {
            let (a, b) = ((i * 7919 % 1000) as f64, (i * 104_729 % 997) as f64);
            values.extend([a, b, 5.0]);
            churned.push((a > 500.0) != (b > 500.0));
        }
        (Matrix { width: 3, values }, churned)
    }

    #[test]
    fn what_two_features_say_together_is_learned() {
        let (x, churned) = either_or(2000);
        let mut growing = Growing::new(&x, &[0, 1, 2], churned.clone());
        (0..60).for_each(|_| growing.grow());
        let trees = growing.trees();
        let right = |i: &usize| (trees.log_odds(x.row(*i)) > 0.0) == churned[*i];
        assert!((0..2000).filter(right).count() > 1950);
        for i in (0..2000).step_by(37) {
            let mut parts = [0.0; 3];
            trees.contribute(x.row(i), 1.0, &mut parts);
            let sum = trees.base() + parts.iter().sum::<f64>();
            assert!((sum - trees.log_odds(x.row(i))).abs() < 1e-12);
            assert!((growing.log_odds[i] - trees.log_odds(x.row(i))).abs() < 1e-12);
            assert_eq!(parts[2], 0.0);
        }
    }
}
