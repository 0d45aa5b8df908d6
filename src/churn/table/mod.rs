//! Churn from any labelled table: subscription, telecom, bank. One row a
//! customer, a column that says who left, and whatever else is known.
//!
//! Columns that leak the outcome are found, named and left out; the model is
//! judged by cross-validation, every statistic of the preparation learned anew
//! from the training rows of each part. The model is a logistic regression, or,
//! where a quarter of the rows says that they foretell clearly better, boosted
//! trees or the mean of both.

mod fitted;
mod label;
mod leaks;
mod prepare;
mod read;
mod result;
mod trees;
mod trial;

use crate::error::{Error, Result};
use crate::message::Message;
use crate::numerics::of_id;
use crate::task::{Progress, Step};

use super::logistic;
use super::profit::Campaign;
use fitted::{Fitted, Fitting};
use label::Outcomes;
pub use leaks::Leak;
use prepare::Coding;
pub use read::{Roles, column, roles};
pub use result::{Candidate, TableContribution, TableResult};
use trees::{Growing, Trees};
use trial::{Beginning, Recipe, Trial};

/// Parts of the cross-validation.
const FOLDS: u64 = 5;

/// More rows than this are sampled for the fits; all rows are scored.
const MAX_ROWS: usize = 40_000;

/// Contributions smaller than this (in log-odds) are not worth a sentence.
const WORTH_SAYING: f64 = 0.1;

/// Fewer rows of either kind than this teach nothing.
const MIN_EACH: usize = 15;

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the file.
    pub name: String,
    /// One value a row.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers; NaN where there is none.
    Number(Vec<f64>),
    /// Texts by number, `u32::MAX` where there is none.
    Text {
        /// One a row.
        of: Vec<u32>,
        /// The distinct texts.
        values: Vec<String>,
    },
}

impl Column {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Number(values) => values.len(),
            Values::Text { of, .. } => of.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How a labelled table is analysed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableOptions {
    /// The value of the label that means "left"; guessed from words, else the
    /// rarer one.
    pub positive: Option<String>,
    /// Names of columns to leave out, such as the customer id.
    pub leave_out: Vec<String>,
    /// Names of columns to keep although they look like leaks.
    pub keep: Vec<String>,
    /// For the profit measures.
    pub campaign: Campaign,
    /// For the parts of the cross-validation.
    pub seed: u64,
}

/// The analysis of a labelled table, and what single rows need of it.
#[derive(Clone, Debug)]
pub struct TableChurn {
    /// The whole analysis.
    pub result: TableResult,
    /// For each row with a label the probability from a model that has not seen
    /// it; for a row without one, that of the model of all.
    pub probability: Vec<f64>,
    /// For each row whether the customer left, where the table says so.
    pub left: Vec<Option<bool>>,
    /// The columns used, prepared.
    columns: Vec<Column>,
    fitted: Fitted,
}

impl TableChurn {
    /// What each column adds to the log-odds of a row, largest effect first.
    /// With `base_log_odds` of the result they add up to the log-odds of the
    /// model of all rows.
    pub fn explain(&self, row: usize) -> Vec<TableContribution> {
        result::contributions(&self.columns, &self.fitted, row)
    }

    /// What raises the chance of a row, most first, at most so many.
    pub fn reasons(&self, row: usize, most: usize) -> Vec<TableContribution> {
        let raising = self.explain(row).into_iter();
        raising.filter(|c| c.log_odds >= WORTH_SAYING).take(most).collect()
    }

