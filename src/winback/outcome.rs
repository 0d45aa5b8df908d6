//! What a campaign brought, read back from a newer export: the customers who
//! were contacted against those who were held out (a randomised experiment, so
//! the difference of means is the effect).

use serde::Serialize;

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;

/// The saved list of a campaign, as it was exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Campaign {
    /// Customer ids that were contacted.
    pub contacted: Vec<String>,
    /// Customer ids that were held out.
    pub held_out: Vec<String>,
    /// Last day before the campaign: the plan's `as_of`.
    pub from: Day,
    /// Last day of the measurement: the plan's `measure_by`.
    pub measure_by: Day,
    /// Cost of one contact.
    pub cost_per_contact: f64,
    /// Share of revenue that is profit.
    pub margin: f64,
}

/// A group of the campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Customers of the list who are in the export.
    pub customers: u64,
    /// Customers of the list who are not.
    pub missing: u64,
    /// Those with an order in the time measured.
    pub recovered: u64,
    /// `recovered / customers`.
    pub rate: Option<f64>,
    /// Net revenue in the time measured.
    pub revenue: f64,
}

/// In the shape of `WinbackOutcome` in `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WinbackOutcome {
    /// First day measured.
    pub from: Day,
    /// Last day measured: `measure_by`, or the last order where the export ends earlier.
    pub until: Day,
    /// Those contacted.
    pub contacted: Group,
    /// Those held out.
    pub held_out: Group,
    /// Recovered because of the campaign: contacted x difference of the rates.
    pub incremental: Option<f64>,
    /// Standard error of `incremental`.
    pub incremental_standard_error: Option<f64>,
    /// Revenue because of the campaign: contacted x difference of the means.
    pub incremental_revenue: Option<f64>,
    /// Standard error of `incremental_revenue`.
    pub incremental_revenue_standard_error: Option<f64>,
    /// What the contacts cost.
    pub cost: f64,
    /// (incremental revenue x margin - cost) / cost.
    pub return_on_spend: Option<f64>,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

/// Sums over a group.
struct Sums {
    group: Group,
    mean: f64,
    variance: f64,
}

/// The outcome of a campaign. Linear in the records of those on the list.
///
/// # Errors
/// `winback-outcome-early` when the export has no order after the campaign
/// began; `winback-outcome-empty` when nobody of the list is in it.
pub fn outcome(orders: &Orders, campaign: &Campaign) -> Result<WinbackOutcome> {
    let last = orders.last_day().unwrap_or(campaign.from);
    if last <= campaign.from {
        return Err(Error::new("winback-outcome-early")
            .with("lastOrder", last)
            .with("from", campaign.from));
    }
    let until = last.min(campaign.measure_by);
    let of = |ids: &[String]| sums(orders, ids, campaign.from, until);
    let (contacted, held_out) = (of(&campaign.contacted), of(&campaign.held_out));
    if contacted.group.customers == 0 {
        return Err(Error::new("winback-outcome-empty"));
    }
    let mut notices = Vec::new();
    if last < campaign.measure_by {
        notices.push(
            Message::new("winback-outcome-unfinished")
                .with("until", until)
                .with("measureBy", campaign.measure_by),
        );
    }
    let missing = contacted.group.missing + held_out.group.missing;
    if missing > 0 {
        notices.push(Message::new("winback-outcome-missing").with("customers", missing));
    }
    let n = contacted.group.customers as f64;
    let cost = campaign.contacted.len() as f64 * campaign.cost_per_contact;
    let comparable = held_out.group.customers >= 2 && contacted.group.customers >= 2;
    if !comparable {
        notices.push(Message::new("winback-outcome-no-hold-out"));
    }
    let rates = contacted.group.rate.zip(held_out.group.rate).filter(|_| comparable);
    let incremental = rates.map(|(a, b)| n * (a - b));
    let rate_error = rates.map(|(a, b)| {
        let m = held_out.group.customers as f64;
        n * libm::sqrt(a * (1.0 - a) / n + b * (1.0 - b) / m)
    });
    let revenue = comparable.then_some(n * (contacted.mean - held_out.mean));
    let revenue_error = comparable.then(|| {
        let m = held_out.group.customers as f64;
        n * libm::sqrt(contacted.variance / n + held_out.variance / m)
    });
    if incremental.zip(rate_error).is_some_and(|(i, e)| i.abs() < 2.0 * e) {
        notices.push(Message::new("winback-outcome-uncertain"));
    }
    let spent = revenue.filter(|_| cost > 0.0);
    Ok(WinbackOutcome {
        from: campaign.from.plus(1),
        until,
        contacted: contacted.group,
        held_out: held_out.group,
        incremental,
        incremental_standard_error: rate_error,
        incremental_revenue: revenue,
        incremental_revenue_standard_error: revenue_error,
        cost,
        return_on_spend: spent.map(|r| (r * campaign.margin - cost) / cost),
        notices,
    })
}

fn sums(orders: &Orders, ids: &[String], from: Day, until: Day) -> Sums {
    let (mut missing, mut recovered) = (0, 0);
    let mut revenue = Vec::new();
    for id in ids {
        let Some(number) = orders.customers.find(id.as_bytes()) else {
            missing += 1;
            continue;
        };
        let within = |&i: &usize| orders.day[i] > from.0 && orders.day[i] <= until.0;
        let records: Vec<usize> = orders.of(number).filter(within).collect();
        recovered += u64::from(records.iter().any(|&i| orders.is_order[i]));
        let net: i64 = records.iter().map(|&i| orders.gross[i] + orders.returns[i]).sum();
        revenue.push(orders.scale.number(net));
    }
    let n = revenue.len() as f64;
    let total: f64 = revenue.iter().sum();
    let mean = total / n.max(1.0);
    let squares: f64 = revenue.iter().map(|r| (r - mean) * (r - mean)).sum();
    let customers = revenue.len() as u64;
    let rate = (customers > 0).then(|| recovered as f64 / n);
    let group = Group { customers, missing, recovered, rate, revenue: total };
    Sums { group, mean, variance: squares / (n - 1.0).max(1.0) }
}
