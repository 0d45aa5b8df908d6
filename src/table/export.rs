//! CSV exports: customers, segments and the ledger.

use std::collections::BTreeMap;

use super::Query;
use super::column::{CustomerColumn, CustomerColumns, Kind};
use super::csv::Writer;
use super::split::Split;
use crate::error::Result;
use crate::money::Scale;
use crate::orders::{Ledger, Totals};
use crate::rfm::RfmResult;
use crate::segments::Segment;

/// Header labels by column name, and texts by code (of a segment, a reason);
/// what is absent is written as it is called.
pub type Labels = BTreeMap<String, String>;

/// Decimals of probabilities and of expected counts.
const FIGURE_DECIMALS: usize = 4;

/// Decimals of computed money: those of the file, and two at least.
fn value_decimals(scale: Scale) -> usize {
    usize::from(scale.0.max(2))
}

/// What a name is called in the export.
pub fn label<'a>(labels: &'a Labels, name: &'a str) -> &'a str {
    labels.get(name).map_or(name, String::as_str)
}

/// A new file that begins with the line of these names.
pub fn header(labels: &Labels, names: &[&str]) -> Writer {
    let mut csv = Writer::file();
    for name in names {
        csv.text(label(labels, name));
    }
    csv.end();
    csv
}

/// An export of customers, written chunk by chunk.
///
/// Money of the file is exact; computed money has the file's decimals and two
/// at least, other figures four. Holds the rows only: the columns are given
/// with each chunk and must be the same every time.
#[derive(Clone, Debug)]
pub struct CustomerExport {
    rows: Vec<u32>,
    columns: Vec<CustomerColumn>,
    labels: Labels,
    /// The group of each row, and what the groups are called.
    groups: Option<(Vec<u8>, Vec<String>)>,
    next: usize,
    started: bool,
}

impl CustomerExport {
    /// Starts the export of what a query asks for; without columns, of all that
    /// there are. A split adds a column with each customer's group.
    ///
    /// # Errors
    /// `column-not-computed`.
    pub fn new(
        columns: &CustomerColumns<'_>,
        query: &Query,
        split: Option<&Split>,
        labels: Labels,
    ) -> Result<CustomerExport> {
        let (rows, ..) = query.rows(columns)?;
        let mut wanted = query.columns.clone();
        if wanted.is_empty() {
            wanted.extend(
                CustomerColumn::ALL.iter().filter(|&&column| columns.has(column)),
            );
        }
        let groups = split.map(|s| (s.divide(columns, &rows), s.names.clone()));
        let (next, started) = (0, false);
        Ok(CustomerExport { rows, columns: wanted, labels, groups, next, started })
    }

    /// Rows written and rows in all.
    pub fn progress(&self) -> crate::task::Progress {
        crate::task::Progress { done: self.next as u64, total: self.rows.len() as u64 }
    }

    /// The next bytes of the file, of at most so many rows (one at least);
    /// `None` after the last. The file does not depend on how it is cut.
    pub fn next_chunk(
        &mut self,
        columns: &CustomerColumns<'_>,
        rows: usize,
    ) -> Option<Vec<u8>> {
        if self.started && self.next == self.rows.len() {
            return None;
        }
        let mut csv = if self.started { Writer::default() } else { self.header() };
        self.started = true;
        let end = self.next.saturating_add(rows.max(1)).min(self.rows.len());
        for place in self.next..end {
            for &column in &self.columns {
                self.cell(&mut csv, columns, column, self.rows[place] as usize);
            }
            if let Some((of, names)) = &self.groups {
                csv.text(&names[usize::from(of[place])]);
            }
            csv.end();
        }
        self.next = end;
        Some(csv.take())
    }

    fn header(&self) -> Writer {
        let mut csv = Writer::file();
        for column in &self.columns {
            csv.text(label(&self.labels, column.name()));
        }
        if self.groups.is_some() {
            csv.text(label(&self.labels, "group"));
        }
        csv.end();
        csv
    }

