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
use crate::sort::Order;
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
    /// The files whose rows the joined table has, of one layout: the first of
    /// them, and the others with the place of each of its columns.
    base: usize,
    further: Vec<(usize, Vec<Option<usize>>)>,
    /// Files that have several rows for one of the others, and by which column.
    left_out: Vec<(usize, usize)>,
    lookups: Vec<Lookup>,
    /// Which column of which file each joined column is.
    from: Vec<(usize, usize)>,
    columns: Columns,
    /// Which of the files with rows is read, 0 for the first, and its next row.
    at: usize,
    row: usize,
    done: u64,
}

/// Whether files are of different layouts: less than half of their columns'
/// names in common.
pub fn is_wanted(readings: &[Arc<Reading>]) -> bool {
    let Some((first, others)) = readings.split_first() else { return false };
    others.iter().any(|other| !alike(first, other))
}

fn keys(reading: &Reading) -> Vec<String> {
    (0..reading.columns.len()).map(|c| key(reading.columns.name(c))).collect()
}

fn alike(first: &Reading, other: &Reading) -> bool {
    let (first, other) = (keys(first), keys(other));
    let common = other.iter().filter(|k| first.contains(k)).count();
    2 * common >= first.len().min(other.len())
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

    fn find(&self, reading: &Reading, column: usize, row: usize) -> Option<u32> {
        self.keys.find(key_of(reading, column, row)?.as_bytes())
    }

    /// How many of the first rows find a partner.
    fn hits(&self, readings: &[Arc<Reading>]) -> usize {
        let (file, column) = self.from;
        let reading = &readings[file];
        let rows = (reading.columns.rows() as usize).min(LOOKED_AT);
        (0..rows).filter(|&r| self.find(reading, column, r).is_some()).count()
    }
}

impl Join {
    /// Finds out which rows are looked up for which, by columns of the same name
    /// (`on`, where given) whose values are unique in the file that is looked up.
    /// Files of the layout of the longest are read one after the other. One that
    /// has several rows for one of another, as payments of orders, is left out.
    ///
    /// # Errors
    /// `no-join-key` { file } with the number, from 1, of a file that shares no
    /// column with the others.
    pub fn new(readings: Vec<Arc<Reading>>, on: Option<&str>) -> Result<Join> {
        // The rows that all others can be looked up for; of several the longest.
        let mut bases: Vec<usize> = (0..readings.len()).collect();
        bases.order_by_key(|&file| std::cmp::Reverse(readings[file].columns.rows()));
        let mut failed = 0;
        for strict in [true, false] {
            for &base in &bases {
                match lookups(&readings, base, on.map(key).as_deref(), strict) {
                    Ok(found) => return Ok(Join::of(readings, base, found)),
                    Err(file) => failed = failed.max(file),
                }
            }
        }
        Err(Error::new("no-join-key").with("file", failed + 1))
    }

