//! The customers most like a list, and why.
//!
//! Naive Bayes with normal densities on logarithms (Hastie, Tibshirani and Friedman,
//! "The Elements of Statistical Learning", 6.6.3): how much likelier the customer's
//! figures are among the list than among everybody.

use serde::Serialize;

use super::column::{CustomerColumn, CustomerColumns};
use crate::error::{Error, Result};
use crate::sort::Order;

/// Fewer customers than this make no pattern.
const FEWEST: usize = 10;
/// What customers are compared by.
const COMPARED: [CustomerColumn; 4] = [
    CustomerColumn::RecencyDays,
    CustomerColumn::Orders,
    CustomerColumn::Revenue,
    CustomerColumn::AverageOrder,
];

/// The customers most like a list, most alike first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alike {
    /// How many are in the list.
    pub list: usize,
    /// Those outside it whose figures are likelier in it than among everybody.
    pub rows: Vec<AlikeRow>,
}

/// One customer like a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlikeRow {
    /// The customer.
    pub customer_id: String,
    /// Logarithm of how much likelier the figures are among the list, above 0.
    pub score: f64,
    /// The column that says so most.
    pub reason: &'static str,
    /// Its value.
    pub value: f64,
}

/// Finds them. Linear, and a sort of the others.
///
/// # Errors
/// `alike-few` when fewer than ten customers are in the list, or outside it.
pub fn alike(columns: &CustomerColumns<'_>, list: &[u32], limit: usize) -> Result<Alike> {
    let count = columns.customers.len();
    let mut inside = vec![false; count];
    list.iter().for_each(|&c| inside[c as usize] = true);
    if list.len() < FEWEST || count - list.len() < FEWEST {
        return Err(Error::new("alike-few")
            .with("list", list.len())
            .with("needed", FEWEST));
    }
    let mut scores = vec![0.0; count];
    let mut telling = vec![(f64::NEG_INFINITY, 0_usize); count];
    for (place, &column) in COMPARED.iter().enumerate() {
        let log = |c: usize| libm::log1p(columns.number(column, c).max(0.0));
        let values: Vec<f64> = (0..count).map(log).collect();
        let (own, all) = (spread(&values, |c| inside[c]), spread(&values, |_| true));
        for (c, &value) in values.iter().enumerate() {
            let gain = density(value, own) - density(value, all);
            scores[c] += gain;
            if gain > telling[c].0 {
                telling[c] = (gain, place);
            }
        }
    }
    let alike = |&c: &u32| !inside[c as usize] && scores[c as usize] > 0.0;
    let mut others: Vec<u32> = (0..count as u32).filter(alike).collect();
    let id =
        |c: u32| columns.orders.customers.bytes(columns.customers.number[c as usize]);
    others.order_by(|&a, &b| {
        let by_score = scores[b as usize].total_cmp(&scores[a as usize]);
        by_score.then_with(|| id(a).cmp(id(b)))
    });
    let row = |&c: &u32| {
        let column = COMPARED[telling[c as usize].1];
        AlikeRow {
            customer_id: String::from_utf8_lossy(id(c)).into_owned(),
            score: scores[c as usize],
            reason: column.name(),
            value: columns.number(column, c as usize),
        }
    };
    Ok(Alike { list: list.len(), rows: others.iter().take(limit).map(row).collect() })
}

/// Mean and standard deviation, summed in rising order.
fn spread(values: &[f64], within: impl Fn(usize) -> bool) -> (f64, f64) {
    let mut own: Vec<f64> =
        (0..values.len()).filter(|&c| within(c)).map(|c| values[c]).collect();
    own.sort_unstable_by(f64::total_cmp);
    let count = own.len().max(1) as f64;
    let mean = own.iter().sum::<f64>() / count;
    let square = own.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count;
    (mean, libm::sqrt(square).max(0.05))
}

fn density(value: f64, (mean, deviation): (f64, f64)) -> f64 {
    let z = (value - mean) / deviation;
    -0.5 * z * z - libm::log(deviation)
}
