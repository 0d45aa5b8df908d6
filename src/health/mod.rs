//! Customer health from 0 to 100, and an alert list of those whose health fell
//! most since an earlier day. A fixed scale, so that two days can be compared.

mod score;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::habits::{Opportunity, Setting, facts};
use crate::message::Message;
use crate::orders::Orders;
use crate::sort::Order;
use crate::task::{Progress, Step};

pub use score::{PARTS, Part};
use score::{Scale, parts, total};

/// Days that count as recent where nothing else is said.
const WINDOW_DAYS: u32 = 90;

/// Parts of a point in which health is added up.
const FINE: f64 = 4_294_967_296.0;

/// How health is reckoned.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HealthOptions {
    /// Days that count as recent, 1 to 3650; 90 when absent.
    pub window_days: Option<u32>,
    /// The earlier day of the alert list; one window before when absent.
    #[serde(deserialize_with = "iso_day")]
    pub since: Option<Day>,
    /// How much each part counts; only their proportions matter.
    pub weights: Weights,
    /// The most customers on the alert list.
    pub alerts: usize,
}

/// How much each part of the health counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Weights {
    /// How lately there was an order.
    pub activity: f64,
    /// Silence against the own usual gap.
    pub cadence: f64,
    /// Orders in the last window against the own rate.
    pub trend: f64,
    /// How many different products.
    pub breadth: f64,
    /// How little was sent back.
    pub returns: f64,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            activity: 30.0,
            cadence: 30.0,
            trend: 20.0,
            breadth: 10.0,
            returns: 10.0,
        }
    }
}

impl Weights {
    fn list(&self) -> [f64; PARTS.len()] {
        [self.activity, self.cadence, self.trend, self.breadth, self.returns]
    }
}

impl Default for HealthOptions {
    fn default() -> HealthOptions {
        HealthOptions {
            window_days: None,
            since: None,
            weights: Weights::default(),
            alerts: 50,
        }
    }
}

/// An ISO date, or nothing.
fn iso_day<'de, D: Deserializer<'de>>(
    value: D,
) -> std::result::Result<Option<Day>, D::Error> {
    let text = Option::<String>::deserialize(value)?;
    text.map(|text| Day::parse(&text).map_err(D::Error::custom)).transpose()
}

impl HealthOptions {
    /// The window in force.
    fn window(&self) -> u32 {
        self.window_days.unwrap_or(WINDOW_DAYS)
    }

    /// # Errors
    /// `health-option` with the option's name: a window out of range, weights
    /// that are negative, not numbers or all zero.
    pub fn check(&self) -> Result<()> {
        let weights = self.weights.list();
        let fine = weights.iter().all(|w| w.is_finite() && *w >= 0.0);
        if !(1..=3650).contains(&self.window()) {
            return Err(Error::new("health-option").with("option", "windowDays"));
        }
        if !fine || weights.iter().sum::<f64>() <= 0.0 {
            return Err(Error::new("health-option").with("option", "weights"));
        }
        Ok(())
    }
}

/// The health of everyone, and the result for the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// The whole analysis.
    pub result: HealthResult,
    /// 0 to 100, one a customer of [`customers`] as of the day of reckoning.
    pub health: Vec<f64>,
}

/// In the shape of `HealthResult` in `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The earlier day.
    pub since: Day,
    /// Days that count as recent.
    pub window_days: u32,
    /// The weights in force; that of a part the file cannot tell is 0.
    pub weights: Weights,
    /// How each part is reckoned.
    pub formulas: Vec<Message>,
    /// Customers scored.
    pub customers: u64,
    /// Their mean health; none without customers.
    pub mean: Option<f64>,
    /// Good from 70, poor below 40.
    pub bands: Vec<HealthBand>,
    /// Whose health fell most, largest fall first.
    pub alerts: Vec<Alert>,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

/// Customers of like health.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthBand {
    /// `good`, `fair` or `poor`.
    pub band: &'static str,
    /// How many customers.
    pub customers: u64,
    /// Their net revenue so far.
    pub revenue: f64,
}

