//! What a fitted model of order times says of a history: its likelihood, the
//! chance of being a customer still, of no order, of being one later (Fader and
//! Hardie, notes 2008-027 and 2019-031).
//!
//! All arguments here are in weeks.

use std::sync::Arc;

use super::erlang::Standing;
use super::model::Model;
use super::pareto;
use super::periods::Turn;
use super::quadrature::Rules;
use super::special::{ln_beta, ln_rising, logistic, softplus};
use super::stream::Stream;
use crate::calendar::{Days, Weeks};

/// A model with its parameters, weeks as the unit of time.
#[derive(Clone, Debug)]
pub struct Timing {
    pub(super) model: Model,
    pub(super) p: [f64; 4],
    pub(super) rules: Arc<Rules>,
    /// Orders that one event of the model stands for.
    pub(super) orders_each: f64,
}

/// The periods of so many days that are over after so many weeks.
pub(super) fn whole_periods(days: u32, weeks: f64) -> u32 {
    libm::floor(weeks / Weeks::from(Days(days.max(1))).0 + 1e-9) as u32
}

impl Timing {
    /// The model with parameters in the order of [`Model::names`].
    pub fn new(model: Model, parameters: &[f64]) -> Timing {
        let mut p = [0.0; 4];
        p.iter_mut().zip(parameters).for_each(|(to, from)| *to = *from);
        Timing { model, p, rules: Arc::new(Rules::default()), orders_each: 1.0 }
    }

    /// The model whose events stand for so many orders each: those of a period
    /// with an order, in BG/BB.
    #[must_use]
    pub fn with_orders_each(mut self, orders: f64) -> Timing {
        self.orders_each = orders;
        self
    }

    /// The standing of a customer in the periods of BG/BB.
    pub(super) fn turn(&self, days: u32, x: f64, recency: f64, age: f64) -> Turn {
        Turn::new(&self.p, x, whole_periods(days, recency), whole_periods(days, age))
    }

    /// The same rules of quadrature with other parameters.
    #[must_use]
    pub fn with(&self, model: Model, parameters: &[f64]) -> Timing {
        let mut timing = self.clone();
        timing.model = model;
        timing.p.iter_mut().zip(parameters).for_each(|(to, from)| *to = *from);
        timing
    }

    /// Log-likelihood of one history.
    pub fn log_likelihood(&self, x: f64, recency: f64, age: f64) -> f64 {
        if let Model::MbgCnbdK(k) = self.model {
            let standing = Standing::new(&self.p, k, x, age);
            return standing.log_likelihood(&self.p, age - recency);
        }
        if let Model::BgBb(days) = self.model {
            return self.turn(days, x, recency, age).log_likelihood();
        }
        let [r, alpha, a, b] = self.p;
        let rate =
            ln_rising(r, x) - x * libm::log(alpha) - (r + x) * libm::log1p(age / alpha);
        match self.model {
            Model::Nbd | Model::MbgCnbdK(_) | Model::BgBb(_) => rate,
            Model::BgNbd => {
                let stays = ln_beta(a, b + x) - ln_beta(a, b);
                rate + stays + softplus(self.ln_odds_gone(x, recency, age)).0
            }
            Model::MbgNbd => {
                let stays = ln_beta(a, b + x + 1.0) - ln_beta(a, b);
                rate + stays + softplus(self.ln_odds_gone(x, recency, age)).0
            }
            Model::ParetoNbd => {
                let (s, beta) = (a, b);
                let stays = s * libm::log(beta / (beta + age));
                rate + stays + softplus(self.ln_odds_gone(x, recency, age)).0
            }
        }
    }

    /// The logarithm of the odds that the customer has gone.
    fn ln_odds_gone(&self, x: f64, recency: f64, age: f64) -> f64 {
        let [r, alpha, a, b] = self.p;
        let silence = || (r + x) * libm::log1p((age - recency) / (alpha + recency));
        match self.model {
            Model::Nbd | Model::MbgCnbdK(_) => f64::NEG_INFINITY,
            Model::BgBb(days) => self.turn(days, x, recency, age).ln_odds_gone(),
            Model::BgNbd if x == 0.0 => f64::NEG_INFINITY,
            Model::BgNbd => libm::log(a / (b + x - 1.0)) + silence(),
            Model::MbgNbd => libm::log(a / (b + x)) + silence(),
            Model::ParetoNbd => {
                pareto::ln_odds_gone(&self.p, &self.rules, x, recency, age)
            }
        }
    }

