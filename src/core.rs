//! The part of Regulars that is compiled for speed: all that reads files and makes
//! orders of them. It is a crate of its own because cargo knows levels of optimisation for
//! packages only; the crate `regulars` passes every module of it on, and the rest of
//! it is compiled for size.

pub mod calendar;
pub mod columns;
pub mod csv;
pub mod customers;
pub mod decimal;
pub mod distances;
pub mod error;
pub mod habits;
pub mod mapping;
pub mod message;
pub mod money;
pub mod names;
pub mod numerics;
pub mod orders;
pub mod periods;
pub mod reader;
pub mod sort;
pub mod task;
mod wire;
