//! Logistic regression with an L2 penalty: smartcore's learner, brought to the
//! exact optimum by Newton's method (Hastie, Tibshirani and Friedman, The
//! Elements of Statistical Learning, 2nd ed., section 4.4.1).
//!
//! smartcore stops at a tolerance of its gradient, so its last digits depend on
//! the platform's `exp`. The penalised likelihood is strictly convex: a few
//! Newton steps from there reach its one optimum to the last digits everywhere.

use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{
    LogisticRegression, LogisticRegressionParameters,
};

use crate::error::{Error, Result};

/// Rows that smartcore sees; Newton's method then sees all of them.
const START_ROWS: usize = 2_000;

/// The largest step left at an exact optimum; the next would be its square.
pub const TOLERANCE: f64 = 1e-7;

/// A step by kept second derivatives leaves up to a tenth of itself, where one by
/// fresh ones leaves its square; so it must be smaller by this.
const CHORD: f64 = 1e-3;

/// Newton steps at most; from smartcore's start four or five are enough.
const MAX_STEPS: usize = 50;

/// A table of numbers, row after row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Entries a row.
    pub width: usize,
    /// `rows x width` values.
    pub values: Vec<f64>,
}

impl Matrix {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// One row.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    /// The same rows with one more entry each, at the end.
    #[must_use]
    pub fn with_column(&self, column: &[f64]) -> Matrix {
        let mut values = Vec::with_capacity(self.values.len() + column.len());
        for (i, &last) in column.iter().enumerate() {
            values.extend_from_slice(self.row(i));
            values.push(last);
        }
        Matrix { width: self.width + 1, values }
    }

    /// The rows for which `keep` holds.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(usize) -> bool) -> Matrix {
        let mut values = Vec::new();
        for i in (0..self.rows()).filter(|&i| keep(i)) {
            values.extend_from_slice(self.row(i));
        }
        Matrix { width: self.width, values }
    }
}

/// Mean and standard deviation of each column of the training rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaler {
    /// Mean of each column.
    pub mean: Vec<f64>,
    /// Standard deviation of each column; 0 where the column is constant.
    pub deviation: Vec<f64>,
}

impl Scaler {
    /// The statistics of these rows.
    pub fn fit(matrix: &Matrix) -> Scaler {
        let (n, width) = (matrix.rows().max(1) as f64, matrix.width);
        let mut mean = vec![0.0; width];
        for row in matrix.values.chunks_exact(width.max(1)) {
            for (m, x) in mean.iter_mut().zip(row) {
                *m += x;
            }
        }
        mean.iter_mut().for_each(|m| *m /= n);
        let mut deviation = vec![0.0; width];
        for row in matrix.values.chunks_exact(width.max(1)) {
            for ((d, x), m) in deviation.iter_mut().zip(row).zip(&mean) {
                *d += (x - m) * (x - m);
            }
        }
        for (d, m) in deviation.iter_mut().zip(&mean) {
            *d = libm::sqrt(*d / n);
            // A column that only wobbles by rounding is constant.
            if *d <= 1e-12 * m.abs().max(1.0) {
                *d = 0.0;
            }
        }
        Scaler { mean, deviation }
    }

    /// Standardises a row in place; constant columns become 0.
    pub fn apply(&self, row: &mut [f64]) {
        for ((x, m), d) in row.iter_mut().zip(&self.mean).zip(&self.deviation) {
            *x = if *d > 0.0 { (*x - m) / d } else { 0.0 };
        }
    }
}

/// The fitted weights: the log-odds are `intercept + row * weights`.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// Log-odds of an all-zero row.
    pub intercept: f64,
    /// One weight a column.
    pub weights: Vec<f64>,
}

impl Logistic {
    /// The log-odds of a row.
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        self.weights.iter().zip(row).fold(self.intercept, |sum, (w, x)| sum + w * x)
    }
}

/// The probability of these log-odds.
pub fn probability(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + libm::exp(-log_odds))
    } else {
        let e = libm::exp(log_odds);
        e / (1.0 + e)
    }
}

