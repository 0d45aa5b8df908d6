//! Why this customer: the exact contributions to the log-odds, by topic, said
//! with the customer's own figures.

use serde::Serialize;

use crate::habits::Facts;
use crate::message::Message;
use crate::orders::Orders;
use crate::sort::Order;

use super::features::{FEATURES, TOPICS, Topic};
use super::learn::{Model, part};

/// Contributions smaller than this (in log-odds) are not worth a sentence.
const WORTH_SAYING: f64 = 0.1;

/// What a topic adds to the log-odds of one customer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contribution {
    /// The topic, such as `silence`.
    pub topic: &'static str,
    /// Added to the log-odds; the mean customer of the training rows has 0.
    pub log_odds: f64,
    /// The same, said with the customer's figures.
    pub reason: Message,
}

/// A churn probability taken apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The churn probability.
    pub churn_probability: f64,
    /// Log-odds of the mean customer. With all contributions it adds up to the
    /// log-odds of `churn_probability`.
    pub base_log_odds: f64,
    /// One a topic, largest effect first.
    pub contributions: Vec<Contribution>,
    /// How long the customer is silent, where that is longer than usual.
    #[serde(skip)]
    pub late: Option<Message>,
}

impl Explanation {
    /// The explanation of a row of features, which is completed by the distinct
    /// products that the customer with this ticket bought.
    pub fn new(
        orders: &Orders,
        model: &Model,
        row: &mut [f64],
        facts: &Facts,
        products: &[u32],
        ticket: u64,
    ) -> Explanation {
        model.complete(row, products, ticket);
        let sums = by_topic(&model.contributions(row));
        let say = |topic: Topic, raises: bool| {
            let bought = model.assortment.as_ref().filter(|_| topic == Topic::Assortment);
            let telling = bought.and_then(|a| a.telling(products, part(ticket), raises));
            match telling.zip(orders.lines.as_ref()) {
                Some((product, lines)) => {
                    let code = if raises {
                        "reason-product-raises"
                    } else {
                        "reason-product-lowers"
                    };
                    Message::new(code)
                        .with("product", lines.products.text(product).into_owned())
                }
                None => reason(topic, raises, facts),
            }
        };
        let mut contributions: Vec<Contribution> = TOPICS
            .iter()
            .zip(sums)
            .filter(|(_, sum)| *sum != 0.0)
            .map(|(&topic, sum)| Contribution {
                topic: topic.code(),
                log_odds: sum,
                reason: say(topic, sum > 0.0),
            })
            .collect();
        contributions.order_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        Explanation {
            churn_probability: model.score(&mut row.to_vec()),
            base_log_odds: model.logistic.intercept,
            contributions,
            late: (facts.overdue > 1.0).then(|| reason(Topic::Silence, true, facts)),
        }
    }

    /// Why to contact this customer now: the silence where it is unusual, then
    /// what raises the risk, largest first; at most so many.
    pub fn occasions(&self, most: usize) -> Vec<Message> {
        let mut all: Vec<Message> = self.late.iter().cloned().collect();
        let others = self
            .contributions
            .iter()
            .filter(|c| c.topic != Topic::Silence.code() && c.log_odds >= WORTH_SAYING);
        all.extend(others.map(|c| c.reason.clone()));
        all.truncate(most);
        all
    }

    /// What raises the risk, largest first, at most so many.
    pub fn reasons(&self, most: usize) -> Vec<Message> {
        let raising = self.contributions.iter().filter(|c| c.log_odds >= WORTH_SAYING);
        raising.take(most).map(|c| c.reason.clone()).collect()
    }
}

/// The contributions of a row's features, summed by topic in the order of [`TOPICS`].
pub fn by_topic(contributions: &[f64]) -> [f64; TOPICS.len()] {
    let mut sums = [0.0; TOPICS.len()];
    for ((_, topic), value) in FEATURES.iter().zip(contributions) {
        sums[*topic as usize] += value;
    }
    sums
}

/// The sentence for a topic that raises (or lowers) this customer's risk.
pub fn reason(topic: Topic, raises: bool, f: &Facts) -> Message {
    let days = |value: f64| libm::round(value) as i64;
    let code = match (topic, raises) {
        (Topic::Silence, _) if f.order_days <= 1.0 => "reason-one-order-ago",
        (Topic::Silence, true) => "reason-silent",
        (Topic::Silence, false) => "reason-ordered-lately",
        (Topic::Frequency, true) => "reason-few-orders",
        (Topic::Frequency, false) => "reason-many-orders",
        (Topic::Age, true) => "reason-age-raises",
        (Topic::Age, false) => "reason-age-lowers",
        (Topic::Money, true) => "reason-spend-raises",
        (Topic::Money, false) => "reason-spend-lowers",
        (Topic::Trend, true) => "reason-slowing",
        (Topic::Trend, false) => "reason-steady",
        (Topic::Season, true) => "reason-season-quiet",
        (Topic::Season, false) => "reason-season-active",
        (Topic::Breadth, true) => "reason-few-products",
        (Topic::Breadth, false) => "reason-many-products",
        (Topic::Assortment, true) => "reason-assortment-raises",
        (Topic::Assortment, false) => "reason-assortment-lowers",
        (Topic::Returns, true) => "reason-returns-raise",
        (Topic::Returns, false) => "reason-returns-lower",
        (Topic::Discounts, true) => "reason-discounts-raise",
        (Topic::Discounts, false) => "reason-discounts-lower",
    };
    let message = Message::new(code);
    match topic {
        Topic::Silence => message
            .with("days", days(f.recency_days))
            .with("usualGapDays", days(f.usual_gap)),
        Topic::Frequency => message
            .with("orderDays", days(f.order_days))
            .with("ageDays", days(f.age_days)),
        Topic::Age => message.with("ageDays", days(f.age_days)),
        Topic::Money => {
            message.with("revenue", f.revenue).with("averageOrder", f.average_order)
        }
        Topic::Trend => {
            message.with("recent", days(f.recent)).with("expected", f.expected_recent)
        }
        Topic::Season => message.with("orderDays", days(f.same_season)),
        Topic::Breadth => message.with("products", days(f.products)),
        Topic::Assortment => message,
        Topic::Returns => message.with("share", f.return_share),
        Topic::Discounts => message.with("share", f.discount_share),
    }
}
