//! What the analysis of a labelled table gives, in the shape of
//! `TableChurnResult` in `pkg/types.d.ts`.

use serde::Serialize;

use crate::error::Result;
use crate::message::Message;
use crate::sort::Order;

use super::super::metrics::{self, CalibrationBin, Decile};
use super::super::profit::{self, ProfitPoint};
use super::super::quality::Quality;
use super::super::rules::{self, Figure, Rule};
use super::leaks::Leak;
use super::prepare::Coding;
use super::{Column, Fitted, TableTask, Values};

/// An area above this is a leak until shown otherwise.
const SUSPICIOUS_AUC: f64 = 0.98;

/// How many rows the effect of the columns is measured on.
const DRIVER_ROWS: usize = 5_000;

/// Under this many rows the figures are too uncertain to act on alone.
const FEW_ROWS: usize = 500;

/// The whole analysis, without single rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableResult {
    /// The outcome column.
    pub label: String,
    /// Rows of the table.
    pub rows: u64,
    /// Rows without an outcome: scored, neither learned from nor judged.
    pub unlabelled: u64,
    /// Columns used.
    pub columns: Vec<String>,
    /// Columns that say nothing: constant, or another text in every row.
    pub useless: Vec<String>,
    /// Columns that leak the outcome, left out.
    pub leaks: Vec<Leak>,
    /// By cross-validation in five parts.
    pub metrics: TableMetrics,
    /// By tenth of predicted risk.
    pub lift: Vec<Decile>,
    /// Predicted and observed, in ten bins of probability.
    pub calibration: Vec<CalibrationBin>,
    /// Profit by share of customers contacted; the naive order is that of the
    /// best column alone.
    pub profit: Vec<ProfitPoint>,
    /// Columns by how much they move the risk, most first.
    pub drivers: Vec<TableDriver>,
    /// The log-odds to which the contributions of the columns add.
    pub base_log_odds: f64,
    /// The models that were tried on a quarter of the rows.
    pub candidates: Vec<Candidate>,
    /// The value of the outcome column that means "left".
    pub positive: String,
    /// IF-THEN rules of a shallow tree.
    pub rules: Vec<Rule>,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

/// How well the model holds on rows that it has not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableMetrics {
    /// Rows judged.
    pub customers: u64,
    /// How many of them left.
    pub churned: u64,
    /// `churned / customers`.
    pub base_rate: f64,
    /// Of rows predicted by a model that has not seen them; `auc` is the mean over
    /// the parts.
    #[serde(flatten)]
    pub quality: Quality,
    /// Standard error of the area of all parts together (DeLong).
    pub auc_standard_error: f64,
    /// The best column alone: the rule to beat.
    pub naive_column: Option<String>,
    /// Its area.
    pub naive_auc: Option<f64>,
}

/// A model that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// `logistic`, `trees` or `both` (the mean of their log-odds).
    pub model: &'static str,
    /// Area under the ROC curve on rows that it had not seen.
    pub auc: f64,
    /// Mean log loss there.
    pub log_loss: f64,
    /// Whether it is the one that is used.
    pub chosen: bool,
}

/// How much a column moves the risk.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableDriver {
    /// The column's name.
    pub feature: String,
    /// Standard deviation of its contributions to the log-odds.
    pub weight: f64,
    /// `raises` or `lowers`: what more of a number does; what the level does
    /// that moves the risk most.
    pub direction: &'static str,
    /// That level, for a column of texts.
    pub level: Option<String>,
}

/// What a column adds to the log-odds of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableContribution {
    /// The column's name.
    pub column: String,
    /// The row's value, as text; empty where there is none.
    pub value: String,
    /// Added to the log-odds.
    pub log_odds: f64,
    /// The same, said with the row's value.
    pub reason: Message,
}

