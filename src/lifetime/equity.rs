//! Customer equity: historic and future value by segment, cohort, channel or
//! country.

use serde::Serialize;

use super::payback::ChannelPayback;
use super::result::{Lifetime, LifetimeColumns};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::names::Names;
use crate::orders::{Attribute, Orders};
use crate::sort::Order;

/// A partition of the customers by some label.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The label of each customer, a number in `names`; `u32::MAX` for none.
    pub of: Vec<u32>,
    /// The labels.
    pub names: Names,
}

impl Labels {
    /// The segment of each customer, an index in the ids.
    pub fn segments(of: &[u8], ids: &[String]) -> Labels {
        let mut names = Names::new();
        for id in ids {
            names.intern(id.as_bytes());
        }
        Labels { of: of.iter().map(|&segment| u32::from(segment)).collect(), names }
    }

    /// The month of each customer's first order, such as `2011-03`.
    pub fn cohorts(customers: &Customers) -> Labels {
        let mut names = Names::new();
        let mut order: Vec<i32> = customers.first_day.clone();
        order.sort_unstable();
        order.dedup();
        for &day in &order {
            names.intern(month(day).as_bytes());
        }
        let label = |&day: &i32| names.find(month(day).as_bytes()).unwrap_or(u32::MAX);
        let of = customers.first_day.iter().map(label).collect();
        Labels { of, names }
    }

    /// The value of an attribute of the orders at each customer's first order:
    /// the channel or country through which the customer came.
    pub fn acquired_by(
        orders: &Orders,
        customers: &Customers,
        attribute: &Attribute,
    ) -> Labels {
        let label = |&number: &u32| {
            let mut records = orders.of(number).filter(|&i| orders.is_order[i]);
            records.next().and_then(|i| attribute.of.get(i).copied()).unwrap_or(u32::MAX)
        };
        Labels {
            of: customers.number.iter().map(label).collect(),
            names: attribute.values.clone(),
        }
    }
}

fn month(day: i32) -> String {
    let date = Day(day).civil();
    format!("{:04}-{:02}", date.year(), date.month())
}

/// What a group of customers has been and will be worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Equity {
    /// The label; `None` for customers without one.
    pub label: Option<String>,
    /// How many customers.
    pub customers: u64,
    /// Their net revenue so far.
    pub historic: f64,
    /// Their value within the horizon.
    pub future: f64,
    /// Share of all future value, 0 to 1.
    pub share: f64,
    /// Their expected orders within the horizon.
    pub expected_orders: f64,
    /// Their mean chance of being customers still; `None` without a model.
    pub mean_p_alive: Option<f64>,
}

/// Equity by all that customers can be told apart by: `EquityResult` of
/// `pkg/types.d.ts`. Each of the lists adds up to `total`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EquityResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// How far ahead future value is counted.
    pub horizon_days: u32,
    /// Share of revenue that is profit.
    pub margin: f64,
    /// All customers.
    pub total: Equity,
    /// By segment, best first; `None` where the scores have no segments.
    pub segment: Option<Vec<Equity>>,
    /// By month of the first order, where days are those of a calendar.
    pub cohort: Vec<Equity>,
    /// By channel of the first order, most historic value first; `None` where no column says it.
    pub channel: Option<Vec<Equity>>,
    /// By country of the first order, most historic value first; `None` where no column says it.
    pub country: Option<Vec<Equity>>,
    /// When a new customer of each channel pays back, in the order of the channels;
    /// empty where no cost, no channel or no model is known.
    pub payback: Vec<ChannelPayback>,
}

impl EquityResult {
    /// Divides historic and future value by segment (the index of each customer's
    /// in the ids), cohort, channel and country. Linear in the customers.
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        lifetime: &Lifetime,
        segments: Option<(&[u8], &[String])>,
    ) -> EquityResult {
        let columns = &lifetime.columns;
        let by = |labels: &Labels| equity(labels, orders, customers, columns);
        let attribute = |role: &str| {
            let found = orders.attributes.iter().find(|a| a.role == role)?;
            let mut rows = by(&Labels::acquired_by(orders, customers, found));
            // Values have no order of their own: the largest first, the unsaid last.
            rows.order_by(|a, b| {
                let unsaid = a.label.is_none().cmp(&b.label.is_none());
                let larger = b.historic.total_cmp(&a.historic);
                unsaid.then(larger).then_with(|| a.label.cmp(&b.label))
            });
            Some(rows)
        };
        let channel = attribute("channel");
        let labels = orders.attributes.iter().find(|a| a.role == "channel");
        let labels = labels.map(|a| Labels::acquired_by(orders, customers, a));
        let mut payback = match (&lifetime.fitted, &labels) {
            (Some(fitted), Some(labels)) => fitted.by_channel(orders, customers, labels),
            _ => Vec::new(),
        };
        let place = |name: &str| {
            let is = |row: &Equity| row.label.as_deref() == Some(name);
            channel.as_ref().and_then(|rows| rows.iter().position(is))
        };
        payback.order_by_key(|row| place(&row.channel));
        let everybody =
            Labels { of: vec![u32::MAX; customers.len()], names: Names::new() };
        EquityResult {
            as_of: customers.as_of,
            horizon_days: lifetime.result.horizon_days,
            margin: lifetime.result.margin,
            total: by(&everybody).pop().unwrap_or_default(),
            segment: segments.map(|(of, ids)| by(&Labels::segments(of, ids))),
            cohort: match &orders.summary {
                // Days that are no calendar's make no months.
                Some(summary) if !summary.dated => by(&everybody),
                _ => by(&Labels::cohorts(customers)),
            },
            channel,
            country: attribute("country"),
            payback,
        }
    }
}

/// The equity of each label in the order of the labels, empty ones left out,
/// those without a label last.
pub fn equity(
    labels: &Labels,
    orders: &Orders,
    customers: &Customers,
    columns: &LifetimeColumns,
) -> Vec<Equity> {
    let none = labels.names.len();
    let mut rows: Vec<(Equity, i64, f64)> = vec![Default::default(); none + 1];
    for (i, &label) in labels.of.iter().enumerate() {
        let (row, revenue, alive) = &mut rows[(label as usize).min(none)];
        row.customers += 1;
        row.future += columns.clv[i];
        row.expected_orders += columns.expected_orders[i];
        *revenue += customers.revenue(i);
        *alive += columns.p_alive[i];
    }
    let total: f64 = rows.iter().map(|r| r.0.future).sum();
    rows.into_iter()
        .enumerate()
        .filter(|(_, (row, ..))| row.customers > 0)
        .map(|(label, (row, revenue, alive))| Equity {
            label: (label < none).then(|| labels.names.text(label as u32).into_owned()),
            historic: orders.scale.number(revenue),
            share: if total > 0.0 { row.future / total } else { 0.0 },
            mean_p_alive: alive.is_finite().then(|| alive / row.customers as f64),
            ..row
        })
        .collect()
}
