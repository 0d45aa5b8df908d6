//! The lifetime analysis from orders to results, in slices of work.

use std::sync::Arc;

use super::choice::{
    Candidate, Forecaster, ModelTask, Outcome, Trial, TrialTask, average_rate,
    deviance_gap, winner,
};
use super::fit::{Fit, FitTask};
use super::history::{Groups, Histories};
use super::holdout::by_frequency;
use super::intervals::{IntervalTask, Money};
use super::model::Model;
use super::predict::{PredictTask, Predictions};
use super::random::Random;
use super::rows::Fitted;
use super::spend::Spend;
use super::timing::Timing;
use super::tracking::{Activity, track};
use super::views::{concentration, frequencies, matrix};
use super::{HoldoutResult, Lifetime, LifetimeColumns, LifetimeOptions, LifetimeResult};
use super::{LifetimeTotals, ModelChoice, SpendResult, verdict};
use crate::calendar::{Day, Days, Weeks};
use crate::customers::Customers;
use crate::error::Result;
use crate::message::Message;
use crate::orders::Orders;
use crate::task::{Progress, Step};

/// The shortest window that is worth judging a model on.
const LEAST_WINDOW: u32 = 14;

/// Models are chosen and judged on at most about so many customers.
const JUDGED: f64 = 20_000.0;

/// The lifetime analysis, advanced in slices. It copies what it needs and holds
/// no borrow of the orders.
pub struct LifetimeTask {
    options: LifetimeOptions,
    groups: Arc<Groups>,
    /// Each customer's repeat order days, and their mean value, 0 with none.
    repeats: Vec<u32>,
    means: Vec<f64>,
    /// Order days of each customer in the last window, for the naive forecast.
    last_window: Vec<u32>,
    window_days: u32,
    spend: Arc<Spend>,
    money: Money,
    first_value: f64,
    activity: Activity,
    inner: Option<Trial>,
    outer: Option<Trial>,
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
    predictions: Predictions,
    columns: LifetimeColumns,
    alive: f64,
    result: LifetimeResult,
}

enum Stage {
    Inner(TrialTask),
    Outer(TrialTask),
    Baseline(FitTask),
    Fit(ModelTask),
    Spend(FitTask),
    Predict(PredictTask),
    Columns,
    Interval(IntervalTask),
    Views,
    /// Too little data for any model.
    Historic,
    Done,
}

