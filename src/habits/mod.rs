//! What customers do by habit, as of a day: silence, cadence, trend, season,
//! breadth and returns. A pure function of the records up to that day, so that
//! nothing made of it can see the future.

mod gaps;
mod opportunity;

use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::Orders;

pub use gaps::Gaps;
pub use opportunity::{Opportunity, PHASES, Phase};

/// What the whole shop looks like at a day, for customers too new to have a
/// cadence of their own. It ends with that day.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The cut-off.
    pub day: Day,
    /// The window that counts as recent, in days.
    pub window_days: u32,
    /// The shop's median gap between order days, in days.
    pub usual_gap: f64,
    /// Whether a year of history lies before the day, so that seasons can be compared.
    pub has_year: bool,
    /// For each value of the `discount` attribute, whether it is a discount.
    discounts: Vec<bool>,
    /// Index of that attribute.
    discount: Option<usize>,
}

impl Setting {
    /// The shop as of a day. Linear in the records.
    pub fn new(orders: &Orders, customers: &Customers, window_days: u32) -> Setting {
        let day = customers.as_of;
        let gap = Gaps::of(orders, day).quantile(0.5);
        let first = customers.first_day.iter().copied().min().unwrap_or(day.0);
        let discount = orders.attributes.iter().position(|a| a.role == "discount");
        let discounts = discount.map_or_else(Vec::new, |a| {
            orders.attributes[a].values.iter().map(is_discount).collect()
        });
        Setting {
            day,
            window_days,
            usual_gap: gap.map_or(f64::from(window_days), f64::from).max(1.0),
            has_year: day.0 - first >= 365,
            discounts,
            discount,
        }
    }
}

/// Whether the text of a discount column says that there was one: anything but
/// a zero in any style of writing.
fn is_discount(text: &[u8]) -> bool {
    let digits = text.iter().any(u8::is_ascii_digit);
    let nonzero = text.iter().any(|b| (b'1'..=b'9').contains(b));
    nonzero || (!digits && text.iter().any(u8::is_ascii_alphabetic))
}

/// The plain figures of a customer: what features, reasons and health are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// Days from the last order to the day.
    pub recency_days: f64,
    /// Days from the first order to the day.
    pub age_days: f64,
    /// Distinct days with an order.
    pub order_days: f64,
    /// Mean gap between order days, drawn towards the shop's when there are few.
    pub usual_gap: f64,
    /// `recency_days` in usual gaps.
    pub overdue: f64,
    /// Net revenue, dated returns only.
    pub revenue: f64,
    /// Mean purchase value of an order.
    pub average_order: f64,
    /// Purchase value of the last order day.
    pub last_order: f64,
    /// Order days in the last window.
    pub recent: f64,
    /// Order days that the customer's own rate had let expect in it.
    pub expected_recent: f64,
    /// Order days in the window of the same season a year before.
    pub same_season: f64,
    /// Distinct products bought.
    pub products: f64,
    /// Dated returns over purchases, 0 to 1.
    pub return_share: f64,
    /// Whether there was a dated return at or after the last order.
    pub last_returned: bool,
    /// Share of orders with a discount, 0 to 1.
    pub discount_share: f64,
    /// Root mean square of the gaps' logarithmic deviation from the usual gap.
    pub gap_spread: f64,
    /// The last gap in usual gaps; 1 with fewer than two gaps.
    pub last_gap: f64,
    /// Order days, each worth half after every window.
    pub decayed_orders: f64,
    /// Purchases, each worth half after every window.
    pub decayed_revenue: f64,
}

/// How many gaps of the shop's median weigh as much as the customer's own.
const GAP_PRIOR: f64 = 1.0;

