//! A table of one row a customer becomes a summary: the task that reads it and
//! accounts for every row.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Summary;
use super::ledger::Account;
use super::row::{Cells, NUMBERS, Numbers, Row, numbers_of, person, scale};
use super::unit::{Unit, unit};
use crate::error::{Error, Result};
use crate::mapping::{MappingEntry, Question, ReadAs, Role, column_name};
use crate::message::Message;
use crate::names::Names;
use crate::orders::plan::{Plan, columns_of, texts_of};
use crate::orders::sources::{DateColumn, NumberColumn, Source};
use crate::orders::{
    Attribute, LoadOptions, NO_SECOND, Orders, Resolved, attributes, formats, resolve,
};
use crate::reader::Reading;
use crate::sort::rising;
use crate::task::{Progress, Step};

/// No value.
const NONE: u32 = u32::MAX;

/// Reads a table of one row a customer in slices, a row a unit. Linear in the
/// rows.
#[derive(Clone, Debug)]
pub(crate) struct Summarise {
    plan: Plan,
    numbers: Vec<Numbers>,
    unit: Unit,
    account: Account,
    people: Names,
    /// The record of each person.
    record_of: Vec<u32>,
    records: Vec<Row>,
    attributes: Vec<Attribute>,
    seen: BTreeSet<Vec<u8>>,
    options: LoadOptions,
    file: usize,
    row: usize,
    number: u64,
}

impl Summarise {
    /// Begins with files under a mapping of the first one's columns.
    ///
    /// # Errors
    /// `header-only`, `too-many-rows`, `bad-mapping`, `different-layout`,
    /// `column-not-kept`, `unreadable-dates`, `customers-without-ids`,
    /// `customers-table-too-little`, `bad-answer`.
    pub fn new(
        readings: &[Arc<Reading>],
        mapping: &[MappingEntry],
        options: &LoadOptions,
    ) -> Result<Summarise> {
        let mut plan = Plan::of_columns(readings, mapping.to_vec())?;
        let person = [Role::CustomerId, Role::Email, Role::Phone];
        if !person.into_iter().any(|role| plan.has(role)) {
            return Err(Error::new("customers-without-ids"));
        }
        for (file, reading) in readings.iter().enumerate() {
            let mapping = plan.mapping_of(&readings[0], reading, file)?;
            let first = |role| columns_of(&mapping, role).first().copied();
            let dates = [Role::FirstOrder, Role::LastOrder].into_iter().filter_map(first);
            let numbers = NUMBERS.into_iter().filter_map(first);
            let mut mapped: Vec<usize> =
                mapping.iter().flat_map(|e| e.columns.clone()).collect();
            mapped.sort_unstable();
            mapped.dedup();
            plan.sources.push(Source {
                date: dates
                    .map(|c| DateColumn::new(c, reading.columns.name(c)))
                    .collect(),
                amount: numbers.map(NumberColumn::new).collect(),
                currency: texts_of(&mapping, Role::Currency),
                mapped,
                mapping,
                ..Source::default()
            });
        }
        formats::settle(&mut plan, readings, options)?;
        let numbers = plan.sources.iter().map(numbers_of).collect::<Vec<_>>();
        plan.scale = scale(readings, &numbers);
        let unit = unit(&mut plan, readings, &numbers, options)?;
        let counts = [Role::OrderCount, Role::RepeatCount];
        let counted = counts.into_iter().any(|role| plan.has(role))
            || plan.has(Role::Amount) && plan.has(Role::AverageAmount);
        let ended = plan.has(Role::LastOrder)
            || plan.has(Role::DaysSince)
            || plan.has(Role::FirstToLast) && plan.has(Role::Age);
        if !counted && !ended {
            return Err(Error::new("customers-table-too-little"));
        }
        let (_, listed) = attributes::columns(&readings[0], mapping);
        let attributes = listed.into_iter().map(|column| {
            let values = Names::new();
            let of = Vec::new();
            Attribute { role: column.role, name: column.name, of, values }
        });
        Ok(Summarise {
            attributes: attributes.collect(),
            account: Account::new(&plan, readings, options, counted)?,
            plan,
            numbers,
            unit,
            people: Names::new(),
            record_of: Vec::new(),
            records: Vec::new(),
            seen: BTreeSet::new(),
            options: options.clone(),
            file: 0,
            row: 0,
            number: 0,
        })
    }

