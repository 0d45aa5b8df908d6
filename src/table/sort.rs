//! Sorting customers by one column: ties by first appearance, blanks last.

use super::column::{CustomerColumn, CustomerColumns};
use crate::sort::Order;

/// Sorts rows, which come in order of first appearance, and keeps the first
/// `keep` of them.
///
/// Rows without a value come last in either direction; equal ones stay in the
/// order of first appearance. Segments sort by rank (best first), texts by code
/// point, ids of digits by their number before all others. Linear in the rows
/// plus a sort of those kept.
pub fn sort(
    columns: &CustomerColumns<'_>,
    rows: &mut Vec<u32>,
    by: CustomerColumn,
    descending: bool,
    keep: usize,
) {
    if by == CustomerColumn::CustomerId {
        return sort_by_id(columns, rows, descending, keep);
    }
    let ranks = by.role().is_some().then(|| value_ranks(columns, by));
    let mut keyed: Vec<(u64, u32)> = rows
        .iter()
        .map(|&row| {
            let number = columns.number(by, row as usize);
            let number = match &ranks {
                Some(ranks) if !number.is_nan() => f64::from(ranks[number as usize]),
                _ => number,
            };
            let key = if number.is_nan() {
                u64::MAX
            } else if descending {
                u64::MAX - 1 - ordered(number)
            } else {
                ordered(number)
            };
            (key, row)
        })
        .collect();
    if keep < keyed.len() {
        keyed.select_nth_unstable(keep);
        keyed.truncate(keep);
    }
    keyed.sort_unstable();
    rows.clear();
    rows.extend(keyed.iter().map(|&(_, row)| row));
}

/// A number that lies as the given one does among all numbers, below `u64::MAX - 1`.
fn ordered(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    // Negative numbers run backwards in their bits. The largest pattern left is
    // that of infinity, so that the ends stay free.
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The place of each value of an attribute among all, by code point.
fn value_ranks(columns: &CustomerColumns<'_>, by: CustomerColumn) -> Vec<u32> {
    let Some(attribute) = columns.attribute(by) else { return Vec::new() };
    let mut sorted: Vec<u32> = (0..attribute.values.len() as u32).collect();
    sorted.order_by_key(|&value| attribute.values.bytes(value));
    let mut ranks = vec![0; sorted.len()];
    for (rank, &value) in sorted.iter().enumerate() {
        ranks[value as usize] = rank as u32;
    }
    ranks
}

/// The head of an id: the number of its digits, or its first bytes behind all
/// numbers. Equal heads are told apart by all bytes.
fn head(id: &[u8]) -> u64 {
    if (1..=18).contains(&id.len()) && id.iter().all(u8::is_ascii_digit) {
        return id.iter().fold(0, |number, &b| number * 10 + u64::from(b - b'0'));
    }
    let mut first = [0; 8];
    let length = id.len().min(8);
    first[..length].copy_from_slice(&id[..length]);
    1 << 63 | u64::from_be_bytes(first) >> 1
}

fn sort_by_id(
    columns: &CustomerColumns<'_>,
    rows: &mut Vec<u32>,
    descending: bool,
    keep: usize,
) {
    let id =
        |row: u32| columns.orders.customers.bytes(columns.customers.number[row as usize]);
    let key = |row: u32| if descending { !head(id(row)) } else { head(id(row)) };
    let mut keyed: Vec<(u64, u32)> = rows.iter().map(|&row| (key(row), row)).collect();
    if keep < keyed.len() {
        // All heads equal to that of the last one kept stay until they are told apart.
        let edge = keyed.select_nth_unstable(keep).1.0;
        keyed.retain(|&(key, _)| key <= edge);
    }
    keyed.sort_unstable();
    for same in keyed.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        same.order_by(|a, b| {
            let order = id(a.1).cmp(id(b.1));
            if descending { order.reverse() } else { order }
        });
    }
    rows.clear();
    rows.extend(keyed.iter().take(keep).map(|&(_, row)| row));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordered_keys_lie_as_their_numbers_do() {
        let numbers = [f64::NEG_INFINITY, -2.0, -1e-9, 0.0, 1e-9, 2.0, f64::INFINITY];
        let keys = numbers.map(ordered);
        assert!(keys.is_sorted() && keys[0] < keys[1]);
        assert_eq!(ordered(-0.0), ordered(0.0));
        assert!(ordered(f64::INFINITY) < u64::MAX - 1);
    }

    #[test]
    fn ids_of_digits_lie_by_number_before_all_others() {
        let mut ids: [&[u8]; 4] = [b"ann", b"10", b"9", b"1234567890123456789"];
        ids.sort_by_key(|id| head(id));
        assert_eq!(ids, [&b"9"[..], b"10", b"1234567890123456789", b"ann"]);
    }
}
