//! From files to groups: whatever files the rows come in, in whatever order and under
//! whatever names, by every method, the groups are the same, everybody is in one, and
//! with the line of those with returns only they add up to the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::cluster::{ClusterMethod, ClusterOptions, Clustering, Features};
use regulars::customers::{Customers, customers};
use regulars::lifecycle::{Lifecycle, LifecycleOptions, STAGES};
use regulars::orders::{Ledger, LoadOptions, Orders, Resolve, Resolved};
use regulars::reader::{ReadOptions, Reader};
use regulars::rfm::{Method, RfmOptions, rfm};
use regulars::segments::{Segment, summarise};
use regulars::task::finish;

/// Customer, day of 2024, cents.
type Row = (u8, u16, i32);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Customers 0 to 3 mostly send things back, so that some have returns only.
    let row = (0_u8..45, 0_u16..360, 100_i32..90_000, any::<bool>());
    let signed = |(who, day, cents, back): (u8, u16, i32, bool)| {
        (who, day, if back && (who < 4 || day % 5 == 0) { -cents } else { cents })
    };
    prop::collection::vec(row.prop_map(signed), 90..160)
}

fn file(rows: &[(usize, Row)], name: impl Fn(u8) -> String) -> Vec<u8> {
    let mut text = "order_id,customer_id,order_date,total\n".to_owned();
    for &(id, (who, day, cents)) in rows {
        let date = Day::parse("2024-01-01").unwrap().plus(i32::from(day));
        let sign = if cents < 0 { "-" } else { "" };
        let (whole, part) = (cents.abs() / 100, cents.abs() % 100);
        text += &format!("o{id:04},{},{date},{sign}{whole}.{part:02}\n", name(who));
    }
    text.into_bytes()
}

fn load(files: &[Vec<u8>]) -> (Orders, Ledger) {
    let reading = |bytes: &Vec<u8>| {
        let mut reader = Reader::new(ReadOptions::default());
        reader.push(bytes).unwrap();
        Arc::new(reader.finish().unwrap())
    };
    let readings = files.iter().map(reading).collect();
    let mut task = Resolve::new(readings, LoadOptions::default()).unwrap();
    let Resolved { orders, ledger, .. } = finish(|budget| task.advance(budget)).unwrap();
    (orders, ledger)
}

/// The groups of one method, and the group of each customer by name.
type Grouped = (Vec<Segment>, BTreeMap<String, String>);

fn learned(
    orders: &Orders,
    base: &Customers,
    method: ClusterMethod,
) -> (Vec<u8>, Vec<String>) {
    let all = 0..base.len();
    let features = Features {
        names: vec!["recencyDays".to_owned(), "revenue".to_owned()],
        values: vec![
            all.clone().map(|c| f64::from(base.recency_days(c))).collect(),
            all.map(|c| orders.scale.number(base.revenue(c))).collect(),
        ],
    };
    let options =
        ClusterOptions { method, k: Some(3), restarts: 2, ..ClusterOptions::default() };
    let mut task = Clustering::new(features, options).unwrap();
    let groups =
        finish::<_, ()>(|budget| Ok(task.advance(base, orders.scale, None, budget)))
            .unwrap();
    (groups.of, groups.ids)
}

/// Everything that puts customers into groups.
fn grouped(orders: &Orders) -> Vec<(&'static str, Grouped)> {
    let base = customers(orders, Day::parse("2025-01-01").unwrap());
    let named = |of: &[u8], ids: &[String]| {
        let name = |c: usize| orders.customers.text(base.number[c]).into_owned();
        (0..base.len()).map(|c| (name(c), ids[usize::from(of[c])].clone())).collect()
    };
    let mut all = Vec::new();
    for method in [
        Method::Quantile,
        Method::Nested,
        Method::Thresholds,
        Method::Kmeans,
        Method::Klaviyo,
    ] {
        let options = RfmOptions { method, ..RfmOptions::default() };
        let found = rfm(orders, &base, &options).unwrap();
        let names = named(&found.segment, &found.ids);
        all.push((method.code(), (found.result.segments, names)));
    }
    let mut task = Lifecycle::new(orders, &base, &LifecycleOptions::default());
    let stages =
        finish::<_, ()>(|budget| Ok(task.advance(orders, &base, budget))).unwrap();
    let ids: Vec<String> = STAGES.map(str::to_owned).to_vec();
    let segments = summarise(&base, orders.scale, &stages.stage, &ids);
    all.push(("lifecycle", (segments, named(&stages.stage, &ids))));
    for method in [ClusterMethod::Kmeans, ClusterMethod::Ward, ClusterMethod::Dbscan] {
        if base.len() < 30 {
            continue;
        }
        let (of, ids) = learned(orders, &base, method);
        let segments = summarise(&base, orders.scale, &of, &ids);
        all.push((method.code(), (segments, named(&of, &ids))));
    }
    all
}

fn cents(exact: &str) -> i64 {
    let (sign, text) = exact.strip_prefix('-').map_or((1, exact), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    sign * format!("{whole}{part:0<2}").parse::<i64>().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn files_rows_and_names_change_nothing_and_everything_adds_up(
        (rows, shuffled) in rows().prop_flat_map(|rows| {
            let numbered: Vec<(usize, Row)> = rows.into_iter().enumerate().collect();
            (Just(numbered.clone()), Just(numbered).prop_shuffle())
        }),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..3),
    ) {
        let plain = |who: u8| format!("c{who:02}");
        let (orders, ledger) = load(&[file(&rows, plain)]);
        let whole = grouped(&orders);
        for (method, (segments, of)) in &whole {
            let sizes: u32 = segments.iter().map(|s| s.customers).sum();
            prop_assert_eq!(u64::from(sizes), ledger.customers.customers, "{}", method);
            prop_assert_eq!(of.len() as u64, ledger.customers.customers, "{}", method);
            let orders: u64 = segments.iter().map(|s| s.orders).sum();
            prop_assert_eq!(orders, ledger.customers.totals.orders, "{}", method);
            let money: i64 = segments.iter().map(|s| cents(&s.exact_revenue)).sum();
            let only = cents(&ledger.customers.returns_only.exact_amount);
            let net = cents(&ledger.customers.totals.exact.net);
            prop_assert_eq!(money + only, net, "{}", method);
        }
        // The same rows in another order, in two or three files.
        let mut at: Vec<usize> = cuts.iter().map(|cut| 1 + cut.index(shuffled.len() - 1)).collect();
        at.sort_unstable();
        at.dedup();
        let mut parts = Vec::new();
        let mut from = 0;
        for to in at.into_iter().chain([shuffled.len()]) {
            parts.push(file(&shuffled[from..to], plain));
            from = to;
        }
        prop_assert_eq!(&whole, &grouped(&load(&parts).0));
        // And under names that sort the other way.
        let turned = |who: u8| format!("x{:02}", 99 - who);
        let (renamed, _) = load(&[file(&rows, turned)]);
        for ((method, (segments, of)), (_, (other, of_other))) in whole.iter().zip(grouped(&renamed)) {
            prop_assert_eq!(segments, &other, "{}", method);
            for who in 0..45 {
                prop_assert_eq!(of.get(&plain(who)), of_other.get(&turned(who)), "{}", method);
            }
        }
    }
}
