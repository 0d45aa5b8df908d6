//! What is known of whole orders before any row is judged: values given on one
//! row only, and how amounts lie on the rows of an order.

use super::block::{Block, NO_AMOUNT, NO_DAY, NONE};
use super::{Class, NO_SECOND};

/// How often amounts lie on the rows of an order in each way. Only orders of
/// two rows and more within one file tell anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Orders with at least one row.
    pub orders: u64,
    /// Orders of two rows and more.
    pub several_rows: u64,
    /// Of those, with an amount on exactly one row.
    pub on_one_row: u64,
    /// Of those, with two positive amounts and more, all equal.
    pub all_equal: u64,
    /// Of the former, where all rows are equal in every mapped column.
    pub all_duplicates: u64,
    /// Of those, with two positive amounts and more that differ.
    pub different: u64,
    /// Orders with all amounts equal whose amount is the sum of quantity times
    /// unit price of their rows.
    pub equals_sum: u64,
    /// Such orders whose amount is quantity times unit price of each row.
    pub equals_lines: u64,
}

const FILLED: u8 = 0b0000_0011;
const POSITIVE: u8 = 0b0000_1100;
const ROWS: u8 = 0b0011_0000;
const DIFFER: u8 = 0b0100_0000;
const PLAIN: u8 = 0b1000_0000;

/// The way amounts lie on the rows of each order of one file: two-bit counts
/// that stop at two, and two flags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spread {
    flags: Vec<u8>,
    first: Vec<i64>,
    /// Sum of quantity times unit price, and rows where it is the amount.
    lines: Vec<i64>,
    same: Vec<bool>,
    /// The sum of all amounts, and of those that repeat an earlier one of their
    /// order.
    pub sum: i128,
    /// The latter.
    pub excess: i128,
    /// The counts of the files that are through.
    pub tally: Tally,
    /// Orders with positive amounts that differ, while they are few enough for
    /// a file of repeated totals.
    pub different: Vec<u32>,
}

fn up(flags: u8, mask: u8) -> u8 {
    let one = mask & (!mask + 1);
    if flags & mask < 2 * one { flags + one } else { flags }
}

impl Spread {
    /// For so many order ids; `with_lines` where quantity and unit price are mapped.
    pub fn new(orders: usize, with_lines: bool) -> Spread {
        let lines = if with_lines { orders } else { 0 };
        Spread {
            flags: vec![0; orders],
            first: vec![0; orders],
            lines: vec![0; lines],
            same: vec![true; lines],
            sum: 0,
            excess: 0,
            tally: Tally::default(),
            different: Vec::new(),
        }
    }

    /// One row of an order.
    #[inline]
    pub fn add(
        &mut self,
        order: u32,
        amount: i64,
        product: Option<i64>,
        duplicate: bool,
    ) {
        let o = order as usize;
        let mut flags = up(self.flags[o], ROWS);
        if amount != NO_AMOUNT {
            flags = up(flags, FILLED);
            self.sum += i128::from(amount);
            if amount > 0 {
                if flags & POSITIVE == 0 {
                    self.first[o] = amount;
                } else if self.first[o] != amount {
                    flags |= DIFFER;
                } else {
                    self.excess += i128::from(amount);
                }
                flags = up(flags, POSITIVE);
            }
        }
        if !duplicate && self.flags[o] != 0 {
            flags |= PLAIN;
        }
        self.flags[o] = flags;
        if let Some(product) = product.filter(|_| !self.lines.is_empty()) {
            let known = if product == NO_AMOUNT { 0 } else { product };
            self.lines[o] = self.lines[o].saturating_add(known);
            self.same[o] &= product == amount;
        }
    }

