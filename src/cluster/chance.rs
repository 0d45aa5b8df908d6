//! Chance from a seed: draws and samples.

use crate::numerics::{GOLDEN, Stream};

/// A stream of numbers that a seed decides.
#[derive(Clone, Copy, Debug)]
pub struct Chance(Stream);

impl Chance {
    /// The stream of a seed and of what it is for, so that no two uses share one.
    pub fn new(seed: u64, purpose: u64) -> Chance {
        let mut stream = Stream::new(seed ^ purpose.wrapping_mul(GOLDEN));
        stream.bits();
        Chance(stream)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    /// From 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// From 0 up to and without `count`, which is above 0.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.below(count)
    }

    /// `size` of the places below `count` in rising order, each once; all of them
    /// where there are no more. (Knuth, volume 2, algorithm S.)
    pub fn sample(&mut self, count: usize, size: usize) -> Vec<u32> {
        let mut chosen = Vec::with_capacity(size.min(count));
        for place in 0..count {
            let (left, wanted) = (count - place, size.saturating_sub(chosen.len()));
            if wanted >= left || self.below(left) < wanted {
                chosen.push(place as u32);
            }
        }
        chosen
    }
}
