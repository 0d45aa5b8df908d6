//! From records and lines to baskets of numbered items.

use super::Of;
use super::items::{Items, NONE};
use crate::orders::Orders;

/// Where the baskets come from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Whose goods make one basket.
    pub of: Of,
    /// Later orders are not looked at.
    pub as_of: i32,
}

impl Source {
    /// How many places a basket may come from.
    pub fn len(self, orders: &Orders) -> usize {
        match self.of {
            Of::Order => orders.len(),
            Of::Customer => orders.customers.len(),
        }
    }

    fn records(self, orders: &Orders, place: usize) -> std::ops::Range<usize> {
        match self.of {
            Of::Order => place..place + 1,
            Of::Customer => orders.of(place as u32),
        }
    }

    /// Puts the distinct items of one basket into `items`, in rising order, and
    /// says how much was looked at. A basket without goods is left empty.
    pub fn gather(
        self,
        orders: &Orders,
        known: &Items,
        place: usize,
        items: &mut Vec<u32>,
    ) -> u64 {
        items.clear();
        let mut seen = 0;
        let mut goods = false;
        for record in self.records(orders, place) {
            seen += 1;
            if orders.day[record] > self.as_of {
                break;
            }
            if !orders.is_order[record] {
                continue;
            }
            seen += self::goods(orders, known, record, items);
            goods |= !items.is_empty();
            for column in &known.columns {
                let value = orders.attributes[column.attribute].of[record];
                match column.of.get(value as usize) {
                    Some(&place) if place != NONE => items.push(column.base + place),
                    _ => {}
                }
            }
        }
        items.sort_unstable();
        items.dedup();
        if !goods {
            items.clear();
        }
        seen
    }
}

/// Adds the products and categories of a record's purchases, and says how many
/// lines it has.
pub fn goods(orders: &Orders, known: &Items, record: usize, items: &mut Vec<u32>) -> u64 {
    let Some(lines) = &orders.lines else { return 0 };
    let count = u64::from(lines.start[record + 1] - lines.start[record]);
    for line in orders.bought(record) {
        let product = lines.product[line];
        if product < known.products {
            items.push(product);
        }
        if known.categories > 0
            && let Some(category) = &lines.category
            && category.of[line] != NONE
        {
            items.push(known.products + category.of[line]);
        }
    }
    count
}
