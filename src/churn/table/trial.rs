//! What is tried on a quarter of the rows: penalties, trees, and both together.

use super::fitted::{Fitted, Fitting};
use super::trees::{self, Growing};
use super::{Candidate, Column, Stage, TableTask, prepare};
use crate::churn::logistic::{Matrix, probability};
use crate::churn::metrics;
use crate::error::Result;
use crate::numerics::of_id;

/// Penalties tried, as the sum-of-losses `alpha` for the standardised rows.
const ALPHAS: [f64; 3] = [1.0, 10.0, 100.0];

/// Precision of the fits between which is chosen, as the largest step left.
const TRIAL_TOLERANCE: f64 = 1e-3;

/// What trees must gain, in area, over the logistic regression alone.
const WORTH_TREES: f64 = 0.005;

/// So many trees without a gain end the growing.
const PATIENCE: usize = 25;

/// What is chosen by the rows that the others predict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recipe {
    pub(super) alpha: f64,
    pub(super) trees: usize,
    pub(super) share: f64,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe { alpha: ALPHAS[1], trees: 0, share: 0.0 }
    }
}

/// The regressions that are tried, in the making.
#[derive(Debug)]
pub(super) struct Beginning {
    train: Vec<usize>,
    test: Vec<usize>,
    churned: Vec<bool>,
    fitting: Fitting,
    /// How many penalties are done.
    done: usize,
    /// Log loss, penalty, model and scores of the best of them.
    best: Option<(f64, f64, Fitted, Vec<f64>)>,
}

impl Beginning {
    /// Takes a quarter of the rows to try on; nothing where one of the parts would
    /// hold one kind of customer only.
    pub(super) fn new(task: &TableTask) -> Result<Option<Beginning>> {
        let seed = task.options.seed ^ 0x5eed;
        let drawn = |i: usize| of_id(&(i as u64).to_le_bytes(), seed).is_multiple_of(4);
        let (test, train): (Vec<usize>, Vec<usize>) =
            task.rows.iter().partition(|&&i| drawn(i));
        let churned = task.churned(&test);
        let both = |of: &[bool]| of.iter().any(|&c| c) && of.iter().any(|&c| !c);
        if !both(&churned) || !both(&task.churned(&train)) {
            return Ok(None);
        }
        let fitting = Fitting::new(task, &train, ALPHAS[0], TRIAL_TOLERANCE)?;
        Ok(Some(Beginning { train, test, churned, fitting, done: 0, best: None }))
    }

    /// About how many steps of work a step costs.
    pub(super) fn cost(&self) -> u64 {
        self.fitting.cost()
    }

    /// One step of a fit; the trial when the last penalty is done.
    pub(super) fn advance(&mut self, task: &TableTask) -> Result<Option<Trial>> {
        let columns: Vec<&Column> = task.columns.iter().collect();
        if let Some(&alpha) = ALPHAS.get(self.done) {
            if let Some(fitted) = self.fitting.step()? {
                let scores = fitted.score(&columns, &self.test);
                let loss = metrics::log_loss(&scores, &self.churned);
                if self.best.as_ref().is_none_or(|b| loss < b.0) {
                    self.best = Some((loss, alpha, fitted, scores));
                }
                self.done += 1;
                if let Some(&next) = ALPHAS.get(self.done) {
                    self.fitting.again(next, TRIAL_TOLERANCE);
                }
            }
            return Ok(None);
        }
        let Some((_, alpha, fitted, logistic)) = self.best.take() else {
            return Ok(None);
        };
        let x = prepare::features(&columns, &fitted.codings, &self.test);
        let growing = task.growing(&self.train)?;
        let best = (f64::INFINITY, 0);
        let churned = std::mem::take(&mut self.churned);
        let log_odds = vec![growing.trees().start(); churned.len()];
        Ok(Some(Trial { fitted, alpha, growing, x, churned, log_odds, logistic, best }))
    }
}

/// Models that are tried on rows which they have not seen.
#[derive(Debug)]
pub(super) struct Trial {
    /// The logistic regression with the best penalty.
    fitted: Fitted,
    alpha: f64,
    growing: Growing,
    /// Features and outcomes of the rows to be predicted.
    x: Matrix,
    churned: Vec<bool>,
    /// What the trees so far say of them.
    log_odds: Vec<f64>,
    /// What the logistic regression says of them.
    logistic: Vec<f64>,
    /// Log loss of the best number of trees, and that number.
    best: (f64, usize),
}

impl TableTask {
    /// Chooses what foretold the rows of the trial best; trees only where they
    /// gain enough to be worth it.
    pub(super) fn choose(&mut self, trial: Trial) -> Stage {
        let Trial { fitted, alpha, growing, x, churned, logistic, best, .. } = trial;
        let fitted = Fitted { trees: growing.trees().clone().first(best.1), ..fitted };
        let mut chosen = (0, f64::INFINITY);
        for (model, share) in [("logistic", 0.0), ("both", 0.5), ("trees", 1.0)] {
            let fitted = Fitted { share, ..fitted.clone() };
            let score = |row: &[f64]| probability(fitted.log_odds(&mut row.to_vec()));
            let scores: Vec<f64> = match model {
                "logistic" => logistic.clone(),
                _ => x.values.chunks_exact(x.width.max(1)).map(score).collect(),
            };
            let auc = metrics::auc(&scores, &churned);
            let log_loss = metrics::log_loss(&scores, &churned);
            self.candidates.push(Candidate { model, auc, log_loss, chosen: false });
            let at = self.candidates.len() - 1;
            let gains = at == 0 || auc > self.candidates[0].auc + WORTH_TREES;
            if gains && (log_loss < chosen.1 || at == 0) {
                chosen = (at, log_loss);
                let trees = if share > 0.0 { best.1 } else { 0 };
                self.recipe = Recipe { alpha, trees, share };
            }
        }
        self.candidates[chosen.0].chosen = true;
        Stage::Grow { part: 0, growing: None }
    }
}

impl Trial {
    /// About how many steps of work a tree costs.
    pub(super) fn cost(&self) -> u64 {
        self.growing.cost() + 16 * self.churned.len() as u64
    }

    /// How many trees there are.
    pub(super) fn grown(&self) -> usize {
        self.growing.trees().len()
    }

    /// Grows a tree; false when enough were grown.
    pub(super) fn grow(&mut self) -> bool {
        self.growing.grow();
        let trees = self.growing.trees();
        let rows = self.x.values.chunks_exact(self.x.width.max(1));
        for (z, row) in self.log_odds.iter_mut().zip(rows) {
            *z += trees.latest(row);
        }
        let scores: Vec<f64> = self.log_odds.iter().map(|&z| probability(z)).collect();
        let loss = metrics::log_loss(&scores, &self.churned);
        if loss < self.best.0 {
            self.best = (loss, trees.len());
        }
        trees.len() < trees::MOST_TREES && trees.len() < self.best.1 + PATIENCE
    }
}
