//! Rows after the table: totals, and what an export says about itself.

use super::plan::Plan;
use crate::csv::Record;
use crate::csv::cell::{Look, look};
use crate::csv::layout::is_total;

/// Whether one of the last rows of a file is no row of its table.
///
/// It has a single cell, of words, as no row of the head has; or it begins with
/// a word for a total where the rows of the head have more cells or a number.
pub(crate) fn is_footer(plan: &Plan, record: &Record<'_>) -> bool {
    let layout = &plan.layout;
    let filled = |i: &usize| !record.field(*i).trim_ascii().is_empty();
    let Some(first) = (0..record.len()).find(filled) else { return false };
    let count = (0..record.len()).filter(filled).count();
    let cell = record.field(first).trim_ascii();
    let words = !matches!(look(cell), Look::Number | Look::Moment);
    let sentence =
        layout.typed.first() == Some(&0) || cell.iter().any(|b| matches!(b, b' ' | b':'));
    if layout.width >= 3 && count == 1 && first == 0 && words && sentence {
        return layout.least_filled >= 2;
    }
    let odd =
        count < layout.least_filled || (layout.typed.first() == Some(&0) && first == 0);
    words && odd && is_total(cell)
}
