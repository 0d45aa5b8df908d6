//! Fitting a model with static covariates: the values of some attributes at each
//! customer's first order, compared with the most frequent one.

use std::sync::Arc;

use serde::Serialize;

use super::covariates::{Pattern, WithCovariates, effective, moved, process};
use super::equity::Labels;
use super::fit::{Fit, FitTask, Parameter};
use super::history::Histories;
use super::maximise::Objective;
use super::model::Model;
use super::predict::{PredictTask, Predictions};
use super::special::chi_squared_above;
use super::timing::Timing;
use super::verdict;
use crate::calendar::Weeks;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;
use crate::sort::Order;
use crate::task::{Progress, Step};

/// Values of an attribute with fewer customers are taken together.
const LEAST_CUSTOMERS: usize = 30;
/// At most so many values of an attribute are told apart.
const MOST_VALUES: usize = 8;

/// The effect of one covariate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coefficient {
    /// What it moves: `orders` (their rate), `leaving` or `staying`.
    pub process: &'static str,
    /// The attribute.
    pub attribute: String,
    /// Its value, compared with the most frequent one.
    pub value: String,
    /// Times as much as with the most frequent value.
    pub factor: f64,
    /// The coefficient: the logarithm of the factor.
    pub coefficient: f64,
    /// Its standard error; `None` where the data cannot tell.
    pub standard_error: Option<f64>,
    /// The chance of a coefficient this large if there were no effect.
    pub p_value: Option<f64>,
}

/// A model with covariates: `CovariateResult` of `pkg/types.d.ts`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CovariateResult {
    /// The model.
    pub model: &'static str,
    /// The parameters of customers with the most frequent values.
    pub parameters: Vec<Parameter>,
    /// The effects.
    pub coefficients: Vec<Coefficient>,
    /// The most frequent value of each attribute, with which others are compared.
    pub compared_with: Vec<String>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// The same without covariates.
    pub plain_log_likelihood: f64,
    /// Twice the gain, chi-squared without an effect.
    pub gain: f64,
    /// Degrees of freedom.
    pub degrees: u32,
    /// The chance of a gain this large without any effect.
    pub p_value: f64,
    /// How far the fit can be trusted.
    pub verdict: Message,
    /// What was noticed.
    pub notices: Vec<Message>,
}

/// What [`CovariateTask`] ends with.
#[derive(Clone, Debug)]
pub struct CovariateFit {
    /// The plain result.
    pub result: CovariateResult,
    /// Each customer's chance of still being one.
    pub p_alive: Vec<f64>,
    /// Each customer's expected orders within the horizon.
    pub expected_orders: Vec<f64>,
}

/// A model with covariates, fitted in slices.
pub struct CovariateTask {
    model: Model,
    horizon: Weeks,
    names: Vec<(String, String)>,
    compared_with: Vec<String>,
    notices: Vec<Message>,
    patterns: Vec<Pattern>,
    /// The pattern of each customer, and the customer's place in it.
    place: Vec<(u32, u32)>,
    plain: Option<Fit>,
    fit: Option<Fit>,
    stage: Stage,
    predictions: Vec<Predictions>,
    work: u64,
}

enum Stage {
    Plain(FitTask),
    Full(FitTask),
    Predict(PredictTask),
    Done,
}

