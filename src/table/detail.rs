//! One customer in full: orders, usual gap, products, and why the scores are so.

use serde::Serialize;

use super::column::{CustomerColumn, CustomerColumns};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::money::Scale;
use crate::segments::{cell_name, median};
use crate::sort::Order;

/// A customer as of a day. Money in units of the currency.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerDetail {
    /// As written in the file.
    pub customer_id: String,
    /// Orders and credit notes up to the day of reckoning, oldest first.
    pub orders: Vec<OrderMark>,
    /// Median days between order days; `None` below two of them.
    pub usual_gap_days: Option<f64>,
    /// Days since the last order.
    pub silent_days: u32,
    /// Products by revenue, most first; `None` where the file has none.
    pub products: Option<Vec<Bought>>,
    /// Why this segment, this risk.
    pub reasons: Vec<Message>,
}

/// An order or a credit note.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderMark {
    /// Its day.
    pub day: Day,
    /// Its id, where the file has one.
    pub order_id: Option<String>,
    /// Purchases.
    pub gross: f64,
    /// Returns, 0 or less.
    pub returns: f64,
    /// False for a credit note.
    pub is_order: bool,
}

/// A product and how much of it was bought, returns taken off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bought {
    /// The product.
    pub name: String,
    /// Pieces.
    pub quantity: f64,
    /// Money.
    pub revenue: f64,
}

/// Everything about one customer, found by the id as written in the file.
///
/// Linear in the number of customers, for the comparisons in the reasons.
///
/// # Errors
/// `unknown-customer` when nobody of that id has an order up to `as_of`.
pub fn customer_detail(
    columns: &CustomerColumns<'_>,
    id: &str,
) -> Result<CustomerDetail> {
    let (orders, customers) = (columns.orders, columns.customers);
    let c = orders
        .customers
        .find(id.as_bytes())
        .and_then(|number| customers.number.binary_search(&number).ok())
        .ok_or_else(|| {
            let error = Error::new("unknown-customer").with("customerId", id);
            error.with("asOf", customers.as_of)
        })?;
    // A table of one row a customer has no orders to list.
    let records = match orders.summary {
        Some(_) => 0..0,
        None => orders.of(customers.number[c]),
    };
    let known = records.filter(|&i| orders.day[i] <= customers.as_of.0);
    let gaps = gaps(known.clone().filter(|&i| orders.is_order[i]).map(|i| orders.day[i]));
    let marks = known.clone().map(|i| OrderMark {
        day: Day(orders.day[i]),
        order_id: orders.id.get(i).map(|&number| orders.ids.text(number).into_owned()),
        gross: orders.scale.number(orders.gross[i]),
        returns: orders.scale.number(orders.returns[i]),
        is_order: orders.is_order[i],
    });
    Ok(CustomerDetail {
        customer_id: id.to_owned(),
        orders: marks.collect(),
        usual_gap_days: median(Scale(0), gaps.clone()),
        silent_days: customers.recency_days(c),
        products: products(columns, known),
        reasons: reasons(columns, c, &gaps),
    })
}

/// Days between distinct days that come in rising order.
fn gaps(days: impl Iterator<Item = i32>) -> Vec<i64> {
    let mut distinct: Vec<i32> = days.collect();
    distinct.dedup();
    distinct.windows(2).map(|pair| i64::from(pair[1] - pair[0])).collect()
}

fn products(
    columns: &CustomerColumns<'_>,
    records: impl Iterator<Item = usize>,
) -> Option<Vec<Bought>> {
    let lines = columns.orders.lines.as_ref()?;
    // (product, first seen, quantity, amount): sorted to be summed by product.
    let mut bought: Vec<(u32, usize, i64, i64)> = records
        .flat_map(|i| lines.start[i] as usize..lines.start[i + 1] as usize)
        .filter(|&line| lines.product[line] != u32::MAX)
        .map(|line| {
            (lines.product[line], line, lines.quantity.get(line), lines.amount.get(line))
        })
        .collect();
    bought.order();
    bought.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            *kept = (kept.0, kept.1, kept.2 + next.2, kept.3 + next.3);
        }
        same
    });
    bought.order_by_key(|&(_, seen, _, amount)| (std::cmp::Reverse(amount), seen));
    let row = |&(product, _, quantity, amount): &(u32, usize, i64, i64)| Bought {
        name: lines.products.text(product).into_owned(),
        quantity: Scale(3).number(quantity),
        revenue: columns.orders.scale.number(amount),
    };
    Some(bought.iter().map(row).collect())
}

fn reasons(columns: &CustomerColumns<'_>, c: usize, gaps: &[i64]) -> Vec<Message> {
    let mut reasons = Vec::new();
    if let (Some(segment), Some(s)) = (columns.segment, columns.scores) {
        let id = segment.ids.get(usize::from(segment.of[c])).map_or("", String::as_str);
        let cell = cell_name(s.recency[c], s.orders[c], s.revenue[c]);
        reasons
            .push(Message::new("reason-segment").with("segment", id).with("cell", cell));
    }
    if columns.orders.summary.is_none() {
        reasons.extend(cadence(columns.customers.recency_days(c), gaps));
    }
    if let Some(s) = columns.scores {
        let compared = |code, column, name, score: u8, few_is_good| {
            let value = columns.number(column, c);
            let worse = |other: &usize| {
                let other = columns.number(column, *other);
                if few_is_good { other > value } else { other < value }
            };
            let all = columns.customers.len();
            let share = (0..all).filter(worse).count() as f64 / all as f64;
            Message::new(code)
                .with(name, value)
                .with("share", share)
                .with("score", u32::from(score))
                .with("bins", u32::from(s.bins))
        };
        use CustomerColumn::{Orders, RecencyDays, Revenue};
        reasons.extend([
            compared("reason-recency", RecencyDays, "days", s.recency[c], true),
            compared("reason-orders", Orders, "orders", s.orders[c], false),
            compared("reason-revenue", Revenue, "revenue", s.revenue[c], false),
        ]);
    }
    let (gross, returns) = (columns.customers.gross[c], columns.customers.returns[c]);
    if returns < 0 {
        let scale = columns.orders.scale;
        let share =
            if gross > 0 { -scale.number(returns) / scale.number(gross) } else { 1.0 };
        let message =
            Message::new("reason-returns").with("returns", scale.number(-returns));
        reasons.push(message.with("share", share));
    }
    let chances = [
        ("reason-active", CustomerColumn::PAlive),
        ("reason-churn", CustomerColumn::ChurnProbability),
    ];
    let told = columns.lifetime.is_some_and(|l| l.identifies_dropout);
    for (code, column) in chances {
        // Where nobody can be told to have gone, all would be active for certain.
        if column == CustomerColumn::PAlive && !told {
            continue;
        }
        let probability = columns.number(column, c);
        if !probability.is_nan() {
            reasons.push(Message::new(code).with("probability", probability));
        }
    }
    reasons
}

/// How the present silence compares with the customer's own habit.
fn cadence(silent_days: u32, gaps: &[i64]) -> Option<Message> {
    let Some(usual) = median(Scale(0), gaps.to_vec()) else {
        return Some(
            Message::new("reason-one-order-day").with("silentDays", silent_days),
        );
    };
    let longest = gaps.iter().copied().max()?;
    let code = if i64::from(silent_days) > longest {
        "reason-longest-silence"
    } else if f64::from(silent_days) > usual {
        "reason-later-than-usual"
    } else {
        "reason-within-usual-gap"
    };
    let message =
        Message::new(code).with("silentDays", silent_days).with("usualGapDays", usual);
    Some(message.with("longestGapDays", longest))
}
