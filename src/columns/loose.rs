//! Cells that are not packed: what they are as numbers and as texts.

use super::currency::Currency;
use super::date_shape::{DateShape, Fields};
use super::evidence::{Example, add_example};
use super::form::Loose;
use super::number::Convention;
use super::number_shape::Core;
use super::number_stats::LooseNumbers;
use super::text::{TextCounts, class};
use crate::sort::Order;

/// What is known of cells that are not packed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LooseCounts {
    pub numbers: [LooseNumbers; 2],
    pub number_cells: u64,
    pub nulls: u64,
    pub no_number: u64,
    pub no_date: u64,
    pub number_examples: Vec<Example>,
    pub date_examples: Vec<Example>,
    pub e_notation: u64,
    pub currencies: Vec<(Currency, u64, u64)>,
    pub text: TextCounts,
}

impl LooseCounts {
    /// Counts a text that stands in so many cells from a row on; its date, where
    /// it is one.
    pub(crate) fn add(
        &mut self,
        text: &[u8],
        row: u64,
        times: u64,
    ) -> Option<(DateShape, Fields)> {
        let read = Loose::of(text);
        self.text.add(class(text), times);
        if read.null {
            self.nulls += times;
            return None;
        }
        match read.number {
            Some((shape, digits)) => {
                self.number_cells += times;
                if matches!(shape.core, Core::Exponent { .. }) {
                    self.e_notation += times;
                }
                self.currencies.push((shape.currency, times, row));
                merge_currencies(&mut self.currencies);
                let values = Convention::ALL.map(|c| shape.wide_value(digits, c));
                for (at, value) in values.iter().enumerate() {
                    self.numbers[at].add(*value, row, times);
                    if value.is_some() && values[1 - at].is_none() {
                        self.numbers[at].votes += times;
                    }
                }
            }
            None => {
                self.no_number += times;
                add_example(&mut self.number_examples, row, text);
            }
        }
        if read.date.is_none() {
            self.no_date += times;
            add_example(&mut self.date_examples, row, text);
        }
        read.date
    }

    pub(crate) fn merge(&mut self, later: LooseCounts, offset: u64) {
        for (mine, theirs) in self.numbers.iter_mut().zip(&later.numbers) {
            mine.merge(theirs, offset);
        }
        self.number_cells += later.number_cells;
        self.nulls += later.nulls;
        self.no_number += later.no_number;
        self.no_date += later.no_date;
        for (mine, theirs) in [
            (&mut self.number_examples, later.number_examples),
            (&mut self.date_examples, later.date_examples),
        ] {
            for example in theirs {
                add_example(mine, example.row + offset, example.text.as_bytes());
            }
        }
        self.e_notation += later.e_notation;
        let moved = later.currencies.into_iter().map(|(c, n, row)| (c, n, row + offset));
        self.currencies.extend(moved);
        merge_currencies(&mut self.currencies);
        self.text.merge(&later.text);
    }
}

fn merge_currencies(all: &mut Vec<(Currency, u64, u64)>) {
    all.order_by_key(|&(currency, _, row)| (currency, row));
    all.dedup_by(|later, first| {
        let same = later.0 == first.0;
        first.1 += if same { later.1 } else { 0 };
        same
    });
}
