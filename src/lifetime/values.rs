//! What a customer's orders were worth, net of what the customer sent back.

use crate::calendar::Day;
use crate::orders::{Orders, Summary};

/// The order values of one customer up to a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Values {
    /// Value of the first order day.
    pub first: f64,
    /// Order days after it.
    pub repeats: u32,
    /// Their mean value, 0 with none.
    pub mean: f64,
}

impl Values {
    /// The values of the customer with this number.
    ///
    /// Few systems say which order a return belongs to, so that each customer's
    /// returns are taken off all of their orders alike: who sends everything back
    /// is worth little, whatever they ordered.
    pub fn of(orders: &Orders, number: u32, as_of: Day) -> Values {
        if let Some(summary) = &orders.summary {
            return Values::told(orders, summary, number);
        }
        let (mut gross, mut returns, mut first) = (0_i128, 0_i128, 0_i128);
        let (mut first_day, mut last_day, mut days) = (0, 0, 0_u32);
        for i in orders.of(number) {
            let day = orders.day[i];
            if day > as_of.0 {
                break;
            }
            gross += i128::from(orders.gross[i]);
            returns += i128::from(orders.returns[i]);
            if !orders.is_order[i] {
                continue;
            }
            if days == 0 {
                first_day = day;
            }
            if days == 0 || day != last_day {
                days += 1;
            }
            last_day = day;
            if day == first_day {
                first += i128::from(orders.gross[i]);
            }
        }
        let kept = net_share(gross, returns);
        let number =
            |sum| orders.scale.number(i64::try_from(sum).unwrap_or(i64::MAX)) * kept;
        let repeats = days.saturating_sub(1);
        let mean =
            if repeats == 0 { 0.0 } else { number(gross - first) / f64::from(repeats) };
        Values { first: number(first), repeats, mean }
    }
}

impl Values {
    /// What a table of one row a customer tells: all orders are worth the same,
    /// but for a mean of the repeat orders that it has.
    fn told(orders: &Orders, summary: &Summary, number: u32) -> Values {
        let c = number as usize;
        let (gross, returns) = (orders.gross[c], orders.returns[c]);
        let kept = net_share(gross.into(), returns.into());
        let each =
            orders.scale.number(gross) * kept / f64::from(summary.orders[c].max(1));
        let repeats = summary.repeat_days[c];
        let mean = if repeats == 0 { 0.0 } else { each };
        let mean = match summary.repeat_mean.get(c) {
            Some(&told) if repeats > 0 => told * kept,
            _ => mean,
        };
        Values { first: each, repeats, mean }
    }
}

/// Net over gross revenue, 0 to 1; 1 where there is no gross.
pub fn net_share(gross: i128, returns: i128) -> f64 {
    if gross > 0 {
        ((gross + returns) as f64 / gross as f64).clamp(0.0, 1.0)
    } else {
        1.0
    }
}
