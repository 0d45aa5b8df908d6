//! The likelihood of the NBD model of order times (Ehrenberg 1959): nobody ever
//! drops out. The baseline against which dropout must show itself.

use std::sync::Arc;

use super::geometric::{age_term, beyond};
use super::history::Groups;
use super::maximise::{BLOCK, Objective, Sums};
use super::special::ln_gamma;
use crate::calendar::{Days, Weeks};

/// The log-likelihood of order times, in the logarithms of r and alpha.
#[derive(Clone, Debug)]
pub struct Nbd {
    groups: Arc<Groups>,
    beyond: Vec<f64>,
    parameters: [f64; 2],
}

impl Nbd {
    /// The objective of these histories; their recency plays no part.
    pub fn new(groups: Arc<Groups>) -> Nbd {
        Nbd { beyond: beyond(&groups), parameters: [1.0; 2], groups }
    }
}

/// What is added to the log-likelihood of order times to get that of counts:
/// the sum of `x ln T - ln x!`.
pub fn counts_constant(groups: &Groups) -> f64 {
    (0..groups.len())
        .filter(|&k| groups.frequency[k] > 0)
        .map(|k| {
            let x = f64::from(groups.frequency[k]);
            let age = Weeks::from(Days(groups.age[k])).0;
            groups.customers[k] * (x * libm::log(age) - ln_gamma(x + 1.0))
        })
        .sum()
}

impl Objective for Nbd {
    fn dimension(&self) -> usize {
        2
    }

    fn blocks(&self) -> usize {
        self.groups.len().div_ceil(BLOCK)
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = [libm::exp(theta[0]), libm::exp(theta[1])];
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        let [r, alpha] = self.parameters;
        let (mut value, mut gradient, mut h) = (0.0, [0.0; 2], [[0.0; 2]; 2]);
        if block == 0 {
            let orders: f64 = self.beyond.iter().sum();
            value -= orders * libm::log(alpha);
            gradient[1] -= orders / alpha;
            h[1][1] += orders / (alpha * alpha);
            for (j, &n) in self.beyond.iter().enumerate() {
                let i = 1.0 / (r + j as f64);
                value += n * libm::log(r + j as f64);
                gradient[0] += n * i;
                h[0][0] -= n * i * i;
            }
        }
        for k in block * BLOCK..((block + 1) * BLOCK).min(self.groups.len()) {
            let n = self.groups.customers[k];
            let shape = r + f64::from(self.groups.frequency[k]);
            let (ln, fall) = age_term(alpha, self.groups.age[k] as usize);
            value -= n * shape * ln;
            gradient[0] -= n * ln;
            gradient[1] += n * shape * fall;
            h[0][1] += n * fall;
            h[1][1] -= n * shape * fall * (2.0 / alpha - fall);
        }
        sums.add_in_logs(&self.parameters, value, &gradient, &h);
    }
}
