//! Line amounts against order totals, decided by how the amounts lie on the
//! rows of each order.

use serde::Serialize;

use super::facts::Tally;

/// How the amounts of the file belong to its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// Each row has the amount of its line; an order is their sum.
    Lines,
    /// One row has the order's total, or there is one row an order.
    Orders,
    /// The order's total stands on its first row only.
    FirstRow,
    /// The order's total stands on each of its rows.
    Repeated,
}

impl Layout {
    /// The layout as it stands in answers and messages.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Lines => "lines",
            Layout::Orders => "orders",
            Layout::FirstRow => "first-row",
            Layout::Repeated => "repeated",
        }
    }

    /// The layout of an answer.
    pub fn parse(text: &str) -> Option<Layout> {
        [Layout::Lines, Layout::Orders, Layout::FirstRow, Layout::Repeated]
            .into_iter()
            .find(|l| l.name() == text)
    }

    /// Whether an amount of zero is a free line rather than an order of value 0.
    pub(crate) fn zero_is_free(self) -> bool {
        self == Layout::Lines
    }
}

/// What is known besides the tally.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// The amount is quantity times unit price, for want of a column of its own.
    pub multiplied: bool,
    /// The file has no order id.
    pub no_order_id: bool,
    /// A product or a unit price is mapped.
    pub has_lines: bool,
    /// What the name of the amount column says, if anything.
    pub named: Option<Layout>,
}

/// The layout, or the two between which the file leaves the choice, the likelier
/// first.
pub(crate) fn decide(
    tally: Option<&Tally>,
    context: Context,
) -> Result<Layout, [Layout; 2]> {
    if context.multiplied {
        return Ok(Layout::Lines);
    }
    if context.no_order_id {
        return Ok(if context.has_lines { Layout::Lines } else { Layout::Orders });
    }
    let Some(tally) = tally else { return Ok(Layout::Orders) };
    let (equal, different) = (tally.all_equal, tally.different);
    if equal + different == 0 {
        let first = tally.on_one_row > 0;
        return Ok(if first { Layout::FirstRow } else { Layout::Orders });
    }
    // Amounts that differ within an order are lines; one order in fifty may be
    // an exception of a file of totals.
    if different * 50 > equal + different + tally.on_one_row {
        return Ok(Layout::Lines);
    }
    if equal == 0 {
        return Ok(Layout::FirstRow);
    }
    if tally.equals_lines * 20 > equal * 19 && tally.equals_sum * 2 < equal {
        return Ok(Layout::Lines);
    }
    if tally.equals_sum * 20 > equal * 19 && tally.equals_lines * 2 < equal {
        return Ok(Layout::Repeated);
    }
    // A few orders whose rows are wholly equal are duplicates, not lines.
    if tally.all_duplicates == equal && equal * 50 < tally.orders {
        return Ok(Layout::Orders);
    }
    match context.named {
        Some(Layout::Lines) => Ok(Layout::Lines),
        Some(Layout::Repeated) => Ok(Layout::Repeated),
        // Twenty orders with equal amounts and none with different ones do not
        // come by chance, unless everything costs the same.
        _ if equal >= 20 => Ok(Layout::Repeated),
        _ => Err([Layout::Repeated, Layout::Lines]),
    }
}

/// What the name of an amount column says of its layout.
pub(crate) fn named(key: &str) -> Option<Layout> {
    const LINES: &str = "linetotal itemtotal lineamount orderlinetotal itemprice \
        itemsubtotal salesvalue salesprice lineitemtotal 小计 商品金额";
    const TOTALS: &str = "ordertotal ordertotalamount ordertotalinctax orderamount total \
        grandtotal grandtotalbase totalprice ordervalue invoicetotal invoiceamount \
        订单金额 订单总金额 订单实付金额 订单应付金额 应付金额 买家实际支付金额 合計金額 請求金額 \
        gesamtbetrag bestellwert totalcommande totalpedido";
    let is = |names: &str| names.split_ascii_whitespace().any(|n| n == key);
    if is(LINES) { Some(Layout::Lines) } else { is(TOTALS).then_some(Layout::Repeated) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_writing_totals_is_decided() {
        let base = Tally { orders: 100, several_rows: 40, ..Tally::default() };
        let of = |tally: Tally| decide(Some(&tally), Context::default());
        assert_eq!(of(Tally { on_one_row: 40, ..base }), Ok(Layout::FirstRow));
        assert_eq!(of(Tally { different: 39, all_equal: 1, ..base }), Ok(Layout::Lines));
        assert_eq!(of(Tally { all_equal: 40, ..base }), Ok(Layout::Repeated));
        assert_eq!(of(base), Ok(Layout::Orders));
        let few = Tally { all_equal: 3, ..base };
        assert_eq!(of(few), Err([Layout::Repeated, Layout::Lines]));
        assert_eq!(of(Tally { equals_sum: 3, ..few }), Ok(Layout::Repeated));
        assert_eq!(of(Tally { equals_lines: 3, ..few }), Ok(Layout::Lines));
        let twice = Tally { all_duplicates: 1, all_equal: 1, several_rows: 1, ..base };
        assert_eq!(of(twice), Ok(Layout::Orders));
        assert_eq!(
            decide(
                Some(&few),
                Context { named: named("订单金额"), ..Context::default() }
            ),
            Ok(Layout::Repeated)
        );
    }
}
