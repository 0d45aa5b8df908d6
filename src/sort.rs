//! Sorting with little code: one merge sort of places for all types.
//!
//! The standard library's sorts are compiled anew for every type and every
//! comparison, some kilobytes each. They stay where many plain numbers are sorted
//! (one copy a type of number); all else is sorted here.

use std::cmp::Ordering;

/// Stable sorts of slices, in `n log n` comparisons.
///
/// ```
/// use regulars::sort::Order;
/// let mut words = ["pear", "fig", "apple", "plum"];
/// words.order_by_key(|word| word.len());
/// assert_eq!(words, ["fig", "pear", "plum", "apple"]);
/// ```
pub trait Order<T> {
    /// Sorts by a comparison; equal ones keep their order.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// Sorts by a key, which is computed twice a comparison.
    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts by the order of the type.
    fn order(&mut self)
    where
        T: Ord,
    {
        self.order_by(T::cmp);
    }
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        if self.len() < 2 {
            return;
        }
        let mut places = merged(self.len(), &mut |a, b| {
            compare(&self[a as usize], &self[b as usize]).is_gt()
        });
        for start in 0..places.len() {
            let mut at = start;
            loop {
                let from = places[at] as usize;
                places[at] = at as u32;
                if from == start {
                    break;
                }
                self.swap(at, from);
                at = from;
            }
        }
    }
}

/// Runs of this length are sorted by insertion.
const RUN: usize = 8;

/// The places `0..count` in order, equal ones as they are.
#[inline(never)]
fn merged(count: usize, after: &mut dyn FnMut(u32, u32) -> bool) -> Vec<u32> {
    let mut places: Vec<u32> = (0..count as u32).collect();
    for run in places.chunks_mut(RUN) {
        for i in 1..run.len() {
            let place = run[i];
            let mut at = i;
            while at > 0 && after(run[at - 1], place) {
                run[at] = run[at - 1];
                at -= 1;
            }
            run[at] = place;
        }
    }
    let mut left = Vec::new();
    let mut width = RUN;
    while width < count {
        for both in places.chunks_mut(2 * width) {
            if both.len() <= width || !after(both[width - 1], both[width]) {
                continue;
            }
            left.clear();
            left.extend_from_slice(&both[..width]);
            let (mut l, mut r) = (0, width);
            for at in 0..both.len() {
                if l == left.len() {
                    break;
                }
                if r < both.len() && after(left[l], both[r]) {
                    both[at] = both[r];
                    r += 1;
                } else {
                    both[at] = left[l];
                    l += 1;
                }
            }
        }
        width *= 2;
    }
    places
}

/// The places of the numbers from the largest to the smallest, ties by place.
pub fn falling(values: &[f64]) -> Vec<u32> {
    rising(values.iter().map(|&value| !whole(value)))
}

/// A whole number that lies as the given one does by `total_cmp`.
pub fn whole(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// The places of the whole numbers from the smallest to the largest, ties by place.
pub fn rising(values: impl Iterator<Item = i64>) -> Vec<u32> {
    let key = |value: i64| value as u64 ^ 1 << 63;
    let mut keyed: Vec<(u64, u32)> = values.map(key).zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn orders_as_the_standard_library_does(
            values in prop::collection::vec((0..40u8, any::<u16>()), 0..200),
        ) {
            let mut expected = values.clone();
            expected.sort_by_key(|&(key, _)| key);
            let mut ours = values.clone();
            ours.order_by_key(|&(key, _)| key);
            prop_assert_eq!(&ours, &expected);
            expected.sort();
            ours.order();
            prop_assert_eq!(ours, expected);
        }

        #[test]
        fn falling_numbers_lie_as_total_cmp_says(
            mut values in prop::collection::vec(any::<f64>(), 0..60),
        ) {
            values.extend([0.0, -0.0, f64::NAN, -f64::NAN, f64::INFINITY, 1.0, 1.0]);
            let mut expected: Vec<u32> = (0..values.len() as u32).collect();
            expected.sort_by(|&a, &b| values[b as usize].total_cmp(&values[a as usize]));
            prop_assert_eq!(falling(&values), expected);
        }
    }

    #[test]
    fn rising_numbers_keep_the_order_of_equal_ones() {
        let values = [3, i64::MIN, -1, 3, i64::MAX];
        assert_eq!(rising(values.into_iter()), [1, 2, 0, 3, 4]);
    }
}
