//! Rows written with another delimiter than the rest of their file.

use super::plan::Plan;
use crate::csv::cell::look;
use crate::csv::{Delimiter, Dialect, Record, Scanner};

/// Delimiters such a row may have.
const OTHERS: [u8; 5] = [b';', b'\t', b'|', b',', b' '];

/// Reads a short row again with other delimiters, and hands it out if one gives
/// it just as many cells as the table has columns, of the same looks.
///
/// False if none does; the row is a short one then.
pub(super) fn resplit(
    plan: &Plan,
    record: &Record<'_>,
    each: impl FnOnce(&Record<'_>),
) -> bool {
    let width = plan.layout.width;
    if width < 3 || plan.layout.typed.len() < 2 {
        return false;
    }
    let raw = record.raw();
    let fits = |split: &Record<'_>| {
        split.len() == width
            && plan.layout.typed.iter().all(|i| look(split.field(*i)).is_typed())
    };
    let found = OTHERS.iter().find_map(|&byte| {
        let count = memchr::memchr_iter(byte, raw).count();
        if Delimiter::Byte(byte) == plan.dialect.delimiter || count + 1 < width {
            return None;
        }
        let dialect =
            Dialect { delimiter: Delimiter::Byte(byte), trim: false, ..plan.dialect };
        let (mut fitting, mut others) = (false, 0);
        scan(dialect, raw, |split| {
            fitting |= fits(split);
            others += 1;
        });
        (fitting && others == 1).then_some(dialect)
    });
    let Some(dialect) = found else { return false };
    let mut each = Some(each);
    scan(dialect, raw, |split| {
        if let Some(each) = each.take() {
            each(&split.at_row(record.row()));
        }
    });
    true
}

fn scan(dialect: Dialect, raw: &[u8], mut each: impl FnMut(&Record<'_>)) {
    let mut scanner = Scanner::new(dialect);
    // The row was not too long the first time.
    let _ = scanner.push(raw, &mut each);
    let _ = scanner.finish(&mut each);
}
