//! Orders and histories for the tests of the lifetime models.
#![allow(dead_code)]

use std::path::PathBuf;

use regulars::calendar::{Day, Days};
use regulars::lifetime::{Histories, History};
use regulars::money::Scale;
use regulars::names::Names;
use regulars::orders::{NO_SECOND, Orders};

/// A file of the shared data, or nothing (and a line that says so).
pub fn shared(path: &str) -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for base in ["../shared/data", "../../shared/data"] {
        if let Ok(text) = std::fs::read_to_string(root.join(base).join(path)) {
            return Some(text);
        }
    }
    println!("skipped: ../shared/data is absent");
    None
}

/// Orders from (customer, day, amount in cents); a negative amount is a return.
pub fn orders(rows: &[(&str, i32, i64)]) -> Orders {
    let mut table = Orders { scale: Scale(2), ..Orders::default() };
    let mut sorted: Vec<(u32, i32, usize, i64)> = rows
        .iter()
        .enumerate()
        .map(|(row, &(customer, day, cents))| {
            (table.customers.intern(customer.as_bytes()), day, row, cents)
        })
        .collect();
    sorted.sort_unstable();
    table.start = vec![0];
    for number in 0..table.customers.len() as u32 {
        for &(_, day, row, cents) in sorted.iter().filter(|r| r.0 == number) {
            push(&mut table, day, row as u32 + 1, cents);
        }
        table.start.push(table.day.len() as u32);
    }
    table.start.push(table.day.len() as u32);
    table
}

/// The same for rows that already lie together by customer, in linear time.
pub fn sorted_orders(rows: &[(u32, i32, i64)]) -> Orders {
    let mut table = Orders { scale: Scale(2), start: vec![0], ..Orders::default() };
    let mut names = Names::new();
    for (row, &(customer, day, cents)) in rows.iter().enumerate() {
        if row > 0 && rows[row - 1].0 != customer {
            table.start.push(row as u32);
        }
        names.intern(customer.to_string().as_bytes());
        push(&mut table, day, row as u32 + 1, cents);
    }
    table.start.extend([rows.len() as u32; 2]);
    table.customers = names;
    table
}

fn push(table: &mut Orders, day: i32, row: u32, cents: i64) {
    table.day.push(day);
    table.second.push(NO_SECOND);
    table.is_order.push(cents >= 0);
    table.gross.push(cents.max(0));
    table.returns.push(cents.min(0));
    table.row.push(row);
}

/// The CDNOW sample of 2,357 customers.
pub fn cdnow() -> Option<Orders> {
    let text = shared("cdnow/CDNOW_sample.txt")?;
    let mut rows: Vec<(u32, i32, i64)> = text
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, id, date, _, dollars] = fields[..] else { return None };
            let iso = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
            let cents = (dollars.parse::<f64>().unwrap() * 100.0).round() as i64;
            Some((id.parse().unwrap(), Day::parse(&iso).unwrap().0, cents))
        })
        .collect();
    rows.sort_by_key(|r| (r.0, r.1));
    Some(sorted_orders(&rows))
}

/// The histories of a table of frequency, recency and age in whole days.
pub fn histories(rows: &[(u32, u32, u32)]) -> Histories {
    let mut histories = Histories::default();
    for &(x, recency, age) in rows {
        histories.push(History::new(x, Days(recency), Days(age)).unwrap());
    }
    histories
}
