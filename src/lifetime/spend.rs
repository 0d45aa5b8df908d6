//! Gamma-Gamma spend (Fader and Hardie 2013, note 025): a customer's mean order
//! value is gamma with a rate that is gamma again (p, q, gamma).

use std::sync::Arc;

use super::fit::{Fit, FitTask};
use super::maximise::{BLOCK, Objective, Sums};
use super::special::{digamma, ln_gamma, trigamma};
use crate::sort::Order;

/// The repeat orders' mean value of customers who have one above zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spend {
    /// Repeat orders, rising.
    pub orders: Vec<u32>,
    /// Their mean value in units of the currency, above zero.
    pub mean: Vec<f64>,
}

impl Spend {
    /// Of all pairs (repeat orders, their mean value), those above zero, sorted.
    pub fn new(mut pairs: Vec<(u32, f64)>) -> Spend {
        pairs.retain(|&(x, m)| x > 0 && m > 0.0 && m.is_finite());
        pairs.order_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Spend {
            orders: pairs.iter().map(|p| p.0).collect(),
            mean: pairs.iter().map(|p| p.1).collect(),
        }
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    /// Whether the means differ by more than rounding.
    pub fn varies(&self) -> bool {
        let low = self.mean.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.mean.iter().copied().fold(0.0, f64::max);
        high > low * (1.0 + 1e-9)
    }

    /// The mean of the customers' means.
    pub fn mean_of_means(&self) -> f64 {
        self.mean.iter().sum::<f64>() / (self.len().max(1) as f64)
    }

    /// The median of the customers' means.
    pub fn median(&self) -> f64 {
        let mut means = self.mean.clone();
        means.sort_unstable_by(f64::total_cmp);
        match means.len() {
            0 => 0.0,
            n if n % 2 == 1 => means[n / 2],
            n => 0.5 * (means[n / 2 - 1] + means[n / 2]),
        }
    }

    /// Pearson's correlation of number and mean value of orders; 0 where one of
    /// them does not vary. The model takes them to be independent.
    pub fn correlation(&self) -> f64 {
        let n = self.len().max(1) as f64;
        let mx = self.orders.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let mm = self.mean_of_means();
        let (mut xx, mut mm2, mut xm) = (0.0, 0.0, 0.0);
        for (&x, &m) in self.orders.iter().zip(&self.mean) {
            let (dx, dm) = (f64::from(x) - mx, m - mm);
            xx += dx * dx;
            mm2 += dm * dm;
            xm += dx * dm;
        }
        if xx > 0.0 && mm2 > 0.0 { xm / libm::sqrt(xx * mm2) } else { 0.0 }
    }

    fn sample(&self, limit: usize) -> Spend {
        let step = self.len().div_ceil(limit.max(1)).max(1);
        let pick = (step / 2..self.len()).step_by(step);
        Spend {
            orders: pick.clone().map(|i| self.orders[i]).collect(),
            mean: pick.map(|i| self.mean[i]).collect(),
        }
    }

    /// Fits the model, in slices.
    pub fn fit(self: &Arc<Spend>) -> FitTask {
        let scale = self.mean_of_means();
        let screen: Option<Box<dyn Objective>> = (self.len() > 2 * super::fit::SCREEN)
            .then(|| {
                let sample = Arc::new(self.sample(super::fit::SCREEN));
                Box::new(GammaGamma::new(sample)) as Box<dyn Objective>
            });
        let starts = [(1.0, 2.5), (6.0, 4.0), (30.0, 10.0)].map(|(p, q): (f64, f64)| {
            [p, q, scale * (q - 1.0) / p].map(libm::log).to_vec()
        });
        FitTask::new(Box::new(GammaGamma::new(self.clone())), screen, starts.to_vec())
    }
}

/// The expected order value of a customer with `orders` repeat orders worth
/// `mean` on average; with none, that of the population.
///
/// `None` when the fitted population has no finite mean (q up to 1).
pub fn expected_value(fit: &Fit, orders: u32, mean: f64) -> Option<f64> {
    let [p, q, gamma] = [fit.parameters[0], fit.parameters[1], fit.parameters[2]];
    let x = f64::from(orders);
    let weight = p * x + q - 1.0;
    (q > 1.0).then(|| p * (gamma + mean * x) / weight)
}

/// What is the same for all customers with so many orders.
#[derive(Clone, Copy, Debug, Default)]
struct AtOrders {
    ln: f64,
    ln_orders: f64,
    psi_sum: f64,
    psi_own: f64,
    psi1_sum: f64,
    psi1_own: f64,
}

/// The log-likelihood in the logarithms of p, q and gamma.
#[derive(Clone, Debug)]
struct GammaGamma {
    spend: Arc<Spend>,
    ln_mean: Vec<f64>,
    parameters: [f64; 3],
    /// By number of orders.
    tables: Vec<AtOrders>,
    /// Which numbers of orders occur.
    occurring: Vec<u32>,
    own: AtOrders,
}

impl GammaGamma {
    fn new(spend: Arc<Spend>) -> GammaGamma {
        let mut occurring = spend.orders.clone();
        occurring.dedup();
        GammaGamma {
            ln_mean: spend.mean.iter().map(|&m| libm::log(m)).collect(),
            parameters: [1.0; 3],
            tables: vec![
                AtOrders::default();
                occurring.last().map_or(0, |&x| x as usize) + 1
            ],
            own: AtOrders::default(),
            occurring,
            spend,
        }
    }
}

impl Objective for GammaGamma {
    fn dimension(&self) -> usize {
        3
    }

