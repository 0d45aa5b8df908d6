//! Choosing a model on the shop's own past: every candidate forecasts the days
//! after an inner cut-off, the winner is judged once on the days after the outer
//! one, and naive forecasts compete.

use std::sync::Arc;

use serde::Serialize;

use super::fit::{Fit, FitTask, SCREEN, needs_screen};
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
    /// The same on a sample, which says where to start.
    sample: Option<Box<ModelTask>>,
    task: FitTask,
    model: Model,
    /// The k of the first fit, and whether larger ones are tried, smaller ones or
    /// none.
    first: u32,
    search: Option<Search>,
    best: Option<(Model, Fit)>,
}

/// Where the next k is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Search {
    Up,
    Down,
}

/// The largest k that is tried.
const MOST_PHASES: u32 = 12;

impl ModelTask {
    /// Fits a model, or MBG/CNBD-k with the k at which the likelihood peaks: from 1
    /// on, or from the peak of a sample where there are many histories.
    pub fn new(forecaster: Forecaster, groups: &Arc<Groups>) -> ModelTask {
        let (model, search) = match forecaster {
            Forecaster::Model(model) => (model, None),
            // Without the gaps between orders, k cannot be told.
            _ => (Model::MbgCnbdK(1), groups.gaps_known.then_some(Search::Up)),
        };
        let sample = (search.is_some() && needs_screen(groups))
            .then(|| ModelTask::new(forecaster, &Arc::new(groups.sample(SCREEN))))
            .map(Box::new);
        let task = FitTask::of(model, groups);
        ModelTask {
            groups: groups.clone(),
            sample,
            task,
            model,
            first: 1,
            search,
            best: None,
        }
    }

    /// Works for a budget; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<(Model, Fit)> {
        if let Some(sample) = &mut self.sample {
            let (model, fit) = sample.advance(budget)?;
            self.sample = None;
            self.model = model;
            self.first = model.phases().unwrap_or(1);
            self.task = FitTask::near(model, &self.groups, &fit.theta);
        }
        loop {
            let fit = self.task.advance(budget)?;
            let Model::MbgCnbdK(k) = self.model else { return Some((self.model, fit)) };
            let higher =
                |(_, best): &(Model, Fit)| best.log_likelihood >= fit.log_likelihood;
            let mut from = k;
            if self.best.as_ref().is_some_and(higher) {
                // One step too far. What lies below the first k has not been seen.
                if self.search != Some(Search::Up) || k != self.first + 1 {
                    return self.best.take();
                }
                self.search = Some(Search::Down);
                from = self.first;
            } else {
                self.best = Some((self.model, fit));
            }
            if from == MOST_PHASES && self.search == Some(Search::Up) {
                let unseen = from == self.first;
                self.search = unseen.then_some(Search::Down);
            }
            let to = match self.search {
                Some(Search::Up) => from + 1,
                Some(Search::Down) if from > 1 => from - 1,
                _ => return self.best.take(),
            };
            let theta = self.best.as_ref().map(|(_, best)| rephased(best, from, to))?;
            self.model = Model::MbgCnbdK(to);
            self.task = FitTask::near(self.model, &self.groups, &theta);
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

/// The parameters for k phases as a start for another k: the more phases, the
/// shorter each.
fn rephased(fit: &Fit, from: u32, to: u32) -> Vec<f64> {
    let mut start = fit.theta.clone();
    start[1] += libm::log(f64::from(from) / f64::from(to));
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
