//! Interned texts, numbered by first appearance.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// A set of distinct texts, each with the number of its first appearance.
///
/// All texts lie in one buffer. The numbers never depend on the hash, so that
/// the same bytes give the same numbers everywhere.
#[derive(Clone, Debug, Default)]
pub struct Names {
    bytes: Vec<u8>,
    /// End of each text in `bytes`.
    ends: Vec<u32>,
    /// Number and hash of each text: with the hash beside it, a growing table
    /// does not touch the texts, nor does a search touch another one's.
    table: HashTable<(u32, u32)>,
}

fn hash(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// A hash as wide as the table wants it (Knuth's multiplicative hashing).
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Names {
    /// An empty set.
    pub fn new() -> Names {
        Names::default()
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of the text with this number; empty for an unknown number.
    pub fn bytes(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let Some(&end) = self.ends.get(number) else { return &[] };
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.bytes[start as usize..end as usize]
    }

    /// The text with this number; invalid UTF-8 is shown with replacement marks.
    pub fn text(&self, number: u32) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(number))
    }

    /// The number of a text, given a new one when it is seen for the first time.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        let key = hash(text);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let slice = |n: u32| {
            let n = n as usize;
            let start = if n == 0 { 0 } else { ends[n - 1] };
            &bytes[start as usize..ends[n] as usize]
        };
        let same = |&(n, hash): &(u32, u32)| hash == key && slice(n) == text;
        if let Some(&(found, _)) = self.table.find(spread(key), same) {
            return found;
        }
        let number = self.ends.len() as u32;
        self.table.insert_unique(spread(key), (number, key), |&(_, hash)| spread(hash));
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        number
    }

    /// The number of a text that is already in the set.
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        let key = hash(text);
        let same = |&(n, hash): &(u32, u32)| hash == key && self.bytes(n) == text;
        self.table.find(spread(key), same).map(|&(n, _)| n)
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|n| self.bytes(n as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_appearance() {
        let mut names = Names::new();
        let numbers: Vec<u32> =
            ["b", "a", "", "b", "a"].map(|t| names.intern(t.as_bytes())).to_vec();
        assert_eq!(numbers, [0, 1, 2, 0, 1]);
        assert_eq!(names.find(b"a"), Some(1));
        assert_eq!(names.find(b"c"), None);
        assert_eq!(names.text(0), "b");
        assert_eq!(names.len(), 3);
    }
}
