//! Regulars: who a shop's regulars are, what they are worth, who is slipping
//! away and whom to win back first, from the shop's own order export.
//!
//! Data flows one way: bytes, columns, orders, customers, analyses, report.

pub mod basket;
pub mod calendar;
pub mod churn;
pub mod cluster;
pub mod cohorts;
pub mod columns;
pub mod csv;
pub mod customers;
pub mod decimal;
pub mod describe;
pub mod error;
pub mod forecast;
pub mod habits;
pub mod health;
pub mod lifecycle;
pub mod lifetime;
pub mod mapping;
pub mod message;
pub mod money;
pub mod names;
pub mod numerics;
pub mod orders;
pub mod periods;
pub mod reader;
pub mod rfm;
pub mod sample;
pub mod segments;
pub mod session;
pub mod sort;
pub mod table;
pub mod task;
#[cfg(target_arch = "wasm32")]
mod wasm;
pub mod winback;
mod wire;
