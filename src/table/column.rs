//! The columns of the customer table: their names, kinds, needs and cells.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::orders::{Attribute, Orders};
use crate::rfm::Scores;
use crate::segments::cell_name;

/// Everything the table may show, as slices with one entry a customer. `None`
/// where an analysis was not run.
#[derive(Clone, Copy, Debug)]
pub struct CustomerColumns<'a> {
    /// The orders behind the customers.
    pub orders: &'a Orders,
    /// The customers as of a day.
    pub customers: &'a Customers,
    /// R, F and M scores.
    pub scores: Option<&'a Scores>,
    /// The segment of each customer.
    pub segment: Option<SegmentColumn<'a>>,
    /// Lifetime value.
    pub lifetime: Option<LifetimeColumns<'a>>,
    /// Churn probability, 0 to 1.
    pub churn: Option<&'a [f64]>,
    /// The win-back plan.
    pub winback: Option<WinbackColumns<'a>>,
}

/// The segments, best first, and each customer's.
#[derive(Clone, Copy, Debug)]
pub struct SegmentColumn<'a> {
    /// Index in `ids` of each customer's segment.
    pub of: &'a [u8],
    /// Ids of the segments.
    pub ids: &'a [String],
}

/// What the models of lifetime say of each customer; NaN where they say nothing.
#[derive(Clone, Copy, Debug)]
pub struct LifetimeColumns<'a> {
    /// Probability of being still active, 0 to 1.
    pub p_alive: &'a [f64],
    /// Orders to come within the horizon.
    pub expected_orders: &'a [f64],
    /// Expected value of an order.
    pub order_value: &'a [f64],
    /// Lifetime value within the horizon.
    pub clv: &'a [f64],
}

/// The win-back plan; NaN and false for those without one.
#[derive(Clone, Copy, Debug)]
pub struct WinbackColumns<'a> {
    /// Expected gain of a contact.
    pub gain: &'a [f64],
    /// Whether the customer is in the plan.
    pub in_plan: &'a [bool],
}

/// The analysis that a column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Need {
    /// Scores.
    Rfm,
    /// Segments, which need scores in as many bins as their map.
    Segment,
    /// Lifetime value.
    Lifetime,
    /// Churn.
    Churn,
    /// The win-back plan.
    Winback,
}

impl Need {
    /// The code of the analysis, for messages.
    pub fn code(self) -> &'static str {
        match self {
            Need::Rfm => "rfm",
            Need::Segment => "segment",
            Need::Lifetime => "lifetime",
            Need::Churn => "churn",
            Need::Winback => "winback",
        }
    }
}

/// How the cells of a column are kept and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts; compared for equality and by what they contain.
    Text,
    /// Days, written as ISO dates.
    Day,
    /// Whole numbers.
    Integer,
    /// Exact money.
    Money,
    /// Computed money, written with as many decimals as the exact.
    Value,
    /// Other figures.
    Number,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident $text:literal $kind:ident $need:expr;)*) => {
        /// A column of the customer table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum CustomerColumn {
            $($(#[$doc])* $name,)*
        }

        impl CustomerColumn {
            /// All columns, in the order in which they are shown by default.
            pub const ALL: &[CustomerColumn] = &[$(CustomerColumn::$name),*];

            /// The name at the boundary, such as `recencyDays`.
            pub fn name(self) -> &'static str {
                match self { $(CustomerColumn::$name => $text,)* }
            }

            /// How its cells are kept and compared.
            pub fn kind(self) -> Kind {
                match self { $(CustomerColumn::$name => Kind::$kind,)* }
            }

            /// The analysis that it comes from; `None` for what the orders say.
            pub fn need(self) -> Option<Need> {
                match self { $(CustomerColumn::$name => $need,)* }
            }
        }
    };
}

