//! A file that several workers read, each handing its part over as bytes, is the
//! file that one has read.

use proptest::prelude::*;
use regulars::columns::Keep;
use regulars::error::Result;
use regulars::reader::{ReadOptions, Reader, Reading};

use crate::columns::{assert_same, cell};

const HEAD: &str = "id,price,note,day\n1,2.50,a,2024-01-05\n2,3.50,b,2024-01-06\n";

fn options() -> ReadOptions {
    ReadOptions {
        preview_rows: 40,
        keep: Some(vec![Keep::Text, Keep::Packed, Keep::No, Keep::Packed]),
        head_bytes: HEAD.len(),
        ..ReadOptions::default()
    }
}

fn alone(file: &[u8], options: &ReadOptions) -> Result<Reading> {
    let mut reader = Reader::new(options.clone());
    reader.push(file)?;
    reader.finish()
}

/// Reads each range of the file by itself, and joins what came of it.
fn together(file: &[u8], cuts: &[usize], options: &ReadOptions) -> Result<Reading> {
    let mut first = Reader::new(options.clone());
    first.push(&file[..cuts[0]])?;
    for range in cuts.windows(2) {
        let mut later = Reader::later(options.clone());
        later.push(file)?;
        for piece in file[range[0]..range[1]].chunks(700) {
            later.push(piece)?;
        }
        for piece in later.into_pieces()? {
            first.merge(&piece)?;
        }
    }
    first.finish()
}

fn same(left: &Reading, right: &Reading) {
    assert_same(&left.columns, &right.columns);
    assert_eq!(left.header, right.header);
    assert_eq!(left.preview, right.preview);
    assert_eq!(left.counts, right.counts);
    assert_eq!(left.notices, right.notices);
    assert_eq!((left.bytes, left.encoding), (right.bytes, right.encoding));
    for index in 0..left.columns.rows() as usize {
        assert_eq!(left.row(index), right.row(index));
    }
}

/// A row of cells, or what else files have in it.
fn row() -> impl Strategy<Value = Vec<u8>> {
    let cells = prop::collection::vec((cell(), any::<bool>()), 4).prop_map(|cells| {
        let written = cells.iter().map(|(cell, quoted)| {
            if *quoted || cell.contains([',', '"', '\r', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        });
        written.collect::<Vec<_>>().join(",").into_bytes()
    });
    prop_oneof![
        12 => cells,
        1 => Just(b"".to_vec()),
        1 => Just(b"id,price,note,day".to_vec()),
        1 => Just(b"7,\"two\nlines\",x,1".to_vec()),
        1 => Just(b"\"8,stray,\"x\",1".to_vec()),
        1 => Just(b"9,short".to_vec()),
        1 => Just(b"9,1,long,2,3".to_vec()),
        1 => Just(b"9,\xE9\xFF,\0x,1".to_vec()),
        1 => Just(b"total,99".to_vec()),
    ]
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    let end = prop_oneof![9 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    prop::collection::vec((row(), end), 2..60).prop_map(|rows| {
        let rows = rows.iter().flat_map(|(row, end)| [row.as_slice(), end.as_bytes()]);
        let head = [HEAD.as_bytes()].into_iter();
        head.chain(rows).collect::<Vec<_>>().concat()
    })
}

proptest! {
    #[test]
    fn several_readers_are_one(
        file in file(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        utf8_only in any::<bool>(),
    ) {
        let options = ReadOptions { utf8_only, ..options() };
        let room = file.len() - HEAD.len();
        let mut cuts: Vec<usize> =
            cuts.iter().map(|cut| HEAD.len() + 1 + cut.index(room)).collect();
        cuts.push(file.len());
        cuts.sort_unstable();
        match (alone(&file, &options), together(&file, &cuts, &options)) {
            (Ok(one), Ok(several)) => same(&one, &several),
            (one, several) => prop_assert_eq!(one.err(), several.err()),
        }
    }

    #[test]
    fn pieces_that_are_cut_or_changed_are_refused_or_read(
        file in file(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in any::<u64>(),
    ) {
        let mut later = Reader::later(options());
        later.push(&file).unwrap();
        later.push(&file.repeat(3)).unwrap();
        let pieces: Vec<Vec<u8>> = later.into_pieces().unwrap().collect();
        for number in 0..pieces.len() {
            let mut first = Reader::new(options());
            first.push(&file).unwrap();
            for piece in &pieces[..number] {
                first.merge(piece).unwrap();
            }
            let piece = &pieces[number];
            let short = &piece[..cut.index(piece.len())];
            prop_assert_eq!(first.clone().merge(short).unwrap_err().code(), "engine-failed");
            // A length that is not so: all of them lie at such places.
            let mut other = piece.clone();
            let at = at.index(piece.len() / 8) * 8;
            let huge = length >> 22 | 1 << 40;
            other[at..at + 8].copy_from_slice(&huge.to_le_bytes());
            // Refused, or a number that could be so: never a trap.
            let _ = first.merge(&other);
        }
    }
}
