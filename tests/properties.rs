//! What holds for every shop, tried on random ones.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "properties/segments.rs"]
mod segments;
#[path = "properties/table.rs"]
mod table;
