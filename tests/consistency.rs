//! What must agree: parts with wholes, and one path with another.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "consistency/shop.rs"]
mod shop;
