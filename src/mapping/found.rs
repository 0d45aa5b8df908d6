//! What was found in a file: kind, mapping, questions, and what was understood.

use std::sync::Arc;

use super::keep::is_labelled_table;
use super::propose::{self, Proposal};
use super::understood;
use super::values::Shape;
use super::{Found, FoundColumn, Kind, MappingEntry, Platform, Preview, Role, Rule, key};
use crate::columns::Columns;
use crate::error::Error;
use crate::message::Message;
use crate::orders::summary::{Summarise, is_summary};
use crate::orders::survey::Survey;
use crate::orders::{LoadOptions, Rules, readings_of, statuses};
use crate::reader::Reading;
use crate::task::{Progress, Step};

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
    let mut proposal = propose::propose(reading.header.as_deref(), shapes);
    let header = reading.header.as_deref();
    if let Some(entry) = super::wide::products(header, &reading.columns, shapes) {
        entry.columns.iter().for_each(|&c| proposal.confidence[c] = super::wide::SURE);
        proposal.mapping = vec![entry];
    }
    proposal
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

/// The task that says what was found in a file.
///
/// It passes over the rows once where the file holds orders, to see how its
/// totals and refunds lie; everything else is linear in the columns.
#[derive(Clone, Debug)]
pub struct Inspect {
    readings: [Arc<Reading>; 1],
    found: Found,
    survey: Option<Box<Survey>>,
}

impl Inspect {
    /// Begins to look at a file.
    pub fn new(reading: Arc<Reading>) -> Inspect {
        let shapes = shapes(&reading);
        let mut proposal = proposal(&reading, &shapes);
        let names = crate::orders::column_names(&reading);
        if is_labelled_table(&names, &proposal, &shapes) {
            only_of_customers(&mut proposal);
        }
        let mut found = found_at_once(&reading, &proposal, &shapes);
        let readings = [reading];
        let mut survey = None;
        if found.kind == Kind::Orders {
            let mapping = found.mapping.clone();
            match Survey::new(&readings, mapping, &LoadOptions::default()) {
                Ok(begun) => survey = Some(Box::new(begun.for_rules())),
                Err(error) => cannot_be_loaded(&mut found, &error),
            }
        } else if found.kind == Kind::Customers && is_summary(&found.mapping) {
            of_customers(&mut found, &readings);
        } else {
            found.understood.push(understood::kind(&found));
            let label = column_name(&readings[0], &found.mapping, Role::Label);
            if !label.is_empty() {
                let outcome = Message::new("understood-outcome");
                found.understood.push(outcome.with("column", label));
            }
        }
        Inspect { readings, found, survey }
    }

    /// A slice of work of about so many rows.
    pub fn advance(&mut self, budget: u64) -> Step<Found> {
        if let Some(survey) = &mut self.survey {
            if !survey.advance(&self.readings, budget) {
                let (done, total) = (survey.done(), self.found.rows);
                return Step::Working(Progress { done, total });
            }
            match survey.settle(&self.readings, &LoadOptions::default()) {
                Ok(rules) => understand(&mut self.found, &self.readings, survey, &rules),
                Err(error) => cannot_be_loaded(&mut self.found, &error),
            }
        }
        Step::Done(self.found.clone())
    }
}

/// In a labelled table there are no orders: money and dates are what is known of
/// the customer.
fn only_of_customers(proposal: &mut Proposal) {
    let kept = [Role::CustomerId, Role::Email, Role::Phone, Role::Label];
    for entry in proposal.mapping.iter().filter(|e| !kept.contains(&e.role)) {
        for &column in &entry.columns {
            proposal.confidence[column] = 0.0;
        }
    }
    proposal.mapping.retain(|entry| kept.contains(&entry.role));
}

/// What was found in a file, in one go.
pub fn found(reading: &Arc<Reading>) -> Found {
    let mut inspect = Inspect::new(reading.clone());
    loop {
        if let Step::Done(found) = inspect.advance(u64::MAX) {
            return found;
        }
    }
}

fn found_at_once(reading: &Reading, proposal: &Proposal, shapes: &[Shape]) -> Found {
    let names = crate::orders::column_names(reading);
    let wide = proposal.mapping.iter().any(|e| e.rule == Some(Rule::Each));
    let kind = match wide {
        true => Kind::Baskets,
        false => propose::kind_of(proposal, &names, shapes),
    };
    let mut notices = reading.notices.clone();
    notices.extend(noticed(reading, &proposal.mapping));
    Found {
        id: 0,
        kind,
        encoding: reading.encoding.to_string(),
        delimiter: reading.dialect.delimiter.name(),
        header: reading.header.is_some(),
        platform: proposal.platform.map(|p| p.id),
        rows: reading.columns.rows(),
        bytes: reading.bytes,
        columns: columns(reading, proposal, shapes),
        mapping: proposal.mapping.clone(),
        questions: Vec::new(),
        notices,
        understood: Vec::new(),
        recalled: None,
        preview: Preview {
            header: reading.header_cells.clone(),
            rows: reading.preview.clone(),
        },
    }
}