/// The figures of one customer at the end of the setting's day.
///
/// `scratch` is reused between calls. Cost is linear in the customer's records
/// (and `n log n` in the products bought). A customer without an order up to
/// the day gets zeros.
pub fn facts(
    orders: &Orders,
    customer: u32,
    setting: &Setting,
    scratch: &mut Vec<u32>,
) -> Facts {
    scratch.clear();
    let mut f = Facts::default();
    let (day, window) = (setting.day.0, setting.window_days as i32);
    let mut walk = Walk::default();
    for i in orders.of(customer) {
        if orders.day[i] > day {
            break;
        }
        walk.push(orders, i, setting, scratch);
    }
    let Some((first, last)) = walk.first.zip(walk.last) else { return f };
    let units = |mantissa: i64| orders.scale.number(mantissa);
    f.recency_days = f64::from(day - last);
    f.age_days = f64::from(day - first);
    f.order_days = f64::from(walk.days);
    let gaps = f.order_days - 1.0;
    let own = f64::from(last - first);
    f.usual_gap = (own + GAP_PRIOR * setting.usual_gap) / (gaps + GAP_PRIOR);
    f.overdue = f.recency_days / f.usual_gap;
    f.revenue = units(walk.gross + walk.returns);
    f.average_order = units(walk.gross) / f64::from(walk.orders);
    f.last_order = units(walk.last_gross);
    f.recent = f64::from(walk.recent);
    let span = f64::from(window.min(day - first + 1));
    f.expected_recent = (f.order_days * span / (f.age_days + 1.0)).min(f.order_days);
    f.same_season = f64::from(walk.same_season);
    f.return_share =
        if walk.gross > 0 { -units(walk.returns) / units(walk.gross) } else { 0.0 }
            .clamp(0.0, 1.0);
    f.last_returned = walk.last_return.is_some_and(|d| d >= last);
    f.discount_share = f64::from(walk.discounted) / f64::from(walk.orders);
    f.decayed_orders = walk.decayed_orders;
    f.decayed_revenue = walk.decayed_gross / units_of(orders);
    f.last_gap = if walk.days > 2 { f64::from(walk.last_gap) / f.usual_gap } else { 1.0 };
    f.gap_spread = spread(&walk, gaps);
    scratch.sort_unstable();
    scratch.dedup();
    f.products = scratch.len() as f64;
    f
}

fn units_of(orders: &Orders) -> f64 {
    orders.scale.units() as f64
}

/// Standard deviation of the logarithms of the gaps; 0 with fewer than two.
fn spread(walk: &Walk, gaps: f64) -> f64 {
    if gaps < 2.0 {
        return 0.0;
    }
    let mean = walk.log_gaps / gaps;
    libm::sqrt((walk.log_gaps_squared / gaps - mean * mean).max(0.0))
}

/// Running sums over a customer's records in the order of days.
#[derive(Default)]
struct Walk {
    first: Option<i32>,
    last: Option<i32>,
    orders: u32,
    days: u32,
    gross: i64,
    returns: i64,
    last_gross: i64,
    last_return: Option<i32>,
    last_gap: i32,
    log_gaps: f64,
    log_gaps_squared: f64,
    recent: u32,
    same_season: u32,
    discounted: u32,
    decayed_orders: f64,
    decayed_gross: f64,
}

impl Walk {
    fn push(
        &mut self,
        orders: &Orders,
        i: usize,
        setting: &Setting,
        products: &mut Vec<u32>,
    ) {
        let day = orders.day[i];
        let undated = orders.undated_returns.get(i).copied().unwrap_or(0);
        let returns = orders.returns[i] - undated;
        self.returns += returns;
        if returns < 0 {
            self.last_return = Some(day);
        }
        if !orders.is_order[i] {
            return;
        }
        let weight =
            libm::exp2(-f64::from(setting.day.0 - day) / f64::from(setting.window_days));
        self.orders += 1;
        self.gross += orders.gross[i];
        self.decayed_gross += weight * orders.gross[i] as f64;
        if self.last != Some(day) {
            self.new_day(day, setting);
            self.decayed_orders += weight;
            self.last_gross = 0;
        }
        self.last_gross += orders.gross[i];
        if let Some(a) = setting.discount {
            let value = orders.attributes[a].of.get(i).copied().unwrap_or(u32::MAX);
            let is = setting.discounts.get(value as usize).copied().unwrap_or(false);
            self.discounted += u32::from(is);
        }
        if let Some(lines) = &orders.lines {
            for line in lines.start[i] as usize..lines.start[i + 1] as usize {
                if lines.product[line] != u32::MAX && lines.amount.get(line) >= 0 {
                    products.push(lines.product[line]);
                }
            }
        }
    }

    fn new_day(&mut self, day: i32, setting: &Setting) {
        let window = setting.window_days as i32;
        if let Some(last) = self.last {
            self.last_gap = day - last;
            let log = libm::log(f64::from(self.last_gap));
            self.log_gaps += log;
            self.log_gaps_squared += log * log;
        }
        self.first = self.first.or(Some(day));
        self.last = Some(day);
        self.days += 1;
        let before = setting.day.0 - day;
        self.recent += u32::from(before < window);
        let season = before < 365 && before >= 365 - window.min(365);
        self.same_season += u32::from(setting.has_year && season);
    }
}
