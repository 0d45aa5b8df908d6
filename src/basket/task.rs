//! From orders to rules, in slices: count items, encode baskets, mine sets,
//! make and judge rules, follow what is bought after what.

use super::gather::Source;
use super::items::{Item, Items};
use super::mine::{Encoded, Mine, Set};
use super::offers::Index;
use super::result::{
    BasketResult, FrequentSet, ItemCounts, RuleRow, SequenceRow, Sequences,
};
use super::rules::{Known, Ranks, Rule, judge, of_set};
use super::sequences::{Follow, Found};
use super::{BasketOptions, MOST_FOLLOWED, MOST_GOODS, MOST_VALUES};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;
use crate::sort::Order;
use crate::task::{Progress, Step};

/// The rules of a shop with all that is needed to write them out and to use them.
#[derive(Clone, Debug)]
pub struct Mined {
    /// What can be in a basket.
    pub(super) items: Items,
    /// Baskets with each item.
    count: Vec<u32>,
    pub(super) ranks: Ranks,
    /// All rules kept, sorted.
    pub rules: Vec<Rule>,
    /// All frequent sets of two items and more, the most frequent first.
    sets: Vec<Set>,
    found: Vec<Found>,
    /// How many baskets there are.
    pub baskets: u64,
    /// The rules by what they need.
    pub offers: Index,
    /// As it is shown.
    pub result: BasketResult,
}

impl Mined {
    /// The item of a rank, as it is shown.
    pub fn show(&self, orders: &Orders, rank: u16) -> Item {
        self.show_item(orders, self.ranks.item[usize::from(rank)])
    }

    fn show_item(&self, orders: &Orders, item: u32) -> Item {
        self.items.show(orders, item, self.count[item as usize].into(), self.baskets)
    }

    /// All frequent sets of two items and more: items, baskets.
    pub fn sets<'a>(
        &'a self,
        orders: &'a Orders,
    ) -> impl Iterator<Item = (Vec<Item>, u32)> + 'a {
        self.sets.iter().map(|set| {
            (set.items().iter().map(|&rank| self.show(orders, rank)).collect(), set.count)
        })
    }

    /// All sequences handed out, as their items.
    pub fn pairs<'a>(
        &'a self,
        orders: &'a Orders,
    ) -> impl Iterator<Item = (Item, Item, Found)> + 'a {
        self.found.iter().map(|&pair| {
            (self.show_item(orders, pair.first), self.show_item(orders, pair.then), pair)
        })
    }
}

/// The baskets of a shop, in slices; one unit of the budget is about a line.
///
/// Linear in the lines, and in the pairs of frequent items within each basket;
/// sets are bounded by their number, not by the size of the shop.
#[derive(Clone, Debug)]
pub struct Basket {
    options: BasketOptions,
    as_of: Day,
    source: Source,
    items: Items,
    count: Vec<u32>,
    baskets: u64,
    singles: u64,
    goods: u64,
    next: usize,
    ranks: Ranks,
    least: u32,
    encoded: Encoded,
    stage: Stage,
    scratch: Vec<u32>,
    done: u64,
}

#[derive(Clone, Debug)]
enum Stage {
    Count,
    Encode,
    Mine(Box<Mine>),
    Rules { mine: Box<Mine>, rules: Vec<Rule>, next: usize },
    Follow { sets: Vec<Set>, rules: Vec<Rule>, raised: bool, follow: Box<Follow> },
}

impl Basket {
    /// Begins with the baskets of a shop as of a day.
    ///
    /// # Errors
    /// `basket-needs-product` where neither products nor categories are mapped,
    /// and those of [`BasketOptions::check`].
    pub fn new(orders: &Orders, as_of: Day, options: BasketOptions) -> Result<Basket> {
        options.check()?;
        let items = Items::new(orders, &options.items);
        if items.products + items.categories == 0 {
            return Err(Error::new("basket-needs-product"));
        }
        Ok(Basket {
            source: Source { of: options.of, as_of: as_of.0 },
            as_of,
            options,
            count: vec![0; items.len as usize],
            items,
            baskets: 0,
            singles: 0,
            goods: 0,
            next: 0,
            ranks: Ranks::default(),
            least: 0,
            encoded: Encoded::default(),
            stage: Stage::Count,
            scratch: Vec::new(),
            done: 0,
        })
    }

