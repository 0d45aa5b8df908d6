//! The plan of a load: which column of which file is read how. What the files
//! leave open becomes a question.

use std::sync::Arc;

use super::attributes;
use super::facts::Inherit;
use super::identity;
use super::sources::{DateColumn, NumberColumn, Source, StatusColumn};
use super::status::{Class, Style};
use super::text_column::TextColumn;
use super::{LoadOptions, block::NONE, formats};
use crate::error::{Error, Result};
use crate::mapping::{MappingEntry, Question, Role, Rule, key};
use crate::money::Scale;
use crate::names::Names;
use crate::reader::Reading;
use crate::sort::Order;

/// The texts of all files, numbered together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// Order ids.
    pub ids: Names,
    /// People.
    pub people: Names,
    /// Currencies.
    pub currencies: Names,
    /// Products.
    pub products: Names,
    /// Categories of lines.
    pub categories: Names,
    /// Values of the attributes.
    pub attributes: Vec<Names>,
}

/// An attribute of the records.
#[derive(Clone, Debug)]
pub(crate) struct AttributeColumn {
    /// The role, in camelCase.
    pub role: &'static str,
    /// The column's name in the first file.
    pub name: String,
}

/// What is read of which column, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The mapping that is used, by the columns of the first file.
    pub mapping: Vec<MappingEntry>,
    /// The columns of each file.
    pub sources: Vec<Source>,
    /// Decimals of all money.
    pub scale: Scale,
    /// Texts, numbered as the plan is worked off.
    pub texts: Texts,
    /// The attributes of the records.
    pub attributes: Vec<AttributeColumn>,
    /// What the files leave open.
    pub questions: Vec<Question>,
    /// Rows of all files.
    pub rows: u64,
    /// Refunds refer to the orders that they give back.
    pub link: bool,
    /// Times carry an offset from UTC or are in UTC.
    pub zoned: bool,
    /// Several currencies are written beside the amounts, and nowhere else.
    pub signs: bool,
    /// Texts whose numbers are still to be found: file, group, column in it.
    todo: Vec<(usize, Group, usize)>,
    /// Text of the column at work that comes next.
    next: u32,
}

/// A group of text columns that are numbered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Order,
    Reference,
    Id,
    Phone,
    Currency,
    Product,
    Category,
    Attribute(usize),
    Status,
}

/// The columns of a role, by the mapping.
pub(crate) fn columns_of(mapping: &[MappingEntry], role: Role) -> Vec<usize> {
    mapping.iter().filter(|e| e.role == role).flat_map(|e| e.columns.clone()).collect()
}

impl Plan {
    /// A plan that has looked at the mapping only.
    ///
    /// # Errors
    /// `no-files`, `header-only`, `too-many-rows`, `bad-mapping`.
    pub fn of_columns(
        readings: &[Arc<Reading>],
        mapping: Vec<MappingEntry>,
    ) -> Result<Plan> {
        let Some(first) = readings.first() else { return Err(Error::new("no-files")) };
        let rows: u64 = readings.iter().map(|r| r.columns.rows()).sum();
        if rows == 0 {
            return Err(Error::new("header-only"));
        }
        if rows >= u64::from(u32::MAX) {
            return Err(Error::new("too-many-rows").with("rows", rows));
        }
        check(&mapping, first.columns.len())?;
        Ok(Plan { mapping, rows, ..Plan::default() })
    }

    /// Plans a load of files with a mapping of the first file's columns.
    ///
    /// # Errors
    /// `header-only`, `no-dates`, `unreadable-dates`, `no-customers-no-amounts`,
    /// `different-layout`, `column-not-kept`, `bad-mapping`, `bad-zone`.
    pub fn new(
        readings: &[Arc<Reading>],
        mapping: Vec<MappingEntry>,
        options: &LoadOptions,
    ) -> Result<Plan> {
        let plan = Plan::of_columns(readings, mapping)?;
        let (first, mapping, rows) = (&readings[0], plan.mapping, plan.rows);
        let link =
            |e: &MappingEntry| e.role == Role::OrderId && e.rule == Some(Rule::Link);
        let link = mapping.iter().any(|e| link(e) && e.columns.len() == 2);
        if let Some(zone) = &options.zone {
            zone.check()?;
        }
        let mut plan = Plan { mapping, rows, link, ..Plan::default() };
        plan.check_roles(first)?;
        plan.signs = plan.has_several_signs(readings);
        for (file, reading) in readings.iter().enumerate() {
            let mapping = plan.mapping_of(first, reading, file)?;
            let mut source = plan.source(reading, &mapping);
            source.zone.clone_from(&options.zone);
            plan.sources.push(source);
        }
        formats::settle(&mut plan, readings, options)?;
        plan.scale = formats::scale(&plan, readings);
        plan.list_texts();
        Ok(plan)
    }