impl LifetimeTask {
    /// Prepares the analysis of `customers`, who are those of `orders` as of
    /// their day of reckoning. Linear in the number of records.
    ///
    /// # Errors
    /// Those of [`LifetimeOptions::check`] and [`Histories::of`].
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        options: LifetimeOptions,
    ) -> Result<LifetimeTask> {
        options.check()?;
        let as_of = customers.as_of;
        let period = options.period();
        let histories = Histories::of_some(orders, as_of, period, |_| true)?;
        let groups = Arc::new(histories.group());
        let (means, first_value) = order_values(orders, customers);
        let repeats: Vec<u32> =
            customers.order_days.iter().map(|days| days.saturating_sub(1)).collect();
        let pairs = repeats.iter().copied().zip(means.iter().copied());
        let spend = Arc::new(Spend::new(pairs.collect()));
        let gross: i64 = customers.gross.iter().sum();
        let returns: i64 = customers.returns.iter().sum();
        let kept = net_share(gross, returns);
        let mut notices = Vec::new();
        if kept < 1.0 {
            notices
                .push(Message::new("lifetime-net-of-returns").with("share", 1.0 - kept));
        }
        let (field, chosen) = field(&options);
        let (inner, outer) = trials(orders, as_of, &options, &mut notices)?;
        let window_days = outer.as_ref().map_or(0, |t| t.window.days);
        let last_window =
            super::holdout::Window::of(orders, as_of, window_days, |_| true).before;
        let fallback = spend.median();
        let result = LifetimeResult {
            as_of,
            customers: customers.len() as u64,
            repeaters: groups.repeaters() as u64,
            horizon_days: options.horizon_days,
            discount_rate: options.discount_rate,
            margin: options.margin,
            totals: LifetimeTotals {
                historic: orders.scale.number(gross + returns),
                ..LifetimeTotals::default()
            },
            notices,
            ..LifetimeResult::default()
        };
        let mut task = LifetimeTask {
            repeats,
            means,
            last_window,
            window_days,
            spend,
            money: Money { parameters: None, fallback },
            first_value,
            activity: Activity::of(orders, as_of),
            inner: inner.clone(),
            outer,
            field,
            chosen,
            active_by: chosen,
            stage: Stage::Done,
            work: 0,
            nbd: None,
            spend_fit: None,
            fitted: None,
            predictions: Predictions::default(),
            columns: LifetimeColumns::default(),
            alive: 0.0,
            result,
            groups,
            options,
        };
        task.stage = match inner {
            _ if task.groups.repeaters() < verdict::LEAST_REPEATERS => Stage::Historic,
            Some(trial) => Stage::Inner(TrialTask::new(trial, &task.field)),
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
            if let Some(lifetime) = self.step(stage, &mut left) {
                return Ok(Step::Done(lifetime));
            }
            // A stage that costs less than its bookkeeping still moves on.
            self.work += (before - left).max(1);
        }
        // Trials, fits and forecasts together cost some hundred evaluations.
        let expected = self.groups.len() as u64 * 100 + 2_000_000;
        let total = expected.max(self.work + self.work / 8 + 1);
        Ok(Step::Working(Progress { done: self.work, total }))
    }

    /// One stage as far as the budget goes.
    fn step(&mut self, stage: Stage, left: &mut u64) -> Option<Lifetime> {
        match stage {
            Stage::Inner(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Inner(task),
                    Some(outcomes) => {
                        self.choose(&outcomes);
                        self.after_choice()
                    }
                };
            }
            Stage::Outer(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Outer(task),
                    Some(outcomes) => {
                        self.judge(task.trial(), &outcomes);
                        Stage::Baseline(FitTask::of(Model::Nbd, &self.groups))
                    }
                };
            }
            Stage::Baseline(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Baseline(task),
                    Some(fit) => {
                        self.nbd = Some(fit);
                        Stage::Fit(ModelTask::new(self.active_by, &self.groups))
                    }
                };
            }
            Stage::Fit(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Fit(task),
                    Some((model, fit)) => self.keep_fit(model, fit),
                };
            }
            Stage::Spend(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Spend(task),
                    Some(fit) => {
                        self.keep_spend(fit);
                        self.predict()
                    }
                };
            }
            Stage::Predict(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Predict(task),
                    Some(predictions) => {
                        self.predictions = predictions;
                        Stage::Columns
                    }
                };
            }
            Stage::Columns => {
                self.stage = if self.fill_columns(left) {
                    self.after_columns()
                } else {
                    Stage::Columns
                };
            }
            Stage::Interval(mut task) => {
                self.stage = match task.advance(left) {
                    None => Stage::Interval(task),
                    Some((low, high)) => {
                        let totals = &mut self.result.totals;
                        totals.clv_low = Some(low * totals.clv);
                        totals.clv_high = Some(high * totals.clv);
                        Stage::Views
                    }
                };
            }
            Stage::Views => {
                self.draw_views();
                return Some(self.finish());
            }
            Stage::Historic => {
                self.result.verdict = verdict::too_little_data(&self.groups);
                self.predictions = self.historic_rate();
                self.stage = Stage::Columns;
            }
            Stage::Done => return Some(self.finish()),
        }
        None
    }

    /// What comes once the model is known.
    fn after_choice(&self) -> Stage {
        match &self.outer {
            Some(trial) => Stage::Outer(TrialTask::new(trial.clone(), &self.field)),
            None => Stage::Baseline(FitTask::of(Model::Nbd, &self.groups)),
        }
    }

    /// Takes the winner of the inner trial, and the best model for saying who is
    /// still a customer.
    fn choose(&mut self, outcomes: &[Outcome]) {
        self.result.candidates =
            outcomes.iter().map(|o| Candidate::new(o.forecaster)).collect();
        for (candidate, outcome) in self.result.candidates.iter_mut().zip(outcomes) {
            candidate.inner = Some(outcome.score);
            candidate.set_fit(outcome.fit.as_ref());
        }
        self.chosen = winner(outcomes).unwrap_or(self.chosen);
        let models: Vec<Outcome> =
            outcomes.iter().filter(|o| !o.forecaster.is_naive()).cloned().collect();
        self.active_by = winner(&models).unwrap_or(self.active_by);
        if self.chosen.is_naive() {
            self.result.notices.push(
                Message::new("lifetime-naive-forecast-wins")
                    .with("forecast", self.chosen.code())
                    .with("model", self.active_by.code()),
            );
        }
    }

    /// Scores everyone on the days held out.
    fn judge(&mut self, trial: &Trial, outcomes: &[Outcome]) {
        for outcome in outcomes {
            let code = outcome.forecaster.code();
            let at = self.result.candidates.iter().position(|c| c.model == code);
            let at = at.unwrap_or_else(|| {
                self.result.candidates.push(Candidate::new(outcome.forecaster));
                self.result.candidates.len() - 1
            });
            let candidate = &mut self.result.candidates[at];
            candidate.outer = Some(outcome.score);
            candidate.set_fit(outcome.fit.as_ref());
        }
        let find = |who| outcomes.iter().find(|o| o.forecaster == who);
        let Some(ours) = find(self.chosen).or(find(self.active_by)) else { return };
        let Some(naive) = find(Forecaster::LastWindow) else { return };
        let actual = &trial.window.actual;
        let best = outcomes
            .iter()
            .min_by(|a, b| a.score.deviance.total_cmp(&b.score.deviance))
            // Not by a rounding error.
            .filter(|best| best.score.deviance < ours.score.deviance - 1e-9)
            .unwrap_or(ours);
        let (gap, gap_error) = deviance_gap(actual, &ours.forecast, &best.forecast);
        let rival = outcomes
            .iter()
            .filter(|o| o.forecaster.is_naive() && o.forecaster != ours.forecaster)
            .min_by(|a, b| a.score.mae.total_cmp(&b.score.mae));
        if let Some(rival) = rival.filter(|r| r.score.mae < ours.score.mae) {
            self.result.notices.push(
                Message::new("lifetime-naive-forecast-closer")
                    .with("forecast", rival.forecaster.code())
                    .with("mae", rival.score.mae)
                    .with("modelMae", ours.score.mae),
            );
        }
        self.result.holdout = Some(HoldoutResult {
            cut_off: trial.window.cut_off,
            days: trial.window.days,
            inner_cut_off: self.inner.as_ref().map(|t| t.window.cut_off),
            inner_days: self.inner.as_ref().map(|t| t.window.days),
            customers: actual.len() as u64,
            actual_orders: actual.iter().map(|&y| f64::from(y)).sum(),
            score: ours.score,
            naive: naive.score,
            best: best.forecaster.code(),
            deviance_gap: gap,
            deviance_gap_error: gap_error,
            by_frequency: by_frequency(&trial.groups, actual, &ours.forecast),
        });
    }

    fn keep_fit(&mut self, model: Model, fit: Fit) -> Stage {
        self.result.parameters = fit.named(model.names());
        self.result.phases = model.phases();
        self.result.log_likelihood = Some(fit.log_likelihood);
        self.result.model = model.code();
        self.result.forecast = self.chosen.code();
        if !self.chosen.is_naive() {
            self.result.forecast = model.code();
        }
        for candidate in &mut self.result.candidates {
            candidate.chosen = candidate.model == self.result.forecast;
        }
        self.result.verdict =
            verdict::timing(model, &fit, self.nbd.as_ref(), &self.groups);
        let timing =
            Timing::new(model, &fit.parameters).with_orders_each(self.groups.orders_each);
        self.fitted = Some((model, fit, timing));
        if self.spend.varies() {
            Stage::Spend(self.spend.fit())
        } else {
            self.predict_at_one_value()
        }
    }

    /// There are no order values, or all are alike, so that nothing need be fitted.
    fn predict_at_one_value(&mut self) -> Stage {
        if !self.spend.is_empty() {
            let verdict = Message::new("spend-all-alike");
            self.result.notices.push(verdict.with("value", self.spend.median()));
        }
        self.predict()
    }

    fn keep_spend(&mut self, fit: Fit) {
        let verdict = verdict::spend(&fit, &self.spend);
        self.result.spend = Some(SpendResult {
            parameters: fit.named(&["p", "q", "gamma"]),
            log_likelihood: fit.log_likelihood,
            customers: self.spend.len() as u64,
            correlation: self.spend.correlation(),
            mean_order_value: verdict::has_mean(&fit, &self.spend).then(|| {
                let [p, q, gamma] = [0, 1, 2].map(|i| fit.parameters[i]);
                p * gamma / (q - 1.0)
            }),
            verdict,
        });
        if verdict::has_mean(&fit, &self.spend) {
            self.money.parameters = Some([0, 1, 2].map(|i| fit.parameters[i]));
        }
        self.spend_fit = Some(fit);
    }

    fn predict(&self) -> Stage {
        let Some((_, _, timing)) = &self.fitted else { return Stage::Historic };
        Stage::Predict(PredictTask::new(
            timing.clone(),
            &self.groups,
            Weeks::from(Days(self.options.horizon_days)),
            self.options.weekly_discount(),
        ))
    }

    /// The mean discount of orders spread evenly over the horizon.
    fn even_discount(&self) -> f64 {
        let horizon = Weeks::from(Days(self.options.horizon_days)).0;
        let whole = self.options.weekly_discount() * horizon;
        if whole > 0.0 { -libm::expm1(-whole) / whole } else { 1.0 }
    }

    /// Everybody goes on at the average rate of repeat orders so far.
    fn historic_rate(&self) -> Predictions {
        let g = &*self.groups;
        let (mut orders, mut days) = (0.0, 0.0);
        for k in 0..g.len() {
            orders += g.customers[k] * f64::from(g.frequency[k]);
            days += g.customers[k] * f64::from(g.age[k]);
        }
        let rate = if days > 0.0 { orders / days } else { 0.0 };
        let horizon = f64::from(self.options.horizon_days);
        Predictions {
            p_alive: vec![f64::NAN; g.len()],
            orders: vec![rate * horizon; g.len()],
            discounted: vec![rate * horizon * self.even_discount(); g.len()],
        }
    }

    /// A customer's expected orders and their discounted number.
    fn orders_of(&self, customer: usize, group: usize) -> (f64, f64) {
        let horizon = f64::from(self.options.horizon_days);
        let orders = match self.chosen {
            Forecaster::LastWindow if self.fitted.is_some() => {
                horizon * f64::from(self.last_window[customer])
                    / f64::from(self.window_days.max(1))
            }
            Forecaster::AverageRate if self.fitted.is_some() => {
                horizon * average_rate(&self.groups, group)
            }
            _ => {
                let predictions = &self.predictions;
                return (predictions.orders[group], predictions.discounted[group]);
            }
        };
        (orders, orders * self.even_discount())
    }

    /// Fills the customers' columns; true when all are filled.
    fn fill_columns(&mut self, left: &mut u64) -> bool {
        let groups = self.groups.clone();
        let factor = self.options.margin;
        for customer in self.columns.clv.len()..groups.of.len() {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            let group = groups.of[customer] as usize;
            let repeats = f64::from(self.repeats[customer]);
            let value = self.money.expected(repeats, self.means[customer]);
            let (orders, discounted) = self.orders_of(customer, group);
            let clv = (discounted * value * factor).max(0.0);
            let alive = self.predictions.p_alive[group];
            self.columns.p_alive.push(alive);
            self.columns.expected_orders.push(orders);
            self.columns.order_value.push(value);
            self.columns.clv.push(clv);
            self.alive += alive;
            self.result.totals.expected_orders += orders;
            self.result.totals.clv += clv;
        }
        true
    }

    fn after_columns(&mut self) -> Stage {
        let n = self.columns.clv.len() as f64;
        self.result.totals.mean_p_alive =
            (self.alive.is_finite() && n > 0.0).then(|| self.alive / n);
        self.result.concentration = concentration(&self.columns.clv);
        self.result.totals.top_decile_share =
            self.result.concentration.get(10).copied().unwrap_or(0.0);
        let Some((model, fit, timing)) = &self.fitted else { return Stage::Done };
        Stage::Interval(IntervalTask::new(
            (*model, fit),
            timing,
            (self.money.clone(), self.spend_fit.as_ref()),
            (&self.groups, &group_repeats(&self.groups, &self.repeats, &self.means)),
            (
                Weeks::from(Days(self.options.horizon_days)).0,
                self.options.weekly_discount(),
            ),
            u64::from(self.options.seed),
        ))
    }

    fn draw_views(&mut self) {
        let Some((_, _, timing)) = &self.fitted else { return };
        self.result.tracking = track(timing, &self.activity);
        self.result.frequencies = frequencies(timing, &self.groups);
        let horizon = Weeks::from(Days(self.options.horizon_days)).0;
        self.result.matrix = Some(matrix(timing, &self.groups, horizon));
    }

    /// When a new customer pays back, where a cost is given.
    fn payback(&mut self, fitted: &Fitted) {
        self.result.payback = self.options.acquisition_cost.map(|c| fitted.payback(c));
    }

    fn finish(&mut self) -> Lifetime {
        let fitted = self.fitted.take().map(|(model, fit, timing)| Fitted {
            model,
            timing,
            draws: super::intervals::Draws::new(&fit),
            money: self.money.clone(),
            money_draws: self
                .spend_fit
                .as_ref()
                .filter(|_| self.money.parameters.is_some())
                .map(super::intervals::Draws::new),
            first_value: self.first_value,
            options: self.options.clone(),
        });
        if let Some(fitted) = &fitted {
            self.payback(fitted);
        }
        Lifetime {
            result: std::mem::take(&mut self.result),
            columns: std::mem::take(&mut self.columns),
            fitted,
        }
    }
}

