//! Written decimals as the nearest number, by long division. The standard library's
//! reader is as exact and faster, with tables that would be a fortieth of the module.

use std::cmp::Ordering;

/// More digits never decide between two numbers, unless all of them are zero.
const MOST: usize = 800;

/// The number of a text such as `-12.5` or `1e-3`, rounded to the nearest (ties to
/// even); `None` where it is no decimal or beyond all numbers.
///
/// ```
/// use regulars::decimal::decimal;
/// assert_eq!(decimal("-12.50"), Some(-12.5));
/// assert_eq!(decimal("1,5"), None);
/// ```
pub fn decimal(text: &str) -> Option<f64> {
    let (negative, rest) = signed(text.as_bytes());
    let at = rest.iter().position(|b| matches!(b, b'e' | b'E'));
    let (number, exponent) = match at {
        Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
        None => (rest, 0),
    };
    let point = number.iter().position(|&b| b == b'.').unwrap_or(number.len());
    let (whole, fraction) = (&number[..point], number.get(point + 1..).unwrap_or(&[]));
    let mut digits = whole.iter().chain(fraction);
    if whole.len() + fraction.len() == 0 || !digits.all(u8::is_ascii_digit) {
        return None;
    }
    let digits: Vec<u8> = whole.iter().chain(fraction).map(|b| b - b'0').collect();
    let power = exponent.saturating_sub(i64::try_from(fraction.len()).ok()?);
    let value = nearest(&digits, power)?;
    Some(if negative { -value } else { value })
}

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    }
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = signed(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |n: i64, b: &u8| n.saturating_mul(10).saturating_add(i64::from(b - b'0'));
    let value = digits.iter().fold(0, add);
    Some(if negative { -value } else { value })
}

/// The number nearest to digits times a power of ten.
fn nearest(digits: &[u8], power: i64) -> Option<f64> {
    let zeros = digits.iter().take_while(|&&d| d == 0).count();
    let (mut digits, mut power) = (digits[zeros..].to_vec(), power);
    if digits.len() > MOST {
        power = power.saturating_add(digits.len() as i64 - MOST as i64);
        // What is cut off is more than nothing.
        let more = digits[MOST..].iter().any(|&d| d > 0);
        digits.truncate(MOST);
        if more {
            digits.push(1);
            power = power.saturating_sub(1);
        }
    }
    let size = power.saturating_add(digits.len() as i64);
    if digits.is_empty() || size < -330 {
        return Some(0.0);
    }
    if size > 310 {
        return None;
    }
    if digits.len() <= 15 && power.abs() <= 22 {
        // Both are exact, so the one operation rounds once.
        let whole = digits.iter().fold(0.0, |n, &d| n * 10.0 + f64::from(d));
        let scale = (0..power.abs()).fold(1.0, |n, _| n * 10.0);
        return Some(if power < 0 { whole / scale } else { whole * scale });
    }
    let (mut above, mut below) = (Big(Vec::new()), Big(vec![1]));
    digits.iter().for_each(|&d| above.times_plus(10, u32::from(d)));
    let scaled = if power < 0 { &mut below } else { &mut above };
    (0..power.abs()).for_each(|_| scaled.times_plus(10, 0));
    divided(above, below)
}

/// The number nearest to a quotient, which is not 0.
fn divided(mut above: Big, mut below: Big) -> Option<f64> {
    // Moved so that the quotient is between 1/2 and 2.
    let by = above.bits() - below.bits();
    above.double((-by).max(0));
    below.double(by.max(0));
    // 64 bits of it, and whether anything is left.
    let mut quotient = 0_u64;
    for _ in 0..64 {
        let bit = above.compare(&below).is_ge();
        if bit {
            above.subtract(&below);
        }
        quotient = quotient << 1 | u64::from(bit);
        above.double(1);
    }
    let rest = above.bits() > 0;
    let empty = quotient.leading_zeros();
    let quotient = u128::from(quotient << empty);
    // The power of two of the first bit, and how many bits there is no room for.
    let first = by - i64::from(empty);
    if first > 1023 {
        return None;
    }
    let drop = 11 + (-1022 - first).clamp(0, 54);
    let (kept, cut) = (quotient >> drop, quotient & ((1 << drop) - 1));
    let up = match cut.cmp(&(1 << (drop - 1))) {
        Ordering::Less => false,
        Ordering::Equal => rest || kept % 2 == 1,
        Ordering::Greater => true,
    };
    let bits = (((first + 1022).max(0) as u64) << 52) + kept as u64 + u64::from(up);
    Some(f64::from_bits(bits)).filter(|value| value.is_finite())
}

/// A whole number of any size, its lowest 32 bits first.
struct Big(Vec<u32>);

impl Big {
    fn times_plus(&mut self, factor: u32, add: u32) {
        let mut carry = u64::from(add);
        for word in &mut self.0 {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Doubles so many times.
    fn double(&mut self, times: i64) {
        (0..times / 31).for_each(|_| self.times_plus(1 << 31, 0));
        self.times_plus(1 << (times % 31), 0);
    }

    /// Bits up to the highest that is set.
    fn bits(&self) -> i64 {
        let top = self.0.iter().rposition(|&word| word > 0);
        top.map_or(0, |i| 32 * i as i64 + 32 - i64::from(self.0[i].leading_zeros()))
    }

    fn word(&self, i: usize) -> u32 {
        self.0.get(i).copied().unwrap_or(0)
    }

    fn compare(&self, other: &Big) -> Ordering {
        let words = (0..self.0.len().max(other.0.len())).rev();
        let mut each = words.map(|i| self.word(i).cmp(&other.word(i)));
        each.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Takes away another number, which is not larger.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = false;
        for (i, word) in self.0.iter_mut().enumerate() {
            let (rest, under) = word.overflowing_sub(other.word(i));
            let (rest, lower) = rest.overflowing_sub(u32::from(borrow));
            (*word, borrow) = (rest, under || lower);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(text: &str) {
        let expected = text.parse::<f64>().ok().filter(|v| v.is_finite());
        assert_eq!(decimal(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
    }

    #[test]
    fn edges_are_read_as_the_standard_library_reads_them() {
        for text in [
            "",
            "-",
            ".",
            "+.5",
            "5.",
            "-.e1",
            "1e",
            "1e+",
            "1e5",
            "-1E-7",
            "nan",
            "inf",
            "0",
            "-0",
            "0e999999999999999999999",
            "1e309",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1.797693134862315807e308",
            "4.9e-324",
            "2.4e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "9007199254740993",
            "9007199254740992.9999999999",
            "1 2",
            "1_0",
            "--1",
            "0x10",
            "1e-400",
            "123456789012345678901234567890",
        ] {
            agrees(text);
        }
        agrees(&format!("9007199254740993.{}1", "0".repeat(900)));
        agrees(&format!("{}e-1000", "9".repeat(1200)));
    }

    proptest! {
        #[test]
        fn any_number_is_read_as_it_was_written(bits in any::<u64>(), digits in 0..30_usize) {
            let value = f64::from_bits(bits);
            agrees(&format!("{value:e}"));
            agrees(&format!("{value:.digits$e}"));
            if value.abs() < 1e30 {
                agrees(&format!("{value:.digits$}"));
            }
        }

        #[test]
        fn any_text_is_read_as_the_standard_library_reads_it(
            text in "[-+]?[0-9]{0,25}[.]?[0-9]{0,25}(e[-+]?[0-9]{1,3})?",
        ) {
            agrees(&text);
        }
    }
}
