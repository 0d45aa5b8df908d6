//! The plan as it is shown: rows, matrix, notices.

use crate::calendar::Day;
use crate::customers::Customers;
use crate::habits::Phase;
use crate::message::Message;
use crate::orders::Orders;

use super::kinds::{self, TIERS, TYPES};
use super::result::{Applied, Cell, Row};
use super::{Known, Place, Winback, WinbackOptions, WinbackResult};

/// Rows of the plan that the result carries; all of it is in [`Winback`].
const ROWS: usize = 100;

/// A held-out group smaller than this cannot show an effect.
const MIN_HELD_OUT: usize = 30;

impl Winback {
    /// The reasons of a row; where none is worth saying, what is at stake.
    pub fn reasons(
        &self,
        customer: usize,
        mut known: Vec<Message>,
        churn_probability: f64,
    ) -> Vec<Message> {
        if known.is_empty() {
            let value = Message::new("winback-reason-value")
                .with("valueAtStake", self.value_at_stake[customer])
                .with("churnProbability", churn_probability);
            known.push(value);
        }
        known
    }
}

/// A result before anything is counted.
pub(super) fn empty(as_of: Day, options: &WinbackOptions) -> WinbackResult {
    WinbackResult {
        as_of,
        customers: 0,
        held_out: 0,
        cost: 0.0,
        expected_gain: 0.0,
        expected_revenue: 0.0,
        beyond_budget: 0,
        without_consent: 0,
        measure_by: as_of.plus(options.window_days as i32),
        options: Applied {
            cost_per_contact: options.cost_per_contact,
            success_rate: options.success_rate,
            margin: options.margin,
            budget: options.budget,
            horizon_days: options.horizon_days,
            window_days: options.window_days,
            everyone: options.everyone,
            least_risk: options.least_risk,
            hold_out: options.hold_out,
            aim: options.aim,
        },
        rows: Vec::new(),
        matrix: Vec::new(),
        notices: Vec::new(),
    }
}

pub(super) fn notices(r: &WinbackResult, options: &WinbackOptions) -> Vec<Message> {
    let mut notices = vec![
        Message::new("winback-assumptions")
            .with("costPerContact", options.cost_per_contact)
            .with("successRate", options.success_rate)
            .with("margin", options.margin),
    ];
    if r.customers == 0 {
        notices.push(Message::new("winback-nobody"));
    }
    if r.beyond_budget > 0 {
        notices.push(
            Message::new("winback-budget")
                .with("budget", options.budget.unwrap_or(0.0))
                .with("customers", r.beyond_budget),
        );
    }
    if r.without_consent > 0 {
        notices
            .push(Message::new("winback-consent").with("customers", r.without_consent));
    }
    if options.hold_out > 0.0 && r.customers > 0 && r.held_out < MIN_HELD_OUT as u64 {
        notices
            .push(Message::new("winback-hold-out-small").with("customers", r.held_out));
    }
    notices
}

pub(super) fn matrix(plan: &Winback, known: &Known<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = TYPES
        .iter()
        .flat_map(|&churn_type| TIERS.iter().map(move |&tier| (churn_type, tier)))
        .map(|(churn_type, tier)| Cell {
            churn_type,
            tier,
            action: kinds::action(churn_type, tier),
            customers: 0,
            value_at_stake: 0.0,
            planned: 0,
            expected_gain: 0.0,
        })
        .collect();
    for c in 0..plan.place.len() {
        let k = plan.churn_type[c] as usize * TIERS.len() + plan.tier[c] as usize;
        if plan.phase[c] == Phase::Open {
            cells[k].customers += 1;
            let stake = known.value_at_stake[c];
            cells[k].value_at_stake += if stake.is_finite() { stake } else { 0.0 };
        }
        if plan.place[c] == Place::Contact {
            cells[k].planned += 1;
            cells[k].expected_gain += plan.gain[c];
        }
    }
    cells
}

pub(super) fn rows(
    plan: &Winback,
    orders: &Orders,
    customers: &Customers,
    known: &Known<'_>,
) -> Vec<Row> {
    let contacts =
        plan.order.iter().filter(|&&c| plan.place[c as usize] == Place::Contact);
    contacts
        .take(ROWS)
        .map(|&c| {
            let c = c as usize;
            let reasons = plan.reasons(c, (known.reasons)(c), known.churn_probability[c]);
            Row {
                customer_id: orders.customers.text(customers.number[c]).into_owned(),
                place: plan.place[c],
                gain: plan.gain[c],
                value_at_stake: known.value_at_stake[c],
                churn_probability: known.churn_probability[c],
                recency_days: customers.recency_days(c),
                segment: (known.segment)(c),
                tier: plan.tier[c],
                churn_type: plan.churn_type[c],
                phase: plan.phase[c],
                closes: plan.window[c].1,
                action: kinds::action(plan.churn_type[c], plan.tier[c]),
                reason: reasons[0].clone(),
                reasons,
            }
        })
        .collect()
}
