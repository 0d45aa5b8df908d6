//! The median of exact values, of type R-7: the mean of the middle two.

use crate::money::Scale;

/// Parts that the ranks are counted in first: with a million customers the counts of
/// every segment stay in the nearest cache.
const PARTS: u32 = 10;

/// The median of mantissas at a scale; `None` of nothing. Linear on average.
///
/// ```
/// use regulars::{money::Scale, segments::median};
/// assert_eq!(median(Scale(2), vec![300, 100, 250, 101]), Some(1.755));
/// assert_eq!(median(Scale(0), vec![]), None);
/// ```
pub fn median(scale: Scale, mut values: Vec<i64>) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len();
    let (left, &mut upper, _) = values.select_nth_unstable(count / 2);
    if count % 2 == 1 {
        return Some(scale.number(upper));
    }
    let lower = left.iter().copied().max().unwrap_or(upper);
    Some((i128::from(lower) + i128::from(upper)) as f64 / (2 * scale.units()) as f64)
}

/// Values that were ranked before, customer by customer.
#[derive(Clone, Copy, Debug)]
pub struct Ranks<'a> {
    /// The rank of each customer's value.
    pub rank: &'a [u32],
    /// The distinct values, rising.
    pub distinct: &'a [i64],
}

/// The middle two values of each group, which are one and the same where its size is
/// odd; of an empty group zeros. `sizes` holds the size of each group.
///
/// Two walks along the customers and no sort.
pub fn middles(ranks: Ranks<'_>, group: &[u8], sizes: &[u32]) -> Vec<(i64, i64)> {
    let bits = u32::BITS - (ranks.distinct.len() as u32).leading_zeros();
    let shift = bits.saturating_sub(PARTS);
    let parts = (ranks.distinct.len() >> shift) + 1;
    let mut counts = vec![0_u32; parts * sizes.len()];
    for (&rank, &g) in ranks.rank.iter().zip(group) {
        counts[usize::from(g) * parts + (rank >> shift) as usize] += 1;
    }
    // For each group the parts with the middle two, and how many of the part lie below.
    let place = |(g, &size): (usize, &u32)| {
        let own = &counts[g * parts..(g + 1) * parts];
        [size.saturating_sub(1) / 2, size / 2].map(|middle| walk(own, middle))
    };
    let places: Vec<[(u32, u32); 2]> = sizes.iter().enumerate().map(place).collect();
    let value = |rank: u32| ranks.distinct.get(rank as usize).copied().unwrap_or(0);
    if shift == 0 {
        let both = |[low, high]: &[(u32, u32); 2]| (value(low.0), value(high.0));
        return places.iter().map(both).collect();
    }
    let width = 1 << shift;
    let mut fine = vec![0_u32; 2 * width * sizes.len()];
    for (&rank, &g) in ranks.rank.iter().zip(group) {
        let (g, part) = (usize::from(g), rank >> shift);
        let [low, high] = places[g];
        // Mostly neither.
        if part == low.0 {
            fine[2 * g * width + (rank as usize & (width - 1))] += 1;
        }
        if part == high.0 {
            fine[(2 * g + 1) * width + (rank as usize & (width - 1))] += 1;
        }
    }
    let one = |at: usize, (part, below): (u32, u32)| {
        value((part << shift) + walk(&fine[at * width..(at + 1) * width], below).0)
    };
    let each = places.iter().enumerate();
    each.map(|(g, &[low, high])| (one(2 * g, low), one(2 * g + 1, high))).collect()
}

/// The place of the count that holds the `nth` (from 0), and how many of it lie before.
fn walk(counts: &[u32], nth: u32) -> (u32, u32) {
    let mut passed = 0;
    for (place, &count) in counts.iter().enumerate() {
        if passed + count > nth {
            return (place as u32, nth - passed);
        }
        passed += count;
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::Ranked;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_middles_are_those_of_the_sorted_groups(
            rows in prop::collection::vec((0_i64..40_000, 0_u8..4), 1..300),
            spread in prop::sample::select(vec![1_i64, 50, 40_000]),
        ) {
            // Many distinct values, so that the second walk is taken, or few.
            let filler = (0..3_000_i64).map(|i| (i * 31, 4_u8));
            let rows: Vec<(i64, u8)> =
                rows.into_iter().map(|(v, g)| (v % spread, g)).chain(filler).collect();
            let (values, group): (Vec<i64>, Vec<u8>) = rows.into_iter().unzip();
            let ranked = Ranked::new(&values);
            let mut sizes = vec![0_u32; 6];
            group.iter().for_each(|&g| sizes[usize::from(g)] += 1);
            let ranks = Ranks { rank: &ranked.rank, distinct: &ranked.distinct };
            for (g, &found) in middles(ranks, &group, &sizes).iter().enumerate() {
                let mut own: Vec<i64> = values.iter().zip(&group)
                    .filter(|&(_, &of)| usize::from(of) == g).map(|(&v, _)| v).collect();
                own.sort_unstable();
                if !own.is_empty() {
                    let expected = (own[(own.len() - 1) / 2], own[own.len() / 2]);
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
