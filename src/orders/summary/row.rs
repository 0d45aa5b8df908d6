//! One row of a table of one row a customer, and what it says.

use std::sync::Arc;

use super::unit::Unit;
use crate::columns::{Cell, Decimal};
use crate::mapping::{MappingEntry, Role, Rule};
use crate::money::{Scale, round_half_even};
use crate::orders::identity;
use crate::orders::plan::columns_of;
use crate::orders::sources::{NumberColumn, Source};
use crate::reader::Reading;

/// A cell that may not be what its column promises.
type Read<T> = std::result::Result<T, ()>;

/// The number columns of a file by role, in the order of [`NUMBERS`].
pub(super) type Numbers = Vec<Option<NumberColumn>>;
pub(super) const NUMBERS: [Role; 8] = [
    Role::Amount,
    Role::AverageAmount,
    Role::Refund,
    Role::OrderCount,
    Role::RepeatCount,
    Role::DaysSince,
    Role::FirstToLast,
    Role::Age,
];

/// What one row says of one customer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Number of the person, or `u32::MAX` for nobody.
    pub person: u32,
    /// The row over all files, from 0.
    pub file_row: u64,
    /// Days of the first and the last order.
    pub first: i32,
    /// Likewise.
    pub last: i32,
    /// How many orders.
    pub orders: u32,
    /// Days with an order after the first.
    pub repeat_days: u32,
    /// One order with two days, or several orders on one day.
    pub contradicts: bool,
    /// Mean value of an order, where the table says that.
    pub mean: f64,
    /// Money that came in, and that went back.
    pub gross: i64,
    /// Likewise; 0 or less.
    pub returns: i64,
}

/// The cells of one row, and how they are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    pub reading: &'a Reading,
    pub source: &'a Source,
    pub numbers: &'a Numbers,
    pub row: usize,
    /// The row over all files.
    pub number: u64,
    pub scale: Scale,
    pub unit: Unit,
    /// The day that undated days are counted back from.
    pub made: i32,
    /// Whether the table knows first and last days.
    pub knows: [bool; 2],
}

impl Cells<'_> {
    fn has(&self, role: Role) -> bool {
        self.source.mapping.iter().any(|entry| entry.role == role)
    }

    fn number_at(&self, role: Role) -> Read<Option<Decimal>> {
        let at = NUMBERS.iter().position(|r| *r == role).ok_or(())?;
        let Some(column) = self.numbers[at] else { return Ok(None) };
        match self.reading.columns.number(column.column, self.row, column.convention) {
            Cell::Value(value) => Ok(Some(value)),
            Cell::Empty => Ok(None),
            Cell::Bad => Err(()),
        }
    }

    fn money(&self, role: Role) -> Read<Option<i64>> {
        let value = self.number_at(role)?;
        value.map(|value| at_scale(value, 1, self.scale)).transpose()
    }

    fn whole(&self, role: Role) -> Read<Option<u32>> {
        let Some(value) = self.number_at(role)? else { return Ok(None) };
        let units = 10_i64.checked_pow(value.scale.into()).ok_or(())?;
        let whole = value.mantissa / units;
        if value.mantissa % units != 0 {
            return Err(());
        }
        u32::try_from(whole).map(Some).map_err(drop)
    }

    /// A time of the table in days.
    fn days(&self, role: Role, unit: Unit) -> Read<Option<i32>> {
        let Some(value) = self.number_at(role)? else { return Ok(None) };
        let days = libm::round(decimal(value) * unit.days());
        if !(0.0..1e6).contains(&days) {
            return Err(());
        }
        Ok(Some(days as i32))
    }

    fn day(&self, role: Role) -> Read<Option<i32>> {
        let first = usize::from(self.has(Role::FirstOrder));
        let at = if role == Role::LastOrder { first } else { 0 };
        if !self.has(role) {
            return Ok(None);
        }
        let Some(column) = self.source.date.get(at) else {
            return Ok(None);
        };
        match self.reading.columns.date(column.column, self.row, column.format) {
            Cell::Value(moment) => Ok(Some(moment.day)),
            Cell::Empty => Ok(None),
            Cell::Bad => Err(()),
        }
    }

    /// What a row says, or the reason why it is not used and its money.
    pub fn judge(&self) -> std::result::Result<Row, (&'static str, i64)> {
        let has = |role: Role| self.has(role);
        let total = self.money(Role::Amount);
        let unreadable = |()| ("unreadable-row", total.ok().flatten().unwrap_or(0));
        let count = self.whole(Role::OrderCount).map_err(unreadable)?;
        let repeats = self.whole(Role::RepeatCount).map_err(unreadable)?;
        let average = self.number_at(Role::AverageAmount).map_err(unreadable)?;
        let total = total.map_err(unreadable)?;
        let aside = |reason| (reason, total.unwrap_or(0));
        let blank = has(Role::OrderCount) && count.is_none()
            || has(Role::RepeatCount) && repeats.is_none();
        let orders = match (count, repeats) {
            (Some(count), _) => count,
            (None, Some(repeats)) => repeats + 1,
            _ if blank => 0,
            // An average and a total tell how many there were.
            _ => match (total, average) {
                (Some(0), _) if has(Role::AverageAmount) => 0,
                (Some(total), Some(average)) if average.mantissa != 0 => {
                    let each = at_scale(average, 1, self.scale).map_err(unreadable)?;
                    libm::round(total as f64 / each.max(1) as f64).max(0.0) as u32
                }
                _ => 1,
            },
        };
        if orders == 0 {
            return Err(aside("no-orders"));
        }
        let since = self.days(Role::DaysSince, Unit::Days).map_err(unreadable)?;
        let between = self.days(Role::FirstToLast, self.unit).map_err(unreadable)?;
        let age = self.days(Role::Age, self.unit).map_err(unreadable)?;
        let first = self.day(Role::FirstOrder).map_err(unreadable)?;
        let last = self.day(Role::LastOrder).map_err(unreadable)?;
        let made = self.made;
        let (first, last) = if has(Role::LastOrder) {
            (first.or_else(|| Some(last? - between?)), last)
        } else if has(Role::DaysSince) {
            (None, since.map(|days| made - days))
        } else if has(Role::Age) && has(Role::FirstToLast) && !has(Role::FirstOrder) {
            (age.map(|age| made - age), age.zip(between).map(|(a, b)| made - a + b))
        } else {
            (first, first.zip(between).map(|(first, between)| first + between))
        };
        let days = self.knows;
        if days == [true, true] && first > last && first.is_some() && last.is_some() {
            return Err(aside("unreadable-row"));
        }
        let lacks = |knows: bool, day: Option<i32>| knows && day.is_none();
        if lacks(self.knows[1], last) || lacks(self.knows[0], first) {
            return Err(aside("no-date"));
        }
        let mut mean = 0.0;
        let amount = match (total, average) {
            (Some(total), _) => total,
            (None, _) if has(Role::Amount) => return Err(aside("no-amount")),
            (None, Some(average)) => {
                mean = decimal(average);
                at_scale(average, i64::from(orders), self.scale)
                    .map_err(|()| aside("unreadable-row"))?
            }
            (None, None) => 0,
        };
        let refund = self.money(Role::Refund).map_err(|()| aside("unreadable-row"))?;
        let refund = refund.unwrap_or(0).saturating_abs();
        let room = last.unwrap_or(0).saturating_sub(first.unwrap_or(0)).max(0) as u32;
        let wanted = repeats.unwrap_or(orders - 1);
        let both = first.is_some() && last.is_some();
        Ok(Row {
            person: u32::MAX,
            file_row: self.number,
            first: first.or(last).unwrap_or(made),
            last: last.unwrap_or(made),
            orders,
            repeat_days: if both { wanted.min(room) } else { wanted },
            contradicts: both && (wanted == 0) != (room == 0),
            mean,
            gross: amount.max(0),
            returns: amount.min(0) - refund,
        })
    }
}

