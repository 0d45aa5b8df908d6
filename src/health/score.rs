//! The parts of a customer's health, each from 0 to 100 by a stated formula.

use crate::calendar::Day;
use crate::customers::Customers;
use crate::habits::{Facts, Opportunity};
use crate::message::Message;
use crate::orders::Orders;

/// A part of the health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How lately there was an order.
    Activity,
    /// Silence against the own usual gap.
    Cadence,
    /// Orders in the last window against the own rate.
    Trend,
    /// How many different products.
    Breadth,
    /// How little was sent back.
    Returns,
}

/// All parts, in the order of their declaration.
pub const PARTS: [Part; 5] =
    [Part::Activity, Part::Cadence, Part::Trend, Part::Breadth, Part::Returns];

/// What the parts are measured with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    window_days: f64,
    closes_after: f64,
    /// The median of the products bought by a customer; 0 where none is known.
    products: f64,
    /// How many customers that median was taken from.
    pub(super) asked: usize,
}

impl Scale {
    /// The scale of the shop at a day. The median of products is taken from
    /// every k-th customer where there are more than 40,000.
    pub(super) fn of(
        orders: &Orders,
        customers: &Customers,
        opportunity: &Opportunity,
        window_days: u32,
    ) -> Scale {
        let step = (customers.len() / 20_000).max(1);
        let mut counts: Vec<usize> = (0..customers.len())
            .step_by(step)
            .map(|c| products(orders, customers.number[c], customers.as_of))
            .collect();
        counts.sort_unstable();
        let median = counts.get(counts.len() / 2).copied().unwrap_or(0) as f64;
        let has_lines = orders.lines.is_some();
        Scale {
            window_days: f64::from(window_days),
            closes_after: opportunity.closes_after,
            products: if has_lines { median.max(1.0) } else { 0.0 },
            asked: counts.len(),
        }
    }

    /// Whether the file tells products.
    pub(super) fn has_breadth(&self) -> bool {
        self.products > 0.0
    }
}

/// Distinct products bought up to a day.
fn products(orders: &Orders, customer: u32, day: Day) -> usize {
    let Some(lines) = &orders.lines else { return 0 };
    let mut bought = Vec::new();
    for i in orders.of(customer).take_while(|&i| orders.day[i] <= day.0) {
        let of_record = lines.start[i] as usize..lines.start[i + 1] as usize;
        bought.extend(
            of_record
                .filter(|&l| lines.product[l] != u32::MAX && lines.amount.get(l) >= 0)
                .map(|l| lines.product[l]),
        );
    }
    bought.sort_unstable();
    bought.dedup();
    bought.len()
}

/// The parts of a customer's health, in the order of [`PARTS`].
pub(super) fn parts(f: &Facts, scale: &Scale) -> [f64; PARTS.len()] {
    let behind = (f.overdue - 1.0).max(0.0) / (scale.closes_after - 1.0).max(0.1);
    [
        100.0 * libm::exp2(-f.recency_days / scale.window_days),
        100.0 * (1.0 - behind).clamp(0.0, 1.0),
        100.0 * (f.recent + 0.5) / (f.recent + f.expected_recent + 1.0),
        if scale.has_breadth() {
            100.0 * f.products / (f.products + scale.products)
        } else {
            0.0
        },
        100.0 * (1.0 - f.return_share),
    ]
}

/// The weighted mean of the parts.
pub(super) fn total(parts: &[f64; PARTS.len()], weights: &[f64; PARTS.len()]) -> f64 {
    let sum: f64 = weights.iter().sum();
    parts.iter().zip(weights).map(|(p, w)| p * w).sum::<f64>() / sum
}

/// How the parts are reckoned, to be shown under the figures.
pub(super) fn formulas(window_days: u32) -> Vec<Message> {
    [
        "health-formula-activity",
        "health-formula-cadence",
        "health-formula-trend",
        "health-formula-breadth",
        "health-formula-returns",
    ]
    .map(|code| Message::new(code).with("windowDays", window_days))
    .to_vec()
}

/// Why the health fell: the part that took most of it, with its figures.
pub(super) fn reason(part: Part, f: &Facts) -> Message {
    let days = |v: f64| libm::round(v) as i64;
    match part {
        Part::Activity | Part::Cadence => Message::new("health-silent")
            .with("days", days(f.recency_days))
            .with("usualGapDays", days(f.usual_gap)),
        Part::Trend => Message::new("health-slower")
            .with("recent", days(f.recent))
            .with("expected", f.expected_recent),
        Part::Breadth => {
            Message::new("health-narrower").with("products", days(f.products))
        }
        Part::Returns => Message::new("health-returns").with("share", f.return_share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_by_hand() {
        let scale =
            Scale { window_days: 90.0, closes_after: 3.0, products: 4.0, asked: 1 };
        let f = Facts {
            recency_days: 90.0,
            overdue: 2.0,
            recent: 0.0,
            expected_recent: 1.5,
            products: 12.0,
            return_share: 0.25,
            ..Facts::default()
        };
        let parts = parts(&f, &scale);
        assert_eq!(parts, [50.0, 50.0, 20.0, 75.0, 75.0]);
        assert_eq!(total(&parts, &[1.0, 1.0, 0.0, 0.0, 2.0]), 62.5);
    }
}
