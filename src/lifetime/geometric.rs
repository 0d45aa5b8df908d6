//! The likelihood of BG/NBD (Fader, Hardie and Lee 2005) and MBG/NBD (Batislam,
//! Denizel and Filiztekin 2007) with exact first and second derivatives.
//!
//! A buyer orders at a rate drawn from a gamma distribution (shape `r`, rate
//! `alpha` in weeks) and drops out after an order with a chance drawn from a
//! beta distribution (`a`, `b`). In MBG/NBD the first order counts as such a
//! chance too.

use std::sync::Arc;

use super::history::Groups;
use super::maximise::{BLOCK, Objective, Sums};
use super::special::softplus;
use super::term::Total;
use crate::calendar::{Days, Weeks};

/// The log-likelihood of distinct histories, in the logarithms of r, alpha, a, b.
#[derive(Clone, Debug)]
pub struct Geometric {
    groups: Arc<Groups>,
    /// 1 for MBG/NBD, 0 for BG/NBD.
    modified: f64,
    /// Customers with at least so many repeats: entry j counts frequency > j.
    beyond: Vec<f64>,
    total: f64,
    parameters: [f64; 4],
    /// By day: `ln(1 + t / alpha)` and minus its derivative in alpha, t in weeks.
    days: Vec<(f64, f64)>,
    /// The part that depends on frequencies only.
    base: Sums,
}

impl Geometric {
    /// The objective of BG/NBD, or of MBG/NBD when `modified`.
    pub fn new(groups: Arc<Groups>, modified: bool) -> Geometric {
        Geometric {
            modified: if modified { 1.0 } else { 0.0 },
            beyond: beyond(&groups),
            total: groups.total(),
            parameters: [1.0; 4],
            days: vec![(0.0, 0.0); groups.longest() as usize + 1],
            base: Sums::new(4),
            groups,
        }
    }

    /// Adds the terms of the groups `from..to`, which share one frequency.
    fn add_run(&self, from: usize, to: usize, sums: &mut Sums) {
        let parameters = &self.parameters;
        let [r, alpha, a, b] = *parameters;
        let twice = 2.0 / alpha;
        let g = &*self.groups;
        let x = f64::from(g.frequency[from]);
        let shape = r + x;
        let drops = self.modified > 0.0 || x > 0.0;
        let buys_on = if drops { b + x - 1.0 + self.modified } else { 1.0 };
        let odds = if drops { libm::log(a / buys_on) } else { f64::NEG_INFINITY };
        // Sums over the run of powers of the customer's own terms.
        let (mut value, mut ln_age, mut fall, mut fall2) = (0.0, 0.0, 0.0, 0.0);
        let (mut p0, mut pd, mut pi, mut pi2) = (0.0, 0.0, 0.0, 0.0);
        let (mut q0, mut qd, mut qi, mut qdd, mut qdi, mut qii) =
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for k in from..to {
            let n = g.customers[k];
            let (ln_t, fall_t) = self.days[g.age[k] as usize];
            ln_age += n * ln_t;
            fall += n * fall_t;
            fall2 += n * fall_t * (twice - fall_t);
            if !drops {
                continue;
            }
            let (ln_s, fall_s) = self.days[g.recency[k] as usize];
            let (d, i) = (ln_t - ln_s, fall_s - fall_t);
            let (soft, p) = softplus(odds + shape * d);
            value += n * soft;
            let np = n * p;
            let nq = np * (1.0 - p);
            p0 += np;
            pd += np * d;
            pi += np * i;
            pi2 += np * i * (twice - fall_t - fall_s);
            q0 += nq;
            qd += nq * d;
            qi += nq * i;
            qdd += nq * d * d;
            qdi += nq * d * i;
            qii += nq * i * i;
        }
        let (wa, wb) = (1.0 / a, -1.0 / buys_on);
        value -= shape * ln_age;
        let gradient = [pd - ln_age, shape * (pi + fall), wa * p0, wb * p0];
        let hessian = [
            [qdd, pi + fall + shape * qdi, wa * qd, wb * qd],
            [0.0, shape * (shape * qii - fall2 - pi2), wa * shape * qi, wb * shape * qi],
            [0.0, 0.0, wa * wa * (q0 - p0), wa * wb * q0],
            [0.0, 0.0, 0.0, wb * wb * (q0 + p0)],
        ];
        sums.add_in_logs(parameters, value, &gradient, &hessian);
    }
}

/// `ln(1 + t / alpha)` of so many days, t in weeks, and minus its derivative in
/// alpha.
///
/// With the powers of alpha taken out, the likelihood keeps its digits where r and
/// alpha grow without bound: among customers who are all alike.
pub fn age_term(alpha: f64, day: usize) -> (f64, f64) {
    let t = Weeks::from(Days(day as u32)).0;
    (libm::log1p(t / alpha), t / (alpha * (alpha + t)))
}

/// Customers with a frequency above j, for every j below the largest.
pub fn beyond(groups: &Groups) -> Vec<f64> {
    let largest = groups.frequency.last().copied().unwrap_or(0) as usize;
    let mut beyond = vec![0.0; largest];
    for (&x, &n) in groups.frequency.iter().zip(&groups.customers) {
        if x > 0 {
            beyond[x as usize - 1] += n;
        }
    }
    for j in (1..largest).rev() {
        beyond[j - 1] += beyond[j];
    }
    beyond
}

impl Objective for Geometric {
    fn dimension(&self) -> usize {
        4
    }

    fn blocks(&self) -> usize {
        self.groups.len().div_ceil(BLOCK)
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = [0, 1, 2, 3].map(|i| libm::exp(theta[i]));
        let [r, alpha, a, b] = self.parameters;
        for (day, entry) in self.days.iter_mut().enumerate() {
            *entry = age_term(alpha, day);
        }
        // lnG(r+x) - lnG(r) - x ln(alpha) + lnB(a,b+x') - lnB(a,b) with x' = x, or
        // x + 1 when modified: rising factorials as running sums of logarithms.
        let mut total = Total::default();
        total.add_rates(&self.beyond, r, alpha);
        if self.modified > 0.0 {
            total.add_staying(&[self.total], a, b, 0.0);
        }
        total.add_staying(&self.beyond, a, b, self.modified);
        self.base = Sums::new(4);
        total.into_logs(&self.parameters, &mut self.base);
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        if block == 0 {
            sums.add(&self.base);
        }
        let end = ((block + 1) * BLOCK).min(self.groups.len());
        let mut from = block * BLOCK;
        while from < end {
            let x = self.groups.frequency[from];
            let to = from
                + self.groups.frequency[from..end].partition_point(|&other| other == x);
            self.add_run(from, to, sums);
            from = to;
        }
    }
}
