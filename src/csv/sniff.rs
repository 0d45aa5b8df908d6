//! The dialect of a file from its first bytes.
//!
//! Every candidate reads a sample, and the one whose rows agree best in their
//! number of cells, with cells that look like values, wins: the idea of van den
//! Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and
//! type patterns" (2019), with a score of our own.

use super::cell::{Look, look};
use super::{Delimiter, Dialect, Record, Scanner};

/// How much of the file is looked at.
const SAMPLE: usize = 64 << 10;
/// How many records a candidate is judged by.
const RECORDS: usize = 800;

/// Delimiters in the order of preference, with what their score is multiplied by.
const DELIMITERS: [(u8, f64); 8] = [
    (b',', 1.0),
    (b';', 1.0),
    (b'\t', 1.0),
    (b'|', 1.0),
    (b'^', 0.9),
    (b'~', 0.9),
    (b':', 0.25),
    (b' ', 0.3),
];

/// The most likely dialect of a file that begins with `head`.
///
/// `delimiter` fixes the delimiter; the rest is still found. A file without any
/// delimiter is read as one column.
pub fn sniff(head: &[u8], delimiter: Option<Delimiter>) -> Dialect {
    let sample = sample(head);
    let fixed = delimiter.or_else(|| declared(sample));
    let mut best = (0.0, Dialect::default());
    let mut try_out = |dialect: Dialect, weight: f64| {
        let score = weight * score(sample, dialect);
        // Later candidates must be clearly better, or the usual one stays.
        if score > best.0 + 1e-9 {
            best = (score, dialect);
        }
    };
    let quotes = quotes(sample);
    let escaped =
        sample.windows(2).any(|pair| pair[0] == b'\\' && quotes.contains(&pair[1]));
    let mut candidates: Vec<(Delimiter, f64)> = Vec::new();
    match fixed {
        Some(delimiter) => candidates.push((delimiter, 1.0)),
        None => {
            for (byte, weight) in DELIMITERS {
                if sample.contains(&byte) {
                    candidates.push((Delimiter::Byte(byte), weight));
                }
            }
            if sample.iter().any(|b| matches!(b, b' ' | b'\t')) {
                candidates.push((Delimiter::Blanks, 0.28));
            }
        }
    }
    for (delimiter, weight) in candidates {
        for quote in quotes.iter().copied() {
            for escape in [None, Some(b'\\')] {
                if escape.is_none() || escaped {
                    let quote = Some(quote);
                    try_out(Dialect { delimiter, quote, escape, trim: false }, weight);
                }
            }
        }
    }
    let mut dialect = best.1;
    if let Some(delimiter) = fixed {
        dialect.delimiter = delimiter;
    } else if best.0 == 0.0 {
        // One column: a delimiter that leaves its texts whole.
        let absent = DELIMITERS[..4].iter().find(|d| !sample.contains(&d.0));
        dialect.delimiter = Delimiter::Byte(absent.map_or(b',', |d| d.0));
    }
    dialect.trim = blank_after_delimiter(sample, dialect);
    dialect
}

/// Whole lines of the head, as many as fit the sample.
fn sample(head: &[u8]) -> &[u8] {
    if head.len() <= SAMPLE { head } else { whole_lines(&head[..SAMPLE]) }
}

/// The bytes up to the last line end, or all if there is none.
pub(crate) fn whole_lines(head: &[u8]) -> &[u8] {
    let end = head.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
    end.map_or(head, |end| &head[..=end])
}

/// Excel's first line `sep=;`.
pub(crate) fn declared(head: &[u8]) -> Option<Delimiter> {
    let line = head.split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or(&[]);
    let line = line.trim_ascii_end();
    let line =
        line.strip_prefix(b"\"").map_or(line, |l| l.strip_suffix(b"\"").unwrap_or(l));
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', byte]
            if byte.is_ascii_punctuation() && !matches!(byte, b'"' | b'\'') =>
        {
            Some(Delimiter::Byte(*byte))
        }
        b"sep=" if head.starts_with(b"sep=\t") => Some(Delimiter::Byte(b'\t')),
        _ => None,
    }
}

/// Quotes worth trying: the double one, and the single one where it stands both
/// at the start and at the end of fields.
fn quotes(sample: &[u8]) -> Vec<u8> {
    let edge = |b: Option<&u8>| {
        b.is_none_or(|b| {
            matches!(b, b'\n' | b'\r') || DELIMITERS.iter().any(|d| d.0 == *b)
        })
    };
    let (mut opens, mut closes) = (0, 0);
    for (i, _) in sample.iter().enumerate().filter(|(_, b)| **b == b'\'') {
        let before = i.checked_sub(1).and_then(|i| sample.get(i));
        opens += usize::from(edge(before));
        closes += usize::from(edge(sample.get(i + 1)));
    }
    if opens > 0 && closes > 0 { vec![b'"', b'\''] } else { vec![b'"'] }
}

