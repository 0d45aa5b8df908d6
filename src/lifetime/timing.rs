//! What a fitted model of order times says of a history: chance of being a
//! customer still, orders to come, value of their stream (Fader and Hardie,
//! notes 2008-027 and 2019-031; the common integral is derived in this file).
//!
//! All arguments here are in weeks. Given that a customer of BG/NBD with
//! history (x, t_x, T) is active, the rate of orders is gamma (r + x, alpha + T)
//! and the chance of dropping out beta (a, b + x), independently. Orders `u`
//! weeks ahead then come at the rate
//! `E[l exp(-l p u)] = (r+x)/(alpha+T) (1-z)^a F(a+b-r-1, a; a+b+x; z)` with
//! `z = u/(alpha+T+u)`, positive and without singularity for all parameters.
//! In MBG/NBD b is one larger; in Pareto/NBD the rate is
//! `(r+x)/(alpha+T) ((beta+T)/(beta+T+u))^s`. Its integral, with or without a
//! discount, to a finite or an infinite horizon, is all that is needed.

use super::hypergeometric::hyp2f1;
use super::model::Model;
use super::pareto;
use super::quadrature::Rule;
use super::random::Random;
use super::special::{ln_beta, ln_gamma, softplus};

/// A model with its parameters, weeks as the unit of time.
#[derive(Clone, Debug)]
pub struct Timing {
    model: Model,
    p: [f64; 4],
    rule: Rule,
}

/// Orders to come and their discounted number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stream {
    /// Expected orders.
    pub orders: f64,
    /// Each order weighed by its discount.
    pub discounted: f64,
}

impl Timing {
    /// The model with parameters in the order of [`Model::names`].
    pub fn new(model: Model, parameters: &[f64]) -> Timing {
        let mut p = [0.0; 4];
        p.iter_mut().zip(parameters).for_each(|(to, from)| *to = *from);
        Timing { model, p, rule: Rule::new() }
    }

    /// Log-likelihood of one history.
    pub fn log_likelihood(&self, x: f64, recency: f64, age: f64) -> f64 {
        let [r, alpha, a, b] = self.p;
        let rate = ln_gamma(r + x) - ln_gamma(r) + r * libm::log(alpha)
            - (r + x) * libm::log(alpha + age);
        match self.model {
            Model::Nbd => rate,
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
            Model::Nbd => f64::NEG_INFINITY,
            Model::BgNbd if x == 0.0 => f64::NEG_INFINITY,
            Model::BgNbd => libm::log(a / (b + x - 1.0)) + silence(),
            Model::MbgNbd => libm::log(a / (b + x)) + silence(),
            Model::ParetoNbd => {
                pareto::ln_odds_gone(&self.p, &self.rule, x, recency, age)
            }
        }
    }

    /// The chance that the customer is still one, 0 to 1.
    pub fn p_alive(&self, x: f64, recency: f64, age: f64) -> f64 {
        softplus(-self.ln_odds_gone(x, recency, age)).1
    }

    /// The parameters of the dropout chance of an active customer.
    fn dropout(&self, x: f64) -> (f64, f64) {
        let [_, _, a, b] = self.p;
        (a, b + x + if self.model == Model::MbgNbd { 1.0 } else { 0.0 })
    }

    /// Draws an active customer: orders a week, chance of leaving after each,
    /// and weeks until leaving by the calendar.
    pub fn draw_active(&self, x: f64, age: f64, random: &mut Random) -> (f64, f64, f64) {
        let [r, alpha, s, beta] = self.p;
        let rate = random.gamma(r + x) / (alpha + age);
        match self.model {
            Model::Nbd => (rate, 0.0, f64::INFINITY),
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                (rate, random.beta(a, b), f64::INFINITY)
            }
            Model::ParetoNbd => {
                let leaves = random.gamma(s) / (beta + age);
                (rate, 0.0, random.exponential() / leaves)
            }
        }
    }

    /// The rate of orders, `ahead` weeks from now, of a customer active now.
    pub fn alive_rate(&self, x: f64, age: f64, ahead: f64) -> f64 {
        let [r, alpha, s, beta] = self.p;
        let (shape, scale) = (r + x, alpha + age);
        match self.model {
            Model::Nbd => shape / scale,
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                let z = ahead / (scale + ahead);
                let rest = scale / (scale + ahead);
                shape / scale
                    * libm::pow(rest, a)
                    * hyp2f1(a + b - shape - 1.0, a, a + b, z)
            }
            Model::ParetoNbd => {
                shape / scale * libm::exp(-s * libm::log1p(ahead / (beta + age)))
            }
        }
    }

    /// The chance that a customer active now still is so `ahead` weeks from now.
    pub fn alive_survival(&self, x: f64, age: f64, ahead: f64) -> f64 {
        let [r, alpha, s, beta] = self.p;
        let (shape, scale) = (r + x, alpha + age);
        match self.model {
            Model::Nbd => 1.0,
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                let z = ahead / (scale + ahead);
                let rest = scale / (scale + ahead);
                libm::pow(rest, a) * hyp2f1(a + b - shape, a, a + b, z)
            }
            Model::ParetoNbd => libm::exp(-s * libm::log1p(ahead / (beta + age))),
        }
    }

    /// The orders that an active customer places within `horizon` weeks, and
    /// their number discounted at the continuous rate `discount` a week.
    ///
    /// `horizon` may be infinite when `discount` is positive.
    pub fn alive_stream(&self, x: f64, age: f64, horizon: f64, discount: f64) -> Stream {
        let end = if discount > 0.0 { horizon.min(45.0 / discount) } else { horizon };
        let [r, alpha, s, beta] = self.p;
        // The integral runs over the logarithm of `scale + ahead`; `decay` bounds
        // the e-foldings of the rate until the end.
        let (scale, decay) = match self.model {
            Model::Nbd => (alpha + age, 0.0),
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                let leaving = a / (a + b) / (alpha + age);
                (alpha + age, (r + x + 1.0) * libm::log1p(leaving * end))
            }
            Model::ParetoNbd => (beta + age, s * libm::log1p(end / (beta + age))),
        };
        let length = libm::log1p(end / scale);
        let panels = libm::ceil(length.max(decay / 10.0)).max(1.0);
        let from = libm::log(scale);
        let [orders, discounted] =
            self.rule.integrate(from, from + length, length / panels, |v| {
                let ahead = scale * libm::expm1(v - from);
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

    /// The repeat orders that a new customer places in the first `weeks`.
    pub fn new_customer(&self, weeks: f64) -> f64 {
        self.p_alive(0.0, 0.0, 0.0) * self.alive_stream(0.0, 0.0, weeks, 0.0).orders
    }
}
