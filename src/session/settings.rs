//! The settings of a load as a file of its own, without data.

use std::sync::Arc;

use serde::Serialize;

use crate::mapping::{Answers, MappingEntry};
use crate::orders::{LoadOptions, LoadSettings};
use crate::reader::Reading;

/// Raised when the meaning of a field changes.
const SCHEMA: u32 = 1;

/// Everything that was decided about the loaded files.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsFile {
    /// Version of this shape.
    pub schema: u32,
    /// Version of the crate that computed the figures.
    pub engine: &'static str,
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
    /// What the files looked like, to know them again.
    pub files: Vec<Fingerprint>,
}

/// What a file looked like.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprint {
    /// The header; empty where there is none.
    pub header: Vec<String>,
    /// Rows of data.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

impl SettingsFile {
    /// The settings with which these readings are going to be loaded; the mapping
    /// that is used in the end is filled in afterwards.
    pub fn new(readings: &[Arc<Reading>], options: &LoadOptions) -> SettingsFile {
        SettingsFile {
            schema: SCHEMA,
            engine: env!("CARGO_PKG_VERSION"),
            mapping: options.mapping.clone().unwrap_or_default(),
            answers: options.answers.clone(),
            currency: options.currency.clone(),
            settings: options.settings.clone(),
            zone: options.zone.as_ref().map(|zone| zone.name.clone()),
            files: readings
                .iter()
                .map(|reading| Fingerprint {
                    header: reading.header.clone().unwrap_or_default(),
                    rows: reading.columns.rows(),
                    bytes: reading.bytes,
                })
                .collect(),
        }
    }
}
