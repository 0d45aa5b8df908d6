//! The customers' columns, filled in slices.

use super::choice::{Forecaster, average_rate};
use super::history::Groups;
use super::intervals::Money;
use super::options::LifetimeOptions;
use super::predict::Predictions;
use super::result::{LifetimeColumns, LifetimeTotals};
use super::shop::Shop;
use crate::calendar::{Days, Weeks};

/// Columns in the making.
#[derive(Clone, Debug)]
pub struct ColumnsTask {
    predictions: Predictions,
    /// Who forecasts orders; nobody when they go on as before.
    forecaster: Option<Forecaster>,
    columns: LifetimeColumns,
    totals: LifetimeTotals,
    alive: f64,
}

/// The mean discount of orders spread evenly over the horizon.
fn even_discount(options: &LifetimeOptions) -> f64 {
    let horizon = Weeks::from(Days(options.horizon_days)).0;
    let whole = options.weekly_discount() * horizon;
    if whole > 0.0 { -libm::expm1(-whole) / whole } else { 1.0 }
}

impl ColumnsTask {
    /// Fills columns from predictions by group, and from the naive forecast where
    /// that forecasts orders.
    pub fn new(predictions: Predictions, forecaster: Option<Forecaster>) -> ColumnsTask {
        ColumnsTask {
            predictions,
            forecaster,
            columns: LifetimeColumns::default(),
            totals: LifetimeTotals::default(),
            alive: 0.0,
        }
    }

    /// Everybody goes on at the average rate of repeat orders so far.
    pub fn historic_rate(groups: &Groups, options: &LifetimeOptions) -> Predictions {
        let (mut orders, mut days) = (0.0, 0.0);
        for k in 0..groups.len() {
            let events = groups.orders_each * f64::from(groups.frequency[k]);
            orders += groups.customers[k] * events;
            days += groups.customers[k] * f64::from(groups.age[k]);
        }
        let rate = if days > 0.0 { orders / days } else { 0.0 };
        let horizon = f64::from(options.horizon_days);
        Predictions {
            p_alive: vec![f64::NAN; groups.len()],
            orders: vec![rate * horizon; groups.len()],
            discounted: vec![rate * horizon * even_discount(options); groups.len()],
        }
    }

    /// A customer's expected orders and their discounted number.
    fn orders(
        &self,
        shop: &Shop,
        options: &LifetimeOptions,
        customer: usize,
        group: usize,
    ) -> (f64, f64) {
        let horizon = f64::from(options.horizon_days);
        let orders = match self.forecaster {
            Some(Forecaster::LastWindow) => {
                let days = f64::from(shop.window_days.max(1));
                horizon * f64::from(shop.last_window[customer]) / days
            }
            Some(Forecaster::AverageRate) => horizon * average_rate(&shop.groups, group),
            _ => {
                let predictions = &self.predictions;
                return (predictions.orders[group], predictions.discounted[group]);
            }
        };
        (orders, orders * even_discount(options))
    }

    /// Works for a budget; true when all customers are done.
    pub fn advance(
        &mut self,
        shop: &Shop,
        options: &LifetimeOptions,
        money: &Money,
        left: &mut u64,
    ) -> bool {
        for customer in self.columns.clv.len()..shop.groups.of.len() {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            let group = shop.groups.of[customer] as usize;
            let repeats = f64::from(shop.repeats[customer]);
            let value = money.expected(repeats, shop.means[customer]);
            let (orders, discounted) = self.orders(shop, options, customer, group);
            let clv = (discounted * value * options.margin).max(0.0);
            let alive = self.predictions.p_alive[group];
            self.columns.p_alive.push(alive);
            self.columns.expected_orders.push(orders);
            self.columns.order_value.push(value);
            self.columns.clv.push(clv);
            self.alive += alive;
            self.totals.expected_orders += orders;
            self.totals.clv += clv;
        }
        true
    }

    /// The columns with what they add up to.
    pub fn finish(mut self) -> (LifetimeColumns, LifetimeTotals) {
        let n = self.columns.clv.len() as f64;
        let known = self.alive.is_finite() && n > 0.0;
        self.totals.mean_p_alive = known.then(|| self.alive / n);
        (self.columns, self.totals)
    }
}
