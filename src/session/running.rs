//! The analysis that is under way for a goal, slice by slice, and where its result goes.

use super::Loaded;
use super::analyse::{Analysis, Results};
use super::begin::activity;
use super::computed::Computed;
use super::output::{Output, Unavailable};
use super::request::Goal;
use crate::basket::{Basket, BasketOptions};
use crate::calendar::Day;
use crate::churn::Churn;
use crate::churn::retention::Retention;
use crate::cluster::Clustering;
use crate::cohorts::Cohorts;
use crate::describe::Describe;
use crate::error::{Error, Result};
use crate::forecast::Forecast;
use crate::habits::Setting;
use crate::health::HealthTask;
use crate::lifecycle::Lifecycle;
use crate::lifetime::{CovariateTask, LifetimeTask, RowsTask};
use crate::message::Message;
use crate::segments::{Movement, Profiling};
use crate::table::{self, CustomerExport, MovementExport, OffersExport, PlanExport};
use crate::task::Step;
use crate::winback::Planning;

/// The analysis that is being computed for the goal.
pub(super) enum Running {
    Describe(Box<Describe>),
    Cohorts(Box<Cohorts>),
    Lifecycle(Box<Lifecycle>),
    Basket { task: Box<Basket>, options: BasketOptions },
    Offers(OffersExport),
    Forecast(Box<Forecast>),
    Lifetime(Box<LifetimeTask>),
    Rows(Box<RowsTask>),
    Covariates(Box<CovariateTask>),
    Activity { day: Day, window: u32, task: Box<LifetimeTask> },
    Churn(Box<Churn>),
    Retention(Box<Retention>),
    Health(Box<HealthTask>),
    Winback(Box<Planning>),
    Cluster(Box<Clustering>),
    Profile(Box<Profiling>),
    Reasons { known: Vec<Vec<Message>>, setting: Option<Box<Setting>> },
    PlanList { export: Box<PlanExport>, bytes: Vec<u8> },
    Export { export: CustomerExport, bytes: Vec<u8> },
    Moves { export: MovementExport, moved: Box<Movement>, bytes: Vec<u8> },
}

