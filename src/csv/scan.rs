//! The scanner: bytes in any pieces to records, without failing and without
//! losing a byte.
//!
//! Blocks of 64 bytes are turned into bit masks (`simd`). A block outside quotes
//! and without a quote takes the fast path, every other one goes event by event
//! (`scan/events.rs`). What malformed quotes mean:
//!
//! - a quote inside an unquoted field is a character like any other;
//! - a quote inside a quoted field closes it only before a delimiter, a line end
//!   or the end (blanks between are dropped), and is a character otherwise;
//! - but if it stands right after a delimiter or a line end, it opens a field,
//!   so the quote that had opened the current one was stray: it is re-read as a
//!   character, and up to the second quote a quoted field must end on its line;
//! - the same when a quoted field does not end before the file does, or within
//!   [`RECORD_LIMIT`] bytes.
//!
//! Each byte is looked at no more than a few times, whatever the input.

mod bytes;
mod events;
mod resume;

pub(crate) use resume::{first_line_end, resume};

use super::record::{POSITION, QUOTED, Record, SCRATCH, Unescaped};
use super::simd::{Needles, classify};
use super::{Delimiter, Dialect};

/// The longest record that is kept in memory, in bytes.
pub const RECORD_LIMIT: usize = 16 << 20;

/// Records are not held back beyond this many bytes before the last one.
const HELD_BYTES: usize = 1 << 20;

/// How many bytes are looked at before their records are handed out.
const WINDOW: usize = 128 << 10;

/// A record longer than the scanner keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The row it is on.
    pub row: u64,
}

/// What one of the last records is, seen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A row of the table.
    Table,
    /// Something after the table.
    After,
    /// Something after the table if a blank line stands before it.
    Doubtful,
    /// Nothing but delimiters.
    Blank,
}

/// What was not as the format wants it: how often, and the first row (0: none).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Quotes read as characters where RFC 4180 allows none.
    pub stray_quotes: u64,
    /// The first row with one.
    pub stray_row: u64,
    /// Opening quotes that nothing closed, re-read as characters.
    pub unclosed_quotes: u64,
    /// The first row with one.
    pub unclosed_row: u64,
}

impl Oddities {
    fn stray(&mut self, row: u64) {
        self.stray_quotes += 1;
        self.stray_row = if self.stray_row == 0 { row } else { self.stray_row };
    }

    fn unclosed(&mut self, row: u64) {
        self.unclosed_quotes += 1;
        self.unclosed_row = if self.unclosed_row == 0 { row } else { self.unclosed_row };
    }

    /// These, then those of a part that begins `rows` rows later.
    #[must_use]
    pub fn then(self, right: Oddities, rows: u64) -> Oddities {
        let first = |left: u64, right: u64| match (left, right) {
            (0, 0) => 0,
            (0, right) => right + rows,
            (left, _) => left,
        };
        Oddities {
            stray_quotes: self.stray_quotes + right.stray_quotes,
            stray_row: first(self.stray_row, right.stray_row),
            unclosed_quotes: self.unclosed_quotes + right.unclosed_quotes,
            unclosed_row: first(self.unclosed_row, right.unclosed_row),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    Quoted,
}

/// A complete record of the window: its start and its range of `ends`.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    first: u32,
    last: u32,
    scratch: bool,
}

/// Turns bytes into records; see the module for its rules.
#[derive(Clone, Debug)]
pub struct Scanner {
    dialect: Dialect,
    limit: usize,
    /// Bytes from the start of the first record not yet handed out.
    window: Vec<u8>,
    /// The next byte to look at, in the window.
    at: usize,
    /// Start of the record under way, and of its field under way.
    start: usize,
    field: usize,
    state: State,
    /// The opening quote of the field under way, if it is quoted.
    open: usize,
    /// Flags of the field under way.
    flags: u32,
    /// Bytes before this one are taken as they are (escaped, doubled, the LF of a CRLF).
    skip: usize,
    /// Quotes opened before this must close on their line.
    line_until: usize,
    /// Quotes before this are characters.
    literal_until: usize,
    /// Ends of the fields of the complete records and of the one under way.
    ends: Vec<u32>,
    /// First entry of `ends` of the record under way.
    first: usize,
    scratched: bool,
    spans: Vec<Span>,
    rows: u64,
    odd: Oddities,
    /// How many of the last complete records stay back.
    held: usize,
    /// Inside a quoted field that began before the first byte.
    unknown_open: bool,
    unescaped: Vec<Unescaped>,
    scratch: Vec<u8>,
}

impl Scanner {
    /// A scanner at the start of a record.
    pub fn new(dialect: Dialect) -> Scanner {
        Scanner::with_limit(dialect, RECORD_LIMIT)
    }

