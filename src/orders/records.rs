//! Rows judged one by one and summed into records, and the account of every row.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::aside::{Aside, DUPLICATE, NO_CUSTOMER, REASONS};
use super::block::{Block, NO_AMOUNT, NONE};
use super::facts::Facts;
use super::layout::Layout;
use super::{Class, LoadSettings};
use crate::sort::Order;

/// What decides over rows, fixed before the first is judged.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// The switches.
    pub settings: LoadSettings,
    /// How amounts belong to orders.
    pub layout: Layout,
    /// Refunds are repeated on each row of an order.
    pub refund_repeated: bool,
    /// The amount is what is left after the refund.
    pub refund_deducted: bool,
    /// Orders refunded by status keep their amount, so they are set aside.
    pub refunded_by_status: bool,
    /// Returns have a negative quantity and a positive amount.
    pub sign_from_quantity: bool,
    /// The currency that is kept, where the file has several.
    pub currency: Option<u32>,
    /// An amount or its parts are mapped.
    pub has_money: bool,
    /// Rows of these classes are no sale when their amount is negative.
    pub outgoing: bool,
}

/// The records of the file and the account of its rows, while rows are taken in.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    pub(super) rules: Rules,
    /// Record of each order number, or [`NONE`].
    of_order: Vec<u32>,
    /// Records found by person and day, or by person and order.
    by_key: HashTable<u32>,
    /// Person of each record, or [`NONE`].
    pub person: Vec<u32>,
    /// Order number of each record, or [`NONE`].
    pub order: Vec<u32>,
    /// Day of the earliest row.
    pub day: Vec<i32>,
    /// Second of that row.
    pub second: Vec<u32>,
    /// First row, from 0 over all files.
    pub row: Vec<u32>,
    /// Sum of purchases.
    pub gross: Vec<i64>,
    /// Sum of returns.
    pub returns: Vec<i64>,
    /// Returns without a day; empty when there is no refund column.
    pub undated: Vec<i64>,
    /// Whether there is a purchase; settled by [`Records::finish`].
    pub is_order: Vec<bool>,
    /// Whether an amount of zero is written on a row of the record.
    zero: Vec<bool>,
    /// Whether a repeated total (1), its negative (2), a refund (4) was counted,
    /// and whether the order's amounts differ (8), so that all count.
    taken: Vec<u8>,
    /// Money of set-aside rows of repeated totals, until it is known whether
    /// another row of the order takes it: by order, reason and amount.
    pub(super) waiting: Vec<Waiting>,
    /// Rows set aside, by reason.
    pub aside: [Aside; REASONS.len()],
    /// Rows in other currencies than the one kept, by currency.
    pub other: Vec<Aside>,
    /// Rows with a purchase.
    pub purchase_rows: u64,
    /// Rows with a return.
    pub return_rows: u64,
    /// Rows of identified people.
    pub customer_rows: u64,
    /// Duplicates, used or not.
    pub duplicates: u64,
    /// Orders of value zero that count.
    pub zero_orders: u64,
    /// Orders of one id that several people share.
    pub shared_ids: u64,
    /// Set when a sum did not fit.
    pub overflow: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub order: u32,
    pub kind: u8,
    pub reason: u8,
    pub currency: u32,
    pub amount: i64,
}

fn hash(person: u32, other: u32) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(u64::from(person) << 32 | u64::from(other));
    hasher.finish()
}

impl Records {
    /// No records yet, for so many order ids, and those of them whose totals
    /// differ from row to row.
    pub fn new(rules: Rules, orders: usize, different: &[u32]) -> Records {
        let repeated = rules.layout == Layout::Repeated || rules.refund_repeated;
        let mut taken = vec![0; if repeated { orders } else { 0 }];
        for &order in different.iter().filter(|_| repeated) {
            taken[order as usize] = 8;
        }
        Records {
            of_order: vec![NONE; orders],
            taken,
            rules,
            by_key: HashTable::new(),
            person: Vec::with_capacity(orders),
            order: Vec::with_capacity(orders),
            day: Vec::with_capacity(orders),
            second: Vec::with_capacity(orders),
            row: Vec::with_capacity(orders),
            gross: Vec::with_capacity(orders),
            returns: Vec::with_capacity(orders),
            undated: Vec::new(),
            is_order: Vec::new(),
            zero: Vec::new(),
            waiting: Vec::new(),
            aside: Default::default(),
            other: Vec::new(),
            purchase_rows: 0,
            return_rows: 0,
            customer_rows: 0,
            duplicates: 0,
            zero_orders: 0,
            shared_ids: 0,
            overflow: false,
        }
    }

