//! CSV of cohorts by period and of a forecast.

use super::export::{Labels, header, label};
use crate::cohorts::CohortsResult;
use crate::forecast::ForecastResult;
use crate::money::Scale;

/// Decimals of shares.
const SHARE_DECIMALS: usize = 6;

fn decimals(scale: Scale) -> usize {
    usize::from(scale.0.max(2))
}

/// Each cohort in each period: one row a cell, and whether the file covers it.
pub fn cohorts_csv(found: &CohortsResult, scale: Scale, labels: &Labels) -> Vec<u8> {
    let names = [
        "cohort",
        "size",
        "period",
        "customers",
        "exposed",
        "returned",
        "retention",
        "orders",
        "gross",
        "returns",
        "cumulative",
        "complete",
    ];
    let mut csv = header(labels, &names);
    let money = decimals(scale);
    for cohort in &found.cohorts {
        let name = match (&cohort.id, cohort.others) {
            (Some(id), _) => id.as_str(),
            (None, true) => label(labels, "others"),
            (None, false) => label(labels, "none"),
        };
        for offset in 0..cohort.customers.len() {
            csv.text(name).plain(cohort.size).plain(offset);
            csv.plain(cohort.customers[offset]).plain(cohort.exposed[offset]);
            csv.plain(cohort.returned[offset]);
            csv.maybe(cohort.retention[offset], SHARE_DECIMALS);
            csv.plain(cohort.orders[offset]);
            csv.number(cohort.gross[offset], money).number(cohort.returns[offset], money);
            csv.maybe(cohort.cumulative[offset], money);
            csv.plain(u8::from(cohort.complete[offset]));
            csv.end();
        }
    }
    csv.take()
}

/// The past and what is expected: one row a period.
pub fn forecast_csv(found: &ForecastResult, scale: Scale, labels: &Labels) -> Vec<u8> {
    let names =
        ["period", "from", "openDays", "value", "trend", "forecast", "lower", "upper"];
    let mut csv = header(labels, &names);
    let money = decimals(scale);
    let (past, future) = (&found.past, &found.future);
    for i in 0..past.period.len() {
        csv.text(&past.period[i]).plain(past.from[i]).plain(past.open_days[i]);
        csv.maybe(past.value[i], money).number(past.trend[i], money);
        csv.plain("").plain("").plain("");
        csv.end();
    }
    for i in 0..future.period.len() {
        csv.text(&future.period[i]).plain(future.from[i]).plain(future.open_days[i]);
        csv.plain("").plain("");
        csv.number(future.value[i], money).number(future.lower[i], money);
        csv.number(future.upper[i], money);
        csv.end();
    }
    csv.take()
}
