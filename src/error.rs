//! The one error of the crate: a code and its parameters, never a sentence.

use std::fmt;

use crate::message::{Message, Params};

/// What went wrong, as a stable `code` and the figures the sentence needs.
///
/// The sentence itself is written by the message catalogue of the page's
/// language, from [`Error::code`] and [`Error::params`]. `Display` prints the
/// code and the parameters, for logs and for tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Message);

/// A result whose error is the crate's own.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error without parameters.
    pub fn new(code: &'static str) -> Error {
        Error(Message::new(code))
    }

    /// The same error with one more parameter.
    #[must_use]
    pub fn with(
        self,
        name: &'static str,
        value: impl Into<crate::message::Param>,
    ) -> Error {
        Error(self.0.with(name, value))
    }

    /// The stable code, in kebab-case.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The parameters of the sentence, by name.
    pub fn params(&self) -> &Params {
        &self.0.params
    }
}

/// A verdict that stands in the way of a result is its error.
impl From<Message> for Error {
    fn from(message: Message) -> Error {
        Error(message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Error {}
