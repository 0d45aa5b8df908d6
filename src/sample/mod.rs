//! A made-up shop for trying the page: three years of a coffee and tea shop.
//!
//! Nobody in it exists; addresses are of the domains reserved by RFC 2606.

mod basket;
mod calendar;
mod chance;
mod goods;
mod people;

use std::fmt::Write as _;

use serde::Deserialize;

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::sort::Order;
use crate::task::{Progress, Step};
use basket::{Item, basket};
use calendar::Year;
use chance::Chance;
use goods::{CATEGORIES, GOODS, Good};
use people::{CHANNELS, COUNTRIES, Event};

/// The stream of chance for what is in a basket.
const BASKET: u64 = 3;
/// Guests for every hundred customers.
const GUESTS: u64 = 9;
/// The file of so many has some 230 MB.
const MOST_CUSTOMERS: u32 = 250_000;
const HEADER: &str = "Order ID,Order date,Customer ID,Email,Product,Category,Quantity,\
                      Unit price,Country,Channel,Currency\n";

/// What shop is made up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SampleOptions {
    /// Another seed makes another shop; the same seed the same bytes.
    pub seed: u64,
    /// Customers with an account, 1 to 250,000. Guests come on top.
    pub customers: u32,
}

impl Default for SampleOptions {
    fn default() -> SampleOptions {
        SampleOptions { seed: 1, customers: 4_000 }
    }
}

impl SampleOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `sample-bad-customers` when the number is not 1 to 250,000.
    pub fn check(&self) -> Result<()> {
        if (1..=MOST_CUSTOMERS).contains(&self.customers) {
            return Ok(());
        }
        let error = Error::new("sample-bad-customers").with("customers", self.customers);
        Err(error.with("from", 1).with("to", MOST_CUSTOMERS))
    }
}

/// The CSV of a made-up shop, in the making: item lines from 2023-11-01 to
/// 2026-10-31 sorted by time, returns as rows of their own with a negative
/// quantity, guests with neither id nor e-mail.
///
/// Also an iterator over chunks of the file, which does not depend on how it
/// is cut. About 8 rows a customer, 900 bytes of the file.
#[derive(Clone, Debug)]
pub struct Sample {
    options: SampleOptions,
    year: Year,
    /// The next person to be planned.
    next_person: u32,
    events: Vec<Event>,
    /// The next event to be written; `None` before the header is.
    next_event: Option<usize>,
    orders: u32,
    credit_notes: u32,
    text: String,
}

impl Sample {
    /// Starts the file of a made-up shop.
    ///
    /// # Errors
    /// Those of [`SampleOptions::check`].
    pub fn new(options: SampleOptions) -> Result<Sample> {
        options.check()?;
        let last = Day::from_ymd(2026, 10, 31)?;
        Ok(Sample {
            options,
            year: Year::new(last),
            next_person: 0,
            events: Vec::new(),
            next_event: None,
            orders: 0,
            credit_notes: 0,
            text: String::new(),
        })
    }

    /// People with an account and guests.
    fn people(&self) -> u32 {
        let customers = u64::from(self.options.customers);
        (customers + customers * GUESTS / 100) as u32
    }

    /// Works on for `budget` units, a person planned or an order written each,
    /// and ends with the whole file.
    pub fn advance(&mut self, budget: u64) -> Step<Vec<u8>> {
        if self.work(budget) {
            return Step::Done(std::mem::take(&mut self.text).into_bytes());
        }
        let planned = u64::from(self.next_person) + self.next_event.unwrap_or(0) as u64;
        let total = u64::from(self.people()) + self.events.len() as u64;
        Step::Working(Progress { done: planned, total })
    }

    /// True when the file is written to its end.
    fn work(&mut self, budget: u64) -> bool {
        let mut left = budget.max(1);
        while self.next_person < self.people() {
            if left == 0 {
                return false;
            }
            let guest = self.next_person >= self.options.customers;
            let seed = self.options.seed;
            people::events(seed, self.next_person, guest, &self.year, &mut self.events);
            self.next_person += 1;
            left -= 1;
        }
        let mut next = match self.next_event {
            Some(next) => next,
            None => {
                // Equal times are told apart by person and order.
                self.events.order();
                self.text.push_str(HEADER);
                0
            }
        };
        while left > 0 && next < self.events.len() {
            self.write(self.events[next]);
            next += 1;
            left -= 1;
        }
        self.next_event = Some(next);
        next == self.events.len()
    }

    fn write(&mut self, event: Event) {
        let person = people::person(self.options.seed, event.person);
        let path = [BASKET, u64::from(event.person), u64::from(event.order)];
        let mut chance = Chance::new(self.options.seed, &path);
        // A return repeats the draws of its order, whose day decided the goods:
        // only what both days sell can differ, so the order's day is kept.
        let channel = CHANNELS[person.order_channel(event.order, &mut chance)];
        let day = if event.is_return { self.ordered(event) } else { event.day };
        let mut items = basket(&person, self.year.date(day), &mut chance);
        let id = if event.is_return {
            self.credit_notes += 1;
            let place = chance.below(items.len());
            let item = items[place];
            // One piece of one line, now and then the whole line.
            let quantity = if chance.hit(0.6) { 1 } else { item.quantity };
            items = vec![Item { quantity: -quantity, ..item }];
            format!("CN{}", 1_000 + self.credit_notes)
        } else {
            self.orders += 1;
            format!("{}", 10_000 + self.orders)
        };
        let (date, minute) = (self.year.date(event.day), event.minute);
        let guest = event.person >= self.options.customers;
        let (country, _) = COUNTRIES[person.country];
        for Item { good, quantity, price } in items {
            let Good { name, category, .. } = GOODS[good];
            let category = CATEGORIES[category];
            let (hour, minute) = (minute / 60, minute % 60);
            let _ = write!(self.text, "{id},{date} {hour:02}:{minute:02},");
            if guest {
                self.text.push_str(",,");
            } else {
                let number = 20_001 + event.person;
                let _ = write!(self.text, "C{number},{},", person.email);
            }
            let (euros, cents) = (price / 100, price % 100);
            let _ = writeln!(
                self.text,
                "{name},{category},{quantity},{euros}.{cents:02},{country},{channel},EUR"
            );
        }
    }

