//! Who is slipping away: the probability that a customer places no order within
//! the window, learned from the shop's own past and judged on its latest part.
//!
//! At each cut-off of the past, customers are described from the records up to
//! that day and labelled by the window after it. The model is trained on
//! cut-offs whose windows had ended by the last cut-off, judged there once, and
//! then fitted to all of them to score the customers of `as_of`.

pub mod assortment;
pub mod definition;
mod evaluate;
pub mod features;
pub mod learn;
pub mod logistic;
pub mod metrics;
pub mod profit;
pub mod quality;
pub mod reasons;
pub mod result;
pub mod retention;
pub mod rules;
pub mod table;
mod task;
mod totals;

use serde::{Deserialize, Serialize};

use crate::customers::customers;
use crate::error::{Error, Result};
use crate::habits::{Setting, facts};
use crate::numerics::of_id;
use crate::orders::Orders;

pub use definition::{Plan, plan};
pub use features::Activity;
use features::WIDTH;
use learn::Model;
use profit::Campaign;
pub use reasons::Explanation;
pub use result::ChurnResult;
pub use task::Churn;

/// How the churn analysis is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChurnOptions {
    /// A customer has churned who has no order in (as_of, as_of + window_days];
    /// proposed from the gaps between orders when absent. 1 to 3650.
    pub window_days: Option<u32>,
    /// For the profit measures.
    pub campaign: Campaign,
    /// For samples and for the parts of the cross-validation.
    pub seed: u64,
}

impl ChurnOptions {
    /// # Errors
    /// `churn-window`, or those of [`Campaign::check`].
    pub fn check(&self) -> Result<()> {
        match self.window_days {
            Some(days) if !(1..=3650).contains(&days) => {
                Err(Error::new("churn-window").with("windowDays", days))
            }
            _ => self.campaign.check(),
        }
    }
}

/// The analysis, and what single customers need of it.
#[derive(Clone, Debug)]
pub struct Churned {
    /// The whole analysis.
    pub result: ChurnResult,
    /// Churn probability of each customer of [`customers`] as of `as_of`.
    pub probability: Vec<f64>,
    /// The model that gave them.
    pub model: Model,
    /// The plan that was followed.
    pub plan: Plan,
    /// The seed that samples and parts were drawn with.
    pub seed: u64,
}

impl Churned {
    /// Why this customer has this probability. `customer` is the number in
    /// `orders.customers`; `activity` what was passed for `as_of`, of this
    /// customer; `setting` is [`Churned::setting`], which is the costly part.
    pub fn explain(
        &self,
        orders: &Orders,
        customer: u32,
        activity: Option<(f64, f64)>,
        setting: &Setting,
    ) -> Explanation {
        let mut products = Vec::new();
        let facts = facts(orders, customer, setting, &mut products);
        let mut row = [0.0; WIDTH];
        features::row(&facts, activity, setting, &mut row);
        let ticket = of_id(orders.customers.bytes(customer), self.seed);
        Explanation::new(orders, &self.model, &mut row, &facts, &products, ticket)
    }

    /// What [`Churned::explain`] needs to know of the shop as of `as_of`.
    pub fn setting(&self, orders: &Orders) -> Setting {
        let table = customers(orders, self.plan.as_of);
        Setting::new(orders, &table, self.plan.window_days)
    }
}
