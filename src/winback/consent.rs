//! Who may be contacted: the latest answer in the column mapped as consent.

use crate::calendar::Day;
use crate::customers::Customers;
use crate::orders::{Attribute, Orders};

/// Whether a customer may be contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Said yes.
    Given,
    /// Said no, unsubscribed or is suppressed: never contacted.
    Refused,
    /// Said nothing, or nothing that is understood: not contacted either where
    /// the file has such a column.
    Unknown,
}

/// Words that say no, lower case, whole cell or whole word.
const NO: [&str; 20] = [
    "no",
    "n",
    "false",
    "0",
    "none",
    "never",
    "unsubscribed",
    "unsubscribe",
    "suppressed",
    "suppress",
    "bounced",
    "opted out",
    "opt-out",
    "optout",
    "opt out",
    "blocked",
    "cleaned",
    "refused",
    "nein",
    "否",
];

/// Words that say yes, lower case, whole cell.
const YES: [&str; 16] = [
    "yes",
    "y",
    "true",
    "1",
    "subscribed",
    "subscribe",
    "opted in",
    "opt-in",
    "optin",
    "opt in",
    "confirmed",
    "given",
    "granted",
    "active",
    "ja",
    "是",
];

/// What one cell says.
pub fn reading(cell: &str) -> Consent {
    let cell = cell.trim().to_lowercase();
    if NO.contains(&cell.as_str()) {
        Consent::Refused
    } else if YES.contains(&cell.as_str()) {
        Consent::Given
    } else {
        Consent::Unknown
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_any_case() {
        assert_eq!(reading(" Yes "), Consent::Given);
        assert_eq!(reading("FALSE"), Consent::Refused);
        assert_eq!(reading("Unsubscribed"), Consent::Refused);
        assert_eq!(reading("perhaps"), Consent::Unknown);
    }
}
