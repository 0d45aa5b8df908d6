//! Choosing a model on the shop's own past: every candidate forecasts the days
//! after an inner cut-off, the winner is judged once on the days after the outer
//! one, and naive forecasts compete.

use std::sync::Arc;

use serde::Serialize;

use super::fit::{Fit, FitTask};
use super::history::{Groups, Histories};
use super::holdout::{Score, Window, score};
use super::model::Model;
use super::predict::{PredictTask, Predictions};
use super::timing::Timing;
use super::verdict::LEAST_REPEATERS;
use crate::calendar::{Day, Days, Weeks};
use crate::error::Result;
use crate::orders::Orders;

/// What can forecast orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecaster {
    /// One model.
    Model(Model),
    /// MBG/CNBD-k with the k of the highest likelihood.
    Regular,
    /// The orders of the last equal window.
    LastWindow,
    /// The rate of repeat orders since the first one, going on.
    AverageRate,
}

impl Forecaster {
    /// What competes for being used.
    pub const ALL: [Forecaster; 6] = [
        Forecaster::Model(Model::MbgNbd),
        Forecaster::Model(Model::BgNbd),
        Forecaster::Model(Model::ParetoNbd),
        Forecaster::Regular,
        Forecaster::LastWindow,
        Forecaster::AverageRate,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Forecaster::Model(model) => model.code(),
            Forecaster::Regular => Model::MbgCnbdK(1).code(),
            Forecaster::LastWindow => "last-window",
            Forecaster::AverageRate => "average-rate",
        }
    }

    /// Whether it is a naive forecast.
    pub fn is_naive(self) -> bool {
        matches!(self, Forecaster::LastWindow | Forecaster::AverageRate)
    }
}

/// A model fitted where the model itself may have to be found.
pub struct ModelTask {
    groups: Arc<Groups>,
    model: Model,
    search: bool,
    task: FitTask,
    best: Option<(Model, Fit)>,
}

/// The largest k that is tried.
const MOST_PHASES: u32 = 12;

impl ModelTask {
    /// Fits a model, or MBG/CNBD-k with k from 1 as long as the likelihood rises.
    pub fn new(forecaster: Forecaster, groups: &Arc<Groups>) -> ModelTask {
        let (model, search) = match forecaster {
            Forecaster::Model(model) => (model, false),
            // Without the gaps between orders, k cannot be told.
            _ => (Model::MbgCnbdK(1), groups.gaps_known),
        };
        let task = FitTask::of(model, groups);
        ModelTask { groups: groups.clone(), model, search, task, best: None }
    }

    /// Works for a budget; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<(Model, Fit)> {
        loop {
            let fit = self.task.advance(budget)?;
            if let Some((_, best)) = &self.best
                && best.log_likelihood >= fit.log_likelihood
            {
                return self.best.take();
            }
            let Model::MbgCnbdK(k) = self.model else { return Some((self.model, fit)) };
            let theta = fit.theta.clone();
            self.best = Some((self.model, fit));
            if !self.search || k == MOST_PHASES {
                return self.best.take();
            }
            self.model = Model::MbgCnbdK(k + 1);
            self.task = FitTask::near(self.model, &self.groups, &phases_split(&theta, k));
        }
    }

    /// Runs to the end in one go.
    pub fn run(mut self) -> (Model, Fit) {
        let mut budget = u64::MAX;
        loop {
            if let Some(found) = self.advance(&mut budget) {
                return found;
            }
        }
    }
}

/// The parameters for k phases as a start for k + 1: each phase is shorter.
fn phases_split(theta: &[f64], k: u32) -> Vec<f64> {
    let mut start = theta.to_vec();
    start[1] += libm::log(f64::from(k) / f64::from(k + 1));
    start
}

/// The customers known at a cut-off, with what they did around it.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Their distinct histories.
    pub groups: Arc<Groups>,
    /// Their orders after and before.
    pub window: Window,
}

impl Trial {
    /// The trial at `cut_off` of the customers that `keep` lets through, in whole
    /// periods where `period` says so; nothing where too few ordered again.
    ///
    /// # Errors
    /// Those of [`Histories::of`].
    pub fn new(
        orders: &Orders,
        cut_off: Day,
        days: u32,
        period: Option<u32>,
        keep: impl Fn(u32) -> bool,
    ) -> Result<Option<Trial>> {
        let histories = Histories::of_some(orders, cut_off, period, &keep)?;
        let groups = Arc::new(histories.group());
        if groups.repeaters() < LEAST_REPEATERS {
            return Ok(None);
        }
        let window = Window::of(orders, cut_off, days, keep);
        Ok(Some(Trial { groups, window }))
    }

    /// A naive forecast, one entry a customer; nothing for a model.
    pub fn naive(&self, forecaster: Forecaster) -> Option<Vec<f64>> {
        match forecaster {
            Forecaster::LastWindow => {
                Some(self.window.before.iter().map(|&n| f64::from(n)).collect())
            }
            Forecaster::AverageRate => {
                let g = &*self.groups;
                let rate = |&k: &u32| average_rate(g, k as usize);
                let days = f64::from(self.window.days);
                Some(g.of.iter().map(|k| days * rate(k)).collect())
            }
            _ => None,
        }
    }

    /// A forecast by group as one by customer.
    pub fn by_customer(&self, predictions: &Predictions) -> Vec<f64> {
        self.groups.of.iter().map(|&k| predictions.orders[k as usize]).collect()
    }
}

/// Repeat orders a day of a group so far.
pub fn average_rate(groups: &Groups, k: usize) -> f64 {
    groups.orders_each * f64::from(groups.frequency[k]) / f64::from(groups.age[k].max(1))
}

