//! The lifetime analysis from orders to results, in slices of work.

use super::choice::{Forecaster, ModelTask};
use super::columns::ColumnsTask;
use super::fit::{Fit, FitTask};
use super::intervals::{Draws, IntervalTask, Money};
use super::judge::{choose, judge};
use super::model::Model;
use super::options::LifetimeOptions;
use super::predict::{PredictTask, Predictions};
use super::result::{Lifetime, LifetimeResult, LifetimeTotals, SpendResult};
use super::rows::Fitted;
use super::shop::{Shop, field};
use super::timing::Timing;
use super::tracking::track;
use super::trial::TrialTask;
use super::verdict;
use super::views::{concentration, distribution, frequencies, matrix};
use crate::calendar::{Days, Weeks};
use crate::customers::Customers;
use crate::error::Result;
use crate::message::Message;
use crate::orders::Orders;
use crate::task::{Progress, Step};

/// The lifetime analysis, advanced in slices. It copies what it needs and holds
/// no borrow of the orders.
pub struct LifetimeTask {
    options: LifetimeOptions,
    shop: Shop,
    money: Money,
    /// What competes, and the winner.
    field: Vec<Forecaster>,
    chosen: Forecaster,
    /// The model that says who is still a customer, whoever forecasts orders.
    active_by: Forecaster,
    stage: Stage,
    work: u64,
    nbd: Option<Fit>,
    spend_fit: Option<Fit>,
    fitted: Option<(Model, Fit, Timing)>,
    lifetime: Lifetime,
}

enum Stage {
    Inner(TrialTask),
    Outer(TrialTask),
    Baseline(FitTask),
    Fit(ModelTask),
    Spend(FitTask),
    Predict(PredictTask),
    Columns(ColumnsTask),
    Interval(IntervalTask),
    Tracking,
    Matrix,
    /// Too little data for any model.
    Historic,
    Done,
}

/// Budget units of drawing one view.
const VIEW: u64 = 100_000;

