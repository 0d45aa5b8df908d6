//! The ledger of Online Retail and CDNOW, every figure of the data's own table.

use std::path::Path;
use std::sync::Arc;

use regulars::customers::customers;
use regulars::mapping;
use regulars::orders::{LoadOptions, Resolve, Resolved};
use regulars::reader::{ReadOptions, Reader, Reading};
use regulars::rfm::{RfmOptions, rfm};
use regulars::task;
use serde_json::json;

fn read(name: &str) -> Option<Arc<Reading>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(bytes) = std::fs::read(root.join("../shared/data").join(name)) else {
        println!("skipped: ../shared/data is absent");
        return None;
    };
    let mut reader = Reader::new(ReadOptions::default());
    for piece in bytes.chunks(1 << 20) {
        reader.push(piece).unwrap();
    }
    Some(Arc::new(reader.finish().unwrap()))
}

fn load(reading: &Arc<Reading>) -> Resolved {
    let mut resolve =
        Resolve::new(vec![reading.clone()], LoadOptions::default()).unwrap();
    task::finish(|budget| resolve.advance(budget)).unwrap()
}

#[test]
fn online_retail_is_accounted_for_to_the_last_digit() {
    let Some(reading) = read("online-retail/online_retail.csv") else { return };
    let found = mapping::found(&reading);
    assert_eq!(found.platform, Some("online-retail"));
    assert!(found.questions.is_empty());
    let Resolved { orders, ledger, .. } = load(&reading);
    assert_eq!(
        (ledger.rows_read, ledger.purchase_rows, ledger.return_rows),
        (541_909, 530_104, 9_290)
    );
    let shop = json!(ledger.shop);
    assert_eq!(
        shop,
        json!({
            "rows": 539_394, "orders": 19_960, "creditNotes": 3_838,
            "gross": 10_666_684.544, "returns": -918_936.61, "net": 9_747_747.934,
            "exact": {
                "gross": "10666684.544", "returns": "-918936.61", "net": "9747747.934"
            },
        })
    );
    let aside: Vec<_> = ledger
        .set_aside
        .iter()
        .map(|s| (s.reason, s.from, s.rows, s.exact_amount.as_str()))
        .collect();
    // 132,220 purchases and 385 returns without a customer; 2,475 + 40 free rows.
    assert_eq!(
        aside,
        [
            ("free", "shop", 2_475 + 40, "0"),
            ("no-customer", "customers", 132_220 + 385, "1447682.12")
        ]
    );
    // The first free row of the file, counted by hand.
    let example = ledger.set_aside[0].example.as_ref().unwrap();
    assert_eq!(example.row, 624);
    assert!(example.text.starts_with("536414 | "), "{}", example.text);
    let known = json!(ledger.customers);
    assert_eq!(
        known,
        json!({
            "customers": 4_338, "rows": 397_884 + 8_905, "orders": 18_532,
            "creditNotes": 3_654,
            "gross": 8_911_407.904, "returns": -611_342.09, "net": 8_300_065.814,
            "exact": {
                "gross": "8911407.904", "returns": "-611342.09", "net": "8300065.814"
            },
            "returnsOnly": {
                "customers": 33, "amount": -10_411.24, "exactAmount": "-10411.24"
            },
        })
    );
    assert_eq!(ledger.duplicates, 5_268);
    let guests = orders.guests();
    let guest_orders = guests.filter(|&r| orders.is_order[r]).count();
    assert_eq!(guest_orders, 1_428);
    let dates = (ledger.first_date.unwrap(), ledger.last_date.unwrap());
    assert_eq!((dates.0.to_string(), dates.1.to_string()), {
        ("2010-12-01".to_owned(), "2011-12-09".to_owned())
    });

    let table = customers(&orders, dates.1.plus(1));
    assert_eq!(table.len(), 4_338);
    assert_eq!(table.orders.iter().filter(|&&n| n == 1).count(), 1_493);
    let buyers: i64 = (0..table.len()).map(|c| table.revenue(c)).sum();
    assert_eq!(orders.scale.exact(buyers), "8310477.054");
    let scores = rfm(&orders, &table, &RfmOptions::default()).unwrap();
    assert_eq!(scores.result.bin_sizes.orders, [1_493, 835, 508, 802, 700]);

    // One more person has free rows only, and is no customer of the file.
    assert_eq!(orders.customers.len(), 4_338 + 33);
    let lines = orders.lines.as_ref().unwrap();
    assert_eq!(lines.amount.len(), 539_394);
    assert_eq!(orders.scale.exact(lines.amount.iter().sum::<i64>()), "9747747.934");
}

#[test]
fn cdnow_counts_orders_of_zero_dollars() {
    let Some(sample) = read("cdnow/CDNOW_sample.txt") else { return };
    let Some(master) = read("cdnow/CDNOW_master.txt") else { return };
    let (sample, master) = (load(&sample), load(&master));
    // 2,357 and 23,570 customers; their customer-days, by awk and sort.
    assert_eq!(sample.ledger.customers.customers, 2_357);
    assert_eq!(sample.ledger.shop.orders, 6_696);
    assert_eq!(master.ledger.customers.customers, 23_570);
    assert_eq!(master.ledger.shop.orders, 67_591);
    assert_eq!(master.ledger.shop.exact.gross, "2500315.63");
    assert!(sample.ledger.set_aside.is_empty() && master.ledger.set_aside.is_empty());
}
