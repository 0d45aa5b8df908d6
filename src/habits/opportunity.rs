//! The window of opportunity: from falling behind one's own cadence to a
//! silence from which hardly anyone of this shop has come back.

use serde::Serialize;

use crate::calendar::Day;
use crate::orders::Orders;

use super::{Facts, GAP_PRIOR, Setting};

/// Of all returns seen, this share came no later than the closing of the window.
const RETURNED: f64 = 0.95;

/// Fewer returns than this say nothing of when a window closes.
const MIN_RETURNS: usize = 50;

/// The silence, in usual gaps, at which the window closes where too few returns
/// were seen to tell.
const FALLBACK_GAPS: f64 = 4.0;

/// Where a customer stands in the window of opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Not yet behind the own cadence.
    OnTime,
    /// Behind it, and people have come back from such a silence.
    Open,
    /// Silent longer than nearly all who ever came back.
    Closed,
}

/// All phases, in the order of their declaration.
pub const PHASES: [Phase; 3] = [Phase::OnTime, Phase::Open, Phase::Closed];

impl Phase {
    /// The stable code, in kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            Phase::OnTime => "on-time",
            Phase::Open => "open",
            Phase::Closed => "closed",
        }
    }
}

/// When the window opens and closes, in usual gaps of silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opportunity {
    /// Silence in the customer's usual gaps at which the window closes.
    pub closes_after: f64,
}

impl Opportunity {
    /// What the returns up to the setting's day say of this shop: each gap is
    /// set against the usual gap as it was known before it. Linear in the records.
    pub fn of(orders: &Orders, setting: &Setting) -> Opportunity {
        let mut ratios = Vec::new();
        for customer in 0..orders.customers.len() as u32 {
            returns_of(orders, customer, setting, &mut ratios);
        }
        if ratios.len() < MIN_RETURNS {
            return Opportunity { closes_after: FALLBACK_GAPS };
        }
        let k = ((ratios.len() as f64 * RETURNED) as usize).min(ratios.len() - 1);
        let (_, value, _) = ratios.select_nth_unstable_by(k, f64::total_cmp);
        Opportunity { closes_after: value.max(1.0) }
    }

    /// Where this customer stands.
    pub fn phase(&self, facts: &Facts) -> Phase {
        if facts.overdue <= 1.0 {
            Phase::OnTime
        } else if facts.overdue <= self.closes_after {
            Phase::Open
        } else {
            Phase::Closed
        }
    }

    /// The first day behind the own cadence and the last day of the window.
    pub fn days(&self, facts: &Facts, as_of: Day) -> (Day, Day) {
        let last = as_of.plus(-(facts.recency_days as i32));
        let after = |gaps: f64| last.plus((facts.usual_gap * gaps).min(100_000.0) as i32);
        (after(1.0).plus(1), after(self.closes_after))
    }
}

/// Adds each gap of a customer over the usual gap known before it.
fn returns_of(orders: &Orders, customer: u32, setting: &Setting, ratios: &mut Vec<f64>) {
    let (mut first, mut last, mut gaps) = (None, None, 0.0);
    for i in orders.of(customer) {
        let day = orders.day[i];
        if day > setting.day.0 {
            break;
        }
        if !orders.is_order[i] || last == Some(day) {
            continue;
        }
        if let (Some(first), Some(last)) = (first, last) {
            let own = f64::from(last - first);
            let usual = (own + GAP_PRIOR * setting.usual_gap) / (gaps + GAP_PRIOR);
            ratios.push(f64::from(day - last) / usual);
            gaps += 1.0;
        }
        first = first.or(Some(day));
        last = Some(day);
    }
}