    /// Works on for about `budget` units. The orders must be those given to `new`.
    ///
    /// # Errors
    /// `basket-too-few` where no basket has two things.
    pub fn advance(&mut self, orders: &Orders, budget: u64) -> Result<Step<Mined>> {
        let until = self.done.saturating_add(budget.max(1));
        loop {
            let stage = std::mem::replace(&mut self.stage, Stage::Count);
            let left = until.saturating_sub(self.done);
            self.stage = match stage {
                Stage::Count => match self.pass(orders, until, Basket::count) {
                    true => self.counted()?,
                    false => return Ok(self.working(orders, Stage::Count)),
                },
                Stage::Encode => match self.pass(orders, until, Basket::encode) {
                    true => {
                        let max_items = self.options.max_items;
                        let mine = Mine::new(&self.encoded, self.least, max_items);
                        Stage::Mine(Box::new(mine))
                    }
                    false => return Ok(self.working(orders, Stage::Encode)),
                },
                Stage::Mine(mut mine) => {
                    let before = mine.done;
                    let (items, ranks) = (&self.items, &self.ranks.item);
                    let given = |a: u16, b: u16| {
                        items.is_given(ranks[usize::from(a)], ranks[usize::from(b)])
                    };
                    let finished = mine.advance(&self.encoded, given, left);
                    self.done += mine.done - before;
                    if !finished {
                        return Ok(self.working(orders, Stage::Mine(mine)));
                    }
                    Stage::Rules { mine, rules: Vec::new(), next: 0 }
                }
                Stage::Rules { mine, mut rules, mut next } => {
                    let (known, goods) =
                        (Known::new(&mine.sets, &self.encoded), self.ranks.goods);
                    self.done += mine.sets.len() as u64 / 16;
                    while next < mine.sets.len() && self.done < until {
                        let is_good = |rank: u16| usize::from(rank) < goods;
                        let least = self.options.min_confidence;
                        of_set(&mine.sets[next], &known, &is_good, least, &mut rules);
                        self.done += 4;
                        next += 1;
                    }
                    if next < mine.sets.len() {
                        let stage = Stage::Rules { mine, rules, next };
                        return Ok(self.working(orders, stage));
                    }
                    self.least = mine.least;
                    let days = self.options.window_days;
                    let follow =
                        Follow::new(orders, &self.items, &self.count, self.as_of, days);
                    let (sets, raised) = (mine.sets, mine.raised);
                    Stage::Follow { sets, rules, raised, follow: Box::new(follow) }
                }
                Stage::Follow { sets, rules, raised, mut follow } => {
                    let before = follow.done;
                    let (least, limit) = (self.options.min_support, self.options.limit);
                    let found = follow.advance(orders, &self.items, least, limit, left);
                    self.done += follow.done - before;
                    let Some(found) = found else {
                        let stage = Stage::Follow { sets, rules, raised, follow };
                        return Ok(self.working(orders, stage));
                    };
                    return Ok(Step::Done(
                        self.conclude(orders, sets, rules, raised, &follow, found),
                    ));
                }
            };
            if self.done >= until {
                let stage = std::mem::replace(&mut self.stage, Stage::Count);
                return Ok(self.working(orders, stage));
            }
        }
    }

    fn working(&mut self, orders: &Orders, stage: Stage) -> Step<Mined> {
        self.stage = stage;
        let lines = orders.lines.as_ref().map_or(0, |lines| lines.product.len());
        // Four passes over the lines, and as much again for the sets.
        let total = (5 * (orders.len() + lines) as u64).max(self.done);
        Step::Working(Progress { done: self.done, total })
    }

