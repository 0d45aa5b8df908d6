//! The ledger: every row and all money accounted for, and what was noticed.

use std::sync::Arc;

use super::aside::{Aside, NO_CUSTOMER, OTHER_CURRENCY, REASONS};
use super::block::NONE;
use super::layout::Layout;
use super::records::Records;
use super::statuses;
use super::survey::Survey;
use super::{
    CustomerTotals, ExactTotals, Example, Ledger, LoadOptions, ReturnsOnly, SetAside,
    Totals,
};
use crate::calendar::Day;
use crate::columns::Currency;
use crate::error::{Error, Result};
use crate::mapping::{self, Kind, Role, understood};
use crate::message::Message;
use crate::money::Scale;
use crate::reader::Reading;

/// Sums of records.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    orders: u64,
    credit_notes: u64,
    gross: i128,
    returns: i128,
}

impl Sums {
    fn add(&mut self, records: &Records, r: usize) {
        if records.is_order[r] {
            self.orders += 1;
        } else {
            self.credit_notes += 1;
        }
        self.gross += i128::from(records.gross[r]);
        self.returns += i128::from(records.returns[r]);
    }

    fn totals(&self, rows: u64, scale: Scale) -> Result<Totals> {
        let money = Totals::of(self.gross, self.returns, scale)?;
        let (orders, credit_notes) = (self.orders, self.credit_notes);
        Ok(Totals { rows, orders, credit_notes, ..money })
    }
}

impl Totals {
    /// The money of so many smallest units; its counts are 0.
    ///
    /// # Errors
    /// `amounts-too-large`.
    pub(crate) fn of(gross: i128, returns: i128, scale: Scale) -> Result<Totals> {
        let (net, gross, returns) =
            (exact(gross + returns)?, exact(gross)?, exact(returns)?);
        Ok(Totals {
            gross: scale.number(gross),
            returns: scale.number(returns),
            net: scale.number(net),
            exact: ExactTotals {
                gross: scale.exact(gross),
                returns: scale.exact(returns),
                net: scale.exact(net),
            },
            ..Totals::default()
        })
    }
}

/// A sum that the ledger can hold.
pub(crate) fn exact(sum: i128) -> Result<i64> {
    i64::try_from(sum).map_err(|_| Error::new("amounts-too-large"))
}

/// The ledger of the records, before they are sorted.
///
/// # Errors
/// `amounts-too-large`, `no-usable-rows`, `all-amounts-zero`, `one-order`,
/// `one-customer`.
pub(crate) fn ledger(
    records: &Records,
    survey: &Survey,
    readings: &[Arc<Reading>],
    options: &LoadOptions,
) -> Result<Ledger> {
    if records.overflow {
        return Err(Error::new("amounts-too-large"));
    }
    let scale = survey.plan.scale;
    let (mut shop, mut known) = (Sums::default(), Sums::default());
    let mut people = vec![(false, 0_i128); survey.plan.texts.people.len()];
    let mut days: Option<(i32, i32)> = None;
    for r in 0..records.len() {
        shop.add(records, r);
        if records.is_order[r] {
            let day = records.day[r];
            days = Some(days.map_or((day, day), |(a, b)| (a.min(day), b.max(day))));
        }
        let person = records.person[r];
        if person != NONE {
            known.add(records, r);
            let person = &mut people[person as usize];
            person.0 |= records.is_order[r];
            person.1 += i128::from(records.gross[r]) + i128::from(records.returns[r]);
        }
    }
    let customers = people.iter().filter(|p| p.0).count() as u64;
    let mut seen = vec![false; people.len()];
    let mut only = (0, 0_i128);
    for &person in records.person.iter().filter(|&&p| p != NONE) {
        let person = person as usize;
        if !std::mem::replace(&mut seen[person], true) && !people[person].0 {
            only = (only.0 + 1, only.1 + people[person].1);
        }
    }
    check(&shop, customers + only.0, records, survey, readings)?;
    let returns_only = exact(only.1)?;
    let used = records.purchase_rows + records.return_rows;
    let zone = options.zone.as_ref().filter(|_| survey.plan.zoned);
    let zone = zone.map(|zone| zone.name.as_str());
    Ok(Ledger {
        kind: Kind::Orders,
        rows_read: survey.plan.rows,
        purchase_rows: records.purchase_rows,
        return_rows: records.return_rows,
        set_aside: set_aside(records, survey, readings)?,
        shop: shop.totals(used, scale)?,
        customers: CustomerTotals {
            customers,
            totals: known.totals(records.customer_rows, scale)?,
            returns_only: ReturnsOnly {
                customers: only.0,
                amount: scale.number(returns_only),
                exact_amount: scale.exact(returns_only),
            },
        },
        first_date: days.map(|d| Day(d.0)),
        last_date: days.map(|d| Day(d.1)),
        duplicates: records.duplicates,
        currency: currency(records, survey, readings, options),
        scale,
        settings: options.settings.clone(),
        zoned: survey.plan.zoned,
        zone: zone.map(str::to_owned),
        understood: understood::orders(readings, survey, records.rules()),
        notices: notices(records, survey, readings, customers, zone),
    })
}

