//! Files of different layouts as one table: rows of one file, with those of the
//! others looked up by a key, as in a database of a shop (Olist).

use std::sync::Arc;

use super::identity;
use crate::columns::{Columns, Keep};
use crate::error::{Error, Result};
use crate::mapping::key;
use crate::message::{Message, Param};
use crate::names::Names;
use crate::reader::Reading;
use crate::task::{Progress, Step};

const NONE: u32 = u32::MAX;
/// Rows whose keys are looked up to see whether two columns speak of the same.
const LOOKED_AT: usize = 2000;

/// A file whose rows are looked up.
#[derive(Clone, Debug)]
struct Lookup {
    file: usize,
    /// The file and the column that hold the keys to look up.
    from: (usize, usize),
    /// The column that the keys are looked up in.
    column: usize,
    keys: Names,
    /// The row of each key.
    rows: Vec<u32>,
    used: Vec<bool>,
    missing: u64,
}

/// The task that joins files. Linear in the cells that are kept.
#[derive(Clone, Debug)]
pub struct Join {
    readings: Vec<Arc<Reading>>,
    base: usize,
    lookups: Vec<Lookup>,
    /// Which column of which file each joined column is.
    from: Vec<(usize, usize)>,
    columns: Columns,
    row: usize,
}

/// Whether files are of different layouts: less than half of their columns'
/// names in common.
pub fn is_wanted(readings: &[Arc<Reading>]) -> bool {
    let keys = |reading: &Reading| -> Vec<String> {
        (0..reading.columns.len()).map(|c| key(reading.columns.name(c))).collect()
    };
    let Some((first, others)) = readings.split_first() else { return false };
    let first = keys(first);
    others.iter().map(|other| keys(other)).any(|other| {
        let common = other.iter().filter(|k| first.contains(k)).count();
        2 * common < first.len().min(other.len())
    })
}

/// A cell as keys are compared.
fn key_of(reading: &Reading, column: usize, row: usize) -> Option<String> {
    identity::person(&reading.columns.text(column, row))
}

impl Lookup {
    /// The rows of a file by a column, if no two of them have the same key there.
    fn new(
        readings: &[Arc<Reading>],
        file: usize,
        column: usize,
        from: (usize, usize),
    ) -> Option<Lookup> {
        let reading = &readings[file];
        let (mut keys, mut rows) = (Names::new(), Vec::new());
        for row in 0..reading.columns.rows() as usize {
            let Some(text) = key_of(reading, column, row) else { continue };
            let number = keys.intern(text.as_bytes()) as usize;
            if number < rows.len() {
                return None;
            }
            rows.push(row as u32);
        }
        let used = vec![false; rows.len()];
        Some(Lookup { file, from, column, keys, rows, used, missing: 0 })
    }

    fn find(&self, readings: &[Arc<Reading>], row: usize) -> Option<u32> {
        let (file, column) = self.from;
        self.keys.find(key_of(&readings[file], column, row)?.as_bytes())
    }

    /// How many of the first rows find a partner.
    fn hits(&self, readings: &[Arc<Reading>]) -> usize {
        let rows = readings[self.from.0].columns.rows() as usize;
        (0..rows.min(LOOKED_AT)).filter(|&r| self.find(readings, r).is_some()).count()
    }
}

impl Join {
    /// Finds out which rows are looked up for which, by columns of the same name
    /// (`on`, where given) whose values are unique in the file that is looked up.
    ///
    /// # Errors
    /// `no-join-key` { file } with the number, from 1, of a file that has no such
    /// column.
    pub fn new(readings: Vec<Arc<Reading>>, on: Option<&str>) -> Result<Join> {
        // The rows that all others can be looked up for; of several the longest.
        let mut bases: Vec<usize> = (0..readings.len()).collect();
        bases.sort_by_key(|&file| std::cmp::Reverse(readings[file].columns.rows()));
        let mut failed = 0;
        for base in bases {
            match lookups(&readings, base, on.map(key).as_deref()) {
                Ok(lookups) => return Ok(Join::of(readings, base, lookups)),
                Err(file) => failed = failed.max(file),
            }
        }
        Err(Error::new("no-join-key").with("file", failed + 1))
    }

    fn of(readings: Vec<Arc<Reading>>, base: usize, lookups: Vec<Lookup>) -> Join {
        let width = readings[base].columns.len();
        let mut from: Vec<_> = (0..width).map(|c| (base, c)).collect();
        for lookup in &lookups {
            let width = readings[lookup.file].columns.len();
            let others = (0..width).filter(|&c| c != lookup.column);
            from.extend(others.map(|c| (lookup.file, c)));
        }
        let mut names: Vec<String> = Vec::new();
        let mut keep: Vec<Keep> = Vec::new();
        for &(file, column) in &from {
            let columns = &readings[file].columns;
            let mut name = columns.name(column).to_owned();
            if names.contains(&name) {
                name = format!("{name} ({})", file + 1);
            }
            names.push(name);
            keep.push(columns.keep(column));
        }
        let columns = Columns::new(names, &keep);
        Join { readings, base, lookups, from, columns, row: 0 }
    }

