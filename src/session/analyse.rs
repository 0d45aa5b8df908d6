//! From a goal to its result: which analyses it needs, in which order, each
//! computed once and passed to the next as plain data.

use std::rc::Rc;

use super::Loaded;
use super::asked::ClusterKey;
use super::begin::activity;
use super::cache::Cache;
use super::computed::Computed;
use super::output::{Output, Unavailable};
use super::request::{ExportArgs, Goal, HealthKey, Settings, ViewArgs, What, WinbackKey};
use crate::basket::{Basket, BasketOptions, Mined, Of};
use crate::calendar::Day;
use crate::churn::retention::Retention;
use crate::churn::{Activity, Churn, Churned};
use crate::cluster::{Clustering, Groups};
use crate::cohorts::Cohorts;
use crate::customers::{Customers, customers};
use crate::describe::Describe;
use crate::error::{Error, Result};
use crate::forecast::{Cadence, Forecast};
use crate::habits::Setting;
use crate::health::{Health, HealthTask};
use crate::lifecycle::{Lifecycle, LifecycleOptions, LifecycleStages};
use crate::lifetime::{
    CovariateTask, EquityResult, Lifetime, LifetimeOptions, LifetimeTask, RowsTask,
};
use crate::message::Message;
use crate::orders::Orders;
use crate::rfm::{Measures, Rfm, RfmOptions, Windows, rfm};
use crate::segments::{Movement, Profiling, Standing, movement};
use crate::sort::Order;
use crate::table::{
    self, CustomerExport, MovementExport, Need, OffersExport, PlanExport,
};
use crate::task::{Progress, Step};
use crate::winback::outcome::outcome as campaign_outcome;
use crate::winback::{Planning, Winback};

/// Results of one load. `Err` is the reason why there is none: it is kept too.
#[derive(Default)]
pub struct Results {
    pub(super) customers: Cache<Day, Customers, 6>,
    /// The customers sorted once, so that a moved border is redrawn quickly.
    pub(super) measures: Cache<(Day, Windows), Measures, 4>,
    pub(super) rfm: Cache<(Day, RfmOptions), Rfm, 6>,
    pub(super) lifetime: Cache<(Day, LifetimeOptions), Result<Lifetime>, 6>,
    /// What the lifetime model said at the churn cut-offs, by day and window.
    pub(super) activity: Cache<(Day, u32), Option<Activity>, 24>,
    pub(super) churn: Cache<(Day, crate::churn::ChurnOptions), Result<Churned>, 6>,
    pub(super) health: Cache<(Day, HealthKey), Result<Health>, 6>,
    pub(super) winback: Cache<(Day, WinbackKey), Result<Winback>, 6>,
    pub(super) lifecycle: Cache<(Day, LifecycleOptions), LifecycleStages, 4>,
    pub(super) cluster: Cache<(Day, ClusterKey), Result<Groups>, 4>,
    /// The customers' own rhythms.
    pub(super) cadences: Cache<Day, Vec<Cadence>, 2>,
    pub(super) basket: Cache<(Day, BasketOptions), Result<Mined>, 4>,
}

