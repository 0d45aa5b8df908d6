//! Cells in blocks, so that a growing column never holds itself twice.

/// Cells of one block, as a power of two.
const BITS: u32 = 16;
const BLOCK: usize = 1 << BITS;

/// A growing array whose growth moves at most one block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blocks<T> {
    full: Vec<Vec<T>>,
    open: Vec<T>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { full: Vec::new(), open: Vec::new() }
    }
}

impl<T: Copy> Blocks<T> {
    pub(crate) fn len(&self) -> usize {
        self.full.len() * BLOCK + self.open.len()
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if self.open.len() == BLOCK {
            let next = Vec::with_capacity(BLOCK);
            self.full.push(std::mem::replace(&mut self.open, next));
        }
        self.open.push(value);
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<T> {
        let block = at >> BITS;
        let cells = match self.full.get(block) {
            Some(cells) => cells,
            None if block == self.full.len() => &self.open,
            None => return None,
        };
        cells.get(at & (BLOCK - 1)).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.full.iter().flatten().chain(&self.open).copied()
    }

    /// The cells from one place on, a slice at a time.
    pub(crate) fn slices_from(&self, start: usize) -> impl Iterator<Item = &[T]> {
        let mut block = (start >> BITS).min(self.full.len());
        let mut skip = start - block * BLOCK;
        std::iter::from_fn(move || {
            let cells = match self.full.get(block) {
                Some(cells) => cells,
                None if block == self.full.len() => &self.open,
                None => return None,
            };
            let slice = cells.get(std::mem::take(&mut skip)..).unwrap_or(&[]);
            block += 1;
            Some(slice)
        })
    }

    /// Takes all cells of another array, changed by `change`, block by block.
    pub(crate) fn append(&mut self, other: Blocks<T>, mut change: impl FnMut(T) -> T) {
        for block in other.full.into_iter().chain([other.open]) {
            for value in block {
                self.push(change(value));
            }
        }
    }

    /// Bytes held, unused room of the open block included.
    pub(crate) fn bytes(&self) -> usize {
        (self.full.iter().map(Vec::capacity).sum::<usize>() + self.open.capacity())
            * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_from_every_block() {
        let mut blocks = Blocks::default();
        for n in 0..200_000_u32 {
            blocks.push(n);
        }
        assert_eq!(blocks.len(), 200_000);
        assert!(blocks.iter().eq(0..200_000));
        for at in [0, 65_535, 65_536, 131_071, 199_999] {
            assert_eq!(blocks.get(at), Some(at as u32));
        }
        assert_eq!(blocks.get(200_000), None);
        for start in [0, 65_536, 70_000, 131_072, 200_000] {
            let rest = blocks.slices_from(start).flatten().copied();
            assert!(rest.eq(start as u32..200_000), "{start}");
        }
        let mut left = Blocks::default();
        left.push(7);
        left.append(blocks, |n| n + 1);
        assert_eq!((left.len(), left.get(65_536)), (200_001, Some(65_536)));
    }
}
