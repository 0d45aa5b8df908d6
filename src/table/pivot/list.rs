//! A pivot as CSV, one row a cell, with the totals as rows of their own.

use super::{Cell, Pivot, PivotOptions};
use crate::table::export::{Labels, header, label};
use crate::table::small::hidden;

/// Decimals of figures.
const DECIMALS: usize = 6;

/// Writes a pivot. Cells of fewer than `smallest` customers are `suppressed`, and so
/// are others from which they could be told; see [`hidden`].
pub fn pivot_csv(
    pivot: &Pivot,
    options: &PivotOptions,
    method: Option<&str>,
    labels: &Labels,
    smallest: u32,
) -> Vec<u8> {
    let names = [
        options.rows.as_str(),
        options.columns.as_str(),
        "customers",
        "value",
        "share",
        "rowShare",
        "columnShare",
        "index",
        "measure",
        "of",
        "method",
        "asOf",
    ];
    let mut csv = header(labels, &names);
    let counts: Vec<Vec<u32>> = pivot
        .cells
        .iter()
        .map(|row| row.iter().map(|cell| cell.customers).collect())
        .collect();
    let hidden = hidden(&counts, smallest);
    let all =
        |customers: u32, value: Option<f64>| Cell { customers, value, ..Cell::default() };
    let mut line = |row: &str, column: &str, cell: &Cell, hidden: bool| {
        csv.text(label(labels, row)).text(label(labels, column));
        if hidden {
            csv.text(label(labels, "suppressed"));
            (0..5).for_each(|_| {
                csv.plain("");
            });
        } else {
            csv.plain(cell.customers).maybe(cell.value, DECIMALS);
            for figure in [cell.share, cell.row_share, cell.column_share, cell.index] {
                csv.maybe(figure, DECIMALS);
            }
        }
        csv.text(label(labels, pivot.measure.code()));
        csv.text(label(labels, options.of.as_deref().unwrap_or("")));
        csv.text(label(labels, method.unwrap_or(""))).plain(pivot.as_of);
        csv.end();
    };
    for (r, row) in pivot.rows.iter().enumerate() {
        for (c, column) in pivot.columns.iter().enumerate() {
            line(&row.label, &column.label, &pivot.cells[r][c], hidden.cells[r][c]);
        }
        let total = all(row.customers, pivot.row_values[r]);
        line(&row.label, "all", &total, hidden.rows[r]);
    }
    for (c, column) in pivot.columns.iter().enumerate() {
        let total = all(column.customers, pivot.column_values[c]);
        line("all", &column.label, &total, hidden.columns[c]);
    }
    let everybody = pivot.rows.iter().map(|row| row.customers).sum();
    line("all", "all", &all(everybody, pivot.value), false);
    csv.take()
}
