//! Names of columns as systems write them, brought to one form.

/// A column's name in the form in which names are compared: letters and digits
/// only (and `#`), full-width forms narrowed, lower-cased.
///
/// `Order ID`, `order_id`, `OrderId` and `ＯＲＤＥＲ　ＩＤ` are all `orderid`.
///
/// ```
/// use regulars::mapping::key;
/// assert_eq!(key("\u{feff}Order ID "), "orderid");
/// assert_eq!(key("商品总价(元)"), "商品总价元");
/// assert_eq!(key("Order #"), "order#");
/// ```
pub fn key(name: &str) -> String {
    name.chars()
        .map(narrow)
        .filter(|c| c.is_alphanumeric() || *c == '#')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The ASCII form of a full-width character (Unicode's compatibility mapping of
/// U+FF01 to U+FF5E and U+3000).
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}
