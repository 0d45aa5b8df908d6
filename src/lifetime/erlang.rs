//! MBG/CNBD-k (Platzer and Reutterer 2016): the time between orders is the sum
//! of k exponential phases, so that buyers are more regular as k grows; dropout
//! is that of MBG/NBD, which is the case k = 1.
//!
//! `alpha` is the rate parameter of the phases, of which an order takes k.

use std::sync::Arc;

use super::geometric::{age_term, beyond};
use super::history::Groups;
use super::maximise::{BLOCK, Objective, Sums};
use super::special::{ln_beta, ln_gamma, ln_rising, softplus};
use super::term::{Term, Total};
use crate::calendar::{Days, Weeks};

/// The log-likelihood of distinct histories and of the gaps between their
/// orders, in the logarithms of r, alpha, a and b.
#[derive(Clone, Debug)]
pub struct Erlang {
    groups: Arc<Groups>,
    k: u32,
    /// Customers with more than j phases done, and with more than j repeats.
    phases: Vec<f64>,
    repeats: Vec<f64>,
    total: f64,
    parameters: [f64; 4],
    /// By day: `ln(1 + t / alpha)` and minus its derivative in alpha, t in weeks.
    days: Vec<(f64, f64)>,
    base: Sums,
}

impl Erlang {
    /// The objective for `k` phases an order, 1 and more.
    pub fn new(groups: Arc<Groups>, k: u32) -> Erlang {
        let repeats = beyond(&groups);
        let phases =
            repeats.iter().flat_map(|&n| std::iter::repeat_n(n, k as usize)).collect();
        Erlang {
            k,
            phases,
            repeats,
            total: groups.total(),
            parameters: [1.0; 4],
            days: vec![(0.0, 0.0); groups.longest() as usize + 1],
            base: Sums::new(4),
            groups,
        }
    }

    /// Adds the groups `from..to`, which share one frequency.
    fn add_run(&self, from: usize, to: usize, total: &mut Total) {
        let [r, alpha, a, b] = self.parameters;
        let twice = 2.0 / alpha;
        let g = &*self.groups;
        let x = f64::from(g.frequency[from]);
        let shape = r + f64::from(self.k) * x;
        let odds = libm::log(a / (b + x));
        // By phase j: the factor to the next weight, and the first two
        // derivatives of ln (shape)_j in r.
        let mut steps = Vec::with_capacity(self.k as usize);
        let (mut first, mut second) = (0.0, 0.0);
        for j in 0..self.k.saturating_sub(1) {
            let at = shape + f64::from(j);
            first += 1.0 / at;
            second -= 1.0 / (at * at);
            steps.push((at / f64::from(j + 1), first, second));
        }
        for group in from..to {
            let (ln_t, fall_t) = self.days[g.age[group] as usize];
            let (ln_s, fall_s) = self.days[g.recency[group] as usize];
            let silent = Weeks::from(Days(g.age[group] - g.recency[group])).0;
            let inv_t = 1.0 / (alpha + Weeks::from(Days(g.age[group])).0);
            let q = silent * inv_t;
            let mut weight = 1.0;
            // Sums over phases: 1, d/dr, j, and the second derivatives.
            let (mut s, mut sr, mut sj, mut srr, mut srj, mut sjj) =
                (1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
            let mut j = 0.0;
            for &(step, first, second) in &steps {
                j += 1.0;
                weight *= step * q;
                s += weight;
                sr += weight * first;
                sj += weight * j;
                srr += weight * (second + first * first);
                srj += weight * first * j;
                sjj += weight * j * (j + 1.0);
            }
            let (er, ej) = (sr / s, sj / s);
            let mut active = Term { ln: libm::log(s), ..Term::default() };
            active.gradient = [er, -inv_t * ej, 0.0, 0.0];
            active.hessian[0][0] = srr / s - er * er;
            active.hessian[0][1] = -inv_t * (srj / s - er * ej);
            active.hessian[1][1] = inv_t * inv_t * (sjj / s - ej * ej);
            let (d, i) = (ln_t - ln_s, fall_s - fall_t);
            let mut gone = Term { ln: odds + shape * d, ..Term::default() };
            gone.gradient = [d, shape * i, 1.0 / a, -1.0 / (b + x)];
            gone.hessian[0][1] = i;
            gone.hessian[1][1] = -shape * i * (twice - fall_t - fall_s);
            gone.hessian[2][2] = -1.0 / (a * a);
            gone.hessian[3][3] = 1.0 / ((b + x) * (b + x));
            let n = g.customers[group];
            total.add_log_of_sum(&active, &gone, n);
            total.value -= n * shape * ln_t;
            total.gradient[0] -= n * ln_t;
            total.gradient[1] += n * shape * fall_t;
            total.hessian[0][1] += n * fall_t;
            total.hessian[1][1] -= n * shape * fall_t * (twice - fall_t);
        }
    }
}

impl Objective for Erlang {
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
        let k = f64::from(self.k);
        let orders: f64 = self.repeats.iter().sum();
        let mut total = Total::default();
        // The gaps' own density: (k - 1) ln(gap) - lnG(k) each.
        total.value += (k - 1.0) * self.groups.ln_gaps - orders * ln_gamma(k);
        total.add_rates(&self.phases, r, alpha);
        total.add_staying(&[self.total], a, b, 0.0);
        total.add_staying(&self.repeats, a, b, 1.0);
        self.base = Sums::new(4);
        total.into_logs(&self.parameters, &mut self.base);
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        if block == 0 {
            sums.add(&self.base);
        }
        let end = ((block + 1) * BLOCK).min(self.groups.len());
        let mut from = block * BLOCK;
        let mut total = Total::default();
        while from < end {
            let x = self.groups.frequency[from];
            let to = from
                + self.groups.frequency[from..end].partition_point(|&other| other == x);
            self.add_run(from, to, &mut total);
            from = to;
        }
        total.into_logs(&self.parameters, sums);
    }
}