columns! {
    /// The customer as written in the file.
    CustomerId "customerId" Text None;
    /// Day of the first order.
    FirstOrder "firstOrder" Day None;
    /// Day of the last order.
    LastOrder "lastOrder" Day None;
    /// Days since the last order.
    RecencyDays "recencyDays" Integer None;
    /// Number of orders.
    Orders "orders" Integer None;
    /// Net revenue.
    Revenue "revenue" Money None;
    /// Purchases.
    Gross "gross" Money None;
    /// Returns, negative.
    Returns "returns" Money None;
    /// Purchases by orders.
    AverageOrder "averageOrder" Value None;
    /// Recency score.
    RScore "rScore" Integer Some(Need::Rfm);
    /// Frequency score.
    FScore "fScore" Integer Some(Need::Rfm);
    /// Monetary score.
    MScore "mScore" Integer Some(Need::Rfm);
    /// The three scores, such as `543`.
    RfmCell "rfmCell" Text Some(Need::Rfm);
    /// Code of the segment.
    Segment "segment" Text Some(Need::Segment);
    /// Probability of being still active.
    PAlive "pAlive" Number Some(Need::Lifetime);
    /// Orders to come within the horizon.
    ExpectedOrders "expectedOrders" Number Some(Need::Lifetime);
    /// Expected value of an order.
    OrderValue "orderValue" Value Some(Need::Lifetime);
    /// Lifetime value within the horizon.
    Clv "clv" Value Some(Need::Lifetime);
    /// Probability of no order within the window.
    ChurnProbability "churnProbability" Number Some(Need::Churn);
    /// Expected gain of a win-back contact.
    WinbackGain "winbackGain" Value Some(Need::Winback);
    /// 1 for those in the win-back plan.
    InPlan "inPlan" Integer Some(Need::Winback);
    /// Country of the last order that has one.
    Country "country" Text None;
}

impl CustomerColumn {
    /// The column with a name.
    ///
    /// # Errors
    /// `unknown-column`, with the `column` as given.
    pub fn parse(name: &str) -> Result<CustomerColumn> {
        let found = CustomerColumn::ALL.iter().find(|column| column.name() == name);
        found.copied().ok_or_else(|| Error::new("unknown-column").with("column", name))
    }
}

impl Serialize for CustomerColumn {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'a> CustomerColumns<'a> {
    /// Whether a column can be shown.
    pub fn has(&self, column: CustomerColumn) -> bool {
        match column.need() {
            None if column == CustomerColumn::Country => self.country().is_some(),
            None => true,
            Some(Need::Rfm) => self.scores.is_some(),
            Some(Need::Segment) => self.segment.is_some(),
            Some(Need::Lifetime) => self.lifetime.is_some(),
            Some(Need::Churn) => self.churn.is_some(),
            Some(Need::Winback) => self.winback.is_some(),
        }
    }

    /// Checks that a column can be shown.
    ///
    /// # Errors
    /// `column-not-computed` with the `column` and what it `needs`: an analysis,
    /// or the role `country`.
    pub fn require(&self, column: CustomerColumn) -> Result<()> {
        if self.has(column) {
            return Ok(());
        }
        let needs = column.need().map_or("country", Need::code);
        Err(Error::new("column-not-computed")
            .with("column", column.name())
            .with("needs", needs))
    }

