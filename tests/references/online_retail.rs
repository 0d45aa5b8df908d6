//! Online Retail read here in plain Rust, apart from the crate's own reader.

use std::collections::BTreeMap;
use std::path::Path;

use crate::common::Record;

/// The records of Online Retail with a purchase or a return: exact money in
/// thousandths, products by stock code.
pub fn records() -> Option<Vec<Record>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/data/online-retail/online_retail.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/data is absent");
        return None;
    };
    let mut at = BTreeMap::new();
    let mut records: Vec<Record> = Vec::new();
    for line in text.lines().skip(1) {
        // The description may hold commas and quotes: the rest is taken from both ends.
        let mut head = line.split(',');
        let (id, product) = (head.next().unwrap(), head.next().unwrap());
        let tail: Vec<&str> = line.rsplitn(6, ',').collect();
        let [country, customer, price, moment, quantity, _] = tail[..] else {
            panic!("{line}")
        };
        let (whole, decimals) = price.split_once('.').unwrap_or((price, ""));
        let price: i64 = format!("{whole}{decimals:0<3}").parse().unwrap();
        let amount = quantity.parse::<i64>().unwrap() * price;
        if amount == 0 {
            continue;
        }
        let day = regulars::calendar::Day::parse(&moment[..10]).unwrap().0;
        let index = *at.entry(id.to_owned()).or_insert_with(|| {
            let customer = (!customer.is_empty()).then(|| customer.to_owned());
            let (id, country) = (id.to_owned(), Some(country.to_owned()));
            records.push(Record {
                customer,
                id,
                day,
                gross: 0,
                returns: 0,
                country,
                lines: vec![],
            });
            records.len() - 1
        });
        let record = &mut records[index];
        record.day = record.day.min(day);
        let quantity = quantity.parse::<i64>().unwrap() * 1000;
        record.lines.push((product.to_owned(), quantity, amount));
        *if amount > 0 { &mut record.gross } else { &mut record.returns } += amount;
    }
    Some(records)
}
