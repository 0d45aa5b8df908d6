//! Churn from any labelled table: subscription, telecom, bank. One row a
//! customer, a column that says who left, and whatever else is known.
//!
//! Columns that leak the outcome are found, named and left out; the model is
//! judged by cross-validation, every statistic of the preparation learned anew
//! from the training rows of each part. The model is a logistic regression, or,
//! where a quarter of the rows says that they foretell clearly better, boosted
//! trees or the mean of both.

mod label;
mod leaks;
mod prepare;
mod read;
mod result;
mod trees;

use crate::error::{Error, Result};
use crate::message::Message;
use crate::numerics::of_id;
use crate::task::{Progress, Step};

use super::logistic::{self, Logistic, Matrix, Scaler, probability};
use super::profit::Campaign;
use label::Outcomes;
pub use leaks::Leak;
use prepare::Coding;
pub use read::{Roles, column, roles};
pub use result::{Candidate, TableContribution, TableResult};
use trees::{Growing, Trees};

/// Parts of the cross-validation.
const FOLDS: u64 = 5;

/// Penalties tried, as the sum-of-losses `alpha` for the standardised rows.
const ALPHAS: [f64; 3] = [1.0, 10.0, 100.0];

/// More rows than this are sampled for the fits; all rows are scored.
const MAX_ROWS: usize = 40_000;

/// Precision of the fits between which is chosen, as the largest step left.
const TRIAL_TOLERANCE: f64 = 1e-3;

/// What trees must gain, in area, over the logistic regression alone.
const WORTH_TREES: f64 = 0.005;

/// So many trees without a gain end the growing.
const PATIENCE: usize = 25;

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

/// A model of some rows with everything that its preparation learned.
#[derive(Clone, Debug)]
struct Fitted {
    codings: Vec<Coding>,
    scaler: Scaler,
    logistic: Logistic,
    trees: Trees,
    /// How much the trees count, 0 to 1; the logistic regression has the rest.
    share: f64,
}

impl Fitted {
    /// The log-odds of a row of features as they are.
    fn log_odds(&self, row: &mut [f64]) -> f64 {
        let trees = if self.share > 0.0 { self.trees.log_odds(row) } else { 0.0 };
        self.scaler.apply(row);
        self.share * trees + (1.0 - self.share) * self.logistic.log_odds(row)
    }

    fn score(&self, columns: &[&Column], rows: &[usize]) -> Vec<f64> {
        let mut x = prepare::features(columns, &self.codings, rows);
        let width = x.width.max(1);
        x.values
            .chunks_exact_mut(width)
            .map(|row| probability(self.log_odds(row)))
            .collect()
    }

    /// What each column adds to the log-odds of a row.
    fn by_column(&self, columns: &[&Column], row: usize) -> Vec<f64> {
        let mut x = prepare::features(columns, &self.codings, &[row]).values;
        let mut parts = vec![0.0; x.len()];
        if self.share > 0.0 {
            self.trees.contribute(&x, self.share, &mut parts);
        }
        self.scaler.apply(&mut x);
        for ((part, x), w) in parts.iter_mut().zip(&x).zip(&self.logistic.weights) {
            *part += (1.0 - self.share) * x * w;
        }
        let mut at = 0;
        let sum = |coding: &Coding| {
            let from = at;
            at += coding.width();
            parts[from..at].iter().sum()
        };
        self.codings.iter().map(sum).collect()
    }

    /// The log-odds to which the columns add.
    fn base(&self) -> f64 {
        let trees = if self.share > 0.0 { self.trees.base() } else { 0.0 };
        self.share * trees + (1.0 - self.share) * self.logistic.intercept
    }
}

/// What is chosen by the rows that the others predict.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Recipe {
    alpha: f64,
    trees: usize,
    share: f64,
}

/// What the table is doing.
#[derive(Debug)]
enum Stage {
    /// Looking at columns for leaks, from this one on.
    Look(usize),
    /// Growing the trees that are tried.
    Try(Box<Trial>),
    /// Fitting without this part (the last: with all rows).
    Fit { part: u64, growing: Option<Box<Growing>> },
}

