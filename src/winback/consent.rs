//! Who may be contacted: the latest answer in the column mapped as consent.

use crate::calendar::Day;
use crate::customers::Customers;
use crate::mapping::consent::{Consent, reading};
use crate::orders::{Attribute, Orders};

/// The consent of each customer: the last understood answer among the records
/// up to `as_of`. `None` where no column is mapped as consent.
pub fn consent(orders: &Orders, customers: &Customers) -> Option<Vec<Consent>> {
    let all = of_everybody(orders, customers.as_of)?;
    Some(customers.number.iter().map(|&number| all[number as usize]).collect())
}

/// The same of everybody whom the file names, by number.
pub fn of_everybody(orders: &Orders, as_of: Day) -> Option<Vec<Consent>> {
    let column = orders.attributes.iter().find(|a| a.role == "consent")?;
    let readings: Vec<Consent> = (0..column.values.len())
        .map(|n| reading(&column.values.text(n as u32)))
        .collect();
    let of = |number| latest(orders, column, number, as_of.0, &readings);
    Some((0..orders.customers.len() as u32).map(of).collect())
}

fn latest(
    orders: &Orders,
    column: &Attribute,
    customer: u32,
    as_of: i32,
    readings: &[Consent],
) -> Consent {
    let mut consent = Consent::Unknown;
    for i in orders.of(customer).take_while(|&i| orders.day[i] <= as_of) {
        let value = column.of.get(i).copied().unwrap_or(u32::MAX);
        match readings.get(value as usize) {
            Some(Consent::Unknown) | None => {}
            Some(&answer) => consent = answer,
        }
    }
    consent
}
