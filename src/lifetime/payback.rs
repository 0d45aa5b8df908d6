//! How soon a new customer pays back what it costs to win one, for the shop and
//! for each channel that customers come through.

use serde::Serialize;

use super::equity::Labels;
use super::rows::Fitted;
use super::values::Values;
use crate::calendar::{Days, Weeks};
use crate::customers::Customers;
use crate::orders::Orders;

/// The furthest day by which a new customer is said to pay back.
const FURTHEST: u32 = 3_650;

/// How soon a new customer pays back what it costs to win one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payback {
    /// What winning a customer costs.
    pub cost: f64,
    /// Expected discounted value of a new customer within the horizon, the first
    /// order included, times margin.
    pub value: f64,
    /// Days until it reaches the cost; `None` when not within ten years.
    pub days: Option<u32>,
}

/// The same for those who come through a channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelPayback {
    /// The channel.
    pub channel: String,
    /// Mean value of its customers' first orders, net of returns, before margin.
    pub first_value: f64,
    /// Their payback: first orders are the channel's own, later ones those of all.
    #[serde(flatten)]
    pub payback: Payback,
}

impl Fitted {
    /// How soon a new customer who costs so much pays back.
    pub fn payback(&self, cost: f64) -> Payback {
        self.payback_from(cost, self.first_value)
    }

    /// The same of a customer whose first order is worth so much.
    fn payback_from(&self, cost: f64, first_value: f64) -> Payback {
        let discount = self.options.weekly_discount();
        let factor = self.options.margin;
        let each = self.money.expected(0.0, 0.0);
        let value = |days: u32| {
            let weeks = Weeks::from(Days(days)).0;
            let later = self.timing.expected(0.0, 0.0, 0.0, weeks, discount).discounted;
            factor * (first_value + later * each)
        };
        Payback {
            cost,
            value: value(self.options.horizon_days),
            days: if value(0) >= cost {
                Some(0)
            } else {
                first_day(|d| value(d) >= cost)
            },
        }
    }

    /// The payback of each channel that has a cost of its own or shares that of the
    /// shop, in the order of the labels; nothing where no cost is known.
    pub(super) fn by_channel(
        &self,
        orders: &Orders,
        customers: &Customers,
        channels: &Labels,
    ) -> Vec<ChannelPayback> {
        let (own, all) = (&self.options.acquisition_costs, self.options.acquisition_cost);
        if own.is_empty() && all.is_none() {
            return Vec::new();
        }
        let mut sums = vec![(0.0, 0.0); channels.names.len()];
        for (&number, &label) in customers.number.iter().zip(&channels.of) {
            if let Some(sum) = sums.get_mut(label as usize) {
                sum.0 += 1.0;
                sum.1 += Values::of(orders, number, customers.as_of).first;
            }
        }
        let rows = sums.iter().enumerate().filter(|(_, sum)| sum.0 > 0.0);
        rows.filter_map(|(label, &(n, first))| {
            let channel = channels.names.text(label as u32).into_owned();
            let cost = own.get(&channel).copied().or(all)?;
            let first_value = first / n;
            let payback = self.payback_from(cost, first_value);
            Some(ChannelPayback { channel, first_value, payback })
        })
        .collect()
    }
}

/// The first day, up to ten years ahead, from which something holds.
pub(super) fn first_day(holds: impl Fn(u32) -> bool) -> Option<u32> {
    if !holds(FURTHEST) {
        return None;
    }
    let (mut low, mut high) = (0, FURTHEST);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
