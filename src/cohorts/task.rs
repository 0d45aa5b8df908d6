//! Two passes over the customers: who belongs where, then what each did.

use super::refunds::Refunds;
use super::result::{Average, Cell, Cohort, CohortsResult};
use super::{By, CohortsOptions};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::names::Names;
use crate::orders::Orders;
use crate::periods::{Coverage, CoverageSeen, Periods};
use crate::sort::Order;
use crate::task::{Progress, Step};

/// The most cohorts by value that are listed; the smaller ones go together.
const LISTED: usize = 15;
/// The most periods: with more, the table could be neither drawn nor read.
const MOST_PERIODS: usize = 600;
/// A customer's first order has no value.
const NONE: u32 = u32::MAX;

/// Follows the cohorts of a shop, in slices; one unit of the budget is a record.
///
/// Linear in the records, and in the square of the number of periods.
#[derive(Clone, Debug)]
pub struct Cohorts {
    options: CohortsOptions,
    as_of: Day,
    periods: Periods,
    coverage: Option<Coverage>,
    /// The value of each customer's first order; the period, for cohorts by period.
    value: Vec<u32>,
    /// Cohort of each value, made after the first pass; one more for `NONE`.
    cohort: Option<Vec<u32>>,
    /// Values of the cohorts in order: `None` for the others and for those without.
    listed: Vec<Option<u32>>,
    /// Members by cohort and period of the first order.
    members: Vec<Vec<u64>>,
    cells: Vec<Vec<Cell>>,
    complete: Vec<bool>,
    refunds: Refunds,
    next: usize,
    done: u64,
}

