//! The end of reading: what was odd, said in codes.

use super::Reading;
use super::fold::{Count, Fold};
use super::plan::Plan;
use crate::csv::Oddities;
use crate::message::Message;

/// The reading of a file that is at its end.
pub(super) fn reading(
    plan: Plan,
    fold: Fold,
    odd: Oddities,
    bytes: u64,
    zeros: u64,
) -> Reading {
    let counts = fold.counts;
    let mut notices = plan.notices.clone();
    let mut say = |code: &'static str, count: Count| {
        if count.rows > 0 {
            let notice = Message::new(code).with("rows", count.rows);
            notices.push(notice.with("row", count.first));
        }
    };
    let layout = &plan.layout;
    say("preamble-rows", Count { rows: layout.preamble_rows, first: 1 });
    say("blank-rows", counts.blank);
    say("repeated-headers", counts.headers);
    say("resplit-rows", counts.resplit);
    say("short-rows", counts.short);
    say("long-rows", counts.long);
    say("footer-rows", counts.footer);
    say("stray-quotes", Count { rows: odd.stray_quotes, first: odd.stray_row });
    say("unclosed-quotes", Count { rows: odd.unclosed_quotes, first: odd.unclosed_row });
    say("invalid-utf-8", counts.invalid);
    if layout.header_rows > 1 {
        notices.push(Message::new("header-rows").with("rows", layout.header_rows));
    }
    if zeros > 0 {
        notices.push(Message::new("nul-bytes").with("bytes", zeros));
    }
    if layout.width == 0 {
        notices.push(Message::new("empty-file"));
    } else if layout.header.is_none() {
        notices.push(Message::new("no-header").with("columns", layout.width));
    }
    if layout.width > 0 && fold.kept == 0 {
        notices.push(Message::new("no-rows"));
    }
    let mut columns = fold.columns;
    columns.close();
    let encoding = if fold.suspicious { "unknown" } else { plan.encoding.name };
    Reading {
        dialect: plan.dialect,
        encoding,
        header: layout.header.is_some().then(|| plan.names.clone()),
        header_cells: layout.header.clone(),
        first_data_row: layout.first_data_row,
        columns,
        preview: fold.preview,
        notices,
        bytes,
        counts,
        anchors: fold.anchors,
    }
}
