//! The win-back plan as a list to work from: whom to contact, why, with what,
//! who sees to it, until when, and who is kept aside to measure by.

use super::column::CustomerColumns;
use super::csv::Writer;
use super::export::{Labels, header, label};
use super::layouts::Contacts;
use crate::task::Progress;
use crate::winback::saved::COLUMNS;
use crate::winback::{Place, Winback, kinds};

/// What those who are kept aside are to be spared.
const KEPT_ASIDE: &str = "held-out";

/// The list, written chunk by chunk, best gain first.
#[derive(Clone, Debug)]
pub struct PlanExport {
    labels: Labels,
    /// The reason of each row in words, in the order of the plan; codes where
    /// there is none.
    reasons: Vec<String>,
    /// Who may be named by an address.
    contacts: Contacts,
    next: usize,
    rows: usize,
    started: bool,
}

impl PlanExport {
    /// Starts the list of a plan. `reasons` are those of
    /// [`Winback::order`], in words. Nobody is in a plan who did not consent; the
    /// e-mail addresses of those who are kept aside are left out.
    pub fn new(
        plan: &Winback,
        reasons: Vec<String>,
        labels: Labels,
        contacts: Contacts,
    ) -> PlanExport {
        let (next, started) = (0, false);
        PlanExport { labels, reasons, contacts, next, rows: plan.order.len(), started }
    }

    /// Rows written and rows in all.
    pub fn progress(&self) -> Progress {
        Progress { done: self.next as u64, total: self.rows as u64 }
    }

    /// The next bytes of the file, of at most so many rows (one at least);
    /// `None` after the last. Columns and plan must be the same every time.
    pub fn next_chunk(
        &mut self,
        columns: &CustomerColumns<'_>,
        plan: &Winback,
        rows: usize,
    ) -> Option<Vec<u8>> {
        if self.started && self.next >= self.rows {
            return None;
        }
        let mut names = COLUMNS.to_vec();
        names.extend(self.contacts.with_email.then_some("email"));
        let mut csv =
            if self.started { Writer::default() } else { header(&self.labels, &names) };
        self.started = true;
        let end = self.next.saturating_add(rows.max(1)).min(self.rows);
        for row in self.next..end {
            self.row(&mut csv, columns, plan, row);
        }
        self.next = end;
        Some(csv.take())
    }

    fn row(
        &self,
        csv: &mut Writer,
        columns: &CustomerColumns<'_>,
        plan: &Winback,
        row: usize,
    ) {
        let c = plan.order[row] as usize;
        let say = |kind: &str, code: &str| {
            let named = self.labels.get(&format!("{kind}.{code}"));
            named.cloned().unwrap_or_else(|| code.to_owned())
        };
        let (customers, options) = (columns.customers, &plan.result.options);
        let action = kinds::action(plan.churn_type[c], plan.tier[c]);
        let kept_aside = plan.place[c] == Place::HeldOut;
        let effort = if kept_aside { KEPT_ASIDE } else { action.effort };
        let (offer, owner) =
            if kept_aside { ("none", "nobody") } else { (action.offer, action.owner) };
        let segment = columns.segment.and_then(|s| s.ids.get(usize::from(s.of[c])));
        let segment = segment.map_or("", String::as_str);
        csv.text(&columns.orders.customers.text(customers.number[c]));
        csv.text(plan.place[c].code());
        csv.text(&say("effort", effort)).text(&say("offer", offer));
        csv.text(&say("owner", owner));
        csv.text(self.reasons.get(row).map_or("", String::as_str));
        csv.plain(plan.measure_by).plain(plan.window[c].1);
        csv.number(plan.gain[c], 2).number(plan.value_at_stake[c], 2);
        let probability = columns.churn.map_or(f64::NAN, |p| p[c]);
        csv.number(probability, 4).plain(customers.recency_days(c));
        csv.plain(crate::calendar::Day(customers.last_day[c]));
        csv.text(label(&self.labels, segment));
        csv.text(&say("tier", plan.tier[c].code()));
        csv.text(&say("churn-type", plan.churn_type[c].code()));
        csv.plain(customers.as_of).plain(options.cost_per_contact);
        csv.plain(options.margin);
        if !kept_aside {
            self.contacts.write(csv, columns, c);
        } else if self.contacts.with_email {
            csv.plain("");
        }
        csv.end();
    }
}
