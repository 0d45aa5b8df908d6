//! What the columns of a file mean: roles, found from the system's signature
//! first, then from names, then from values.

mod alias;
pub mod consent;
mod customers;
mod found;
mod keep;
mod platforms;
mod propose;
mod roles;
pub(crate) mod understood;
mod values;
mod wide;

pub use alias::key;
pub use found::{Inspect, found, proposed};
pub(crate) use found::{column_name, noticed, says_utc};
pub use keep::{keep, keep_as};
pub use platforms::{Platform, Take};
pub use roles::{
    Answers, Choice, Found, FoundColumn, How, Kind, MappingEntry, Preview, Question,
    ReadAs, Recalled, Role, Rule,
};
