//! A column of texts, four bytes a cell, numbered by first appearance.

use super::blocks::Blocks;
use super::known::{Known, Recent};
use super::wrapping::trimmed;

use crate::names::Names;

/// No text: the number of an empty cell.
pub const NO_TEXT: u32 = u32::MAX;

/// What a text looks like, as bits.
pub(crate) const ALL_DIGITS: u8 = 1;
pub(crate) const EMAIL: u8 = 2;
pub(crate) const MASKED: u8 = 4;
pub(crate) const E_NOTATION: u8 = 8;

/// The looks of a text.
pub(crate) fn class(text: &[u8]) -> u8 {
    let mut class = 0;
    if !text.is_empty() && text.iter().all(u8::is_ascii_digit) {
        class |= ALL_DIGITS;
    }
    if is_email(text) {
        class |= EMAIL;
    }
    if text.windows(2).any(|w| w == b"**") {
        class |= MASKED;
    }
    if is_e_notation(text) {
        class |= E_NOTATION;
    }
    class
}

fn is_email(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|&b| b == b'@') else { return false };
    let (local, domain) = (&text[..at], &text[at + 1..]);
    let dot = domain.iter().rposition(|&b| b == b'.');
    !local.is_empty()
        && dot.is_some_and(|d| d > 0 && d + 2 < domain.len())
        && !text.iter().any(|&b| b == b' ' || b == b',')
        && !domain.contains(&b'@')
}

/// `1.03006E+13`: one digit, decimals, a positive exponent of two digits.
fn is_e_notation(text: &[u8]) -> bool {
    let Some(e) = text.iter().position(|&b| b == b'E' || b == b'e') else { return false };
    let (mantissa, exponent) = (&text[..e], &text[e + 1..]);
    matches!(mantissa, [d, rest @ ..] if d.is_ascii_digit()
        && (rest.is_empty() || matches!(rest, [b'.' | b',', more @ ..]
            if !more.is_empty() && more.iter().all(u8::is_ascii_digit))))
        && matches!(exponent, [b'+', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// Cells by their looks and wrappings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TextCounts {
    pub looks: [u64; 16],
    pub apostrophes: u64,
    pub tabs: u64,
    pub formulas: u64,
}

impl TextCounts {
    #[inline]
    pub(crate) fn add(&mut self, class: u8, times: u64) {
        self.looks[usize::from(class & 15)] += times;
    }

    pub(crate) fn with(&self, look: u8) -> u64 {
        let has = |class: &usize| class & usize::from(look) != 0;
        (0..16).filter(has).map(|class| self.looks[class]).sum()
    }

    pub(crate) fn merge(&mut self, other: &TextCounts) {
        for (mine, theirs) in self.looks.iter_mut().zip(&other.looks) {
            *mine += theirs;
        }
        self.apostrophes += other.apostrophes;
        self.tabs += other.tabs;
        self.formulas += other.formulas;
    }

    /// A text without blanks around it, `="..."` and an apostrophe that protects
    /// a number; what was taken off is counted.
    pub(crate) fn unwrap<'t>(&mut self, text: &'t [u8]) -> &'t [u8] {
        let mut inner = trimmed(text);
        self.tabs +=
            u64::from(text.first() == Some(&b'\t') || text.last() == Some(&b'\t'));
        if let [b'=', b'"', content @ .., b'"'] = inner {
            self.formulas += 1;
            inner = trimmed(content);
        }
        while let [b'\'', rest @ ..] = inner
            && matches!(
                rest.first(),
                Some(b'0'..=b'9' | b'+' | b'-' | b'=' | b'@' | b'\'')
            )
        {
            self.apostrophes += 1;
            inner = trimmed(rest);
        }
        inner
    }
}

/// Whether a text may have something to take off, by its ends.
#[inline]
fn may_be_wrapped(text: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else { return true };
    matches!(first, b' ' | b'\t' | b'\'' | b'=' | 0xC2 | 0xE2 | 0xE3)
        || matches!(last, b' ' | b'\t')
        || last >= 0x80
}

/// A column of texts.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) ids: Blocks<u32>,
    pub(crate) names: Names,
    pub(super) classes: Vec<u8>,
    pub(super) last: Known,
    pub(super) recent: Recent,
    pub(crate) counts: TextCounts,
    pub(crate) longest: u64,
    pub(crate) empty: u64,
}

impl Default for Text {
    fn default() -> Self {
        Text {
            ids: Blocks::default(),
            names: Names::new(),
            classes: Vec::new(),
            last: Known::default(),
            recent: Recent::default(),
            counts: TextCounts::default(),
            longest: 0,
            empty: 0,
        }
    }
}

impl Text {
    #[inline]
    pub(crate) fn id(&self, row: usize) -> u32 {
        self.ids.get(row).unwrap_or(NO_TEXT)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.ids.bytes()
    }

    /// Adds a cell; its text without wrappings is interned.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        if text.is_empty() {
            self.empty += 1;
            self.ids.push(NO_TEXT);
            return;
        }
        let mut known = Known::of(text);
        if known.is(text, &self.last, &self.names) {
            known.id = self.last.id;
        } else {
            match self.recent.find(&known, text, &self.names) {
                Some(id) => known.id = id,
                None => {
                    let Some((id, is_bare)) = self.intern(text) else {
                        self.empty += 1;
                        self.ids.push(NO_TEXT);
                        return;
                    };
                    known.id = id;
                    // What was taken off is counted anew each time.
                    if is_bare {
                        self.recent.put(known, &self.names);
                    } else {
                        known.len = 0;
                    }
                }
            }
            self.last = known;
        }
        self.counts.add(self.classes[known.id as usize], 1);
        self.ids.push(known.id);
    }

    /// The number of a text without its wrappings, and whether it had none;
    /// `None` where nothing is left of it.
    fn intern(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        let inner = if may_be_wrapped(text) { self.counts.unwrap(text) } else { text };
        if inner.is_empty() {
            return None;
        }
        let id = self.names.intern(inner);
        if id as usize == self.classes.len() {
            self.classes.push(class(inner));
            self.longest = self.longest.max(inner.len() as u64);
        }
        Some((id, inner.len() == text.len()))
    }

    /// Lets go of what only further cells would need.
    pub(crate) fn close(&mut self) {
        self.names.close();
        self.classes.shrink_to_fit();
        self.recent = Recent::default();
    }

    /// This column with the rows of another after its own.
    pub(crate) fn merge(mut self, right: Text) -> Text {
        let numbers: Vec<u32> =
            right.names.iter().map(|t| self.names.intern(t)).collect();
        for (&number, &class) in numbers.iter().zip(&right.classes) {
            if number as usize == self.classes.len() {
                self.classes.push(class);
            }
        }
        // The number of no text is beyond them all.
        let renumbered = |id: u32| numbers.get(id as usize).copied().unwrap_or(NO_TEXT);
        self.ids.append(right.ids, renumbered);
        self.recent = Recent::default();
        self.counts.merge(&right.counts);
        self.longest = self.longest.max(right.longest);
        self.empty += right.empty;
        self
    }
}
