//! Expected profit of a retention campaign that contacts the riskiest
//! customers, and the maximum profit measures (Verbraken, Verbeke and Baesens
//! 2013, IEEE TKDE 25(5), equations 7 to 14).

use crate::sort::falling;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What a retention campaign costs and brings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Campaign {
    /// Value of a customer who is kept.
    pub value: f64,
    /// Cost of the offer to a customer who accepts it.
    pub offer: f64,
    /// Cost of contacting one customer.
    pub contact: f64,
    /// First shape of the Beta distribution of the chance that a churner accepts.
    pub alpha: f64,
    /// Second shape.
    pub beta: f64,
}

impl Default for Campaign {
    /// The values of the paper: 200, 10, 1, Beta(6, 14).
    fn default() -> Campaign {
        Campaign { value: 200.0, offer: 10.0, contact: 1.0, alpha: 6.0, beta: 14.0 }
    }
}

impl Campaign {
    /// # Errors
    /// `churn-campaign` when a figure is negative or not a number, when the
    /// value is 0 or the offer costs as much as it is worth.
    pub fn check(&self) -> Result<()> {
        let finite = [self.value, self.offer, self.contact, self.alpha, self.beta]
            .iter()
            .all(|v| v.is_finite());
        let positive = self.value > 0.0 && self.alpha > 0.0 && self.beta > 0.0;
        let costs = self.offer >= 0.0 && self.contact >= 0.0 && self.offer < self.value;
        if finite && positive && costs {
            Ok(())
        } else {
            Err(Error::new("churn-campaign"))
        }
    }

    /// Mean chance that a churner accepts.
    fn accepts(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }
}

/// The best profit a customer of the base, and the share to contact for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BestProfit {
    /// Profit divided by all customers, contacted or not.
    pub profit: f64,
    /// Share of the customers to contact, riskiest first.
    pub fraction: f64,
}

/// Shares of churners and of stayers among those contacted, from nobody to all,
/// cut only where scores differ.
fn roc(scores: &[f64], churned: &[bool]) -> Vec<(f64, f64)> {
    let order = falling(scores);
    let churners = churned.iter().filter(|&&c| c).count() as f64;
    let stayers = scores.len() as f64 - churners;
    let (mut c, mut s) = (0.0, 0.0);
    let mut points = vec![(0.0, 0.0)];
    for (k, &i) in order.iter().enumerate() {
        let i = i as usize;
        if churned[i] {
            c += 1.0;
        } else {
            s += 1.0;
        }
        let tied =
            order.get(k + 1).is_some_and(|&next| scores[next as usize] == scores[i]);
        if !tied {
            points.push((c / churners.max(1.0), s / stayers.max(1.0)));
        }
    }
    points
}

/// The upper convex hull of a ROC curve, from (0, 0) to (1, 1).
fn hull(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut hull: Vec<(f64, f64)> = Vec::new();
    for &p in points {
        while let [.., a, b] = hull[..] {
            let below = (b.0 - a.0) * (p.1 - a.1) <= (p.0 - a.0) * (b.1 - a.1);
            if !below {
                break;
            }
            hull.pop();
        }
        if hull.last() != Some(&p) {
            hull.push(p);
        }
    }
    hull
}

/// Profit a customer of the base when the churners `f0` and stayers `f1` are
/// contacted and a churner accepts with chance `accepts` (equation 7).
fn profit_at(campaign: &Campaign, base: f64, accepts: f64, (f0, f1): (f64, f64)) -> f64 {
    let (delta, phi) =
        (campaign.offer / campaign.value, campaign.contact / campaign.value);
    let won = campaign.value * (accepts * (1.0 - delta) - phi) * base * f0;
    won - campaign.value * (delta + phi) * (1.0 - base) * f1
}

fn base_rate(churned: &[bool]) -> f64 {
    churned.iter().filter(|&&c| c).count() as f64 / churned.len().max(1) as f64
}

/// The maximum profit criterion: the best profit when a churner's chance to
/// accept is known, the mean of the Beta distribution.
pub fn maximum_profit(
    scores: &[f64],
    churned: &[bool],
    campaign: &Campaign,
) -> BestProfit {
    let base = base_rate(churned);
    let mut best = BestProfit { profit: 0.0, fraction: 0.0 };
    for point in roc(scores, churned) {
        let profit = profit_at(campaign, base, campaign.accepts(), point);
        if profit > best.profit {
            let fraction = base * point.0 + (1.0 - base) * point.1;
            best = BestProfit { profit, fraction };
        }
    }
    best
}

