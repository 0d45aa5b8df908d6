//! The cells of the customer table, read off the slices it is made of.

use std::borrow::Cow;

use super::column::{
    CustomerColumn, CustomerColumns, LifetimeColumns, Need, SegmentColumn, WinbackColumns,
};
use super::export::{Labels, label};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::orders::Attribute;
use crate::rfm::Scores;
use crate::segments::cell_name;
use crate::winback::Place;

impl<'a> CustomerColumns<'a> {
    /// Whether a column can be shown.
    pub fn has(&self, column: CustomerColumn) -> bool {
        if self.untold(column).is_some() {
            return false;
        }
        match column.need() {
            None => column.role().is_none() || self.attribute(column).is_some(),
            Some(Need::Rfm) => self.scores.is_some(),
            Some(Need::Segment) => self.segment.is_some(),
            Some(Need::Lifetime) => self.lifetime.is_some(),
            Some(Need::Churn) => self.churn.is_some(),
            Some(Need::Health) => self.health.is_some(),
            Some(Need::Winback) => self.winback.is_some(),
            Some(Need::Lifecycle) => self.lifecycle.is_some(),
            Some(Need::Cluster) => self.cluster.is_some(),
        }
    }

    /// The role that a column is told by, where a table of one row a customer
    /// does not have it.
    fn untold(&self, column: CustomerColumn) -> Option<&'static str> {
        let summary = self.orders.summary.as_ref()?;
        let last = summary.last_day.is_empty();
        let (lacks, role) = match column {
            CustomerColumn::FirstOrder => {
                (!summary.dated || summary.first_day.is_empty(), "firstOrder")
            }
            CustomerColumn::LastOrder => (!summary.dated || last, "lastOrder"),
            CustomerColumn::RecencyDays | CustomerColumn::ActiveDays => {
                (last, "lastOrder")
            }
            _ => (false, ""),
        };
        lacks.then_some(role)
    }

    /// Checks that a column can be shown.
    ///
    /// # Errors
    /// `column-not-computed` with the `column` and what it `needs`: an analysis,
    /// or a role.
    pub fn require(&self, column: CustomerColumn) -> Result<()> {
        if self.has(column) {
            return Ok(());
        }
        let untold = self.untold(column);
        let needs = untold.or(column.need().map(Need::code)).or(column.role());
        let needs = needs.unwrap_or("");
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
        let plan = |of: &dyn Fn(&WinbackColumns<'a>) -> Option<i32>| {
            self.winback.as_ref().and_then(of).map_or(f64::NAN, f64::from)
        };
        match column {
            CustomerColumn::CustomerId => f64::from(customers.number[c]),
            CustomerColumn::FirstOrder => f64::from(customers.first_day[c]),
            CustomerColumn::LastOrder => f64::from(customers.last_day[c]),
            CustomerColumn::RecencyDays => f64::from(customers.recency_days(c)),
            CustomerColumn::Orders => f64::from(customers.orders[c]),
            CustomerColumn::RepeatOrders => f64::from(customers.order_days[c]) - 1.0,
            CustomerColumn::ActiveDays => {
                f64::from(customers.last_day[c] - customers.first_day[c])
            }
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
            CustomerColumn::RfmScore => {
                self.scores.map_or(f64::NAN, |scores| scores.weighted(c))
            }
            CustomerColumn::Segment
            | CustomerColumn::Lifecycle
            | CustomerColumn::Cluster => {
                let of = self.groups(column).and_then(|groups| groups.of.get(c));
                of.map_or(f64::NAN, |&group| f64::from(group))
            }
            CustomerColumn::PAlive => lifetime(|l| l.p_alive),
            CustomerColumn::ExpectedOrders => lifetime(|l| l.expected_orders),
            CustomerColumn::OrderValue => lifetime(|l| l.order_value),
            CustomerColumn::Clv => lifetime(|l| l.clv),
            CustomerColumn::ChurnProbability => {
                self.churn.map_or(f64::NAN, |churn| churn[c])
            }
            CustomerColumn::Health => self.health.map_or(f64::NAN, |health| health[c]),
            CustomerColumn::Tier => plan(&|w| Some(*w.tier.get(c)? as i32)),
            CustomerColumn::ChurnType => plan(&|w| Some(*w.churn_type.get(c)? as i32)),
            CustomerColumn::Phase => plan(&|w| Some(*w.phase.get(c)? as i32)),
            CustomerColumn::Closes => plan(&|w| Some(w.window.get(c)?.1.0)),
            CustomerColumn::WinbackGain => {
                let gain = self.winback.and_then(|w| w.gain.get(c).copied());
                gain.unwrap_or(f64::NAN)
            }
            CustomerColumn::InPlan => self.winback.map_or(f64::NAN, |w| {
                f64::from(u8::from(w.place.get(c) == Some(&Place::Contact)))
            }),
            CustomerColumn::Country
            | CustomerColumn::Channel
            | CustomerColumn::Attribute1
            | CustomerColumn::Attribute2
            | CustomerColumn::Attribute3
            | CustomerColumn::Attribute4 => {
                let of = self.attribute_of(column, c);
                of.map_or(f64::NAN, |(_, number)| f64::from(number))
            }
            CustomerColumn::Reason => f64::NAN,
            CustomerColumn::Method => self.scores.map_or(f64::NAN, |_| 0.0),
            CustomerColumn::AsOf => f64::from(customers.as_of.0),
        }
    }

    /// The cell as text, for columns of texts and of days; empty where there is
    /// none and in columns of numbers.
    pub fn text(&self, column: CustomerColumn, c: usize) -> Cow<'a, str> {
        let plan = |of: &dyn Fn(&WinbackColumns<'a>) -> Option<&'static str>| {
            Cow::Borrowed(self.winback.as_ref().and_then(of).unwrap_or(""))
        };
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
            CustomerColumn::Segment
            | CustomerColumn::Lifecycle
            | CustomerColumn::Cluster => self
                .groups(column)
                .and_then(|groups| groups.ids.get(usize::from(*groups.of.get(c)?)))
                .map_or(Cow::Borrowed(""), |id| Cow::Borrowed(id.as_str())),
            CustomerColumn::Tier => plan(&|w| Some(w.tier.get(c)?.code())),
            CustomerColumn::ChurnType => plan(&|w| Some(w.churn_type.get(c)?.code())),
            CustomerColumn::Phase => plan(&|w| Some(w.phase.get(c)?.code())),
            CustomerColumn::Closes => {
                let window = self.winback.and_then(|w| w.window.get(c));
                window.map_or(Cow::Borrowed(""), |w| w.1.to_string().into())
            }
            CustomerColumn::Country
            | CustomerColumn::Channel
            | CustomerColumn::Attribute1
            | CustomerColumn::Attribute2
            | CustomerColumn::Attribute3
            | CustomerColumn::Attribute4 => self
                .attribute_of(column, c)
                .map_or(Cow::Borrowed(""), |(attribute, number)| {
                    attribute.values.text(number)
                }),
            CustomerColumn::Reason => self.reason(c, &Labels::new()).into(),
            CustomerColumn::Method => {
                self.scores.map_or(Cow::Borrowed(""), |s| s.method.code().into())
            }
            CustomerColumn::AsOf => self.customers.as_of.to_string().into(),
            _ => Cow::Borrowed(""),
        }
    }

    /// The three measures of a customer with their scores, by what the columns are called.
    pub fn reason(&self, c: usize, labels: &Labels) -> String {
        let Some(s) = self.scores else { return String::new() };
        let customers = self.customers;
        let revenue = self.orders.scale.exact(customers.revenue(c));
        let (r, f, m) = (s.recency[c], s.orders[c], s.revenue[c]);
        let bins = s.bins;
        let [days, orders, money] =
            ["recencyDays", "orders", "revenue"].map(|name| label(labels, name));
        let (silent, count) = (customers.recency_days(c), customers.orders[c]);
        format!(
            "{days} {silent} ({r}/{bins}); {orders} {count} ({f}/{bins}); {money} {revenue} ({m}/{bins})",
        )
    }

    /// The customer's e-mail address: the id where it is one, else the last that a
    /// record has.
    pub fn email(&self, c: usize) -> Option<Cow<'a, str>> {
        let id = self.orders.customers.text(self.customers.number[c]);
        if id.contains('@') {
            return Some(id);
        }
        let email = self.orders.attributes.iter().find(|a| a.role == "email")?;
        let known = |&i: &usize| {
            self.orders.day[i] <= self.customers.as_of.0 && email.of[i] != u32::MAX
        };
        let last = self.orders.of(self.customers.number[c]).rev().find(known)?;
        Some(email.values.text(email.of[last]))
    }

    /// The groups of a column that has ids, where they were computed.
    pub fn groups(&self, column: CustomerColumn) -> Option<SegmentColumn<'a>> {
        match column {
            CustomerColumn::Segment => self.segment,
            CustomerColumn::Lifecycle => self.lifecycle,
            CustomerColumn::Cluster => self.cluster,
            _ => None,
        }
    }

    /// The attribute that a column is read from, where it is mapped.
    pub fn attribute(&self, column: CustomerColumn) -> Option<&'a Attribute> {
        let role = column.role()?;
        let mut mapped = self.orders.attributes.iter().filter(|a| a.role == role);
        mapped.nth(column.attribute_place().unwrap_or(0))
    }

    /// The attribute of the customer's last record that has one, up to `as_of`.
    fn attribute_of(
        &self,
        column: CustomerColumn,
        c: usize,
    ) -> Option<(&'a Attribute, u32)> {
        let attribute = self.attribute(column)?;
        let known = |&i: &usize| {
            self.orders.day[i] <= self.customers.as_of.0 && attribute.of[i] != u32::MAX
        };
        let last = self.orders.of(self.customers.number[c]).rev().find(known)?;
        Some((attribute, attribute.of[last]))
    }
}
