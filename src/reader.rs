//! The fold that reads a file: bytes to records to columns, in one pass.
//!
//! Design, "Reading": the first bytes decide how the file is written and which
//! columns are kept ([`Plan`]); then every record is pushed into the columns as
//! it comes. Nothing of the file is held but what the columns keep.

mod bytes;
mod finish;
mod fold;
mod footer;
mod part;
mod plan;
mod resplit;

pub use bytes::Pieces;
pub use fold::{Count, Counts};
pub use part::Part;
pub use plan::Plan;

use bytes::Joining;

use crate::columns::{Columns, Keep};
use crate::csv::{Delimiter, Dialect, RECORD_LIMIT};
use crate::error::{Error, Result};
use crate::message::Message;

/// What may be decided by the caller instead of found.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// How many rows of the table to keep as written.
    pub preview_rows: usize,
    /// The delimiter.
    pub delimiter: Option<Delimiter>,
    /// The quote; `Some(None)` for none.
    pub quote: Option<Option<u8>>,
    /// Whether bytes that are not UTF-8 end the reading, to be decoded first.
    pub utf8_only: bool,
    /// Whether the first row of the table is a header.
    pub header: Option<bool>,
    /// What to keep of each column.
    pub keep: Option<Vec<Keep>>,
    /// Columns to keep besides, by index: wanted by a mapping of the user's.
    pub keep_also: Vec<usize>,
    /// How many bytes decide; at least this many are held until then.
    pub head_bytes: usize,
    /// The longest record, in bytes.
    pub record_limit: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            preview_rows: 50,
            delimiter: None,
            quote: None,
            utf8_only: false,
            header: None,
            keep: None,
            keep_also: Vec::new(),
            head_bytes: 256 << 10,
            record_limit: RECORD_LIMIT,
        }
    }
}

/// What a file holds, undecided: see [`Columns`].
#[derive(Clone, Debug)]
pub struct Reading {
    /// How the records are written.
    pub dialect: Dialect,
    /// `utf-8`, or `unknown` where some bytes are not UTF-8.
    pub encoding: &'static str,
    /// The columns' names, if the file has a header: none empty, none twice.
    pub header: Option<Vec<String>>,
    /// The header's cells as written.
    pub header_cells: Option<Vec<String>>,
    /// The first row that may be data, 1-based.
    pub first_data_row: u64,
    /// All columns: evidence of each, cells of the kept ones.
    pub columns: Columns,
    /// The first rows of the table as written.
    pub preview: Vec<Vec<String>>,
    /// What was odd.
    pub notices: Vec<Message>,
    /// Size of the file.
    pub bytes: u64,
    /// Rows that were not as the others.
    pub counts: Counts,
    anchors: Vec<(u64, u64)>,
}

impl Reading {
    /// This file with other columns, of the same rows and those of further files
    /// after it: theirs and those of other files looked up for them.
    pub(crate) fn with_columns(
        &self,
        columns: Columns,
        further: &[&Reading],
        notices: Vec<Message>,
    ) -> Reading {
        let mut anchors = self.anchors.clone();
        let mut rows = self.columns.rows();
        for reading in further {
            anchors.push((rows, reading.first_data_row));
            let own = reading.anchors.iter().map(|&(index, row)| (rows + index, row));
            anchors.extend(own);
            rows += reading.columns.rows();
        }
        let names = (0..columns.len()).map(|c| columns.name(c).to_owned()).collect();
        let mut all = self.notices.clone();
        all.extend(notices);
        Reading {
            dialect: self.dialect,
            encoding: self.encoding,
            header: Some(names),
            header_cells: self.header_cells.clone(),
            first_data_row: self.first_data_row,
            columns,
            preview: self.preview.clone(),
            notices: all,
            bytes: self.bytes,
            counts: self.counts,
            anchors,
        }
    }

    /// The row of the file, 1-based, of the columns' row `index`, 0-based.
    ///
    /// Skipped rows (blank lines, repeated headers) count in the file only.
    pub fn row(&self, index: usize) -> u64 {
        let index = index as u64;
        let after = self.anchors.partition_point(|anchor| anchor.0 <= index);
        match after.checked_sub(1).and_then(|at| self.anchors.get(at)) {
            Some((from, row)) => row + index - from,
            None => self.first_data_row + index,
        }
    }
}

