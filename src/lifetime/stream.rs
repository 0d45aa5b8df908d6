//! Orders to come of a customer who is active now, one by one or discounted, to a
//! finite or an infinite horizon (derived in this file).
//!
//! Given that a customer of BG/NBD with history (x, t_x, T) is active, the rate of
//! orders is gamma (r + x, alpha + T) and the chance of dropping out beta
//! (a, b + x), independently. Orders `u` weeks ahead then come at the rate
//! `E[l exp(-l p u)] = (r+x)/(alpha+T) F(r+x+1, a; a+b+x; -u/(alpha+T))`,
//! positive and without singularity for all parameters.
//! In MBG/NBD b is one larger; in Pareto/NBD the rate is
//! `(r+x)/(alpha+T) ((beta+T)/(beta+T+u))^s`. Its integral, with or without a
//! discount, is all that is needed.

use super::erlang::Standing;
use super::hypergeometric::hyp2f1_at_minus;
use super::model::Model;
use super::timing::{Timing, whole_periods};
use crate::calendar::{Days, Weeks};

/// Orders to come and their discounted number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stream {
    /// Expected orders.
    pub orders: f64,
    /// Each order weighed by its discount.
    pub discounted: f64,
}

impl Timing {
    /// The parameters of the dropout chance of an active customer.
    pub(super) fn dropout(&self, x: f64) -> (f64, f64) {
        let [_, _, a, b] = self.p;
        (a, b + x + if self.model == Model::MbgNbd { 1.0 } else { 0.0 })
    }

    /// The rate of orders, `ahead` weeks from now, of a customer active now.
    pub(super) fn alive_rate(&self, x: f64, age: f64, ahead: f64) -> f64 {
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
    pub(super) fn alive_survival(&self, x: f64, age: f64, ahead: f64) -> f64 {
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
        // Half of the customers leave in about `scale` weeks: in the logarithm of
        // `scale + ahead` the rate falls smoothly, like a power in the end.
        let scale = match self.model {
            Model::Nbd | Model::MbgCnbdK(_) | Model::BgBb(_) => alpha + age,
            Model::BgNbd | Model::MbgNbd => {
                let (a, b) = self.dropout(x);
                (alpha + age) / f64::max(1.0, (r + x + 1.0) * a / (a + b))
            }
            Model::ParetoNbd => (beta + age) / f64::max(1.0, s),
        };
        let length = libm::log1p(end / scale);
        let (rule, panels) = self.rules.choose(length, discount * end);
        let [orders, discounted] = rule.integrate(0.0, length, panels, |v| {
            let ahead = scale * libm::expm1(v);
            let rate = (scale + ahead) * self.alive_rate(x, age, ahead);
            [rate, rate * libm::exp(-discount * ahead)]
        });
        Stream { orders, discounted }
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
            at = f64::min(at + length, end);
            chance *= turn.stay_chance(ahead);
            stream.orders += part * chance;
            stream.discounted += part * chance * libm::exp(-discount * at);
        }
        stream
    }
}
