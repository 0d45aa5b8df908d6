//! Frequent sets, depth first over vertical bit sets (Zaki, 2000): the baskets
//! of each first item make a small shop of their own, in which the longer sets
//! are counted.

use super::{MOST_LENGTH, MOST_SETS};

/// A frequent set: ranks of its items, rising, and in how many baskets it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    items: [u16; MOST_LENGTH],
    len: u8,
    /// Baskets with all of it.
    pub count: u32,
}

impl Set {
    /// A set of items in rising order.
    pub fn new(items: &[u16], count: u32) -> Set {
        let mut kept = [0; MOST_LENGTH];
        kept[..items.len()].copy_from_slice(items);
        Set { items: kept, len: items.len() as u8, count }
    }

    /// The ranks of its items.
    pub fn items(&self) -> &[u16] {
        &self.items[..usize::from(self.len)]
    }
}

/// The baskets of ranked items: those that are frequent, goods before values of
/// attributes.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    /// First item of each basket, and one more.
    pub start: Vec<u32>,
    /// Ranks, rising in each basket.
    pub item: Vec<u16>,
    /// Baskets with each rank.
    pub count: Vec<u32>,
    /// How many ranks are goods.
    pub goods: usize,
}

/// A triangle of counts of pairs.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    count: Vec<u32>,
}

impl Pairs {
    fn place(a: usize, b: usize) -> usize {
        b * (b - 1) / 2 + a
    }

    /// In how many baskets two ranks are, `a < b`.
    pub fn of(&self, a: u16, b: u16) -> u32 {
        self.count[Pairs::place(usize::from(a), usize::from(b))]
    }
}

/// Mines frequent sets, in slices.
#[derive(Clone, Debug)]
pub struct Mine {
    pub pairs: Pairs,
    /// Baskets by rank.
    inverted: Vec<Vec<u32>>,
    /// The next basket whose pairs are counted.
    next: usize,
    /// The next first item.
    first: usize,
    /// The fewest baskets of a frequent set.
    pub least: u32,
    max_items: usize,
    /// The sets found, of two items and more, in rising order of their items.
    pub sets: Vec<Set>,
    /// Whether the support had to be raised.
    pub raised: bool,
    /// Units of work done.
    pub done: u64,
}

impl Mine {
    /// Begins with the baskets of ranked items.
    pub fn new(encoded: &Encoded, least: u32, max_items: usize) -> Mine {
        let ranks = encoded.count.len();
        let pairs = Pairs { count: vec![0; ranks * ranks.saturating_sub(1) / 2] };
        Mine {
            pairs,
            inverted: encoded
                .count
                .iter()
                .map(|&n| Vec::with_capacity(n as usize))
                .collect(),
            next: 0,
            first: 0,
            least,
            max_items,
            sets: Vec::new(),
            raised: false,
            done: 0,
        }
    }

    /// Works for about `budget` units; true when all is found. `given` tells of
    /// pairs that say nothing.
    pub fn advance(
        &mut self,
        encoded: &Encoded,
        given: impl Fn(u16, u16) -> bool,
        budget: u64,
    ) -> bool {
        let until = self.done.saturating_add(budget.max(1));
        let baskets = encoded.start.len() - 1;
        while self.next < baskets {
            if self.done >= until {
                return false;
            }
            self.count_pairs(encoded);
        }
        while self.first < encoded.goods {
            if self.done >= until {
                return false;
            }
            self.follow(encoded, &given);
            if self.sets.len() > MOST_SETS {
                self.raise();
                // Once more with the higher support: this item was cut short.
                let first = self.first as u16;
                self.sets.retain(|set| set.items[0] != first);
            } else {
                self.first += 1;
            }
        }
        true
    }

    fn count_pairs(&mut self, encoded: &Encoded) {
        let basket = self.next as u32;
        let range =
            encoded.start[self.next] as usize..encoded.start[self.next + 1] as usize;
        let items = &encoded.item[range];
        for (place, &b) in items.iter().enumerate() {
            self.inverted[usize::from(b)].push(basket);
            if b == 0 {
                continue;
            }
            let base = Pairs::place(0, usize::from(b));
            for &a in &items[..place] {
                self.pairs.count[base + usize::from(a)] += 1;
            }
        }
        self.done += 1 + (items.len() * items.len() / 8) as u64;
        self.next += 1;
    }

