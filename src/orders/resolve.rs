//! From columns to orders: the task that judges every row and accounts for it.

use std::sync::Arc;

use super::amounts::Losses;
use super::assemble::{self, Assembled};
use super::block::{Block, NO_AMOUNT, NONE};
use super::layout::Layout;
use super::records::Records;
use super::sources::{Pass, Source};
use super::summary::{Summarise, is_summary};
use super::survey::{Cursor, Survey};
use super::undated::{self, Undated};
use super::{Attribute, Ledger, Lines, LoadOptions, Orders, account};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::mapping::{self, MappingEntry, Question, Role};
use crate::reader::Reading;
use crate::task::{Progress, Step};

/// What a load comes to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The orders.
    pub orders: Orders,
    /// The account of every row.
    pub ledger: Ledger,
    /// The mapping that was used.
    pub mapping: Vec<MappingEntry>,
}

/// The task that resolves one or several files of one layout into orders.
///
/// It judges rows in the precedence `unreadable-row`, `no-date`, the status
/// (`cancelled`, `failed`, `test`, `unpaid`, `refunded`, `not-a-sale`),
/// `other-currency`, `no-amount`, `free`, `duplicate`; `no-customer` keeps rows
/// from the customers only. Values given on one row of an order are inherited by
/// its other rows before any row is judged. Linear in the rows, but for sorting
/// the records of each customer.
#[derive(Clone, Debug)]
pub struct Resolve {
    readings: Vec<Arc<Reading>>,
    options: LoadOptions,
    mapping: Vec<MappingEntry>,
    survey: Survey,
    questions: Vec<Question>,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Survey,
    Rows(Box<Rows>),
    Lines(Box<Fill>),
    /// Baskets without days are read in one pass of their own.
    Undated(Box<Undated>),
    /// So are tables of one row a customer.
    Summary(Box<Summarise>),
    Done,
}

/// The second pass: rows into records.
#[derive(Clone, Debug)]
struct Rows {
    records: Records,
    /// Record of each row, where lines are to be filled.
    record_of: Option<Vec<u32>>,
    /// Values by record, an entry an attribute.
    attributes: Vec<Vec<u32>>,
    layout: Layout,
    block: Block,
    records_of_block: Vec<u32>,
    cursor: Cursor,
}

/// The third pass: lines into their places.
#[derive(Clone, Debug)]
struct Fill {
    orders: Orders,
    ledger: Ledger,
    /// The line of each row; empty where there are no lines.
    line_of: Vec<u32>,
    lines: Option<Lines>,
    layout: Layout,
    sign_from_quantity: bool,
    block: Block,
    cursor: Cursor,
}

impl Resolve {
    /// Begins to load files. The mapping of the options, or the proposed one, is
    /// by the columns of the first file; the other files' columns are found by
    /// their names.
    ///
    /// # Errors
    /// `no-files`, `empty-file`, `header-only`, `too-many-rows`, `bad-mapping`, `no-dates`,
    /// `unreadable-dates`, `no-customers-no-amounts`, `different-layout`,
    /// `column-not-kept` (read again with it kept), `bad-answer`.
    pub fn new(readings: Vec<Arc<Reading>>, options: LoadOptions) -> Result<Resolve> {
        if readings.iter().any(|reading| reading.columns.is_empty()) {
            return Err(Error::new("empty-file"));
        }
        let mapping = match (&options.mapping, readings.first()) {
            (Some(mapping), _) => mapping.clone(),
            (None, Some(first)) => mapping::proposed(first),
            (None, None) => return Err(Error::new("no-files")),
        };
        let (survey, stage) = if undated::is_undated(&mapping) {
            let baskets = Undated::new(&readings, &mapping)?;
            (Survey::default(), Stage::Undated(Box::new(baskets)))
        } else if is_summary(&mapping) {
            let customers = Summarise::new(&readings, &mapping, &options)?;
            (Survey::default(), Stage::Summary(Box::new(customers)))
        } else {
            (Survey::new(&readings, mapping.clone(), &options)?, Stage::Survey)
        };
        let questions = Vec::new();
        Ok(Resolve { readings, options, mapping, survey, questions, stage })
    }

