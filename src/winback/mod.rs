//! Whom to win back first: the list that maximises the expected gain of a
//! budget, with a random group held back to measure it by.
//!
//! Gain of a contact = value at stake x margin x chance of churning x chance
//! that a contact keeps a churner - cost. (The incremental value of a treatment
//! when it works on those who would leave; Verbraken, Verbeke and Baesens 2013,
//! equation 7, with the customer's own value and chance.) Where the aim is the
//! revenue to come, the chance is that of being active still.

mod choose;
pub mod consent;
pub mod kinds;
mod options;
pub mod outcome;
pub mod result;
pub mod saved;
mod show;

use serde::Serialize;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::habits::{Opportunity, Phase, Setting, facts};
use crate::message::Message;
use crate::orders::Orders;
use crate::task::{Progress, Step};

use kinds::{ChurnType, Tier};
pub use options::{Aim, WinbackOptions};
pub use result::WinbackResult;

/// What other analyses know of each customer, in the order of `customers`.
pub struct Known<'a> {
    /// Revenue within the horizon that is lost when the customer is gone.
    pub value_at_stake: &'a [f64],
    /// Chance that the customer is active still, 0 to 1.
    pub p_alive: &'a [f64],
    /// Chance that the customer churns, 0 to 1.
    pub churn_probability: &'a [f64],
    /// The customer's segment, asked for the rows of the result only.
    pub segment: &'a dyn Fn(usize) -> String,
    /// Why the customer is slipping away, most telling first; asked for the
    /// rows of the result only.
    pub reasons: &'a dyn Fn(usize) -> Vec<Message>,
}

/// Where a customer stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Not chosen.
    Out,
    /// To be contacted.
    Contact,
    /// Chosen by the same rule, and kept aside to measure by.
    HeldOut,
}

impl Place {
    /// The stable code, in kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            Place::Out => "out",
            Place::Contact => "contact",
            Place::HeldOut => "held-out",
        }
    }
}

/// The plan: the result, and one entry a customer for lists and exports.
#[derive(Clone, Debug)]
pub struct Winback {
    /// The whole analysis.
    pub result: WinbackResult,
    /// Who is contacted, who is held out.
    pub place: Vec<Place>,
    /// Expected gain of contacting the customer, cost included; may be negative.
    pub gain: Vec<f64>,
    /// Revenue within the horizon that is lost when the customer is gone.
    pub value_at_stake: Vec<f64>,
    /// How much the customer matters.
    pub tier: Vec<Tier>,
    /// Why the customer leaves, where the file shows it.
    pub churn_type: Vec<ChurnType>,
    /// Where the customer stands in the window of opportunity.
    pub phase: Vec<Phase>,
    /// The first day behind the own cadence and the last on which to contact: that
    /// of the window of opportunity, or of the measurement where it ends earlier.
    pub window: Vec<(Day, Day)>,
    /// Contacts and held-out customers, best gain first.
    pub order: Vec<u32>,
    /// Last day of the measurement.
    pub measure_by: Day,
}

/// The win-back plan for the customers of a day, as a task.
///
/// Describing the customers is done in slices; the last slice sorts those of
/// positive gain.
#[derive(Debug)]
pub struct Planning {
    options: WinbackOptions,
    customers: Customers,
    shop: Option<(Setting, Opportunity)>,
    phase: Vec<Phase>,
    window: Vec<(Day, Day)>,
    let_down: Vec<bool>,
    scratch: Vec<u32>,
}

impl Planning {
    /// Prepares the plan.
    ///
    /// # Errors
    /// Those of [`WinbackOptions::check`].
    pub fn new(customers: Customers, options: WinbackOptions) -> Result<Planning> {
        options.check()?;
        Ok(Planning {
            options,
            customers,
            shop: None,
            phase: Vec::new(),
            window: Vec::new(),
            let_down: Vec::new(),
            scratch: Vec::new(),
        })
    }

