//! Subscriptions: how many of a cohort renew, by sBG (Fader and Hardie 2007) and
//! its extension to the beta-discrete-Weibull (Fader, Hardie, Liu, Davin and
//! Steenburgh 2018), in which a renewal grows more or less likely with time.
//!
//! The chance of surviving t renewals is `B(alpha, beta + t^c) / B(alpha, beta)`;
//! sBG is the case c = 1.

use serde::Serialize;

use super::fit::{Fit, FitTask, Parameter};
use super::maximise::{Objective, Sums};
use super::special::{digamma, ln_beta, ln_rising, trigamma};
use crate::error::{Error, Result};
use crate::message::Message;

/// One cohort: customers at the start and after each renewal.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// The customers left after 0, 1, 2, ... renewals; never rising.
    pub left: Vec<f64>,
}

impl Cohort {
    /// A cohort that can be.
    ///
    /// # Errors
    /// `retention-empty` without two periods or without a customer at the start,
    /// `retention-rising` with the `period` (1 for the first renewal) in which
    /// there are more customers than before, `retention-negative` with the
    /// `period` of a number below zero or not a number.
    pub fn new(left: Vec<f64>) -> Result<Cohort> {
        if let Some(period) = left.iter().position(|n| !n.is_finite() || *n < 0.0) {
            return Err(Error::new("retention-negative").with("period", period));
        }
        if left.len() < 2 || left[0] <= 0.0 {
            return Err(Error::new("retention-empty").with("periods", left.len()));
        }
        if let Some(before) = left.windows(2).position(|pair| pair[1] > pair[0]) {
            return Err(Error::new("retention-rising").with("period", before + 1));
        }
        Ok(Cohort { left })
    }

    /// Cohorts from customers with a start and, unless they are still there, an
    /// end, counted in whole periods since the start: `ended[i]` renewals and
    /// whether the customer left then; all who could have renewed `periods` times.
    ///
    /// # Errors
    /// Those of [`Cohort::new`].
    pub fn of(renewals: &[(u32, bool)], periods: u32) -> Result<Cohort> {
        let mut left = vec![0.0; periods as usize + 1];
        for &(survived, gone) in renewals {
            let last = if gone { survived.min(periods) } else { periods };
            for n in &mut left[..=last as usize] {
                *n += 1.0;
            }
        }
        Cohort::new(left)
    }
}

/// Which curve is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Shifted beta-geometric: the chance of renewing differs between customers.
    Sbg,
    /// Beta-discrete-Weibull: it changes with time too.
    Bdw,
}

impl Curve {
    fn names(self) -> &'static [&'static str] {
        match self {
            Curve::Sbg => &["alpha", "beta"],
            Curve::Bdw => &["alpha", "beta", "c"],
        }
    }
}

/// A fitted retention curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// `sbg` or `bdw`.
    pub model: &'static str,
    /// alpha, beta and, for BdW, c.
    pub parameters: Vec<Parameter>,
    /// Log-likelihood of all customers.
    pub log_likelihood: f64,
    /// Of sBG and BdW the one with the lower criterion is used.
    pub bic: f64,
    /// How far the fit can be trusted.
    pub verdict: Message,
    /// Share left after 0, 1, 2, ... renewals, as far as asked for.
    pub survival: Vec<f64>,
    /// Chance of renewing at the 1st, 2nd, ... renewal.
    pub retention: Vec<f64>,
    /// Discounted expected residual lifetime of a customer about to renew for the
    /// 1st, 2nd, ... time: the renewal itself counts in full.
    pub residual: Vec<f64>,
}

/// The logarithm of the chance of surviving so many renewals.
pub fn ln_survival(parameters: &[f64], renewals: f64) -> f64 {
    let [alpha, beta] = [parameters[0], parameters[1]];
    let power = parameters.get(2).map_or(renewals, |&c| libm::pow(renewals, c));
    if power < 16.0 && power == libm::floor(power) {
        return ln_rising(beta, power) - ln_rising(alpha + beta, power);
    }
    ln_beta(alpha, beta + power) - ln_beta(alpha, beta)
}

