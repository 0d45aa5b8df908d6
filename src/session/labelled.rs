//! A labelled table as a task of the session: its columns read one by one, then
//! analysed, and the scored rows handed out.

use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::output::Output;
use crate::churn::profit::Campaign;
use crate::churn::table::{
    Column, Roles, TableChurn, TableOptions, TableResult, TableTask, column, roles,
};
use crate::error::Result;
use crate::message::Message;
use crate::reader::Reading;
use crate::sort::falling;
use crate::table::{Labels, ScoredRow, scored_csv};
use crate::task::{Progress, Step};

/// Rows of the list that the result carries.
const ROWS: usize = 100;

/// Reasons a row.
const REASONS: usize = 3;

/// Which table, and how it is analysed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TableArgs {
    /// The handle that `inspect` gave.
    pub found: u32,
    /// The outcome column, by name; the one that the mapping proposes when left out.
    pub label: Option<String>,
    /// The value of the outcome that means "left".
    pub positive: Option<String>,
    /// Names of columns to leave out.
    pub leave_out: Vec<String>,
    /// Names of columns to keep although they look like leaks.
    pub keep: Vec<String>,
    /// For the profit measures.
    pub campaign: Campaign,
    /// For the parts of the cross-validation.
    pub seed: u64,
    /// Hand out the scored rows as CSV.
    pub csv: bool,
    /// What its columns are called.
    pub labels: Labels,
}

impl TableArgs {
    /// The same analysis, whatever is handed out of it.
    fn same(&self, other: &TableArgs) -> bool {
        let of = |args: &TableArgs| TableArgs {
            csv: false,
            labels: Labels::new(),
            ..args.clone()
        };
        of(self) == of(other)
    }
}

/// An analysis that is kept for the next call.
pub type Kept = (TableArgs, Rc<TableChurn>);

/// What is handed out of an analysed table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReport {
    /// The analysis.
    #[serde(flatten)]
    pub result: TableResult,
    /// Those at the highest risk who are not known to have left.
    pub top: Vec<TopRow>,
    /// For each row of the file the chance of leaving, from a model that has
    /// not seen it; handed over as an array of numbers.
    #[serde(skip)]
    pub probability: Vec<f64>,
}

/// A customer at risk.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopRow {
    /// The row of the file, as a spreadsheet shows it.
    pub row: u64,
    /// What names the customer, where a column does.
    pub customer_id: Option<String>,
    /// Chance of leaving.
    pub churn_probability: f64,
    /// What raises it, most first.
    pub reasons: Vec<Message>,
}

/// The task.
pub struct Labelled {
    reading: Arc<Reading>,
    args: TableArgs,
    roles: Roles,
    columns: Vec<Column>,
    task: Option<Box<TableTask>>,
    done: Option<Rc<TableChurn>>,
    progress: Progress,
}

impl Labelled {
    /// Prepares the analysis, or takes up the one that was kept.
    ///
    /// # Errors
    /// `table-no-label`.
    pub fn new(
        reading: Arc<Reading>,
        args: TableArgs,
        kept: Option<&Kept>,
    ) -> Result<Labelled> {
        let roles = roles(&reading, args.label.as_deref())?;
        let known = kept.filter(|(of, _)| of.same(&args));
        let done = known.map(|(_, analysed)| Rc::clone(analysed));
        let progress = Progress::default();
        let columns = Vec::new();
        Ok(Labelled { reading, args, roles, columns, task: None, done, progress })
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// What is to be kept once it is done.
    pub fn kept(&self) -> Option<Kept> {
        self.done.as_ref().map(|done| (self.args.clone(), Rc::clone(done)))
    }

    /// A slice: one column read, or a part of the analysis.
    ///
    /// # Errors
    /// `column-not-kept`, and those of [`TableTask`].
    pub fn advance(&mut self, budget: u64) -> Result<Step<Output>> {
        let width = self.reading.columns.len();
        if let Some(done) = &self.done {
            return Ok(Step::Done(self.output(done)));
        }
        if let Some(task) = &mut self.task {
            match task.advance(budget)? {
                Step::Working(Progress { done, total }) => {
                    let read = width as u64;
                    self.progress = Progress { done: done + read, total: total + read };
                }
                Step::Done(analysed) => self.done = Some(Rc::new(analysed)),
            }
            return Ok(Step::Working(self.progress));
        }
        if self.columns.len() < width {
            let index = self.columns.len();
            let is_label = index == self.roles.label;
            self.columns.push(column(&self.reading, index, is_label)?);
            let total = 2 * width as u64;
            self.progress = Progress { done: self.columns.len() as u64, total };
            return Ok(Step::Working(self.progress));
        }
        let name = |&i: &usize| self.reading.columns.name(i).to_owned();
        let kept = |name: &String| !self.args.keep.contains(name);
        let ids = self.roles.ids.iter().map(name).filter(kept);
        let options = TableOptions {
            positive: self.args.positive.clone(),
            leave_out: self.args.leave_out.iter().cloned().chain(ids).collect(),
            keep: self.args.keep.clone(),
            campaign: self.args.campaign,
            seed: self.args.seed,
        };
        let columns = std::mem::take(&mut self.columns);
        self.task = Some(Box::new(TableTask::new(columns, self.roles.label, options)?));
        Ok(Step::Working(self.progress))
    }

    fn output(&self, churn: &TableChurn) -> Output {
        let riskiest = falling(&churn.probability);
        let order = riskiest.into_iter().map(|i| i as usize);
        if self.args.csv {
            let rows = order.map(|i| self.scored(churn, i));
            return Output::Bytes(scored_csv(rows, &self.args.labels));
        }
        let staying = order.filter(|&i| churn.left[i] != Some(true));
        let top = staying.take(ROWS).map(|i| TopRow {
            row: self.reading.row(i),
            customer_id: self.customer(i),
            churn_probability: churn.probability[i],
            reasons: churn.reasons(i, REASONS).into_iter().map(|r| r.reason).collect(),
        });
        Output::Table(Box::new(TableReport {
            result: churn.result.clone(),
            top: top.collect(),
            probability: churn.probability.clone(),
        }))
    }

    fn customer(&self, row: usize) -> Option<String> {
        let cells = self.roles.ids.iter().map(|&i| self.reading.columns.text(i, row));
        cells.map(|c| c.into_owned()).find(|c| !c.is_empty())
    }

    fn scored(&self, churn: &TableChurn, i: usize) -> ScoredRow {
        let reasons = churn.reasons(i, REASONS);
        ScoredRow {
            row: self.reading.row(i),
            customer_id: self.customer(i).unwrap_or_default(),
            probability: churn.probability[i],
            left: churn.left[i],
            reasons: reasons
                .iter()
                .map(|r| format!("{}: {}", r.column, r.value))
                .collect(),
        }
    }
}
