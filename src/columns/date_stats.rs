//! What the dates of a column come to, cell by cell, under every order of their
//! fields at once.

use super::date::{NO_OFFSET, NO_SECOND};
use super::date_shape::{DateShape, DayPart, Fields, Order, joined_clock, joined_day};

/// The moments of a column under one reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub valid: u64,
    pub bad: u64,
    pub first_bad: u64,
    pub min: i32,
    pub max: i32,
    /// Seconds since 1970 of the first and the last valid cell.
    pub(super) first: i64,
    pub(super) last: i64,
    /// How often the next moment is later, and earlier.
    pub rises: u64,
    pub falls: u64,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            valid: 0,
            bad: 0,
            first_bad: u64::MAX,
            min: i32::MAX,
            max: i32::MIN,
            first: 0,
            last: 0,
            rises: 0,
            falls: 0,
        }
    }
}

impl Reading {
    #[inline]
    fn add(&mut self, day: Option<i32>, second: u32, row: u64, times: u64) {
        let Some(day) = day else {
            self.bad += times;
            self.first_bad = self.first_bad.min(row);
            return;
        };
        let second = if second == NO_SECOND { 0 } else { second };
        let moment = i64::from(day) * 86_400 + i64::from(second);
        if self.valid == 0 {
            self.first = moment;
        } else {
            self.rises += u64::from(moment > self.last);
            self.falls += u64::from(moment < self.last);
        }
        self.valid += times;
        self.last = moment;
        self.min = self.min.min(day);
        self.max = self.max.max(day);
    }

    fn merge(&self, later: &Reading, offset: u64) -> Reading {
        let both = self.valid > 0 && later.valid > 0;
        Reading {
            valid: self.valid + later.valid,
            bad: self.bad + later.bad,
            first_bad: self.first_bad.min(later.first_bad.saturating_add(offset)),
            min: self.min.min(later.min),
            max: self.max.max(later.max),
            first: if self.valid > 0 { self.first } else { later.first },
            last: if later.valid > 0 { later.last } else { self.last },
            rises: self.rises + later.rises + u64::from(both && later.first > self.last),
            falls: self.falls + later.falls + u64::from(both && later.first < self.last),
        }
    }
}

/// Cells by what is written in them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub written: u64,
    pub open: u64,
    pub dotted: u64,
    pub short: u64,
    pub clocks: u64,
    pub timed: u64,
    pub half_days: u64,
    pub offsets: u64,
    pub utc: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, shape: &DateShape, times: u64) {
        let add = |count: &mut u64, is: bool| *count += if is { times } else { 0 };
        let is_clock = shape.day == DayPart::Clock;
        let is_day = !is_clock && !matches!(shape.day, DayPart::Digits(_));
        add(&mut self.written, is_day);
        add(&mut self.open, shape.is_open());
        add(&mut self.dotted, shape.is_open() && shape.dotted);
        add(&mut self.short, shape.day == DayPart::Short);
        add(&mut self.clocks, is_clock);
        add(&mut self.timed, is_day && shape.hour.is_some());
        add(&mut self.half_days, shape.after_noon.is_some());
        add(&mut self.offsets, shape.offset != NO_OFFSET);
        add(&mut self.utc, shape.offset == 0);
    }

    pub(crate) fn merge(&mut self, other: &Tally) {
        self.written += other.written;
        self.open += other.open;
        self.dotted += other.dotted;
        self.short += other.short;
        self.clocks += other.clocks;
        self.timed += other.timed;
        self.half_days += other.half_days;
        self.offsets += other.offsets;
        self.utc += other.utc;
    }
}

