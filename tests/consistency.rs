//! What must agree: parts with wholes, and one path with another.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "consistency/baskets.rs"]
mod baskets;
#[path = "consistency/customers.rs"]
mod customers;
#[path = "consistency/exports.rs"]
mod exports;
#[path = "consistency/lifetime.rs"]
mod lifetime;
#[path = "references/lifetime_data.rs"]
mod lifetime_data;
#[path = "consistency/lifetime_recovery.rs"]
mod lifetime_recovery;
#[path = "consistency/shop.rs"]
mod shop;