    /// Counts the orders of the file that is through, and forgets them.
    pub fn end_file(&mut self) {
        let few = self.flags.len() / 40 + 64;
        let tally = &mut self.tally;
        for (o, flags) in self.flags.iter_mut().enumerate() {
            if *flags & ROWS == 0 {
                continue;
            }
            tally.orders += 1;
            if *flags & ROWS >= 0b0010_0000 {
                tally.several_rows += 1;
                tally.on_one_row += u64::from(*flags & FILLED == 1);
                if *flags & POSITIVE >= 0b0000_1000 {
                    if *flags & DIFFER != 0 {
                        tally.different += 1;
                        if self.different.len() < few {
                            self.different.push(o as u32);
                        }
                    } else {
                        tally.all_equal += 1;
                        tally.all_duplicates += u64::from(*flags & PLAIN == 0);
                        if let (Some(&sum), Some(&same)) =
                            (self.lines.get(o), self.same.get(o))
                        {
                            tally.equals_sum += u64::from(sum == self.first[o]);
                            tally.equals_lines += u64::from(same);
                        }
                    }
                }
            }
            *flags = 0;
        }
        self.lines.fill(0);
        self.same.fill(true);
    }
}

/// Values of whole orders, by order number; a field is empty where no row lacks
/// the value, or where every order has one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    person: Vec<u32>,
    day: Vec<i32>,
    second: Vec<u32>,
    class: Vec<Class>,
    currency: Vec<u32>,
    has_amount: Vec<bool>,
    /// Returns are those of the order's customer, whoever their row names.
    link: bool,
    /// How the amounts lie, where that is open.
    pub amounts: Option<Spread>,
    /// How the refunds lie, where there is a column of them.
    pub refunds: Option<Spread>,
    /// Rows whose refund exceeds their amount, and rows with a refund.
    pub refund_above_amount: u64,
    /// Rows with a refund above zero.
    pub refund_rows: u64,
    /// Rows with a negative amount.
    pub negative_rows: u64,
    /// Rows with a negative quantity and a positive amount of its own column.
    pub unsigned_returns: u64,
    /// Rows with a negative quantity and a negative amount.
    pub signed_returns: u64,
}

/// Which values rows may have to inherit from their order, and what is to be
/// found out of its amounts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inherit {
    /// Some rows lack a person.
    pub person: bool,
    /// Some rows lack a day.
    pub day: bool,
    /// Some rows lack a status.
    pub class: bool,
    /// Some rows lack a currency.
    pub currency: bool,
    /// An amount has a column of its own and orders have several rows.
    pub amounts: bool,
    /// Quantity and unit price are mapped beside it.
    pub lines: bool,
    /// The same of a refund.
    pub refunds: bool,
    /// Returns refer to the orders that they give back, and are their customer's.
    pub link: bool,
}

impl Facts {
    /// For so many order ids.
    pub fn new(orders: usize, inherit: Inherit) -> Facts {
        let count = |wanted: bool| if wanted { orders } else { 0 };
        let (amounts, refunds) = (count(inherit.amounts), count(inherit.refunds));
        let lines = inherit.lines;
        Facts {
            link: inherit.link,
            has_amount: vec![false; amounts],
            amounts: inherit.amounts.then(|| Spread::new(amounts, lines)),
            refunds: inherit.refunds.then(|| Spread::new(refunds, false)),
            person: vec![NONE; count(inherit.person)],
            day: vec![NO_DAY; count(inherit.day)],
            second: vec![NO_SECOND; count(inherit.day)],
            class: vec![Class::Blank; count(inherit.class)],
            currency: vec![NONE; count(inherit.currency)],
            ..Facts::default()
        }
    }

    /// Takes in the rows of a block.
    pub fn add(&mut self, block: &Block) {
        for i in 0..block.rows {
            let amount = block.amount.get(i).copied().unwrap_or(NO_AMOUNT);
            let refund = block.refund.get(i).copied().unwrap_or(0);
            if amount != NO_AMOUNT && amount < 0 {
                self.negative_rows += 1;
            }
            if refund > 0 {
                self.refund_rows += 1;
                let known = if amount == NO_AMOUNT { 0 } else { amount };
                self.refund_above_amount += u64::from(known >= 0 && refund > known);
            }
            if block.quantity.get(i).is_some_and(|&q| q < 0) && amount != NO_AMOUNT {
                self.unsigned_returns += u64::from(amount > 0);
                self.signed_returns += u64::from(amount < 0);
            }
            let Some(&order) = block.order.get(i).filter(|&&o| o != NONE) else {
                continue;
            };
            self.add_to_order(block, i, order, amount, refund);
        }
    }

