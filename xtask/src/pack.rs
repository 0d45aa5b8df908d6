//! `cargo xtask pack`: a part of the page, as small as the unpacker can read it.

use std::io::{Read, Write, stdin, stdout};

use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};
use regulars_unpack::{Damaged, Sorted, Unpack, join, split};

use crate::shell::Result;

/// Packs standard input to standard output.
pub fn run() -> Result<()> {
    let mut bytes = Vec::new();
    stdin().read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    let packed = pack(&bytes)?;
    stdout().write_all(&packed).map_err(|e| e.to_string())
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let sorted = if bytes.starts_with(b"\0asm") { Some(sort(bytes)?) } else { None };
    let (sorted, content) = match &sorted {
        Some(streams) => (Sorted::ByMeaning, streams.as_slice()),
        None => (Sorted::AsTheyAre, bytes),
    };
    let options = LzmaOptions {
        dict_size: u32::try_from(content.len()).unwrap_or(u32::MAX).next_power_of_two(),
        // Of what is packed here, nothing is aligned, and one byte says much of the next.
        lc: 2,
        lp: 0,
        pb: 0,
        mode: EncodeMode::Normal,
        nice_len: LzmaOptions::NICE_LEN_MAX,
        mf: MfType::Bt4,
        depth_limit: 0,
        preset_dict: None,
    };
    let length = u64::try_from(content.len()).ok();
    let mut packed = Packed(vec![sorted as u8]);
    let mut write = || -> lzma_rust2::Result<()> {
        let mut writer = LzmaWriter::new_use_header(&mut packed, &options, length)?;
        lzma_rust2::Write::write_all(&mut writer, content)?;
        writer.finish().map(drop)
    };
    write().map_err(|e| format!("{e:?}"))?;
    if unpacked(packed.0.clone()).as_deref() == Ok(bytes) {
        Ok(packed.0)
    } else {
        Err("what was packed does not come out again".to_owned())
    }
}

fn unpacked(part: Vec<u8>) -> std::result::Result<Vec<u8>, Damaged> {
    let mut unpack = Unpack::new(part)?;
    while unpack.step()? {}
    Ok(unpack.finish())
}

/// Where the packed bytes go.
struct Packed(Vec<u8>);

impl lzma_rust2::Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> lzma_rust2::Result<usize> {
        self.0.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> lzma_rust2::Result<()> {
        Ok(())
    }
}

fn sort(module: &[u8]) -> Result<Vec<u8>> {
    let unknown = "the module holds something that unpack/src/streams.rs does not know";
    split(module).filter(|s| join(s).is_some()).ok_or(unknown.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_as_it_went_in() {
        let text = "regulars and returns, ".repeat(20_000);
        let packed = pack(text.as_bytes()).unwrap();
        assert!(packed.len() < 1000, "{}", packed.len());
        let mut unpack = Unpack::new(packed).unwrap();
        let mut steps = 0;
        while unpack.step().unwrap() {
            steps += 1;
        }
        assert_eq!(steps, 4);
        assert_eq!(unpack.finish(), text.as_bytes());
    }

    #[test]
    fn a_damaged_part_is_refused() {
        assert!(Unpack::new(Vec::new()).is_err());
        assert!(Unpack::new(vec![7; 100]).is_err());
        let mut packed = pack(b"regulars").unwrap();
        packed.truncate(20);
        assert_eq!(unpacked(packed), Err(Damaged));
    }
}
