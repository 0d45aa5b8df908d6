//! Texts met of late, found again without a search.

use super::swar;
use super::text::NO_TEXT;
use crate::names::Names;

/// The fewest and the most places for texts met of late, as powers of two.
const FEWEST: u32 = 10;
const MOST: u32 = 14;

/// A text that is known: itself up to 16 bytes, the hash of a longer one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    words: [u64; 2],
    /// 0 where none is known.
    pub len: u32,
    pub id: u32,
}

impl Known {
    #[inline]
    pub(crate) fn of(text: &[u8]) -> Known {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let words = match text.len() {
            0..=8 => [swar::word(text), 0],
            9..=16 => swar::words::<2>(text),
            _ => [swar::hash_text(text), 0],
        };
        Known { words, len, id: NO_TEXT }
    }

    /// Whether this is the same text, which `names` tells of longer ones.
    #[inline]
    pub(crate) fn is(&self, text: &[u8], other: &Known, names: &Names) -> bool {
        self.len == other.len
            && (self.words[0] ^ other.words[0]) | (self.words[1] ^ other.words[1]) == 0
            && (self.len <= 16 || swar::same(names.bytes(other.id), text))
    }

    #[inline]
    fn hash(&self) -> u64 {
        swar::hash(&self.words)
    }
}

/// Texts met of late, each in the one place that its hash gives it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    /// A power of two of them, or none.
    places: Vec<Known>,
}

impl Recent {
    #[inline]
    fn place(&self, known: &Known) -> usize {
        (known.hash() >> 32) as usize & self.places.len().wrapping_sub(1)
    }

    /// The number of a text that was met of late.
    #[inline]
    pub(crate) fn find(&self, known: &Known, text: &[u8], names: &Names) -> Option<u32> {
        let recent = self.places.get(self.place(known))?;
        known.is(text, recent, names).then_some(recent.id)
    }

    /// Puts a text in its place, and makes more places where a column has many.
    #[cold]
    pub(crate) fn put(&mut self, known: Known, names: &Names) {
        let size = self.places.len();
        if size == 0 || names.len() > size / 4 && size < 1 << MOST {
            let more = (size * 2).max(1 << FEWEST);
            let old = std::mem::replace(&mut self.places, vec![Known::default(); more]);
            for known in old.into_iter().filter(|known| known.len > 0) {
                let place = self.place(&known);
                self.places[place] = known;
            }
        }
        let place = self.place(&known);
        self.places[place] = known;
    }
}
