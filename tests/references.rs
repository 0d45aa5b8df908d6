//! Published and independently computed figures.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "references/rfm.rs"]
mod rfm;
