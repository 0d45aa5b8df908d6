//! Logarithms with their first and second derivatives in four parameters, and
//! the logarithm of the sum of two of them.

use super::maximise::Sums;
use super::special::softplus;

/// A logarithm with its derivatives; of the second ones, the upper triangle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    /// The logarithm; minus infinity for a term that is absent.
    pub ln: f64,
    /// First derivatives.
    pub gradient: [f64; 4],
    /// Second derivatives.
    pub hessian: [[f64; 4]; 4],
}

/// A weighted sum of logarithms with its derivatives.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    /// The sum.
    pub value: f64,
    /// First derivatives.
    pub gradient: [f64; 4],
    /// Second derivatives.
    pub hessian: [[f64; 4]; 4],
}

impl Total {
    /// Adds `n` times the logarithm of the sum of the exponentials of two terms.
    pub fn add_log_of_sum(&mut self, a: &Term, b: &Term, n: f64) {
        let absent = b.ln == f64::NEG_INFINITY;
        let (soft, p) = if absent { (0.0, 0.0) } else { softplus(b.ln - a.ln) };
        self.value += n * (a.ln + soft);
        let d: [f64; 4] = std::array::from_fn(|i| b.gradient[i] - a.gradient[i]);
        for (i, sum) in self.gradient.iter_mut().enumerate() {
            *sum += n * (a.gradient[i] + p * d[i]);
        }
        let q = p * (1.0 - p);
        for i in 0..4 {
            for j in i..4 {
                let (ha, hb) = (a.hessian[i][j], b.hessian[i][j]);
                self.hessian[i][j] += n * (ha + p * (hb - ha) + q * d[i] * d[j]);
            }
        }
    }

    /// Adds `lnG(r+x) - lnG(r)` of every customer, r being the first parameter
    /// and `beyond[j]` the number of customers with x above j.
    pub fn add_rising(&mut self, beyond: &[f64], r: f64) {
        for (j, &n) in beyond.iter().enumerate() {
            let i = 1.0 / (r + j as f64);
            self.value += n * libm::log(r + j as f64);
            self.gradient[0] += n * i;
            self.hessian[0][0] -= n * i * i;
        }
    }

    /// The same less `x ln(alpha)` of every customer, alpha being the second
    /// parameter.
    pub fn add_rates(&mut self, beyond: &[f64], r: f64, alpha: f64) {
        self.add_rising(beyond, r);
        let orders: f64 = beyond.iter().sum();
        self.value -= orders * libm::log(alpha);
        self.gradient[1] -= orders / alpha;
        self.hessian[1][1] += orders / (alpha * alpha);
    }

    /// Adds `lnB(a,b+x) - lnB(a,b)` of every customer, a and b being the last
    /// two parameters and `beyond[j]` the number of customers with x above j;
    /// b is taken to be larger by `first`.
    pub fn add_staying(&mut self, beyond: &[f64], a: f64, b: f64, first: f64) {
        for (j, &n) in beyond.iter().enumerate() {
            let at = b + first + j as f64;
            let (ib, iab) = (1.0 / at, 1.0 / (a + at));
            self.value -= n * libm::log1p(a * ib);
            self.gradient[2] -= n * iab;
            self.gradient[3] += n * (ib - iab);
            self.hessian[2][2] += n * iab * iab;
            self.hessian[2][3] += n * iab * iab;
            self.hessian[3][3] += n * (iab * iab - ib * ib);
        }
    }

    /// Adds the whole to sums in the logarithms of the parameters.
    pub fn into_logs(self, parameters: &[f64; 4], sums: &mut Sums) {
        sums.add_in_logs(parameters, self.value, &self.gradient, &self.hessian);
    }
}