    /// What decides over rows.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How amounts belong to orders.
    pub fn layout(&self) -> Layout {
        self.rules.layout
    }

    /// The currency that is kept, where there are several.
    pub fn currency(&self) -> Option<u32> {
        self.rules.currency
    }

    /// Whether the amount is what is left after the refund.
    pub fn refund_deducted(&self) -> bool {
        self.rules.refund_deducted
    }

    /// Whether returns show by their quantity only.
    pub fn sign_from_quantity(&self) -> bool {
        self.rules.sign_from_quantity
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Takes in the rows of a block that begins at row `start` of all files;
    /// `record_of` becomes the record of each ([`NONE`] where it is not used).
    pub fn add(
        &mut self,
        block: &Block,
        start: u64,
        facts: &Facts,
        record_of: &mut Vec<u32>,
    ) {
        record_of.clear();
        for i in 0..block.rows {
            record_of.push(self.add_row(block, i, start + i as u64, facts));
        }
    }

    fn add_row(&mut self, block: &Block, i: usize, row: u64, facts: &Facts) -> u32 {
        let order = block.order.get(i).copied().unwrap_or(NONE);
        let own = block.person.get(i).copied().unwrap_or(NONE);
        let (day, second) = facts.moment(order, block.day[i], block.second[i]);
        let class = block.class.get(i).copied().unwrap_or(Class::Sale);
        let class = facts.class(order, class);
        let duplicate = block.duplicate.get(i).copied().unwrap_or(false);
        self.duplicates += u64::from(duplicate);

        let (amount, refund) = self.money(block, i, class);
        let is_return = amount != NO_AMOUNT && amount < 0;
        let person = facts.person(order, own, is_return);
        if let Some(reason) =
            self.reason(block, i, (order, day), class, (amount, refund), facts)
        {
            let currency = block.currency.get(i).copied().unwrap_or(NONE);
            let currency = facts.currency(order, currency);
            self.set_aside((reason, currency), order, (amount, refund), row);
            return NONE;
        }
        if duplicate && self.rules.settings.drop_duplicates {
            self.set_aside((DUPLICATE, NONE), order, (amount, refund), row);
            return NONE;
        }
        let record = self.record(order, person, day, second, row);
        self.sum(record, order, amount, refund);
        if person == NONE {
            let aside = &mut self.aside[NO_CUSTOMER];
            aside.rows += 1;
            aside.first.get_or_insert(row);
        } else {
            self.customer_rows += 1;
        }
        record
    }

    /// Amount ([`NO_AMOUNT`] for none) and refund (0 or more) of a row, the
    /// amount as it was before the refund.
    #[inline]
    fn money(&self, block: &Block, i: usize, class: Class) -> (i64, i64) {
        let refund = block.refund.get(i).copied().unwrap_or(0);
        let mut amount = block.amount.get(i).copied().unwrap_or(NO_AMOUNT);
        if !self.rules.has_money {
            amount = 0;
        }
        if amount == NO_AMOUNT {
            return (NO_AMOUNT, refund);
        }
        if class == Class::Refund && amount > 0
            || self.rules.sign_from_quantity
                && amount > 0
                && block.quantity.get(i).is_some_and(|&q| q < 0)
        {
            amount = -amount;
        }
        if self.rules.refund_deducted && amount >= 0 {
            amount = amount.saturating_add(refund);
        }
        (amount, refund)
    }

    /// Adds the money of a used row to its record.
    #[inline]
    fn sum(&mut self, record: u32, order: u32, amount: i64, refund: i64) {
        let r = record as usize;
        let written = amount != NO_AMOUNT;
        let mut amount = if written { amount } else { 0 };
        if amount < 0 || amount == 0 && refund != 0 {
            self.return_rows += 1;
        } else {
            self.purchase_rows += 1;
        }
        self.zero[r] |= written && amount == 0;
        let kind = if amount > 0 { 1 } else { 2 };
        if amount != 0
            && self.is_taken(self.rules.layout == Layout::Repeated, order, kind)
        {
            amount = 0;
        }
        let mut refund = refund;
        if refund != 0 && self.is_taken(self.rules.refund_repeated, order, 4) {
            refund = 0;
        }
        let side = if amount > 0 { &mut self.gross[r] } else { &mut self.returns[r] };
        let fits = side.checked_add(amount).map(|sum| *side = sum);
        self.overflow |= fits.is_none();
        if refund != 0 {
            self.undated.resize(self.gross.len(), 0);
            let both = self.returns[r].checked_sub(refund);
            self.overflow |= both.is_none();
            self.returns[r] = both.unwrap_or(0);
            self.undated[r] = self.undated[r].saturating_sub(refund);
        }
    }

    /// Whether an order's repeated money of a kind is counted already; it is now.
    #[inline]
    fn is_taken(&mut self, repeated: bool, order: u32, kind: u8) -> bool {
        if !repeated || order == NONE {
            return false;
        }
        let taken = &mut self.taken[order as usize];
        let before = *taken & kind != 0 && *taken & 8 == 0;
        *taken |= kind;
        before
    }

    /// The record that a row belongs to, made where there is none yet.
    fn record(
        &mut self,
        order: u32,
        person: u32,
        day: i32,
        second: u32,
        row: u64,
    ) -> u32 {
        let found = if order != NONE {
            let record = self.of_order[order as usize];
            if record == NONE {
                NONE
            } else if self.person[record as usize] == person {
                record
            } else {
                self.shared(order, person)
            }
        } else if person != NONE {
            let same = |&r: &u32| {
                let r = r as usize;
                self.order[r] == NONE && self.person[r] == person && self.day[r] == day
            };
            self.by_key.find(hash(person, day as u32), same).copied().unwrap_or(NONE)
        } else {
            NONE
        };
        if found == NONE {
            return self.open(order, person, day, second, row);
        }
        let r = found as usize;
        if (day, second) < (self.day[r], self.second[r]) {
            self.day[r] = day;
            self.second[r] = second;
        }
        self.row[r] = self.row[r].min(row as u32);
        found
    }

    fn open(&mut self, order: u32, person: u32, day: i32, second: u32, row: u64) -> u32 {
        let record = self.day.len() as u32;
        if order != NONE && self.of_order[order as usize] == NONE {
            self.of_order[order as usize] = record;
        } else if order != NONE {
            self.shared_ids += 1;
            self.insert(hash(person, !order), record);
        } else if person != NONE {
            self.insert(hash(person, day as u32), record);
        }
        self.person.push(person);
        self.order.push(order);
        self.day.push(day);
        self.second.push(second);
        self.row.push(row as u32);
        self.gross.push(0);
        self.returns.push(0);
        self.zero.push(false);
        record
    }

    fn insert(&mut self, key: u64, record: u32) {
        let (person, order, day) = (&self.person, &self.order, &self.day);
        self.by_key.insert_unique(key, record, |&r| {
            let r = r as usize;
            let other = if order[r] == NONE { day[r] as u32 } else { !order[r] };
            hash(person[r], other)
        });
    }

    /// The record of an order id that several people share.
    fn shared(&self, order: u32, person: u32) -> u32 {
        let same = |&r: &u32| {
            self.order[r as usize] == order && self.person[r as usize] == person
        };
        self.by_key.find(hash(person, !order), same).copied().unwrap_or(NONE)
    }

    /// All rows are through: money that no used row took goes to its reason.
    pub fn finish(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.order_by_key(|w| (w.order, w.kind, w.reason, w.amount));
        waiting.dedup_by_key(|w| (w.order, w.kind));
        for w in waiting {
            let taken = self.taken.get(w.order as usize).copied().unwrap_or(0);
            if taken & w.kind == 0 {
                let place = self.place((usize::from(w.reason), w.currency));
                place.amount += i128::from(w.amount);
            }
        }
        for r in 0..self.len() {
            let zero = self.zero[r] && self.returns[r] == 0;
            self.is_order.push(self.gross[r] > 0 || zero);
            if self.person[r] == NONE {
                let net = i128::from(self.gross[r]) + i128::from(self.returns[r]);
                self.aside[NO_CUSTOMER].amount += net;
            }
            self.zero_orders += u64::from(self.is_order[r] && self.gross[r] == 0);
        }
        self.by_key = HashTable::new();
        self.of_order = Vec::new();
        self.taken = Vec::new();
        self.zero = Vec::new();
        if !self.undated.is_empty() {
            self.undated.resize(self.gross.len(), 0);
        }
    }
}