/// Reads one file from its bytes, in any pieces.
///
/// ```
/// use regulars::reader::{ReadOptions, Reader};
/// let mut reader = Reader::new(ReadOptions::default());
/// reader.push(b"id;price\n1;2,50\n")?;
/// reader.push(b"2;3,00\n")?;
/// let reading = reader.finish()?;
/// assert_eq!(reading.header.as_deref(), Some(&["id".to_owned(), "price".to_owned()][..]));
/// assert_eq!(reading.columns.rows(), 2);
/// # Ok::<(), regulars::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader {
    options: ReadOptions,
    head: Vec<u8>,
    part: Option<Part>,
    /// Whether only a later part is read here.
    later: bool,
    joining: Option<Joining>,
}

impl Reader {
    /// A reader at the start of a file.
    pub fn new(options: ReadOptions) -> Reader {
        let (head, part, joining) = (Vec::new(), None, None);
        Reader { options, head, part, later: false, joining }
    }

    /// A reader of a later part of a file: the first push is of the file's
    /// beginning, more of it than decides, and only to decide as others do; those
    /// after it are of the part.
    pub fn later(options: ReadOptions) -> Reader {
        Reader { later: true, ..Reader::new(options) }
    }

    /// What a reader of a later part has read, for the reader of what is before it.
    ///
    /// # Errors
    /// As [`Reader::finish`].
    pub fn into_pieces(self) -> Result<Pieces> {
        let part = self.part.ok_or_else(|| Error::new("empty-file"))?;
        Ok(part.into_pieces())
    }

    /// Takes the next piece of the following part, once all before it is pushed.
    ///
    /// # Errors
    /// `engine-failed` for anything else than such a piece, and as
    /// [`Reader::push`]. The reader is then of no more use.
    pub fn merge(&mut self, piece: &[u8]) -> Result<()> {
        let part = self.part.take().ok_or_else(|| Error::new("engine-failed"))?;
        self.part = Some(part.merge_piece(&mut self.joining, piece)?);
        self.check()
    }

    /// Rows of the table read so far.
    pub fn rows(&self) -> u64 {
        self.part.as_ref().map_or(0, Part::rows)
    }

    /// Bytes taken so far.
    pub fn bytes(&self) -> u64 {
        self.part.as_ref().map_or(self.head.len() as u64, Part::bytes)
    }

    /// Takes the next bytes. How a file is cut into pieces changes nothing.
    ///
    /// # Errors
    /// Those of [`Plan::new`], `line-too-long` { row, bytes }, and where only
    /// UTF-8 is wanted `not-utf-8` { encoding: `unknown` }.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(part) = &mut self.part {
            part.push(bytes)?;
            return self.check();
        }
        // The head has always the same size, so that it decides the same.
        let room = self.options.head_bytes.max(1) - self.head.len();
        let (head, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(head);
        if self.head.len() >= self.options.head_bytes && !rest.is_empty() {
            let rest = if self.later { &[] } else { rest };
            self.begin(false)?.push(rest)?;
        }
        self.check()
    }

    /// The file is at its end.
    ///
    /// # Errors
    /// As [`Reader::push`].
    pub fn finish(mut self) -> Result<Reading> {
        if self.part.is_none() {
            self.begin(true)?;
        }
        let Some(part) = self.part.take() else { return Err(Error::new("empty-file")) };
        if self.joining.is_some() {
            return Err(Error::new("engine-failed"));
        }
        let reading = part.finish()?;
        if self.options.utf8_only && reading.encoding == "unknown" {
            return Err(not_utf8());
        }
        Ok(reading)
    }

    /// Ends the reading of what is not UTF-8, where only that is wanted.
    fn check(&self) -> Result<()> {
        let broken = self.part.as_ref().is_some_and(Part::is_suspicious);
        if self.options.utf8_only && broken { Err(not_utf8()) } else { Ok(()) }
    }

    fn begin(&mut self, whole: bool) -> Result<&mut Part> {
        let head = std::mem::take(&mut self.head);
        let plan = Plan::new(&head, whole, &self.options)?;
        let mark = plan.encoding.mark;
        if self.options.utf8_only && plan.encoding.name == "unknown" {
            return Err(not_utf8());
        }
        if self.later {
            return Ok(self.part.insert(Part::later(plan)));
        }
        let mut part = Part::first(plan);
        part.skip(mark);
        part.push(&head[mark..])?;
        Ok(self.part.insert(part))
    }
}

fn not_utf8() -> Error {
    Error::new("not-utf-8").with("encoding", "unknown")
}
