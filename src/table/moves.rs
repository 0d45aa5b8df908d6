//! CSV export of who moved from which segment into which.

use super::csv::Writer;
use super::export::{Labels, label};
use crate::customers::Customers;
use crate::orders::Orders;
use crate::segments::{Direction, Movement, direction};
use crate::task::Progress;

/// An export of moves, written chunk by chunk; what it reads is given with each
/// chunk and must be the same every time.
#[derive(Clone, Debug)]
pub struct MovementExport {
    /// The customers of the later day that are written.
    rows: Vec<u32>,
    labels: Labels,
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
    ) -> MovementExport {
        let wanted = |&c: &usize| {
            ways.is_empty() || ways.contains(&direction(movement.previous[c], segment[c]))
        };
        let rows = (0..segment.len()).filter(wanted).map(|c| c as u32).collect();
        MovementExport { rows, labels, next: 0, started: false }
    }

    /// Rows written and rows in all.
    pub fn progress(&self) -> Progress {
        Progress { done: self.next as u64, total: self.rows.len() as u64 }
    }

    /// The next bytes of the file, of at most so many rows (one at least);
    /// `None` after the last.
    pub fn next_chunk(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        movement: &Movement,
        segment: &[u8],
        rows: usize,
    ) -> Option<Vec<u8>> {
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
            csv.text(&orders.customers.text(customers.number[c]));
            csv.text(movement.previous[c].map_or("", id)).text(id(segment[c]));
            csv.text(label(&self.labels, way.code()));
            csv.plain(orders.scale.exact(customers.revenue(c)));
            csv.plain(movement.from).plain(movement.to);
            csv.end();
        }
        self.next = end;
        Some(csv.take())
    }

    fn header(&self) -> Writer {
        let mut csv = Writer::file();
        for name in [
            "customerId",
            "segmentBefore",
            "segment",
            "direction",
            "revenue",
            "from",
            "to",
        ] {
            csv.text(label(&self.labels, name));
        }
        csv.end();
        csv
    }
}
