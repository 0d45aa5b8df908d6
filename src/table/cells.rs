//! The cells of the customer table, read off the slices it is made of.

use std::borrow::Cow;

use super::column::{CustomerColumn, CustomerColumns, LifetimeColumns, Need};
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::orders::Attribute;
use crate::rfm::Scores;
use crate::segments::cell_name;

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
