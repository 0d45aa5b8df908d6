//! Association rules from frequent sets: how often they hold, against chance.

use super::items::Items;
use super::mine::{Encoded, Set};
use super::significance::{Factorials, benjamini_hochberg};
use super::{BasketOptions, SortBy};
use crate::sort::Order;

/// If a basket has the antecedent, then the consequent.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Ranks of the antecedent, rising.
    pub antecedent: Vec<u16>,
    /// Ranks of the consequent, rising.
    pub consequent: Vec<u16>,
    /// Baskets with both.
    pub count: u32,
    /// Baskets with the antecedent.
    pub with_antecedent: u32,
    /// Baskets with the consequent.
    pub with_consequent: u32,
    /// The chance of as many or more where the two have nothing to do with
    /// each other.
    pub p: f64,
    /// The share of false discoveries at which it would still be significant.
    pub q: f64,
    /// Whether a shorter antecedent says as much.
    pub redundant: bool,
}

impl Rule {
    /// The share of the antecedent's baskets with the consequent.
    pub fn confidence(&self) -> f64 {
        f64::from(self.count) / f64::from(self.with_antecedent)
    }

    /// Confidence by the consequent's own share.
    pub fn lift(&self, baskets: u64) -> f64 {
        self.confidence() / (f64::from(self.with_consequent) / baskets as f64)
    }

    /// Support above that of chance.
    pub fn leverage(&self, baskets: u64) -> f64 {
        let share = |count: u32| f64::from(count) / baskets as f64;
        share(self.count) - share(self.with_antecedent) * share(self.with_consequent)
    }

    /// How much rarer the rule fails than by chance; `None` where it never does.
    pub fn conviction(&self, baskets: u64) -> Option<f64> {
        let misses = self.with_antecedent - self.count;
        let without = 1.0 - f64::from(self.with_consequent) / baskets as f64;
        (misses > 0).then(|| without / (1.0 - self.confidence()))
    }
}

/// The sets to look supports up in, sorted by their items.
pub struct Known<'a> {
    sets: Vec<&'a Set>,
    encoded: &'a Encoded,
}

impl<'a> Known<'a> {
    /// The frequent sets of a shop.
    pub fn new(sets: &'a [Set], encoded: &'a Encoded) -> Known<'a> {
        let mut sorted: Vec<&Set> = sets.iter().collect();
        sorted.order_by(|a, b| a.items().cmp(b.items()));
        Known { sets: sorted, encoded }
    }

    /// Baskets with all of a set that is part of a frequent one.
    fn count(&self, items: &[u16]) -> Option<u32> {
        if let [item] = items {
            return self.encoded.count.get(usize::from(*item)).copied();
        }
        let found = self.sets.binary_search_by(|set| set.items().cmp(items)).ok()?;
        Some(self.sets[found].count)
    }
}

/// Adds the rules of one set that hold often enough. What follows are goods.
pub fn of_set(
    set: &Set,
    known: &Known<'_>,
    is_good: &dyn Fn(u16) -> bool,
    min_confidence: f64,
    rules: &mut Vec<Rule>,
) {
    let items = set.items();
    let part = |mask: u32| -> Vec<u16> {
        let within = |&(place, _): &(usize, &u16)| mask >> place & 1 == 1;
        items.iter().enumerate().filter(within).map(|(_, &item)| item).collect()
    };
    let all = (1_u32 << items.len()) - 1;
    for mask in 1..all {
        let consequent = part(all & !mask);
        if !consequent.iter().all(|&item| is_good(item)) {
            continue;
        }
        let antecedent = part(mask);
        let (Some(with_antecedent), Some(with_consequent)) =
            (known.count(&antecedent), known.count(&consequent))
        else {
            continue;
        };
        let mut rule = Rule {
            antecedent,
            consequent,
            count: set.count,
            with_antecedent,
            with_consequent,
            p: 1.0,
            q: 1.0,
            redundant: false,
        };
        if rule.confidence() >= min_confidence {
            rule.redundant = is_redundant(&rule, known);
            rules.push(rule);
        }
    }
}

