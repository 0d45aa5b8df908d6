//! The settings of a load as a file of its own, without data; and what of them
//! holds for another file with the same columns.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::mapping::{Answers, How, MappingEntry, Recalled, key};
use crate::orders::{LoadOptions, LoadSettings};
use crate::reader::Reading;

/// Raised when the meaning of a field changes.
const SCHEMA: u32 = 2;

/// Everything that was decided about the loaded files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingsFile {
    /// Version of this shape.
    pub schema: u32,
    /// Version of the crate that computed the figures.
    pub engine: String,
    /// The mapping that was used.
    pub mapping: Vec<MappingEntry>,
    /// Answers to the questions, by id.
    pub answers: Answers,
    /// The currency that was chosen, if one was.
    pub currency: Option<String>,
    /// The switches of reading.
    pub settings: LoadSettings,
    /// The name of the shop's time zone, if one was said.
    pub zone: Option<String>,
    /// Whether the files were joined: the mapping is of the joined table then.
    pub joined: bool,
    /// What the files looked like, to know them again.
    pub files: Vec<Fingerprint>,
}

/// What a file looked like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fingerprint {
    /// A mark of each column's name, from which the name cannot be told; empty
    /// where the file has no header. What was taken for a header may be data.
    pub columns: Vec<String>,
    /// A mark of the header's letters and digits in ASCII, however they are cut
    /// into cells and decoded; empty where there are few.
    pub line: String,
    /// How the file was to be read.
    pub read: How,
    /// Rows of data.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

impl SettingsFile {
    /// The settings with which these readings are going to be loaded; the mapping
    /// that is used in the end is filled in afterwards.
    pub fn new(readings: &[(Arc<Reading>, How)], options: &LoadOptions) -> SettingsFile {
        SettingsFile {
            schema: SCHEMA,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            mapping: options.mapping.clone().unwrap_or_default(),
            answers: options.answers.clone(),
            currency: options.currency.clone(),
            settings: options.settings.clone(),
            zone: options.zone.as_ref().map(|zone| zone.name.clone()),
            joined: false,
            files: readings
                .iter()
                .map(|(reading, how)| Fingerprint {
                    columns: marks(reading),
                    line: line(reading),
                    read: how.clone(),
                    rows: reading.columns.rows(),
                    bytes: reading.bytes,
                })
                .collect(),
        }
    }

    /// What of these settings holds for another file: all of it, where the file
    /// has every column that is mapped or spoken of, at whatever place; and how
    /// to read it, where it has the same header and is read otherwise now. Of
    /// joined files each must have the columns of one of them.
    pub fn recall(&self, reading: &Reading, how: &How) -> Option<Recalled> {
        if self.schema != SCHEMA {
            return None;
        }
        let recalled = |mapping: Vec<MappingEntry>, answers: Answers| Recalled {
            read: None,
            files: if self.joined { self.files.len() } else { 1 },
            mapping,
            answers,
            currency: self.currency.clone(),
            settings: self.settings.clone(),
            zone: self.zone.clone(),
        };
        let line = line(reading);
        let otherwise = |file: &&Fingerprint| {
            file.read != How::default() && file.read != *how && file.line == line
        };
        if let Some(file) = self.files.iter().find(otherwise).filter(|_| !line.is_empty())
        {
            let read = Some(file.read.clone());
            return Some(Recalled { read, ..recalled(Vec::new(), Answers::new()) });
        }
        let now = marks(reading);
        let file = self.files.first().filter(|file| !file.columns.is_empty())?;
        if self.joined {
            let known = self.files.iter().any(|file| file.columns == now);
            return known.then(|| recalled(self.mapping.clone(), self.answers.clone()));
        }
        let place = |column: usize| -> Option<usize> {
            let mark = file.columns.get(column)?;
            // Of several columns of one name the one at the same turn.
            let turn = file.columns[..column].iter().filter(|m| *m == mark).count();
            let same = now.iter().enumerate().filter(|(_, m)| *m == mark);
            same.map(|(at, _)| at).nth(turn)
        };
        let entry = |entry: &MappingEntry| -> Option<MappingEntry> {
            let columns =
                entry.columns.iter().map(|&c| place(c)).collect::<Option<_>>()?;
            Some(MappingEntry { columns, ..entry.clone() })
        };
        let answer = |(id, value): (&String, &String)| -> Option<(String, String)> {
            let id = match id.split_once(':') {
                Some((of, column)) => format!("{of}:{}", place(column.parse().ok()?)?),
                None => id.clone(),
            };
            Some((id, value.clone()))
        };
        let mapping: Vec<MappingEntry> =
            self.mapping.iter().map(entry).collect::<Option<_>>()?;
        (!mapping.is_empty()).then_some(())?;
        Some(recalled(mapping, self.answers.iter().map(answer).collect::<Option<_>>()?))
    }
}

/// The fewest letters and digits by which a header is known.
const LETTERS: usize = 12;

/// The mark of what is written in ASCII in the header, or in the first row.
fn line(reading: &Reading) -> String {
    let first = reading.header_cells.as_ref().or(reading.preview.first());
    let letters = first.into_iter().flatten().flat_map(|cell| cell.bytes());
    let letters: Vec<u8> = letters
        .filter(u8::is_ascii_alphanumeric)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    if letters.len() < LETTERS { String::new() } else { mark(&letters) }
}

/// The marks of a file's columns: those of their names in the form in which
/// names are compared.
fn marks(reading: &Reading) -> Vec<String> {
    reading.header.iter().flatten().map(|name| mark(key(name).as_bytes())).collect()
}

/// FNV-1a.
fn mark(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
