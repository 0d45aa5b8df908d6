//! What cells look like, and the roles that looks alone can tell.

use super::consent::{Consent, reading};
use super::propose::Proposal;
use super::{MappingEntry, Role};
use crate::columns::{Evidence, date, number};
use crate::orders::{Class, Style};

/// What the cells of a column look like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Cells with a value.
    pub filled: u64,
    /// Distinct values among those that were looked at, within some percent.
    pub distinct: u64,
    /// How many were looked at.
    pub seen: u64,
    /// Nearly all cells are numbers.
    pub is_number: bool,
    /// Cells can be read as dates.
    pub can_be_date: bool,
    /// Cells are written as dates, with marks, or as `YYYYMMDD`.
    pub is_date: bool,
    /// Cells are e-mail addresses.
    pub is_email: bool,
    /// Long texts with blanks.
    pub is_prose: bool,
    /// Some numbers have decimals.
    pub has_decimals: bool,
    /// Some numbers are below zero.
    pub has_negatives: bool,
    /// Whole numbers from 0 to 10, all or nearly all of them used.
    pub is_score: bool,
    /// Numbers with leading zeros, or letters and digits mixed: names of things.
    pub is_id: bool,
    /// Sum over count of the numbers.
    pub mean: f64,
    /// A few words, all of them known states of orders.
    pub is_status: bool,
    /// A few words, half of them a known yes or no, or numbers that all are.
    pub is_consent: bool,
    /// Whether the column is stored; unknown columns count as stored.
    pub kept: bool,
}

impl Shape {
    /// The shape of a column, from all its evidence.
    pub fn of(evidence: &Evidence, kept: bool) -> Shape {
        let filled = evidence.filled();
        let convention = match number::decide(&evidence.numbers) {
            crate::columns::Decision::Decided(convention) => convention,
            crate::columns::Decision::Open(readings) => {
                readings.first().copied().unwrap_or(number::Convention::Point)
            }
            crate::columns::Decision::None => number::Convention::Point,
        };
        let total = evidence.numbers.total(convention);
        let samples = &evidence.text.samples;
        let seen = filled.min(evidence.examined).max(1);
        let share = |part: u64| (part as f64 / seen as f64).min(1.0);
        let compact = !samples.is_empty() && samples.iter().all(|s| is_compact_day(s));
        let is_number = evidence.number_share() > 0.95;
        let units = 10_f64.powi(i32::from(total.scale));
        let mean = if total.cells == 0 {
            0.0
        } else {
            total.sum as f64 / units / total.cells as f64
        };
        let distinct = evidence.text.distinct;
        let leading_zeros = share(evidence.text.all_digits) == 1.0
            && samples.iter().any(|s| s.len() > 2 && s.starts_with('0'));
        let mixed = samples
            .iter()
            .all(|s| !s.contains(' ') && s.bytes().any(|b| b.is_ascii_digit()));
        let consents = samples.iter().filter(|s| reading(s) != Consent::Unknown).count();
        Shape {
            filled,
            distinct,
            seen,
            is_number,
            can_be_date: !matches!(
                date::decide(&evidence.dates),
                crate::columns::Decision::None
            ),
            is_date: evidence.date_share() > 0.8 || compact,
            is_email: share(evidence.text.emails) > 0.8,
            is_prose: !is_number
                && samples.iter().filter(|s| s.split_whitespace().count() > 3).count()
                    * 2
                    > samples.len(),
            has_decimals: total.scale > 0,
            has_negatives: total.negative > 0,
            is_score: is_number
                && total.scale == 0
                && total.negative == 0
                && (9..=11).contains(&distinct)
                && samples.iter().all(|s| s.parse::<u32>().is_ok_and(|n| n <= 10)),
            is_id: filled > 0 && (leading_zeros || !is_number && mixed),
            mean,
            is_status: !samples.is_empty()
                && distinct <= 20
                && !is_number
                && samples.iter().all(|s| Style::Words.class(s) > Class::Unknown),
            is_consent: distinct <= 12
                && consents > 0
                && consents * if is_number { 1 } else { 2 } >= samples.len(),
            kept,
        }
    }

    /// Whether the cells can fill a role. An empty column can fill any.
    pub fn fits(&self, role: Role) -> bool {
        if !self.kept {
            return false;
        }
        if self.filled == 0 {
            return true;
        }
        match role {
            Role::FirstOrder | Role::LastOrder => self.is_date,
            role if role.is_date() => self.can_be_date,
            Role::Email => self.is_email || !self.is_number,
            // Addresses are as many as customers; regions are few.
            Role::Country => !self.is_prose && self.distinct <= 1000,
            role if role.is_number() => self.is_number || self.number_like(),
            _ => true,
        }
    }

