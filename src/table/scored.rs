//! The rows of a labelled table with their chance of leaving, as CSV.

use super::export::{Labels, header};

/// Decimals of a probability.
const DECIMALS: usize = 4;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredRow {
    /// The row of the file, as a spreadsheet shows it.
    pub row: u64,
    /// What names the customer; empty where no column does.
    pub customer_id: String,
    /// Chance of leaving.
    pub probability: f64,
    /// Whether the customer left, where the file says so.
    pub left: Option<bool>,
    /// What raises the chance, most first.
    pub reasons: Vec<String>,
}

/// The rows in the order given.
pub fn scored_csv(rows: impl Iterator<Item = ScoredRow>, labels: &Labels) -> Vec<u8> {
    let names = [
        "row",
        "customerId",
        "churnProbability",
        "left",
        "reason1",
        "reason2",
        "reason3",
    ];
    let mut csv = header(labels, &names);
    for row in rows {
        csv.plain(row.row).text(&row.customer_id).number(row.probability, DECIMALS);
        csv.plain(match row.left {
            Some(true) => "1",
            Some(false) => "0",
            None => "",
        });
        for k in 0..3 {
            csv.text(row.reasons.get(k).map_or("", String::as_str));
        }
        csv.end();
    }
    csv.take()
}
