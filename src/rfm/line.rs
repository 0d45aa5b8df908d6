//! The groups of least spread on a line: k-means in one dimension, exact.
//!
//! Wang and Song, "Ckmeans.1d.dp" (The R Journal 3/2, 2011): the best grouping of
//! sorted values is found by dynamic programming; its borders rise with the
//! value, so that each row is filled by divide and conquer.

/// Groups weighted values that rise into at most `k` groups with the least sum of
/// squares to the groups' means; returns the index at which each group begins.
///
/// N log N x k for N values; of equal groupings the one with the earliest borders.
pub fn groups(values: &[f64], weights: &[f64], k: usize) -> Vec<usize> {
    let count = values.len();
    let k = k.min(count);
    if k == 0 {
        return Vec::new();
    }
    let sums = Sums::new(values, weights);
    let mut cost: Vec<f64> = (0..count).map(|end| sums.cost(0, end)).collect();
    let mut begins: Vec<Vec<u32>> = vec![vec![0; count]];
    for group in 1..k {
        let (mut next, mut begin) = (vec![0.0; count], vec![0; count]);
        let mut row =
            Row { sums: &sums, before: &cost, cost: &mut next, begin: &mut begin };
        row.fill(group, count - 1, group, count - 1);
        cost = next;
        begins.push(begin);
    }
    let mut starts = vec![0; k];
    let mut end = count - 1;
    for group in (0..k).rev() {
        let begin = begins[group][end] as usize;
        starts[group] = begin;
        end = begin.saturating_sub(1);
    }
    starts
}

/// Running sums, from which the cost of any group follows.
struct Sums {
    weight: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(values: &[f64], weights: &[f64]) -> Sums {
        let total: f64 = weights.iter().sum();
        let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
        let mut sums = Sums { weight: vec![0.0], first: vec![0.0], second: vec![0.0] };
        let (mut weight, mut first, mut second) = (0.0, 0.0, 0.0);
        for (value, w) in values.iter().zip(weights) {
            // About the mean, so that the difference of squares loses little.
            let v = value - mean;
            weight += w;
            first += w * v;
            second += w * v * v;
            sums.weight.push(weight);
            sums.first.push(first);
            sums.second.push(second);
        }
        sums
    }

    /// Sum of squares about the mean of the values from `begin` to `end`, both
    /// included.
    fn cost(&self, begin: usize, end: usize) -> f64 {
        let weight = self.weight[end + 1] - self.weight[begin];
        let first = self.first[end + 1] - self.first[begin];
        let second = self.second[end + 1] - self.second[begin];
        (second - first * first / weight).max(0.0)
    }
}

/// One more group, for every end.
struct Row<'a> {
    sums: &'a Sums,
    before: &'a [f64],
    cost: &'a mut [f64],
    begin: &'a mut [u32],
}

impl Row<'_> {
    /// Fills the ends `low..=high`, whose last group begins within `from..=to`.
    fn fill(&mut self, low: usize, high: usize, from: usize, to: usize) {
        let end = low + (high - low) / 2;
        let (mut best, mut at) = (f64::INFINITY, from);
        for begin in from..=end.min(to) {
            let cost = self.before[begin - 1] + self.sums.cost(begin, end);
            if cost < best {
                (best, at) = (cost, begin);
            }
        }
        (self.cost[end], self.begin[end]) = (best, at as u32);
        if end > low {
            self.fill(low, end - 1, from, at);
        }
        if end < high {
            self.fill(end + 1, high, at, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spread(values: &[f64]) -> f64 {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|v| (v - mean) * (v - mean)).sum()
    }

    fn best_by_trying(values: &[f64], k: usize) -> f64 {
        if k == 1 {
            return spread(values);
        }
        (k - 1..values.len())
            .map(|at| best_by_trying(&values[..at], k - 1) + spread(&values[at..]))
            .fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #[test]
        fn no_other_borders_are_better(
            mut values in prop::collection::vec(-50_i32..50, 1..12), k in 1_usize..5,
        ) {
            values.sort_unstable();
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let starts = groups(&values, &vec![1.0; values.len()], k);
            prop_assert_eq!(starts.len(), k.min(values.len()));
            prop_assert!(starts.is_sorted() && starts[0] == 0);
            let mut ends = starts.clone();
            ends.push(values.len());
            let found: f64 = ends.windows(2).map(|p| spread(&values[p[0]..p[1]])).sum();
            let best = best_by_trying(&values, k.min(values.len()));
            prop_assert!(found <= best + 1e-6, "{} > {}", found, best);
        }
    }

    #[test]
    fn a_weight_stands_for_as_many_values() {
        let once = groups(&[0.0, 1.0, 5.0, 6.0, 20.0], &[3.0, 1.0, 1.0, 2.0, 1.0], 3);
        assert_eq!(once, [0, 2, 4]);
        assert_eq!(groups(&[], &[], 3), Vec::<usize>::new());
    }
}
