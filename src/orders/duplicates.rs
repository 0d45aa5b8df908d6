//! Rows that equal an earlier row in every mapped column, over all files.

use std::sync::Arc;

use super::plan::Plan;
use crate::reader::Reading;

/// The distinct rows seen so far, each by its first appearance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Duplicates {
    rows: Seen,
    /// First row of each file, from 0 over all files.
    starts: Vec<u64>,
    /// Of the rows at work.
    hashes: Vec<u64>,
    /// Whether there is one file, whose cells can be compared unread.
    one_file: bool,
}

/// One round of a multiplicative hash with full avalanche in the upper bits
/// (the finaliser of `splitmix64`: Steele, Lea, Flood 2014).
#[inline]
fn mix(state: u64, cell: u64) -> u64 {
    let mut z = (state ^ cell).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^= z >> 27;
    z = z.wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Rows by the hashes of their cells: in each place the upper half of a hash and
/// the number of a row, from 1; 0 is free.
#[derive(Clone, Debug, Default)]
struct Seen(Vec<u64>);

impl Seen {
    /// With room for so many rows, so that nothing ever moves.
    fn new(rows: u64) -> Seen {
        Seen(vec![0; (rows + rows / 2).max(1).next_power_of_two() as usize])
    }

    /// Whether a row of this hash is the `same`; else this one is noted.
    #[inline]
    fn find(&mut self, hash: u64, row: u32, mut same: impl FnMut(u32) -> bool) -> bool {
        let last = self.0.len() - 1;
        let mut at = hash as usize & last;
        loop {
            match self.0[at] {
                0 => {
                    self.0[at] = (hash >> 32) << 32 | (u64::from(row) + 1);
                    return false;
                }
                slot if slot >> 32 == hash >> 32 && same(slot as u32 - 1) => return true,
                _ => at = (at + 1) & last,
            }
        }
    }
}

impl Duplicates {
    /// For the files of a plan.
    pub fn new(readings: &[Arc<Reading>]) -> Duplicates {
        let mut starts = Vec::new();
        let mut rows = 0;
        for reading in readings {
            starts.push(rows);
            rows += reading.columns.rows();
        }
        Duplicates {
            rows: Seen::new(rows),
            starts,
            hashes: Vec::new(),
            one_file: readings.len() == 1,
        }
    }

    /// Whether rows equal an earlier one, in order.
    pub fn mark(
        &mut self,
        plan: &Plan,
        readings: &[Arc<Reading>],
        file: usize,
        rows: std::ops::Range<usize>,
        into: &mut Vec<bool>,
    ) {
        into.clear();
        if self.one_file {
            let (columns, mapped) = (&readings[0].columns, &plan.sources[0].mapped);
            self.hashes.clear();
            self.hashes.resize(rows.len(), 0);
            let mut hashes = std::mem::take(&mut self.hashes);
            for &column in mapped {
                columns.each_raw(column, rows.clone(), |k, cell| {
                    hashes[k] = (hashes[k].rotate_left(23) ^ cell)
                        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
                });
            }
            hashes.iter_mut().for_each(|hash| *hash = mix(*hash, 0));
            for (row, &hash) in rows.zip(&hashes) {
                into.push(self.rows.find(hash, row as u32, |other| {
                    let other = other as usize;
                    mapped.iter().all(|&c| columns.raw(c, row) == columns.raw(c, other))
                }));
            }
            self.hashes = hashes;
            return;
        }
        let mut own: Vec<u8> = Vec::new();
        for row in rows {
            own.clear();
            self.render(plan, readings, file, row, &mut own);
            let hash = own.chunks(8).fold(own.len() as u64, |h, chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                mix(h, u64::from_le_bytes(word))
            });
            let number = (self.starts[file] + row as u64) as u32;
            let mut seen = std::mem::take(&mut self.rows);
            into.push(seen.find(hash, number, |other| {
                let (file, row) = self.place(other);
                let mut theirs = Vec::new();
                self.render(plan, readings, file, row, &mut theirs);
                theirs == own
            }));
            self.rows = seen;
        }
    }

    /// File and row of a row's number.
    fn place(&self, number: u32) -> (usize, usize) {
        let file = self.starts.partition_point(|&s| s <= u64::from(number)) - 1;
        (file, (u64::from(number) - self.starts[file]) as usize)
    }

    /// The mapped cells of a row as written, each with its length before it.
    fn render(
        &self,
        plan: &Plan,
        readings: &[Arc<Reading>],
        file: usize,
        row: usize,
        into: &mut Vec<u8>,
    ) {
        for &column in &plan.sources[file].mapped {
            let text = readings[file].columns.text(column, row);
            into.extend_from_slice(&(text.len() as u32).to_le_bytes());
            into.extend_from_slice(text.as_bytes());
        }
    }
}
