//! A part of a file as bytes, in pieces: read by one worker, merged by another.
//!
//! The first piece is the part without its cells, each further one a column of
//! it, so that neither side holds them twice.

use super::fold::{Count, Counts, Fold};
use super::part::{Part, Stream};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::wire::{Carried, Wire, carried, list};

/// The pieces of a part, in their order.
#[derive(Debug)]
pub struct Pieces {
    part: Option<Part>,
    columns: Columns,
    next: usize,
}

/// What is still to come of a part that is being merged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joining {
    /// Rows before it.
    offset: u64,
    /// The column that comes next.
    next: usize,
}

impl Part {
    /// This part as bytes.
    pub fn into_pieces(mut self) -> Pieces {
        let none = self.plan.columns();
        let fold = self.stream.as_mut().map(|stream| &mut stream.fold);
        let columns = fold.map_or(none, |fold| {
            let empty = fold.columns.counted(fold.columns.rows());
            std::mem::replace(&mut fold.columns, empty)
        });
        Pieces { part: Some(self), columns, next: 0 }
    }

    /// Takes a piece of the part that follows this one.
    ///
    /// # Errors
    /// `engine-failed` for bytes that are no such piece; those of [`Part::merge`].
    pub(super) fn merge_piece(
        self,
        joining: &mut Option<Joining>,
        bytes: &[u8],
    ) -> Result<Part> {
        let bad = || Error::new("engine-failed");
        let Some(Joining { offset, next }) = *joining else {
            let mut right = Part::new(self.plan.clone());
            if !Wire::read(bytes, &mut right) {
                return Err(bad());
            }
            let rows = right.rows();
            let part = self.merge(right)?;
            let more = rows > 0 && !part.plan.names.is_empty();
            let offset = part.rows() - rows;
            *joining = more.then_some(Joining { offset, next: 0 });
            return Ok(part);
        };
        let mut part = self;
        let stream = part.stream.as_mut().ok_or_else(bad)?;
        let columns = &mut stream.fold.columns;
        if !columns.merge_bytes(next, bytes, offset) {
            return Err(bad());
        }
        let more = next + 1 < columns.len();
        *joining = more.then_some(Joining { offset, next: next + 1 });
        Ok(part)
    }
}

impl Iterator for Pieces {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if let Some(part) = self.part.take() {
            return Some(Wire::written(part));
        }
        let more = self.columns.rows() > 0 && self.next < self.columns.len();
        self.next += 1;
        more.then(|| self.columns.take_bytes(self.next - 1))
    }
}

impl Carried for Part {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let Part { plan, lead, look, guess: _, guessed, stream, bytes, zeros } = self;
        wire.bytes(lead);
        look.carry(wire);
        guessed.carry(wire);
        bytes.carry(wire);
        zeros.carry(wire);
        let mut begun = stream.is_some();
        begun.carry(wire);
        if begun {
            let Stream { scanner, fold, utf8 } =
                stream.get_or_insert_with(|| Stream::new(plan, false));
            scanner.carry(wire);
            fold.carry(wire);
            utf8.carry(wire);
        }
    }
}

impl Carried for Fold {
    /// Of the columns only how many rows they have.
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let Fold { columns, preview, counts, anchors, kept, next, from, suspicious } =
            self;
        let mut rows = columns.rows();
        rows.carry(wire);
        list(preview, wire);
        counts.carry(wire);
        list(anchors, wire);
        kept.carry(wire);
        next.carry(wire);
        from.carry(wire);
        suspicious.carry(wire);
        if wire.is_reading() {
            *columns = columns.counted(rows);
            if rows != *kept {
                wire.refuse();
            }
        }
    }
}

carried! {
    Count { rows, first }
    Counts { blank, short, long, resplit, headers, footer, invalid }
}