/// An analysis under way.
pub struct Analysis {
    /// The day that is computed for: the one asked for, once all that the goal says
    /// of other days is known.
    pub(super) as_of: Day,
    /// The day asked for.
    pub(super) asked: Day,
    pub(super) settings: Settings,
    pub(super) goal: Goal,
    pub(super) running: Option<Running>,
    /// For display: how many analyses are finished.
    stage: u32,
    progress: Progress,
}

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
    /// An analysis as of a day; as of the day after the last order where none
    /// is given.
    ///
    /// # Errors
    /// `bad-date`, `no-orders`, and those of the options.
    pub fn new(orders: &Orders, view: ViewArgs, goal: Goal) -> Result<Analysis> {
        let asked = view.day()?;
        let last = || orders.last_day().map(|day| day.plus(1));
        let as_of = asked.or_else(last).ok_or_else(|| Error::new("no-orders"))?;
        let settings = view.settings;
        settings.check()?;
        let progress = Progress::default();
        let asked = as_of;
        Ok(Analysis { as_of, asked, settings, goal, running: None, stage: 0, progress })
    }

    /// Which analysis is under way (2 lifetime, 3 habits, 4 churn, 5 export,
    /// 6 describe, 7 win-back, 8 cohorts, 9 life cycle and habits, 10 groups, 11 profile, 12 baskets, 13 forecast; 0 and 1 are reading and loading), and how far it is.
    pub fn progress(&self) -> (u32, Progress) {
        (self.stage, self.progress)
    }

    /// One slice: a part of the running analysis, or the start of the next that
    /// is missing, or the result.
    ///
    /// # Errors
    /// Those of the goal; analyses that cannot be computed are results.
    pub fn advance(
        &mut self,
        loaded: &Loaded,
        results: &mut Results,
        budget: u64,
    ) -> Result<Step<Output>> {
        if loaded.orders.undated && !self.goal.is_of_baskets() {
            let reason = Error::new("needs-days");
            return Ok(Step::Done(Output::Unavailable(Unavailable::from(&reason))));
        }
        if let Some(reason) = self.lacking(&loaded.orders) {
            return match &self.goal {
                Goal::Export(_) => Err(reason),
                _ => Ok(Step::Done(Output::Unavailable(Unavailable::from(&reason)))),
            };
        }
        if let Some(running) = self.running.take() {
            return self.continue_with(running, loaded, results, budget);
        }
        if !self.find_untold(loaded, results)? {
            return Ok(Step::Working(self.progress));
        }
        for need in self.needs()? {
            if self.begin(need, loaded, results)? {
                return Ok(Step::Working(self.progress));
            }
        }
        self.conclude(loaded, results)
    }

    /// Why a table of one row a customer cannot answer.
    fn lacking(&self, orders: &Orders) -> Option<Error> {
        let summary = orders.summary.as_ref()?;
        if self.as_of < summary.made {
            return Some(Error::new("customers-before-table").with("made", summary.made));
        }
        if self.goal.needs_single_orders() {
            return Some(Error::new("needs-orders"));
        }
        let needs = self.needs().unwrap_or_default();
        let scored = [Need::Rfm, Need::Segment].iter().any(|need| needs.contains(need));
        let windows = self.settings.rfm.windows;
        if scored && summary.last_day.is_empty() {
            return Some(Error::new("needs-last-order"));
        }
        let within = windows.orders.is_some() || windows.revenue.is_some();
        (scored && within || needs.contains(&Need::Lifecycle))
            .then(|| Error::new("needs-orders"))
    }

    fn continue_with(
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

    pub(super) fn wait(&mut self, stage: u32, progress: Progress, running: Running) {
        (self.stage, self.progress, self.running) = (stage, progress, Some(running));
    }

    pub(super) fn keep_lifetime(&self, results: &mut Results, outcome: Result<Lifetime>) {
        results.lifetime.put((self.as_of, self.settings.lifetime.clone()), outcome);
    }

    pub(super) fn keep_churn(&self, results: &mut Results, outcome: Result<Churned>) {
        results.churn.put((self.as_of, self.settings.churn.clone()), outcome);
    }

    pub(super) fn keep_health(&self, results: &mut Results, outcome: Result<Health>) {
        results.health.put((self.as_of, self.settings.of_health()), outcome);
    }

    pub(super) fn keep_plan(&self, results: &mut Results, outcome: Result<Winback>) {
        results.winback.put((self.as_of, self.settings.of_the_plan()), outcome);
    }

    /// What the goal needs, in the order of computing.
    fn needs(&self) -> Result<Vec<Need>> {
        let mut needs = match &self.goal {
            Goal::Describe
            | Goal::Cohorts
            | Goal::Basket
            | Goal::Offers(_)
            | Goal::Forecast => vec![],
            Goal::Lifecycle => vec![Need::Lifecycle],
            Goal::Ask(ask) => ask.needs()?,
            Goal::Rfm | Goal::Movement(_) => vec![Need::Rfm],
            Goal::Lifetime => vec![Need::Lifetime],
            Goal::Equity => vec![Need::Rfm, Need::Lifetime],
            Goal::LifetimeRows(query, _) => {
                let mut needs = query.needs();
                needs.push(Need::Lifetime);
                needs
            }
            Goal::Covariates(_) => vec![],
            Goal::Churn => vec![Need::Churn],
            Goal::Retention | Goal::Outcome(_) => vec![],
            Goal::Health => vec![Need::Health],
            Goal::Winback | Goal::Reasons => vec![Need::Winback],
            Goal::Customers(query) => query.needs(),
            Goal::Customer(_) => vec![Need::Winback],
            Goal::Export(export) => export.needs(),
        };
        self.complete(&mut needs);
        Ok(needs)
    }

    /// Adds what the analyses need of each other, in the order of computing.
    pub(super) fn complete(&self, needs: &mut Vec<Need>) {
        if needs.contains(&Need::Cluster) {
            needs.extend(self.cluster_needs());
        }
        if needs.contains(&Need::Winback) {
            needs.extend([Need::Rfm, Need::Lifetime, Need::Churn]);
        }
        needs.order();
        needs.dedup();
    }

    fn begin_forecast(&mut self, orders: &Orders, base: &Customers) -> Step<Output> {
        match Forecast::new(orders, base, self.settings.forecast.clone()) {
            Ok(task) => {
                let running = Running::Forecast(Box::new(task));
                self.wait(13, Progress::default(), running);
                Step::Working(self.progress)
            }
            Err(error) => Step::Done(Output::Unavailable(Unavailable::from(&error))),
        }
    }

    /// The options of the baskets that the goal speaks of, where it does.
    fn basket_options(&self) -> Option<BasketOptions> {
        let options = self.settings.basket.clone();
        match &self.goal {
            Goal::Basket => Some(options),
            // What a customer lacks is told by what customers have.
            Goal::Offers(_) => Some(BasketOptions { of: Of::Customer, ..options }),
            Goal::Export(export) => match export.what {
                What::Rules | What::Sets | What::Sequences => Some(options),
                What::Offers => Some(BasketOptions { of: Of::Customer, ..options }),
                _ => None,
            },
            _ => None,
        }
    }

    /// The rules that the goal speaks of, when they are there.
    fn mined(&self, results: &Results) -> Option<Rc<Result<Mined>>> {
        results.basket.get(&(self.as_of, self.basket_options()?))
    }

    /// What the goal makes of the rules of the shop; begins to mine them where
    /// they are missing.
    fn of_baskets(
        &mut self,
        orders: &Orders,
        options: BasketOptions,
        results: &mut Results,
    ) -> Result<Step<Output>> {
        let Some(mined) = self.mined(results) else {
            match Basket::new(orders, self.as_of, options.clone()) {
                Ok(task) => {
                    let running = Running::Basket { task: Box::new(task), options };
                    self.wait(12, Progress::default(), running);
                }
                Err(error) => {
                    results.basket.put((self.as_of, options), Err(error));
                }
            }
            return Ok(Step::Working(self.progress));
        };
        let mined = match mined.as_ref() {
            Ok(mined) => mined,
            // A list that cannot be made is an error, a view says why.
            Err(error) if matches!(self.goal, Goal::Export(_)) => {
                return Err(error.clone());
            }
            Err(error) => {
                return Ok(Step::Done(Output::Unavailable(Unavailable::from(error))));
            }
        };
        let output = match &self.goal {
            Goal::Offers(id) => {
                let unknown =
                    || Error::new("unknown-customer").with("customerId", id.as_str());
                let customer =
                    orders.customers.find(id.as_bytes()).ok_or_else(unknown)?;
                let limit = table::OFFERS;
                let (offers, _) =
                    mined.offers.offers(orders, mined, self.as_of, customer, limit);
                Output::Offers(Box::new(offers))
            }
            Goal::Export(ExportArgs { what: What::Offers, labels, .. }) => {
                let contacts = table::Contacts::new(orders, self.as_of);
                let export = OffersExport::new(labels.clone(), contacts);
                self.wait(5, Progress::default(), Running::Offers(export));
                return Ok(Step::Working(self.progress));
            }
            Goal::Export(ExportArgs { what, labels, .. }) => Output::Bytes(match what {
                What::Sets => table::sets_csv(orders, mined, labels),
                What::Sequences => table::sequences_csv(orders, mined, labels),
                _ => table::rules_csv(orders, mined, labels),
            }),
            _ => Output::Basket(Box::new(mined.result.clone())),
        };
        Ok(Step::Done(output))
    }

    /// The customers of the day, made once.
    pub(super) fn customers(
        &self,
        orders: &Orders,
        results: &mut Results,
    ) -> Rc<Customers> {
        let known = results.customers.get(&self.as_of);
        known.unwrap_or_else(|| {
            results.customers.put(self.as_of, customers(orders, self.as_of))
        })
    }

    /// The result, when all that it needs is there.
    fn conclude(
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
}

impl Analysis {
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
