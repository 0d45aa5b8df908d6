//! The chances that a new customer places 0, 1, 2, ... repeat orders within some
//! weeks (Fader, Hardie and Lee 2005, equation 8, and its relatives).

use super::model::Model;
use super::periods;
use super::special::{ln_beta, ln_gamma};
use super::timing::{Timing, whole_periods};

impl Timing {
    /// The chances that a new customer places 0, 1, ..., `most` repeat orders
    /// within so many weeks.
    pub fn counts(&self, weeks: f64, most: u32) -> Vec<f64> {
        match self.model {
            Model::ParetoNbd => self.pareto_counts(weeks, most),
            Model::BgBb(days) => {
                periods::counts(&self.p, whole_periods(days, weeks), most)
            }
            Model::Nbd => self.staying_counts(weeks, most, 1, |_| 1.0),
            Model::BgNbd => self.staying_counts(weeks, most, 1, |n| n),
            Model::MbgNbd => self.staying_counts(weeks, most, 1, |n| n + 1.0),
            Model::MbgCnbdK(k) => self.staying_counts(weeks, most, k, |n| n + 1.0),
        }
    }

    /// Counts of a customer who faces a chance of leaving `chances(n)` times until
    /// the n-th repeat order is past: n orders come either because no more were
    /// due, or because the customer left after the n-th.
    fn staying_counts(
        &self,
        weeks: f64,
        most: u32,
        k: u32,
        chances: impl Fn(f64) -> f64,
    ) -> Vec<f64> {
        let [r, alpha, a, b] = self.p;
        let ratio = weeks / (alpha + weeks);
        let stay = |times: f64| {
            if self.model == Model::Nbd {
                return 1.0;
            }
            libm::exp(ln_beta(a, b + times) - ln_beta(a, b))
        };
        let mut phase = libm::exp(-r * libm::log1p(weeks / alpha));
        let (mut m, mut at_least) = (0.0, 1.0);
        (0..=most)
            .map(|n| {
                let mut exactly = 0.0;
                for _ in 0..k {
                    exactly += phase;
                    phase *= (r + m) / (m + 1.0) * ratio;
                    m += 1.0;
                }
                let n = f64::from(n);
                let stays = stay(chances(n));
                let before = if chances(n) >= 1.0 { stay(chances(n) - 1.0) } else { 1.0 };
                let chance = stays * exactly + (before - stays) * at_least;
                at_least = f64::max(at_least - exactly, 0.0);
                chance
            })
            .collect()
    }

    /// Counts of Pareto/NBD: those of customers who stay, and of those who leave
    /// at some time before.
    fn pareto_counts(&self, weeks: f64, most: u32) -> Vec<f64> {
        let [r, alpha, s, beta] = self.p;
        let nbd = |n: u32, t: f64| {
            let n = f64::from(n);
            let ln = ln_gamma(r + n)
                - ln_gamma(r)
                - ln_gamma(n + 1.0)
                - r * libm::log1p(t / alpha);
            let power = if n > 0.0 { libm::pow(t / (alpha + t), n) } else { 1.0 };
            libm::exp(ln) * power
        };
        // Later than this nobody is left to leave.
        let end = weeks.min(beta * libm::expm1((45.0 / s).min(600.0)));
        let shift = alpha.min(beta) / f64::max(1.0, s.min(r));
        let length = libm::log1p(end / shift);
        let decay = s * libm::log1p(end / beta) + r * libm::log1p(end / alpha);
        let (rule, panels) = self.rules.choose(length.max(1.3), decay);
        (0..=most)
            .map(|n| {
                let [left] = rule.integrate(0.0, length, panels, |v| {
                    let t = shift * libm::expm1(v);
                    let density = s / (beta + t) * libm::exp(-s * libm::log1p(t / beta));
                    [nbd(n, t) * density * (shift + t)]
                });
                nbd(n, weeks) * libm::exp(-s * libm::log1p(weeks / beta)) + left
            })
            .collect()
    }
}
