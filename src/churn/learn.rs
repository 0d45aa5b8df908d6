//! Learning from described customers: penalty and calibration are chosen inside
//! the training cut-offs only, by cross-validation over customers (Platt 1999
//! for the calibration).

use crate::error::Result;

use super::assortment::{self, Assortment, Baskets};
use super::features::ASSORTMENT;
use super::logistic::{self, Logistic, Matrix, Scaler, probability};

/// Penalties tried, as the sum-of-losses `alpha`; the rows are standardised.
const ALPHAS: [f64; 2] = [30.0, 300.0];

/// About so many rows take part in choosing penalty and calibration.
const CHOOSING_ROWS: f64 = 12_000.0;

/// Precision of the fits between which is chosen, as the largest step left.
const CHOOSING_TOLERANCE: f64 = 1e-4;

/// What is left of the log-odds a window later: habits change, and histories
/// grow longer than those that were learned from. The slope that later windows
/// ask for was .84 to 1.0 at 14 cut-offs of Online Retail and .91 to 1.07 at 4
/// of CDNOW.
const LATER: f64 = 0.93;

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
    /// A number drawn from the customer's id; see [`of_id`](crate::numerics::of_id).
    pub ticket: Vec<u64>,
    /// What was bought up to the cut-off.
    pub baskets: Baskets,
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
            baskets: self.baskets.filter(&keep),
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

/// The part of the customers that a ticket is drawn into.
pub fn part(ticket: u64) -> u64 {
    ticket % FOLDS
}

/// A fitted, calibrated model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Statistics of the training rows.
    pub scaler: Scaler,
    /// What each product adds; none where there are no products.
    pub assortment: Option<Assortment>,
    /// Log-odds of standardised rows, calibrated.
    pub logistic: Logistic,
    /// The penalty, and the slope of the calibration, which is below 1 where
    /// fits were too sure of themselves.
    pub recipe: Recipe,
}

impl Model {
    /// Writes the learned feature of a customer with this ticket, who bought
    /// these distinct products, into a row.
    pub fn complete(&self, row: &mut [f64], products: &[u32], ticket: u64) {
        if let Some(assortment) = &self.assortment {
            row[ASSORTMENT] = assortment.score(products, part(ticket));
        }
    }

    /// The churn probability of a complete row, which is standardised in place.
    pub fn score(&self, row: &mut [f64]) -> f64 {
        self.scaler.apply(row);
        probability(self.logistic.log_odds(row))
    }

    /// What each feature adds to the log-odds of a complete row: `weight x
    /// (value - training mean) / deviation`. They and the intercept add up
    /// exactly to the log-odds of [`Model::score`].
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
    baskets: Baskets,
    assortment: Option<Assortment>,
    /// The part of each row.
    parts: Vec<u64>,
    /// The rows that take part in choosing.
    picked: Vec<usize>,
    start: Option<Logistic>,
    recipe: Option<Recipe>,
    /// Which penalty and part is next.
    step: usize,
    /// For each penalty the log-odds of the picked rows, each from a fit
    /// without its part.
    held_out: Vec<Vec<f64>>,
}

/// What a finished [`Learning`] gives.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model, fitted to all rows.
    pub model: Model,
    /// Rows with their probability from a fit to other customers, not
    /// calibrated; empty when the recipe was given.
    pub held_out: Vec<(usize, f64)>,
}

