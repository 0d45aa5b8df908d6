//! The lifetime analysis from orders to results, in slices of work.

use std::sync::Arc;

use super::fit::{Fit, FitTask};
use super::history::{Groups, Histories};
use super::holdout::{Window, by_frequency, score};
use super::intervals::{SpendDraws, total_interval};
use super::model::Model;
use super::predict::{PredictTask, Predictions};
use super::spend::{Spend, expected_value};
use super::timing::Timing;
use super::tracking::{Activity, track};
use super::verdict;
use super::{
    HoldoutResult, Lifetime, LifetimeColumns, LifetimeOptions, LifetimeResult,
    ModelChoice, NaiveResult, SpendResult,
};
use crate::calendar::{Day, Days, Weeks};
use crate::customers::Customers;
use crate::error::Result;
use crate::message::Message;
use crate::orders::Orders;
use crate::task::{Progress, Step};

/// The shortest holdout that is worth judging a model on.
const LEAST_HOLDOUT: u32 = 14;

/// The lifetime analysis, advanced in slices. It copies what it needs and holds
/// no borrow of the orders.
pub struct LifetimeTask {
    options: LifetimeOptions,
    as_of: Day,
    groups: Arc<Groups>,
    /// Mean value of each customer's repeat orders, 0 with none.
    means: Vec<f64>,
    spend: Arc<Spend>,
    /// Net over gross revenue, 0 to 1.
    net_share: f64,
    historic: f64,
    activity: Activity,
    held: Option<(Arc<Groups>, Window)>,
    model: Model,
    stage: Stage,
    work: u64,
    nbd: Option<Fit>,
    fit: Option<Fit>,
    spend_fit: Option<Fit>,
    result: LifetimeResult,
}

enum Stage {
    HoldoutFit(FitTask),
    HoldoutForecast(PredictTask),
    Baseline(FitTask),
    Fit(FitTask),
    Spend(FitTask),
    Predict(PredictTask),
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
        let histories = Histories::of(orders, as_of)?;
        let groups = Arc::new(histories.group());
        let means = repeat_means(orders, customers);
        let pairs = histories.frequency.iter().copied().zip(means.iter().copied());
        let spend = Arc::new(Spend::new(pairs.collect()));
        let gross: i64 = customers.gross.iter().sum();
        let returns: i64 = customers.returns.iter().sum();
        let net_share = if gross > 0 {
            ((gross + returns) as f64 / gross as f64).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let held = held_out(orders, as_of, options.holdout_days)?;
        let mut notices = Vec::new();
        if held.is_none() && options.holdout_days != Some(0) {
            notices.push(Message::new("lifetime-holdout-too-short"));
        }
        if net_share < 1.0 {
            notices.push(
                Message::new("lifetime-net-of-returns").with("share", 1.0 - net_share),
            );
        }
        let model = match options.model {
            ModelChoice::Auto | ModelChoice::BgNbd => Model::BgNbd,
            ModelChoice::MbgNbd => Model::MbgNbd,
            ModelChoice::ParetoNbd => Model::ParetoNbd,
            ModelChoice::MbgCnbdK => Model::MbgCnbdK(2),
            ModelChoice::Nbd => Model::Nbd,
        };
        let result = LifetimeResult {
            as_of,
            customers: customers.len() as u64,
            repeaters: groups.repeaters() as u64,
            horizon_days: options.horizon_days,
            discount_rate: options.discount_rate,
            margin: options.margin,
            notices,
            ..LifetimeResult::default()
        };
        let mut task = LifetimeTask {
            as_of,
            means,
            spend,
            net_share,
            historic: orders.scale.number(gross + returns),
            activity: Activity::of(orders, as_of),
            held,
            model,
            stage: Stage::Done,
            work: 0,
            nbd: None,
            fit: None,
            spend_fit: None,
            result,
            groups,
            options,
        };
        task.stage = match &task.held {
            _ if task.groups.repeaters() < verdict::LEAST_REPEATERS => Stage::Historic,
            Some((groups, _)) => Stage::HoldoutFit(FitTask::of(model, groups)),
            None => Stage::Baseline(FitTask::of(Model::Nbd, &task.groups)),
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
            self.work += before - left;
        }
        let total = (self.groups.len() as u64 * 60).max(self.work + 1);
        Ok(Step::Working(Progress { done: self.work, total }))
    }

