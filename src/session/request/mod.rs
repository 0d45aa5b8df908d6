//! What can be asked of a session, as it arrives from the other side.

mod export;
mod reading;

use serde::Deserialize;

pub use export::{ExportArgs, What};
pub use reading::{ForgetArgs, InspectArgs, LoadArgs, SubscriptionArgs};

use super::asked::Ask;
use crate::basket::BasketOptions;
use crate::calendar::Day;
use crate::churn::ChurnOptions;
use crate::cluster::ClusterOptions;
use crate::cohorts::CohortsOptions;
use crate::describe::DescribeOptions;
use crate::error::{Error, Result};
use crate::forecast::ForecastOptions;
use crate::health::HealthOptions;
use crate::lifecycle::LifecycleOptions;
use crate::lifetime::{LifetimeOptions, ModelChoice, RowsOptions};
use crate::rfm::RfmOptions;
use crate::table::{Query, Where};
use crate::winback::WinbackOptions;
use crate::winback::outcome::Campaign;
use crate::winback::saved;

/// The settings of a view: the options of every analysis, each with its default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Scores and segments.
    pub rfm: RfmOptions,
    /// Lifetime value.
    pub lifetime: LifetimeOptions,
    /// Churn.
    pub churn: ChurnOptions,
    /// Health.
    pub health: HealthOptions,
    /// Retention, churn and repeat rate.
    pub retention: RetentionOptions,
    /// Win-back.
    pub winback: WinbackOptions,
    /// Cohorts.
    pub cohorts: CohortsOptions,
    /// Life cycle.
    pub lifecycle: LifecycleOptions,
    /// Learned groups.
    pub cluster: ClusterOptions,
    /// Baskets.
    pub basket: BasketOptions,
    /// What is known of the market.
    pub describe: DescribeOptions,
    /// Forecast.
    pub forecast: ForecastOptions,
}

/// Options of `retention`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RetentionOptions {
    /// Days of a window; that of churn when left out.
    pub window_days: Option<u32>,
}

/// All the options that health depends on.
pub type HealthKey = (ChurnOptions, HealthOptions);

/// All the options that the win-back plan depends on.
pub type WinbackKey = (RfmOptions, LifetimeOptions, ChurnOptions, WinbackOptions);

/// The day and the settings that every analysis is computed with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ViewArgs {
    /// ISO date; the day after the last order when left out.
    pub as_of: Option<String>,
    /// The options of the analyses.
    pub settings: Settings,
}

impl Settings {
    /// The options that the win-back plan depends on.
    pub fn of_the_plan(&self) -> WinbackKey {
        let Settings { rfm, lifetime, churn, winback, .. } = self.clone();
        (rfm, lifetime, churn, winback)
    }

    /// The options that health depends on: its window is that of churn.
    pub fn of_health(&self) -> HealthKey {
        (self.churn.clone(), self.health.clone())
    }

    /// # Errors
    /// Those of each analysis.
    pub fn check(&self) -> Result<()> {
        self.rfm.check()?;
        self.lifetime.check()?;
        self.churn.check()?;
        self.cluster.check()?;
        self.health.check()?;
        self.winback.check()?;
        self.basket.check()?;
        self.describe.check()?;
        self.forecast.check()
    }
}

impl ViewArgs {
    /// The day asked for, if one was.
    ///
    /// # Errors
    /// `bad-date` when the text is no ISO date.
    pub fn day(&self) -> Result<Option<Day>> {
        self.as_of.as_deref().map(Day::parse).transpose()
    }
}

/// Options of `covariates`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CovariateArgs {
    /// `mbg-nbd` when left out, `bg-nbd` or `pareto-nbd`.
    pub model: Option<ModelChoice>,
    /// The attributes, by role or by the name of their column; channel, country and
    /// the mapped attributes when left out.
    pub attributes: Option<Vec<String>>,
}

