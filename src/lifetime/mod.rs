//! Lifetime value: how many orders each customer will still place and what they
//! are worth, from buy-till-you-die models fitted to the shop's own histories.
//!
//! [`LifetimeTask`] is the entry. Times are whole days outside and weeks inside
//! the models; money is in units of the currency.

pub mod choice;
pub mod columns;
pub mod counts;
pub mod covariate_task;
pub mod covariates;
pub mod draw;
pub mod equity;
pub mod erlang;
pub mod fit;
pub mod geometric;
pub mod given;
pub mod history;
pub mod holdout;
pub mod hypergeometric;
pub mod intervals;
pub mod judge;
pub mod matrix;
pub mod maximise;
pub mod model;
pub mod nbd;
pub mod options;
pub mod pareto;
pub mod payback;
pub mod periods;
pub mod predict;
pub mod quadrature;
pub mod random;
pub mod result;
pub mod retention;
pub mod rows;
pub mod rows_task;
pub mod shop;
pub mod special;
pub mod spend;
pub mod stream;
pub mod subscriptions;
pub mod task;
pub mod term;
pub mod timing;
pub mod tracking;
pub mod trial;
pub mod values;
pub mod verdict;
pub mod views;

pub use choice::Candidate;
pub use covariate_task::{CovariateResult, CovariateTask};
pub use equity::{Equity, EquityResult, Labels, equity};
pub use fit::Parameter;
pub use given::{
    Given, GivenFit, GivenFitTask, GivenOptions, GivenPredictTask, GivenPredictions,
};
pub use history::{Groups, Histories, History};
pub use holdout::{ByFrequency, Score};
pub use model::Model;
pub use options::{LifetimeOptions, ModelChoice};
pub use payback::{ChannelPayback, Payback};
pub use result::{
    HoldoutResult, Lifetime, LifetimeColumns, LifetimeResult, LifetimeTotals, SpendResult,
};
pub use rows::{Fitted, LifetimeRow, Path};
pub use rows_task::{LifetimeRows, RowsOptions, RowsTask};
pub use subscriptions::{SubscriptionOptions, Subscriptions, subscriptions};
pub use task::LifetimeTask;
pub use tracking::Tracking;
pub use views::{Bin, Frequencies, Matrix};
