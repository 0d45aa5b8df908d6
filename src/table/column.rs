//! The columns of the customer table: their names, kinds and needs.

use serde::{Serialize, Serializer};

use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::habits::Phase;
use crate::orders::Orders;
use crate::rfm::Scores;
use crate::winback::Place;
use crate::winback::kinds::{ChurnType, Tier};

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
    /// Health, 0 to 100.
    pub health: Option<&'a [f64]>,
    /// The win-back plan.
    pub winback: Option<WinbackColumns<'a>>,
    /// The stage of life of each customer.
    pub lifecycle: Option<SegmentColumn<'a>>,
    /// The learned group of each customer; no ids where there are none.
    pub cluster: Option<SegmentColumn<'a>>,
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
    /// Whether the data can tell who is; without it the probabilities say nothing.
    pub identifies_dropout: bool,
    /// Orders to come within the horizon.
    pub expected_orders: &'a [f64],
    /// Expected value of an order.
    pub order_value: &'a [f64],
    /// Lifetime value within the horizon.
    pub clv: &'a [f64],
}

/// The win-back plan; all empty where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct WinbackColumns<'a> {
    /// Expected gain of a contact.
    pub gain: &'a [f64],
    /// Who is contacted, who is held out.
    pub place: &'a [Place],
    /// How much each customer matters.
    pub tier: &'a [Tier],
    /// Why each customer leaves.
    pub churn_type: &'a [ChurnType],
    /// Where each customer stands in the window of opportunity.
    pub phase: &'a [Phase],
    /// First and last day of that window.
    pub window: &'a [(Day, Day)],
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
    /// Health.
    Health,
    /// The win-back plan.
    Winback,
    /// The stages of life.
    Lifecycle,
    /// The learned groups.
    Cluster,
}

impl Need {
    /// The code of the analysis, for messages.
    pub fn code(self) -> &'static str {
        match self {
            Need::Rfm => "rfm",
            Need::Segment => "segment",
            Need::Lifetime => "lifetime",
            Need::Churn => "churn",
            Need::Health => "health",
            Need::Winback => "winback",
            Need::Lifecycle => "lifecycle",
            Need::Cluster => "cluster",
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
    /// Days with an order after that of the first.
    RepeatOrders "repeatOrders" Integer None;
    /// Days from the first order to the last.
    ActiveDays "activeDays" Integer None;
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
    /// The weighted score, 0 to 100.
    RfmScore "rfmScore" Number Some(Need::Rfm);
    /// Code of the segment.
    Segment "segment" Text Some(Need::Segment);
    /// Code of the stage of life.
    Lifecycle "lifecycle" Text Some(Need::Lifecycle);
    /// Number of the learned group.
    Cluster "cluster" Text Some(Need::Cluster);
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
    /// Health, 0 to 100.
    Health "health" Number Some(Need::Health);
    /// How much the customer matters.
    Tier "tier" Text Some(Need::Winback);
    /// Why the customer leaves.
    ChurnType "churnType" Text Some(Need::Winback);
    /// Where the customer stands in the window of opportunity.
    Phase "phase" Text Some(Need::Winback);
    /// Last day of that window.
    Closes "closes" Day Some(Need::Winback);
    /// Expected gain of a win-back contact.
    WinbackGain "winbackGain" Value Some(Need::Winback);
    /// 1 for those in the win-back plan.
    InPlan "inPlan" Integer Some(Need::Winback);
    /// Country of the last order that has one.
    Country "country" Text None;
    /// Channel of the last order that has one.
    Channel "channel" Text None;
    /// The first column mapped as an attribute, of the last order that has a value.
    Attribute1 "attribute1" Text None;
    /// The second.
    Attribute2 "attribute2" Text None;
    /// The third.
    Attribute3 "attribute3" Text None;
    /// The fourth.
    Attribute4 "attribute4" Text None;
    /// Why the customer is in the segment: the three measures with their scores.
    Reason "reason" Text Some(Need::Segment);
    /// How customers were scored.
    Method "method" Text Some(Need::Rfm);
    /// The day of reckoning.
    AsOf "asOf" Day None;
}

impl CustomerColumn {
    /// The role that the column is read from, where the file must have it.
    pub fn role(self) -> Option<&'static str> {
        match self {
            CustomerColumn::Country => Some("country"),
            CustomerColumn::Channel => Some("channel"),
            _ => self.attribute_place().map(|_| "attribute"),
        }
    }

    /// Which of the columns of its role it is.
    pub fn attribute_place(self) -> Option<usize> {
        match self {
            CustomerColumn::Attribute1 => Some(0),
            CustomerColumn::Attribute2 => Some(1),
            CustomerColumn::Attribute3 => Some(2),
            CustomerColumn::Attribute4 => Some(3),
            _ => None,
        }
    }

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
