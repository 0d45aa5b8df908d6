//! What a number looks like as written, before anyone decides what its points
//! and commas mean (customs: Unicode CLDR, `numbers/symbols` and `patterns`).

use super::currency::Currency;
use super::number::{Convention, Decimal};
use crate::money::{Scale, round_half_even};

/// A mark between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Point,
    Comma,
    /// A blank of any width.
    Blank,
    Apostrophe,
}

/// How the digits of a number are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Core {
    /// Digits only.
    Whole,
    /// One point or comma, with so many digits on both sides.
    One { mark: Mark, before: u8, after: u8 },
    /// Marks that can only part groups: several alike, or a blank.
    Grouped(Mark),
    /// Groups, then another mark with the decimals.
    Both { group: Mark, decimal: Mark, after: u8 },
    /// `1.03006E+13`, as spreadsheets damage long numbers.
    Exponent { decimal: Option<Mark>, after: u8, digits: u8, negative: bool },
}

/// The shape of a number: all about it but the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumberShape {
    pub negative: bool,
    pub percent: bool,
    pub currency: Currency,
    pub core: Core,
    /// Digits in all, those of the exponent left out.
    pub digits: u8,
}

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

/// The bytes of a blank at the start of a text: space, TAB, no-break space,
/// narrow no-break space, thin and figure spaces, ideographic space.
pub(crate) fn blank(text: &[u8]) -> Option<usize> {
    match text {
        [b' ' | b'\t', ..] => Some(1),
        [0xC2, 0xA0, ..] => Some(2),
        [0xE2, 0x80, 0xAF | 0x80..=0x8A, ..] | [0xE3, 0x80, 0x80, ..] => Some(3),
        _ => None,
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

    /// How many decimals are read under a convention; `None` when the shape does
    /// not fit it.
    pub(crate) fn decimals(&self, convention: Convention) -> Option<u8> {
        let decimal = convention.decimal();
        match self.core {
            Core::Whole | Core::Grouped(Mark::Blank | Mark::Apostrophe) => Some(0),
            Core::One { mark, after, .. } if mark == decimal => Some(after),
            Core::One { before, after, .. } => {
                (after == 3 && (1..=3).contains(&before)).then_some(0)
            }
            Core::Grouped(mark) => (mark != decimal).then_some(0),
            Core::Both { decimal: mark, after, .. } => (mark == decimal).then_some(after),
            Core::Exponent { decimal: mark, after, .. } => {
                mark.is_none_or(|m| m == decimal).then_some(after)
            }
        }
    }

    /// Whether the shape can be read in two ways that differ.
    pub(crate) fn is_ambiguous(&self) -> bool {
        let [point, comma] = Convention::ALL.map(|c| self.decimals(c));
        point.is_some() && comma.is_some() && point != comma
    }

    /// Whether a convention takes the shape's one mark for the decimal one.
    pub(crate) fn has_decimal(&self, convention: Convention) -> bool {
        matches!(self.core, Core::One { mark, .. } if mark == convention.decimal())
    }

    /// Whether a leading zero forbids this reading: `0.500` is not 500.
    pub(crate) fn refuses(&self, convention: Convention, digits: u64) -> bool {
        match self.core {
            Core::One { mark, .. } if mark != convention.decimal() => {
                digits < power(self.digits - 1)
            }
            _ => false,
        }
    }

    /// The number that these digits are under a convention.
    pub(crate) fn value(&self, digits: u64, convention: Convention) -> Option<Decimal> {
        let decimals = self.decimals(convention)?;
        if self.refuses(convention, digits) {
            return None;
        }
        if let Core::Exponent { digits: width, negative, .. } = self.core {
            let split = power(width);
            let exponent = i32::try_from(digits % split).ok()?;
            let exponent = if negative { -exponent } else { exponent };
            return self
                .scaled(i128::from(digits / split), i32::from(decimals) - exponent);
        }
        self.scaled(i128::from(digits), i32::from(decimals))
    }

    /// The same for numbers of any length.
    pub(crate) fn wide_value(
        &self,
        digits: i128,
        convention: Convention,
    ) -> Option<Decimal> {
        match u64::try_from(digits) {
            Ok(narrow) if self.digits <= 19 => self.value(narrow, convention),
            _ if matches!(self.core, Core::Exponent { .. }) => None,
            _ => self.scaled(digits, i32::from(self.decimals(convention)?)),
        }
    }

    /// A mantissa with so many decimals as an exact amount of at most
    /// [`Scale::MAX`] decimals, rounded half to even.
    pub(crate) fn scaled(&self, mantissa: i128, decimals: i32) -> Option<Decimal> {
        let mut decimals = decimals + if self.percent { 2 } else { 0 };
        let mut mantissa = if self.negative { -mantissa } else { mantissa };
        let most = i32::from(Scale::MAX);
        if decimals > most {
            let divisor = 10_i128.checked_pow((decimals - most).unsigned_abs());
            mantissa = divisor.map_or(0, |d| round_half_even(mantissa, d));
            decimals = most;
        }
        if decimals < 0 {
            let factor = 10_i128.checked_pow(decimals.unsigned_abs())?;
            mantissa = mantissa.checked_mul(factor)?;
            decimals = 0;
        }
        let mantissa = i64::try_from(mantissa).ok()?;
        Some(Decimal { mantissa, scale: decimals as u8 })
    }
}

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut k = 1;
    while k < powers.len() {
        powers[k] = 10 * powers[k - 1];
        k += 1;
    }
    powers
};

