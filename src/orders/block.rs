//! A block of rows as decoded from the mapped columns, a column a field.

use super::Class;

/// No person, no order id, no product, no currency.
pub(crate) const NONE: u32 = u32::MAX;
/// No day.
pub(crate) const NO_DAY: i32 = i32::MIN;
/// No amount is written.
pub(crate) const NO_AMOUNT: i64 = i64::MIN;

/// Rows, one entry of each field a row. A field whose role is not mapped is
/// empty; the accessors of the caller's plan know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// How many rows.
    pub rows: usize,
    /// The order's number, or [`NONE`].
    pub order: Vec<u32>,
    /// The person's number, or [`NONE`].
    pub person: Vec<u32>,
    /// The day, or [`NO_DAY`].
    pub day: Vec<i32>,
    /// The second of day, or `NO_SECOND`.
    pub second: Vec<u32>,
    /// What the status columns say together.
    pub class: Vec<Class>,
    /// The currency's number, or [`NONE`].
    pub currency: Vec<u32>,
    /// The amount, at the plan's scale, or [`NO_AMOUNT`].
    pub amount: Vec<i64>,
    /// Quantity times unit price where the amount has a column of its own.
    pub product_amount: Vec<i64>,
    /// The refund, 0 or more.
    pub refund: Vec<i64>,
    /// The quantity in thousandths.
    pub quantity: Vec<i64>,
    /// The product's number, or [`NONE`].
    pub product: Vec<u32>,
    /// Whether a cell that is needed could not be read.
    pub unreadable: Vec<bool>,
    /// Whether the row equals an earlier row in every mapped column.
    pub duplicate: Vec<bool>,
}