/// Files that hold no shop.
fn check(
    shop: &Sums,
    people: u64,
    records: &Records,
    survey: &Survey,
    readings: &[Arc<Reading>],
) -> Result<()> {
    let plan = &survey.plan;
    if shop.orders == 0 {
        let most = (0..NO_CUSTOMER).max_by_key(|&r| records.aside[r].rows);
        let reason = most.filter(|&r| records.aside[r].rows > 0);
        let error = Error::new("no-usable-rows").with("rows", plan.rows);
        return Err(error.with("reason", reason.map_or("free", |r| REASONS[r])));
    }
    let money = plan.has(Role::Amount) || plan.has(Role::UnitPrice);
    if money && shop.gross == 0 && shop.returns == 0 {
        let role = if plan.has(Role::Amount) { Role::Amount } else { Role::UnitPrice };
        let column = mapping::column_name(&readings[0], &plan.mapping, role);
        return Err(Error::new("all-amounts-zero").with("column", column));
    }
    if shop.orders == 1 {
        return Err(Error::new("one-order"));
    }
    if people == 1 && records.aside[NO_CUSTOMER].rows == 0 {
        return Err(Error::new("one-customer"));
    }
    Ok(())
}

fn set_aside(
    records: &Records,
    survey: &Survey,
    readings: &[Arc<Reading>],
) -> Result<Vec<SetAside>> {
    let mut listed = Vec::new();
    for (reason, aside) in records.aside.iter().enumerate() {
        if reason == OTHER_CURRENCY {
            for (at, aside) in records.other.iter().enumerate() {
                let name = (at > 0).then(|| {
                    survey.plan.texts.currencies.text(at as u32 - 1).into_owned()
                });
                push(&mut listed, reason, aside, name, survey, readings)?;
            }
        } else {
            push(&mut listed, reason, aside, None, survey, readings)?;
        }
    }
    Ok(listed)
}

fn push(
    listed: &mut Vec<SetAside>,
    reason: usize,
    aside: &Aside,
    currency: Option<String>,
    survey: &Survey,
    readings: &[Arc<Reading>],
) -> Result<()> {
    if aside.rows == 0 {
        return Ok(());
    }
    let amount = exact(aside.amount)?;
    let scale = survey.plan.scale;
    listed.push(SetAside {
        reason: REASONS[reason],
        from: if reason == NO_CUSTOMER { "customers" } else { "shop" },
        rows: aside.rows,
        amount: scale.number(amount),
        exact_amount: scale.exact(amount),
        currency,
        example: aside.first.map(|row| example(row, survey, readings)),
    });
    Ok(())
}

/// A row over all files, quoted.
fn example(row: u64, survey: &Survey, readings: &[Arc<Reading>]) -> Example {
    let mut row = row;
    let mut file = 0;
    while file + 1 < readings.len() && row >= readings[file].columns.rows() {
        row -= readings[file].columns.rows();
        file += 1;
    }
    let columns = &readings[file].columns;
    let cells = survey.plan.sources[file].mapped.iter();
    let texts: Vec<String> = cells
        .map(|&c| columns.text(c, row as usize).into_owned())
        .filter(|t| !t.is_empty())
        .collect();
    Example { file, row: readings[file].row(row as usize), text: texts.join(" | ") }
}

