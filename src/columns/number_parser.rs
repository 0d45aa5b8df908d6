//! Reading the shape of a number off its text (customs: Unicode CLDR,
//! `numbers/symbols` and `patterns`).

use super::currency::Currency;
use super::number_shape::{Core, Mark, NumberShape};
use super::wrapping::{blank, unwrapped};

/// The mark at the start of a text and its bytes.
fn mark(text: &[u8]) -> Option<(Mark, usize)> {
    match text {
        [b'.', ..] => Some((Mark::Point, 1)),
        [b',', ..] => Some((Mark::Comma, 1)),
        [b'\'', ..] => Some((Mark::Apostrophe, 1)),
        [0xE2, 0x80, 0x99, ..] => Some((Mark::Apostrophe, 3)),
        _ => blank(text).map(|n| (Mark::Blank, n)),
    }
}

/// The bytes of a minus sign at the start of a text: hyphen, U+2212, en dash,
/// full-width hyphen.
fn minus(text: &[u8]) -> Option<usize> {
    match text {
        [b'-', ..] => Some(1),
        [0xE2, 0x88, 0x92, ..] | [0xE2, 0x80, 0x93, ..] | [0xEF, 0xBC, 0x8D, ..] => {
            Some(3)
        }
        _ => None,
    }
}

fn count_digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// What stands around the digits.
#[derive(Default)]
struct Dress {
    negative: bool,
    open: bool,
    closed: bool,
    signs: u8,
    percent: bool,
    currency: Currency,
}

impl Dress {
    /// Takes one sign, currency, bracket or blank; the bytes taken.
    fn take(&mut self, text: &[u8]) -> Option<usize> {
        if let Some(n) = blank(text) {
            return Some(n);
        }
        if let Some(n) = minus(text) {
            self.signs += 1;
            self.negative = true;
            return Some(n);
        }
        match text[0] {
            b'+' => self.signs += 1,
            b'(' if !self.open => self.open = true,
            b')' if self.open && !self.closed => self.closed = true,
            b'%' if !self.percent => self.percent = true,
            _ => {
                let (currency, n) = Currency::at_start(text)?;
                if self.currency != Currency::NONE && self.currency != currency {
                    // "US$ 12.00 USD" names one currency twice; the code stays.
                    if self.currency.code().len() == 3 && currency.code().len() == 3 {
                        return None;
                    }
                }
                if currency.code().len() == 3 || self.currency == Currency::NONE {
                    self.currency = currency;
                }
                return Some(n);
            }
        }
        Some(1)
    }

    fn is_whole(&self) -> bool {
        self.open == self.closed && self.signs <= 1
    }
}

/// Whether digits parted into such groups are thousands or lakhs.
fn is_grouping(groups: &[u8]) -> bool {
    let Some((&first, rest)) = groups.split_first() else { return false };
    let Some((&last, middle)) = rest.split_last() else { return false };
    let thousands = (1..=3).contains(&first) && middle.iter().all(|&g| g == 3);
    let lakhs = (1..=2).contains(&first) && middle.iter().all(|&g| g == 2);
    last == 3 && (thousands || lakhs)
}

impl NumberShape {
    /// The shape of a text, `None` when it is no number. What the digits are
    /// plays no part.
    pub(crate) fn of(text: &[u8]) -> Option<NumberShape> {
        let text = unwrapped(text);
        let mut dress = Dress::default();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let starts_with_mark = rest.len() > 1
                && matches!(rest[0], b'.' | b',')
                && rest[1].is_ascii_digit();
            if rest[0].is_ascii_digit() || starts_with_mark {
                break;
            }
            at += dress.take(rest)?;
        }
        let (core, digits, taken) = core(text.get(at..)?)?;
        at += taken;
        while at < text.len() {
            if text[at] == b'+' || text[at] == b'(' {
                return None;
            }
            at += dress.take(&text[at..])?;
        }
        dress.is_whole().then_some(NumberShape {
            negative: dress.negative || dress.open,
            percent: dress.percent,
            currency: dress.currency,
            core,
            digits,
        })
    }
}

