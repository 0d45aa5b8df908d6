//! A mapped column of texts, and the numbers that its texts have among all files' texts.

use super::block::NONE;
use crate::columns::{Columns, Keep};
use crate::names::Names;

/// A column of texts and the number of each of its texts among all files' texts.
#[derive(Clone, Debug)]
pub(crate) struct TextColumn {
    /// 0-based.
    pub column: usize,
    /// Number by the column's own number of the text; [`NONE`] for nothing.
    pub to: Vec<u32>,
    texts: Texts,
    /// Texts that no column holds as such, and their numbers row by row.
    pub(super) own: Option<(Vec<u32>, Names)>,
}

/// Where the texts come from.
#[derive(Clone, Debug)]
enum Texts {
    /// The cells.
    Cells,
    /// The cells of this column and of others, joined by a blank.
    Joined(Vec<usize>),
    /// The currencies written beside the numbers of the cells.
    Signs,
}

impl TextColumn {
    /// A column whose texts have no numbers yet.
    pub fn new(column: usize) -> TextColumn {
        TextColumn { column, to: Vec::new(), texts: Texts::Cells, own: None }
    }

    /// Several columns as one.
    pub fn joined(columns: &[usize]) -> Option<TextColumn> {
        let (&column, rest) = columns.split_first()?;
        let texts = Texts::Joined(rest.to_vec());
        Some(TextColumn { texts, ..TextColumn::new(column) })
    }

    /// The currencies beside the numbers of a column.
    pub fn signs(column: usize) -> TextColumn {
        TextColumn { texts: Texts::Signs, ..TextColumn::new(column) }
    }

    /// Writes out the texts that no column holds as such; linear in the rows.
    pub fn prepare(&mut self, columns: &Columns) {
        let rows = 0..columns.rows() as usize;
        let first = self.column;
        let text: Box<dyn Fn(usize) -> String> = match &self.texts {
            Texts::Cells if columns.keep(self.column) == Keep::Packed => {
                let (rows, names) = columns.interned(self.column);
                self.own = Some((rows, names.into_owned()));
                return;
            }
            Texts::Cells => return,
            Texts::Joined(rest) => Box::new(move |row| {
                let cells = std::iter::once(&first).chain(rest);
                let texts = cells.map(|&c| columns.text(c, row).trim().to_owned());
                texts.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
            }),
            Texts::Signs => {
                Box::new(move |row| columns.currency(first, row).code().to_owned())
            }
        };
        let mut names = Names::new();
        let numbers = rows.map(|row| match text(row) {
            text if text.is_empty() => NONE,
            text => names.intern(text.as_bytes()),
        });
        let numbers = numbers.collect();
        self.own = Some((numbers, names));
    }

    /// The distinct texts of the column.
    pub fn names<'a>(&'a self, columns: &'a Columns) -> Option<&'a Names> {
        match &self.own {
            Some((_, names)) => Some(names),
            None => columns.names(self.column),
        }
    }

    /// The column's own number of the text in a row; [`NONE`] for an empty cell.
    #[inline]
    pub fn id(&self, columns: &Columns, row: usize) -> u32 {
        match &self.own {
            Some((rows, _)) => rows.get(row).copied().unwrap_or(NONE),
            None => columns.text_id(self.column, row),
        }
    }
}

/// The number of the text that a row has in the first of several columns that
/// has one.
pub(crate) fn text_at(columns: &Columns, texts: &[TextColumn], row: usize) -> u32 {
    for text in texts {
        let id = text.id(columns, row);
        if id != NONE {
            let number = text.to.get(id as usize).copied().unwrap_or(NONE);
            if number != NONE {
                return number;
            }
        }
    }
    NONE
}
