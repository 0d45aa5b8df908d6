//! The median of exact values, of type R-7: the mean of the middle two.

use crate::money::Scale;

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
