//! The likelihood of Pareto/NBD (Schmittlein, Morrison and Colombo 1987) with
//! exact first and second derivatives.
//!
//! A buyer orders at a gamma rate (shape `r`, rate `alpha` in weeks) and leaves
//! at a gamma rate (shape `s`, rate `beta` in weeks), whether ordering or not.
//! The likelihood is that of being active at T plus the integral over all days
//! on which the buyer may have left since the last order:
//!
//! `(alpha+T)^-k (beta+T)^-s + s * integral over t of (alpha+t)^-k (beta+t)^-(s+1)`
//!
//! with `k = r + x` and t from t_x to T. Everything in it is positive, so that
//! it has neither the cancellation nor the overflow of the published difference
//! of two hypergeometric functions (Fader and Hardie, note 2005-009), and it can
//! be differentiated under the integral.

use std::sync::Arc;

use super::geometric::beyond;
use super::history::Groups;
use super::maximise::{BLOCK, Objective, Sums};
use super::predict::weeks;
use super::quadrature::Rules;
use super::term::{Term, Total};

/// The log-likelihood of distinct histories, in the logarithms of r, alpha, s, beta.
#[derive(Clone, Debug)]
pub struct Pareto {
    groups: Arc<Groups>,
    beyond: Vec<f64>,
    total: f64,
    parameters: [f64; 4],
    rules: Rules,
}

/// The parts of the integral over the days of leaving.
#[derive(Clone, Copy, Debug)]
struct Span {
    k: f64,
    recency: f64,
    end: f64,
    /// What is added to a day for the variable of integration.
    shift: f64,
    /// The range of that variable, and the e-foldings over it.
    length: f64,
    decay: f64,
    /// Logarithm of the integrand's value at its start, without `s`.
    top: f64,
}

/// Beyond this many e-foldings nothing is left of the integrand.
const FOLDINGS: f64 = 46.0;

impl Span {
    fn new(p: &[f64; 4], x: f64, recency: f64, age: f64) -> Span {
        let [r, alpha, s, beta] = *p;
        let k = r + x;
        let reach = (alpha + recency) * libm::expm1((FOLDINGS / k).min(600.0));
        let end = age.min(recency + reach);
        // In the logarithm of the distance to the nearer pole, both powers are
        // smooth.
        let shift = alpha.min(beta);
        let length = libm::log((shift + end) / (shift + recency));
        let decay = k * libm::log((alpha + end) / (alpha + recency))
            + (s + 1.0) * libm::log((beta + end) / (beta + recency));
        let top = -k * libm::log(alpha + recency) - s * libm::log(beta + recency);
        Span { k, recency, end, shift, length, decay, top }
    }

    /// Calls `f` with (ln(alpha+t), ln(beta+t), 1/(alpha+t), 1/(beta+t), weight)
    /// for every node `t`; the weights add up to the integral without `s`,
    /// relative to `exp(top)`.
    fn nodes(&self, p: &[f64; 4], rules: &Rules, mut f: impl FnMut([f64; 5])) {
        if self.end <= self.recency {
            return;
        }
        let [_, alpha, s, beta] = *p;
        let from = libm::log(self.shift + self.recency);
        let (rule, panels) = rules.choose(self.length, self.decay);
        let width = self.length / panels;
        let gap = (alpha - beta).abs();
        for panel in 0..panels as u32 {
            let start = from + f64::from(panel) * width;
            for &(node, weight) in &rule.points {
                let v = start + node * width;
                let near = libm::exp(v);
                let far = near + gap;
                let (ln_far, i_near, i_far) = (libm::log(far), 1.0 / near, 1.0 / far);
                let (ln_a, ln_b, ia, ib) = if alpha <= beta {
                    (v, ln_far, i_near, i_far)
                } else {
                    (ln_far, v, i_far, i_near)
                };
                // dt = near dv
                let ln = -self.k * ln_a - (s + 1.0) * ln_b + v - self.top;
                f([ln_a, ln_b, ia, ib, weight * width * libm::exp(ln)]);
            }
        }
    }
}

/// The logarithm of the odds that a customer has left.
pub fn ln_odds_gone(p: &[f64; 4], rules: &Rules, x: f64, recency: f64, age: f64) -> f64 {
    let [_, alpha, s, beta] = *p;
    let span = Span::new(p, x, recency, age);
    let mut integral = 0.0;
    span.nodes(p, rules, |[.., weight]| integral += weight);
    let active = -span.k * libm::log(alpha + age) - s * libm::log(beta + age);
    span.top + libm::log(s * integral) - active
}

impl Pareto {
    /// The objective of these histories.
    pub fn new(groups: Arc<Groups>) -> Pareto {
        Pareto {
            beyond: beyond(&groups),
            total: groups.total(),
            parameters: [1.0; 4],
            rules: Rules::default(),
            groups,
        }
    }