    /// The questions that a load failed on with `needs-answers`.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// A slice of work of about so many rows.
    ///
    /// # Errors
    /// `needs-answers` (see [`Resolve::questions`]), `bad-answer`,
    /// `no-such-currency`, `amounts-too-large`, `no-usable-rows`,
    /// `all-amounts-zero`, `one-order`, `one-customer`.
    pub fn advance(&mut self, budget: u64) -> Result<Step<Resolved>> {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Survey => {
                self.stage = match self.survey.advance(&self.readings, budget) {
                    true => self.settle()?,
                    false => Stage::Survey,
                };
            }
            Stage::Rows(rows) => self.stage = self.rows(rows, budget)?,
            Stage::Lines(fill) => return Ok(self.lines(fill, budget)),
            Stage::Undated(mut baskets) => {
                let step = baskets.advance(
                    &self.readings,
                    &self.mapping,
                    &self.options,
                    budget,
                )?;
                if let Step::Working(_) = step {
                    self.stage = Stage::Undated(baskets);
                }
                return Ok(step);
            }
            Stage::Summary(mut customers) => {
                self.questions = customers.questions();
                let step = customers.advance(&self.readings, budget)?;
                if let Step::Working(_) = step {
                    self.stage = Stage::Summary(customers);
                }
                return Ok(step);
            }
            Stage::Done => {}
        }
        Ok(Step::Working(self.progress()))
    }

    /// Rows looked at, and rows in all over the passes, as far as is known.
    pub fn progress(&self) -> Progress {
        let rows = self.survey.plan.rows;
        let done = match &self.stage {
            Stage::Survey => self.survey.done(),
            Stage::Rows(at) => rows + at.cursor.number,
            Stage::Lines(at) => 2 * rows + at.cursor.number,
            Stage::Undated(at) => return at.progress(),
            Stage::Summary(at) => return at.progress(),
            Stage::Done => 3 * rows,
        };
        Progress { done, total: 3 * rows }
    }

    fn settle(&mut self) -> Result<Stage> {
        let rules = self.survey.settle(&self.readings, &self.options)?;
        self.questions.clone_from(&self.survey.plan.questions);
        if !self.questions.is_empty() {
            let ids: Vec<String> = self.questions.iter().map(|q| q.id.clone()).collect();
            return Err(Error::new("needs-answers").with("questions", ids));
        }
        let plan = &self.survey.plan;
        let layout = rules.layout;
        let different = self.survey.different();
        let has_lines = plan.has(Role::Product);
        Ok(Stage::Rows(Box::new(Rows {
            records: Records::new(rules, plan.texts.ids.len(), different),
            record_of: has_lines.then(|| Vec::with_capacity(plan.rows as usize)),
            attributes: vec![Vec::new(); plan.attributes.len()],
            layout,
            block: Block::default(),
            records_of_block: Vec::new(),
            cursor: Cursor::default(),
        })))
    }

    fn rows(&mut self, mut at: Box<Rows>, mut budget: u64) -> Result<Stage> {
        while at.cursor.file < self.readings.len() {
            let Some(rows) = at.cursor.next(&self.readings) else {
                at.cursor.next_file();
                continue;
            };
            if budget == 0 {
                return Ok(Stage::Rows(at));
            }
            budget = budget.saturating_sub(rows.len() as u64);
            let plan = &self.survey.plan;
            let (file, first) = (at.cursor.file, at.cursor.number);
            let columns = &self.readings[file].columns;
            let mut losses = Losses::default();
            plan.sources[file].fill(
                columns,
                rows.clone(),
                Pass::Rows,
                plan.scale,
                &mut at.block,
                &mut losses,
            );
            let numbers = first..first + rows.len() as u64;
            at.block.duplicate.clear();
            at.block.duplicate.extend(numbers.map(|n| self.survey.duplicates.get(n)));
            let facts = &self.survey.facts;
            at.records.add(&at.block, first, facts, &mut at.records_of_block);
            at.fill_attributes(columns, &plan.sources[file], &rows);
            if let Some(record_of) = &mut at.record_of {
                record_of.extend_from_slice(&at.records_of_block);
            }
            at.cursor.pass(&rows);
        }
        self.close(at)
    }

    /// All rows are judged: the records are sorted, and the ledger is closed.
    fn close(&mut self, mut at: Box<Rows>) -> Result<Stage> {
        at.records.finish();
        let ledger =
            account::ledger(&at.records, &self.survey, &self.readings, &self.options)?;
        let sign_from_quantity = at.records.sign_from_quantity();
        let plan = &mut self.survey.plan;
        let mut ids = std::mem::take(&mut plan.texts.ids);
        ids.close();
        let people = std::mem::take(&mut plan.texts.people);
        let Assembled { mut orders, place } =
            assemble::assemble(&mut at.records, people, ids, plan.scale);
        number_rows(&mut orders.row, &self.readings);
        let values = std::mem::take(&mut plan.texts.attributes);
        for ((attribute, of), values) in
            plan.attributes.iter().zip(at.attributes).zip(values)
        {
            let of = assemble::spread(&of, &place);
            let (role, name) = (attribute.role, attribute.name.clone());
            orders.attributes.push(Attribute { role, name, of, values });
        }
        let mut line_of = at.record_of.unwrap_or_default();
        let lines = plan.has(Role::Product).then(|| {
            let products = std::mem::take(&mut plan.texts.products);
            let mut lines = assemble::lines(&mut line_of, &place, products);
            if plan.has(Role::Category) {
                let name = mapping::column_name(
                    &self.readings[0],
                    &plan.mapping,
                    Role::Category,
                );
                let values = std::mem::take(&mut plan.texts.categories);
                let of = vec![NONE; lines.product.len()];
                lines.category = Some(Attribute { role: "category", name, of, values });
            }
            lines
        });
        Ok(Stage::Lines(Box::new(Fill {
            orders,
            ledger,
            line_of,
            lines,
            layout: at.layout,
            sign_from_quantity,
            block: at.block,
            cursor: Cursor::default(),
        })))
    }

    fn lines(&mut self, mut at: Box<Fill>, mut budget: u64) -> Step<Resolved> {
        let plan = &self.survey.plan;
        while at.cursor.file < self.readings.len() && at.lines.is_some() {
            let Some(rows) = at.cursor.next(&self.readings) else {
                at.cursor.next_file();
                continue;
            };
            if budget == 0 {
                self.stage = Stage::Lines(at);
                return Step::Working(self.progress());
            }
            budget = budget.saturating_sub(rows.len() as u64);
            let columns = &self.readings[at.cursor.file].columns;
            let source = &plan.sources[at.cursor.file];
            let mut losses = Losses::default();
            source.fill(
                columns,
                rows.clone(),
                Pass::Lines,
                plan.scale,
                &mut at.block,
                &mut losses,
            );
            at.fill_lines(columns, source, &rows);
            at.cursor.pass(&rows);
        }
        let Fill { orders, ledger, lines, .. } = *at;
        let by_phone = plan.by_phone();
        let orders = Orders { lines, by_phone, ..orders };
        Step::Done(Resolved { orders, ledger, mapping: self.mapping.clone() })
    }
}

