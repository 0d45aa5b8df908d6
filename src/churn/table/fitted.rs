//! A model of some rows of a table, and the fit of its regression step by step.

use super::prepare::{self, Coding};
use super::trees::Trees;
use super::{Column, TableTask};
use crate::churn::logistic::{Logistic, Matrix, Newton, Scaler, probability};
use crate::error::{Error, Result};

/// A model of some rows with everything that its preparation learned.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) codings: Vec<Coding>,
    pub(super) scaler: Scaler,
    pub(super) logistic: Logistic,
    pub(super) trees: Trees,
    /// How much the trees count, 0 to 1; the logistic regression has the rest.
    pub(super) share: f64,
}

impl Fitted {
    /// The log-odds of a row of features as they are.
    pub(super) fn log_odds(&self, row: &mut [f64]) -> f64 {
        let trees = if self.share > 0.0 { self.trees.log_odds(row) } else { 0.0 };
        self.scaler.apply(row);
        self.share * trees + (1.0 - self.share) * self.logistic.log_odds(row)
    }

    pub(super) fn score(&self, columns: &[&Column], rows: &[usize]) -> Vec<f64> {
        let mut x = prepare::features(columns, &self.codings, rows);
        let width = x.width.max(1);
        x.values
            .chunks_exact_mut(width)
            .map(|row| probability(self.log_odds(row)))
            .collect()
    }

    /// What each column adds to the log-odds of a row.
    pub(super) fn by_column(&self, columns: &[&Column], row: usize) -> Vec<f64> {
        let mut x = prepare::features(columns, &self.codings, &[row]).values;
        let mut parts = vec![0.0; x.len()];
        if self.share > 0.0 {
            self.trees.contribute(&x, self.share, &mut parts);
        }
        self.scaler.apply(&mut x);
        for ((part, x), w) in parts.iter_mut().zip(&x).zip(&self.logistic.weights) {
            *part += (1.0 - self.share) * x * w;
        }
        let mut at = 0;
        let sum = |coding: &Coding| {
            let from = at;
            at += coding.width();
            parts[from..at].iter().sum()
        };
        self.codings.iter().map(sum).collect()
    }

    /// The log-odds to which the columns add.
    pub(super) fn base(&self) -> f64 {
        let trees = if self.share > 0.0 { self.trees.base() } else { 0.0 };
        self.share * trees + (1.0 - self.share) * self.logistic.intercept
    }
}

/// The regression of some rows in the making.
#[derive(Debug)]
pub(super) struct Fitting {
    codings: Vec<Coding>,
    scaler: Scaler,
    x: Matrix,
    churned: Vec<bool>,
    newton: Newton,
}

impl Fitting {
    /// Prepares the rows.
    pub(super) fn new(
        task: &TableTask,
        rows: &[usize],
        alpha: f64,
        tolerance: f64,
    ) -> Result<Fitting> {
        let columns: Vec<&Column> = task.columns.iter().collect();
        let codings: Vec<Coding> = columns.iter().map(|c| Coding::fit(c, rows)).collect();
        let mut x = prepare::features(&columns, &codings, rows);
        if x.width == 0 {
            return Err(Error::new("table-nothing-left"));
        }
        let scaler = Scaler::fit(&x);
        let width = x.width;
        x.values.chunks_exact_mut(width).for_each(|row| scaler.apply(row));
        let churned = task.churned(rows);
        let newton = newton(&x, &churned, alpha, tolerance);
        Ok(Fitting { codings, scaler, x, churned, newton })
    }

    /// Begins again with another penalty.
    pub(super) fn again(&mut self, alpha: f64, tolerance: f64) {
        self.newton = newton(&self.x, &self.churned, alpha, tolerance);
    }

    /// About how many steps of work a step costs.
    pub(super) fn cost(&self) -> u64 {
        let width = self.x.width as u64 + 1;
        self.x.rows() as u64 * width * width / 4 + 1
    }

    /// One step of Newton's method; the model when it was the last.
    pub(super) fn step(&mut self) -> Result<Option<Fitted>> {
        let found = self.newton.step(&self.x, &self.churned)?;
        Ok(found.map(|logistic| Fitted {
            codings: self.codings.clone(),
            scaler: self.scaler.clone(),
            logistic,
            trees: Trees::default(),
            share: 0.0,
        }))
    }
}

/// Newton's method from nothing: the penalty keeps it well posed, and a table of
/// many columns would make a start by smartcore dear.
fn newton(x: &Matrix, churned: &[bool], alpha: f64, tolerance: f64) -> Newton {
    let nothing = Logistic { intercept: 0.0, weights: vec![0.0; x.width] };
    Newton::new(x, churned, alpha, nothing, tolerance)
}
