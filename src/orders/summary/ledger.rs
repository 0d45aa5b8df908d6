//! The ledger of a table of one row a customer.

use std::sync::Arc;

use super::row::Row;
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::mapping::{self, Choice, Kind, Question, Role};
use crate::message::{Message, Params};
use crate::orders::account::exact;
use crate::orders::plan::{Plan, columns_of};
use crate::orders::{
    CustomerTotals, Example, Ledger, LoadOptions, Orders, ReturnsOnly, SetAside, Totals,
    identity,
};
use crate::reader::Reading;
use crate::sort::Order;

/// Rows that are not used, by reason and currency.
#[derive(Clone, Debug)]
struct Aside {
    reason: &'static str,
    currency: Option<String>,
    rows: u64,
    amount: i128,
    first: u64,
}

/// The account of the rows, while they are taken in.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// Whether the table says first and last days, and days of a calendar.
    pub knows_first: bool,
    /// Likewise.
    pub knows_last: bool,
    /// Likewise.
    pub dated: bool,
    /// Whether the table says how many orders there were.
    counted: bool,
    /// What the table leaves open besides its formats.
    pub questions: Vec<Question>,
    /// The currency that is kept.
    kept: Option<String>,
    several: bool,
    currency: Vec<usize>,
    /// Rows equal to an earlier one.
    pub duplicates: u64,
    aside: Vec<Aside>,
    rows: u64,
    customer_rows: u64,
    return_rows: u64,
    joined: u64,
    contradicts: u64,
}

/// In the order of precedence.
const REASONS: [&str; 6] = [
    "unreadable-row",
    "no-date",
    "other-currency",
    "no-amount",
    "no-orders",
    "duplicate",
];

impl Account {
    /// # Errors
    /// `no-such-currency`.
    pub fn new(
        plan: &Plan,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
        counted: bool,
    ) -> Result<Account> {
        let has = |role: Role| plan.has(role);
        let told = has(Role::Age) && has(Role::FirstToLast) && !has(Role::FirstOrder);
        let since = has(Role::DaysSince) && !has(Role::LastOrder);
        let first = has(Role::FirstOrder) && !since;
        let knows_last = has(Role::LastOrder)
            || since
            || told
            || has(Role::FirstOrder) && has(Role::FirstToLast);
        let knows_first =
            first || !since && told || has(Role::LastOrder) && has(Role::FirstToLast);
        let dated = has(Role::LastOrder) || first;
        let mut account =
            Account { knows_first, knows_last, dated, counted, ..Account::default() };
        let currency = columns_of(&plan.mapping, Role::Currency);
        account.currency = plan
            .sources
            .iter()
            .filter_map(|s| s.currency.first().map(|t| t.column))
            .collect();
        if !currency.is_empty() {
            account.choose_currency(readings, options)?;
        }
        Ok(account)
    }

    fn choose_currency(
        &mut self,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
    ) -> Result<()> {
        let mut used: Vec<(String, u64)> = Vec::new();
        for (reading, &column) in readings.iter().zip(&self.currency) {
            for row in 0..reading.columns.rows() as usize {
                let Some(text) = identity::id(&reading.columns.text(column, row)) else {
                    continue;
                };
                let text = text.to_uppercase();
                match used.iter_mut().find(|(name, _)| *name == text) {
                    Some((_, rows)) => *rows += 1,
                    None => used.push((text, 1)),
                }
            }
        }
        used.order_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        self.several = used.len() > 1;
        self.kept = used.first().map(|(name, _)| name.clone());
        if !self.several {
            return Ok(());
        }
        let wanted = options.currency.as_ref().or(options.answers.get("currency"));
        if let Some(wanted) = wanted.map(|name| name.trim().to_uppercase()) {
            if !used.iter().any(|(name, _)| *name == wanted) {
                return Err(Error::new("no-such-currency").with("currency", wanted));
            }
            self.kept = Some(wanted);
            return Ok(());
        }
        let all: Vec<String> = used.iter().map(|(name, _)| name.clone()).collect();
        let choice = |(name, rows): (String, u64)| {
            let message = Message::new("keep-currency").with("currency", name.as_str());
            Choice { value: name, message: message.with("rows", rows) }
        };
        self.questions.push(Question {
            id: "currency".to_owned(),
            code: "which-currency",
            params: Params::from([("currencies", all.into())]),
            choices: used.into_iter().map(choice).collect(),
        });
        Ok(())
    }

