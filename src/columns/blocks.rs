//! Cells in blocks, each packed once it is full, so that a column takes the room
//! of what it says and not of what it could say (frame of reference and dictionary
//! coding: M. Zukowski et al., "Super-Scalar RAM-CPU Cache Compression", 2006).

use std::ops::Range;

/// Cells of one block, as a power of two.
const BITS: u32 = 12;
const BLOCK: usize = 1 << BITS;

/// Cells that are unpacked at once.
const RUN: usize = 512;

/// Places of the table in which distinct cells are looked up, as a power of two.
const TABLE_BITS: u32 = 13;
const NO_PLACE: u16 = u16::MAX;

/// What blocks are made of.
pub(crate) trait Word: Copy + PartialEq {
    /// The same number with 64 bits.
    fn wide(self) -> u64;
    /// The number back from 64 bits.
    fn narrow(wide: u64) -> Self;
}

impl Word for u32 {
    #[inline]
    fn wide(self) -> u64 {
        u64::from(self)
    }

    #[inline]
    fn narrow(wide: u64) -> u32 {
        wide as u32
    }
}

impl Word for u64 {
    #[inline]
    fn wide(self) -> u64 {
        self
    }

    #[inline]
    fn narrow(wide: u64) -> u64 {
        wide
    }
}

/// Small numbers, as wide as the largest wants.
#[derive(Clone, Debug, PartialEq)]
enum Small {
    One(Box<[u8]>),
    Two(Box<[u16]>),
    Four(Box<[u32]>),
}

impl Small {
    fn bytes(&self) -> usize {
        match self {
            Small::One(cells) => cells.len(),
            Small::Two(cells) => 2 * cells.len(),
            Small::Four(cells) => 4 * cells.len(),
        }
    }

    #[inline]
    fn get(&self, at: usize) -> u64 {
        match self {
            Small::One(cells) => u64::from(cells[at]),
            Small::Two(cells) => u64::from(cells[at]),
            Small::Four(cells) => u64::from(cells[at]),
        }
    }
}

/// The cells of a full block.
#[derive(Clone, Debug, PartialEq)]
enum Block<T> {
    /// By what each exceeds the smallest.
    Near(T, Small),
    /// Which of these each is; they come in the order of their appearance.
    Few(Box<[T]>, Small),
    Plain(Box<[T]>),
}

impl<T: Word> Block<T> {
    /// In whatever takes the least room.
    fn new(cells: &[T]) -> Block<T> {
        let wide = || cells.iter().map(|cell| cell.wide());
        let (low, high) = wide().fold((u64::MAX, 0), |(low, high), cell| {
            (low.min(cell), high.max(cell))
        });
        let span = high.saturating_sub(low);
        // The room of each cell if it is kept by what it exceeds the smallest.
        let near = match span {
            0..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        let few = if near > 1 { few(cells, near) } else { None };
        if let Some((distinct, places)) = few {
            let small = match distinct.len() {
                0..=0x100 => Small::One(places.iter().map(|&place| place as u8).collect()),
                _ => Small::Two(places.into()),
            };
            return Block::Few(distinct.into(), small);
        }
        let base = T::narrow(low);
        match near {
            1 => Block::Near(base, Small::One(wide().map(|c| (c - low) as u8).collect())),
            2 => Block::Near(base, Small::Two(wide().map(|c| (c - low) as u16).collect())),
            4 if size_of::<T>() > 4 => {
                Block::Near(base, Small::Four(wide().map(|c| (c - low) as u32).collect()))
            }
            _ => Block::Plain(cells.into()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Block::Near(_, small) => small.bytes(),
            Block::Few(cells, small) => size_of_val(&**cells) + small.bytes(),
            Block::Plain(cells) => size_of_val(&**cells),
        }
    }

    #[inline]
    fn get(&self, at: usize) -> T {
        match self {
            Block::Near(low, small) => T::narrow(low.wide() + small.get(at)),
            Block::Few(cells, small) => cells[small.get(at) as usize],
            Block::Plain(cells) => cells[at],
        }
    }

    /// Some of the cells, one after the other.
    fn read(&self, at: usize, into: &mut [T]) {
        let rows = at..at + into.len();
        match self {
            Block::Near(low, small) => {
                let low = low.wide();
                match small {
                    Small::One(cells) => fill(into, &cells[rows], |c| low + u64::from(c)),
                    Small::Two(cells) => fill(into, &cells[rows], |c| low + u64::from(c)),
                    Small::Four(cells) => fill(into, &cells[rows], |c| low + u64::from(c)),
                }
            }
            Block::Few(own, small) => match small {
                Small::One(cells) => fill(into, &cells[rows], |c| own[usize::from(c)].wide()),
                Small::Two(cells) => fill(into, &cells[rows], |c| own[usize::from(c)].wide()),
                Small::Four(_) => {}
            },
            Block::Plain(cells) => into.copy_from_slice(&cells[rows]),
        }
    }
}

#[inline]
fn fill<T: Word, S: Copy>(into: &mut [T], cells: &[S], wide: impl Fn(S) -> u64) {
    for (into, &cell) in into.iter_mut().zip(cells) {
        *into = T::narrow(wide(cell));
    }
}

#[inline]
fn pick<V: Copy, S: Copy + Into<usize>>(into: &mut [V], values: &[V], cells: &[S]) {
    for (into, &cell) in into.iter_mut().zip(cells) {
        *into = values[cell.into()];
    }
}

/// The distinct cells and which of them each cell is, where that takes less room
/// than `near` bytes a cell.
fn few<T: Word>(cells: &[T], near: usize) -> Option<(Vec<T>, Vec<u16>)> {
    let room = cells.len() * near.min(size_of::<T>());
    let (one, two) = (room - cells.len(), room.saturating_sub(2 * cells.len()));
    let most = (one / size_of::<T>()).min(0x100).max(two / size_of::<T>());
    let mut distinct: Vec<T> = Vec::with_capacity(most);
    let mut places = vec![0; cells.len()];
    let mut table = [NO_PLACE; 1 << TABLE_BITS];
    for (place, &cell) in places.iter_mut().zip(cells) {
        // Fibonacci hashing, then the next free place.
        let hash = cell.wide().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (hash >> (64 - TABLE_BITS)) as usize;
        let mut found = table[at];
        while distinct.get(usize::from(found)) != Some(&cell) {
            if found == NO_PLACE {
                if distinct.len() == most {
                    return None;
                }
                found = distinct.len() as u16;
                table[at] = found;
                distinct.push(cell);
                break;
            }
            at = (at + 1) & (table.len() - 1);
            found = table[at];
        }
        *place = found;
    }
    Some((distinct, places))
}

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

    fn same<T: Word + std::fmt::Debug>(cells: &[T], cut: usize) {
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

    #[test]
    fn a_block_takes_the_room_of_what_it_says() {
        let bytes = |cell: fn(u64) -> u64| {
            Block::new(&(0..BLOCK as u64).map(cell).collect::<Vec<_>>()).bytes()
        };
        assert_eq!(bytes(|k| 7 << 52 | (k % 256)), BLOCK);
        assert_eq!(bytes(|k| (k % 200) << 50), BLOCK + 200 * 8);
        assert_eq!(bytes(|k| (k % 1000) << 50), 2 * BLOCK + 1000 * 8);
        assert_eq!(bytes(|k| 7 << 52 | (k * 1000)), 4 * BLOCK);
        assert_eq!(bytes(|k| k << 50), 8 * BLOCK);
    }
}
