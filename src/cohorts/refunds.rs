//! Which order a credit note gives back.
//!
//! Where the file does not say (a refund on the order's own row, or a reference,
//! is part of the order already), a returned line belongs to the customer's
//! latest earlier order with the same product, else to the latest earlier order.

use crate::message::Message;
use crate::orders::Orders;

/// So many earlier records are searched for the product.
const SEARCHED: usize = 400;

/// Puts credit notes to orders.
#[derive(Clone, Debug, Default)]
pub struct Refunds {
    /// The parts of the last credit note: the order, where there is an earlier
    /// one, and the amount.
    pub placed: Vec<(Option<usize>, i64)>,
    notes: u64,
    by_product: u64,
    by_order: u64,
    alone: u64,
}

impl Refunds {
    /// Places a credit note of a customer, and says how much was looked at.
    pub fn place(&mut self, orders: &Orders, customer: u32, note: usize) -> u64 {
        self.placed.clear();
        self.notes += 1;
        let first = orders.of(customer).start.max(note.saturating_sub(SEARCHED));
        let earlier = |i: &usize| orders.is_order[*i];
        let latest = (first..note).rev().find(earlier);
        let mut left = orders.gross[note] + orders.returns[note];
        let mut seen = 0;
        if let (Some(lines), Some(_)) = (&orders.lines, latest) {
            for line in lines.start[note] as usize..lines.start[note + 1] as usize {
                let (product, amount) = (lines.product[line], lines.amount.get(line));
                if amount >= 0 || product == u32::MAX {
                    continue;
                }
                let holds = |i: &usize| {
                    let range = lines.start[*i] as usize..lines.start[*i + 1] as usize;
                    seen += range.len() as u64 + 1;
                    orders.is_order[*i]
                        && range.into_iter().any(|bought| {
                            lines.product[bought] == product
                                && lines.amount.get(bought) > 0
                        })
                };
                if let Some(order) = (first..note).rev().find(holds) {
                    self.placed.push((Some(order), amount));
                    left -= amount;
                }
            }
        }
        let whole = !self.placed.is_empty() && left == 0;
        match (whole, latest) {
            (true, _) => self.by_product += 1,
            (false, Some(_)) => self.by_order += 1,
            (false, None) => self.alone += 1,
        }
        if left != 0 {
            self.placed.push((latest, left));
        }
        seen
    }

    /// What was done, where there was anything to do.
    pub fn notice(&self) -> Option<Message> {
        let notice = Message::new("cohorts-refunds")
            .with("notes", self.notes)
            .with("byProduct", self.by_product)
            .with("byOrder", self.by_order)
            .with("alone", self.alone);
        (self.notes > 0).then_some(notice)
    }
}
