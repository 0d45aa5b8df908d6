//! The first filled cells of a column that is not kept packed: enough to tell
//! what it is, whatever its length.

use super::evidence::Evidence;
use super::packed::Packed;
use super::packed_evidence;
use super::wrapping::trimmed;

/// How many filled cells are looked at.
const HEAD: usize = 500;

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    cells: Packed,
    rows: Vec<u64>,
}

impl Head {
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], row: u64) {
        if self.rows.len() < HEAD && !text.is_empty() {
            self.add(text, row);
        }
    }

    fn add(&mut self, text: &[u8], row: u64) {
        if !trimmed(text).is_empty() {
            self.cells.push_one(text, row);
            self.rows.push(row);
        }
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// One of them as written, and its row.
    pub(crate) fn cell(&self, at: usize) -> (Vec<u8>, u64) {
        let row = self.rows.get(at).copied().unwrap_or(0);
        (self.cells.render(self.cells.cell(at)), row)
    }

    /// This head, filled up from the head of later rows.
    pub(crate) fn merge(&mut self, later: &Head, offset: u64) {
        for at in 0..later.len() {
            let (text, row) = later.cell(at);
            self.push(&text, offset + row);
        }
    }

    /// The evidence of these cells alone.
    pub(crate) fn evidence(&self) -> Evidence {
        let mut found = packed_evidence::evidence(&self.cells);
        found.examined = self.rows.len() as u64;
        found
    }
}
