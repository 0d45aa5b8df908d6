//! The fold over records: which are rows of the table, and what was odd.

use super::footer;
use super::plan::Plan;
use super::resplit::resplit;
use crate::columns::Columns;
use crate::csv::{Place, Record};

/// How often something occurred, and the first row with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub rows: u64,
    /// The first row, 1-based; 0 where there is none.
    pub first: u64,
}

impl Count {
    fn add(&mut self, row: u64) {
        self.rows += 1;
        self.first = if self.first == 0 { row } else { self.first };
    }

    fn then(self, right: Count, rows: u64) -> Count {
        let first = match (self.first, right.first) {
            (0, 0) => 0,
            (0, first) => first + rows,
            (first, _) => first,
        };
        Count { rows: self.rows + right.rows, first }
    }
}

/// Rows that are not as the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows without any content, skipped.
    pub blank: Count,
    /// Rows with fewer cells than the table has columns; the rest is empty.
    pub short: Count,
    /// Rows with content beyond the last column, which is not read.
    pub long: Count,
    /// Rows with another delimiter than the rest, read with theirs.
    pub resplit: Count,
    /// Further copies of the header, skipped.
    pub headers: Count,
    /// Rows after the table, such as totals, skipped.
    pub footer: Count,
    /// Rows with bytes that are no UTF-8.
    pub invalid: Count,
}

impl Counts {
    fn then(self, right: Counts, rows: u64) -> Counts {
        Counts {
            blank: self.blank.then(right.blank, rows),
            short: self.short.then(right.short, rows),
            long: self.long.then(right.long, rows),
            resplit: self.resplit.then(right.resplit, rows),
            headers: self.headers.then(right.headers, rows),
            footer: self.footer.then(right.footer, rows),
            invalid: self.invalid.then(right.invalid, rows),
        }
    }
}

/// What has been read so far.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub columns: Columns,
    pub preview: Vec<Vec<String>>,
    pub counts: Counts,
    /// From the data row with this index on, rows are numbered from there.
    pub anchors: Vec<(u64, u64)>,
    /// Rows of the columns.
    pub kept: u64,
    /// The row that would follow the last one without a gap.
    pub(super) next: u64,
    /// The first row that may be data.
    pub(super) from: u64,
    /// Whether rows are to be searched for invalid UTF-8.
    pub suspicious: bool,
}

impl Fold {
    /// A fold at the start of the file, or (`first` false) of a later part.
    pub(crate) fn new(plan: &Plan, first: bool) -> Fold {
        Fold {
            columns: plan.columns(),
            preview: Vec::new(),
            counts: Counts::default(),
            anchors: Vec::new(),
            kept: 0,
            next: 0,
            from: if first { plan.layout.first_data_row } else { 0 },
            suspicious: false,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, plan: &Plan, record: &Record<'_>) {
        let row = record.row();
        if row < self.from {
            return;
        }
        if self.suspicious && std::str::from_utf8(record.raw()).is_err() {
            self.counts.invalid.add(row);
        }
        let width = plan.layout.width;
        let cells = record.len();
        if cells != width {
            if record.is_empty() {
                self.counts.blank.add(row);
                return;
            }
            if width > 1 && is_blank(record) {
                self.counts.blank.add(row);
                return;
            }
            if cells < width {
                if resplit(plan, record, |split| self.keep(plan, split)) {
                    self.counts.resplit.add(row);
                    return;
                }
                self.counts.short.add(row);
            } else if (width..cells).any(|i| !record.field(i).trim_ascii().is_empty()) {
                self.counts.long.add(row);
            }
        }
        if width > 1 && record.raw().len() < cells {
            self.counts.blank.add(row);
            return;
        }
        if is_header(plan, record) {
            self.counts.headers.add(row);
            return;
        }
        self.keep(plan, record);
    }

    /// [`Fold::push`] for the last records of a part: its code stands where
    /// many come, and here.
    #[inline(never)]
    pub(crate) fn push_last(&mut self, plan: &Plan, record: &Record<'_>) {
        self.push(plan, record);
    }

    #[inline]
    fn keep(&mut self, plan: &Plan, record: &Record<'_>) {
        let row = record.row();
        if row != self.next {
            self.anchors.push((self.kept, row));
        }
        self.next = row + 1;
        self.columns.push(record);
        self.kept += 1;
        if self.preview.len() < plan.preview_rows {
            self.preview.push(texts(record, plan.layout.width));
        }
    }

    /// Counts a row after the table.
    pub(crate) fn push_tail(&mut self, record: &Record<'_>) {
        let counts = &mut self.counts;
        let count = if is_blank(record) { &mut counts.blank } else { &mut counts.footer };
        if record.row() >= self.from {
            count.add(record.row());
        }
    }

    /// This fold, then that of the following part, which began `rows` rows on.
    pub(crate) fn merge(mut self, right: Fold, plan: &Plan, rows: u64) -> Fold {
        for (index, row) in right.anchors {
            if row + rows != self.next || index > 0 {
                self.anchors.push((index + self.kept, row + rows));
            }
        }
        let room = plan.preview_rows - self.preview.len().min(plan.preview_rows);
        self.preview.extend(right.preview.into_iter().take(room));
        Fold {
            columns: self.columns.merge(right.columns),
            counts: self.counts.then(right.counts, rows),
            kept: self.kept + right.kept,
            next: if right.kept > 0 { right.next + rows } else { self.next },
            suspicious: self.suspicious || right.suspicious,
            ..self
        }
    }
}

fn is_header(plan: &Plan, record: &Record<'_>) -> bool {
    let header = &plan.layout.header_cells;
    record.len() == header.len()
        && record.field(0) == header[0].as_slice()
        && record.fields().zip(header).all(|(cell, name)| cell == name.as_slice())
}

/// A row as written, padded to the width of the table.
fn texts(record: &Record<'_>, width: usize) -> Vec<String> {
    let filled = |i: &usize| !record.field(*i).is_empty();
    let cells = (width..record.len()).rev().find(filled).map_or(width, |last| last + 1);
    (0..cells).map(|i| String::from_utf8_lossy(record.field(i)).into_owned()).collect()
}

/// Whether a row has nothing but delimiters.
fn is_blank(record: &Record<'_>) -> bool {
    record.is_empty() || record.raw().len() < record.len()
}

/// What a row among the last ones is.
pub(crate) fn place(plan: &Plan, record: &Record<'_>) -> Place {
    if plan.layout.width == 1 {
        Place::Table
    } else if is_blank(record) {
        Place::Blank
    } else {
        footer::place(plan, record)
    }
}