/// The discounted expected residual lifetime of a customer who has survived
/// `renewals` renewals and is about to decide on the next, at a discount a
/// period: the sum over t = 1, 2, ... of the chance of surviving t more renewals,
/// discounted `t - 1` times.
///
/// In the notation of Fader and Hardie 2010, `renewals` is n - 1.
///
/// # Errors
/// `bad-discount-rate` unless it is above 0.
pub fn residual_lifetime(
    parameters: &[f64],
    renewals: u32,
    discount: f64,
) -> Result<f64> {
    if discount.is_nan() || discount <= 0.0 {
        let value = if discount.is_nan() { -1.0 } else { discount };
        return Err(Error::new("bad-discount-rate").with("value", value));
    }
    let base = ln_survival(parameters, f64::from(renewals));
    let (mut sum, mut weight) = (0.0, 1.0);
    for t in 1..200_000 {
        let ahead = f64::from(renewals) + f64::from(t);
        let term = weight * libm::exp(ln_survival(parameters, ahead) - base);
        sum += term;
        weight /= 1.0 + discount;
        // The rest of the sum is at most a geometric one.
        if term <= 1e-16 * sum * discount {
            break;
        }
    }
    Ok(sum)
}

/// Fits a curve to cohorts.
pub fn fit(curve: Curve, cohorts: &[Cohort]) -> Fit {
    let objective = |cohorts: &[Cohort]| Likelihood::new(curve, cohorts);
    let mut starts = vec![vec![1.0, 3.0], vec![0.5, 0.5], vec![5.0, 50.0]];
    if curve == Curve::Bdw {
        starts.iter_mut().for_each(|start| start.push(1.0));
        starts.push(vec![1.0, 3.0, 0.7]);
        starts.push(vec![1.0, 3.0, 1.5]);
    }
    let starts = starts.iter().map(|s| s.iter().map(|&p| libm::log(p)).collect());
    FitTask::new(Box::new(objective(cohorts)), None, starts.collect()).run()
}

/// Fits sBG and BdW, takes the one with the lower Bayesian criterion, and draws
/// `periods` renewals.
///
/// # Errors
/// `retention-empty` without a cohort, `retention-no-loss` when nobody has left,
/// `retention-all-lost` when nobody has renewed, and those of
/// [`residual_lifetime`].
pub fn retention(cohorts: &[Cohort], periods: u32, discount: f64) -> Result<Retention> {
    if cohorts.is_empty() {
        return Err(Error::new("retention-empty").with("periods", 0));
    }
    let start: f64 = cohorts.iter().map(|c| c.left[0]).sum();
    let left: f64 = cohorts.iter().filter_map(|c| c.left.last()).sum();
    let renewed: f64 = cohorts.iter().map(|c| c.left[1]).sum();
    if left >= start {
        return Err(Error::new("retention-no-loss"));
    }
    if renewed <= 0.0 {
        return Err(Error::new("retention-all-lost"));
    }
    let longest = cohorts.iter().map(|c| c.left.len()).max().unwrap_or(0);
    let plain = fit(Curve::Sbg, cohorts);
    let criterion = |fit: &Fit| {
        fit.parameters.len() as f64 * libm::log(start) - 2.0 * fit.log_likelihood
    };
    let mut best = (Curve::Sbg, plain);
    // Three parameters need more than two renewals.
    if longest > 3 {
        let bent = fit(Curve::Bdw, cohorts);
        if bent.log_likelihood.is_finite() && criterion(&bent) < criterion(&best.1) {
            best = (Curve::Bdw, bent);
        }
    }
    let (curve, fit) = best;
    let parameters = &fit.parameters;
    let survival: Vec<f64> =
        (0..=periods).map(|t| libm::exp(ln_survival(parameters, f64::from(t)))).collect();
    let retention = (1..=periods)
        .map(|t| {
            let t = f64::from(t);
            libm::exp(ln_survival(parameters, t) - ln_survival(parameters, t - 1.0))
        })
        .collect();
    let residual = (0..periods)
        .map(|renewals| residual_lifetime(parameters, renewals, discount))
        .collect::<Result<Vec<f64>>>()?;
    Ok(Retention {
        model: if curve == Curve::Sbg { "sbg" } else { "bdw" },
        parameters: fit.named(curve.names()),
        log_likelihood: fit.log_likelihood,
        bic: criterion(&fit),
        verdict: verdict(&fit),
        survival,
        retention,
        residual,
    })
}