    /// One stage as far as the budget goes.
    fn step(&mut self, stage: Stage, left: &mut u64) -> Option<Lifetime> {
        let horizon = Weeks::from(Days(self.options.horizon_days));
        match stage {
            Stage::HoldoutFit(mut task) => {
                let Some(fit) = task.advance(left) else {
                    self.stage = Stage::HoldoutFit(task);
                    return None;
                };
                let (groups, window) = self.held.as_ref()?;
                let timing = Timing::new(self.model, &fit.parameters);
                self.stage = Stage::HoldoutForecast(PredictTask::new(
                    timing,
                    groups,
                    Weeks::from(Days(window.days)),
                    0.0,
                ));
            }
            Stage::HoldoutForecast(mut task) => {
                let Some(predictions) = task.advance(left) else {
                    self.stage = Stage::HoldoutForecast(task);
                    return None;
                };
                let (groups, window) = self.held.as_ref()?;
                self.result.holdout = Some(judge(groups, window, &predictions));
                self.stage = Stage::Baseline(FitTask::of(Model::Nbd, &self.groups));
            }
            Stage::Baseline(mut task) => {
                let Some(fit) = task.advance(left) else {
                    self.stage = Stage::Baseline(task);
                    return None;
                };
                self.nbd = Some(fit);
                self.stage = Stage::Fit(FitTask::of(self.model, &self.groups));
            }
            Stage::Fit(mut task) => {
                let Some(fit) = task.advance(left) else {
                    self.stage = Stage::Fit(task);
                    return None;
                };
                self.result.parameters = fit.named(self.model.names());
                self.result.log_likelihood = Some(fit.log_likelihood);
                self.result.model = self.model.code();
                self.result.verdict =
                    verdict::timing(self.model, &fit, self.nbd.as_ref(), &self.groups);
                self.fit = Some(fit);
                self.stage = Stage::Spend(self.spend.fit());
            }
            Stage::Spend(mut task) => {
                let Some(fit) = task.advance(left) else {
                    self.stage = Stage::Spend(task);
                    return None;
                };
                self.keep_spend(fit);
                let timing = Timing::new(self.model, &self.fit.as_ref()?.parameters);
                self.stage = Stage::Predict(PredictTask::new(
                    timing,
                    &self.groups,
                    horizon,
                    self.options.weekly_discount(),
                ));
            }
            Stage::Predict(mut task) => {
                let Some(predictions) = task.advance(left) else {
                    self.stage = Stage::Predict(task);
                    return None;
                };
                return Some(self.finish(&predictions));
            }
            Stage::Historic => {
                self.result.verdict = verdict::too_little_data(&self.groups);
                return Some(self.finish(&self.historic_rate()));
            }
            Stage::Done => {
                return Some(Lifetime {
                    result: self.result.clone(),
                    columns: LifetimeColumns::default(),
                });
            }
        }
        None
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
        // The mean discount of orders spread evenly over the horizon.
        let whole = self.options.weekly_discount() * horizon / 7.0;
        let discount = if whole > 0.0 { -libm::expm1(-whole) / whole } else { 1.0 };
        Predictions {
            p_alive: vec![f64::NAN; g.len()],
            orders: vec![rate * horizon; g.len()],
            discounted: vec![rate * horizon * discount; g.len()],
        }
    }

    fn keep_spend(&mut self, fit: Fit) {
        if self.spend.is_empty() {
            return;
        }
        self.result.spend = Some(SpendResult {
            parameters: fit.named(&["p", "q", "gamma"]),
            log_likelihood: fit.log_likelihood,
            customers: self.spend.len() as u64,
            correlation: self.spend.correlation(),
            verdict: verdict::spend(&fit, &self.spend),
        });
        self.spend_fit = Some(fit);
    }

    /// The customers' columns, the totals and what is drawn from them.
    fn finish(&mut self, predictions: &Predictions) -> Lifetime {
        let groups = self.groups.clone();
        let n = groups.of.len();
        let median = self.spend.median();
        let mut columns = LifetimeColumns::default();
        let totals = &mut self.result.totals;
        let factor = self.options.margin * self.net_share;
        let mut alive = 0.0;
        for customer in 0..n {
            let group = groups.of[customer] as usize;
            let x = groups.frequency[group];
            let mean = self.means[customer];
            let modelled =
                self.spend_fit.as_ref().and_then(|fit| expected_value(fit, x, mean));
            let value = match modelled {
                Some(value) => value,
                None if mean > 0.0 => mean,
                None => median,
            };
            let clv = (predictions.discounted[group] * value * factor).max(0.0);
            columns.p_alive.push(predictions.p_alive[group]);
            columns.expected_orders.push(predictions.orders[group]);
            columns.order_value.push(value);
            columns.clv.push(clv);
            alive += predictions.p_alive[group];
            totals.expected_orders += predictions.orders[group];
            totals.clv += clv;
        }
        totals.mean_p_alive = (alive.is_finite() && n > 0).then(|| alive / n as f64);
        totals.historic = self.historic;
        self.result.concentration = concentration(&columns.clv);
        self.result.totals.top_decile_share =
            self.result.concentration.get(10).copied().unwrap_or(0.0);
        if let Some(fit) = &self.fit {
            let means = group_means(&groups, &self.means);
            let (low, high) = total_interval(
                self.model,
                fit,
                self.spend_fit.as_ref().map(|fit| SpendDraws { fit, mean: &means }),
                &groups,
                Weeks::from(Days(self.options.horizon_days)).0,
                self.options.weekly_discount(),
                u64::from(self.options.seed),
            );
            self.result.totals.clv_low = Some(low * self.result.totals.clv);
            self.result.totals.clv_high = Some(high * self.result.totals.clv);
            let timing = Timing::new(self.model, &fit.parameters);
            self.result.tracking = track(&timing, &self.activity);
        }
        Lifetime { result: self.result.clone(), columns }
    }

