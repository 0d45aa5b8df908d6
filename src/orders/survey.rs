//! The first pass over all rows: what whole orders say, and from it the rules
//! by which rows are judged. Inspecting a file ends here, loading goes on.

use std::sync::Arc;

use super::amounts::Losses;
use super::block::{Block, NO_AMOUNT, NONE};
use super::duplicates::Duplicates;
use super::facts::{Facts, Tally};
use super::layout::{self, Context, Layout};
use super::plan::{Plan, names};
use super::records::Rules;
use super::sources::Pass;
use super::{LoadOptions, formats};
use crate::error::{Error, Result};
use crate::mapping::{Choice, MappingEntry, Platform, Question, Role, key};
use crate::message::{Message, Params};
use crate::names::Names;
use crate::reader::Reading;
use crate::sort::Order;

/// Rows decoded at once.
pub(crate) const ROWS: usize = 4096;

/// A place in the rows of all files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    /// The file.
    pub file: usize,
    /// The row in it, from 0.
    pub row: usize,
    /// The row over all files, from 0.
    pub number: u64,
}

impl Cursor {
    /// The next rows of the file at hand, or `None` when the file is through.
    pub fn next(&self, readings: &[Arc<Reading>]) -> Option<std::ops::Range<usize>> {
        let rows = readings.get(self.file)?.columns.rows() as usize;
        (self.row < rows).then(|| self.row..rows.min(self.row + ROWS))
    }

    /// Past these rows.
    pub fn pass(&mut self, rows: &std::ops::Range<usize>) {
        self.row = rows.end;
        self.number += rows.len() as u64;
    }

    /// To the next file.
    pub fn next_file(&mut self) {
        self.file += 1;
        self.row = 0;
    }
}

/// Marks of rows, a bit each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    fn new(rows: u64) -> Marks {
        Marks(vec![0; rows.div_ceil(64) as usize])
    }

    fn set(&mut self, row: u64) {
        self.0[(row / 64) as usize] |= 1 << (row % 64);
    }

    /// Whether a row is marked.
    pub fn get(&self, row: u64) -> bool {
        self.0.get((row / 64) as usize).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }
}

/// The first pass.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    /// The plan.
    pub plan: Plan,
    /// What whole orders say.
    pub facts: Facts,
    /// Rows that equal an earlier one.
    pub duplicates: Marks,
    /// Rows by currency number.
    pub currency_rows: Vec<u64>,
    /// What was rounded.
    pub losses: Losses,
    search: Duplicates,
    block: Block,
    cursor: Cursor,
    is_planned: bool,
    /// Whether duplicates matter only as far as the rules need them.
    rules_only: bool,
}

impl Survey {
    /// A survey of files under a mapping of the first one's columns.
    ///
    /// # Errors
    /// Those of [`Plan::new`].
    pub fn new(
        readings: &[Arc<Reading>],
        mapping: Vec<MappingEntry>,
        options: &LoadOptions,
    ) -> Result<Survey> {
        let plan = Plan::new(readings, mapping, options)?;
        Ok(Survey {
            facts: Facts::default(),
            duplicates: Marks::new(plan.rows),
            currency_rows: Vec::new(),
            losses: Losses::default(),
            search: Duplicates::default(),
            block: Block::default(),
            cursor: Cursor::default(),
            is_planned: false,
            rules_only: false,
            plan,
        })
    }

    /// The same for the rules alone: duplicates are looked for only where the
    /// rules depend on them.
    #[must_use]
    pub fn for_rules(self) -> Survey {
        Survey { rules_only: true, ..self }
    }

    /// Units of work done.
    pub fn done(&self) -> u64 {
        self.cursor.number
    }

    /// Works for about `budget` rows; whether all is done.
    pub fn advance(&mut self, readings: &[Arc<Reading>], budget: u64) -> bool {
        let Some(mut budget) = self.plan.advance(readings, budget) else { return false };
        if !self.is_planned {
            self.is_planned = true;
            let inherit = self.plan.inherit(readings);
            self.facts = Facts::new(self.plan.texts.ids.len(), inherit);
            self.rules_only &=
                self.facts.amounts.is_none() && self.facts.refunds.is_none();
            if !self.rules_only {
                self.search = Duplicates::new(readings);
            }
            self.currency_rows = vec![0; self.plan.texts.currencies.len()];
        }
        while self.cursor.file < readings.len() {
            let Some(rows) = self.cursor.next(readings) else {
                self.facts.end_file();
                self.cursor.next_file();
                continue;
            };
            if budget == 0 {
                return false;
            }
            budget = budget.saturating_sub(rows.len() as u64);
            self.look(readings, rows);
        }
        self.search = Duplicates::default();
        true
    }

    fn look(&mut self, readings: &[Arc<Reading>], rows: std::ops::Range<usize>) {
        let (file, first) = (self.cursor.file, self.cursor.number);
        let (source, columns) = (&self.plan.sources[file], &readings[file].columns);
        let block = &mut self.block;
        let mut losses = Losses::default();
        source.fill(
            columns,
            rows.clone(),
            Pass::Facts { dated: self.facts.wants_days() },
            self.plan.scale,
            block,
            &mut losses,
        );
        self.losses.rounded += losses.rounded;
        let marks = &mut block.duplicate;
        if self.rules_only {
            marks.clear();
        } else {
            self.search.mark(&self.plan, readings, file, rows.clone(), marks);
        }
        for (i, _) in marks.iter().enumerate().filter(|(_, is)| **is) {
            self.duplicates.set(first + i as u64);
        }
        let settings = super::LoadSettings::default();
        for (i, &currency) in block.currency.iter().enumerate() {
            let sale = block.class[i].reason(&settings).is_none();
            if currency != NONE && sale && block.amount.get(i) != Some(&NO_AMOUNT) {
                self.currency_rows[currency as usize] += 1;
            }
        }
        self.facts.add(block);
        self.cursor.pass(&rows);
    }

