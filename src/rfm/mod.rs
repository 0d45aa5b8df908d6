//! Recency, frequency and monetary scores, and the segment of each customer.
//!
//! Scores by the tie-safe rule of `score.rs`, segments by a total map of cells.

mod score;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;
use crate::segments::{Map, Segment, summarise};
pub use score::{Scored, score};

/// How customers are scored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RfmOptions {
    /// Scores a dimension, 3 to 10. The built-in map of segments needs 5; with
    /// any other number there are scores and no segments.
    pub bins: u8,
}

impl Default for RfmOptions {
    fn default() -> RfmOptions {
        RfmOptions { bins: 5 }
    }
}

impl RfmOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `rfm-bad-bins` when `bins` is not 3 to 10.
    pub fn check(&self) -> Result<()> {
        if (3..=10).contains(&self.bins) {
            return Ok(());
        }
        let bins = u32::from(self.bins);
        Err(Error::new("rfm-bad-bins").with("bins", bins).with("from", 3).with("to", 10))
    }
}

/// The scores of every customer, 1 (worst) to `bins` (best).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Scores a dimension.
    pub bins: u8,
    /// By days since the last order, of which few are good.
    pub recency: Vec<u8>,
    /// By number of orders.
    pub orders: Vec<u8>,
    /// By net revenue.
    pub revenue: Vec<u8>,
}

/// What comes out: columns a customer, and the result as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Rfm {
    /// Scores a customer.
    pub scores: Scores,
    /// Index of each customer's segment in `ids`; empty without a map.
    pub segment: Vec<u8>,
    /// Ids of the segments, best first; empty without a map.
    pub ids: Vec<String>,
    /// Sizes, cuts and segments.
    pub result: RfmResult,
}

/// The scores and segments of a shop as they are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RfmResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// `quantile`.
    pub method: &'static str,
    /// Scores a dimension.
    pub bins: u8,
    /// The worst value of each score from 2 to `bins`.
    pub cuts: Dimensions<Option<f64>>,
    /// How many customers have each score from 1 to `bins`.
    pub bin_sizes: Dimensions<u32>,
    /// Customers and money by R and F score, `grid[r - 1][f - 1]`.
    pub grid: Vec<Vec<GridCell>>,
    /// Best first, empty ones included; none where the map does not fit the bins.
    pub segments: Vec<Segment>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// A list for each of the three dimensions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dimensions<T> {
    /// In days since the last order.
    pub recency_days: Vec<T>,
    /// In orders.
    pub orders: Vec<T>,
    /// In net revenue.
    pub revenue: Vec<T>,
}

/// The customers with one pair of R and F scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct GridCell {
    /// How many.
    pub customers: u32,
    /// Their net revenue.
    pub revenue: f64,
}

