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
use super::quadrature::Rule;
use super::special::softplus;

/// The log-likelihood of distinct histories, in the logarithms of r, alpha, s, beta.
#[derive(Clone, Debug)]
pub struct Pareto {
    groups: Arc<Groups>,
    beyond: Vec<f64>,
    total: f64,
    parameters: [f64; 4],
    rule: Rule,
}

/// A logarithm with its derivatives in r, alpha, s and beta (upper triangle).
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    ln: f64,
    gradient: [f64; 4],
    hessian: [[f64; 4]; 4],
}

/// The parts of the integral over the days of leaving.
#[derive(Clone, Copy, Debug)]
struct Span {
    k: f64,
    recency: f64,
    end: f64,
    panels: f64,
    shift: f64,
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
        // smooth; a panel covers at most twelve e-foldings.
        let shift = alpha.min(beta);
        let length = libm::log((shift + end) / (shift + recency));
        let decay = k * libm::log((alpha + end) / (alpha + recency))
            + (s + 1.0) * libm::log((beta + end) / (beta + recency));
        let panels = libm::ceil((decay / 12.0).max(length / 1.2)).max(1.0);
        let top = -k * libm::log(alpha + recency) - s * libm::log(beta + recency);
        Span { k, recency, end, panels, shift, top }
    }

    /// Calls `f` with (ln(alpha+t), ln(beta+t), weight) for every node `t`; the
    /// weights add up to the integral without `s`, relative to `exp(top)`.
    fn nodes(&self, p: &[f64; 4], rule: &Rule, mut f: impl FnMut(f64, f64, f64)) {
        if self.end <= self.recency {
            return;
        }
        let [_, alpha, s, beta] = *p;
        let from = libm::log(self.shift + self.recency);
        let width = (libm::log(self.shift + self.end) - from) / self.panels;
        for panel in 0..self.panels as u32 {
            let start = from + f64::from(panel) * width;
            for (node, weight) in rule.points {
                let v = start + node * width;
                let shifted = libm::exp(v);
                let (ln_a, ln_b) = if alpha <= beta {
                    (v, libm::log(shifted + (beta - alpha)))
                } else {
                    (libm::log(shifted + (alpha - beta)), v)
                };
                // dt = shifted dv
                let ln = -self.k * ln_a - (s + 1.0) * ln_b + v - self.top;
                f(ln_a, ln_b, weight * width * libm::exp(ln));
            }
        }
    }
}

/// The logarithm of the odds that a customer has left.
pub fn ln_odds_gone(p: &[f64; 4], rule: &Rule, x: f64, recency: f64, age: f64) -> f64 {
    let [_, alpha, s, beta] = *p;
    let span = Span::new(p, x, recency, age);
    let mut integral = 0.0;
    span.nodes(p, rule, |_, _, weight| integral += weight);
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
            rule: Rule::new(),
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
        span.nodes(&self.parameters, &self.rule, |ln_a, ln_b, w| {
            let (la, lb) = (ln_a - ln_a0, ln_b - ln_b0);
            let (ia, ib) = (libm::exp(-ln_a), libm::exp(-ln_b));
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

/// Adds `n` times the logarithm of the sum of two terms to the sums.
fn add_sum(
    a: &Term,
    b: &Term,
    n: f64,
    value: &mut f64,
    g: &mut [f64; 4],
    h: &mut [[f64; 4]; 4],
) {
    let (soft, p) =
        if b.ln == f64::NEG_INFINITY { (0.0, 0.0) } else { softplus(b.ln - a.ln) };
    *value += n * (a.ln + soft);
    let mut d = [0.0; 4];
    for i in 0..4 {
        d[i] = b.gradient[i] - a.gradient[i];
        g[i] += n * (a.gradient[i] + p * d[i]);
    }
    let q = p * (1.0 - p);
    for i in 0..4 {
        for j in i..4 {
            let (ha, hb) = (a.hessian[i][j], b.hessian[i][j]);
            h[i][j] += n * (ha + p * (hb - ha) + q * d[i] * d[j]);
        }
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
        let (mut value, mut g, mut h) = (0.0, [0.0; 4], [[0.0; 4]; 4]);
        if block == 0 {
            let n = self.total;
            let (ln_alpha, ln_beta) = (libm::log(alpha), libm::log(beta));
            value += n * (r * ln_alpha + s * ln_beta);
            g = [n * ln_alpha, n * r / alpha, n * ln_beta, n * s / beta];
            h[0][1] = n / alpha;
            h[1][1] = -n * r / (alpha * alpha);
            h[2][3] = n / beta;
            h[3][3] = -n * s / (beta * beta);
            for (j, &n) in self.beyond.iter().enumerate() {
                let i = 1.0 / (r + j as f64);
                value += n * libm::log(r + j as f64);
                g[0] += n * i;
                h[0][0] -= n * i * i;
            }
        }
        let size = BLOCK / 8;
        for group in block * size..((block + 1) * size).min(self.groups.len()) {
            let [x, recency, age] = weeks(&self.groups, group);
            let (active, gone) = (self.active(r + x, age), self.gone(x, recency, age));
            add_sum(
                &active,
                &gone,
                self.groups.customers[group],
                &mut value,
                &mut g,
                &mut h,
            );
        }
        sums.add_in_logs(&self.parameters, value, &g, &h);
    }
}
