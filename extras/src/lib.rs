//! What few files need: texts that are not UTF-8, and workbooks, as UTF-8 CSV for
//! the scanner of the crate `regulars`.
//!
//! A module of its own beside the engine (design, "extras"), because the tables of
//! the East Asian encodings alone outweigh the engine.

mod decode;
mod detect;
mod sheet;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use decode::Decode;
pub use detect::Detect;
pub use sheet::{Sheet, Workbook};

/// Why a file could not be opened: a code of the catalogue and what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code.
    pub code: &'static str,
    /// Name and value of its parameter.
    pub param: (&'static str, String),
}

impl Failure {
    fn new(code: &'static str, name: &'static str, value: impl Into<String>) -> Failure {
        Failure { code, param: (name, value.into()) }
    }
}
