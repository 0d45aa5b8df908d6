//! The evidence of a packed column, put together from its pictures.

use super::date::{DateEvidence, Plain};
use super::date_shape::DayPart;
use super::date_stats::Tally;
use super::evidence::{EXAMPLES, Evidence, Example, TextEvidence, add_example};
use super::form::Form;
use super::number::NumberEvidence;
use super::number_shape::{Core, power};
use super::number_stats::NumberStats;
use super::packed::Packed;
use super::text::{ALL_DIGITS, E_NOTATION, EMAIL, MASKED, TextCounts};
use crate::sort::Order;

/// What the cells pushed so far say; `rows` and quotes are the caller's.
pub(crate) fn evidence(column: &Packed) -> Evidence {
    let rest = column.unbooked();
    let mut found = Evidence { empty: column.empty, ..Evidence::default() };
    let mut counts = TextCounts::default();
    let mut tally = column.tally;
    tally.merge(&rest.tally);
    for picture in &column.pictures {
        let stats = column.counted(picture, &rest);
        if stats.cells > 0 {
            let text = column.written(picture, stats.first);
            add_picture(
                &mut found,
                &mut tally,
                &mut counts,
                &picture.form,
                &stats,
                &text,
            );
        }
    }
    let mut loose = column.loose.clone();
    loose.merge(rest.loose, 0);
    found.dates.add_tally(&tally);
    found.dates.stats = column.dates.merge(&rest.dates, 0);
    let numbers = &mut found.numbers;
    numbers.cells += loose.number_cells;
    numbers.nulls += loose.nulls;
    numbers.others += loose.no_number;
    numbers.e_notation += loose.e_notation;
    numbers.loose = loose.numbers;
    for &(currency, cells, row) in &loose.currencies {
        numbers.add_currency(currency, cells, row);
    }
    numbers.examples.extend(loose.number_examples);
    first_examples(&mut numbers.examples);
    found.dates.others += loose.no_date;
    found.dates.examples.extend(loose.date_examples);
    first_examples(&mut found.dates.examples);
    counts.merge(&loose.text);
    found.text = TextEvidence {
        samples: column.samples.clone(),
        distinct: column.distinct.count(),
        longest: column.longest,
        ..looks(&counts)
    };
    found.text.e_notation = found.numbers.e_notation;
    found
}

/// Text evidence of counted looks.
pub(crate) fn looks(counts: &TextCounts) -> TextEvidence {
    TextEvidence {
        all_digits: counts.with(ALL_DIGITS),
        emails: counts.with(EMAIL),
        masked: counts.with(MASKED),
        e_notation: counts.with(E_NOTATION),
        apostrophes: counts.apostrophes,
        tabs: counts.tabs,
        formulas: counts.formulas,
        ..TextEvidence::default()
    }
}

fn first_examples(examples: &mut Vec<Example>) {
    examples.order_by_key(|e| e.row);
    examples.truncate(EXAMPLES);
}

fn add_picture(
    found: &mut Evidence,
    tally: &mut Tally,
    counts: &mut TextCounts,
    form: &Form,
    stats: &NumberStats,
    text: &[u8],
) {
    if form.blank {
        found.empty += stats.cells;
        return;
    }
    let mut once = TextCounts::default();
    once.unwrap(text);
    counts.apostrophes += once.apostrophes * stats.cells;
    counts.tabs += once.tabs * stats.cells;
    counts.formulas += once.formulas * stats.cells;
    if form.null {
        found.numbers.nulls += stats.cells;
        return;
    }
    match form.number {
        Some(shape) => found.numbers.add_shape(shape, stats),
        None => {
            found.numbers.others += stats.cells;
            add_example(&mut found.numbers.examples, stats.first_row, text);
        }
    }
    let dates = &mut found.dates;
    match (form.date, form.number) {
        (Some(shape), _) => {
            tally.add(&shape, stats.cells);
            if let DayPart::Digits(width) = shape.day {
                add_plain(dates, stats.cells, stats.min, stats.max);
                if usize::from(width) == text.len() {
                    counts.add(ALL_DIGITS, stats.cells);
                }
            }
        }
        (None, Some(shape)) if !shape.negative && !shape.percent => {
            let Core::One { after, .. } = shape.core else {
                return no_date(dates, stats, text);
            };
            dates.plain.fractions += stats.cells;
            let whole = |digits: u64| digits / power(after);
            let (low, high) = (whole(stats.min), whole(stats.max));
            Plain::widen(&mut dates.plain.fraction_range, low, high);
        }
        _ => no_date(dates, stats, text),
    }
}

fn add_plain(dates: &mut DateEvidence, cells: u64, min: u64, max: u64) {
    dates.plain.cells += cells;
    Plain::widen(&mut dates.plain.range, min, max);
}

fn no_date(dates: &mut DateEvidence, stats: &NumberStats, text: &[u8]) {
    dates.others += stats.cells;
    add_example(&mut dates.examples, stats.first_row, text);
}

impl NumberEvidence {
    /// The same with the cells of equal shapes put together, by shape.
    pub(crate) fn gathered(mut self) -> NumberEvidence {
        self.shapes.order_by_key(|(shape, stats)| (*shape, stats.first_row));
        let mut shapes: Vec<_> = Vec::with_capacity(self.shapes.len());
        for (shape, stats) in self.shapes.drain(..) {
            match shapes.last_mut() {
                Some((last, sum)) if *last == shape => {
                    let sum: &mut NumberStats = sum;
                    sum.merge(&stats, 0);
                }
                _ => shapes.push((shape, stats)),
            }
        }
        self.shapes = shapes;
        self
    }
}
