//! Period on period and year on year, of complete periods only.

use serde::Serialize;

use crate::calendar::Day;
use crate::money::Scale;
use crate::periods::{Coverage, Periods, Unit};

/// What one period saw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Orders, guests' included.
    pub orders: u64,
    /// Purchases.
    pub gross: i64,
    /// Returns, 0 or less.
    pub returns: i64,
    /// Identified customers with an order.
    pub customers: u64,
    /// Those of them whose first order of all lies in the period.
    pub new_customers: u64,
    /// Those of them with an order in the period before, too.
    pub retained: u64,
}

/// One tally a period.
#[derive(Clone, Debug)]
pub struct Tallies {
    /// The periods.
    pub periods: Periods,
    /// What each saw.
    pub each: Vec<Tally>,
}

impl Tallies {
    /// Nothing seen yet.
    pub fn new(periods: Periods) -> Tallies {
        let each = vec![Tally::default(); periods.len()];
        Tallies { periods, each }
    }

    /// Customers of the period before who ordered again in this one, and all of
    /// the period before; `None` where that is not complete or had none.
    pub fn retention(&self, coverage: &Coverage, period: usize) -> Option<(u64, u64)> {
        let before = period.checked_sub(1)?;
        let whole = coverage.holds(self.periods.days(before));
        let all = self.each[before].customers;
        (whole && all > 0).then(|| (self.each[period].retained, all))
    }

    /// The last period that the file covers whole.
    pub fn last_complete(&self, coverage: &Coverage) -> Option<usize> {
        (0..self.periods.len()).rev().find(|&p| coverage.holds(self.periods.days(p)))
    }
}

/// The last complete period against the one before and that of the year before.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The length of the periods.
    pub unit: Unit,
    /// Such as `2011-11`.
    pub period: String,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// The name of the period before, where that is complete.
    pub previous_period: Option<String>,
    /// The name of the same period of the year before, where that is complete.
    pub year_ago_period: Option<String>,
    /// What is compared.
    pub figures: Vec<Compared>,
}

/// One figure of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// `orders`, `gross`, `returns`, `net`, `averageOrder`, `customers`,
    /// `newCustomers`, `newShare`, `returningShare`, `retentionRate` or `churnRate`.
    pub id: &'static str,
    /// `shop` or `customers`.
    pub of: &'static str,
    /// Whether the figure is a share, whose change is in percentage points.
    pub is_share: bool,
    /// The figure in the period; `None` where its denominator is 0.
    pub current: Option<f64>,
    /// Against the period before.
    pub previous: Option<Change>,
    /// Against the same period of the year before.
    pub year_ago: Option<Change>,
}

/// How a figure has changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The earlier figure.
    pub value: f64,
    /// Current less earlier; of shares in percentage points.
    pub difference: f64,
    /// Current by earlier, less 1; `None` for shares and where the earlier
    /// figure is not above 0.
    pub growth: Option<f64>,
    /// Current by earlier.
    pub multiple: Option<f64>,
    /// The logarithm of the multiple to base 2: 1 is twice as much.
    pub doublings: Option<f64>,
}

/// Compares the last complete period; `None` where no period is complete.
pub fn compare(
    tallies: &Tallies,
    coverage: &Coverage,
    scale: Scale,
) -> Option<Comparison> {
    let current = tallies.last_complete(coverage)?;
    let periods = &tallies.periods;
    let complete = |back: usize| {
        current.checked_sub(back).filter(|&p| coverage.holds(periods.days(p)))
    };
    // The year before is compared once.
    let year = Some(periods.unit().in_year()).filter(|&back| back > 1);
    let (previous, year_ago) = (complete(1), year.and_then(complete));
    let of_period = |p: usize| figures(tallies, coverage, p, scale);
    let (before, last_year) = (previous.map(of_period), year_ago.map(of_period));
    let compared = of_period(current).into_iter().enumerate().map(
        |(i, Named { id, of, is_share, value })| {
            let against = |earlier: &Option<[Named; 11]>| {
                change(value?, earlier.as_ref()?[i].value?, is_share)
            };
            let (previous, year_ago) = (against(&before), against(&last_year));
            Compared { id, of, is_share, current: value, previous, year_ago }
        },
    );
    let (from, to) = periods.days(current);
    Some(Comparison {
        unit: periods.unit(),
        period: periods.name(current),
        from,
        to,
        previous_period: previous.map(|p| periods.name(p)),
        year_ago_period: year_ago.map(|p| periods.name(p)),
        figures: compared.collect(),
    })
}

struct Named {
    id: &'static str,
    of: &'static str,
    is_share: bool,
    value: Option<f64>,
}

fn figures(
    tallies: &Tallies,
    coverage: &Coverage,
    period: usize,
    scale: Scale,
) -> [Named; 11] {
    let tally = &tallies.each[period];
    let shop = |id, value| Named { id, of: "shop", is_share: false, value: Some(value) };
    let count = |id, value: u64| Named {
        id,
        of: "customers",
        is_share: false,
        value: Some(value as f64),
    };
    let gross = scale.number(tally.gross);
    let average = (tally.orders > 0).then(|| gross / tally.orders as f64);
    let returning = tally.customers - tally.new_customers;
    let all = tally.customers as f64;
    let share = |part: u64| (tally.customers > 0).then(|| part as f64 / all);
    let kept =
        tallies.retention(coverage, period).map(|(kept, of)| kept as f64 / of as f64);
    let share_of = |id, value| Named { id, of: "customers", is_share: true, value };
    [
        shop("orders", tally.orders as f64),
        shop("gross", gross),
        shop("returns", scale.number(tally.returns)),
        shop("net", scale.number(tally.gross + tally.returns)),
        Named { id: "averageOrder", of: "shop", is_share: false, value: average },
        count("customers", tally.customers),
        count("newCustomers", tally.new_customers),
        share_of("newShare", share(tally.new_customers)),
        share_of("returningShare", share(returning)),
        share_of("retentionRate", kept),
        share_of("churnRate", kept.map(|kept| 1.0 - kept)),
    ]
}

fn change(current: f64, value: f64, is_share: bool) -> Option<Change> {
    let multiple = (!is_share && value > 0.0).then(|| current / value);
    Some(Change {
        value,
        difference: if is_share { (current - value) * 100.0 } else { current - value },
        growth: multiple.map(|multiple| multiple - 1.0),
        multiple,
        doublings: multiple.filter(|&multiple| multiple > 0.0).map(libm::log2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_also_told_as_a_multiple_and_in_doublings() {
        let grown = change(8.0, 2.0, false).unwrap();
        assert_eq!((grown.difference, grown.growth), (6.0, Some(3.0)));
        assert_eq!((grown.multiple, grown.doublings), (Some(4.0), Some(2.0)));
        let share = change(0.75, 0.5, true).unwrap();
        assert_eq!((share.difference, share.growth), (25.0, None));
        let from_nothing = change(8.0, 0.0, false).unwrap();
        assert_eq!((from_nothing.growth, from_nothing.doublings), (None, None));
    }
}
