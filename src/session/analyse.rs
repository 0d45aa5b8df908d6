//! From a goal to its result: which analyses it needs, in which order, each
//! computed once and passed to the next as plain data.

use std::rc::Rc;

use super::Loaded;
use super::asked::ClusterKey;
use super::cache::Cache;
use super::output::{Output, Unavailable};
use super::request::{Goal, HealthKey, Settings, ViewArgs, WinbackKey};
use super::running::Running;
use crate::basket::{BasketOptions, Mined};
use crate::calendar::Day;
use crate::churn::{Activity, Churned};
use crate::cluster::Groups;
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::forecast::Cadence;
use crate::health::Health;
use crate::lifecycle::{LifecycleOptions, LifecycleStages};
use crate::lifetime::{Lifetime, LifetimeOptions};
use crate::orders::Orders;
use crate::rfm::{Measures, Rfm, RfmOptions, Windows};
use crate::sort::Order;
use crate::table::Need;
use crate::task::{Progress, Step};
use crate::winback::Winback;

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
    pub(super) progress: Progress,
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
}
