//! The options of the win-back plan.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::kinds;

/// What a campaign is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// To keep those who would leave: weighed by the chance of churning.
    #[default]
    Rescue,
    /// To reach those who bring most from now on: weighed by the chance of
    /// being active still.
    Revenue,
}

/// What a campaign costs and brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WinbackOptions {
    /// Cost of one contact, in the currency of the file.
    pub cost_per_contact: f64,
    /// Chance that a contact wins back someone who would have churned, 0 to 1.
    pub success_rate: f64,
    /// Share of revenue that is profit, 0 to 1.
    pub margin: f64,
    /// Most that may be spent; unlimited when absent.
    pub budget: Option<f64>,
    /// Days of revenue that the values at stake speak of; passed on.
    pub horizon_days: u32,
    /// Days of the churn window, in which the campaign is measured.
    pub window_days: u32,
    /// Contact customers who are not behind their own cadence too, or so long
    /// that hardly anyone came back from it. By default the plan holds only
    /// those whose window of opportunity is open.
    pub everyone: bool,
    /// Of those whom the plan is to rescue, the least chance of churning, 0 to 1:
    /// a small loss of a great customer is no reason to send a gift.
    pub least_risk: f64,
    /// Share of the chosen customers who are not contacted, to measure by, 0 to .5.
    pub hold_out: f64,
    /// What the campaign is for.
    pub aim: Aim,
    /// Decides who is held out.
    pub seed: u64,
    /// Share of customers above the end of the tiers top, important, ordinary.
    pub tiers: [f64; 3],
}

impl Default for WinbackOptions {
    fn default() -> WinbackOptions {
        WinbackOptions {
            cost_per_contact: 1.0,
            success_rate: 0.1,
            margin: 0.3,
            budget: None,
            horizon_days: 365,
            window_days: 90,
            everyone: false,
            least_risk: 0.0,
            hold_out: 0.1,
            aim: Aim::Rescue,
            seed: 0,
            tiers: kinds::SHARES,
        }
    }
}

impl WinbackOptions {
    /// # Errors
    /// `winback-option` with the option's name when it is out of its range.
    pub fn check(&self) -> Result<()> {
        let share = |v: f64| (0.0..=1.0).contains(&v);
        let rising = self.tiers.is_sorted() && self.tiers.iter().all(|&t| share(t));
        let checks = [
            (
                "costPerContact",
                self.cost_per_contact >= 0.0 && self.cost_per_contact.is_finite(),
            ),
            ("successRate", share(self.success_rate)),
            ("margin", share(self.margin)),
            ("budget", self.budget.is_none_or(|b| b >= 0.0 && b.is_finite())),
            ("horizonDays", (1..=3650).contains(&self.horizon_days)),
            ("windowDays", (1..=3650).contains(&self.window_days)),
            ("leastRisk", share(self.least_risk)),
            ("holdOut", (0.0..=0.5).contains(&self.hold_out)),
            ("tiers", rising),
        ];
        match checks.iter().find(|(_, ok)| !ok) {
            Some((name, _)) => Err(Error::new("winback-option").with("option", *name)),
            None => Ok(()),
        }
    }
}
