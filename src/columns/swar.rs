//! Eight bytes at a time: loading short texts, finding digits, reading digit
//! runs (D. Lemire, "Quickly parsing eight digits", 2018; the lane test is the
//! carry-free form of the byte range test in Hacker's Delight, section 6-1).

/// The longest text, in bytes, that is looked at as words.
pub(crate) const LONGEST: usize = 40;

/// A short text as little-endian words, padded with zero bytes.
pub(crate) type Words = [u64; LONGEST / 8];

const HIGH: u64 = 0x8080_8080_8080_8080;

fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
        Some(b) => u64::from_le_bytes(b),
        None => 0,
    }
}

fn four(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()) {
        Some(b) => u64::from(u32::from_le_bytes(b)),
        None => 0,
    }
}

/// A text of at most eight bytes as one word.
#[inline]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    match n {
        0 => 0,
        1..=3 => {
            // First, middle and last byte overlap where the text is shorter.
            u64::from(bytes[0])
                | u64::from(bytes[n / 2]) << (8 * (n / 2))
                | u64::from(bytes[n - 1]) << (8 * (n - 1))
        }
        4..=7 => four(bytes, 0) | four(bytes, n - 4) << (8 * (n - 4)),
        _ => eight(bytes, 0),
    }
}

/// A text of at most `8 * N` and more than `8 * N - 8` bytes (40 and more than 24
/// for `N` = 5) as words; other texts are cut or padded.
#[inline]
pub(crate) fn words<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    let n = bytes.len().min(8 * N);
    if N == 1 || n <= 8 {
        words[0] = word(&bytes[..n]);
        return words;
    }
    let full = (n - 1) / 8;
    for (k, word) in words.iter_mut().enumerate() {
        if k < full {
            *word = eight(bytes, 8 * k);
        } else if k == full {
            *word = eight(bytes, n - 8) >> (8 * (8 * (full + 1) - n));
        }
    }
    words
}

/// The low four bits of every byte that is an ASCII digit.
#[inline]
pub(crate) fn digit_nibbles(word: u64) -> u64 {
    let t = word ^ 0x3030_3030_3030_3030;
    let other = (t | ((t & !HIGH) + 0x7676_7676_7676_7676)) & HIGH;
    let digit = other ^ HIGH;
    (digit >> 3) - (digit >> 7)
}

/// Eight digits, the first in the lowest byte; other bits of a byte are ignored.
#[inline]
pub(crate) fn eight_digits(word: u64) -> u64 {
    let v = word & 0x0F0F_0F0F_0F0F_0F0F;
    let v = (v * 10 + (v >> 8)) & 0x00FF_00FF_00FF_00FF;
    let v = (v * 100 + (v >> 16)) & 0x0000_FFFF_0000_FFFF;
    (v * 10_000 + (v >> 32)) & 0xFFFF_FFFF
}

/// Sixteen digits, the first in the lowest byte.
#[inline]
pub(crate) fn sixteen_digits(words: u128) -> u64 {
    eight_digits(words as u64) * 100_000_000 + eight_digits((words >> 64) as u64)
}

/// The digits `start..start + len` (1 to 18) of a text longer than eight bytes.
#[inline]
pub(crate) fn run_in_text(bytes: &[u8], start: usize, len: usize) -> u64 {
    if len > 8 {
        let high = run_in_text(bytes, start, len - 8);
        return high * 100_000_000 + eight_digits(eight(bytes, start + len - 8));
    }
    if len <= 2 {
        let ten = if len == 2 { u64::from(bytes[start] & 15) * 10 } else { 0 };
        return ten + u64::from(bytes[start + len - 1] & 15);
    }
    let n = bytes.len();
    let from = if start + 8 <= n {
        eight(bytes, start)
    } else {
        eight(bytes, n - 8) >> (8 * (start + 8 - n))
    };
    eight_digits(from << (64 - 8 * len))
}

