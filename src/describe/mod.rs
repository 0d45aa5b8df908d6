//! The shop at a glance: figures with their parts, months, periods compared,
//! and what brings most.

mod compare;
mod distribution;
mod figures;
mod task;
mod top;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::periods::Unit;
pub use compare::{Change, Compared, Comparison};
pub use distribution::{Bin, Distribution, Mode, Weighted};
pub use task::Describe;
pub use top::Top;

/// What the user knows and the file does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DescribeOptions {
    /// What the whole market sold, the shop included.
    pub market: Option<MarketSize>,
}

/// The size of the market in the last complete period.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketSize {
    /// The length of the period: month, quarter or year.
    pub unit: Unit,
    /// In the currency of the file.
    pub size: f64,
    /// The same of the period before.
    #[serde(default)]
    pub previous: Option<f64>,
}

impl DescribeOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `describe-bad-market` for a size that is not above zero, or a period other
    /// than month, quarter and year.
    pub fn check(&self) -> Result<()> {
        let Some(market) = &self.market else { return Ok(()) };
        let good = |size: f64| size.is_finite() && size > 0.0;
        let sizes = good(market.size) && market.previous.is_none_or(good);
        let unit = matches!(market.unit, Unit::Month | Unit::Quarter | Unit::Year);
        if sizes && unit { Ok(()) } else { Err(Error::new("describe-bad-market")) }
    }
}

/// The shop within its market, in the last complete period.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Market {
    /// Such as `2011-11`.
    pub period: String,
    /// The name of the period before, where it is complete and the market's size
    /// in it is known.
    pub previous_period: Option<String>,
    /// The shop's net revenue by the size of the market.
    pub share: Figure,
    /// The same of the period before.
    pub previous_share: Option<Figure>,
    /// By how many percentage points the share has changed.
    pub points: Option<f64>,
    /// Size by size of the period before, less 1.
    pub market_growth: Option<f64>,
    /// The shop's net revenue by that of the period before, less 1.
    pub shop_growth: Option<f64>,
}

/// One figure with its parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// `None` where it has no meaning (a denominator of 0, no complete month).
    pub value: Option<f64>,
    /// What was divided, for ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<f64>,
    /// By what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
    /// The exact decimal, for money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// First day, for figures that do not speak of the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// `shop`, guests included, or `customers`, the identified ones.
    pub of: &'static str,
}

/// The months of the file, one entry each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Months {
    /// `2011-11`.
    pub month: Vec<String>,
    /// Orders of the shop.
    pub orders: Vec<u64>,
    /// Net revenue of the shop; returns count in the month of their own day.
    pub net: Vec<f64>,
    /// Customers whose first order in the file lies in the month.
    pub new_customers: Vec<u64>,
    /// Customers with an order in the month and one before it.
    pub returning_customers: Vec<u64>,
    /// Whether the file covers the whole month.
    pub complete: Vec<bool>,
}

/// The shop at a glance.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The day of the first order up to then; `as_of` where there is none.
    pub first_date: Day,
    /// The day of the last order up to then.
    pub last_date: Day,
    /// The figures by name.
    pub figures: BTreeMap<&'static str, Figure>,
    /// From the month of the first record to that of the last up to `as_of`.
    pub months: Months,
    /// By month, quarter and year, where one of them is complete.
    pub comparisons: Vec<Comparison>,
    /// How orders, prices and customers are spread.
    pub distributions: Vec<Distribution>,
    /// The shop within its market, where the user has typed its size.
    pub market: Option<Market>,
    /// The first ten products by net revenue; `None` where the file has none.
    pub top_products: Option<Vec<Top>>,
    /// The first ten countries.
    pub top_countries: Option<Vec<Top>>,
    /// The first ten channels.
    pub top_channels: Option<Vec<Top>>,
    /// What was noticed.
    pub notices: Vec<Message>,
}
