//! What is computed for single customers when they are asked for: intervals, the
//! day by which the next order is due, the residual value, their own timeline.

use serde::Serialize;

use super::LifetimeOptions;
use super::history::History;
use super::intervals::{Draws, Money, future, quantile};
use super::model::Model;
use super::payback::first_day;
use super::random::Random;
use super::timing::Timing;
use super::values::Values;
use crate::calendar::{Day, Days, Weeks};
use crate::error::Result;
use crate::orders::Orders;

/// A fitted lifetime model, with all that predictions for single customers need.
#[derive(Clone, Debug)]
pub struct Fitted {
    pub(super) model: Model,
    pub(super) timing: Timing,
    pub(super) draws: Draws,
    pub(super) money: Money,
    pub(super) money_draws: Option<Draws>,
    pub(super) first_value: f64,
    pub(super) options: LifetimeOptions,
}

/// Everything about one customer; ranges are from 10 to 90 percent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LifetimeRow {
    /// Repeat order days.
    pub frequency: u32,
    /// Days from the first to the last order.
    pub recency_days: u32,
    /// Days from the first order to the day of reckoning.
    pub age_days: u32,
    /// Chance of being a customer still, 0 to 1.
    pub p_alive: f64,
    /// Its range, from the uncertainty of the parameters.
    pub p_alive_low: f64,
    /// Its range.
    pub p_alive_high: f64,
    /// Chance of still being one at the end of the horizon.
    pub p_alive_later: f64,
    /// Chance of no order within the horizon.
    pub p_no_order: f64,
    /// Expected orders within the horizon, by the model.
    pub expected_orders: f64,
    /// Range of the orders that may come, chance included.
    pub orders_low: f64,
    /// Its upper end.
    pub orders_high: f64,
    /// Days until the next order has come with 50 %; `None` where more likely
    /// than not there will be none within ten years.
    pub due_days50: Option<u32>,
    /// Days until it has come with 80 %.
    pub due_days80: Option<u32>,
    /// Expected value of an order.
    pub order_value: f64,
    /// Discounted value within the horizon.
    pub clv: f64,
    /// Its range, chance included.
    pub clv_low: f64,
    /// Its upper end.
    pub clv_high: f64,
    /// Discounted orders without end (DERT); `None` without a discount or where
    /// the model does not give it.
    pub residual_orders: Option<f64>,
    /// Their value.
    pub residual_value: Option<f64>,
}

/// The chance of being a customer still, over one customer's time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// The days, rising.
    pub day: Vec<Day>,
    /// The chance at the end of each.
    pub p_alive: Vec<f64>,
    /// The days with an order.
    pub orders: Vec<Day>,
}

/// Drawn futures of one customer.
const FUTURES: usize = 400;
/// Points of a path.
const POINTS: i32 = 200;

impl Fitted {
    /// The model.
    pub fn model(&self) -> Model {
        self.model
    }

    /// The model with its parameters, in weeks.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The predictions for a customer with so many repeat orders, worth so much
    /// on average (`spend`). The same seed gives the same ranges.
    pub fn row(&self, history: History, spend: (f64, f64), seed: u64) -> LifetimeRow {
        let x = f64::from(history.frequency);
        let recency = Weeks::from(history.recency).0;
        let age = Weeks::from(history.age).0;
        let horizon = Weeks::from(Days(self.options.horizon_days)).0;
        let discount = self.options.weekly_discount();
        let timing = &self.timing;
        let stream = timing.expected(x, recency, age, horizon, discount);
        let value = self.money.expected(spend.0, spend.1);
        let factor = self.options.margin;
        let residual = (discount > 0.0 && !matches!(self.model, Model::MbgCnbdK(_)))
            .then(|| {
                timing.expected(x, recency, age, f64::INFINITY, discount).discounted
            });
        let due = |share: f64| {
            first_day(|day| {
                let ahead = Weeks::from(Days(day)).0;
                timing.p_no_order(x, recency, age, ahead) <= 1.0 - share
            })
        };
        let ranges = self.ranges((x, recency, age), spend, seed);
        let [alive, orders, clv] = ranges;
        LifetimeRow {
            frequency: history.frequency,
            recency_days: history.recency.0,
            age_days: history.age.0,
            p_alive: timing.p_alive(x, recency, age),
            p_alive_low: alive.0,
            p_alive_high: alive.1,
            p_alive_later: timing.p_alive_later(x, recency, age, horizon),
            p_no_order: timing.p_no_order(x, recency, age, horizon),
            expected_orders: stream.orders,
            orders_low: orders.0,
            orders_high: orders.1,
            due_days50: due(0.5),
            due_days80: due(0.8),
            order_value: value,
            clv: stream.discounted * value * factor,
            clv_low: clv.0,
            clv_high: clv.1,
            residual_orders: residual,
            residual_value: residual.map(|orders| orders * value * factor),
        }
    }