    /// A slice of the work. Orders and columns must be the same at every call.
    /// A value at stake that is not a number counts as nothing at stake.
    ///
    /// # Errors
    /// `winback-columns` when a column has not one entry a customer.
    pub fn advance(
        &mut self,
        orders: &Orders,
        known: &Known<'_>,
        budget: u64,
    ) -> Result<Step<Winback>> {
        let n = self.customers.len();
        let columns = [known.value_at_stake, known.p_alive, known.churn_probability];
        if columns.iter().any(|column| column.len() != n) {
            return Err(Error::new("winback-columns").with("expected", n));
        }
        let Some((setting, opportunity)) = &self.shop else {
            let setting = Setting::new(orders, &self.customers, self.options.window_days);
            let opportunity = Opportunity::of(orders, &setting);
            self.shop = Some((setting, opportunity));
            return Ok(Step::Working(Progress { done: 0, total: n as u64 }));
        };
        let mut spent = 0;
        while self.phase.len() < n && spent < budget.max(1) {
            let c = self.phase.len();
            let facts =
                facts(orders, self.customers.number[c], setting, &mut self.scratch);
            let phase = opportunity.phase(&facts);
            self.phase.push(phase);
            let as_of = self.customers.as_of;
            let (opens, closes) = opportunity.days(&facts, as_of);
            // What is done after the measurement cannot be seen in it.
            let last = as_of.plus(self.options.window_days as i32);
            self.window.push((opens, closes.min(last)));
            self.let_down.push(kinds::let_down(&facts, phase));
            spent += 8 + u64::from(self.customers.orders[c]);
        }
        let done = self.phase.len() as u64;
        if spent > 0 || (done as usize) < n {
            return Ok(Step::Working(Progress { done, total: n as u64 }));
        }
        Ok(Step::Done(self.conclude(orders, known)))
    }

    fn conclude(&mut self, orders: &Orders, known: &Known<'_>) -> Winback {
        let (options, customers) = (&self.options, &self.customers);
        let gain: Vec<f64> =
            (0..customers.len()).map(|c| gain_of(known, options, c)).collect();
        let churn_type = kinds::types(orders, customers, &self.let_down);
        let consent = consent::consent(orders, customers);
        let due = |c: usize| {
            let late = options.everyone || self.phase[c] == Phase::Open;
            let risk = known.churn_probability[c];
            late && (options.aim == Aim::Revenue || risk >= options.least_risk)
        };
        let chosen = choose::choose(
            orders,
            customers,
            &gain,
            &churn_type,
            &due,
            consent.as_deref(),
            options,
        );
        let mut plan = Winback {
            place: chosen.place,
            order: chosen.order,
            value_at_stake: known.value_at_stake.to_vec(),
            tier: kinds::tiers(known.value_at_stake, &options.tiers),
            churn_type,
            phase: std::mem::take(&mut self.phase),
            window: std::mem::take(&mut self.window),
            measure_by: customers.as_of.plus(options.window_days as i32),
            gain,
            result: show::empty(customers.as_of, options),
        };
        let r = &mut plan.result;
        r.beyond_budget = chosen.beyond_budget;
        r.without_consent = chosen.without_consent;
        for c in plan.order.iter().map(|&c| c as usize) {
            if plan.place[c] == Place::HeldOut {
                r.held_out += 1;
                continue;
            }
            r.customers += 1;
            r.expected_gain += plan.gain[c];
            r.expected_revenue += known.value_at_stake[c]
                * chance_of(known, options, c)
                * options.success_rate;
        }
        r.cost = r.customers as f64 * options.cost_per_contact;
        r.notices = show::notices(r, options);
        plan.result.matrix = show::matrix(&plan, known);
        plan.result.rows = show::rows(&plan, orders, customers, known);
        plan
    }
}

fn gain_of(known: &Known<'_>, options: &WinbackOptions, c: usize) -> f64 {
    let stake = known.value_at_stake[c];
    let stake = if stake.is_finite() { stake.max(0.0) } else { 0.0 };
    let kept = chance_of(known, options, c) * options.success_rate;
    stake * options.margin * kept - options.cost_per_contact
}

/// What the aim makes of a customer: the chance of leaving, or of being there.
fn chance_of(known: &Known<'_>, options: &WinbackOptions, c: usize) -> f64 {
    let chance = match options.aim {
        Aim::Rescue => known.churn_probability[c],
        Aim::Revenue => known.p_alive[c],
    };
    if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 }
}
