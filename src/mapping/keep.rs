//! Which columns are kept, decided from the first rows of a file.

use super::alias::alias;
use super::propose::{self, Proposal};
use super::values::Shape;
use super::{Kind, Role, key};
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
    if header.is_some_and(|names| is_labelled_table(names, &proposal, &shapes)) {
        // What foretells the outcome is not known before: every column may.
        for (column, shape) in shapes.iter().enumerate() {
            if keep[column] == Keep::No && shape.filled > 0 {
                keep[column] = kept_by_looks(shape);
            }
        }
    }
    if let Some(names) = header
        && proposal.platform.map_or(Kind::Table, |p| p.kind) != Kind::Orders
    {
        // What another file may be joined by.
        for (column, name) in names.iter().enumerate() {
            let by = alias(&key(name)).is_some_and(|(role, _)| {
                use Role::{CustomerId, Email, OrderId, Product};
                matches!(role, CustomerId | Email | OrderId | Product)
            });
            if by && keep[column] == Keep::No {
                keep[column] = Keep::Text;
            }
        }
    }
    if let Some(entry) = super::wide::products(header, head, &shapes) {
        entry.columns.iter().for_each(|&column| keep[column] = Keep::Text);
    } else if header.is_none() {
        // Without names the whole file decides what a column is.
        for (column, shape) in shapes.iter().enumerate().take(MOST_WITHOUT_NAMES) {
            if keep[column] == Keep::No && shape.filled > 0 && !shape.is_prose {
                keep[column] = kept_by_looks(shape);
            }
        }
    }
    keep
}

/// Whether a file is a table with an outcome column.
pub(crate) fn is_labelled_table(
    names: &[String],
    proposal: &Proposal,
    shapes: &[Shape],
) -> bool {
    let kind = propose::kind_of(proposal, names, shapes);
    kind == Kind::Table && proposal.mapping.iter().any(|e| e.role == Role::Label)
}

fn kept_by_looks(shape: &Shape) -> Keep {
    if shape.is_number && !shape.is_id || shape.is_date {
        Keep::Packed
    } else {
        Keep::Text
    }
}

/// How a column of a role is kept.
pub fn keep_as(role: Role) -> Keep {
    match role {
        Role::OrderTime => Keep::Packed,
        role if role.is_number() || role.is_date() => Keep::Packed,
        _ => Keep::Text,
    }
}
