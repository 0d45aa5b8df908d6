//! The mapped columns of one file, decoded a block of rows at a time.

use super::NO_SECOND;
use super::amounts::Losses;
use super::block::{Block, NO_DAY, NONE};
use super::status::{Class, Style};
use super::text_column::{TextColumn, text_at};
use super::zone::Zone;
use crate::columns::date::NO_OFFSET;
use crate::columns::{Cell, Columns, Convention, DateFormat, Moment};
use crate::mapping::{MappingEntry, Rule};
use crate::money::Scale;

/// A column of numbers and how they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberColumn {
    /// 0-based.
    pub column: usize,
    /// What its points and commas mean.
    pub convention: Convention,
}

/// A column of dates and how they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DateColumn {
    /// 0-based.
    pub column: usize,
    /// What its fields mean.
    pub format: DateFormat,
    /// Its name says that its times are in UTC.
    pub utc: bool,
}

/// A status column: what each of its texts says.
#[derive(Clone, Debug)]
pub(crate) struct StatusColumn {
    /// Its texts.
    pub text: TextColumn,
    /// How it is read.
    pub style: Style,
    /// Class by the column's own number of the text.
    pub class: Vec<Class>,
}

/// Which fields of a block are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// What is to be known of whole orders; days only where some rows lack them.
    Facts {
        /// Whether days are wanted.
        dated: bool,
    },
    /// What judges rows and sums them.
    Rows,
    /// What makes the lines of the orders.
    Lines,
}

/// The mapped columns of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// Order ids.
    pub order: Vec<TextColumn>,
    /// People: ids, e-mail addresses, telephone numbers.
    pub person: Vec<TextColumn>,
    /// Days.
    pub date: Vec<DateColumn>,
    /// Times of day.
    pub time: Vec<DateColumn>,
    /// Amounts.
    pub amount: Vec<NumberColumn>,
    /// How several amounts make one.
    pub amount_rule: Option<Rule>,
    /// The amount after refunds, and the amount that it adjusts.
    pub adjusted: Vec<NumberColumn>,
    /// Pieces.
    pub quantity: Option<NumberColumn>,
    /// Prices of one piece.
    pub price: Option<NumberColumn>,
    /// Refunds.
    pub refund: Vec<NumberColumn>,
    /// Status columns.
    pub status: Vec<StatusColumn>,
    /// Currencies.
    pub currency: Vec<TextColumn>,
    /// Products.
    pub product: Vec<TextColumn>,
    /// Categories of lines.
    pub category: Vec<TextColumn>,
    /// Categories of records, one entry an attribute.
    pub attributes: Vec<Vec<TextColumn>>,
    /// All mapped columns, for duplicates and examples.
    pub mapped: Vec<usize>,
    /// The mapping by the columns of this file.
    pub mapping: Vec<MappingEntry>,
    /// The zone to which its times are moved.
    pub zone: Option<Zone>,
}

impl Source {
    /// Texts of the rows `from..to` as numbers, appended.
    pub fn texts(
        columns: &Columns,
        texts: &[TextColumn],
        rows: std::ops::Range<usize>,
        into: &mut Vec<u32>,
    ) {
        into.clear();
        let [TextColumn { column, to, own: None, .. }] = texts else {
            into.extend(rows.map(|row| text_at(columns, texts, row)));
            return;
        };
        into.resize(rows.len(), NONE);
        let number = |id| to.get(id as usize).copied().unwrap_or(NONE);
        columns.map_raw(*column, rows, number, into);
    }

    /// Decodes rows into a block. Duplicates are left as they are.
    pub fn fill(
        &self,
        columns: &Columns,
        rows: std::ops::Range<usize>,
        pass: Pass,
        scale: Scale,
        block: &mut Block,
        losses: &mut Losses,
    ) {
        block.rows = rows.len();
        block.unreadable.clear();
        block.unreadable.resize(rows.len(), false);
        if pass == Pass::Lines {
            Source::texts(columns, &self.product, rows.clone(), &mut block.product);
        } else {
            let dated = pass != Pass::Facts { dated: false };
            self.fill_keys(columns, rows.clone(), dated, block);
        }
        self.fill_money(columns, rows, scale, block, losses);
    }

