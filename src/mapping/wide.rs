//! Files with a basket a row: no header, as many cells as there are products.

use std::collections::BTreeSet;

use super::values::Shape;
use super::{MappingEntry, Role, Rule};
use crate::columns::Columns;

/// How sure the pattern makes it.
pub(crate) const SURE: f64 = 0.8;
/// The most products in a row.
const MOST: usize = 2_000;
/// The fewest columns that make a pattern.
const FEWEST: usize = 3;

/// The products of a file with a basket a row.
///
/// Such a file has no header and no numbers or days; each column is filled in
/// at most as many rows as the one before it, the first in all and the last in
/// few; and the same names stand in several columns.
pub(crate) fn products(
    header: Option<&[String]>,
    columns: &Columns,
    shapes: &[Shape],
) -> Option<MappingEntry> {
    let count = columns.len();
    if header.is_some() || !(FEWEST..=MOST).contains(&count) {
        return None;
    }
    let rows = columns.rows();
    let falls = shapes.windows(2).all(|pair| pair[1].filled <= pair[0].filled);
    let full = shapes.first()?.filled == rows && shapes.last()?.filled * 2 < rows;
    let typed = |s: &Shape| s.filled > 0 && (s.is_date || s.is_email || s.is_number);
    if !falls || !full || shapes.iter().filter(|s| typed(s)).count() * 10 > count {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut shared = false;
    for column in 0..count {
        for sample in columns.evidence(column).text.samples {
            shared |= !seen.insert(sample.trim().to_owned());
        }
    }
    shared.then(|| {
        let columns = (0..count).collect();
        MappingEntry { role: Role::Product, columns, rule: Some(Rule::Each) }
    })
}