    /// What the table leaves open.
    pub fn questions(&self) -> Vec<Question> {
        let own = self.account.questions.iter();
        self.plan.questions.iter().chain(own).cloned().collect()
    }

    /// How the days and numbers of its columns are read, and how else they can be.
    pub fn read_as(&self, first: &Reading) -> Vec<(usize, ReadAs)> {
        formats::readings_of(&self.plan, first)
    }

    /// What is known of the customers, as codes for sentences.
    pub fn understood(&self, readings: &[Arc<Reading>]) -> Vec<Message> {
        let name = |role: Role| column_name(&readings[0], &self.plan.mapping, role);
        let mut said = Vec::new();
        for role in NUMBERS.into_iter().chain([Role::FirstOrder, Role::LastOrder]) {
            if self.plan.has(role) {
                let message = Message::new("understood-of-customer");
                said.push(message.with("column", name(role)).with("role", role.name()));
            }
        }
        if self.has_times() {
            let message = Message::new("understood-unit");
            said.push(message.with("unit", self.unit.code()));
        }
        said
    }

    fn has_times(&self) -> bool {
        [Role::FirstToLast, Role::Age].into_iter().any(|role| self.plan.has(role))
    }

    /// How many rows were read.
    pub fn progress(&self) -> Progress {
        Progress { done: self.number, total: self.plan.rows }
    }

    /// Works on for `budget` rows.
    ///
    /// # Errors
    /// `needs-answers`, and those of [`Account::close`].
    pub fn advance(
        &mut self,
        readings: &[Arc<Reading>],
        budget: u64,
    ) -> Result<Step<Resolved>> {
        let questions = self.questions();
        if !questions.is_empty() {
            let ids: Vec<String> = questions.iter().map(|q| q.id.clone()).collect();
            return Err(Error::new("needs-answers").with("questions", ids));
        }
        let mut left = budget.max(1);
        while let Some(reading) = readings.get(self.file) {
            while self.row < reading.columns.rows() as usize {
                if left == 0 {
                    return Ok(Step::Working(self.progress()));
                }
                self.take(reading);
                (self.row, self.number, left) = (self.row + 1, self.number + 1, left - 1);
            }
            self.file += 1;
            self.row = 0;
        }
        self.finish(readings).map(Step::Done)
    }

    fn take(&mut self, reading: &Reading) {
        let person = person(reading, &self.plan.sources[self.file].mapping, self.row);
        let is_repeat = self.is_duplicate(reading);
        let row = match self.cells(reading).judge() {
            Ok(row) => row,
            Err((reason, amount)) => {
                return self.account.set_aside(reason, amount, self.number);
            }
        };
        if is_repeat && self.options.settings.drop_duplicates {
            let amount = row.gross + row.returns;
            return self.account.set_aside("duplicate", amount, self.number);
        }
        if let Some(currency) = self.account.other_currency(reading, self.file, self.row)
        {
            let amount = row.gross + row.returns;
            return self.account.set_aside_currency(currency, amount, self.number);
        }
        self.account.take(&row, person.is_some(), self.number);
        let Some(person) = person else {
            self.keep_attributes(reading, self.records.len());
            self.records.push(Row { person: NONE, ..row });
            return;
        };
        let number = self.people.intern(person.as_bytes());
        if let Some(&at) = self.record_of.get(number as usize) {
            self.keep_attributes(reading, at as usize);
            return self.account.join(&mut self.records[at as usize], &row);
        }
        self.record_of.push(self.records.len() as u32);
        self.keep_attributes(reading, self.records.len());
        self.records.push(Row { person: number, ..row });
    }

