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
    parameters: [f64; 4],
    rules: Rules,
}

/// The integral over the time of leaving, from the last order on.
#[derive(Clone, Copy, Debug)]
struct Span {
    x: f64,
    recency: f64,
    /// Where nothing is left of the integrand, if that is before the age.
    end: f64,
    /// What is added to a time for the variable of integration, its logarithm.
    shift: f64,
    /// The range of that variable, and the e-foldings over it.
    length: f64,
    decay: f64,
}

/// A time at which the customer may have left.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Weeks since the first order.
    t: f64,
    /// `ln((alpha+t) / (alpha+t_x))`, and the same for beta.
    ln_a: f64,
    ln_b: f64,
    /// `1 / (alpha+t)`, `1 / (beta+t)`.
    inv_a: f64,
    inv_b: f64,
    weight: f64,
}

/// Beyond this many e-foldings nothing is left of the integrand.
const FOLDINGS: f64 = 46.0;

impl Span {
    fn new(p: &[f64; 4], x: f64, recency: f64, age: f64) -> Span {
        let [r, alpha, s, beta] = *p;
        let (from_a, from_b) = (alpha + recency, beta + recency);
        let reach =
            |from: f64, power: f64| from * libm::expm1((FOLDINGS / power).min(600.0));
        let far = reach(from_a, r + x).min(reach(from_b, s + 1.0));
        let span = (age - recency).min(far);
        // In the logarithm of the distance to the nearer pole, both powers are
        // smooth.
        let shift = alpha.min(beta);
        let length = libm::log1p(span / (shift + recency));
        let decay =
            (r + x) * libm::log1p(span / from_a) + (s + 1.0) * libm::log1p(span / from_b);
        Span { x, recency, end: recency + span, shift, length, decay }
    }

    /// Calls `f` for every node; the weights add up to the integral without `s`,
    /// relative to the integrand's own factors at t_x but `1 / (beta+t_x)`.
    fn nodes(&self, p: &[f64; 4], rules: &Rules, mut f: impl FnMut(Node)) {
        if self.end <= self.recency {
            return;
        }
        let [r, alpha, s, beta] = *p;
        let near = self.shift + self.recency;
        let far = alpha.max(beta) + self.recency;
        let scale = near / (beta + self.recency);
        let (rule, panels) = rules.choose(self.length, self.decay);
        let width = self.length / panels;
        for panel in 0..panels as u32 {
            let start = f64::from(panel) * width;
            for &(node, weight) in &rule.points {
                let ln_near = start + node * width;
                let gone = near * libm::expm1(ln_near);
                let ln_far = libm::log1p(gone / far);
                let (inv_near, inv_far) = (1.0 / (near + gone), 1.0 / (far + gone));
                let (ln_a, ln_b, inv_a, inv_b) = if alpha <= beta {
                    (ln_near, ln_far, inv_near, inv_far)
                } else {
                    (ln_far, ln_near, inv_far, inv_near)
                };
                // dt = (near + gone) d(ln near)
                let ln = ln_near - (r + self.x) * ln_a - (s + 1.0) * ln_b;
                let weight = scale * weight * width * libm::exp(ln);
                let t = self.recency + gone;
                f(Node { t, ln_a, ln_b, inv_a, inv_b, weight });
            }
        }
    }
}

/// The logarithm of the odds that a customer has left.
pub fn ln_odds_gone(p: &[f64; 4], rules: &Rules, x: f64, recency: f64, age: f64) -> f64 {
    let [r, alpha, s, beta] = *p;
    let span = Span::new(p, x, recency, age);
    let mut integral = 0.0;
    span.nodes(p, rules, |node| integral += node.weight);
    let silent = age - recency;
    libm::log(s * integral)
        + (r + x) * libm::log1p(silent / (alpha + recency))
        + s * libm::log1p(silent / (beta + recency))
}

impl Pareto {
    /// The objective of these histories.
    pub fn new(groups: Arc<Groups>) -> Pareto {
        Pareto {
            beyond: beyond(&groups),
            parameters: [1.0; 4],
            rules: Rules::default(),
            groups,
        }
    }

