//! What a cell may be, read off its text once for all cells that differ from it
//! in digits only.

use super::date_parser::date_shape;
use super::date_shape::{DateShape, DayPart, Fields, RUNS, Run};
use super::number_shape::{NumberShape, power};
use super::swar;
use super::wrapping::{is_null, narrowed, trimmed};

/// The most digits of a cell that is kept packed.
pub(crate) const DIGITS: u8 = 17;

/// How the digits of a text are fetched fastest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fetch {
    IsoDay,
    IsoMoment,
    /// At most eight bytes: masks and shifts bring the digits together.
    Word,
    /// At most sixteen bytes, the same.
    TwoWords,
    Text,
}

/// What a text may be, whatever its digits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub number: Option<NumberShape>,
    pub date: Option<DateShape>,
    /// A word for nothing.
    pub null: bool,
    /// Nothing but blanks.
    pub blank: bool,
    pub digits: u8,
    runs: [Run; RUNS],
    count: u8,
    fetch: Fetch,
    /// Where each run lies, and how many bits up it goes.
    moves: [(u128, u8); RUNS],
}

/// Where the digits of an offset from UTC begin, which belong to the form: the
/// tail of `2025-10-07 09:50:26 +0200`. The length of the text where there is
/// none.
#[inline]
pub(crate) fn literal_tail(text: &[u8]) -> usize {
    let n = text.len();
    if n < 20 {
        return n;
    }
    let is_sign = |at: usize| matches!(text[at], b'+' | b'-');
    if is_sign(n - 6) && text[n - 3] == b':' {
        n - 6
    } else if is_sign(n - 5) {
        n - 5
    } else if n >= 22 && is_sign(n - 3) && text[n - 6] == b':' {
        n - 3
    } else {
        n
    }
}

fn digit_runs(text: &[u8]) -> Option<Vec<Run>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let len = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if len > 0 {
            runs.push(Run {
                start: u8::try_from(at).ok()?,
                len: u8::try_from(len).ok()?,
            });
        }
        at += len.max(1);
    }
    Some(runs)
}

impl Form {
    /// The form of a text of at most [`swar::LONGEST`] bytes; `None` when it can
    /// be neither number nor date nor nothing, or does not fit a packed cell.
    pub(crate) fn of(text: &[u8]) -> Option<Form> {
        let tail = literal_tail(text);
        let runs = digit_runs(&text[..tail])?;
        let date = date_shape(text).filter(|(_, found)| *found == runs).map(|(d, _)| d);
        let number = if tail == text.len() { NumberShape::of(text) } else { None };
        let null = is_null(text);
        if date.is_none() && number.is_none() && !null {
            return None;
        }
        let digits: usize = runs.iter().map(|r| usize::from(r.len)).sum();
        if runs.len() > RUNS || digits > usize::from(DIGITS) {
            return None;
        }
        let mut kept = [Run::default(); RUNS];
        kept[..runs.len()].copy_from_slice(&runs);
        let iso = |at: usize| matches!(text.get(at), Some(b'-'));
        let is_iso_day = date.is_some_and(|d| d.day == DayPart::YearFirst)
            && iso(4)
            && iso(7)
            && kept[..3].iter().map(|r| (r.start, r.len)).eq([(0, 4), (5, 2), (8, 2)]);
        let is_iso_time = runs.len() == 6
            && kept[3..6].iter().map(|r| (r.start, r.len)).eq([
                (11, 2),
                (14, 2),
                (17, 2),
            ]);
        let fetch = match text.len() {
            0..=8 => Fetch::Word,
            9..=16 if !(is_iso_day && runs.len() == 3) => Fetch::TwoWords,
            _ if is_iso_day && runs.len() == 3 => Fetch::IsoDay,
            _ if is_iso_day && is_iso_time => Fetch::IsoMoment,
            _ => Fetch::Text,
        };
        let width = if fetch == Fetch::Word { 64 } else { 128 };
        let mut moves = [(0, 0); RUNS];
        let mut below = digits;
        for (at, run) in moves.iter_mut().zip(&runs) {
            if text.len() <= 16 {
                let (start, len) = (8 * u32::from(run.start), 8 * u32::from(run.len));
                let mask = (u128::MAX >> (128 - len)) << start;
                // A run ends where the digits below it begin, at the top.
                *at = (mask, (width - 8 * below as u32 - start) as u8);
            }
            below -= usize::from(run.len);
        }
        Some(Form {
            number,
            date,
            null,
            blank: trimmed(text).is_empty(),
            digits: digits as u8,
            runs: kept,
            count: runs.len() as u8,
            fetch,
            moves,
        })
    }

