//! Cohorts: customers by their first order, followed period by period.
//!
//! Retention here is the share of a cohort that orders in a later period; a
//! period that the file covers only in part is never counted as whole. Refunds
//! belong to the period of the order that they give back.

mod refunds;
mod result;
mod task;

use serde::{Deserialize, Serialize};

use crate::periods::Unit;
pub use result::{Average, Cohort, CohortsResult};
pub use task::Cohorts;

/// By what customers are put together.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum By {
    /// The period of the first order.
    #[default]
    FirstOrder,
    /// The product with the largest amount in the first order.
    Product,
    /// The channel of the first order.
    Channel,
    /// The country of the first order.
    Country,
    /// The discount or coupon of the first order.
    Discount,
}

impl By {
    /// The role that must be mapped; `None` where days suffice.
    pub fn role(self) -> Option<&'static str> {
        match self {
            By::FirstOrder => None,
            By::Product => Some("product"),
            By::Channel => Some("channel"),
            By::Country => Some("country"),
            By::Discount => Some("discount"),
        }
    }
}

/// Which cohorts are followed, and in what steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CohortsOptions {
    /// By what customers are put together.
    pub by: By,
    /// The length of the periods.
    pub unit: Unit,
}

impl Default for CohortsOptions {
    fn default() -> CohortsOptions {
        CohortsOptions { by: By::FirstOrder, unit: Unit::Month }
    }
}
