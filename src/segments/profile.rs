//! What the customers of any list have in common: figures, favourite products,
//! countries and channels, against everybody.

use serde::Serialize;

use super::{Segment, summarise};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::{Attribute, Orders};
use crate::sort::Order;
use crate::task::{Progress, Step};

/// Values listed of each kind.
const LISTED: usize = 12;

/// What other analyses know of each customer; NaN where they say nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Lifetime value within the horizon.
    pub clv: Option<&'a [f64]>,
    /// Chance of being still active.
    pub p_alive: Option<&'a [f64]>,
    /// Chance of no order within the window.
    pub churn: Option<&'a [f64]>,
}

/// A list of customers in figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The day of reckoning.
    pub as_of: Day,
    /// Size, money and typical customer of the list; its id is `selected`.
    pub selected: Segment,
    /// The same of everybody; its id is `everybody`.
    pub everybody: Segment,
    /// Expected value within the horizon; `None` where it was not computed.
    pub future: Option<Future>,
    /// Chance of no order within the window; `None` where it was not computed.
    pub risk: Option<Risk>,
    /// By the customers who bought them; `None` where no product is mapped.
    pub products: Option<Vec<Common>>,
    /// By the customers who ordered from there; `None` where it is not mapped.
    pub countries: Option<Vec<Common>>,
    /// By the customers who ordered there; `None` where it is not mapped.
    pub channels: Option<Vec<Common>>,
}

/// Value to come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Future {
    /// Of the whole list.
    pub clv: f64,
    /// A customer.
    pub mean: f64,
    /// A customer of everybody.
    pub mean_of_everybody: f64,
    /// Share of everybody's, `None` where that is not above zero.
    pub share: Option<f64>,
    /// Mean chance of being still active.
    pub p_alive: Option<f64>,
}

/// Risk of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    /// Mean over the list.
    pub mean: f64,
    /// Mean over everybody.
    pub mean_of_everybody: f64,
    /// How many are likelier to leave than to stay.
    pub slipping: u32,
}

/// A product, country or channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Common {
    /// As written in the file.
    pub name: String,
    /// Customers of the list who have it.
    pub customers: u32,
    /// Share of the list.
    pub share: f64,
    /// 100 times that share by the share among everybody.
    pub index: f64,
    /// Net revenue of the list with it.
    pub revenue: f64,
}

/// Counts customers and money by value.
#[derive(Clone, Debug)]
struct Tally {
    /// The last customer seen with the value, plus one.
    stamp: Vec<u32>,
    all: Vec<u32>,
    selected: Vec<u32>,
    money: Vec<i64>,
}

impl Tally {
    fn new(values: usize) -> Tally {
        Tally {
            stamp: vec![0; values],
            all: vec![0; values],
            selected: vec![0; values],
            money: vec![0; values],
        }
    }

    fn see(&mut self, value: u32, customer: usize, selected: bool, amount: i64) {
        let value = value as usize;
        if value >= self.stamp.len() {
            return;
        }
        if self.stamp[value] != customer as u32 + 1 {
            self.stamp[value] = customer as u32 + 1;
            self.all[value] += 1;
            self.selected[value] += u32::from(selected);
        }
        if selected {
            self.money[value] += amount;
        }
    }
}

/// Describes a list, in slices; a unit of the budget is a record or a line.
#[derive(Clone, Debug)]
pub struct Profiling {
    selected: Vec<bool>,
    products: Option<Tally>,
    countries: Option<Tally>,
    channels: Option<Tally>,
    next: usize,
    done: u64,
}

fn role<'a>(orders: &'a Orders, role: &str) -> Option<&'a Attribute> {
    orders.attributes.iter().find(|attribute| attribute.role == role)
}

impl Profiling {
    /// Starts on a list of places in `customers`.
    pub fn new(orders: &Orders, customers: &Customers, list: &[u32]) -> Profiling {
        let mut selected = vec![false; customers.len()];
        for &c in list {
            selected[c as usize] = true;
        }
        let tally = |name: &str| {
            role(orders, name).map(|attribute| Tally::new(attribute.values.len()))
        };
        Profiling {
            selected,
            products: orders.lines.as_ref().map(|lines| Tally::new(lines.products.len())),
            countries: tally("country"),
            channels: tally("channel"),
            next: 0,
            done: 0,
        }
    }

