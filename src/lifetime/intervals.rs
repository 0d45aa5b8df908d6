//! How far the future may lie from what is expected: draws of the parameters
//! from their estimated covariance, and of the customers' own chance.

use super::draw::Buyer;
use super::fit::Fit;
use super::history::Groups;
use super::matrix::Eigen;
use super::model::Model;
use super::predict::weeks;
use super::random::Random;
use super::stream::Stream;
use super::timing::Timing;

/// Draws of the parameters.
const DRAWS: usize = 120;
/// Histories on which the draws are computed.
const HISTORIES: usize = 300;
/// Futures simulated of each of those histories.
const FUTURES: u32 = 24;
/// A direction that is not known is drawn with at most this standard deviation
/// of a logarithm; along it the predictions hardly change.
const WIDEST: f64 = 3.0;

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
    let buyer = match buyer {
        Buyer::Flow(flow) => flow,
        Buyer::ByPeriod { orders, leaves, weeks, orders_each } => {
            let mut at = weeks;
            while at <= horizon && random.uniform() >= leaves {
                if random.uniform() < orders {
                    stream.orders += orders_each;
                    stream.discounted += orders_each * libm::exp(-discount * at);
                }
                at += weeks;
            }
            return stream;
        }
    };
    let end = horizon.min(buyer.life);
    let mut at = 0.0;
    let mut phases = buyer.first;
    // No more than an order a day.
    for _ in 0..libm::ceil(7.0 * horizon) as u32 {
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

/// What a customer's orders are worth, as far as it is known.
#[derive(Clone, Debug)]
pub struct Money {
    /// p, q and gamma; nothing where no model of order values could be fitted.
    pub parameters: Option<[f64; 3]>,
    /// The value to go by then.
    pub fallback: f64,
}

impl Money {
    /// The expected value of an order, given repeat orders and their mean value.
    pub fn expected(&self, orders: f64, mean: f64) -> f64 {
        match self.parameters {
            Some([p, q, gamma]) => {
                // Draws may leave the range where the population has a mean.
                p * (gamma + mean * orders) / (p * orders + (q - 1.0).max(0.05))
            }
            // Who has sent everything back has a mean of nothing.
            None if orders > 0.0 => mean,
            None => self.fallback,
        }
    }

    /// The mean value of so many orders of one drawn customer.
    pub fn draw(&self, orders: f64, mean: f64, next: f64, random: &mut Random) -> f64 {
        match self.parameters {
            Some([p, q, gamma]) => {
                let rate = random.gamma(p * orders + q) / (gamma + mean * orders);
                random.gamma(p * next) / rate / next
            }
            None => self.expected(orders, mean),
        }
    }
}

/// The 10 % and 90 % points of a total, relative to its expectation, from the
/// uncertainty of the parameters and from chance.
///
/// Computed on some hundred histories spread evenly over all of them, whose
/// total moves with the parameters as the whole does.
#[derive(Clone, Debug)]
pub struct IntervalTask {
    model: Model,
    draws: Draws,
    money_draws: Option<Draws>,
    money: Money,
    /// Weight, frequency, recency and age in weeks, number and mean value of
    /// repeat orders.
    sample: Vec<[f64; 6]>,
    /// Discounted orders by order expected of each of the sample.
    worth: Vec<f64>,
    /// How many customers each of the sample stands for.
    scale: f64,
    timing: Timing,
    horizon: f64,
    discount: f64,
    random: Random,
    centre: f64,
    variance: f64,
    next: usize,
    ratios: Vec<f64>,
}

impl IntervalTask {
    /// Prepares the interval; `repeats` are number and mean value of repeat
    /// orders by group.
    pub fn new(
        (model, fit): (Model, &Fit),
        timing: &Timing,
        (money, spend): (Money, Option<&Fit>),
        (groups, repeats): (&Groups, &[(f64, f64)]),
        (horizon, discount): (f64, f64),
        seed: u64,
    ) -> IntervalTask {
        let step = groups.len().div_ceil(HISTORIES).max(1);
        let sample: Vec<[f64; 6]> = (step / 2..groups.len())
            .step_by(step)
            .map(|k| {
                let [x, recency, age] = weeks(groups, k);
                [groups.customers[k], x, recency, age, repeats[k].0, repeats[k].1]
            })
            .collect();
        let sampled: f64 = sample.iter().map(|s| s[0]).sum();
        IntervalTask {
            model,
            draws: Draws::new(fit),
            money_draws: spend.filter(|_| money.parameters.is_some()).map(Draws::new),
            money,
            sample,
            worth: Vec::new(),
            scale: groups.total() / sampled.max(1.0),
            timing: timing.clone(),
            horizon,
            discount,
            random: Random::new(seed),
            centre: 0.0,
            variance: 0.0,
            next: 0,
            ratios: Vec::new(),
        }
    }

    /// Works for a budget; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<(f64, f64)> {
        while self.next < self.sample.len() {
            if *budget == 0 {
                return None;
            }
            self.simulate(self.next);
            self.next += 1;
            // Streams of several states are long sums, those discounted even more.
            let states = u64::from(self.timing.states());
            let cost = if states > 1 { 2_000 * states } else { 200 };
            *budget = budget.saturating_sub(cost);
        }
        if self.centre.is_nan() || self.centre <= 0.0 {
            return Some((1.0, 1.0));
        }
        while self.ratios.len() < DRAWS {
            if *budget == 0 {
                return None;
            }
            self.draw();
            let states = u64::from(self.timing.states());
            *budget = budget.saturating_sub(100 * states * self.sample.len() as u64);
        }
        self.ratios.sort_unstable_by(f64::total_cmp);
        let low = quantile(&self.ratios, 0.1).min(1.0);
        Some((low, quantile(&self.ratios, 0.9).max(1.0)))
    }

    /// Adds a history's expectation and the variance of its future.
    fn simulate(&mut self, k: usize) {
        let [n, x, recency, age, repeats, mean] = self.sample[k];
        let stream = self.timing.expected(x, recency, age, self.horizon, self.discount);
        let ratio = stream.discounted / stream.orders;
        self.worth.push(if ratio.is_finite() { ratio } else { 0.0 });
        self.centre += n * stream.discounted * self.money.expected(repeats, mean);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..FUTURES {
            let future = future(
                &self.timing,
                (x, recency, age),
                self.horizon,
                self.discount,
                &mut self.random,
            );
            let value = if future.orders > 0.0 {
                let money = &self.money;
                future.discounted
                    * money.draw(repeats, mean, future.orders, &mut self.random)
            } else {
                0.0
            };
            sum += value;
            squares += value * value;
        }
        let futures = f64::from(FUTURES);
        self.variance += n * (squares - sum * sum / futures) / (futures - 1.0);
    }

    /// One draw of all parameters and of chance.
    fn draw(&mut self) {
        let parameters = self.draws.next(&mut self.random);
        let timing = self.timing.with(self.model, &parameters);
        let money = match &self.money_draws {
            Some(draws) => {
                let drawn = draws.next(&mut self.random);
                Money { parameters: Some([drawn[0], drawn[1], drawn[2]]), ..self.money }
            }
            None => self.money.clone(),
        };
        let total: f64 = self
            .sample
            .iter()
            .zip(&self.worth)
            .map(|(&[n, x, recency, age, repeats, mean], worth)| {
                // With several states the discount costs an integral of long sums.
                // When orders come changes far less from draw to draw than how many.
                let discounted = if timing.states() > 1 && self.horizon.is_finite() {
                    worth * timing.expected(x, recency, age, self.horizon, 0.0).orders
                } else {
                    let (horizon, discount) = (self.horizon, self.discount);
                    timing.expected(x, recency, age, horizon, discount).discounted
                };
                n * discounted * money.expected(repeats, mean)
            })
            .sum();
        // The customers' chances are independent: the more, the smaller the
        // relative deviation of their sum.
        let chance = libm::sqrt(self.variance / self.scale) / self.centre;
        let ratio = total / self.centre + chance * self.random.normal();
        self.ratios.push(if ratio.is_finite() { ratio.max(0.0) } else { 1.0 });
    }
}

/// A quantile of sorted numbers, linear between them.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (low, rest) = (libm::floor(at) as usize, at - libm::floor(at));
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + rest * (sorted[high] - sorted[low])
}