/// Whether some part of the antecedent leads there as surely (Bayardo,
/// Agrawal and Gunopulos, 1999: no improvement).
fn is_redundant(rule: &Rule, known: &Known<'_>) -> bool {
    let items = &rule.antecedent;
    let all = (1_u32 << items.len()) - 1;
    (1..all).any(|mask| {
        let within = |&(place, _): &(usize, &u16)| mask >> place & 1 == 1;
        let part: Vec<u16> =
            items.iter().enumerate().filter(within).map(|(_, &item)| item).collect();
        let mut both: Vec<u16> = part.iter().chain(&rule.consequent).copied().collect();
        both.sort_unstable();
        let (Some(both), Some(part)) = (known.count(&both), known.count(&part)) else {
            return false;
        };
        // Confidences compared as fractions.
        u64::from(both) * u64::from(rule.with_antecedent)
            >= u64::from(rule.count) * u64::from(part)
    })
}

/// Tests all rules, corrects for their number, and sorts them.
pub fn judge(rules: &mut [Rule], baskets: u64, options: &BasketOptions) {
    let factorials = Factorials::new(baskets);
    for rule in rules.iter_mut() {
        let [a, c] = [rule.with_antecedent, rule.with_consequent].map(u64::from);
        rule.p = factorials.fisher(baskets, a, c, u64::from(rule.count));
    }
    let p: Vec<f64> = rules.iter().map(|rule| rule.p).collect();
    for (rule, q) in rules.iter_mut().zip(benjamini_hochberg(&p)) {
        rule.q = q;
    }
    let by = |rule: &Rule| match options.sort_by {
        SortBy::Lift => rule.lift(baskets),
        SortBy::Confidence => rule.confidence(),
        SortBy::Support => f64::from(rule.count),
        SortBy::Leverage => rule.leverage(baskets),
    };
    rules.order_by(|a, b| {
        by(b)
            .total_cmp(&by(a))
            .then(b.count.cmp(&a.count))
            .then(a.antecedent.cmp(&b.antecedent))
            .then(a.consequent.cmp(&b.consequent))
    });
}

/// Ranks of items, and back: goods by falling frequency, then values.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    /// The item of each rank.
    pub item: Vec<u32>,
    /// The rank of each item; `u16::MAX` for those left out.
    pub of: Vec<u16>,
    /// How many are goods.
    pub goods: usize,
    /// Frequent items that were left out for there being too many.
    pub cut: usize,
}

impl Ranks {
    /// Ranks the items that are in `least` baskets and more.
    pub fn new(items: &Items, count: &[u32], least: u32, most: [usize; 2]) -> Ranks {
        let mut ranks = Ranks { of: vec![u16::MAX; count.len()], ..Ranks::default() };
        for (good, most) in [(true, most[0]), (false, most[1])] {
            let frequent = |&item: &u32| {
                items.is_good(item) == good && count[item as usize] >= least
            };
            let mut found: Vec<u32> = (0..count.len() as u32).filter(frequent).collect();
            found.order_by_key(|&item| (std::cmp::Reverse(count[item as usize]), item));
            ranks.cut += found.len().saturating_sub(most);
            found.truncate(most);
            for item in found {
                ranks.of[item as usize] = ranks.item.len() as u16;
                ranks.item.push(item);
            }
            if good {
                ranks.goods = ranks.item.len();
            }
        }
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_of_the_books() {
        // Tan, Kumar and Srivastava's tea and coffee: 150 of 200 tea drinkers
        // drink coffee, as do 800 of 1000 people.
        let rule = Rule {
            antecedent: vec![0],
            consequent: vec![1],
            count: 150,
            with_antecedent: 200,
            with_consequent: 800,
            p: 1.0,
            q: 1.0,
            redundant: false,
        };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(rule.confidence(), 0.75);
        near(rule.lift(1_000), 0.9375);
        near(rule.leverage(1_000), -0.01);
        near(rule.conviction(1_000).unwrap(), 0.8);
        let sure = Rule { count: 200, ..rule };
        assert_eq!(sure.conviction(1_000), None);
    }
}
