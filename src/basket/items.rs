//! What can be in a basket: products, categories, and values of attributes.

use serde::{Deserialize, Serialize};

use crate::decimal::decimal;
use crate::orders::{Attribute, Orders};
use crate::sort::Order;

/// What an item is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A product.
    Product,
    /// A product's category.
    Category,
    /// A value of a column of the order or the customer, such as a country.
    Attribute,
}

/// An item as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// By which name a predicate over orders asks for it: see `Ordered`.
    pub key: String,
    /// The column's name in the file; `None` for products.
    pub column: Option<String>,
    /// As written; `None` for a range of numbers.
    pub value: Option<String>,
    /// The least number of a range.
    pub from: Option<f64>,
    /// The greatest.
    pub to: Option<f64>,
    /// Baskets with it.
    pub baskets: u64,
    /// Of all baskets.
    pub support: f64,
}

/// No item.
pub const NONE: u32 = u32::MAX;
/// Roles whose values are items.
const ROLES: [&str; 4] = ["country", "channel", "discount", "attribute"];
/// Columns of numbers with more distinct values than this become ranges.
const DISTINCT: usize = 12;
/// Into how many.
const RANGES: usize = 5;

/// All items of a shop by number: products first, then categories, then the
/// values of each attribute.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// How many products there are, when they are items.
    pub products: u32,
    /// How many categories.
    pub categories: u32,
    /// The category of each product by its first line.
    pub category_of: Vec<u32>,
    /// The attributes.
    pub columns: Vec<Values>,
    /// All items.
    pub len: u32,
}

/// The values of one attribute.
#[derive(Clone, Debug)]
pub struct Values {
    /// Its place among the orders' attributes.
    pub attribute: usize,
    /// The number of its first item.
    pub base: u32,
    /// The item of each value, from 0; `NONE` where it is none.
    pub of: Vec<u32>,
    /// Ranges of numbers, where the values are such.
    pub ranges: Option<Vec<(f64, f64)>>,
    /// How many items it makes.
    pub len: u32,
}

impl Items {
    /// The items of the kinds wanted.
    pub fn new(orders: &Orders, kinds: &[Kind]) -> Items {
        let mut items = Items::default();
        let Some(lines) = &orders.lines else { return items };
        if kinds.contains(&Kind::Product) {
            items.products = lines.products.len() as u32;
        }
        items.len = items.products;
        if let Some(category) =
            lines.category.as_ref().filter(|_| kinds.contains(&Kind::Category))
        {
            items.categories = category.values.len() as u32;
            items.len += items.categories;
            items.category_of = vec![NONE; lines.products.len()];
            for (&product, &of) in lines.product.iter().zip(&category.of) {
                if let Some(own) = items.category_of.get_mut(product as usize)
                    && *own == NONE
                {
                    *own = of;
                }
            }
        }
        if kinds.contains(&Kind::Attribute) {
            for (place, attribute) in orders.attributes.iter().enumerate() {
                if ROLES.contains(&attribute.role) {
                    let values = Values::new(attribute, place, items.len);
                    items.len += values.len;
                    items.columns.push(values);
                }
            }
        }
        items
    }

    /// Whether an item is a product or a category.
    pub fn is_good(&self, item: u32) -> bool {
        item < self.products + self.categories
    }

    /// Whether an item counts for the size of a basket: products, else categories.
    pub fn is_counted(&self, item: u32) -> bool {
        item < if self.products > 0 { self.products } else { self.categories }
    }

    /// The attribute of an item.
    pub fn column(&self, item: u32) -> Option<usize> {
        self.columns.iter().position(|v| (v.base..v.base + v.len).contains(&item))
    }