impl LifetimeTask {
    /// Prepares the analysis of `customers`, who are those of `orders` as of
    /// their day of reckoning. Linear in the number of records.
    ///
    /// # Errors
    /// Those of [`LifetimeOptions::check`] and [`super::Histories::of`].
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        options: LifetimeOptions,
    ) -> Result<LifetimeTask> {
        options.check()?;
        let mut shop = Shop::of(orders, customers, &options)?;
        let (field, chosen) = field(&options);
        let result = LifetimeResult {
            as_of: customers.as_of,
            customers: customers.len() as u64,
            repeaters: shop.groups.repeaters() as u64,
            horizon_days: options.horizon_days,
            discount_rate: options.discount_rate,
            margin: options.margin,
            totals: LifetimeTotals {
                historic: shop.historic,
                ..LifetimeTotals::default()
            },
            notices: std::mem::take(&mut shop.notices),
            ..LifetimeResult::default()
        };
        let mut task = LifetimeTask {
            money: Money { parameters: None, fallback: shop.spend.median() },
            field,
            chosen,
            active_by: chosen,
            stage: Stage::Done,
            work: 0,
            nbd: None,
            spend_fit: None,
            fitted: None,
            lifetime: Lifetime { result, ..Lifetime::default() },
            shop,
            options,
        };
        task.stage = match &task.shop.inner {
            _ if task.shop.groups.repeaters() < verdict::LEAST_REPEATERS => {
                Stage::Historic
            }
            Some(trial) => Stage::Inner(TrialTask::new(trial.clone(), &task.field)),
            None => task.after_choice(),
        };
        Ok(task)
    }

    /// Works for about `budget` likelihood terms.
    ///
    /// # Errors
    /// None so far; what cannot be fitted is said in the verdict.
    pub fn advance(&mut self, budget: u64) -> Result<Step<Lifetime>> {
        let mut left = budget;
        while left > 0 {
            let stage = std::mem::replace(&mut self.stage, Stage::Done);
            let before = left;
            match self.step(stage, &mut left) {
                Stage::Done => return Ok(Step::Done(self.finish())),
                stage => self.stage = stage,
            }
            // A stage that costs less than its bookkeeping still moves on.
            self.work += (before - left).max(1);
        }
        // Trials, fits and forecasts together cost some hundred evaluations.
        let expected = self.shop.groups.len() as u64 * 100 + 2_000_000;
        let total = expected.max(self.work + self.work / 8 + 1);
        Ok(Step::Working(Progress { done: self.work, total }))
    }

    /// One stage as far as the budget goes, and the stage after it.
    fn step(&mut self, stage: Stage, left: &mut u64) -> Stage {
        match stage {
            Stage::Inner(mut task) => {
                let Some(outcomes) = task.advance(left) else {
                    return Stage::Inner(task);
                };
                let result = &mut self.lifetime.result;
                (self.chosen, self.active_by) = choose(result, &outcomes, self.chosen);
                self.after_choice()
            }
            Stage::Outer(mut task) => {
                let Some(outcomes) = task.advance(left) else {
                    return Stage::Outer(task);
                };
                let inner = self.shop.inner.as_ref().map(|trial| &trial.window);
                let who = (self.chosen, self.active_by);
                judge(&mut self.lifetime.result, task.trial(), inner, &outcomes, who);
                Stage::Baseline(FitTask::of(Model::Nbd, &self.shop.groups))
            }
            Stage::Baseline(mut task) => {
                let Some(fit) = task.advance(left) else { return Stage::Baseline(task) };
                self.nbd = Some(fit);
                Stage::Fit(ModelTask::new(self.active_by, &self.shop.groups))
            }
            Stage::Fit(mut task) => match task.advance(left) {
                Some((model, fit)) => self.keep_fit(model, fit),
                None => Stage::Fit(task),
            },
            Stage::Spend(mut task) => {
                let Some(fit) = task.advance(left) else { return Stage::Spend(task) };
                self.keep_spend(fit);
                self.predict()
            }
            Stage::Predict(mut task) => match task.advance(left) {
                Some(predictions) => self.columns(predictions),
                None => Stage::Predict(task),
            },
            Stage::Columns(mut task) => {
                if !task.advance(&self.shop, &self.options, &self.money, left) {
                    return Stage::Columns(task);
                }
                self.keep_columns(task)
            }
            Stage::Interval(mut task) => {
                let Some((low, high)) = task.advance(left) else {
                    return Stage::Interval(task);
                };
                let totals = &mut self.lifetime.result.totals;
                totals.clv_low = Some(low * totals.clv);
                totals.clv_high = Some(high * totals.clv);
                Stage::Tracking
            }
            Stage::Tracking => {
                *left = left.saturating_sub(VIEW);
                let Some((_, _, timing)) = &self.fitted else { return Stage::Done };
                self.lifetime.result.tracking = track(timing, &self.shop.activity);
                Stage::Matrix
            }
            Stage::Matrix => {
                *left = left.saturating_sub(VIEW);
                let Some((_, _, timing)) = &self.fitted else { return Stage::Done };
                let result = &mut self.lifetime.result;
                result.frequencies = frequencies(timing, &self.shop.groups);
                let horizon = Weeks::from(Days(self.options.horizon_days)).0;
                result.matrix = Some(matrix(timing, &self.shop.groups, horizon));
                Stage::Done
            }
            Stage::Historic => {
                let groups = &self.shop.groups;
                self.lifetime.result.verdict = verdict::no_model(groups);
                self.columns(ColumnsTask::historic_rate(groups, &self.options))
            }
            Stage::Done => Stage::Done,
        }
    }

    /// What comes once the model is known.
    fn after_choice(&self) -> Stage {
        match &self.shop.outer {
            Some(trial) => Stage::Outer(TrialTask::new(trial.clone(), &self.field)),
            None => Stage::Baseline(FitTask::of(Model::Nbd, &self.shop.groups)),
        }
    }

    fn keep_fit(&mut self, model: Model, fit: Fit) -> Stage {
        if fit.parameters.iter().any(|p| !p.is_finite())
            || !fit.log_likelihood.is_finite()
        {
            return Stage::Historic;
        }
        let groups = &self.shop.groups;
        let result = &mut self.lifetime.result;
        result.parameters = fit.named(model.names());
        result.phases = model.phases();
        result.log_likelihood = Some(fit.log_likelihood);
        result.model = model.code();
        let naive = self.chosen.is_naive();
        result.forecast = if naive { self.chosen.code() } else { model.code() };
        for candidate in &mut result.candidates {
            candidate.chosen = candidate.model == result.forecast;
        }
        result.verdict = verdict::timing(model, &fit, self.nbd.as_ref(), groups);
        result.identifies_dropout =
            model != Model::Nbd && result.verdict.code != verdict::NO_DROPOUT;
        let timing =
            Timing::new(model, &fit.parameters).with_orders_each(groups.orders_each);
        self.fitted = Some((model, fit, timing));
        let spend = &self.shop.spend;
        if spend.varies() {
            return Stage::Spend(spend.fit());
        }
        // There are no order values, or all are alike: nothing need be fitted.
        if !spend.is_empty() {
            let notice = Message::new("spend-all-alike").with("value", spend.median());
            result.notices.push(notice);
        }
        self.predict()
    }

    fn keep_spend(&mut self, fit: Fit) {
        let spend = &self.shop.spend;
        let has_mean = verdict::has_mean(&fit, spend);
        let [p, q, gamma] = [0, 1, 2].map(|i| fit.parameters[i]);
        self.lifetime.result.spend = Some(SpendResult {
            parameters: fit.named(&["p", "q", "gamma"]),
            log_likelihood: fit.log_likelihood,
            customers: spend.len() as u64,
            correlation: spend.correlation(),
            mean_order_value: has_mean.then(|| p * gamma / (q - 1.0)),
            verdict: verdict::spend(&fit, spend),
        });
        self.money.parameters = has_mean.then_some([p, q, gamma]);
        self.spend_fit = has_mean.then_some(fit);
    }

    fn predict(&self) -> Stage {
        let Some((_, _, timing)) = &self.fitted else { return Stage::Historic };
        Stage::Predict(PredictTask::new(
            timing.clone(),
            &self.shop.groups,
            Weeks::from(Days(self.options.horizon_days)),
            self.options.weekly_discount(),
        ))
    }

    fn columns(&self, predictions: Predictions) -> Stage {
        let forecaster = self.fitted.as_ref().map(|_| self.chosen);
        Stage::Columns(ColumnsTask::new(predictions, forecaster))
    }

    fn keep_columns(&mut self, task: ColumnsTask) -> Stage {
        let (columns, totals) = task.finish();
        let result = &mut self.lifetime.result;
        result.totals = LifetimeTotals { historic: result.totals.historic, ..totals };
        result.concentration = concentration(&columns.clv);
        result.distribution = distribution(&columns.clv);
        result.totals.top_decile_share =
            result.concentration.get(10).copied().unwrap_or(0.0);
        self.lifetime.columns = columns;
        let Some((model, fit, timing)) = &self.fitted else { return Stage::Done };
        Stage::Interval(IntervalTask::new(
            (*model, fit),
            timing,
            (self.money.clone(), self.spend_fit.as_ref()),
            (&self.shop.groups, &self.shop.repeats_by_group()),
            (
                Weeks::from(Days(self.options.horizon_days)).0,
                self.options.weekly_discount(),
            ),
            u64::from(self.options.seed),
        ))
    }

    fn finish(&mut self) -> Lifetime {
        let mut lifetime = std::mem::take(&mut self.lifetime);
        lifetime.fitted = self.fitted.take().map(|(model, fit, timing)| Fitted {
            model,
            timing,
            draws: Draws::new(&fit),
            money: self.money.clone(),
            money_draws: self.spend_fit.as_ref().map(Draws::new),
            first_value: self.shop.first_value,
            options: self.options.clone(),
        });
        if let Some(fitted) = &lifetime.fitted {
            let cost = self.options.acquisition_cost;
            lifetime.result.payback = cost.map(|cost| fitted.payback(cost));
        }
        lifetime
    }
}