    fn cells<'a>(&'a self, reading: &'a Reading) -> Cells<'a> {
        Cells {
            reading,
            source: &self.plan.sources[self.file],
            numbers: &self.numbers[self.file],
            row: self.row,
            number: self.number,
            scale: self.plan.scale,
            unit: self.unit,
            made: self.account.made().0,
            knows: [self.account.knows_first, self.account.knows_last],
        }
    }

    fn is_duplicate(&mut self, reading: &Reading) -> bool {
        let mut own = Vec::new();
        for &column in &self.plan.sources[self.file].mapped {
            own.extend_from_slice(reading.columns.text(column, self.row).as_bytes());
            own.push(0);
        }
        let repeat = !self.seen.insert(own);
        self.account.duplicates += u64::from(repeat);
        repeat
    }

    fn keep_attributes(&mut self, reading: &Reading, record: usize) {
        let source = &self.plan.sources[self.file].mapping;
        let (columns, _) = attributes::columns(reading, source);
        for (attribute, texts) in self.attributes.iter_mut().zip(&columns) {
            if attribute.of.len() <= record {
                attribute.of.resize(record + 1, NONE);
            }
            let cells = texts.iter().map(|t| reading.columns.text(t.column, self.row));
            let first = cells.map(|text| text.trim().to_owned()).find(|t| !t.is_empty());
            if let Some(text) = first {
                attribute.of[record] = attribute.values.intern(text.as_bytes());
            }
        }
    }

    fn finish(&mut self, readings: &[Arc<Reading>]) -> Result<Resolved> {
        let records = std::mem::take(&mut self.records);
        // Customers by first appearance, the rows of nobody after them.
        let persons = records.iter().map(|record| i64::from(record.person));
        let order: Vec<usize> = rising(persons).into_iter().map(|r| r as usize).collect();
        let known = |on: bool, of: &dyn Fn(&Row) -> i32| -> Vec<i32> {
            if on { order.iter().map(|&r| of(&records[r])).collect() } else { Vec::new() }
        };
        let account = &self.account;
        let last_day = known(account.knows_last, &|row| row.last);
        let made = match (account.dated, last_day.iter().max()) {
            (true, Some(&last)) => crate::calendar::Day(last),
            _ => account.made(),
        };
        let has = |role: Role| self.plan.has(role);
        let of_repeats = has(Role::RepeatCount) && !has(Role::Amount);
        let means = of_repeats && has(Role::AverageAmount);
        let summary = Summary {
            first_day: known(account.knows_first, &|row| row.first),
            last_day,
            orders: order.iter().map(|&r| records[r].orders).collect(),
            repeat_days: order.iter().map(|&r| records[r].repeat_days).collect(),
            repeat_mean: if means {
                order.iter().map(|&r| records[r].mean).collect()
            } else {
                Vec::new()
            },
            dated: account.dated,
            made,
        };
        let people = self.people.len() as u32;
        let mut start: Vec<u32> = (0..=people).collect();
        start.push(records.len() as u32);
        let mut row: Vec<u32> =
            order.iter().map(|&r| records[r].file_row as u32).collect();
        resolve::number_rows(&mut row, readings);
        let attributes = self.attributes.drain(..).map(|mut attribute| {
            attribute.of.resize(records.len(), NONE);
            attribute.of = order.iter().map(|&r| attribute.of[r]).collect();
            attribute
        });
        let orders = Orders {
            attributes: attributes.collect(),
            customers: std::mem::take(&mut self.people),
            start,
            day: (0..records.len()).map(|r| summary.last(r)).collect(),
            second: vec![NO_SECOND; records.len()],
            is_order: vec![true; records.len()],
            gross: order.iter().map(|&r| records[r].gross).collect(),
            returns: order.iter().map(|&r| records[r].returns).collect(),
            row,
            scale: self.plan.scale,
            summary: Some(summary),
            by_phone: self.plan.by_phone(),
            ..Orders::default()
        };
        let ledger = self.account.close(&orders, &self.plan, readings, &self.options)?;
        Ok(Resolved { orders, ledger, mapping: self.plan.mapping.clone() })
    }
}
