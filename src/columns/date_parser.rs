//! Reading the shape of a date or time off its text, a token at a time (forms:
//! ISO 8601-1; RFC 5322, 3.3; Unicode CLDR, `dates/calendars/gregorian`).

use super::date::NO_OFFSET;
use super::date_shape::{DateShape, DayPart, RUNS, Run};
use super::date_tokens::{Token, tokens};
use super::months::{is_weekday, month};
use super::wrapping::unwrapped;

/// What a day ends with where the units are written: nothing need part the time from it.
const DAYS: [&[u8]; 3] = ["日".as_bytes(), "号".as_bytes(), "일".as_bytes()];

/// A text being read.
pub(crate) struct Parser<'a> {
    pub tokens: Vec<Token<'a>>,
    pub at: usize,
    pub runs: Vec<Run>,
}

impl<'a> Parser<'a> {
    pub fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    pub fn sign(&mut self, signs: &[u8]) -> Option<u8> {
        match self.peek() {
            Some(Token::Sign(s)) if signs.contains(&s) => {
                self.at += 1;
                Some(s)
            }
            _ => None,
        }
    }

    pub fn blank(&mut self) -> bool {
        let found = self.peek() == Some(Token::Blank);
        self.at += usize::from(found);
        found
    }

    pub fn word(&mut self, is: impl Fn(&[u8]) -> bool) -> Option<&'a [u8]> {
        match self.peek() {
            Some(Token::Word(w)) if is(w) => {
                self.at += 1;
                Some(w)
            }
            _ => None,
        }
    }

    pub fn one_of(&mut self, words: &[&str]) -> bool {
        self.word(|w| words.iter().any(|x| x.as_bytes().eq_ignore_ascii_case(w)))
            .is_some()
    }

    fn digits(&mut self, lengths: std::ops::RangeInclusive<usize>) -> Option<usize> {
        match self.peek() {
            Some(Token::Digits { start, len }) if lengths.contains(&len) => {
                self.at += 1;
                self.runs.push(Run { start: start as u8, len: len as u8 });
                Some(len)
            }
            _ => None,
        }
    }

    /// One separator with blanks around it, or a blank; 0 for a blank.
    fn separator(&mut self, signs: &[u8]) -> Option<u8> {
        let before = self.blank();
        let sign = self.sign(signs);
        let after = self.blank();
        sign.or((before || after).then_some(0))
    }

    fn weekday(&mut self) {
        let start = self.at;
        if self.word(is_weekday).is_some() {
            self.sign(b".");
            self.sign(b",");
            if self.blank() {
                return;
            }
        }
        self.at = start;
    }

    fn ordinal(&mut self) {
        if !self.one_of(&["st", "nd", "rd", "th", "er", "º", "ª"]) {
            self.sign(b".");
        }
    }

    fn month(&mut self) -> Option<u8> {
        let name = self.word(|w| month(w).is_some())?;
        self.sign(b".");
        month(name)
    }

    fn of(&mut self) {
        let start = self.at;
        self.blank();
        if !self.one_of(&["de", "del", "of", "di"]) {
            self.at = start;
        }
    }

    /// The day, behind its weekday if there is one. `Mar` is a Tuesday in French
    /// and Spanish, and a month where it is not read as one.
    fn day(&mut self) -> Option<(DayPart, bool)> {
        let (at, runs) = (self.at, self.runs.len());
        self.weekday();
        if self.at > at {
            if let Some(day) = self.bare_day() {
                return Some(day);
            }
            self.at = at;
            self.runs.truncate(runs);
        }
        self.bare_day()
    }

    fn bare_day(&mut self) -> Option<(DayPart, bool)> {
        if let Some(month) = self.month() {
            // July 5, 2024; Jul-25-26
            self.separator(b"-/");
            self.digits(1..=2)?;
            self.ordinal();
            self.separator(b",-/")?;
            let two_digits = self.year()? == 2;
            return Some((
                DayPart::Named { month, year_first: false, two_digits },
                false,
            ));
        }
        let first = self.digits(1..=8)?;
        if first == 8 {
            return Some((DayPart::Joined, false));
        }
        if first == 4 && self.one_of(&["年", "년"]) || first == 2 && self.one_of(&["年"])
        {
            self.blank();
            self.digits(1..=2)?;
            self.one_of(&["月", "월"]).then_some(())?;
            self.blank();
            self.digits(1..=2)?;
            self.one_of(&["日", "号", "일"]);
            let part = if first == 4 { DayPart::YearFirst } else { return None };
            self.bracketed_weekday();
            return Some((part, false));
        }
        if !matches!(first, 1 | 2 | 4) {
            return None;
        }
        let start = self.at;
        if first == 4 {
            self.sign(b"-");
            if self.one_of(&["W"]) {
                self.digits(2..=2)?;
                self.sign(b"-")?;
                return self.digits(1..=1).map(|_| (DayPart::Week, false));
            }
            self.at = start;
        }
        if first < 4 {
            self.ordinal();
        }
        self.of();
        self.separator(b"-/.,");
        if let Some(month) = self.month() {
            self.of();
            self.separator(b"-/,.");
            let last = if first == 4 { self.digits(1..=2)? } else { self.year()? };
            let two_digits = first != 4 && last == 2;
            return Some((
                DayPart::Named { month, year_first: first == 4, two_digits },
                false,
            ));
        }
        self.at = start;
        let sign = self.separator(b"-/.")?;
        self.digits(1..=2)?;
        (self.separator(b"-/.")? == sign).then_some(())?;
        let part = match (first, self.digits(if first == 4 { 1..=2 } else { 2..=4 })?) {
            (4, _) => DayPart::YearFirst,
            (_, 4) => DayPart::YearLast,
            (_, 2) => DayPart::Short,
            _ => return None,
        };
        self.bracketed_weekday();
        Some((part, sign == b'.'))
    }

    /// `(火)` or `(Tue)` after a day.
    fn bracketed_weekday(&mut self) {
        let start = self.at;
        let open = self.sign(b"(").is_some();
        if !(open && self.word(|_| true).is_some() && self.sign(b")").is_some()) {
            self.at = start;
        }
    }

    fn year(&mut self) -> Option<usize> {
        if let Some(n) = self.digits(4..=4) {
            return Some(n);
        }
        // `'24`
        self.sign(b"'");
        self.digits(2..=2)
    }

    fn noon(&mut self) -> Option<bool> {
        let start = self.at;
        self.blank();
        for (words, after) in [
            (&["am", "上午", "午前", "오전", "凌晨", "早上"][..], false),
            (&["pm", "下午", "午後", "오후", "晚上"][..], true),
        ] {
            if self.one_of(words) {
                return Some(after);
            }
        }
        for (letter, after) in [("a", false), ("p", true)] {
            if self.one_of(&[letter]) {
                self.sign(b".");
                self.blank();
                if self.one_of(&["m"]) {
                    self.sign(b".");
                    return Some(after);
                }
                self.at = start;
                self.blank();
            }
        }
        self.at = start;
        None
    }

    /// The clock time: whether it has seconds, and the half of the day.
    fn clock(&mut self, is_alone: bool) -> Option<(bool, Option<bool>)> {
        let before = self.noon();
        if before.is_some() {
            self.blank();
        }
        self.digits(1..=2)?;
        let sign = self.sign(b":.");
        if sign.is_none() {
            self.one_of(&["h", "時", "时", "点", "시"]).then_some(())?;
        }
        self.blank();
        // `9:5:3` is a time behind a date only.
        let short = sign.is_none() || sign == Some(b':') && !is_alone;
        self.digits(if short { 1..=2 } else { 2..=2 })?;
        let next = self.at;
        let more = match sign {
            Some(s) => self.sign(&[s]).is_some(),
            None => self.one_of(&["分", "분"]),
        };
        let mut seconds = false;
        if more {
            self.blank();
            if self.digits(1..=2).is_some() {
                seconds = true;
                if sign.is_none() {
                    self.one_of(&["秒", "초"]).then_some(())?;
                } else {
                    let at = self.at;
                    if self.sign(b".,").is_none() || self.digits(1..=9).is_none() {
                        self.at = at;
                    }
                }
            } else if sign.is_some() {
                self.at = next;
            }
        }
        let after = self.noon();
        if before.is_some() && after.is_some() {
            return None;
        }
        let here = self.at;
        self.blank();
        let named = self.one_of(&["uhr", "hrs"]);
        if !named {
            self.at = here;
        }
        // "14.05" alone is a number.
        if sign == Some(b'.') && is_alone && !named && before.or(after).is_none() {
            return None;
        }
        Some((seconds, before.or(after)))
    }
}

