//! What the numbers of a column come to, by the shape in which they are written.

use super::number::Decimal;
use super::number_shape::{Core, NumberShape, power};
use crate::money::Scale;

/// Counts and sums of the cells of one shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NumberStats {
    pub cells: u64,
    pub first_row: u64,
    /// The digits of the first cell.
    pub first: u64,
    pub min: u64,
    pub max: u64,
    pub sum: i128,
    /// Cells with digits other than 0 beyond the sixth decimal.
    pub rounded: u64,
    /// Cells of one mark that begin with 0, as `0.500`: no thousands.
    pub zero_led: u64,
    pub zero_led_row: u64,
    pub zero_led_sum: i128,
    /// Cells of one mark whose last digit is 0, as `1.250`.
    pub zero_ended: u64,
}

impl Default for NumberStats {
    fn default() -> Self {
        NumberStats {
            cells: 0,
            first_row: u64::MAX,
            first: 0,
            min: u64::MAX,
            max: 0,
            sum: 0,
            rounded: 0,
            zero_led: 0,
            zero_led_row: u64::MAX,
            zero_led_sum: 0,
            zero_ended: 0,
        }
    }
}

impl NumberStats {
    #[inline]
    pub(crate) fn add(&mut self, digits: u64, row: u64, times: u64) {
        if self.cells == 0 {
            self.first = digits;
            self.first_row = row;
        }
        self.cells += times;
        self.min = self.min.min(digits);
        self.max = self.max.max(digits);
        self.sum += match u32::try_from(digits | times) {
            Ok(_) => i128::from(digits * times),
            Err(_) => (u128::from(digits) * u128::from(times)) as i128,
        };
    }

    /// Whether [`NumberStats::look`] has anything to find in a shape.
    pub(crate) fn is_special(shape: &NumberShape) -> bool {
        decimals(shape) > Scale::MAX || shape.is_ambiguous()
    }

    /// What is asked only of shapes such as `1.234` and of many decimals.
    pub(crate) fn look(
        &mut self,
        shape: &NumberShape,
        digits: u64,
        row: u64,
        times: u64,
    ) {
        let after = decimals(shape);
        if after > Scale::MAX && !digits.is_multiple_of(power(after - Scale::MAX)) {
            self.rounded += times;
        }
        if shape.is_ambiguous() {
            self.zero_ended += if digits.is_multiple_of(10) { times } else { 0 };
            if digits < power(shape.digits - 1) {
                self.zero_led += times;
                self.zero_led_row = self.zero_led_row.min(row);
                self.zero_led_sum += i128::from(digits) * i128::from(times);
            }
        }
    }

    /// Adds what was counted of later rows, which begin at row `offset`.
    pub(crate) fn merge(&mut self, later: &NumberStats, offset: u64) {
        if self.cells == 0 {
            self.first = later.first;
            self.first_row = later.first_row.saturating_add(offset);
        }
        self.cells += later.cells;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.sum += later.sum;
        self.rounded += later.rounded;
        self.zero_led += later.zero_led;
        self.zero_led_row =
            self.zero_led_row.min(later.zero_led_row.saturating_add(offset));
        self.zero_led_sum += later.zero_led_sum;
        self.zero_ended += later.zero_ended;
    }
}

/// The decimals of a shape in the convention that gives it most.
fn decimals(shape: &NumberShape) -> u8 {
    let after = match shape.core {
        Core::One { after, .. } | Core::Both { after, .. } => after,
        _ => 0,
    };
    after + if shape.percent { 2 } else { 0 }
}

/// Cells that are numbers but not packed, under one convention.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LooseNumbers {
    pub cells: u64,
    pub misfits: u64,
    pub first_misfit: Option<u64>,
    /// At [`Scale::MAX`] decimals.
    pub sum: i128,
    pub scale: u8,
    pub negative: u64,
    /// Read in this convention only.
    pub(crate) votes: u64,
}

impl LooseNumbers {
    pub(crate) fn add(&mut self, value: Option<Decimal>, row: u64, times: u64) {
        let Some(value) = value else {
            self.misfits += times;
            self.first_misfit = Some(self.first_misfit.map_or(row, |r| r.min(row)));
            return;
        };
        self.cells += times;
        self.scale = self.scale.max(value.scale);
        let units = Scale(Scale::MAX - value.scale).units();
        self.sum += i128::from(value.mantissa) * i128::from(units) * i128::from(times);
        self.negative += if value.mantissa < 0 { times } else { 0 };
    }

    pub(crate) fn merge(&mut self, later: &LooseNumbers, offset: u64) {
        self.cells += later.cells;
        self.misfits += later.misfits;
        self.first_misfit =
            self.first_misfit.or_else(|| later.first_misfit.map(|r| r + offset));
        self.sum += later.sum;
        self.scale = self.scale.max(later.scale);
        self.negative += later.negative;
        self.votes += later.votes;
    }
}