    fn fill_keys(
        &self,
        columns: &Columns,
        rows: std::ops::Range<usize>,
        dated: bool,
        block: &mut Block,
    ) {
        if !self.order.is_empty() {
            Source::texts(columns, &self.order, rows.clone(), &mut block.order);
        }
        Source::texts(columns, &self.person, rows.clone(), &mut block.person);
        if !self.currency.is_empty() {
            Source::texts(columns, &self.currency, rows.clone(), &mut block.currency);
        }
        if dated {
            self.fill_dates(columns, rows.clone(), block);
        }
        block.class.clear();
        if self.status.is_empty() {
            block.class.resize(rows.len(), Class::Sale);
        } else {
            block.class.extend(rows.map(|row| self.class(columns, row)));
        }
    }

    /// What the status columns of a row say together; `Blank` where none says
    /// anything but that a day of payment is missing.
    fn class(&self, columns: &Columns, row: usize) -> Class {
        let mut class = Class::Blank;
        let mut unpaid = false;
        for status in &self.status {
            if columns.is_empty_at(status.text.column, row) {
                unpaid |= status.style == Style::PaidAt;
                continue;
            }
            let of_text = match status.style {
                Style::CancelledAt => Class::Cancelled,
                Style::PaidAt => Class::Sale,
                _ => {
                    let id = status.text.id(columns, row);
                    status.class.get(id as usize).copied().unwrap_or(Class::Blank)
                }
            };
            class = class.max(of_text);
        }
        let only_paid_at = self.status.iter().all(|s| s.style == Style::PaidAt);
        if unpaid && (class != Class::Blank || only_paid_at) {
            class = class.max(Class::Unpaid);
        }
        class
    }

    fn fill_dates(
        &self,
        columns: &Columns,
        rows: std::ops::Range<usize>,
        block: &mut Block,
    ) {
        let read = |date: &DateColumn| columns.dates(date.column, date.format);
        // A column that is named so is in UTC, whether or not its cells say it.
        let placed = |moment: Moment, date: &DateColumn| {
            let in_utc = date.utc && moment.offset == NO_OFFSET;
            Moment { offset: if in_utc { 0 } else { moment.offset }, ..moment }
        };
        let dates: Vec<_> = self.date.iter().map(read).collect();
        let times: Vec<_> = self.time.iter().map(read).collect();
        block.day.clear();
        block.second.clear();
        if let ([date], []) = (&dates[..], &times[..]) {
            // Rows of one order repeat its moment.
            let mut last = (u64::MAX, Cell::Empty);
            columns.each_raw(self.date[0].column, rows.clone(), |k, raw| {
                if raw != last.0 {
                    last = (raw, date.get(rows.start + k));
                    if let (Some(zone), Cell::Value(moment)) = (&self.zone, last.1) {
                        let moment = zone.moment(placed(moment, &self.date[0]));
                        last.1 = Cell::Value(moment);
                    }
                }
                let moment = last.1.value().filter(|m| m.day != NO_DAY);
                block.unreadable[k] |= last.1 != Cell::Empty && moment.is_none();
                block.day.push(moment.map_or(NO_DAY, |m| m.day));
                block.second.push(moment.map_or(NO_SECOND, |m| m.second));
            });
            return;
        }
        for (i, row) in rows.enumerate() {
            let (mut day, mut second, mut offset) = (NO_DAY, NO_SECOND, NO_OFFSET);
            let mut bad = false;
            for (date, column) in dates.iter().zip(&self.date) {
                match date.get(row) {
                    Cell::Value(moment) => {
                        (day, second) = (moment.day, moment.second);
                        offset = placed(moment, column).offset;
                        bad = day == NO_DAY;
                        break;
                    }
                    Cell::Bad => bad = true,
                    Cell::Empty => {}
                }
            }
            if day != NO_DAY && second == NO_SECOND {
                let found = times.iter().zip(&self.time).find_map(|(time, column)| {
                    time.get(row).value().map(|moment| placed(moment, column))
                });
                if let Some(moment) = found {
                    second = moment.second;
                    offset =
                        if moment.offset == NO_OFFSET { offset } else { moment.offset };
                }
            }
            if let Some(zone) = &self.zone {
                (day, second) = zone.moved((day, second), offset);
            }
            block.unreadable[i] |= bad;
            block.day.push(day);
            block.second.push(second);
        }
    }
}