/// How well a dialect explains the sample, from 0 to 1.
fn score(sample: &[u8], dialect: Dialect) -> f64 {
    let mut widths: Vec<(usize, usize)> = Vec::new();
    let (mut rows, mut cells, mut known) = (0usize, 0usize, 0.0);
    let (mut typed, mut lines) = (0usize, 0usize);
    let common =
        matches!(dialect.delimiter, Delimiter::Blanks | Delimiter::Byte(b' ' | b':'));
    let mut each = |record: &Record<'_>| {
        if record.is_empty() || rows >= RECORDS {
            return;
        }
        rows += 1;
        match widths.iter_mut().find(|w| w.0 == record.len()) {
            Some(width) => width.1 += 1,
            None => widths.push((record.len(), 1)),
        }
        for i in 0..record.len() {
            cells += 1;
            known += worth(record, i);
            typed += usize::from(look(record.field(i)).is_typed() || record.is_quoted(i));
        }
        lines += usize::from(common && is_one_value(record.raw()));
    };
    let mut scanner = Scanner::new(dialect);
    // A sample is far shorter than the longest record.
    let _ = scanner.push(sample, &mut each);
    let _ = scanner.finish(&mut each);
    if rows == 0 {
        return 0.0;
    }
    let Some(&(width, count)) =
        widths.iter().max_by_key(|w| (w.1 * usize::from(w.0 > 1), w.0))
    else {
        return 0.0;
    };
    if width < 2 {
        return 0.0;
    }
    // Words and times hold blanks and colons of their own: these count as
    // delimiters only between values, and not where the line is one value.
    if common && (typed * 4 < cells || lines * 2 > rows) {
        return 0.0;
    }
    let share = count as f64 / rows as f64;
    let odd = scanner.oddities();
    let odd = (odd.stray_quotes + 4 * odd.unclosed_quotes) as f64 / cells as f64;
    let many = (1.0 - 1.0 / width as f64).sqrt();
    share * share * many * (known / cells as f64) * (1.0 - odd.min(0.9))
}

/// Whether a line is a single moment or number, though it has blanks or colons.
fn is_one_value(line: &[u8]) -> bool {
    let grouped = |line: &[u8]| {
        let mut groups = line.split(|b| *b == b' ').skip(1);
        groups.all(|group| group.iter().take_while(|b| b.is_ascii_digit()).count() == 3)
    };
    match look(line) {
        Look::Moment => true,
        Look::Number => grouped(line.trim_ascii()),
        _ => false,
    }
}

fn worth(record: &Record<'_>, i: usize) -> f64 {
    let field = record.field(i);
    if record.is_quoted(i) {
        return 1.0;
    }
    match look(field) {
        Look::Empty | Look::Number | Look::Moment => 1.0,
        Look::Words => 0.95,
        Look::Other => 0.0,
    }
}

/// Whether blanks follow (nearly) every delimiter, as in `a, b, c`.
fn blank_after_delimiter(sample: &[u8], dialect: Dialect) -> bool {
    if !matches!(dialect.delimiter, Delimiter::Byte(b) if b != b' ') {
        return false;
    }
    let (mut with, mut without) = (0, 0);
    let mut each = |record: &Record<'_>| {
        for i in 1..record.len() {
            match record.field(i).first() {
                _ if record.is_quoted(i) => without += 1,
                Some(b' ') => with += 1,
                Some(_) => without += 1,
                None => {}
            }
        }
    };
    let mut scanner = Scanner::new(dialect);
    let _ = scanner.push(sample, &mut each);
    let _ = scanner.finish(&mut each);
    with >= 3 && without * 50 <= with
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Dialect {
        sniff(text.as_bytes(), None)
    }

    #[test]
    fn delimiters() {
        let byte = |text: &str| of(text).delimiter;
        assert_eq!(byte("a,b,c\n1,2,3\n"), Delimiter::Byte(b','));
        assert_eq!(byte("a;b;c\n1,5;2,3;x\n2,5;3,3;y\n"), Delimiter::Byte(b';'));
        assert_eq!(byte("a\tb\n1, 2\t3\n"), Delimiter::Byte(b'\t'));
        assert_eq!(byte("a|b|c\n1|x, y|3\n2|z|4\n"), Delimiter::Byte(b'|'));
        assert_eq!(
            byte(" id  day n\n 1  19970101  11.77\n 22 19970112 7.00\n"),
            Delimiter::Blanks
        );
        assert_eq!(
            byte("day\n2024-01-05 10:00:00\n2024-01-06 11:00:00\n"),
            Delimiter::Byte(b',')
        );
        assert_eq!(byte("sep=;\na,x;b\n1,2;3\n"), Delimiter::Byte(b';'));
        assert_eq!(byte(""), Delimiter::Byte(b','));
        assert_eq!(
            byte(
                "day time text\n2024-01-05 10:00 \"x y\"\n2024-01-06  \"z\"\n2024-01-06 11:00 a\n"
            ),
            Delimiter::Byte(b' ')
        );
    }

    #[test]
    fn quotes_escapes_and_blanks() {
        assert_eq!(of("a,b\n'x, y',2\n'z',3\n").quote, Some(b'\''));
        assert_eq!(of("a,b\nO'Neil,2\nit's,3\n").quote, Some(b'"'));
        let escaped = of("a,b\n\"say \\\"hi\\\", ok\",2\n\"z\",3\n");
        assert_eq!(escaped.escape, Some(b'\\'));
        assert_eq!(of("a,b\n\"C:\\dir\\\",2\n\"z\",3\n").escape, None);
        assert!(of("a, b, c\n1, \"2, x\", 3\n4, 5, 6\n").trim);
        assert!(!of("foo,bar,baz\n1, leading space,3").trim);
    }
}
