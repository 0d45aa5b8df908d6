//! Which columns are kept, decided from the first rows of a file.

use super::Role;
use super::propose;
use super::values::Shape;
use crate::columns::{Columns, Keep};

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
