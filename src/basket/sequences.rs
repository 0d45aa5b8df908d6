//! What is bought after what: a customer's first purchase of one thing, and
//! whether the other is bought on a later day within a window.
//!
//! Only first purchases that the file follows for the whole window count, so
//! that late ones do not look like failures. The measure of chance is how often
//! the other thing follows the first purchase of anything.

use super::MOST_FOLLOWED;
use super::gather;
use super::items::Items;
use super::significance::{Factorials, benjamini_hochberg};
use crate::calendar::Day;
use crate::orders::Orders;
use crate::periods::CoverageSeen;
use crate::sort::Order;

/// No sequence is told from fewer customers.
const LEAST_FOLLOWED: u32 = 5;
/// Sequences above this share of false discoveries are left out.
pub const SIGNIFICANT: f64 = 0.05;

/// Counts pairs of goods in time, in slices; one unit is a line or a pair.
#[derive(Clone, Debug)]
pub struct Follow {
    window: i32,
    /// The last day of a first purchase that is followed whole.
    pub until: i32,
    as_of: i32,
    /// The goods that are followed: items by rank.
    pub item: Vec<u32>,
    rank: Vec<u32>,
    exposed: Vec<u32>,
    followed: Vec<u32>,
    /// Customers followed.
    pub customers: u32,
    next: u32,
    found: Option<Vec<Found>>,
    /// Place in `found` of a first good's pairs.
    chosen: Vec<Vec<(u32, usize)>>,
    lags: Vec<Vec<i32>>,
    /// Pairs that were frequent enough to be tested.
    pub total: u64,
    scratch: Scratch,
    /// Units of work done.
    pub done: u64,
}

/// A pair of goods in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Items.
    pub first: u32,
    /// Likewise.
    pub then: u32,
    /// Customers who bought the first and could be followed.
    pub exposed: u32,
    /// Those who went on to buy the other.
    pub followed: u32,
    /// The share after any first purchase.
    pub base: f64,
    /// Fisher's exact test.
    pub p: f64,
    /// Corrected for the number of pairs.
    pub q: f64,
    /// Half of those who followed did so within so many days.
    pub median_days: f64,
    /// Four in five of them.
    pub most_days: f64,
}

impl Found {
    /// Followed by exposed.
    pub fn confidence(&self) -> f64 {
        f64::from(self.followed) / f64::from(self.exposed)
    }
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    items: Vec<u32>,
    /// Day and rank of what a customer bought.
    bought: Vec<(i32, u32)>,
    /// The first purchase of each rank, by customer.
    first: Vec<u32>,
    stamp: Vec<u32>,
    marks: u32,
}

impl Follow {
    /// Begins to follow the most frequent goods; `count` says in how many
    /// baskets each item is.
    pub fn new(
        orders: &Orders,
        items: &Items,
        count: &[u32],
        as_of: Day,
        window_days: u32,
    ) -> Follow {
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        let last = seen.coverage(as_of).map_or(i32::MIN / 2, |c| c.to.0.min(as_of.0));
        let goods = items.products + items.categories;
        let mut item: Vec<u32> = (0..goods).filter(|&i| count[i as usize] > 0).collect();
        item.order_by_key(|&i| (std::cmp::Reverse(count[i as usize]), i));
        item.truncate(MOST_FOLLOWED);
        let mut rank = vec![u32::MAX; count.len()];
        for (place, &i) in item.iter().enumerate() {
            rank[i as usize] = place as u32;
        }
        let n = item.len();
        Follow {
            window: window_days as i32,
            until: last.saturating_sub(window_days as i32),
            as_of: as_of.0,
            item,
            rank,
            exposed: vec![0; n],
            followed: vec![0; n * n],
            customers: 0,
            next: 0,
            found: None,
            chosen: vec![Vec::new(); n],
            lags: Vec::new(),
            total: 0,
            scratch: Scratch { stamp: vec![0; n], ..Scratch::default() },
            done: 0,
        }
    }

    /// Works for about `budget` units. `None` while there is more to do.
    pub fn advance(
        &mut self,
        orders: &Orders,
        items: &Items,
        least_share: f64,
        limit: usize,
        budget: u64,
    ) -> Option<Vec<Found>> {
        let until = self.done.saturating_add(budget.max(1));
        loop {
            while self.next < orders.customers.len() as u32 {
                if self.done >= until {
                    return None;
                }
                self.customer(orders, items, self.next);
                self.next += 1;
            }
            if let Some(found) = self.found.take() {
                return Some(self.timed(found));
            }
            // Once more for the days between.
            let found = self.tested(items, least_share, limit);
            for (place, pair) in found.iter().enumerate() {
                let [first, then] =
                    [pair.first, pair.then].map(|i| self.rank[i as usize]);
                self.chosen[first as usize].push((then, place));
            }
            self.lags = vec![Vec::new(); found.len()];
            self.found = Some(found);
            self.next = 0;
        }
    }

