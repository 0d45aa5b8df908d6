//! Files as they come: each is read as its description says, or refused clearly.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "inputs/columns.rs"]
mod columns;
#[path = "inputs/csv.rs"]
mod csv;
#[path = "inputs/csv_pollution.rs"]
mod csv_pollution;
#[path = "inputs/demands.rs"]
mod demands;
#[path = "common/extras.rs"]
mod extras;
#[path = "inputs/joins.rs"]
mod joins;
#[path = "inputs/lifetime.rs"]
mod lifetime;
#[path = "references/lifetime_data.rs"]
mod lifetime_data;
#[path = "inputs/orders.rs"]
mod orders;