    /// One pass over all baskets; true at its end.
    fn pass(
        &mut self,
        orders: &Orders,
        until: u64,
        each: fn(&mut Basket, &[u32]),
    ) -> bool {
        let mut items = std::mem::take(&mut self.scratch);
        while self.next < self.source.len(orders) {
            if self.done >= until {
                self.scratch = items;
                return false;
            }
            self.done += self.source.gather(orders, &self.items, self.next, &mut items);
            self.next += 1;
            if !items.is_empty() {
                each(self, &items);
            }
        }
        self.scratch = items;
        self.next = 0;
        true
    }

    fn count(&mut self, items: &[u32]) {
        self.baskets += 1;
        let goods =
            items.iter().filter(|&&item| self.items.is_counted(item)).count() as u64;
        self.goods += goods;
        self.singles += u64::from(goods == 1);
        for &item in items {
            self.count[item as usize] += 1;
        }
    }

    fn counted(&mut self) -> Result<Stage> {
        if self.singles == self.baskets {
            return Err(Error::new("basket-too-few").with("baskets", self.baskets));
        }
        let frequent = |count: u32| {
            f64::from(count) / self.baskets as f64 >= self.options.min_support
        };
        // The fewest baskets that are the share asked for, rounding errors and all.
        let near = libm::floor(self.options.min_support * self.baskets as f64) as u32;
        let mut least = near.saturating_sub(2).max(1);
        while !frequent(least) {
            least += 1;
        }
        self.least = least;
        self.ranks =
            Ranks::new(&self.items, &self.count, least, [MOST_GOODS, MOST_VALUES]);
        let count = self.ranks.item.iter().map(|&item| self.count[item as usize]);
        self.encoded = Encoded {
            start: vec![0],
            item: Vec::new(),
            count: count.collect(),
            goods: self.ranks.goods,
        };
        Ok(Stage::Encode)
    }

    fn encode(&mut self, items: &[u32]) {
        let from = self.encoded.item.len();
        for &item in items {
            let rank = self.ranks.of[item as usize];
            if rank != u16::MAX {
                self.encoded.item.push(rank);
            }
        }
        self.encoded.item[from..].sort_unstable();
        self.encoded.start.push(self.encoded.item.len() as u32);
    }