impl Rows {
    /// The first value of each record, of the rows of the block at hand.
    fn fill_attributes(
        &mut self,
        columns: &Columns,
        source: &Source,
        rows: &std::ops::Range<usize>,
    ) {
        let mut values = Vec::new();
        for (of, texts) in self.attributes.iter_mut().zip(&source.attributes) {
            of.resize(self.records.len(), NONE);
            Source::texts(columns, texts, rows.clone(), &mut values);
            for (&value, &record) in values.iter().zip(&self.records_of_block) {
                if value != NONE && record != NONE && of[record as usize] == NONE {
                    of[record as usize] = value;
                }
            }
        }
    }
}

/// Rows over all files, from 0, become rows as spreadsheets show them; those of
/// a further file are numbered on from the last row of the one before.
pub(super) fn number_rows(rows: &mut [u32], readings: &[Arc<Reading>]) {
    let mut ends = Vec::new();
    let (mut end, mut last) = (0, 0);
    for reading in readings {
        let count = reading.columns.rows() as usize;
        ends.push((end, last));
        end += count;
        last += if count == 0 { 0 } else { reading.row(count - 1) };
    }
    for row in rows {
        let file = ends.partition_point(|&(first, _)| first <= *row as usize) - 1;
        let (first, before) = ends[file];
        let number = before + readings[file].row(*row as usize - first);
        *row = u32::try_from(number).unwrap_or(u32::MAX);
    }
}

impl Fill {
    fn fill_lines(
        &mut self,
        columns: &Columns,
        source: &Source,
        rows: &std::ops::Range<usize>,
    ) {
        let Some(lines) = &mut self.lines else { return };
        let first = self.cursor.number as usize;
        let block = &self.block;
        for i in 0..rows.len() {
            let line = self.line_of[first + i];
            if line == NONE {
                continue;
            }
            let line = line as usize;
            lines.product[line] = block.product[i];
            let quantity = block.quantity.get(i).copied().unwrap_or(1000);
            lines.quantity.set(line, quantity);
            let (own, product) = (block.amount.get(i), block.product_amount.get(i));
            let amount = match self.layout {
                Layout::Lines => own,
                Layout::Orders => product.or(own),
                Layout::FirstRow | Layout::Repeated => product,
            };
            let amount = amount.copied().filter(|&a| a != NO_AMOUNT).unwrap_or(0);
            let turned = self.sign_from_quantity && quantity < 0 && amount > 0;
            lines.amount.set(line, if turned { -amount } else { amount });
        }
        if let Some(category) = &mut lines.category {
            let mut values = Vec::new();
            Source::texts(columns, &source.category, rows.clone(), &mut values);
            for (i, &value) in values.iter().enumerate() {
                let line = self.line_of[first + i];
                if line != NONE {
                    category.of[line as usize] = value;
                }
            }
        }
    }
}