/// What competes, and who is used without a competition.
fn field(options: &LifetimeOptions) -> (Vec<Forecaster>, Forecaster) {
    let chosen = match options.model {
        ModelChoice::Auto => {
            return (Forecaster::ALL.to_vec(), Forecaster::Model(Model::MbgNbd));
        }
        ModelChoice::BgNbd => Forecaster::Model(Model::BgNbd),
        ModelChoice::MbgNbd => Forecaster::Model(Model::MbgNbd),
        ModelChoice::ParetoNbd => Forecaster::Model(Model::ParetoNbd),
        ModelChoice::MbgCnbdK => Forecaster::Regular,
        ModelChoice::BgBb => Forecaster::Model(Model::BgBb(options.period_days)),
        ModelChoice::Nbd => Forecaster::Model(Model::Nbd),
    };
    (vec![chosen, Forecaster::LastWindow, Forecaster::AverageRate], chosen)
}

/// The trial by which the model is chosen, and the one on which it is judged.
fn trials(
    orders: &Orders,
    as_of: Day,
    options: &LifetimeOptions,
    notices: &mut Vec<Message>,
) -> Result<(Option<Trial>, Option<Trial>)> {
    let total = orders.customers.len() as f64;
    let share = JUDGED / total.max(1.0);
    // Whether a customer belongs to the sample hangs on the number alone.
    let keep = |customer: u32| {
        share >= 1.0 || Random::new(u64::from(customer)).uniform() < share
    };
    if options.holdout_days == Some(0) {
        return Ok((None, None));
    }
    let trial = |end: Day, days: Option<u32>| -> Result<Option<Trial>> {
        let Some(first) = orders.first_day() else { return Ok(None) };
        let span = u32::try_from(end.since(first)).unwrap_or(0);
        let days = days.unwrap_or(span / 3);
        if days < LEAST_WINDOW || span < days + LEAST_WINDOW {
            return Ok(None);
        }
        Trial::new(orders, end.plus(-(days as i32)), days, options.period(), keep)
    };
    let outer = trial(as_of, options.holdout_days)?;
    let Some(judged) = &outer else {
        notices.push(Message::new("lifetime-holdout-too-short"));
        return Ok((None, None));
    };
    if share < 1.0 {
        let customers = judged.groups.total() as u64;
        notices
            .push(Message::new("lifetime-judged-on-sample").with("customers", customers));
    }
    if options.model != ModelChoice::Auto {
        return Ok((None, outer));
    }
    let inner = trial(judged.window.cut_off, None)?;
    if inner.is_none() {
        notices.push(Message::new("lifetime-choice-too-short"));
    }
    Ok((inner, outer))
}

