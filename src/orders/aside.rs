//! Rows that are set aside: why, in which order of precedence, and with which money.

use super::Class;
use super::block::{Block, NO_AMOUNT, NO_DAY, NONE};
use super::facts::Facts;
use super::layout::Layout;
use super::records::{Records, Waiting};

/// Why a row is not used, in the order of precedence.
pub(crate) const REASONS: [&str; 13] = [
    "unreadable-row",
    "no-date",
    "cancelled",
    "failed",
    "test",
    "unpaid",
    "refunded",
    "not-a-sale",
    "other-currency",
    "no-amount",
    "free",
    "duplicate",
    "no-customer",
];

const UNREADABLE: usize = 0;
const NO_DATE: usize = 1;
const NOT_A_SALE: usize = 7;
/// The index of the reason that is counted by currency.
pub(crate) const OTHER_CURRENCY: usize = 8;
const NO_AMOUNT_WRITTEN: usize = 9;
const FREE: usize = 10;
pub(super) const DUPLICATE: usize = 11;
/// The index of the reason that sets a row aside from the customers only.
pub(crate) const NO_CUSTOMER: usize = 12;

/// Rows set aside for one reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aside {
    /// How many.
    pub rows: u64,
    /// Their money, where it could be read.
    pub amount: i128,
    /// The first such row, from 0 over all files.
    pub first: Option<u64>,
}

impl Records {
    /// Why a row is not used, if it is not.
    pub(super) fn reason(
        &self,
        block: &Block,
        i: usize,
        (order, day): (u32, i32),
        class: Class,
        (amount, refund): (i64, i64),
        facts: &Facts,
    ) -> Option<usize> {
        let rules = &self.rules;
        if block.unreadable.get(i).copied().unwrap_or(false) {
            return Some(UNREADABLE);
        }
        if day == NO_DAY {
            return Some(NO_DATE);
        }
        let by_status = match class {
            Class::Refunded if !rules.refunded_by_status => None,
            _ => class.reason(&rules.settings),
        };
        if let Some(reason) = by_status {
            return REASONS.iter().position(|r| *r == reason);
        }
        if rules.outgoing
            && rules.settings.leave_out_other
            && amount != NO_AMOUNT
            && amount < 0
            && !matches!(class, Class::Refund | Class::Refunded)
        {
            return Some(NOT_A_SALE);
        }
        let currency = block.currency.get(i).copied().unwrap_or(NONE);
        if let Some(kept) = rules.currency
            && facts.currency(order, currency) != kept
        {
            return Some(OTHER_CURRENCY);
        }
        if amount == NO_AMOUNT {
            let of_order = rules.layout != Layout::Lines && order != NONE;
            return (!(of_order && facts.has_amount(order)) && refund == 0)
                .then_some(NO_AMOUNT_WRITTEN);
        }
        let zero = amount == 0 && refund == 0 && rules.has_money;
        let free = rules.layout.zero_is_free() || !rules.settings.zero_orders;
        (zero && free).then_some(FREE)
    }

    /// Counts a row for a reason. Of a total that is repeated on every row of an
    /// order, the money belongs to the rows that are used, if there are any.
    pub(super) fn set_aside(
        &mut self,
        place: (usize, u32),
        order: u32,
        money: (i64, i64),
        row: u64,
    ) {
        let (amount, refund) = money;
        let amount = if amount == NO_AMOUNT { 0 } else { amount };
        let (reason, currency) = (place.0 as u8, place.1);
        let later = |repeated: bool| repeated && order != NONE;
        let repeated = later(self.rules.layout == Layout::Repeated);
        if repeated && amount != 0 {
            let kind = if amount > 0 { 1 } else { 2 };
            self.waiting.push(Waiting { order, kind, reason, currency, amount });
        }
        let refunds = later(self.rules.refund_repeated);
        if refunds && refund != 0 {
            let amount = -refund;
            self.waiting.push(Waiting { order, kind: 4, reason, currency, amount });
        }
        let aside = self.place(place);
        aside.rows += 1;
        aside.first.get_or_insert(row);
        aside.amount += if repeated { 0 } else { i128::from(amount) };
        aside.amount -= if refunds { 0 } else { i128::from(refund) };
    }

    /// Where rows of a reason are counted; those of other currencies each apart.
    pub(super) fn place(&mut self, (reason, currency): (usize, u32)) -> &mut Aside {
        if reason != OTHER_CURRENCY {
            return &mut self.aside[reason];
        }
        let at = if currency == NONE { 0 } else { currency as usize + 1 };
        if self.other.len() <= at {
            self.other.resize(at + 1, Aside::default());
        }
        &mut self.other[at]
    }
}
