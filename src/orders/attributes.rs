//! Columns that become categories of orders: country, channel, discount and
//! what else is mapped as such.

use super::plan::AttributeColumn;
use super::text_column::TextColumn;
use crate::mapping::{MappingEntry, Role, Rule};
use crate::reader::Reading;

/// The attribute columns of a file, and what they are called.
pub(crate) fn columns(
    reading: &Reading,
    mapping: &[MappingEntry],
) -> (Vec<Vec<TextColumn>>, Vec<AttributeColumn>) {
    let mut columns = Vec::new();
    let mut listed = Vec::new();
    for entry in mapping {
        let one = matches!(
            entry.role,
            Role::Country
                | Role::Channel
                | Role::Referrer
                | Role::Discount
                | Role::Consent
                | Role::Reason
                | Role::Fraud
                | Role::Label
        );
        // Where people are known by an id, lists still go out by e-mail.
        let one = one
            || entry.role == Role::Email
                && mapping.iter().any(|e| e.role == Role::CustomerId);
        if !one && entry.role != Role::Attribute {
            continue;
        }
        // Several columns of one role are tried in turn; attributes are each one.
        let groups: Vec<&[usize]> = match entry.role {
            Role::Attribute => entry.columns.chunks(1).collect(),
            _ => vec![&entry.columns],
        };
        for group in groups {
            columns.push(match (entry.rule, TextColumn::joined(group)) {
                (Some(Rule::Join), Some(joined)) => vec![joined],
                _ => group.iter().map(|&c| TextColumn::new(c)).collect(),
            });
            let name = reading.columns.name(group[0]).to_string();
            listed.push(AttributeColumn { role: entry.role.name(), name });
        }
    }
    (columns, listed)
}
