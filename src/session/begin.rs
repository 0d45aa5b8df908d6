//! How each analysis that a goal needs is begun, and what is passed to it.

use std::cell::OnceCell;
use std::rc::Rc;

use super::Loaded;
use super::analyse::{Analysis, Results};
use super::request::CovariateArgs;
use super::running::Running;
use crate::calendar::{Day, Days};
use crate::churn::{self, Activity, Churn, Churned};
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::lifetime::{
    CovariateTask, Lifetime, LifetimeOptions, LifetimeTask, Model, ModelChoice,
};
use crate::orders::{Attribute, Orders};
use crate::rfm::{Windows, measures, scored};
use crate::table::Need;
use crate::task::Step;
use crate::winback::{Known, Planning, Winback, WinbackOptions};

/// Reasons that a row of the plan gives.
const PLAN_REASONS: usize = 3;

impl Analysis {
    /// Begins one analysis if its result is missing, and says whether it did.
    pub(super) fn begin(
        &mut self,
        need: Need,
        loaded: &Loaded,
        results: &mut Results,
    ) -> Result<bool> {
        let orders = &loaded.orders;
        let base = self.customers(orders, results);
        if orders.summary.is_some() {
            // Kept as a reason, so that tables leave the column empty.
            let reason = || Error::new("needs-orders");
            match need {
                Need::Churn if !self.knows_churn(results) => {
                    self.keep_churn(results, Err(reason()));
                    return Ok(true);
                }
                Need::Health if !self.knows_health(results) => {
                    self.keep_health(results, Err(reason()));
                    return Ok(true);
                }
                Need::Winback if !self.knows_plan(results) => {
                    self.keep_plan(results, Err(reason()));
                    return Ok(true);
                }
                Need::Churn | Need::Health | Need::Winback => return Ok(false),
                _ => {}
            }
        }
        match need {
            Need::Rfm | Need::Segment => {
                let key = (self.as_of, self.settings.rfm.clone());
                if results.rfm.get(&key).is_some() {
                    return Ok(false);
                }
                // One step a slice: sorting a million customers takes a while.
                let whole = (self.as_of, Windows::default());
                let within = (self.as_of, self.settings.rfm.windows);
                for (day, windows) in [whole, within] {
                    if results.measures.get(&(day, windows)).is_none() {
                        let sorted = measures(orders, &base, windows);
                        results.measures.put((day, windows), sorted);
                        return Ok(true);
                    }
                }
                let gone = || Error::new("no-task");
                let whole = results.measures.get(&whole).ok_or_else(gone)?;
                let within = results.measures.get(&within).ok_or_else(gone)?;
                let rfm = scored(orders, &base, &whole, &within, &self.settings.rfm)?;
                results.rfm.put(key, rfm);
            }
            Need::Lifetime => {
                let options = &self.settings.lifetime;
                if results.lifetime.get(&(self.as_of, options.clone())).is_some() {
                    return Ok(false);
                }
                match LifetimeTask::new(orders, &base, options.clone()) {
                    Ok(task) => self.running = Some(Running::Lifetime(Box::new(task))),
                    Err(error) => self.keep_lifetime(results, Err(error)),
                }
            }
            Need::Churn => return self.begin_churn(orders, results),
            Need::Lifecycle => return Ok(self.begin_lifecycle(orders, results)),
            Need::Cluster => return Ok(self.begin_cluster(orders, results)),
            Need::Health => {
                let key = (self.as_of, self.settings.of_health());
                if results.health.get(&key).is_some() {
                    return Ok(false);
                }
                match self.health(orders) {
                    Ok(task) => self.running = Some(Running::Health(Box::new(task))),
                    Err(error) => self.keep_health(results, Err(error)),
                }
            }
            Need::Winback => {
                let key = (self.as_of, self.settings.of_the_plan());
                if results.winback.get(&key).is_some() {
                    return Ok(false);
                }
                match self.planning(&base, results) {
                    Ok(task) => self.running = Some(Running::Winback(Box::new(task))),
                    Err(error) => self.keep_plan(results, Err(error)),
                }
            }
        }
        Ok(true)
    }