impl Cohorts {
    /// Starts the cohorts of a shop as of the customers' day.
    ///
    /// # Errors
    /// `cohorts-needs-role` with the `role` that is not mapped, and
    /// `cohorts-too-many-periods`.
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        options: CohortsOptions,
    ) -> Result<Cohorts> {
        if let Some(role) =
            options.by.role().filter(|_| values(orders, options.by).is_none())
        {
            return Err(Error::new("cohorts-needs-role").with("role", role));
        }
        let as_of = customers.as_of;
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        let coverage = seen.coverage(as_of);
        let (from, to) = coverage.map_or((Day(1), Day(0)), |c| (c.first, c.last));
        let periods = Periods::new(options.unit, from, to);
        if periods.len() > MOST_PERIODS {
            let error =
                Error::new("cohorts-too-many-periods").with("periods", periods.len());
            return Err(error.with("most", MOST_PERIODS));
        }
        let whole = |p| coverage.is_some_and(|c| c.holds(periods.days(p)));
        let complete = (0..periods.len()).map(whole).collect();
        Ok(Cohorts {
            options,
            as_of,
            periods,
            coverage,
            value: Vec::with_capacity(customers.len()),
            cohort: None,
            listed: Vec::new(),
            members: Vec::new(),
            cells: Vec::new(),
            complete,
            refunds: Refunds::default(),
            next: 0,
            done: 0,
        })
    }

    /// Works on for about `budget` units. The orders and customers must be those
    /// given to `new`.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        budget: u64,
    ) -> Step<CohortsResult> {
        let until = self.done.saturating_add(budget.max(1));
        while self.value.len() < customers.len() {
            if self.done >= until {
                return self.working(orders, customers);
            }
            self.value.push(self.value_of(orders, customers, self.value.len()));
            self.done += 1;
        }
        if self.cohort.is_none() {
            self.part(orders);
        }
        while self.next < customers.len() {
            if self.done >= until {
                return self.working(orders, customers);
            }
            self.follow(orders, customers, self.next);
            self.next += 1;
        }
        Step::Done(self.result(orders))
    }

    fn working(&self, orders: &Orders, customers: &Customers) -> Step<CohortsResult> {
        let total = (customers.len() + orders.len()) as u64;
        Step::Working(Progress { done: self.done, total })
    }

    /// The value of a customer's first order.
    fn value_of(&self, orders: &Orders, customers: &Customers, c: usize) -> u32 {
        if self.options.by == By::FirstOrder {
            return self.periods.of(customers.first_day[c]) as u32;
        }
        let first = orders.of(customers.number[c]).find(|&i| orders.is_order[i]);
        let Some(first) = first else { return NONE };
        if self.options.by != By::Product {
            let role = self.options.by.role();
            let attribute = orders.attributes.iter().find(|a| Some(a.role) == role);
            return attribute.map_or(NONE, |attribute| attribute.of[first]);
        }
        orders.main_product(first).unwrap_or(NONE)
    }

    /// Puts the values into cohorts: all periods, or the largest values.
    fn part(&mut self, orders: &Orders) {
        let by_period = self.options.by == By::FirstOrder;
        let count = match values(orders, self.options.by) {
            Some(names) => names.len(),
            None => self.periods.len(),
        };
        let mut sizes = vec![0_u64; count + 1];
        for &value in &self.value {
            sizes[(value as usize).min(count)] += 1;
        }
        let mut ranked: Vec<u32> = (0..count as u32)
            .filter(|&value| by_period || sizes[value as usize] > 0)
            .collect();
        if !by_period {
            ranked.order_by_key(|&v| (std::cmp::Reverse(sizes[v as usize]), v));
        }
        let most = if by_period { count } else { LISTED };
        let mut cohort = vec![0; count + 1];
        for (place, &value) in ranked.iter().enumerate() {
            cohort[value as usize] = place.min(most) as u32;
        }
        self.listed = ranked.iter().take(most).map(|&value| Some(value)).collect();
        if ranked.len() > most {
            self.listed.push(None);
        }
        if sizes[count] > 0 {
            cohort[count] = self.listed.len() as u32;
            self.listed.push(None);
        }
        self.cohort = Some(cohort);
        let periods = self.periods.len();
        self.members = vec![vec![0; periods]; self.listed.len()];
        self.cells = vec![vec![Cell::default(); periods]; self.listed.len()];
    }

    /// Adds what one customer did.
    fn follow(&mut self, orders: &Orders, customers: &Customers, c: usize) {
        let Some(cohorts) = &self.cohort else { return };
        let place = (self.value[c] as usize).min(cohorts.len() - 1);
        let g = cohorts[place] as usize;
        let base = self.periods.of(customers.first_day[c]);
        self.members[g][base] += 1;
        let mut active = None;
        for i in orders.of(customers.number[c]) {
            self.done += 1;
            if orders.day[i] > self.as_of.0 {
                break;
            }
            if !orders.is_order[i] {
                self.done += self.refunds.place(orders, customers.number[c], i);
                for &(order, amount) in &self.refunds.placed {
                    // Without an earlier order it belongs to the first period.
                    let period = order.map_or(base, |i| self.periods.of(orders.day[i]));
                    let cell = &mut self.cells[g][period.max(base) - base];
                    cell.returns += amount;
                    if self.complete[period.max(base)] {
                        cell.exposed_net += amount;
                    }
                }
                continue;
            }
            let period = self.periods.of(orders.day[i]).max(base);
            let cell = &mut self.cells[g][period - base];
            cell.gross += orders.gross[i];
            cell.returns += orders.returns[i];
            if self.complete[period] {
                cell.exposed_net += orders.gross[i] + orders.returns[i];
            }
            cell.orders += 1;
            if active != Some(period) {
                active = Some(period);
                cell.customers += 1;
                cell.returned += u64::from(self.complete[period]);
            }
        }
    }

    fn result(&mut self, orders: &Orders) -> CohortsResult {
        let (scale, periods) = (orders.scale, self.periods.len());
        for (members, cells) in self.members.iter().zip(&mut self.cells) {
            for (base, &count) in
                members.iter().enumerate().filter(|(_, count)| **count > 0)
            {
                for (offset, complete) in self.complete[base..].iter().enumerate() {
                    cells[offset].exposed += if *complete { count } else { 0 };
                }
            }
        }
        let mut average = vec![Cell::default(); periods];
        for cells in &self.cells {
            average.iter_mut().zip(cells).for_each(|(sum, cell)| sum.add(cell));
        }
        let names = values(orders, self.options.by);
        let mut cohorts = Vec::with_capacity(self.listed.len());
        let others = self.others();
        for (g, (listed, members)) in self.listed.iter().zip(&self.members).enumerate() {
            let size = members.iter().sum();
            let first = members.iter().position(|&count| count > 0).unwrap_or(periods);
            let reach = match (names, listed) {
                (None, Some(period)) => periods - *period as usize,
                _ => periods - first,
            };
            let id = listed.map(|value| match names {
                Some(names) => names.text(value).into_owned(),
                None => self.periods.name(value as usize),
            });
            let mut cohort = Cohort::new(id, size, &self.cells[g][..reach], scale);
            cohort.others = others == Some(g);
            if let (None, Some(period)) = (names, listed) {
                let (from, to) = self.periods.days(*period as usize);
                (cohort.from, cohort.to) = (Some(from), Some(to));
                cohort.complete = self.complete[*period as usize..].to_vec();
            }
            cohorts.push(cohort);
        }
        CohortsResult {
            as_of: self.as_of,
            by: self.options.by,
            unit: self.options.unit,
            cohorts,
            average: Average::new(&average, scale),
            notices: self.notices(),
        }
    }

    /// The place of the cohort that gathers the smaller ones.
    fn others(&self) -> Option<usize> {
        let by_value = self.options.by != By::FirstOrder;
        let place = by_value.then_some(LISTED)?;
        let gathered =
            self.cohort.as_ref()?.iter().rev().skip(1).any(|&g| g as usize == place);
        gathered.then_some(place)
    }

    fn notices(&self) -> Vec<Message> {
        let mut notices = Vec::new();
        notices.extend(self.refunds.notice());
        if let (Some(place), Some(cohort)) = (self.others(), &self.cohort) {
            let gathered = cohort.iter().filter(|&&g| g as usize == place).count();
            let notice = Message::new("cohorts-others").with("listed", LISTED);
            notices.push(notice.with("others", gathered));
        }
        let Some(coverage) = self.coverage else { return notices };
        for period in (0..self.periods.len()).filter(|&p| !self.complete[p]) {
            let (from, to) = self.periods.days(period);
            let notice = Message::new("cohorts-partial-period")
                .with("period", self.periods.name(period))
                .with("from", from.max(coverage.first))
                .with("to", to.min(coverage.last));
            notices.push(notice);
        }
        notices
    }
}

/// The values by which first orders are told apart; `None` for periods, and
/// where the role is not mapped.
fn values(orders: &Orders, by: By) -> Option<&Names> {
    let role = by.role()?;
    if by == By::Product {
        return orders.lines.as_ref().map(|lines| &lines.products);
    }
    orders.attributes.iter().find(|a| a.role == role).map(|attribute| &attribute.values)
}
