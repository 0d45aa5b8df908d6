//! Each customer's own cadence: the usual gap between order days, how long a gap
//! may be before it breaks the habit, and whether it is broken now.
//!
//! Gaps are taken as log-normal around the customer's own mean; their spread is
//! drawn towards that of the shop's customers. A gap longer than nineteen of
//! twenty would be is a break. The share of past gaps that broke the habit by
//! what was known before them says whether that holds.

use serde::Serialize;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::Orders;
use crate::sort::Order;

/// So many gaps make a habit.
const LEAST_GAPS: usize = 3;
/// The shop's spread weighs as much as so many of the customer's own gaps.
const PRIOR: f64 = 4.0;
/// Nineteen of twenty are shorter: the quantile of the normal distribution.
const QUANTILE: f64 = 1.644_853_626_951_472_7;
/// How many broken habits are listed.
const LISTED: usize = 50;

/// Within the own gap, past it, and beyond what happens.
pub const RHYTHMS: [&str; 3] = ["onTime", "due", "broken"];

/// The habits of the customers that have one, in their order. Linear.
pub fn cadences(orders: &Orders, customers: &Customers) -> Vec<Cadence> {
    let mut gather = Gather::default();
    gather.advance(orders, customers, u64::MAX);
    gather.found
}

/// The habit of one customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cadence {
    /// The customer's place among the customers.
    pub customer: u32,
    /// The usual gap in days (geometric mean).
    pub usual: f64,
    /// A longer gap breaks the habit.
    pub longest: f64,
    /// Days since the last order.
    pub silent: i32,
    /// Gaps that broke the habit of their time.
    pub breaks: u32,
}

impl Cadence {
    /// Which of [`RHYTHMS`] it is.
    pub fn code(&self) -> &'static str {
        let silent = f64::from(self.silent);
        RHYTHMS[usize::from(silent > self.usual) + usize::from(silent > self.longest)]
    }

    /// Whether the habit is broken now.
    pub fn is_broken(&self) -> bool {
        f64::from(self.silent) > self.longest
    }
}

/// The habits of a shop's customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rhythms {
    /// Customers with four order days and more.
    pub customers: u64,
    /// Silent for less than their usual gap.
    pub on_time: u64,
    /// Past the usual gap, and not yet beyond what happens.
    pub due: u64,
    /// Silent for longer than nineteen of twenty of their gaps would be.
    pub broken: u64,
    /// The median of the usual gaps; `None` without habits.
    pub usual_gap_days: Option<f64>,
    /// Past gaps that could be judged by those before them.
    pub judged: u64,
    /// Those that broke the habit; about one in twenty where the rule holds.
    pub judged_broken: u64,
    /// Customers who came back after such a gap.
    pub recovered: u64,
    /// Those whose habit is broken now, by what they bring in a year.
    pub rows: Vec<CadenceRow>,
}

/// A customer whose habit is broken.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CadenceRow {
    /// As written in the file.
    pub customer_id: String,
    /// Days between orders.
    pub usual_gap_days: f64,
    /// Longer than this breaks the habit.
    pub longest_days: f64,
    /// Days since the last order.
    pub silent_days: i32,
    /// When the next order was due.
    pub due_on: Day,
    /// Since when the habit is broken.
    pub broken_since: Day,
    /// Earlier breaks after which the customer came back.
    pub breaks: u32,
    /// Net revenue in the year before the last order.
    pub revenue: f64,
}

/// Gathers habits, in slices.
#[derive(Clone, Debug, Default)]
pub struct Gather {
    next: usize,
    pooled: (f64, f64),
    second: bool,
    found: Vec<Cadence>,
    judged: [u64; 3],
    logs: Vec<f64>,
    /// Units of work done.
    pub done: u64,
}

