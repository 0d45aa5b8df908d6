//! From a goal to its result: which analyses it needs, in which order, each
//! computed once and passed to the next as plain data.

use std::cell::OnceCell;
use std::rc::Rc;

use super::Loaded;
use super::cache::Cache;
use super::computed::Computed;
use super::output::{Output, Unavailable};
use super::request::{ExportArgs, Goal, Settings, ViewArgs, What};
use crate::calendar::Day;
use crate::churn::{self, Activity, Churn, Churned};
use crate::customers::{Customers, customers};
use crate::describe::Describe;
use crate::error::{Error, Result};
use crate::lifetime::{Lifetime, LifetimeOptions, LifetimeTask, ModelChoice};
use crate::orders::Orders;
use crate::rfm::{Rfm, RfmOptions, rfm};
use crate::table::{self, CustomerExport, Need};
use crate::task::{Progress, Step};
use crate::winback::{Known, Planning, Winback, WinbackOptions};

/// Results of one load. `Err` is the reason why there is none: it is kept too.
#[derive(Default)]
pub struct Results {
    pub(super) customers: Cache<Day, Customers, 6>,
    pub(super) rfm: Cache<(Day, RfmOptions), Rfm, 6>,
    pub(super) lifetime: Cache<(Day, LifetimeOptions), Result<Lifetime>, 6>,
    /// What the lifetime model said at the churn cut-offs, by day and window.
    activity: Cache<(Day, u32), Option<Activity>, 24>,
    pub(super) churn: Cache<(Day, crate::churn::ChurnOptions), Result<Churned>, 6>,
    pub(super) winback: Cache<(Day, Settings), Result<Winback>, 6>,
}

/// An analysis under way.
pub struct Analysis {
    pub(super) as_of: Day,
    pub(super) settings: Settings,
    goal: Goal,
    running: Option<Running>,
    /// For display: how many analyses are finished.
    stage: u32,
    progress: Progress,
}