    fn knows_churn(&self, results: &Results) -> bool {
        results.churn.get(&(self.as_of, self.settings.churn.clone())).is_some()
    }

    fn knows_health(&self, results: &Results) -> bool {
        results.health.get(&(self.as_of, self.settings.of_health())).is_some()
    }

    fn knows_plan(&self, results: &Results) -> bool {
        results.winback.get(&(self.as_of, self.settings.of_the_plan())).is_some()
    }

    /// A model with the attributes that are asked for.
    pub(super) fn covariates(
        &self,
        orders: &Orders,
        base: &Customers,
        args: &CovariateArgs,
    ) -> Result<CovariateTask> {
        let model = match args.model {
            None | Some(ModelChoice::MbgNbd) => Model::MbgNbd,
            Some(ModelChoice::BgNbd) => Model::BgNbd,
            Some(ModelChoice::ParetoNbd) => Model::ParetoNbd,
            Some(_) => return Err(Error::new("covariates-three-models")),
        };
        let known = &orders.attributes;
        let chosen: Vec<usize> = match &args.attributes {
            None => (0..known.len())
                .filter(|&i| matches!(known[i].role, "channel" | "country" | "attribute"))
                .collect(),
            Some(names) => {
                let place = |name: &String| {
                    let same = |a: &&Attribute| a.name == *name || a.role == *name;
                    let found = known.iter().position(|a| same(&a));
                    found.ok_or_else(|| {
                        Error::new("covariates-unknown").with("attribute", name.as_str())
                    })
                };
                names.iter().map(place).collect::<Result<_>>()?
            }
        };
        let horizon = Days(self.settings.lifetime.horizon_days).into();
        CovariateTask::new(orders, base, model, &chosen, horizon)
    }

    /// The habits at each cut-off first, then the churn model over them.
    fn begin_churn(&mut self, orders: &Orders, results: &mut Results) -> Result<bool> {
        let options = self.settings.churn.clone();
        if results.churn.get(&(self.as_of, options.clone())).is_some() {
            return Ok(false);
        }
        let plan = match churn::plan(orders, self.as_of, &options) {
            Ok(plan) => plan,
            Err(error) => {
                self.keep_churn(results, Err(error));
                return Ok(true);
            }
        };
        let window = plan.window_days;
        let mut activities = Vec::new();
        for day in plan.days() {
            match results.activity.get(&(day, window)) {
                Some(activity) => activities.push((*activity).clone()),
                None => {
                    match habits(orders, day, window) {
                        Ok(task) => {
                            let task = Box::new(task);
                            self.running = Some(Running::Activity { day, window, task });
                        }
                        Err(_) => {
                            results.activity.put((day, window), None);
                        }
                    }
                    return Ok(true);
                }
            }
        }
        match Churn::new(plan, options, activities) {
            Ok(task) => self.running = Some(Running::Churn(Box::new(task))),
            Err(error) => self.keep_churn(results, Err(error)),
        }
        Ok(true)
    }

    /// The plan, measured in churn's window and over lifetime's horizon.
    fn planning(&self, base: &Customers, results: &Results) -> Result<Planning> {
        let (_, churned) = self.known(results)?;
        let options = WinbackOptions {
            window_days: succeeded(&churned)?.plan.window_days,
            horizon_days: self.settings.lifetime.horizon_days,
            ..self.settings.winback.clone()
        };
        Planning::new(base.clone(), options)
    }

    #[allow(clippy::type_complexity)]
    fn known(
        &self,
        results: &Results,
    ) -> Result<(Rc<Result<Lifetime>>, Rc<Result<Churned>>)> {
        let lifetime =
            results.lifetime.get(&(self.as_of, self.settings.lifetime.clone()));
        let churned = results.churn.get(&(self.as_of, self.settings.churn.clone()));
        let gone = || Error::new("no-task");
        let (lifetime, churned) = (lifetime.ok_or_else(gone)?, churned.ok_or_else(gone)?);
        succeeded(&lifetime)?;
        succeeded(&churned)?;
        Ok((lifetime, churned))
    }

