//! What the win-back plan gives, in the shape of `WinbackResult` in `pkg/types.d.ts`.

use serde::Serialize;

use crate::calendar::Day;
use crate::habits::Phase;
use crate::message::Message;

use super::kinds::{Action, ChurnType, Tier};
use super::{Aim, Place};

/// The whole plan in figures, and its best rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WinbackResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// Customers to contact.
    pub customers: u64,
    /// Customers held out.
    pub held_out: u64,
    /// What the contacts cost.
    pub cost: f64,
    /// Expected profit of the contacts, their cost taken off.
    pub expected_gain: f64,
    /// Expected revenue of the contacts that would have been lost.
    pub expected_revenue: f64,
    /// Customers of positive gain for whom the budget did not reach.
    pub beyond_budget: u64,
    /// Customers of positive gain who may not be contacted.
    pub without_consent: u64,
    /// Last day of the measurement.
    pub measure_by: Day,
    /// The options in force.
    pub options: Applied,
    /// The best rows of the plan, at most 100.
    pub rows: Vec<Row>,
    /// Type x tier: who is slipping away, what to do, what it is worth.
    pub matrix: Vec<Cell>,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

/// The options in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// Cost of one contact.
    pub cost_per_contact: f64,
    /// Chance that a contact keeps a churner.
    pub success_rate: f64,
    /// Share of revenue that is profit.
    pub margin: f64,
    /// Most that may be spent.
    pub budget: Option<f64>,
    /// Days of revenue at stake.
    pub horizon_days: u32,
    /// Days of the churn window.
    pub window_days: u32,
    /// Whether those who are on time, or long gone, may be contacted too.
    pub everyone: bool,
    /// The least chance of churning of those to be rescued.
    pub least_risk: f64,
    /// Share held out.
    pub hold_out: f64,
    /// What the campaign is for.
    pub aim: Aim,
}

/// A customer to contact.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// As written in the file.
    pub customer_id: String,
    /// Whether to contact or to keep aside.
    pub place: Place,
    /// Expected gain, cost taken off.
    pub gain: f64,
    /// Revenue within the horizon that would be lost.
    pub value_at_stake: f64,
    /// Chance that the customer churns.
    pub churn_probability: f64,
    /// Days since the last order.
    pub recency_days: u32,
    /// The customer's segment.
    pub segment: String,
    /// How much the customer matters.
    pub tier: Tier,
    /// Why the customer leaves.
    pub churn_type: ChurnType,
    /// Where the customer stands in the window of opportunity.
    pub phase: Phase,
    /// Last day on which to contact: that of the window, or of the measurement where
    /// it ends earlier.
    pub closes: Day,
    /// What to do, what to offer, who sees to it.
    #[serde(flatten)]
    pub action: Action,
    /// The most telling reason.
    pub reason: Message,
    /// All reasons worth saying.
    pub reasons: Vec<Message>,
}

/// A cell of the win-back matrix.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Why they leave.
    pub churn_type: ChurnType,
    /// How much they matter.
    pub tier: Tier,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
    /// Customers whose window of opportunity is open.
    pub customers: u64,
    /// Their value at stake.
    pub value_at_stake: f64,
    /// How many of them are in the plan.
    pub planned: u64,
    /// Expected gain of those.
    pub expected_gain: f64,
}
