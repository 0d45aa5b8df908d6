//! A model of order times for histories that are given, rather than read from
//! orders: a table of frequency, recency and age, one row a customer or a group
//! of customers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fit::{Fit, FitTask, Parameter};
use super::history::{Groups, Histories, History};
use super::model::Model;
use super::options::ModelChoice;
use super::predict::{PredictTask, Predictions};
use super::timing::Timing;
use super::verdict;
use crate::calendar::{Days, Weeks};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::task::{Progress, Step};

/// Columns of equal length, in whole days and numbers of repeat order days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Repeat order days; in BG/BB periods with an order.
    pub frequency: Vec<f64>,
    /// Days from the first order to the last.
    pub recency_days: Vec<f64>,
    /// Days from the first order to the day of reckoning.
    pub age_days: Vec<f64>,
    /// How many customers a row stands for; one each where this is empty.
    pub customers: Vec<f64>,
}

/// What is asked of given histories.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GivenOptions {
    /// Which model; `auto` and `mbg-cnbd-k` need orders and are refused.
    pub model: ModelChoice,
    /// Days of a period of BG/BB.
    pub period_days: u32,
    /// For predictions: the parameters, times in weeks.
    pub parameters: Vec<f64>,
    /// For predictions: how far ahead, 1 to 3650 days.
    pub horizon_days: u32,
}

impl Default for GivenOptions {
    fn default() -> GivenOptions {
        GivenOptions {
            model: ModelChoice::MbgNbd,
            period_days: 28,
            parameters: Vec::new(),
            horizon_days: 365,
        }
    }
}

/// A fit of given histories: `HistoriesFit` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenFit {
    /// The code of the model.
    pub model: &'static str,
    /// Its parameters, times in weeks.
    pub parameters: Vec<Parameter>,
    /// Log-likelihood of all customers.
    pub log_likelihood: f64,
    /// Largest entry of its gradient in the logarithms of the parameters.
    pub gradient: f64,
    /// Whether the search ended by itself.
    pub converged: bool,
    /// How many of the starts ended at the same value.
    pub agreeing: u32,
    /// How many starts there were.
    pub starts: u32,
    /// How many customers.
    pub customers: f64,
    /// How many of them ordered on a second day.
    pub repeaters: f64,
    /// Distinct histories.
    pub distinct: u64,
    /// How far the fit can be trusted.
    pub verdict: Message,
}

/// Predictions for given histories, one entry a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenPredictions {
    /// The chance of being a customer still.
    pub p_alive: Vec<f64>,
    /// Expected orders within the horizon.
    pub expected_orders: Vec<f64>,
}

impl GivenOptions {
    fn model(&self) -> Result<Model> {
        if !(1..=366).contains(&self.period_days) {
            return Err(Error::new("bad-period-days").with("value", self.period_days));
        }
        match self.model {
            ModelChoice::BgNbd => Ok(Model::BgNbd),
            ModelChoice::MbgNbd => Ok(Model::MbgNbd),
            ModelChoice::ParetoNbd => Ok(Model::ParetoNbd),
            ModelChoice::Nbd => Ok(Model::Nbd),
            ModelChoice::BgBb => Ok(Model::BgBb(self.period_days)),
            ModelChoice::Auto | ModelChoice::MbgCnbdK => {
                Err(Error::new("histories-without-gaps"))
            }
        }
    }
}

impl Given {
    /// The distinct histories.
    ///
    /// # Errors
    /// `histories-length` where the columns differ in length or are empty,
    /// `histories-number` with the `row` (from 1) of a number that is negative,
    /// not whole or not a number, and those of [`History::new`] with the `row`.
    fn group(&self) -> Result<Arc<Groups>> {
        let n = self.frequency.len();
        let alike = self.recency_days.len() == n && self.age_days.len() == n;
        let weighted = !self.customers.is_empty();
        if n == 0 || !alike || (weighted && self.customers.len() != n) {
            return Err(Error::new("histories-length"));
        }
        let mut histories = Histories::default();
        for row in 0..n {
            let whole = |value: f64| -> Result<u32> {
                if (0.0..4e9).contains(&value) && value == libm::floor(value) {
                    return Ok(value as u32);
                }
                Err(Error::new("histories-number").with("row", row + 1))
            };
            let history = History::new(
                whole(self.frequency[row])?,
                Days(whole(self.recency_days[row])?),
                Days(whole(self.age_days[row])?),
            );
            histories.push(history.map_err(|error| error.with("row", row + 1))?);
        }
        for (row, &weight) in self.customers.iter().enumerate() {
            if !weight.is_finite() || weight < 0.0 {
                return Err(Error::new("histories-number").with("row", row + 1));
            }
        }
        histories.weights.clone_from(&self.customers);
        Ok(Arc::new(histories.group()))
    }
}

