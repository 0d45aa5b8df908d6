//! Who buys in the made-up shop: how often, for how long, what and from where.
//!
//! Orders follow the modified BG/NBD model (Batislam, Denizel, Filiztekin
//! 2007): Poisson at a rate that varies by gamma, and after each order, the
//! first included, a chance to leave that varies by beta. Basket values follow
//! Gamma-Gamma (Fader, Hardie 2013).

use super::calendar::Year;
use super::chance::Chance;

/// Streams of chance, one a purpose.
const TRAITS: u64 = 1;
const ORDERS: u64 = 2;

/// Shape of the order rates, and their scale in mean days.
const RATE: (f64, f64) = (1.3, 110.0);
/// Shapes of the chance to leave.
const LEAVING: (f64, f64) = (0.75, 1.9);
/// Gamma-Gamma: p, q and gamma, in euros.
const SPEND: (f64, f64, f64) = (4.5, 4.2, 26.0);
/// Share of orders that are sent back in part, some days later.
const RETURNED: f64 = 0.032;

/// Where customers live, and how many of them.
pub const COUNTRIES: [(&str, f64); 8] = [
    ("Germany", 44.0),
    ("Austria", 13.0),
    ("Netherlands", 11.0),
    ("Switzerland", 9.0),
    ("France", 9.0),
    ("Belgium", 6.0),
    ("Denmark", 4.0),
    ("Italy", 4.0),
];

/// Where they order.
pub const CHANNELS: [&str; 4] = ["Web shop", "App", "Marketplace", "Phone"];

const MARKETPLACE: usize = 2;

/// What kinds of customers like, by category of goods.
const TASTES: [(f64, [f64; 8]); 5] = [
    // Espresso drinkers, filter drinkers, tea drinkers, both, and givers of gifts.
    (28.0, [10.0, 1.5, 0.2, 0.4, 0.4, 2.0, 1.0, 1.6]),
    (20.0, [1.5, 10.0, 0.3, 0.6, 0.5, 2.2, 1.0, 1.4]),
    (30.0, [0.2, 0.3, 5.0, 6.0, 4.0, 0.9, 1.0, 1.6]),
    (14.0, [3.5, 3.5, 2.0, 2.5, 2.5, 1.6, 1.2, 1.6]),
    (8.0, [1.0, 1.0, 1.2, 1.2, 0.8, 1.5, 4.0, 9.0]),
];

const FIRST_NAMES: [&str; 32] = [
    "anna", "ben", "clara", "david", "elena", "felix", "greta", "hugo", "ida", "jonas",
    "klara", "lukas", "marie", "noah", "olivia", "paul", "quentin", "rosa", "simon",
    "thea", "ulrich", "vera", "willem", "xenia", "yann", "zoe", "lotte", "matteo",
    "nina", "oskar", "petra", "emil",
];

const LAST_NAMES: [&str; 32] = [
    "adler", "baumann", "claes", "dubois", "eriksen", "fischer", "graf", "huber",
    "ivens", "jansen", "keller", "lang", "meyer", "nielsen", "otto", "peeters", "quist",
    "rossi", "schmid", "thomsen", "urban", "visser", "weber", "xander", "ylmaz",
    "zimmer", "lambert", "moreau", "novak", "berger", "conti", "devries",
];

/// What stays the same about a customer.
#[derive(Clone, Debug)]
pub struct Person {
    /// Orders a mean day.
    rate: f64,
    /// Chance to leave after an order.
    leaving: f64,
    /// Mean basket, in euros.
    spend_scale: f64,
    /// Weight of each category.
    pub taste: [f64; 8],
    /// Index in [`COUNTRIES`].
    pub country: usize,
    /// Index in [`CHANNELS`] of the first order; most later ones come from there.
    channel: usize,
    /// Local part and domain of the e-mail address.
    pub email: String,
}

/// One order of a customer, or what was sent back of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Day of the history.
    pub day: i32,
    /// Minute of the day.
    pub minute: i32,
    /// The customer.
    pub person: u32,
    /// Which of the customer's orders, 0 first.
    pub order: u32,
    /// Whether goods of it are sent back.
    pub is_return: bool,
}

/// The traits of a customer; people beyond the customers are guests.
pub fn person(seed: u64, number: u32) -> Person {
    let mut chance = Chance::new(seed, &[TRAITS, u64::from(number)]);
    let kind = chance.pick(&TASTES.map(|(share, _)| share));
    let country = chance.pick(&COUNTRIES.map(|(_, share)| share));
    let channel = chance.pick(&[62.0, 16.0, 17.0, 5.0]);
    // Buyers on a marketplace and givers of gifts leave sooner.
    let sooner = (channel == MARKETPLACE || kind == TASTES.len() - 1) && chance.hit(0.5);
    let leaving = chance.beta(LEAVING.0, LEAVING.1);
    let (first, last) = (chance.below(FIRST_NAMES.len()), chance.below(LAST_NAMES.len()));
    let domain = ["example.com", "example.org", "example.net"][chance.below(3)];
    Person {
        rate: chance.gamma(RATE.0) / RATE.1,
        leaving: if sooner { 1.0 } else { leaving },
        spend_scale: SPEND.2 / chance.gamma(SPEND.1),
        taste: TASTES[kind].1,
        country,
        channel,
        email: format!("{}.{}{number}@{domain}", FIRST_NAMES[first], LAST_NAMES[last]),
    }
}

impl Person {
    /// What a basket should come to, in cents.
    pub fn basket(&self, chance: &mut Chance) -> f64 {
        100.0 * self.spend_scale * chance.gamma(SPEND.0)
    }

    /// Where an order is placed.
    pub fn order_channel(&self, order: u32, chance: &mut Chance) -> usize {
        if order == 0 || chance.hit(0.85) { self.channel } else { chance.below(2) }
    }
}

/// All orders and returns of a customer; a guest orders once.
pub fn events(seed: u64, number: u32, guest: bool, year: &Year, events: &mut Vec<Event>) {
    let traits = person(seed, number);
    let mut chance = Chance::new(seed, &[ORDERS, u64::from(number)]);
    let days = super::calendar::DAYS;
    let mut day = year.arrival(chance.unit());
    let (mut before, mut order) = (None, 0);
    while day < days {
        let mut minute = Year::minute(chance.unit(), chance.unit());
        if let Some((last_day, last_minute)) = before
            && last_day == day
        {
            minute = minute.max(last_minute + 1);
        }
        before = Some((day, minute));
        // The few that would fall behind midnight were not placed.
        if minute < 1440 {
            events.push(Event { day, minute, person: number, order, is_return: false });
            if chance.hit(RETURNED) {
                let back = day + 4 + chance.below(24) as i32;
                let minute = 540 + chance.below(480) as i32;
                if back < days {
                    let (day, person) = (back, number);
                    events.push(Event { day, minute, person, order, is_return: true });
                }
            }
            order += 1;
        }
        if guest || chance.hit(traits.leaving) {
            break;
        }
        day = year.after(day, chance.exponential() / traits.rate);
    }
}
