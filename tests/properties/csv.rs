//! The scanner on arbitrary bytes: nothing lost, nothing dependent on pieces or
//! blocks, and what is written comes back.

use proptest::prelude::*;
use regulars::csv::{Delimiter, Dialect, Oddities, Record, Scanner, TooLong};

type Rows = Vec<Vec<Vec<u8>>>;

fn try_scan(
    dialect: Dialect,
    limit: usize,
    pieces: &[&[u8]],
) -> Result<(Rows, Oddities), TooLong> {
    let mut rows = Vec::new();
    let mut scanner = Scanner::with_limit(dialect, limit);
    let mut each = |record: &Record<'_>| {
        assert_eq!(record.row() as usize, rows.len() + 1);
        rows.push(record.fields().map(<[u8]>::to_vec).collect());
    };
    for piece in pieces {
        scanner.push(piece, &mut each)?;
    }
    scanner.finish(&mut each)?;
    Ok((rows, scanner.oddities()))
}

fn scan(dialect: Dialect, limit: usize, pieces: &[&[u8]]) -> (Rows, Oddities) {
    try_scan(dialect, limit, pieces).unwrap()
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let delimiter = prop_oneof![
        3 => Just(Delimiter::Byte(b',')),
        1 => Just(Delimiter::Byte(b';')),
        1 => Just(Delimiter::Byte(b'\t')),
        1 => Just(Delimiter::Byte(b' ')),
        1 => Just(Delimiter::Blanks),
    ];
    let quote =
        prop_oneof![4 => Just(Some(b'"')), 1 => Just(Some(b'\'')), 1 => Just(None)];
    let escape = prop_oneof![3 => Just(None), 1 => Just(Some(b'\\'))];
    (delimiter, quote, escape, any::<bool>()).prop_map(
        |(delimiter, quote, escape, trim)| Dialect { delimiter, quote, escape, trim },
    )
}

/// Bytes with many structural ones.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just(&b"abc"[..]), 4 => Just(&b","[..]), 4 => Just(&b"\""[..]), 3 => Just(&b"\n"[..]),
        1 => Just(&b"\r"[..]), 1 => Just(&b"\r\n"[..]), 2 => Just(&b" "[..]), 1 => Just(&b"\t"[..]),
        1 => Just(&b";"[..]), 1 => Just(&b"'"[..]), 1 => Just(&b"\\"[..]), 2 => Just(&b",\"x"[..]),
        2 => Just(&b"\"\""[..]), 2 => Just(&b"\",\""[..]), 1 => Just(&b"\"\n\""[..]),
        1 => Just(&b"a longer text without anything of note in it, up to here "[..]),
        1 => Just(&b"\xFF\0"[..]),
    ];
    prop::collection::vec(piece, 0..150).prop_map(|pieces| pieces.concat())
}

fn cut(bytes: &[u8], size: usize) -> Vec<&[u8]> {
    bytes.chunks(size.max(1)).collect()
}

/// The rules of the scanner once more, one byte after the other over the whole
/// text: slow, without blocks, windows or pieces.
struct Model<'t> {
    dialect: Dialect,
    text: &'t [u8],
    rows: Rows,
    stray: u64,
    unclosed: u64,
}