    fn cell(
        &self,
        csv: &mut Writer,
        columns: &CustomerColumns<'_>,
        column: CustomerColumn,
        c: usize,
    ) {
        let scale = columns.orders.scale;
        let customers = columns.customers;
        match (column, column.kind()) {
            (
                CustomerColumn::Segment
                | CustomerColumn::Lifecycle
                | CustomerColumn::Tier
                | CustomerColumn::ChurnType
                | CustomerColumn::Phase,
                _,
            ) => csv.text(label(&self.labels, &columns.text(column, c))),
            (CustomerColumn::Revenue, _) => csv.plain(scale.exact(customers.revenue(c))),
            (CustomerColumn::Gross, _) => csv.plain(scale.exact(customers.gross[c])),
            (CustomerColumn::Returns, _) => csv.plain(scale.exact(customers.returns[c])),
            (_, Kind::Text) => csv.text(&columns.text(column, c)),
            (_, Kind::Day) => csv.plain(columns.text(column, c)),
            (_, Kind::Integer) => csv.number(columns.number(column, c), 0),
            (_, Kind::Money | Kind::Value) => {
                csv.number(columns.number(column, c), value_decimals(scale))
            }
            (_, Kind::Number) => csv.number(columns.number(column, c), FIGURE_DECIMALS),
        };
    }
}

/// The segments, one row each, with the method and the day of reckoning.
///
/// Segments of fewer than `smallest` customers become one row, `small-groups`,
/// together with the next larger ones until that row has as many: with one small
/// segment alone, the difference to the total would give it away. That row has
/// sums and no medians.
pub fn segments_csv(
    result: &RfmResult,
    scale: Scale,
    labels: &Labels,
    smallest: u32,
) -> Vec<u8> {
    let mut csv = Writer::file();
    for name in [
        "segment",
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
    ] {
        csv.text(label(labels, name));
    }
    csv.end();
    let value = value_decimals(scale);
    for segment in &merged(&result.segments, scale, smallest) {
        csv.text(label(labels, &segment.id)).plain(segment.customers);
        csv.number(segment.share, FIGURE_DECIMALS).plain(segment.orders);
        csv.plain(&segment.exact_revenue).maybe(segment.revenue_share, FIGURE_DECIMALS);
        csv.maybe(segment.average_order, value).maybe(segment.median_recency_days, 1);
        csv.maybe(segment.median_orders, 1).maybe(segment.median_revenue, value);
        csv.text(result.method).plain(result.as_of);
        csv.end();
    }
    csv.take()
}

/// The segments with the small ones put together.
fn merged(segments: &[Segment], scale: Scale, smallest: u32) -> Vec<Segment> {
    let mut by_size: Vec<&Segment> =
        segments.iter().filter(|s| s.customers > 0).collect();
    by_size.sort_by_key(|segment| segment.customers);
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

/// The ledger: rows read, each reason for setting rows aside, the shop, and the
/// customers with the line of those with returns only.
pub fn ledger_csv(ledger: &Ledger, labels: &Labels) -> Vec<u8> {
    let mut csv = Writer::file();
    for name in [
        "line",
        "reason",
        "rows",
        "customers",
        "orders",
        "creditNotes",
        "gross",
        "returns",
        "net",
        "exampleRow",
        "example",
    ] {
        csv.text(label(labels, name));
    }
    csv.end();
    let line = |csv: &mut Writer, name: &str| {
        csv.text(label(labels, name));
    };
    let blanks = |csv: &mut Writer, count: usize| {
        for _ in 0..count {
            csv.plain("");
        }
        csv.end();
    };
    line(&mut csv, "rowsRead");
    csv.plain("").plain(ledger.rows_read);
    blanks(&mut csv, 8);
    for from in ["shop", "customers"] {
        for aside in ledger.set_aside.iter().filter(|aside| aside.from == from) {
            line(&mut csv, "setAside");
            csv.text(label(labels, aside.reason)).plain(aside.rows);
            csv.plain("")
                .plain("")
                .plain("")
                .plain("")
                .plain("")
                .plain(&aside.exact_amount);
            match &aside.example {
                Some(example) => csv.plain(example.row).text(&example.text),
                None => csv.plain("").plain(""),
            };
            csv.end();
        }
        let (customers, totals) = match from {
            "shop" => (None, &ledger.shop),
            _ => (Some(ledger.customers.customers), &ledger.customers.totals),
        };
        line(&mut csv, from);
        totals_cells(&mut csv, customers, totals);
        blanks(&mut csv, 2);
    }
    let returns_only = &ledger.customers.returns_only;
    line(&mut csv, "returnsOnly");
    csv.plain("").plain("").plain(returns_only.customers);
    csv.plain("").plain("").plain("").plain("").plain(&returns_only.exact_amount);
    blanks(&mut csv, 2);
    csv.take()
}

fn totals_cells(csv: &mut Writer, customers: Option<u64>, totals: &Totals) {
    let customers = customers.map(|count| count.to_string()).unwrap_or_default();
    csv.plain("").plain(totals.rows).plain(customers).plain(totals.orders);
    csv.plain(totals.credit_notes).plain(&totals.exact.gross);
    csv.plain(&totals.exact.returns).plain(&totals.exact.net);
}
