//! The shop at a glance: figures with their parts, months, periods compared,
//! and what brings most.

mod compare;
mod periods;
mod top;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;
use crate::orders::{Attribute, Orders};
use crate::task::{Progress, Step};
pub use compare::{Change, Compared, Comparison};
use compare::{Tallies, compare};
pub use periods::{Coverage, CoverageSeen, Periods, Unit};
use top::Sums;
pub use top::Top;

/// One figure with its parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// `None` where it has no meaning (a denominator of 0, no complete month).
    pub value: Option<f64>,
    /// What was divided, for ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<f64>,
    /// By what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
    /// The exact decimal, for money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// First day, for figures that do not speak of the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// `shop`, guests included, or `customers`, the identified ones.
    pub of: &'static str,
}

/// The months of the file, one entry each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Months {
    /// `2011-11`.
    pub month: Vec<String>,
    /// Orders of the shop.
    pub orders: Vec<u64>,
    /// Net revenue of the shop; returns count in the month of their own day.
    pub net: Vec<f64>,
    /// Customers whose first order in the file lies in the month.
    pub new_customers: Vec<u64>,
    /// Customers with an order in the month and one before it.
    pub returning_customers: Vec<u64>,
    /// Whether the file covers the whole month.
    pub complete: Vec<bool>,
}

/// The shop at a glance.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeResult {
    /// The day of reckoning.
    pub as_of: Day,
    /// The day of the first order up to then; `as_of` where there is none.
    pub first_date: Day,
    /// The day of the last order up to then.
    pub last_date: Day,
    /// The figures by name.
    pub figures: BTreeMap<&'static str, Figure>,
    /// From the month of the first record to that of the last up to `as_of`.
    pub months: Months,
    /// By month, quarter and year, where one of them is complete.
    pub comparisons: Vec<Comparison>,
    /// The first ten products by net revenue; `None` where the file has none.
    pub top_products: Option<Vec<Top>>,
    /// The first ten countries.
    pub top_countries: Option<Vec<Top>>,
    /// The first ten channels.
    pub top_channels: Option<Vec<Top>>,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// Describes a shop, in slices; one unit of the budget is a record or a line.
///
/// Linear in the records and lines.
#[derive(Clone, Debug)]
pub struct Describe {
    as_of: Day,
    coverage: Option<Coverage>,
    tallies: [Tallies; 3],
    countries: Option<Sums>,
    channels: Option<Sums>,
    products: Option<Sums>,
    shop: Money,
    guests: Money,
    first: Day,
    last: Day,
    /// The next customer; the number of customers stands for the guests.
    next: u32,
    /// The next record of the guests.
    next_guest: usize,
    done: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Money {
    orders: u64,
    gross: i64,
    returns: i64,
}

fn attribute<'a>(orders: &'a Orders, role: &str) -> Option<&'a Attribute> {
    orders.attributes.iter().find(|attribute| attribute.role == role)
}

impl Describe {
    /// Starts the description of a shop as of a day.
    pub fn new(orders: &Orders, as_of: Day) -> Describe {
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        let coverage = seen.coverage(as_of);
        let (from, to) = coverage.map_or((Day(1), Day(0)), |c| (c.first, c.last));
        let tallies = [Unit::Month, Unit::Quarter, Unit::Year]
            .map(|unit| Tallies::new(Periods::new(unit, from, to)));
        let sums = |role| {
            attribute(orders, role).map(|attribute| Sums::new(attribute.values.len()))
        };
        Describe {
            as_of,
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
        Step::Done(self.result(orders, customers))
    }

    fn working(&self, orders: &Orders) -> Step<DescribeResult> {
        let lines = orders.lines.as_ref().map_or(0, |lines| lines.product.len());
        Step::Working(Progress { done: self.done, total: (orders.len() + lines) as u64 })
    }

    fn customer(&mut self, orders: &Orders, number: u32) {
        // The last period of each length in which the customer was counted.
        let mut counted = [None; 3];
        let mut is_new = true;
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
                    *counted = Some(period);
                    tallies.each[period].customers += 1;
                    tallies.each[period].new_customers += u64::from(is_new);
                }
            }
            is_new = false;
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
                let amount = lines.amount[line];
                sums.add(lines.product[line], i, is_order && amount >= 0, amount);
            }
        }
        true
    }

    fn result(&self, orders: &Orders, customers: &Customers) -> DescribeResult {
        let scale = orders.scale;
        let names = |role| attribute(orders, role).map(|attribute| &attribute.values);
        let top = |sums: &Option<Sums>, names: Option<&_>| {
            Some(sums.as_ref()?.top(names?, scale))
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
            top_products: top(&self.products, orders.lines.as_ref().map(|l| &l.products)),
            top_countries: top(&self.countries, names("country")),
            top_channels: top(&self.channels, names("channel")),
            notices: self.notices(),
        }
    }

    fn months(&self, scale: Scale) -> Months {
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

    fn figures(
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
        figures
    }

    /// A word on months that are covered in part.
    fn notices(&self) -> Vec<Message> {
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

impl Money {
    fn add(&mut self, orders: &Orders, i: usize) {
        self.orders += u64::from(orders.is_order[i]);
        self.gross += orders.gross[i];
        self.returns += orders.returns[i];
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
