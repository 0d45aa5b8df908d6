//! A scanner in the middle of its work as bytes, to be carried between workers.

use super::super::record::POSITION;
use super::{Oddities, Scanner, Span, State};
use crate::wire::{Carried, Wire, carried, list};

impl Carried for Scanner {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let Scanner {
            // The plan's, and what is empty between two records.
            dialect: _,
            limit: _,
            held: _,
            unescaped: _,
            scratch: _,
            window,
            at,
            start,
            field,
            state,
            open,
            flags,
            skip,
            line_until,
            literal_until,
            ends,
            first,
            scratched,
            spans,
            rows,
            odd,
            unknown_open,
        } = self;
        wire.bytes(window);
        for place in [at, start, field, open, skip, line_until, literal_until, first] {
            place.carry(wire);
        }
        let mut quoted = *state == State::Quoted;
        quoted.carry(wire);
        *state = if quoted { State::Quoted } else { State::Outside };
        flags.carry(wire);
        ends.carry(wire);
        scratched.carry(wire);
        list(spans, wire);
        rows.carry(wire);
        odd.carry(wire);
        unknown_open.carry(wire);
        if !self.is_whole() {
            *self = Scanner::with_limit(self.dialect, self.limit).hold(self.held);
            wire.refuse();
        }
    }
}

impl Scanner {
    /// Whether nothing points beyond what is there.
    fn is_whole(&self) -> bool {
        let (bytes, ends) = (self.window.len(), self.ends.len());
        let within = |span: &Span| {
            span.first < span.last
                && span.start as usize <= bytes
                && span.last as usize <= ends
        };
        [self.at, self.start, self.field, self.open].iter().all(|place| *place <= bytes)
            && self.first <= ends
            && self.ends.iter().all(|end| (end & POSITION) as usize <= bytes)
            && self.spans.iter().all(within)
    }
}

carried! {
    Span { start, first, last, scratch }
    Oddities { stray_quotes, stray_row, unclosed_quotes, unclosed_row }
}