/// The currency of the money: the one that was kept or named, the only one of
/// the currency column, or the sign beside the amounts.
fn currency(
    records: &Records,
    survey: &Survey,
    readings: &[Arc<Reading>],
    options: &LoadOptions,
) -> Option<String> {
    let currencies = &survey.plan.texts.currencies;
    if let Some(kept) = records.currency() {
        return Some(currencies.text(kept).into_owned());
    }
    if options.currency.is_some() {
        return options.currency.clone();
    }
    // Of a sign and the code that it means, the code.
    let used = (0..survey.currency_rows.len()).rev();
    let used = used.filter(|&c| survey.currency_rows[c] > 0);
    let used = used.map(|c| currencies.text(c as u32).into_owned());
    if let Some(used) = used.max_by_key(String::len) {
        return Some(used);
    }
    let source = &survey.plan.sources[0];
    let money = source.amount.iter().chain(&source.price);
    let columns = &readings[0].columns;
    let signs = money
        .clone()
        .flat_map(|n| columns.evidence(n.column).numbers.currencies)
        .map(|c| c.currency.code().to_owned());
    let mut named = money.filter_map(|n| Currency::in_name(columns.name(n.column)));
    signs.chain(named.next().map(|c| c.code().to_owned())).next()
}

fn notices(
    records: &Records,
    survey: &Survey,
    readings: &[Arc<Reading>],
    customers: u64,
    zone: Option<&str>,
) -> Vec<Message> {
    let plan = &survey.plan;
    let mut notices: Vec<Message> = Vec::new();
    for (reading, source) in readings.iter().zip(&plan.sources) {
        let said = reading.notices.iter().cloned();
        for notice in said.chain(mapping::noticed(reading, &source.mapping)) {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
    }
    if let Some(zone) = zone {
        notices.retain(|notice| notice.code != "dates-in-utc");
        notices.push(Message::new("days-in-zone").with("zone", zone));
    }
    notices.extend(statuses::unknown(plan, readings));
    let column = |role: Role| mapping::column_name(&readings[0], &plan.mapping, role);
    if plan.sources[0].person.is_empty() {
        notices.push(Message::new("no-customer-column"));
    } else if customers == 0 {
        notices.push(Message::new("no-identified-customers"));
    }
    if !plan.has(Role::OrderId) {
        notices.push(Message::new("no-order-id"));
    }
    if !plan.has(Role::Amount) && !plan.has(Role::UnitPrice) {
        notices.push(Message::new("no-amount-column"));
    }
    let amount = column(Role::Amount);
    match records.layout() {
        Layout::FirstRow => {
            notices.push(Message::new("totals-first-row").with("column", amount));
        }
        Layout::Repeated => {
            notices.push(Message::new("totals-repeated").with("column", amount));
            let differ = survey.different().len();
            if differ > 0 {
                notices.push(Message::new("totals-differ").with("orders", differ));
            }
        }
        Layout::Lines | Layout::Orders => {}
    }
    let totals = matches!(records.layout(), Layout::FirstRow | Layout::Repeated);
    if totals && plan.has(Role::Product) && !plan.has(Role::UnitPrice) {
        notices.push(Message::new("line-amounts-unknown"));
    }
    let facts = &survey.facts;
    if facts.refund_rows > 0 {
        let code = if records.refund_deducted() {
            "refunds-deducted"
        } else {
            "refunds-in-column"
        };
        let role =
            if plan.has(Role::Refund) { Role::Refund } else { Role::AdjustedAmount };
        notices.push(
            Message::new(code)
                .with("rows", facts.refund_rows)
                .with("column", column(role)),
        );
    }
    let counts = [
        ("zero-orders", "orders", records.zero_orders),
        ("amounts-rounded", "rows", survey.losses.rounded),
        ("shared-order-ids", "orders", records.shared_ids),
        ("duplicate-rows", "rows", records.duplicates),
    ];
    for (code, name, count) in counts {
        if count > 0 {
            notices.push(Message::new(code).with(name, count));
        }
    }
    notices
}
