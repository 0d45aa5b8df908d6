//! The money of a block of rows: amounts, refunds, and quantity times price.

use super::block::{Block, NO_AMOUNT};
use super::sources::{NumberColumn, Source};
use crate::columns::{Cell, Columns, Decimal};
use crate::mapping::Rule;
use crate::money::{Scale, round_half_even, times};

/// Rounding and misfits met while decoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    /// Amounts with digits beyond the scale, rounded half to even.
    pub rounded: u64,
}

/// A cell as an amount at a scale, or [`NO_AMOUNT`]; `Err` when it cannot be read.
#[inline]
fn amount_at(numbers: &Cells, i: usize, scale: Scale) -> Result<i64, ()> {
    match numbers[i] {
        Cell::Empty => Ok(NO_AMOUNT),
        Cell::Bad => Err(()),
        Cell::Value(value) => value.at(scale).filter(|&v| v != NO_AMOUNT).ok_or(()),
    }
}

/// The numbers of a block of rows.
type Cells = Vec<Cell<Decimal>>;

/// The money of a block of rows.
struct Money {
    amount: Vec<Cells>,
    subtract: bool,
    adjusted: Vec<Cells>,
    quantity: Option<Cells>,
    price: Option<Cells>,
    refund: Vec<Cells>,
    scale: Scale,
}

/// Quantity in thousandths, rounded half to even.
fn thousandths(value: Decimal) -> Result<i64, ()> {
    if let Some(exact) = value.at(Scale(3)) {
        return Ok(exact);
    }
    let divisor = i128::from(Scale(value.scale.max(3) - 3).units());
    let times = i128::from(Scale(3 - value.scale.min(3)).units());
    let rounded = round_half_even(i128::from(value.mantissa) * times, divisor);
    i64::try_from(rounded).map_err(|_| ())
}

impl Source {
    /// The money of some rows, in place of what the block held.
    pub(super) fn fill_money(
        &self,
        columns: &Columns,
        rows: std::ops::Range<usize>,
        scale: Scale,
        block: &mut Block,
        losses: &mut Losses,
    ) {
        let read = |n: &NumberColumn| {
            columns.numbers(n.column, n.convention).in_rows(rows.clone())
        };
        let money = Money {
            amount: self.amount.iter().map(read).collect(),
            subtract: self.amount_rule == Some(Rule::Subtract),
            adjusted: self.adjusted.iter().map(read).collect(),
            quantity: self.quantity.as_ref().map(read),
            price: self.price.as_ref().map(read),
            refund: self.refund.iter().map(read).collect(),
            scale,
        };
        block.quantity.clear();
        block.amount.clear();
        block.product_amount.clear();
        block.refund.clear();
        let own = !self.amount.is_empty();
        for i in 0..rows.len() {
            let product = money.product_amount(i, losses);
            // What is not needed for the amount may be unreadable.
            block.unreadable[i] |= product.is_err() && !own;
            let (quantity, product) = product.unwrap_or((None, NO_AMOUNT));
            if self.quantity.is_some() {
                block.quantity.push(quantity.unwrap_or(0));
            }
            if own {
                let amount = money.amount(i);
                block.unreadable[i] |= amount.is_err();
                block.amount.push(amount.unwrap_or(NO_AMOUNT));
                if self.price.is_some() {
                    block.product_amount.push(product);
                }
            } else if self.price.is_some() {
                block.amount.push(product);
            }
        }
        if self.refund.is_empty() && self.adjusted.is_empty() {
            return;
        }
        for i in 0..rows.len() {
            let refund = money.refund(i);
            block.unreadable[i] |= refund.is_err();
            block.refund.push(refund.unwrap_or(0));
        }
    }
}

impl Money {
    /// The amount of its own column or columns.
    fn amount(&self, i: usize) -> Result<i64, ()> {
        let mut amount = NO_AMOUNT;
        for number in &self.amount {
            let cell = amount_at(number, i, self.scale)?;
            if cell == NO_AMOUNT {
                continue;
            }
            if amount == NO_AMOUNT {
                amount = cell;
            } else if self.subtract {
                amount = amount.checked_sub(cell.checked_abs().ok_or(())?).ok_or(())?;
            }
            if !self.subtract {
                break;
            }
        }
        Ok(amount)
    }

    /// The refund of a row of the block, 0 or more: of its column, or what an adjusted total
    /// lacks. An adjusted total of 0 says that nothing was adjusted.
    fn refund(&self, i: usize) -> Result<i64, ()> {
        let mut refund = 0_i64;
        for number in &self.refund {
            let cell = amount_at(number, i, self.scale)?;
            if cell != NO_AMOUNT && cell != 0 {
                refund = cell.checked_abs().ok_or(())?;
                break;
            }
        }
        let Some(adjusted) = self.adjusted.first() else { return Ok(refund) };
        let adjusted = amount_at(adjusted, i, self.scale)?;
        let total = match self.adjusted.get(1) {
            Some(number) => amount_at(number, i, self.scale)?,
            None => self.amount(i)?,
        };
        let known = adjusted != NO_AMOUNT && adjusted != 0 && total != NO_AMOUNT;
        if known && adjusted < total {
            let less = total.checked_sub(adjusted).ok_or(())?;
            refund = refund.checked_add(less).ok_or(())?;
        }
        Ok(refund)
    }

    /// Quantity in thousandths and quantity times unit price (the unit price
    /// where no quantity is mapped).
    #[inline]
    fn product_amount(
        &self,
        i: usize,
        losses: &mut Losses,
    ) -> Result<(Option<i64>, i64), ()> {
        let pieces = match self.quantity.as_ref().map(|q| q[i]) {
            None => None,
            Some(Cell::Value(pieces)) => Some(pieces),
            Some(Cell::Empty) => return Ok((None, NO_AMOUNT)),
            Some(Cell::Bad) => return Err(()),
        };
        let quantity = pieces.map(thousandths).transpose()?;
        let price = match self.price.as_ref().map(|p| p[i]) {
            Some(Cell::Value(price)) => price,
            None | Some(Cell::Empty) => return Ok((quantity, NO_AMOUNT)),
            Some(Cell::Bad) => return Err(()),
        };
        let Some(pieces) = pieces else {
            return Ok((quantity, price.at(self.scale).ok_or(())?));
        };
        let decimals = pieces.scale + price.scale;
        if decimals <= self.scale.0 {
            let units = Scale(self.scale.0 - decimals).units();
            let product = times(pieces.mantissa, price.mantissa);
            if let Some(amount) = product.and_then(|product| times(product, units)) {
                return if amount == NO_AMOUNT {
                    Err(())
                } else {
                    Ok((quantity, amount))
                };
            }
        }
        let product = i128::from(pieces.mantissa) * i128::from(price.mantissa);
        let amount = if decimals <= self.scale.0 {
            product * i128::from(Scale(self.scale.0 - decimals).units())
        } else {
            let divisor = 10_i128.pow(u32::from(decimals - self.scale.0));
            losses.rounded += u64::from(product % divisor != 0);
            round_half_even(product, divisor)
        };
        match i64::try_from(amount) {
            Ok(amount) if amount != NO_AMOUNT => Ok((quantity, amount)),
            _ => Err(()),
        }
    }
}
