//! How well a ranking and its chances hold on customers who had no part in making
//! them: one set of figures for models of shops, of tables, and for naive rules.

use serde::Serialize;

use super::metrics;
use super::profit::{self, BestProfit, Campaign};

/// How well a ranking and its chances hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// Area under the ROC curve, ties as one half.
    pub auc: f64,
    /// Average precision; the base rate is what chance reaches.
    pub average_precision: f64,
    /// Mean squared error of the chances.
    pub brier: f64,
    /// Expected calibration error of the chances over ten bins.
    pub calibration_error: f64,
    /// Lift of the riskiest tenth.
    pub lift_top_decile: f64,
    /// Best profit a customer when the chance to accept is known.
    pub maximum_profit: BestProfit,
    /// Best profit a customer, expected over the chance to accept.
    pub expected_maximum_profit: BestProfit,
}

impl Quality {
    /// Judges a ranking by `scores` (the higher, the riskier) and the chances of
    /// leaving that go with it, one of each a customer.
    pub fn of(
        scores: &[f64],
        chances: &[f64],
        churned: &[bool],
        campaign: &Campaign,
    ) -> Quality {
        let bins = metrics::calibration(chances, churned);
        Quality {
            auc: metrics::auc(scores, churned),
            average_precision: metrics::average_precision(scores, churned),
            brier: metrics::brier(chances, churned),
            calibration_error: metrics::calibration_error(&bins),
            lift_top_decile: metrics::lift_top_decile(scores, churned),
            maximum_profit: profit::maximum_profit(scores, churned, campaign),
            expected_maximum_profit: profit::expected_maximum_profit(
                scores, churned, campaign,
            ),
        }
    }
}