/// A customer whose health fell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// As written in the file.
    pub customer_id: String,
    /// Health now.
    pub health: f64,
    /// Health on the earlier day.
    pub before: f64,
    /// Net revenue so far.
    pub revenue: f64,
    /// Days since the last order.
    pub recency_days: u32,
    /// The part that took most of it.
    pub reason: Message,
}

/// The health analysis as a task.
#[derive(Debug)]
pub struct HealthTask {
    options: HealthOptions,
    now: Side,
    then: Side,
    /// Index in `then` of the next customer of it.
    place: usize,
    health: Vec<f64>,
    /// Fall, customer of `now`, health before, the part that fell most.
    falls: Vec<(f64, u32, f64, Part)>,
}

/// A day with its customers and its scale.
#[derive(Debug)]
struct Side {
    customers: Customers,
    shop: Option<(Setting, Opportunity, Scale)>,
}

impl HealthTask {
    /// Prepares the analysis of the customers as of `as_of`.
    ///
    /// # Errors
    /// Those of [`HealthOptions::check`]; `health-since` when the earlier day
    /// is not earlier.
    pub fn new(
        orders: &Orders,
        as_of: Day,
        options: HealthOptions,
    ) -> Result<HealthTask> {
        options.check()?;
        let since = options.since.unwrap_or(as_of.plus(-(options.window() as i32)));
        if since >= as_of {
            return Err(Error::new("health-since")
                .with("since", since)
                .with("asOf", as_of));
        }
        let side = |day| Side { customers: customers(orders, day), shop: None };
        Ok(HealthTask {
            options,
            now: side(as_of),
            then: side(since),
            place: 0,
            health: Vec::new(),
            falls: Vec::new(),
        })
    }

    /// A slice of the work. The orders must be the same at every call.
    ///
    /// # Errors
    /// None so far.
    pub fn advance(&mut self, orders: &Orders, budget: u64) -> Result<Step<Health>> {
        let total = self.now.customers.len() as u64;
        for side in [&mut self.now, &mut self.then] {
            if side.shop.is_none() {
                side.shop = Some(shop(orders, &side.customers, self.options.window()));
                return Ok(Step::Working(Progress { done: 0, total }));
            }
        }
        let (mut spent, mut scratch) = (0, Vec::new());
        let weights = self.weights();
        while self.health.len() < self.now.customers.len() && spent < budget.max(1) {
            let c = self.health.len();
            let number = self.now.customers.number[c];
            spent += 16 + 2 * u64::from(self.now.customers.orders[c]);
            let Some(now) = score(orders, number, &self.now, &weights, &mut scratch)
            else {
                break;
            };
            self.health.push(now.0);
            // Both tables lie in the same order, the earlier with fewer people.
            if self.then.customers.number.get(self.place) != Some(&number) {
                continue;
            }
            self.place += 1;
            if let Some(then) = score(orders, number, &self.then, &weights, &mut scratch)
            {
                self.compare(c as u32, now, then, &weights);
            }
        }
        let done = self.health.len() as u64;
        if done < total {
            return Ok(Step::Working(Progress { done, total }));
        }
        Ok(Step::Done(self.conclude(orders, weights)))
    }

    /// The weights with those of untold parts at zero.
    fn weights(&self) -> [f64; PARTS.len()] {
        let mut weights = self.options.weights.list();
        let told = |side: &Side| side.shop.as_ref().is_some_and(|s| s.2.has_breadth());
        if !told(&self.now) || !told(&self.then) {
            weights[Part::Breadth as usize] = 0.0;
        }
        // With nothing else wanted than what the file cannot tell, all parts count.
        if weights.iter().sum::<f64>() <= 0.0 {
            weights = Weights::default().list();
            weights[Part::Breadth as usize] = 0.0;
        }
        weights
    }

