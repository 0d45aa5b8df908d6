//! The result of a goal, once all that it needs is there.

use std::rc::Rc;

use super::Loaded;
use super::analyse::{Analysis, Results};
use super::computed::Computed;
use super::output::{Output, Unavailable};
use super::request::Goal;
use super::running::Running;
use crate::calendar::Day;
use crate::cohorts::Cohorts;
use crate::customers::{Customers, customers};
use crate::describe::Describe;
use crate::error::{Error, Result};
use crate::forecast::Forecast;
use crate::lifetime::{EquityResult, RowsTask};
use crate::orders::Orders;
use crate::rfm::rfm;
use crate::segments::{Movement, Standing, movement};
use crate::table;
use crate::task::{Progress, Step};
use crate::winback::outcome::outcome as campaign_outcome;

impl Analysis {
    /// The result, when all that it needs is there.
    pub(super) fn conclude(
        &mut self,
        loaded: &Loaded,
        results: &mut Results,
    ) -> Result<Step<Output>> {
        let orders = &loaded.orders;
        let base = self.customers(orders, results);
        let nobody =
            matches!(self.goal, Goal::Rfm | Goal::Lifetime | Goal::Churn | Goal::Winback)
                || matches!(self.goal, Goal::Retention | Goal::Health)
                || matches!(self.goal, Goal::Equity | Goal::Covariates(_));
        if nobody && base.is_empty() {
            // Where nobody is named at all, no other day would help.
            let reason = if orders.customers.is_empty() {
                Error::new("no-customer-column")
            } else {
                Error::new("no-customers").with("asOf", self.as_of)
            };
            return Ok(Step::Done(Output::Unavailable(Unavailable::from(&reason))));
        }
        if let Some(options) = self.basket_options() {
            return self.of_baskets(orders, options, results);
        }
        let table = Computed::new(self, orders, results);
        let output = match &self.goal {
            Goal::Basket | Goal::Offers(_) => return Err(Error::new("no-task")),
            Goal::Describe => {
                let task =
                    Box::new(Describe::new(orders, self.as_of, self.settings.describe));
                self.wait(6, Progress::default(), Running::Describe(task));
                return Ok(Step::Working(self.progress));
            }
            Goal::Cohorts => {
                match Cohorts::new(orders, &base, self.settings.cohorts.clone()) {
                    Ok(task) => {
                        let task = Running::Cohorts(Box::new(task));
                        self.wait(8, Progress::default(), task);
                        return Ok(Step::Working(self.progress));
                    }
                    Err(error) => Output::Unavailable(Unavailable::from(&error)),
                }
            }
            Goal::Forecast => return Ok(self.begin_forecast(orders, &base)),
            Goal::Lifecycle => match &table.lifecycle {
                Some(stages) => Output::Lifecycle(Box::new(stages.result.clone())),
                None => return Err(Error::new("no-task")),
            },
            Goal::Ask(ask) => match self.answer(&ask.clone(), &table, loaded)? {
                Some(output) => output,
                None => return Ok(Step::Working(self.progress)),
            },
            Goal::Movement(from) => {
                Output::Movement(Box::new(self.moved(*from, &table, orders)?))
            }
            Goal::Rfm => match &table.rfm {
                Some(rfm) => Output::Rfm(Box::new(rfm.result.clone())),
                None => return Err(Error::new("no-task")),
            },
            Goal::Lifetime => outcome(&table.lifetime, |done| {
                Output::Lifetime(Box::new(done.result.clone()))
            })?,
            Goal::Equity => {
                let segments = table.rfm.as_deref().filter(|rfm| !rfm.ids.is_empty());
                let segments = segments.map(|rfm| (&*rfm.segment, &*rfm.ids));
                outcome(&table.lifetime, |done| {
                    let equity = EquityResult::new(orders, &base, done, segments);
                    Output::Equity(Box::new(equity))
                })?
            }
            Goal::LifetimeRows(query, options) => {
                let page = table::page(&table.columns(orders), query)?;
                match RowsTask::new(page.rows, page.total, options.clone()) {
                    Ok(task) => {
                        let task = Running::Rows(Box::new(task));
                        self.wait(2, Progress::default(), task);
                        return Ok(Step::Working(self.progress));
                    }
                    Err(error) => return Err(error),
                }
            }
            Goal::Covariates(args) => match self.covariates(orders, &base, args) {
                Ok(task) => {
                    let task = Running::Covariates(Box::new(task));
                    self.wait(2, Progress::default(), task);
                    return Ok(Step::Working(self.progress));
                }
                Err(error) => Output::Unavailable(Unavailable::from(&error)),
            },
            Goal::Churn => outcome(&table.churn, |done| {
                Output::Churn(Box::new(done.result.clone()))
            })?,
            Goal::Retention => match self.retention(orders, &base) {
                Ok(task) => {
                    let task = Running::Retention(Box::new(task));
                    self.wait(9, Progress::default(), task);
                    return Ok(Step::Working(self.progress));
                }
                Err(error) => Output::Unavailable(Unavailable::from(&error)),
            },
            Goal::Health => outcome(&table.health, |done| {
                Output::Health(Box::new(done.result.clone()))
            })?,
            Goal::Reasons => match table.winback.as_deref() {
                Some(Ok(_)) => {
                    let begun = Running::Reasons { known: Vec::new(), setting: None };
                    self.wait(5, Progress::default(), begun);
                    return Ok(Step::Working(self.progress));
                }
                _ => Output::Reasons(Vec::new()),
            },
            Goal::Outcome(campaign) => {
                Output::Outcome(Box::new(campaign_outcome(orders, campaign)?))
            }
            Goal::Winback => outcome(&table.winback, |done| {
                Output::Winback(Box::new(done.result.clone()))
            })?,
            Goal::Customers(query) => {
                Output::Page(table::page(&table.columns(orders), query)?)
            }
            Goal::Customer(id) => Output::Customer(Box::new(table::customer_detail(
                &table.columns(orders),
                id,
            )?)),
            Goal::Export(export) => match self.export(&export.clone(), &table, loaded)? {
                Some(output) => output,
                None => return Ok(Step::Working(self.progress)),
            },
        };
        Ok(Step::Done(output))
    }

