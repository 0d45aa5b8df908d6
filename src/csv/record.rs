//! One record: its fields without quotes and escapes, as slices of one buffer.

/// Flag of a field's end: it was written in quotes.
pub(crate) const QUOTED: u32 = 1 << 31;
/// Flag of a field's end: its content is in the scratch buffer.
pub(crate) const SCRATCH: u32 = 1 << 30;
/// The position in a field's end.
pub(crate) const POSITION: u32 = SCRATCH - 1;

/// A field whose content is not a slice of the file: (field, start, end).
pub(crate) type Unescaped = (u32, u32, u32);

/// One record of a file.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub(crate) bytes: &'a [u8],
    /// End of each field in `bytes`, with flags; the next field starts one later.
    pub(crate) ends: &'a [u32],
    pub(crate) start: u32,
    pub(crate) trim: bool,
    pub(crate) row: u64,
    pub(crate) unescaped: &'a [Unescaped],
    pub(crate) scratch: &'a [u8],
}

impl<'a> Record<'a> {
    /// How many fields there are, at least 1.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the line is blank: one field, empty and unquoted.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
            && !self.is_quoted(0)
            && (self.ends[0] == self.start || self.field(0).is_empty())
    }

    /// The content of a field, 0-based; empty past the last one.
    ///
    /// Quotes and escapes are removed, blanks inside quotes are kept.
    #[inline]
    pub fn field(&self, i: usize) -> &'a [u8] {
        let Some(&flagged) = self.ends.get(i) else { return &[] };
        let start = match i {
            0 => self.start,
            _ => (self.ends[i - 1] & POSITION) + 1,
        };
        if flagged <= POSITION && !self.trim {
            return &self.bytes[start as usize..flagged as usize];
        }
        self.special(i, start as usize, flagged)
    }

    /// All fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.len()).map(|i| self.field(i))
    }

    /// Whether a field was written in quotes.
    #[inline]
    pub fn is_quoted(&self, i: usize) -> bool {
        self.ends.get(i).is_some_and(|end| end & QUOTED != 0)
    }

    /// The row as a spreadsheet shows it: 1-based, header and blank lines
    /// included; a line end inside quotes does not start a new row.
    #[inline]
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The record as it stands in the file, without its line end.
    pub fn raw(&self) -> &'a [u8] {
        let end = self.ends.last().map_or(self.start, |end| end & POSITION);
        &self.bytes[self.start as usize..end as usize]
    }

    /// The same record, said to be on another row.
    pub(crate) fn at_row(self, row: u64) -> Record<'a> {
        Record { row, ..self }
    }

    fn special(&self, i: usize, start: usize, flagged: u32) -> &'a [u8] {
        let end = (flagged & POSITION) as usize;
        if flagged & SCRATCH != 0 {
            let found = self.unescaped.binary_search_by_key(&(i as u32), |u| u.0);
            let found = found.ok().and_then(|at| self.unescaped.get(at));
            return found.map_or(&[], |u| &self.scratch[u.1 as usize..u.2 as usize]);
        }
        if flagged & QUOTED != 0 {
            return &self.bytes[start + 1..end - 1];
        }
        trimmed(&self.bytes[start..end])
    }
}

/// A field without the blanks around it.
pub(crate) fn trimmed(field: &[u8]) -> &[u8] {
    let blank = |b: &&u8| matches!(b, b' ' | b'\t');
    let field = &field[field.iter().take_while(blank).count()..];
    &field[..field.len() - field.iter().rev().take_while(blank).count()]
}