    fn compare(
        &mut self,
        customer: u32,
        now: (f64, [f64; PARTS.len()]),
        then: (f64, [f64; PARTS.len()]),
        weights: &[f64; PARTS.len()],
    ) {
        let fall = then.0 - now.0;
        if fall <= 0.0 {
            return;
        }
        let lost =
            |p: &Part| (then.1[*p as usize] - now.1[*p as usize]) * weights[*p as usize];
        let part = PARTS.into_iter().max_by(|a, b| lost(a).total_cmp(&lost(b)));
        self.falls.push((fall, customer, then.0, part.unwrap_or(Part::Activity)));
    }

    fn conclude(&mut self, orders: &Orders, weights: [f64; PARTS.len()]) -> Health {
        let table = &self.now.customers;
        let id = |c: u32| orders.customers.bytes(table.number[c as usize]);
        self.falls
            .order_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        self.falls.truncate(self.options.alerts);
        let mut scratch = Vec::new();
        let alerts = self.falls.iter().filter_map(|&(_, c, before, part)| {
            let (setting, ..) = self.now.shop.as_ref()?;
            let c = c as usize;
            let facts = facts(orders, table.number[c], setting, &mut scratch);
            Some(Alert {
                customer_id: orders.customers.text(table.number[c]).into_owned(),
                health: self.health[c],
                before,
                revenue: orders.scale.number(table.revenue(c)),
                recency_days: table.recency_days(c),
                reason: score::reason(part, &facts),
            })
        });
        let [activity, cadence, trend, breadth, returns] = weights;
        let mut notices = Vec::new();
        if breadth == 0.0 && self.options.weights.breadth > 0.0 {
            notices.push(Message::new("health-without-breadth"));
        }
        let n = self.health.len();
        let asked = self.now.shop.as_ref().map_or(n, |s| s.2.asked);
        if asked < n && breadth > 0.0 {
            notices.push(Message::new("health-sample").with("customers", asked));
        }
        // In whole parts of 2^-32, so that the order of the customers changes no bit.
        let parts: i64 = self.health.iter().map(|h| (h * FINE).round() as i64).sum();
        let mean = (n > 0).then(|| parts as f64 / FINE / n as f64);
        let result = HealthResult {
            as_of: table.as_of,
            since: self.then.customers.as_of,
            window_days: self.options.window(),
            weights: Weights { activity, cadence, trend, breadth, returns },
            formulas: score::formulas(self.options.window()),
            customers: n as u64,
            mean,
            bands: bands(orders, table, &self.health),
            alerts: alerts.collect(),
            notices,
        };
        Health { result, health: std::mem::take(&mut self.health) }
    }
}

fn shop(
    orders: &Orders,
    table: &Customers,
    window: u32,
) -> (Setting, Opportunity, Scale) {
    let setting = Setting::new(orders, table, window);
    let opportunity = Opportunity::of(orders, &setting);
    let scale = Scale::of(orders, table, &opportunity, window);
    (setting, opportunity, scale)
}

type Scored = (f64, [f64; PARTS.len()]);

fn score(
    orders: &Orders,
    number: u32,
    side: &Side,
    weights: &[f64; PARTS.len()],
    scratch: &mut Vec<u32>,
) -> Option<Scored> {
    let (setting, _, scale) = side.shop.as_ref()?;
    let parts = parts(&facts(orders, number, setting, scratch), scale);
    Some((total(&parts, weights), parts))
}

fn bands(orders: &Orders, table: &Customers, health: &[f64]) -> Vec<HealthBand> {
    let (mut count, mut revenue) = ([0u64; 3], [0i64; 3]);
    for (c, &h) in health.iter().enumerate() {
        let band = if h >= 70.0 { 0 } else { 1 + usize::from(h < 40.0) };
        count[band] += 1;
        revenue[band] += table.revenue(c);
    }
    let names = ["good", "fair", "poor"];
    (0..3)
        .map(|b| HealthBand {
            band: names[b],
            customers: count[b],
            revenue: orders.scale.number(revenue[b]),
        })
        .collect()
}
