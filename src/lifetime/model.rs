//! The models of order times by name, their parameters and starts.

use std::sync::Arc;

use super::erlang::Erlang;
use super::geometric::Geometric;
use super::history::Groups;
use super::maximise::Objective;
use super::nbd::Nbd;
use super::pareto::Pareto;
use super::periods::Periods;
use crate::calendar::{Days, Weeks};

/// A model of order times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Gamma purchase rates, nobody drops out.
    Nbd,
    /// Gamma purchase rates, beta-geometric dropout after a repeat order.
    BgNbd,
    /// The same with dropout after the first order too.
    MbgNbd,
    /// Gamma purchase rates, exponential lifetimes with gamma rates.
    ParetoNbd,
    /// One opportunity to order in every period of so many days.
    BgBb(u32),
    /// MBG/NBD with orders that take so many phases each: regular buyers.
    MbgCnbdK(u32),
}

impl Model {
    /// The names of the parameters.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Model::Nbd => &["r", "alpha"],
            Model::BgNbd | Model::MbgNbd | Model::MbgCnbdK(_) => {
                &["r", "alpha", "a", "b"]
            }
            Model::ParetoNbd => &["r", "alpha", "s", "beta"],
            Model::BgBb(_) => &["alpha", "beta", "gamma", "delta"],
        }
    }

    /// The phases that an order takes, where that is part of the model.
    pub fn phases(self) -> Option<u32> {
        match self {
            Model::MbgCnbdK(k) => Some(k),
            _ => None,
        }
    }

    /// The days of a period, where the model counts periods.
    pub fn period(self) -> Option<u32> {
        match self {
            Model::BgBb(days) => Some(days),
            _ => None,
        }
    }

    /// The stable code of the model.
    pub fn code(self) -> &'static str {
        match self {
            Model::Nbd => "nbd",
            Model::BgNbd => "bg-nbd",
            Model::MbgNbd => "mbg-nbd",
            Model::ParetoNbd => "pareto-nbd",
            Model::MbgCnbdK(_) => "mbg-cnbd-k",
            Model::BgBb(_) => "bg-bb",
        }
    }

    /// The log-likelihood of these histories in the logarithms of the parameters.
    pub fn objective(self, groups: Arc<Groups>) -> Box<dyn Objective> {
        match self {
            Model::Nbd => Box::new(Nbd::new(groups)),
            Model::BgNbd => Box::new(Geometric::new(groups, false)),
            Model::MbgNbd => Box::new(Geometric::new(groups, true)),
            Model::ParetoNbd => Box::new(Pareto::new(groups)),
            Model::MbgCnbdK(k) => Box::new(Erlang::new(groups, k)),
            Model::BgBb(days) => Box::new(Periods::new(groups, days)),
        }
    }

    /// Logarithms of the parameters to start from, on the scale of the histories.
    pub fn starts(self, groups: &Groups) -> Vec<Vec<f64>> {
        let (mut orders, mut weeks) = (0.0, 0.0);
        for k in 0..groups.len() {
            orders += groups.customers[k] * f64::from(groups.frequency[k]);
            weeks += groups.customers[k] * Weeks::from(Days(groups.age[k])).0;
        }
        // Weeks between orders, as if nobody dropped out.
        let gap = (weeks.max(1.0) / orders.max(1.0)).max(0.1);
        // Phases come faster than the orders that they make up.
        let gap = if let Model::MbgCnbdK(k) = self { gap / f64::from(k) } else { gap };
        let life = 0.5 * weeks.max(1.0) / groups.total().max(1.0);
        let natural: Vec<Vec<f64>> = match self {
            Model::Nbd => vec![vec![0.5, 0.5 * gap], vec![3.0, 3.0 * gap]],
            Model::BgNbd | Model::MbgNbd | Model::MbgCnbdK(_) => vec![
                vec![0.5, 0.3 * gap, 0.8, 2.5],
                vec![1.0, gap, 0.1, 2.0],
                vec![0.25, 0.1 * gap, 1.0, 1.0],
                vec![3.0, 2.0 * gap, 2.0, 20.0],
            ],
            Model::BgBb(_) => vec![
                vec![1.0, 1.0, 0.5, 3.0],
                vec![0.5, 2.0, 1.0, 10.0],
                vec![2.0, 2.0, 0.2, 2.0],
                vec![1.0, 5.0, 1.0, 2.0],
            ],
            Model::ParetoNbd => vec![
                vec![0.5, 0.3 * gap, 0.5, life],
                vec![1.0, gap, 0.3, 3.0 * life],
                vec![0.3, 0.1 * gap, 1.0, 0.3 * life],
                vec![3.0, 2.0 * gap, 2.0, 5.0 * life],
            ],
        };
        natural
            .iter()
            .map(|start| start.iter().map(|&p| libm::log(p)).collect())
            .collect()
    }
}
