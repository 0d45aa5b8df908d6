//! Chance from a seed: SplitMix64.
//!
//! Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
//! (OOPSLA 2014).

/// A stream of numbers that a seed decides.
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed and of what it is for, so that no two uses share one.
    pub fn new(seed: u64, purpose: u64) -> Chance {
        let mut chance = Chance(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.bits();
        chance
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to and without `count`, which is above 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
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