/// What may be said of the fit.
fn verdict(fit: &Fit) -> Message {
    let code = if !fit.converged || !fit.log_likelihood.is_finite() {
        "retention-not-converged"
    } else if fit.loosest > super::verdict::LOOSE {
        // alpha and beta run to infinity together: everybody is alike.
        "retention-weakly-identified"
    } else {
        "retention-well-identified"
    };
    Message::new(code)
}

/// The log-likelihood in the logarithms of the parameters.
struct Likelihood {
    dimension: usize,
    /// Renewals survived, whether the customers left then, how many.
    cells: Vec<(f64, bool, f64)>,
    parameters: Vec<f64>,
}

impl Likelihood {
    fn new(curve: Curve, cohorts: &[Cohort]) -> Likelihood {
        let mut cells = Vec::new();
        for cohort in cohorts {
            for (t, pair) in cohort.left.windows(2).enumerate() {
                cells.push((t as f64, true, pair[0] - pair[1]));
            }
            let last = cohort.left.len() - 1;
            cells.push((last as f64, false, cohort.left[last]));
        }
        cells.retain(|cell| cell.2 > 0.0);
        let dimension = curve.names().len();
        Likelihood { dimension, cells, parameters: vec![1.0; dimension] }
    }

    /// `ln S(t)` with derivatives in alpha, beta and c.
    fn ln_survival(&self, t: f64) -> (f64, [f64; 3], [[f64; 3]; 3]) {
        let [alpha, beta] = [self.parameters[0], self.parameters[1]];
        let c = self.parameters.get(2).copied();
        let value = ln_survival(&self.parameters, t);
        if t == 0.0 {
            return (0.0, [0.0; 3], [[0.0; 3]; 3]);
        }
        // u = t^c and its derivatives in c.
        let u = c.map_or(t, |c| libm::pow(t, c));
        let ln_t = libm::log(t);
        let (u1, u2) = if c.is_some() { (u * ln_t, u * ln_t * ln_t) } else { (0.0, 0.0) };
        let (b, ab) = (beta + u, alpha + beta + u);
        let own = digamma(b) - digamma(ab);
        let bend = trigamma(b) - trigamma(ab);
        let base = digamma(beta) - digamma(alpha + beta);
        let base_bend = trigamma(beta) - trigamma(alpha + beta);
        let whole = digamma(alpha + beta) - digamma(ab);
        let whole_bend = trigamma(alpha + beta) - trigamma(ab);
        let gradient = [whole, own - base, own * u1];
        let hessian = [
            [whole_bend, whole_bend, -trigamma(ab) * u1],
            [0.0, bend - base_bend, bend * u1],
            [0.0, 0.0, bend * u1 * u1 + own * u2],
        ];
        (value, gradient, hessian)
    }
}

impl Objective for Likelihood {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn blocks(&self) -> usize {
        1
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = theta.iter().map(|&t| libm::exp(t)).collect();
    }

    fn add_block(&self, _: usize, sums: &mut Sums) {
        let n = self.dimension;
        let (mut value, mut g, mut h) = (0.0, [0.0; 3], [[0.0; 3]; 3]);
        for &(t, gone, count) in &self.cells {
            let (ln, d, dd) = self.ln_survival(t);
            value += count * ln;
            for i in 0..n {
                g[i] += count * d[i];
                for j in i..n {
                    h[i][j] += count * dd[i][j];
                }
            }
            if !gone {
                continue;
            }
            // Left at the next renewal: ln(1 - S(t+1) / S(t)) comes on top.
            let (next, e, ee) = self.ln_survival(t + 1.0);
            let ratio = libm::exp(next - ln);
            let rest = -libm::expm1(next - ln);
            value += count * libm::log(rest);
            let odds = ratio / rest;
            let diff = [e[0] - d[0], e[1] - d[1], e[2] - d[2]];
            for i in 0..n {
                g[i] -= count * odds * diff[i];
                for j in i..n {
                    let bend = (ee[i][j] - dd[i][j]) + diff[i] * diff[j] / rest;
                    h[i][j] -= count * odds * bend;
                }
            }
        }
        let parameters = &self.parameters;
        sums.value += value;
        for i in 0..n {
            let own = parameters[i] * g[i];
            sums.gradient[i] += own;
            sums.hessian[i * n + i] += own;
            for j in 0..n {
                let second = if i <= j { h[i][j] } else { h[j][i] };
                sums.hessian[i * n + j] += parameters[i] * parameters[j] * second;
            }
        }
    }
}
