//! How a file is to be loaded: mapping, answers, and the switches of reading.

use serde::{Deserialize, Serialize};

use super::Zone;
use crate::mapping::{Answers, MappingEntry};

/// What the user said about a file. The default says nothing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadOptions {
    /// The mapping; the proposed one when left out.
    pub mapping: Option<Vec<MappingEntry>>,
    /// Answers to the questions, by id.
    pub answers: Answers,
    /// The currency to keep, where the file has several; its name otherwise.
    pub currency: Option<String>,
    /// The switches.
    pub settings: LoadSettings,
    /// The shop's time zone, for times that carry an offset or are in UTC.
    pub zone: Option<Zone>,
}

/// Switches of reading, all listed in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadSettings {
    /// Orders with a total of 0 count as orders.
    pub zero_orders: bool,
    /// Rows equal in every mapped column to an earlier row are dropped.
    pub drop_duplicates: bool,
    /// Cancelled, voided and closed orders are left out.
    pub leave_out_cancelled: bool,
    /// Failed and declined payments are left out.
    pub leave_out_failed: bool,
    /// Orders that wait for their payment are left out.
    pub leave_out_unpaid: bool,
    /// Orders refunded by status alone are left out.
    pub leave_out_refunded: bool,
    /// Test orders are left out.
    pub leave_out_test: bool,
    /// Rows that are no sale (payouts, holds, fees, drafts) are left out.
    pub leave_out_other: bool,
}

impl Default for LoadSettings {
    fn default() -> LoadSettings {
        LoadSettings {
            zero_orders: true,
            drop_duplicates: false,
            leave_out_cancelled: true,
            leave_out_failed: true,
            leave_out_unpaid: true,
            leave_out_refunded: true,
            leave_out_test: true,
            leave_out_other: true,
        }
    }
}
