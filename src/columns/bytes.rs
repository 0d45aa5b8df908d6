//! Columns as bytes, one after another, to be carried between workers.

use super::currency::Currency;
use super::date_stats::{DateStats, Reading, Tally};
use super::distinct::Distinct;
use super::evidence::Example;
use super::form::Form;
use super::head::Head;
use super::loose::LooseCounts;
use super::number_stats::{LooseNumbers, NumberStats};
use super::packed::{Packed, Picture};
use super::swar::LONGEST;
use super::text::{Text, TextCounts};
use super::{Column, Columns, Keep, Store};
use crate::names::Names;
use crate::wire::{Carried, Wire, carried, list};

impl Columns {
    /// The bytes of one column, whose cells are let go.
    pub(crate) fn take_bytes(&mut self, i: usize) -> Vec<u8> {
        Wire::written(self.take(i))
    }

    /// The same columns without anything in them but the number of rows.
    pub(crate) fn counted(&self, rows: u64) -> Columns {
        let column = |i| Column::new(self.name(i).to_owned(), self.keep(i));
        Columns { columns: (0..self.len()).map(column).collect(), rows }
    }

    /// Puts one column of a later part, as its bytes say, below the first
    /// `offset` rows of the same one; false where they are not such a column.
    pub(crate) fn merge_bytes(&mut self, i: usize, bytes: &[u8], offset: u64) -> bool {
        if i >= self.len() {
            return false;
        }
        let mut later = Column::new(String::new(), self.keep(i));
        let read = Wire::read(bytes, &mut later);
        if !read || later.cells().is_some_and(|cells| offset + cells != self.rows) {
            return false;
        }
        let own = self.take(i);
        self.columns[i] = own.merge(later, offset);
        true
    }

    fn take(&mut self, i: usize) -> Column {
        std::mem::replace(&mut self.columns[i], Column::new(String::new(), Keep::No))
    }
}

impl Column {
    /// How many cells there are, if they are kept.
    fn cells(&self) -> Option<u64> {
        match &self.store {
            Store::Packed(packed) => Some(packed.len() as u64),
            Store::Text(text, _) => Some(text.len() as u64),
            Store::Head(_) => None,
        }
    }
}

impl Carried for Column {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        // What is kept of it, and its name, are the plan's.
        let Column { name: _, store, quoted, empty } = self;
        quoted.carry(wire);
        empty.carry(wire);
        match store {
            Store::Packed(packed) => packed.carry(wire),
            Store::Text(text, head) => {
                text.carry(wire);
                head.carry(wire);
            }
            Store::Head(head) => head.carry(wire),
        }
    }
}

impl Carried for Names {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let (mut bytes, mut lengths) = (Vec::new(), Vec::new());
        for text in self.iter() {
            bytes.extend_from_slice(text);
            lengths.push(text.len() as u32);
        }
        wire.bytes(&mut bytes);
        lengths.carry(wire);
        if wire.is_reading() {
            let mut rest = bytes.as_slice();
            for length in lengths {
                match rest.split_at_checked(length as usize) {
                    Some((text, after)) => {
                        self.intern(text);
                        rest = after;
                    }
                    None => return wire.refuse(),
                }
            }
        }
    }
}

impl Text {
    fn len(&self) -> usize {
        self.ids.len()
    }
}

impl Carried for Text {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let Text { ids, names, classes, last: _, recent: _, counts, longest, empty } =
            self;
        ids.carry(wire);
        names.carry(wire);
        wire.bytes(classes);
        counts.carry(wire);
        longest.carry(wire);
        empty.carry(wire);
        if classes.len() != names.len() {
            wire.refuse();
        }
    }
}

impl Carried for Head {
    /// Few enough to be told apart anew.
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let count = wire.length(self.len(), 16);
        for at in 0..count {
            let (mut text, mut row) = self.cell(at);
            wire.bytes(&mut text);
            row.carry(wire);
            if wire.is_reading() {
                self.push(&text, row);
            }
        }
    }
}

impl Carried for Packed {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        self.book();
        let count = wire.length(self.pictures.len(), 8);
        for at in 0..count {
            self.carry_picture(at, wire);
        }
        let Packed {
            cells,
            pictures: _,
            table: _,
            wide: _,
            texts,
            is_full,
            last: _,
            dates,
            tally,
            loose,
            distinct,
            samples,
            longest,
            empty,
        } = self;
        cells.carry(wire);
        texts.carry(wire);
        is_full.carry(wire);
        dates.carry(wire);
        tally.carry(wire);
        loose.carry(wire);
        distinct.carry(wire);
        samples.carry(wire);
        longest.carry(wire);
        empty.carry(wire);
    }
}

impl Packed {
    /// A picture is its text and what was counted; the rest is read off anew.
    fn carry_picture(&mut self, at: usize, wire: &mut Wire<'_>) {
        let known = self.pictures.get(at);
        let mut stats = known.map(|p| p.stats).unwrap_or_default();
        let (mut key, mut len) = known.map(|p| (p.key, p.len)).unwrap_or_default();
        key.carry(wire);
        len.carry(wire);
        stats.carry(wire);
        if wire.is_reading() {
            let text: Vec<u8> = key.iter().flat_map(|word| word.to_le_bytes()).collect();
            let form = Form::of(&text[..LONGEST.min(usize::from(len))]);
            if !form.is_some_and(|form| self.add_picture(key, len, form)) {
                return wire.refuse();
            }
            if let Some(Picture { stats: own, .. }) = self.pictures.last_mut() {
                *own = stats;
            }
        }
    }
}

impl Carried for Distinct {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let (mut limit, mut hashes) = self.kept();
        limit.carry(wire);
        hashes.carry(wire);
        if wire.is_reading() {
            *self = Distinct::of(limit, &hashes);
        }
    }
}

impl Carried for LooseCounts {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let LooseCounts {
            numbers,
            number_cells,
            nulls,
            no_number,
            no_date,
            number_examples,
            date_examples,
            e_notation,
            currencies,
            text,
        } = self;
        numbers.carry(wire);
        for count in [number_cells, nulls, no_number, no_date, e_notation] {
            count.carry(wire);
        }
        list(number_examples, wire);
        list(date_examples, wire);
        list(currencies, wire);
        text.carry(wire);
    }
}

impl Carried for (Currency, u64, u64) {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        self.0.0.carry(wire);
        self.1.carry(wire);
        self.2.carry(wire);
    }
}

carried! {
    Example { row, text }
    TextCounts { looks, apostrophes, tabs, formulas }
    LooseNumbers { cells, misfits, first_misfit, sum, scale, negative, votes }
    Tally { written, open, dotted, short, clocks, timed, half_days, offsets, utc }
    Reading { valid, bad, first_bad, min, max, first, last, rises, falls }
    DateStats { fixed, is_open, orders, differing, joined, clock, no_clock }
    NumberStats {
        cells, first_row, first, min, max, sum, rounded, zero_led, zero_led_row,
        zero_led_sum, zero_ended
    }
}