impl Gather {
    /// Works for about `budget` units, a record each; true at the end.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        budget: u64,
    ) -> bool {
        let until = self.done.saturating_add(budget.max(1));
        loop {
            while self.next < customers.len() {
                if self.done >= until {
                    return false;
                }
                self.customer(orders, customers, self.next);
                self.next += 1;
            }
            if self.second {
                return true;
            }
            (self.second, self.next) = (true, 0);
        }
    }

    fn customer(&mut self, orders: &Orders, customers: &Customers, c: usize) {
        if customers.order_days[c] as usize <= LEAST_GAPS {
            self.done += 1;
            return;
        }
        self.logs.clear();
        let mut last = None;
        for record in orders.of(customers.number[c]) {
            self.done += 1;
            let day = orders.day[record];
            if day > customers.as_of.0 {
                break;
            }
            if !orders.is_order[record] || last == Some(day) {
                continue;
            }
            if let Some(last) = last {
                self.logs.push(libm::log(f64::from(day - last)));
            }
            last = Some(day);
        }
        let n = self.logs.len() as f64;
        let mean = self.logs.iter().sum::<f64>() / n;
        let squares: f64 = self.logs.iter().map(|x| (x - mean) * (x - mean)).sum();
        if !self.second {
            self.pooled = (self.pooled.0 + squares, self.pooled.1 + n - 1.0);
            return;
        }
        let mut breaks = 0;
        let (mut sum, mut sum_squares) = (0.0, 0.0);
        for (before, &x) in self.logs.iter().enumerate() {
            if before >= LEAST_GAPS {
                let n = before as f64;
                let spread = (sum_squares - sum * sum / n).max(0.0);
                self.judged[0] += 1;
                if x > self.limit(sum / n, spread, n) {
                    breaks += 1;
                }
            }
            (sum, sum_squares) = (sum + x, sum_squares + x * x);
        }
        self.judged[1] += u64::from(breaks);
        self.judged[2] += u64::from(breaks > 0);
        self.found.push(Cadence {
            customer: c as u32,
            usual: libm::exp(mean),
            longest: libm::exp(self.limit(mean, squares, n)),
            silent: customers.recency_days(c) as i32,
            breaks,
        });
    }

    /// The logarithm of the longest gap within the habit.
    fn limit(&self, mean: f64, squares: f64, n: f64) -> f64 {
        let pooled =
            if self.pooled.1 > 0.0 { self.pooled.0 / self.pooled.1 } else { 1.0 };
        let variance = (squares + PRIOR * pooled) / (n - 1.0 + PRIOR);
        mean + QUANTILE * libm::sqrt(variance * (1.0 + 1.0 / n))
    }

    /// The habits found: all of them, and as they are shown.
    pub fn finish(
        self,
        orders: &Orders,
        customers: &Customers,
    ) -> (Vec<Cadence>, Rhythms) {
        let mut usual: Vec<f64> = self.found.iter().map(|c| c.usual).collect();
        usual.sort_unstable_by(f64::total_cmp);
        let [judged, judged_broken, recovered] = self.judged;
        let broken: Vec<&Cadence> = self.found.iter().filter(|c| c.is_broken()).collect();
        let on_time =
            self.found.iter().filter(|c| f64::from(c.silent) <= c.usual).count();
        let mut ranked: Vec<(i64, &Cadence)> = broken
            .iter()
            .map(|&c| (yearly(orders, customers, c.customer as usize), c))
            .collect();
        ranked.order_by_key(|&(revenue, c)| (std::cmp::Reverse(revenue), c.customer));
        let row = |&(revenue, c): &(i64, &Cadence)| {
            let place = c.customer as usize;
            let last = Day(customers.last_day[place]);
            let later = |days: f64| last.plus(libm::ceil(days) as i32);
            CadenceRow {
                customer_id: orders.customers.text(customers.number[place]).into_owned(),
                usual_gap_days: c.usual,
                longest_days: c.longest,
                silent_days: c.silent,
                due_on: later(c.usual),
                broken_since: later(c.longest),
                breaks: c.breaks,
                revenue: orders.scale.number(revenue),
            }
        };
        let rhythms = Rhythms {
            customers: self.found.len() as u64,
            on_time: on_time as u64,
            due: (self.found.len() - on_time - broken.len()) as u64,
            broken: broken.len() as u64,
            usual_gap_days: usual.get(usual.len() / 2).copied(),
            judged,
            judged_broken,
            recovered,
            rows: ranked.iter().take(LISTED).map(row).collect(),
        };
        (self.found, rhythms)
    }
}

/// Net revenue of the year up to the last order.
fn yearly(orders: &Orders, customers: &Customers, c: usize) -> i64 {
    let last = customers.last_day[c];
    orders
        .of(customers.number[c])
        .filter(|&r| orders.day[r] > last - 365 && orders.day[r] <= customers.as_of.0)
        .map(|r| orders.gross[r] + orders.returns[r])
        .sum()
}
