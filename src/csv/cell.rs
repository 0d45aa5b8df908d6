//! What a single cell looks like: enough to tell delimiters and headers apart.
//!
//! Reading the values exactly is the columns' work; here a wrong guess about
//! one cell only moves a score.

/// The look of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing but blanks.
    Empty,
    /// A number, with signs, separators, a currency or a percent sign.
    Number,
    /// A date, a time or both.
    Moment,
    /// Words, names, identifiers, addresses: text without structural characters.
    Words,
    /// Anything else, such as text that still holds delimiters or quotes.
    Other,
}

impl Look {
    /// A number or a moment.
    pub fn is_typed(self) -> bool {
        matches!(self, Look::Number | Look::Moment)
    }
}

/// The look of a cell's content.
pub fn look(cell: &[u8]) -> Look {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return Look::Empty;
    }
    if cell.iter().any(u8::is_ascii_digit) && cell.len() <= 40 {
        if is_moment(cell) {
            return Look::Moment;
        }
        if is_number(cell) {
            return Look::Number;
        }
    }
    if is_missing(cell) {
        return Look::Empty;
    }
    let structural =
        |b: &u8| matches!(*b, b',' | b';' | b'\t' | b'|' | b'"' | b'^' | b'~');
    let quoted = cell.len() > 1 && cell[0] == b'\'' && cell[cell.len() - 1] == b'\'';
    if quoted || cell.iter().any(structural) { Look::Other } else { Look::Words }
}

/// The ways to write that there is no value.
pub fn is_missing(cell: &[u8]) -> bool {
    const MISSING: [&[u8]; 9] =
        [b"-", b"--", b"n/a", b"na", b"nan", b"null", b"none", b"#n/a", b"\\n"];
    MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

fn is_number(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let (mut digits, mut before, mut letters) = (0, ' ', 0);
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            '.' | ',' | '\'' | '\u{2019}' if !matches!(before, '.' | ',' | '\'') => {}
            ' ' | '\u{a0}' | '\u{202f}' | '(' | ')' | '%' => {}
            '+' | '-' | '\u{2212}' | '$' | '€' | '£' | '¥' | '₹' | '￥' => {}
            'e' | 'E' if before.is_ascii_digit() => {}
            'A'..='Z' => letters += 1,
            _ => return false,
        }
        before = c;
    }
    // Up to three capitals: a currency code.
    let code = letters == 0 || (letters == 3 && currency_code(text));
    digits > 0 && code && text.matches(['-', '+']).count() <= 2
}

fn currency_code(text: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase();
    let inner = text.trim_matches(capital);
    text.len() - inner.len() == 3 && !inner.contains(capital)
}

fn is_moment(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let (mut groups, mut separators, mut word, mut months) = (0, 0, String::new(), 0);
    let (mut digits, mut longest) = (0, 0);
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits += 1;
        } else if digits > 0 {
            groups += 1;
            longest = longest.max(digits);
            digits = 0;
        }
        if c.is_alphabetic() && !matches!(c, '年' | '月' | '日' | '时' | '分' | '秒')
        {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            match word.as_str() {
                "t" | "z" | "am" | "pm" | "utc" | "gmt" | "st" | "nd" | "rd" | "th"
                | "de" => {}
                _ if is_month(&word) => months += 1,
                _ => return false,
            }
            word.clear();
        }
        match c {
            '-' | '/' | ':' | '年' | '月' => separators += 1,
            '.' => separators += 1,
            '0'..='9' | ' ' | ',' | '+' | '日' | '时' | '分' | '秒' => {}
            _ => return false,
        }
    }
    let dotted = text.matches('.').count();
    let only_dots = dotted == separators;
    // 1.234.567 is a number, 1.12.2024 a day.
    let day = !only_dots || (groups == 3 && dotted == 2 && !thousands(text));
    months <= 1
        && longest <= 9
        && !text.starts_with(['-', '.', '/'])
        && ((groups >= 3 && separators >= 2 && day)
            || (months == 1 && groups >= 1)
            || (groups == 2 && text.contains(':') && separators == 1)
            || (groups == 2 && separators == 1 && text.contains('/') && longest == 4))
}

fn thousands(text: &str) -> bool {
    text.split('.').skip(1).all(|group| group.len() == 3)
}

fn is_month(word: &str) -> bool {
    const STARTS: [&str; 22] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
        "dec", "mai", "okt", "dez", "mär", "ene", "abr", "ago", "dic", "fév", "aoû",
    ];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let starts = |list: &[&str]| list.iter().any(|start| word.starts_with(start));
    word.chars().count() <= 10 && (starts(&STARTS) || starts(&DAYS) || word == "déc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks() {
        let of = |text: &str| look(text.as_bytes());
        for number in [
            "1",
            "-2.50",
            "1,234.50",
            "1.234,50",
            "1 234,50",
            "$1,234.00",
            "116,99 €",
            "(12.00)",
            "EUR 12.50",
            "12%",
            "1e5",
            "1.234.567",
            "00012",
        ] {
            assert_eq!(of(number), Look::Number, "{number}");
        }
        for moment in [
            "2024-01-05",
            "2010-12-01 08:26:00",
            "5/1/2024",
            "1.12.2024",
            "10:30",
            "2017-06-17T08:04:21+00:00",
            "Jul-25-26",
            "May 1, 2024 10:00:00 AM",
            "2024年3月5日",
            "12-Dec-2011",
            "10-Dez-25",
        ] {
            assert_eq!(of(moment), Look::Moment, "{moment}");
        }
        for words in
            ["WHITE METAL LANTERN", "85123A", "a@b.example", "Königsberg", "#1001"]
        {
            assert_eq!(of(words), Look::Words, "{words}");
        }
        for other in ["a;b", "x \"y\"", "'quoted'"] {
            assert_eq!(of(other), Look::Other, "{other}");
        }
        assert_eq!(of(" "), Look::Empty);
        assert_eq!(of("N/A"), Look::Empty);
    }
}
