//! Numbers of a column: what their points and commas mean, decided from every
//! cell of the column (customs: Unicode CLDR, `numbers/symbols`).

use serde::Serialize;

use super::currency::Currency;
use super::evidence::{Decision, Example};
use super::number_shape::{Core, Mark, NumberShape, power};
use super::number_stats::{LooseNumbers, NumberStats};
use crate::money::{Scale, round_half_even, times};
use crate::sort::Order;

/// An exact decimal number: `mantissa` / 10^`scale`, at most [`Scale::MAX`]
/// decimals; further ones are rounded half to even.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The number without its point.
    pub mantissa: i64,
    /// Decimals, 0 to 6.
    pub scale: u8,
}

impl Decimal {
    /// The mantissa at a scale at least as wide; `None` when it overflows or
    /// digits would be lost.
    ///
    /// ```
    /// use regulars::{columns::Decimal, money::Scale};
    /// assert_eq!(Decimal { mantissa: 255, scale: 2 }.at(Scale(3)), Some(2550));
    /// assert_eq!(Decimal { mantissa: 2550, scale: 3 }.at(Scale(2)), Some(255));
    /// assert_eq!(Decimal { mantissa: 2555, scale: 3 }.at(Scale(2)), None);
    /// ```
    #[inline]
    pub fn at(self, scale: Scale) -> Option<i64> {
        if scale.0 >= self.scale {
            return times(self.mantissa, Scale(scale.0 - self.scale).units());
        }
        let divisor = Scale(self.scale - scale.0).units();
        (self.mantissa % divisor == 0).then(|| self.mantissa / divisor)
    }
}

/// Which mark stands before the decimals; every other mark parts groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Convention {
    /// `1,234.50`, `1'234.50`, `1,23,456.78`.
    Point,
    /// `1.234,50`, `1 234,50`.
    Comma,
}

impl Convention {
    /// Both conventions.
    pub const ALL: [Convention; 2] = [Convention::Point, Convention::Comma];

    /// Its code, `point` or `comma`.
    pub fn code(self) -> &'static str {
        match self {
            Convention::Point => "point",
            Convention::Comma => "comma",
        }
    }

    /// The convention with this code.
    pub fn of_code(code: &str) -> Option<Convention> {
        Convention::ALL.into_iter().find(|c| c.code() == code)
    }

    pub(crate) fn decimal(self) -> Mark {
        match self {
            Convention::Point => Mark::Point,
            Convention::Comma => Mark::Comma,
        }
    }
}

/// A currency beside the numbers of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyCount {
    /// Which.
    pub currency: Currency,
    /// In how many cells.
    pub cells: u64,
    /// The first of them.
    pub first_row: u64,
}

/// What the cells of a column say about its numbers. Rows count from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberEvidence {
    /// Cells that are a number in at least one convention.
    pub cells: u64,
    /// Cells with a word for nothing, such as `--` or `N/A`.
    pub nulls: u64,
    /// Cells that are neither.
    pub others: u64,
    /// The first five of these.
    pub examples: Vec<Example>,
    /// Currencies written beside the numbers, by first row.
    pub currencies: Vec<CurrencyCount>,
    /// Cells such as `1.03006E+13`, whose digits a spreadsheet has lost.
    pub e_notation: u64,
    /// Cells with digits beyond the sixth decimal, which are rounded.
    pub rounded: u64,
    pub(crate) shapes: Vec<(NumberShape, NumberStats)>,
    pub(crate) loose: [LooseNumbers; 2],
    pub(crate) loose_cells: u64,
}

/// What a column comes to in one convention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// Numbers that can be read.
    pub cells: u64,
    /// Numbers that cannot.
    pub misfits: u64,
    /// The first row of those.
    pub first_misfit: Option<u64>,
    /// Cells below zero.
    pub negative: u64,
    /// The sum of all, at `scale`.
    pub sum: i128,
    /// The most decimals of any cell, 0 to 6.
    pub scale: u8,
}

impl NumberEvidence {
    pub(crate) fn add_shape(&mut self, shape: NumberShape, stats: &NumberStats) {
        self.cells += stats.cells;
        self.rounded += stats.rounded;
        if matches!(shape.core, Core::Exponent { .. }) {
            self.e_notation += stats.cells;
        }
        self.add_currency(shape.currency, stats.cells, stats.first_row);
        self.shapes.push((shape, *stats));
    }

    pub(crate) fn add_currency(
        &mut self,
        currency: Currency,
        cells: u64,
        first_row: u64,
    ) {
        if currency == Currency::NONE || cells == 0 {
            return;
        }
        match self.currencies.iter_mut().find(|c| c.currency == currency) {
            Some(found) => {
                found.cells += cells;
                found.first_row = found.first_row.min(first_row);
            }
            None => self.currencies.push(CurrencyCount { currency, cells, first_row }),
        }
        self.currencies.order_by_key(|c| c.first_row);
    }