    /// The rules, once all rows were seen, and the questions that remain.
    ///
    /// # Errors
    /// `bad-answer`, `no-such-currency`.
    pub fn settle(
        &mut self,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
    ) -> Result<Rules> {
        let layout = self.layout(readings, options)?;
        let currency = self.currency(options)?;
        let facts = &self.facts;
        let has = |role: Role| self.plan.has(role);
        let refunds = has(Role::Refund) || has(Role::AdjustedAmount);
        let refund_deducted = match options.answers.get("refunds").map(String::as_str) {
            None => {
                has(Role::Refund) && facts.refund_above_amount * 5 > facts.refund_rows
            }
            Some("deducted") => true,
            Some("on-top") => false,
            Some(other) => return Err(formats::bad_answer("refunds", other)),
        };
        let tally = facts.refunds.as_ref().map_or(Tally::default(), |s| s.tally);
        let keys: Vec<String> = names(&readings[0]).iter().map(|n| key(n)).collect();
        let platform = Platform::of(&keys).map(|p| p.id);
        Ok(Rules {
            settings: options.settings.clone(),
            layout,
            refund_repeated: tally.all_equal > 0 && tally.different == 0,
            refund_deducted,
            refunded_by_status: !refunds && facts.negative_rows == 0,
            sign_from_quantity: facts.unsigned_returns > 0 && facts.signed_returns == 0,
            currency,
            has_money: has(Role::Amount) || has(Role::UnitPrice),
            outgoing: platform == Some("paypal"),
        })
    }

    /// Orders whose repeated totals or refunds differ from row to row.
    pub fn different(&self) -> &[u32] {
        self.facts.amounts.as_ref().map_or(&[], |spread| &spread.different)
    }

    fn layout(
        &mut self,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
    ) -> Result<Layout> {
        if let Some(answer) = options.answers.get("totals") {
            let layout = Layout::parse(answer);
            return layout.ok_or_else(|| formats::bad_answer("totals", answer));
        }
        let has = |role: Role| self.plan.has(role);
        let amount = self.plan.sources[0].amount.first();
        let name = amount.map_or("", |a| readings[0].columns.name(a.column));
        let context = Context {
            multiplied: !has(Role::Amount) && has(Role::UnitPrice),
            no_order_id: !has(Role::OrderId),
            has_lines: has(Role::Product) || has(Role::UnitPrice),
            named: layout::named(&key(name)),
        };
        let spread = self.facts.amounts.as_ref();
        let choices = match layout::decide(spread.map(|s| &s.tally), context) {
            Ok(layout) => return Ok(layout),
            Err(choices) => choices,
        };
        let (sum, excess) = spread.map_or((0, 0), |s| (s.sum, s.excess));
        let scale = self.plan.scale.units() as f64;
        let choice = |layout: Layout| {
            let (code, sum) = match layout {
                Layout::Lines => ("totals-are-lines", sum),
                _ => ("totals-are-repeated", sum - excess),
            };
            let message = Message::new(code).with("total", sum as f64 / scale);
            Choice { value: layout.name().to_owned(), message }
        };
        self.plan.questions.push(Question {
            id: "totals".to_owned(),
            code: "which-totals",
            params: Params::from([("column", name.into())]),
            choices: choices.map(choice).to_vec(),
        });
        Ok(choices[0])
    }

    /// The currency that is kept, where there are several.
    fn currency(&mut self, options: &LoadOptions) -> Result<Option<u32>> {
        let used: Vec<u32> = (0..self.currency_rows.len() as u32)
            .filter(|&c| self.currency_rows[c as usize] > 0)
            .collect();
        let currencies = &self.plan.texts.currencies;
        let wanted = options.currency.as_ref().or(options.answers.get("currency"));
        if let Some(wanted) = wanted {
            if used.len() < 2 {
                return Ok(None);
            }
            let wanted = wanted.trim().to_uppercase();
            let found = currencies.find(wanted.as_bytes());
            return found
                .map(Some)
                .ok_or_else(|| Error::new("no-such-currency").with("currency", wanted));
        }
        if used.len() < 2 || is_one(currencies, &used) {
            return Ok(None);
        }
        let mut by_rows = used.clone();
        by_rows.order_by_key(|&c| std::cmp::Reverse(self.currency_rows[c as usize]));
        let choices = by_rows.iter().map(|&c| {
            let text = currencies.text(c).into_owned();
            let message = Message::new("keep-currency")
                .with("currency", text.as_str())
                .with("rows", self.currency_rows[c as usize]);
            Choice { value: text, message }
        });
        let all: Vec<String> =
            by_rows.iter().map(|&c| currencies.text(c).into_owned()).collect();
        let question = Question {
            id: "currency".to_owned(),
            code: "which-currency",
            params: Params::from([("currencies", all.into())]),
            choices: choices.collect(),
        };
        self.plan.questions.push(question);
        Ok(Some(by_rows[0]))
    }
}
/// Whether a sign of several meanings stands beside one code that it may mean.
fn is_one(currencies: &Names, used: &[u32]) -> bool {
    let &[a, b] = used else { return false };
    let (a, b) = (currencies.text(a), currencies.text(b));
    let (sign, code) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let codes = match &*sign {
        "$" => "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP",
        "¥" => "JPY CNY",
        "KR" => "SEK NOK DKK ISK",
        _ => "",
    };
    codes.split(' ').any(|c| c == code)
}