    /// Whether two items say nothing together: a product and its own category,
    /// two values of one column.
    pub fn is_given(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a.min(b), a.max(b));
        if self.is_good(b) {
            return b >= self.products
                && a < self.products
                && self.category_of.get(a as usize) == Some(&(b - self.products));
        }
        !self.is_good(a) && self.column(a) == self.column(b)
    }

    /// An item as it is shown.
    pub fn show(&self, orders: &Orders, item: u32, baskets: u64, all: u64) -> Item {
        let mut shown = Item {
            kind: Kind::Product,
            key: "product".to_owned(),
            column: None,
            value: None,
            from: None,
            to: None,
            baskets,
            support: baskets as f64 / all.max(1) as f64,
        };
        let Some(lines) = &orders.lines else { return shown };
        if item < self.products {
            shown.value = Some(lines.products.text(item).into_owned());
        } else if self.is_good(item) {
            shown.kind = Kind::Category;
            shown.key = "category".to_owned();
            if let Some(category) = &lines.category {
                shown.column = Some(category.name.clone());
                let text = category.values.text(item - self.products);
                shown.value = Some(text.into_owned());
            }
        } else if let Some(column) = self.column(item) {
            let values = &self.columns[column];
            let attribute = &orders.attributes[values.attribute];
            shown.kind = Kind::Attribute;
            shown.key = attribute.role.to_owned();
            if attribute.role == "attribute" {
                let before = &orders.attributes[..=values.attribute];
                let place = before.iter().filter(|a| a.role == "attribute").count();
                shown.key = format!("attribute{place}");
            }
            shown.column = Some(attribute.name.clone());
            match &values.ranges {
                Some(ranges) => {
                    let (from, to) = ranges[(item - values.base) as usize];
                    (shown.from, shown.to) = (Some(from), Some(to));
                }
                None => {
                    let text = attribute.values.text(item - values.base);
                    shown.value = Some(text.into_owned());
                }
            }
        }
        shown
    }
}

impl Values {
    fn new(attribute: &Attribute, place: usize, base: u32) -> Values {
        let all = attribute.values.len() as u32;
        let plain = Values {
            attribute: place,
            base,
            of: (0..all).collect(),
            ranges: None,
            len: all,
        };
        let number = |value: u32| decimal(attribute.values.text(value).trim());
        let numbers: Vec<Option<f64>> = (0..all).map(number).collect();
        let known = numbers.iter().flatten().count();
        // Nineteen of twenty values must be numbers.
        if attribute.role != "attribute"
            || known <= DISTINCT
            || known * 20 < numbers.len() * 19
        {
            return plain;
        }
        // Ranges that hold about as many records each.
        let mut records = vec![0_u64; numbers.len()];
        for &value in &attribute.of {
            if let Some(count) = records.get_mut(value as usize) {
                *count += 1;
            }
        }
        let mut rising: Vec<(f64, u32)> = (0..all)
            .filter_map(|value| numbers[value as usize].map(|number| (number, value)))
            .collect();
        rising.order_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let total: u64 = rising.iter().map(|&(_, value)| records[value as usize]).sum();
        let mut of = vec![NONE; numbers.len()];
        let mut ranges: Vec<(f64, f64)> = Vec::new();
        let (mut before, mut last) = (0_u64, usize::MAX);
        for (number, value) in rising {
            let place = (before * RANGES as u64 / total.max(1)) as usize;
            let same = ranges.last().is_some_and(|&(_, to)| to == number);
            if place != last && !same {
                ranges.push((number, number));
                last = place;
            }
            let range = ranges.len() - 1;
            ranges[range].1 = number;
            of[value as usize] = range as u32;
            before += records[value as usize];
        }
        let len = ranges.len() as u32;
        Values { attribute: place, base, of, ranges: Some(ranges), len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;

    #[test]
    fn numbers_become_ranges_of_about_as_many_records() {
        let mut values = Names::new();
        let of: Vec<u32> = (0..100)
            .map(|n: i32| values.intern((18 + n % 50).to_string().as_bytes()))
            .collect();
        let attribute = Attribute { role: "attribute", name: "age".into(), of, values };
        let ages = Values::new(&attribute, 0, 7);
        let ranges = ages.ranges.clone().unwrap();
        assert_eq!(
            ranges,
            [(18.0, 27.0), (28.0, 37.0), (38.0, 47.0), (48.0, 57.0), (58.0, 67.0)]
        );
        assert_eq!((ages.of[0], ages.of[49], ages.len), (0, 4, 5));
    }

    #[test]
    fn few_numbers_and_words_stay_as_they_are() {
        let mut values = Names::new();
        let of = ["a", "b", "3"].map(|text| values.intern(text.as_bytes())).to_vec();
        let attribute = Attribute { role: "attribute", name: "kind".into(), of, values };
        let kinds = Values::new(&attribute, 0, 0);
        assert_eq!((kinds.ranges, kinds.of), (None, vec![0, 1, 2]));
    }
}
