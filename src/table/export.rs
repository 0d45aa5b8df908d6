//! CSV exports: customers and the ledger.

use std::collections::BTreeMap;

use super::Query;
use super::column::{CustomerColumn, CustomerColumns, Kind};
use super::csv::Writer;
use super::layouts::Contacts;
use super::split::Split;
use crate::error::Result;
use crate::money::Scale;
use crate::orders::{Ledger, Totals};

/// Header labels by column name, and texts by code (of a segment, a reason);
/// what is absent is written as it is called.
pub type Labels = BTreeMap<String, String>;

/// Decimals of probabilities and of expected counts.
pub const FIGURE_DECIMALS: usize = 4;

/// Decimals of computed money: those of the file, and two at least.
pub fn value_decimals(scale: Scale) -> usize {
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
    /// Who may be named by an address.
    contacts: Contacts,
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
        let rows = query.rows(columns)?.rows;
        let mut wanted = query.columns.clone();
        if wanted.is_empty() {
            wanted.extend(
                CustomerColumn::ALL.iter().filter(|&&column| columns.has(column)),
            );
        }
        let mut export = CustomerExport {
            rows,
            columns: wanted,
            labels,
            groups: None,
            contacts: Contacts::new(columns.orders, columns.customers.as_of),
            next: 0,
            started: false,
        };
        if let Some(split) = split {
            let (rows, of) = split.listed(columns, &export.rows).into_iter().unzip();
            export.rows = rows;
            export.groups = Some((of, split.names.clone()));
        }
        Ok(export)
    }

    /// The same with a column of e-mail addresses, where there are any, empty for
    /// those who did not consent.
    pub fn with_contacts(mut self, columns: &CustomerColumns<'_>) -> CustomerExport {
        self.contacts = Contacts::of(columns, true);
        self
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
            self.contacts.write(&mut csv, columns, self.rows[place] as usize);
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
        if self.contacts.with_email {
            csv.text(label(&self.labels, "email"));
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
                | CustomerColumn::Phase
                | CustomerColumn::Method,
                _,
            ) => csv.text(label(&self.labels, &columns.text(column, c))),
            (CustomerColumn::CustomerId, _) => {
                let number = customers.number[c];
                self.contacts.name(csv, &self.labels, columns.orders, number);
                csv
            }
            (CustomerColumn::Reason, _) => csv.text(&columns.reason(c, &self.labels)),
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

/// The ledger: rows read, each reason for setting rows aside, the shop, and the
/// customers with the line of those with returns only.
pub fn ledger_csv(ledger: &Ledger, labels: &Labels) -> Vec<u8> {
    let names = [
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
    ];
    let mut csv = header(labels, &names);
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
