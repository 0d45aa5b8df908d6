//! The columns of a file: cells as written, undecided, with the evidence from
//! which their conventions and formats are decided once all rows are read.
//!
//! A file is a fold: [`Columns::push`] adds a record, [`Columns::merge`] joins
//! two neighbouring parts and is associative; cutting a file anywhere between
//! records and merging gives the same columns, to the bit.

mod block;
mod blocks;
mod bytes;
mod civil;
mod currency;
pub mod date;
mod date_decide;
mod date_parser;
mod date_shape;
mod date_stats;
mod date_tokens;
mod date_zone;
mod distinct;
mod evidence;
mod form;
mod head;
mod known;
mod loose;
mod months;
pub mod number;
mod number_parser;
mod number_shape;
mod number_stats;
mod packed;
mod packed_evidence;
mod packed_merge;
mod read;
mod swar;
mod text;
mod wrapping;

use std::borrow::Cow;

pub use currency::Currency;
pub use date::{
    Basis, DateEvidence, DateFormat, Moment, NO_DAY, NO_OFFSET, NO_SECOND, Span,
};
pub use distinct::EXACT_DISTINCT;
pub use evidence::{Decision, Evidence, Example, TextEvidence};
pub use number::{Convention, CurrencyCount, Decimal, NumberEvidence, Total};
pub use read::{Dates, Numbers};
pub use text::NO_TEXT;
pub use wrapping::is_null;

use crate::csv::Record;
use crate::names::Names;
use head::Head;
use packed::Packed;
use text::Text;

/// What is kept of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The evidence of its first 500 filled cells only.
    No,
    /// Its texts, four bytes a cell.
    Text,
    /// Its numbers or dates, eight bytes a cell.
    Packed,
}

/// A cell read in some way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<T> {
    /// Nothing is written, or a word for nothing.
    Empty,
    /// What is written.
    Value(T),
    /// Something is written that cannot be read so.
    Bad,
}

impl<T> Cell<T> {
    fn of(value: Option<T>) -> Cell<T> {
        value.map_or(Cell::Bad, Cell::Value)
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Cell::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// Bytes held by columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// By cells: four or eight a row and kept column.
    pub cells: usize,
    /// By interned texts, their tables left out.
    pub interned: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Store {
    Head(Box<Head>),
    Text(Box<Text>, Box<Head>),
    Packed(Box<Packed>),
}

impl Store {
    fn new(keep: Keep) -> Store {
        match keep {
            Keep::No => Store::Head(Box::default()),
            Keep::Text => Store::Text(Box::default(), Box::default()),
            Keep::Packed => Store::Packed(Box::default()),
        }
    }

    fn packed(&self) -> Option<&Packed> {
        if let Store::Packed(packed) = self { Some(packed) } else { None }
    }

    fn text(&self) -> Option<&Text> {
        if let Store::Text(text, _) = self { Some(text) } else { None }
    }
}

#[derive(Clone, Debug)]
struct Column {
    name: String,
    store: Store,
    quoted: u64,
    /// Empty cells, counted here for columns that are not kept.
    empty: u64,
}

impl Column {
    fn new(name: String, keep: Keep) -> Column {
        Column { name, store: Store::new(keep), quoted: 0, empty: 0 }
    }

    /// This column of `offset` rows with those of a later part below them.
    fn merge(self, right: Column, offset: u64) -> Column {
        let store = match (self.store, right.store) {
            (Store::Packed(a), Store::Packed(b)) => Store::Packed(Box::new(a.merge(*b))),
            (Store::Text(a, mut head), Store::Text(b, later)) => {
                head.merge(&later, offset);
                Store::Text(Box::new(a.merge(*b)), head)
            }
            (Store::Head(mut head), Store::Head(later)) => {
                head.merge(&later, offset);
                Store::Head(head)
            }
            (left, _) => left,
        };
        Column {
            name: self.name,
            store,
            quoted: self.quoted + right.quoted,
            empty: self.empty + right.empty,
        }
    }
}

/// The columns of a file.
#[derive(Clone, Debug)]
pub struct Columns {
    columns: Vec<Column>,
    rows: u64,
}

impl Columns {
    /// Columns without rows. What is kept of a column without an entry in `keep`
    /// is its evidence.
    pub fn new(names: Vec<String>, keep: &[Keep]) -> Columns {
        let keep = keep.iter().copied().chain(std::iter::repeat(Keep::No));
        let column = |(name, keep)| Column::new(name, keep);
        Columns { columns: names.into_iter().zip(keep).map(column).collect(), rows: 0 }
    }

    /// Adds a record. Missing fields are empty, further ones are not kept.
    #[inline]
    pub fn push(&mut self, record: &Record<'_>) {
        self.push_with(|i| (record.field(i), record.is_quoted(i)));
    }

    /// Adds a row whose fields, and whether they were quoted, a function gives.
    #[inline]
    pub fn push_with<'f>(&mut self, field: impl Fn(usize) -> (&'f [u8], bool)) {
        let row = self.rows;
        for (i, column) in self.columns.iter_mut().enumerate() {
            let (text, quoted) = field(i);
            column.quoted += u64::from(quoted);
            match &mut column.store {
                Store::Packed(packed) => packed.push(text, row),
                Store::Text(cells, head) => {
                    cells.push(text);
                    head.push(text, row);
                }
                Store::Head(head) => {
                    let is_empty = wrapping::trimmed(text).is_empty();
                    column.empty += u64::from(is_empty);
                    head.push(text, row);
                }
            }
        }
        self.rows += 1;
    }

