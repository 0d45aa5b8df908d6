//! Drawing what kind of customer stands behind a history, from the posterior of
//! the models; times in weeks.

use super::erlang::Standing;
use super::model::Model;
use super::random::Random;
use super::timing::Timing;
use crate::calendar::{Days, Weeks};

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
}