/// A customer's standing under MBG/CNBD-k; times in weeks.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    k: u32,
    /// The posterior of the phases' rate is gamma (shape + phase, scale).
    shape: f64,
    scale: f64,
    /// The posterior of the dropout chance of an active customer.
    a: f64,
    b: f64,
}

impl Standing {
    /// The standing of a customer with `x` repeats at an age.
    pub fn new(p: &[f64; 4], k: u32, x: f64, age: f64) -> Standing {
        let [r, alpha, a, b] = *p;
        let shape = r + f64::from(k) * x;
        Standing { k, shape, scale: alpha + age, a, b: b + x + 1.0 }
    }

    /// The chances of being active with 0, 1, ..., k - 1 phases done since the
    /// last order, `silent` weeks ago, and the logarithm of the odds of having
    /// gone against having done no phase.
    pub fn phases(&self, silent: f64) -> (Vec<f64>, f64) {
        let ln_odds = libm::log(self.a / (self.b - 1.0))
            - self.shape * libm::log1p(-silent / self.scale);
        let gone = libm::exp(ln_odds);
        let q = silent / self.scale;
        let mut weights = vec![1.0];
        for j in 0..self.k - 1 {
            let j = f64::from(j);
            let last = weights[weights.len() - 1];
            weights.push(last * (self.shape + j) * q / (j + 1.0));
        }
        let sum: f64 = weights.iter().sum::<f64>() + gone;
        for weight in &mut weights {
            *weight /= sum;
        }
        (weights, ln_odds)
    }

    /// Log-likelihood of the history, without the density of the gaps.
    pub fn log_likelihood(&self, p: &[f64; 4], silent: f64) -> f64 {
        let [r, alpha, a, b] = *p;
        let (weights, ln_odds) = self.phases(silent);
        // weights[0] = 1 / sum
        let ln_sum =
            if weights[0] > 0.0 { -libm::log(weights[0]) } else { softplus(ln_odds).0 };
        let phases = self.shape - r;
        ln_rising(r, phases)
            - phases * libm::log(alpha)
            - self.shape * libm::log1p((self.scale - alpha) / alpha)
            + ln_beta(a, self.b)
            - ln_beta(a, b)
            + ln_sum
    }

