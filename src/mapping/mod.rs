//! What the columns of a file mean: roles, found from the system's signature
//! first, then from names, then from values.

mod alias;
mod platforms;
mod roles;

pub use alias::key;
pub use platforms::{Platform, Take};
pub use roles::{
    Answers, Choice, Found, FoundColumn, Kind, MappingEntry, Preview, Question, Role,
    Rule,
};
