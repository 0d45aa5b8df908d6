//! What a file's first bytes say: its encoding, or that it is no text at all.

use crate::wire::{Carried, Wire};

/// The encoding of a text file, as far as its bytes show it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// `utf-8`, `utf-16le`, `utf-16be`, or `unknown` for bytes that are not UTF-8.
    pub name: &'static str,
    /// Length of the byte order mark.
    pub mark: usize,
}

/// The encoding of a file that begins with these bytes.
///
/// UTF-16 is known by its byte order mark, or by zeros in every other byte.
/// `whole` says that nothing follows, so that a character cut at the end counts.
pub fn detect(head: &[u8], whole: bool) -> Encoding {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return Encoding { name: "utf-8", mark: 3 },
        [0xFF, 0xFE, ..] => return Encoding { name: "utf-16le", mark: 2 },
        [0xFE, 0xFF, ..] => return Encoding { name: "utf-16be", mark: 2 },
        _ => {}
    }
    let zeros =
        |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    let name = if odd >= 2 && odd * 5 >= pairs && even * 50 <= odd {
        "utf-16le"
    } else if even >= 2 && even * 5 >= pairs && odd * 50 <= even {
        "utf-16be"
    } else {
        let mut check = Utf8::default();
        check.push(head);
        if check.is_valid() && !(whole && check.is_cut()) { "utf-8" } else { "unknown" }
    };
    Encoding { name, mark: 0 }
}

/// What a file is that is no table of text, such as `png`, `xlsx` or `html`.
///
/// `None` for everything that could be delimited text.
pub fn not_text(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 22] = [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xFF\xD8\xFF", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"%PDF-", "pdf"),
        (b"PK\x05\x06", "zip"),
        (b"\x1F\x8B\x08", "gzip"),
        (b"BZh", "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"Rar!\x1A\x07", "rar"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "xls"),
        (b"SQLite format 3\0", "sqlite"),
        (b"PAR1", "parquet"),
        (b"ARROW1\0\0", "arrow"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"\x7FELF", "program"),
        (b"\0asm", "program"),
        (b"{\\rtf", "rtf"),
        (b"<?xml", "xml"),
    ];
    let found = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, kind)) = found {
        // `BZh` may begin a word; bzip2 has a digit and its block mark after it.
        let word = *kind == "bzip2" && head.get(4..7) != Some(b"1AY");
        return (!word).then_some(*kind);
    }
    if head.starts_with(b"PK\x03\x04") {
        let has = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
        let sheet = has(b"xl/") || has(b"[Content_Types].xml");
        let open = has(b"opendocument.spreadsheet");
        return Some(if open {
            "ods"
        } else if sheet {
            "xlsx"
        } else {
            "zip"
        });
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let start = text[..text.len().min(64)].to_ascii_lowercase();
    [b"<!doctype html".as_slice(), b"<html", b"<table", b"<head"]
        .iter()
        .any(|tag| start.starts_with(tag))
        .then_some("html")
}

/// Whether the bytes look like no text at all: many control characters.
pub fn looks_binary(head: &[u8]) -> bool {
    let control = |b: &u8| *b < 32 && !matches!(*b, b'\t' | b'\n' | b'\r' | 12 | 26 | 27);
    let count = head.iter().filter(|b| control(b)).count();
    let zeros = head.iter().filter(|b| **b == 0).count();
    (count - zeros) * 20 > head.len() || zeros * 3 > head.len()
}

/// Checks UTF-8 in pieces.
#[derive(Clone, Debug, Default)]
pub struct Utf8 {
    /// The begun character at the end of the last piece.
    begun: [u8; 4],
    length: usize,
    invalid: bool,
}

impl Utf8 {
    /// Takes the next piece. True while all bytes so far were valid.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let mut bytes = bytes;
        while self.length > 0 && !self.invalid {
            let Some((first, rest)) = bytes.split_first() else { return true };
            self.begun[self.length] = *first;
            self.length += 1;
            bytes = rest;
            match std::str::from_utf8(&self.begun[..self.length]) {
                Ok(_) => self.length = 0,
                Err(e) if e.error_len().is_some() => self.invalid = true,
                Err(_) => {}
            }
        }
        if !self.invalid
            && !bytes.is_ascii()
            && let Err(e) = std::str::from_utf8(bytes)
        {
            let rest = &bytes[e.valid_up_to()..];
            if e.error_len().is_some() {
                self.invalid = true;
            } else {
                self.begun[..rest.len()].copy_from_slice(rest);
                self.length = rest.len();
            }
        }
        !self.invalid
    }

    /// Whether no invalid byte was seen.
    pub fn is_valid(&self) -> bool {
        !self.invalid
    }

    /// Whether the bytes so far end within a character.
    pub fn is_cut(&self) -> bool {
        self.length > 0
    }
}

impl Carried for Utf8 {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let Utf8 { begun, length, invalid } = self;
        begun.carry(wire);
        length.carry(wire);
        invalid.carry(wire);
        *length = (*length).min(begun.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encodings_by_their_bytes() {
        let name = |bytes: &[u8]| detect(bytes, true).name;
        assert_eq!(detect(b"\xEF\xBB\xBFa", true), Encoding { name: "utf-8", mark: 3 });
        assert_eq!(name(b"\xFF\xFEa\0"), "utf-16le");
        assert_eq!(name(b"a\0,\0b\0\n\0"), "utf-16le");
        assert_eq!(name(b"\0a\0,\0b\0\n"), "utf-16be");
        assert_eq!(name("naïve,日本".as_bytes()), "utf-8");
        assert_eq!(name(b"na\xEFve,b"), "unknown");
        assert_eq!(name(b"a,\xE6\x97"), "unknown");
        assert_eq!(detect(b"a,\xE6\x97", false).name, "utf-8");
        assert_eq!(name(b"a,b\n1,\0\n2,x\n3,y\n"), "utf-8");
    }

    #[test]
    fn files_that_are_no_text() {
        assert_eq!(not_text(b"\x89PNG\r\n\x1a\n\0\0"), Some("png"));
        assert_eq!(not_text(b"PK\x03\x04..[Content_Types].xml"), Some("xlsx"));
        assert_eq!(not_text(b"PK\x03\x04..orders.csv"), Some("zip"));
        assert_eq!(not_text(b" <!DOCTYPE HTML>"), Some("html"));
        assert_eq!(not_text(b"BZh,b\n1,2"), None);
        assert_eq!(not_text(b"PKD,PAR\n1,2"), None);
        assert!(looks_binary(&[0, 1, 2, 3, 200, 17, 5, 6]));
        assert!(!looks_binary(b"a,b\n1,2\n"));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            bytes in prop::collection::vec(
                prop_oneof![Just(b'a'), Just(0xE6u8), Just(0x97), Just(0xA5), Just(0xC3), any::<u8>()],
                0..24,
            ),
            cut in 0usize..24,
        ) {
            let whole = std::str::from_utf8(&bytes).is_ok();
            let (left, right) = bytes.split_at(cut.min(bytes.len()));
            let mut check = Utf8::default();
            check.push(left);
            check.push(right);
            prop_assert_eq!(check.is_valid() && !check.is_cut(), whole);
        }
    }
}