    /// The probability of a row by the model of all rows.
    pub fn fitted_probability(&self, row: usize) -> f64 {
        let columns: Vec<&Column> = self.columns.iter().collect();
        self.fitted.score(&columns, &[row])[0]
    }
}

/// What the table is doing.
#[derive(Debug)]
enum Stage {
    /// Looking at columns for leaks, from this one on.
    Look(usize),
    /// Fitting what is tried, one penalty after the other.
    Begin(Box<Beginning>),
    /// Growing the trees that are tried.
    Try(Box<Trial>),
    /// Growing trees without this part (the last: with all rows).
    Grow { part: u64, growing: Option<Box<Growing>> },
    /// Fitting the regression without this part.
    Fit { part: u64, trees: Trees, fitting: Box<Fitting> },
    /// Everything is fitted.
    Conclude(Box<Fitted>),
}

/// The analysis of a labelled table as a task.
#[derive(Debug)]
pub struct TableTask {
    columns: Vec<Column>,
    label: String,
    positive: String,
    options: TableOptions,
    outcomes: Vec<Option<bool>>,
    /// Rows with a label that take part in the fits.
    rows: Vec<usize>,
    part: Vec<u64>,
    leaks: Vec<Leak>,
    best_alone: Option<(String, f64)>,
    notices: Vec<Message>,
    stage: Stage,
    candidates: Vec<Candidate>,
    recipe: Recipe,
    probability: Vec<f64>,
    aucs: Vec<f64>,
}

impl TableTask {
    /// Prepares the analysis of a table; `label` is the index of the outcome
    /// column.
    ///
    /// # Errors
    /// `table-columns` when the columns differ in length or there is no such
    /// label; `table-label-values`, `table-label-unknown`; `table-few-rows`
    /// when fewer than 15 rows are known to have left or stayed.
    pub fn new(
        mut columns: Vec<Column>,
        label: usize,
        options: TableOptions,
    ) -> Result<TableTask> {
        options.campaign.check()?;
        if label >= columns.len()
            || columns.iter().any(|c| c.len() != columns[label].len())
        {
            return Err(Error::new("table-columns"));
        }
        let label = columns.remove(label);
        let mut notices = Vec::new();
        let Outcomes { left: outcomes, positive } =
            label::outcomes(&label, options.positive.as_deref(), &mut notices)?;
        let known: Vec<usize> =
            (0..outcomes.len()).filter(|&i| outcomes[i].is_some()).collect();
        let churned = known.iter().filter(|&&i| outcomes[i] == Some(true)).count();
        if churned < MIN_EACH || known.len() - churned < MIN_EACH {
            return Err(Error::new("table-few-rows")
                .with("rows", known.len())
                .with("churned", churned));
        }
        let step = known.len().div_ceil(MAX_ROWS);
        let rows: Vec<usize> = known.iter().copied().step_by(step).collect();
        if step > 1 {
            let notice = Message::new("table-sample").with("rows", rows.len());
            notices.push(notice.with("of", known.len()));
        }
        columns.retain(|c| !options.leave_out.contains(&c.name));
        let columns: Vec<Column> = columns.into_iter().map(prepare::as_numbers).collect();
        let draw = |&i: &usize| of_id(&(i as u64).to_le_bytes(), options.seed) % FOLDS;
        Ok(TableTask {
            columns,
            label: label.name,
            positive,
            part: rows.iter().map(draw).collect(),
            probability: vec![f64::NAN; outcomes.len()],
            options,
            outcomes,
            rows,
            leaks: Vec::new(),
            best_alone: None,
            notices,
            stage: Stage::Look(0),
            candidates: Vec::new(),
            recipe: Recipe::default(),
            aucs: Vec::new(),
        })
    }

    /// A slice of the work: one column looked at, one tree, or one step of a fit.
    ///
    /// # Errors
    /// `table-nothing-left` when no column is left to learn from; `churn-fit`.
    pub fn advance(&mut self, budget: u64) -> Result<Step<TableChurn>> {
        let mut left = budget.max(1);
        loop {
            let mut spent = 8 * self.rows.len() as u64;
            let stage = std::mem::replace(&mut self.stage, Stage::Look(usize::MAX));
            self.stage = match stage {
                Stage::Look(at) if at < self.columns.len() => Stage::Look(self.look(at)),
                Stage::Look(_) => match Beginning::new(self)? {
                    Some(beginning) => Stage::Begin(Box::new(beginning)),
                    None => Stage::Grow { part: 0, growing: None },
                },
                Stage::Begin(mut beginning) => {
                    spent = beginning.cost();
                    match beginning.advance(self)? {
                        Some(trial) => Stage::Try(Box::new(trial)),
                        None => Stage::Begin(beginning),
                    }
                }
                Stage::Try(mut trial) => {
                    spent = trial.cost();
                    if trial.grow() { Stage::Try(trial) } else { self.choose(*trial) }
                }
                Stage::Grow { part, growing: Some(mut growing) }
                    if growing.trees().len() < self.recipe.trees =>
                {
                    spent = growing.cost();
                    growing.grow();
                    Stage::Grow { part, growing: Some(growing) }
                }
                Stage::Grow { part, growing: None } if self.recipe.share > 0.0 => {
                    let growing = Some(Box::new(self.growing(&self.training(part))?));
                    Stage::Grow { part, growing }
                }
                Stage::Grow { part, growing } => {
                    let trees =
                        growing.map_or_else(Trees::default, |g| g.trees().clone());
                    let rows = self.training(part);
                    let fitting = Fitting::new(
                        self,
                        &rows,
                        self.recipe.alpha,
                        logistic::TOLERANCE,
                    )?;
                    Stage::Fit { part, trees, fitting: Box::new(fitting) }
                }
                Stage::Fit { part, trees, mut fitting } => {
                    spent = fitting.cost();
                    match fitting.step()? {
                        None => Stage::Fit { part, trees, fitting },
                        Some(fitted) => {
                            let share = self.recipe.share;
                            let fitted = Fitted { trees, share, ..fitted };
                            if part == FOLDS {
                                Stage::Conclude(Box::new(fitted))
                            } else {
                                self.judge(part, &fitted);
                                Stage::Grow { part: part + 1, growing: None }
                            }
                        }
                    }
                }
                Stage::Conclude(fitted) => return self.conclude(*fitted).map(Step::Done),
            };
            if spent >= left {
                return Ok(Step::Working(self.progress()));
            }
            left -= spent;
        }
    }