    /// The day of reckoning.
    pub fn as_of(&self) -> Day {
        self.as_of
    }
}

/// The holdout window that the options ask for, where the orders span enough.
fn held_out(
    orders: &Orders,
    as_of: Day,
    days: Option<u32>,
) -> Result<Option<(Arc<Groups>, Window)>> {
    let Some(first) = orders.first_day() else { return Ok(None) };
    let span = u32::try_from(as_of.since(first)).unwrap_or(0);
    let days = days.unwrap_or(span / 3);
    if days < LEAST_HOLDOUT || span < days + LEAST_HOLDOUT {
        return Ok(None);
    }
    let cut_off = as_of.plus(-(days as i32));
    let groups = Arc::new(Histories::of(orders, cut_off)?.group());
    if groups.repeaters() < 1.0 {
        return Ok(None);
    }
    Ok(Some((groups, Window::of(orders, cut_off, days))))
}

/// A forecast by group against what came, beside the naive one.
fn judge(groups: &Groups, window: &Window, predictions: &Predictions) -> HoldoutResult {
    let forecast: Vec<f64> =
        groups.of.iter().map(|&g| predictions.orders[g as usize]).collect();
    let naive: Vec<f64> = window.before.iter().map(|&n| f64::from(n)).collect();
    let ours = score(&window.actual, &forecast);
    let theirs = score(&window.actual, &naive);
    HoldoutResult {
        cut_off: window.cut_off,
        days: window.days,
        actual_orders: window.actual.iter().map(|&y| f64::from(y)).sum(),
        expected_orders: ours.expected_orders,
        mae: ours.mae,
        rmse: ours.rmse,
        naive: NaiveResult {
            mae: theirs.mae,
            rmse: theirs.rmse,
            expected_orders: theirs.expected_orders,
        },
        by_frequency: by_frequency(groups, &window.actual, &forecast),
    }
}

/// The mean value of every customer's repeat order days, 0 with none.
fn repeat_means(orders: &Orders, customers: &Customers) -> Vec<f64> {
    let mean = |customer: usize| {
        let first = customers.first_day[customer];
        let days = customers.order_days[customer].saturating_sub(1);
        let sum: i64 = orders
            .of(customers.number[customer])
            .take_while(|&i| orders.day[i] <= customers.as_of.0)
            .filter(|&i| orders.is_order[i] && orders.day[i] != first)
            .map(|i| orders.gross[i])
            .sum();
        if days == 0 { 0.0 } else { orders.scale.number(sum) / f64::from(days) }
    };
    (0..customers.len()).map(mean).collect()
}

/// The mean of the customers' means, by group.
fn group_means(groups: &Groups, means: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; groups.len()];
    for (&group, &mean) in groups.of.iter().zip(means) {
        sums[group as usize] += mean;
    }
    sums.iter().zip(&groups.customers).map(|(sum, n)| sum / n).collect()
}

/// Cumulative share of a total by share of customers, richest first: 101 points.
pub fn concentration(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let total: f64 = sorted.iter().sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let (mut sum, mut taken) = (0.0, 0);
    (0..=100)
        .map(|percent| {
            // The customer at the edge is shared.
            let edge = sorted.len() as f64 * f64::from(percent) / 100.0;
            while taken < sorted.len() && (taken + 1) as f64 <= edge {
                sum += sorted[taken];
                taken += 1;
            }
            let part = (edge - taken as f64).max(0.0);
            let rest = sorted.get(taken).map_or(0.0, |v| v * part);
            ((sum + rest) / total).min(1.0)
        })
        .collect()
}
