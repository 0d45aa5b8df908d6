//! Fitting a model: several starts on a sample, the best on all histories,
//! standard errors by the delta method.

use std::sync::Arc;

use serde::Serialize;

use super::history::Groups;
use super::matrix::Eigen;
use super::maximise::{Maximiser, Maximum, Objective, ROUGH};

/// A fitted parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// The name in the papers; times are in weeks.
    pub name: &'static str,
    /// The estimate.
    pub value: f64,
    /// Its standard error; `None` where the data cannot tell.
    pub standard_error: Option<f64>,
}

/// A maximum of a likelihood with what the curvature says about it.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The parameters.
    pub parameters: Vec<f64>,
    /// Their logarithms.
    pub theta: Vec<f64>,
    /// Log-likelihood of all customers.
    pub log_likelihood: f64,
    /// Minus the second derivatives in the logarithms, by rows.
    pub curvature: Vec<f64>,
    /// Covariance of the logarithms, by rows; `None` where a direction is flat.
    pub covariance: Option<Vec<f64>>,
    /// Standard deviation of the logarithms along the direction that is known
    /// least, infinite on a ridge.
    pub loosest: f64,
    /// That direction.
    pub direction: Vec<f64>,
    /// Largest entry of the gradient in logarithms.
    pub gradient: f64,
    /// Whether the search ended by itself.
    pub converged: bool,
    /// Evaluations of the likelihood of all histories.
    pub evaluations: u32,
    /// How many of the starts ended at the same value.
    pub agreeing: u32,
    /// How many starts there were.
    pub starts: u32,
}

/// Beyond this standard deviation of its logarithm a parameter is not known, and
/// a standard error would pretend that it is.
const UNKNOWN: f64 = 2.0;
/// Beyond this standard deviation a direction is flat to rounding.
const FLAT: f64 = 1e4;

impl Fit {
    fn new(maximum: Maximum, agreeing: u32, starts: u32) -> Fit {
        let n = maximum.theta.len();
        let curvature: Vec<f64> = maximum.sums.hessian.iter().map(|h| -h).collect();
        let eigen = Eigen::new(&curvature, n);
        let (weakest, smallest) = eigen.smallest();
        let loosest =
            if smallest > 0.0 { 1.0 / libm::sqrt(smallest) } else { f64::INFINITY };
        Fit {
            parameters: maximum.theta.iter().map(|&t| libm::exp(t)).collect(),
            log_likelihood: maximum.sums.value,
            covariance: (loosest < FLAT).then(|| eigen.map(|v| 1.0 / v)),
            loosest,
            direction: eigen.vector(weakest).to_vec(),
            gradient: maximum.sums.gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs())),
            converged: maximum.converged,
            evaluations: maximum.evaluations,
            agreeing,
            starts,
            curvature,
            theta: maximum.theta,
        }
    }

    /// The parameters by name with their standard errors.
    pub fn named(&self, names: &[&'static str]) -> Vec<Parameter> {
        let n = self.parameters.len();
        names
            .iter()
            .zip(&self.parameters)
            .enumerate()
            .map(|(i, (&name, &value))| Parameter {
                name,
                value,
                standard_error: self
                    .covariance
                    .as_ref()
                    .map(|c| libm::sqrt(c[i * n + i]))
                    .filter(|&e| e < UNKNOWN)
                    .map(|e| value * e),
            })
            .collect()
    }
}

/// Distinct histories on which the starts are tried.
pub const SCREEN: usize = 600;

/// Whether there are so many distinct histories that starts are tried on a sample.
pub fn needs_screen(groups: &Groups) -> bool {
    groups.len() > SCREEN + SCREEN / 2
}

/// A fit in slices.
pub struct FitTask {
    objective: Box<dyn Objective>,
    /// The objective on a sample, with the starts still to be tried.
    screen: Option<Box<dyn Objective>>,
    starts: Vec<Vec<f64>>,
    tried: Vec<Maximum>,
    running: Option<Maximiser>,
}

impl FitTask {
    /// Fits `objective`, trying each of the starts on `screen` first; without a
    /// screen, each start is run on the objective itself.
    pub fn new(
        objective: Box<dyn Objective>,
        screen: Option<Box<dyn Objective>>,
        starts: Vec<Vec<f64>>,
    ) -> FitTask {
        FitTask { objective, screen, starts, tried: Vec::new(), running: None }
    }

    /// Fits a model of order times.
    pub fn of(model: super::model::Model, groups: &Arc<Groups>) -> FitTask {
        let screen = needs_screen(groups)
            .then(|| model.objective(Arc::new(groups.sample(SCREEN))));
        FitTask::new(model.objective(groups.clone()), screen, model.starts(groups))
    }

    /// Fits a model of order times from one start that is known to be near.
    pub fn near(
        model: super::model::Model,
        groups: &Arc<Groups>,
        theta: &[f64],
    ) -> FitTask {
        FitTask::new(model.objective(groups.clone()), None, vec![theta.to_vec()])
    }

    /// Works for a budget of likelihood terms; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<Fit> {
        while self.tried.len() < self.starts.len() {
            let start = &self.starts[self.tried.len()];
            let known = self.tried.iter().map(|m| m.sums.value).reduce(f64::max);
            let screening = self.screen.is_some();
            let mut running = self.running.take().unwrap_or_else(|| {
                Maximiser::new(start).knowing(known).roughly(screening)
            });
            let objective = self.screen.as_mut().unwrap_or(&mut self.objective);
            match running.advance(objective.as_mut(), budget) {
                Some(maximum) => self.tried.push(maximum),
                None => {
                    self.running = Some(running);
                    return None;
                }
            }
        }
        // Later starts stop short of a value already reached: they must be clearly
        // higher to count.
        let better = |best: &Maximum, m: &Maximum| {
            !best.sums.value.is_finite() || m.sums.value > best.sums.value + 1e-6
        };
        let mut best = self.tried.first()?;
        for maximum in &self.tried[1..] {
            if maximum.sums.value.is_finite() && better(best, maximum) {
                best = maximum;
            }
        }
        let best = best.clone();
        let close = if self.screen.is_some() { 2.0 * ROUGH } else { 0.0 };
        let near = f64::max(1e-8 * best.sums.value.abs().max(1e3), close);
        let agreeing =
            self.tried.iter().filter(|m| best.sums.value - m.sums.value <= near).count()
                as u32;
        let starts = self.tried.len() as u32;
        if self.screen.is_none() {
            return Some(Fit::new(best, agreeing, starts));
        }
        let mut running =
            self.running.take().unwrap_or_else(|| Maximiser::new(&best.theta));
        match running.advance(self.objective.as_mut(), budget) {
            Some(maximum) => Some(Fit::new(maximum, agreeing, starts)),
            None => {
                self.running = Some(running);
                None
            }
        }
    }

    /// Runs to the end in one go.
    pub fn run(mut self) -> Fit {
        loop {
            let mut budget = u64::MAX;
            if let Some(fit) = self.advance(&mut budget) {
                return fit;
            }
        }
    }
}
