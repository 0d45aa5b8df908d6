//! What a finished task hands out: plain results, tables and bytes.

use serde::Serialize;

use crate::basket::{BasketResult, Offers};
use crate::churn::ChurnResult;
use crate::churn::retention::RetentionResult;
use crate::cluster::ClusterResult;
use crate::cohorts::CohortsResult;
use crate::describe::DescribeResult;
use crate::error::Error;
use crate::forecast::ForecastResult;
use crate::health::HealthResult;
use crate::lifecycle::LifecycleResult;
use crate::lifetime::{
    CovariateResult, EquityResult, GivenFit, GivenPredictions, LifetimeResult,
    LifetimeRows, Subscriptions,
};
use crate::mapping::Found;
use crate::message::Message;
use crate::orders::Ledger;
use crate::rfm::RfmResult;
use crate::segments::{Loyalty, Movement, Profile};
use crate::table::{Alike, CustomerDetail, Page, Pivot, Quality};
use crate::winback::WinbackResult;
use crate::winback::outcome::WinbackOutcome;

use super::asked::Divided;
use super::labelled::TableReport;
use super::settings::SettingsFile;

/// The result of a task. All but tables and bytes are plain data.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Output {
    /// What a file is.
    Found(Box<Found>),
    /// The ledger of what was loaded.
    Ledger(Box<Ledger>),
    /// The shop at a glance.
    Describe(Box<DescribeResult>),
    /// Scores and segments.
    Rfm(Box<RfmResult>),
    /// Lifetime value.
    Lifetime(Box<LifetimeResult>),
    /// Lifetime value of single customers.
    LifetimeRows(Box<LifetimeRows>),
    /// Value by segment, cohort, channel and country.
    Equity(Box<EquityResult>),
    /// A lifetime model with covariates.
    Covariates(Box<CovariateResult>),
    /// Retention curves of subscriptions.
    Subscriptions(Box<Subscriptions>),
    /// A model fitted to given histories.
    Fitted(Box<GivenFit>),
    /// Churn.
    Churn(Box<ChurnResult>),
    /// Retention, churn and repeat rate.
    Retention(Box<RetentionResult>),
    /// Health.
    Health(Box<HealthResult>),
    /// Why the customers of the plan are slipping away, first reason first.
    Reasons(Vec<Vec<Message>>),
    /// What a campaign brought.
    Outcome(Box<WinbackOutcome>),
    /// The win-back plan.
    Winback(Box<WinbackResult>),
    /// Customers followed from their first order.
    Cohorts(Box<CohortsResult>),
    /// The stages of the customers' life cycle.
    Lifecycle(Box<LifecycleResult>),
    /// Who moved between segments.
    Movement(Box<Movement>),
    /// Learned groups.
    Cluster(Box<ClusterResult>),
    /// What the customers of a list have in common.
    Profile(Box<Profile>),
    /// Two dimensions against each other.
    Pivot(Box<Pivot>),
    /// Tiers and points.
    Loyalty(Box<Loyalty>),
    /// The customers most like a list.
    Alike(Box<Alike>),
    /// The four tests of the segments.
    Quality(Box<Quality>),
    /// The parts of a divided list.
    Divided(Box<Divided>),
    /// A labelled table.
    Table(Box<TableReport>),
    /// What is bought together.
    Basket(Box<BasketResult>),
    /// What is to be expected.
    Forecast(Box<ForecastResult>),
    /// What to offer one customer next.
    Offers(Box<Offers>),
    /// One customer.
    Customer(Box<CustomerDetail>),
    /// An analysis that the file does not allow, and why.
    Unavailable(Unavailable),
    /// What the user said of the loaded files.
    Settings(Box<SettingsFile>),
    /// Nothing to say.
    Nothing(()),
    /// A page of the customer table.
    #[serde(skip)]
    Page(Page),
    /// Predictions for given histories.
    #[serde(skip)]
    Predictions(GivenPredictions),
    /// The bytes of a CSV file.
    #[serde(skip)]
    Bytes(Vec<u8>),
}

/// Why an analysis cannot be computed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unavailable {
    /// The code of the reason.
    pub unavailable: &'static str,
    /// What is missing.
    pub missing: Vec<Message>,
}

impl From<&Error> for Unavailable {
    fn from(error: &Error) -> Unavailable {
        let missing = Message { code: error.code(), params: error.params().clone() };
        Unavailable { unavailable: error.code(), missing: vec![missing] }
    }
}
