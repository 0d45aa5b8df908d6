//! A column of the customer table cut into the rows or columns of a pivot.

use super::Unit;
use super::header::{Header, Lead, LeadTest};
use crate::calendar::Day;
use crate::rfm::Ranked;
use crate::sort::Order;
use crate::table::column::{CustomerColumn, CustomerColumns, Kind};

/// Values of a text column that stand for themselves; the rest is `other`.
const VALUES: usize = 20;
/// Whole numbers with at most so many different values stand for themselves.
const FEW: usize = 12;
/// Groups that other numbers are cut into, of equal size but for ties.
const PARTS: u32 = 5;

/// A column cut into the groups of a dimension.
pub(super) struct Dimension {
    pub headers: Vec<Header>,
    pub of: Vec<u32>,
}

/// Cuts a column into groups.
pub(super) fn dimension(
    columns: &CustomerColumns<'_>,
    column: CustomerColumn,
    unit: Unit,
) -> Dimension {
    let count = columns.customers.len();
    let numbers: Vec<f64> = (0..count).map(|c| columns.number(column, c)).collect();
    let keys: Vec<i64> = match column.kind() {
        Kind::Day => numbers.iter().map(|&day| period(day, unit)).collect(),
        // Six decimals tell all figures apart that a reader could.
        Kind::Number => numbers.iter().map(|&v| key((v * 1e6).round())).collect(),
        Kind::Money | Kind::Value => {
            let units = columns.orders.scale.units() as f64;
            numbers.iter().map(|&v| key((v * units).round())).collect()
        }
        Kind::Text | Kind::Integer => numbers.iter().map(|&v| key(v)).collect(),
    };
    let ranked = Ranked::new(&keys);
    let mut group: Vec<u32> = Vec::with_capacity(ranked.distinct.len());
    let mut headers: Vec<Header> = Vec::new();
    let first = |rank: usize| ranked.order[ranked.below[rank] as usize] as usize;
    let lead = |test: LeadTest| Some(Lead { column: column.name(), test });
    let none = |customers: u32| Header {
        label: "none".to_owned(),
        range: None,
        filter: lead(LeadTest::Missing),
        customers,
    };
    let by_value = matches!(column.kind(), Kind::Text)
        || column.kind() == Kind::Integer && ranked.distinct.len() <= FEW;
    if by_value {
        let named = columns.groups(column).is_some() || column.kind() == Kind::Integer;
        let mut ranks: Vec<usize> = (0..ranked.distinct.len()).collect();
        if !named {
            // Most frequent first, ties by text.
            let key = |&rank: &usize| {
                let text = columns.text(column, first(rank)).into_owned();
                (std::cmp::Reverse(ranked.count(rank)), text, rank)
            };
            let mut keyed: Vec<_> = ranks.iter().map(key).collect();
            keyed.order();
            ranks = keyed.into_iter().map(|(_, _, rank)| rank).collect();
        }
        group = vec![u32::MAX; ranks.len()];
        let mut other = 0;
        for rank in ranks {
            let customers = ranked.count(rank);
            if ranked.distinct[rank] == i64::MAX {
                group[rank] = headers.len() as u32;
                headers.push(none(customers));
                continue;
            }
            if !named && headers.len() >= VALUES {
                other += customers;
                continue;
            }
            let text = columns.text(column, first(rank)).into_owned();
            let number = ranked.distinct[rank] as f64;
            let (label, test) = if column.kind() == Kind::Integer {
                (number.to_string(), LeadTest::Number(number))
            } else {
                (text.clone(), LeadTest::Text(text))
            };
            group[rank] = headers.len() as u32;
            headers.push(Header { label, range: None, filter: lead(test), customers });
        }
        if other > 0 {
            let last = headers.len() as u32;
            group.iter_mut().filter(|g| **g == u32::MAX).for_each(|g| *g = last);
            let label = "other".to_owned();
            headers.push(Header { label, range: None, filter: None, customers: other });
        }
    } else {
        let known = ranked.distinct.partition_point(|&value| value < i64::MAX);
        let all = ranked.below.get(known).copied().unwrap_or(count as u32);
        let mut part_of = u32::MAX;
        let mut begins = Vec::new();
        for rank in 0..ranked.distinct.len() {
            if rank >= known {
                group.push(headers.len() as u32);
                headers.push(none(ranked.count(rank)));
                continue;
            }
            let part = match column.kind() {
                Kind::Day => rank as u32,
                _ => PARTS * ranked.below[rank] / all.max(1),
            };
            if part != part_of {
                part_of = part;
                begins.push(rank);
                let label = String::new();
                headers.push(Header { label, range: None, filter: None, customers: 0 });
            }
            let last = headers.len() - 1;
            headers[last].customers += ranked.count(rank);
            group.push(last as u32);
        }
        for (place, &begin) in begins.iter().enumerate() {
            let end = begins.get(place + 1).copied().unwrap_or(known) - 1;
            let value = |rank: usize| numbers[first(rank)];
            let (label, test) = if column.kind() == Kind::Day {
                let (name, from, to) = named_period(numbers[first(begin)], unit);
                (name, LeadTest::Days(from, to))
            } else {
                // The largest within a group of equal keys, and the smallest.
                let low = least(&ranked, &numbers, begin, f64::min);
                let high = least(&ranked, &numbers, end, f64::max);
                let label = format!("{}–{}", short(value(begin)), short(value(end)));
                headers[place].range = Some((low, high));
                (label, LeadTest::Range(low, high))
            };
            (headers[place].label, headers[place].filter) = (label, lead(test));
        }
    }
    let of = ranked.rank.iter().map(|&rank| group[rank as usize]).collect();
    Dimension { headers, of }
}

/// The outermost of the values that share a key.
fn least(
    ranked: &Ranked,
    numbers: &[f64],
    rank: usize,
    pick: fn(f64, f64) -> f64,
) -> f64 {
    let from = ranked.below[rank] as usize;
    let to = from + ranked.count(rank) as usize;
    let values = ranked.order[from..to].iter().map(|&c| numbers[c as usize]);
    values.reduce(pick).unwrap_or(f64::NAN)
}

/// A figure of at most three digits or without decimals.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 1.0 {
        format!("{}", (value * 10.0).round() / 10.0)
    } else {
        format!("{}", (value * 1_000.0).round() / 1_000.0)
    }
}

fn key(value: f64) -> i64 {
    if value.is_nan() { i64::MAX } else { value as i64 }
}

/// A number that the days of one period share, rising with time.
fn period(day: f64, unit: Unit) -> i64 {
    if day.is_nan() {
        return i64::MAX;
    }
    let date = Day(day as i32).civil();
    let (year, month) = (i64::from(date.year()), i64::from(date.month()) - 1);
    match unit {
        Unit::Month => year * 12 + month,
        Unit::Quarter => year * 4 + month / 3,
        Unit::Year => year,
    }
}

/// Name, first and last day of the period that a day lies in.
fn named_period(day: f64, unit: Unit) -> (String, Day, Day) {
    let date = Day(day as i32).civil();
    let (year, month) = (date.year(), date.month());
    let months: i8 = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
    };
    let first = (month - 1) / months * months + 1;
    let name = match unit {
        Unit::Month => format!("{year}-{month:02}"),
        Unit::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        Unit::Year => year.to_string(),
    };
    let begin =
        |year: i16, month: i8| Day::from_ymd(year, month, 1).unwrap_or(Day(day as i32));
    let (next_year, next) =
        if first + months > 12 { (year + 1, 1) } else { (year, first + months) };
    (name, begin(year, first), begin(next_year, next).plus(-1))
}
