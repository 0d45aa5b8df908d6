//! Reading a column under a convention or a format, all of it or cell by cell.

use super::date::{DateFormat, Moment, NO_DAY, NO_OFFSET, NO_SECOND, SERIAL_EPOCH};
use super::date_shape::{DateShape, DayPart, Fields, Order};
use super::date_stats::{joined_moment, plain_clock};
use super::form::{Form, Loose};
use super::number::{Convention, Decimal};
use super::number_shape::{Core, NumberShape, power};
use super::packed::{Code, EMPTY, Held, Packed};
use super::text::{NO_TEXT, Text};
use super::{Cell, Store};
use crate::money::Scale;

/// How the cells of one picture become numbers.
#[derive(Clone, Copy, Debug)]
enum NumberRule {
    Empty,
    Bad,
    /// The digits with a sign, at a scale.
    Plain {
        negative: bool,
        scale: u8,
    },
    Shape(NumberShape),
}

/// A column read as numbers.
#[derive(Clone, Debug)]
pub struct Numbers<'a> {
    store: &'a Store,
    convention: Convention,
    rules: Vec<NumberRule>,
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(store: &'a Store, convention: Convention) -> Numbers<'a> {
        let rule = |form: &Form| match form.number {
            _ if form.null => NumberRule::Empty,
            None => NumberRule::Bad,
            Some(shape) => match shape.decimals(convention) {
                None => NumberRule::Bad,
                Some(scale)
                    if scale <= Scale::MAX
                        && !shape.percent
                        && !matches!(shape.core, Core::Exponent { .. })
                        && (!shape.is_ambiguous() || shape.has_decimal(convention)) =>
                {
                    NumberRule::Plain { negative: shape.negative, scale }
                }
                Some(_) => NumberRule::Shape(shape),
            },
        };
        let rules = match store {
            Store::Packed(packed) => {
                packed.pictures.iter().map(|p| rule(&p.form)).collect()
            }
            _ => Vec::new(),
        };
        Numbers { store, convention, rules }
    }

    /// The number in a row.
    #[inline]
    pub fn get(&self, row: usize) -> Cell<Decimal> {
        match self.store {
            Store::Packed(packed) => self.read(packed, packed.cell(row)),
            Store::Text(text, _) => self.read_text_id(text, text.id(row)),
            Store::Head(_) => Cell::Empty,
        }
    }

    /// The numbers of several rows in order.
    pub fn in_rows(&self, rows: std::ops::Range<usize>) -> Vec<Cell<Decimal>> {
        let mut into = vec![Cell::Empty; rows.len()];
        match self.store {
            Store::Packed(packed) => {
                packed.cells.map(rows, |code| self.read(packed, code), &mut into);
            }
            Store::Text(text, _) => {
                text.ids.map(rows, |id| self.read_text_id(text, id), &mut into);
            }
            Store::Head(_) => {}
        }
        into
    }

    /// All numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = Cell<Decimal>> {
        let mut last = (EMPTY, Cell::Empty);
        let packed = self.store.packed().map(|packed| {
            packed.cells.iter().map(move |code| {
                if code != last.0 {
                    last = (code, self.read(packed, code));
                }
                last.1
            })
        });
        let mut last = (NO_TEXT, Cell::Empty);
        let text = self.store.text().map(|text| {
            text.ids.iter().map(move |id| {
                if id != last.0 {
                    last = (id, self.read_text_id(text, id));
                }
                last.1
            })
        });
        packed.into_iter().flatten().chain(text.into_iter().flatten())
    }

    #[inline]
    fn read(&self, packed: &Packed, code: Code) -> Cell<Decimal> {
        match packed.held(code) {
            Held::Empty => Cell::Empty,
            Held::Text(number) => self.read_text(packed.texts.bytes(number)),
            Held::Digits(picture, digits) => match self.rules[picture] {
                NumberRule::Plain { negative, scale } => {
                    // At most 17 digits: no overflow.
                    let mantissa =
                        if negative { -(digits as i64) } else { digits as i64 };
                    Cell::Value(Decimal { mantissa, scale })
                }
                NumberRule::Empty => Cell::Empty,
                NumberRule::Bad => Cell::Bad,
                NumberRule::Shape(shape) => {
                    Cell::of(shape.value(digits, self.convention))
                }
            },
        }
    }

    fn read_text_id(&self, text: &Text, id: u32) -> Cell<Decimal> {
        if id == NO_TEXT { Cell::Empty } else { self.read_text(text.names.bytes(id)) }
    }

    fn read_text(&self, text: &[u8]) -> Cell<Decimal> {
        let read = Loose::of(text);
        match read.number {
            _ if read.null => Cell::Empty,
            Some((shape, digits)) => Cell::of(shape.wide_value(digits, self.convention)),
            None => Cell::Bad,
        }
    }
}

/// A column read as dates.
#[derive(Clone, Debug)]
pub struct Dates<'a> {
    store: &'a Store,
    format: DateFormat,
}

