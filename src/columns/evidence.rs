//! What is known of a column once all its cells have been seen.

use serde::Serialize;

use super::date::DateEvidence;
use super::number::NumberEvidence;

/// What the evidence comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision<T> {
    /// There is one reading.
    Decided(T),
    /// Several readings fit, the likelier first: to be asked.
    Open(Vec<T>),
    /// No reading fits.
    None,
}

impl<T> Decision<T> {
    /// The reading, where there is one.
    pub fn decided(&self) -> Option<&T> {
        match self {
            Decision::Decided(reading) => Some(reading),
            _ => None,
        }
    }
}

/// A cell that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    /// Its row, from 0.
    pub row: u64,
    /// What is written there.
    pub text: String,
}

/// The most examples and samples kept.
pub(crate) const EXAMPLES: usize = 5;

pub(crate) fn add_example(examples: &mut Vec<Example>, row: u64, text: &[u8]) {
    if examples.len() < EXAMPLES {
        let text = String::from_utf8_lossy(text);
        if !examples.iter().any(|e| e.text == text) {
            examples.push(Example { row, text: text.into_owned() });
        }
    }
}

/// What the cells of a column say about its texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEvidence {
    /// The first five distinct values.
    pub samples: Vec<String>,
    /// Distinct values; exact up to [`super::EXACT_DISTINCT`], above that within
    /// some percent. Always exact for kept text.
    pub distinct: u64,
    /// Cells of ASCII digits only.
    pub all_digits: u64,
    /// Cells with the form of an e-mail address.
    pub emails: u64,
    /// Cells with `**`, as shop systems mask buyers.
    pub masked: u64,
    /// Cells such as `1.03006E+13`, whose digits a spreadsheet has lost.
    pub e_notation: u64,
    /// Cells with a leading apostrophe before a number.
    pub apostrophes: u64,
    /// Cells with a TAB at an end.
    pub tabs: u64,
    /// Cells written `="..."`.
    pub formulas: u64,
    /// Bytes of the longest value.
    pub longest: u64,
}

/// What is known of a column. All rows count from 0, the first row pushed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Rows of the table.
    pub rows: u64,
    /// Cells without anything but blanks.
    pub empty: u64,
    /// Cells in quotes.
    pub quoted: u64,
    /// Filled cells that `numbers` and `dates` speak of: all of a packed column,
    /// the first 500 of any other.
    pub examined: u64,
    /// As numbers.
    pub numbers: NumberEvidence,
    /// As dates and times.
    pub dates: DateEvidence,
    /// As text: all cells of a kept column, the first 500 of any other.
    pub text: TextEvidence,
}

impl Evidence {
    /// Cells with something in them.
    pub fn filled(&self) -> u64 {
        self.rows - self.empty
    }

    /// The share of examined cells, words for nothing left out, that are
    /// numbers; 0 where there is none.
    pub fn number_share(&self) -> f64 {
        share(self.numbers.cells, self.examined - self.numbers.nulls)
    }

    /// The same for dates and times in fields, plain digits left out.
    pub fn date_share(&self) -> f64 {
        share(self.dates.written, self.examined - self.numbers.nulls)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
