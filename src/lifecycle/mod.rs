//! Where each customer stands in the life of a customer, by the customer's own
//! cadence, and the new, returning, resurrected and dormant of each period.
//!
//! The bars follow the product analytics definition: active now and before,
//! active again after a pause, active before and not now. The stages are our
//! own rule; `LifecycleResult` carries its thresholds.

mod cadence;
mod task;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::message::Message;
use crate::periods::Unit;
use crate::segments::Segment;
pub use task::Lifecycle;

/// The stages, in their order. `potential` customers have not ordered yet and
/// are only counted.
pub const STAGES: [&str; 5] = ["new", "growing", "mature", "declining", "lost"];

/// In what steps the bars are drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LifecycleOptions {
    /// The length of the periods.
    pub unit: Unit,
}

impl Default for LifecycleOptions {
    fn default() -> LifecycleOptions {
        LifecycleOptions { unit: Unit::Month }
    }
}

/// What comes out: a column a customer, and the result as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct LifecycleStages {
    /// Index in [`STAGES`] of each customer's stage.
    pub stage: Vec<u8>,
    /// Sizes, thresholds and bars.
    pub result: LifecycleResult,
}

/// The stages of a shop's customers.
///
/// A customer's usual gap is the mean of the own gaps between order days and
/// of the shop's median gap, which weighs as one of them. Silence in usual
/// gaps, held against all returns of the file, says who is late and who is
/// lost:
/// - `new`: one order day, and not late;
/// - `growing`: two to five order days and not late, or the last three gaps
///   together a quarter shorter than the earlier ones;
/// - `mature`: not late, and neither of these;
/// - `declining`: late, or the last three gaps half as long again;
/// - `lost`: silent beyond `lost_after`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifecycleResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The median gap of the shop, in days; `None` where nobody returned.
    pub usual_gap_days: Option<f64>,
    /// Returns that the thresholds were taken from.
    pub returns_seen: u64,
    /// Late is who is silent for more than so many usual gaps: nine in ten
    /// returns came sooner.
    pub late_after: f64,
    /// Lost is who is silent for more than so many: 98 in 100 came sooner.
    pub lost_after: f64,
    /// People of the file without an order up to the day.
    pub potential: u64,
    /// The five stages, also empty ones.
    pub stages: Vec<Segment>,
    /// The bars.
    pub periods: Bars,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// Customers by what they did in each period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bars {
    /// Such as `2011-11`.
    pub period: Vec<String>,
    /// Its first day.
    pub from: Vec<Day>,
    /// First order of all in the period.
    pub new: Vec<u64>,
    /// An order in the period and in the one before it.
    pub returning: Vec<u64>,
    /// An order in the period, none in the one before it, and one earlier.
    pub resurrected: Vec<u64>,
    /// No order in the period, and one in the period before it.
    pub dormant: Vec<u64>,
    /// Whether the file covers the whole period.
    pub complete: Vec<bool>,
}
