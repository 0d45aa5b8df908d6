//! What the lifetime analysis ends with.

use serde::Serialize;

use super::choice::Candidate;
use super::fit::Parameter;
use super::holdout::{ByFrequency, Score};
use super::payback::Payback;
use super::rows::Fitted;
use super::tracking::Tracking;
use super::views::{Bin, Frequencies, Matrix};
use crate::calendar::Day;
use crate::message::Message;

/// The lifetime analysis of a shop: `LifetimeResult` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifetimeResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The code of the model used, or `historic` when none could be fitted.
    pub model: &'static str,
    /// What `expected_orders` comes from: the model, or the naive forecast
    /// (`last-window`, `average-rate`) that did better on the shop's own past.
    pub forecast: &'static str,
    /// Its parameters, times in weeks.
    pub parameters: Vec<Parameter>,
    /// The phases k that an order takes, in MBG/CNBD-k.
    pub phases: Option<u32>,
    /// Log-likelihood of all customers; `None` without a model.
    pub log_likelihood: Option<f64>,
    /// How many customers.
    pub customers: u64,
    /// How many of them ordered on a second day.
    pub repeaters: u64,
    /// The options used.
    pub horizon_days: u32,
    /// The options used.
    pub discount_rate: f64,
    /// The options used.
    pub margin: f64,
    /// How far the fit can be trusted.
    pub verdict: Message,
    /// Whether the data can tell who has gone; without it the chances of being a
    /// customer still say nothing, and should not be shown.
    pub identifies_dropout: bool,
    /// The model of order values, where there are some.
    pub spend: Option<SpendResult>,
    /// How the model did on days that it had not seen.
    pub holdout: Option<HoldoutResult>,
    /// What competed, with scores before and after the choice.
    pub candidates: Vec<Candidate>,
    /// Sums over all customers.
    pub totals: LifetimeTotals,
    /// Cumulative share of future value by share of customers, richest first:
    /// 101 points.
    pub concentration: Vec<f64>,
    /// Customers by their value within the horizon.
    pub distribution: Vec<Bin>,
    /// Actual and expected repeat orders by week.
    pub tracking: Tracking,
    /// Actual and expected customers by number of repeat orders.
    pub frequencies: Frequencies,
    /// Chances and orders to come by frequency and recency.
    pub matrix: Option<Matrix>,
    /// How soon a new customer pays back, where a cost was given.
    pub payback: Option<Payback>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// The fitted order values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpendResult {
    /// p, q and gamma.
    pub parameters: Vec<Parameter>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Customers with a repeat order above zero.
    pub customers: u64,
    /// Between number and mean value of orders.
    pub correlation: f64,
    /// Expected order value of a customer of whom nothing is known; `None` where
    /// the model gives none.
    pub mean_order_value: Option<f64>,
    /// How far the fit can be trusted.
    pub verdict: Message,
}

/// The forecast judged on the last days of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldoutResult {
    /// The last day that the model saw.
    pub cut_off: Day,
    /// The days that it forecast.
    pub days: u32,
    /// The last day that the candidates saw when the choice was made.
    pub inner_cut_off: Option<Day>,
    /// The days that they forecast.
    pub inner_days: Option<u32>,
    /// Customers known at the cut-off; a sample when there are very many.
    pub customers: u64,
    /// Their order days in the days held out.
    pub actual_orders: f64,
    /// How well the forecast did.
    #[serde(flatten)]
    pub score: Score,
    /// The orders of the last equal window, as a forecast.
    pub naive: Score,
    /// The candidate with the lowest deviance in hindsight.
    pub best: &'static str,
    /// Our deviance minus that of the best, a customer.
    pub deviance_gap: f64,
    /// Its standard error.
    pub deviance_gap_error: f64,
    /// Means by calibration frequency.
    pub by_frequency: ByFrequency,
}

/// Sums over all customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifetimeTotals {
    /// Orders within the horizon.
    pub expected_orders: f64,
    /// Discounted value of them.
    pub clv: f64,
    /// 10 % point of `clv`, from the parameters' uncertainty and chance; `None`
    /// without a model.
    pub clv_low: Option<f64>,
    /// 90 % point.
    pub clv_high: Option<f64>,
    /// Share of `clv` with the top tenth of customers.
    pub top_decile_share: f64,
    /// Net revenue of the same customers so far.
    pub historic: f64,
    /// Mean chance of being a customer still; `None` without a model.
    pub mean_p_alive: Option<f64>,
}

/// One entry a customer, aligned with [`crate::customers::Customers`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifetimeColumns {
    /// Chance of being a customer still; NaN without a model.
    pub p_alive: Vec<f64>,
    /// Expected orders within the horizon.
    pub expected_orders: Vec<f64>,
    /// Expected value of an order; NaN without any money.
    pub order_value: Vec<f64>,
    /// Discounted value of the expected orders, times margin; 0 or more.
    pub clv: Vec<f64>,
}

/// What [`super::LifetimeTask`] ends with.
#[derive(Clone, Debug, Default)]
pub struct Lifetime {
    /// The plain result.
    pub result: LifetimeResult,
    /// The customers' columns.
    pub columns: LifetimeColumns,
    /// The fitted model, for what is computed for single customers; `None` where
    /// the data were too few.
    pub fitted: Option<Fitted>,
}

impl Default for LifetimeResult {
    fn default() -> LifetimeResult {
        LifetimeResult {
            as_of: Day::default(),
            model: "historic",
            forecast: "historic",
            phases: None,
            parameters: Vec::new(),
            log_likelihood: None,
            customers: 0,
            repeaters: 0,
            horizon_days: 0,
            discount_rate: 0.0,
            margin: 1.0,
            verdict: Message::new("lifetime-too-little-data"),
            identifies_dropout: false,
            spend: None,
            holdout: None,
            candidates: Vec::new(),
            totals: LifetimeTotals::default(),
            concentration: Vec::new(),
            distribution: Vec::new(),
            tracking: Tracking::default(),
            frequencies: Frequencies::default(),
            matrix: None,
            payback: None,
            notices: Vec::new(),
        }
    }
}