/// The analysis that is being computed for the goal.
enum Running {
    Describe(Box<Describe>),
    Lifetime(Box<LifetimeTask>),
    Activity { day: Day, window: u32, task: Box<LifetimeTask> },
    Churn(Box<Churn>),
    Winback(Box<Planning>),
    Export { export: CustomerExport, bytes: Vec<u8> },
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
        Ok(Analysis { as_of, settings, goal, running: None, stage: 0, progress })
    }

    /// Which analysis is under way (2 lifetime, 3 habits, 4 churn, 5 export,
    /// 6 describe, 7 win-back; 0 and 1 are reading and loading), and how far it is.
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
        if let Some(running) = self.running.take() {
            return self.continue_with(running, loaded, results, budget);
        }
        for need in self.needs() {
            if self.begin(need, loaded, results)? {
                return Ok(Step::Working(self.progress));
            }
        }
        self.conclude(loaded, results)
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
                match task.advance(orders, &base, budget) {
                    Step::Working(progress) => {
                        self.wait(6, progress, Running::Describe(task))
                    }
                    Step::Done(result) => {
                        return Ok(Step::Done(Output::Describe(Box::new(result))));
                    }
                }
            }
            Running::Lifetime(mut task) => match task.advance(budget) {
                Ok(Step::Working(progress)) => {
                    self.wait(2, progress, Running::Lifetime(task))
                }
                Ok(Step::Done(lifetime)) => self.keep_lifetime(results, Ok(lifetime)),
                Err(error) => self.keep_lifetime(results, Err(error)),
            },
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
            Running::Winback(mut task) => {
                match self.advance_plan(&mut task, orders, results, budget) {
                    Ok(Step::Working(progress)) => {
                        self.wait(7, progress, Running::Winback(task));
                    }
                    Ok(Step::Done(plan)) => self.keep_plan(results, Ok(plan)),
                    Err(error) => self.keep_plan(results, Err(error)),
                }
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

    fn wait(&mut self, stage: u32, progress: Progress, running: Running) {
        (self.stage, self.progress, self.running) = (stage, progress, Some(running));
    }

    fn keep_lifetime(&self, results: &mut Results, outcome: Result<Lifetime>) {
        results.lifetime.put((self.as_of, self.settings.lifetime.clone()), outcome);
    }

    fn keep_churn(&self, results: &mut Results, outcome: Result<Churned>) {
        results.churn.put((self.as_of, self.settings.churn.clone()), outcome);
    }

    fn keep_plan(&self, results: &mut Results, outcome: Result<Winback>) {
        results.winback.put((self.as_of, self.settings.clone()), outcome);
    }

    /// What the goal needs, in the order of computing.
    fn needs(&self) -> Vec<Need> {
        let mut needs = match &self.goal {
            Goal::Describe => vec![],
            Goal::Rfm => vec![Need::Rfm],
            Goal::Lifetime => vec![Need::Lifetime],
            Goal::Churn => vec![Need::Churn],
            Goal::Winback => vec![Need::Winback],
            Goal::Customers(query) => query.needs(),
            Goal::Customer(_) => vec![Need::Winback],
            Goal::Export(export) => export.needs(),
        };
        if needs.contains(&Need::Winback) {
            needs.extend([Need::Rfm, Need::Lifetime, Need::Churn]);
        }
        needs.sort_unstable();
        needs.dedup();
        needs
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

    /// Begins one analysis if its result is missing, and says whether it did.
    fn begin(
        &mut self,
        need: Need,
        loaded: &Loaded,
        results: &mut Results,
    ) -> Result<bool> {
        let orders = &loaded.orders;
        let base = self.customers(orders, results);
        match need {
            Need::Rfm | Need::Segment => {
                let key = (self.as_of, self.settings.rfm.clone());
                if results.rfm.get(&key).is_some() {
                    return Ok(false);
                }
                let scored = rfm(orders, &base, &self.settings.rfm)?;
                results.rfm.put(key, scored);
            }
            Need::Lifetime => {
                let options = &self.settings.lifetime;
                if results.lifetime.get(&(self.as_of, options.clone())).is_some() {
                    return Ok(false);
                }
                match LifetimeTask::new(orders, &base, options.clone()) {
                    Ok(task) => self.running = Some(Running::Lifetime(Box::new(task))),
                    Err(error) => self.keep_lifetime(results, Err(error)),
                }
            }
            Need::Churn => return self.begin_churn(orders, results),
            Need::Winback => {
                let key = (self.as_of, self.settings.clone());
                if results.winback.get(&key).is_some() {
                    return Ok(false);
                }
                match self.planning(&base, results) {
                    Ok(task) => self.running = Some(Running::Winback(Box::new(task))),
                    Err(error) => self.keep_plan(results, Err(error)),
                }
            }
        }
        Ok(true)
    }

    /// The habits at each cut-off first, then the churn model over them.
    fn begin_churn(&mut self, orders: &Orders, results: &mut Results) -> Result<bool> {
        let options = self.settings.churn.clone();
        if results.churn.get(&(self.as_of, options.clone())).is_some() {
            return Ok(false);
        }
        let plan = match churn::plan(orders, self.as_of, &options) {
            Ok(plan) => plan,
            Err(error) => {
                self.keep_churn(results, Err(error));
                return Ok(true);
            }
        };
        let window = plan.window_days;
        let mut activities = Vec::new();
        for day in plan.days() {
            match results.activity.get(&(day, window)) {
                Some(activity) => activities.push((*activity).clone()),
                None => {
                    match habits(orders, day, window) {
                        Ok(task) => {
                            let task = Box::new(task);
                            self.running = Some(Running::Activity { day, window, task });
                        }
                        Err(_) => {
                            results.activity.put((day, window), None);
                        }
                    }
                    return Ok(true);
                }
            }
        }
        match Churn::new(plan, options, activities) {
            Ok(task) => self.running = Some(Running::Churn(Box::new(task))),
            Err(error) => self.keep_churn(results, Err(error)),
        }
        Ok(true)
    }
}

impl Analysis {
    /// The plan, measured in churn's window and over lifetime's horizon.
    fn planning(&self, base: &Customers, results: &Results) -> Result<Planning> {
        let (_, churned) = self.known(results)?;
        let options = WinbackOptions {
            window_days: succeeded(&churned)?.plan.window_days,
            horizon_days: self.settings.lifetime.horizon_days,
            ..self.settings.winback.clone()
        };
        Planning::new(base.clone(), options)
    }

    #[allow(clippy::type_complexity)]
    fn known(
        &self,
        results: &Results,
    ) -> Result<(Rc<Result<Lifetime>>, Rc<Result<Churned>>)> {
        let lifetime =
            results.lifetime.get(&(self.as_of, self.settings.lifetime.clone()));
        let churned = results.churn.get(&(self.as_of, self.settings.churn.clone()));
        let gone = || Error::new("no-task");
        let (lifetime, churned) = (lifetime.ok_or_else(gone)?, churned.ok_or_else(gone)?);
        succeeded(&lifetime)?;
        succeeded(&churned)?;
        Ok((lifetime, churned))
    }

    fn advance_plan(
        &self,
        task: &mut Planning,
        orders: &Orders,
        results: &mut Results,
        budget: u64,
    ) -> Result<Step<Winback>> {
        let base = self.customers(orders, results);
        let (lifetime, churned) = self.known(results)?;
        let (columns, churned) = (&succeeded(&lifetime)?.columns, succeeded(&churned)?);
        let stake = value_at_stake(columns);
        let scored = results.rfm.get(&(self.as_of, self.settings.rfm.clone()));
        let habits = results.activity.get(&(self.as_of, churned.plan.window_days));
        let setting = OnceCell::new();
        let segment = |c: usize| {
            let scored = scored.as_deref().filter(|rfm| !rfm.ids.is_empty());
            scored.map_or_else(String::new, |rfm| {
                rfm.ids[usize::from(rfm.segment[c])].clone()
            })
        };
        let reasons = |c: usize| {
            let setting = setting.get_or_init(|| churned.setting(orders));
            let habits = habits.as_deref().and_then(Option::as_ref);
            let habits = habits.map(|h| (h.p_alive[c], h.expected_orders[c]));
            let why = churned.explain(orders, base.number[c], habits, setting);
            why.contributions.into_iter().map(|part| part.reason).collect()
        };
        let known = Known {
            value_at_stake: &stake,
            churn_probability: &churned.probability,
            segment: &segment,
            reasons: &reasons,
        };
        task.advance(orders, &known, budget)
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
            matches!(self.goal, Goal::Rfm | Goal::Lifetime | Goal::Churn | Goal::Winback);
        if nobody && base.is_empty() {
            let reason = Error::new("no-customers").with("asOf", self.as_of);
            return Ok(Step::Done(Output::Unavailable(Unavailable::from(&reason))));
        }
        let table = Computed::new(self, orders, results);
        let output = match &self.goal {
            Goal::Describe => {
                let task = Box::new(Describe::new(orders, self.as_of));
                self.wait(6, Progress::default(), Running::Describe(task));
                return Ok(Step::Working(self.progress));
            }
            Goal::Rfm => match &table.rfm {
                Some(rfm) => Output::Rfm(Box::new(rfm.result.clone())),
                None => return Err(Error::new("no-task")),
            },
            Goal::Lifetime => outcome(&table.lifetime, |done| {
                Output::Lifetime(Box::new(done.result.clone()))
            })?,
            Goal::Churn => outcome(&table.churn, |done| {
                Output::Churn(Box::new(done.result.clone()))
            })?,
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
            Goal::Export(export) => match export {
                ExportArgs { what: What::Ledger, labels, .. } => {
                    Output::Bytes(table::ledger_csv(&loaded.ledger, labels))
                }
                ExportArgs { what: What::Segments, labels, .. } => match &table.rfm {
                    Some(rfm) => {
                        let csv = table::segments_csv(&rfm.result, orders.scale, labels);
                        Output::Bytes(csv)
                    }
                    None => return Err(Error::new("no-task")),
                },
                ExportArgs { query, labels, .. } => {
                    let columns = table.columns(orders);
                    let export = CustomerExport::new(&columns, query, labels.clone())?;
                    let progress = export.progress();
                    self.wait(5, progress, Running::Export { export, bytes: Vec::new() });
                    return Ok(Step::Working(self.progress));
                }
            },
        };
        Ok(Step::Done(output))
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

fn succeeded<T>(outcome: &Result<T>) -> Result<&T> {
    outcome.as_ref().map_err(Error::clone)
}

/// Revenue within the horizon that a customer would bring who is a customer
/// still: what is lost when they are gone, whatever their chance of it.
fn value_at_stake(columns: &crate::lifetime::LifetimeColumns) -> Vec<f64> {
    // Below one in a hundred the quotient says more about the model than the customer.
    const LEAST_CHANCE: f64 = 0.01;
    let expected = columns.expected_orders.iter().zip(&columns.order_value);
    expected
        .zip(&columns.p_alive)
        .map(|((orders, value), alive)| orders * value / alive.max(LEAST_CHANCE))
        .collect()
}

/// The model whose word on habits is a feature of churn: MBG/NBD, which does
/// not call every one-time buyer alive, fitted on the records up to `day` only.
fn habits(orders: &Orders, day: Day, window_days: u32) -> Result<LifetimeTask> {
    let options = LifetimeOptions {
        model: ModelChoice::MbgNbd,
        horizon_days: window_days,
        holdout_days: Some(0),
        ..LifetimeOptions::default()
    };
    LifetimeTask::new(orders, &customers(orders, day), options)
}

fn activity(lifetime: Lifetime) -> Option<Activity> {
    let columns = lifetime.columns;
    let known =
        columns.p_alive.iter().chain(&columns.expected_orders).all(|v| v.is_finite());
    known.then_some(Activity {
        p_alive: columns.p_alive,
        expected_orders: columns.expected_orders,
    })
}