    /// Being active at T, with `r ln(alpha)` and `s ln(beta)` taken in so that
    /// nothing large is left to cancel.
    fn active(&self, x: f64, age: f64) -> Term {
        let [r, alpha, s, beta] = self.parameters;
        let (ia, ib) = (1.0 / (alpha + age), 1.0 / (beta + age));
        let (ln_a, ln_b) = (libm::log1p(age / alpha), libm::log1p(age / beta));
        let (qa, qb) = (age * ia / alpha, age * ib / beta);
        let ln = -r * ln_a - x * libm::log(alpha + age) - s * ln_b;
        let mut term = Term { ln, ..Term::default() };
        term.gradient = [-ln_a, r * qa - x * ia, -ln_b, s * qb];
        term.hessian[0][1] = qa;
        term.hessian[1][1] = x * ia * ia - r * qa * (1.0 / alpha + ia);
        term.hessian[2][3] = qb;
        term.hessian[3][3] = -s * qb * (1.0 / beta + ib);
        term
    }

    /// Having left between the last order and T; its logarithm is minus infinity
    /// when there was no time for it.
    fn gone(&self, x: f64, recency: f64, age: f64) -> Term {
        let [r, alpha, s, beta] = self.parameters;
        let span = Span::new(&self.parameters, x, recency, age);
        // Sums of the weights, of the first derivatives of the integrand's
        // logarithm times them, of their products, and of the second ones.
        let (mut sum, mut first) = (0.0, [0.0; 4]);
        let (mut products, mut second) = ([[0.0; 4]; 4], [0.0; 4]);
        span.nodes(&self.parameters, &self.rules, |node| {
            let Node { t, ln_a, ln_b, inv_a: ia, inv_b: ib, weight: w } = node;
            let (qa, qb) = (t * ia / alpha, t * ib / beta);
            let d = [-ln_a, r * qa - x * ia, -ln_b, s * qb - ib];
            sum += w;
            for i in 0..4 {
                let wd = w * d[i];
                first[i] += wd;
                for j in i..4 {
                    products[i][j] += wd * d[j];
                }
            }
            second[0] += w * qa;
            second[1] += w * (x * ia * ia - r * qa * (1.0 / alpha + ia));
            second[2] += w * qb;
            second[3] += w * (ib * ib - s * qb * (1.0 / beta + ib));
        });
        if sum <= 0.0 {
            return Term { ln: f64::NEG_INFINITY, ..Term::default() };
        }
        let mean = first.map(|d| d / sum);
        let (ln_a, ln_b) = (libm::log1p(recency / alpha), libm::log1p(recency / beta));
        let top = -r * ln_a - x * libm::log(alpha + recency) - s * ln_b;
        let mut term = Term { ln: top + libm::log(s * sum), ..Term::default() };
        term.gradient = [mean[0] - ln_a, mean[1], mean[2] - ln_b + 1.0 / s, mean[3]];
        for i in 0..4 {
            for j in i..4 {
                term.hessian[i][j] = products[i][j] / sum - mean[i] * mean[j];
            }
        }
        term.hessian[0][1] += second[0] / sum;
        term.hessian[1][1] += second[1] / sum;
        term.hessian[2][2] -= 1.0 / (s * s);
        term.hessian[2][3] += second[2] / sum;
        term.hessian[3][3] += second[3] / sum;
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
        let mut total = Total::default();
        if block == 0 {
            total.add_rising(&self.beyond, self.parameters[0]);
        }
        let size = BLOCK / 8;
        for group in block * size..((block + 1) * size).min(self.groups.len()) {
            let [x, recency, age] = weeks(&self.groups, group);
            let (active, gone) = (self.active(x, age), self.gone(x, recency, age));
            total.add_log_of_sum(&active, &gone, self.groups.customers[group]);
        }
        total.into_logs(&self.parameters, sums);
    }
}