/// ln(1 + exp(z)) without overflow.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + libm::log1p(libm::exp(-z.abs()))
}

/// Fits the weights that minimise the sum of log losses plus
/// `alpha / 2 * |weights|^2`; the intercept is not penalised.
///
/// `alpha` must be positive, so that separable rows have an optimum too. The
/// rows should be standardised. Cost: a few times `rows x width^2`.
///
/// # Errors
/// `churn-one-class` when all labels are equal; `churn-fit` when no optimum is
/// reached (not a number among the rows).
pub fn fit(x: &Matrix, y: &[bool], alpha: f64) -> Result<Logistic> {
    if y.iter().all(|&c| c) || y.iter().all(|&c| !c) {
        return Err(Error::new("churn-one-class"));
    }
    newton(x, y, alpha, start(x, y, alpha), TOLERANCE)
}

/// smartcore's fit on every k-th row, at the same penalty a row.
fn start(x: &Matrix, y: &[bool], alpha: f64) -> Logistic {
    let step = x.rows().div_ceil(START_ROWS).max(1);
    let picked = x.filter(|i| i % step == 0);
    let labels: Vec<i32> = y.iter().step_by(step).map(|&y| i32::from(y)).collect();
    let nothing = Logistic { intercept: 0.0, weights: vec![0.0; x.width] };
    let share = picked.rows() as f64 / x.rows().max(1) as f64;
    let parameters = LogisticRegressionParameters::default().with_alpha(alpha * share);
    let fitted = DenseMatrix::new(picked.rows(), x.width, picked.values, false)
        .and_then(|m| LogisticRegression::fit(&m, &labels, parameters));
    // A sample of one class has no fit; Newton's method then starts from zero.
    let Ok(fitted) = fitted else { return nothing };
    let weights: Vec<f64> = fitted.coefficients().iterator(0).copied().collect();
    let intercept = *fitted.intercept().get((0, 0));
    let usable = intercept.is_finite() && weights.iter().all(|w| w.is_finite());
    if usable { Logistic { intercept, weights } } else { nothing }
}

/// Newton's method with halved steps from a start, until the largest step is
/// below the tolerance.
///
/// # Errors
/// `churn-fit` when it does not get there.
pub fn newton(
    x: &Matrix,
    y: &[bool],
    alpha: f64,
    start: Logistic,
    tolerance: f64,
) -> Result<Logistic> {
    let mut newton = Newton::new(x, y, alpha, start, tolerance);
    loop {
        if let Some(found) = newton.step(x, y)? {
            return Ok(found);
        }
    }
}

/// The same step by step. Rows and labels must be the same at every call.
///
/// The second derivatives cost ten times the first, so they are kept as long as
/// the steps shrink to a tenth each (the chord method: the same optimum).
#[derive(Clone, Debug)]
pub struct Newton {
    alpha: f64,
    tolerance: f64,
    /// Weights, intercept last, and the loss there.
    at: Vec<f64>,
    loss: f64,
    /// The factorised second derivatives that are kept, and the last step's size.
    root: Option<Vec<f64>>,
    before: f64,
    steps: usize,
}

impl Newton {
    /// Starts at some weights.
    pub fn new(
        x: &Matrix,
        y: &[bool],
        alpha: f64,
        start: Logistic,
        tolerance: f64,
    ) -> Newton {
        let mut at = start.weights;
        at.push(start.intercept);
        let loss = objective(x, y, alpha, &at);
        let before = f64::INFINITY;
        Newton { alpha, tolerance, at, loss, root: None, before, steps: 0 }
    }

