//! Customers as points: chosen columns on a scale on which distances mean something.

use crate::distances;
use crate::sort::Order;

use serde::{Deserialize, Serialize};

/// How a column is scaled before distances are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Scaling {
    /// log(1 + value), below zero as zero, then mean 0 and standard deviation 1.
    #[default]
    Log,
    /// Median 0 and interquartile range 1, cut off at 5 on both sides.
    Robust,
    /// Mean 0 and standard deviation 1.
    Standard,
}

/// Where the robust scale is cut off, in interquartile ranges from the median.
const FAR: f64 = 5.0;

/// Points in column order: one slice a dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// One vector a dimension, one entry a point.
    pub columns: Vec<Vec<f64>>,
}

impl Points {
    /// How many points there are.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many dimensions they have.
    pub fn dimensions(&self) -> usize {
        self.columns.len()
    }

    /// One point.
    pub fn get(&self, i: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[i]).collect()
    }

    /// The points at these places.
    pub fn pick(&self, places: &[u32]) -> Points {
        let pick =
            |column: &Vec<f64>| places.iter().map(|&i| column[i as usize]).collect();
        Points { columns: self.columns.iter().map(pick).collect() }
    }

    /// Squared distance of two points.
    pub fn squared(&self, a: usize, b: usize) -> f64 {
        distances::between(&self.columns, a, b)
    }

    /// Squared distance of a point to a centre.
    pub fn squared_to(&self, i: usize, centre: &[f64]) -> f64 {
        distances::to_centre(&self.columns, i, centre)
    }

    /// Scales columns of values without NaN. A column without spread becomes zero.
    pub fn scaled(values: &[Vec<f64>], scaling: Scaling) -> Points {
        Points { columns: values.iter().map(|column| scale(column, scaling)).collect() }
    }

    /// The places of the points in rising order of their values, so that nothing
    /// depends on the order in which customers came.
    pub fn canonical(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0..self.len() as u32).collect();
        let compare = |a: &u32, b: &u32| {
            let each = self.columns.iter();
            each.map(|c| c[*a as usize].total_cmp(&c[*b as usize]))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        places.order_by(compare);
        places
    }
}

fn scale(column: &[f64], scaling: Scaling) -> Vec<f64> {
    match scaling {
        Scaling::Standard => standard(column.to_vec()),
        Scaling::Log => {
            standard(column.iter().map(|&v| libm::log1p(v.max(0.0))).collect())
        }
        Scaling::Robust => {
            let mut sorted = column.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            let (low, middle, high) = (
                quantile(&sorted, 0.25),
                quantile(&sorted, 0.5),
                quantile(&sorted, 0.75),
            );
            if high <= low {
                return standard(column.to_vec());
            }
            let place = |&v: &f64| ((v - middle) / (high - low)).clamp(-FAR, FAR);
            column.iter().map(place).collect()
        }
    }
}

/// Mean 0 and (population) standard deviation 1.
fn standard(mut column: Vec<f64>) -> Vec<f64> {
    // Summed in rising order: the sums do not depend on the order of the rows.
    let mut sorted = column.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = column.len().max(1) as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    let spread = sorted.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count;
    let deviation = libm::sqrt(spread);
    for value in &mut column {
        *value = if deviation > 1e-12 { (*value - mean) / deviation } else { 0.0 };
    }
    column
}

/// The quantile of rising values, type R-7; 0 of nothing.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = share * last as f64;
    let (low, part) = (at as usize, at - (at as usize) as f64);
    let next = sorted[(low + 1).min(last)];
    sorted[low] + part * (next - sorted[low])
}
