//! Exact money: an `i64` mantissa at one scale for a whole file.

use serde::{Serialize, Serializer};

/// The decimals of every amount of one loaded file, 0 to 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scale(pub u8);

/// 10 to the power of the scale.
const POWERS: [i64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

impl Scale {
    /// The most decimals that are kept; further digits are rounded half to even.
    pub const MAX: u8 = 6;

    /// How many units of the mantissa make one unit of the currency.
    pub fn units(self) -> i64 {
        POWERS[usize::from(self.0.min(Scale::MAX))]
    }

    /// The nearest number to an exact amount: correctly rounded, one division.
    pub fn number(self, mantissa: i64) -> f64 {
        mantissa as f64 / self.units() as f64
    }

    /// The exact amount as a decimal text without trailing zeros, such as
    /// `-918936.61`, as it crosses to JavaScript where figures must add up.
    ///
    /// ```
    /// use regulars::money::Scale;
    /// assert_eq!(Scale(3).exact(9_747_747_934), "9747747.934");
    /// assert_eq!(Scale(3).exact(-10), "-0.01");
    /// assert_eq!(Scale(2).exact(700), "7");
    /// ```
    pub fn exact(self, mantissa: i64) -> String {
        let units = self.units().unsigned_abs();
        let (whole, rest) =
            (mantissa.unsigned_abs() / units, mantissa.unsigned_abs() % units);
        let sign = if mantissa < 0 { "-" } else { "" };
        if rest == 0 {
            return format!("{sign}{whole}");
        }
        let digits = format!("{rest:0width$}", width = usize::from(self.0));
        format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Serialize for Scale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

/// A product, where it fits. A whole product of two factors of 64 bits is a call
/// of a function in wasm, and few factors are that large.
#[inline]
pub(crate) fn times(a: i64, b: i64) -> Option<i64> {
    match (i32::try_from(a), i32::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i64::from(a) * i64::from(b)),
        _ => a.checked_mul(b),
    }
}

/// A quotient rounded half to even, exact in `i128`.
///
/// `divisor` must be positive.
pub fn round_half_even(dividend: i128, divisor: i128) -> i128 {
    let quotient = dividend.div_euclid(divisor);
    let twice = dividend.rem_euclid(divisor) * 2;
    match twice.cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour_on_both_sides_of_zero() {
        let rounded: Vec<i128> =
            [-25, -15, -5, 5, 15, 25, 26].map(|n| round_half_even(n, 10)).to_vec();
        assert_eq!(rounded, [-2, -2, 0, 0, 2, 2, 3]);
    }
}
