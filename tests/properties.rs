//! What holds for every shop, tried on random ones.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "properties/alike.rs"]
mod alike;
#[path = "properties/churn.rs"]
mod churn;
#[path = "properties/cluster.rs"]
mod cluster;
#[path = "properties/cohorts.rs"]
mod cohorts;
#[path = "properties/columns.rs"]
mod columns;
mod common;
#[path = "properties/csv.rs"]
mod csv;
#[path = "properties/customers.rs"]
mod customers;
#[path = "properties/health.rs"]
mod health;
#[path = "properties/lifetime.rs"]
mod lifetime;
#[path = "references/lifetime_data.rs"]
mod lifetime_data;
#[path = "properties/lifetime_models.rs"]
mod lifetime_models;
#[path = "properties/lists.rs"]
mod lists;
#[path = "properties/loyalty.rs"]
mod loyalty;
#[path = "properties/movement.rs"]
mod movement;
#[path = "properties/orders.rs"]
mod orders;
#[path = "properties/readers.rs"]
mod readers;
#[path = "properties/scored.rs"]
mod scored;
#[path = "properties/segment_files.rs"]
mod segment_files;
#[path = "properties/segments.rs"]
mod segments;
#[path = "properties/small.rs"]
mod small;
#[path = "properties/table.rs"]
mod table;
#[path = "properties/winback.rs"]
mod winback;