/// The mean value of every customer's repeat order days, 0 with none, and the
/// mean value of all first order days, both net of returns.
///
/// Few systems say which order a return belongs to, so that each customer's
/// returns are taken off all of their orders alike: who sends everything back
/// is worth little, whatever they ordered.
fn order_values(orders: &Orders, customers: &Customers) -> (Vec<f64>, f64) {
    let mut first_total = 0.0;
    let mut mean = |customer: usize| {
        let first = customers.first_day[customer];
        let repeats = customers.order_days[customer].saturating_sub(1);
        let (mut firsts, mut later) = (0_i128, 0_i128);
        for i in orders.of(customers.number[customer]) {
            if orders.day[i] > customers.as_of.0 {
                break;
            }
            if orders.is_order[i] {
                let sum = if orders.day[i] == first { &mut firsts } else { &mut later };
                *sum += i128::from(orders.gross[i]);
            }
        }
        let kept = net_share(customers.gross[customer], customers.returns[customer]);
        let number =
            |sum| orders.scale.number(i64::try_from(sum).unwrap_or(i64::MAX)) * kept;
        first_total += number(firsts);
        if repeats == 0 { 0.0 } else { number(later) / f64::from(repeats) }
    };
    let means = (0..customers.len()).map(&mut mean).collect();
    (means, first_total / customers.len().max(1) as f64)
}

/// Net over gross revenue, 0 to 1; 1 where there is no gross.
fn net_share(gross: i64, returns: i64) -> f64 {
    if gross > 0 {
        ((gross + returns) as f64 / gross as f64).clamp(0.0, 1.0)
    } else {
        1.0
    }
}

/// Number and mean value of repeat orders, by group: means of its customers.
fn group_repeats(groups: &Groups, repeats: &[u32], means: &[f64]) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); groups.len()];
    for (customer, &group) in groups.of.iter().enumerate() {
        let sum = &mut sums[group as usize];
        sum.0 += f64::from(repeats[customer]);
        sum.1 += means[customer];
    }
    let mean = |((x, m), n): ((f64, f64), &f64)| (x / n, m / n);
    sums.into_iter().zip(&groups.customers).map(mean).collect()
}
