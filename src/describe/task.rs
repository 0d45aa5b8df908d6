//! One pass over the records and lines of a shop, in slices.

use super::compare::{Tallies, compare};
use super::distribution::{Distribution, Named, Weighted, distribution};
use super::top::Sums;
use super::{DescribeOptions, DescribeResult};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::{Attribute, Orders, Summary};
use crate::periods::{Coverage, CoverageSeen, Periods, Unit};
use crate::task::{Progress, Step};

/// Describes a shop, in slices; one unit of the budget is a record or a line.
///
/// Linear in the records and lines.
#[derive(Clone, Debug)]
pub struct Describe {
    as_of: Day,
    options: DescribeOptions,
    pub(super) coverage: Option<Coverage>,
    pub(super) tallies: [Tallies; 3],
    countries: Option<Sums>,
    channels: Option<Sums>,
    products: Option<Sums>,
    pub(super) shop: Money,
    pub(super) guests: Money,
    first: Day,
    last: Day,
    /// The next customer; the number of customers stands for the guests.
    next: u32,
    /// The next record of the guests.
    next_guest: usize,
    spread: Vec<Distribution>,
    /// The next distribution.
    next_spread: usize,
    /// Customers with a referrer, where one is mapped.
    pub(super) referred: Option<u64>,
    done: u64,
}

/// How many figures have a distribution.
const SPREADS: usize = 6;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Money {
    pub orders: u64,
    pub gross: i64,
    pub returns: i64,
}

fn attribute<'a>(orders: &'a Orders, role: &str) -> Option<&'a Attribute> {
    orders.attributes.iter().find(|attribute| attribute.role == role)
}

impl Describe {
    /// Starts the description of a shop as of a day.
    pub fn new(orders: &Orders, as_of: Day, options: DescribeOptions) -> Describe {
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        // Of customers alone, nothing is known by the month.
        let coverage = match orders.summary {
            Some(_) => None,
            None => seen.coverage(as_of),
        };
        let (from, to) = coverage.map_or((Day(1), Day(0)), |c| (c.first, c.last));
        let tallies = [Unit::Month, Unit::Quarter, Unit::Year]
            .map(|unit| Tallies::new(Periods::new(unit, from, to)));
        let sums = |role| {
            attribute(orders, role).map(|attribute| Sums::new(attribute.values.len()))
        };
        Describe {
            as_of,
            options,
            coverage,
            tallies,
            countries: sums("country"),
            channels: sums("channel"),
            products: orders.lines.as_ref().map(|lines| Sums::new(lines.products.len())),
            shop: Money::default(),
            guests: Money::default(),
            first: Day(i32::MAX),
            last: Day(i32::MIN),
            next: 0,
            next_guest: orders.guests().start,
            spread: Vec::new(),
            next_spread: 0,
            referred: attribute(orders, "referrer").map(|_| 0),
            done: 0,
        }
    }