    fn runs(&self) -> &[Run] {
        &self.runs[..usize::from(self.count)]
    }

    fn moves(&self) -> &[(u128, u8)] {
        &self.moves[..usize::from(self.count)]
    }

    /// All digits of a text of this form as one number.
    #[inline]
    pub(crate) fn fetch(&self, text: &[u8], words: &[u64]) -> u64 {
        match self.fetch {
            Fetch::IsoDay => swar::iso_day(text),
            Fetch::IsoMoment => swar::iso_moment(text),
            Fetch::Word => {
                let moved =
                    |sum, &(mask, up)| sum | (words[0] & mask as u64) << (up & 63);
                swar::eight_digits(self.moves().iter().fold(0, moved))
            }
            Fetch::TwoWords => {
                let both = u128::from(words[0]) | u128::from(words[1]) << 64;
                let moved = |sum, &(mask, up)| sum | (both & mask) << (up & 127);
                swar::sixteen_digits(self.moves().iter().fold(0, moved))
            }
            Fetch::Text => self.runs().iter().fold(0, |sum, run| {
                let (start, len) = (usize::from(run.start), usize::from(run.len));
                sum * power(run.len) + swar::run_in_text(text, start, len)
            }),
        }
    }

    /// The written numbers of a date or time, from all its digits.
    #[inline]
    pub(crate) fn fields(&self, digits: u64) -> Fields {
        let mut fields = [0; RUNS];
        if self.fetch == Fetch::IsoMoment || self.fetch == Fetch::IsoDay {
            let (day, time) = if self.count == 3 {
                (digits as u32, 0)
            } else {
                ((digits / 1_000_000) as u32, (digits % 1_000_000) as u32)
            };
            fields[..6].copy_from_slice(&[
                day / 10_000,
                day / 100 % 100,
                day % 100,
                time / 10_000,
                time / 100 % 100,
                time % 100,
            ]);
            return fields;
        }
        let mut rest = digits;
        for k in (0..usize::from(self.count)).rev() {
            let (next, field) = match self.runs[k].len {
                1 => (rest / 10, rest % 10),
                2 => (rest / 100, rest % 100),
                4 => (rest / 10_000, rest % 10_000),
                len => (rest / power(len), rest % power(len)),
            };
            fields[k] = u32::try_from(field).unwrap_or(u32::MAX);
            rest = next;
        }
        fields
    }

    /// The text of this form with these digits; `key` is any such text.
    pub(crate) fn render(&self, key: &[u8], digits: u64) -> Vec<u8> {
        let mut text = key.to_vec();
        let mut rest = digits;
        for run in self.runs().iter().rev() {
            let (start, len) = (usize::from(run.start), usize::from(run.len));
            for digit in text[start..start + len].iter_mut().rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        text
    }
}

/// A text that is not kept packed, read as far as it can be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loose {
    /// The shape and all digits of a number.
    pub number: Option<(NumberShape, i128)>,
    /// The shape and the fields of a date.
    pub date: Option<(DateShape, Fields)>,
    pub null: bool,
}

impl Loose {
    /// Reads any text: longer ones, more digits, full-width signs.
    pub(crate) fn of(text: &[u8]) -> Loose {
        if text.len() > 96 {
            return Loose::default();
        }
        let narrow = narrowed(text);
        let text = narrow.as_deref().unwrap_or(text);
        let null = is_null(text);
        let mut loose = Loose { null, ..Loose::default() };
        if let Some(shape) = NumberShape::of(text)
            && text.iter().filter(|b| b.is_ascii_digit()).count() <= 38
        {
            let digits = text.iter().filter(|b| b.is_ascii_digit());
            let digits = digits.fold(0_i128, |sum, b| sum * 10 + i128::from(b - b'0'));
            loose.number = Some((shape, digits));
        }
        if let Some((shape, runs)) = date_shape(text)
            && runs.len() <= RUNS
        {
            let mut fields = [0; RUNS];
            for (field, run) in fields.iter_mut().zip(&runs) {
                let start = usize::from(run.start);
                *field = text[start..start + usize::from(run.len)]
                    .iter()
                    .fold(0_u32, |n, b| {
                        n.saturating_mul(10).saturating_add(u32::from(b - b'0'))
                    });
            }
            loose.date = Some((shape, fields));
        }
        loose
    }
}
