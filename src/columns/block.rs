//! A full block of cells, packed so that it takes the room of what it says and not
//! of what it could say (frame of reference and dictionary coding: M. Zukowski et
//! al., "Super-Scalar RAM-CPU Cache Compression", 2006).

use crate::wire::{Carried, Wire};

/// Cells of one block, as a power of two.
pub(super) const BITS: u32 = 12;
pub(super) const BLOCK: usize = 1 << BITS;

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
pub(super) enum Small {
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
pub(super) enum Block<T> {
    /// By what each exceeds the smallest.
    Near(T, Small),
    /// Which of these each is; they come in the order of their appearance.
    Few(Box<[T]>, Small),
    Plain(Box<[T]>),
}

impl<T: Word> Block<T> {
    /// In whatever takes the least room.
    pub(super) fn new(cells: &[T]) -> Block<T> {
        let wide = || cells.iter().map(|cell| cell.wide());
        let (low, high) = wide()
            .fold((u64::MAX, 0), |(low, high), cell| (low.min(cell), high.max(cell)));
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
                0..=0x100 => {
                    Small::One(places.iter().map(|&place| place as u8).collect())
                }
                _ => Small::Two(places.into()),
            };
            return Block::Few(distinct.into(), small);
        }
        let base = T::narrow(low);
        match near {
            1 => Block::Near(base, Small::One(wide().map(|c| (c - low) as u8).collect())),
            2 => {
                Block::Near(base, Small::Two(wide().map(|c| (c - low) as u16).collect()))
            }
            4 if size_of::<T>() > 4 => {
                Block::Near(base, Small::Four(wide().map(|c| (c - low) as u32).collect()))
            }
            _ => Block::Plain(cells.into()),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Block::Near(_, small) => small.bytes(),
            Block::Few(cells, small) => size_of_val(&**cells) + small.bytes(),
            Block::Plain(cells) => size_of_val(&**cells),
        }
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> T {
        match self {
            Block::Near(low, small) => T::narrow(low.wide().wrapping_add(small.get(at))),
            Block::Few(cells, small) => cells[small.get(at) as usize],
            Block::Plain(cells) => cells[at],
        }
    }

    /// Some of the cells, one after the other.
    pub(super) fn read(&self, at: usize, into: &mut [T]) {
        let rows = at..at + into.len();
        match self {
            Block::Near(low, small) => {
                let low = low.wide();
                match small {
                    Small::One(cells) => {
                        fill(into, &cells[rows], |c| low.wrapping_add(c.into()))
                    }
                    Small::Two(cells) => {
                        fill(into, &cells[rows], |c| low.wrapping_add(c.into()))
                    }
                    Small::Four(cells) => {
                        fill(into, &cells[rows], |c| low.wrapping_add(c.into()))
                    }
                }
            }
            Block::Few(own, small) => match small {
                Small::One(cells) => {
                    fill(into, &cells[rows], |c| own[usize::from(c)].wide())
                }
                Small::Two(cells) => {
                    fill(into, &cells[rows], |c| own[usize::from(c)].wide())
                }
                Small::Four(_) => {}
            },
            Block::Plain(cells) => into.copy_from_slice(&cells[rows]),
        }
    }
}

impl<T> Default for Block<T> {
    fn default() -> Self {
        Block::Plain(Box::default())
    }
}

impl<T: Word> Carried for Block<T>
where
    Vec<T>: Carried,
{
    /// As it is packed.
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let (mut low, mut own, small) = match std::mem::take(self) {
            Block::Near(low, small) => (low.wide(), Vec::new(), Some(small)),
            Block::Few(own, small) => (0, own.into_vec(), Some(small)),
            Block::Plain(own) => (0, own.into_vec(), None),
        };
        let (mut one, mut two, mut four) = (Vec::new(), Vec::new(), Vec::new());
        match small {
            Some(Small::One(cells)) => one = cells.into_vec(),
            Some(Small::Two(cells)) => two = cells.into_vec(),
            Some(Small::Four(cells)) => four = cells.into_vec(),
            None => {}
        }
        low.carry(wire);
        own.carry(wire);
        wire.bytes(&mut one);
        two.carry(wire);
        four.carry(wire);
        if !wire.is_reading() {
            return;
        }
        let most = |most: Option<u64>| most.unwrap_or(0);
        let (small, most) = match (one.len(), two.len(), four.len()) {
            (BLOCK, 0, 0) => {
                let most = most(one.iter().max().map(|&cell| cell.into()));
                (Some(Small::One(one.into())), most)
            }
            (0, BLOCK, 0) => {
                let most = most(two.iter().max().map(|&cell| cell.into()));
                (Some(Small::Two(two.into())), most)
            }
            (0, 0, BLOCK) if own.is_empty() => (Some(Small::Four(four.into())), 0),
            _ => (None, 0),
        };
        *self = match small {
            Some(small) if own.is_empty() => Block::Near(T::narrow(low), small),
            Some(small) if most < own.len() as u64 => Block::Few(own.into(), small),
            None if own.len() == BLOCK => Block::Plain(own.into()),
            _ => return wire.refuse(),
        };
    }
}

#[inline]
fn fill<T: Word, S: Copy>(into: &mut [T], cells: &[S], wide: impl Fn(S) -> u64) {
    for (into, &cell) in into.iter_mut().zip(cells) {
        *into = T::narrow(wide(cell));
    }
}

#[inline]
pub(super) fn pick<V: Copy, S: Copy + Into<usize>>(
    into: &mut [V],
    values: &[V],
    cells: &[S],
) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
