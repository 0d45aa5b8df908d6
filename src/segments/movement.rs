//! Movement between two days: who came from which segment into which.

use serde::Serialize;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::money::Scale;

/// The segments of all customers as of one day.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The customers as of the day.
    pub customers: &'a Customers,
    /// Index of each customer's segment, best first.
    pub segment: &'a [u8],
}

/// Which way a customer has moved, by the place of the segments in their list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To a segment further ahead.
    Rose,
    /// To one further behind.
    Fell,
    /// Nowhere.
    Stayed,
    /// Into the shop: no order up to the earlier day.
    Arrived,
}

impl Direction {
    /// The code, for exports and messages.
    pub fn code(self) -> &'static str {
        match self {
            Direction::Rose => "rose",
            Direction::Fell => "fell",
            Direction::Stayed => "stayed",
            Direction::Arrived => "arrived",
        }
    }
}

/// All moves between two days. Nobody leaves: whoever had ordered by the
/// earlier day has ordered by the later one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    /// The earlier day.
    pub from: Day,
    /// The later day.
    pub to: Day,
    /// Ids of the segments, best first.
    pub ids: Vec<String>,
    /// Customers by segment on the earlier day and on the later one; the last
    /// row holds those who were no customers yet.
    pub customers: Vec<Vec<u32>>,
    /// Net revenue between the two days of the same customers.
    pub revenue: Vec<Vec<f64>>,
    /// How many went which way.
    pub rose: Moved,
    /// How many fell.
    pub fell: Moved,
    /// How many stayed.
    pub stayed: Moved,
    /// How many arrived.
    pub arrived: Moved,
    /// The segment on the earlier day of each customer of the later one.
    #[serde(skip)]
    pub previous: Vec<Option<u8>>,
}

/// The customers that went one way.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// How many.
    pub customers: u32,
    /// Their net revenue between the two days.
    pub revenue: f64,
    /// The same, exact.
    pub exact_revenue: String,
}

/// The way from one segment to another.
pub fn direction(previous: Option<u8>, now: u8) -> Direction {
    match previous {
        None => Direction::Arrived,
        Some(previous) => match now.cmp(&previous) {
            std::cmp::Ordering::Less => Direction::Rose,
            std::cmp::Ordering::Greater => Direction::Fell,
            std::cmp::Ordering::Equal => Direction::Stayed,
        },
    }
}

/// Compares the segments of the same shop on two days. Linear.
///
/// # Errors
/// `movement-days` when the first day is not before the second.
pub fn movement(
    before: Standing<'_>,
    after: Standing<'_>,
    ids: &[String],
    scale: Scale,
) -> Result<Movement> {
    let (from, to) = (before.customers.as_of, after.customers.as_of);
    if from >= to {
        return Err(Error::new("movement-days").with("from", from).with("to", to));
    }
    let count = ids.len();
    let mut customers = vec![vec![0_u32; count]; count + 1];
    let mut money = vec![vec![0_i64; count]; count + 1];
    let mut ways = [(0_u32, 0_i64); 4];
    let mut previous = Vec::with_capacity(after.customers.len());
    let mut earlier = 0;
    for (c, &number) in after.customers.number.iter().enumerate() {
        // Both lists of customers rise by number.
        let was = before.customers.number.get(earlier) == Some(&number);
        let (segment, paid) = if was {
            (Some(before.segment[earlier]), before.customers.revenue(earlier))
        } else {
            (None, 0)
        };
        earlier += usize::from(was);
        let now = after.segment[c];
        let spent = after.customers.revenue(c) - paid;
        let row = segment.map_or(count, usize::from);
        customers[row][usize::from(now)] += 1;
        money[row][usize::from(now)] += spent;
        let way = &mut ways[direction(segment, now) as usize];
        *way = (way.0 + 1, way.1 + spent);
        previous.push(segment);
    }
    let moved = |way: Direction| {
        let (customers, money) = ways[way as usize];
        let (revenue, exact_revenue) = (scale.number(money), scale.exact(money));
        Moved { customers, revenue, exact_revenue }
    };
    let numbers = |row: &Vec<i64>| row.iter().map(|&sum| scale.number(sum)).collect();
    Ok(Movement {
        from,
        to,
        ids: ids.to_vec(),
        customers,
        revenue: money.iter().map(numbers).collect(),
        rose: moved(Direction::Rose),
        fell: moved(Direction::Fell),
        stayed: moved(Direction::Stayed),
        arrived: moved(Direction::Arrived),
        previous,
    })
}