    /// One step; the weights when it was the last.
    ///
    /// # Errors
    /// `churn-fit` when no optimum is reached.
    pub fn step(&mut self, x: &Matrix, y: &[bool]) -> Result<Option<Logistic>> {
        if self.steps == MAX_STEPS {
            return Err(Error::new("churn-fit"));
        }
        self.steps += 1;
        let (n, alpha) = (x.width + 1, self.alpha);
        let kept = self.root.is_some();
        let (gradient, factor) = match self.root.take() {
            Some(factor) => (gradient(x, y, alpha, &self.at), factor),
            None => {
                let (gradient, mut hessian) = derivatives(x, y, alpha, &self.at);
                if !factorise(&mut hessian, n) {
                    return Err(Error::new("churn-fit"));
                }
                (gradient, hessian)
            }
        };
        let size = gradient.iter().fold(0.0f64, |m, g| m.max(g.abs()));
        let mut step = gradient;
        substitute(&factor, &mut step, n);
        let mut share = 1.0;
        let moved = loop {
            let next: Vec<f64> =
                self.at.iter().zip(&step).map(|(w, s)| w - share * s).collect();
            let next_loss = objective(x, y, alpha, &next);
            // At the optimum the loss can no longer tell a step from rounding.
            if next_loss <= self.loss + 1e-12 * self.loss.abs() {
                self.at = next;
                self.loss = next_loss;
                break true;
            }
            share /= 2.0;
            if share < 1e-10 {
                break false;
            }
        };
        let largest = step.iter().fold(0.0f64, |m, s| m.max(s.abs()));
        if !self.loss.is_finite() {
            return Err(Error::new("churn-fit"));
        }
        // What is left after a step is its square, or a tenth of it.
        let enough = if kept { self.tolerance * CHORD } else { self.tolerance };
        if largest < enough || (!moved && !kept && size < 1e-6 * x.rows() as f64) {
            let mut weights = std::mem::take(&mut self.at);
            let intercept = weights.pop().unwrap_or(0.0);
            return Ok(Some(Logistic { intercept, weights }));
        }
        let shrinks = share == 1.0 && moved && largest < 0.1 * self.before;
        self.root = shrinks.then_some(factor);
        self.before = largest;
        Ok(None)
    }
}

fn objective(x: &Matrix, y: &[bool], alpha: f64, at: &[f64]) -> f64 {
    let (weights, intercept) = (&at[..x.width], at[x.width]);
    let mut loss = 0.0;
    for (i, &y) in y.iter().enumerate() {
        let z = x.row(i).iter().zip(weights).fold(intercept, |s, (x, w)| s + w * x);
        loss += softplus(z) - if y { z } else { 0.0 };
    }
    loss + 0.5 * alpha * weights.iter().map(|w| w * w).sum::<f64>()
}

/// The gradient, intercept last.
fn gradient(x: &Matrix, y: &[bool], alpha: f64, at: &[f64]) -> Vec<f64> {
    let width = x.width;
    let mut gradient = vec![0.0; width + 1];
    for (i, &y) in y.iter().enumerate() {
        let row = x.row(i);
        let z = row.iter().zip(at).fold(at[width], |s, (x, w)| s + w * x);
        let error = probability(z) - if y { 1.0 } else { 0.0 };
        for (g, x) in gradient.iter_mut().zip(row) {
            *g += error * x;
        }
        gradient[width] += error;
    }
    for (g, w) in gradient.iter_mut().zip(&at[..width]) {
        *g += alpha * w;
    }
    gradient
}

