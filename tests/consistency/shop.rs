//! From bytes to segments: the made-up shop and Online Retail through the whole
//! path, in one piece and in several.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regulars::customers::{Customers, customers};
use regulars::lifecycle::{Lifecycle, LifecycleOptions};
use regulars::orders::{Ledger, LoadOptions, Orders, Resolve, Resolved};
use regulars::reader::{ReadOptions, Reader};
use regulars::rfm::{Rfm, RfmOptions, rfm};
use regulars::sample::{Sample, SampleOptions};
use regulars::task::{Step, finish};

fn read(files: &[&[u8]]) -> (Orders, Ledger) {
    let reading = |bytes: &&[u8]| {
        let mut reader = Reader::new(ReadOptions::default());
        bytes.chunks(65_536).for_each(|chunk| reader.push(chunk).unwrap());
        Arc::new(reader.finish().unwrap())
    };
    let readings = files.iter().map(reading).collect();
    let mut task = Resolve::new(readings, LoadOptions::default()).unwrap();
    let Resolved { orders, ledger, .. } =
        finish(|budget| task.advance(budget.min(1 << 20))).unwrap();
    (orders, ledger)
}

fn scored(orders: &Orders) -> (Customers, Rfm) {
    let customers = customers(orders, orders.last_day().unwrap().plus(1));
    let found = rfm(orders, &customers, &RfmOptions::default()).unwrap();
    (customers, found)
}

/// The segment of each customer by name.
fn by_name(
    orders: &Orders,
    (customers, found): &(Customers, Rfm),
) -> BTreeMap<String, u8> {
    (0..customers.len())
        .map(|c| {
            (orders.customers.text(customers.number[c]).into_owned(), found.segment[c])
        })
        .collect()
}

/// An exact decimal text in hundred-thousandths.
fn exact(text: &str) -> i128 {
    let (negative, text) = (text.starts_with('-'), text.trim_start_matches('-'));
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let value: i128 = format!("{whole}{decimals:0<5}").parse().unwrap();
    if negative { -value } else { value }
}

fn adds_up(found: &Rfm, ledger: &Ledger) {
    let segments: i128 =
        found.result.segments.iter().map(|s| exact(&s.exact_revenue)).sum();
    let all = segments + exact(&ledger.customers.returns_only.exact_amount);
    assert_eq!(all, exact(&ledger.customers.totals.exact.net));
    let sizes: u32 = found.result.segments.iter().map(|s| s.customers).sum();
    assert_eq!(u64::from(sizes), ledger.customers.customers);
}

#[test]
fn the_made_up_shop_is_read_without_a_question() {
    let bytes: Vec<u8> =
        Sample::new(SampleOptions::default()).unwrap().flatten().collect();
    let (orders, ledger) = read(&[&bytes]);
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<&str>> =
        text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(ledger.rows_read as usize, rows.len());
    let cents = |row: &Vec<&str>| {
        row[6].parse::<i64>().unwrap() * row[7].replace('.', "").parse::<i64>().unwrap()
    };
    let ids = |sold: bool| -> BTreeSet<&str> {
        rows.iter().filter(|row| (cents(row) > 0) == sold).map(|row| row[0]).collect()
    };
    assert_eq!(ledger.shop.orders as usize, ids(true).len());
    assert_eq!(ledger.shop.credit_notes as usize, ids(false).len());
    assert_eq!(ledger.customers.customers, 4_000);
    let net: i64 = rows.iter().map(cents).sum();
    assert_eq!(exact(&ledger.shop.exact.net), i128::from(net) * 1_000);
    let found = scored(&orders);
    adds_up(&found.1, &ledger);
    // A shop worth looking at: no segment is empty.
    assert!(found.1.result.segments.iter().all(|s| s.customers > 0));
    assert_eq!(orders.lines.as_ref().unwrap().products.len(), 120);

    let mut task = Lifecycle::new(&orders, &found.0, &LifecycleOptions::default());
    let Step::Done(life) = task.advance(&orders, &found.0, u64::MAX) else { panic!() };
    assert!(life.result.stages.iter().all(|s| s.customers > 0));
    assert!(life.result.lost_after > life.result.late_after);
}

#[test]
fn files_and_the_order_of_rows_change_no_segment() {
    let options = SampleOptions { seed: 3, customers: 600 };
    let bytes: Vec<u8> = Sample::new(options).unwrap().flatten().collect();
    let text = String::from_utf8(bytes).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rows.lines().collect();
    let file = |lines: &[&str]| format!("{header}\n{}\n", lines.join("\n"));
    let whole = read(&[text.as_bytes()]);
    let expected = scored(&whole.0);
    adds_up(&expected.1, &whole.1);

    let (left, right) = lines.split_at(lines.len() / 3);
    let (left, right) = (file(left), file(right));
    let parts = read(&[left.as_bytes(), right.as_bytes()]);
    let swapped = read(&[right.as_bytes(), left.as_bytes()]);
    lines.reverse();
    let backwards = file(&lines);
    let backwards = read(&[backwards.as_bytes()]);
    for (orders, ledger) in [parts, swapped, backwards] {
        let found = scored(&orders);
        assert_eq!(found.1.result, expected.1.result);
        assert_eq!(by_name(&orders, &found), by_name(&whole.0, &expected));
        assert_eq!(ledger.customers.totals, whole.1.customers.totals);
    }
}

#[test]
fn online_retail_segments_add_up_to_its_ledger() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/data/online-retail/online_retail.csv");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let (orders, ledger) = read(&[&bytes]);
    let (customers, found) = scored(&orders);
    adds_up(&found, &ledger);
    assert_eq!(found.result.bin_sizes.orders, [1493, 835, 508, 802, 700]);
    let net: i64 = (0..customers.len()).map(|c| customers.revenue(c)).sum();
    assert_eq!(orders.scale.exact(net), "8310477.054");
}
