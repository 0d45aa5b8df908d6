//! What a number looks like as written, before anyone decides what its points
//! and commas mean (customs: Unicode CLDR, `numbers/symbols` and `patterns`).

use super::currency::Currency;
use super::number::{Convention, Decimal};
use crate::money::{Scale, round_half_even};

/// A mark between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Point,
    Comma,
    /// A blank of any width.
    Blank,
    Apostrophe,
}

/// How the digits of a number are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Core {
    /// Digits only.
    Whole,
    /// One point or comma, with so many digits on both sides.
    One { mark: Mark, before: u8, after: u8 },
    /// Marks that can only part groups: several alike, or a blank.
    Grouped(Mark),
    /// Groups, then another mark with the decimals.
    Both { group: Mark, decimal: Mark, after: u8 },
    /// `1.03006E+13`, as spreadsheets damage long numbers.
    Exponent { decimal: Option<Mark>, after: u8, digits: u8, negative: bool },
}

/// The shape of a number: all about it but the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumberShape {
    pub negative: bool,
    pub percent: bool,
    pub currency: Currency,
    pub core: Core,
    /// Digits in all, those of the exponent left out.
    pub digits: u8,
}

impl NumberShape {
    /// How many decimals are read under a convention; `None` when the shape does
    /// not fit it.
    pub(crate) fn decimals(&self, convention: Convention) -> Option<u8> {
        let decimal = convention.decimal();
        match self.core {
            Core::Whole | Core::Grouped(Mark::Blank | Mark::Apostrophe) => Some(0),
            Core::One { mark, after, .. } if mark == decimal => Some(after),
            Core::One { before, after, .. } => {
                (after == 3 && (1..=3).contains(&before)).then_some(0)
            }
            Core::Grouped(mark) => (mark != decimal).then_some(0),
            Core::Both { decimal: mark, after, .. } => (mark == decimal).then_some(after),
            Core::Exponent { decimal: mark, after, .. } => {
                mark.is_none_or(|m| m == decimal).then_some(after)
            }
        }
    }

    /// Whether the shape can be read in two ways that differ.
    pub(crate) fn is_ambiguous(&self) -> bool {
        let [point, comma] = Convention::ALL.map(|c| self.decimals(c));
        point.is_some() && comma.is_some() && point != comma
    }

    /// Whether a convention takes the shape's one mark for the decimal one.
    pub(crate) fn has_decimal(&self, convention: Convention) -> bool {
        matches!(self.core, Core::One { mark, .. } if mark == convention.decimal())
    }

    /// Whether a leading zero forbids this reading: `0.500` is not 500.
    pub(crate) fn refuses(&self, convention: Convention, digits: u64) -> bool {
        match self.core {
            Core::One { mark, .. } if mark != convention.decimal() => {
                digits < power(self.digits - 1)
            }
            _ => false,
        }
    }

    /// The number that these digits are under a convention.
    pub(crate) fn value(&self, digits: u64, convention: Convention) -> Option<Decimal> {
        let decimals = self.decimals(convention)?;
        if self.refuses(convention, digits) {
            return None;
        }
        if let Core::Exponent { digits: width, negative, .. } = self.core {
            let split = power(width);
            let exponent = i32::try_from(digits % split).ok()?;
            let exponent = if negative { -exponent } else { exponent };
            return self
                .scaled(i128::from(digits / split), i32::from(decimals) - exponent);
        }
        self.scaled(i128::from(digits), i32::from(decimals))
    }

    /// The same for numbers of any length.
    pub(crate) fn wide_value(
        &self,
        digits: i128,
        convention: Convention,
    ) -> Option<Decimal> {
        match u64::try_from(digits) {
            Ok(narrow) if self.digits <= 19 => self.value(narrow, convention),
            _ if matches!(self.core, Core::Exponent { .. }) => None,
            _ => self.scaled(digits, i32::from(self.decimals(convention)?)),
        }
    }

    /// A mantissa with so many decimals as an exact amount of at most
    /// [`Scale::MAX`] decimals, rounded half to even.
    pub(crate) fn scaled(&self, mantissa: i128, decimals: i32) -> Option<Decimal> {
        let mut decimals = decimals + if self.percent { 2 } else { 0 };
        let mut mantissa = if self.negative { -mantissa } else { mantissa };
        let most = i32::from(Scale::MAX);
        if decimals > most {
            let divisor = 10_i128.checked_pow((decimals - most).unsigned_abs());
            mantissa = divisor.map_or(0, |d| round_half_even(mantissa, d));
            decimals = most;
        }
        if decimals < 0 {
            let factor = 10_i128.checked_pow(decimals.unsigned_abs())?;
            mantissa = mantissa.checked_mul(factor)?;
            decimals = 0;
        }
        let mantissa = i64::try_from(mantissa).ok()?;
        Some(Decimal { mantissa, scale: decimals as u8 })
    }
}

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut k = 1;
    while k < powers.len() {
        powers[k] = 10 * powers[k - 1];
        k += 1;
    }
    powers
};

/// Ten to a power; 10^19 for powers above that.
#[inline]
pub(crate) fn power(exponent: u8) -> u64 {
    POWERS[usize::from(exponent.min(19))]
}