/// What the pass over the rows adds: questions, and sentences of what was
/// understood.
fn understand(
    found: &mut Found,
    readings: &[Arc<Reading>],
    survey: &Survey,
    rules: &Rules,
) {
    found.understood.push(understood::kind(found));
    found.understood.extend(understood::orders(readings, survey, rules));
    found.questions.clone_from(&survey.plan.questions);
    for (column, read_as) in readings_of(&survey.plan, &readings[0]) {
        found.columns[column].read_as = Some(read_as);
    }
    found.notices.extend(statuses::unknown(&survey.plan, readings));
    if survey.plan.sources[0].person.is_empty() {
        found.notices.push(Message::new("no-customer-column"));
    }
}

/// What a table of one row a customer says of each, and what it leaves open.
fn of_customers(found: &mut Found, readings: &[Arc<Reading>]) {
    match Summarise::new(readings, &found.mapping, &LoadOptions::default()) {
        Ok(table) => {
            found.understood.push(understood::kind(found));
            found.understood.extend(table.understood(readings));
            found.questions = table.questions();
            for (column, read_as) in table.read_as(&readings[0]) {
                found.columns[column].read_as = Some(read_as);
            }
            found.notices.push(Message::new("customers-only"));
        }
        Err(error) => cannot_be_loaded(found, &error),
    }
}

/// A file of orders that cannot be loaded says why in a notice.
fn cannot_be_loaded(found: &mut Found, error: &Error) {
    found.understood.push(understood::kind(found));
    let params = error.params().clone();
    found.notices.push(Message { code: error.code(), params });
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
                () if shape.is_date || role.is_some_and(Role::is_date) => "date",
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
                read_as: None,
            }
        })
        .collect()
}

/// What the system and the cells of the mapped columns say that the user must
/// know.
pub(crate) fn noticed(reading: &Reading, mapping: &[MappingEntry]) -> Vec<Message> {
    let columns = &reading.columns;
    let keys: Vec<String> = (0..columns.len()).map(|c| key(columns.name(c))).collect();
    let platform = Platform::of(&keys);
    let mut notices: Vec<Message> =
        platform.and_then(|p| p.notice).map(Message::new).into_iter().collect();
    for entry in mapping {
        for &column in &entry.columns {
            notices.extend(of_cells(columns, entry.role, column));
        }
    }
    let customer = mapping.iter().find(|e| e.role == Role::CustomerId);
    if let Some(&column) = customer.and_then(|e| e.columns.first()) {
        let about = |code| Message::new(code).with("column", columns.name(column));
        let name = keys[column].as_str();
        let prose = columns.evidence(column).text.samples.iter().any(|s| s.contains(' '));
        if platform.is_none() && prose && NAMES.contains(&name) {
            notices.push(about("customer-by-name"));
        }
        if platform.is_some_and(|p| p.id == "olist-orders") && name == "customerid" {
            notices.push(about("customer-is-per-order"));
        }
    }
    notices
}

/// Columns that usually hold the names of people.
const NAMES: [&str; 6] =
    ["customername", "accountname", "customer", "client", "kunde", "cliente"];

fn of_cells(columns: &Columns, role: Role, column: usize) -> Vec<Message> {
    let evidence = columns.evidence(column);
    let about = |code| Message::new(code).with("column", columns.name(column));
    let filled = evidence.filled();
    let mut notices = Vec::new();
    let person = matches!(role, Role::CustomerId | Role::Email | Role::Phone);
    if person && evidence.text.masked * 5 > filled && filled > 0 {
        let share = evidence.text.masked as f64 / filled as f64;
        notices.push(about("masked-customers").with("share", share));
    }
    let lost = evidence.text.e_notation;
    if (person || role == Role::OrderId) && lost > 0 {
        notices.push(about("ids-lost-digits").with("rows", lost));
    }
    let dates = role == Role::OrderDate;
    if dates && (evidence.dates.utc * 2 > filled || says_utc(columns.name(column))) {
        notices.push(about("dates-in-utc"));
    }
    notices
}

/// Whether a column's name says that its times are in UTC, as `Created (UTC)`.
pub(crate) fn says_utc(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    letters.ends_with("utc") || letters.ends_with("gmt")
}