/// The shape of a date or time and its digit runs; `None` when the text is
/// neither. What the digits are plays no part, those of an offset excepted.
pub(crate) fn date_shape(text: &[u8]) -> Option<(DateShape, Vec<Run>)> {
    let inner = unwrapped(text);
    if inner.len() > 80 {
        return None;
    }
    // `inner` is a part of `text`: its place gives the runs theirs.
    let origin = text.windows(inner.len().max(1)).position(|w| w == inner)?;
    let tokens = tokens(inner, origin)?;
    let mut parser = Parser { tokens, at: 0, runs: Vec::with_capacity(RUNS) };
    let mut shape = DateShape {
        day: DayPart::Clock,
        hour: None,
        has_seconds: false,
        joined_clock: false,
        after_noon: None,
        offset: NO_OFFSET,
        dotted: false,
    };
    if let [Token::Digits { start, len }] = parser.tokens[..] {
        shape.day = DayPart::Digits(u8::try_from(len).ok()?);
        return Some((shape, vec![Run { start: start as u8, len: len as u8 }]));
    }
    if let Some((day, dotted)) = parser.day() {
        shape.day = day;
        shape.dotted = dotted;
        if parser.is_done() {
            return (day != DayPart::Joined).then_some((shape, parser.runs));
        }
        let unit = |t: &Token<'_>| matches!(t, Token::Word(w) if DAYS.contains(w));
        let named = parser.tokens[..parser.at].last().is_some_and(unit);
        let parted = parser.sign(b",-:").is_some() | parser.blank() || named;
        let word = parser.one_of(&["t", "at", "um", "à", "alle", "om", "klo"]);
        let here = parser.at;
        if !parted && !word && parser.noon().is_none() {
            return None;
        }
        // The half of the day is read with the clock.
        parser.at = here;
        parser.blank();
    } else {
        parser.at = 0;
        parser.runs.clear();
    }
    shape.hour = u8::try_from(parser.runs.len()).ok();
    if let (DayPart::Joined, Some(n @ (4 | 6))) = (shape.day, parser.digits(4..=6)) {
        shape.joined_clock = true;
        shape.has_seconds = n == 6;
    } else {
        (shape.has_seconds, shape.after_noon) =
            parser.clock(shape.day == DayPart::Clock)?;
    }
    shape.offset = parser.zone(text)?;
    if shape.offset == NO_OFFSET || parser.tokens.get(parser.at) == Some(&Token::Blank) {
        // A name after an offset, as in `+0200 (CEST)`, says nothing more.
        parser.zone_name();
    }
    parser.blank();
    if let (Some(Token::Sign(b'(')), Some(Token::Sign(b')'))) =
        (parser.peek(), parser.tokens.last())
    {
        parser.at = parser.tokens.len();
    }
    parser.is_done().then_some((shape, parser.runs))
}