    /// What the column comes to in a convention; linear in the shapes seen, not
    /// in the rows.
    pub fn total(&self, convention: Convention) -> Total {
        let loose = &self.loose[convention as usize];
        let mut total = Total {
            cells: loose.cells,
            misfits: loose.misfits,
            first_misfit: loose.first_misfit,
            negative: loose.negative,
            sum: loose.sum,
            scale: loose.scale,
        };
        let mut misfit = |cells: u64, row: u64| {
            total.misfits += cells;
            if cells > 0 {
                total.first_misfit = Some(total.first_misfit.map_or(row, |r| r.min(row)));
            }
        };
        for (shape, stats) in &self.shapes {
            let Some(decimals) = shape.decimals(convention) else {
                misfit(stats.cells, stats.first_row);
                continue;
            };
            let (mut cells, mut sum) = (stats.cells, stats.sum);
            if matches!(shape.core, Core::One { mark, .. } if mark != convention.decimal())
            {
                cells -= stats.zero_led;
                sum -= stats.zero_led_sum;
                misfit(stats.zero_led, stats.zero_led_row);
            }
            if matches!(shape.core, Core::Exponent { .. }) {
                // Their digits are lost: they count, but not towards the sum.
                sum = 0;
            }
            let decimals = decimals + if shape.percent { 2 } else { 0 };
            total.cells += cells;
            total.negative += if shape.negative { cells } else { 0 };
            total.scale = total.scale.max(decimals.min(Scale::MAX));
            let at_most = if decimals > Scale::MAX {
                round_half_even(sum, i128::from(power(decimals - Scale::MAX)))
            } else {
                sum * i128::from(Scale(Scale::MAX - decimals).units())
            };
            total.sum += if shape.negative { -at_most } else { at_most };
        }
        total.sum /= i128::from(Scale(Scale::MAX - total.scale).units());
        total
    }

    /// Whether every number is whole in a convention.
    pub fn is_whole(&self, convention: Convention) -> bool {
        let total = self.total(convention);
        total.scale == 0 && total.cells > 0
    }

    /// Cells that one convention reads and the other does not.
    pub(crate) fn votes(&self, convention: Convention) -> u64 {
        let other = Convention::ALL[1 - convention as usize];
        let votes = |(shape, stats): &(NumberShape, NumberStats)| match (
            shape.decimals(convention),
            shape.decimals(other),
        ) {
            (Some(_), None) => stats.cells,
            (Some(_), Some(_)) if shape.has_decimal(convention) => stats.zero_led,
            _ => 0,
        };
        self.shapes.iter().map(votes).sum::<u64>() + self.loose[convention as usize].votes
    }
}

/// What the points and commas of a column mean.
///
/// By elimination: a cell that only one convention reads decides, and where both
/// have such cells, the one with at least twenty times as many. Then by evidence
/// where all marks are like that of `1.234`: no currency without parts writes
/// decimals; and who writes 950 bare trims its decimals, so that 1.250 is no
/// decimal. Everything else is open, a column of whole numbers is `Point`.
pub fn decide(evidence: &NumberEvidence) -> Decision<Convention> {
    use Convention::{Comma, Point};
    if evidence.cells == 0 {
        return Decision::None;
    }
    match (evidence.votes(Point), evidence.votes(Comma)) {
        (0, 0) => {}
        (point, comma) if comma * 20 <= point => return Decision::Decided(Point),
        (point, comma) if point * 20 <= comma => return Decision::Decided(Comma),
        (point, comma) if point >= comma => return Decision::Open(vec![Point, Comma]),
        _ => return Decision::Open(vec![Comma, Point]),
    }
    let open: Vec<_> = evidence.shapes.iter().filter(|(s, _)| s.is_ambiguous()).collect();
    let Some((first, _)) = open.first() else { return Decision::Decided(Point) };
    let mark = |shape: &NumberShape| match shape.core {
        Core::One { mark, .. } => Some(mark),
        _ => None,
    };
    // The reading in which the mark parts thousands.
    let grouping = if mark(first) == Some(Mark::Comma) { Point } else { Comma };
    if open.iter().any(|(shape, _)| mark(shape) != mark(first)) {
        return Decision::Open(vec![Point, Comma]);
    }
    let zero_ended: u64 = open.iter().map(|(_, stats)| stats.zero_ended).sum();
    let bare = evidence.shapes.iter().filter(|(shape, _)| shape.core == Core::Whole);
    let (mut small, mut large) = (0, 0);
    for (_, stats) in bare {
        if stats.max < 1000 { small += stats.cells } else { large += stats.cells }
    }
    let no_part = open.iter().all(|(shape, _)| shape.currency.has_no_part());
    if no_part || (large == 0 && small >= 2 && zero_ended >= 2) {
        return Decision::Decided(grouping);
    }
    Decision::Open(vec![Point, Comma])
}

/// The same for a column of counts: where the marks leave it open, the reading
/// in which all are whole.
pub fn decide_whole(evidence: &NumberEvidence) -> Decision<Convention> {
    match decide(evidence) {
        Decision::Open(readings) => {
            match readings.iter().find(|&&c| evidence.is_whole(c)) {
                Some(&whole) => Decision::Decided(whole),
                None => Decision::Open(readings),
            }
        }
        decision => decision,
    }
}

