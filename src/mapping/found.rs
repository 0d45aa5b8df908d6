//! What was found in a file: kind, mapping, questions, and what was understood.

use std::sync::Arc;

use super::propose::{self, Proposal};
use super::understood;
use super::values::Shape;
use super::{Found, FoundColumn, Kind, MappingEntry, Platform, Preview, Role, key};
use crate::message::Message;
use crate::orders::LoadOptions;
use crate::orders::survey::Survey;
use crate::reader::Reading;

/// The mapping that is proposed for a file, from all its rows.
pub fn proposed(reading: &Reading) -> Vec<MappingEntry> {
    proposal(reading, &shapes(reading)).mapping
}

fn shapes(reading: &Reading) -> Vec<Shape> {
    let columns = &reading.columns;
    (0..columns.len())
        .map(|c| Shape::of(&columns.evidence(c), columns.is_kept(c)))
        .collect()
}

fn proposal(reading: &Reading, shapes: &[Shape]) -> Proposal {
    propose::propose(reading.header.as_deref(), shapes)
}

/// The name of the first column of a role; empty where it is not mapped.
pub(crate) fn column_name(
    reading: &Reading,
    mapping: &[MappingEntry],
    role: Role,
) -> String {
    let entry = mapping.iter().find(|e| e.role == role);
    let column = entry.and_then(|e| e.columns.first());
    column.map_or(String::new(), |&c| reading.columns.name(c).to_string())
}

/// What was found in a file.
///
/// Passes over the rows once where the file holds orders, to see how its totals
/// and refunds lie; otherwise linear in the columns.
pub fn found(reading: &Arc<Reading>) -> Found {
    let shapes = shapes(reading);
    let proposal = proposal(reading, &shapes);
    let names = crate::orders::column_names(reading);
    let kind = match proposal.platform {
        Some(platform) => platform.kind,
        None => propose::kind(&names, &proposal.mapping, &shapes),
    };
    let mut found = Found {
        id: 0,
        kind,
        encoding: reading.encoding.to_string(),
        delimiter: reading.dialect.delimiter.name(),
        header: reading.header.is_some(),
        platform: proposal.platform.map(|p| p.id),
        rows: reading.columns.rows(),
        bytes: reading.bytes,
        columns: columns(reading, &proposal, &shapes),
        mapping: proposal.mapping.clone(),
        questions: Vec::new(),
        notices: reading.notices.clone(),
        understood: Vec::new(),
        preview: Preview {
            header: reading.header.clone(),
            rows: reading.preview.clone(),
        },
    };
    found.notices.extend(proposal.platform.and_then(|p| p.notice).map(Message::new));
    found.notices.extend(noticed(reading, &names, &proposal));
    if kind == Kind::Orders {
        survey(reading, &proposal, &mut found);
    } else {
        found.understood.push(understood::kind(&found));
    }
    found
}

/// What one pass over the rows adds: questions, and sentences of what was
/// understood. A file that cannot be loaded says why in a notice.
fn survey(reading: &Arc<Reading>, proposal: &Proposal, found: &mut Found) {
    let readings = [reading.clone()];
    let options = LoadOptions::default();
    let survey = Survey::new(&readings, proposal.mapping.clone(), &options);
    let settled = survey.and_then(|mut survey| {
        while !survey.advance(&readings, u64::MAX) {}
        let rules = survey.settle(&readings, &options)?;
        Ok((survey, rules))
    });
    match settled {
        Ok((survey, rules)) => {
            found.understood = understood::orders(found, reading, &survey, &rules);
            found.questions.clone_from(&survey.plan.questions);
            found.notices.extend(survey.plan.notices.clone());
            if survey.plan.sources[0].person.is_empty() {
                found.notices.push(Message::new("no-customer-column"));
            }
        }
        Err(error) => {
            let params = error.params().clone();
            found.understood.push(understood::kind(found));
            found.notices.push(Message { code: error.code(), params });
        }
    }
}

fn columns(reading: &Reading, proposal: &Proposal, shapes: &[Shape]) -> Vec<FoundColumn> {
    let columns = &reading.columns;
    (0..columns.len())
        .map(|index| {
            let shape = &shapes[index];
            let role = proposal
                .mapping
                .iter()
                .find(|entry| entry.columns.contains(&index))
                .map(|entry| entry.role);
            let kind = match () {
                () if shape.filled == 0 => "empty",
                () if shape.is_date || role == Some(Role::OrderDate) => "date",
                () if shape.is_number && !shape.is_id => "number",
                () => "text",
            };
            FoundColumn {
                index,
                name: columns.name(index).to_string(),
                kind,
                role,
                confidence: proposal.confidence[index],
                samples: columns.evidence(index).text.samples,
                filled: shape.filled,
            }
        })
        .collect()
}

/// What the cells of the mapped columns say that the user must know.
fn noticed(reading: &Reading, names: &[String], proposal: &Proposal) -> Vec<Message> {
    let mut notices = Vec::new();
    for entry in &proposal.mapping {
        for &column in &entry.columns {
            let evidence = reading.columns.evidence(column);
            let name = reading.columns.name(column);
            let about = |code: &'static str| Message::new(code).with("column", name);
            let person =
                matches!(entry.role, Role::CustomerId | Role::Email | Role::Phone);
            let filled = evidence.filled();
            if person && evidence.text.masked * 5 > filled && filled > 0 {
                let share = evidence.text.masked as f64 / filled as f64;
                notices.push(about("masked-customers").with("share", share));
            }
            let id = person || entry.role == Role::OrderId;
            if id && evidence.text.e_notation > 0 {
                notices.push(
                    about("ids-lost-digits").with("rows", evidence.text.e_notation),
                );
            }
            if entry.role == Role::OrderDate && evidence.dates.utc * 2 > filled {
                notices.push(about("dates-in-utc"));
            }
        }
    }
    let personal = proposal.mapping.iter().find(|e| e.role == Role::CustomerId);
    if let Some(&column) = personal.and_then(|e| e.columns.first()) {
        let k = key(&names[column]);
        let by_name = matches!(
            k.as_str(),
            "customername" | "accountname" | "customer" | "client" | "kunde" | "cliente"
        );
        let prose =
            reading.columns.evidence(column).text.samples.iter().any(|s| s.contains(' '));
        if by_name && prose && proposal.platform.is_none() {
            notices.push(
                Message::new("customer-by-name").with("column", names[column].as_str()),
            );
        }
        let olist = proposal.platform.is_some_and(|p: &Platform| p.id == "olist-orders");
        if olist && k == "customerid" {
            notices.push(
                Message::new("customer-is-per-order")
                    .with("column", names[column].as_str()),
            );
        }
    }
    notices
}