    fn progress(&self) -> Progress {
        let width = self.columns.len() as u64;
        let (trial, fit) = (width, 2 * width.max(1));
        let total = width + trial + (FOLDS + 1) * fit;
        let done = match &self.stage {
            Stage::Look(at) => (*at as u64).min(width),
            Stage::Begin(_) => width,
            Stage::Try(t) => width + trial * t.grown() as u64 / trees::MOST_TREES as u64,
            Stage::Conclude(_) => total,
            Stage::Fit { part, .. } => width + trial + (part + 1) * fit - 1,
            Stage::Grow { part, growing } => {
                let grown = growing.as_ref().map_or(0, |g| g.trees().len()) as u64;
                let part_done = fit * grown / (self.recipe.trees as u64 + 1);
                width + trial + part * fit + part_done
            }
        };
        Progress { done, total }
    }

    /// The rows that a part's model learns from; all of them for the last.
    fn training(&self, part: u64) -> Vec<usize> {
        let both = self.rows.iter().zip(&self.part);
        both.filter(|(_, p)| **p != part).map(|(i, _)| *i).collect()
    }

    fn growing(&self, rows: &[usize]) -> Result<Growing> {
        let columns: Vec<&Column> = self.columns.iter().collect();
        let codings: Vec<Coding> = columns.iter().map(|c| Coding::fit(c, rows)).collect();
        let x = prepare::features(&columns, &codings, rows);
        Ok(Growing::new(&x, &prepare::plain(&codings), self.churned(rows)))
    }

    fn churned(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&i| self.outcomes[i] == Some(true)).collect()
    }

    /// Looks at one column for a leak and says which is next; a leaking one is
    /// taken out.
    fn look(&mut self, at: usize) -> usize {
        let column = &self.columns[at];
        let (auc, because) = leaks::alone(column, &self.rows, &self.churned(&self.rows));
        let name = column.name.clone();
        match because.filter(|_| !self.options.keep.contains(&name)) {
            Some(because) => {
                self.columns.remove(at);
                self.leaks.push(Leak { column: name, auc, because });
                at
            }
            None => {
                if self.best_alone.as_ref().is_none_or(|b| auc > b.1) {
                    self.best_alone = Some((name, auc));
                }
                at + 1
            }
        }
    }

    /// Judges a model by the part that it has not seen.
    fn judge(&mut self, part: u64, fitted: &Fitted) {
        let both = self.rows.iter().zip(&self.part);
        let test: Vec<usize> =
            both.filter(|(_, p)| **p == part).map(|(i, _)| *i).collect();
        let columns: Vec<&Column> = self.columns.iter().collect();
        let scores = fitted.score(&columns, &test);
        let auc = super::metrics::auc(&scores, &self.churned(&test));
        if !auc.is_nan() {
            self.aucs.push(auc);
        }
        for (&i, p) in test.iter().zip(scores) {
            self.probability[i] = p;
        }
    }

    fn conclude(&mut self, fitted: Fitted) -> Result<TableChurn> {
        let judged: Vec<f64> = self.rows.iter().map(|&i| self.probability[i]).collect();
        let rest: Vec<usize> = (0..self.probability.len())
            .filter(|&i| self.probability[i].is_nan())
            .collect();
        let columns: Vec<&Column> = self.columns.iter().collect();
        for (&i, p) in rest.iter().zip(fitted.score(&columns, &rest)) {
            self.probability[i] = p;
        }
        let result = result::result(self, &fitted, &judged)?;
        Ok(TableChurn {
            result,
            probability: std::mem::take(&mut self.probability),
            left: std::mem::take(&mut self.outcomes),
            columns: std::mem::take(&mut self.columns),
            fitted,
        })
    }
}