    fn number_like(&self) -> bool {
        !self.is_email && !self.is_date && !self.is_prose && !self.is_id
    }
}

/// Whether a text is a day written as `YYYYMMDD`.
fn is_compact_day(text: &str) -> bool {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| {
        text.get(range).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0)
    };
    digits
        && (1900..2100).contains(&part(0..4))
        && (1..=12).contains(&part(4..6))
        && (1..=31).contains(&part(6..8))
}

/// Fills the roles without which there are no orders from what the cells look
/// like, with columns that have no role yet.
pub(crate) fn fill(proposal: &mut Proposal, named: bool, shapes: &[Shape], sure: f64) {
    let free = |proposal: &Proposal, role: Role, fits: &dyn Fn(&Shape) -> bool| {
        let taken = proposal.mapping.iter().any(|e| e.role == role);
        let mut columns = Vec::new();
        if !taken {
            columns.extend((0..shapes.len()).filter(|&c| {
                proposal.confidence[c] == 0.0 && shapes[c].kept && fits(&shapes[c])
            }));
        }
        columns
    };
    let has =
        |proposal: &Proposal, role: Role| proposal.mapping.iter().any(|e| e.role == role);
    let put = |proposal: &mut Proposal, role: Role, column: usize| {
        proposal.mapping.push(MappingEntry::new(role, vec![column]));
        proposal.confidence[column] = sure;
    };
    if proposal.not_dates.is_none()
        && let Some(&column) =
            free(proposal, Role::OrderDate, &|s| s.filled > 0 && s.is_date).first()
    {
        put(proposal, Role::OrderDate, column);
    }
    if let Some(&column) = free(proposal, Role::Email, &|s| s.is_email).first() {
        put(proposal, Role::Email, column);
    }
    if !has(proposal, Role::UnitPrice) {
        let money = free(proposal, Role::Amount, &|s| {
            s.is_number && s.has_decimals && !s.is_date && s.mean != 0.0
        });
        let largest = money
            .into_iter()
            .max_by(|&a, &b| shapes[a].mean.total_cmp(&shapes[b].mean).then(b.cmp(&a)));
        if let Some(column) = largest {
            put(proposal, Role::Amount, column);
        }
    }
    if proposal.platform.is_none()
        && let Some(&column) = free(proposal, Role::Status, &|s| s.is_status).first()
    {
        put(proposal, Role::Status, column);
    }
    if named {
        return;
    }
    let small = |s: &Shape| {
        s.is_number
            && !s.has_decimals
            && !s.is_id
            && !s.is_date
            && s.mean.abs() < 1000.0
            && s.distinct * 4 < s.seen
    };
    if let Some(&column) = free(proposal, Role::Quantity, &small).first() {
        put(proposal, Role::Quantity, column);
        multiply_where_only_pieces_are_negative(proposal, column, shapes);
    }
    let ids = |s: &Shape| s.filled > 0 && !s.is_date && !s.is_prose && !s.has_decimals;
    if has(proposal, Role::Email) {
        return;
    }
    let mut columns = free(proposal, Role::CustomerId, &ids);
    columns.retain(|&c| shapes[c].is_id || shapes[c].is_number);
    // Counts of distinct values may be a few percent off: fewer is a tenth fewer.
    let fewer = |a: usize, b: usize| shapes[a].distinct * 11 < shapes[b].distinct * 10;
    let better = |a: usize, b: usize| match (shapes[a].is_number, shapes[b].is_number) {
        (true, false) => true,
        (false, true) => false,
        _ => fewer(a, b),
    };
    let best = columns.iter().copied().reduce(|a, b| if better(b, a) { b } else { a });
    let Some(customer) = best else { return };
    put(proposal, Role::CustomerId, customer);
    if let Some(&order) = columns.iter().find(|&&c| fewer(customer, c)) {
        put(proposal, Role::OrderId, order);
    }
}

/// Where pieces are negative and money never is, the money is a price a piece.
fn multiply_where_only_pieces_are_negative(
    proposal: &mut Proposal,
    quantity: usize,
    shapes: &[Shape],
) {
    let Some(entry) = proposal.mapping.iter_mut().find(|e| e.role == Role::Amount) else {
        return;
    };
    let signed = entry.columns.iter().any(|&c| shapes[c].has_negatives);
    if shapes[quantity].has_negatives && !signed {
        entry.role = Role::UnitPrice;
    }
}