/// Ten to a power; 10^19 for powers above that.
#[inline]
pub(crate) fn power(exponent: u8) -> u64 {
    POWERS[usize::from(exponent.min(19))]
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

/// A text without `="..."`, a leading apostrophe or blanks around it.
pub(crate) fn unwrapped(text: &[u8]) -> &[u8] {
    let mut text = trimmed(text);
    if let [b'=', b'"', inner @ .., b'"'] = text {
        text = trimmed(inner);
    }
    while let [b'\'', rest @ ..] = text {
        text = trimmed(rest);
    }
    text
}

/// A text without blanks around it.
pub(crate) fn trimmed(mut text: &[u8]) -> &[u8] {
    while let Some(n) = blank(text) {
        text = &text[n..];
    }
    loop {
        let n = text.len();
        let width = (1..=3).find(|&k| k <= n && blank(&text[n - k..]) == Some(k));
        match width {
            Some(k) => text = &text[..n - k],
            None => return text,
        }
    }
}

/// The words that stand for no value at all in columns of numbers and dates.
const NULLS: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    "−",
    "−−",
    "n/a",
    "#n/a",
    "na",
    "n.a.",
    "n.v.",
    "k.a.",
    "null",
    "(null)",
    "none",
    "nil",
    "nan",
    "nat",
    "\\n",
    "?",
    ".",
    "(blank)",
    "(empty)",
    "(none)",
    "无",
    "空",
    "なし",
    "#null!",
    "<na>",
    "undefined",
];

/// Whether a text, without its blanks, says that there is no value: `-`, `--`,
/// `N/A`, `null` and the like in any case, and nothing at all.
pub fn is_null(text: &[u8]) -> bool {
    let text = unwrapped(text);
    text.is_empty() || NULLS.iter().any(|n| n.as_bytes().eq_ignore_ascii_case(text))
}

/// Full-width digits, marks and signs as their ASCII twins, where there are any.
pub(crate) fn narrowed(text: &[u8]) -> Option<Vec<u8>> {
    let has_wide =
        text.windows(2).any(|w| w[0] == 0xEF && (w[1] == 0xBC || w[1] == 0xBD));
    if !has_wide {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    Some(text.chars().map(narrow).collect::<String>().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn words_for_nothing_are_known() {
        for text in ["-", "--", "N/A", "null", " ", "", "\t", "NaN", "—", "'", "None"] {
            assert!(is_null(text.as_bytes()), "{text}");
        }
        for text in ["0", "no", "-1", "Nana"] {
            assert!(!is_null(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn wide_signs_are_narrowed() {
        let narrow = narrowed("￥１，２３４．５０".as_bytes());
        assert_eq!(narrow.as_deref(), Some("￥1,234.50".as_bytes()));
        assert_eq!(narrowed("12.50".as_bytes()), None);
    }
}
