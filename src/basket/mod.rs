//! Baskets: what is bought together and what is bought after what, as rules
//! with their strength and whether chance could have made them.
//!
//! Frequent sets as in Zaki, "Scalable algorithms for association mining"
//! (2000), by vertical bit sets; measures as in Tan, Kumar and Srivastava,
//! "Selecting the right interestingness measure" (2002); Fisher's exact test of
//! each rule, corrected by Benjamini and Hochberg (1995).

mod gather;
mod items;
mod mine;
mod offers;
mod result;
mod rules;
mod sequences;
mod significance;
mod task;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
pub use items::{Item, Kind};
pub use offers::{Offer, Offers};
pub use result::{
    BasketResult, FrequentSet, ItemCounts, RuleRow, SequenceRow, Sequences,
};
pub use rules::Rule;
pub use task::{Basket, Mined};

/// The most items in one set.
pub const MOST_LENGTH: usize = 5;
/// The most goods that are combined: the most frequent ones.
pub const MOST_GOODS: usize = 2_000;
/// The most values of attributes that are combined with them.
pub const MOST_VALUES: usize = 200;
/// The most sets; beyond, the support is raised until so many are left.
pub const MOST_SETS: usize = 60_000;
/// The most goods whose order in time is looked at.
pub const MOST_FOLLOWED: usize = 600;

/// Whose goods make one basket.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Of {
    /// One order, guests' included.
    #[default]
    Order,
    /// All that one identified customer has bought.
    Customer,
}

/// By what rules are sorted, the strongest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// How much more often than by chance.
    #[default]
    Lift,
    /// How often the rule holds where it applies.
    Confidence,
    /// How often all of it is seen.
    Support,
    /// Support above that of chance.
    Leverage,
}

/// What is looked for, and how much of it is handed out.
#[derive(Clone, Debug, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BasketOptions {
    /// Whose goods make one basket.
    pub of: Of,
    /// Sets must be in this share of all baskets; above 0 to 1.
    pub min_support: f64,
    /// Rules must hold in this share of the baskets they apply to; 0 to 1.
    pub min_confidence: f64,
    /// The most items in a set, 2 to 5.
    pub max_items: usize,
    /// Whether products, categories and attributes are items.
    pub items: Vec<Kind>,
    /// Whether rules are kept that a shorter one says as well.
    pub redundant: bool,
    /// By what rules are sorted.
    pub sort_by: SortBy,
    /// How many sets, rules and sequences are handed out.
    pub limit: usize,
    /// Within how many days a sequence must come about.
    pub window_days: u32,
}

impl Default for BasketOptions {
    fn default() -> BasketOptions {
        BasketOptions {
            of: Of::Order,
            min_support: 0.01,
            min_confidence: 0.2,
            max_items: 4,
            items: vec![Kind::Product, Kind::Category, Kind::Attribute],
            redundant: false,
            sort_by: SortBy::Lift,
            limit: 200,
            window_days: 90,
        }
    }
}

impl BasketOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `basket-bad-support`, `basket-bad-confidence`, `basket-bad-max-items`,
    /// `basket-bad-window` and `basket-no-items`, each with the `value`.
    pub fn check(&self) -> Result<()> {
        let bad =
            |code: &'static str, value: f64| Err(Error::new(code).with("value", value));
        if !(self.min_support > 0.0 && self.min_support <= 1.0) {
            return bad("basket-bad-support", finite(self.min_support));
        }
        if !(0.0..=1.0).contains(&self.min_confidence) {
            return bad("basket-bad-confidence", finite(self.min_confidence));
        }
        if !(2..=MOST_LENGTH).contains(&self.max_items) {
            let error = Error::new("basket-bad-max-items").with("value", self.max_items);
            return Err(error.with("most", MOST_LENGTH));
        }
        if !(1..=3_650).contains(&self.window_days) {
            return Err(Error::new("basket-bad-window").with("value", self.window_days));
        }
        if !self.items.iter().any(|kind| *kind != Kind::Attribute) {
            return Err(Error::new("basket-no-items"));
        }
        Ok(())
    }
}

/// Parameters of messages are never NaN.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}
