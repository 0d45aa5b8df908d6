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
    /// The numbers by the hashes of their texts; empty where no search is expected.
    table: HashTable<u32>,
}

/// A hash, spread over the bits that the table looks at (Knuth's multiplicative
/// hashing).
fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    hasher.finish().wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The text with a number, which there is.
#[inline]
fn text_of<'t>(bytes: &'t [u8], ends: &[u32], number: u32) -> &'t [u8] {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] };
    &bytes[start as usize..ends[number] as usize]
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
        let is_known = (number as usize) < self.len();
        if is_known { text_of(&self.bytes, &self.ends, number) } else { &[] }
    }

    /// The text with this number; invalid UTF-8 is shown with replacement marks.
    pub fn text(&self, number: u32) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(number))
    }

    /// The number of a text, given a new one when it is seen for the first time.
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        if self.table.len() < self.len() {
            self.open();
        }
        let key = hash(text);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let same = |&n: &u32| text_of(bytes, ends, n) == text;
        if let Some(&found) = self.table.find(key, same) {
            return found;
        }
        let number = self.ends.len() as u32;
        let rehash = |&n: &u32| hash(text_of(bytes, ends, n));
        self.table.insert_unique(key, number, rehash);
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        number
    }

    /// Lets go of all room that texts to come and searches would need. Both still
    /// work, and take as long as there are texts the next time.
    pub(crate) fn close(&mut self) {
        self.table = HashTable::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    #[cold]
    fn open(&mut self) {
        let (bytes, ends) = (&self.bytes, &self.ends);
        let rehash = |&n: &u32| hash(text_of(bytes, ends, n));
        for number in 0..ends.len() as u32 {
            self.table.insert_unique(rehash(&number), number, rehash);
        }
    }

    /// The number of a text that is already in the set.
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        if self.table.len() < self.len() {
            return (0..self.len() as u32).find(|&n| self.bytes(n) == text);
        }
        self.table.find(hash(text), |&n| self.bytes(n) == text).copied()
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
        names.close();
        assert_eq!((names.find(b"a"), names.find(b"c")), (Some(1), None));
        assert_eq!((names.intern(b""), names.intern(b"d")), (2, 3));
        assert_eq!((names.find(b"d"), names.len()), (Some(3), 4));
    }
}