/// `YYYY-MM-DD hh:mm:ss` without what stands between: 14 digits.
#[inline]
pub(crate) fn iso_moment(bytes: &[u8]) -> u64 {
    let time = eight(bytes, 11);
    let hms =
        (time & 0xFFFF) | ((time >> 8) & 0xFFFF_0000) | ((time >> 16) & 0xFFFF_0000_0000);
    iso_day(bytes) * 1_000_000 + eight_digits(hms << 16)
}

/// `YYYY-MM-DD` without what stands between: 8 digits.
#[inline]
pub(crate) fn iso_day(bytes: &[u8]) -> u64 {
    let year = four(bytes, 0);
    let rest = eight(bytes, 2) >> 24;
    eight_digits(year | (rest & 0xFFFF) << 32 | ((rest >> 24) & 0xFFFF) << 48)
}

/// Whether words begin with these. In registers, where `==` calls `memcmp`.
#[inline]
pub(crate) fn equal<const N: usize>(these: &[u64; N], words: &Words) -> bool {
    these.iter().zip(words).fold(0, |other, (a, b)| other | (a ^ b)) == 0
}

/// Whether two texts of more than eight bytes are the same. In registers, where
/// `==` calls `memcmp`.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    let n = a.len();
    if n != b.len() {
        return false;
    }
    let mut other = eight(a, n - 8) ^ eight(b, n - 8);
    for at in (0..n - 8).step_by(8) {
        other |= eight(a, at) ^ eight(b, at);
    }
    other == 0
}

/// A hash of words, the same on every machine.
#[inline]
pub(crate) fn hash(words: &[u64]) -> u64 {
    let mut h = 0x243F_6A88_85A3_08D3_u64;
    for &w in words {
        h = (h.rotate_left(23) ^ w).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    h ^ (h >> 29)
}

/// A hash of a text of more than eight bytes, the same on every machine.
#[inline]
pub(crate) fn hash_text(text: &[u8]) -> u64 {
    let n = text.len();
    let (mut a, mut b) = (n as u64, 0x243F_6A88_85A3_08D3_u64);
    let mut at = 0;
    while at + 16 < n {
        a = (a.rotate_left(23) ^ eight(text, at)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        b = (b.rotate_left(23) ^ eight(text, at + 8)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        at += 16;
    }
    hash(&[a, b, eight(text, at.min(n - 8)), eight(text, n - 8)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_the_bytes_in_order() {
        let text: Vec<u8> = (1..=40).collect();
        for n in 1..=40 {
            let bytes: Vec<u8> = words::<{ LONGEST / 8 }>(&text[..n])
                .iter()
                .flat_map(|w| w.to_le_bytes())
                .collect();
            assert_eq!(&bytes[..n], &text[..n]);
            assert!(bytes[n..].iter().all(|&b| b == 0));
        }
    }

    #[test]
    fn every_byte_is_told_from_a_digit_in_every_lane() {
        for byte in 0..=255_u8 {
            for lane in 0..8 {
                let filler = if byte.is_ascii_digit() { b'a' } else { b'5' };
                let mut text = [filler; 8];
                text[lane] = byte;
                let nibbles = digit_nibbles(u64::from_le_bytes(text)).to_le_bytes();
                for (k, b) in text.iter().enumerate() {
                    let expected = if b.is_ascii_digit() { 15 } else { 0 };
                    assert_eq!(nibbles[k], expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn runs_are_read_at_every_place() {
        let text = b"x90123456789012345678y";
        for start in 1..20 {
            for len in 1..=(20 - start).min(18) {
                let expected: u64 = std::str::from_utf8(&text[start..start + len])
                    .unwrap()
                    .parse()
                    .unwrap();
                assert_eq!(run_in_text(text, start, len), expected);
            }
        }
        let text = u128::from_le_bytes(*b"0123456789012345");
        assert_eq!(sixteen_digits(text), 123_456_789_012_345);
        assert_eq!(iso_moment(b"2010-12-01 08:26:59"), 20_101_201_082_659);
        assert_eq!(iso_day(b"1997-09-30"), 19_970_930);
    }
}