    fn of(
        readings: Vec<Arc<Reading>>,
        base: usize,
        (lookups, left_out): (Vec<Lookup>, Vec<(usize, usize)>),
    ) -> Join {
        let known = keys(&readings[base]);
        let further = further(&readings, base).into_iter().map(|file| {
            let own = keys(&readings[file]);
            let place = |name: &String| own.iter().position(|k| k == name);
            (file, known.iter().map(place).collect())
        });
        let further = further.collect();
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
        Join {
            base,
            further,
            left_out,
            lookups,
            from,
            columns,
            at: 0,
            row: 0,
            done: 0,
            readings,
        }
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
        let own: Vec<Option<usize>> =
            (0..self.readings[self.base].columns.len()).map(Some).collect();
        // The file whose rows are read, and its columns by those of the first.
        let (file, place) = match self.at.checked_sub(1) {
            None => (self.base, &own),
            Some(at) => (self.further[at].0, &self.further[at].1),
        };
        let rows = self.readings[file].columns.rows() as usize;
        let end = rows.min(self.row + (budget as usize / self.from.len().max(1)).max(1));
        let mut at = vec![NONE; self.readings.len()];
        let source = |of: usize, column: usize| match of == self.base {
            true => place[column].map(|column| (&*self.readings[file], column)),
            false => Some((&*self.readings[of], column)),
        };
        while self.row < end {
            at.fill(NONE);
            at[self.base] = self.row as u32;
            for lookup in &mut self.lookups {
                let (from, column) = lookup.from;
                let found = match at[from] {
                    NONE => None,
                    row => source(from, column)
                        .and_then(|(r, c)| lookup.find(r, c, row as usize)),
                };
                if let Some(number) = found {
                    lookup.used[number as usize] = true;
                    at[lookup.file] = lookup.rows[number as usize];
                } else {
                    lookup.missing += 1;
                }
            }
            let cell = |&(of, column): &(usize, usize)| match at[of] {
                NONE => "".into(),
                row => source(of, column)
                    .map_or("".into(), |(r, c)| r.columns.text(c, row as usize)),
            };
            let cells: Vec<_> = self.from.iter().map(cell).collect();
            self.columns.push_with(|i| (cells[i].as_bytes(), false));
            self.row += 1;
            self.done += 1;
        }
        if self.row == rows && self.at < self.further.len() {
            (self.at, self.row) = (self.at + 1, 0);
            return Step::Working(self.progress());
        }
        if self.row < rows {
            return Step::Working(self.progress());
        }
        let columns = std::mem::replace(&mut self.columns, Columns::new(vec![], &[]));
        let further: Vec<&Reading> =
            self.further.iter().map(|(file, _)| &*self.readings[*file]).collect();
        let base = &self.readings[self.base];
        Step::Done(base.with_columns(columns, &further, self.notices()))
    }

    fn progress(&self) -> Progress {
        let rows = |file: usize| self.readings[file].columns.rows();
        let further: u64 = self.further.iter().map(|(file, _)| rows(*file)).sum();
        Progress { done: self.done, total: rows(self.base) + further }
    }

    fn notices(&self) -> Vec<Message> {
        let mut notices = Vec::new();
        for &(file, column) in &self.left_out {
            let name = self.readings[file].columns.name(column);
            let message = Message::new("file-left-out").with("file", file + 1);
            notices.push(message.with("column", name));
        }
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

/// The other files of the layout of one.
fn further(readings: &[Arc<Reading>], base: usize) -> Vec<usize> {
    let others = (0..readings.len()).filter(|&file| file != base);
    others.filter(|&file| alike(&readings[base], &readings[file])).collect()
}

/// Lookups, and files that are left out with the column that they share.
type Found = (Vec<Lookup>, Vec<(usize, usize)>);

/// The lookups by which all files join a base; else the first file that does not.
/// Unless `strict`, files that have several rows for one of another are left out
/// where anything can be joined at all.
fn lookups(
    readings: &[Arc<Reading>],
    base: usize,
    on: Option<&str>,
    strict: bool,
) -> std::result::Result<Found, usize> {
    let further = further(readings, base);
    let mut joined = vec![base];
    let (mut found, mut left_out): Found = (Vec::new(), Vec::new());
    loop {
        let done = |file: &usize| {
            joined.contains(file)
                || further.contains(file)
                || left_out.iter().any(|(other, _)| other == file)
        };
        let rest: Vec<usize> = (0..readings.len()).filter(|file| !done(file)).collect();
        let Some(&first) = rest.first() else { break };
        let next = rest.into_iter().find_map(|file| best(readings, &joined, file, on));
        match next {
            Some(lookup) => {
                joined.push(lookup.file);
                found.push(lookup);
            }
            None if strict => return Err(first),
            None => {
                left_out.push((first, shared(readings, &joined, first).ok_or(first)?))
            }
        }
    }
    if found.is_empty() && further.is_empty() && !left_out.is_empty() {
        return Err(left_out[0].0);
    }
    Ok((found, left_out))
}

/// A column that a file has in common with the others.
fn shared(readings: &[Arc<Reading>], joined: &[usize], file: usize) -> Option<usize> {
    let known: Vec<String> = joined.iter().flat_map(|&f| keys(&readings[f])).collect();
    let own = keys(&readings[file]);
    (0..own.len()).find(|&c| !own[c].is_empty() && known.contains(&own[c]))
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
