//! What there is to say of customers besides their churn probability: rates by
//! period and group, health, and why those of the plan are slipping away.

use super::analyse::{Analysis, Results};
use super::output::Output;
use super::running::Running;
use crate::churn;
use crate::churn::retention::{Grouping, Retention, by_attribute};
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::habits::Setting;
use crate::health::{HealthOptions, HealthTask};
use crate::message::Message;
use crate::orders::Orders;
use crate::rfm::rfm;
use crate::task::{Progress, Step};

/// Attributes that customers are told apart by.
const GROUPS: [&str; 2] = ["country", "channel"];

/// Reasons that a row of the win-back list gives.
const MOST_REASONS: usize = 2;

/// About what an explanation costs, in units of work.
const REASON_COST: u64 = 64;

impl Analysis {
    /// The rates, by the segments and attributes of the held-out cut-off.
    pub(super) fn retention(
        &self,
        orders: &Orders,
        base: &Customers,
    ) -> Result<Retention> {
        let plan = churn::plan(orders, self.as_of, &self.settings.churn)?;
        let own = self.settings.retention.window_days;
        let window = own.unwrap_or(plan.window_days);
        // The last day after which a whole window has passed.
        let cut_off = plan.last_label_day.plus(-(window as i32));
        let first = base.first_day.iter().copied().min();
        let cut_off = Some(cut_off).filter(|cut| first.is_some_and(|f| f <= cut.0));
        let mut groupings = Vec::new();
        if let Some(day) = cut_off {
            let then = customers(orders, day);
            let scored = rfm(orders, &then, &self.settings.rfm)?;
            if !scored.ids.is_empty() {
                groupings.push(Grouping {
                    by: "segment".to_owned(),
                    names: scored.ids.clone(),
                    of: scored.segment.iter().map(|&s| u32::from(s)).collect(),
                });
            }
            let of = |role: &&str| by_attribute(orders, &then, role);
            groupings.extend(GROUPS.iter().filter_map(of));
        }
        Retention::new(orders, self.as_of, window, cut_off, groupings)
    }

    /// The health of everyone, in the window of churn where none is given.
    pub(super) fn health(&self, orders: &Orders) -> Result<HealthTask> {
        let mut options: HealthOptions = self.settings.health.clone();
        if options.window_days.is_none() {
            let plan = churn::plan(orders, self.as_of, &self.settings.churn)?;
            options.window_days = Some(plan.window_days);
        }
        HealthTask::new(orders, self.as_of, options)
    }

    /// Some more reasons of the plan's rows.
    pub(super) fn more_reasons(
        &mut self,
        mut known: Vec<Vec<Message>>,
        setting: Option<Box<Setting>>,
        orders: &Orders,
        results: &mut Results,
        budget: u64,
    ) -> Result<Step<Output>> {
        let base = self.customers(orders, results);
        let plan = results.winback.get(&(self.as_of, self.settings.of_the_plan()));
        let churned = results.churn.get(&(self.as_of, self.settings.churn.clone()));
        let (Some(plan), Some(churned)) = (plan, churned) else {
            return Err(Error::new("no-task"));
        };
        let plan = plan.as_ref().as_ref().map_err(Error::clone)?;
        let churned = churned.as_ref().as_ref().map_err(Error::clone)?;
        let activity = results.activity.get(&(self.as_of, churned.plan.window_days));
        let activity = activity.as_deref().and_then(Option::as_ref);
        let setting = setting.unwrap_or_else(|| Box::new(churned.setting(orders)));
        let end = known.len() as u64 + (budget / REASON_COST).max(1);
        let end = plan.order.len().min(usize::try_from(end).unwrap_or(usize::MAX));
        for &c in &plan.order[known.len()..end] {
            let c = c as usize;
            let habits = activity.map(|a| (a.p_alive[c], a.expected_orders[c]));
            let why = churned.explain(orders, base.number[c], habits, &setting);
            known.push(plan.reasons(
                c,
                why.occasions(MOST_REASONS),
                churned.probability[c],
            ));
        }
        if known.len() == plan.order.len() {
            return Ok(Step::Done(Output::Reasons(known)));
        }
        let (done, total) = (known.len() as u64, plan.order.len() as u64);
        let progress = Progress { done, total };
        self.wait(5, progress, Running::Reasons { known, setting: Some(setting) });
        Ok(Step::Working(progress))
    }
}
