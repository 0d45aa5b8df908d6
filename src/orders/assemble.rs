//! Records put in order: by customer, day, second and first row, with the lines
//! of each where a product is mapped.

use super::block::NONE;
use super::records::Records;
use super::{Integers, Lines, Orders};
use crate::money::Scale;
use crate::names::Names;

/// The orders so far, and where each record went.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    /// Orders without attributes and lines.
    pub orders: Orders,
    /// New place of each record.
    pub place: Vec<u32>,
}

/// Sorts the records. `people` and `ids` are the names that the records' numbers
/// stand for.
pub(crate) fn assemble(
    records: &mut Records,
    people: Names,
    ids: Names,
    scale: Scale,
) -> Assembled {
    let (customers, start, order) = sorted(records, people);
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new as u32;
    }
    let has_ids = !ids.is_empty();
    let orders = Orders {
        customers,
        start,
        day: moved(&mut records.day, &order),
        second: moved(&mut records.second, &order),
        is_order: moved(&mut records.is_order, &order),
        gross: moved(&mut records.gross, &order),
        returns: moved(&mut records.returns, &order),
        undated_returns: moved(&mut records.undated, &order),
        row: moved(&mut records.row, &order),
        id: if has_ids { moved(&mut records.order, &order) } else { Vec::new() },
        ids,
        scale,
        attributes: Vec::new(),
        lines: None,
        undated: false,
        summary: None,
        by_phone: false,
    };
    Assembled { orders, place }
}

/// The customers by first appearance, the start of each one's records, and the
/// records in their order.
fn sorted(records: &mut Records, people: Names) -> (Names, Vec<u32>, Vec<u32>) {
    let mut customers: Vec<u32> = Vec::new();
    let mut number = vec![NONE; people.len()];
    let mut count: Vec<u32> = Vec::new();
    let mut guests = 0;
    for &person in &records.person {
        if person == NONE {
            guests += 1;
            continue;
        }
        let number = &mut number[person as usize];
        if *number == NONE {
            *number = customers.len() as u32;
            customers.push(person);
            count.push(0);
        }
        count[*number as usize] += 1;
    }
    count.push(guests);
    let mut start = Vec::with_capacity(count.len() + 1);
    let mut sum = 0;
    for c in &count {
        start.push(sum);
        sum += c;
    }
    start.push(sum);
    let mut next = start.clone();
    let mut order = vec![0; records.len()];
    let last = count.len() - 1;
    for (record, &person) in records.person.iter().enumerate() {
        let customer = match person {
            NONE => last,
            person => number[person as usize] as usize,
        };
        order[next[customer] as usize] = record as u32;
        next[customer] += 1;
    }
    records.person = Vec::new();
    for range in start.windows(2) {
        let of_one = &mut order[range[0] as usize..range[1] as usize];
        of_one.sort_unstable_by_key(|&r| {
            let r = r as usize;
            (records.day[r], records.second[r], records.row[r])
        });
    }
    (chosen(people, &customers), start, order)
}

/// Some names in another order; the same ones if it is all of them in theirs.
fn chosen(names: Names, numbers: &[u32]) -> Names {
    if numbers.len() == names.len() && numbers.is_sorted() {
        return names;
    }
    let mut chosen = Names::new();
    for &number in numbers {
        chosen.intern(names.bytes(number));
    }
    chosen
}

/// A column in the new order; the old one is given back.
fn moved<T: Copy>(column: &mut Vec<T>, order: &[u32]) -> Vec<T> {
    let old = std::mem::take(column);
    if old.is_empty() {
        return old;
    }
    order.iter().map(|&record| old[record as usize]).collect()
}

/// Lines without content, in the order of the records: `record_of` gives the old
/// record of each row, and becomes the line of each row.
pub(crate) fn lines(record_of: &mut [u32], place: &[u32], products: Names) -> Lines {
    let mut start = vec![0_u32; place.len() + 1];
    for &record in record_of.iter().filter(|&&r| r != NONE) {
        start[place[record as usize] as usize + 1] += 1;
    }
    for record in 0..place.len() {
        start[record + 1] += start[record];
    }
    let mut next = start.clone();
    for line in record_of.iter_mut().filter(|r| **r != NONE) {
        let cursor = &mut next[place[*line as usize] as usize];
        *line = *cursor;
        *cursor += 1;
    }
    let count = start[place.len()] as usize;
    Lines {
        start,
        product: vec![NONE; count],
        products,
        quantity: Integers::zeros(count),
        amount: Integers::zeros(count),
        category: None,
    }
}

/// Values by record, each at its record's new place.
pub(crate) fn spread(of: &[u32], place: &[u32]) -> Vec<u32> {
    let mut spread = vec![NONE; place.len()];
    for (&value, &place) in of.iter().zip(place) {
        spread[place as usize] = value;
    }
    spread
}