/// The expected maximum profit: the chance to accept is Beta distributed, and
/// for each the best share is contacted (equation 13, over the ROC's hull).
pub fn expected_maximum_profit(
    scores: &[f64],
    churned: &[bool],
    campaign: &Campaign,
) -> BestProfit {
    let base = base_rate(churned);
    let (a, b) = (campaign.alpha, campaign.beta);
    let (delta, phi) =
        (campaign.offer / campaign.value, campaign.contact / campaign.value);
    let hull = hull(&roc(scores, churned));
    let mut best = BestProfit { profit: 0.0, fraction: 0.0 };
    let mut from = 0.0;
    for (k, &(f0, f1)) in hull.iter().enumerate() {
        // Up to this chance to accept, this point of the hull is the best one.
        let to = match hull.get(k + 1) {
            Some(&(g0, g1)) => {
                let cost =
                    (delta + phi) * (1.0 - base) * (g1 - f1) + phi * base * (g0 - f0);
                let gain = (1.0 - delta) * base * (g0 - f0);
                if gain > 0.0 { (cost / gain).clamp(from, 1.0) } else { 1.0 }
            }
            None => 1.0,
        };
        let weight = beta_cdf(to, a, b) - beta_cdf(from, a, b);
        let mean =
            campaign.accepts() * (beta_cdf(to, a + 1.0, b) - beta_cdf(from, a + 1.0, b));
        let won = campaign.value * base * f0 * ((1.0 - delta) * mean - phi * weight);
        best.profit += won - campaign.value * (delta + phi) * (1.0 - base) * f1 * weight;
        best.fraction += weight * (base * f0 + (1.0 - base) * f1);
        from = to;
    }
    best
}

/// A point of the profit curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfitPoint {
    /// Share of the customers contacted, riskiest first.
    pub fraction: f64,
    /// Profit a customer of the base.
    pub profit: f64,
    /// The same when the longest silent are contacted first.
    pub naive_profit: f64,
}

/// Profit at 0, 5, ... 100 % contacted, by the model and by a naive score; ties
/// are contacted in proportion.
pub fn curve(
    scores: &[f64],
    naive: &[f64],
    churned: &[bool],
    campaign: &Campaign,
) -> Vec<ProfitPoint> {
    let base = base_rate(churned);
    let (model, naive) = (roc(scores, churned), roc(naive, churned));
    let at = |points: &[(f64, f64)], fraction: f64| {
        profit_at(campaign, base, campaign.accepts(), along(points, base, fraction))
    };
    (0..=20)
        .map(|k| {
            let fraction = f64::from(k) / 20.0;
            ProfitPoint {
                fraction,
                profit: at(&model, fraction),
                naive_profit: at(&naive, fraction),
            }
        })
        .collect()
}

/// The point of a ROC curve at which this share of all customers is contacted.
fn along(points: &[(f64, f64)], base: f64, fraction: f64) -> (f64, f64) {
    let share = |p: (f64, f64)| base * p.0 + (1.0 - base) * p.1;
    for pair in points.windows(2) {
        let (from, to) = (share(pair[0]), share(pair[1]));
        if fraction <= to && to > from {
            let t = (fraction - from) / (to - from);
            let mix = |a: f64, b: f64| a + t * (b - a);
            return (mix(pair[0].0, pair[1].0), mix(pair[0].1, pair[1].1));
        }
    }
    points.last().copied().unwrap_or((0.0, 0.0))
}

/// The regularised incomplete beta function, by its continued fraction with
/// Lentz's method (Press et al., Numerical Recipes, 3rd ed., section 6.4).
fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
            + a * libm::log(x)
            + b * libm::log1p(-x),
    );
    // The fraction converges fast below the mean only; beyond it, by symmetry.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(x, a, b) / a
    } else {
        1.0 - front * continued_fraction(1.0 - x, b, a) / b
    }
}

fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_beta_equals_its_binomial_sum() {
        // I_x(6, 14) is the chance of 6 or more successes in 19 trials.
        for x in [0.01, 0.1, 0.3, 0.5, 0.9] {
            let (mut sum, mut choose): (f64, f64) = (0.0, 1.0);
            for k in 0..=19u32 {
                if k >= 6 {
                    sum += choose
                        * libm::pow(x, f64::from(k))
                        * libm::pow(1.0 - x, f64::from(19 - k));
                }
                choose = choose * f64::from(19 - k) / f64::from(k + 1);
            }
            assert!((beta_cdf(x, 6.0, 14.0) - sum).abs() < 1e-13, "{x}");
        }
    }
}
