//! Cells in blocks, each packed once it is full.

use std::ops::Range;

use super::block::{BITS, BLOCK, Block, Small, Word, pick};
use crate::wire::{Carried, Wire, list};

/// Cells that are unpacked at once.
const RUN: usize = 512;

/// A growing array whose growth moves nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blocks<T> {
    full: Vec<Block<T>>,
    open: Vec<T>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { full: Vec::new(), open: Vec::new() }
    }
}

impl<T: Word> Carried for Blocks<T>
where
    Vec<T>: Carried,
{
    fn carry(&mut self, wire: &mut Wire<'_>) {
        list(&mut self.full, wire);
        self.open.carry(wire);
        if self.open.len() > BLOCK {
            wire.refuse();
        }
    }
}

impl<T: Word> Blocks<T> {
    pub(crate) fn len(&self) -> usize {
        self.full.len() * BLOCK + self.open.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if self.open.len() == BLOCK {
            self.close();
        }
        self.open.push(value);
    }

    #[inline(never)]
    fn close(&mut self) {
        self.full.push(Block::new(&self.open));
        self.open.clear();
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<T> {
        let (block, at) = (at >> BITS, at & (BLOCK - 1));
        match self.full.get(block) {
            Some(cells) => Some(cells.get(at)),
            None if block == self.full.len() => self.open.get(at).copied(),
            None => None,
        }
    }

    /// As many cells from `start` on as there are and have room; how many.
    fn read(&self, start: usize, into: &mut [T]) -> usize {
        let (block, at) = (start >> BITS, start & (BLOCK - 1));
        let count = into.len().min(BLOCK - at);
        match self.full.get(block) {
            Some(cells) => {
                cells.read(at, &mut into[..count]);
                count
            }
            None if block == self.full.len() => {
                let cells = self.open.get(at..).unwrap_or(&[]);
                let count = count.min(cells.len());
                into[..count].copy_from_slice(&cells[..count]);
                count
            }
            None => 0,
        }
    }

    /// The cells of some rows in order, each with its place among them.
    #[inline]
    pub(crate) fn each(&self, rows: Range<usize>, mut each: impl FnMut(usize, T)) {
        let mut run = [T::narrow(0); RUN];
        let mut at = rows.start;
        while at < rows.end {
            let room = RUN.min(rows.end - at);
            let count = self.read(at, &mut run[..room]);
            if count == 0 {
                return;
            }
            for (k, &cell) in run[..count].iter().enumerate() {
                each(at - rows.start + k, cell);
            }
            at += count;
        }
    }

    /// What a pure function makes of the cells of some rows, in order; it is asked
    /// once a block for each cell that the block repeats.
    pub(crate) fn map<V: Copy>(
        &self,
        rows: Range<usize>,
        mut read: impl FnMut(T) -> V,
        into: &mut [V],
    ) {
        let mut at = rows.start;
        let mut rest = &mut into[..rows.len()];
        while !rest.is_empty() && at < self.len() {
            let (block, first) = (at >> BITS, at & (BLOCK - 1));
            let count = rest.len().min(BLOCK - first).min(self.len() - at);
            let (now, later) = rest.split_at_mut(count);
            match self.full.get(block) {
                Some(Block::Few(own, small)) => {
                    let values: Vec<V> = own.iter().map(|&cell| read(cell)).collect();
                    let rows = first..first + count;
                    match small {
                        Small::One(cells) => pick(now, &values, &cells[rows]),
                        Small::Two(cells) => pick(now, &values, &cells[rows]),
                        Small::Four(_) => {}
                    }
                }
                _ => self.each(at..at + count, |k, cell| now[k] = read(cell)),
            }
            at += count;
            rest = later;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let mut run = [T::narrow(0); RUN];
        let (mut next, mut at, mut count) = (0, 0, 0);
        std::iter::from_fn(move || {
            if at == count {
                count = self.read(next, &mut run);
                next += count;
                at = 0;
                if count == 0 {
                    return None;
                }
            }
            at += 1;
            Some(run[at - 1])
        })
    }

    /// Takes all cells of another array, changed by `change`, block by block.
    pub(crate) fn append(&mut self, other: Blocks<T>, mut change: impl FnMut(T) -> T) {
        let Blocks { full, open } = other;
        let mut run = [T::narrow(0); RUN];
        for block in full {
            for start in (0..BLOCK).step_by(RUN) {
                block.read(start, &mut run);
                run.iter().for_each(|&cell| self.push(change(cell)));
            }
        }
        open.into_iter().for_each(|cell| self.push(change(cell)));
    }

    /// Bytes held, unused room of the open block included.
    pub(crate) fn bytes(&self) -> usize {
        let full: usize = self.full.iter().map(Block::bytes).sum();
        full + self.open.capacity() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cells of each kind of block, over the borders of blocks.
    fn cells() -> impl Strategy<Value = Vec<u64>> {
        let span = prop_oneof![
            Just(1_u64),
            Just(200),
            Just(300),
            Just(5000),
            Just(70_000),
            Just(1 << 33),
            Just(u64::MAX)
        ];
        let stretch = (span, any::<u64>(), 1_u64..2000, 0..3000_usize);
        let stretch = stretch.prop_map(|(span, seed, distinct, count)| {
            (0..count as u64)
                .map(|k| {
                    let cell = (k * k % distinct).wrapping_mul(0x9E37_79B9) ^ (seed >> 1);
                    (seed / 2).wrapping_add(cell % span)
                })
                .collect::<Vec<u64>>()
        });
        prop::collection::vec(stretch, 0..12).prop_map(|all| all.concat())
    }

    fn same<T: Word + std::fmt::Debug>(cells: &[T], cut: usize)
    where
        Vec<T>: Carried,
    {
        let mut blocks = Blocks::default();
        cells.iter().for_each(|&cell| blocks.push(cell));
        assert_eq!(blocks.len(), cells.len());
        assert!(blocks.iter().eq(cells.iter().copied()));
        for (at, &cell) in cells.iter().enumerate() {
            assert_eq!(blocks.get(at), Some(cell));
        }
        assert_eq!(blocks.get(cells.len()), None);
        let mut rest = Vec::new();
        blocks.each(cut..cells.len() + 1, |k, cell| {
            assert_eq!(k, rest.len());
            rest.push(cell);
        });
        assert_eq!(rest, cells[cut..]);
        let mut halves = vec![0; rest.len() + 1];
        blocks.map(cut..cells.len() + 1, |cell| cell.wide() / 2, &mut halves);
        assert!(rest.iter().map(|cell| cell.wide() / 2).chain([0]).eq(halves));
        let [mut left, mut right] = [Blocks::default(), Blocks::default()];
        cells[..cut].iter().for_each(|&cell| left.push(cell));
        cells[cut..].iter().for_each(|&cell| right.push(cell));
        left.append(right, |cell| cell);
        assert_eq!(left, blocks);
        let mut carried = Blocks::default();
        assert!(Wire::read(&Wire::written(left), &mut carried));
        assert_eq!(carried, blocks);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn cells_come_back_from_every_block(cells in cells(), cut: prop::sample::Index) {
            let cut = cut.index(cells.len() + 1);
            same(&cells, cut);
            let halves: Vec<u32> = cells.iter().map(|&cell| cell as u32).collect();
            same(&halves, cut);
        }
    }
}