    /// Whether a role is mapped.
    pub fn has(&self, role: Role) -> bool {
        self.mapping.iter().any(|e| e.role == role)
    }

    /// Whether people are known by their telephone numbers.
    pub fn by_phone(&self) -> bool {
        self.has(Role::Phone) && !self.has(Role::CustomerId)
    }

    /// Whether the amounts themselves are written in several currencies.
    fn has_several_signs(&self, readings: &[Arc<Reading>]) -> bool {
        let money = [Role::Amount, Role::UnitPrice].map(|r| columns_of(&self.mapping, r));
        let Some(&column) = money.iter().flatten().next() else { return false };
        let of = |r: &Arc<Reading>| r.columns.study(column).numbers.currencies;
        let mut codes: Vec<&str> =
            readings.iter().flat_map(of).map(|c| c.currency.code()).collect();
        codes.order();
        codes.dedup();
        codes.len() > 1
    }

    fn check_roles(&self, first: &Reading) -> Result<()> {
        let person = [Role::CustomerId, Role::Email, Role::Phone];
        let money = [Role::Amount, Role::UnitPrice];
        if !self.has(Role::OrderDate) {
            return Err(Error::new("no-dates").with("columns", names(first)));
        }
        if ![&person[..], &money[..]].concat().iter().any(|&r| self.has(r)) {
            return Err(
                Error::new("no-customers-no-amounts").with("columns", names(first))
            );
        }
        Ok(())
    }

    /// The mapping by the columns of another file, which are found by name.
    pub fn mapping_of(
        &self,
        first: &Reading,
        reading: &Reading,
        file: usize,
    ) -> Result<Vec<MappingEntry>> {
        let mut mapping = self.mapping.clone();
        let wanted: Vec<String> = names(first).iter().map(|n| key(n)).collect();
        let found: Vec<String> = names(reading).iter().map(|n| key(n)).collect();
        for column in mapping.iter_mut().flat_map(|entry| &mut entry.columns) {
            let same = found.get(*column) == wanted.get(*column);
            let at = if file == 0 || same {
                Some(*column).filter(|&c| c < found.len())
            } else {
                found.iter().position(|name| *name == wanted[*column])
            };
            let name = names(first).get(*column).cloned().unwrap_or_default();
            let Some(at) = at else {
                return Err(Error::new("different-layout")
                    .with("file", file + 1)
                    .with("column", name));
            };
            if !reading.columns.is_kept(at) {
                return Err(Error::new("column-not-kept")
                    .with("file", file + 1)
                    .with("index", at)
                    .with("column", name));
            }
            *column = at;
        }
        Ok(mapping)
    }