    /// Calls `f` with (number of phases, its chance, chance of more) for the
    /// phases that pass within `ahead` weeks from phase `done`, until `f` says
    /// that it has seen enough.
    fn passing(&self, done: u32, ahead: f64, mut f: impl FnMut(u32, f64, f64) -> bool) {
        const HUGE: f64 = 1e100;
        let shape = self.shape + f64::from(done);
        let ratio = ahead / (self.scale + ahead);
        let mut ln_scale = -shape * libm::log1p(ahead / self.scale);
        let (mut scaled, mut factor, mut left) = (1.0, libm::exp(ln_scale), 1.0);
        for m in 0..1_000_000 {
            let chance = scaled * factor;
            left -= chance;
            if left < 1e-6 {
                // Rounding would leave a rest that never ends: the true one is below
                // the geometric series of the next step or of the last.
                let m = f64::from(m);
                let step = ratio * f64::max((shape + m) / (m + 1.0), 1.0);
                if step < 1.0 {
                    left = f64::min(left, chance * step / (1.0 - step));
                }
            }
            if f(m, chance, f64::max(left, 0.0)) {
                return;
            }
            let m = f64::from(m);
            scaled *= (shape + m) / (m + 1.0) * ratio;
            if scaled > HUGE {
                scaled /= HUGE;
                ln_scale += libm::log(HUGE);
                factor = libm::exp(ln_scale);
            }
        }
    }

    /// The orders that a customer active at phase `done` places within `ahead`
    /// weeks: the sum over n of the chance of staying for the n-th order and of
    /// its phases being done.
    pub fn orders(&self, done: u32, ahead: f64) -> f64 {
        let (mut sum, mut stays, mut n) = (0.0, 1.0, 0.0);
        let mut due = self.k - done;
        self.passing(done, ahead, |m, _, more| {
            if m + 1 == due {
                sum += stays * more;
                stays *= (self.b + n) / (self.a + self.b + n);
                n += 1.0;
                due += self.k;
                return stays * more <= 1e-14 * sum && more < 0.5;
            }
            more <= 0.0
        });
        sum
    }

    /// The chance that a customer active at phase `done` still is so `ahead`
    /// weeks from now.
    pub fn survival(&self, done: u32, ahead: f64) -> f64 {
        let (mut sum, mut stays, mut n) = (0.0, 1.0, 0.0);
        let mut due = self.k - done;
        self.passing(done, ahead, |m, chance, more| {
            if m == due {
                stays *= (self.b + n) / (self.a + self.b + n);
                n += 1.0;
                due += self.k;
            }
            sum += stays * chance;
            stays * more <= 1e-15 && more < 0.5
        });
        sum
    }

    /// The chance that a customer active at phase `done` does not order within
    /// `ahead` weeks.
    pub fn silence(&self, done: u32, ahead: f64) -> f64 {
        let mut sum = 0.0;
        let due = self.k - done;
        self.passing(done, ahead, |m, chance, _| {
            sum += chance;
            m + 1 == due
        });
        sum
    }

    /// Shape and rate of the phases' rate, and the beta of the dropout chance.
    pub fn posterior(&self, done: u32) -> (f64, f64, f64, f64) {
        (self.shape + f64::from(done), self.scale, self.a, self.b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding leaves a rest of the chances that never goes away, and nobody
    /// leaves: the sums end with the phases that can pass all the same.
    #[test]
    fn sums_over_phases_end_where_nothing_is_left() {
        for k in [1, 5, 12] {
            for (x, ahead) in [(0.0, 52.0), (3.0, 52.0), (9.0, 52.0), (30.0, 104.0)] {
                let p = [8.0, 4.0 / f64::from(k), 1e-9, 5.0];
                let standing = Standing::new(&p, k, x, 60.0);
                for done in 0..k {
                    let (mut terms, mut rest) = (0_u32, 1.0);
                    standing.passing(done, ahead, |_, _, more| {
                        (terms, rest) = (terms + 1, more);
                        more <= 1e-20
                    });
                    assert!(terms < 10_000 && rest <= 1e-20, "{k} {x} {terms} {rest}");
                    // Without leaving, the mean of the phases' rate and the last
                    // phases of an order, of which some half are under way.
                    let shape = 8.0 + f64::from(k) * x + f64::from(done);
                    let phases = shape * ahead / standing.scale + f64::from(done);
                    let orders = standing.orders(done, ahead);
                    let most = phases / f64::from(k);
                    assert!(
                        orders <= most + 1e-9 && orders >= most - 1.0,
                        "{orders} {most}"
                    );
                    assert!((standing.survival(done, ahead) - 1.0).abs() < 1e-6);
                }
            }
        }
    }
}
