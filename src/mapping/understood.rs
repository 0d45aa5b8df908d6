//! What was understood of a file, as codes for sentences.

use std::sync::Arc;

use super::{Found, Kind, Role, found::column_name};
use crate::columns::{Basis, Convention, DateFormat, date};
use crate::message::Message;
use crate::orders::Layout;
use crate::orders::survey::Survey;
use crate::orders::{Rules, statuses};
use crate::reader::Reading;

/// The sentence of a file that holds no orders.
pub(crate) fn kind(found: &Found) -> Message {
    let code = match found.kind {
        Kind::Orders => "understood-orders",
        Kind::Customers => "understood-customers",
        Kind::Table => "understood-table",
        Kind::Cohorts => "understood-cohorts",
        Kind::Invoices => "understood-invoices",
        Kind::Tickets => "understood-tickets",
        Kind::Survey => "understood-survey",
        Kind::Contacts => "understood-contacts",
        Kind::Baskets => "understood-baskets",
    };
    Message::new(code)
        .with("platform", found.platform.unwrap_or(""))
        .with("rows", found.rows)
}

/// The sentences of files of orders as they are judged under these rules, but for
/// what they are.
pub(crate) fn orders(
    readings: &[Arc<Reading>],
    survey: &Survey,
    rules: &Rules,
) -> Vec<Message> {
    let reading = &*readings[0];
    let plan = &survey.plan;
    let column = |role: Role| column_name(reading, &plan.mapping, role);
    let ids = plan.texts.ids.len();
    // Up to one row in ten may repeat a number, or have none.
    let code = match plan.rows.saturating_sub(ids as u64) {
        _ if !plan.has(Role::OrderId) => "understood-customer-days",
        0 => "understood-row-per-order",
        others if others <= plan.rows / 10 => "understood-row-mostly-order",
        _ => "understood-row-per-line",
    };
    let mut said = vec![Message::new(code).with("orders", ids).with("rows", plan.rows)];
    said.push(amounts(plan.has(Role::Amount), rules, &column));
    let facts = &survey.facts;
    if facts.refund_rows > 0 {
        let code = match (plan.has(Role::Refund), rules.refund_deducted) {
            (false, _) => "understood-refunds-adjusted",
            (true, true) => "understood-refunds-deducted",
            (true, false) => "understood-refunds-column",
        };
        let role =
            if plan.has(Role::Refund) { Role::Refund } else { Role::AdjustedAmount };
        said.push(
            Message::new(code)
                .with("rows", facts.refund_rows)
                .with("column", column(role)),
        );
    }
    if facts.negative_rows > 0 {
        said.push(
            Message::new("understood-returns-rows").with("rows", facts.negative_rows),
        );
    }
    said.extend(statuses::left_out(plan, readings, rules));
    said.extend(dates(reading, survey));
    let money = plan.sources[0].amount.first().or(plan.sources[0].price.as_ref());
    if money.is_some_and(|n| n.convention == Convention::Comma) {
        said.push(Message::new("understood-decimal-comma"));
    }
    said
}

fn amounts(own: bool, rules: &Rules, column: &dyn Fn(Role) -> String) -> Message {
    if !rules.has_money {
        return Message::new("understood-no-amounts");
    }
    if !own {
        return Message::new("understood-quantity-times-price")
            .with("quantity", column(Role::Quantity))
            .with("price", column(Role::UnitPrice));
    }
    let code = match rules.layout {
        Layout::Lines => "understood-amounts-of-lines",
        Layout::Orders => "understood-amounts-of-orders",
        Layout::FirstRow => "understood-totals-first-row",
        Layout::Repeated => "understood-totals-repeated",
    };
    Message::new(code).with("column", column(Role::Amount))
}

/// How the dates are written, and why that is known.
fn dates(reading: &Reading, survey: &Survey) -> Option<Message> {
    let date_column = survey.plan.sources[0].date.first()?;
    let evidence = reading.columns.study(date_column.column).dates;
    let (_, basis) = date::explain(&evidence);
    let code = match (date_column.format, basis) {
        (DateFormat::DayMonthYear, Basis::Row(_)) => "understood-day-first-row",
        (DateFormat::MonthDayYear, Basis::Row(_)) => "understood-month-first-row",
        (DateFormat::DayMonthYear, _) => "understood-day-first",
        (DateFormat::MonthDayYear, _) => "understood-month-first",
        (DateFormat::DayNumber, _) => "understood-day-numbers",
        (DateFormat::UnixSeconds | DateFormat::UnixMillis, _) => "understood-unix-times",
        (DateFormat::ExcelSerial, _) => "understood-serial-days",
        _ => "understood-dates",
    };
    let column = reading.columns.name(date_column.column);
    let mut message = Message::new(code).with("column", column);
    if let Basis::Row(row) = basis {
        let text = reading.columns.text(date_column.column, row as usize);
        message = message
            .with("row", reading.row(row as usize))
            .with("text", text.into_owned());
    }
    Some(message)
}