/// One candidate with its scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its code.
    pub model: &'static str,
    /// Whether it is a naive forecast.
    pub naive: bool,
    /// The k of MBG/CNBD-k.
    pub phases: Option<u32>,
    /// On the days after the inner cut-off, by which the choice was made.
    pub inner: Option<Score>,
    /// On the days held out.
    pub outer: Option<Score>,
    /// Log-likelihood at the outer cut-off.
    pub log_likelihood: Option<f64>,
    /// Whether it is used.
    pub chosen: bool,
}

impl Candidate {
    /// A candidate without scores.
    pub fn new(forecaster: Forecaster) -> Candidate {
        Candidate {
            model: forecaster.code(),
            naive: forecaster.is_naive(),
            phases: None,
            inner: None,
            outer: None,
            log_likelihood: None,
            chosen: false,
        }
    }

    /// Notes what was fitted.
    pub fn set_fit(&mut self, fit: Option<&(Model, Fit)>) {
        self.phases = fit.and_then(|(model, _)| model.phases());
        self.log_likelihood =
            fit.map(|(_, fit)| fit.log_likelihood).filter(|l| l.is_finite());
    }
}

/// One forecaster's result in a trial.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Who.
    pub forecaster: Forecaster,
    /// The model with its fit, unless naive.
    pub fit: Option<(Model, Fit)>,
    /// The forecast by customer.
    pub forecast: Vec<f64>,
    /// How well it did.
    pub score: Score,
}

/// All forecasters in one trial, in slices.
pub struct TrialTask {
    trial: Trial,
    waiting: Vec<Forecaster>,
    stage: Option<Stage>,
    done: Vec<Outcome>,
}

enum Stage {
    Fit(Forecaster, ModelTask),
    Forecast(Forecaster, (Model, Fit), PredictTask),
}

impl TrialTask {
    /// Tries `forecasters` in their order.
    pub fn new(trial: Trial, forecasters: &[Forecaster]) -> TrialTask {
        let mut waiting = forecasters.to_vec();
        waiting.reverse();
        TrialTask { trial, waiting, stage: None, done: Vec::new() }
    }

    /// The trial.
    pub fn trial(&self) -> &Trial {
        &self.trial
    }

    /// Works for a budget; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<Vec<Outcome>> {
        loop {
            match self.stage.take() {
                None => {
                    let Some(next) = self.waiting.pop() else {
                        return Some(std::mem::take(&mut self.done));
                    };
                    if let Some(forecast) = self.trial.naive(next) {
                        self.keep(next, None, forecast);
                    } else {
                        let task = ModelTask::new(next, &self.trial.groups);
                        self.stage = Some(Stage::Fit(next, task));
                    }
                }
                Some(Stage::Fit(who, mut task)) => {
                    let Some((model, fit)) = task.advance(budget) else {
                        self.stage = Some(Stage::Fit(who, task));
                        return None;
                    };
                    // One phase is MBG/NBD, which competes already.
                    if who == Forecaster::Regular && model == Model::MbgCnbdK(1) {
                        continue;
                    }
                    let task = PredictTask::new(
                        Timing::new(model, &fit.parameters)
                            .with_orders_each(self.trial.groups.orders_each),
                        &self.trial.groups,
                        Weeks::from(Days(self.trial.window.days)),
                        0.0,
                    );
                    self.stage = Some(Stage::Forecast(who, (model, fit), task));
                }
                Some(Stage::Forecast(who, fitted, mut task)) => {
                    let Some(predictions) = task.advance(budget) else {
                        self.stage = Some(Stage::Forecast(who, fitted, task));
                        return None;
                    };
                    let forecast = self.trial.by_customer(&predictions);
                    self.keep(who, Some(fitted), forecast);
                }
            }
        }
    }

    fn keep(
        &mut self,
        forecaster: Forecaster,
        fit: Option<(Model, Fit)>,
        forecast: Vec<f64>,
    ) {
        // A model at the edge of its numbers forecasts nothing and is no candidate.
        if forecast.iter().any(|mu| !mu.is_finite()) {
            return;
        }
        let score = score(&self.trial.window.actual, &forecast);
        self.done.push(Outcome { forecaster, fit, forecast, score });
    }
}

/// Deviances within this share of the best are ties.
const TIE: f64 = 0.01;

/// The winner of a trial: the lowest Poisson deviance. Among those within one
/// percent of it MBG/NBD wins, and without it the lowest root mean squared error.
pub fn winner(outcomes: &[Outcome]) -> Option<Forecaster> {
    let finite = || outcomes.iter().filter(|o| o.score.deviance.is_finite());
    let best = finite().map(|o| o.score.deviance).fold(f64::INFINITY, f64::min);
    let tied = || finite().filter(|o| o.score.deviance <= best * (1.0 + TIE));
    let preferred = Forecaster::Model(Model::MbgNbd);
    tied()
        .find(|o| o.forecaster == preferred)
        .or_else(|| tied().min_by(|a, b| a.score.rmse.total_cmp(&b.score.rmse)))
        .map(|o| o.forecaster)
}

/// The mean difference of two forecasts' Poisson deviances a customer, and its
/// standard error.
pub fn deviance_gap(actual: &[u32], one: &[f64], other: &[f64]) -> (f64, f64) {
    let n = actual.len().max(1) as f64;
    let gaps: Vec<f64> = actual
        .iter()
        .zip(one.iter().zip(other))
        .map(|(&y, (&a, &b))| {
            let y = f64::from(y);
            super::holdout::poisson_deviance(y, a)
                - super::holdout::poisson_deviance(y, b)
        })
        .collect();
    let mean = gaps.iter().sum::<f64>() / n;
    let squares = gaps.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>();
    (mean, libm::sqrt(squares / n / (n - 1.0).max(1.0)))
}
