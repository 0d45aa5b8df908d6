//! The table against a naive reading of the same rules.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::cohorts::{By, Cohorts, CohortsOptions};
use regulars::customers::{Customers, customers};
use regulars::orders::Orders;
use regulars::periods::Unit;
use regulars::rfm::{Rfm, RfmOptions, rfm};
use regulars::table::{
    Column, CustomerColumn, CustomerColumns, CustomerExport, LifetimeColumns, Need,
    Plain, Query, SegmentColumn, Where, customer_detail, page,
};
use regulars::task::Step;

use crate::common::{Record, orders, record};

struct Shop {
    orders: Orders,
    customers: Customers,
    rfm: Rfm,
    clv: Vec<f64>,
}

fn shop(records: &[Record]) -> Shop {
    let orders = orders(records, 2);
    let customers = customers(&orders, Day(500));
    let rfm = rfm(&orders, &customers, &RfmOptions::default()).unwrap();
    // Every third customer has no value.
    let clv =
        (0..customers.len()).map(|c| if c % 3 == 2 { f64::NAN } else { (c % 5) as f64 });
    let clv = clv.collect();
    Shop { orders, customers, rfm, clv }
}

impl Shop {
    fn columns(&self) -> CustomerColumns<'_> {
        let clv = &self.clv;
        CustomerColumns {
            orders: &self.orders,
            customers: &self.customers,
            scores: Some(&self.rfm.scores),
            segment: Some(SegmentColumn { of: &self.rfm.segment, ids: &self.rfm.ids }),
            lifetime: Some(LifetimeColumns {
                identifies_dropout: true,
                p_alive: clv,
                expected_orders: clv,
                order_value: clv,
                clv,
            }),
            churn: None,
            health: None,
            winback: None,
            lifecycle: None,
            cluster: None,
        }
    }
}

fn query(json: &str) -> Query {
    Query::parse(&serde_json::from_str(json).unwrap()).unwrap()
}

fn texts(column: &Column) -> Vec<String> {
    match column {
        Column::Text(texts) => texts.clone(),
        other => panic!("{other:?}"),
    }
}

fn ids(shop: &Shop, json: &str) -> Vec<String> {
    let mut query = query(json);
    query.columns = vec![CustomerColumn::CustomerId];
    texts(&page(&shop.columns(), &query).unwrap().columns[0].1)
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..40, 0_i32..400, 1_i64..50_000, 0_usize..4);
    prop::collection::vec(one, 1..100).prop_map(|rows| {
        let countries = [None, Some("France"), Some("EIRE"), Some("Österreich")];
        let named =
            |(i, (who, day, gross, country)): (usize, (u32, i32, i64, usize))| Record {
                country: countries[country].map(str::to_owned),
                ..record(&format!("{who}"), &format!("o{i}"), day, gross, 0)
            };
        let mut records: Vec<Record> = rows.into_iter().enumerate().map(named).collect();
        // Where no country is mapped at all, its column is refused.
        records[0].country = Some("France".to_owned());
        records
    })
}

