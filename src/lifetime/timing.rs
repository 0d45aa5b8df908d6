//! What a fitted model of order times says of a history: chance of being a
//! customer still, orders to come, value of their stream (Fader and Hardie,
//! notes 2008-027 and 2019-031; the common integral is derived in this file).
//!
//! All arguments here are in weeks. Given that a customer of BG/NBD with
//! history (x, t_x, T) is active, the rate of orders is gamma (r + x, alpha + T)
//! and the chance of dropping out beta (a, b + x), independently. Orders `u`
//! weeks ahead then come at the rate
//! `E[l exp(-l p u)] = (r+x)/(alpha+T) F(r+x+1, a; a+b+x; -u/(alpha+T))`,
//! positive and without singularity for all parameters.
//! In MBG/NBD b is one larger; in Pareto/NBD the rate is
//! `(r+x)/(alpha+T) ((beta+T)/(beta+T+u))^s`. Its integral, with or without a
//! discount, to a finite or an infinite horizon, is all that is needed.

use std::sync::Arc;

use super::erlang::Standing;
use super::hypergeometric::hyp2f1_at_minus;
use super::model::Model;
use super::pareto;
use super::periods::{self, Turn};
use super::quadrature::Rules;
use super::random::Random;
use super::special::{ln_beta, ln_gamma, logistic, softplus};
use crate::calendar::{Days, Weeks};

/// A model with its parameters, weeks as the unit of time.
#[derive(Clone, Debug)]
pub struct Timing {
    model: Model,
    p: [f64; 4],
    rules: Arc<Rules>,
    /// Orders that one event of the model stands for.
    orders_each: f64,
}

/// Orders to come and their discounted number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stream {
    /// Expected orders.
    pub orders: f64,
    /// Each order weighed by its discount.
    pub discounted: f64,
}

/// One drawn customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Buyer {
    /// Who may order at any time.
    Flow(Flow),
    /// Who may order once a period.
    ByPeriod {
        /// Chance of ordering in a period.
        orders: f64,
        /// Chance of leaving before a period.
        leaves: f64,
        /// Length of a period.
        weeks: f64,
        /// Orders in a period with an order.
        orders_each: f64,
    },
}

/// The periods of so many days that are over after so many weeks.
fn whole_periods(days: u32, weeks: f64) -> u32 {
    libm::floor(weeks / Weeks::from(Days(days.max(1))).0 + 1e-9) as u32
}