impl Model<'_> {
    fn is_end(&self, at: usize) -> bool {
        matches!(self.text.get(at), Some(b'\n' | b'\r'))
    }

    fn is_delimiter(&self, at: usize) -> bool {
        let Some(&byte) = self.text.get(at) else { return false };
        match self.dialect.delimiter {
            Delimiter::Byte(delimiter) => byte == delimiter,
            Delimiter::Blanks => matches!(byte, b' ' | b'\t'),
        }
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.text.get(at), Some(b' ' | b'\t'))
    }

    /// The content of the field whose first byte is at `at`, and its end.
    /// `Err(until)`: its opening quote is stray, as what is at `until` shows.
    fn quoted(
        &mut self,
        open: usize,
        quote: u8,
        line: bool,
    ) -> Result<(Vec<u8>, usize), usize> {
        let (mut content, mut at, mut taken, mut stray) = (Vec::new(), open + 1, open, 0);
        loop {
            let Some(&byte) = self.text.get(at) else {
                self.stray += stray;
                return Err(self.text.len());
            };
            if Some(byte) == self.dialect.escape {
                content.extend(self.text.get(at + 1));
                taken = at + 1;
                at += 2;
                continue;
            }
            if line && self.is_end(at) {
                self.stray += stray;
                return Err(at);
            }
            if byte != quote {
                content.push(byte);
                at += 1;
                continue;
            }
            if self.text.get(at + 1) == Some(&quote) {
                content.push(quote);
                taken = at + 1;
                at += 2;
                continue;
            }
            let mut after = at + 1;
            while self.is_blank(after) && !self.is_delimiter(after) && after - at <= 255 {
                after += 1;
            }
            if after == self.text.len() || self.is_delimiter(after) || self.is_end(after)
            {
                self.stray += stray;
                return Ok((content, after));
            }
            let before = at - 1;
            let begins =
                (self.is_delimiter(before) || self.is_end(before)) && before > open;
            if begins && taken != before {
                self.stray += stray;
                return Err(at);
            }
            stray += 1;
            content.push(byte);
            at += 1;
        }
    }

    fn read(&mut self) {
        let (mut at, mut line_until, mut literal_until) = (0, 0, 0);
        let blanks = self.dialect.delimiter == Delimiter::Blanks;
        let (mut row, mut started): (Vec<Vec<u8>>, bool) = (Vec::new(), false);
        while at < self.text.len() || started {
            started = true;
            // One field, from `at`.
            let mut start = at;
            let trims = |at| blanks || (self.dialect.trim && !self.is_delimiter(at));
            while trims(start) && self.is_blank(start) {
                start += 1;
            }
            if blanks
                && (start == self.text.len() || self.is_end(start))
                && !row.is_empty()
            {
                // Trailing blanks end no field.
                self.rows.push(std::mem::take(&mut row));
                started = false;
                at = self.after_end(start);
                continue;
            }
            let near = blanks || start - at < 256;
            let quote = self.dialect.quote.filter(|quote| {
                near && self.text.get(start) == Some(quote) && start >= literal_until
            });
            let mut field = None;
            if let Some(quote) = quote {
                match self.quoted(start, quote, start < line_until) {
                    Ok(found) => field = Some(found),
                    Err(until) => {
                        self.unclosed += 1;
                        if start < line_until {
                            literal_until = until;
                        }
                        line_until = line_until.max(until);
                    }
                }
            }
            let skip = usize::from(quote.is_some() && field.is_none());
            let (content, end) = field.unwrap_or_else(|| self.unquoted(start, skip));
            row.push(content);
            at = end;
            if end >= self.text.len() || self.is_end(end) {
                self.rows.push(std::mem::take(&mut row));
                started = false;
                at = self.after_end(end);
            } else {
                at += 1;
            }
        }
    }

    fn unquoted(&mut self, start: usize, skip: usize) -> (Vec<u8>, usize) {
        let mut content = self.text[start..start + skip].to_vec();
        let mut at = start + skip;
        let mut escaped = false;
        while at < self.text.len() && !self.is_delimiter(at) && !self.is_end(at) {
            if Some(self.text[at]) == self.dialect.escape && at + 1 < self.text.len() {
                escaped = true;
                at += 1;
            } else if Some(self.text[at]) == self.dialect.quote {
                self.stray += 1;
            }
            content.push(self.text[at]);
            at += 1;
        }
        if self.dialect.trim && !escaped {
            let blank = |b: &&u8| matches!(b, b' ' | b'\t');
            let trailing = content.iter().rev().take_while(blank).count();
            content.truncate(content.len() - trailing);
        }
        (content, at)
    }

    fn after_end(&self, at: usize) -> usize {
        let crlf =
            self.text.get(at) == Some(&b'\r') && self.text.get(at + 1) == Some(&b'\n');
        at + 1 + usize::from(crlf)
    }
}

