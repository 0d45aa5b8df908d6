//! What a row or column of a pivot is called, and the predicate that leads to its
//! customers.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::calendar::Day;

/// A row or column of a pivot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// A value, a code, a period or a range such as `10–25`; `other` and `none` for
    /// the rest and for no value.
    pub label: String,
    /// From and to, of ranges of numbers.
    pub range: Option<(f64, f64)>,
    /// Leads to the customers; `None` for `other`.
    #[serde(rename = "where")]
    pub filter: Option<Lead>,
    /// Customers in all.
    pub customers: u32,
}

/// A predicate over one column, as the table takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// The column.
    pub column: &'static str,
    /// What it must be.
    pub test: LeadTest,
}

/// The test of a predicate.
#[derive(Clone, Debug, PartialEq)]
pub enum LeadTest {
    /// No value.
    Missing,
    /// This text.
    Text(String),
    /// This number.
    Number(f64),
    /// Numbers from here to there, both included.
    Range(f64, f64),
    /// Days from here to there, both included.
    Days(Day, Day),
}

impl Serialize for Lead {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Between<T> {
            min: T,
            max: T,
        }
        let mut map = s.serialize_map(Some(1))?;
        match &self.test {
            LeadTest::Missing => map.serialize_entry(self.column, &None::<u8>)?,
            LeadTest::Text(text) => map.serialize_entry(self.column, text)?,
            LeadTest::Number(number) => map.serialize_entry(self.column, number)?,
            &LeadTest::Range(min, max) => {
                map.serialize_entry(self.column, &Between { min, max })?
            }
            &LeadTest::Days(min, max) => {
                map.serialize_entry(self.column, &Between { min, max })?
            }
        }
        map.end()
    }
}
