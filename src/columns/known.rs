//! Texts met of late, found again without a search.

use super::swar;
use super::text::NO_TEXT;
use crate::names::Names;

/// Places for texts met of late, as a power of two.
pub(crate) const RECENT_BITS: u32 = 12;

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
            && (self.len <= 16 || names.bytes(other.id) == text)
    }

    #[inline]
    pub(crate) fn place(&self) -> usize {
        (swar::hash(&self.words) >> (64 - RECENT_BITS)) as usize
    }
}
