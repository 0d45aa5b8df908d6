//! Learning from described customers: penalty and calibration are chosen by
//! cross-validation over customers, inside the training cut-offs only
//! (Platt 1999 for the calibration).

use crate::error::Result;

use super::logistic::{self, Logistic, Matrix, Scaler, probability};

/// Penalties tried, as the sum-of-losses `alpha`; the rows are standardised.
const ALPHAS: [f64; 3] = [1.0, 10.0, 100.0];

/// Parts of the cross-validation; a customer is in one part at all cut-offs.
const FOLDS: u64 = 4;

/// Described customers with their outcome.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The features, one row a customer and cut-off.
    pub x: Matrix,
    /// Whether there was no order within the window.
    pub churned: Vec<bool>,
    /// Which cut-off the row belongs to.
    pub cut_off: Vec<u32>,
    /// A number drawn from the customer's id; see [`ticket`].
    pub ticket: Vec<u64>,
}

impl Frame {
    /// The rows for which `keep` holds.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(usize) -> bool) -> Frame {
        fn pick<T: Copy>(all: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
            (0..all.len()).filter(|&i| keep(i)).map(|i| all[i]).collect()
        }
        Frame {
            x: self.x.filter(&keep),
            churned: pick(&self.churned, &keep),
            cut_off: pick(&self.cut_off, &keep),
            ticket: pick(&self.ticket, &keep),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.churned.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.churned.is_empty()
    }

    /// How many rows churned.
    pub fn churners(&self) -> usize {
        self.churned.iter().filter(|&&c| c).count()
    }
}

/// A number from 0 to 2^64 - 1, drawn from a customer's id and a seed, so that
/// samples and parts do not depend on the order of the file: FNV-1a, then the
/// finaliser of SplitMix64.
pub fn ticket(id: &[u8], seed: u64) -> u64 {
    let mut h = id
        .iter()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// A fitted, calibrated model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Statistics of the training rows.
    pub scaler: Scaler,
    /// Log-odds of standardised rows, calibrated.
    pub logistic: Logistic,
    /// The penalty chosen.
    pub alpha: f64,
    /// Slope of the calibration: below 1 where the fit was too sure of itself.
    pub slope: f64,
}

impl Model {
    /// The churn probability of a row of features, which is standardised in place.
    pub fn score(&self, row: &mut [f64]) -> f64 {
        self.scaler.apply(row);
        probability(self.logistic.log_odds(row))
    }

    /// What each feature adds to the log-odds of a row: `weight x (value -
    /// training mean) / deviation`. They and the intercept add up exactly to
    /// the log-odds of [`Model::score`].
    pub fn contributions(&self, row: &[f64]) -> Vec<f64> {
        let mut row = row.to_vec();
        self.scaler.apply(&mut row);
        self.logistic.weights.iter().zip(&row).map(|(w, x)| w * x).collect()
    }
}

/// The fitting of one model, one fit at a time.
#[derive(Clone, Debug)]
pub struct Learning {
    x: Matrix,
    scaler: Scaler,
    churned: Vec<bool>,
    fold: Vec<u64>,
    start: Option<Logistic>,
    /// Which penalty and part is next.
    step: usize,
    /// Log-odds of each row from the fit without its part, for each penalty.
    held_out: Vec<Vec<f64>>,
}

/// What a finished [`Learning`] gives.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model, fitted to all rows.
    pub model: Model,
    /// For each row the calibrated probability from a fit without its customer.
    pub held_out: Vec<f64>,
}

impl Learning {
    /// Prepares the fits; the frame must hold both kinds of customers.
    pub fn new(frame: Frame) -> Learning {
        let scaler = Scaler::fit(&frame.x);
        let mut x = frame.x;
        let width = x.width.max(1);
        x.values.chunks_exact_mut(width).for_each(|row| scaler.apply(row));
        let fold = frame.ticket.iter().map(|t| t % FOLDS).collect();
        let held_out = vec![vec![0.0; frame.churned.len()]; ALPHAS.len()];
        let churned = frame.churned;
        Learning { x, scaler, churned, fold, start: None, step: 0, held_out }
    }

    /// Units of work of the next fit.
    pub fn cost(&self) -> u64 {
        (self.x.values.len() * self.x.width / 8) as u64
    }

