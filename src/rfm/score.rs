//! Tie-safe scores: equal values always share one, whatever the method.
//!
//! Source of the quantile rule: the project's own, score = 1 + floor(bins x
//! (strictly worse) / (all)). Rank-based quintiles split equal customers at random.

use super::line;
use super::measures::Ranked;

/// Distinct values up to which the k-means borders are exact.
const EXACT: usize = 100_000;
/// Steps of a logarithm beyond that: a part in 4,096, well below a tenth of a percent.
const STEPS: f64 = 4_096.0;

/// The scores of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// 1..=bins for every customer.
    pub scores: Vec<u8>,
    /// How many have each score, `bins` entries.
    pub sizes: Vec<u32>,
    /// The worst value of each score, `bins` entries; `None` where it is empty.
    pub worst: Vec<Option<i64>>,
}

impl Scored {
    /// The scores of all customers from the score of each distinct value, which
    /// does not fall with the value.
    pub fn new(ranked: &Ranked, of: &[u8], bins: u8) -> Scored {
        let mut sizes = vec![0; usize::from(bins)];
        let mut worst = vec![None; usize::from(bins)];
        for (rank, &score) in of.iter().enumerate() {
            let bin = usize::from(score) - 1;
            sizes[bin] += ranked.count(rank);
            worst[bin].get_or_insert(ranked.distinct[rank]);
        }
        let scores = ranked.rank.iter().map(|&rank| of[rank as usize]).collect();
        Scored { scores, sizes, worst }
    }
}

/// Scores values, of which the larger is the better, from 1 to `bins`.
///
/// The score of a value is 1 + floor(`bins` x (values strictly below it) /
/// (values)). Equal values share a score, the smallest value always has 1, and
/// a score may stay empty where many values are equal.
///
/// ```
/// use regulars::rfm::{Ranked, quantile};
/// let scored = quantile(&Ranked::new(&[1, 1, 1, 2, 5]), 5);
/// assert_eq!(scored.scores, [1, 1, 1, 4, 5]);
/// assert_eq!(scored.sizes, [3, 0, 0, 1, 1]);
/// assert_eq!(scored.worst, [Some(1), None, None, Some(2), Some(5)]);
/// ```
pub fn quantile(ranked: &Ranked, bins: u8) -> Scored {
    let all = ranked.order.len() as u64;
    let score =
        |&below: &u32| 1 + (u64::from(bins) * u64::from(below) / all.max(1)) as u8;
    let of: Vec<u8> = ranked.below.iter().map(score).collect();
    Scored::new(ranked, &of, bins)
}

/// Scores by borders: 1 + how many of them a value reaches.
pub fn reached(
    ranked: &Ranked,
    bins: u8,
    borders: &[f64],
    number: impl Fn(i64) -> f64,
) -> Scored {
    let mut of = vec![1_u8; ranked.distinct.len()];
    for &border in borders {
        let first = ranked.distinct.partition_point(|&value| number(value) < border);
        of[first..].iter_mut().for_each(|score| *score += 1);
    }
    Scored::new(ranked, &of, bins)
}

/// Scores by the groups of least spread after `place`, which rises with the
/// value; fewer than `bins` where there are fewer distinct values. Beyond 100,000
/// distinct places they are rounded to parts in 4,096.
pub fn least_spread(ranked: &Ranked, bins: u8, place: impl Fn(i64) -> f64) -> Scored {
    let rough = ranked.distinct.len() > EXACT;
    let (mut places, mut weights) = (Vec::<f64>::new(), Vec::<f64>::new());
    let mut at = Vec::with_capacity(ranked.distinct.len());
    for (rank, &value) in ranked.distinct.iter().enumerate() {
        let mut placed = place(value);
        if rough {
            placed = (placed * STEPS).round() / STEPS;
        }
        if places.last() != Some(&placed) {
            places.push(placed);
            weights.push(0.0);
        }
        let last = places.len() - 1;
        weights[last] += f64::from(ranked.count(rank));
        at.push(last);
    }
    let starts = line::groups(&places, &weights, usize::from(bins));
    let of: Vec<u8> =
        at.iter().map(|&p| starts.partition_point(|&start| start <= p) as u8).collect();
    Scored::new(ranked, &of, bins)
}