/// What an analysis task ends in.
#[derive(Clone, Debug)]
pub enum Goal {
    /// The shop at a glance.
    Describe,
    /// Scores and segments.
    Rfm,
    /// Lifetime value.
    Lifetime,
    /// Churn.
    Churn,
    /// Retention, churn and repeat rate by period and group.
    Retention,
    /// Health, and whose fell most.
    Health,
    /// The win-back plan.
    Winback,
    /// Why each customer of the plan is slipping away, in the plan's order.
    Reasons,
    /// What a campaign brought.
    Outcome(Box<Campaign>),
    /// Customers followed from their first order.
    Cohorts,
    /// The stages of the customers' life cycle.
    Lifecycle,
    /// Who moved between segments since an earlier day.
    Movement(Day),
    /// A question to the customers.
    Ask(Ask),
    /// What is bought together.
    Basket,
    /// What is to be expected.
    Forecast,
    /// What to offer one customer next, by id.
    Offers(String),
    /// A page of the customer table.
    Customers(Query),
    /// One customer, by id.
    Customer(String),
    /// What lifetime says of single customers.
    LifetimeRows(Query, RowsOptions),
    /// Value by segment, cohort, channel and country.
    Equity,
    /// A lifetime model whose rates depend on attributes.
    Covariates(CovariateArgs),
    /// A list as CSV bytes.
    Export(ExportArgs),
}

impl Goal {
    /// Which customers the goal speaks of, where it says so.
    pub fn filter(&mut self) -> Option<&mut Where> {
        match self {
            Goal::Customers(query) | Goal::LifetimeRows(query, _) => {
                Some(&mut query.filter)
            }
            Goal::Export(export) => Some(&mut export.query.filter),
            Goal::Ask(
                Ask::Profile(filter) | Ask::Split(filter, _) | Ask::Alike(filter, _),
            ) => Some(filter),
            _ => None,
        }
    }

    /// Whether the goal cannot be reached from a table of one row a customer.
    pub fn needs_single_orders(&self) -> bool {
        match self {
            Goal::Describe
            | Goal::Rfm
            | Goal::Lifetime
            | Goal::Equity
            | Goal::LifetimeRows(..)
            | Goal::Covariates(_)
            | Goal::Customers(_)
            | Goal::Customer(_) => false,
            Goal::Ask(ask) => matches!(ask, Ask::Loyalty(_) | Ask::Quality(_)),
            Goal::Export(export) => {
                !matches!(export.what, What::Customers | What::Segments | What::Ledger)
            }
            _ => true,
        }
    }

    /// Whether the goal can be reached without days: baskets and the ledger.
    pub fn is_of_baskets(&self) -> bool {
        match self {
            Goal::Basket => true,
            Goal::Export(export) => {
                matches!(export.what, What::Ledger | What::Rules | What::Sets)
            }
            _ => false,
        }
    }
}

/// A campaign whose result is asked for: an exported list, or what it says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutcomeArgs {
    /// The exported list as CSV; the other fields are then not looked at.
    pub list: Option<String>,
    /// Customer ids that were contacted.
    pub contacted: Vec<String>,
    /// Customer ids that were held out.
    pub held_out: Vec<String>,
    /// The plan's `as_of`.
    pub from: String,
    /// The plan's `measure_by`.
    pub measure_by: String,
    /// Cost of one contact.
    pub cost_per_contact: f64,
    /// Share of revenue that is profit.
    pub margin: f64,
}

impl OutcomeArgs {
    /// The campaign.
    ///
    /// # Errors
    /// `bad-date`, `winback-option`, and those of [`saved::campaign`].
    pub fn campaign(self) -> Result<Campaign> {
        let campaign = match &self.list {
            Some(list) => saved::campaign(list.as_bytes())?,
            None => Campaign {
                from: Day::parse(&self.from)?,
                measure_by: Day::parse(&self.measure_by)?,
                contacted: self.contacted,
                held_out: self.held_out,
                cost_per_contact: self.cost_per_contact,
                margin: self.margin,
            },
        };
        let cost = campaign.cost_per_contact;
        if !(cost >= 0.0 && cost.is_finite()) {
            return Err(Error::new("winback-option").with("option", "costPerContact"));
        }
        if !(0.0..=1.0).contains(&campaign.margin) {
            return Err(Error::new("winback-option").with("option", "margin"));
        }
        Ok(campaign)
    }
}
