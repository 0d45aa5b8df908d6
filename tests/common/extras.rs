//! Any source read as the worker reads it: as UTF-8, and once more as something
//! else when the engine says that it is (pkg/runner.js).

use regulars::csv::Delimiter;
use regulars::error::Error;
use regulars::message::Param;
use regulars::reader::{ReadOptions, Reader, Reading};
use regulars_extras::{Decode, Detect, Workbook};

/// A reading, and what it was decoded from.
#[derive(Debug)]
pub struct Opened {
    pub reading: Reading,
    pub encoding: String,
    pub malformed: u64,
}

fn plain(bytes: &[u8], piece: usize, options: &ReadOptions) -> Result<Reading, Error> {
    let mut reader = Reader::new(options.clone());
    for bytes in bytes.chunks(piece) {
        reader.push(bytes)?;
    }
    reader.finish()
}

fn decoded(
    bytes: &[u8],
    piece: usize,
    options: &ReadOptions,
    label: &str,
) -> Result<Opened, Error> {
    let mut decode = Decode::new(label).map_err(|failure| Error::new(failure.code))?;
    let mut reader = Reader::new(options.clone());
    for bytes in bytes.chunks(piece) {
        reader.push(&decode.push(bytes, false))?;
    }
    reader.push(&decode.push(b"", true))?;
    let (encoding, malformed) = (decode.name(), decode.malformed());
    Ok(Opened { reading: reader.finish()?, encoding, malformed })
}

/// Reads a file of any kind from pieces of that size.
pub fn open(bytes: &[u8], piece: usize, options: &ReadOptions) -> Result<Opened, Error> {
    let strict = ReadOptions { utf8_only: true, ..options.clone() };
    let utf8 =
        |reading: Reading| Opened { encoding: "utf-8".to_owned(), reading, malformed: 0 };
    let error = match plain(bytes, piece, &strict) {
        Ok(reading) => return Ok(utf8(reading)),
        Err(error) => error,
    };
    let text = |name: &str| match error.params().get(name) {
        Some(Param::Text(text)) => text.clone(),
        _ => String::new(),
    };
    match error.code() {
        "not-utf-8" => {
            let mut label = text("encoding");
            if label == "unknown" {
                let mut detect = Detect::default();
                for bytes in bytes.chunks(piece) {
                    detect.push(bytes);
                }
                label = detect.finish();
            }
            match label.as_str() {
                "utf-8" => plain(bytes, piece, options).map(utf8),
                label => decoded(bytes, piece, options, label),
            }
        }
        "binary-file" if ["xlsx", "zip"].contains(&text("kind").as_str()) => {
            let failed = |failure: regulars_extras::Failure| Error::new(failure.code);
            let mut book = Workbook::open(bytes.to_vec()).map_err(failed)?;
            let is_sheet = matches!(book, Workbook::Sheets(_));
            let sheets = book.sheets().map_err(failed)?;
            let Some(most) = sheets.iter().map(|s| s.rows).max() else {
                return Err(error);
            };
            let sheet = sheets.into_iter().find(|s| s.rows == most).unwrap();
            let mut table = Vec::new();
            let mut each = |piece: &[u8]| table.extend_from_slice(piece);
            book.write(&sheet.name, &mut each).map_err(failed)?;
            if !is_sheet {
                return open(&table, piece, options);
            }
            let comma = Some(Delimiter::Byte(b','));
            let options = ReadOptions { delimiter: comma, ..options.clone() };
            let reading = plain(&table, piece, &options)?;
            Ok(Opened { reading, encoding: "xlsx".to_owned(), malformed: 0 })
        }
        _ => Err(error),
    }
}