    /// A slice of the plan, given what the other analyses know.
    pub(super) fn advance_plan(
        &self,
        task: &mut Planning,
        orders: &Orders,
        results: &mut Results,
        budget: u64,
    ) -> Result<Step<Winback>> {
        let base = self.customers(orders, results);
        let (lifetime, churned) = self.known(results)?;
        let (lifetime, churned) = (succeeded(&lifetime)?, succeeded(&churned)?);
        let columns = &lifetime.columns;
        let stake = value_at_stake(lifetime, &base);
        let scored = results.rfm.get(&(self.as_of, self.settings.rfm.clone()));
        let habits = results.activity.get(&(self.as_of, churned.plan.window_days));
        let setting = OnceCell::new();
        let segment = |c: usize| {
            let scored = scored.as_deref().filter(|rfm| !rfm.ids.is_empty());
            scored.map_or_else(String::new, |rfm| {
                rfm.ids[usize::from(rfm.segment[c])].clone()
            })
        };
        let reasons = |c: usize| {
            let setting = setting.get_or_init(|| churned.setting(orders));
            let habits = habits.as_deref().and_then(Option::as_ref);
            let habits = habits.map(|h| (h.p_alive[c], h.expected_orders[c]));
            let why = churned.explain(orders, base.number[c], habits, setting);
            why.occasions(PLAN_REASONS)
        };
        let known = Known {
            value_at_stake: &stake,
            p_alive: &columns.p_alive,
            churn_probability: &churned.probability,
            segment: &segment,
            reasons: &reasons,
        };
        task.advance(orders, &known, budget)
    }
}

fn succeeded<T>(outcome: &Result<T>) -> Result<&T> {
    outcome.as_ref().map_err(Error::clone)
}

/// Revenue within the horizon that a customer would bring who is a customer
/// still: what is lost when they are gone, whatever their chance of it.
///
/// Where that is little more than a guess (a simple rule stands in for a model, or
/// the upper end of all customers' value is more than twice the lower one), the sum
/// of it is shared out by what each customer has spent so far.
fn value_at_stake(lifetime: &Lifetime, customers: &Customers) -> Vec<f64> {
    // Below one in a hundred the quotient says more about the model than the customer.
    const LEAST_CHANCE: f64 = 0.01;
    let (result, columns) = (&lifetime.result, &lifetime.columns);
    // A rule knows of no chance of being a customer still.
    let by_model = result.forecast == result.model && result.model != "historic";
    let chance = |alive: f64| {
        if by_model && alive.is_finite() { alive.max(LEAST_CHANCE) } else { 1.0 }
    };
    let expected = columns.expected_orders.iter().zip(&columns.order_value);
    let stake: Vec<f64> = expected
        .zip(&columns.p_alive)
        .map(|((orders, value), &alive)| orders * value / chance(alive))
        .collect();
    let ends = result.totals.clv_low.zip(result.totals.clv_high);
    if by_model && ends.is_none_or(|(low, high)| high <= 2.0 * low) {
        return stake;
    }
    let spent = |c: usize| customers.revenue(c).max(0) as f64;
    let all: f64 = (0..customers.len()).map(spent).sum();
    if all <= 0.0 {
        return stake;
    }
    let sum: f64 = stake.iter().filter(|value| value.is_finite()).sum();
    (0..customers.len()).map(|c| sum * spent(c) / all).collect()
}

/// The model whose word on habits is a feature of churn: MBG/NBD, which does
/// not call every one-time buyer alive, fitted on the records up to `day` only.
fn habits(orders: &Orders, day: Day, window_days: u32) -> Result<LifetimeTask> {
    let options = LifetimeOptions {
        model: ModelChoice::MbgNbd,
        horizon_days: window_days,
        holdout_days: Some(0),
        ..LifetimeOptions::default()
    };
    LifetimeTask::new(orders, &customers(orders, day), options)
}

/// The model's word on each customer, where it has one.
pub(super) fn activity(lifetime: Lifetime) -> Option<Activity> {
    let columns = lifetime.columns;
    let known =
        columns.p_alive.iter().chain(&columns.expected_orders).all(|v| v.is_finite());
    known.then_some(Activity {
        p_alive: columns.p_alive,
        expected_orders: columns.expected_orders,
    })
}
