//! Lists of groups as CSV, in which small groups do not show on request: neither by
//! themselves nor as the difference of what is shown.

use super::export::{FIGURE_DECIMALS, Labels, header, label, value_decimals};
use crate::calendar::Day;
use crate::money::Scale;
use crate::rfm::RfmResult;
use crate::segments::Segment;
use crate::sort::Order;

/// How groups were made.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The column that holds them.
    pub by: &'a str,
    /// The method, as it is written.
    pub method: &'a str,
    /// The day of reckoning.
    pub as_of: Day,
}

/// The groups of a column (segments, stages of life, learned groups), one row each,
/// with the method and the day of reckoning.
///
/// Groups of fewer than `smallest` customers become one row, `small-groups`,
/// together with the next larger ones until that row has as many: with one small
/// group alone, the difference to the total would give it away. That row has
/// sums and no medians.
pub fn groups_csv(
    groups: &[Segment],
    made: Made<'_>,
    scale: Scale,
    labels: &Labels,
    smallest: u32,
) -> Vec<u8> {
    let names = [
        made.by,
        "customers",
        "share",
        "orders",
        "revenue",
        "revenueShare",
        "averageOrder",
        "medianRecencyDays",
        "medianOrders",
        "medianRevenue",
        "method",
        "asOf",
    ];
    let mut csv = header(labels, &names);
    let value = value_decimals(scale);
    for segment in &merged(groups, scale, smallest) {
        csv.text(label(labels, &segment.id)).plain(segment.customers);
        csv.number(segment.share, FIGURE_DECIMALS).plain(segment.orders);
        csv.plain(&segment.exact_revenue).maybe(segment.revenue_share, FIGURE_DECIMALS);
        csv.maybe(segment.average_order, value).maybe(segment.median_recency_days, 1);
        csv.maybe(segment.median_orders, 1).maybe(segment.median_revenue, value);
        csv.text(label(labels, made.method)).plain(made.as_of);
        csv.end();
    }
    csv.take()
}

/// The segments as [`groups_csv`] writes them.
pub fn segments_csv(
    result: &RfmResult,
    scale: Scale,
    labels: &Labels,
    smallest: u32,
) -> Vec<u8> {
    let made = Made { by: "segment", method: result.method, as_of: result.as_of };
    groups_csv(&result.segments, made, scale, labels, smallest)
}

/// The segments with the small ones put together.
fn merged(segments: &[Segment], scale: Scale, smallest: u32) -> Vec<Segment> {
    let mut by_size: Vec<&Segment> =
        segments.iter().filter(|s| s.customers > 0).collect();
    by_size.order_by_key(|segment| segment.customers);
    let (mut together, mut count) = (Vec::new(), 0);
    for segment in by_size {
        let fine = segment.customers >= smallest && (count == 0 || count >= smallest);
        if fine {
            break;
        }
        together.push(segment.id.as_str());
        count += segment.customers;
    }
    let is_small = |segment: &&Segment| together.contains(&segment.id.as_str());
    let mut rows: Vec<Segment> =
        segments.iter().filter(|s| !is_small(s)).cloned().collect();
    if !together.is_empty() {
        let small = || segments.iter().filter(is_small);
        let orders: u64 = small().map(|s| s.orders).sum();
        let money = |exact: &str| parse_exact(exact, scale);
        let revenue: i64 = small().map(|s| money(&s.exact_revenue)).sum();
        let gross = |s: &Segment| s.average_order.unwrap_or(0.0) * s.orders as f64;
        let spent: f64 = small().map(gross).sum();
        let shares = small().map(|s| s.revenue_share).collect::<Option<Vec<f64>>>();
        rows.push(Segment {
            id: "small-groups".to_owned(),
            customers: count,
            orders,
            revenue: scale.number(revenue),
            exact_revenue: scale.exact(revenue),
            share: small().map(|s| s.share).sum(),
            revenue_share: shares.map(|shares| shares.iter().sum()),
            average_order: (orders > 0).then(|| spent / orders as f64),
            median_recency_days: None,
            median_orders: None,
            median_revenue: None,
            mean_recency_days: None,
            mean_orders: None,
            mean_revenue: None,
        });
    }
    rows
}

/// The mantissa of an exact decimal text of this scale.
fn parse_exact(exact: &str, scale: Scale) -> i64 {
    let (whole, decimals) = exact.split_once('.').unwrap_or((exact, ""));
    let digits = format!("{whole}{decimals:0<width$}", width = usize::from(scale.0));
    digits.parse().unwrap_or(0)
}

/// What of a table of counts with totals stays hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// By row and column.
    pub cells: Vec<Vec<bool>>,
    /// The totals of the rows.
    pub rows: Vec<bool>,
    /// The totals of the columns.
    pub columns: Vec<bool>,
}

/// Hides the counts above 0 and below `smallest`, and then in each row and column, the
/// totals' ones included, the smallest further ones until what is hidden there is two
/// counts at least that add up to `smallest` at least. The sum of all is shown.
///
/// (Complementary suppression row by row and column by column; Hundepool and others,
/// "Statistical Disclosure Control", 2012, chapter 4.)
pub fn hidden(counts: &[Vec<u32>], smallest: u32) -> Hidden {
    let (height, width) = (counts.len(), counts.first().map_or(0, Vec::len));
    // The totals stand at the end of each row, and in one more row.
    let mut table: Vec<Vec<u32>> = counts.to_vec();
    table.iter_mut().for_each(|row| row.push(row.iter().sum()));
    table.push((0..=width).map(|c| table.iter().map(|row| row[c]).sum()).collect());
    let mut shut: Vec<Vec<bool>> = table
        .iter()
        .map(|row| row.iter().map(|&n| n > 0 && n < smallest).collect())
        .collect();
    shut[height][width] = false;
    let row = |r: usize| (0..=width).map(|c| (r, c)).collect::<Vec<_>>();
    let column = |c: usize| (0..=height).map(|r| (r, c)).collect::<Vec<_>>();
    let lines: Vec<Vec<(usize, usize)>> =
        (0..=height).map(row).chain((0..=width).map(column)).collect();
    loop {
        let mut changed = false;
        for line in &lines {
            let Some((&end, parts)) = line.split_last() else { continue };
            let is_shut = |&&(r, c): &&(usize, usize)| shut[r][c];
            let count = parts.iter().filter(is_shut).count();
            let sum: u32 = parts.iter().filter(is_shut).map(|&(r, c)| table[r][c]).sum();
            let safe = match (count, shut[end.0][end.1]) {
                (0, false) => true,
                (0, true) => false,
                // Beside a hidden total one count says nothing.
                (_, true) => true,
                (_, false) => count > 1 && sum >= smallest,
            };
            if safe {
                continue;
            }
            let open = parts.iter().filter(|(r, c)| !shut[*r][*c] && table[*r][*c] > 0);
            let least = open.min_by_key(|(r, c)| (table[*r][*c], *r, *c)).copied();
            // Where nothing else is left the total goes, except for the sum of all.
            let further = least.or((end != (height, width)).then_some(end));
            if let Some((r, c)) = further.filter(|&(r, c)| !shut[r][c]) {
                shut[r][c] = true;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let columns = shut.pop().unwrap_or_default()[..width].to_vec();
    let rows = shut.iter().map(|row| row[width]).collect();
    let cells = shut.into_iter().map(|row| row[..width].to_vec()).collect();
    Hidden { cells, rows, columns }
}
