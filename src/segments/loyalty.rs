//! Tiers by value: how many customers reach each, what the scheme costs and is
//! worth, and how customers have moved between tiers and will.
//!
//! The tiers are those of the customer pyramid (Curry and Curry, "The Customer
//! Marketing Method", 2000): top, important, ordinary, small. Migration is a Markov
//! chain of first order, estimated from the shop's own past years.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;

/// Tiers and points as the user would set them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoyaltyOptions {
    /// The tiers, best first; the last one is for all others.
    pub tiers: Vec<TierRule>,
    /// Days of revenue that count, 30 to 1,095.
    pub window_days: u32,
    /// Points for each unit of money.
    pub points: f64,
    /// What a point is worth to the customer, in money.
    pub point_value: f64,
    /// Share of points that are redeemed, 0 to 1.
    pub redemption: f64,
    /// Share of revenue that is profit, above 0 to 1.
    pub margin: f64,
}

/// One tier.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TierRule {
    /// A name or a code.
    pub name: String,
    /// Share of all customers, best first, where `least` is left out.
    pub share: f64,
    /// The least net revenue within the window.
    pub least: Option<f64>,
    /// What the perks of the tier cost, a customer and window.
    pub perks: f64,
    /// By which part the members are expected to buy more.
    pub lift: f64,
}

impl Default for TierRule {
    fn default() -> TierRule {
        TierRule { name: String::new(), share: 0.0, least: None, perks: 0.0, lift: 0.0 }
    }
}

impl Default for LoyaltyOptions {
    fn default() -> LoyaltyOptions {
        let tier = |name: &str, share: f64| TierRule {
            name: name.to_owned(),
            share,
            ..TierRule::default()
        };
        LoyaltyOptions {
            tiers: vec![
                tier("top", 0.01),
                tier("important", 0.04),
                tier("ordinary", 0.15),
                tier("small", 0.80),
            ],
            window_days: 365,
            points: 1.0,
            point_value: 0.01,
            redemption: 0.6,
            margin: 0.3,
        }
    }
}

impl LoyaltyOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `loyalty-tiers` unless there are 2 to 8 with shares of 0 and more,
    /// `loyalty-figures` for anything out of range.
    pub fn check(&self) -> Result<()> {
        let sound = |tier: &TierRule| {
            let figures = [tier.share, tier.perks, tier.least.unwrap_or(0.0)];
            figures.iter().all(|f| f.is_finite() && *f >= 0.0) && tier.lift.is_finite()
        };
        if !(2..=8).contains(&self.tiers.len()) || !self.tiers.iter().all(sound) {
            return Err(Error::new("loyalty-tiers"));
        }
        let shares = [self.redemption, self.margin];
        let fits = shares.iter().all(|s| (0.0..=1.0).contains(s))
            && self.points >= 0.0
            && self.point_value >= 0.0
            && (30..=1_095).contains(&self.window_days);
        if fits { Ok(()) } else { Err(Error::new("loyalty-figures")) }
    }
}

/// The scheme as it would work.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Loyalty {
    /// The day of reckoning.
    pub as_of: Day,
    /// Days of revenue that count.
    pub window_days: u32,
    /// The tiers, best first.
    pub tiers: Vec<TierResult>,
    /// What points and perks cost.
    pub cost: f64,
    /// Profit of the revenue that the lifts are expected to bring.
    pub worth: f64,
    /// By which part members would have to buy more for the scheme to pay.
    pub break_even_lift: Option<f64>,
    /// Share of customers by tier (rows) one window before and after; the last row
    /// and column hold those without revenue in the window.
    pub migration: Vec<Vec<f64>>,
    /// Steps that the migration was counted over.
    pub steps: u32,
    /// Customers by tier now, and expected after one, two and three windows.
    pub forecast: Vec<Vec<f64>>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// One tier as it would be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TierResult {
    /// As given.
    pub name: String,
    /// The least net revenue that reaches it.
    pub least: Option<f64>,
    /// How many reach it.
    pub customers: u32,
    /// Of all customers.
    pub share: f64,
    /// Their net revenue in the window.
    pub revenue: f64,
    /// Of all net revenue in the window; `None` where that is not above zero.
    pub revenue_share: Option<f64>,
    /// How many lack at most a tenth to the border.
    pub near: u32,
    /// Points and perks.
    pub cost: f64,
    /// Profit of the revenue that the lift brings.
    pub worth: f64,
}

/// Net revenue of each customer within a window that ends with the customers' day.
fn revenue(orders: &Orders, base: &Customers, window: u32) -> Vec<i64> {
    let (to, from) = (base.as_of.0, base.as_of.0.saturating_sub_unsigned(window));
    let of = |&number: &u32| {
        let within = |&i: &usize| orders.day[i] > from && orders.day[i] <= to;
        orders
            .of(number)
            .filter(within)
            .map(|i| orders.gross[i] + orders.returns[i])
            .sum()
    };
    base.number.iter().map(of).collect()
}