    /// The day of the order that a return belongs to.
    fn ordered(&self, event: Event) -> i32 {
        let guest = event.person >= self.options.customers;
        let mut all = Vec::new();
        people::events(self.options.seed, event.person, guest, &self.year, &mut all);
        let order =
            all.iter().find(|other| other.order == event.order && !other.is_return);
        order.map_or(event.day, |order| order.day)
    }
}

impl Iterator for Sample {
    type Item = Vec<u8>;

    /// The next chunk, of 500 orders or a little less.
    fn next(&mut self) -> Option<Vec<u8>> {
        while self.text.is_empty() {
            if self.work(500) && self.text.is_empty() {
                return None;
            }
        }
        Some(std::mem::take(&mut self.text).into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seed: u64, customers: u32) -> Vec<u8> {
        Sample::new(SampleOptions { seed, customers }).unwrap().flatten().collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_however_it_is_cut() {
        let whole = bytes(5, 300);
        let mut task = Sample::new(SampleOptions { seed: 5, customers: 300 }).unwrap();
        let sliced = loop {
            if let Step::Done(bytes) = task.advance(7) {
                break bytes;
            }
        };
        assert_eq!(whole, sliced);
        assert_ne!(whole, bytes(6, 300));
    }

    #[test]
    fn bytes_never_change_unnoticed() {
        // FNV-1a of the default shop: pages and documents quote its figures.
        let hash = bytes(1, 4_000).iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, &b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        });
        assert_eq!(hash, 12_000_743_633_271_847_331);
    }

    /// Field `i` of every row, and its amount in cents.
    fn rows(text: &str) -> Vec<(Vec<&str>, i64)> {
        let amount = |row: &[&str]| {
            row[6].parse::<i64>().unwrap()
                * row[7].replace('.', "").parse::<i64>().unwrap()
        };
        let split = |line| -> Vec<&str> { str::split(line, ',').collect() };
        let rows = text.lines().skip(1).map(split);
        rows.map(|row| (row.clone(), amount(&row))).collect()
    }

    #[test]
    fn the_shop_is_believable() {
        use std::collections::{BTreeMap, BTreeSet};
        let text = String::from_utf8(bytes(1, 4_000)).unwrap();
        let rows = rows(&text);
        assert!(rows.iter().all(|(row, amount)| row.len() == 11 && *amount != 0));
        assert!(rows.is_sorted_by(|a, b| a.0[1] <= b.0[1]));
        assert!(
            rows.iter().all(|(row, _)| ("2023-11-01".."2026-11-01").contains(&row[1]))
        );
        let mut orders: BTreeMap<&str, (&str, &str, i64)> = BTreeMap::new();
        for (row, amount) in rows.iter().filter(|(_, amount)| *amount > 0) {
            orders.entry(row[0]).or_insert((row[2], row[1], 0)).2 += amount;
        }
        let returns: BTreeSet<&str> = rows
            .iter()
            .filter(|(_, amount)| *amount < 0)
            .map(|(row, _)| row[0])
            .collect();
        let share = |part: usize| part as f64 / orders.len() as f64;
        assert!(
            (0.025..0.04).contains(&share(returns.len())),
            "{}",
            share(returns.len())
        );
        let guests = orders.values().filter(|order| order.0.is_empty()).count();
        assert!((0.02..0.05).contains(&share(guests)), "{}", share(guests));
        let mut customers: BTreeMap<&str, usize> = BTreeMap::new();
        for (customer, ..) in orders.values().filter(|order| !order.0.is_empty()) {
            *customers.entry(customer).or_default() += 1;
        }
        assert_eq!(customers.len(), 4_000);
        let once = customers.values().filter(|&&count| count == 1).count();
        assert!((1_700..2_300).contains(&once), "{once} bought once");
        assert!(customers.values().any(|&count| count > 30));
        let of = |month: &str| orders.values().filter(|o| o.1.starts_with(month)).count();
        assert!(of("2025-12") > of("2025-02") * 2, "Christmas");
        assert!(of("2026-09") > of("2025-09") && of("2025-09") > of("2024-09"), "growth");
        let products: BTreeSet<&str> = rows.iter().map(|(row, _)| row[4]).collect();
        assert_eq!(products.len(), 120);
    }

    #[test]
    fn bad_numbers_of_customers_are_refused() {
        for customers in [0, MOST_CUSTOMERS + 1] {
            let error = Sample::new(SampleOptions { seed: 1, customers }).unwrap_err();
            assert_eq!(error.code(), "sample-bad-customers");
        }
    }
}