impl CovariateTask {
    /// Prepares a model whose covariates are the values of some attributes of the
    /// orders (indexes in `orders.attributes`) at each customer's first order.
    ///
    /// # Errors
    /// `covariates-not-for-model` unless it is BG/NBD, MBG/NBD or Pareto/NBD,
    /// `covariates-none` when no attribute has two values with 30 customers each,
    /// `lifetime-too-little-data` with too few repeat customers, and those of
    /// [`Histories::of`].
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        model: Model,
        attributes: &[usize],
        horizon: Weeks,
    ) -> Result<CovariateTask> {
        moved(model)?;
        let histories = Histories::of(orders, customers.as_of)?;
        let mut names = Vec::new();
        let mut compared_with = Vec::new();
        let mut notices = Vec::new();
        let mut rows: Vec<Vec<u16>> = vec![Vec::new(); customers.len()];
        for &index in attributes {
            let Some(attribute) = orders.attributes.get(index) else { continue };
            let labels = Labels::acquired_by(orders, customers, attribute);
            let (kept, merged) = frequent(&labels.of, labels.names.len());
            if kept.len() < 2 {
                notices.push(
                    Message::new("covariate-without-variety")
                        .with("attribute", attribute.name.as_str()),
                );
                continue;
            }
            if merged > 0 {
                notices.push(
                    Message::new("covariate-values-merged")
                        .with("attribute", attribute.name.as_str())
                        .with("values", merged)
                        .with("into", labels.names.text(kept[0]).into_owned()),
                );
            }
            compared_with.push(labels.names.text(kept[0]).into_owned());
            for &value in &kept[1..] {
                let text = labels.names.text(value).into_owned();
                names.push((attribute.name.clone(), text));
            }
            for (row, label) in rows.iter_mut().zip(&labels.of) {
                let place = kept.iter().position(|v| v == label).unwrap_or(0);
                row.push(place as u16);
            }
        }
        if names.is_empty() {
            return Err(Error::new("covariates-none"));
        }
        let (patterns, place) = patterns(&histories, &rows, &levels(&names));
        let all = Arc::new(histories.group());
        if all.repeaters() < verdict::LEAST_REPEATERS {
            let message = verdict::too_little_data(&all);
            let mut error = Error::new(message.code);
            for (name, value) in message.params {
                error = error.with(name, value);
            }
            return Err(error);
        }
        Ok(CovariateTask {
            model,
            horizon,
            names,
            compared_with,
            notices,
            patterns,
            place,
            plain: None,
            fit: None,
            stage: Stage::Plain(FitTask::of(model, &all)),
            predictions: Vec::new(),
            work: 0,
        })
    }

    /// Works for about `budget` likelihood terms.
    ///
    /// # Errors
    /// None so far; what cannot be fitted is said in the verdict.
    pub fn advance(&mut self, budget: u64) -> Result<Step<CovariateFit>> {
        let mut left = budget;
        while left > 0 {
            let before = left;
            match std::mem::replace(&mut self.stage, Stage::Done) {
                Stage::Plain(mut task) => match task.advance(&mut left) {
                    None => self.stage = Stage::Plain(task),
                    Some(plain) => {
                        let objective = WithCovariates::new(self.model, &self.patterns)?;
                        let mut start = plain.theta.clone();
                        start.resize(objective.dimension(), 0.0);
                        let full = FitTask::new(Box::new(objective), None, vec![start]);
                        self.stage = Stage::Full(full);
                        self.plain = Some(plain);
                    }
                },
                Stage::Full(mut task) => match task.advance(&mut left) {
                    None => self.stage = Stage::Full(task),
                    Some(fit) => {
                        self.fit = Some(fit);
                        self.stage = self.next_prediction()?;
                    }
                },
                Stage::Predict(mut task) => match task.advance(&mut left) {
                    None => self.stage = Stage::Predict(task),
                    Some(predictions) => {
                        self.predictions.push(predictions);
                        self.stage = self.next_prediction()?;
                    }
                },
                Stage::Done => {
                    let fit = self.fit.as_ref();
                    let fit = fit.ok_or_else(|| Error::new("lifetime-not-converged"))?;
                    return Ok(Step::Done(self.finish(fit)));
                }
            }
            self.work += (before - left).max(1);
        }
        let total = self.work * 2;
        Ok(Step::Working(Progress { done: self.work, total }))
    }

    fn next_prediction(&self) -> Result<Stage> {
        let next = self.patterns.get(self.predictions.len());
        let (Some(pattern), Some(fit)) = (next, &self.fit) else {
            return Ok(Stage::Done);
        };
        let theta = effective(moved(self.model)?, &fit.theta, &pattern.z);
        let timing = Timing::new(self.model, &theta.map(libm::exp));
        Ok(Stage::Predict(PredictTask::new(timing, &pattern.groups, self.horizon, 0.0)))
    }

    fn finish(&self, fit: &Fit) -> CovariateFit {
        let at = |&(pattern, place): &(u32, u32)| {
            let group = self.patterns[pattern as usize].groups.of[place as usize];
            (pattern as usize, group as usize)
        };
        let column = |of: fn(&Predictions) -> &Vec<f64>| -> Vec<f64> {
            self.place
                .iter()
                .map(at)
                .map(|(pattern, group)| of(&self.predictions[pattern])[group])
                .collect()
        };
        CovariateFit {
            p_alive: column(|p| &p.p_alive),
            expected_orders: column(|p| &p.orders),
            result: self.result(fit),
        }
    }

    fn result(&self, fit: &Fit) -> CovariateResult {
        let plain = self.plain.as_ref().map_or(f64::NAN, |f| f.log_likelihood);
        let blocks = moved(self.model).unwrap_or(&[]);
        let degrees = (blocks.len() * self.names.len()) as u32;
        let gain = (2.0 * (fit.log_likelihood - plain)).max(0.0);
        let n = fit.theta.len();
        let mut coefficients = Vec::new();
        for (block, &(parameter, _)) in blocks.iter().enumerate() {
            for (k, (attribute, value)) in self.names.iter().enumerate() {
                let i = 4 + block * self.names.len() + k;
                let error = fit
                    .covariance
                    .as_ref()
                    .map(|c| libm::sqrt(c[i * n + i]))
                    .filter(|e| e.is_finite() && *e > 0.0);
                let coefficient = fit.theta[i];
                coefficients.push(Coefficient {
                    process: process(parameter, self.model),
                    attribute: attribute.clone(),
                    value: value.clone(),
                    factor: libm::exp(coefficient),
                    coefficient,
                    standard_error: error,
                    p_value: error.map(|e| {
                        libm::erfc((coefficient / e).abs() / std::f64::consts::SQRT_2)
                    }),
                });
            }
        }
        CovariateResult {
            model: self.model.code(),
            parameters: fit.named(self.model.names()),
            coefficients,
            compared_with: self.compared_with.clone(),
            log_likelihood: fit.log_likelihood,
            plain_log_likelihood: plain,
            gain,
            degrees,
            p_value: chi_squared_above(gain, degrees),
            verdict: if fit.converged && fit.log_likelihood.is_finite() {
                Message::new(if fit.loosest > verdict::LOOSE {
                    "covariates-weakly-identified"
                } else {
                    "covariates-well-identified"
                })
            } else {
                Message::new("lifetime-not-converged").with("gradient", fit.gradient)
            },
            notices: self.notices.clone(),
        }
    }
}

