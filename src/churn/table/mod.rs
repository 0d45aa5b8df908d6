//! Churn from any labelled table: subscription, telecom, bank. One row a
//! customer, a column that says who left, and whatever else is known.
//!
//! Columns that leak the outcome are found, named and left out; the model is
//! judged by cross-validation, every statistic of the preparation learned anew
//! from the training rows of each part.

mod label;
mod leaks;
mod prepare;
mod result;

use crate::error::{Error, Result};
use crate::message::Message;
use crate::task::{Progress, Step};

use super::learn::ticket;
use super::logistic::{self, Logistic, Matrix, Scaler, probability};
use super::profit::Campaign;
pub use leaks::Leak;
use prepare::Coding;
pub use result::{TableContribution, TableResult};

/// Parts of the cross-validation.
const FOLDS: u64 = 5;

/// Penalties tried, as the sum-of-losses `alpha` for the standardised rows.
const ALPHAS: [f64; 3] = [1.0, 10.0, 100.0];

/// More rows than this are sampled for the fits; all rows are scored.
const MAX_ROWS: usize = 40_000;

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
}

impl Fitted {
    fn score(&self, columns: &[&Column], rows: &[usize]) -> Vec<f64> {
        let mut x = prepare::features(columns, &self.codings, rows);
        let width = x.width.max(1);
        let scored = x.values.chunks_exact_mut(width).map(|row| {
            self.scaler.apply(row);
            probability(self.logistic.log_odds(row))
        });
        scored.collect()
    }
}

/// The analysis of a labelled table as a task.
#[derive(Debug)]
pub struct TableTask {
    columns: Vec<Column>,
    label: String,
    options: TableOptions,
    outcomes: Vec<Option<bool>>,
    /// Rows with a label that take part in the fits.
    rows: Vec<usize>,
    part: Vec<u64>,
    leaks: Vec<Leak>,
    best_alone: Option<(String, f64)>,
    notices: Vec<Message>,
    /// The next column to be looked at for leaks.
    looked: usize,
    alpha: Option<f64>,
    fold: u64,
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
        let outcomes =
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
        let draw = |&i: &usize| ticket(&(i as u64).to_le_bytes(), options.seed) % FOLDS;
        Ok(TableTask {
            columns,
            label: label.name,
            part: rows.iter().map(draw).collect(),
            probability: vec![f64::NAN; outcomes.len()],
            options,
            outcomes,
            rows,
            leaks: Vec::new(),
            best_alone: None,
            notices,
            looked: 0,
            alpha: None,
            fold: 0,
            aucs: Vec::new(),
        })
    }

    /// A slice of the work: one column looked at, or one fit.
    ///
    /// # Errors
    /// `table-nothing-left` when no column is left to learn from; `churn-fit`.
    pub fn advance(&mut self, budget: u64) -> Result<Step<TableChurn>> {
        let mut left = budget.max(1);
        loop {
            let spent = 8 * self.rows.len() as u64;
            if self.looked < self.columns.len() {
                self.look();
            } else if self.alpha.is_none() {
                self.alpha = Some(self.choose()?);
            } else if self.fold < FOLDS {
                self.cross()?;
            } else {
                return self.conclude().map(Step::Done);
            }
            if spent >= left {
                let total = self.columns.len() as u64 + FOLDS + 2;
                let done =
                    self.looked as u64 + self.fold + u64::from(self.alpha.is_some());
                return Ok(Step::Working(Progress { done, total }));
            }
            left -= spent;
        }
    }

    fn churned(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&i| self.outcomes[i] == Some(true)).collect()
    }

    /// Looks at one column for a leak; leaking ones are taken out.
    fn look(&mut self) {
        let column = &self.columns[self.looked];
        let (auc, because) = leaks::alone(column, &self.rows, &self.churned(&self.rows));
        let name = column.name.clone();
        match because.filter(|_| !self.options.keep.contains(&name)) {
            Some(because) => {
                self.columns.remove(self.looked);
                self.leaks.push(Leak { column: name, auc, because });
            }
            None => {
                if self.best_alone.as_ref().is_none_or(|b| auc > b.1) {
                    self.best_alone = Some((name, auc));
                }
                self.looked += 1;
            }
        }
    }

    fn fit(&self, rows: &[usize], alpha: f64) -> Result<Fitted> {
        let columns: Vec<&Column> = self.columns.iter().collect();
        let codings: Vec<Coding> = columns.iter().map(|c| Coding::fit(c, rows)).collect();
        let mut x = prepare::features(&columns, &codings, rows);
        if x.width == 0 {
            return Err(Error::new("table-nothing-left"));
        }
        let scaler = Scaler::fit(&x);
        let width = x.width;
        x.values.chunks_exact_mut(width).for_each(|row| scaler.apply(row));
        let logistic = logistic::fit(&x, &self.churned(rows), alpha)?;
        Ok(Fitted { codings, scaler, logistic })
    }

    /// Chooses the penalty by a quarter of the rows that the others predict.
    fn choose(&self) -> Result<f64> {
        let split = |k: usize, i: usize| {
            ticket(&(i as u64).to_le_bytes(), self.options.seed ^ 0x5eed)
                .is_multiple_of(4)
                == (k == 0)
        };
        let side = |k: usize| -> Vec<usize> {
            self.rows.iter().copied().filter(|&i| split(k, i)).collect()
        };
        let (test, train) = (side(0), side(1));
        let (kinds, churned) = (self.churned(&train), self.churned(&test));
        if kinds.iter().all(|&c| c == kinds[0]) || test.is_empty() {
            return Ok(ALPHAS[1]);
        }
        let columns: Vec<&Column> = self.columns.iter().collect();
        let mut best = (f64::INFINITY, ALPHAS[1]);
        for alpha in ALPHAS {
            let scores = self.fit(&train, alpha)?.score(&columns, &test);
            let loss = super::metrics::log_loss(&scores, &churned);
            if loss < best.0 {
                best = (loss, alpha);
            }
        }
        Ok(best.1)
    }

    /// Fits without one part and predicts it.
    fn cross(&mut self) -> Result<()> {
        let of_part = |inside: bool| -> Vec<usize> {
            let both = self.rows.iter().zip(&self.part);
            both.filter(|(_, p)| (**p == self.fold) == inside).map(|(i, _)| *i).collect()
        };
        let (test, train) = (of_part(true), of_part(false));
        let fitted = self.fit(&train, self.alpha.unwrap_or(ALPHAS[1]))?;
        let columns: Vec<&Column> = self.columns.iter().collect();
        let scores = fitted.score(&columns, &test);
        let auc = super::metrics::auc(&scores, &self.churned(&test));
        if !auc.is_nan() {
            self.aucs.push(auc);
        }
        for (&i, p) in test.iter().zip(scores) {
            self.probability[i] = p;
        }
        self.fold += 1;
        Ok(())
    }

    fn conclude(&mut self) -> Result<TableChurn> {
        let fitted = self.fit(&self.rows, self.alpha.unwrap_or(ALPHAS[1]))?;
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
            columns: std::mem::take(&mut self.columns),
            fitted,
        })
    }
}

/// The standardised features of some rows.
fn standardised(columns: &[Column], fitted: &Fitted, rows: &[usize]) -> Matrix {
    let columns: Vec<&Column> = columns.iter().collect();
    let mut x = prepare::features(&columns, &fitted.codings, rows);
    let width = x.width.max(1);
    x.values.chunks_exact_mut(width).for_each(|row| fitted.scaler.apply(row));
    x
}
