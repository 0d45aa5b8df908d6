//! The baskets as they are shown.

use serde::Serialize;

use super::Of;
use super::items::Item;
use crate::calendar::Day;
use crate::message::Message;

/// What is bought together, and what after what. Items are named by their
/// place in `items`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BasketResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// Whose goods make one basket.
    pub of: Of,
    /// Baskets with a product or a category.
    pub baskets: u64,
    /// Those of them with one only.
    pub singles: u64,
    /// Different goods a basket, on average.
    pub mean_items: f64,
    /// The support that was asked for.
    pub min_support: f64,
    /// The support that was used: more, where there were too many sets.
    pub used_support: f64,
    /// The confidence that was asked for.
    pub min_confidence: f64,
    /// The items of the file and of the sets.
    pub counts: ItemCounts,
    /// The items that are named below.
    pub items: Vec<Item>,
    /// Frequent sets of one item, of two, and so on.
    pub sets_by_size: Vec<u64>,
    /// The most frequent sets of two items and more.
    pub sets: Vec<FrequentSet>,
    /// Rules that hold often enough, before redundant ones are left out.
    pub total_rules: u64,
    /// Those that a shorter rule says as well.
    pub redundant_rules: u64,
    /// Of the rules kept, those with a `q` of .05 or less.
    pub significant_rules: u64,
    /// The first rules.
    pub rules: Vec<RuleRow>,
    /// What is bought after what; `None` where nobody can be followed.
    pub sequences: Option<Sequences>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// How many items there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemCounts {
    /// Products of the file.
    pub products: u64,
    /// Categories of the file.
    pub categories: u64,
    /// Values of attributes, ranges counted once.
    pub values: u64,
    /// Items that are frequent.
    pub frequent: u64,
    /// Frequent items that were left out.
    pub cut: u64,
}

/// Items that are often in one basket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrequentSet {
    /// Places in `items`.
    pub items: Vec<usize>,
    /// Baskets with all of them.
    pub baskets: u64,
    /// Of all baskets.
    pub support: f64,
}

/// A rule: baskets with `antecedent` often have `consequent`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleRow {
    /// Places in `items`.
    pub antecedent: Vec<usize>,
    /// Likewise.
    pub consequent: Vec<usize>,
    /// Baskets with both.
    pub baskets: u64,
    /// Baskets with the antecedent.
    pub with_antecedent: u64,
    /// Baskets with the consequent.
    pub with_consequent: u64,
    /// Both, of all baskets.
    pub support: f64,
    /// Both, of the baskets with the antecedent.
    pub confidence: f64,
    /// Confidence by the consequent's own support.
    pub lift: f64,
    /// Support less the product of the two sides' supports.
    pub leverage: f64,
    /// How much rarer the rule fails than by chance; `None` where it never fails.
    pub conviction: Option<f64>,
    /// Fisher's exact test, one-sided.
    pub p: f64,
    /// The same, corrected for the number of rules.
    pub q: f64,
}

/// What customers buy after what.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sequences {
    /// Within how many days after.
    pub window_days: u32,
    /// Customers who could be followed for so long.
    pub customers: u64,
    /// The last day of a first purchase that could be.
    pub until: Day,
    /// Pairs of goods seen often enough.
    pub total: u64,
    /// Those that chance hardly made, by lift.
    pub rows: Vec<SequenceRow>,
    /// The same goods bought again, by share.
    pub again: Vec<SequenceRow>,
}

/// Of the customers who bought one, how many bought the other afterwards.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SequenceRow {
    /// Place in `items` of what was bought first.
    pub first: usize,
    /// Place of what followed, on a later day.
    pub then: usize,
    /// Customers whose first purchase of the first could be followed.
    pub exposed: u64,
    /// Those of them who bought the other within the window.
    pub followed: u64,
    /// Followed by exposed.
    pub confidence: f64,
    /// The share after any first purchase of any goods.
    pub base: f64,
    /// Confidence by base.
    pub lift: f64,
    /// Half of those who followed did so within so many days.
    pub median_days: f64,
    /// Four in five of them.
    pub most_days: f64,
    /// Fisher's exact test, one-sided.
    pub p: f64,
    /// The same, corrected for the number of pairs.
    pub q: f64,
}