/// A field with a doubled quote that is not closed is read again from its start:
/// the model and the scanner count stray quotes of both readings.
fn model(dialect: Dialect, text: &[u8]) -> (Rows, u64, u64) {
    let mut model = Model { dialect, text, rows: Vec::new(), stray: 0, unclosed: 0 };
    model.read();
    (model.rows, model.stray, model.unclosed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn scanner_equals_its_model(dialect in dialect(), text in bytes()) {
        let (rows, odd) = scan(dialect, usize::MAX, &[&text]);
        let (expected, stray, unclosed) = model(dialect, &text);
        prop_assert_eq!(rows, expected);
        prop_assert_eq!((odd.stray_quotes, odd.unclosed_quotes), (stray, unclosed));
    }

    #[test]
    fn pieces_make_no_difference(
        dialect in dialect(), text in bytes(), size in 1usize..90, limit in 100usize..2000,
    ) {
        let whole = try_scan(dialect, limit, &[&text]);
        prop_assert_eq!(try_scan(dialect, limit, &cut(&text, size)), whole);
    }

    #[test]
    fn no_byte_is_lost(dialect in dialect(), text in bytes()) {
        let mut rest = text.as_slice();
        let mut scanner = Scanner::new(dialect);
        let mut each = |record: &Record<'_>| {
            let blank = |b: &u8| matches!(b, b' ' | b'\t');
            rest = rest.strip_prefix(record.raw()).expect("records follow each other");
            if dialect.delimiter == Delimiter::Blanks {
                rest = &rest[rest.iter().take_while(|b| blank(b)).count()..];
            }
            let end = match rest {
                [b'\r', b'\n', ..] => 2,
                [b'\n' | b'\r', ..] => 1,
                [] => 0,
                _ => panic!("a record ends at {rest:?}"),
            };
            rest = &rest[end..];
        };
        scanner.push(&text, &mut each).unwrap();
        scanner.finish(&mut each).unwrap();
        prop_assert!(rest.is_empty());
    }

    #[test]
    fn what_is_written_is_read(
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        all: bool,
        rows in (1usize..6).prop_flat_map(|width| {
            let cell = "[a-z,;|\t\"'\r\n é日]{0,12}|[0-9.,-]{0,9}";
            prop::collection::vec(prop::collection::vec(cell, width), 1..30)
        }),
    ) {
        let mut text = Vec::new();
        for row in &rows {
            for (i, cell) in row.iter().enumerate() {
                if i > 0 {
                    text.push(delimiter);
                }
                let special = |b: u8| matches!(b, b'"' | b'\r' | b'\n') || b == delimiter;
                if all || cell.bytes().any(special) || (row.len() == 1 && cell.is_empty()) {
                    text.extend(format!("\"{}\"", cell.replace('"', "\"\"")).bytes());
                } else {
                    text.extend(cell.bytes());
                }
            }
            text.extend(end.bytes());
        }
        let dialect = Dialect::with_delimiter(Delimiter::Byte(delimiter));
        let (found, odd) = scan(dialect, usize::MAX, &cut(&text, 37));
        let expected: Rows =
            rows.iter().map(|row| row.iter().map(|c| c.clone().into_bytes()).collect()).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(odd, Oddities::default());
    }
}

/// Inputs that would take hours if any part of them were read again and again.
#[test]
fn hostile_quotes_are_read_in_one_go() {
    const SIZE: usize = 1 << 20;
    let patterns: [&[u8]; 9] = [
        b"\"",
        b"\"\"",
        b"\"\n\"\"",
        b"\"a\n",
        b",\"x",
        b"\"\"x\n",
        b"\" ",
        b"a\"\"\"\n\",",
        b"\\\"",
    ];
    for pattern in patterns {
        let text = pattern.repeat(SIZE / pattern.len());
        for dialect in [
            Dialect::default(),
            Dialect { escape: Some(b'\\'), trim: true, ..Dialect::default() },
            Dialect::with_delimiter(Delimiter::Blanks),
        ] {
            let (rows, _) = scan(dialect, usize::MAX, &cut(&text, 1000));
            assert!(!rows.is_empty());
        }
    }
}