    #[inline]
    fn add_to_order(
        &mut self,
        block: &Block,
        i: usize,
        order: u32,
        amount: i64,
        refund: i64,
    ) {
        let o = order as usize;
        let buys = !self.link || amount > 0;
        if let Some(person) = self.person.get_mut(o).filter(|p| **p == NONE && buys) {
            *person = block.person.get(i).copied().unwrap_or(NONE);
        }
        if let Some(day) = self.day.get_mut(o).filter(|_| block.day[i] != NO_DAY) {
            let moment = (block.day[i], block.second[i]);
            if *day == NO_DAY || moment < (*day, self.second[o]) {
                *day = moment.0;
                self.second[o] = moment.1;
            }
        }
        if let Some(class) = self.class.get_mut(o) {
            *class = (*class).max(block.class[i]);
        }
        if let Some(currency) = self.currency.get_mut(o).filter(|c| **c == NONE) {
            *currency = block.currency[i];
        }
        let duplicate = block.duplicate.get(i).copied().unwrap_or(false);
        if let Some(spread) = &mut self.amounts {
            self.has_amount[o] |= amount != NO_AMOUNT;
            let product = block.product_amount.get(i).copied();
            spread.add(order, amount, product, duplicate);
        }
        if let Some(spread) = &mut self.refunds {
            spread.add(order, refund, None, duplicate);
        }
    }

    /// Whether some rows lack a day, so that it must be known of their order.
    pub fn wants_days(&self) -> bool {
        !self.day.is_empty()
    }

    /// A file is through.
    pub fn end_file(&mut self) {
        for spread in [&mut self.amounts, &mut self.refunds].into_iter().flatten() {
            spread.end_file();
        }
    }

    /// Whether some row of an order of several rows has an amount.
    pub fn has_amount(&self, order: u32) -> bool {
        self.has_amount.get(order as usize).copied().unwrap_or(false)
    }

    /// The person of a row: its own, else its order's; of a return that refers to
    /// an order always the order's.
    #[inline]
    pub fn person(&self, order: u32, own: u32, is_return: bool) -> u32 {
        let own = if self.link && is_return { NONE } else { own };
        if own != NONE || order == NONE {
            return own;
        }
        self.person.get(order as usize).copied().unwrap_or(NONE)
    }

    /// The moment of a row: its own, else its order's.
    #[inline]
    pub fn moment(&self, order: u32, day: i32, second: u32) -> (i32, u32) {
        match self.day.get(order as usize) {
            Some(&inherited) if day == NO_DAY => (inherited, self.second[order as usize]),
            _ => (day, second),
        }
    }

    /// What is said of a row: by its own cells, else by its order's.
    #[inline]
    pub fn class(&self, order: u32, own: Class) -> Class {
        match own {
            Class::Blank => self.class.get(order as usize).copied().unwrap_or(own),
            _ => own,
        }
    }

    /// The currency of a row: its own, else its order's.
    #[inline]
    pub fn currency(&self, order: u32, own: u32) -> u32 {
        match own {
            NONE => self.currency.get(order as usize).copied().unwrap_or(own),
            _ => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(orders: &[&[i64]]) -> Tally {
        let mut spread = Spread::new(orders.len(), false);
        for (o, amounts) in orders.iter().enumerate() {
            for &amount in *amounts {
                spread.add(o as u32, amount, None, false);
            }
        }
        spread.end_file();
        spread.tally
    }

    #[test]
    fn the_ways_in_which_amounts_lie_are_told_apart() {
        let t = tally(&[
            &[100, NO_AMOUNT, NO_AMOUNT],
            &[70, 70],
            &[70, 30, 70],
            &[50],
            &[100, -100],
        ]);
        let counts = (t.orders, t.several_rows, t.on_one_row, t.all_equal, t.different);
        assert_eq!(counts, (5, 4, 1, 1, 1));
    }

    #[test]
    fn a_file_is_counted_apart_from_the_next() {
        let mut spread = Spread::new(1, false);
        spread.add(0, 100, None, false);
        spread.end_file();
        spread.add(0, 100, None, true);
        spread.end_file();
        assert_eq!((spread.tally.orders, spread.tally.several_rows), (2, 0));
    }
}