    /// Fits done and fits in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.step, ALPHAS.len() * FOLDS as usize + 2)
    }

    /// Does one fit.
    ///
    /// # Errors
    /// Those of [`logistic::fit`].
    pub fn advance(&mut self) -> Result<Option<Learned>> {
        let Some(start) = self.start.clone() else {
            self.start = Some(logistic::fit(&self.x, &self.churned, ALPHAS[1])?);
            return Ok(None);
        };
        let folds = FOLDS as usize;
        if self.step < ALPHAS.len() * folds {
            let (a, part) = (self.step / folds, (self.step % folds) as u64);
            self.step += 1;
            let x = self.x.filter(|i| self.fold[i] != part);
            let others = self.churned.iter().zip(&self.fold);
            let y: Vec<bool> =
                others.filter(|(_, f)| **f != part).map(|(c, _)| *c).collect();
            // A part that holds all churners leaves nothing to learn from; its
            // rows then keep the fit to everyone.
            let single = y.iter().all(|&c| c) || y.iter().all(|&c| !c);
            let fitted =
                if single { start } else { logistic::newton(&x, &y, ALPHAS[a], start)? };
            for i in (0..self.fold.len()).filter(|&i| self.fold[i] == part) {
                self.held_out[a][i] = fitted.log_odds(self.x.row(i));
            }
            return Ok(None);
        }
        self.conclude(start).map(Some)
    }

    fn conclude(&mut self, start: Logistic) -> Result<Learned> {
        let losses: Vec<f64> =
            self.held_out.iter().map(|z| log_loss(z, &self.churned)).collect();
        let best = (0..ALPHAS.len())
            .min_by(|&a, &b| losses[a].total_cmp(&losses[b]))
            .unwrap_or_default();
        let held_out = std::mem::take(&mut self.held_out[best]);
        let z = Matrix { width: 1, values: held_out };
        let platt = logistic::fit(&z, &self.churned, 1e-6)?;
        let mut fitted = logistic::newton(&self.x, &self.churned, ALPHAS[best], start)?;
        let slope = platt.weights[0];
        // The calibration is a line in the log-odds, so it folds into the weights.
        fitted.intercept = platt.intercept + slope * fitted.intercept;
        fitted.weights.iter_mut().for_each(|w| *w *= slope);
        let held_out =
            z.values.iter().map(|&z| probability(platt.log_odds(&[z]))).collect();
        let scaler = self.scaler.clone();
        let model = Model { scaler, logistic: fitted, alpha: ALPHAS[best], slope };
        Ok(Learned { model, held_out })
    }
}

/// Mean log loss of log-odds.
fn log_loss(log_odds: &[f64], churned: &[bool]) -> f64 {
    let loss = |(&z, &c): (&f64, &bool)| {
        let z = if c { -z } else { z };
        z.max(0.0) + libm::log1p(libm::exp(-z.abs()))
    };
    log_odds.iter().zip(churned).map(loss).sum::<f64>() / churned.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contributions_add_up_to_the_log_odds() {
        let n = 300;
        let values: Vec<f64> =
            (0..n * 3).map(|i| f64::from((i * 7919) % 101) / 10.0).collect();
        let x = Matrix { width: 3, values };
        let churned: Vec<bool> =
            (0..n as usize).map(|i| x.row(i)[0] + 0.3 * x.row(i)[1] > 6.0 || i % 11 == 0).collect();
        let ticket = (0..n as u64).map(|i| super::ticket(&i.to_le_bytes(), 0)).collect();
        let frame =
            Frame { x: x.clone(), churned, cut_off: vec![0; n as usize], ticket };
        let mut learning = Learning::new(frame);
        let learned = loop {
            if let Some(learned) = learning.advance().unwrap() {
                break learned;
            }
        };
        for i in 0..n as usize {
            let sum: f64 = learned.model.contributions(x.row(i)).iter().sum();
            let log_odds = learned.model.logistic.intercept + sum;
            let score = learned.model.score(&mut x.row(i).to_vec());
            assert!((probability(log_odds) - score).abs() < 1e-14);
        }
    }

    #[test]
    fn tickets_spread_evenly() {
        let mut counts = [0; 4];
        for i in 0..4_000 {
            counts[(ticket(format!("{i}").as_bytes(), 1) % 4) as usize] += 1;
        }
        assert!(counts.iter().all(|c| (900..1_100).contains(c)), "{counts:?}");
    }
}
