//! From bytes to records: dialects, the scanner, sniffing and the layout of a table.
//!
//! The rules are those of RFC 4180, read leniently: no input is refused here and
//! no byte is lost. What was odd is counted ([`Oddities`]) and said elsewhere.

pub mod cell;
pub mod encoding;
pub mod layout;
mod record;
mod scan;
mod simd;
pub mod sniff;

use serde::{Serialize, Serializer};

pub use record::Record;
pub use scan::{Oddities, Place, RECORD_LIMIT, Scanner, TooLong};
pub(crate) use scan::{first_line_end, resume};

/// What stands between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// One ASCII byte, such as a comma.
    Byte(u8),
    /// Runs of blanks and tabs; leading and trailing ones do not count.
    Blanks,
}

impl Delimiter {
    /// As the page names it: the character itself, or `blanks`.
    pub fn name(self) -> String {
        match self {
            Delimiter::Byte(byte) => char::from(byte).to_string(),
            Delimiter::Blanks => "blanks".to_owned(),
        }
    }

    /// The delimiter of that name; any single ASCII character but quotes and
    /// line ends.
    pub fn from_name(name: &str) -> Option<Delimiter> {
        match name.as_bytes() {
            b"blanks" => Some(Delimiter::Blanks),
            b"\"" | b"\n" | b"\r" | b"\0" => None,
            &[byte] if byte.is_ascii() => Some(Delimiter::Byte(byte)),
            _ => None,
        }
    }

    /// Whether this byte ends a field.
    #[inline]
    pub(crate) fn is(self, byte: u8) -> bool {
        match self {
            Delimiter::Byte(delimiter) => byte == delimiter,
            Delimiter::Blanks => byte == b' ' || byte == b'\t',
        }
    }
}

impl Serialize for Delimiter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.name())
    }
}

/// How a file writes its records.
///
/// Records end with LF, CRLF or a lone CR, in any mixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// Between two fields.
    pub delimiter: Delimiter,
    /// Around fields that hold delimiters, quotes or line ends; doubled inside.
    /// `None`: quotes mean nothing.
    pub quote: Option<u8>,
    /// Takes the meaning from the next byte, inside and outside quotes
    /// (the backslash of MySQL exports).
    pub escape: Option<u8>,
    /// Blanks around an unquoted field do not belong to it (`a, b`).
    pub trim: bool,
}

impl Default for Dialect {
    /// RFC 4180: comma, double quotes.
    fn default() -> Dialect {
        Dialect {
            delimiter: Delimiter::Byte(b','),
            quote: Some(b'"'),
            escape: None,
            trim: false,
        }
    }
}

impl Dialect {
    /// The default dialect with another delimiter.
    pub fn with_delimiter(delimiter: Delimiter) -> Dialect {
        Dialect { delimiter, ..Dialect::default() }
    }
}
