//! Where the borders between the scores are drawn, method by method, and what is
//! to be said of them.

use super::measures::{Measures, Ranked};
use super::options::{Method, RfmOptions};
use super::result::{Dimensions, NestedCuts};
use super::score::{GroupCuts, Scored, least_spread, quantile, reached, within};
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;

/// Built-in borders of recency for five scores, in days.
const RECENCY: [f64; 4] = [365.0, 180.0, 90.0, 30.0];
/// Built-in borders of the number of orders for five scores.
const ORDERS: [f64; 4] = [2.0, 3.0, 5.0, 10.0];
/// Built-in borders of revenue, in rounded average orders of the shop.
const REVENUE: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];
/// Klaviyo's borders of recency, in days.
const KLAVIYO: [f64; 2] = [365.0, 180.0];
/// Klaviyo shows its groups to shops with so many buyers and days of history.
const KLAVIYO_CUSTOMERS: usize = 500;
const KLAVIYO_DAYS: i32 = 180;

/// The scores in the three dimensions, with the borders that made them.
pub struct Drawn {
    pub bins: u8,
    pub recency: Scored,
    pub orders: Scored,
    pub revenue: Scored,
    pub thresholds: Dimensions<f64>,
    pub nested: Vec<NestedCuts>,
}

/// Scores all customers by the method of the options.
pub fn draw(
    customers: &Customers,
    measured: &Measures,
    scale: Scale,
    options: &RfmOptions,
) -> Drawn {
    let bins = options.scores();
    let Measures { recency, orders, revenue } = measured;
    let whole = |value: i64| value as f64;
    let money = |value: i64| scale.number(value);
    let mut thresholds = Dimensions::default();
    let mut nested = Vec::new();
    let (r, f, m) = match options.method {
        Method::Quantile => {
            (quantile(recency, bins), quantile(orders, bins), quantile(revenue, bins))
        }
        Method::Nested => {
            let count = usize::from(bins);
            let r = quantile(recency, bins);
            let group: Vec<u8> = r.scores.iter().map(|&r| r - 1).collect();
            let (f, cuts) = within(orders, bins, &group, count);
            nested.extend(listed(&cuts, bins, "orders", whole));
            let group: Vec<u8> =
                group.iter().zip(&f.scores).map(|(&r, &f)| r * bins + f - 1).collect();
            let (m, cuts) = within(revenue, bins, &group, count * count);
            nested.extend(listed(&cuts, bins, "revenue", money));
            (r, f, m)
        }
        Method::Thresholds => {
            thresholds = typed(customers, scale, options);
            let least: Vec<f64> = thresholds.recency_days.iter().map(|d| -d).collect();
            (
                reached(recency, bins, &least, whole),
                reached(orders, bins, &thresholds.orders, whole),
                reached(revenue, bins, &thresholds.revenue, money),
            )
        }
        Method::Kmeans => (
            // The more recent the further: days count less the more they are.
            least_spread(recency, bins, |value| -libm::log1p(-(value as f64))),
            least_spread(orders, bins, |value| libm::log1p(value as f64)),
            // Nothing below zero has a logarithm: what was sent back is nothing.
            least_spread(revenue, bins, |value| libm::log1p(money(value).max(0.0))),
        ),
        Method::Klaviyo => {
            thresholds.recency_days = KLAVIYO.to_vec();
            let r = reached(recency, bins, &KLAVIYO.map(|days| -days), whole);
            (r, quantile(orders, bins), quantile(revenue, bins))
        }
    };
    Drawn { bins, recency: r, orders: f, revenue: m, thresholds, nested }
}

/// The borders typed by the user, and the built-in ones where none were.
fn typed(customers: &Customers, scale: Scale, options: &RfmOptions) -> Dimensions<f64> {
    let cuts = &options.cuts;
    let count = usize::from(options.bins) - 1;
    let recency = || {
        if count <= RECENCY.len() {
            return RECENCY[..count].to_vec();
        }
        // From two years down to two weeks, each the same part of the one before.
        let step = libm::log(15.0 / 730.0) / (count - 1) as f64;
        (0..count).map(|i| (730.0 * libm::exp(step * i as f64)).round()).collect()
    };
    let orders = || {
        if count <= ORDERS.len() {
            return ORDERS[..count].to_vec();
        }
        (0..count).map(|i| (i + 2) as f64).collect()
    };
    let revenue = || {
        let gross: i64 = customers.gross.iter().sum();
        let placed: u64 = customers.orders.iter().map(|&n| u64::from(n)).sum();
        let order = round(scale.number(gross) / placed.max(1) as f64);
        REVENUE[..count].iter().map(|times| times * order).collect()
    };
    Dimensions {
        recency_days: cuts.recency_days.clone().unwrap_or_else(recency),
        orders: cuts.orders.clone().unwrap_or_else(orders),
        revenue: cuts.revenue.clone().unwrap_or_else(revenue),
    }
}

/// The nearest of 1, 2, 5, 10, 20, 50 ... below or at an amount; 1 for nothing.
fn round(amount: f64) -> f64 {
    let mut step = 1.0;
    while amount >= 10.0 * step {
        step *= 10.0;
    }
    [5.0, 2.0, 1.0].map(|n| n * step).into_iter().find(|&n| n <= amount).unwrap_or(1.0)
}

