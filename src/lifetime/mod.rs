//! Lifetime value: how many orders each customer will still place and what they
//! are worth, from buy-till-you-die models fitted to the shop's own histories.
//!
//! [`LifetimeTask`] is the entry. Times are whole days outside and weeks inside
//! the models; money is in units of the currency.

pub mod erlang;
pub mod fit;
pub mod geometric;
pub mod history;
pub mod holdout;
pub mod hypergeometric;
pub mod intervals;
pub mod matrix;
pub mod maximise;
pub mod model;
pub mod nbd;
pub mod pareto;
pub mod predict;
pub mod quadrature;
pub mod random;
pub mod special;
pub mod spend;
pub mod task;
pub mod term;
pub mod timing;
pub mod tracking;
pub mod verdict;

use serde::{Deserialize, Serialize};

pub use fit::Parameter;
pub use history::{Groups, Histories, History};
pub use holdout::ByFrequency;
pub use model::Model;
pub use task::LifetimeTask;
pub use tracking::Tracking;

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;

/// Which model to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelChoice {
    /// The one that forecasts best on the shop's own past.
    #[default]
    Auto,
    /// BG/NBD.
    BgNbd,
    /// MBG/NBD.
    MbgNbd,
    /// Pareto/NBD.
    ParetoNbd,
    /// MBG/CNBD-k with k by likelihood.
    MbgCnbdK,
    /// NBD, without dropout.
    Nbd,
}

/// What is asked of [`LifetimeTask`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LifetimeOptions {
    /// Which model.
    pub model: ModelChoice,
    /// How far ahead orders and value are counted, 1 to 3650 days.
    pub horizon_days: u32,
    /// Discount a year, 0 to 10.
    pub discount_rate: f64,
    /// Share of revenue that is profit, above 0 to 1.
    pub margin: f64,
    /// Days held out to judge the model; a third of the history when left out,
    /// none when 0.
    pub holdout_days: Option<u32>,
    /// Seed of the intervals.
    pub seed: u32,
}

impl Default for LifetimeOptions {
    fn default() -> LifetimeOptions {
        LifetimeOptions {
            model: ModelChoice::Auto,
            horizon_days: 365,
            discount_rate: 0.1,
            margin: 1.0,
            holdout_days: None,
            seed: 1,
        }
    }
}

impl LifetimeOptions {
    /// Checks every option.
    ///
    /// # Errors
    /// `bad-horizon-days`, `bad-discount-rate`, `bad-margin`, `bad-holdout-days`
    /// with the `value` that is out of range.
    pub fn check(&self) -> Result<()> {
        let bad = |code, value: f64| Err(Error::new(code).with("value", value));
        if !(1..=3650).contains(&self.horizon_days) {
            return bad("bad-horizon-days", self.horizon_days.into());
        }
        if !(0.0..=10.0).contains(&self.discount_rate) {
            return bad("bad-discount-rate", finite(self.discount_rate));
        }
        if self.margin.is_nan() || self.margin <= 0.0 || self.margin > 1.0 {
            return bad("bad-margin", finite(self.margin));
        }
        match self.holdout_days {
            Some(days) if days > 3650 => bad("bad-holdout-days", days.into()),
            _ => Ok(()),
        }
    }

    /// The continuous discount a week: a year has 365 days.
    pub fn weekly_discount(&self) -> f64 {
        libm::log1p(self.discount_rate) * 7.0 / 365.0
    }
}

/// A parameter of a message is never NaN.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { -1.0 }
}

/// The lifetime analysis of a shop: `LifetimeResult` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifetimeResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The code of the model used, or `historic` when none could be fitted.
    pub model: &'static str,
    /// Its parameters, times in weeks.
    pub parameters: Vec<Parameter>,
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
    /// The model of order values, where there are some.
    pub spend: Option<SpendResult>,
    /// How the model did on days that it had not seen.
    pub holdout: Option<HoldoutResult>,
    /// Sums over all customers.
    pub totals: LifetimeTotals,
    /// Cumulative share of future value by share of customers, richest first:
    /// 101 points.
    pub concentration: Vec<f64>,
    /// Actual and expected repeat orders by week.
    pub tracking: Tracking,
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
    /// How far the fit can be trusted.
    pub verdict: Message,
}

/// A forecast judged on the last days of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldoutResult {
    /// The last day that the model saw.
    pub cut_off: Day,
    /// The days that it forecast.
    pub days: u32,
    /// Order days in them of customers known at the cut-off.
    pub actual_orders: f64,
    /// The forecast.
    pub expected_orders: f64,
    /// Mean absolute error a customer.
    pub mae: f64,
    /// Root mean squared error a customer.
    pub rmse: f64,
    /// The orders of the last equal window, as a forecast.
    pub naive: NaiveResult,
    /// Means by calibration frequency.
    pub by_frequency: ByFrequency,
}

/// The naive forecast judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NaiveResult {
    /// Mean absolute error a customer.
    pub mae: f64,
    /// Root mean squared error a customer.
    pub rmse: f64,
    /// The forecast.
    pub expected_orders: f64,
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

/// What [`LifetimeTask`] ends with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifetime {
    /// The plain result.
    pub result: LifetimeResult,
    /// The customers' columns.
    pub columns: LifetimeColumns,
}

impl Default for LifetimeResult {
    fn default() -> LifetimeResult {
        LifetimeResult {
            as_of: Day::default(),
            model: "historic",
            parameters: Vec::new(),
            log_likelihood: None,
            customers: 0,
            repeaters: 0,
            horizon_days: 0,
            discount_rate: 0.0,
            margin: 1.0,
            verdict: Message::new("lifetime-too-little-data"),
            spend: None,
            holdout: None,
            totals: LifetimeTotals::default(),
            concentration: Vec::new(),
            tracking: Tracking::default(),
            notices: Vec::new(),
        }
    }
}
