//! Which columns are kept, decided from the first rows of a file.

use super::Role;
use super::propose;
use super::values::Shape;
use crate::columns::{Columns, Keep};

/// How many columns of a file without a header are kept.
const MOST_WITHOUT_NAMES: usize = 16;

/// What of each column is to be kept, from the header and the first rows: what
/// the proposed mapping needs, and nothing else.
pub fn keep(header: Option<&[String]>, head: &Columns) -> Vec<Keep> {
    let shapes: Vec<Shape> =
        (0..head.len()).map(|c| Shape::of(&head.evidence(c), true)).collect();
    let proposal = propose::propose(header, &shapes);
    let mut keep = vec![Keep::No; head.len()];
    for entry in &proposal.mapping {
        for &column in &entry.columns {
            keep[column] = keep_as(entry.role);
        }
    }
    if header.is_none() {
        // Without names the whole file decides what a column is.
        for (column, shape) in shapes.iter().enumerate().take(MOST_WITHOUT_NAMES) {
            if keep[column] == Keep::No && shape.filled > 0 && !shape.is_prose {
                keep[column] = if shape.is_number && !shape.is_id || shape.is_date {
                    Keep::Packed
                } else {
                    Keep::Text
                };
            }
        }
    }
    keep
}

/// How a column of a role is kept.
pub fn keep_as(role: Role) -> Keep {
    match role {
        Role::OrderDate | Role::OrderTime => Keep::Packed,
        role if role.is_number() => Keep::Packed,
        _ => Keep::Text,
    }
}