impl<'a> Dates<'a> {
    pub(crate) fn new(store: &'a Store, format: DateFormat) -> Dates<'a> {
        Dates { store, format }
    }

    /// The moment in a row.
    #[inline]
    pub fn get(&self, row: usize) -> Cell<Moment> {
        match self.store {
            Store::Packed(packed) => self.read(packed, packed.cell(row)),
            Store::Text(text, _) => self.read_text_id(text, text.id(row)),
            Store::Head(_) => Cell::Empty,
        }
    }

    /// All moments in order.
    pub fn iter(&self) -> impl Iterator<Item = Cell<Moment>> {
        let mut last = (EMPTY, Cell::Empty);
        let packed = self.store.packed().map(|packed| {
            packed.cells.iter().map(move |code| {
                if code != last.0 {
                    last = (code, self.read(packed, code));
                }
                last.1
            })
        });
        let mut last = (NO_TEXT, Cell::Empty);
        let text = self.store.text().map(|text| {
            text.ids.iter().map(move |id| {
                if id != last.0 {
                    last = (id, self.read_text_id(text, id));
                }
                last.1
            })
        });
        packed.into_iter().flatten().chain(text.into_iter().flatten())
    }

    fn read(&self, packed: &Packed, code: Code) -> Cell<Moment> {
        match packed.held(code) {
            Held::Empty => Cell::Empty,
            Held::Text(number) => self.read_text(packed.texts.bytes(number)),
            Held::Digits(picture, digits) => {
                let form = &packed.pictures[picture].form;
                if form.null {
                    return Cell::Empty;
                }
                match (&form.date, &form.number) {
                    (Some(shape), _) if !matches!(shape.day, DayPart::Digits(_)) => {
                        Cell::of(written(shape, &form.fields(digits), self.format))
                    }
                    (Some(shape), _) => Cell::of(plain(shape, digits, self.format)),
                    (None, Some(shape)) => Cell::of(serial(shape, digits, self.format)),
                    (None, None) => Cell::Bad,
                }
            }
        }
    }

    fn read_text_id(&self, text: &Text, id: u32) -> Cell<Moment> {
        if id == NO_TEXT { Cell::Empty } else { self.read_text(text.names.bytes(id)) }
    }

    fn read_text(&self, text: &[u8]) -> Cell<Moment> {
        let read = Loose::of(text);
        if read.null {
            return Cell::Empty;
        }
        let digits = read.number.and_then(|(_, digits)| u64::try_from(digits).ok());
        match (&read.date, &read.number, digits) {
            (Some((shape, fields)), ..) if !matches!(shape.day, DayPart::Digits(_)) => {
                Cell::of(written(shape, fields, self.format))
            }
            (Some((shape, _)), _, Some(digits)) => {
                Cell::of(plain(shape, digits, self.format))
            }
            (None, Some((shape, _)), Some(digits)) => {
                Cell::of(serial(shape, digits, self.format))
            }
            _ => Cell::Bad,
        }
    }
}

/// A date or clock time in fields.
#[inline]
fn written(shape: &DateShape, fields: &Fields, format: DateFormat) -> Option<Moment> {
    let order = match format {
        DateFormat::YearMonthDay => Order::YearMonthDay,
        DateFormat::DayMonthYear => Order::DayMonthYear,
        DateFormat::MonthDayYear => Order::MonthDayYear,
        // A date with a time where clock times are read gives its time.
        DateFormat::Clock | DateFormat::JoinedClock => {
            let second = shape.second(fields).filter(|&s| s != NO_SECOND)?;
            return Some(Moment { day: NO_DAY, second, offset: shape.offset });
        }
        DateFormat::Joined if shape.day == DayPart::Joined => Order::YearMonthDay,
        _ => return None,
    };
    let second = shape.second(fields)?;
    let day = shape.day(fields, order)?;
    Some(Moment { day, second, offset: shape.offset })
}

/// Plain digits.
fn plain(shape: &DateShape, digits: u64, format: DateFormat) -> Option<Moment> {
    let DayPart::Digits(width) = shape.day else { return None };
    let day = |n: u64| i32::try_from(n).ok();
    let at = |day, second, offset| Some(Moment { day, second, offset });
    match format {
        DateFormat::Joined if matches!(width, 8 | 12 | 14) => {
            let (day, second) = joined_moment(digits, width);
            at(day?, second?, NO_OFFSET)
        }
        DateFormat::UnixSeconds => at(day(digits / 86_400)?, (digits % 86_400) as u32, 0),
        DateFormat::UnixMillis => {
            at(day(digits / 86_400_000)?, (digits / 1000 % 86_400) as u32, 0)
        }
        DateFormat::DayNumber => at(day(digits)?, NO_SECOND, NO_OFFSET),
        DateFormat::ExcelSerial => {
            at(day(digits)?.checked_sub(SERIAL_EPOCH)?, NO_SECOND, NO_OFFSET)
        }
        DateFormat::JoinedClock => at(NO_DAY, plain_clock(digits, width)?, NO_OFFSET),
        _ => None,
    }
}

/// A spreadsheet's day with a fraction for the time, to the nearest second.
fn serial(shape: &NumberShape, digits: u64, format: DateFormat) -> Option<Moment> {
    let Core::One { after, .. } = shape.core else { return None };
    if format != DateFormat::ExcelSerial || shape.negative || shape.percent {
        return None;
    }
    let unit = u128::from(power(after));
    let seconds = (u128::from(digits) * 86_400 * 2 + unit) / (2 * unit);
    let day = i32::try_from(seconds / 86_400).ok()?.checked_sub(SERIAL_EPOCH)?;
    Some(Moment { day, second: (seconds % 86_400) as u32, offset: NO_OFFSET })
}