    /// The 10 and 90 % points of being active (by the parameters), of orders and
    /// of value (by parameters and chance).
    fn ranges(
        &self,
        history: (f64, f64, f64),
        (repeats, mean): (f64, f64),
        seed: u64,
    ) -> [(f64, f64); 3] {
        let mut random = Random::new(seed);
        let (x, recency, age) = history;
        let horizon = Weeks::from(Days(self.options.horizon_days)).0;
        let discount = self.options.weekly_discount();
        let factor = self.options.margin;
        let mut columns = [const { Vec::new() }; 3];
        for _ in 0..FUTURES {
            let parameters = self.draws.next(&mut random);
            let timing = self.timing.with(self.model, &parameters);
            let alive = timing.p_alive(x, recency, age);
            let future = future(&timing, history, horizon, discount, &mut random);
            let money = match &self.money_draws {
                Some(draws) => {
                    let drawn = draws.next(&mut random);
                    let parameters = Some([drawn[0], drawn[1], drawn[2]]);
                    Money { parameters, ..self.money }
                }
                None => self.money.clone(),
            };
            let value = if future.orders > 0.0 {
                let each = money.draw(repeats, mean, future.orders, &mut random);
                future.discounted * each * factor
            } else {
                0.0
            };
            for (column, figure) in columns.iter_mut().zip([alive, future.orders, value])
            {
                if figure.is_finite() {
                    column.push(figure);
                }
            }
        }
        columns.map(|mut column: Vec<f64>| {
            column.sort_unstable_by(f64::total_cmp);
            if column.is_empty() {
                return (0.0, 0.0);
            }
            (quantile(&column, 0.1), quantile(&column, 0.9))
        })
    }

    /// The predictions for a customer of the shop as of a day; nothing for one
    /// without an order by then.
    ///
    /// # Errors
    /// Those of [`History::new`].
    pub fn customer(
        &self,
        orders: &Orders,
        number: u32,
        as_of: Day,
    ) -> Result<Option<LifetimeRow>> {
        let history = match &orders.summary {
            Some(summary) => History::told(summary, number, as_of)?,
            None => {
                let days = order_days(orders, number, as_of);
                match History::at(&days, as_of, self.model.period())? {
                    Some(history) => history,
                    None => return Ok(None),
                }
            }
        };
        let values = Values::of(orders, number, as_of);
        let spend = (f64::from(values.repeats), values.mean);
        Ok(Some(self.row(history, spend, u64::from(self.options.seed))))
    }

    /// The chance of being a customer still on the days since a customer's first
    /// order, the days of orders among them; at most some 200 others. Empty where
    /// the days of the orders are not known.
    ///
    /// # Errors
    /// Those of [`History::new`].
    pub fn path(&self, orders: &Orders, number: u32, as_of: Day) -> Result<Path> {
        if orders.summary.is_some() {
            return Ok(Path::default());
        }
        let days = order_days(orders, number, as_of);
        let Some(&first) = days.first() else { return Ok(Path::default()) };
        let step = (as_of.since(Day(first)) / POINTS).max(1);
        let mut shown: Vec<i32> = (first..as_of.0).step_by(step as usize).collect();
        shown.extend(&days);
        shown.push(as_of.0);
        shown.sort_unstable();
        shown.dedup();
        let mut path =
            Path { orders: days.iter().map(|&d| Day(d)).collect(), ..Path::default() };
        for day in shown {
            if let Some(history) = History::at(&days, Day(day), self.model.period())? {
                path.day.push(Day(day));
                path.p_alive.push(self.timing.p_alive(
                    f64::from(history.frequency),
                    Weeks::from(history.recency).0,
                    Weeks::from(history.age).0,
                ));
            }
        }
        Ok(path)
    }
}

/// The distinct days with an order of a customer up to a day.
fn order_days(orders: &Orders, number: u32, as_of: Day) -> Vec<i32> {
    let mut days: Vec<i32> = orders
        .of(number)
        .filter(|&i| orders.is_order[i] && orders.day[i] <= as_of.0)
        .map(|i| orders.day[i])
        .collect();
    days.dedup();
    days
}