    /// These columns with the rows of a later part of the same file below theirs.
    ///
    /// Both must have been made with the same names and `keep`; columns that only
    /// one part has are dropped. Linear in the rows of `right`.
    #[must_use]
    pub fn merge(self, right: Columns) -> Columns {
        let offset = self.rows;
        let pairs = self.columns.into_iter().zip(right.columns);
        let merged = pairs.map(|(left, right)| left.merge(right, offset));
        Columns { columns: merged.collect(), rows: offset + right.rows }
    }

    /// Lets go of what only further rows would need.
    pub(crate) fn close(&mut self) {
        for column in &mut self.columns {
            match &mut column.store {
                Store::Text(text, _) => text.close(),
                Store::Packed(packed) => packed.texts.close(),
                Store::Head(_) => {}
            }
        }
    }

    /// Rows pushed.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The name of a column, empty past the last one.
    pub fn name(&self, i: usize) -> &str {
        self.columns.get(i).map_or("", |c| &c.name)
    }

    /// What is kept of a column; `No` past the last one.
    pub fn keep(&self, i: usize) -> Keep {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(..)) => Keep::Text,
            Some(Store::Packed(_)) => Keep::Packed,
            _ => Keep::No,
        }
    }

    /// Whether the cells of a column are kept.
    pub fn is_kept(&self, i: usize) -> bool {
        self.keep(i) != Keep::No
    }

    /// What the cells of a column say. Linear in the distinct forms of its cells,
    /// not in the rows.
    pub fn evidence(&self, i: usize) -> Evidence {
        let Some(column) = self.columns.get(i) else { return Evidence::default() };
        let mut found = match &column.store {
            Store::Packed(packed) => {
                let mut found = packed_evidence::evidence(packed);
                found.examined = self.rows - found.empty;
                found
            }
            Store::Head(head) => Evidence { empty: column.empty, ..head.evidence() },
            Store::Text(text, head) => Evidence {
                empty: text.empty,
                text: text_evidence(text),
                ..head.evidence()
            },
        };
        found.rows = self.rows;
        found.quoted = column.quoted;
        found.numbers = found.numbers.gathered();
        found
    }

    /// The evidence of all cells of a kept column as numbers and dates, also of a
    /// text column, whose [`Columns::evidence`] speaks of its head in these. Linear in the rows
    /// of a text column.
    pub fn study(&self, i: usize) -> Evidence {
        let Some(Column { store: Store::Text(text, _), .. }) = self.columns.get(i) else {
            return self.evidence(i);
        };
        let mut packed = Packed::default();
        for (row, id) in text.ids.iter().enumerate() {
            packed.push_one(text.names.bytes(id), row as u64);
        }
        let mut found = packed_evidence::evidence(&packed);
        found.examined = self.rows - found.empty;
        Evidence { numbers: found.numbers.gathered(), ..found }
            .with_text(self.evidence(i))
    }

    /// The number of a cell's text in [`Columns::names`], for a column kept as
    /// text; [`NO_TEXT`] for an empty cell and for every other column.
    #[inline]
    pub fn text_id(&self, i: usize, row: usize) -> u32 {
        match self.columns.get(i).and_then(|c| c.store.text()) {
            Some(text) => text.id(row),
            None => NO_TEXT,
        }
    }

    /// The texts of a column kept as text; of a packed one, those that are
    /// neither numbers nor dates, or too long to be packed.
    pub fn names(&self, i: usize) -> Option<&Names> {
        match &self.columns.get(i)?.store {
            Store::Text(text, _) => Some(&text.names),
            Store::Packed(packed) => Some(&packed.texts),
            Store::Head(_) => None,
        }
    }

    /// Texts of any kept column, numbered by first appearance: those of a packed
    /// one are written out again. Linear in the rows.
    pub fn interned(&self, i: usize) -> (Vec<u32>, Cow<'_, Names>) {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => {
                (text.ids.iter().collect(), Cow::Borrowed(&text.names))
            }
            Some(Store::Packed(packed)) => {
                let mut cells = Text::default();
                for code in packed.cells.iter() {
                    cells.push(&packed.render(code));
                }
                (cells.ids.iter().collect(), Cow::Owned(cells.names))
            }
            _ => (vec![NO_TEXT; self.rows as usize], Cow::Owned(Names::new())),
        }
    }

    /// A column read as numbers; all empty where it is not kept.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn numbers(&self, i: usize, convention: Convention) -> Numbers<'_> {
        Numbers::new(&self.columns[i].store, convention)
    }

    /// A column read as dates; all empty where it is not kept.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn dates(&self, i: usize, format: DateFormat) -> Dates<'_> {
        Dates::new(&self.columns[i].store, format)
    }

    /// One cell as a number; for many, [`Columns::numbers`] is faster.
    pub fn number(&self, i: usize, row: usize, convention: Convention) -> Cell<Decimal> {
        if i < self.len() { self.numbers(i, convention).get(row) } else { Cell::Empty }
    }

    /// One cell as a date.
    pub fn date(&self, i: usize, row: usize, format: DateFormat) -> Cell<Moment> {
        if i < self.len() { self.dates(i, format).get(row) } else { Cell::Empty }
    }

    /// A cell as one number, equal for cells of this column that are written
    /// alike: the text's number, or the packed cell. 0 where it is not kept.
    #[inline]
    pub fn raw(&self, i: usize, row: usize) -> u64 {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => u64::from(text.id(row)),
            Some(Store::Packed(packed)) => packed.cell(row),
            _ => 0,
        }
    }

    /// [`Columns::raw`] of several rows in order, each with its place among them;
    /// nothing where the column is not kept.
    #[inline]
    pub fn each_raw(
        &self,
        i: usize,
        rows: std::ops::Range<usize>,
        mut each: impl FnMut(usize, u64),
    ) {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => {
                text.ids.each(rows, |k, id| each(k, u64::from(id)));
            }
            Some(Store::Packed(packed)) => packed.cells.each(rows, each),
            _ => {}
        }
    }

    /// What a pure function makes of [`Columns::raw`] of several rows in order;
    /// nothing is written where the column is not kept.
    #[inline]
    pub fn map_raw<V: Copy>(
        &self,
        i: usize,
        rows: std::ops::Range<usize>,
        read: impl Fn(u64) -> V,
        into: &mut [V],
    ) {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => {
                text.ids.map(rows, |id| read(u64::from(id)), into);
            }
            Some(Store::Packed(packed)) => packed.cells.map(rows, read, into),
            _ => {}
        }
    }

    /// The currency beside the number in a cell; the default where there is none.
    pub fn currency(&self, i: usize, row: usize) -> Currency {
        let of_text = |text: &[u8]| {
            form::Loose::of(text).number.map_or(Currency::default(), |(s, _)| s.currency)
        };
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => of_text(text.names.bytes(text.id(row))),
            Some(Store::Packed(packed)) => match packed.held(packed.cell(row)) {
                packed::Held::Empty => Currency::default(),
                packed::Held::Text(number) => of_text(packed.texts.bytes(number)),
                packed::Held::Digits(picture, _) => packed
                    .pictures
                    .get(picture)
                    .and_then(|p| p.form.number)
                    .map_or(Currency::default(), |shape| shape.currency),
            },
            _ => Currency::default(),
        }
    }

    /// Whether nothing is written in a cell; also where it is not kept.
    #[inline]
    pub fn is_empty_at(&self, i: usize, row: usize) -> bool {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => text.id(row) == NO_TEXT,
            Some(Store::Packed(packed)) => packed.cell(row) == packed::EMPTY,
            _ => true,
        }
    }

    /// One cell as written; texts without blanks around them, `="..."` and an
    /// apostrophe before a number. Empty where the column is not kept.
    pub fn text(&self, i: usize, row: usize) -> Cow<'_, str> {
        match self.columns.get(i).map(|c| &c.store) {
            Some(Store::Text(text, _)) => text.names.text(text.id(row)),
            Some(Store::Packed(packed)) => {
                let text = packed.render(packed.cell(row));
                Cow::Owned(String::from_utf8_lossy(&text).into_owned())
            }
            _ => Cow::Borrowed(""),
        }
    }

    /// Bytes held by the cells and the interned texts.
    pub fn memory_bytes(&self) -> MemoryUse {
        let mut used = MemoryUse::default();
        for column in &self.columns {
            let (cells, names) = match &column.store {
                Store::Text(text, _) => (text.bytes(), &text.names),
                Store::Packed(packed) => (packed.bytes(), &packed.texts),
                Store::Head(_) => continue,
            };
            used.cells += cells;
            used.interned +=
                names.iter().map(|t| t.len() + size_of::<u32>()).sum::<usize>();
        }
        used
    }
}

