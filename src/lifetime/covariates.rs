//! Static covariates: what is known of a customer from the start, such as the
//! country or the channel of the first order, moves the rates of ordering and of
//! leaving (Fader and Hardie 2007, "Incorporating time-invariant covariates into
//! the Pareto/NBD and BG/NBD models").
//!
//! A covariate z multiplies the rate of orders by `exp(g1 z)`, that is, `alpha` by
//! `exp(-g1 z)`. In Pareto/NBD it multiplies the rate of leaving by `exp(g2 z)`
//! (`beta` by its inverse); in BG/NBD and MBG/NBD it multiplies `a` by `exp(g2 z)`
//! and `b` by `exp(g3 z)`. The logarithms of all parameters are linear in the
//! coefficients, so that the derivatives of the plain models carry over.

use std::sync::Arc;

use super::history::Groups;
use super::maximise::{Objective, Sums};
use super::model::Model;
use crate::error::{Error, Result};

/// Histories with the same covariates.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The covariates.
    pub z: Vec<f64>,
    /// The histories.
    pub groups: Arc<Groups>,
}

/// The parameters that covariates move, with the sign of their effect.
pub(super) fn moved(model: Model) -> Result<&'static [(usize, f64)]> {
    match model {
        Model::ParetoNbd => Ok(&[(1, -1.0), (3, -1.0)]),
        Model::BgNbd | Model::MbgNbd => Ok(&[(1, -1.0), (2, 1.0), (3, 1.0)]),
        _ => Err(Error::new("covariates-not-for-model").with("model", model.code())),
    }
}

/// What a block of coefficients does.
pub(super) fn process(parameter: usize, model: Model) -> &'static str {
    match (parameter, model) {
        (1, _) => "orders",
        (3, Model::ParetoNbd) | (2, _) => "leaving",
        _ => "staying",
    }
}

/// The logarithms of the four parameters of customers with these covariates.
pub(super) fn effective(moved: &[(usize, f64)], psi: &[f64], z: &[f64]) -> [f64; 4] {
    let mut theta = [psi[0], psi[1], psi[2], psi[3]];
    for (block, &(parameter, sign)) in moved.iter().enumerate() {
        let coefficients = &psi[4 + block * z.len()..];
        let sum: f64 = z.iter().zip(coefficients).map(|(z, g)| z * g).sum();
        theta[parameter] += sign * sum;
    }
    theta
}

/// The log-likelihood in the logarithms of the four parameters, followed by the
/// coefficients.
pub struct WithCovariates {
    moved: &'static [(usize, f64)],
    patterns: Vec<(Vec<f64>, Box<dyn Objective>)>,
    dimension: usize,
}

impl WithCovariates {
    /// The objective of these patterns, which have as many covariates each.
    ///
    /// # Errors
    /// `covariates-not-for-model` unless it is BG/NBD, MBG/NBD or Pareto/NBD.
    pub fn new(model: Model, patterns: &[Pattern]) -> Result<WithCovariates> {
        let moved = moved(model)?;
        let covariates = patterns.first().map_or(0, |p| p.z.len());
        Ok(WithCovariates {
            moved,
            dimension: 4 + moved.len() * covariates,
            patterns: patterns
                .iter()
                .map(|p| (p.z.clone(), model.objective(p.groups.clone())))
                .collect(),
        })
    }
}

impl Objective for WithCovariates {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn blocks(&self) -> usize {
        self.patterns.iter().map(|p| p.1.blocks()).sum()
    }

    fn prepare(&mut self, psi: &[f64]) {
        for (z, objective) in &mut self.patterns {
            let theta = effective(self.moved, psi, z);
            objective.prepare(&theta);
        }
    }

    fn add_block(&self, mut block: usize, sums: &mut Sums) {
        for (z, objective) in &self.patterns {
            if block >= objective.blocks() {
                block -= objective.blocks();
                continue;
            }
            let mut own = Sums::new(4);
            objective.add_block(block, &mut own);
            // The parameters' logarithms are linear in all that is estimated:
            // which parameter each estimate moves, and how far.
            let mut lever: Vec<(usize, f64)> = (0..4).map(|i| (i, 1.0)).collect();
            for &(parameter, sign) in self.moved {
                lever.extend(z.iter().map(|z| (parameter, sign * z)));
            }
            sums.value += own.value;
            for (i, &(p, x)) in lever.iter().enumerate().filter(|(_, l)| l.1 != 0.0) {
                sums.gradient[i] += x * own.gradient[p];
                for (j, &(q, y)) in lever.iter().enumerate() {
                    sums.hessian[i * lever.len() + j] += x * y * own.hessian[p * 4 + q];
                }
            }
            return;
        }
    }
}