fn listed(
    cuts: &[GroupCuts],
    bins: u8,
    dimension: &'static str,
    number: impl Fn(i64) -> f64,
) -> Vec<NestedCuts> {
    let bins = usize::from(bins);
    let name = |group: usize| {
        let (first, second) = (group / bins + 1, group % bins + 1);
        let blank = if bins > 9 { "-" } else { "" };
        if dimension == "orders" {
            second.to_string()
        } else {
            format!("{first}{blank}{second}")
        }
    };
    let entry = |(group, cuts): (usize, &GroupCuts)| NestedCuts {
        group: name(group),
        dimension,
        cuts: cuts.worst.iter().skip(1).map(|worst| worst.map(&number)).collect(),
        sizes: cuts.sizes.clone(),
    };
    let someone = |(_, cuts): &(usize, &GroupCuts)| cuts.sizes.iter().any(|&n| n > 0);
    cuts.iter().enumerate().filter(someone).map(entry).collect()
}

impl Drawn {
    /// What is to be said: scores that nobody has, customers without revenue, a
    /// map that was stretched.
    pub fn notices(
        &self,
        customers: &Customers,
        whole: &Measures,
        measured: &Measures,
        scale: Scale,
        options: &RfmOptions,
    ) -> Vec<Message> {
        let mut notices = Vec::new();
        let dimensions: [(&str, &'static str, &Ranked, &Scored); 3] = [
            ("recency", "rfm-empty-scores-recency", &measured.recency, &self.recency),
            ("orders", "rfm-empty-scores-orders", &measured.orders, &self.orders),
            ("revenue", "rfm-empty-scores-revenue", &measured.revenue, &self.revenue),
        ];
        for (dimension, code, ranked, scored) in dimensions {
            let by_share = match options.method {
                Method::Quantile => true,
                Method::Klaviyo => dimension != "recency",
                Method::Nested => dimension == "recency",
                Method::Thresholds | Method::Kmeans => false,
            };
            let number = |value: i64| match dimension {
                "recency" => -value as f64,
                "orders" => value as f64,
                _ => scale.number(value),
            };
            if by_share {
                notices.extend(passed_over(code, ranked, scored, number));
            } else {
                notices.extend(nobody(dimension, ranked, scored));
            }
        }
        let unpaid = whole.revenue.up_to(0);
        if unpaid > 0 {
            notices
                .push(Message::new("rfm-revenue-not-positive").with("customers", unpaid));
        }
        if options.method == Method::Klaviyo {
            notices.extend(klaviyo_gate(customers));
        }
        let base = options.built_in().ok().flatten();
        if let Some(base) = base.filter(|base| base.bins() != self.bins) {
            notices.push(
                Message::new("rfm-map-stretched")
                    .with("bins", u32::from(self.bins))
                    .with("from", u32::from(base.bins())),
            );
        }
        notices
    }
}

/// A word on scores that nobody has, with the value so many share that they
/// pass over it; nothing where there are fewer customers than scores.
fn passed_over(
    code: &'static str,
    ranked: &Ranked,
    scored: &Scored,
    number: impl Fn(i64) -> f64,
) -> Option<Message> {
    let bins = scored.sizes.len();
    let all = ranked.order.len();
    if all < bins {
        return None;
    }
    let empty: Vec<usize> = (1..=bins).filter(|&s| scored.sizes[s - 1] == 0).collect();
    // Score 1 is never empty: someone has the smallest value. The first empty
    // score would begin at this place, within the tie that passes over it.
    let first = *empty.first()?;
    let place = ((first - 1) * all).div_ceil(bins).min(all) - 1;
    let rank = ranked.rank[ranked.order[place] as usize] as usize;
    let share = f64::from(ranked.count(rank)) / all as f64;
    let scores: Vec<String> = empty.iter().map(usize::to_string).collect();
    Some(
        Message::new(code)
            .with("scores", scores)
            .with("value", number(ranked.distinct[rank]))
            .with("share", share),
    )
}

/// A word on scores that nobody reaches under borders that are not shares.
fn nobody(dimension: &str, ranked: &Ranked, scored: &Scored) -> Option<Message> {
    if ranked.order.is_empty() {
        return None;
    }
    let empty = scored.sizes.iter().enumerate().filter(|(_, size)| **size == 0);
    let scores: Vec<String> = empty.map(|(score, _)| (score + 1).to_string()).collect();
    (!scores.is_empty()).then(|| {
        Message::new("rfm-nobody").with("dimension", dimension).with("scores", scores)
    })
}

/// A word where Klaviyo itself would show no groups.
fn klaviyo_gate(customers: &Customers) -> Option<Message> {
    let as_of = customers.as_of.0;
    let days = customers.first_day.iter().map(|&day| as_of - day).max().unwrap_or(0);
    let recent = customers.last_day.iter().any(|&day| as_of - day <= 30);
    let often = customers.orders.iter().any(|&count| count >= 3);
    let enough = customers.len() >= KLAVIYO_CUSTOMERS && days >= KLAVIYO_DAYS;
    (!(enough && recent && often)).then(|| {
        Message::new("rfm-klaviyo-gate")
            .with("customers", customers.len())
            .with("days", days)
    })
}