/// The least revenue that reaches each tier but the last, at the money's scale.
fn borders(orders: &Orders, values: &[i64], options: &LoyaltyOptions) -> Vec<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.reverse();
    let units = orders.scale.units() as f64;
    let mut reached = 0.0;
    let mut ceiling = i64::MAX;
    let last = options.tiers.len() - 1;
    options.tiers[..last]
        .iter()
        .map(|tier| {
            reached += tier.share;
            let place = libm::ceil(reached * sorted.len() as f64) as usize;
            let by_share = sorted.get(place.max(1) - 1).copied().unwrap_or(1).max(1);
            let border = match tier.least {
                Some(least) => libm::ceil(least * units - 1e-6) as i64,
                None => by_share,
            };
            // No tier is easier to reach than the one below it is.
            ceiling = border.min(ceiling);
            ceiling
        })
        .collect()
}

fn tier(borders: &[i64], value: i64) -> usize {
    borders.iter().position(|&least| value >= least).unwrap_or(borders.len())
}

/// Simulates the scheme on the shop's own customers. N log N.
///
/// # Errors
/// Those of [`LoyaltyOptions::check`].
pub fn loyalty(
    orders: &Orders,
    base: &Customers,
    options: &LoyaltyOptions,
) -> Result<Loyalty> {
    options.check()?;
    let window = options.window_days;
    let values = revenue(orders, base, window);
    let borders = borders(orders, &values, options);
    let number = |value: i64| orders.scale.number(value);
    let count = options.tiers.len();
    let mut sums = vec![(0_u32, 0_i64, 0_u32); count];
    for &value in &values {
        let t = tier(&borders, value);
        sums[t] = (sums[t].0 + 1, sums[t].1 + value, sums[t].2);
        let above =
            t.checked_sub(1).filter(|&up| number(value) >= 0.9 * number(borders[up]));
        if let Some(up) = above {
            sums[up].2 += 1;
        }
    }
    let all = number(sums.iter().map(|sum| sum.1).sum());
    let given = options.points * options.point_value * options.redemption;
    let row = |(t, rule): (usize, &TierRule)| {
        let (customers, revenue, near) = (sums[t].0, number(sums[t].1), sums[t].2);
        TierResult {
            name: rule.name.clone(),
            least: borders.get(t).map(|&least| number(least)),
            customers,
            share: f64::from(customers) / values.len().max(1) as f64,
            revenue,
            revenue_share: (all > 0.0).then(|| revenue / all),
            near,
            cost: revenue.max(0.0) * given + rule.perks * f64::from(customers),
            worth: revenue.max(0.0) * rule.lift * options.margin,
        }
    };
    let tiers: Vec<TierResult> = options.tiers.iter().enumerate().map(row).collect();
    let cost: f64 = tiers.iter().map(|tier| tier.cost).sum();
    let worth = tiers.iter().map(|tier| tier.worth).sum();
    let (migration, steps) = migration(orders, base.as_of, window, &borders);
    let mut now = vec![0.0; count + 1];
    for &value in &values {
        now[if value > 0 { tier(&borders, value) } else { count }] += 1.0;
    }
    let mut forecast = vec![now];
    let mut notices = Vec::new();
    if steps == 0 {
        notices.push(Message::new("loyalty-no-history").with("days", 2 * window));
    } else {
        for step in 0..3 {
            let before = forecast[step].clone();
            let into = |to: usize| {
                (0..=count).map(|from| before[from] * migration[from][to]).sum()
            };
            forecast.push((0..=count).map(into).collect());
        }
    }
    Ok(Loyalty {
        as_of: base.as_of,
        window_days: window,
        tiers,
        cost,
        worth,
        break_even_lift: (all > 0.0 && options.margin > 0.0)
            .then(|| cost / (all * options.margin)),
        migration,
        steps,
        forecast,
        notices,
    })
}

/// Share of the customers of each tier that is in each tier one window later, over
/// the last three windows of the history, by today's borders.
fn migration(
    orders: &Orders,
    as_of: Day,
    window: u32,
    borders: &[i64],
) -> (Vec<Vec<f64>>, u32) {
    let count = borders.len() + 1;
    let first = orders.first_day().map_or(as_of.0, |day| day.0);
    let mut counts = vec![vec![0.0; count + 1]; count + 1];
    let mut steps = 0;
    for back in 1..=3_i32 {
        let then = as_of.0 - back * window as i32;
        if then - (window as i32) < first {
            break;
        }
        steps += 1;
        let before = customers(orders, Day(then));
        let after = Customers {
            as_of: Day(then + window as i32),
            number: before.number.clone(),
            ..Customers::default()
        };
        let (old, new) =
            (revenue(orders, &before, window), revenue(orders, &after, window));
        let place = |value: i64| if value > 0 { tier(borders, value) } else { count };
        for (&old, &new) in old.iter().zip(&new) {
            counts[place(old)][place(new)] += 1.0;
        }
    }
    for (from, row) in counts.iter_mut().enumerate() {
        let sum: f64 = row.iter().sum();
        if sum > 0.0 {
            row.iter_mut().for_each(|n| *n /= sum);
        } else {
            // Nobody was there: who is stays.
            row[from] = 1.0;
        }
    }
    (counts, steps)
}
