//! RFM of Online Retail against counts made here in plain Rust from the file.

use std::collections::BTreeMap;

use regulars::customers::customers;
use regulars::rfm::{RfmOptions, rfm};

use crate::common::orders;
use crate::online_retail::records;

/// The rules of the eleven segments, cell by cell, as the reference lists them.
const CELLS: [(&str, &str); 11] = [
    ("champions", "555 554 544 545 454 455 445"),
    ("loyal", "543 444 435 355 354 345 344 335"),
    (
        "potential-loyalist",
        "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
    ),
    ("new", "512 511 422 421 412 411 311"),
    ("promising", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"),
    ("need-attention", "535 534 443 434 343 334 325 324"),
    ("about-to-sleep", "331 321 312 221 213 231 241 251"),
    (
        "at-risk",
        "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
    ),
    ("cannot-lose-them", "155 154 144 214 215 115 114 113"),
    ("hibernating", "332 322 233 232 223 222 132 123 122 212 211"),
    ("lost", "111 112 121 131 141 151"),
];

/// 1 + floor(5 x (strictly worse) / (all)), straight from the definition over
/// sorted goodness values.
fn scores(goodness: &[i64]) -> Vec<u64> {
    let mut sorted = goodness.to_vec();
    sorted.sort_unstable();
    let worse = |v: i64| sorted.partition_point(|&other| other < v) as u64;
    goodness.iter().map(|&v| 1 + 5 * worse(v) / goodness.len() as u64).collect()
}

#[test]
fn online_retail_scores_and_segments_equal_an_independent_count() {
    let Some(records) = records() else { return };
    let records: Vec<_> = records.into_iter().filter(|r| r.customer.is_some()).collect();
    // Independent: a map from customer to (last order day, orders, net).
    let mut people: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for record in &records {
        let person =
            people.entry(record.customer.as_deref().unwrap()).or_insert((i64::MIN, 0, 0));
        if record.gross > 0 {
            person.0 = person.0.max(i64::from(record.day));
            person.1 += 1;
        }
        person.2 += record.gross + record.returns;
    }
    let buyers: Vec<(&str, (i64, i64, i64))> =
        people.iter().filter(|(_, p)| p.1 > 0).map(|(&name, &p)| (name, p)).collect();
    assert_eq!(buyers.len(), 4338);
    let column = |f: fn(&(i64, i64, i64)) -> i64| -> Vec<i64> {
        buyers.iter().map(|(_, p)| f(p)).collect()
    };
    let (r, f, m) =
        (scores(&column(|p| p.0)), scores(&column(|p| p.1)), scores(&column(|p| p.2)));
    let mut expected: BTreeMap<&str, (u32, i64)> = BTreeMap::new();
    let mut each: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, (name, person)) in buyers.iter().enumerate() {
        let cell = format!("{}{}{}", r[i], f[i], m[i]);
        let (id, _) =
            CELLS.iter().find(|(_, cells)| cells.split(' ').any(|c| c == cell)).unwrap();
        let sum = expected.entry(id).or_default();
        *sum = (sum.0 + 1, sum.1 + person.2);
        each.insert(name, id);
    }

    let orders = orders(&records, 3);
    let customers = customers(&orders, orders.last_day().unwrap().plus(1));
    let found = rfm(&orders, &customers, &RfmOptions::default()).unwrap();
    assert_eq!(found.result.bin_sizes.orders, [1493, 835, 508, 802, 700]);
    for segment in &found.result.segments {
        let (count, money) =
            expected.get(segment.id.as_str()).copied().unwrap_or_default();
        assert_eq!(segment.customers, count, "{}", segment.id);
        assert_eq!(segment.exact_revenue, orders.scale.exact(money), "{}", segment.id);
    }
    for c in 0..customers.len() {
        let name = orders.customers.text(customers.number[c]);
        assert_eq!(
            found.ids[usize::from(found.segment[c])],
            each[name.as_ref()],
            "{name}"
        );
    }
    // All buyers' net, as recorded in the data's facts.
    let net: i64 = (0..customers.len()).map(|c| customers.revenue(c)).sum();
    assert_eq!(orders.scale.exact(net), "8310477.054");
}
