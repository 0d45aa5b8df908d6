//! The gaps between the order days of the same customer, as a distribution.

use crate::calendar::Day;
use crate::orders::Orders;

/// Days between consecutive order days of the same customer, as counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gaps {
    /// How many gaps of so many days.
    counts: Vec<u64>,
    /// How many gaps in all.
    total: u64,
}

impl Gaps {
    /// The gaps between order days up to `as_of`. Linear in the records.
    pub fn of(orders: &Orders, as_of: Day) -> Gaps {
        let mut gaps = Gaps::default();
        for customer in 0..orders.customers.len() as u32 {
            let mut last = None;
            for i in orders.of(customer) {
                let day = orders.day[i];
                if day > as_of.0 {
                    break;
                }
                if !orders.is_order[i] || last == Some(day) {
                    continue;
                }
                if let Some(last) = last {
                    gaps.push((day - last) as usize);
                }
                last = Some(day);
            }
        }
        gaps
    }

    fn push(&mut self, days: usize) {
        if self.counts.len() <= days {
            self.counts.resize(days + 1, 0);
        }
        self.counts[days] += 1;
        self.total += 1;
    }

    /// How many gaps there are.
    pub fn len(&self) -> u64 {
        self.total
    }

    /// Whether nobody ever returned.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The share of the gaps of at most so many days; 0 where there is none.
    pub fn share_within(&self, days: u32) -> f64 {
        let end = self.counts.len().min(days as usize + 1);
        let within: u64 = self.counts[..end].iter().sum();
        if self.total == 0 { 0.0 } else { within as f64 / self.total as f64 }
    }

    /// The smallest number of days that covers the share; `None` without gaps.
    pub fn quantile(&self, share: f64) -> Option<u32> {
        let mut within = 0;
        for (days, &count) in self.counts.iter().enumerate() {
            within += count;
            if within > 0 && within as f64 >= share * self.total as f64 {
                return Some(days as u32);
            }
        }
        None
    }
}