    /// The chance that the customer is still one, 0 to 1.
    pub fn p_alive(&self, x: f64, recency: f64, age: f64) -> f64 {
        match self.model {
            Model::MbgCnbdK(_) => self.chances(x, recency, age).iter().sum(),
            _ => logistic(-self.ln_odds_gone(x, recency, age)),
        }
    }

    /// How many states an active customer may be in: the phases of MBG/CNBD-k,
    /// one otherwise.
    pub fn states(&self) -> u32 {
        match self.model {
            Model::MbgCnbdK(k) => k,
            _ => 1,
        }
    }

    /// The chance of each of the states; they add up to that of being active.
    pub fn chances(&self, x: f64, recency: f64, age: f64) -> Vec<f64> {
        match self.model {
            Model::MbgCnbdK(k) => {
                Standing::new(&self.p, k, x, age).phases(age - recency).0
            }
            _ => vec![self.p_alive(x, recency, age)],
        }
    }

    /// The orders to come of a customer, active or not: see [`Timing::stream`].
    pub fn expected(
        &self,
        x: f64,
        recency: f64,
        age: f64,
        horizon: f64,
        discount: f64,
    ) -> Stream {
        let mut sum = Stream::default();
        for (state, chance) in self.chances(x, recency, age).into_iter().enumerate() {
            // A new customer is in the first state: sums over the others are dear.
            if chance == 0.0 {
                continue;
            }
            let stream = self.stream(state as u32, x, age, horizon, discount);
            sum.orders += chance * stream.orders;
            sum.discounted += chance * stream.discounted;
        }
        sum
    }

    /// The chance that a customer still is one `ahead` weeks from now, whether
    /// or not there are orders until then.
    pub fn p_alive_later(&self, x: f64, recency: f64, age: f64, ahead: f64) -> f64 {
        match self.model {
            Model::MbgCnbdK(k) => {
                let standing = Standing::new(&self.p, k, x, age);
                let chances = standing.phases(age - recency).0;
                let survival = |done| standing.survival(done, ahead);
                (0..k).zip(chances).map(|(done, chance)| chance * survival(done)).sum()
            }
            _ => self.p_alive(x, recency, age) * self.alive_survival(x, age, ahead),
        }
    }

    /// The chance of no order in the next `ahead` weeks.
    pub fn p_no_order(&self, x: f64, recency: f64, age: f64, ahead: f64) -> f64 {
        if let Model::BgBb(days) = self.model {
            // As in `period_stream`: a part of a period counts as that part of it.
            let periods = ahead / Weeks::from(Days(days.max(1))).0;
            let silent = self.turn(days, x, age, age).no_order_chance(periods);
            let alive = self.p_alive(x, recency, age);
            return 1.0 - alive * (1.0 - silent);
        }
        let [r, alpha, s, beta] = self.p;
        // Ratios of likelihoods, of which the large logarithms have been left out.
        let ln_silence = -(r + x) * libm::log1p(ahead / (alpha + age));
        match self.model {
            Model::MbgCnbdK(k) => {
                let standing = Standing::new(&self.p, k, x, age);
                let chances = standing.phases(age - recency).0;
                let order = |done| 1.0 - standing.silence(done, ahead).min(1.0);
                let orders: f64 =
                    (0..k).zip(chances).map(|(done, chance)| chance * order(done)).sum();
                (1.0 - orders).max(0.0)
            }
            Model::ParetoNbd => {
                let gone = |age| softplus(self.ln_odds_gone(x, recency, age)).0;
                let stays = -s * libm::log1p(ahead / (beta + age));
                libm::exp((ln_silence + stays + gone(age + ahead) - gone(age)).min(0.0))
            }
            _ => 1.0 + self.p_alive(x, recency, age) * libm::expm1(ln_silence),
        }
    }

    /// The rate of repeat orders of a new customer at the end of so many weeks,
    /// where it is a smooth function that costs little.
    pub fn new_customer_rate(&self, weeks: f64) -> Option<f64> {
        match self.model {
            Model::MbgCnbdK(_) | Model::BgBb(_) => None,
            _ => Some(self.p_alive(0.0, 0.0, 0.0) * self.alive_rate(0.0, 0.0, weeks)),
        }
    }

    /// The repeat orders that a new customer places in the first `weeks`.
    pub fn new_customer(&self, weeks: f64) -> f64 {
        self.expected(0.0, 0.0, 0.0, weeks, 0.0).orders
    }
}