    fn conclude(
        &mut self,
        orders: &Orders,
        mut sets: Vec<Set>,
        mut rules: Vec<Rule>,
        raised: bool,
        follow: &Follow,
        found: Vec<Found>,
    ) -> Mined {
        let frequent = self.encoded.count.iter().filter(|&&n| n >= self.least).count();
        let mut sizes = vec![frequent as u64];
        for set in &sets {
            let size = set.items().len();
            sizes.resize(sizes.len().max(size), 0);
            sizes[size - 1] += 1;
        }
        let (total, before) = (rules.len(), self.options.redundant);
        let redundant = rules.iter().filter(|rule| rule.redundant).count();
        if !before {
            rules.retain(|rule| !rule.redundant);
        }
        judge(&mut rules, self.baskets, &self.options);
        sets.order_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| a.items().cmp(b.items()))
        });
        let mut shown = Shown::default();
        let (ranks, all) = (&self.ranks.item, self.baskets);
        let limit = self.options.limit;
        let share = |count: u32| f64::from(count) / all as f64;
        let rule_rows: Vec<RuleRow> = rules
            .iter()
            .take(limit)
            .map(|rule| RuleRow {
                antecedent: shown.ranks(ranks, &rule.antecedent),
                consequent: shown.ranks(ranks, &rule.consequent),
                baskets: rule.count.into(),
                with_antecedent: rule.with_antecedent.into(),
                with_consequent: rule.with_consequent.into(),
                support: share(rule.count),
                confidence: rule.confidence(),
                lift: rule.lift(all),
                leverage: rule.leverage(all),
                conviction: rule.conviction(all),
                p: rule.p,
                q: rule.q,
            })
            .collect();
        let set_rows: Vec<FrequentSet> = sets
            .iter()
            .take(limit)
            .map(|set| FrequentSet {
                items: shown.ranks(ranks, set.items()),
                baskets: set.count.into(),
                support: share(set.count),
            })
            .collect();
        let sequences = (follow.customers > 0)
            .then(|| shown.sequences(follow, &found, self.options.window_days));
        let items: Vec<Item> = shown
            .items
            .iter()
            .map(|&item| {
                self.items.show(orders, item, self.count[item as usize].into(), all)
            })
            .collect();
        let result = BasketResult {
            as_of: self.as_of,
            of: self.options.of,
            baskets: all,
            singles: self.singles,
            mean_items: self.goods as f64 / all.max(1) as f64,
            min_support: self.options.min_support,
            used_support: if raised {
                share(self.least)
            } else {
                self.options.min_support
            },
            min_confidence: self.options.min_confidence,
            counts: ItemCounts {
                products: self.items.products.into(),
                categories: self.items.categories.into(),
                values: self.items.columns.iter().map(|v| u64::from(v.len)).sum(),
                frequent: frequent as u64,
                cut: self.ranks.cut as u64,
            },
            items,
            sets_by_size: sizes,
            sets: set_rows,
            total_rules: total as u64,
            redundant_rules: redundant as u64,
            significant_rules: rules.iter().filter(|rule| rule.q <= 0.05).count() as u64,
            rules: rule_rows,
            sequences,
            notices: self.notices(raised, follow),
        };
        let mut mined = Mined {
            items: std::mem::take(&mut self.items),
            count: std::mem::take(&mut self.count),
            ranks: std::mem::take(&mut self.ranks),
            rules,
            sets,
            found,
            baskets: all,
            offers: Index::default(),
            result,
        };
        mined.offers = Index::new(&mined);
        mined
    }

    fn notices(&self, raised: bool, follow: &Follow) -> Vec<Message> {
        let mut notices = Vec::new();
        if self.ranks.cut > 0 {
            let notice = Message::new("basket-cut-items").with("cut", self.ranks.cut);
            notices.push(notice.with("kept", self.ranks.item.len()));
        }
        if raised {
            let used = f64::from(self.least) / self.baskets as f64;
            let notice = Message::new("basket-support-raised").with("used", used);
            notices.push(notice.with("asked", self.options.min_support));
        }
        if self.singles * 2 > self.baskets {
            let share = self.singles as f64 / self.baskets as f64;
            notices.push(Message::new("basket-mostly-single").with("share", share));
        }
        let followed = follow.item.len();
        if followed == MOST_FOLLOWED {
            notices.push(Message::new("basket-cut-followed").with("kept", followed));
        }
        if follow.customers == 0 {
            let days = self.options.window_days;
            notices.push(Message::new("basket-nobody-followed").with("days", days));
        }
        notices
    }
}

/// The items that are named in a result, by first appearance.
#[derive(Default)]
struct Shown {
    items: Vec<u32>,
}

impl Shown {
    fn place(&mut self, item: u32) -> usize {
        self.items.iter().position(|&known| known == item).unwrap_or_else(|| {
            self.items.push(item);
            self.items.len() - 1
        })
    }

    fn ranks(&mut self, item: &[u32], ranks: &[u16]) -> Vec<usize> {
        ranks.iter().map(|&rank| self.place(item[usize::from(rank)])).collect()
    }

    fn sequences(&mut self, follow: &Follow, found: &[Found], days: u32) -> Sequences {
        let mut row = |pair: &Found| SequenceRow {
            first: self.place(pair.first),
            then: self.place(pair.then),
            exposed: pair.exposed.into(),
            followed: pair.followed.into(),
            confidence: pair.confidence(),
            base: pair.base,
            lift: pair.confidence() / pair.base,
            median_days: pair.median_days,
            most_days: pair.most_days,
            p: pair.p,
            q: pair.q,
        };
        let (again, rows): (Vec<&Found>, Vec<&Found>) =
            found.iter().partition(|pair| pair.first == pair.then);
        Sequences {
            window_days: days,
            customers: follow.customers.into(),
            until: Day(follow.until),
            total: follow.total,
            rows: rows.into_iter().map(&mut row).collect(),
            again: again.into_iter().map(&mut row).collect(),
        }
    }
}