    /// The cell as a number: the value itself, the day's number, and for texts a
    /// number that equal texts share (segments by rank, best first). NaN where
    /// there is none, and in columns that are absent.
    pub fn number(&self, column: CustomerColumn, c: usize) -> f64 {
        let customers = self.customers;
        let money = |mantissa| self.orders.scale.number(mantissa);
        let score = |of: fn(&Scores) -> &[u8]| {
            self.scores.map_or(f64::NAN, |scores| f64::from(of(scores)[c]))
        };
        let lifetime = |of: fn(&LifetimeColumns<'a>) -> &'a [f64]| {
            self.lifetime.as_ref().map_or(f64::NAN, |lifetime| of(lifetime)[c])
        };
        match column {
            CustomerColumn::CustomerId => f64::from(customers.number[c]),
            CustomerColumn::FirstOrder => f64::from(customers.first_day[c]),
            CustomerColumn::LastOrder => f64::from(customers.last_day[c]),
            CustomerColumn::RecencyDays => f64::from(customers.recency_days(c)),
            CustomerColumn::Orders => f64::from(customers.orders[c]),
            CustomerColumn::Revenue => money(customers.revenue(c)),
            CustomerColumn::Gross => money(customers.gross[c]),
            CustomerColumn::Returns => money(customers.returns[c]),
            CustomerColumn::AverageOrder => {
                money(customers.gross[c]) / f64::from(customers.orders[c])
            }
            CustomerColumn::RScore => score(|s| &s.recency),
            CustomerColumn::FScore => score(|s| &s.orders),
            CustomerColumn::MScore => score(|s| &s.revenue),
            CustomerColumn::RfmCell => self.scores.map_or(f64::NAN, |s| {
                let cell = [s.recency[c], s.orders[c], s.revenue[c]];
                cell.iter().fold(0.0, |code, &score| code * 100.0 + f64::from(score))
            }),
            CustomerColumn::Segment => {
                self.segment.map_or(f64::NAN, |s| f64::from(s.of[c]))
            }
            CustomerColumn::PAlive => lifetime(|l| l.p_alive),
            CustomerColumn::ExpectedOrders => lifetime(|l| l.expected_orders),
            CustomerColumn::OrderValue => lifetime(|l| l.order_value),
            CustomerColumn::Clv => lifetime(|l| l.clv),
            CustomerColumn::ChurnProbability => {
                self.churn.map_or(f64::NAN, |churn| churn[c])
            }
            CustomerColumn::WinbackGain => self.winback.map_or(f64::NAN, |w| w.gain[c]),
            CustomerColumn::InPlan => {
                self.winback.map_or(f64::NAN, |w| f64::from(u8::from(w.in_plan[c])))
            }
            CustomerColumn::Country => {
                self.country_of(c).map_or(f64::NAN, |(_, number)| f64::from(number))
            }
        }
    }

    /// The cell as text, for columns of texts and of days; empty where there is
    /// none and in columns of numbers.
    pub fn text(&self, column: CustomerColumn, c: usize) -> Cow<'a, str> {
        match column {
            CustomerColumn::CustomerId => {
                self.orders.customers.text(self.customers.number[c])
            }
            CustomerColumn::FirstOrder => {
                Day(self.customers.first_day[c]).to_string().into()
            }
            CustomerColumn::LastOrder => {
                Day(self.customers.last_day[c]).to_string().into()
            }
            CustomerColumn::RfmCell => self.scores.map_or(Cow::Borrowed(""), |s| {
                cell_name(s.recency[c], s.orders[c], s.revenue[c]).into()
            }),
            CustomerColumn::Segment => self
                .segment
                .and_then(|s| s.ids.get(usize::from(s.of[c])))
                .map_or(Cow::Borrowed(""), |id| Cow::Borrowed(id.as_str())),
            CustomerColumn::Country => {
                self.country_of(c).map_or(Cow::Borrowed(""), |(country, number)| {
                    country.values.text(number)
                })
            }
            _ => Cow::Borrowed(""),
        }
    }

    /// The mapped country, where there is one.
    pub fn country(&self) -> Option<&'a Attribute> {
        self.orders.attributes.iter().find(|attribute| attribute.role == "country")
    }

    /// The country of the customer's last record that has one, up to `as_of`.
    fn country_of(&self, c: usize) -> Option<(&'a Attribute, u32)> {
        let country = self.country()?;
        let known = |&i: &usize| {
            self.orders.day[i] <= self.customers.as_of.0 && country.of[i] != u32::MAX
        };
        let last = self.orders.of(self.customers.number[c]).rev().find(known)?;
        Some((country, country.of[last]))
    }
}