/// The dates of a column under every reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DateStats {
    /// Cells whose order is written, as in `2024-03-05`.
    pub(super) fixed: Reading,
    /// Whether a cell with an open order was met; until then the readings by
    /// order all equal `fixed` and are not kept up.
    pub(super) is_open: bool,
    pub(super) orders: [Reading; 3],
    /// Cells of which day first and month first make different days, both valid.
    pub differing: u64,
    /// `YYYYMMDD` with or without `hhmm` or `hhmmss`, as plain digits.
    pub joined: Reading,
    /// Clock times without a day.
    pub clock: Reading,
    /// Plain digits that are no `hhmm` or `hhmmss`.
    pub no_clock: u64,
}

/// The orders in the order of [`DateStats::order`].
pub(crate) const ORDERS: [Order; 3] =
    [Order::YearMonthDay, Order::DayMonthYear, Order::MonthDayYear];

impl DateStats {
    /// The column under one of [`ORDERS`].
    pub(crate) fn order(&self, at: usize) -> &Reading {
        if self.is_open { &self.orders[at] } else { &self.fixed }
    }

    #[inline]
    pub(crate) fn add(
        &mut self,
        shape: &DateShape,
        f: &Fields,
        digits: u64,
        row: u64,
        times: u64,
    ) {
        if let DayPart::Digits(width) = shape.day {
            if matches!(width, 8 | 12 | 14) {
                let (day, second) = joined_moment(digits, width);
                self.joined.add(day, second.unwrap_or(0), row, times);
            }
            self.no_clock += if plain_clock(digits, width).is_none() { times } else { 0 };
            return;
        }
        let second = shape.second(f);
        let time = second.unwrap_or(0);
        if shape.day == DayPart::Clock {
            self.clock.add(second.map(|_| 0), time, row, times);
            return;
        }
        if !shape.is_open() {
            let day =
                if second.is_some() { shape.day(f, Order::DayMonthYear) } else { None };
            self.fixed.add(day, time, row, times);
            if self.is_open {
                for reading in &mut self.orders {
                    reading.add(day, time, row, times);
                }
            }
            return;
        }
        if !self.is_open {
            self.is_open = true;
            self.orders = [self.fixed; 3];
        }
        let day = |order| if second.is_some() { shape.day(f, order) } else { None };
        let days = ORDERS.map(day);
        if let [_, Some(day_first), Some(month_first)] = days
            && day_first != month_first
        {
            self.differing += times;
        }
        for (reading, day) in self.orders.iter_mut().zip(days) {
            reading.add(day, time, row, times);
        }
    }

    /// This column followed by later rows, which begin at row `offset`.
    pub(crate) fn merge(&self, later: &DateStats, offset: u64) -> DateStats {
        let is_open = self.is_open || later.is_open;
        let order = |at: usize| self.order(at).merge(later.order(at), offset);
        DateStats {
            fixed: self.fixed.merge(&later.fixed, offset),
            is_open,
            orders: if is_open { [0, 1, 2].map(order) } else { self.orders },
            differing: self.differing + later.differing,
            joined: self.joined.merge(&later.joined, offset),
            clock: self.clock.merge(&later.clock, offset),
            no_clock: self.no_clock + later.no_clock,
        }
    }
}

/// The second of plain digits `hhmm` (four places or fewer) or `hhmmss`.
#[inline]
pub(crate) fn plain_clock(digits: u64, width: u8) -> Option<u32> {
    let digits = u32::try_from(digits).ok()?;
    match width {
        0..=4 => joined_clock(digits * 100),
        5 | 6 => joined_clock(digits),
        _ => None,
    }
}

/// Day and second of plain digits of 8, 12 or 14 places.
#[inline]
pub(crate) fn joined_moment(digits: u64, width: u8) -> (Option<i32>, Option<u32>) {
    let (day, time) = match width {
        8 => (digits, None),
        12 => (digits / 10_000, Some((digits % 10_000 * 100) as u32)),
        _ => (digits / 1_000_000, Some((digits % 1_000_000) as u32)),
    };
    let day = u32::try_from(day).ok().and_then(joined_day);
    match time.map(joined_clock) {
        None => (day, Some(NO_SECOND)),
        Some(None) => (None, None),
        Some(second) => (day, second),
    }
}
