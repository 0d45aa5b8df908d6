//! What lies in a basket of the made-up shop.

use super::chance::Chance;
use super::goods::{self, GOODS, Good, PAIRS, Season};
use super::people::Person;
use crate::calendar::Date;

/// A line of a basket.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Place in [`GOODS`].
    pub good: usize,
    /// Pieces; negative where they are sent back.
    pub quantity: i64,
    /// Of one piece, in cents.
    pub price: i64,
}

/// Fills a basket up to about what the person spends.
pub fn basket(person: &Person, date: Date, chance: &mut Chance) -> Vec<Item> {
    let target = person.basket(chance);
    let mut items: Vec<Item> = Vec::new();
    let mut sum = 0.0;
    while items.len() < 12 && sum < 0.85 * target {
        let room = (target - sum).max(1_200.0);
        let good = choose(person, date, room, chance);
        sum += add(&mut items, good, date, chance);
        for (first, second, share) in PAIRS {
            if GOODS[good].name == first
                && chance.hit(share)
                && let Some(partner) = goods::place(second)
            {
                sum += add(&mut items, partner, date, chance);
            }
        }
    }
    items
}

/// Puts a product in the basket, or one more of it; what it costs, in cents.
fn add(items: &mut Vec<Item>, good: usize, date: Date, chance: &mut Chance) -> f64 {
    let price = price(&GOODS[good], date);
    // Dear things are bought one at a time.
    let weights =
        if price < 1_500 { [70.0, 20.0, 7.0, 3.0] } else { [93.0, 6.0, 1.0, 0.0] };
    let mut quantity = 1 + chance.pick(&weights) as i64;
    match items.iter_mut().find(|item| item.good == good) {
        Some(item) => {
            quantity = 1;
            item.quantity += 1;
        }
        None => items.push(Item { good, quantity, price }),
    }
    (quantity * price) as f64
}

/// A product of the person's taste that is sold on the day and fits the room.
fn choose(person: &Person, date: Date, room: f64, chance: &mut Chance) -> usize {
    let mut good = 0;
    // After a few tries the last one is taken, dear as it may be.
    for _ in 0..6 {
        let category = chance.pick(&person.taste);
        let first = category * 15;
        let weight = |i: usize| sold(GOODS[first + i].season, date) / (i as f64 + 2.0);
        let weights: [f64; 15] = std::array::from_fn(weight);
        good = first + chance.pick(&weights);
        if price(&GOODS[good], date) as f64 <= 1.25 * room {
            break;
        }
    }
    good
}

/// How much a product of a season sells on a day; 1 is as usual.
fn sold(season: Season, date: Date) -> f64 {
    match (season, date.month(), date.day()) {
        (Season::Always, ..) => 1.0,
        (Season::Christmas, 10, 15..) | (Season::Christmas, 11, _) => 5.0,
        (Season::Christmas, 12, ..=24) => 6.0,
        (Season::Christmas, ..) => 0.0,
        (Season::Summer, 5..=8, _) => 4.0,
        (Season::Summer, ..) => 1.0,
    }
}

/// The price of a day in cents: it rises at the turn of the year, to full tens.
fn price(good: &Good, date: Date) -> i64 {
    let percent = match date.year() {
        ..=2023 => 100,
        2024 => 102,
        2025 => 106,
        _ => 109,
    };
    (good.price * percent + 500) / 1_000 * 10
}