    fn customer(&mut self, orders: &Orders, items: &Items, customer: u32) {
        let second = self.found.is_some();
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.bought.clear();
        for record in orders.of(customer) {
            self.done += 1;
            let day = orders.day[record];
            if day > self.as_of {
                break;
            }
            if !orders.is_order[record] {
                continue;
            }
            scratch.items.clear();
            self.done += gather::goods(orders, items, record, &mut scratch.items);
            for &item in &scratch.items {
                let rank = self.rank[item as usize];
                if rank != u32::MAX {
                    scratch.bought.push((day, rank));
                }
            }
        }
        scratch.bought.sort_unstable();
        scratch.bought.dedup();
        scratch.marks += 1;
        let mark = scratch.marks;
        scratch.first.clear();
        for (place, &(day, rank)) in scratch.bought.iter().enumerate() {
            let stamp = &mut scratch.stamp[rank as usize];
            if *stamp != mark && day <= self.until {
                *stamp = mark;
                scratch.first.push(place as u32);
            }
        }
        self.customers += u32::from(!second && !scratch.first.is_empty());
        let n = self.item.len();
        let firsts = std::mem::take(&mut scratch.first);
        for &place in &firsts {
            let (day, first) = scratch.bought[place as usize];
            if second && self.chosen[first as usize].is_empty() {
                continue;
            }
            if !second {
                self.exposed[first as usize] += 1;
            }
            scratch.marks += 1;
            for &(later, then) in &scratch.bought[place as usize + 1..] {
                if later > day + self.window {
                    break;
                }
                self.done += 1;
                if later == day || scratch.stamp[then as usize] == scratch.marks {
                    continue;
                }
                scratch.stamp[then as usize] = scratch.marks;
                if !second {
                    self.followed[first as usize * n + then as usize] += 1;
                    continue;
                }
                for &(wanted, place) in &self.chosen[first as usize] {
                    if wanted == then {
                        self.lags[place].push(later - day);
                    }
                }
            }
        }
        scratch.first = firsts;
        self.scratch = scratch;
    }

    /// The pairs that chance hardly made, and the goods bought again.
    fn tested(&mut self, items: &Items, least_share: f64, limit: usize) -> Vec<Found> {
        let n = self.item.len();
        let least =
            (least_share * f64::from(self.customers)).max(f64::from(LEAST_FOLLOWED));
        let all: u64 = self.exposed.iter().map(|&count| u64::from(count)).sum();
        let mut after_any = vec![0_u64; n];
        for row in self.followed.chunks(n.max(1)) {
            row.iter().zip(&mut after_any).for_each(|(&c, sum)| *sum += u64::from(c));
        }
        let factorials = Factorials::new(all);
        let mut found = Vec::new();
        for first in 0..n {
            for (then, &after_any) in after_any.iter().enumerate() {
                let followed = self.followed[first * n + then];
                if f64::from(followed) < least
                    || items.is_given(self.item[first], self.item[then]) && first != then
                {
                    continue;
                }
                let exposed = u64::from(self.exposed[first]);
                let p = factorials.fisher(all, exposed, after_any, followed.into());
                found.push(Found {
                    first: self.item[first],
                    then: self.item[then],
                    exposed: self.exposed[first],
                    followed,
                    base: after_any as f64 / all as f64,
                    p,
                    q: 1.0,
                    median_days: 0.0,
                    most_days: 0.0,
                });
            }
        }
        let p: Vec<f64> = found.iter().map(|pair| pair.p).collect();
        for (pair, q) in found.iter_mut().zip(benjamini_hochberg(&p)) {
            pair.q = q;
        }
        self.total = found.iter().filter(|pair| pair.first != pair.then).count() as u64;
        let (mut again, mut rows): (Vec<Found>, Vec<Found>) =
            found.into_iter().partition(|pair| pair.first == pair.then);
        rows.retain(|pair| pair.q <= SIGNIFICANT && pair.confidence() > pair.base);
        let lift = |pair: &Found| pair.confidence() / pair.base;
        let names = |pair: &Found| (pair.first, pair.then);
        rows.order_by(|a, b| {
            lift(b).total_cmp(&lift(a)).then_with(|| names(a).cmp(&names(b)))
        });
        again.order_by(|a, b| {
            let by = b.confidence().total_cmp(&a.confidence());
            by.then_with(|| names(a).cmp(&names(b)))
        });
        rows.truncate(limit);
        again.truncate(limit);
        rows.append(&mut again);
        rows
    }

    fn timed(&mut self, mut found: Vec<Found>) -> Vec<Found> {
        for (pair, lags) in found.iter_mut().zip(&mut self.lags) {
            lags.sort_unstable();
            let at = |share: f64| {
                let place = libm::ceil(share * lags.len() as f64) as usize;
                lags.get(place.saturating_sub(1)).map_or(0.0, |&lag| f64::from(lag))
            };
            (pair.median_days, pair.most_days) = (at(0.5), at(0.8));
        }
        found
    }
}
