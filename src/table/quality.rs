//! Whether a segmentation is any good: the four textbook tests.
//!
//! Kotler and Keller, "Marketing Management": measurable, accessible, substantial
//! and differentiable; here measurable, reachable, different and stable.

use serde::Serialize;

use super::column::{CustomerColumn, CustomerColumns};
use crate::cluster::adjusted_rand;
use crate::mapping::consent::Consent;
use crate::sort::Order;
use crate::winback::consent::consent;

/// The four tests of the segments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// Measurable: share of customers that are in a segment.
    pub measurable: f64,
    /// Customers of the smallest segment that has any.
    pub smallest: u32,
    /// Reachable: share with an e-mail address, and consent where the file has it.
    pub reachable: f64,
    /// Whether the file has a column of consent.
    pub has_consent: bool,
    /// Different: share of the spread that the segments explain (eta squared), on
    /// logarithms, by column.
    pub different: Vec<Explained>,
    /// Stable: share of the customers of an earlier day that are where they were.
    pub stayed: Option<f64>,
    /// And the agreement of both days beyond chance (adjusted Rand index).
    pub agreement: Option<f64>,
    /// Days between both.
    pub days: u32,
}

/// How much of a column the segments explain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// The column.
    pub column: &'static str,
    /// 0 nothing, 1 all of it.
    pub share: f64,
}

/// Tests the segments; `before` holds the segment on an earlier day where the
/// customer was one then.
pub fn quality(
    columns: &CustomerColumns<'_>,
    before: &[Option<u8>],
    days: u32,
) -> Quality {
    let count = columns.customers.len();
    let of: &[u8] = columns.segment.map_or(&[], |segment| segment.of);
    let groups = columns.segment.map_or(0, |segment| segment.ids.len());
    let mut sizes = vec![0_u32; groups];
    of.iter().for_each(|&g| sizes[usize::from(g)] += 1);
    let consents = consent(columns.orders, columns.customers);
    let reached = |c: &usize| {
        let allowed = consents.as_ref().is_none_or(|all| all[*c] == Consent::Given);
        allowed && columns.email(*c).is_some()
    };
    let share = |n: usize| if count == 0 { 0.0 } else { n as f64 / count as f64 };
    use CustomerColumn::{AverageOrder, Orders, RecencyDays, Revenue};
    let explained = |column: CustomerColumn| Explained {
        column: column.name(),
        share: eta_squared(columns, column, of, groups),
    };
    let pairs: Vec<(u32, u32)> = before
        .iter()
        .zip(of)
        .filter_map(|(before, &now)| Some((u32::from((*before)?), u32::from(now))))
        .collect();
    let (then, now): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
    let same = pairs.iter().filter(|(then, now)| then == now).count();
    let known = !pairs.is_empty();
    Quality {
        measurable: share(of.len()),
        smallest: sizes.iter().copied().filter(|&size| size > 0).min().unwrap_or(0),
        reachable: share((0..count).filter(reached).count()),
        has_consent: consents.is_some(),
        different: [RecencyDays, Orders, Revenue, AverageOrder].map(explained).to_vec(),
        stayed: known.then(|| same as f64 / pairs.len() as f64),
        agreement: known.then(|| adjusted_rand(&then, &now)),
        days,
    }
}

/// Spread between the groups by spread in all, of log(1 + value).
fn eta_squared(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    of: &[u8],
    groups: usize,
) -> f64 {
    let mut values: Vec<(f64, u8)> = of
        .iter()
        .enumerate()
        .map(|(c, &g)| (libm::log1p(columns.number(column, c).max(0.0)), g))
        .collect();
    // In rising order: the sums do not depend on the order of the rows.
    values.order_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|v| v.0).sum::<f64>() / count;
    let mut sums = vec![(0.0, 0.0); groups];
    let mut all = 0.0;
    for &(value, g) in &values {
        all += (value - mean) * (value - mean);
        let sum = &mut sums[usize::from(g)];
        *sum = (sum.0 + 1.0, sum.1 + value - mean);
    }
    let between: f64 =
        sums.iter().filter(|s| s.0 > 0.0).map(|(n, sum)| sum * sum / n).sum();
    if all > 0.0 { (between / all).min(1.0) } else { 0.0 }
}
