//! Published and independently computed figures.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "references/basket.rs"]
mod basket;
#[path = "references/churn.rs"]
mod churn;
#[path = "references/churn_shops.rs"]
mod churn_shops;
#[path = "references/cluster.rs"]
mod cluster;
#[path = "references/cohorts.rs"]
mod cohorts;
mod common;
#[path = "references/customers.rs"]
mod customers;
#[path = "references/dense.rs"]
mod dense;
#[path = "references/describe.rs"]
mod describe;
#[path = "references/forecast.rs"]
mod forecast;
#[path = "references/lifetime.rs"]
mod lifetime;
#[path = "references/lifetime_choice.rs"]
mod lifetime_choice;
#[path = "references/lifetime_data.rs"]
mod lifetime_data;
#[path = "references/lifetime_hard.rs"]
mod lifetime_hard;
#[path = "references/lifetime_periods.rs"]
mod lifetime_periods;
#[path = "references/lifetime_retention.rs"]
mod lifetime_retention;
#[path = "references/lifetime_values.rs"]
mod lifetime_values;
#[path = "references/online_retail.rs"]
mod online_retail;
#[path = "references/orders.rs"]
mod orders;
#[path = "references/rfm.rs"]
mod rfm;