/// Scores all customers and puts each in a segment.
///
/// Linear on average: a million customers take some tens of milliseconds. No
/// customers give empty lists and no error.
///
/// # Errors
/// Those of [`RfmOptions::check`].
pub fn rfm(orders: &Orders, customers: &Customers, options: &RfmOptions) -> Result<Rfm> {
    options.check()?;
    let (bins, scale, as_of) = (options.bins, orders.scale, customers.as_of);
    let revenue: Vec<i64> = (0..customers.len()).map(|c| customers.revenue(c)).collect();
    // A late last day is few days of recency: both rank alike.
    let r = score(&customers.last_day, bins);
    let f = score(&customers.orders, bins);
    let m = score(&revenue, bins);

    let mut notices = Vec::new();
    let days = |day: i32| f64::from(as_of.0.saturating_sub(day));
    let recency_cuts = cuts(&r, days);
    let order_cuts = cuts(&f, f64::from);
    let revenue_cuts = cuts(&m, |value| scale.number(value));
    notices.extend(empty_scores(
        "rfm-empty-scores-recency",
        &customers.last_day,
        &r,
        days,
    ));
    notices.extend(empty_scores(
        "rfm-empty-scores-orders",
        &customers.orders,
        &f,
        f64::from,
    ));
    notices.extend(empty_scores("rfm-empty-scores-revenue", &revenue, &m, |v| {
        scale.number(v)
    }));
    let unpaid = revenue.iter().filter(|&&value| value <= 0).count();
    if unpaid > 0 {
        notices.push(Message::new("rfm-revenue-not-positive").with("customers", unpaid));
    }

    let grid = grid(bins, &r.scores, &f.scores, &revenue, |sum| scale.number(sum));
    let scores = Scores { bins, recency: r.scores, orders: f.scores, revenue: m.scores };
    let map = Map::eleven();
    let (mut segment, mut ids, mut segments) = (Vec::new(), Vec::new(), Vec::new());
    if map.bins() == bins {
        segment = segment_of(&map, &scores);
        ids = map.ids().to_vec();
        segments = summarise(customers, scale, &segment, &ids);
    } else {
        let needed = u32::from(map.bins());
        notices.push(
            Message::new("rfm-no-map")
                .with("bins", u32::from(bins))
                .with("needed", needed),
        );
    }
    let result = RfmResult {
        as_of,
        method: "quantile",
        bins,
        cuts: Dimensions {
            recency_days: recency_cuts,
            orders: order_cuts,
            revenue: revenue_cuts,
        },
        bin_sizes: Dimensions {
            recency_days: r.sizes,
            orders: f.sizes,
            revenue: m.sizes,
        },
        grid,
        segments,
        notices,
    };
    Ok(Rfm { scores, segment, ids, result })
}

/// The segment of each customer under a map with as many bins as the scores.
pub fn segment_of(map: &Map, scores: &Scores) -> Vec<u8> {
    let rf = scores.recency.iter().zip(&scores.orders);
    rf.zip(&scores.revenue).map(|((&r, &f), &m)| map.segment(r, f, m)).collect()
}

fn cuts<T: Copy>(scored: &Scored<T>, number: impl Fn(T) -> f64) -> Vec<Option<f64>> {
    scored.worst.iter().skip(1).map(|worst| worst.map(&number)).collect()
}

/// A word on scores that nobody has, with the value so many share that they
/// pass over it; nothing where there are fewer customers than scores.
fn empty_scores<T: Copy + Ord>(
    code: &'static str,
    values: &[T],
    scored: &Scored<T>,
    number: impl Fn(T) -> f64,
) -> Option<Message> {
    let bins = scored.sizes.len();
    let empty: Vec<usize> = (1..=bins).filter(|&s| scored.sizes[s - 1] == 0).collect();
    if values.len() < bins {
        return None;
    }
    // Score 1 is never empty: someone has the smallest value.
    let tied = *scored.thresholds.get(empty.first()?.checked_sub(2)?)?;
    let share =
        values.iter().filter(|&&v| v == tied).count() as f64 / values.len() as f64;
    let scores: Vec<String> = empty.iter().map(usize::to_string).collect();
    Some(
        Message::new(code)
            .with("scores", scores)
            .with("value", number(tied))
            .with("share", share),
    )
}

fn grid(
    bins: u8,
    r: &[u8],
    f: &[u8],
    revenue: &[i64],
    number: impl Fn(i64) -> f64,
) -> Vec<Vec<GridCell>> {
    let bins = usize::from(bins);
    let mut sums = vec![(0_u32, 0_i64); bins * bins];
    for ((&r, &f), &value) in r.iter().zip(f).zip(revenue) {
        let cell = &mut sums[usize::from(r - 1) * bins + usize::from(f - 1)];
        *cell = (cell.0 + 1, cell.1 + value);
    }
    let cell =
        |&(customers, sum): &(u32, i64)| GridCell { customers, revenue: number(sum) };
    sums.chunks(bins).map(|row| row.iter().map(cell).collect()).collect()
}
