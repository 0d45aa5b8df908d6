//! What to offer a customer next: the rules whose antecedents the customer has
//! and whose consequents not yet.

use serde::Serialize;

use super::Of;
use super::gather::Source;
use super::items::Item;
use super::task::Mined;
use crate::calendar::Day;
use crate::orders::Orders;
use crate::sort::Order;

/// What to offer one customer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offers {
    /// As written in the file.
    pub customer_id: String,
    /// Different goods bought so far.
    pub bought: u64,
    /// The surest first; empty where no rule speaks of this customer.
    pub offers: Vec<Offer>,
}

/// Something that similar customers have bought and this one not yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// What to offer.
    pub item: Item,
    /// What the customer has that leads to it.
    pub because: Vec<Item>,
    /// The share of the customers with those who have bought this too.
    pub confidence: f64,
    /// How many they are.
    pub baskets: u64,
    /// Against chance.
    pub lift: f64,
    /// The rule's test, corrected for the number of rules.
    pub q: f64,
}

/// Rules by the first item of their antecedent, for one goods a consequent.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Places of rules, by rank of the antecedent's first item.
    by_first: Vec<Vec<u32>>,
}

/// The rules that make an offer must be at most this likely to be chance.
const SIGNIFICANT: f64 = 0.05;

impl Index {
    /// The rules of a shop that make offers: one thing, more often than by
    /// chance.
    pub fn new(mined: &Mined) -> Index {
        let mut by_first = vec![Vec::new(); mined.ranks.item.len()];
        for (place, rule) in mined.rules.iter().enumerate() {
            if rule.consequent.len() == 1
                && rule.q <= SIGNIFICANT
                && rule.lift(mined.baskets) > 1.0
            {
                by_first[usize::from(rule.antecedent[0])].push(place as u32);
            }
        }
        Index { by_first }
    }

    /// What to offer one customer, the surest first; `limit` at most. Also says
    /// how much was looked at.
    pub fn offers(
        &self,
        orders: &Orders,
        mined: &Mined,
        as_of: Day,
        customer: u32,
        limit: usize,
    ) -> (Offers, u64) {
        let mut items = Vec::new();
        let source = Source { of: Of::Customer, as_of: as_of.0 };
        let mut seen = source.gather(orders, &mined.items, customer as usize, &mut items);
        let bought = items.iter().filter(|&&item| mined.items.is_good(item)).count();
        let mut has = vec![false; mined.ranks.item.len()];
        let mut ranks = Vec::new();
        for &item in &items {
            let rank = mined.ranks.of[item as usize];
            if rank != u16::MAX {
                has[usize::from(rank)] = true;
                ranks.push(rank);
            }
        }
        // The best rule of each thing.
        let mut best: Vec<u32> = vec![u32::MAX; has.len()];
        for rank in ranks {
            for &place in &self.by_first[usize::from(rank)] {
                seen += 1;
                let rule = &mined.rules[place as usize];
                let then = usize::from(rule.consequent[0]);
                if has[then] || !rule.antecedent.iter().all(|&a| has[usize::from(a)]) {
                    continue;
                }
                let better = best[then] == u32::MAX || {
                    let known = &mined.rules[best[then] as usize];
                    let sure = rule.confidence().total_cmp(&known.confidence());
                    sure.then(known.antecedent.len().cmp(&rule.antecedent.len())).is_gt()
                };
                if better {
                    best[then] = place;
                }
            }
        }
        let mut places: Vec<u32> =
            best.into_iter().filter(|&place| place != u32::MAX).collect();
        let rule = |place: u32| &mined.rules[place as usize];
        places.order_by(|&a, &b| {
            let sure = rule(b).confidence().total_cmp(&rule(a).confidence());
            sure.then(a.cmp(&b))
        });
        places.truncate(limit);
        let show = |&rank: &u16| mined.show(orders, rank);
        let offer = |place: u32| {
            let rule = rule(place);
            Offer {
                item: show(&rule.consequent[0]),
                because: rule.antecedent.iter().map(show).collect(),
                confidence: rule.confidence(),
                baskets: u64::from(rule.count),
                lift: rule.lift(mined.baskets),
                q: rule.q,
            }
        };
        let offers = Offers {
            customer_id: orders.customers.text(customer).into_owned(),
            bought: bought as u64,
            offers: places.into_iter().map(offer).collect(),
        };
        (offers, seen)
    }
}
