//! A column of numbers or dates, eight bytes a cell, as written and undecided.
//!
//! A cell holds its digits and the number of its *picture*: the text with every
//! digit a 0. Columns have few pictures, so that what can be known of a text
//! without its digits is worked out once a picture, and any cell can be rendered
//! again to the byte. What does not fit is interned as text.

use hashbrown::HashTable;

use super::blocks::Blocks;
use super::date_stats::{DateStats, Tally};
use super::distinct::Distinct;
use super::evidence::EXAMPLES;
use super::form::{Form, literal_tail};
use super::loose::LooseCounts;
use super::number_stats::NumberStats;
use super::swar::{self, LONGEST, Words};
use crate::names::Names;

/// A packed cell. 0 is an empty one, else the highest bits name the picture or say that
/// the text is interned, and the rest are the digits or the text's number:
///
/// | bits 63 to 52 | bits 51 to 0 |
/// |---|---|
/// | `0` + 0 | 0: empty |
/// | `0` + 1 | number of an interned text |
/// | `0` + picture + 2 | up to 15 digits |
///
/// A picture of 16 or 17 digits has `1` and six bits, the digits the lower 57.
pub(crate) type Code = u64;

pub(crate) const EMPTY: Code = 0;
pub(crate) const NARROW: u32 = 52;
const WIDE: u32 = 57;
const WIDE_BIT: u64 = 1 << 63;
/// The most pictures of a column, and the most with 16 or 17 digits.
pub(crate) const PICTURES: usize = 2045;
pub(crate) const WIDE_PICTURES: usize = 64;
const NO_PICTURE: usize = usize::MAX;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Empty,
    /// The number of an interned text.
    Text(u32),
    /// The number of a picture, and the digits.
    Digits(usize, u64),
}

/// The text of a form with every digit a 0, and what was counted of its cells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) key: Words,
    pub(crate) len: u8,
    /// The cell of digits 0.
    pub(crate) code: Code,
    /// Whether more than counts and sums is asked of its numbers.
    pub(crate) special: bool,
    pub(crate) form: Form,
    pub(crate) stats: NumberStats,
}

/// A packed column.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) cells: Blocks<Code>,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) table: HashTable<u16>,
    /// The pictures of 16 and 17 digits.
    pub(crate) wide: Vec<u16>,
    /// Texts that are not packed.
    pub(crate) texts: Names,
    /// Whether a picture was refused for want of room.
    pub(crate) is_full: bool,
    pub(crate) last: Last,
    pub(crate) dates: DateStats,
    pub(crate) tally: Tally,
    pub(crate) loose: LooseCounts,
    pub(crate) distinct: Distinct,
    pub(crate) samples: Vec<String>,
    pub(crate) longest: u64,
    pub(crate) empty: u64,
}

/// The latest filled cell, which exports like to repeat row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Last {
    pub(crate) words: Words,
    pub(crate) len: usize,
    pub(crate) cell: Code,
    /// The number of its picture, [`NO_PICTURE`] for an interned text.
    pub(crate) picture: usize,
    /// How many such cells are not booked yet, and the first of them.
    pub(crate) times: u64,
    pub(crate) row: u64,
}

impl Default for Packed {
    fn default() -> Self {
        Packed {
            cells: Blocks::default(),
            pictures: Vec::new(),
            table: HashTable::new(),
            wide: Vec::new(),
            texts: Names::new(),
            is_full: false,
            last: Last {
                words: Words::default(),
                len: 0,
                cell: EMPTY,
                picture: NO_PICTURE,
                times: 0,
                row: 0,
            },
            dates: DateStats::default(),
            tally: Tally::default(),
            loose: LooseCounts::default(),
            distinct: Distinct::default(),
            samples: Vec::new(),
            longest: 0,
            empty: 0,
        }
    }
}

impl Packed {
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    #[inline]
    pub(crate) fn cell(&self, row: usize) -> Code {
        self.cells.get(row).unwrap_or(EMPTY)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.cells.bytes()
    }

    /// What a cell holds.
    #[inline]
    pub(crate) fn held(&self, cell: Code) -> Held {
        if cell & WIDE_BIT != 0 {
            let slot = (cell >> WIDE) as usize & (WIDE_PICTURES - 1);
            let picture = self.wide.get(slot).map_or(0, |&p| usize::from(p));
            return Held::Digits(picture, cell & ((1 << WIDE) - 1));
        }
        let low = cell & ((1 << NARROW) - 1);
        match cell >> NARROW {
            0 => Held::Empty,
            1 => Held::Text(low as u32),
            picture => Held::Digits(picture as usize - 2, low),
        }
    }