    /// The day that the table was made on, as its undated days count it.
    pub fn made(&self) -> Day {
        Day(1)
    }

    /// The currency of a row that is not kept for it.
    pub fn other_currency(
        &self,
        reading: &Reading,
        file: usize,
        row: usize,
    ) -> Option<String> {
        if !self.several {
            return None;
        }
        let text = reading.columns.text(*self.currency.get(file)?, row);
        let own = identity::id(&text)?.to_uppercase();
        (Some(&own) != self.kept.as_ref()).then_some(own)
    }

    /// Counts a row that is used.
    pub fn take(&mut self, row: &Row, of_customer: bool, number: u64) {
        self.rows += 1;
        self.return_rows += u64::from(row.gross == 0 && row.returns < 0);
        self.contradicts += u64::from(row.contradicts);
        self.customer_rows += u64::from(of_customer);
        if !of_customer {
            self.aside("no-customer", None, row.gross + row.returns, number);
        }
    }

    /// Two rows of one customer become one.
    pub fn join(&mut self, into: &mut Row, other: &Row) {
        self.joined += 1;
        into.first = into.first.min(other.first);
        into.last = into.last.max(other.last);
        into.orders = into.orders.saturating_add(other.orders);
        let room = into.last.saturating_sub(into.first).max(0) as u32;
        let repeats =
            into.repeat_days.saturating_add(other.repeat_days).saturating_add(1);
        into.repeat_days = repeats.min(room);
        into.gross = into.gross.saturating_add(other.gross);
        into.returns = into.returns.saturating_add(other.returns);
    }

    /// Counts a row that is not used.
    pub fn set_aside(&mut self, reason: &'static str, amount: i64, number: u64) {
        self.aside(reason, None, amount, number);
    }

    /// Counts a row in another currency.
    pub fn set_aside_currency(&mut self, currency: String, amount: i64, number: u64) {
        self.aside("other-currency", Some(currency), amount, number);
    }

    fn aside(
        &mut self,
        reason: &'static str,
        currency: Option<String>,
        amount: i64,
        number: u64,
    ) {
        let same = |a: &&mut Aside| a.reason == reason && a.currency == currency;
        if let Some(aside) = self.aside.iter_mut().find(same) {
            aside.rows += 1;
            aside.amount += i128::from(amount);
            return;
        }
        let amount = i128::from(amount);
        self.aside.push(Aside { reason, currency, rows: 1, amount, first: number });
    }

    /// The ledger of the records.
    ///
    /// # Errors
    /// `no-usable-rows`, `one-customer`, `amounts-too-large`.
    pub fn close(
        &mut self,
        orders: &Orders,
        plan: &Plan,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
    ) -> Result<Ledger> {
        let Some(summary) = &orders.summary else { return Err(Error::new("no-task")) };
        let people = orders.customers.len();
        if orders.is_empty() {
            let most = self.aside.iter().max_by_key(|a| a.rows);
            let reason = most.map_or("no-orders", |a| a.reason);
            let error = Error::new("no-usable-rows").with("rows", plan.rows);
            return Err(error.with("reason", reason));
        }
        if people == 1 && orders.len() == 1 {
            return Err(Error::new("one-customer"));
        }
        let totals = |range: std::ops::Range<usize>, rows: u64| -> Result<Totals> {
            let sum = |of: &[i64]| of[range.clone()].iter().map(|&v| i128::from(v)).sum();
            let money =
                Totals::of(sum(&orders.gross), sum(&orders.returns), orders.scale)?;
            let placed =
                summary.orders[range.clone()].iter().map(|&n| u64::from(n)).sum();
            Ok(Totals { rows, orders: placed, ..money })
        };
        let all = 0..orders.len();
        let days = |of: &[i32], least: bool| {
            let days = of.iter().copied();
            let day = if least { days.min() } else { days.max() };
            day.filter(|_| summary.dated).map(Day)
        };
        let firsts = if summary.first_day.is_empty() {
            &summary.last_day
        } else {
            &summary.first_day
        };
        Ok(Ledger {
            kind: Kind::Customers,
            rows_read: plan.rows,
            purchase_rows: self.rows - self.return_rows,
            return_rows: self.return_rows,
            set_aside: self.listed(orders, plan, readings)?,
            shop: totals(all, self.rows)?,
            customers: CustomerTotals {
                customers: people as u64,
                totals: totals(0..people, self.customer_rows)?,
                returns_only: ReturnsOnly {
                    exact_amount: "0".to_owned(),
                    ..ReturnsOnly::default()
                },
            },
            first_date: days(firsts, true),
            last_date: days(&summary.last_day, false),
            duplicates: self.duplicates,
            currency: self.currency_of(plan, readings, options),
            scale: orders.scale,
            zoned: false,
            zone: None,
            settings: options.settings.clone(),
            understood: Vec::new(),
            notices: self.notices(orders, plan, readings),
        })
    }