/// The digits and marks at the start of a text: core, digits, bytes taken.
fn core(text: &[u8]) -> Option<(Core, u8, usize)> {
    let mut groups = [0_u8; 16];
    let mut marks = [Mark::Point; 16];
    let mut n = 0;
    let mut at = count_digits(text);
    groups[0] = u8::try_from(at).ok()?;
    while let Some((m, bytes)) = text.get(at..).and_then(mark) {
        let digits = count_digits(&text[at + bytes..]);
        if digits == 0 {
            break;
        }
        if n + 1 == groups.len() {
            return None;
        }
        marks[n] = m;
        n += 1;
        groups[n] = u8::try_from(digits).ok()?;
        at += bytes + digits;
    }
    let digits: u8 = groups[..=n].iter().try_fold(0_u8, |sum, &g| sum.checked_add(g))?;
    if digits == 0 {
        return None;
    }
    // "12." and the Swiss "12.-" are whole numbers.
    let mut end = at;
    if n == 0 && matches!(text.get(at), Some(b'.' | b',')) {
        end += 1;
        end += text.get(end..).and_then(minus).unwrap_or(0);
    }
    if let Some(b'e' | b'E') = text.get(at) {
        return exponent(text, at, &groups[..=n], &marks[..n]);
    }
    let core = match (&marks[..n], &groups[..=n]) {
        ([], _) => Core::Whole,
        ([m @ (Mark::Point | Mark::Comma)], &[before, after]) => {
            Core::One { mark: *m, before, after }
        }
        ([first, rest @ ..], groups) if rest.iter().all(|m| m == first) => {
            is_grouping(groups).then_some(Core::Grouped(*first))?
        }
        (
            [first, middle @ .., last @ (Mark::Point | Mark::Comma)],
            [groups @ .., after],
        ) => {
            let alike = middle.iter().all(|m| m == first) && first != last;
            let both = Core::Both { group: *first, decimal: *last, after: *after };
            (alike && is_grouping(groups)).then_some(both)?
        }
        _ => return None,
    };
    Some((core, digits, end))
}

fn exponent(
    text: &[u8],
    at: usize,
    groups: &[u8],
    marks: &[Mark],
) -> Option<(Core, u8, usize)> {
    let (decimal, after) = match (marks, groups) {
        ([], _) => (None, 0),
        ([m @ (Mark::Point | Mark::Comma)], [1, after]) => (Some(*m), *after),
        _ => return None,
    };
    let mut end = at + 1;
    let sign = text.get(end).copied();
    end += usize::from(matches!(sign, Some(b'+' | b'-')));
    let width = count_digits(text.get(end..)?);
    if !(1..=3).contains(&width) {
        return None;
    }
    let core = Core::Exponent {
        decimal,
        after,
        digits: width as u8,
        negative: sign == Some(b'-'),
    };
    Some((core, groups.iter().sum(), end + width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::number::Convention;
    use crate::money::Scale;

    fn read(text: &str, convention: Convention) -> Option<String> {
        let bytes = text.as_bytes();
        let digits = text.bytes().filter(u8::is_ascii_digit);
        let digits = digits.fold(0, |sum, b| sum * 10 + u64::from(b - b'0'));
        let value = NumberShape::of(bytes)?.value(digits, convention)?;
        Some(Scale(value.scale).exact(value.mantissa))
    }

    #[test]
    fn every_custom_of_the_list_is_read() {
        use Convention::{Comma, Point};
        for (text, convention, value) in [
            ("1,234.50", Point, "1234.5"),
            ("1.234,50", Comma, "1234.5"),
            ("1 234,50", Comma, "1234.5"),
            ("1\u{A0}234,50", Comma, "1234.5"),
            ("1\u{202F}234,50", Comma, "1234.5"),
            ("1'234.50", Point, "1234.5"),
            ("1’234.50", Point, "1234.5"),
            ("1,23,456.78", Point, "123456.78"),
            ("$1,234.50", Point, "1234.5"),
            ("€ 12", Point, "12"),
            ("12,00 €", Comma, "12"),
            ("116,99\u{A0}€", Comma, "116.99"),
            ("¥1,980", Point, "1980"),
            ("£0.99", Point, "0.99"),
            ("USD 5", Point, "5"),
            ("5.5 EUR", Point, "5.5"),
            ("(12.00)", Point, "-12"),
            ("($1,012.00)", Point, "-1012"),
            ("-$45.00", Point, "-45"),
            ("$-45.00", Point, "-45"),
            ("45.00-", Point, "-45"),
            ("\u{2212}45.00", Point, "-45"),
            ("+3", Point, "3"),
            ("'0012", Point, "12"),
            ("\t12.5", Point, "12.5"),
            ("=\"7.25\"", Point, "7.25"),
            (".5", Point, "0.5"),
            ("5.", Point, "5"),
            ("12.-", Point, "12"),
            ("12.5%", Point, "0.125"),
            ("1.03006E+13", Point, "10300600000000"),
            ("2e-3", Point, "0.002"),
            ("1.234", Point, "1.234"),
            ("1.234", Comma, "1234"),
            ("1,234", Point, "1234"),
            ("1,234", Comma, "1.234"),
            ("1.234.567", Comma, "1234567"),
            ("0.1234567", Point, "0.123457"),
            ("0.1234565", Point, "0.123456"),
            ("US$12.00 USD", Point, "12"),
        ] {
            assert_eq!(read(text, convention).as_deref(), Some(value), "{text}");
        }
        for (text, convention) in [
            ("0.500", Comma),
            ("1.23", Comma),
            ("1,234.5", Comma),
            ("1234.567", Comma),
            ("12/5", Point),
            ("1.2.3", Point),
            ("12,34,56", Point),
            ("--5", Point),
            ("5-3", Point),
            ("(5", Point),
            ("abc", Point),
            ("12 pieces", Point),
            ("$", Point),
            ("", Point),
            ("1e99", Point),
            ("2024-03-05", Point),
            ("USD 5 EUR", Point),
        ] {
            assert_eq!(read(text, convention), None, "{text}");
        }
    }
}
