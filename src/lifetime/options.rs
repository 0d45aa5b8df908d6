//! What may be asked of the lifetime analysis, checked once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

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
    /// BG/BB in periods of `period_days`.
    BgBb,
    /// NBD, without dropout.
    Nbd,
}

/// What is asked of [`super::LifetimeTask`].
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
    /// Days of a period of BG/BB, 1 to 366.
    pub period_days: u32,
    /// What it costs to win a customer, where known; 0 or more.
    pub acquisition_cost: Option<f64>,
    /// The same by channel, where it differs; 0 or more each.
    pub acquisition_costs: BTreeMap<String, f64>,
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
            period_days: 28,
            acquisition_cost: None,
            acquisition_costs: BTreeMap::new(),
        }
    }
}

impl LifetimeOptions {
    /// Checks every option.
    ///
    /// # Errors
    /// `bad-horizon-days`, `bad-discount-rate`, `bad-margin`, `bad-holdout-days`,
    /// `bad-period-days`, `bad-acquisition-cost` with the `value` that is out of range.
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
        if let Some(days) = self.holdout_days.filter(|&days| days > 3650) {
            return bad("bad-holdout-days", days.into());
        }
        if !(1..=366).contains(&self.period_days) {
            return bad("bad-period-days", self.period_days.into());
        }
        let mut costs =
            self.acquisition_cost.iter().chain(self.acquisition_costs.values());
        match costs.find(|cost| !cost.is_finite() || **cost < 0.0) {
            Some(&cost) => bad("bad-acquisition-cost", finite(cost)),
            None => Ok(()),
        }
    }

    /// The days of a period, where the model counts periods.
    pub(super) fn period(&self) -> Option<u32> {
        (self.model == ModelChoice::BgBb).then_some(self.period_days)
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