/// Quantile scores within groups of customers, by the same rule: `group` is the
/// index of each customer's group, below `groups`.
///
/// Linear. The worst values are those of the whole, so they say little here; see
/// the borders by group.
pub fn within(
    ranked: &Ranked,
    bins: u8,
    group: &[u8],
    groups: usize,
) -> (Scored, Vec<GroupCuts>) {
    let mut size = vec![0_u64; groups];
    for &g in group {
        size[usize::from(g)] += 1;
    }
    // Per group: customers passed, customers strictly below the present value, it.
    let mut passed = vec![(0_u64, 0_u64, u32::MAX); groups];
    let mut cuts = vec![GroupCuts::new(bins); groups];
    let mut scored = Scored {
        scores: vec![1; group.len()],
        sizes: vec![0; usize::from(bins)],
        worst: vec![None; usize::from(bins)],
    };
    for &c in &ranked.order {
        let (c, g) = (c as usize, usize::from(group[c as usize]));
        let rank = ranked.rank[c];
        let state = &mut passed[g];
        if state.2 != rank {
            (state.1, state.2) = (state.0, rank);
        }
        state.0 += 1;
        let bin = (u64::from(bins) * state.1 / size[g]) as usize;
        scored.scores[c] = bin as u8 + 1;
        scored.sizes[bin] += 1;
        let value = ranked.distinct[rank as usize];
        scored.worst[bin].get_or_insert(value);
        cuts[g].sizes[bin] += 1;
        cuts[g].worst[bin].get_or_insert(value);
    }
    (scored, cuts)
}

/// The borders within one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupCuts {
    /// How many have each score.
    pub sizes: Vec<u32>,
    /// The worst value of each score.
    pub worst: Vec<Option<i64>>,
}

impl GroupCuts {
    fn new(bins: u8) -> GroupCuts {
        GroupCuts {
            sizes: vec![0; usize::from(bins)],
            worst: vec![None; usize::from(bins)],
        }
    }
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
            let scored = quantile(&Ranked::new(&values), bins);
            prop_assert_eq!(&scored.scores, &by_definition(&values, bins));
            let sum: u32 = scored.sizes.iter().sum();
            prop_assert_eq!(sum as usize, values.len());
            for (i, worst) in scored.worst.iter().enumerate() {
                let of_bin = values.iter().zip(&scored.scores)
                    .filter(|&(_, &s)| usize::from(s) == i + 1).map(|(&v, _)| v).min();
                prop_assert_eq!(*worst, of_bin);
            }
        }

        #[test]
        fn within_a_group_the_rule_is_that_of_the_whole(
            rows in prop::collection::vec((-6_i64..20, 0_u8..3), 1..70), bins in 3_u8..=10,
        ) {
            let (values, group): (Vec<i64>, Vec<u8>) = rows.into_iter().unzip();
            let (scored, cuts) = within(&Ranked::new(&values), bins, &group, 3);
            for g in 0..3_u8 {
                let of = |c: &usize| group[*c] == g;
                let members: Vec<usize> = (0..values.len()).filter(of).collect();
                let own: Vec<i64> = members.iter().map(|&c| values[c]).collect();
                let scores: Vec<u8> = members.iter().map(|&c| scored.scores[c]).collect();
                prop_assert_eq!(&scores, &by_definition(&own, bins));
                let sum: u32 = cuts[usize::from(g)].sizes.iter().sum();
                prop_assert_eq!(sum as usize, own.len());
            }
        }

        #[test]
        fn borders_are_reached_from_above(
            values in prop::collection::vec(-6_i64..20, 1..70),
            mut borders in prop::collection::btree_set(-8_i32..22, 4),
        ) {
            borders.insert(3);
            let borders: Vec<f64> = borders.into_iter().take(4).map(f64::from).collect();
            let scored = reached(&Ranked::new(&values), 5, &borders, |v| v as f64);
            for (value, score) in values.iter().zip(&scored.scores) {
                let count = borders.iter().filter(|&&b| *value as f64 >= b).count();
                prop_assert_eq!(usize::from(*score), 1 + count);
            }
        }
    }

    #[test]
    fn no_values_give_no_scores() {
        let scored = quantile(&Ranked::new(&[]), 5);
        assert!(scored.scores.is_empty());
        assert_eq!(scored.sizes, [0; 5]);
        assert!(least_spread(&Ranked::new(&[]), 5, |v| v as f64).scores.is_empty());
    }

    #[test]
    fn least_spread_finds_the_gaps() {
        let scored =
            least_spread(&Ranked::new(&[1, 2, 100, 101, 1000, 2]), 3, |v| v as f64);
        assert_eq!(scored.scores, [1, 1, 2, 2, 3, 1]);
        let few = least_spread(&Ranked::new(&[7, 7, 9]), 5, |v| v as f64);
        assert_eq!(few.scores, [1, 1, 2]);
    }
}
