//! Regulars: who a shop's regulars are, what they are worth, who is slipping
//! away and whom to win back first, from the shop's own order export.
//!
//! Data flows one way: bytes, columns, orders, customers, analyses, report.

pub use regulars_core::{
    calendar, columns, csv, customers, decimal, distances, error, habits, mapping,
    message, money, names, numerics, orders, periods, reader, sort, task,
};

pub mod basket;
pub mod churn;
pub mod cluster;
pub mod cohorts;
pub mod describe;
pub mod forecast;
pub mod health;
pub mod lifecycle;
pub mod lifetime;
pub mod rfm;
pub mod sample;
pub mod segments;
pub mod session;
pub mod table;
#[cfg(target_arch = "wasm32")]
mod wasm;
pub mod winback;
