//! Lists made from customers: pivots add up, splits are even and depend on nobody
//! else, layouts hold whom they may, small groups do not show.

use std::collections::BTreeMap;

use proptest::prelude::*;
use regulars::table::{
    CustomerExport, Layout, Measure, Pivot, PivotOptions, Plain, Query, Split, Where,
    layout_csv, pivot, segments_csv, sha256,
};

use crate::common::{Record, record};
use crate::scored::Shop;

const AS_OF: i32 = 15_400;

fn shop() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..40, 15_000_i32..15_400, 1_i64..50_000, 0_usize..4);
    prop::collection::vec(one, 1..150).prop_map(|rows| {
        let named = |(i, (who, day, gross, place)): (usize, (u32, i32, i64, usize))| {
            let name = format!("c{who}@example.org");
            let country = ["UK", "DE", "FR", ""][place];
            let record = record(&name, &format!("o{i}"), day, gross, 0);
            let country = (!country.is_empty()).then(|| country.to_owned());
            Record { country, ..record }
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

/// The predicate of a header, as it crosses.
fn select(shop: &Shop, lead: &impl serde::Serialize) -> usize {
    let json = serde_json::to_string(lead).unwrap();
    let plain: Plain = serde_json::from_str(&json).unwrap();
    Where::parse(&plain).unwrap().select(&shop.columns()).unwrap().len()
}

const DIMENSIONS: [&str; 8] = [
    "segment",
    "rScore",
    "country",
    "firstOrder",
    "orders",
    "revenue",
    "recencyDays",
    "averageOrder",
];

proptest! {
    #[test]
    fn pivots_add_up_and_lead_to_their_customers(
        records in shop(),
        rows in prop::sample::select(DIMENSIONS.to_vec()),
        across in prop::sample::select(DIMENSIONS.to_vec()),
    ) {
        let shop = Shop::new(&records, AS_OF);
        if !shop.columns().has(regulars::table::CustomerColumn::Country)
            && (rows == "country" || across == "country") {
            return Ok(());
        }
        let options = PivotOptions {
            rows: rows.to_owned(),
            columns: across.to_owned(),
            measure: Measure::Sum,
            of: Some("revenue".to_owned()),
            ..PivotOptions::default()
        };
        let found: Pivot = pivot(&shop.columns(), &options).unwrap();
        let count: u32 = found.cells.iter().flatten().map(|c| c.customers).sum();
        prop_assert_eq!(count as usize, shop.customers.len());
        let all: i64 = (0..shop.customers.len()).map(|c| shop.customers.revenue(c)).sum();
        let sum = |values: &mut dyn Iterator<Item = Option<f64>>| -> f64 {
            values.flatten().sum()
        };
        let whole = shop.orders.scale.number(all);
        for total in [
            found.value.unwrap(),
            sum(&mut found.row_values.iter().copied()),
            sum(&mut found.column_values.iter().copied()),
            sum(&mut found.cells.iter().flatten().map(|c| c.value)),
        ] {
            prop_assert!((total - whole).abs() < 1e-6 * (1.0 + whole.abs()));
        }
        for header in found.rows.iter().chain(&found.columns) {
            if let Some(lead) = &header.filter {
                prop_assert_eq!(select(&shop, lead), header.customers as usize, "{:?}", header);
            }
        }
    }

    #[test]
    fn a_split_is_even_and_depends_on_seed_and_id_alone(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        seed in 0_u64..5,
    ) {
        let split = Split {
            names: ["a", "b", "rest"].map(str::to_owned).to_vec(),
            shares: vec![0.4, 0.4, 0.2],
            seed,
            only: None,
        };
        let of = |records: &[Record]| {
            let shop = Shop::new(records, AS_OF);
            let rows: Vec<u32> = (0..shop.customers.len() as u32).collect();
            let groups = split.divide(&shop.columns(), &rows);
            let name = |c: usize| {
                shop.orders.customers.text(shop.customers.number[c]).into_owned()
            };
            (0..rows.len()).map(|c| (name(c), groups[c])).collect::<BTreeMap<_, _>>()
        };
        let groups = of(&records);
        prop_assert_eq!(&groups, &of(&shuffled));
        for (group, share) in [(0, 0.4), (1, 0.4), (2, 0.2)] {
            let size = groups.values().filter(|&&g| g == group).count() as f64;
            prop_assert!((size - share * groups.len() as f64).abs() <= 1.0, "{size}");
        }
    }

    #[test]
    fn a_small_segment_never_stands_alone(records in shop(), smallest in 2_u32..8) {
        let shop = Shop::new(&records, AS_OF);
        let csv = segments_csv(&shop.rfm.result, shop.orders.scale, &Default::default(), smallest);
        let text = String::from_utf8(csv).unwrap();
        let sizes: Vec<(String, u32)> = text.lines().skip(1).map(|line| {
            let mut cells = line.split(',');
            (cells.next().unwrap().to_owned(), cells.next().unwrap().parse().unwrap())
        }).collect();
        let all: u32 = sizes.iter().map(|(_, size)| size).sum();
        prop_assert_eq!(all as usize, shop.customers.len());
        for (name, size) in sizes {
            let fine = size == 0 || size >= smallest || size == all;
            prop_assert!(fine, "{name} {size}");
        }
    }
}

#[test]
fn layouts_hold_addresses_or_their_hashes() {
    let mut records = vec![
        record("Ann@Example.org", "1", 15_000, 100, 0),
        record("13085", "2", 15_100, 200, 0),
    ];
    records[0].customer = Some("ann@example.org".to_owned());
    let shop = Shop::new(&records, AS_OF);
    let written = |layout: Layout| {
        let (query, labels) = (Query::default(), Default::default());
        let csv = layout_csv(&shop.columns(), &query, layout, None, &labels).unwrap();
        String::from_utf8(csv).unwrap().trim_start_matches('\u{feff}').to_owned()
    };
    assert_eq!(
        written(Layout::Meta),
        format!("email\r\n{}\r\n", sha256("ann@example.org"))
    );
    assert!(written(Layout::Google).starts_with("Email\r\n"));
    for layout in [Layout::Klaviyo, Layout::Mailchimp, Layout::Shopify] {
        let text = written(layout);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("ann@example.org") && !text.contains("13085"), "{text}");
        assert!(text.contains("2012-03-01") && text.contains("quantile"), "{text}");
    }
    let (query, nobody) = (Query::default(), Shop::new(&records[1..], AS_OF));
    let error =
        layout_csv(&nobody.columns(), &query, Layout::Meta, None, &Default::default());
    assert_eq!(error.unwrap_err().code(), "layout-no-email");
}

#[test]
fn a_divided_list_says_who_is_in_which_group() {
    let records: Vec<Record> = (0..10)
        .map(|i| record(&format!("c{i}"), &i.to_string(), 15_000, 100, 0))
        .collect();
    let shop = Shop::new(&records, AS_OF);
    let (query, split) = (Query::default(), Split::default());
    let mut export =
        CustomerExport::new(&shop.columns(), &query, Some(&split), Default::default())
            .unwrap();
    let mut text = String::new();
    while let Some(chunk) = export.next_chunk(&shop.columns(), 3) {
        text.push_str(&String::from_utf8(chunk).unwrap());
    }
    let last = |line: &str| line.rsplit(',').next().unwrap().to_owned();
    assert_eq!(last(text.lines().next().unwrap()), "group");
    let groups: Vec<String> = text.lines().skip(1).map(last).collect();
    assert_eq!(groups.iter().filter(|g| *g == "A").count(), 5);
    assert_eq!(groups.iter().filter(|g| *g == "B").count(), 5);
    // One group alone, in a list and in the layout of another system.
    let only = Split { only: Some("B".to_owned()), ..Split::default() };
    let export =
        CustomerExport::new(&shop.columns(), &query, Some(&only), Default::default());
    assert_eq!(export.unwrap().progress().total, 5);
    let records: Vec<Record> = (0..10)
        .map(|i| record(&format!("c{i}@x.org"), &i.to_string(), 15_000, 100, 0))
        .collect();
    let shop = Shop::new(&records, AS_OF);
    let written = |layout: Layout, split: &Split| {
        let csv =
            layout_csv(&shop.columns(), &query, layout, Some(split), &Default::default());
        String::from_utf8(csv.unwrap()).unwrap()
    };
    for layout in [Layout::Google, Layout::Meta, Layout::Mailchimp] {
        assert_eq!(written(layout, &only).lines().count(), 6);
    }
    assert_eq!(written(Layout::Google, &split).lines().count(), 6);
    assert_ne!(written(Layout::Google, &only), written(Layout::Google, &split));
    let wrong = Split { only: Some("C".to_owned()), ..Split::default() };
    assert_eq!(wrong.check().unwrap_err().code(), "split-group");
    // The addresses beside a list.
    let export = CustomerExport::new(&shop.columns(), &query, None, Default::default());
    let mut export = export.unwrap().with_contacts(&shop.columns());
    let text =
        String::from_utf8(export.next_chunk(&shop.columns(), 99).unwrap()).unwrap();
    assert!(text.lines().next().unwrap().ends_with(",email"), "{text}");
    assert!(text.lines().nth(1).unwrap().ends_with(",c0@x.org"), "{text}");
}
