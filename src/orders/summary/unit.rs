//! The unit in which a table of one row a customer counts time.

use std::sync::Arc;

use super::row::{Numbers, decimal};
use crate::columns::Cell;
use crate::error::Result;
use crate::mapping::{Choice, Question, key};
use crate::message::{Message, Params};
use crate::orders::plan::Plan;
use crate::orders::{LoadOptions, formats};
use crate::reader::Reading;

/// Decimals of written times that are rounded to two: half of the last one.
const ROUNDING: f64 = 0.005;
/// Weeks in twenty years: a table with more of a unit counts days.
const MOST_WEEKS: f64 = 1040.0;
/// How long one of the table's units of time is, in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    Days,
    Weeks,
    Months,
}

impl Unit {
    const ALL: [Unit; 3] = [Unit::Days, Unit::Weeks, Unit::Months];

    pub fn code(self) -> &'static str {
        ["days", "weeks", "months"][self as usize]
    }

    pub fn days(self) -> f64 {
        [1.0, 7.0, 365.25 / 12.0][self as usize]
    }
}

/// The unit of the times of the table: by the name of a column, by their size,
/// or because all of them are sevenths; asked where it stays open.
pub(super) fn unit(
    plan: &mut Plan,
    readings: &[Arc<Reading>],
    numbers: &[Numbers],
    options: &LoadOptions,
) -> Result<Unit> {
    if let Some(answer) = options.answers.get("unit") {
        let unit = Unit::ALL.into_iter().find(|unit| unit.code() == answer);
        return unit.ok_or_else(|| formats::bad_answer("unit", answer));
    }
    let (mut longest, mut fractions, mut sevenths) = (0.0_f64, 0_u64, 0_u64);
    let mut column = None;
    for (reading, numbers) in readings.iter().zip(numbers) {
        for number in numbers.iter().skip(6).flatten() {
            column.get_or_insert(number.column);
            for cell in reading.columns.numbers(number.column, number.convention).iter() {
                let Cell::Value(value) = cell else { continue };
                let time = decimal(value);
                longest = longest.max(time);
                let part = time - libm::floor(time);
                if part > 0.0 {
                    fractions += 1;
                    let off = part * 7.0 - libm::round(part * 7.0);
                    sevenths += u64::from(off.abs() <= 7.0 * ROUNDING + 1e-9);
                }
            }
        }
    }
    let Some(column) = column else { return Ok(Unit::Days) };
    let name = readings[0].columns.name(column).to_owned();
    let named = key(&name);
    let says = |parts: &[&str]| parts.iter().any(|part| named.contains(part));
    if says(&["week", "woche", "周", "週"]) {
        return Ok(Unit::Weeks);
    }
    if says(&["month", "monat", "月"]) {
        return Ok(Unit::Months);
    }
    if says(&["day", "tag", "天", "日"]) || longest > MOST_WEEKS {
        return Ok(Unit::Days);
    }
    if fractions > 0 && sevenths == fractions {
        return Ok(Unit::Weeks);
    }
    let choice = |unit: Unit| {
        let days = longest * unit.days();
        let message = Message::new("unit-choice").with("unit", unit.code());
        let years = libm::round(days / 365.25 * 10.0) / 10.0;
        Choice {
            value: unit.code().to_owned(),
            message: message.with("longest", longest).with("years", years),
        }
    };
    plan.questions.push(Question {
        id: "unit".to_owned(),
        code: "which-unit",
        params: Params::from([("column", name.into())]),
        choices: Unit::ALL.map(choice).to_vec(),
    });
    Ok(Unit::Days)
}
