//! Tie-safe quantile scores: equal values always share a score.
//!
//! Source: the project's own rule, score = 1 + floor(bins x (strictly worse) /
//! (all)). Rank-based quintiles split equal customers at random.

/// The scores of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored<T> {
    /// 1..=bins for every value, in the order of the values.
    pub scores: Vec<u8>,
    /// How many values have each score, `bins` entries.
    pub sizes: Vec<u32>,
    /// The worst value of each score, `bins` entries; `None` where it is empty.
    pub worst: Vec<Option<T>>,
    /// The value that must be exceeded for each score from 2 to `bins`. A score
    /// is empty where its value is that of the next one: so many share it.
    pub thresholds: Vec<T>,
}

/// Scores values, of which the larger is the better, from 1 to `bins`.
///
/// The score of a value is 1 + floor(`bins` x (values strictly below it) /
/// (values)). Equal values share a score, the smallest value always has 1, and
/// a score may stay empty where many values are equal. Linear on average: a
/// score is at least `s` exactly when the value is above the order statistic
/// of rank ceil((s - 1) x n / bins), so nothing is sorted.
///
/// ```
/// use regulars::rfm::score;
/// let scored = score(&[1, 1, 1, 2, 5], 5);
/// assert_eq!(scored.scores, [1, 1, 1, 4, 5]);
/// assert_eq!(scored.sizes, [3, 0, 0, 1, 1]);
/// assert_eq!(scored.worst, [Some(1), None, None, Some(2), Some(5)]);
/// ```
pub fn score<T: Copy + Ord>(values: &[T], bins: u8) -> Scored<T> {
    let mut scored = Scored {
        scores: Vec::with_capacity(values.len()),
        sizes: vec![0; usize::from(bins)],
        worst: vec![None; usize::from(bins)],
        thresholds: thresholds(values, bins),
    };
    for &value in values {
        let above: u8 = scored.thresholds.iter().map(|&t| u8::from(value > t)).sum();
        scored.scores.push(1 + above);
        let bin = usize::from(above);
        scored.sizes[bin] += 1;
        if scored.worst[bin].is_none_or(|worst| value < worst) {
            scored.worst[bin] = Some(value);
        }
    }
    scored
}

/// For each score 2..=bins the value that must be exceeded to reach it.
fn thresholds<T: Copy + Ord>(values: &[T], bins: u8) -> Vec<T> {
    let mut copy = values.to_vec();
    let (mut rest, mut passed) = (copy.as_mut_slice(), 0);
    let mut thresholds: Vec<T> = Vec::with_capacity(usize::from(bins));
    for step in 1..usize::from(bins) {
        let rank = (step * values.len()).div_ceil(usize::from(bins));
        if rank == 0 {
            break;
        }
        if rank <= passed {
            // Fewer values than bins: the same order statistic once more.
            thresholds.extend(thresholds.last().copied());
            continue;
        }
        let (_, &mut at, right) = rest.select_nth_unstable(rank - 1 - passed);
        thresholds.push(at);
        (rest, passed) = (right, rank);
    }
    thresholds
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_definition(values: &[i64], bins: u8) -> Vec<u8> {
        let n = values.len();
        let worse = |v: i64| values.iter().filter(|&&o| o < v).count();
        values.iter().map(|&v| 1 + (usize::from(bins) * worse(v) / n) as u8).collect()
    }

    proptest! {
        #[test]
        fn the_short_way_equals_the_definition(
            values in prop::collection::vec(-6_i64..20, 1..70), bins in 3_u8..=10,
        ) {
            let scored = score(&values, bins);
            prop_assert_eq!(&scored.scores, &by_definition(&values, bins));
            let sum: u32 = scored.sizes.iter().sum();
            prop_assert_eq!(sum as usize, values.len());
            for (i, worst) in scored.worst.iter().enumerate() {
                let of_bin = values.iter().zip(&scored.scores)
                    .filter(|&(_, &s)| usize::from(s) == i + 1).map(|(&v, _)| v).min();
                prop_assert_eq!(*worst, of_bin);
            }
        }
    }

    #[test]
    fn no_values_give_no_scores() {
        let scored = score::<i64>(&[], 5);
        assert!(scored.scores.is_empty());
        assert_eq!(scored.sizes, [0; 5]);
    }
}
