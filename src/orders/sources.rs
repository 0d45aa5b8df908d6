//! The mapped columns of one file, decoded a block of rows at a time.

use super::NO_SECOND;
use super::block::{Block, NO_AMOUNT, NO_DAY, NONE};
use super::status::{Class, Style};
use super::zone::Zone;
use crate::columns::date::NO_OFFSET;
use crate::columns::{Cell, Columns, Convention, DateFormat, Decimal, Keep, Moment};
use crate::mapping::{MappingEntry, Rule};
use crate::money::{Scale, round_half_even, times};
use crate::names::Names;

/// A column of texts and the number of each of its texts among all files' texts.
#[derive(Clone, Debug)]
pub(crate) struct TextColumn {
    /// 0-based.
    pub column: usize,
    /// Number by the column's own number of the text; [`NONE`] for nothing.
    pub to: Vec<u32>,
    texts: Texts,
    /// Texts that no column holds as such, and their numbers row by row.
    own: Option<(Vec<u32>, Names)>,
}

/// Where the texts come from.
#[derive(Clone, Debug)]
enum Texts {
    /// The cells.
    Cells,
    /// The cells of this column and of others, joined by a blank.
    Joined(Vec<usize>),
    /// The currencies written beside the numbers of the cells.
    Signs,
}

impl TextColumn {
    /// A column whose texts have no numbers yet.
    pub fn new(column: usize) -> TextColumn {
        TextColumn { column, to: Vec::new(), texts: Texts::Cells, own: None }
    }

    /// Several columns as one.
    pub fn joined(columns: &[usize]) -> Option<TextColumn> {
        let (&column, rest) = columns.split_first()?;
        let texts = Texts::Joined(rest.to_vec());
        Some(TextColumn { texts, ..TextColumn::new(column) })
    }

    /// The currencies beside the numbers of a column.
    pub fn signs(column: usize) -> TextColumn {
        TextColumn { texts: Texts::Signs, ..TextColumn::new(column) }
    }

    /// Writes out the texts that no column holds as such; linear in the rows.
    pub fn prepare(&mut self, columns: &Columns) {
        let rows = 0..columns.rows() as usize;
        let first = self.column;
        let text: Box<dyn Fn(usize) -> String> = match &self.texts {
            Texts::Cells if columns.keep(self.column) == Keep::Packed => {
                let (rows, names) = columns.interned(self.column);
                self.own = Some((rows, names.into_owned()));
                return;
            }
            Texts::Cells => return,
            Texts::Joined(rest) => Box::new(move |row| {
                let cells = std::iter::once(&first).chain(rest);
                let texts = cells.map(|&c| columns.text(c, row).trim().to_owned());
                texts.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
            }),
            Texts::Signs => {
                Box::new(move |row| columns.currency(first, row).code().to_owned())
            }
        };
        let mut names = Names::new();
        let numbers = rows.map(|row| match text(row) {
            text if text.is_empty() => NONE,
            text => names.intern(text.as_bytes()),
        });
        let numbers = numbers.collect();
        self.own = Some((numbers, names));
    }

    /// The distinct texts of the column.
    pub fn names<'a>(&'a self, columns: &'a Columns) -> Option<&'a Names> {
        match &self.own {
            Some((_, names)) => Some(names),
            None => columns.names(self.column),
        }
    }

    /// The column's own number of the text in a row; [`NONE`] for an empty cell.
    #[inline]
    pub fn id(&self, columns: &Columns, row: usize) -> u32 {
        match &self.own {
            Some((rows, _)) => rows.get(row).copied().unwrap_or(NONE),
            None => columns.text_id(self.column, row),
        }
    }
}

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

/// Rounding and misfits met while decoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    /// Amounts with digits beyond the scale, rounded half to even.
    pub rounded: u64,
}

/// The number of the text that a row has in the first of several columns that
/// has one.
fn text_at(columns: &Columns, texts: &[TextColumn], row: usize) -> u32 {
    for text in texts {
        let id = text.id(columns, row);
        if id != NONE {
            let number = text.to.get(id as usize).copied().unwrap_or(NONE);
            if number != NONE {
                return number;
            }
        }
    }
    NONE
}

/// A cell as an amount at a scale, or [`NO_AMOUNT`]; `Err` when it cannot be read.
#[inline]
fn amount_at(numbers: &Cells, i: usize, scale: Scale) -> Result<i64, ()> {
    match numbers[i] {
        Cell::Empty => Ok(NO_AMOUNT),
        Cell::Bad => Err(()),
        Cell::Value(value) => value.at(scale).filter(|&v| v != NO_AMOUNT).ok_or(()),
    }
}

/// The numbers of a block of rows.
type Cells = Vec<Cell<Decimal>>;

/// The money of a block of rows.
struct Money {
    amount: Vec<Cells>,
    subtract: bool,
    adjusted: Vec<Cells>,
    quantity: Option<Cells>,
    price: Option<Cells>,
    refund: Vec<Cells>,
    scale: Scale,
}

