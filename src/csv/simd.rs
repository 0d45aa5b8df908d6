//! Bit masks of the bytes that matter, 64 at a time (after Langdale and Lemire,
//! "Parsing gigabytes of JSON per second", 2019).
//!
//! The only file with `unsafe`: the SSE2 loads take pointers. On x86_64 and on
//! wasm32 with `simd128` the instructions are there by the target's definition,
//! and every pointer comes from a 64-byte array, so there is nothing to check
//! at run time. `scalar` says the same in plain Rust, and tests hold both equal.
#![allow(unsafe_code)]

/// The bytes a scanner looks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needles {
    pub delimiter: u8,
    pub quote: u8,
}

/// One bit a byte of the block, the first byte in the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masks {
    pub delimiter: u64,
    pub quote: u64,
    pub lf: u64,
    pub cr: u64,
}

/// The masks of a block, one byte at a time.
#[cfg(any(
    test,
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    ))
))]
pub(crate) fn scalar(block: &[u8; 64], needles: Needles) -> Masks {
    let mask = |needle: u8| {
        block.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(*byte == needle))
    };
    Masks {
        delimiter: mask(needles.delimiter),
        quote: mask(needles.quote),
        lf: mask(b'\n'),
        cr: mask(b'\r'),
    }
}

/// The masks of a block.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn classify(block: &[u8; 64], needles: Needles) -> Masks {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8,
    };
    // SAFETY: SSE2 is part of x86_64, and the four unaligned loads of 16 bytes
    // stay within the 64 bytes of `block`.
    unsafe {
        let part =
            |i: usize| _mm_loadu_si128(block.as_ptr().add(16 * i).cast::<__m128i>());
        let parts = [part(0), part(1), part(2), part(3)];
        let mask = |needle: u8| {
            let needle = _mm_set1_epi8(needle as i8);
            let bits =
                |i: usize| _mm_movemask_epi8(_mm_cmpeq_epi8(parts[i], needle)) as u32;
            u64::from(bits(0) | bits(1) << 16) | u64::from(bits(2) | bits(3) << 16) << 32
        };
        Masks {
            delimiter: mask(needles.delimiter),
            quote: mask(needles.quote),
            lf: mask(b'\n'),
            cr: mask(b'\r'),
        }
    }
}

/// The masks of a block.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(crate) fn classify(block: &[u8; 64], needles: Needles) -> Masks {
    use std::arch::wasm32::{i8x16_bitmask, i8x16_eq, u8x16_splat, v128, v128_load};
    // SAFETY: `simd128` is on for this build, and the four unaligned loads of
    // 16 bytes stay within the 64 bytes of `block`.
    let parts = unsafe {
        let part = |i: usize| v128_load(block.as_ptr().add(16 * i).cast::<v128>());
        [part(0), part(1), part(2), part(3)]
    };
    let mask = |needle: u8| {
        let needle = u8x16_splat(needle);
        let bits = |i: usize| u64::from(i8x16_bitmask(i8x16_eq(parts[i], needle)));
        bits(0) | bits(1) << 16 | bits(2) << 32 | bits(3) << 48
    };
    Masks {
        delimiter: mask(needles.delimiter),
        quote: mask(needles.quote),
        lf: mask(b'\n'),
        cr: mask(b'\r'),
    }
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(crate) use scalar as classify;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn simd_equals_scalar(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r')],
                64,
            ),
            delimiter: u8,
            quote: u8,
        ) {
            let block: [u8; 64] = bytes.try_into().unwrap();
            for needles in [
                Needles { delimiter, quote },
                Needles { delimiter: b',', quote: b'"' },
            ] {
                prop_assert_eq!(classify(&block, needles), scalar(&block, needles));
            }
        }
    }
}
