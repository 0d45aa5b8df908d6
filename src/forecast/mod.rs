//! Trend, season and what is to be expected, judged on the shop's own past; and
//! each customer's own cadence and its breaks.
//!
//! Decomposition by loess (MSTL), smoothing by ETS, both judged against the
//! (seasonal) naive forecast, which is used where it does better.

mod cadence;
mod ets;
mod judge;
mod model;
mod series;
mod task;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::periods::Unit;
pub use cadence::{Cadence, CadenceRow, RHYTHMS, Rhythms, cadences};
pub use judge::{BackTest, Did};
pub use series::Closure;
pub use task::{Forecast, Forecasted};

/// What is forecast.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Of {
    /// Net revenue of the shop.
    #[default]
    Sales,
    /// Orders of the shop.
    Orders,
    /// Identified customers with an order in the period.
    Customers,
    /// Identified customers whose first order lies in the period.
    NewCustomers,
}

/// What is forecast, in what steps and how far.
#[derive(Clone, Debug, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ForecastOptions {
    /// Of what.
    pub of: Of,
    /// Day, week or month.
    pub unit: Unit,
    /// How many periods ahead; 28 days, 8 weeks or 6 months when left out.
    pub horizon: Option<u32>,
    /// How much the intervals are to hold, 0.5 to 0.99.
    pub level: f64,
}

impl Default for ForecastOptions {
    fn default() -> ForecastOptions {
        ForecastOptions { of: Of::Sales, unit: Unit::Week, horizon: None, level: 0.8 }
    }
}

impl ForecastOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `forecast-bad-unit`, `forecast-bad-horizon` and `forecast-bad-level`.
    pub fn check(&self) -> Result<()> {
        if !matches!(self.unit, Unit::Day | Unit::Week | Unit::Month) {
            return Err(Error::new("forecast-bad-unit"));
        }
        let horizon = self.horizon();
        if !(1..=366).contains(&horizon) {
            return Err(Error::new("forecast-bad-horizon").with("value", horizon));
        }
        if !(0.5..=0.99).contains(&self.level) {
            let value = if self.level.is_finite() { self.level } else { 0.0 };
            return Err(Error::new("forecast-bad-level").with("value", value));
        }
        Ok(())
    }

    /// How many periods ahead.
    pub fn horizon(&self) -> usize {
        self.horizon.map_or(
            match self.unit {
                Unit::Day => 28,
                Unit::Month => 6,
                _ => 8,
            },
            |horizon| horizon as usize,
        )
    }
}

/// The past by period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// Such as `2011-W47`.
    pub period: Vec<String>,
    /// Its first day.
    pub from: Vec<Day>,
    /// What was counted; `None` where the shop was closed throughout.
    pub value: Vec<Option<f64>>,
    /// Days on which the shop was open.
    pub open_days: Vec<u32>,
    /// Level and trend, without the season, at the period's open days.
    pub trend: Vec<f64>,
    /// What the season adds; `None` without one.
    pub season: Option<Vec<f64>>,
}

/// The periods to come.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Future {
    /// Such as `2011-W49`.
    pub period: Vec<String>,
    /// Its first day.
    pub from: Vec<Day>,
    /// What is expected: as likely more as less.
    pub value: Vec<f64>,
    /// The lower end of the interval.
    pub lower: Vec<f64>,
    /// Its upper end.
    pub upper: Vec<f64>,
    /// Days on which the shop is expected to be open.
    pub open_days: Vec<u32>,
}

/// What is to be expected, and how well that would have been told before.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForecastResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// Of what.
    pub of: Of,
    /// In what steps.
    pub unit: Unit,
    /// How much the intervals are to hold.
    pub level: f64,
    /// `level` or `trend`: what was smoothed.
    pub model: &'static str,
    /// Whether season and errors multiply rather than add.
    pub multiplies: bool,
    /// Lengths of the seasons in periods; empty where the file is too short.
    pub seasons: Vec<usize>,
    /// How much of an error goes into the level.
    pub alpha: f64,
    /// How much into the trend.
    pub beta: f64,
    /// How much of the trend is left a period later.
    pub phi: f64,
    /// `naive` (the last value) or `seasonal-naive` (that of a season before).
    pub naive: &'static str,
    /// What the forecast is made by: `model` or the naive one, whichever did
    /// better.
    pub used: &'static str,
    /// The same as a sentence.
    pub verdict: Message,
    /// The back-test; `None` where the file is too short for one.
    pub back_test: Option<BackTest>,
    /// The past.
    pub past: Past,
    /// The future.
    pub future: Future,
    /// Weekdays without any order, 0 for Monday.
    pub closed_weekdays: Vec<u32>,
    /// Other days on which the shop was closed.
    pub closures: Vec<Closure>,
    /// The customers' own cadences.
    pub rhythms: Rhythms,
    /// What was noticed.
    pub notices: Vec<Message>,
}
