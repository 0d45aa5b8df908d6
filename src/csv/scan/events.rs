//! The scanner's careful path: one delimiter, quote or line end after the other.

use super::super::Delimiter;
use super::super::record::{QUOTED, SCRATCH};
use super::{Scanner, State};

/// Blanks looked through after a closing quote, and before an opening one.
const BLANKS: usize = 256;

/// What a quote inside a quoted field means.
enum Meaning {
    Closes { blanks: bool },
    Doubled,
    Opens,
    Character,
    NotYetKnown,
}

impl Scanner {
    /// Goes through the special bytes of the next `n` bytes.
    ///
    /// Moves on by `n`, or back to where a stray quote makes it read again.
    /// False: more bytes are needed.
    pub(super) fn events(&mut self, mut special: u64, n: usize, last: bool) -> bool {
        let base = self.at;
        let (quote, escape) = (self.dialect.quote, self.dialect.escape);
        while special != 0 {
            let at = base + special.trailing_zeros() as usize;
            special &= special - 1;
            if at < self.skip {
                continue;
            }
            let byte = self.window[at];
            if Some(byte) == escape {
                self.flags |= SCRATCH;
                self.skip = at + 2;
                continue;
            }
            if self.state == State::Quoted {
                if at - self.start > self.limit {
                    self.reread(self.start + self.limit);
                    return true;
                }
                if Some(byte) == quote {
                    match self.meaning(at, byte, last) {
                        Meaning::Closes { blanks } => {
                            self.state = State::Outside;
                            self.unknown_open = false;
                            self.flags |= if blanks { SCRATCH } else { 0 };
                        }
                        Meaning::Doubled => {
                            self.flags |= SCRATCH;
                            self.skip = at + 2;
                        }
                        Meaning::Opens => {
                            self.reread(at);
                            return true;
                        }
                        Meaning::Character => self.odd.stray(self.row()),
                        Meaning::NotYetKnown => {
                            self.at = at;
                            return false;
                        }
                    }
                } else if self.open < self.line_until && matches!(byte, b'\n' | b'\r') {
                    self.reread(at);
                    return true;
                }
            } else if Some(byte) == quote {
                if at >= self.literal_until && self.at_field_start(at) {
                    self.state = State::Quoted;
                    self.open = at;
                    self.flags |= QUOTED;
                    if at != self.field || self.dialect.delimiter == Delimiter::Blanks {
                        self.flags |= SCRATCH;
                    }
                } else if !self.in_formula(byte) {
                    self.odd.stray(self.row());
                }
            } else if matches!(byte, b'\n' | b'\r') {
                self.end_line(at);
            } else {
                self.end_field(at);
            }
        }
        self.at = base + n;
        true
    }

    /// Whether a quote is one of the two of `="..."`, as spreadsheets keep texts.
    fn in_formula(&self, quote: u8) -> bool {
        self.window.get(self.field..self.field + 2) == Some(&[b'=', quote])
    }

    fn meaning(&self, at: usize, quote: u8, last: bool) -> Meaning {
        let blank = |b: &u8| matches!(b, b' ' | b'\t') && !self.dialect.delimiter.is(*b);
        let ends = |b: &u8| matches!(b, b'\n' | b'\r') || self.dialect.delimiter.is(*b);
        let after = &self.window[at + 1..];
        match after.first() {
            None => return Meaning::Closes { blanks: false },
            Some(next) if *next == quote => return Meaning::Doubled,
            Some(next) if ends(next) => return Meaning::Closes { blanks: false },
            _ => {}
        }
        let blanks = after.iter().take(BLANKS).take_while(|b| blank(b)).count();
        if blanks > 0 && blanks < BLANKS {
            match after.get(blanks) {
                Some(next) if ends(next) => return Meaning::Closes { blanks: true },
                None if last => return Meaning::Closes { blanks: true },
                None => return Meaning::NotYetKnown,
                Some(_) => {}
            }
        }
        let before = self.window[at - 1];
        let escaped = self.skip == at;
        if ends(&before) && (at - 1 > self.open || self.unknown_open) && !escaped {
            Meaning::Opens
        } else {
            Meaning::Character
        }
    }

    fn at_field_start(&self, at: usize) -> bool {
        if at == self.field {
            return true;
        }
        self.dialect.trim
            && at - self.field < BLANKS
            && self.window[self.field..at].iter().all(|b| matches!(b, b' ' | b'\t'))
    }

    fn end_field(&mut self, at: usize) {
        let blanks = self.dialect.delimiter == Delimiter::Blanks;
        if !(blanks && at == self.field) {
            self.ends.push(at as u32 | self.flags);
            self.scratched |= self.flags & SCRATCH != 0;
        }
        self.flags = 0;
        self.field = at + 1;
    }

    /// Ends the field and the record at `at`, a line end or the end of the file.
    pub(super) fn end_line(&mut self, at: usize) {
        let trailing = self.dialect.delimiter == Delimiter::Blanks
            && at == self.field
            && self.ends.len() > self.first;
        if !trailing {
            self.ends.push(at as u32 | self.flags);
            self.scratched |= self.flags & SCRATCH != 0;
        }
        self.flags = 0;
        self.close_record(at);
    }

    /// The opening quote of this field was stray: reads on right after it, and
    /// up to `until` trusts only quotes that close on their line.
    pub(super) fn reread(&mut self, until: usize) {
        if self.unknown_open {
            // That quote is out of sight; what it means for here is known.
            self.unknown_open = false;
            self.state = State::Outside;
            (self.field, self.at, self.skip, self.line_until) =
                (until, until, until, until);
            return;
        }
        self.odd.unclosed(self.row());
        if self.open < self.line_until {
            self.literal_until = until;
        }
        self.line_until = self.line_until.max(until);
        self.state = State::Outside;
        self.flags = 0;
        self.at = self.open + 1;
        self.skip = self.at;
    }
}
