//! Unpacks what the one-file page carries inside itself: LZMA, and WebAssembly
//! modules sorted by meaning before it.
//!
//! A packed part is one byte that says how its bytes were sorted ([`Sorted`]) and a
//! `.lzma` file. `cargo xtask pack` makes such parts.

mod streams;
#[cfg(target_arch = "wasm32")]
mod wasm;

use lzma_rust2::{LzmaReader, Read};

pub use streams::{Join, join, split};

/// How the bytes of a part were sorted before they were packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Not at all.
    AsTheyAre = 0,
    /// A WebAssembly module, by [`split`].
    ByMeaning = 1,
}

/// How many bytes a step unpacks: a few milliseconds.
const STEP: usize = 1 << 17;

/// The part is no part, or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl From<lzma_rust2::Error> for Damaged {
    fn from(_: lzma_rust2::Error) -> Damaged {
        Damaged
    }
}

/// What has not been read yet of a part.
struct Packed {
    bytes: Vec<u8>,
    at: usize,
}

impl Read for Packed {
    fn read(&mut self, into: &mut [u8]) -> lzma_rust2::Result<usize> {
        let mut rest = &self.bytes[self.at..];
        let count = rest.read(into)?;
        self.at += count;
        Ok(count)
    }
}

/// A part on its way out, step by step, so that a page can do other things between.
pub struct Unpack {
    sorted: Sorted,
    packed: LzmaReader<Packed>,
    bytes: Vec<u8>,
    /// Set when all is unpacked of a module that was sorted.
    join: Option<Join>,
}

impl Unpack {
    /// Begins with a part.
    ///
    /// # Errors
    /// When it is not one.
    pub fn new(part: Vec<u8>) -> Result<Unpack, Damaged> {
        let sorted = match part.first() {
            Some(0) => Sorted::AsTheyAre,
            Some(1) => Sorted::ByMeaning,
            _ => return Err(Damaged),
        };
        let packed = Packed { bytes: part, at: 1 };
        let packed = LzmaReader::new_mem_limit(packed, u32::MAX, None)?;
        Ok(Unpack { sorted, packed, bytes: Vec::new(), join: None })
    }

    /// Unpacks some more; true while there is more to come.
    ///
    /// # Errors
    /// When the part is damaged.
    pub fn step(&mut self) -> Result<bool, Damaged> {
        if let Some(join) = &mut self.join {
            return join.step().ok_or(Damaged);
        }
        let end = self.bytes.len();
        self.bytes.resize(end + STEP, 0);
        let more = self.packed.read(&mut self.bytes[end..])?;
        self.bytes.truncate(end + more);
        if more == 0 && self.sorted == Sorted::ByMeaning {
            self.join = Some(Join::new(std::mem::take(&mut self.bytes)).ok_or(Damaged)?);
        }
        Ok(more > 0 || self.join.is_some())
    }

    /// What was packed, once [`step`](Unpack::step) has said that no more comes.
    pub fn finish(self) -> Vec<u8> {
        self.join.map_or(self.bytes, Join::finish)
    }
}