    fn blocks(&self) -> usize {
        self.spend.len().div_ceil(BLOCK)
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = [0, 1, 2].map(|i| libm::exp(theta[i]));
        let [p, q, gamma] = self.parameters;
        self.own = AtOrders {
            ln: q * libm::log(gamma) - ln_gamma(q),
            psi_own: digamma(q),
            psi1_own: trigamma(q),
            ..AtOrders::default()
        };
        for &x in &self.occurring {
            let (px, ln_orders) = (p * f64::from(x), libm::log(f64::from(x)));
            self.tables[x as usize] = AtOrders {
                ln: ln_gamma(px + q) - ln_gamma(px) + px * ln_orders,
                ln_orders,
                psi_sum: digamma(px + q),
                psi_own: digamma(px),
                psi1_sum: trigamma(px + q),
                psi1_own: trigamma(px),
            };
        }
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        let [p, q, gamma] = self.parameters;
        let ln_gamma_rate = libm::log(gamma);
        let (mut value, mut g, mut h) = (0.0, [0.0; 3], [[0.0; 3]; 3]);
        for k in block * BLOCK..((block + 1) * BLOCK).min(self.spend.len()) {
            let (orders, mean, ln_mean) =
                (self.spend.orders[k], self.spend.mean[k], self.ln_mean[k]);
            let x = f64::from(orders);
            let t = &self.tables[orders as usize];
            let at = gamma + mean * x;
            let (ln_at, i, shape) = (libm::log(at), 1.0 / at, p * x + q);
            value += t.ln + self.own.ln + (p * x - 1.0) * ln_mean - shape * ln_at;
            g[0] += x * (t.psi_sum - t.psi_own + t.ln_orders + ln_mean - ln_at);
            g[1] += t.psi_sum - self.own.psi_own + ln_gamma_rate - ln_at;
            g[2] += q / gamma - shape * i;
            h[0][0] += x * x * (t.psi1_sum - t.psi1_own);
            h[0][1] += x * t.psi1_sum;
            h[0][2] -= x * i;
            h[1][1] += t.psi1_sum - self.own.psi1_own;
            h[1][2] += 1.0 / gamma - i;
            h[2][2] += shape * i * i - q / (gamma * gamma);
        }
        sums.add_in_logs(&self.parameters, value, &g, &h);
    }
}
