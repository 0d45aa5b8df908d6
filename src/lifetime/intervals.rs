//! How far the future may lie from what is expected: draws of the parameters
//! from their estimated covariance, and of the customers' own chance.

use super::fit::Fit;
use super::history::Groups;
use super::matrix::Eigen;
use super::model::Model;
use super::random::Random;
use super::timing::{Stream, Timing};

/// Draws of the parameters.
const DRAWS: usize = 120;
/// Histories on which the draws are computed.
const HISTORIES: usize = 300;
/// Futures simulated of each of those histories.
const FUTURES: u32 = 24;
/// A direction that is not known is drawn with at most this standard deviation
/// of a logarithm; along it the predictions hardly change.
const WIDEST: f64 = 3.0;
/// Most orders of one simulated future.
const MOST_ORDERS: u32 = 20_000;

/// Draws parameters around a fit: normal in logarithms.
#[derive(Clone, Debug)]
pub struct Draws {
    theta: Vec<f64>,
    /// A root of the covariance, by rows.
    root: Vec<f64>,
}

impl Draws {
    /// The draws around a fit.
    pub fn new(fit: &Fit) -> Draws {
        let n = fit.theta.len();
        let root = Eigen::new(&fit.curvature, n).map(|v| {
            if v > 1.0 / (WIDEST * WIDEST) { 1.0 / libm::sqrt(v) } else { WIDEST }
        });
        Draws { theta: fit.theta.clone(), root }
    }

    /// One draw, in natural parameters.
    pub fn next(&self, random: &mut Random) -> Vec<f64> {
        let n = self.theta.len();
        let z: Vec<f64> = (0..n).map(|_| random.normal()).collect();
        (0..n)
            .map(|i| {
                let shift: f64 = (0..n).map(|j| self.root[i * n + j] * z[j]).sum();
                libm::exp((self.theta[i] + shift).clamp(-30.0, 30.0))
            })
            .collect()
    }
}

/// One simulated future of a customer: orders and discounted orders.
pub fn future(
    timing: &Timing,
    history: (f64, f64, f64),
    horizon: f64,
    discount: f64,
    random: &mut Random,
) -> Stream {
    let (x, recency, age) = history;
    let mut stream = Stream::default();
    let Some(buyer) = timing.draw(x, recency, age, random) else { return stream };
    let end = horizon.min(buyer.life);
    let mut at = 0.0;
    let mut phases = buyer.first;
    for _ in 0..MOST_ORDERS {
        for _ in 0..phases {
            at += random.exponential() / buyer.rate;
        }
        if at > end {
            break;
        }
        phases = buyer.each;
        stream.orders += 1.0;
        stream.discounted += libm::exp(-discount * at);
        if random.uniform() < buyer.chance {
            break;
        }
    }
    stream
}

/// The money side of a simulated future.
#[derive(Clone, Copy, Debug)]
pub struct SpendDraws<'a> {
    /// The Gamma-Gamma fit.
    pub fit: &'a Fit,
    /// The mean value of repeat orders, by group.
    pub mean: &'a [f64],
}

/// The 10 % and 90 % points of a total, relative to its expectation, from the
/// uncertainty of the parameters and from chance.
///
/// Computed on some hundred histories spread evenly over all of them, whose
/// total moves with the parameters as the whole does.
pub fn total_interval(
    model: Model,
    fit: &Fit,
    spend: Option<SpendDraws<'_>>,
    groups: &Groups,
    horizon: f64,
    discount: f64,
    seed: u64,
) -> (f64, f64) {
    let mut random = Random::new(seed);
    let step = groups.len().div_ceil(HISTORIES).max(1);
    let sample: Vec<usize> = (step / 2..groups.len()).step_by(step).collect();
    let history = |k: usize| {
        let weeks = |days| f64::from(days) / 7.0;
        (f64::from(groups.frequency[k]), weeks(groups.recency[k]), weeks(groups.age[k]))
    };
    let value_at = |parameters: Option<&[f64]>, k: usize| -> f64 {
        match (&spend, parameters) {
            (Some(s), Some(p)) => {
                let x = f64::from(groups.frequency[k]);
                p[0] * (p[2] + s.mean[k] * x) / (p[0] * x + (p[1] - 1.0).max(0.05))
            }
            _ => 1.0,
        }
    };
    let total_at = |parameters: &[f64], money: Option<&[f64]>| -> f64 {
        let timing = Timing::new(model, parameters);
        sample
            .iter()
            .map(|&k| {
                let (x, recency, age) = history(k);
                groups.customers[k]
                    * timing.expected(x, recency, age, horizon, discount).discounted
                    * value_at(money, k)
            })
            .sum()
    };
    let money = spend.as_ref().map(|s| &s.fit.parameters[..]);
    let centre = total_at(&fit.parameters, money);
    if centre.is_nan() || centre <= 0.0 {
        return (1.0, 1.0);
    }
    // Chance: the variance of each history's own future.
    let timing = Timing::new(model, &fit.parameters);
    let mut variance = 0.0;
    for &k in &sample {
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..FUTURES {
            let stream = future(&timing, history(k), horizon, discount, &mut random);
            let value = match (&spend, money) {
                (Some(s), Some(p)) if stream.orders > 0.0 => {
                    let x = history(k).0;
                    let rate = random.gamma(p[0] * x + p[1]) / (p[2] + s.mean[k] * x);
                    random.gamma(p[0] * stream.orders) / rate / stream.orders
                        * stream.discounted
                }
                _ => stream.discounted,
            };
            sum += value;
            squares += value * value;
        }
        let n = f64::from(FUTURES);
        variance += groups.customers[k] * (squares - sum * sum / n) / (n - 1.0);
    }
    // The sample stands for `scale` times as many customers, whose chances are
    // independent: the relative variance shrinks by as much.
    let sampled: f64 = sample.iter().map(|&k| groups.customers[k]).sum();
    let scale = groups.total() / sampled;
    let chance = libm::sqrt(variance / scale) / centre;

    let draws = Draws::new(fit);
    let money_draws = spend.as_ref().map(|s| Draws::new(s.fit));
    let mut ratios: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let parameters = draws.next(&mut random);
            let money = money_draws.as_ref().map(|d| d.next(&mut random));
            let noise = chance * random.normal();
            (total_at(&parameters, money.as_deref()) / centre + noise).max(0.0)
        })
        .filter(|ratio| ratio.is_finite())
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    if ratios.is_empty() {
        return (1.0, 1.0);
    }
    (quantile(&ratios, 0.1).min(1.0), quantile(&ratios, 0.9).max(1.0))
}

/// A quantile of sorted numbers, linear between them.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (low, rest) = (libm::floor(at) as usize, at - libm::floor(at));
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + rest * (sorted[high] - sorted[low])
}
