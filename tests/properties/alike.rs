//! Customers alike and the four tests of a segmentation: by hand, and the same whatever
//! the order of the rows.

use proptest::prelude::*;
use regulars::table::{CustomerColumns, SegmentColumn, alike, quality};

use crate::common::{Record, record};
use crate::scored::Shop;

const AS_OF: i32 = 400;

fn name(shop: &Shop, c: usize) -> String {
    shop.orders.customers.text(shop.customers.number[c]).into_owned()
}

/// The places of the customers whose name says so.
fn places(shop: &Shop, wanted: impl Fn(&str) -> bool) -> Vec<u32> {
    let all = 0..shop.customers.len() as u32;
    all.filter(|&c| wanted(&name(shop, c as usize))).collect()
}

fn shop() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..60, 1_i32..AS_OF, 1_i64..50_000);
    prop::collection::vec(one, 120..220).prop_map(|rows| {
        let named = |(i, (who, day, gross)): (usize, (u32, i32, i64))| {
            record(&format!("c{who:02}"), &format!("o{i}"), day, gross, 0)
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

/// Mean and deviation of logarithms, as the doc says.
fn normal(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    (mean, square.sqrt().max(0.05))
}

fn log_density(x: f64, (mean, deviation): (f64, f64)) -> f64 {
    -0.5 * ((x - mean) / deviation).powi(2) - deviation.ln()
}

proptest! {
    #[test]
    fn likeness_is_how_much_likelier_the_figures_are_in_the_list(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        let wanted = |name: &str| name < "c20";
        let found = |records: &[Record]| {
            let shop = Shop::new(records, AS_OF);
            let list = places(&shop, wanted);
            let columns = shop.columns();
            (alike(&columns, &list, 15), shop)
        };
        let (one, shop) = found(&records);
        let (other, _) = found(&shuffled);
        let (Ok(one), Ok(other)) = (one, other) else {
            // Fewer than ten of the list, or outside it.
            return Ok(());
        };
        prop_assert_eq!(&one, &other);
        let customers = &shop.customers;
        let figures = |c: usize| {
            let gross = customers.gross[c] as f64 / 100.0;
            let count = f64::from(customers.orders[c]);
            [
                f64::from(customers.recency_days(c)),
                count,
                customers.revenue(c) as f64 / 100.0,
                gross / count,
            ].map(|v: f64| v.max(0.0).ln_1p())
        };
        let all: Vec<usize> = (0..customers.len()).collect();
        let column = |list: &[usize], d: usize| {
            normal(&list.iter().map(|&c| figures(c)[d]).collect::<Vec<f64>>())
        };
        let list: Vec<usize> = all.iter().copied().filter(|&c| wanted(&name(&shop, c))).collect();
        let gain = |c: usize, d: usize| {
            log_density(figures(c)[d], column(&list, d)) - log_density(figures(c)[d], column(&all, d))
        };
        let score = |c: usize| (0..4).map(|d| gain(c, d)).sum::<f64>();
        for pair in one.rows.windows(2) {
            prop_assert!(pair[0].score >= pair[1].score);
        }
        prop_assert!(one.rows.iter().all(|row| row.score > 0.0));
        let least = if one.rows.len() < 15 { 0.0 } else { one.rows[14].score };
        for &c in &all {
            let name = name(&shop, c);
            let row = one.rows.iter().find(|row| row.customer_id == name);
            if wanted(&name) {
                prop_assert!(row.is_none(), "{} is in the list", name);
            } else if let Some(row) = row {
                prop_assert!((row.score - score(c)).abs() < 1e-9);
                let names = ["recencyDays", "orders", "revenue", "averageOrder"];
                let d = names.iter().position(|n| *n == row.reason).unwrap();
                prop_assert!((0..4).all(|other| gain(c, other) <= gain(c, d) + 1e-9));
            } else {
                prop_assert!(score(c) <= least + 1e-9);
            }
        }
    }

    #[test]
    fn the_four_tests_do_not_depend_on_the_order_of_the_rows(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        let found = |records: &[Record]| {
            let shop = Shop::new(records, AS_OF);
            let before: Vec<Option<u8>> = (0..shop.customers.len())
                .map(|c| (name(&shop, c) .as_str() < "c40").then(|| shop.rfm.segment[c] / 2))
                .collect();
            quality(&shop.columns(), &before, 90)
        };
        let one = found(&records);
        prop_assert_eq!(&one, &found(&shuffled));
        prop_assert_eq!(one.measurable, 1.0);
        for part in &one.different {
            prop_assert!((0.0..=1.0).contains(&part.share));
        }
    }
}

#[test]
fn the_four_tests_by_hand() {
    // Two groups: e - 1 and e^3 - 1 of revenue in one, e^2 - 1 and e^4 - 1 in the other:
    // logarithms 1, 3 and 2, 4 about means of 2, 3 and 2.5. Between: 4 x 0.25 = 1;
    // in all: 2.25 + 0.25 + 0.25 + 2.25 = 5.
    let cents = |log: f64| ((log.exp() - 1.0) * 100.0).round() as i64;
    let mut records = Vec::new();
    for (i, (name, log)) in
        [("ann@x.org", 1.0), ("ben", 3.0), ("cy@x.org", 2.0), ("di", 4.0)]
            .into_iter()
            .enumerate()
    {
        records.push(record(name, &format!("o{i}"), 300, cents(log), 0));
    }
    let shop = Shop::new(&records, AS_OF);
    let ids = ["one".to_owned(), "two".to_owned()];
    let of = [0, 0, 1, 1];
    let before = [Some(0), Some(1), Some(1), None];
    let found = quality(
        &CustomerColumns {
            segment: Some(SegmentColumn { of: &of, ids: &ids }),
            ..shop.columns()
        },
        &before,
        30,
    );
    assert_eq!((found.measurable, found.smallest, found.days), (1.0, 2, 30));
    // Two of the four have an address; nobody was asked for consent.
    assert_eq!((found.reachable, found.has_consent), (0.5, false));
    let share =
        |name: &str| found.different.iter().find(|d| d.column == name).unwrap().share;
    assert!((share("revenue") - 0.2).abs() < 1e-3, "{}", share("revenue"));
    assert_eq!(share("recencyDays"), 0.0);
    // Ann and Cy stayed, Ben moved, Di was not there.
    assert_eq!(found.stayed, Some(2.0 / 3.0));
    // Of three pairs {a, b} is together now, {b, c} was before, none both times:
    // (0 - 1/3) / (1 - 1/3).
    assert!((found.agreement.unwrap() + 0.5).abs() < 1e-12);
}