fn text_evidence(text: &Text) -> TextEvidence {
    let samples = text.names.iter().take(evidence::EXAMPLES);
    TextEvidence {
        samples: samples.map(|t| String::from_utf8_lossy(t).into_owned()).collect(),
        distinct: text.names.len() as u64,
        longest: text.longest,
        ..packed_evidence::looks(&text.counts)
    }
}

impl Evidence {
    /// The same with the texts and counts of another.
    fn with_text(self, other: Evidence) -> Evidence {
        Evidence {
            rows: other.rows,
            empty: other.empty,
            quoted: other.quoted,
            text: other.text,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(keep: Keep, cells: &[&str]) -> Columns {
        let mut columns = Columns::new(vec!["x".into()], &[keep]);
        for cell in cells {
            columns.push_with(|_| (cell.as_bytes(), false));
        }
        columns
    }

    #[test]
    fn cells_come_back_as_written() {
        let cells = [
            "2.55",
            "",
            "12.50",
            "-3",
            "2010-12-01 08:26:00",
            "2010-12-01 08:26:00",
            "2025-10-07 09:50:26 +0200",
            "$1,234.50",
            "(12.00)",
            "N/A",
            "  ",
            "free",
            "2024年3月5日",
            "1.03006E+13",
            "007",
            "123456789012345678901234567890",
            "2024-03-05 10:11:12.123",
            "2024-03-05T10:11:12.123456+02:00",
            "=\"75008\"",
            "Wednesday, September 25, 2024 at 10:11:12 AM",
            "１２３",
            "\t4\t",
            "'5",
        ];
        let packed = column(Keep::Packed, &cells);
        for (row, cell) in cells.iter().enumerate() {
            assert_eq!(packed.text(0, row), *cell);
        }
        let (ids, names) = packed.interned(0);
        assert_eq!(names.text(ids[0]), "2.55");
        assert_eq!(names.text(ids[18]), "75008");
        assert_eq!(ids[10], NO_TEXT);
        let text = column(Keep::Text, &cells);
        assert_eq!(text.text(0, 18), "75008");
        assert_eq!(text.text(0, 21), "4");
        assert_eq!(text.text(0, 10), "");
        assert_eq!(text.evidence(0).empty, 2);
        assert_eq!(packed.evidence(0).empty, 2);
        assert_eq!(column(Keep::No, &cells).evidence(0).empty, 2);
    }

    #[test]
    fn the_evidence_is_the_same_however_a_column_is_kept() {
        let cells = ["1,50", "2,50", "", "x", "2,5", "--", "1.234,56", "7"];
        let packed = column(Keep::Packed, &cells).evidence(0);
        let text = column(Keep::Text, &cells);
        let studied = text.study(0);
        assert_eq!(studied.numbers, packed.numbers);
        assert_eq!(studied.dates, packed.dates);
        assert_eq!(text.evidence(0).numbers.cells, 5);
        assert_eq!(number::decide(&packed.numbers), Decision::Decided(Convention::Comma));
        assert_eq!(packed.numbers.examples, [Example { row: 3, text: "x".into() }]);
        assert_eq!((packed.numbers.nulls, packed.filled(), packed.examined), (1, 7, 7));
        let total = packed.numbers.total(Convention::Comma);
        assert_eq!((total.sum, total.scale, total.cells), (124_806, 2, 5));
    }
}