    fn currency_of(
        &self,
        plan: &Plan,
        readings: &[Arc<Reading>],
        options: &LoadOptions,
    ) -> Option<String> {
        let sign = || {
            let source = plan.sources.first()?;
            let money = [Role::Amount, Role::AverageAmount];
            let column = money
                .into_iter()
                .find_map(|role| columns_of(&source.mapping, role).first().copied())?;
            let evidence = readings[0].columns.study(column).numbers;
            evidence.currencies.first().map(|c| c.currency.code().to_owned())
        };
        let kept = self.kept.clone();
        kept.or_else(|| options.currency.clone()).or_else(sign)
    }

    fn listed(
        &self,
        orders: &Orders,
        plan: &Plan,
        readings: &[Arc<Reading>],
    ) -> Result<Vec<SetAside>> {
        let place = |reason: &str| {
            REASONS.iter().position(|r| *r == reason).unwrap_or(REASONS.len())
        };
        let mut aside: Vec<&Aside> = self.aside.iter().collect();
        aside.order_by_key(|a| (place(a.reason), a.currency.clone()));
        let scale = orders.scale;
        aside
            .into_iter()
            .map(|a| {
                let amount = exact(a.amount)?;
                Ok(SetAside {
                    reason: a.reason,
                    from: if a.reason == "no-customer" { "customers" } else { "shop" },
                    rows: a.rows,
                    amount: scale.number(amount),
                    exact_amount: scale.exact(amount),
                    currency: a.currency.clone(),
                    example: example(a.first, plan, readings),
                })
            })
            .collect()
    }

    fn notices(
        &self,
        orders: &Orders,
        plan: &Plan,
        readings: &[Arc<Reading>],
    ) -> Vec<Message> {
        let mut notices = vec![Message::new("customers-only")];
        for (reading, source) in readings.iter().zip(&plan.sources) {
            let said = reading.notices.iter().cloned();
            for notice in said.chain(mapping::noticed(reading, &source.mapping)) {
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
            }
        }
        let mut say = |wanted: bool, message: Message| {
            if wanted {
                notices.push(message);
            }
        };
        let has = |role: Role| plan.has(role);
        let means = orders.summary.as_ref().is_some_and(|s| !s.repeat_mean.is_empty());
        say(!self.knows_last, Message::new("customers-no-last-order"));
        say(
            self.knows_last && !self.knows_first,
            Message::new("customers-no-first-order"),
        );
        say(!self.counted, Message::new("customers-no-count"));
        say(
            !has(Role::Amount) && !has(Role::AverageAmount),
            Message::new("customers-no-money"),
        );
        say(means, Message::new("mean-of-repeat-orders"));
        say(self.knows_last && !self.dated, Message::new("no-calendar-days"));
        say(
            self.joined > 0,
            Message::new("customers-on-several-rows").with("rows", self.joined),
        );
        say(
            self.contradicts > 0,
            Message::new("customers-rows-contradict").with("rows", self.contradicts),
        );
        notices
    }
}

/// A row over all files, quoted.
fn example(row: u64, plan: &Plan, readings: &[Arc<Reading>]) -> Option<Example> {
    let mut row = row;
    let mut file = 0;
    while file + 1 < readings.len() && row >= readings[file].columns.rows() {
        row -= readings[file].columns.rows();
        file += 1;
    }
    let columns = &readings[file].columns;
    let cells = plan.sources.get(file)?.mapped.iter();
    let texts: Vec<String> = cells
        .map(|&c| columns.text(c, row as usize).into_owned())
        .filter(|t| !t.is_empty())
        .collect();
    let text = texts.join(" | ");
    Some(Example { file, row: readings[file].row(row as usize), text })
}