    /// The file, from 0, whose rows the joined table has.
    pub fn base(&self) -> usize {
        self.base
    }

    /// What was said of a column of the joined table, said of the file it is from.
    pub fn placed(&self, error: Error) -> Error {
        let Some(Param::Integer(index)) = error.params().get("index") else {
            return error;
        };
        match usize::try_from(*index).ok().and_then(|i| self.from.get(i)) {
            Some(&(file, column)) => error.with("file", file + 1).with("index", column),
            None => error,
        }
    }

    /// A slice of work of about so many rows.
    pub fn advance(&mut self, budget: u64) -> Step<Reading> {
        let rows = self.readings[self.base].columns.rows() as usize;
        let end = rows.min(self.row + (budget as usize / self.from.len().max(1)).max(1));
        let mut at = vec![NONE; self.readings.len()];
        while self.row < end {
            at.fill(NONE);
            at[self.base] = self.row as u32;
            for lookup in &mut self.lookups {
                let from = at[lookup.from.0];
                let found = match from {
                    NONE => None,
                    row => lookup.find(&self.readings, row as usize),
                };
                if let Some(number) = found {
                    lookup.used[number as usize] = true;
                    at[lookup.file] = lookup.rows[number as usize];
                } else {
                    lookup.missing += 1;
                }
            }
            let cell = |&(file, column): &(usize, usize)| match at[file] {
                NONE => "".into(),
                row => self.readings[file].columns.text(column, row as usize),
            };
            let cells: Vec<_> = self.from.iter().map(cell).collect();
            self.columns.push_with(|i| (cells[i].as_bytes(), false));
            self.row += 1;
        }
        if self.row < rows {
            return Step::Working(Progress { done: end as u64, total: rows as u64 });
        }
        let columns = std::mem::replace(&mut self.columns, Columns::new(vec![], &[]));
        let joined = self.readings[self.base].with_columns(columns, self.notices());
        Step::Done(joined)
    }

    fn notices(&self) -> Vec<Message> {
        let mut notices = Vec::new();
        for lookup in &self.lookups {
            let name = self.readings[lookup.file].columns.name(lookup.column);
            let unused = lookup.used.iter().filter(|used| !**used).count();
            notices.push(
                Message::new("files-joined")
                    .with("file", lookup.file + 1)
                    .with("column", name)
                    .with("missing", lookup.missing)
                    .with("unused", unused),
            );
        }
        notices
    }
}

/// The lookups by which all files join a base; else the first file that does not.
fn lookups(
    readings: &[Arc<Reading>],
    base: usize,
    on: Option<&str>,
) -> std::result::Result<Vec<Lookup>, usize> {
    let mut joined = vec![base];
    let mut found: Vec<Lookup> = Vec::new();
    loop {
        let rest = (0..readings.len()).filter(|file| !joined.contains(file));
        let rest: Vec<usize> = rest.collect();
        let Some(&first) = rest.first() else { return Ok(found) };
        let next = rest.into_iter().find_map(|file| best(readings, &joined, file, on));
        let lookup = next.ok_or(first)?;
        joined.push(lookup.file);
        found.push(lookup);
    }
}

/// The columns of one name by which a file joins those before it, of several the
/// ones that find the most rows.
fn best(
    readings: &[Arc<Reading>],
    joined: &[usize],
    file: usize,
    on: Option<&str>,
) -> Option<Lookup> {
    let right = &readings[file].columns;
    let mut found: Option<(usize, Lookup)> = None;
    for column in (0..right.len()).filter(|&c| right.is_kept(c)) {
        let name = key(right.name(column));
        if name.is_empty() || on.is_some_and(|on| on != name) {
            continue;
        }
        for &left in joined {
            let columns = &readings[left].columns;
            let same = |&c: &usize| columns.is_kept(c) && key(columns.name(c)) == name;
            let Some(from) = (0..columns.len()).find(same) else { continue };
            let lookup = Lookup::new(readings, file, column, (left, from));
            let hits = lookup.as_ref().map_or(0, |lookup| lookup.hits(readings));
            if let Some(lookup) = lookup
                && hits > found.as_ref().map_or(0, |(most, _)| *most)
            {
                found = Some((hits, lookup));
            }
        }
    }
    found.map(|(_, lookup)| lookup)
}
