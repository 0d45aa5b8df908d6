//! Learning from described customers: penalty and calibration are chosen by
//! cross-validation over customers, inside the training cut-offs only
//! (Platt 1999 for the calibration).

use crate::error::Result;

use super::logistic::{self, Logistic, Matrix, Scaler, probability};

/// Penalties tried, as the sum-of-losses `alpha`; the rows are standardised.
const ALPHAS: [f64; 3] = [1.0, 10.0, 100.0];

/// About so many rows take part in choosing penalty and calibration.
const CHOOSING_ROWS: f64 = 10_000.0;

/// Precision of the fits between which is chosen, as the largest step left.
const CHOOSING_TOLERANCE: f64 = 1e-4;

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
    let mut h = id.iter().fold(0xcbf2_9ce4_8422_2325 ^ seed, |h, &b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    });
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
    /// The penalty, and the slope of the calibration, which is below 1 where
    /// fits were too sure of themselves.
    pub recipe: Recipe,
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

/// What cross-validation chooses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The penalty.
    pub alpha: f64,
    /// The slope of the calibration.
    pub slope: f64,
}

/// The fitting of one model, one fit at a time.
#[derive(Clone, Debug)]
pub struct Learning {
    /// Standardised rows of the columns that say anything.
    x: Matrix,
    /// Which columns those are.
    columns: Vec<usize>,
    scaler: Scaler,
    churned: Vec<bool>,
    /// The rows that take part in the cross-validation.
    picked: Vec<usize>,
    /// The part of each picked row.
    part: Vec<u64>,
    start: Option<Logistic>,
    recipe: Option<Recipe>,
    /// Which penalty and part is next.
    step: usize,
    /// Log-odds of each picked row from the fit without its part, a penalty.
    held_out: Vec<Vec<f64>>,
}

/// What a finished [`Learning`] gives.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model, fitted to all rows.
    pub model: Model,
    /// Rows with their calibrated probability from a fit without their
    /// customer; empty when the recipe was given.
    pub held_out: Vec<(usize, f64)>,
}

impl Learning {
    /// Prepares the fits; the frame must hold both kinds of customers.
    ///
    /// With a recipe there is one fit; without, it is chosen first, on at most
    /// some 10,000 rows.
    pub fn new(frame: &Frame, recipe: Option<Recipe>) -> Learning {
        let scaler = Scaler::fit(&frame.x);
        let columns: Vec<usize> =
            (0..frame.x.width).filter(|&j| scaler.deviation[j] > 0.0).collect();
        let mut values = Vec::with_capacity(frame.len() * columns.len());
        let mut row = vec![0.0; frame.x.width];
        for i in 0..frame.len() {
            row.copy_from_slice(frame.x.row(i));
            scaler.apply(&mut row);
            values.extend(columns.iter().map(|&j| row[j]));
        }
        let x = Matrix { width: columns.len(), values };
        let share = (CHOOSING_ROWS / frame.len().max(1) as f64).min(1.0);
        let picked: Vec<usize> = (0..frame.len())
            .filter(|&i| ((frame.ticket[i] >> 8) % 4096) as f64 <= share * 4096.0)
            .collect();
        let part = picked.iter().map(|&i| frame.ticket[i] % FOLDS).collect();
        let held_out = vec![vec![0.0; picked.len()]; ALPHAS.len()];
        let churned = frame.churned.clone();
        let (start, step) = (None, 0);
        Learning {
            x,
            columns,
            scaler,
            churned,
            picked,
            part,
            start,
            recipe,
            step,
            held_out,
        }
    }

    /// Units of work of the next fit.
    pub fn cost(&self) -> u64 {
        let rows = if self.start.is_some() && self.recipe.is_none() {
            self.picked.len()
        } else {
            self.churned.len()
        };
        (rows * self.x.width * self.x.width / 8) as u64
    }