/// Models that are tried on rows which they have not seen.
#[derive(Debug)]
struct Trial {
    /// The logistic regression with the best penalty.
    fitted: Fitted,
    alpha: f64,
    growing: Growing,
    /// Features and outcomes of the rows to be predicted.
    x: Matrix,
    churned: Vec<bool>,
    /// What the trees so far say of them.
    log_odds: Vec<f64>,
    /// What the logistic regression says of them.
    logistic: Vec<f64>,
    /// Log loss of the best number of trees, and that number.
    best: (f64, usize),
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
            recipe: Recipe { alpha: ALPHAS[1], trees: 0, share: 0.0 },
            aucs: Vec::new(),
        })
    }

    /// A slice of the work: one column looked at, one tree, or one fit.
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
                Stage::Look(_) => self.begin_trial()?,
                Stage::Try(mut trial) => {
                    spent = trial.growing.cost();
                    if trial.grow() { Stage::Try(trial) } else { self.choose(*trial) }
                }
                Stage::Fit { part, growing: Some(mut growing) }
                    if growing.trees().len() < self.recipe.trees =>
                {
                    spent = growing.cost();
                    growing.grow();
                    Stage::Fit { part, growing: Some(growing) }
                }
                Stage::Fit { part, growing: None } if self.recipe.share > 0.0 => {
                    let growing = Some(Box::new(self.growing(&self.training(part))?));
                    Stage::Fit { part, growing }
                }
                Stage::Fit { part, growing } => {
                    let trees =
                        growing.map_or_else(Trees::default, |g| g.trees().clone());
                    let rows = self.training(part);
                    let fitted = Fitted {
                        trees,
                        share: self.recipe.share,
                        ..self.fit(&rows, self.recipe.alpha, logistic::TOLERANCE)?
                    };
                    if part == FOLDS {
                        return self.conclude(fitted).map(Step::Done);
                    }
                    self.judge(part, &fitted);
                    Stage::Fit { part: part + 1, growing: None }
                }
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
            Stage::Try(t) => {
                width + trial * t.growing.trees().len() as u64 / trees::MOST_TREES as u64
            }
            Stage::Fit { part, growing } => {
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

    fn fit(&self, rows: &[usize], alpha: f64, tolerance: f64) -> Result<Fitted> {
        let columns: Vec<&Column> = self.columns.iter().collect();
        let codings: Vec<Coding> = columns.iter().map(|c| Coding::fit(c, rows)).collect();
        let mut x = prepare::features(&columns, &codings, rows);
        if x.width == 0 {
            return Err(Error::new("table-nothing-left"));
        }
        let scaler = Scaler::fit(&x);
        let width = x.width;
        x.values.chunks_exact_mut(width).for_each(|row| scaler.apply(row));
        // Newton's method from nothing: the penalty keeps it well posed, and a
        // table of many columns would make a start by smartcore dear.
        let nothing = Logistic { intercept: 0.0, weights: vec![0.0; width] };
        let churned = self.churned(rows);
        let logistic = logistic::newton(&x, &churned, alpha, nothing, tolerance)?;
        Ok(Fitted { codings, scaler, logistic, trees: Trees::default(), share: 0.0 })
    }

    /// Fits to three quarters of the rows what is then tried on the others.
    fn begin_trial(&mut self) -> Result<Stage> {
        let drawn = |i: usize| {
            of_id(&(i as u64).to_le_bytes(), self.options.seed ^ 0x5eed).is_multiple_of(4)
        };
        let (test, train): (Vec<usize>, Vec<usize>) =
            self.rows.iter().partition(|&&i| drawn(i));
        let churned = self.churned(&test);
        let both = |of: &[bool]| of.iter().any(|&c| c) && of.iter().any(|&c| !c);
        if !both(&churned) || !both(&self.churned(&train)) {
            return Ok(Stage::Fit { part: 0, growing: None });
        }
        let columns: Vec<&Column> = self.columns.iter().collect();
        let mut best: Option<(f64, f64, Fitted, Vec<f64>)> = None;
        for alpha in ALPHAS {
            let fitted = self.fit(&train, alpha, TRIAL_TOLERANCE)?;
            let scores = fitted.score(&columns, &test);
            let loss = super::metrics::log_loss(&scores, &churned);
            if best.as_ref().is_none_or(|b| loss < b.0) {
                best = Some((loss, alpha, fitted, scores));
            }
        }
        let Some((_, alpha, fitted, logistic)) = best else {
            return Ok(Stage::Fit { part: 0, growing: None });
        };
        let x = prepare::features(&columns, &fitted.codings, &test);
        let growing = self.growing(&train)?;
        let best = (f64::INFINITY, 0);
        let log_odds = vec![growing.trees().start(); churned.len()];
        let trial =
            Trial { fitted, alpha, growing, x, churned, log_odds, logistic, best };
        Ok(Stage::Try(Box::new(trial)))
    }

    /// Chooses what foretold the rows of the trial best; trees only where they
    /// gain enough to be worth it.
    fn choose(&mut self, trial: Trial) -> Stage {
        let Trial { fitted, alpha, growing, x, churned, logistic, best, .. } = trial;
        let fitted = Fitted { trees: growing.trees().clone().first(best.1), ..fitted };
        let mut chosen = (0, f64::INFINITY);
        for (model, share) in [("logistic", 0.0), ("both", 0.5), ("trees", 1.0)] {
            let fitted = Fitted { share, ..fitted.clone() };
            let score = |row: &[f64]| probability(fitted.log_odds(&mut row.to_vec()));
            let scores: Vec<f64> = match model {
                "logistic" => logistic.clone(),
                _ => x.values.chunks_exact(x.width.max(1)).map(score).collect(),
            };
            let auc = super::metrics::auc(&scores, &churned);
            let log_loss = super::metrics::log_loss(&scores, &churned);
            self.candidates.push(Candidate { model, auc, log_loss, chosen: false });
            let at = self.candidates.len() - 1;
            let gains = at == 0 || auc > self.candidates[0].auc + WORTH_TREES;
            if gains && (log_loss < chosen.1 || at == 0) {
                chosen = (at, log_loss);
                let trees = if share > 0.0 { best.1 } else { 0 };
                self.recipe = Recipe { alpha, trees, share };
            }
        }
        self.candidates[chosen.0].chosen = true;
        Stage::Fit { part: 0, growing: None }
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

impl Trial {
    /// Grows a tree; false when enough were grown.
    fn grow(&mut self) -> bool {
        self.growing.grow();
        let trees = self.growing.trees();
        let rows = self.x.values.chunks_exact(self.x.width.max(1));
        for (z, row) in self.log_odds.iter_mut().zip(rows) {
            *z += trees.latest(row);
        }
        let scores: Vec<f64> = self.log_odds.iter().map(|&z| probability(z)).collect();
        let loss = super::metrics::log_loss(&scores, &self.churned);
        if loss < self.best.0 {
            self.best = (loss, trees.len());
        }
        trees.len() < trees::MOST_TREES && trees.len() < self.best.1 + PATIENCE
    }
}
