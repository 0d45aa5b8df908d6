//! What is scored: days since the last order, orders and net revenue, each for
//! the whole life or a window, sorted once so that any border is quick to draw.

use super::options::Windows;
use crate::customers::Customers;
use crate::orders::Orders;
use crate::sort::rising;

/// One dimension of all customers, the better the larger, sorted and ranked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranked {
    /// The distinct values, rising.
    pub distinct: Vec<i64>,
    /// How many customers lie strictly below each distinct value.
    pub below: Vec<u32>,
    /// Index in `distinct` of each customer's value.
    pub rank: Vec<u32>,
    /// The customers in rising order of their value, ties in their own order.
    pub order: Vec<u32>,
}

impl Ranked {
    /// Sorts the values. N log N for N customers.
    pub fn new(values: &[i64]) -> Ranked {
        let mut ranked = Ranked { rank: vec![0; values.len()], ..Ranked::default() };
        ranked.order = sorted(values);
        for (place, &c) in ranked.order.iter().enumerate() {
            let value = values[c as usize];
            if ranked.distinct.last() != Some(&value) {
                ranked.distinct.push(value);
                ranked.below.push(place as u32);
            }
            ranked.rank[c as usize] = ranked.distinct.len() as u32 - 1;
        }
        ranked
    }

    /// How many customers have at most a value.
    pub fn up_to(&self, value: i64) -> usize {
        let rank = self.distinct.partition_point(|&own| own <= value);
        self.below.get(rank).map_or(self.order.len(), |&below| below as usize)
    }

    /// How many customers have the value of this rank.
    pub fn count(&self, rank: usize) -> u32 {
        let end = self.below.get(rank + 1).copied();
        end.unwrap_or(self.order.len() as u32) - self.below[rank]
    }
}

/// The places of the values in rising order, ties in their own order.
fn sorted(values: &[i64]) -> Vec<u32> {
    let (Some(&least), Some(&most)) = (values.iter().min(), values.iter().max()) else {
        return Vec::new();
    };
    // Value and place in one word sort several times faster than a pair.
    if most.checked_sub(least).is_some_and(|range| range < 1 << 32) {
        let packed =
            |(c, &value): (usize, &i64)| ((value - least) as u64) << 32 | c as u64;
        let mut keys: Vec<u64> = values.iter().enumerate().map(packed).collect();
        keys.sort_unstable();
        return keys.into_iter().map(|key| key as u32).collect();
    }
    rising(values.iter().copied())
}

/// The three dimensions of all customers, larger better. Recency is the negative
/// number of days since the last order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Days since the last order, negative.
    pub recency: Ranked,
    /// Orders.
    pub orders: Ranked,
    /// Net revenue at the orders' scale.
    pub revenue: Ranked,
}

/// Measures and sorts the customers of a day.
///
/// Days are those of the records: an order or a return counts within a window of
/// `n` days when its day is one of the `n` that end with the day of reckoning.
pub fn measures(orders: &Orders, customers: &Customers, windows: Windows) -> Measures {
    let as_of = customers.as_of.0;
    let all = 0..customers.len();
    let cap = windows.recency_days.map_or(i64::MAX, i64::from);
    let recency: Vec<i64> =
        all.clone().map(|c| -i64::from(customers.recency_days(c)).min(cap)).collect();
    let since = |days: Option<u32>| days.map(|days| as_of.saturating_sub_unsigned(days));
    let (from_orders, from_revenue) = (since(windows.orders), since(windows.revenue));
    let within = |c: usize, from: i32| {
        orders
            .of(customers.number[c])
            .rev()
            .skip_while(move |&i| orders.day[i] > as_of)
            .take_while(move |&i| orders.day[i] > from)
    };
    let counts: Vec<i64> = match from_orders {
        None => customers.orders.iter().map(|&count| i64::from(count)).collect(),
        Some(from) => all
            .clone()
            .map(|c| within(c, from).filter(|&i| orders.is_order[i]).count() as i64)
            .collect(),
    };
    let revenue: Vec<i64> = match from_revenue {
        None => all.map(|c| customers.revenue(c)).collect(),
        Some(from) => all
            .map(|c| within(c, from).map(|i| orders.gross[i] + orders.returns[i]).sum())
            .collect(),
    };
    Measures {
        recency: Ranked::new(&recency),
        orders: Ranked::new(&counts),
        revenue: Ranked::new(&revenue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_counts_below_are_those_of_the_definition() {
        for values in [vec![5, -3, 5, 0, 0, 0], vec![i64::MIN, i64::MAX, 0], vec![]] {
            let ranked = Ranked::new(&values);
            for (c, &value) in values.iter().enumerate() {
                let rank = ranked.rank[c] as usize;
                let below = values.iter().filter(|&&v| v < value).count();
                assert_eq!(ranked.distinct[rank], value);
                assert_eq!(ranked.below[rank] as usize, below);
                let same = values.iter().filter(|&&v| v == value).count();
                assert_eq!(ranked.count(rank) as usize, same);
            }
            let in_order: Vec<i64> =
                ranked.order.iter().map(|&c| values[c as usize]).collect();
            assert!(in_order.is_sorted());
        }
    }
}
