//! What the lifetime analysis takes from the orders, so that its task holds no
//! borrow of them.

use std::sync::Arc;

use super::choice::Forecaster;
use super::history::{Groups, Histories};
use super::holdout::Window;
use super::model::Model;
use super::options::{LifetimeOptions, ModelChoice};
use super::random::Random;
use super::spend::Spend;
use super::tracking::Activity;
use super::trial::Trial;
use super::values::{Values, net_share};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;

/// The shortest window that is worth judging a model on.
const LEAST_WINDOW: u32 = 14;

/// Models are chosen and judged on at most about so many customers.
const JUDGED: f64 = 20_000.0;

/// The histories, order values and trials of a shop as of a day.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The distinct histories.
    pub groups: Arc<Groups>,
    /// Each customer's repeat order days.
    pub repeats: Vec<u32>,
    /// Their mean value net of returns, 0 with none.
    pub means: Vec<f64>,
    /// Those of customers with any.
    pub spend: Arc<Spend>,
    /// Mean value of the first order days of all customers.
    pub first_value: f64,
    /// Net revenue of all customers.
    pub historic: f64,
    /// First and repeat orders by day.
    pub activity: Activity,
    /// The trial by which the model is chosen.
    pub inner: Option<Trial>,
    /// The trial on which it is judged.
    pub outer: Option<Trial>,
    /// Order days of each customer in the last days, for the naive forecast.
    pub last_window: Vec<u32>,
    /// How many days these are.
    pub window_days: u32,
    /// What was noticed.
    pub notices: Vec<Message>,
}

impl Shop {
    /// Takes what is needed. Linear in the number of records.
    ///
    /// # Errors
    /// Those of [`Histories::of`].
    pub fn of(
        orders: &Orders,
        customers: &Customers,
        options: &LifetimeOptions,
    ) -> Result<Shop> {
        let as_of = customers.as_of;
        if orders.summary.is_some() && options.model == ModelChoice::MbgCnbdK {
            return Err(Error::new("histories-without-gaps"));
        }
        let histories = Histories::of_some(orders, as_of, options.period(), |_| true)?;
        let values = |&number: &u32| Values::of(orders, number, as_of);
        let values: Vec<Values> = customers.number.iter().map(values).collect();
        let repeats: Vec<u32> = values.iter().map(|v| v.repeats).collect();
        let means: Vec<f64> = values.iter().map(|v| v.mean).collect();
        let pairs = repeats.iter().copied().zip(means.iter().copied());
        let gross: i64 = customers.gross.iter().sum();
        let returns: i64 = customers.returns.iter().sum();
        let kept = net_share(gross.into(), returns.into());
        let mut notices = Vec::new();
        if kept < 1.0 {
            notices
                .push(Message::new("lifetime-net-of-returns").with("share", 1.0 - kept));
        }
        let (inner, outer) = trials(orders, as_of, options, &mut notices)?;
        let window_days = outer.as_ref().map_or(0, |t| t.window.days);
        let last_window = match orders.summary {
            Some(_) => vec![0; customers.len()],
            None => Window::of(orders, as_of, window_days, |_| true).before,
        };
        let firsts: f64 = values.iter().map(|v| v.first).sum();
        Ok(Shop {
            groups: Arc::new(histories.group()),
            spend: Arc::new(Spend::new(pairs.collect())),
            first_value: firsts / values.len().max(1) as f64,
            historic: orders.scale.number(gross + returns),
            activity: Activity::of(orders, as_of),
            repeats,
            means,
            inner,
            outer,
            last_window,
            window_days,
            notices,
        })
    }

    /// Number and mean value of repeat orders, by group: means of its customers.
    pub fn repeats_by_group(&self) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); self.groups.len()];
        for (customer, &group) in self.groups.of.iter().enumerate() {
            let sum = &mut sums[group as usize];
            sum.0 += f64::from(self.repeats[customer]);
            sum.1 += self.means[customer];
        }
        let mean = |((x, m), n): ((f64, f64), &f64)| (x / n, m / n);
        sums.into_iter().zip(&self.groups.customers).map(mean).collect()
    }
}

/// What competes, and who is used without a competition.
pub fn field(options: &LifetimeOptions) -> (Vec<Forecaster>, Forecaster) {
    let chosen = match options.model {
        ModelChoice::Auto => {
            return (Forecaster::ALL.to_vec(), Forecaster::Model(Model::MbgNbd));
        }
        ModelChoice::BgNbd => Forecaster::Model(Model::BgNbd),
        ModelChoice::MbgNbd => Forecaster::Model(Model::MbgNbd),
        ModelChoice::ParetoNbd => Forecaster::Model(Model::ParetoNbd),
        ModelChoice::MbgCnbdK => Forecaster::Regular,
        ModelChoice::BgBb => Forecaster::Model(Model::BgBb(options.period_days)),
        ModelChoice::Nbd => Forecaster::Model(Model::Nbd),
    };
    (vec![chosen, Forecaster::LastWindow, Forecaster::AverageRate], chosen)
}

/// The trial by which the model is chosen, and the one on which it is judged.
fn trials(
    orders: &Orders,
    as_of: Day,
    options: &LifetimeOptions,
    notices: &mut Vec<Message>,
) -> Result<(Option<Trial>, Option<Trial>)> {
    let total = orders.customers.len() as f64;
    let share = JUDGED / total.max(1.0);
    // Whether a customer belongs to the sample hangs on the number alone.
    let keep = |customer: u32| {
        share >= 1.0 || Random::new(u64::from(customer)).uniform() < share
    };
    if options.holdout_days == Some(0) {
        return Ok((None, None));
    }
    if orders.summary.is_some() {
        notices.push(Message::new("lifetime-not-judged"));
        return Ok((None, None));
    }
    let trial = |end: Day, days: Option<u32>| -> Result<Option<Trial>> {
        let Some(first) = orders.first_day() else { return Ok(None) };
        let span = u32::try_from(end.since(first)).unwrap_or(0);
        let days = days.unwrap_or(span / 3);
        if days < LEAST_WINDOW || span < days + LEAST_WINDOW {
            return Ok(None);
        }
        Trial::new(orders, end.plus(-(days as i32)), days, options.period(), keep)
    };
    let outer = trial(as_of, options.holdout_days)?;
    let Some(judged) = &outer else {
        notices.push(Message::new("lifetime-holdout-too-short"));
        return Ok((None, None));
    };
    if share < 1.0 {
        let customers = judged.groups.total() as u64;
        notices
            .push(Message::new("lifetime-judged-on-sample").with("customers", customers));
    }
    if options.model != ModelChoice::Auto {
        return Ok((None, outer));
    }
    let inner = trial(judged.window.cut_off, None)?;
    if inner.is_none() {
        notices.push(Message::new("lifetime-choice-too-short"));
    }
    Ok((inner, outer))
}