    /// The columns of one file, formats and texts still open.
    fn source(&mut self, reading: &Reading, mapping: &[MappingEntry]) -> Source {
        let texts = |role: Role| texts_of(mapping, role);
        let numbers = |role: Role| -> Vec<NumberColumn> {
            columns_of(mapping, role).into_iter().map(NumberColumn::new).collect()
        };
        let dates = |role: Role| -> Vec<DateColumn> {
            columns_of(mapping, role)
                .into_iter()
                .map(|column| DateColumn::new(column, reading.columns.name(column)))
                .collect()
        };
        let mut mapped: Vec<usize> =
            mapping.iter().flat_map(|e| e.columns.clone()).collect();
        let (mut date, mut time) = (dates(Role::OrderDate), dates(Role::OrderTime));
        let joined =
            |e: &MappingEntry| e.role == Role::OrderDate && e.rule == Some(Rule::Join);
        if mapping.iter().any(joined) && date.len() > 1 {
            // A day and its time.
            time.splice(0..0, date.split_off(1));
        }
        let mut seen = std::collections::BTreeSet::new();
        mapped.retain(|column| seen.insert(*column));
        let rule = mapping.iter().find(|e| e.role == Role::Amount).and_then(|e| e.rule);
        let states = columns_of(mapping, Role::Status);
        let name = |column: usize| reading.columns.name(column);
        let paid = states.iter().any(|&column| Style::is_payment(name(column)));
        let status = states.into_iter().map(|column| {
            let style = match Style::of(name(column)) {
                Style::Words if paid && !Style::is_payment(name(column)) => Style::Order,
                style => style,
            };
            StatusColumn { text: TextColumn::new(column), style, class: Vec::new() }
        });
        let mut currency = texts(Role::Currency);
        if currency.is_empty() && self.signs {
            let money = [Role::Amount, Role::UnitPrice].map(|r| columns_of(mapping, r));
            currency =
                money.iter().flatten().take(1).map(|&c| TextColumn::signs(c)).collect();
        }
        let (attributes, listed) = attributes::columns(reading, mapping);
        if self.sources.is_empty() {
            self.attributes = listed;
            self.texts.attributes = vec![Names::new(); self.attributes.len()];
        }
        Source {
            order: texts(Role::OrderId),
            person: [texts(Role::CustomerId), texts(Role::Email), texts(Role::Phone)]
                .concat(),
            date,
            time,
            amount: numbers(Role::Amount),
            amount_rule: rule.filter(|r| *r == Rule::Subtract),
            adjusted: numbers(Role::AdjustedAmount),
            quantity: numbers(Role::Quantity).first().copied(),
            price: numbers(Role::UnitPrice).first().copied(),
            refund: numbers(Role::Refund),
            status: status.collect(),
            currency,
            product: texts(Role::Product),
            category: texts(Role::Category),
            attributes,
            mapped,
            mapping: mapping.to_vec(),
            zone: None,
        }
    }

    fn list_texts(&mut self) {
        let phones = texts_of(&self.mapping, Role::Phone).len();
        for (file, source) in self.sources.iter().enumerate() {
            let ids = source.person.len() - phones;
            let mut add = |group: Group, range: std::ops::Range<usize>| {
                self.todo.extend(range.map(|at| (file, group, at)));
            };
            // Own ids before those that refer to them.
            if self.link && source.order.len() == 2 {
                add(Group::Order, 1..2);
            } else {
                add(Group::Order, 0..source.order.len());
            }
            add(Group::Id, 0..ids);
            add(Group::Phone, ids..source.person.len());
            add(Group::Currency, 0..source.currency.len());
            add(Group::Product, 0..source.product.len());
            add(Group::Category, 0..source.category.len());
            for (a, columns) in source.attributes.iter().enumerate() {
                add(Group::Attribute(a), 0..columns.len());
            }
            add(Group::Status, 0..source.status.len());
        }
        if self.link {
            self.todo
                .extend((0..self.sources.len()).map(|file| (file, Group::Reference, 0)));
        }
        self.todo.reverse();
    }

    /// Numbers texts for at most about `budget` units of work; the rest of the
    /// budget, or `None` while there is more to do.
    pub fn advance(&mut self, readings: &[Arc<Reading>], budget: u64) -> Option<u64> {
        let mut budget = budget;
        while let Some(&(file, group, at)) = self.todo.last() {
            let columns = &readings[file].columns;
            let source = &mut self.sources[file];
            let texts = &mut self.texts;
            if let Group::Status = group {
                let status = &mut source.status[at];
                if !matches!(status.style, Style::CancelledAt | Style::PaidAt) {
                    status.text.prepare(columns);
                    let names = status.text.names(columns).into_iter();
                    let class = |t: &[u8]| status.style.class(&lossy(t));
                    status.class = names.flat_map(Names::iter).map(class).collect();
                }
                self.todo.pop();
                continue;
            }
            let (target, names): (&mut TextColumn, &mut Names) = match group {
                Group::Id | Group::Phone => (&mut source.person[at], &mut texts.people),
                Group::Currency => (&mut source.currency[at], &mut texts.currencies),
                Group::Product => (&mut source.product[at], &mut texts.products),
                Group::Category => (&mut source.category[at], &mut texts.categories),
                Group::Attribute(a) => {
                    (&mut source.attributes[a][at], &mut texts.attributes[a])
                }
                Group::Order | Group::Reference | Group::Status => {
                    (&mut source.order[at], &mut texts.ids)
                }
            };
            if self.next == 0 {
                target.prepare(columns);
            }
            let of = target.names(columns);
            let count = of.map_or(0, |of| of.len() as u32);
            let end = count
                .min(self.next.saturating_add(u32::try_from(budget).unwrap_or(u32::MAX)));
            let to: Vec<u32> = (self.next..end)
                .map(|number| {
                    let text = of.map_or(&[][..], |of| of.bytes(number));
                    let text = canonical(group, &lossy(text));
                    match text {
                        None => NONE,
                        // A reference to nothing in the file is no order.
                        Some(text) if group == Group::Reference => {
                            names.find(text.as_bytes()).unwrap_or(NONE)
                        }
                        Some(text) => names.intern(text.as_bytes()),
                    }
                })
                .collect();
            if target.to.is_empty() {
                target.to = to;
            } else {
                target.to.extend(to);
            }
            budget -= u64::from(end - self.next);
            self.next = end;
            if end < count {
                return None;
            }
            self.next = 0;
            self.todo.pop();
        }
        Some(budget)
    }