/// What each column adds to the log-odds of a row, largest effect first.
pub(super) fn contributions(
    columns: &[Column],
    fitted: &Fitted,
    row: usize,
) -> Vec<TableContribution> {
    let all: Vec<&Column> = columns.iter().collect();
    let parts = fitted.by_column(&all, row);
    let mut all: Vec<TableContribution> = parts
        .into_iter()
        .zip(columns)
        .zip(&fitted.codings)
        .filter(|(_, coding)| **coding != Coding::Nothing)
        .map(|((log_odds, column), _)| {
            let code = if log_odds > 0.0 {
                "reason-column-raises"
            } else {
                "reason-column-lowers"
            };
            let value = match &column.values {
                Values::Number(values) if values[row].is_finite() => {
                    format!("{}", values[row])
                }
                Values::Number(_) => String::new(),
                Values::Text { of, values } => {
                    values.get(of[row] as usize).cloned().unwrap_or_default()
                }
            };
            let reason = Message::new(code)
                .with("column", column.name.as_str())
                .with("value", value.as_str());
            TableContribution { column: column.name.clone(), value, log_odds, reason }
        })
        .collect();
    all.order_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    all
}

pub(super) fn result(
    task: &mut TableTask,
    fitted: &Fitted,
    judged: &[f64],
) -> Result<TableResult> {
    let churned = task.churned(&task.rows);
    let campaign = task.options.campaign;
    let calibration = metrics::calibration(judged, &churned);
    let n = churned.len();
    let left = churned.iter().filter(|&&c| c).count();
    let auc = task.aucs.iter().sum::<f64>() / task.aucs.len().max(1) as f64;
    let metrics = TableMetrics {
        customers: n as u64,
        churned: left as u64,
        base_rate: left as f64 / n as f64,
        quality: Quality { auc, ..Quality::of(judged, judged, &churned, &campaign) },
        auc_standard_error: metrics::auc_standard_error(judged, &churned),
        naive_column: task.best_alone.as_ref().map(|b| b.0.clone()),
        naive_auc: task.best_alone.as_ref().map(|b| b.1),
    };
    let mut notices = std::mem::take(&mut task.notices);
    for leak in &task.leaks {
        notices.push(
            Message::new("table-leak")
                .with("column", leak.column.as_str())
                .with("auc", leak.auc)
                .with("because", leak.because),
        );
    }
    if auc > SUSPICIOUS_AUC {
        notices.push(Message::new("churn-trap-too-good").with("auc", auc));
    }
    if n < FEW_ROWS {
        notices.push(Message::new("churn-small-base").with("customers", n));
    }
    let used = |keep: bool| -> Vec<String> {
        let both = task.columns.iter().zip(&fitted.codings);
        both.filter(|(_, c)| (**c != Coding::Nothing) == keep)
            .map(|(c, _)| c.name.clone())
            .collect()
    };
    let naive = naive_scores(task, &churned);
    Ok(TableResult {
        label: task.label.clone(),
        rows: task.outcomes.len() as u64,
        unlabelled: task.outcomes.iter().filter(|o| o.is_none()).count() as u64,
        columns: used(true),
        useless: used(false),
        leaks: std::mem::take(&mut task.leaks),
        lift: metrics::lift(judged, &churned).unwrap_or_default(),
        calibration,
        profit: profit::curve(judged, &naive, &churned, &campaign),
        drivers: drivers(task, fitted),
        base_log_odds: fitted.base(),
        candidates: std::mem::take(&mut task.candidates),
        positive: task.positive.clone(),
        rules: table_rules(task, fitted, &churned),
        metrics,
        notices,
    })
}

/// The best column alone as a score: the number, turned so that more is
/// riskier; the rate of the level for a text.
fn naive_scores(task: &TableTask, churned: &[bool]) -> Vec<f64> {
    let best = task.best_alone.as_ref().map(|b| b.0.as_str());
    let Some(column) = task.columns.iter().find(|c| Some(c.name.as_str()) == best) else {
        return vec![0.0; churned.len()];
    };
    match &column.values {
        Values::Number(values) => {
            let scores: Vec<f64> =
                task.rows
                    .iter()
                    .map(|&i| {
                        if values[i].is_finite() { values[i] } else { f64::NEG_INFINITY }
                    })
                    .collect();
            let rising = metrics::auc(&scores, churned) >= 0.5;
            scores.into_iter().map(|s| if rising { s } else { -s }).collect()
        }
        Values::Text { of, values } => {
            let level = |i: usize| (of[i] as usize).min(values.len());
            let mut counts = vec![(0.0, 0.0f64); values.len() + 1];
            for (&i, &c) in task.rows.iter().zip(churned) {
                counts[level(i)].0 += if c { 1.0 } else { 0.0 };
                counts[level(i)].1 += 1.0;
            }
            task.rows
                .iter()
                .map(|&i| counts[level(i)].0 / counts[level(i)].1.max(1.0))
                .collect()
        }
    }
}

