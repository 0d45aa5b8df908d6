//! Numbers that look random and are the same everywhere: a seeded stream of bits,
//! and a number of its own for every id.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
//! Generators", OOPSLA 2014) and FNV-1a (Fowler, Noll and Vo).

/// The odd number nearest to 2^64 divided by the golden ratio: multiples of it
/// fall evenly into all 64 bits.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64: every bit of the result depends on all of `z`.
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// 64 even bits that depend on an id and a salt alone, so that draws do not
/// change with the order of a file. Uses with different salts draw apart.
pub fn of_id(id: &[u8], salt: u64) -> u64 {
    let fold = |h: u64, &byte: &u8| (h ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    mix(id.iter().fold(0xcbf2_9ce4_8422_2325 ^ salt, fold))
}

/// 64 even bits as a number from 0 up to and without 1.
pub fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A stream of bits that its first state decides.
#[derive(Clone, Copy, Debug)]
pub struct Stream(u64);

impl Stream {
    /// The stream that starts from this state.
    pub fn new(state: u64) -> Stream {
        Stream(state)
    }

    /// The next 64 even bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Even from 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        fraction(self.bits())
    }

    /// A whole number from 0 up to and without `count`, which is above 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_splitmix64() {
        // First outputs for the state 0, as in the paper's reference code.
        let mut stream = Stream::new(0);
        assert_eq!(stream.bits(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(stream.bits(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn ids_spread_evenly_and_salts_draw_apart() {
        let (mut counts, mut both) = ([0; 4], 0);
        for i in 0..4_000 {
            let id = format!("{i}");
            let [one, other] = [1, 2].map(|salt| of_id(id.as_bytes(), salt));
            counts[(one % 4) as usize] += 1;
            both += usize::from(one % 4 == 0 && other % 4 == 0);
        }
        assert!(counts.iter().all(|c| (900..1_100).contains(c)), "{counts:?}");
        assert!((190..310).contains(&both), "a sixteenth of 4,000: {both}");
    }
}