    /// A text of a picture.
    pub(crate) fn written(&self, picture: &Picture, digits: u64) -> Vec<u8> {
        let key: Vec<u8> = picture.key.iter().flat_map(|w| w.to_le_bytes()).collect();
        picture.form.render(&key[..usize::from(picture.len)], digits)
    }

    /// The text of a cell, as written.
    pub(crate) fn render(&self, cell: Code) -> Vec<u8> {
        match self.held(cell) {
            Held::Empty => Vec::new(),
            Held::Text(number) => self.texts.bytes(number).to_vec(),
            Held::Digits(picture, digits) => {
                let Some(picture) = self.pictures.get(picture) else { return Vec::new() };
                self.written(picture, digits)
            }
        }
    }

    /// Adds the cell of a row; `row` only says where it stands in the file.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], row: u64) {
        match text.len() {
            0 => {
                self.empty += 1;
                self.cells.push(EMPTY);
            }
            1..=8 => self.push_words::<1>(text, row),
            9..=16 => self.push_words::<2>(text, row),
            17..=24 => self.push_words::<3>(text, row),
            25..=LONGEST => self.push_words::<5>(text, row),
            _ => self.push_long(text, row),
        }
    }

    /// Adds a text of `N` words.
    #[inline]
    fn push_words<const N: usize>(&mut self, text: &[u8], row: u64) {
        let words = swar::words::<N>(text);
        let n = text.len();
        if n == self.last.len && swar::equal(&words, &self.last.words) {
            if self.last.times == 0 {
                self.last.row = row;
            }
            self.last.times += 1;
            self.cells.push(self.last.cell);
            return;
        }
        self.book();
        let mut key = words;
        for word in &mut key {
            *word &= !swar::digit_nibbles(*word);
        }
        if N >= 3 && n >= 20 {
            keep_tail(&mut key, &words, text);
        }
        let mut picture = self.last.picture;
        let same = |p: &Picture| usize::from(p.len) == n && swar::equal(&key, &p.key);
        if !self.pictures.get(picture).is_some_and(same) {
            let found = self
                .table
                .find(swar::hash(&key), |&p| same(&self.pictures[usize::from(p)]));
            picture = match found {
                Some(&p) => usize::from(p),
                None => self.meet(text, &key),
            };
        }
        let cell = match self.pictures.get(picture) {
            Some(p) => p.code | p.form.fetch(text, &words),
            None => self.intern(text),
        };
        self.last.words[..N].copy_from_slice(&words);
        self.last.len = n;
        self.last.cell = cell;
        self.last.picture = picture;
        self.last.times = 1;
        self.last.row = row;
        self.cells.push(cell);
        self.note(text, swar::hash(&words));
    }

    #[cold]
    fn push_long(&mut self, text: &[u8], row: u64) {
        self.book();
        let cell = self.intern(text);
        self.last = Last {
            // No short text has this length.
            len: text.len(),
            words: Words::default(),
            cell,
            picture: NO_PICTURE,
            times: 1,
            row,
        };
        self.cells.push(cell);
        let hash = text.chunks(8).fold(0, |h, part| swar::hash(&[h, swar::word(part)]));
        self.note(text, hash);
    }

    #[inline]
    fn note(&mut self, text: &[u8], hash: u64) {
        self.distinct.add(hash);
        self.longest = self.longest.max(text.len() as u64);
        if self.samples.len() < EXAMPLES {
            self.sample(text);
        }
    }

    #[cold]
    fn sample(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(super::wrapping::trimmed(text));
        if !text.is_empty() && !self.samples.iter().any(|s| *s == text) {
            self.samples.push(text.into_owned());
        }
    }

    /// Meets a picture for the first time, or a text without any; the number of
    /// its picture or [`NO_PICTURE`].
    #[cold]
    fn meet(&mut self, text: &[u8], key: &[u64]) -> usize {
        if self.texts.find(text).is_some() {
            return NO_PICTURE;
        }
        let Some(form) = Form::of(text) else { return NO_PICTURE };
        let mut padded = Words::default();
        padded[..key.len()].copy_from_slice(key);
        if self.add_picture(padded, text.len() as u8, form) {
            return self.pictures.len() - 1;
        }
        self.is_full = true;
        NO_PICTURE
    }

    fn intern(&mut self, text: &[u8]) -> Code {
        1 << NARROW | u64::from(self.texts.intern(text))
    }

    /// Takes up a new picture, where there is room.
    pub(crate) fn add_picture(&mut self, key: Words, len: u8, form: Form) -> bool {
        let number = self.pictures.len();
        if number == PICTURES {
            return false;
        }
        let code = if form.digits > 15 {
            if self.wide.len() == WIDE_PICTURES {
                return false;
            }
            self.wide.push(number as u16);
            WIDE_BIT | ((self.wide.len() - 1) as u64) << WIDE
        } else {
            (number as u64 + 2) << NARROW
        };
        let special = form.number.as_ref().is_some_and(NumberStats::is_special);
        let pictures = &self.pictures;
        self.table.insert_unique(key_hash(&key, len), number as u16, |&p| {
            let picture = &pictures[usize::from(p)];
            key_hash(&picture.key, picture.len)
        });
        self.pictures.push(Picture {
            key,
            len,
            code,
            special,
            form,
            stats: NumberStats::default(),
        });
        true
    }

    /// Counts the latest cell as often as it stood there.
    #[inline]
    pub(crate) fn book(&mut self) {
        let Last { cell, picture, times, row, .. } = self.last;
        if times == 0 {
            return;
        }
        self.last.times = 0;
        match self.pictures.get_mut(picture) {
            None => self.book_text(cell as u32, row, times),
            Some(picture) => {
                let digits = cell ^ picture.code;
                picture.stats.add(digits, row, times);
                if picture.special
                    && let Some(shape) = &picture.form.number
                {
                    picture.stats.look(shape, digits, row, times);
                }
                if let Some(shape) = &picture.form.date {
                    let fields = picture.form.fields(digits);
                    self.dates.add(shape, &fields, digits, row, times);
                }
            }
        }
    }

    /// The cells not booked yet, as a column of their own.
    pub(crate) fn unbooked(&self) -> Packed {
        let mut rest = Packed::default();
        if self.last.times > 0 {
            rest.push_one(&self.render(self.last.cell), self.last.row);
            rest.last.times = self.last.times;
            rest.book();
        }
        rest
    }

    /// The counts of a picture of this column, with those of the cells that are
    /// not booked yet.
    pub(crate) fn counted(&self, picture: &Picture, unbooked: &Packed) -> NumberStats {
        let mut stats = picture.stats;
        let last = unbooked.pictures.first();
        if let Some(last) = last.filter(|p| p.key == picture.key && p.len == picture.len)
        {
            stats.merge(&last.stats, 0);
        }
        stats
    }

    #[cold]
    fn book_text(&mut self, number: u32, row: u64, times: u64) {
        let text = self.texts.bytes(number);
        if let Some((shape, fields)) = self.loose.add(text, row, times) {
            self.tally.add(&shape, times);
            self.dates.add(&shape, &fields, u64::MAX, row, times);
        }
    }
}