proptest! {
    #[test]
    fn a_page_is_a_cut_of_the_whole_sorted_list(
        records in records(),
        by in prop::sample::select(vec![
            CustomerColumn::CustomerId, CustomerColumn::Revenue, CustomerColumn::Orders,
            CustomerColumn::Clv, CustomerColumn::Country, CustomerColumn::Segment,
            CustomerColumn::LastOrder, CustomerColumn::RfmCell,
        ]),
        descending in any::<bool>(), offset in 0_usize..30, limit in 0_usize..30,
    ) {
        let shop = shop(&records);
        let columns = shop.columns();
        let mut query = Query {
            columns: vec![CustomerColumn::CustomerId], sort_by: Some(by), descending,
            ..Query::default()
        };
        let whole = page(&columns, &query).unwrap();
        // Naive: a stable sort of all customers, blanks last.
        let mut naive: Vec<u32> = (0..shop.customers.len() as u32).collect();
        naive.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            let order = match by {
                CustomerColumn::CustomerId => {
                    let id = |c| columns.text(by, c).parse::<u32>().unwrap();
                    id(a).cmp(&id(b))
                }
                CustomerColumn::Country => {
                    let (a, b) = (columns.text(by, a), columns.text(by, b));
                    if a.is_empty() || b.is_empty() {
                        return a.is_empty().cmp(&b.is_empty());
                    }
                    a.cmp(&b)
                }
                _ => {
                    let (a, b) = (columns.number(by, a), columns.number(by, b));
                    if a.is_nan() || b.is_nan() {
                        return a.is_nan().cmp(&b.is_nan());
                    }
                    a.total_cmp(&b)
                }
            };
            if descending { order.reverse() } else { order }
        });
        prop_assert_eq!(&whole.rows, &naive);
        query.offset = offset;
        query.limit = Some(limit);
        let part = page(&columns, &query).unwrap();
        let start = offset.min(naive.len());
        let end = (offset + limit).min(naive.len());
        prop_assert_eq!(&part.rows, &naive[start..end]);
        prop_assert_eq!(part.total, naive.len());
        prop_assert_eq!(part.exact_revenue, whole.exact_revenue);
    }

    #[test]
    fn a_predicate_and_its_opposite_part_the_customers(
        records in records(), min in 0_u32..500, part in "[0-9]", country in 0_usize..4,
    ) {
        let shop = shop(&records);
        let country = ["France", "EIRE", "Österreich", "Nowhere"][country];
        for json in [
            format!(r#"{{"revenue": {{"min": {min}}}}}"#),
            format!(r#"{{"customerId": {{"contains": "{part}"}}}}"#),
            format!(r#"{{"country": "{country}"}}"#),
            r#"{"country": null}"#.to_owned(),
            r#"{"clv": [1, null]}"#.to_owned(),
            r#"{"segment": ["lost", "new"], "orders": {"max": 2}}"#.to_owned(),
            r#"{"or": [{"fScore": 1}, {"rfmCell": {"contains": "5"}}]}"#.to_owned(),
        ] {
            let yes: Where = serde_json::from_str(&json).unwrap();
            let no: Where = serde_json::from_str(&format!(r#"{{"not": {json}}}"#)).unwrap();
            let columns = shop.columns();
            let mut both = yes.select(&columns).unwrap();
            both.extend(no.select(&columns).unwrap());
            both.sort_unstable();
            let all: Vec<u32> = (0..shop.customers.len() as u32).collect();
            prop_assert_eq!(both, all, "{}", json);
        }
    }

    #[test]
    fn an_export_does_not_depend_on_its_chunks(records in records(), rows in 1_usize..20) {
        let shop = shop(&records);
        let columns = shop.columns();
        let written = |rows: usize| {
            let query = Query::default();
            let mut export = CustomerExport::new(&columns, &query, None, Default::default()).unwrap();
            let mut bytes = Vec::new();
            while let Some(chunk) = export.next_chunk(&columns, rows) {
                bytes.extend(chunk);
            }
            String::from_utf8(bytes).unwrap()
        };
        let whole = written(usize::MAX);
        prop_assert_eq!(&whole, &written(rows));
        prop_assert_eq!(whole.lines().count(), shop.customers.len() + 1);
        let fields = |line: &str| line.split(',').count();
        prop_assert!(whole.lines().all(|line| fields(line) == fields(whole.lines().next().unwrap())));
    }
}

fn small() -> Shop {
    let mut records = vec![
        record("ann", "1", 100, 10_000, 0),
        record("=bob", "2", 120, 5_000, 0),
        record("ann", "3", 200, 2_050, 0),
        record("ann", "4", 205, 0, -50),
        record("cid", "5", 510, 700, 0),
        record("", "6", 300, 99_900, 0),
    ];
    records[0].country = Some("EIRE".to_owned());
    records[0].lines =
        vec![("tea".to_owned(), 2_000, 8_000), ("mug".to_owned(), 1_000, 2_000)];
    records[2].lines = vec![("mug".to_owned(), 1_000, 2_050)];
    records[3].lines = vec![("mug".to_owned(), -25, -50)];
    shop(&records)
}

#[test]
fn predicates_pick_whom_they_say() {
    let shop = small();
    let found = |filter: &str| ids(&shop, &format!(r#"{{"where": {filter}}}"#));
    // The guest is no customer, and cid has not ordered yet.
    assert_eq!(found("{}"), ["ann", "=bob"]);
    assert_eq!(found(r#"{"revenue": {"min": 120, "max": 120}}"#), ["ann"]);
    assert_eq!(found(r#"{"lastOrder": {"max": "1970-05-01"}}"#), ["=bob"]);
    assert_eq!(found(r#"{"customerId": {"contains": "NN"}}"#), ["ann"]);
    assert_eq!(found(r#"{"country": "EIRE"}"#), ["ann"]);
    assert_eq!(found(r#"{"country": null}"#), ["=bob"]);
    assert_eq!(found(r#"{"orders": {"not": 2}}"#), ["=bob"]);
    assert_eq!(found(r#"{"customerId": ["cid", "=bob"]}"#), ["=bob"]);
    assert_eq!(found(r#"{"or": []}"#), Vec::<String>::new());
    // As written, and where nothing is written so, in any case.
    assert_eq!(found(r#"{"country": "eire"}"#), ["ann"]);
    assert_eq!(found(r#"{"revenue": {"top": 0.5}}"#), ["ann"]);
    assert_eq!(found(r#"{"revenue": {"top": [0.5, 1]}}"#), ["=bob"]);
    let ordered = |order: &str| found(&format!(r#"{{"ordered": {order}}}"#));
    assert_eq!(ordered("{}"), ["ann", "=bob"]);
    assert_eq!(ordered(r#"{"day": {"min": "1970-05-02"}}"#), ["ann"]);
    assert_eq!(ordered(r#"{"day": {"min": "1970-08-01"}}"#), Vec::<String>::new());
    assert_eq!(ordered(r#"{"product": {"all": ["tea", "Mug"]}}"#), ["ann"]);
    assert_eq!(ordered(r#"{"product": "tea", "first": false}"#), Vec::<String>::new());
    assert_eq!(ordered(r#"{"product": ["coal", "mug"], "first": false}"#), ["ann"]);
    assert_eq!(ordered(r#"{"product": {"all": ["coal", "mug"]}}"#), Vec::<String>::new());
    assert_eq!(ordered(r#"{"first": true, "mainProduct": "mug"}"#), Vec::<String>::new());
    assert_eq!(ordered(r#"{"product": null}"#), ["=bob"]);
    assert_eq!(ordered(r#"{"country": null, "first": true}"#), ["=bob"]);
    assert_eq!(ordered(r#"{"unit": "month", "after": 3}"#), ["ann"]);
    assert_eq!(ordered(r#"{"after": 2}"#), Vec::<String>::new());
    for (wrong, code) in [
        (r#"{"ordered": 1}"#, "where-wrong-type"),
        (r#"{"ordered": {"colour": "red"}}"#, "where-unknown-test"),
        (r#"{"ordered": {"product": {"any": []}}}"#, "where-wrong-type"),
        (r#"{"ordered": {"after": "x"}}"#, "where-wrong-type"),
        (r#"{"segment": {"top": 0.1}}"#, "where-wrong-type"),
    ] {
        let plain: Plain = serde_json::from_str(wrong).unwrap();
        assert_eq!(Where::parse(&plain).unwrap_err().code(), code, "{wrong}");
    }
    let channel: Where =
        serde_json::from_str(r#"{"ordered": {"channel": "web"}}"#).unwrap();
    let error = channel.select(&shop.columns()).unwrap_err();
    assert_eq!(error.code(), "column-not-computed");
}

proptest! {
    #[test]
    fn what_a_picture_counts_is_what_its_predicate_finds(records in records()) {
        let shop = shop(&records);
        let columns = shop.columns();
        let count = |json: String| {
            let filter: Where = serde_json::from_str(&json).unwrap();
            filter.select(&columns).unwrap().len() as u64
        };
        for by in [By::FirstOrder, By::Country] {
            let options = CohortsOptions { by, unit: Unit::Month };
            let mut task = Cohorts::new(&shop.orders, &shop.customers, options).unwrap();
            let Step::Done(result) = task.advance(&shop.orders, &shop.customers, u64::MAX) else {
                panic!("not done");
            };
            for cohort in &result.cohorts {
                let who = match (cohort.from, cohort.to, &cohort.id) {
                    (Some(from), Some(to), _) => {
                        format!(r#"{{"firstOrder": {{"min": "{from}", "max": "{to}"}}}}"#)
                    }
                    (.., Some(id)) => {
                        format!(r#"{{"ordered": {{"first": true, "country": "{id}"}}}}"#)
                    }
                    _ => r#"{"ordered": {"first": true, "country": null}}"#.to_owned(),
                };
                prop_assert_eq!(count(who.clone()), cohort.size);
                for (age, &customers) in cohort.customers.iter().enumerate() {
                    let then = format!(r#"{{"ordered": {{"after": {age}, "unit": "month"}}}}"#);
                    prop_assert_eq!(count(format!(r#"{{"and": [{who}, {then}]}}"#)), customers);
                }
            }
        }
        // Tenths share out all who have a value.
        let tenth = |k: usize| {
            let (from, to) = (k as f64 / 10.0, (k + 1) as f64 / 10.0);
            count(format!(r#"{{"clv": {{"top": [{from}, {to}]}}}}"#))
        };
        let known = count(r#"{"clv": {"not": null}}"#.to_owned());
        prop_assert_eq!((0..10).map(tenth).sum::<u64>(), known);
    }
}

#[test]
fn a_column_that_was_not_computed_is_refused() {
    let shop = small();
    let asked =
        query(r#"{"columns": ["segment"], "where": {"inPlan": true}, "sortBy": "clv"}"#);
    assert_eq!(asked.needs(), [Need::Segment, Need::Lifetime, Need::Winback]);
    let error = page(&shop.columns(), &asked).unwrap_err();
    assert_eq!(error.to_string(), "column-not-computed column=inPlan needs=winback");
    let wrong =
        Query::parse(&Plain::Object(vec![("limit".to_owned(), Plain::Bool(true))]));
    assert_eq!(wrong.unwrap_err().code(), "query-wrong-type");
}

#[test]
fn exports_are_exact_and_harmless() {
    let shop = small();
    let asked = query(
        r#"{"columns": ["customerId", "firstOrder", "revenue", "returns", "clv"]}"#,
    );
    let labels = [("customerId".to_owned(), "Customer".to_owned())].into();
    let columns = shop.columns();
    let mut export = CustomerExport::new(&columns, &asked, None, labels).unwrap();
    let bytes = export.next_chunk(&columns, 100).unwrap();
    assert_eq!(export.next_chunk(&columns, 100), None);
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "\u{feff}Customer,firstOrder,revenue,returns,clv\r\n\
         ann,1970-04-11,120,-0.5,0.00\r\n\
         '=bob,1970-05-01,50,0,1.00\r\n"
    );
}

#[test]
fn a_customer_in_full() {
    let shop = small();
    let ann = customer_detail(&shop.columns(), "ann").unwrap();
    assert_eq!(ann.orders.len(), 3);
    assert!(!ann.orders[2].is_order);
    assert_eq!((ann.usual_gap_days, ann.silent_days), (Some(100.0), 300));
    let products: Vec<_> = ann
        .products
        .unwrap()
        .into_iter()
        .map(|p| (p.name, p.quantity, p.revenue))
        .collect();
    assert_eq!(
        products,
        [("tea".to_owned(), 2.0, 80.0), ("mug".to_owned(), 1.975, 40.0)]
    );
    let codes: Vec<&str> = ann.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(
        codes,
        [
            "reason-segment",
            "reason-longest-silence",
            "reason-recency",
            "reason-orders",
            "reason-revenue",
            "reason-returns",
            "reason-active",
        ]
    );
    let bob = customer_detail(&shop.columns(), "=bob").unwrap();
    assert_eq!(bob.usual_gap_days, None);
    for stranger in ["cid", "nobody"] {
        let error = customer_detail(&shop.columns(), stranger).unwrap_err();
        assert_eq!(error.code(), "unknown-customer");
    }
}