pub(super) fn numbers_of(source: &Source) -> Numbers {
    NUMBERS
        .into_iter()
        .map(|role| {
            let column = columns_of(&source.mapping, role).first().copied()?;
            source.amount.iter().find(|n| n.column == column).copied()
        })
        .collect()
}

/// The decimals of the money: the widest seen, 2 to 6.
pub(super) fn scale(readings: &[Arc<Reading>], numbers: &[Numbers]) -> Scale {
    let mut widest = 2;
    for (reading, numbers) in readings.iter().zip(numbers) {
        for number in numbers.iter().take(3).flatten() {
            let evidence = reading.columns.study(number.column).numbers;
            widest = widest.max(evidence.total(number.convention).scale);
        }
    }
    Scale(widest.min(Scale::MAX))
}

/// The person of a row: the first of customer id, e-mail and telephone number.
pub(super) fn person(
    reading: &Reading,
    mapping: &[MappingEntry],
    row: usize,
) -> Option<String> {
    [Role::CustomerId, Role::Email, Role::Phone].into_iter().find_map(|role| {
        let entry = mapping.iter().find(|entry| entry.role == role)?;
        let text = |&column: &usize| reading.columns.text(column, row);
        let of = |text: &str| match role {
            Role::Phone => identity::phone(text),
            _ => identity::person(text),
        };
        if entry.rule == Some(Rule::Join) {
            let texts = entry.columns.iter().map(text);
            let texts: Vec<_> = texts.map(|t| t.trim().to_owned()).collect();
            return of(texts.join(" ").trim());
        }
        entry.columns.iter().find_map(|column| of(&text(column)))
    })
}

pub(super) fn decimal(value: Decimal) -> f64 {
    value.mantissa as f64 / 10_i128.pow(u32::from(value.scale).min(38)) as f64
}

/// A number times a count, at a scale, rounded half to even.
fn at_scale(value: Decimal, times: i64, scale: Scale) -> Read<i64> {
    let product = i128::from(value.mantissa) * i128::from(times);
    let amount = if value.scale <= scale.0 {
        product * i128::from(Scale(scale.0 - value.scale).units())
    } else {
        let divisor = 10_i128.pow(u32::from(value.scale - scale.0));
        round_half_even(product, divisor)
    };
    i64::try_from(amount).map_err(drop)
}
