//! What the churn analysis gives, in the shape of `ChurnResult` in `pkg/types.d.ts`.

use serde::Serialize;

use crate::calendar::Day;
use crate::message::Message;

use super::definition::GapShare;
use super::metrics::{CalibrationBin, Decile};
use super::profit::ProfitPoint;
use super::quality::Quality;
use super::rules::Rule;

/// The whole analysis, without the rows of single customers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChurnResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// What churn means here, to be shown beside every figure.
    pub definition: Message,
    /// The window in force, in days.
    pub window_days: u32,
    /// The window that the gaps between orders propose, in days.
    pub proposed_window_days: u32,
    /// Share of the gaps between orders of at most `window_days`.
    pub gap_share: f64,
    /// Median gap between order days, in days; none where nobody returned.
    pub median_gap_days: Option<u32>,
    /// The distribution of those gaps: the share within each of some windows.
    pub gap_shares: Vec<GapShare>,
    /// The cut-offs, rising; the last is the one held out.
    pub cut_offs: Vec<Day>,
    /// Customers as of `as_of`.
    pub customers: u64,
    /// `logistic`.
    pub model: &'static str,
    /// On what the metrics were measured: `later` (the last cut-off, with a
    /// model trained on windows that had ended by then) or `customers` (customers
    /// left out at the same cut-off, where the history is too short for more).
    pub judged: &'static str,
    /// Customers first seen after the held-out cut-off, who are in neither
    /// training nor test.
    pub born_later: u64,
    /// How well it holds on what was held out.
    pub metrics: Metrics,
    /// By tenth of predicted risk; empty with fewer than ten distinct scores.
    pub lift: Vec<Decile>,
    /// Predicted and observed, in ten bins of probability.
    pub calibration: Vec<CalibrationBin>,
    /// Profit by share of customers contacted, of the model and the naive rule.
    pub profit: Vec<ProfitPoint>,
    /// How the share of churners moved between training and the held-out window.
    pub drift: Drift,
    /// Topics by how much they move the risk, most first.
    pub drivers: Vec<Driver>,
    /// Every feature of the model with its weight.
    pub coefficients: Vec<Coefficient>,
    /// Groups of customers in words: IF-THEN rules of a shallow tree.
    pub rules: Vec<Rule>,
    /// Sums over the customers as of `as_of`.
    pub totals: Totals,
    /// What was noticed on the way, the traps included.
    pub notices: Vec<Message>,
}

/// How well a ranking and its probabilities hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Customers judged.
    pub customers: u64,
    /// How many of them churned.
    pub churned: u64,
    /// `churned / customers`.
    pub base_rate: f64,
    /// Of the model's probabilities.
    #[serde(flatten)]
    pub quality: Quality,
    /// Standard error of the area under the ROC curve (DeLong).
    pub auc_standard_error: f64,
    /// Area of the naive rule, longest silent first.
    pub naive_auc: f64,
    /// All that can be said of the naive rule.
    pub naive: Naive,
}

/// The rule to beat: longest silent first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Naive {
    /// Of the days of silence, and of the chances that they alone give.
    #[serde(flatten)]
    pub quality: Quality,
    /// By tenth of silence, longest first; empty with fewer than ten lengths.
    pub lift: Vec<Decile>,
    /// The chances that the silence alone gives, and what was observed.
    pub calibration: Vec<CalibrationBin>,
}

/// The share of churners changes with the seasons, and no model of customers
/// can know it; it is told apart from what the model gets wrong itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// Share of churners at the training cut-offs.
    pub trained_rate: f64,
    /// Share of churners at the held-out cut-off.
    pub held_out_rate: f64,
    /// The difference, in points of percent.
    pub points: f64,
    /// What has to be added to all log-odds to meet the held-out rate.
    pub offset: f64,
    /// Calibration error after that.
    pub calibration_error_without: f64,
}

/// How much a topic moves the risk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver {
    /// The topic, such as `silence`.
    pub feature: &'static str,
    /// Standard deviation of its contributions to the log-odds over the customers.
    pub weight: f64,
    /// Whether more of it raises or lowers the risk: `raises`, `lowers`.
    pub direction: &'static str,
}

/// A feature of the model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coefficient {
    /// Its name, such as `recency`.
    pub feature: &'static str,
    /// Its topic.
    pub topic: &'static str,
    /// Change of the log-odds a standard deviation of the feature.
    pub weight: f64,
    /// Mean over the training rows.
    pub mean: f64,
    /// Standard deviation over the training rows; 0 when the feature says nothing here.
    pub deviation: f64,
}

/// Sums over all customers as of the day of reckoning.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Customers with a churn probability of one half and more who are not yet
    /// certainly gone (.95 and more).
    pub slipping_away: u64,
    /// Their net revenue in the year up to `as_of`.
    pub revenue_at_risk: f64,
    /// Sum of the churn probabilities.
    pub expected_churners: f64,
    /// Low below one third, high from two thirds on.
    pub bands: Vec<Band>,
}

/// Customers of like risk.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Band {
    /// `low`, `medium` or `high`.
    pub band: &'static str,
    /// How many customers.
    pub customers: u64,
    /// Their net revenue in the year up to `as_of`.
    pub revenue: f64,
}