impl Analysis {
    /// One slice more.
    pub(super) fn continue_with(
        &mut self,
        running: Running,
        loaded: &Loaded,
        results: &mut Results,
        budget: u64,
    ) -> Result<Step<Output>> {
        let orders = &loaded.orders;
        match running {
            Running::Describe(mut task) => {
                let base = self.customers(orders, results);
                let step = task.advance(orders, &base, budget);
                return self.show(step, 6, Running::Describe(task), Output::Describe);
            }
            Running::Cohorts(mut task) => {
                let base = self.customers(orders, results);
                let step = task.advance(orders, &base, budget);
                if let (Goal::Export(export), Step::Done(result)) = (&self.goal, &step) {
                    let csv = table::cohorts_csv(result, orders.scale, &export.labels);
                    return Ok(Step::Done(Output::Bytes(csv)));
                }
                return self.show(step, 8, Running::Cohorts(task), Output::Cohorts);
            }
            Running::Forecast(mut task) => {
                let base = self.customers(orders, results);
                let step = match task.advance(orders, &base, budget) {
                    Ok(step) => step.map(|found| found.result),
                    Err(error) if matches!(self.goal, Goal::Export(_)) => {
                        return Err(error);
                    }
                    Err(error) => {
                        let reason = Output::Unavailable(Unavailable::from(&error));
                        return Ok(Step::Done(reason));
                    }
                };
                if let (Goal::Export(export), Step::Done(result)) = (&self.goal, &step) {
                    let csv = table::forecast_csv(result, orders.scale, &export.labels);
                    return Ok(Step::Done(Output::Bytes(csv)));
                }
                return self.show(step, 13, Running::Forecast(task), Output::Forecast);
            }
            Running::Lifecycle(mut task) => {
                let base = self.customers(orders, results);
                match task.advance(orders, &base, budget) {
                    Step::Working(progress) => {
                        self.wait(9, progress, Running::Lifecycle(task));
                    }
                    Step::Done(stages) => {
                        let key = (self.as_of, self.settings.lifecycle.clone());
                        results.lifecycle.put(key, stages);
                    }
                }
            }
            Running::Basket { mut task, options } => match task.advance(orders, budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(12, progress, Running::Basket { task, options });
                }
                Ok(Step::Done(mined)) => {
                    results.basket.put((self.as_of, options), Ok(mined));
                }
                Err(error) => {
                    results.basket.put((self.as_of, options), Err(error));
                }
            },
            Running::Offers(mut export) => {
                let Some(mined) = self.mined(results) else {
                    return Err(Error::new("no-task"));
                };
                if let Ok(mined) = mined.as_ref()
                    && let Some(progress) =
                        export.advance(orders, mined, self.as_of, budget)
                {
                    self.wait(5, progress, Running::Offers(export));
                    return Ok(Step::Working(progress));
                }
                return Ok(Step::Done(Output::Bytes(export.bytes())));
            }
            Running::Lifetime(mut task) => match task.advance(budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(2, progress, Running::Lifetime(task))
                }
                Ok(Step::Done(lifetime)) => self.keep_lifetime(results, Ok(lifetime)),
                Err(error) => self.keep_lifetime(results, Err(error)),
            },
            Running::Rows(mut task) => {
                let base = self.customers(orders, results);
                let key = (self.as_of, self.settings.lifetime.clone());
                let lifetime = results.lifetime.get(&key);
                let step = match lifetime.as_deref() {
                    Some(Ok(lifetime)) => task.advance(orders, &base, lifetime, budget),
                    Some(Err(error)) => Err(error.clone()),
                    None => Err(Error::new("no-task")),
                };
                return self.attempt(step, 2, Running::Rows(task), Output::LifetimeRows);
            }
            Running::Covariates(mut task) => {
                let step = task.advance(budget).map(|step| step.map(|fit| fit.result));
                let running = Running::Covariates(task);
                return self.attempt(step, 2, running, Output::Covariates);
            }
            Running::Activity { day, window, mut task } => match task.advance(budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(3, progress, Running::Activity { day, window, task })
                }
                Ok(Step::Done(lifetime)) => {
                    results.activity.put((day, window), activity(lifetime));
                }
                Err(_) => {
                    // Where no model can be fitted, churn goes without it.
                    results.activity.put((day, window), None);
                }
            },
            Running::Churn(mut task) => match task.advance(orders, budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(4, progress, Running::Churn(task))
                }
                Ok(Step::Done(churned)) => self.keep_churn(results, Ok(churned)),
                Err(error) => self.keep_churn(results, Err(error)),
            },
            Running::Retention(mut task) => {
                let step = task.advance(orders, budget)?;
                return self.show(step, 9, Running::Retention(task), Output::Retention);
            }
            Running::Health(mut task) => match task.advance(orders, budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(9, progress, Running::Health(task));
                }
                Ok(Step::Done(health)) => self.keep_health(results, Ok(health)),
                Err(error) => self.keep_health(results, Err(error)),
            },
            Running::Reasons { known, setting } => {
                return self.more_reasons(known, setting, orders, results, budget);
            }
            Running::PlanList { mut export, mut bytes } => {
                let table = Computed::new(self, orders, results);
                let Some(Ok(plan)) = table.winback.as_deref() else {
                    return Err(Error::new("no-task"));
                };
                let rows = usize::try_from(budget / 8).unwrap_or(usize::MAX);
                match export.next_chunk(&table.columns(orders), plan, rows) {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => return Ok(Step::Done(Output::Bytes(bytes))),
                }
                let progress = export.progress();
                self.wait(5, progress, Running::PlanList { export, bytes });
            }
            Running::Winback(mut task) => {
                match self.advance_plan(&mut task, orders, results, budget) {
                    Ok(Step::Working(progress)) => {
                        self.wait(7, progress, Running::Winback(task));
                    }
                    Ok(Step::Done(plan)) => self.keep_plan(results, Ok(plan)),
                    Err(error) => self.keep_plan(results, Err(error)),
                }
            }
            Running::Cluster(task) => {
                self.advance_cluster(task, orders, results, budget);
            }
            Running::Profile(task) => {
                return Ok(self.advance_profile(task, orders, results, budget));
            }
            Running::Moves { mut export, moved, mut bytes } => {
                let table = Computed::new(self, orders, results);
                let rows = usize::try_from(budget / 8).unwrap_or(usize::MAX);
                match export.next_chunk(&table.columns(orders), &moved, rows) {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => return Ok(Step::Done(Output::Bytes(bytes))),
                }
                let progress = export.progress();
                self.wait(5, progress, Running::Moves { export, moved, bytes });
            }
            Running::Export { mut export, mut bytes } => {
                let table = Computed::new(self, orders, results);
                let rows = usize::try_from(budget / 8).unwrap_or(usize::MAX);
                match export.next_chunk(&table.columns(orders), rows) {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => return Ok(Step::Done(Output::Bytes(bytes))),
                }
                let progress = export.progress();
                self.wait(5, progress, Running::Export { export, bytes });
            }
        }
        Ok(Step::Working(self.progress))
    }

    /// Goes on with a task whose result is handed out and not kept.
    fn show<T>(
        &mut self,
        step: Step<T>,
        stage: u32,
        running: Running,
        output: impl FnOnce(Box<T>) -> Output,
    ) -> Result<Step<Output>> {
        match step {
            Step::Working(progress) => {
                self.wait(stage, progress, running);
                Ok(Step::Working(progress))
            }
            Step::Done(result) => Ok(Step::Done(output(Box::new(result)))),
        }
    }

    /// The same with a task that may say why there is no result.
    fn attempt<T>(
        &mut self,
        step: Result<Step<T>>,
        stage: u32,
        running: Running,
        output: impl FnOnce(Box<T>) -> Output,
    ) -> Result<Step<Output>> {
        match step {
            Ok(step) => self.show(step, stage, running, output),
            Err(error) => Ok(Step::Done(Output::Unavailable(Unavailable::from(&error)))),
        }
    }
}