    /// The same with another bound for the length of a record.
    pub fn with_limit(dialect: Dialect, limit: usize) -> Scanner {
        Scanner {
            dialect,
            limit: limit.clamp(1, (POSITION / 2) as usize),
            window: Vec::new(),
            at: 0,
            start: 0,
            field: 0,
            state: State::Outside,
            open: 0,
            flags: 0,
            skip: 0,
            line_until: 0,
            literal_until: 0,
            ends: Vec::new(),
            first: 0,
            scratched: false,
            spans: Vec::new(),
            rows: 0,
            odd: Oddities::default(),
            held: 0,
            unknown_open: false,
            unescaped: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Keeps the last `records` records back until the end, where
    /// [`Scanner::finish_with_tail`] hands them out apart.
    #[must_use]
    pub fn hold(self, records: usize) -> Scanner {
        Scanner { held: records, ..self }
    }

    /// Records handed out so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What was odd so far.
    pub fn oddities(&self) -> Oddities {
        self.odd
    }

    /// Takes the next bytes and hands out the records they complete.
    ///
    /// The last record or so stays back until more is known. The pieces in which
    /// a file comes make no difference to its records.
    ///
    /// # Errors
    /// [`TooLong`] when a record does not end within [`RECORD_LIMIT`] bytes.
    pub fn push(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&Record<'_>),
    ) -> Result<(), TooLong> {
        for piece in bytes.chunks(WINDOW) {
            self.window.extend_from_slice(piece);
            self.scan(false)?;
            self.hand_out(self.ready(), &mut each);
        }
        Ok(())
    }

    /// Hands out what is left: the file is at its end.
    ///
    /// # Errors
    /// As [`Scanner::push`].
    pub fn finish(&mut self, mut each: impl FnMut(&Record<'_>)) -> Result<(), TooLong> {
        self.complete()?;
        self.hand_out(self.spans.len(), &mut each);
        Ok(())
    }

    /// As [`Scanner::finish`], and tells of each record whether it stands after
    /// the table: of those held back, the last ones that have no [`Place`] in it.
    ///
    /// # Errors
    /// As [`Scanner::push`].
    pub fn finish_with_tail(
        &mut self,
        place: impl Fn(&Record<'_>) -> Place,
        mut each: impl FnMut(&Record<'_>, bool),
    ) -> Result<(), TooLong> {
        self.complete()?;
        self.hand_out(self.ready(), &mut |record: &Record<'_>| each(record, false));
        let mut end = self.spans.len();
        let mut certain = true;
        for i in (0..self.spans.len()).rev() {
            match self.see(i, &place) {
                Place::Table => break,
                Place::After if certain => end = i,
                Place::After => {}
                Place::Doubtful => certain = false,
                Place::Blank => (end, certain) = (i, true),
            }
        }
        self.hand_out(end, &mut |record: &Record<'_>| each(record, false));
        self.hand_out(self.spans.len(), &mut |record: &Record<'_>| each(record, true));
        Ok(())
    }

    fn complete(&mut self) -> Result<(), TooLong> {
        self.scan(true)?;
        if self.start < self.window.len() {
            self.end_line(self.window.len());
        }
        Ok(())
    }

    /// Complete records that need not be held back.
    fn ready(&self) -> usize {
        let from = self.spans.len().saturating_sub(self.held);
        let near = |span: &Span| self.start - (span.start as usize) <= HELD_BYTES;
        let far = self.spans[from..].iter().take_while(|span| !near(span)).count();
        from + far
    }

    fn scan(&mut self, last: bool) -> Result<(), TooLong> {
        let Dialect { delimiter, quote, escape, .. } = self.dialect;
        let needles = Needles {
            delimiter: if let Delimiter::Byte(byte) = delimiter { byte } else { b' ' },
            quote: quote.unwrap_or(b'"'),
        };
        let quotes = if quote.is_some() { u64::MAX } else { 0 };
        let blanks = delimiter == Delimiter::Blanks;
        loop {
            if self.at.saturating_sub(self.start) > self.limit {
                if self.state == State::Outside {
                    self.check_lengths()?;
                    return Err(TooLong { row: self.row() });
                }
                self.reread(self.start + self.limit);
            }
            let rest = self.window.len() - self.at;
            // A byte beyond the block is kept in sight, for CRLF and closing quotes.
            if rest == 0 || (rest <= 64 && !last) {
                if last && self.state == State::Quoted {
                    self.reread(self.window.len());
                    continue;
                }
                break;
            }
            let (block, valid) = match self.window[self.at..].first_chunk::<64>() {
                Some(block) => (*block, u64::MAX),
                None => {
                    let mut block = [0; 64];
                    block[..rest].copy_from_slice(&self.window[self.at..]);
                    (block, (1 << rest) - 1)
                }
            };
            let masks = classify(&block, needles);
            let mut special = masks.quote & quotes & valid;
            if let Some(escape) = escape {
                special |= mask(&block, escape) & valid;
            }
            let plain = self.state == State::Outside
                && special == 0
                && self.flags == 0
                && !blanks
                && (self.skip <= self.at || escape.is_none());
            if plain {
                let after_cr = u64::from(self.skip > self.at);
                let lf = masks.lf & !(masks.cr << 1 | after_cr);
                self.plain_block(masks.delimiter & valid, (masks.cr | lf) & valid);
                self.at += rest.min(64);
            } else {
                special |= masks.delimiter | masks.lf | masks.cr;
                if blanks {
                    special |= mask(&block, b'\t');
                }
                if !self.events(special & valid, rest.min(64), last) {
                    break;
                }
            }
        }
        self.check_lengths()
    }

    /// Complete records must not be longer than the limit either.
    fn check_lengths(&self) -> Result<(), TooLong> {
        if self.window.len() <= self.limit {
            return Ok(());
        }
        let long = |span: &Span| {
            let end = self.ends[span.last as usize - 1] & POSITION;
            (end - span.start) as usize > self.limit
        };
        match self.spans.iter().position(long) {
            Some(n) => Err(TooLong { row: self.rows + n as u64 + 1 }),
            None => Ok(()),
        }
    }

    /// A block outside quotes without any quote.
    #[inline(always)]
    fn plain_block(&mut self, delimiters: u64, line_ends: u64) {
        let base = self.at as u32;
        let mut rest = delimiters | line_ends;
        if rest == 0 {
            return;
        }
        while rest != 0 {
            let bit = rest.trailing_zeros();
            self.ends.push(base + bit);
            if line_ends >> bit & 1 != 0 {
                self.close_record((base + bit) as usize);
            }
            rest &= rest - 1;
        }
        if self.ends.len() > self.first {
            self.field = self.ends[self.ends.len() - 1] as usize + 1;
        }
    }

    /// The line ended at `end`; the end of its last field is written.
    #[inline(always)]
    fn close_record(&mut self, end: usize) {
        let mut next = end + 1;
        if self.window.get(end) == Some(&b'\r') && self.window.get(next) == Some(&b'\n') {
            next += 1;
            self.skip = next;
        }
        self.spans.push(Span {
            start: self.start as u32,
            first: self.first as u32,
            last: self.ends.len() as u32,
            scratch: self.scratched,
        });
        self.first = self.ends.len();
        self.scratched = false;
        self.start = next;
        self.field = next;
    }

    /// The row of the record under way.
    fn row(&self) -> u64 {
        self.rows + self.spans.len() as u64 + 1
    }

    /// Shows a complete record of the window.
    #[inline(always)]
    fn see<T>(&mut self, i: usize, look: impl FnOnce(&Record<'_>) -> T) -> T {
        let span = self.spans[i];
        let record = Record {
            bytes: &self.window,
            ends: &self.ends[span.first as usize..span.last as usize],
            start: span.start,
            trim: self.dialect.trim || self.dialect.delimiter == Delimiter::Blanks,
            row: self.rows + i as u64 + 1,
            unescaped: &[],
            scratch: &[],
        };
        if !span.scratch {
            return look(&record);
        }
        self.unescaped.clear();
        self.scratch.clear();
        unescape(&record, self.dialect, &mut self.unescaped, &mut self.scratch);
        look(&Record { unescaped: &self.unescaped, scratch: &self.scratch, ..record })
    }

    /// Hands out the first `count` complete records and lets their bytes go.
    fn hand_out(&mut self, count: usize, each: &mut impl FnMut(&Record<'_>)) {
        for i in 0..count {
            self.see(i, &mut *each);
        }
        self.rows += count as u64;
        let next = self.spans.get(count);
        let first = next.map_or(self.first, |span| span.first as usize);
        let start = next.map_or(self.start, |span| span.start as usize);
        self.spans.drain(..count);
        self.let_go(start.min(self.at), first);
    }

    /// Drops the first `by` bytes of the window and the first ends.
    fn let_go(&mut self, by: usize, ends: usize) {
        if by == 0 && ends == 0 {
            return;
        }
        self.window.drain(..by);
        self.ends.drain(..ends);
        for end in &mut self.ends {
            *end -= by as u32;
        }
        for span in &mut self.spans {
            span.start -= by as u32;
            span.first -= ends as u32;
            span.last -= ends as u32;
        }
        self.first -= ends;
        self.start -= by;
        self.at -= by;
        self.field = self.field.saturating_sub(by);
        self.open = self.open.saturating_sub(by);
        self.skip = self.skip.saturating_sub(by);
        self.line_until = self.line_until.saturating_sub(by);
        self.literal_until = self.literal_until.saturating_sub(by);
    }
}

/// The mask of one more byte.
fn mask(block: &[u8; 64], needle: u8) -> u64 {
    classify(block, Needles { delimiter: needle, quote: needle }).quote
}

/// Writes the content of the record's marked fields to the scratch buffer.
fn unescape(
    record: &Record<'_>,
    dialect: Dialect,
    unescaped: &mut Vec<Unescaped>,
    scratch: &mut Vec<u8>,
) {
    let mut start = record.start as usize;
    for (i, &flagged) in record.ends.iter().enumerate() {
        let end = (flagged & POSITION) as usize;
        if flagged & SCRATCH != 0 {
            let from = scratch.len();
            let mut field = &record.bytes[start..end];
            let blank = |b: &u8| *b == b' ' || *b == b'\t';
            if record.trim {
                field = &field[field.iter().take_while(|b| blank(b)).count()..];
            }
            let quote = dialect.quote.filter(|_| flagged & QUOTED != 0);
            if quote.is_some() {
                let after = field.iter().rev().take_while(|b| blank(b)).count();
                // The opening quote, and the closing one before the blanks.
                field = &field[1..field.len() - after - 1];
            }
            let mut at = 0;
            while at < field.len() {
                let taken = Some(field[at]) == dialect.escape && at + 1 < field.len()
                    || Some(field[at]) == quote && field.get(at + 1) == quote.as_ref();
                at += usize::from(taken);
                scratch.push(field[at]);
                at += 1;
            }
            unescaped.push((i as u32, from as u32, scratch.len() as u32));
        }
        start = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_pieces(dialect: Dialect, text: &[u8], piece: usize) -> Vec<Vec<String>> {
        let mut records = Vec::new();
        let mut scanner = Scanner::new(dialect);
        let mut each = |record: &Record<'_>| {
            records.push(
                record
                    .fields()
                    .map(|f| String::from_utf8_lossy(f).into_owned())
                    .collect(),
            );
        };
        for bytes in text.chunks(piece) {
            scanner.push(bytes, &mut each).unwrap();
        }
        scanner.finish(&mut each).unwrap();
        records
    }

    /// Reads in one piece, byte by byte and in a few others, which must agree.
    fn read(dialect: Dialect, text: &str) -> Vec<Vec<String>> {
        let whole = read_pieces(dialect, text.as_bytes(), usize::MAX);
        for piece in [1, 2, 3, 7, 64] {
            assert_eq!(read_pieces(dialect, text.as_bytes(), piece), whole, "{piece}");
        }
        whole
    }

    fn comma(text: &str) -> Vec<Vec<String>> {
        read(Dialect::default(), text)
    }

    #[test]
    fn plain_records_and_all_line_ends() {
        assert_eq!(comma(""), Vec::<Vec<String>>::new());
        assert_eq!(
            comma("a,b\n1,2\r\n3,4\r5,6"),
            [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]
        );
        assert_eq!(
            comma("a\n\r\n\r\rb,"),
            vec![vec!["a"], vec![""], vec![""], vec![""], vec!["b", ""]]
        );
    }

    #[test]
    fn quoted_fields() {
        assert_eq!(
            comma("\"a,b\",\"c \"\"d\"\"\",\"\"\n\"x\ny\",\" z \",3"),
            [["a,b", "c \"d\"", ""], ["x\ny", " z ", "3"]]
        );
        // Blanks after a closing quote are dropped, quotes inside are characters.
        assert_eq!(
            comma("\"a\" ,5\" pipe\n\"a \"b\" c\",2"),
            [["a", "5\" pipe"], ["a \"b\" c", "2"]]
        );
    }

    #[test]
    fn stray_quotes_do_not_swallow_other_fields() {
        assert_eq!(
            comma("\"5,PN,\"x, y\",3\n6,\"z\",q\n"),
            vec![vec!["\"5", "PN", "x, y", "3"], vec!["6", "z", "q"]]
        );
        assert_eq!(
            comma("a,b\n1,\"I forgot,3\n4,5\n"),
            vec![vec!["a", "b"], vec!["1", "\"I forgot", "3"], vec!["4", "5"]]
        );
        assert_eq!(comma("\"\"5\",\"b\"\n"), [["\"5", "b"]]);
    }

    #[test]
    fn blanks_escapes_and_trimming() {
        let blanks = Dialect::with_delimiter(Delimiter::Blanks);
        assert_eq!(
            read(blanks, " a  b \n 1\t\t\"2 3\"\r\n4 5"),
            [["a", "b"], ["1", "2 3"], ["4", "5"]]
        );
        let escape = Dialect { escape: Some(b'\\'), ..Dialect::default() };
        assert_eq!(
            read(escape, "\"a \\\"b\\\", c\",d\\,e\n1,2"),
            [["a \"b\", c", "d,e"], ["1", "2"]]
        );
        let trim = Dialect { trim: true, ..Dialect::default() };
        assert_eq!(read(trim, "a, b\n1,  \"x, y\"\n"), [["a", "b"], ["1", "x, y"]]);
    }

    #[test]
    fn a_record_is_bounded() {
        let mut scanner = Scanner::with_limit(Dialect::default(), 100);
        let line = vec![b'x'; 300];
        assert_eq!(scanner.push(&line, |_| {}), Err(TooLong { row: 1 }));
        // An open quote is given up at the bound.
        let mut text = b"1,\"x\n".to_vec();
        text.extend(b"2,y\n".repeat(200));
        let mut rows = 0;
        let mut scanner = Scanner::with_limit(Dialect::default(), 100);
        scanner.push(&text, |record| rows += record.len() / 2).unwrap();
        scanner.finish(|record| rows += record.len() / 2).unwrap();
        assert_eq!(rows, 201);
        assert_eq!(scanner.oddities().unclosed_row, 1);
    }
}
