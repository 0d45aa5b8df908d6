//! Which words of the status columns leave an order out, for the user to see.

use std::sync::Arc;

use super::plan::Plan;
use super::records::Rules;
use super::status::{Class, Style};
use crate::message::Message;
use crate::reader::Reading;

/// Texts listed at most, and looked at: columns of states have few.
const LISTED: usize = 8;
const LOOKED_AT: usize = 500;

/// The distinct texts of each status column, with what they say.
fn classed(
    plan: &Plan,
    readings: &[Arc<Reading>],
) -> Vec<(String, Vec<(String, Class)>)> {
    let mut found: Vec<(String, Vec<(String, Class)>)> = Vec::new();
    for (source, reading) in plan.sources.iter().zip(readings) {
        for (at, status) in source.status.iter().enumerate() {
            if found.len() <= at {
                let name = reading.columns.name(status.text.column).to_owned();
                found.push((name, Vec::new()));
            }
            let names = status.text.names(&reading.columns);
            let texts = names.into_iter().flat_map(|names| names.iter());
            for (text, &class) in texts.zip(&status.class).take(LOOKED_AT) {
                let text = String::from_utf8_lossy(text).into_owned();
                if !found[at].1.iter().any(|(known, _)| *known == text) {
                    found[at].1.push((text, class));
                }
            }
        }
    }
    found
}

/// One sentence for each reason by status: the words that mean it.
pub(crate) fn left_out(
    plan: &Plan,
    readings: &[Arc<Reading>],
    rules: &Rules,
) -> Vec<Message> {
    let reason = |class: Class| match class {
        Class::Refunded if !rules.refunded_by_status => None,
        _ => class.reason(&rules.settings),
    };
    let mut said = Vec::new();
    for (column, texts) in classed(plan, readings) {
        for class in Class::ALL {
            let Some(reason) = reason(class) else { continue };
            let with = texts.iter().filter(|(_, c)| *c == class);
            let listed: Vec<String> = with.map(|(t, _)| t.clone()).take(LISTED).collect();
            if !listed.is_empty() {
                said.push(
                    Message::new("understood-left-out")
                        .with("column", column.as_str())
                        .with("reason", reason)
                        .with("texts", listed),
                );
            }
        }
    }
    let paid = plan.sources[0].status.iter().find(|s| s.style == Style::PaidAt);
    if let Some(paid) = paid.filter(|_| reason(Class::Unpaid).is_some()) {
        let column = readings[0].columns.name(paid.text.column);
        said.push(Message::new("understood-paid-at").with("column", column));
    }
    said
}

/// The words that are not known and therefore count as orders.
pub(crate) fn unknown(plan: &Plan, readings: &[Arc<Reading>]) -> Vec<Message> {
    let mut notices = Vec::new();
    for (column, texts) in classed(plan, readings) {
        let unknown = texts.into_iter().filter(|(_, class)| *class == Class::Unknown);
        let listed: Vec<String> = unknown.map(|(text, _)| text).take(LISTED).collect();
        if !listed.is_empty() {
            notices.push(
                Message::new("unknown-statuses")
                    .with("column", column)
                    .with("texts", listed),
            );
        }
    }
    notices
}