    /// Works on for about `budget` units. The orders and customers must be the
    /// same in every call, and the customers those of the day given to `new`.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        budget: u64,
    ) -> Step<DescribeResult> {
        let until = self.done.saturating_add(budget.max(1));
        let begun = |d: &Describe| {
            d.next == orders.customers.len() as u32 && d.next_guest == orders.guests().end
        };
        if let Some(summary) = orders.summary.as_ref().filter(|_| !begun(self)) {
            self.customers_only(orders, summary);
        }
        while self.next < orders.customers.len() as u32 {
            if self.done >= until {
                return self.working(orders);
            }
            self.customer(orders, self.next);
            self.next += 1;
        }
        let guests = orders.guests();
        while self.next_guest < guests.end {
            if self.done >= until {
                return self.working(orders);
            }
            let i = self.next_guest;
            if self.record(orders, i) {
                self.guests.add(orders, i);
            }
            self.next_guest += 1;
        }
        while self.next_spread < SPREADS {
            if self.done >= until {
                return self.working(orders);
            }
            let values = self.spread(orders, customers, self.next_spread);
            self.spread.extend(values);
            self.next_spread += 1;
        }
        Step::Done(self.result(orders, customers))
    }

    /// All that a table of one row a customer says of the shop.
    fn customers_only(&mut self, orders: &Orders, summary: &Summary) {
        self.next = orders.customers.len() as u32;
        self.next_guest = orders.guests().end;
        for record in 0..orders.len() {
            let money = Money {
                orders: u64::from(summary.orders[record]),
                gross: orders.gross[record],
                returns: orders.returns[record],
            };
            self.shop.sum(money);
            if orders.guests().contains(&record) {
                self.guests.sum(money);
            }
            if let (Some(referred), Some(attribute)) =
                (&mut self.referred, attribute(orders, "referrer"))
            {
                *referred += u64::from(attribute.of[record] != u32::MAX);
            }
            self.first = self.first.min(Day(summary.first(record)));
            self.last = self.last.max(Day(summary.last(record)));
        }
        (self.countries, self.channels) = (None, None);
        self.done += orders.len() as u64;
    }

    /// How one figure is spread.
    fn spread(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        which: usize,
    ) -> Option<Distribution> {
        let counted = |i: &usize| orders.is_order[*i] && orders.day[*i] <= self.as_of.0;
        let money = |id, of| Named { id, of, is_money: true };
        let count = |id, of| Named { id, of, is_money: false };
        let units = orders.scale.units();
        self.done += customers.len() as u64;
        match which {
            0 if orders.summary.is_some() => None,
            0 => {
                self.done += orders.len() as u64;
                let values = (0..orders.len()).filter(counted).map(|i| orders.gross[i]);
                distribution(money("orderValue", "shop"), values.collect(), units, None)
            }
            1 => {
                let lines = orders.lines.as_ref()?;
                self.done += lines.product.len() as u64;
                let bought = |i: usize| {
                    let range = lines.start[i] as usize..lines.start[i + 1] as usize;
                    range.map(|line| lines.quantity.get(line)).filter(|&q| q > 0).sum()
                };
                let values = (0..orders.len()).filter(counted).map(bought);
                distribution(count("orderItems", "shop"), values.collect(), 1_000, None)
            }
            2 => self.prices(orders),
            3 => {
                let values = (0..customers.len()).map(|c| customers.revenue(c));
                let named = money("customerRevenue", "customers");
                distribution(named, values.collect(), units, None)
            }
            4 => {
                let values = customers.orders.iter().map(|&n| i64::from(n));
                let named = count("customerOrders", "customers");
                distribution(named, values.collect(), 1, None)
            }
            _ => {
                // To the thousandth of the smallest unit.
                let average = |c: usize| {
                    customers.gross[c] * 1_000 / i64::from(customers.orders[c].max(1))
                };
                let values: Vec<i64> = (0..customers.len()).map(average).collect();
                let gross: i64 = customers.gross.iter().sum();
                let all: u64 = customers.orders.iter().map(|&n| u64::from(n)).sum();
                let mean = orders.scale.number(gross) / all.max(1) as f64;
                let weighted = Some(Weighted { by: "orders", mean });
                let named = money("customerAverageOrder", "customers");
                distribution(named, values, units.saturating_mul(1_000), weighted)
            }
        }
    }

    /// Prices of the lines that were bought: plain, and weighed by quantity.
    fn prices(&mut self, orders: &Orders) -> Option<Distribution> {
        let lines = orders.lines.as_ref()?;
        self.done += lines.product.len() as u64;
        let (mut prices, mut amounts, mut quantities) = (Vec::new(), 0_i128, 0_i128);
        for i in 0..orders.len() {
            if !orders.is_order[i] || orders.day[i] > self.as_of.0 {
                continue;
            }
            for line in lines.start[i] as usize..lines.start[i + 1] as usize {
                let (quantity, amount) = (
                    i128::from(lines.quantity.get(line)),
                    i128::from(lines.amount.get(line)),
                );
                if quantity > 0 && amount > 0 {
                    prices.push((amount * 1_000 * 1_000 / quantity) as i64);
                    amounts += amount;
                    quantities += quantity;
                }
            }
        }
        let units = orders.scale.units();
        let weighted = (quantities > 0).then(|| Weighted {
            by: "quantity",
            mean: amounts as f64 / units as f64 / (quantities as f64 / 1_000.0),
        });
        let named = Named { id: "unitPrice", of: "shop", is_money: true };
        distribution(named, prices, units.saturating_mul(1_000), weighted)
    }

    fn working(&self, orders: &Orders) -> Step<DescribeResult> {
        let lines = orders.lines.as_ref().map_or(0, |lines| lines.product.len());
        Step::Working(Progress { done: self.done, total: (orders.len() + lines) as u64 })
    }

    fn customer(&mut self, orders: &Orders, number: u32) {
        // The last period of each length in which the customer was counted.
        let mut counted = [None; 3];
        let mut is_new = true;
        let referrer = attribute(orders, "referrer");
        let mut is_referred = false;
        for i in orders.of(number) {
            if !self.record(orders, i) {
                break;
            }
            if !orders.is_order[i] {
                continue;
            }
            for (tallies, counted) in self.tallies.iter_mut().zip(&mut counted) {
                let period = tallies.periods.of(orders.day[i]);
                if *counted != Some(period) {
                    let before = period.checked_sub(1);
                    let kept = counted.is_some() && *counted == before;
                    *counted = Some(period);
                    tallies.each[period].retained += u64::from(kept);
                    tallies.each[period].customers += 1;
                    tallies.each[period].new_customers += u64::from(is_new);
                }
            }
            is_new = false;
            is_referred |= referrer.is_some_and(|a| a.of[i] != u32::MAX);
        }
        if let Some(referred) = &mut self.referred {
            *referred += u64::from(is_referred);
        }
    }

    /// Counts a record for the shop; false where it lies after `as_of`.
    fn record(&mut self, orders: &Orders, i: usize) -> bool {
        self.done += 1;
        let day = orders.day[i];
        if day > self.as_of.0 {
            return false;
        }
        let (is_order, net) = (orders.is_order[i], orders.gross[i] + orders.returns[i]);
        self.shop.add(orders, i);
        if is_order {
            self.first = self.first.min(Day(day));
            self.last = self.last.max(Day(day));
        }
        for tallies in &mut self.tallies {
            let tally = &mut tallies.each[tallies.periods.of(day)];
            tally.orders += u64::from(is_order);
            tally.gross += orders.gross[i];
            tally.returns += orders.returns[i];
        }
        for (sums, role) in
            [(&mut self.countries, "country"), (&mut self.channels, "channel")]
        {
            if let (Some(sums), Some(attribute)) = (sums, attribute(orders, role)) {
                sums.add(attribute.of[i], i, is_order, net);
            }
        }
        if let (Some(sums), Some(lines)) = (&mut self.products, &orders.lines) {
            let range = lines.start[i] as usize..lines.start[i + 1] as usize;
            self.done += range.len() as u64;
            for line in range {
                let amount = lines.amount.get(line);
                sums.add(lines.product[line], i, is_order && amount >= 0, amount);
            }
        }
        true
    }

    fn result(&mut self, orders: &Orders, customers: &Customers) -> DescribeResult {
        let scale = orders.scale;
        let net = self.shop.gross + self.shop.returns;
        let names = |role| attribute(orders, role).map(|attribute| &attribute.values);
        let top = |sums: &Option<Sums>, names: Option<&_>| {
            Some(sums.as_ref()?.top(names?, net, scale))
        };
        let coverage = self.coverage.as_ref();
        let compared = |tallies: &Tallies| compare(tallies, coverage?, scale);
        DescribeResult {
            as_of: self.as_of,
            first_date: if self.shop.orders > 0 { self.first } else { self.as_of },
            last_date: if self.shop.orders > 0 { self.last } else { self.as_of },
            figures: self.figures(scale, customers),
            months: self.months(scale),
            comparisons: self.tallies.iter().filter_map(compared).collect(),
            distributions: std::mem::take(&mut self.spread),
            market: self.market(&self.options, scale),
            top_products: top(&self.products, orders.lines.as_ref().map(|l| &l.products)),
            top_countries: top(&self.countries, names("country")),
            top_channels: top(&self.channels, names("channel")),
            notices: self.notices(),
        }
    }
}

impl Money {
    fn add(&mut self, orders: &Orders, i: usize) {
        self.sum(Money {
            orders: u64::from(orders.is_order[i]),
            gross: orders.gross[i],
            returns: orders.returns[i],
        });
    }

    fn sum(&mut self, other: Money) {
        self.orders += other.orders;
        self.gross += other.gross;
        self.returns += other.returns;
    }
}