/// The values with enough customers, most frequent first, and how many others
/// were merged into the first.
fn frequent(labels: &[u32], values: usize) -> (Vec<u32>, usize) {
    let mut counts = vec![0_usize; values];
    for &label in labels {
        if let Some(count) = counts.get_mut(label as usize) {
            *count += 1;
        }
    }
    let present = counts.iter().filter(|&&n| n > 0).count();
    let mut kept: Vec<u32> = (0..values as u32).collect();
    kept.order_by_key(|&v| std::cmp::Reverse(counts[v as usize]));
    kept.retain(|&v| counts[v as usize] >= LEAST_CUSTOMERS);
    kept.truncate(MOST_VALUES);
    let merged = present - kept.len();
    (kept, merged)
}

/// The number of covariates of each attribute.
fn levels(names: &[(String, String)]) -> Vec<usize> {
    let mut levels = Vec::new();
    let mut previous = None;
    for (attribute, _) in names {
        if previous == Some(attribute) {
            if let Some(last) = levels.last_mut() {
                *last += 1;
            }
        } else {
            levels.push(1);
        }
        previous = Some(attribute);
    }
    levels
}

/// Customers with the same values together; where each of them went.
fn patterns(
    histories: &Histories,
    rows: &[Vec<u16>],
    levels: &[usize],
) -> (Vec<Pattern>, Vec<(u32, u32)>) {
    let mut distinct: Vec<&Vec<u16>> = rows.iter().collect();
    distinct.order();
    distinct.dedup();
    let mut parts = vec![Histories::default(); distinct.len()];
    let place = rows
        .iter()
        .enumerate()
        .map(|(customer, row)| {
            let pattern = distinct.partition_point(|d| *d < row);
            parts[pattern].push(histories.get(customer));
            (pattern as u32, parts[pattern].len() as u32 - 1)
        })
        .collect();
    let dummies = |row: &[u16]| {
        let mut z = Vec::new();
        for (&value, &count) in row.iter().zip(levels) {
            z.extend((1..=count).map(|v| f64::from(usize::from(value) == v)));
        }
        z
    };
    let patterns = parts
        .iter()
        .zip(distinct)
        .map(|(part, row)| Pattern { z: dummies(row), groups: Arc::new(part.group()) })
        .collect();
    (patterns, place)
}