/// Gradient and the lower triangle of the Hessian, intercept last. Four rows are
/// added at a time, so that each entry is loaded and stored a fourth as often.
fn derivatives(x: &Matrix, y: &[bool], alpha: f64, at: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let width = x.width;
    let n = width + 1;
    let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; n * n]);
    let mut rows = [const { Vec::new() }; 4];
    rows.iter_mut().for_each(|row| row.resize(n, 1.0));
    for (block, y) in y.chunks(4).enumerate() {
        // A last block of fewer rows keeps weights of nothing.
        let mut weight = [0.0; 4];
        for (k, &y) in y.iter().enumerate() {
            let row = &mut rows[k];
            row[..width].copy_from_slice(x.row(4 * block + k));
            let z = row.iter().zip(at).fold(0.0, |s, (x, w)| s + w * x);
            let p = probability(z);
            weight[k] = p * (1.0 - p);
            let error = p - if y { 1.0 } else { 0.0 };
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += error * *x;
            }
        }
        let [a, b, c, d] = &rows;
        for j in 0..n {
            let entries = &mut hessian[j * n..j * n + j + 1];
            let [r, s, t, u] =
                [weight[0] * a[j], weight[1] * b[j], weight[2] * c[j], weight[3] * d[j]];
            let (a, b, c, d) = (&a[..=j], &b[..=j], &c[..=j], &d[..=j]);
            for (k, h) in entries.iter_mut().enumerate() {
                *h += (r * a[k] + s * b[k]) + (t * c[k] + u * d[k]);
            }
        }
    }
    for j in 0..width {
        gradient[j] += alpha * at[j];
        hessian[j * n + j] += alpha;
    }
    (gradient, hessian)
}

/// Cholesky's factorisation in place; `a` holds its lower triangle. False when
/// `a` is not positive definite.
fn factorise(a: &mut [f64], n: usize) -> bool {
    for j in 0..n {
        for k in 0..j {
            let factor = a[j * n + k];
            for i in j..n {
                a[i * n + j] -= a[i * n + k] * factor;
            }
        }
        let pivot = a[j * n + j];
        if pivot.is_nan() || pivot <= 0.0 {
            return false;
        }
        let root = libm::sqrt(pivot);
        for i in j..n {
            a[i * n + j] /= root;
        }
    }
    true
}

/// Solves `a x = b` in place, given the factor of `a`.
fn substitute(a: &[f64], b: &mut [f64], n: usize) {
    for i in 0..n {
        for k in 0..i {
            b[i] -= a[i * n + k] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            b[i] -= a[k * n + i] * b[k];
        }
        b[i] /= a[i * n + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two features and labels from a fixed recurrence.
    fn rows(n: usize) -> (Matrix, Vec<bool>) {
        let mut state = 1u64;
        let mut next = || {
            state =
                state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut values = Vec::new();
        let mut y = Vec::new();
        for _ in 0..n {
            let (a, b) = (next() * 2.0 - 1.0, next() * 2.0 - 1.0);
            values.extend([a, b]);
            y.push(next() < probability(0.3 + 1.5 * a - 2.0 * b));
        }
        (Matrix { width: 2, values }, y)
    }

    #[test]
    fn the_gradient_is_zero_at_the_optimum() {
        let (x, y) = rows(5_000);
        let fitted = fit(&x, &y, 0.5).unwrap();
        let mut at = fitted.weights.clone();
        at.push(fitted.intercept);
        let (gradient, _) = derivatives(&x, &y, 0.5, &at);
        assert!(gradient.iter().all(|g| g.abs() < 1e-8), "{gradient:?}");
        assert!(
            (fitted.weights[0] - 1.5).abs() < 0.2
                && (fitted.weights[1] + 2.0).abs() < 0.2
        );
    }

    #[test]
    fn the_start_does_not_matter() {
        let (x, y) = rows(500);
        let zero = Logistic { intercept: 0.0, weights: vec![0.0; 2] };
        let a = newton(&x, &y, 1.0, zero, TOLERANCE).unwrap();
        let b = fit(&x, &y, 1.0).unwrap();
        assert!((a.intercept - b.intercept).abs() < 1e-11);
        assert!(a.weights.iter().zip(&b.weights).all(|(a, b)| (a - b).abs() < 1e-11));
    }

    #[test]
    fn separable_rows_have_a_penalised_optimum() {
        let x = Matrix { width: 1, values: (0..40).map(f64::from).collect() };
        let y: Vec<bool> = (0..40).map(|i| i >= 20).collect();
        assert!(fit(&x, &y, 1.0).unwrap().weights[0] > 0.0);
        assert_eq!(fit(&x, &[true; 40], 1.0).unwrap_err().code(), "churn-one-class");
    }
}