    /// Works on for about `budget` units. The orders and customers must be those
    /// given to `new`.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        known: Known<'_>,
        budget: u64,
    ) -> Step<Profile> {
        let until = self.done.saturating_add(budget.max(1));
        while self.next < customers.len() {
            if self.done >= until {
                let total = customers.len() as u64;
                return Step::Working(Progress { done: self.next as u64, total });
            }
            self.see(orders, customers, self.next);
            self.next += 1;
        }
        Step::Done(self.result(orders, customers, known))
    }

    fn see(&mut self, orders: &Orders, customers: &Customers, c: usize) {
        let selected = self.selected[c];
        let known = |&i: &usize| orders.day[i] <= customers.as_of.0;
        for i in orders.of(customers.number[c]).take_while(known) {
            self.done += 1;
            let amount = orders.gross[i] + orders.returns[i];
            for (tally, name) in
                [(&mut self.countries, "country"), (&mut self.channels, "channel")]
            {
                if let (Some(tally), Some(attribute)) = (tally, role(orders, name)) {
                    tally.see(attribute.of[i], c, selected, amount);
                }
            }
            if let (Some(tally), Some(lines)) = (&mut self.products, &orders.lines) {
                for line in lines.start[i] as usize..lines.start[i + 1] as usize {
                    tally.see(lines.product[line], c, selected, lines.amount.get(line));
                    self.done += 1;
                }
            }
        }
    }

    fn result(
        &self,
        orders: &Orders,
        customers: &Customers,
        known: Known<'_>,
    ) -> Profile {
        let group: Vec<u8> = self.selected.iter().map(|&s| u8::from(!s)).collect();
        let ids = ["selected", "rest"].map(str::to_owned);
        let mut parts = summarise(customers, orders.scale, &group, &ids);
        let one = ["everybody".to_owned()];
        let mut whole =
            summarise(customers, orders.scale, &vec![0; customers.len()], &one);
        let count = parts[0].customers;
        let listed = |tally: &Option<Tally>, text: &dyn Fn(u32) -> String| {
            let tally = tally.as_ref()?;
            let mut values: Vec<usize> =
                (0..tally.all.len()).filter(|&v| tally.selected[v] > 0).collect();
            let key = |&v: &usize| {
                let rank = (std::cmp::Reverse(tally.selected[v]), -tally.money[v]);
                (rank, v)
            };
            values.order_by_key(key);
            values.truncate(LISTED);
            let row = |&v: &usize| {
                let share = f64::from(tally.selected[v]) / f64::from(count);
                let of_all = f64::from(tally.all[v]) / customers.len() as f64;
                Common {
                    name: text(v as u32),
                    customers: tally.selected[v],
                    share,
                    index: 100.0 * share / of_all,
                    revenue: orders.scale.number(tally.money[v]),
                }
            };
            Some(values.iter().map(row).collect())
        };
        let value = |name: &'static str| {
            move |v: u32| {
                let attribute = role(orders, name);
                attribute.map_or_else(String::new, |a| a.values.text(v).into_owned())
            }
        };
        let product = |v: u32| {
            let lines = orders.lines.as_ref();
            lines.map_or_else(String::new, |l| l.products.text(v).into_owned())
        };
        Profile {
            as_of: customers.as_of,
            products: listed(&self.products, &product),
            countries: listed(&self.countries, &value("country")),
            channels: listed(&self.channels, &value("channel")),
            future: self.future(known),
            risk: self.risk(known),
            selected: parts.swap_remove(0),
            everybody: whole.swap_remove(0),
        }
    }

    /// Sum and count over the list and over everybody, of what is known.
    fn sums(&self, values: &[f64]) -> ((f64, u32), (f64, u32)) {
        let (mut own, mut all) = ((0.0, 0), (0.0, 0));
        for (&value, &selected) in values.iter().zip(&self.selected) {
            if value.is_nan() {
                continue;
            }
            all = (all.0 + value, all.1 + 1);
            if selected {
                own = (own.0 + value, own.1 + 1);
            }
        }
        (own, all)
    }

    fn future(&self, known: Known<'_>) -> Option<Future> {
        let (own, all) = self.sums(known.clv?);
        let alive = known.p_alive.map(|values| self.sums(values).0);
        (own.1 > 0).then(|| Future {
            clv: own.0,
            mean: own.0 / f64::from(own.1),
            mean_of_everybody: all.0 / f64::from(all.1),
            share: (all.0 > 0.0).then(|| own.0 / all.0),
            p_alive: alive.filter(|a| a.1 > 0).map(|a| a.0 / f64::from(a.1)),
        })
    }

    fn risk(&self, known: Known<'_>) -> Option<Risk> {
        let values = known.churn?;
        let (own, all) = self.sums(values);
        let slipping =
            values.iter().zip(&self.selected).filter(|(v, s)| **s && **v > 0.5).count();
        (own.1 > 0).then(|| Risk {
            mean: own.0 / f64::from(own.1),
            mean_of_everybody: all.0 / f64::from(all.1),
            slipping: slipping as u32,
        })
    }
}