    /// What rows may have to inherit, and what is open about amounts.
    pub fn inherit(&self, readings: &[Arc<Reading>]) -> Inherit {
        if !self.has(Role::OrderId) {
            return Inherit::default();
        }
        // Where every order has one row, nothing can be inherited.
        let ids = self.texts.ids.len() as u64;
        let several = ids < self.rows;
        // Cells may be empty, or name nobody ("0", "N/A").
        let lacks = |lacks: &dyn Fn(&Source, &Reading) -> bool| {
            let mut files = self.sources.iter().zip(readings);
            several && files.any(|(source, reading)| lacks(source, reading))
        };
        let empty = |reading: &Reading, c: usize| reading.columns.evidence(c).empty > 0;
        let nobody = |texts: &[TextColumn], reading: &Reading| {
            let lacks = |t: &TextColumn| empty(reading, t.column) || t.to.contains(&NONE);
            !texts.is_empty() && texts.iter().all(lacks)
        };
        let unsaid = |status: &StatusColumn, reading: &Reading| {
            empty(reading, status.text.column) || status.class.contains(&Class::Blank)
        };
        Inherit {
            person: self.link || lacks(&|s, r| nobody(&s.person, r)),
            day: lacks(&|s, r| {
                !s.date.is_empty() && s.date.iter().all(|d| empty(r, d.column))
            }),
            class: lacks(&|s, r| {
                !s.status.is_empty() && s.status.iter().all(|c| unsaid(c, r))
            }),
            currency: lacks(&|s, r| nobody(&s.currency, r)),
            amounts: several && self.has(Role::Amount),
            lines: self.has(Role::Quantity) && self.has(Role::UnitPrice),
            link: self.link,
            refunds: several
                && (self.has(Role::Refund) || self.has(Role::AdjustedAmount)),
        }
    }
}

/// The names of a file's columns.
pub(crate) fn names(reading: &Reading) -> Vec<String> {
    (0..reading.columns.len()).map(|c| reading.columns.name(c).to_string()).collect()
}

/// The text columns of a role, tried in turn or joined into one.
pub(crate) fn texts_of(mapping: &[MappingEntry], role: Role) -> Vec<TextColumn> {
    let entries = mapping.iter().filter(|e| e.role == role);
    entries
        .flat_map(|e| match e.rule {
            Some(Rule::Join) => TextColumn::joined(&e.columns).into_iter().collect(),
            _ => e.columns.iter().map(|&c| TextColumn::new(c)).collect::<Vec<_>>(),
        })
        .collect()
}

fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The text that a cell's text is compared as; `None` for nothing.
fn canonical(group: Group, text: &str) -> Option<String> {
    match group {
        Group::Order | Group::Reference => identity::id(text),
        Group::Id => identity::person(text),
        Group::Phone => identity::phone(text),
        Group::Currency => identity::id(text).map(|t| t.to_uppercase()),
        _ => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
    }
}

/// Every column once, and in range.
pub(super) fn check(mapping: &[MappingEntry], columns: usize) -> Result<()> {
    for (at, entry) in mapping.iter().enumerate() {
        let bad = |why: &str| {
            let error = Error::new("bad-mapping").with("role", entry.role.name());
            Err(error.with("why", why))
        };
        if entry.columns.is_empty() {
            return bad("no-columns");
        }
        if entry.columns.iter().any(|&c| c >= columns) {
            return bad("no-such-column");
        }
        let repeats = mapping[..at].iter().any(|e| e.role == entry.role);
        if repeats && entry.role != Role::Attribute {
            return bad("role-twice");
        }
    }
    Ok(())
}