impl Learning {
    /// Prepares the fits; the frame must hold both kinds of customers.
    ///
    /// With a recipe there is one fit; without, it is chosen first, on a sample
    /// of customers.
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
        let parts: Vec<u64> = frame.ticket.iter().map(|&t| part(t)).collect();
        let held_out = vec![vec![0.0; picked.len()]; ALPHAS.len()];
        Learning {
            x,
            columns,
            scaler,
            churned: frame.churned.clone(),
            baskets: frame.baskets.clone(),
            assortment: None,
            parts,
            picked,
            start: None,
            recipe,
            step: 0,
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
            let mut start = logistic::fit(&self.x, &self.churned, alpha)?;
            let learned = self.learn_assortment(&mut start);
            let Some(recipe) = self.recipe else {
                self.start = Some(start);
                return Ok(None);
            };
            if learned {
                start = self.refit(start, recipe.alpha)?;
            }
            let model = self.model(start, recipe)?;
            return Ok(Some(Learned { model, held_out: Vec::new() }));
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

    /// Adds the column of what was bought; false where there is none.
    fn learn_assortment(&mut self, start: &mut Logistic) -> bool {
        if self.baskets.is_empty() {
            return false;
        }
        let rows = 0..self.churned.len();
        let expected: Vec<f64> =
            rows.map(|i| probability(start.log_odds(self.x.row(i)))).collect();
        let assortment = assortment::learn(
            &self.baskets,
            &self.churned,
            &expected,
            &self.parts,
            FOLDS,
        );
        let mut scores: Vec<f64> = (0..self.churned.len())
            .map(|i| assortment.score(self.baskets.row(i), self.parts[i]))
            .collect();
        let of_scores = Scaler::fit(&Matrix { width: 1, values: scores.clone() });
        if of_scores.deviation[0] == 0.0 {
            return false;
        }
        self.scaler.mean[ASSORTMENT] = of_scores.mean[0];
        self.scaler.deviation[ASSORTMENT] = of_scores.deviation[0];
        scores.chunks_exact_mut(1).for_each(|s| of_scores.apply(s));
        self.x = self.x.with_column(&scores);
        self.columns.push(ASSORTMENT);
        self.assortment = Some(assortment);
        start.weights.push(0.0);
        true
    }

    fn refit(&self, start: Logistic, alpha: f64) -> Result<Logistic> {
        logistic::newton(&self.x, &self.churned, alpha, start, logistic::TOLERANCE)
    }

    /// Fits without one part and predicts that part.
    fn cross(&mut self, a: usize, part: u64, start: Logistic) -> Result<()> {
        let mut x = Matrix { width: self.x.width, values: Vec::new() };
        let mut y = Vec::new();
        for &i in self.picked.iter().filter(|&&i| self.parts[i] != part) {
            x.values.extend_from_slice(self.x.row(i));
            y.push(self.churned[i]);
        }
        // A part that holds all of one kind leaves nothing to learn from; its
        // rows then keep the fit to everyone.
        let single = y.iter().all(|&c| c) || y.iter().all(|&c| !c);
        let fitted = if single {
            start
        } else {
            // The same penalty a row as in the fit to all rows.
            let alpha = ALPHAS[a] * y.len() as f64 / self.churned.len() as f64;
            logistic::newton(&x, &y, alpha, start, CHOOSING_TOLERANCE)?
        };
        for (k, &i) in self.picked.iter().enumerate() {
            if self.parts[i] == part {
                self.held_out[a][k] = fitted.log_odds(self.x.row(i));
            }
        }
        Ok(())
    }

    /// Chooses the recipe by the log loss and fits with it.
    fn choose(&mut self, start: Logistic) -> Result<Learned> {
        let churned: Vec<bool> = self.picked.iter().map(|&i| self.churned[i]).collect();
        let platt: Vec<(Matrix, Logistic)> = self
            .held_out
            .drain(..)
            .map(|values| {
                let z = Matrix { width: 1, values };
                logistic::fit(&z, &churned, 1e-6).map(|line| (z, line))
            })
            .collect::<Result<_>>()?;
        let losses: Vec<f64> =
            platt.iter().map(|(z, line)| log_loss(z, line, &churned)).collect();
        let best = (0..ALPHAS.len())
            .min_by(|&a, &b| losses[a].total_cmp(&losses[b]))
            .unwrap_or_default();
        let (z, line) = &platt[best];
        // A rank turned upside down would be chance, not calibration.
        let slope = LATER * line.weights[0].clamp(0.05, 1.0);
        let recipe = Recipe { alpha: ALPHAS[best], slope };
        let fitted = self.refit(start, recipe.alpha)?;
        let scored = z.values.iter().map(|&z| probability(z));
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
            assortment: self.assortment.clone(),
            logistic: Logistic { intercept, weights },
            recipe,
        })
    }
}

/// Mean log loss of calibrated log-odds, so that only the ranking counts.
fn log_loss(z: &Matrix, line: &Logistic, churned: &[bool]) -> f64 {
    let loss = |(z, &c): (&f64, &bool)| {
        let z = line.log_odds(&[*z]);
        let z = if c { -z } else { z };
        z.max(0.0) + libm::log1p(libm::exp(-z.abs()))
    };
    z.values.iter().zip(churned).map(loss).sum::<f64>() / churned.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::of_id;

    #[test]
    fn contributions_add_up_to_the_log_odds() {
        let n = 300;
        let values: Vec<f64> =
            (0..n * 3).map(|i| f64::from((i * 7919) % 101) / 10.0).collect();
        let x = Matrix { width: 3, values };
        let churned: Vec<bool> = (0..n as usize)
            .map(|i| x.row(i)[0] + 0.3 * x.row(i)[1] > 6.0 || i % 11 == 0)
            .collect();
        let ticket = (0..n as u64).map(|i| of_id(&i.to_le_bytes(), 0)).collect();
        let frame = Frame {
            x: x.clone(),
            churned,
            cut_off: vec![0; n as usize],
            ticket,
            ..Frame::default()
        };
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
}