/// Puts back the digits of an offset from UTC.
fn keep_tail(key: &mut [u64], words: &[u64], text: &[u8]) {
    let tail = literal_tail(text);
    for (k, (masked, word)) in key.iter_mut().zip(words).enumerate() {
        if tail <= 8 * k {
            *masked = *word;
        } else if tail < 8 * k + 8 {
            let own = u64::MAX << (8 * (tail - 8 * k));
            *masked = (*masked & !own) | (word & own);
        }
    }
}

/// The hash of a picture's key, of as many words as its texts have.
pub(crate) fn key_hash(key: &Words, len: u8) -> u64 {
    let words = match len {
        0..=8 => 1,
        9..=16 => 2,
        17..=24 => 3,
        _ => 5,
    };
    swar::hash(&key[..words])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::packed_evidence::evidence;

    fn column(cells: &[String]) -> Packed {
        let mut packed = Packed::default();
        for (row, cell) in cells.iter().enumerate() {
            packed.push(cell.as_bytes(), row as u64);
        }
        packed
    }

    #[test]
    fn more_forms_than_a_column_has_room_for_lose_nothing() {
        let signs = [
            "$", "€", "£", "¥", "kr ", "EUR", "USD", "CHF", "DKK", "SEK", "-$", "-€",
            "-£", "-¥", "-kr ", "-EUR", "-USD", "-CHF", "-DKK", "-SEK",
        ];
        let cells: Vec<String> = (0..12_000)
            .map(|k| {
                let (sign, k) = (signs[k % 20], k / 20);
                // Up to 24 digits before and 13 behind the point.
                let (whole, part) = (1 + k * 7 % 24, k * 11 % 13 + k % 2);
                format!("{sign}{}.{}", "8".repeat(whole), "7".repeat(part))
            })
            .collect();
        let whole = column(&cells);
        assert!(whole.is_full);
        assert_eq!((whole.pictures.len(), whole.wide.len()), (PICTURES, WIDE_PICTURES));
        for (row, cell) in cells.iter().enumerate() {
            assert_eq!(whole.render(whole.cell(row)), cell.as_bytes());
        }
        let numbers = evidence(&whole).numbers;
        assert_eq!(numbers.cells, 12_000);
        for cut in [1, 500, 6000, 11_999] {
            let merged = column(&cells[..cut]).merge(column(&cells[cut..]));
            assert!(merged.cells.iter().eq(whole.cells.iter()), "{cut}");
            assert_eq!(evidence(&merged), evidence(&whole));
        }
    }
}
