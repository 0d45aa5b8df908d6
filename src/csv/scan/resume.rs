//! Where a scan may begin that does not know what came before.
//!
//! A line end is either the end of a record or part of a quoted field. Both are
//! tried from the first line end of the bytes; where they agree on the start of
//! a record, whatever came before, scanning is the same from there on.

use super::super::Dialect;
use super::{Scanner, State};

/// The first byte at which a record starts under both readings, if it is known.
pub(crate) fn resume(bytes: &[u8], dialect: Dialect) -> Option<usize> {
    let line_end = first_line_end(bytes, dialect)?;
    let outside = starts(Scanner::with_limit(dialect, usize::MAX), &bytes[line_end..]);
    // The line end itself is kept in sight of the quotes after it.
    let inside = starts(Scanner::inside(dialect), &bytes[line_end - 1..]);
    let mut within = inside.0.iter().map(|start| start + line_end - 1).peekable();
    let trusted = (outside.1 + line_end).max(inside.1 + line_end - 1);
    std::iter::once(line_end)
        .chain(outside.0.iter().map(|start| start + line_end))
        .filter(|start| *start >= trusted)
        .find(|start| {
            while within.next_if(|other| other < start).is_some() {}
            within.peek() == Some(start)
        })
}

/// The byte after the first line end, if what follows it is known.
pub(crate) fn first_line_end(bytes: &[u8], dialect: Dialect) -> Option<usize> {
    let escaped = |at: usize| at > 0 && Some(bytes[at - 1]) == dialect.escape;
    let mut at = 0;
    loop {
        at += bytes[at..].iter().position(|b| matches!(b, b'\n' | b'\r'))?;
        let next = *bytes.get(at + 1)?;
        // An escaped line end is no line end; the LF of a CRLF belongs to it.
        if !escaped(at) && at > 0 {
            let crlf = bytes[at] == b'\r' && next == b'\n';
            let after = at + 1 + usize::from(crlf);
            return (after < bytes.len()).then_some(after);
        }
        at += 1;
    }
}

/// Starts of records after the first complete one, and the byte from which on
/// no quote was read a second time.
fn starts(mut scanner: Scanner, bytes: &[u8]) -> (Vec<usize>, usize) {
    scanner.window.extend_from_slice(bytes);
    // Without a limit no record is too long.
    let _ = scanner.scan(false);
    let later = scanner.spans.iter().skip(1).map(|span| span.start as usize);
    let mut starts: Vec<usize> = later.collect();
    if !scanner.spans.is_empty() {
        starts.push(scanner.start);
    }
    (starts, scanner.line_until)
}

impl Scanner {
    /// A scanner within a quoted field that began before its first byte.
    fn inside(dialect: Dialect) -> Scanner {
        let scanner = Scanner::with_limit(dialect, usize::MAX);
        Scanner { state: State::Quoted, unknown_open: true, at: 1, ..scanner }
    }

    /// The bytes that were not handed out.
    pub(crate) fn remaining(&self) -> &[u8] {
        &self.window
    }

    /// Counts on from what another scanner read before this one.
    pub(crate) fn after(&mut self, left: &Scanner) {
        self.odd = left.odd.then(self.odd, left.rows);
        self.rows += left.rows;
    }
}