/// Quantity in thousandths, rounded half to even.
fn thousandths(value: Decimal) -> Result<i64, ()> {
    if let Some(exact) = value.at(Scale(3)) {
        return Ok(exact);
    }
    let divisor = i128::from(Scale(value.scale.max(3) - 3).units());
    let times = i128::from(Scale(3 - value.scale.min(3)).units());
    let rounded = round_half_even(i128::from(value.mantissa) * times, divisor);
    i64::try_from(rounded).map_err(|_| ())
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

    fn fill_money(
        &self,
        columns: &Columns,
        rows: std::ops::Range<usize>,
        scale: Scale,
        block: &mut Block,
        losses: &mut Losses,
    ) {
        let read = |n: &NumberColumn| {
            columns.numbers(n.column, n.convention).in_rows(rows.clone())
        };
        let money = Money {
            amount: self.amount.iter().map(read).collect(),
            subtract: self.amount_rule == Some(Rule::Subtract),
            adjusted: self.adjusted.iter().map(read).collect(),
            quantity: self.quantity.as_ref().map(read),
            price: self.price.as_ref().map(read),
            refund: self.refund.iter().map(read).collect(),
            scale,
        };
        block.quantity.clear();
        block.amount.clear();
        block.product_amount.clear();
        block.refund.clear();
        let own = !self.amount.is_empty();
        for i in 0..rows.len() {
            let product = money.product_amount(i, losses);
            // What is not needed for the amount may be unreadable.
            block.unreadable[i] |= product.is_err() && !own;
            let (quantity, product) = product.unwrap_or((None, NO_AMOUNT));
            if self.quantity.is_some() {
                block.quantity.push(quantity.unwrap_or(0));
            }
            if own {
                let amount = money.amount(i);
                block.unreadable[i] |= amount.is_err();
                block.amount.push(amount.unwrap_or(NO_AMOUNT));
                if self.price.is_some() {
                    block.product_amount.push(product);
                }
            } else if self.price.is_some() {
                block.amount.push(product);
            }
        }
        if self.refund.is_empty() && self.adjusted.is_empty() {
            return;
        }
        for i in 0..rows.len() {
            let refund = money.refund(i);
            block.unreadable[i] |= refund.is_err();
            block.refund.push(refund.unwrap_or(0));
        }
    }
}

impl Money {
    /// The amount of its own column or columns.
    fn amount(&self, i: usize) -> Result<i64, ()> {
        let mut amount = NO_AMOUNT;
        for number in &self.amount {
            let cell = amount_at(number, i, self.scale)?;
            if cell == NO_AMOUNT {
                continue;
            }
            if amount == NO_AMOUNT {
                amount = cell;
            } else if self.subtract {
                amount = amount.checked_sub(cell.checked_abs().ok_or(())?).ok_or(())?;
            }
            if !self.subtract {
                break;
            }
        }
        Ok(amount)
    }

    /// The refund of a row of the block, 0 or more: of its column, or what an adjusted total
    /// lacks. An adjusted total of 0 says that nothing was adjusted.
    fn refund(&self, i: usize) -> Result<i64, ()> {
        let mut refund = 0_i64;
        for number in &self.refund {
            let cell = amount_at(number, i, self.scale)?;
            if cell != NO_AMOUNT && cell != 0 {
                refund = cell.checked_abs().ok_or(())?;
                break;
            }
        }
        let Some(adjusted) = self.adjusted.first() else { return Ok(refund) };
        let adjusted = amount_at(adjusted, i, self.scale)?;
        let total = match self.adjusted.get(1) {
            Some(number) => amount_at(number, i, self.scale)?,
            None => self.amount(i)?,
        };
        let known = adjusted != NO_AMOUNT && adjusted != 0 && total != NO_AMOUNT;
        if known && adjusted < total {
            let less = total.checked_sub(adjusted).ok_or(())?;
            refund = refund.checked_add(less).ok_or(())?;
        }
        Ok(refund)
    }

    /// Quantity in thousandths and quantity times unit price (the unit price
    /// where no quantity is mapped).
    #[inline]
    fn product_amount(
        &self,
        i: usize,
        losses: &mut Losses,
    ) -> Result<(Option<i64>, i64), ()> {
        let pieces = match self.quantity.as_ref().map(|q| q[i]) {
            None => None,
            Some(Cell::Value(pieces)) => Some(pieces),
            Some(Cell::Empty) => return Ok((None, NO_AMOUNT)),
            Some(Cell::Bad) => return Err(()),
        };
        let quantity = pieces.map(thousandths).transpose()?;
        let price = match self.price.as_ref().map(|p| p[i]) {
            Some(Cell::Value(price)) => price,
            None | Some(Cell::Empty) => return Ok((quantity, NO_AMOUNT)),
            Some(Cell::Bad) => return Err(()),
        };
        let Some(pieces) = pieces else {
            return Ok((quantity, price.at(self.scale).ok_or(())?));
        };
        let decimals = pieces.scale + price.scale;
        if decimals <= self.scale.0 {
            let units = Scale(self.scale.0 - decimals).units();
            let product = times(pieces.mantissa, price.mantissa);
            if let Some(amount) = product.and_then(|product| times(product, units)) {
                return if amount == NO_AMOUNT {
                    Err(())
                } else {
                    Ok((quantity, amount))
                };
            }
        }
        let product = i128::from(pieces.mantissa) * i128::from(price.mantissa);
        let amount = if decimals <= self.scale.0 {
            product * i128::from(Scale(self.scale.0 - decimals).units())
        } else {
            let divisor = 10_i128.pow(u32::from(decimals - self.scale.0));
            losses.rounded += u64::from(product % divisor != 0);
            round_half_even(product, divisor)
        };
        match i64::try_from(amount) {
            Ok(amount) if amount != NO_AMOUNT => Ok((quantity, amount)),
            _ => Err(()),
        }
    }
}
