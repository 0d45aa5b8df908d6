//! All forecasters in one trial: they see the days up to a cut-off and forecast
//! the days after it.

use std::sync::Arc;

use super::choice::{Forecaster, ModelTask, average_rate};
use super::fit::Fit;
use super::history::{Groups, Histories};
use super::holdout::{Score, Window, score};
use super::model::Model;
use super::predict::{PredictTask, Predictions};
use super::timing::Timing;
use super::verdict::LEAST_REPEATERS;
use crate::calendar::{Day, Days, Weeks};
use crate::error::Result;
use crate::orders::Orders;

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