/// A fit of given histories, in slices.
pub struct GivenFitTask {
    model: Model,
    groups: Arc<Groups>,
    fit: FitTask,
    fitted: Option<Fit>,
    baseline: Option<FitTask>,
    work: u64,
}

impl GivenFitTask {
    /// Prepares the fit. Linear in the rows, plus a sort.
    ///
    /// # Errors
    /// `histories-without-gaps` for a model that needs orders, `bad-period-days`,
    /// those of the histories, and `lifetime-too-little-data` with fewer than ten
    /// repeat customers.
    pub fn new(given: &Given, options: &GivenOptions) -> Result<GivenFitTask> {
        let model = options.model()?;
        let groups = given.group()?;
        if groups.repeaters() < verdict::LEAST_REPEATERS {
            return Err(Error::from(verdict::too_little_data(&groups)));
        }
        let fit = FitTask::of(model, &groups);
        Ok(GivenFitTask { model, groups, fit, fitted: None, baseline: None, work: 0 })
    }

    /// Works for about `budget` likelihood terms.
    ///
    /// # Errors
    /// None so far; what cannot be fitted is said in the verdict.
    pub fn advance(&mut self, budget: u64) -> Result<Step<GivenFit>> {
        let mut left = budget;
        if self.fitted.is_none() {
            self.fitted = self.fit.advance(&mut left);
            let timed = self.model != Model::Nbd && self.model.period().is_none();
            if timed && self.fitted.is_some() {
                self.baseline = Some(FitTask::of(Model::Nbd, &self.groups));
            }
        }
        let mut nbd = None;
        if let Some(task) = &mut self.baseline {
            nbd = task.advance(&mut left);
            if nbd.is_none() {
                return Ok(self.wait(budget));
            }
        }
        match &self.fitted {
            Some(fit) => Ok(Step::Done(self.result(fit, nbd.as_ref()))),
            None => Ok(self.wait(budget)),
        }
    }

    fn wait(&mut self, budget: u64) -> Step<GivenFit> {
        self.work += budget;
        let total = (self.groups.len() as u64 * 40).max(self.work + self.work / 8 + 1);
        Step::Working(Progress { done: self.work, total })
    }

    fn result(&self, fit: &Fit, nbd: Option<&Fit>) -> GivenFit {
        GivenFit {
            model: self.model.code(),
            parameters: fit.named(self.model.names()),
            log_likelihood: fit.log_likelihood,
            gradient: fit.gradient,
            converged: fit.converged,
            agreeing: fit.agreeing,
            starts: fit.starts,
            customers: self.groups.total(),
            repeaters: self.groups.repeaters(),
            distinct: self.groups.len() as u64,
            verdict: verdict::timing(self.model, fit, nbd, &self.groups),
        }
    }
}

/// Predictions for given histories, in slices.
pub struct GivenPredictTask {
    groups: Arc<Groups>,
    task: PredictTask,
    work: u64,
}

impl GivenPredictTask {
    /// Prepares predictions. Linear in the rows, plus a sort.
    ///
    /// # Errors
    /// `bad-horizon-days`, `bad-parameters` unless there are as many parameters as
    /// the model has, all above zero, and those of [`GivenFitTask::new`] but for
    /// the number of repeat customers.
    pub fn new(given: &Given, options: &GivenOptions) -> Result<GivenPredictTask> {
        let model = options.model()?;
        if !(1..=3650).contains(&options.horizon_days) {
            return Err(
                Error::new("bad-horizon-days").with("value", options.horizon_days)
            );
        }
        let parameters = &options.parameters;
        let usable = |p: &f64| p.is_finite() && *p > 0.0;
        if parameters.len() != model.names().len() || !parameters.iter().all(usable) {
            let names = model.names().iter().map(|n| (*n).to_owned());
            let error = Error::new("bad-parameters").with("model", model.code());
            return Err(error.with("names", names.collect::<Vec<String>>()));
        }
        let groups = given.group()?;
        let horizon = Weeks::from(Days(options.horizon_days));
        let task =
            PredictTask::new(Timing::new(model, parameters), &groups, horizon, 0.0);
        Ok(GivenPredictTask { groups, task, work: 0 })
    }

    /// Works for about `budget` terms.
    ///
    /// # Errors
    /// None so far.
    pub fn advance(&mut self, budget: u64) -> Result<Step<GivenPredictions>> {
        let mut left = budget;
        let Some(Predictions { p_alive, orders, .. }) = self.task.advance(&mut left)
        else {
            self.work += budget;
            let total = (self.groups.len() as u64).max(self.work + 1);
            return Ok(Step::Working(Progress { done: self.work, total }));
        };
        let each = |by_group: &[f64]| -> Vec<f64> {
            self.groups.of.iter().map(|&k| by_group[k as usize]).collect()
        };
        Ok(Step::Done(GivenPredictions {
            p_alive: each(&p_alive),
            expected_orders: each(&orders),
        }))
    }
}
