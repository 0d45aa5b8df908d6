//! Choosing a model on the shop's own past: every candidate forecasts the days
//! after an inner cut-off, the winner is judged once on the days after the outer
//! one, and naive forecasts compete.

use std::sync::Arc;

use serde::Serialize;

use super::fit::{Fit, FitTask};
use super::history::Groups;
use super::holdout::Score;
use super::model::Model;
use super::trial::Outcome;

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

/// Deviances within this share of the best are ties.
const TIE: f64 = 0.01;

/// The winner of a trial: the lowest Poisson deviance. Among those within one
/// percent of it MBG/NBD wins, and without it the lowest root mean squared error.
pub fn winner(
    outcomes: &[Outcome],
    may_win: impl Fn(Forecaster) -> bool,
) -> Option<Forecaster> {
    let running = || {
        outcomes.iter().filter(|o| o.score.deviance.is_finite() && may_win(o.forecaster))
    };
    let best = running().map(|o| o.score.deviance).fold(f64::INFINITY, f64::min);
    let tied = || running().filter(|o| o.score.deviance <= best * (1.0 + TIE));
    let preferred = Forecaster::Model(Model::MbgNbd);
    tied()
        .find(|o| o.forecaster == preferred)
        .or_else(|| tied().min_by(|a, b| a.score.rmse.total_cmp(&b.score.rmse)))
        .map(|o| o.forecaster)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(forecaster: Forecaster, deviance: f64, rmse: f64) -> Outcome {
        let score = Score { deviance, rmse, ..Score::default() };
        Outcome { forecaster, fit: None, forecast: vec![], score }
    }

    #[test]
    fn ties_go_to_mbg_nbd_and_clear_wins_do_not() {
        let [mbg, bg, pareto, ..] = Forecaster::ALL;
        let tie = [outcome(mbg, 1.009, 2.0), outcome(bg, 1.0, 1.0)];
        assert_eq!(winner(&tie, |_| true), Some(mbg));
        let clear =
            [outcome(mbg, 1.02, 2.0), outcome(bg, 1.001, 1.0), outcome(pareto, 1.0, 1.1)];
        assert_eq!(winner(&clear, |_| true), Some(bg));
        let naive = [outcome(mbg, 1.02, 2.0), outcome(Forecaster::LastWindow, 1.0, 2.0)];
        assert_eq!(winner(&naive, |_| true), Some(Forecaster::LastWindow));
        assert_eq!(winner(&[outcome(mbg, f64::NAN, 1.0)], |_| true), None);
    }
}
