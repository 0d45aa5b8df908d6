//! The exported list of a campaign, read back: who was contacted, who was held
//! out, since when and until when.

use crate::calendar::Day;
use crate::columns::Keep;
use crate::decimal::decimal;
use crate::error::{Error, Result};
use crate::reader::{ReadOptions, Reader, Reading};

use super::outcome::Campaign;

/// More columns than this are not looked for.
const MOST_COLUMNS: usize = 200;

/// The columns of the list as it is exported.
pub const COLUMNS: [&str; 19] = [
    "customerId",
    "place",
    "effort",
    "offer",
    "owner",
    "reason",
    "measureBy",
    "closes",
    "gain",
    "valueAtStake",
    "churnProbability",
    "recencyDays",
    "lastOrder",
    "segment",
    "tier",
    "churnType",
    "asOf",
    "costPerContact",
    "margin",
];

/// The campaign that an exported list speaks of.
///
/// The columns are found by their names, and further columns, another order and
/// another separator are no matter; under other names, as in the words of a
/// language, by their places.
///
/// # Errors
/// `winback-list-column` with the `column` that is missing; `winback-list-row`
/// when the list has no rows or a cell that cannot be understood; those of
/// reading a file.
pub fn campaign(csv: &[u8]) -> Result<Campaign> {
    let options = ReadOptions {
        preview_rows: 0,
        header: Some(true),
        keep: Some(vec![Keep::Text; MOST_COLUMNS]),
        ..ReadOptions::default()
    };
    let mut reader = Reader::new(options);
    reader.push(csv)?;
    let reading = reader.finish()?;
    let (customer, place) = (column(&reading, "customerId")?, column(&reading, "place")?);
    let rows = reading.columns.rows() as usize;
    let mut campaign = Campaign {
        from: day(&reading, "asOf")?,
        measure_by: day(&reading, "measureBy")?,
        cost_per_contact: figure(&reading, "costPerContact")?,
        margin: figure(&reading, "margin")?,
        ..Campaign::default()
    };
    for row in 0..rows {
        let id = reading.columns.text(customer, row).into_owned();
        match reading.columns.text(place, row).trim() {
            "contact" => campaign.contacted.push(id),
            "held-out" => campaign.held_out.push(id),
            "" | "out" => {}
            _ => return Err(not_understood(&reading, "place", row)),
        }
    }
    Ok(campaign)
}

fn column(reading: &Reading, name: &str) -> Result<usize> {
    let count = reading.columns.len();
    let named = (0..count).find(|&i| reading.columns.name(i) == name);
    let whole = count >= COLUMNS.len();
    let placed = || COLUMNS.iter().position(|&column| whole && column == name);
    named
        .or_else(placed)
        .ok_or_else(|| Error::new("winback-list-column").with("column", name))
}

fn not_understood(reading: &Reading, name: &str, row: usize) -> Error {
    Error::new("winback-list-row").with("column", name).with("row", reading.row(row))
}

/// The first cell of a column.
fn first(reading: &Reading, name: &str) -> Result<String> {
    let column = column(reading, name)?;
    if reading.columns.rows() == 0 {
        return Err(not_understood(reading, name, 0));
    }
    Ok(reading.columns.text(column, 0).trim().to_owned())
}

fn day(reading: &Reading, name: &str) -> Result<Day> {
    Day::parse(&first(reading, name)?).map_err(|_| not_understood(reading, name, 0))
}

fn figure(reading: &Reading, name: &str) -> Result<f64> {
    decimal(&first(reading, name)?.replace(',', "."))
        .ok_or_else(|| not_understood(reading, name, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\u{feff}customerId,place,asOf,measureBy,costPerContact,margin\r\n\
        007,contact,2011-09-10,2011-12-09,1.5,0.3\r\n\
        ann,held-out,2011-09-10,2011-12-09,1.5,0.3\r\n";

    #[test]
    fn a_list_is_read_back_with_any_separator() {
        for text in [LIST.to_owned(), LIST.replace(',', ";")] {
            let campaign = campaign(text.as_bytes()).unwrap();
            assert_eq!(campaign.contacted, ["007"]);
            assert_eq!(campaign.held_out, ["ann"]);
            assert_eq!(campaign.from, Day::parse("2011-09-10").unwrap());
            assert_eq!(campaign.measure_by, Day::parse("2011-12-09").unwrap());
            assert_eq!((campaign.cost_per_contact, campaign.margin), (1.5, 0.3));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = campaign(b"customerId,total\nann,1\nbob,2\n").unwrap_err();
        assert_eq!(error.code(), "winback-list-column");
        let odd = LIST.replace("held-out", "perhaps");
        assert_eq!(campaign(odd.as_bytes()).unwrap_err().code(), "winback-list-row");
    }
}
