//! What is known of a customer at the end of a day, as numbers: a pure function
//! of the records up to that day, so that no feature can see the future.

use crate::habits::{Facts, Setting};

/// What a feature speaks of; reasons are given by topic, because features of
/// one topic share their weight among themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// How long silent, set against the own cadence.
    Silence,
    /// How often there were orders.
    Frequency,
    /// How long a customer.
    Age,
    /// How much was spent.
    Money,
    /// Whether orders come faster or slower than before.
    Trend,
    /// Whether there were orders at this time of the year.
    Season,
    /// How many different products.
    Breadth,
    /// Which products.
    Assortment,
    /// How much was sent back.
    Returns,
    /// How often at a discount.
    Discounts,
}

/// All topics, in the order of their declaration.
pub const TOPICS: [Topic; 10] = [
    Topic::Silence,
    Topic::Frequency,
    Topic::Age,
    Topic::Money,
    Topic::Trend,
    Topic::Season,
    Topic::Breadth,
    Topic::Assortment,
    Topic::Returns,
    Topic::Discounts,
];

impl Topic {
    /// The stable code, in kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            Topic::Silence => "silence",
            Topic::Frequency => "frequency",
            Topic::Age => "age",
            Topic::Money => "money",
            Topic::Trend => "trend",
            Topic::Season => "season",
            Topic::Breadth => "breadth",
            Topic::Assortment => "assortment",
            Topic::Returns => "returns",
            Topic::Discounts => "discounts",
        }
    }
}

/// How many features there are.
pub const WIDTH: usize = 28;

/// The last feature, which is learned: see [`super::assortment`].
pub const ASSORTMENT: usize = WIDTH - 1;

/// The features' stable names and topics, in the order of a row.
pub const FEATURES: [(&str, Topic); WIDTH] = [
    ("recency", Topic::Silence),
    ("recencySquared", Topic::Silence),
    ("overdue", Topic::Silence),
    ("overdueSquared", Topic::Silence),
    ("recencyOneOrder", Topic::Silence),
    ("recencyShare", Topic::Silence),
    ("pAlive", Topic::Silence),
    ("expectedOrders", Topic::Frequency),
    ("orders", Topic::Frequency),
    ("oneOrder", Topic::Frequency),
    ("rate", Topic::Frequency),
    ("usualGap", Topic::Frequency),
    ("decayedOrders", Topic::Frequency),
    ("age", Topic::Age),
    ("revenue", Topic::Money),
    ("averageOrder", Topic::Money),
    ("decayedRevenue", Topic::Money),
    ("lastOrderValue", Topic::Money),
    ("gapSpread", Topic::Trend),
    ("lastGap", Topic::Trend),
    ("recentOrders", Topic::Trend),
    ("sameSeason", Topic::Season),
    ("products", Topic::Breadth),
    ("productsPerOrder", Topic::Breadth),
    ("returnShare", Topic::Returns),
    ("lastReturned", Topic::Returns),
    ("discountShare", Topic::Discounts),
    ("assortment", Topic::Assortment),
];

/// What the lifetime model, refitted on the records up to a cut-off, says of
/// each customer at that cut-off: one entry a customer, in the order of
/// [`crate::customers::customers`] as of that day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activity {
    /// Probability of being still active, 0 to 1.
    pub p_alive: Vec<f64>,
    /// Expected orders within the churn window.
    pub expected_orders: Vec<f64>,
}

/// Writes the features of a customer; `row` has [`WIDTH`] entries.
///
/// Without activity (no lifetime model could be fitted at that cut-off) its two
/// features are zero; so is [`ASSORTMENT`], which the model fills in.
pub fn row(
    facts: &Facts,
    activity: Option<(f64, f64)>,
    setting: &Setting,
    row: &mut [f64],
) {
    let ln = libm::log1p;
    let f = facts;
    let window = f64::from(setting.window_days);
    let one = if f.order_days <= 1.0 { 1.0 } else { 0.0 };
    let recency = ln(f.recency_days);
    let overdue = libm::log((f.recency_days + 1.0) / (f.usual_gap + 1.0));
    let centred = recency - ln(window / 2.0);
    let (p_alive, expected) = activity.map_or((0.0, 0.0), |(p, expected)| {
        let p = p.clamp(1e-6, 1.0 - 1e-6);
        (libm::log(p / (1.0 - p)), libm::log(expected.max(1e-6)))
    });
    let values = [
        recency,
        centred * centred,
        overdue,
        overdue * overdue,
        one * centred,
        f.recency_days / (f.age_days + 1.0),
        p_alive,
        expected,
        ln(f.order_days - 1.0),
        one,
        libm::log(f.order_days / (f.age_days + window / 2.0)),
        libm::log(f.usual_gap),
        libm::log(f.decayed_orders + 0.01),
        ln(f.age_days),
        ln(f.revenue.max(0.0)),
        ln(f.average_order.max(0.0)),
        ln(f.decayed_revenue.max(0.0)),
        ln(f.last_order.max(0.0)) - ln(f.average_order.max(0.0)),
        f.gap_spread,
        libm::log((f.last_gap + 0.1) / 1.1),
        libm::log((f.recent + 0.5) / (f.expected_recent + 0.5)),
        ln(f.same_season),
        ln(f.products),
        ln(f.products / f.order_days.max(1.0)),
        f.return_share,
        if f.last_returned { 1.0 } else { 0.0 },
        f.discount_share,
        0.0,
    ];
    row.copy_from_slice(&values);
}
