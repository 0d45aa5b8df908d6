//! How a file will be read, decided from its first bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::ReadOptions;
use crate::columns::{Columns, Keep};
use crate::csv::encoding::{self, Encoding};
use crate::csv::layout::{Layout, layout};
use crate::csv::sniff::{sniff, whole_lines};
use crate::csv::{Dialect, Scanner};
use crate::error::{Error, Result};
use crate::message::Message;

/// More columns than any spreadsheet has (16,384).
const MOST_COLUMNS: usize = 20_000;

/// Everything that must be known before rows can be read, the same for every
/// part of a file.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How records are written.
    pub dialect: Dialect,
    /// Where the table lies.
    pub layout: Layout,
    /// What the first bytes say of the encoding.
    pub encoding: Encoding,
    /// The columns' names, none empty and none twice.
    pub names: Vec<String>,
    /// What is kept of each column.
    pub keep: Vec<Keep>,
    /// How many rows of the file are kept as written.
    pub preview_rows: usize,
    /// The longest record, in bytes.
    pub record_limit: usize,
    /// What was odd about the names.
    pub notices: Vec<Message>,
}

impl Plan {
    /// Decides from the head of a file; `whole` says that nothing follows it.
    ///
    /// # Errors
    /// `too-many-columns` { columns, most }; `binary-file` { kind } for anything that is no text;
    /// `not-utf-8` { encoding } for UTF-16, which must be decoded first.
    pub fn new(head: &[u8], whole: bool, options: &ReadOptions) -> Result<Plan> {
        if let Some(kind) = encoding::not_text(head) {
            return Err(Error::new("binary-file").with("kind", kind));
        }
        let encoding = encoding::detect(head, whole);
        if encoding.name.starts_with("utf-16") {
            return Err(Error::new("not-utf-8").with("encoding", encoding.name));
        }
        if encoding::looks_binary(head) {
            return Err(Error::new("binary-file").with("kind", "unknown"));
        }
        let mut head = head[encoding.mark..].to_vec();
        head.retain(|byte| *byte != 0);
        let mut dialect = sniff(&head, options.delimiter);
        if let Some(quote) = options.quote {
            dialect.quote = quote;
        }
        let mut layout = layout(&head, whole, dialect, options.header);
        if whole && head.is_empty() {
            // Nothing at all is a table without columns; to load it is refused.
            layout.width = 0;
        }
        if layout.width > MOST_COLUMNS {
            let error = Error::new("too-many-columns").with("columns", layout.width);
            return Err(error.with("most", MOST_COLUMNS));
        }
        let mut notices = Vec::new();
        let names = names(&layout, &mut notices);
        let mut plan = Plan {
            dialect,
            layout,
            encoding,
            keep: vec![Keep::No; names.len()],
            names,
            preview_rows: options.preview_rows,
            record_limit: options.record_limit,
            notices,
        };
        plan.keep = match &options.keep {
            Some(keep) => keep.clone(),
            None => plan.keep_of(&head, whole),
        };
        for &column in &options.keep_also {
            if let Some(keep @ Keep::No) = plan.keep.get_mut(column) {
                // Text resolves to whatever the role wants: numbers and dates too.
                *keep = Keep::Text;
            }
        }
        Ok(plan)
    }

    /// The header as it is shown, if the file has one.
    pub fn header(&self) -> Option<&[String]> {
        self.layout.header.is_some().then_some(self.names.as_slice())
    }

    /// Columns of this file without any row.
    pub fn columns(&self) -> Columns {
        Columns::new(self.names.clone(), &self.keep)
    }

    /// Reads the head once to see which columns are worth keeping.
    fn keep_of(&self, head: &[u8], whole: bool) -> Vec<Keep> {
        let mut columns = self.columns();
        let mut scanner = Scanner::new(self.dialect);
        let first = self.layout.first_data_row;
        let mut each = |record: &crate::csv::Record<'_>| {
            if record.row() >= first && !record.is_empty() {
                columns.push(record);
            }
        };
        // A head is far shorter than the longest record.
        let head = if whole { head } else { whole_lines(head) };
        let _ = scanner.push(head, &mut each);
        let _ = scanner.finish(&mut each);
        crate::mapping::keep(self.header(), &columns)
    }
}

/// Names to show and to map by: without line ends, none empty, none twice.
fn names(layout: &Layout, notices: &mut Vec<Message>) -> Vec<String> {
    let (mut blank, mut twice): (Vec<String>, BTreeSet<String>) = Default::default();
    let written = layout.header.clone().unwrap_or_default();
    let mut names: Vec<String> = Vec::with_capacity(layout.width);
    let mut taken = BTreeSet::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for column in 0..layout.width {
        let cell = written.get(column).map_or("", String::as_str);
        let mut words: Vec<&str> = cell.split_whitespace().collect();
        // Two header rows that say the same.
        if layout.header_rows > 1 {
            words.dedup();
            let half = words.len() / 2;
            if words.len().is_multiple_of(2) && words[..half] == words[half..] {
                words.truncate(half);
            }
        }
        let mut name = words.join(" ").trim_matches(['\u{feff}', '"']).trim().to_owned();
        if name.is_empty() {
            name = format!("Column {}", column + 1);
            if layout.header.is_some() {
                blank.push(name.clone());
            }
        }
        let plain = name.clone();
        let number = numbers.entry(plain.clone()).or_default();
        loop {
            *number += 1;
            if *number > 1 {
                name = format!("{plain} ({number})");
            }
            if taken.insert(name.clone()) {
                break;
            }
        }
        if name != plain {
            twice.insert(plain);
        }
        names.push(name);
    }
    if !blank.is_empty() {
        notices.push(Message::new("blank-names").with("columns", blank));
    }
    if !twice.is_empty() {
        notices
            .push(Message::new("duplicate-names").with("columns", Vec::from_iter(twice)));
    }
    names
}