    /// All sets whose first item is `self.first`.
    fn follow(&mut self, encoded: &Encoded, given: &impl Fn(u16, u16) -> bool) {
        let first = self.first as u16;
        self.done += 1 + encoded.count.len() as u64 / 16;
        if encoded.count[self.first] < self.least {
            return;
        }
        let frequent = |a: u16, b: u16| self.pairs.of(a, b) >= self.least && !given(a, b);
        let partners: Vec<u16> = (first + 1..encoded.count.len() as u16)
            .filter(|&b| frequent(first, b))
            .collect();
        if partners.is_empty() {
            return;
        }
        if partners.len() < 2 || self.max_items < 3 {
            for &b in &partners {
                self.sets.push(Set::new(&[first, b], self.pairs.of(first, b)));
            }
            return;
        }
        // The partners' bits over the baskets of the first item only.
        let baskets = &self.inverted[self.first];
        let words = baskets.len().div_ceil(64);
        let mut slot = vec![u16::MAX; encoded.count.len()];
        for (place, &b) in partners.iter().enumerate() {
            slot[usize::from(b)] = place as u16;
        }
        let mut bits = vec![0_u64; words * partners.len()];
        let mut seen = 0;
        for (place, &basket) in baskets.iter().enumerate() {
            let range = encoded.start[basket as usize] as usize
                ..encoded.start[basket as usize + 1] as usize;
            seen += range.len() as u64;
            for &item in &encoded.item[range] {
                let slot = slot[usize::from(item)];
                if slot != u16::MAX {
                    bits[usize::from(slot) * words + place / 64] |= 1 << (place % 64);
                }
            }
        }
        self.done += seen / 4;
        let candidates: Vec<(u16, u32, Vec<u64>)> = partners
            .iter()
            .enumerate()
            .map(|(place, &b)| {
                let own = bits[place * words..(place + 1) * words].to_vec();
                (b, self.pairs.of(first, b), own)
            })
            .collect();
        let mut set = vec![first];
        let mut found = Vec::new();
        let search = Search {
            pairs: &self.pairs,
            least: self.least,
            max_items: self.max_items,
            given,
        };
        let work = search.extend(&mut set, &candidates, &mut found);
        self.done += work / 16;
        self.sets.append(&mut found);
    }

    /// Raises the support until half of the sets allowed are left.
    fn raise(&mut self) {
        let mut counts: Vec<u32> = self.sets.iter().map(|set| set.count).collect();
        let (_, &mut middle, _) = counts
            .select_nth_unstable_by_key(MOST_SETS / 2, |&count| std::cmp::Reverse(count));
        self.least = (middle + 1).max(self.least + 1);
        self.raised = true;
        let least = self.least;
        self.sets.retain(|set| set.count >= least);
    }
}

struct Search<'a, G> {
    pairs: &'a Pairs,
    least: u32,
    max_items: usize,
    given: &'a G,
}

impl<G: Fn(u16, u16) -> bool> Search<'_, G> {
    /// Adds `set` with each candidate, and what lies deeper; returns the words
    /// looked at. Stops short where one item alone has too many sets: the
    /// support is raised then.
    fn extend(
        &self,
        set: &mut Vec<u16>,
        candidates: &[(u16, u32, Vec<u64>)],
        found: &mut Vec<Set>,
    ) -> u64 {
        let mut work = 0;
        for (place, (item, count, bits)) in candidates.iter().enumerate() {
            if found.len() > MOST_SETS {
                break;
            }
            set.push(*item);
            found.push(Set::new(set, *count));
            if set.len() < self.max_items {
                let mut deeper = Vec::new();
                for (other, _, more) in &candidates[place + 1..] {
                    if self.pairs.of(*item, *other) < self.least
                        || (self.given)(*item, *other)
                    {
                        continue;
                    }
                    work += bits.len() as u64;
                    let both: Vec<u64> =
                        bits.iter().zip(more).map(|(a, b)| a & b).collect();
                    let count: u32 = both.iter().map(|word| word.count_ones()).sum();
                    if count >= self.least {
                        deeper.push((*other, count, both));
                    }
                }
                work += self.extend(set, &deeper, found);
            }
            set.pop();
        }
        work
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encode(baskets: &[Vec<u16>], ranks: usize) -> Encoded {
        let mut encoded = Encoded { start: vec![0], goods: ranks, ..Encoded::default() };
        encoded.count = vec![0; ranks];
        for basket in baskets {
            for &item in basket {
                encoded.item.push(item);
                encoded.count[usize::from(item)] += 1;
            }
            encoded.start.push(encoded.item.len() as u32);
        }
        encoded
    }

    proptest! {
        #[test]
        fn sets_are_those_found_by_trying_all(
            masks in prop::collection::vec(0_u16..256, 1..60),
            least in 1_u32..6,
            budget in 1_u64..50,
        ) {
            let baskets: Vec<Vec<u16>> =
                masks.iter().map(|m| (0..8).filter(|i| m >> i & 1 == 1).collect()).collect();
            let encoded = encode(&baskets, 8);
            let mut mine = Mine::new(&encoded, least, MOST_LENGTH);
            while !mine.advance(&encoded, |_, _| false, budget) {}
            let mut expected = Vec::new();
            for set in 0_u16..256 {
                let size = set.count_ones() as usize;
                let count = masks.iter().filter(|&&m| m & set == set).count() as u32;
                if (2..=MOST_LENGTH).contains(&size) && count >= least {
                    let items: Vec<u16> = (0..8).filter(|i| set >> i & 1 == 1).collect();
                    expected.push(Set::new(&items, count));
                }
            }
            expected.sort_by(|a, b| a.items().cmp(b.items()));
            prop_assert_eq!(&mine.sets, &expected);
            prop_assert!(!mine.raised);
        }
    }
}
