//! Published and independently computed figures.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;
#[path = "references/rfm.rs"]
mod rfm;