    /// Does one fit.
    ///
    /// # Errors
    /// Those of [`logistic::fit`].
    pub fn advance(&mut self) -> Result<Option<Learned>> {
        let Some(start) = self.start.clone() else {
            let alpha = self.recipe.map_or(ALPHAS[1], |r| r.alpha);
            let start = logistic::fit(&self.x, &self.churned, alpha)?;
            if let Some(recipe) = self.recipe {
                return Ok(Some(Learned {
                    model: self.model(start, recipe)?,
                    held_out: Vec::new(),
                }));
            }
            self.start = Some(start);
            return Ok(None);
        };
        let folds = FOLDS as usize;
        if self.step < ALPHAS.len() * folds {
            let (a, part) = (self.step / folds, (self.step % folds) as u64);
            self.step += 1;
            self.cross(a, part, start)?;
            return Ok(None);
        }
        self.choose(start).map(Some)
    }

    /// Fits without one part and predicts that part.
    fn cross(&mut self, a: usize, part: u64, start: Logistic) -> Result<()> {
        let (mut x, mut y) =
            (Matrix { width: self.x.width, values: Vec::new() }, Vec::new());
        let others = self.picked.iter().zip(&self.part).filter(|(_, p)| **p != part);
        for (&i, _) in others {
            x.values.extend_from_slice(self.x.row(i));
            y.push(self.churned[i]);
        }
        // A part that holds all of one kind leaves nothing to learn from; its
        // rows then keep the fit to everyone.
        let single = y.iter().all(|&c| c) || y.iter().all(|&c| !c);
        let fitted = if single {
            start
        } else {
            logistic::newton(&x, &y, ALPHAS[a], start, CHOOSING_TOLERANCE)?
        };
        for (k, &i) in self.picked.iter().enumerate() {
            if self.part[k] == part {
                self.held_out[a][k] = fitted.log_odds(self.x.row(i));
            }
        }
        Ok(())
    }

    /// Chooses the recipe by the log loss and fits with it.
    fn choose(&mut self, start: Logistic) -> Result<Learned> {
        let churned: Vec<bool> = self.picked.iter().map(|&i| self.churned[i]).collect();
        let losses: Vec<f64> =
            self.held_out.iter().map(|z| log_loss(z, &churned)).collect();
        let best = (0..ALPHAS.len())
            .min_by(|&a, &b| losses[a].total_cmp(&losses[b]))
            .unwrap_or_default();
        let z = Matrix { width: 1, values: std::mem::take(&mut self.held_out[best]) };
        let platt = logistic::fit(&z, &churned, 1e-6)?;
        // A rank turned upside down would be chance, not calibration.
        let recipe = Recipe { alpha: ALPHAS[best], slope: platt.weights[0].max(0.05) };
        let fitted = if ALPHAS[best] == ALPHAS[1] {
            start
        } else {
            let exact = logistic::TOLERANCE;
            logistic::newton(&self.x, &self.churned, recipe.alpha, start, exact)?
        };
        let scored = z.values.iter().map(|&z| probability(platt.log_odds(&[z])));
        let held_out = self.picked.iter().copied().zip(scored).collect();
        Ok(Learned { model: self.model(fitted, recipe)?, held_out })
    }

    /// The calibrated model. The calibration is a line in the log-odds, so it
    /// folds into the weights; the intercept meets the rate of the rows.
    fn model(&self, fitted: Logistic, recipe: Recipe) -> Result<Model> {
        let slope = recipe.slope;
        let mut weights = vec![0.0; self.scaler.mean.len()];
        for (&j, w) in self.columns.iter().zip(&fitted.weights) {
            weights[j] = slope * w;
        }
        let odds: Vec<f64> = (0..self.churned.len())
            .map(|i| slope * (fitted.log_odds(self.x.row(i)) - fitted.intercept))
            .collect();
        let churners = self.churned.iter().filter(|&&c| c).count() as f64;
        let rate = churners / self.churned.len().max(1) as f64;
        let intercept = super::evaluate::offset(&odds, rate);
        Ok(Model {
            scaler: self.scaler.clone(),
            logistic: Logistic { intercept, weights },
            recipe,
        })
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
        let churned: Vec<bool> = (0..n as usize)
            .map(|i| x.row(i)[0] + 0.3 * x.row(i)[1] > 6.0 || i % 11 == 0)
            .collect();
        let ticket = (0..n as u64).map(|i| super::ticket(&i.to_le_bytes(), 0)).collect();
        let frame = Frame { x: x.clone(), churned, cut_off: vec![0; n as usize], ticket };
        let mut learning = Learning::new(&frame, None);
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