    /// Being active at T.
    fn active(&self, k: f64, age: f64) -> Term {
        let [_, alpha, s, beta] = self.parameters;
        let (ln_a, ln_b) = (libm::log(alpha + age), libm::log(beta + age));
        let (ia, ib) = (1.0 / (alpha + age), 1.0 / (beta + age));
        let mut term = Term { ln: -k * ln_a - s * ln_b, ..Term::default() };
        term.gradient = [-ln_a, -k * ia, -ln_b, -s * ib];
        term.hessian[0][1] = -ia;
        term.hessian[1][1] = k * ia * ia;
        term.hessian[2][3] = -ib;
        term.hessian[3][3] = s * ib * ib;
        term
    }

    /// Having left between the last order and T; its logarithm is minus infinity
    /// when there was no time for it.
    fn gone(&self, x: f64, recency: f64, age: f64) -> Term {
        let [_, alpha, s, beta] = self.parameters;
        let span = Span::new(&self.parameters, x, recency, age);
        // Moments of the logarithms, taken from those at t_x, and of the
        // reciprocals.
        let (ln_a0, ln_b0) = (libm::log(alpha + recency), libm::log(beta + recency));
        let mut m = [0.0; 15];
        span.nodes(&self.parameters, &self.rules, |[ln_a, ln_b, ia, ib, w]| {
            let (la, lb) = (ln_a - ln_a0, ln_b - ln_b0);
            let (wla, wlb, wia, wib) = (w * la, w * lb, w * ia, w * ib);
            let parts = [
                w,
                wla,
                wia,
                wlb,
                wib,
                wla * la,
                wla * ia,
                wla * lb,
                wla * ib,
                wia * ia,
                wia * lb,
                wia * ib,
                wlb * lb,
                wlb * ib,
                wib * ib,
            ];
            m.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        });
        if m[0] <= 0.0 {
            return Term { ln: f64::NEG_INFINITY, ..Term::default() };
        }
        let [w, e @ ..] = m;
        let [la, ia, lb, ib, laa, laia, lalb, laib, iaa, ialb, iaib, lbb, lbib, ibb] =
            e.map(|sum| sum / w);
        let (k, s1) = (span.k, s + 1.0);
        // The derivatives of the logarithm of the integrand are, up to the
        // constants added here, -la, -k ia, -lb and -s1 ib.
        let shift = [-ln_a0, 0.0, 1.0 / s - ln_b0, 0.0];
        let own = [-la, -k * ia, -lb, -s1 * ib];
        let mut term = Term { ln: span.top + libm::log(s * w), ..Term::default() };
        for i in 0..4 {
            term.gradient[i] = own[i] + shift[i];
        }
        let products = [
            [laa, k * laia, lalb, s1 * laib],
            [0.0, k * k * iaa, k * ialb, k * s1 * iaib],
            [0.0, 0.0, lbb, s1 * lbib],
            [0.0, 0.0, 0.0, s1 * s1 * ibb],
        ];
        let means = [
            [0.0, -ia, 0.0, 0.0],
            [0.0, k * iaa, 0.0, 0.0],
            [0.0, 0.0, -1.0 / (s * s), -ib],
            [0.0, 0.0, 0.0, s1 * ibb],
        ];
        for i in 0..4 {
            for j in i..4 {
                term.hessian[i][j] = means[i][j] + products[i][j] - own[i] * own[j];
            }
        }
        term
    }
}

impl Objective for Pareto {
    fn dimension(&self) -> usize {
        4
    }

    fn blocks(&self) -> usize {
        // A history costs some ten times as much as in the other models.
        self.groups.len().div_ceil(BLOCK / 8)
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = [0, 1, 2, 3].map(|i| libm::exp(theta[i]));
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        let [r, alpha, s, beta] = self.parameters;
        let mut total = Total::default();
        if block == 0 {
            let n = self.total;
            let (ln_alpha, ln_beta) = (libm::log(alpha), libm::log(beta));
            total.value += n * (r * ln_alpha + s * ln_beta);
            total.gradient = [n * ln_alpha, n * r / alpha, n * ln_beta, n * s / beta];
            let h = &mut total.hessian;
            h[0][1] = n / alpha;
            h[1][1] = -n * r / (alpha * alpha);
            h[2][3] = n / beta;
            h[3][3] = -n * s / (beta * beta);
            total.add_rising(&self.beyond, r);
        }
        let size = BLOCK / 8;
        for group in block * size..((block + 1) * size).min(self.groups.len()) {
            let [x, recency, age] = weeks(&self.groups, group);
            let (active, gone) = (self.active(r + x, age), self.gone(x, recency, age));
            total.add_log_of_sum(&active, &gone, self.groups.customers[group]);
        }
        total.into_logs(&self.parameters, sums);
    }
}