    pub(super) fn begin_forecast(
        &mut self,
        orders: &Orders,
        base: &Customers,
    ) -> Step<Output> {
        match Forecast::new(orders, base, self.settings.forecast.clone()) {
            Ok(task) => {
                let running = Running::Forecast(Box::new(task));
                self.wait(13, Progress::default(), running);
                Step::Working(self.progress)
            }
            Err(error) => Step::Done(Output::Unavailable(Unavailable::from(&error))),
        }
    }

    /// The moves since an earlier day, by the same rules on both days.
    pub(super) fn moved(
        &self,
        from: Day,
        table: &Computed,
        orders: &Orders,
    ) -> Result<Movement> {
        let Some(now) = &table.rfm else { return Err(Error::new("no-task")) };
        let earlier = customers(orders, from);
        let then = rfm(orders, &earlier, &self.settings.rfm)?;
        let before = Standing { customers: &earlier, segment: &then.segment };
        let after = Standing { customers: &table.customers, segment: &now.segment };
        movement(before, after, &now.ids, orders.scale)
    }
}

/// The result of an analysis, or why there is none.
fn outcome<T>(
    computed: &Option<Rc<Result<T>>>,
    output: impl FnOnce(&T) -> Output,
) -> Result<Output> {
    match computed.as_deref() {
        Some(Ok(result)) => Ok(output(result)),
        Some(Err(error)) => Ok(Output::Unavailable(Unavailable::from(error))),
        None => Err(Error::new("no-task")),
    }
}