/// How the orders of a drawn customer come from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Phases a week.
    pub rate: f64,
    /// Chance of leaving after each order.
    pub chance: f64,
    /// Weeks until leaving by the calendar.
    pub life: f64,
    /// Phases until the first order, and between later ones.
    pub first: u32,
    /// Phases between later orders.
    pub each: u32,
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
    fn turn(&self, days: u32, x: f64, recency: f64, age: f64) -> Turn {
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
        let rate = ln_gamma(r + x) - ln_gamma(r) + r * libm::log(alpha)
            - (r + x) * libm::log(alpha + age);
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
        let silence = || (r + x) * libm::log((alpha + age) / (alpha + recency));
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

    /// The parameters of the dropout chance of an active customer.
    fn dropout(&self, x: f64) -> (f64, f64) {
        let [_, _, a, b] = self.p;
        (a, b + x + if self.model == Model::MbgNbd { 1.0 } else { 0.0 })
    }

    /// The stream of a buyer with regular phases: of the discounted orders, by
    /// parts, `exp(-d H) E(H) + d * integral of E(u) exp(-d u)`.
    fn regular_stream(
        &self,
        k: u32,
        done: u32,
        x: f64,
        age: f64,
        end: f64,
        discount: f64,
    ) -> Stream {
        let standing = Standing::new(&self.p, k, x, age);
        let orders = standing.orders(done, end);
        if discount <= 0.0 {
            return Stream { orders, discounted: orders };
        }
        let (rule, panels) = self.rules.choose(2.0, discount * end);
        let [inner] = rule.integrate(0.0, end, panels, |ahead| {
            [standing.orders(done, ahead) * libm::exp(-discount * ahead)]
        });
        let discounted = libm::exp(-discount * end) * orders + discount * inner;
        Stream { orders, discounted }
    }

    /// The stream of a customer who may order once a period; a part of a period
    /// counts as that part of its order.
    fn period_stream(
        &self,
        days: u32,
        x: f64,
        age: f64,
        end: f64,
        discount: f64,
    ) -> Stream {
        // `x` orders in `age` periods; when the last was plays no part.
        let turn = self.turn(days, x, age, age);
        let length = Weeks::from(Days(days.max(1))).0;
        let mut stream = Stream::default();
        let mut chance = turn.order_chance() * self.orders_each;
        let mut at = 0.0;
        for ahead in 0..100_000 {
            let part = f64::min((end - at) / length, 1.0);
            if part <= 1e-9 {
                break;
            }
            at += length;
            chance *= turn.stay_chance(ahead);
            stream.orders += part * chance;
            stream.discounted += part * chance * libm::exp(-discount * at);
        }
        stream
    }

    /// Draws what kind of customer it is, or nothing for one who has gone.
    pub fn draw(
        &self,
        x: f64,
        recency: f64,
        age: f64,
        random: &mut Random,
    ) -> Option<Buyer> {
        let [r, alpha, s, beta] = self.p;
        let mut at = random.uniform();
        let chances = self.chances(x, recency, age);
        let state = chances.iter().position(|chance| {
            at -= chance;
            at < 0.0
        })? as u32;
        let (shape, scale) = (r + x, alpha + age);
        if let Model::BgBb(days) = self.model {
            let [orders, leaves] = self.turn(days, x, recency, age).posterior();
            return Some(Buyer::ByPeriod {
                orders: random.beta(orders.0, orders.1),
                leaves: random.beta(leaves.0, leaves.1),
                weeks: Weeks::from(Days(days.max(1))).0,
                orders_each: self.orders_each,
            });
        }
        let mut buyer = Flow {
            rate: random.gamma(shape) / scale,
            chance: 0.0,
            life: f64::INFINITY,
            first: 1,
            each: 1,
        };
        match self.model {
            Model::Nbd | Model::BgBb(_) => {}
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                buyer.chance = random.beta(a, b);
            }
            Model::ParetoNbd => {
                let leaves = random.gamma(s) / (beta + age);
                buyer.life = random.exponential() / leaves;
            }
            Model::MbgCnbdK(k) => {
                let standing = Standing::new(&self.p, k, x, age);
                let (shape, scale, a, b) = standing.posterior(state);
                buyer.rate = random.gamma(shape) / scale;
                buyer.chance = random.beta(a, b);
                buyer.first = k - state;
                buyer.each = k;
            }
        }
        Some(Buyer::Flow(buyer))
    }

    /// The rate of orders, `ahead` weeks from now, of a customer active now.
    fn alive_rate(&self, x: f64, age: f64, ahead: f64) -> f64 {
        let [r, alpha, s, beta] = self.p;
        let (shape, scale) = (r + x, alpha + age);
        match self.model {
            Model::Nbd | Model::MbgCnbdK(_) | Model::BgBb(_) => shape / scale,
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                shape / scale * hyp2f1_at_minus(ahead / scale, shape + 1.0, a, a + b)
            }
            Model::ParetoNbd => {
                shape / scale * libm::exp(-s * libm::log1p(ahead / (beta + age)))
            }
        }
    }

    /// The chance that a customer active now still is so `ahead` weeks from now.
    fn alive_survival(&self, x: f64, age: f64, ahead: f64) -> f64 {
        let [r, alpha, s, beta] = self.p;
        let (shape, scale) = (r + x, alpha + age);
        match self.model {
            Model::Nbd | Model::MbgCnbdK(_) => 1.0,
            Model::BgBb(days) => {
                let turn = self.turn(days, x, 0.0, age);
                (0..whole_periods(days, ahead)).map(|i| turn.stay_chance(i)).product()
            }
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                hyp2f1_at_minus(ahead / scale, shape, a, a + b)
            }
            Model::ParetoNbd => libm::exp(-s * libm::log1p(ahead / (beta + age))),
        }
    }

    /// The orders that a customer active in `state` places within `horizon`
    /// weeks, and their number discounted at the continuous rate `discount` a
    /// week.
    ///
    /// `horizon` may be infinite when `discount` is positive.
    pub fn stream(
        &self,
        state: u32,
        x: f64,
        age: f64,
        horizon: f64,
        discount: f64,
    ) -> Stream {
        let end = if discount > 0.0 { horizon.min(45.0 / discount) } else { horizon };
        if let Model::MbgCnbdK(k) = self.model {
            return self.regular_stream(k, state, x, age, end, discount);
        }
        if let Model::BgBb(days) = self.model {
            return self.period_stream(days, x, age, end, discount);
        }
        let [r, alpha, s, beta] = self.p;
        // The integral runs over the logarithm of `scale + ahead`; `decay` bounds
        // the e-foldings of the rate until the end.
        let (scale, decay) = match self.model {
            Model::Nbd | Model::MbgCnbdK(_) | Model::BgBb(_) => (alpha + age, 0.0),
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                let leaving = a / (a + b) / (alpha + age);
                (alpha + age, (r + x + 1.0) * libm::log1p(leaving * end))
            }
            Model::ParetoNbd => (beta + age, s * libm::log1p(end / (beta + age))),
        };
        let length = libm::log1p(end / scale);
        let (rule, panels) = self.rules.choose(length, decay + discount * end / 3.0);
        let [orders, discounted] = rule.integrate(0.0, length, panels, |v| {
            let ahead = scale * libm::expm1(v);
            let rate = (scale + ahead) * self.alive_rate(x, age, ahead);
            [rate, rate * libm::exp(-discount * ahead)]
        });
        Stream { orders, discounted }
    }

    /// The chance of no order in the next `ahead` weeks.
    pub fn p_no_order(&self, x: f64, recency: f64, age: f64, ahead: f64) -> f64 {
        let ln = self.log_likelihood(x, recency, age + ahead)
            - self.log_likelihood(x, recency, age);
        libm::exp(ln.min(0.0))
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
        let shift = alpha.min(beta);
        let length = libm::log1p(weeks / shift);
        let decay = (r + s + 1.0 + f64::from(most)) * length;
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
