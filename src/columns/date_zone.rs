//! Offsets from UTC and names of zones behind a clock time.

use super::date::NO_OFFSET;
use super::date_parser::Parser;
use super::date_tokens::Token;

impl Parser<'_> {
    /// The offset from UTC in minutes, [`NO_OFFSET`] where none is said.
    pub fn zone(&mut self, text: &[u8]) -> Option<i16> {
        let named = self.zone_name();
        let start = self.at;
        self.blank();
        let Some(sign) = self.sign(b"+-") else {
            self.at = start;
            return Some(if named == Some(true) { 0 } else { NO_OFFSET });
        };
        let number = |start: usize, len: usize| {
            text[start..start + len]
                .iter()
                .fold(0_i16, |n, b| n * 10 + i16::from(b - b'0'))
        };
        let Some(Token::Digits { start, len }) = self.peek() else { return None };
        self.at += 1;
        let (hours, minutes) = match len {
            4 => (number(start, 2), number(start + 2, 2)),
            1 | 2 => {
                let hours = number(start, len);
                let mut minutes = 0;
                if self.sign(b":").is_some() {
                    let Some(Token::Digits { start, len: 2 }) = self.peek() else {
                        return None;
                    };
                    self.at += 1;
                    minutes = number(start, 2);
                }
                (hours, minutes)
            }
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        let minutes = hours * 60 + minutes;
        Some(if sign == b'-' { -minutes } else { minutes })
    }

    /// A name of a zone; true for UTC, false for any other abbreviation.
    pub fn zone_name(&mut self) -> Option<bool> {
        let start = self.at;
        self.blank();
        let bracket = self.sign(b"(").is_some();
        let utc = self.one_of(&["z", "utc", "gmt"]);
        let other = !utc
            && self
                .word(|w| {
                    (2..=5).contains(&w.len()) && w.iter().all(u8::is_ascii_uppercase)
                })
                .is_some();
        if (utc || other) && (!bracket || self.sign(b")").is_some()) {
            return Some(utc);
        }
        self.at = start;
        None
    }
}
