//! Figures, months and notices, from what the pass over the records gathered.

use std::collections::BTreeMap;

use super::task::Describe;
use super::{DescribeOptions, Figure, Market, Months};
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;

impl Describe {
    pub(super) fn months(&self, scale: Scale) -> Months {
        let mut months = Months::default();
        let tallies = &self.tallies[0];
        for (period, tally) in tallies.each.iter().enumerate() {
            let days = tallies.periods.days(period);
            months.month.push(tallies.periods.name(period));
            months.orders.push(tally.orders);
            months.net.push(scale.number(tally.gross + tally.returns));
            months.new_customers.push(tally.new_customers);
            months.returning_customers.push(tally.customers - tally.new_customers);
            months.complete.push(self.coverage.is_some_and(|c| c.holds(days)));
        }
        months
    }

    pub(super) fn figures(
        &self,
        scale: Scale,
        customers: &Customers,
    ) -> BTreeMap<&'static str, Figure> {
        let (shop, guests) = (self.shop, self.guests);
        let money = |mantissa: i64| Figure {
            exact: Some(scale.exact(mantissa)),
            ..count("shop", scale.number(mantissa))
        };
        let gross = scale.number(shop.gross);
        let buyers = customers.len() as f64;
        let orders: u64 = customers.orders.iter().map(|&orders| u64::from(orders)).sum();
        let repeaters =
            customers.orders.iter().filter(|&&orders| orders > 1).count() as f64;
        let mut figures = BTreeMap::from([
            ("orders", count("shop", shop.orders as f64)),
            ("customers", count("customers", buyers)),
            ("gross", money(shop.gross)),
            ("returns", money(shop.returns)),
            ("net", money(shop.gross + shop.returns)),
            ("averageOrder", ratio("shop", gross, shop.orders as f64)),
            ("ordersPerCustomer", ratio("customers", orders as f64, buyers)),
            ("repeatRate", ratio("customers", repeaters, buyers)),
            ("refundRate", ratio("shop", scale.number(-shop.returns), gross)),
            (
                "guestShare",
                ratio(
                    "shop",
                    scale.number(guests.gross + guests.returns),
                    scale.number(shop.gross + shop.returns),
                ),
            ),
        ]);
        let months = &self.tallies[0];
        let complete = self.coverage.and_then(|coverage| months.last_complete(&coverage));
        let tally = complete.map(|month| months.each[month]).unwrap_or_default();
        let days = complete.map(|month| months.periods.days(month));
        let of_month = |figure: Figure| Figure {
            value: days.and(figure.value),
            from: days.map(|(from, _)| from),
            to: days.map(|(_, to)| to),
            ..figure
        };
        let returning = (tally.customers - tally.new_customers) as f64;
        let share = ratio("customers", returning, tally.customers as f64);
        figures.insert(
            "newCustomers",
            of_month(count("customers", tally.new_customers as f64)),
        );
        figures.insert("returningShare", of_month(share));
        let new = ratio("customers", tally.new_customers as f64, tally.customers as f64);
        figures.insert("newShare", of_month(new));
        self.retention(&mut figures);
        if let Some(referred) = self.referred {
            figures.insert("referralRate", ratio("customers", referred as f64, buyers));
        }
        figures
    }

    /// Retention and churn from the last two complete quarters, or months where
    /// there are no two quarters.
    fn retention(&self, figures: &mut BTreeMap<&'static str, Figure>) {
        let found = self.coverage.and_then(|coverage| {
            [1, 0].into_iter().find_map(|unit| {
                let tallies = &self.tallies[unit];
                let last = tallies.last_complete(&coverage)?;
                let (kept, all) = tallies.retention(&coverage, last)?;
                Some((kept as f64, all as f64, tallies.periods.days(last)))
            })
        });
        let (kept, all, days) = match found {
            Some((kept, all, days)) => (kept, all, Some(days)),
            None => (0.0, 0.0, None),
        };
        for (id, part) in [("retentionRate", kept), ("churnRate", all - kept)] {
            let figure = Figure {
                from: days.map(|(from, _)| from),
                to: days.map(|(_, to)| to),
                ..ratio("customers", part, all)
            };
            figures.insert(id, figure);
        }
    }

    /// The shop within its market; `None` where its size is not given or no such
    /// period is complete.
    pub(super) fn market(
        &self,
        options: &DescribeOptions,
        scale: Scale,
    ) -> Option<Market> {
        let size = options.market?;
        let tallies = self.tallies.iter().find(|t| t.periods.unit() == size.unit)?;
        let coverage = self.coverage.as_ref()?;
        let last = tallies.last_complete(coverage)?;
        let net = |period: usize| {
            let tally = &tallies.each[period];
            scale.number(tally.gross + tally.returns)
        };
        let share = |period: usize, size: f64| {
            let (from, to) = tallies.periods.days(period);
            Figure { from: Some(from), to: Some(to), ..ratio("shop", net(period), size) }
        };
        let whole = |p: &usize| coverage.holds(tallies.periods.days(*p));
        let before = last.checked_sub(1).filter(whole);
        let known = before.zip(size.previous);
        let (now, earlier) =
            (share(last, size.size), known.map(|(p, size)| share(p, size)));
        let points = earlier
            .as_ref()
            .and_then(|earlier| Some((now.value? - earlier.value?) * 100.0));
        Some(Market {
            period: tallies.periods.name(last),
            previous_period: known.map(|(p, _)| tallies.periods.name(p)),
            points,
            share: now,
            previous_share: earlier,
            market_growth: size.previous.map(|previous| size.size / previous - 1.0),
            shop_growth: before
                .filter(|&p| net(p) > 0.0)
                .map(|p| net(last) / net(p) - 1.0),
        })
    }

    /// A word on months that are covered in part.
    pub(super) fn notices(&self) -> Vec<Message> {
        let Some(coverage) = self.coverage else { return Vec::new() };
        let periods = &self.tallies[0].periods;
        (0..periods.len())
            .filter(|&month| !coverage.holds(periods.days(month)))
            .map(|month| {
                let (from, to) = periods.days(month);
                Message::new("describe-partial-month")
                    .with("month", periods.name(month))
                    .with("from", from.max(coverage.first))
                    .with("to", to.min(coverage.last))
            })
            .collect()
    }
}

fn count(of: &'static str, value: f64) -> Figure {
    Figure {
        value: Some(value),
        numerator: None,
        denominator: None,
        exact: None,
        from: None,
        to: None,
        of,
    }
}

/// A ratio with its parts, without a value where the denominator is not above 0.
fn ratio(of: &'static str, numerator: f64, denominator: f64) -> Figure {
    let value = (denominator > 0.0).then(|| numerator / denominator);
    Figure {
        value,
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..count(of, 0.0)
    }
}
