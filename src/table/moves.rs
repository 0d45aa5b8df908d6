//! CSV exports of who moved from which segment into which, and of how many did.

use super::column::{CustomerColumn, CustomerColumns};
use super::csv::Writer;
use super::export::{Labels, header, label};
use super::layouts::Contacts;
use super::small::hidden;
use crate::money::Scale;
use crate::segments::{Direction, Movement, direction};
use crate::task::Progress;

/// The scores of the later day.
const SCORES: [CustomerColumn; 3] =
    [CustomerColumn::RScore, CustomerColumn::FScore, CustomerColumn::MScore];

/// An export of moves, written chunk by chunk; what it reads is given with each
/// chunk and must be the same every time.
#[derive(Clone, Debug)]
pub struct MovementExport {
    /// The customers of the later day that are written.
    rows: Vec<u32>,
    labels: Labels,
    /// Who may be named by an address.
    contacts: Contacts,
    next: usize,
    started: bool,
}

impl MovementExport {
    /// Starts the export of those who went one of some ways; of all without any.
    /// `segment` holds the segments of the later day.
    pub fn new(
        movement: &Movement,
        segment: &[u8],
        ways: &[Direction],
        labels: Labels,
        contacts: Contacts,
    ) -> MovementExport {
        let wanted = |&c: &usize| {
            ways.is_empty() || ways.contains(&direction(movement.previous[c], segment[c]))
        };
        let rows = (0..segment.len()).filter(wanted).map(|c| c as u32).collect();
        MovementExport { rows, labels, contacts, next: 0, started: false }
    }

    /// Rows written and rows in all.
    pub fn progress(&self) -> Progress {
        Progress { done: self.next as u64, total: self.rows.len() as u64 }
    }

    /// The next bytes of the file, of at most so many rows (one at least);
    /// `None` after the last.
    pub fn next_chunk(
        &mut self,
        columns: &CustomerColumns<'_>,
        movement: &Movement,
        rows: usize,
    ) -> Option<Vec<u8>> {
        let segment = columns.segment.map_or(&[][..], |segment| segment.of);
        let (orders, customers) = (columns.orders, columns.customers);
        if self.started && self.next == self.rows.len() {
            return None;
        }
        let mut csv = if self.started { Writer::default() } else { self.header() };
        self.started = true;
        let end = self.next.saturating_add(rows.max(1)).min(self.rows.len());
        let id = |index: u8| {
            let id = movement.ids.get(usize::from(index)).map_or("", String::as_str);
            label(&self.labels, id)
        };
        for c in self.rows[self.next..end].iter().map(|&row| row as usize) {
            let way = direction(movement.previous[c], segment[c]);
            self.contacts.name(&mut csv, &self.labels, orders, customers.number[c]);
            csv.text(movement.previous[c].map_or("", id)).text(id(segment[c]));
            csv.text(label(&self.labels, way.code()));
            csv.plain(orders.scale.exact(customers.revenue(c)));
            for score in SCORES {
                csv.number(columns.number(score, c), 0);
            }
            csv.text(&columns.reason(c, &self.labels));
            csv.text(label(&self.labels, &columns.text(CustomerColumn::Method, c)));
            csv.plain(movement.from).plain(movement.to);
            self.contacts.write(&mut csv, columns, c);
            csv.end();
        }
        self.next = end;
        Some(csv.take())
    }

    fn header(&self) -> Writer {
        let mut names = vec![
            "customerId",
            "segmentBefore",
            "segment",
            "direction",
            "revenue",
            "rScore",
            "fScore",
            "mScore",
            "reason",
            "method",
            "from",
            "to",
        ];
        names.extend(self.contacts.with_email.then_some("email"));
        header(&self.labels, &names)
    }
}

/// How many went from which segment into which, one row each, totals included. Counts
/// below `smallest` are `suppressed`, with others from which they could be told.
pub fn matrix_csv(
    movement: &Movement,
    method: &str,
    scale: Scale,
    labels: &Labels,
    smallest: u32,
) -> Vec<u8> {
    let names = [
        "segmentBefore",
        "segment",
        "direction",
        "customers",
        "revenue",
        "method",
        "from",
        "to",
    ];
    let mut csv = header(labels, &names);
    let hidden = hidden(&movement.customers, smallest);
    let decimals = usize::from(scale.0);
    let name = |place: usize| movement.ids.get(place).map_or("", String::as_str);
    let mut line = |names: [&str; 3], count: u32, money: f64, hidden: bool| {
        names.iter().for_each(|text| {
            csv.text(label(labels, text));
        });
        if hidden {
            csv.text(label(labels, "suppressed")).plain("");
        } else {
            csv.plain(count).number(money, decimals);
        }
        csv.text(label(labels, method)).plain(movement.from).plain(movement.to);
        csv.end();
    };
    let (customers, revenue) = (&movement.customers, &movement.revenue);
    for (before, row) in customers.iter().enumerate() {
        for (now, &count) in row.iter().enumerate() {
            let was = movement.ids.get(before).map(|_| before as u8);
            let way = direction(was, now as u8).code();
            let shut = hidden.cells[before][now];
            line([name(before), name(now), way], count, revenue[before][now], shut);
        }
        let money = revenue[before].iter().sum();
        let shut = hidden.rows[before];
        line([name(before), "all", ""], row.iter().sum(), money, shut);
    }
    for (now, id) in movement.ids.iter().enumerate() {
        let count = customers.iter().map(|row| row[now]).sum();
        let money = revenue.iter().map(|row| row[now]).sum();
        line(["all", id, ""], count, money, hidden.columns[now]);
    }
    let count = customers.iter().flatten().sum();
    line(["all", "all", ""], count, revenue.iter().flatten().sum(), false);
    csv.take()
}
