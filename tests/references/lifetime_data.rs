//! Orders and histories for the tests of the lifetime models.
#![allow(dead_code)]

use std::path::PathBuf;

use regulars::calendar::{Day, Days};
use regulars::lifetime::random::Random;
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
    eprintln!("skipped: ../shared/data is absent");
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
    Some(cdnow_rows(&shared("cdnow/CDNOW_sample.txt")?, 5))
}

/// All 23,570 customers of CDNOW.
pub fn cdnow_master() -> Option<Orders> {
    Some(cdnow_rows(&shared("cdnow/CDNOW_master.txt")?, 4))
}

/// Rows of so many fields that end with id, date, CDs and dollars.
fn cdnow_rows(text: &str, width: usize) -> Orders {
    let mut rows: Vec<(u32, i32, i64)> = text
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            if fields.len() != width || fields[0].parse::<u32>().is_err() {
                return None;
            }
            let [id, date, _, dollars] = fields[width - 4..] else { return None };
            let iso = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
            let cents = (dollars.parse::<f64>().unwrap() * 100.0).round() as i64;
            Some((id.parse().unwrap(), Day::parse(&iso).unwrap().0, cents))
        })
        .collect();
    rows.sort_by_key(|r| (r.0, r.1));
    sorted_orders(&rows)
}

/// The histories of a table of frequency, recency and age in whole days.
pub fn histories(rows: &[(u32, u32, u32)]) -> Histories {
    let mut histories = Histories::default();
    for &(x, recency, age) in rows {
        histories.push(History::new(x, Days(recency), Days(age)).unwrap());
    }
    histories
}

/// The laws by which customers may be simulated, independently of the likelihoods
/// under test. Times are in weeks.
#[derive(Clone, Copy, Debug)]
pub enum Law {
    /// r, alpha, a, b; whether the first order may be the last; phases an order.
    Geometric([f64; 4], bool, u32),
    /// r, alpha, s, beta.
    Pareto([f64; 4]),
}

/// The days of one simulated customer's orders, the first on day 0.
pub fn live(law: Law, days: u32, random: &mut Random) -> Vec<u32> {
    let mut found = vec![0];
    let end = f64::from(days + 1) / 7.0;
    let (rate, chance, leaves, phases, first) = match law {
        Law::Geometric([r, alpha, a, b], modified, phases) => {
            let rate = random.gamma(r) / alpha;
            (rate, random.beta(a, b), f64::INFINITY, phases, modified)
        }
        Law::Pareto([r, alpha, s, beta]) => {
            let rate = random.gamma(r) / alpha;
            let leaving = random.gamma(s) / beta;
            (rate, 0.0, random.exponential() / leaving, 1, false)
        }
    };
    if first && random.uniform() < chance {
        return found;
    }
    let mut at = 0.0;
    loop {
        for _ in 0..phases {
            at += random.exponential() / rate;
        }
        if at >= end.min(leaves) {
            return found;
        }
        let day = (at * 7.0) as u32;
        if found.last() != Some(&day) {
            found.push(day);
        }
        if random.uniform() < chance {
            return found;
        }
    }
}

/// The orders of a simulated shop of so many customers who come in over the first
/// half of `days`; every order is worth around 30.
pub fn simulated_shop(law: Law, customers: u32, days: u32, seed: u64) -> Orders {
    let mut random = Random::new(seed);
    let mut rows = Vec::new();
    for customer in 0..customers {
        let born = (random.uniform() * f64::from(days / 2)) as u32;
        let own = random.gamma(5.0) * 6.0;
        for day in live(law, days - born, &mut random) {
            let cents = (random.gamma(4.0) * own / 4.0 * 100.0) as i64 + 1;
            rows.push((customer, (born + day) as i32, cents));
        }
    }
    sorted_orders(&rows)
}

/// Histories of so many simulated customers of ages up to `days`.
pub fn simulated_histories(
    law: Law,
    customers: u32,
    days: u32,
    random: &mut Random,
) -> Histories {
    let mut histories = Histories::default();
    for _ in 0..customers {
        let age = days / 2 + (random.uniform() * f64::from(days / 2)) as u32;
        let lived = live(law, age, random);
        for pair in lived.windows(2) {
            histories.count_gap((pair[1] - pair[0]) as usize);
        }
        let last = *lived.last().unwrap();
        let history = History::new(lived.len() as u32 - 1, Days(last), Days(age));
        histories.push(history.unwrap());
    }
    histories
}
