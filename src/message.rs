//! Codes with parameters: how notices, questions, verdicts and errors are said.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// A parameter of a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A count, a row number, a day number.
    Integer(i64),
    /// A measured figure. Never NaN.
    Number(f64),
    /// Text taken from the file, or a further code.
    Text(String),
    /// Several texts, in order.
    Texts(Vec<String>),
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Param::Integer(number) => write!(f, "{number}"),
            Param::Number(number) => write!(f, "{number}"),
            Param::Text(text) => f.write_str(text),
            Param::Texts(texts) => f.write_str(&texts.join(", ")),
        }
    }
}

/// The parameters of a message by name, in the order of the names.
pub type Params = BTreeMap<&'static str, Param>;

/// Something to be said to the user: a stable code and its parameters.
///
/// The catalogues in `pkg/messages` hold one sentence a code and language.
/// Days travel as ISO dates (`"2011-12-09"`), money as numbers in units of the
/// currency, shares as fractions of one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// Stable, in kebab-case.
    pub code: &'static str,
    /// What the sentence is about.
    pub params: Params,
}

impl Message {
    /// A message without parameters.
    pub fn new(code: &'static str) -> Message {
        Message { code, params: Params::new() }
    }

    /// The same message with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Message {
        self.params.insert(name, value.into());
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for (name, value) in &self.params {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

macro_rules! integer_params {
    ($($t:ty),*) => {$(
        impl From<$t> for Param {
            fn from(value: $t) -> Param {
                // Counts above 2^63 cannot occur: they count rows in memory.
                Param::Integer(i64::try_from(value).unwrap_or(i64::MAX))
            }
        }
    )*};
}
integer_params!(i32, i64, u32, u64, usize);

impl From<f64> for Param {
    fn from(value: f64) -> Param {
        Param::Number(value)
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Param {
        Param::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Param {
        Param::Text(value)
    }
}

impl From<Vec<String>> for Param {
    fn from(value: Vec<String>) -> Param {
        Param::Texts(value)
    }
}