fn drivers(task: &TableTask, fitted: &Fitted) -> Vec<TableDriver> {
    let columns: Vec<&Column> = task.columns.iter().collect();
    let step = task.rows.len().div_ceil(DRIVER_ROWS);
    let rows: Vec<usize> = task.rows.iter().copied().step_by(step).collect();
    let parts: Vec<Vec<f64>> =
        rows.iter().map(|&i| fitted.by_column(&columns, i)).collect();
    let n = rows.len() as f64;
    let mut all = Vec::new();
    for (k, (column, coding)) in task.columns.iter().zip(&fitted.codings).enumerate() {
        if *coding == Coding::Nothing {
            continue;
        }
        let mean = parts.iter().map(|p| p[k]).sum::<f64>() / n;
        let apart: Vec<f64> = parts.iter().map(|p| p[k] - mean).collect();
        let squares: f64 = apart.iter().map(|a| a * a).sum();
        let (level, rises) = match &column.values {
            Values::Number(values) => {
                let known = |i: usize| values[i].is_finite();
                let count = rows.iter().filter(|&&i| known(i)).count().max(1) as f64;
                let middle: f64 =
                    rows.iter().filter(|&&i| known(i)).map(|&i| values[i]).sum::<f64>()
                        / count;
                let together = rows.iter().zip(&apart).filter(|(i, _)| known(**i));
                let sum: f64 = together.map(|(&i, a)| a * (values[i] - middle)).sum();
                (None, sum >= 0.0)
            }
            Values::Text { of, values } => strongest(of, values, &rows, &apart),
        };
        all.push(TableDriver {
            feature: column.name.clone(),
            weight: libm::sqrt(squares / n),
            direction: if rises { "raises" } else { "lowers" },
            level,
        });
    }
    all.order_by(|a, b| b.weight.total_cmp(&a.weight));
    all
}

/// The level that moves the risk most over all rows, and whether it raises it.
fn strongest(
    of: &[u32],
    values: &[String],
    rows: &[usize],
    apart: &[f64],
) -> (Option<String>, bool) {
    let mut sums = vec![0.0; values.len() + 1];
    for (&i, a) in rows.iter().zip(apart) {
        sums[(of[i] as usize).min(values.len())] += a;
    }
    let best = (0..sums.len()).max_by(|&a, &b| sums[a].abs().total_cmp(&sums[b].abs()));
    let Some(best) = best else { return (None, true) };
    (Some(values.get(best).cloned().unwrap_or_default()), sums[best] >= 0.0)
}

/// Rules over the numbers and over the levels of texts.
fn table_rules(task: &TableTask, fitted: &Fitted, churned: &[bool]) -> Vec<Rule> {
    let mut figures = Vec::new();
    for (column, coding) in task.columns.iter().zip(&fitted.codings) {
        match (&column.values, coding) {
            (Values::Number(values), Coding::Number { .. }) => figures.push(Figure {
                name: column.name.clone(),
                level: None,
                values: task.rows.iter().map(|&i| values[i]).collect(),
            }),
            (Values::Text { of, values }, Coding::Levels { indicator, width }) => {
                for (level, name) in values.iter().enumerate() {
                    // Levels without an indicator of their own are too rare.
                    let common = indicator[level] as usize + 1 < *width
                        || indicator[level] == u32::MAX;
                    if common {
                        let is =
                            |&i: &usize| if of[i] as usize == level { 1.0 } else { 0.0 };
                        figures.push(Figure {
                            name: column.name.clone(),
                            level: Some(name.clone()),
                            values: task.rows.iter().map(is).collect(),
                        });
                    }
                }
            }
            _ => {}
        }
    }
    rules::rules(&figures, churned)
}
