//! Rows after the table: totals, and what an export says about itself.

use super::plan::Plan;
use crate::csv::cell::look;
use crate::csv::layout::is_total;
use crate::csv::{Place, Record};

/// Where one of the last rows of a file belongs, if it is not blank.
///
/// After the table: a single cell, of words, as no row of the head has; or a row
/// that begins with a word for a total, where the rows of the head have more
/// cells or a number. Doubtful: no value in a column that otherwise has one.
pub(crate) fn place(plan: &Plan, record: &Record<'_>) -> Place {
    let layout = &plan.layout;
    let filled = |i: &usize| !record.field(*i).trim_ascii().is_empty();
    let Some(first) = (0..record.len()).find(filled) else { return Place::Blank };
    let count = (0..record.len()).filter(filled).count();
    let cell = record.field(first).trim_ascii();
    let words = !look(cell).is_typed();
    let numbered = layout.typed.first() == Some(&0);
    let sentence = numbered || cell.iter().any(|b| matches!(b, b' ' | b':'));
    let single = layout.width >= 3 && count == 1 && first == 0 && words && sentence;
    let odd = count < layout.least_filled || (numbered && first == 0);
    if single && layout.least_filled >= 2 || words && odd && is_total(cell) {
        Place::After
    } else if layout.typed.iter().any(|i| !look(record.field(*i)).is_typed()) {
        Place::Doubtful
    } else {
        Place::Table
    }
}