/// The decisions of several columns of one file. What one column leaves open
/// follows the others, where those whose marks decide all agree.
pub fn decide_together(columns: &[&NumberEvidence]) -> Vec<Decision<Convention>> {
    let votes =
        columns.iter().filter(|e| Convention::ALL.iter().any(|&c| e.votes(c) > 0));
    let mut conventions: Vec<Convention> = Vec::new();
    for evidence in votes {
        match decide(evidence) {
            Decision::Decided(convention) => conventions.push(convention),
            _ => return columns.iter().map(|e| decide(e)).collect(),
        }
    }
    conventions.dedup();
    let agreed = if let [only] = conventions[..] { Some(only) } else { None };
    let follow = |evidence: &&NumberEvidence| match (decide(evidence), agreed) {
        (Decision::Open(_), Some(convention)) => Decision::Decided(convention),
        (decision, _) => decision,
    };
    columns.iter().map(follow).collect()
}

#[cfg(test)]
mod tests {
    use super::Convention::{Comma, Point};
    use super::*;
    use crate::columns::{Cell, Columns, Keep};

    fn evidence(cells: &[&str]) -> NumberEvidence {
        let mut columns = Columns::new(vec!["x".into()], &[Keep::Packed]);
        for cell in cells {
            columns.push_with(|_| (cell.as_bytes(), false));
        }
        columns.evidence(0).numbers
    }

    #[test]
    fn one_telling_cell_decides_the_column() {
        for (cells, convention) in [
            (&["2.55", "3.39"][..], Point),
            (&["2,55", "1.234"], Comma),
            (&["1.234", "5.678", "1.234,50"], Comma),
            (&["1,234", "1,234,567"], Point),
            (&["1.234", "1.234.567"], Comma),
            (&["1.234", "0.500"], Point),
            (&["1.234", "1234.567"], Point),
            (&["1 234,5", "7"], Comma),
            (&["1'234.50"], Point),
            (&["1,23,456.78"], Point),
            (&["4", "17", "-2"], Point),
            (&["1 234", "12"], Point),
            (&["¥1,980", "¥12,000"], Point),
            (&["1.250", "950", "12.990", "3.100", "120"], Comma),
            (&["1,250", "950", "12,990", "3,100", "120"], Point),
        ] {
            assert_eq!(
                decide(&evidence(cells)),
                Decision::Decided(convention),
                "{cells:?}"
            );
        }
        assert_eq!(decide(&evidence(&["x", ""])), Decision::None);
    }

    #[test]
    fn what_no_cell_tells_is_asked_with_both_totals() {
        let open = evidence(&["1.234", "(2.500)", "17", "N/A"]);
        assert_eq!(decide(&open), Decision::Open(vec![Point, Comma]));
        let (point, comma) = (open.total(Point), open.total(Comma));
        assert_eq!((point.sum, point.scale), (15_734, 3));
        assert_eq!((comma.sum, comma.scale), (-1249, 0));
        assert_eq!((point.cells, point.negative, open.nulls), (3, 1, 1));
        assert_eq!(decide_whole(&open), Decision::Decided(Comma));
        let english = evidence(&["12.50"]);
        let found = decide_together(&[&open, &english]);
        assert_eq!(found[0], Decision::Decided(Point));
        let german = evidence(&["12,50"]);
        let found = decide_together(&[&open, &english, &german]);
        assert_eq!(found[0], Decision::Open(vec![Point, Comma]));
    }

    #[test]
    fn a_few_strays_do_not_turn_a_column_but_are_counted() {
        let mut cells = vec!["12,50"; 40];
        cells[7] = "12.5";
        let found = evidence(&cells);
        assert_eq!(decide(&found), Decision::Decided(Comma));
        let total = found.total(Comma);
        assert_eq!((total.cells, total.misfits, total.first_misfit), (39, 1, Some(7)));
        assert_eq!(
            decide(&evidence(&["12,50", "12.5"])),
            Decision::Open(vec![Point, Comma])
        );
    }

    #[test]
    fn roundings_currencies_and_lost_digits_are_counted() {
        let found = evidence(&[
            "0.12345678",
            "0.10000000",
            "$5.00",
            "€ 3.50",
            "$1.00",
            "1.03006E+13",
            "123456789012345678.5",
        ]);
        assert_eq!((found.rounded, found.e_notation, found.cells), (1, 1, 7));
        let codes: Vec<_> =
            found.currencies.iter().map(|c| (c.currency.code(), c.cells)).collect();
        assert_eq!(codes, [("$", 2), ("EUR", 1)]);
    }

    #[test]
    fn halves_beyond_six_decimals_go_to_the_even_neighbour() {
        let mut columns = Columns::new(vec!["x".into()], &[Keep::Packed]);
        for cell in ["0.1234565", "-0.1234575", "0.00000012345678901234"] {
            columns.push_with(|_| (cell.as_bytes(), false));
        }
        let read: Vec<_> = columns.numbers(0, Point).iter().map(Cell::value).collect();
        let value = |mantissa| Some(Decimal { mantissa, scale: 6 });
        assert_eq!(read, [value(123_456), value(-123_458), value(0)]);
    }
}
