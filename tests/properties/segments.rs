//! Every customer is in exactly one segment, money adds up, and neither the
//! order of the rows nor the names change anything.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::rfm::{Method, Rfm, RfmOptions, Windows, rfm};
use regulars::segments::Map;

use crate::common::{Record, orders, record};

fn shop() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..25, 0_i32..400, 0_i64..50_000, -9_000_i64..=0, any::<bool>());
    prop::collection::vec(one, 1..120).prop_map(|rows| {
        let named = |(i, (who, day, gross, returns, credit)): (
            usize,
            (u32, i32, i64, i64, bool),
        )| {
            let name = if who == 0 { String::new() } else { format!("c{who}") };
            let gross = if credit { 0 } else { gross };
            record(&name, &format!("o{i}"), day, gross, if credit { returns } else { 0 })
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

/// Any method, bins and windows.
fn options() -> impl Strategy<Value = RfmOptions> {
    let method = prop::sample::select(vec![
        Method::Quantile,
        Method::Nested,
        Method::Thresholds,
        Method::Kmeans,
        Method::Klaviyo,
    ]);
    let window = || prop::option::of(1_u32..200);
    let windows =
        (window(), window(), window()).prop_map(|(recency_days, orders, revenue)| {
            Windows { recency_days, orders, revenue }
        });
    (method, 3_u8..=10, windows).prop_map(|(method, bins, windows)| RfmOptions {
        method,
        bins,
        windows,
        ..RfmOptions::default()
    })
}

fn scored(
    records: &[Record],
    as_of: i32,
    options: &RfmOptions,
) -> (Rfm, Vec<(String, u8)>, i64) {
    let orders = orders(records, 2);
    let customers = customers(&orders, Day(as_of));
    let found = rfm(&orders, &customers, options).unwrap();
    let mut of: Vec<(String, u8)> = (0..customers.len())
        .map(|c| {
            (orders.customers.text(customers.number[c]).into_owned(), found.segment[c])
        })
        .collect();
    of.sort();
    let net = (0..customers.len()).map(|c| customers.revenue(c)).sum();
    (found, of, net)
}

/// The exact text of a sum of hundredths, read back.
fn hundredths(exact: &str) -> i64 {
    let negative = exact.starts_with('-');
    let (whole, decimals) = exact
        .trim_start_matches('-')
        .split_once('.')
        .unwrap_or((exact.trim_start_matches('-'), ""));
    let value: i64 = format!("{whole}{decimals:0<2}").parse().unwrap();
    if negative { -value } else { value }
}

proptest! {
    #[test]
    fn sizes_and_money_with_returns_only_add_up_to_the_ledger(
        records in shop(), options in options(),
    ) {
        let (found, of, net) = scored(&records, 400, &options);
        let sizes: u32 = found.result.segments.iter().map(|s| s.customers).sum();
        prop_assert_eq!(sizes as usize, of.len());
        for sizes in [
            &found.result.bin_sizes.recency_days,
            &found.result.bin_sizes.orders,
            &found.result.bin_sizes.revenue,
        ] {
            prop_assert_eq!(sizes.iter().sum::<u32>() as usize, of.len());
        }
        let cells: u32 = found.result.grid.iter().flatten().map(|c| c.customers).sum();
        prop_assert_eq!(cells as usize, of.len());
        let money: i64 = found.result.segments.iter().map(|s| hundredths(&s.exact_revenue)).sum();
        prop_assert_eq!(money, net);
        // What identified people paid in all, those with returns only included.
        let all: i64 = records.iter().filter(|r| r.customer.is_some())
            .map(|r| r.gross + r.returns).sum();
        let buyers: std::collections::BTreeSet<_> = records.iter()
            .filter(|r| r.gross > 0).filter_map(|r| r.customer.clone()).collect();
        let returns_only: i64 = records.iter()
            .filter(|r| r.customer.as_ref().is_some_and(|c| !buyers.contains(c)))
            .map(|r| r.gross + r.returns).sum();
        prop_assert_eq!(money + returns_only, all);
    }

    #[test]
    fn row_order_and_names_change_nothing(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        as_of in 0_i32..450,
        options in options(),
    ) {
        let (found, of, _) = scored(&records, as_of, &options);
        let (again, of_again, _) = scored(&shuffled, as_of, &options);
        prop_assert_eq!(&found.result, &again.result);
        prop_assert_eq!(&of, &of_again);
        let renamed: Vec<Record> = records.iter().cloned().map(|mut r| {
            r.customer = r.customer.map(|c| format!("{}-other", c.chars().rev().collect::<String>()));
            r
        }).collect();
        prop_assert_eq!(found.result, scored(&renamed, as_of, &options).0.result);
    }

    #[test]
    fn the_segment_is_that_of_the_cell_and_the_map_is_total(
        records in shop(), options in options(),
    ) {
        let (found, _, _) = scored(&records, 400, &options);
        let map = Map::new(
            found.scores.bins,
            &found.result.map.iter().map(|m| (m.id.clone(), m.cells.clone())).collect::<Vec<_>>(),
        );
        let map = map.unwrap();
        for c in 0..found.segment.len() {
            let (r, f, m) =
                (found.scores.recency[c], found.scores.orders[c], found.scores.revenue[c]);
            prop_assert_eq!(found.segment[c], map.segment(r, f, m));
            let score = found.scores.weighted(c);
            prop_assert!((0.0..=100.0).contains(&score));
        }
    }
}
