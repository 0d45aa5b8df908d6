//! What can be asked of reading and loading.

use serde::Deserialize;

use super::super::settings::SettingsFile;
use crate::csv::Delimiter;
use crate::error::{Error, Result};
use crate::lifetime::SubscriptionOptions;
use crate::mapping::How;
use crate::orders::LoadOptions;
use crate::reader::ReadOptions;
use crate::table::Plain;

/// Rows of preview where nothing else is asked for.
const PREVIEW_ROWS: usize = 20;

/// Options of `inspect`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectArgs {
    /// Rows of preview; 20 when left out, all when larger than the file.
    pub preview_rows: Option<f64>,
    /// Columns to keep besides those that seem to be of use, by index.
    pub keep: Vec<usize>,
    /// What the text was decoded from; `utf-8` reads bytes as they are, broken or
    /// not. Left out: bytes that are not UTF-8 end the reading.
    pub encoding: Option<String>,
    /// The delimiter, by the name that `Found` has for it.
    pub delimiter: Option<String>,
    /// The quote; an empty text for none.
    pub quote: Option<String>,
    /// Whether the first row of the table names the columns.
    pub header: Option<bool>,
    /// What was decided of earlier files: the last that fits is offered again.
    pub settings: Vec<SettingsFile>,
    /// Whether a later part of a file is read, for another session: first comes the
    /// file's beginning, from which all decide alike, then the part.
    pub part: bool,
    /// The encoding was found, not said.
    pub detected: bool,
    /// The size of the source, where what is pushed was made from it.
    pub bytes: Option<f64>,
}

impl InspectArgs {
    /// How the file is to be read, as far as the user said so.
    pub fn how(&self) -> How {
        if self.encoding.as_deref() == Some("xlsx") {
            // A workbook has cells, whatever its text is like.
            return How::default();
        }
        How {
            encoding: self.encoding.clone().filter(|_| !self.detected),
            delimiter: self.delimiter.clone(),
            quote: self.quote.clone(),
            header: self.header,
        }
    }

    /// The options of the reader.
    ///
    /// # Errors
    /// `bad-delimiter` { delimiter } and `bad-quote` { quote }.
    pub fn read_options(&self) -> Result<ReadOptions> {
        let delimiter = self.delimiter.as_deref().map(|name| {
            let bad = || Error::new("bad-delimiter").with("delimiter", name);
            Delimiter::from_name(name).ok_or_else(bad)
        });
        let quote = self.quote.as_deref().map(|quote| match quote.as_bytes() {
            [] => Ok(None),
            &[byte] if byte.is_ascii_punctuation() => Ok(Some(byte)),
            _ => Err(Error::new("bad-quote").with("quote", quote)),
        });
        let preview_rows = match self.preview_rows {
            // Infinity and large figures saturate: all rows are shown.
            Some(rows) => rows.max(0.0) as usize,
            None => PREVIEW_ROWS,
        };
        Ok(ReadOptions {
            preview_rows,
            keep_also: self.keep.clone(),
            utf8_only: self.encoding.is_none(),
            delimiter: delimiter.transpose()?,
            quote: quote.transpose()?,
            header: self.header,
            ..ReadOptions::default()
        })
    }
}

/// Options of `load`: which inspected files, and what the user said of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadArgs {
    /// The handles that `inspect` gave, in the order of the files.
    pub found: Vec<u32>,
    /// The column by which files of different layouts are joined; found where the
    /// layouts differ and none is said.
    pub join: Option<String>,
    /// Only the ledger is wanted: what was loaded before stays.
    pub trial: bool,
    /// Mapping, answers, currency and switches, beside the others.
    #[serde(skip)]
    pub options: LoadOptions,
}

impl LoadArgs {
    /// Reads the options of `load`.
    ///
    /// # Errors
    /// `bad-arguments`.
    pub fn parse(plain: &Plain) -> Result<LoadArgs> {
        Ok(LoadArgs { options: plain.typed()?, ..plain.typed()? })
    }
}

/// Options of `forget`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ForgetArgs {
    /// The handle that `inspect` gave.
    pub found: u32,
}

/// Options of `subscriptions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionArgs {
    /// The handle that `inspect` gave, unless cohorts are given.
    pub found: Option<u32>,
    /// What is asked, beside it.
    #[serde(skip)]
    pub options: SubscriptionOptions,
}

impl SubscriptionArgs {
    /// Reads the options of `subscriptions`.
    ///
    /// # Errors
    /// `bad-arguments`.
    pub fn parse(plain: &Plain) -> Result<SubscriptionArgs> {
        Ok(SubscriptionArgs { options: plain.typed()?, ..plain.typed()? })
    }
}
