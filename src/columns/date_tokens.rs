//! The parts of a written date: digits, words, signs and blanks.

use super::wrapping::blank;

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Digits { start: usize, len: usize },
    Word(&'a [u8]),
    Sign(u8),
    Blank,
}

/// The units behind Chinese, Japanese and Korean numbers: words of their own.
const UNITS: &[&str] = &[
    "年", "月", "日", "号", "時", "时", "点", "分", "秒", "년", "월", "일", "시", "분",
    "초",
];

/// The parts of a text that begins at `origin`; `None` where there are too many.
pub(crate) fn tokens(text: &[u8], origin: usize) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::with_capacity(32);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let is_letter = |k: &usize| {
            rest[*k].is_ascii_alphabetic()
                || rest[*k] >= 0x80 && blank(&rest[*k..]).is_none()
        };
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let unit = UNITS.iter().find(|u| rest.starts_with(u.as_bytes()));
        let letters = match unit {
            Some(unit) => unit.len(),
            None => (0..rest.len()).take_while(is_letter).count(),
        };
        if found.len() == 32 {
            return None;
        } else if digits > 0 {
            found.push(Token::Digits { start: origin + at, len: digits });
            at += digits;
        } else if let Some(n) = blank(rest) {
            if found.last() != Some(&Token::Blank) {
                found.push(Token::Blank);
            }
            at += n;
        } else if letters > 0 {
            found.push(Token::Word(&rest[..letters]));
            at += letters;
        } else {
            found.push(Token::Sign(rest[0]));
            at += 1;
        }
    }
    Some(found)
}
