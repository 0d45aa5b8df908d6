//! The customers of a shop, exported and loaded again as a table of one row a
//! customer, are scored as they were; what needs orders says so.

use regulars::sample::{Sample, SampleOptions};
use regulars::session::{
    Ask, ExportArgs, Goal, InspectArgs, LoadArgs, Output, Session, ViewArgs,
};
use regulars::table::{Plain, Query};
use regulars::task::{Step, finish};
use serde_json::{Value, json};

fn run(session: &mut Session) -> Output {
    loop {
        if let Step::Done(output) = session.advance(10_000).unwrap() {
            return output;
        }
    }
}

fn load(session: &mut Session, bytes: &[u8]) -> Value {
    session.inspect(&InspectArgs::default()).unwrap();
    session.push(bytes).unwrap();
    session.end_input().unwrap();
    let Output::Found(found) = run(session) else { panic!("nothing found") };
    let args = LoadArgs { found: vec![found.id], ..LoadArgs::default() };
    session.load(args).unwrap();
    json!(run(session))
}

fn ask(session: &mut Session, goal: Goal) -> Value {
    session.analyse(ViewArgs::default(), goal).unwrap();
    json!(run(session))
}

fn exported(session: &mut Session, columns: &[&str]) -> Vec<u8> {
    let columns = columns.iter().map(|name| Plain::Text((*name).to_owned())).collect();
    let plain = Plain::Object(vec![("columns".to_owned(), Plain::List(columns))]);
    let goal = Goal::Export(ExportArgs::parse(&plain).unwrap());
    session.analyse(ViewArgs::default(), goal).unwrap();
    let Output::Bytes(bytes) = run(session) else { panic!("no bytes") };
    bytes
}

const COLUMNS: [&str; 6] =
    ["customerId", "firstOrder", "lastOrder", "orders", "revenue", "country"];

#[test]
fn customers_exported_and_loaded_again_are_scored_as_they_were() {
    let mut sample = Sample::new(SampleOptions { seed: 3, customers: 500 }).unwrap();
    let csv = finish(|budget| Ok::<_, ()>(sample.advance(budget))).unwrap();
    let mut session = Session::new();
    let before = load(&mut session, &csv);
    let scored = exported(&mut session, &["customerId", "rfmCell", "segment"]);
    let rfm = ask(&mut session, Goal::Rfm);
    let lifetime = ask(&mut session, Goal::Lifetime);
    let table = exported(&mut session, &COLUMNS);

    let after = load(&mut session, &table);
    assert_eq!(after["kind"], "customers");
    assert_eq!(after["customers"]["customers"], before["customers"]["customers"]);
    assert_eq!(after["customers"]["orders"], before["customers"]["orders"]);
    assert_eq!(after["lastDate"], before["lastDate"]);
    let again = exported(&mut session, &["customerId", "rfmCell", "segment"]);
    assert_eq!(String::from_utf8(again), String::from_utf8(scored));
    let mut segments = [ask(&mut session, Goal::Rfm), rfm].map(|r| r["segments"].clone());
    for segment in segments.iter_mut().flat_map(|s| s.as_array_mut().unwrap()) {
        // Of what came in before the returns, which the table does not say.
        segment.as_object_mut().unwrap().remove("averageOrder");
    }
    assert_eq!(segments[0], segments[1]);
    let same = ask(&mut session, Goal::Lifetime);
    assert_eq!(same["customers"], lifetime["customers"]);
    assert!(same["model"].as_str().unwrap().ends_with("nbd"), "{}", same["model"]);
    assert_eq!(same["holdout"], Value::Null);
    assert!(ask(&mut session, Goal::Equity)["country"].as_array().unwrap().len() > 1);
    let shop = ask(&mut session, Goal::Describe);
    let orders = shop["figures"]["orders"]["value"].as_f64();
    assert_eq!(orders, after["shop"]["orders"].as_f64());
    assert_eq!(shop["comparisons"], json!([]));
    assert_eq!(exported(&mut session, &COLUMNS), table);

    let loyalty = Ask::parse("loyalty", &Plain::Object(vec![])).unwrap().unwrap();
    let of_orders = [
        Goal::Churn,
        Goal::Winback,
        Goal::Cohorts,
        Goal::Basket,
        Goal::Forecast,
        Goal::Health,
        Goal::Retention,
        Goal::Lifecycle,
        Goal::Ask(loyalty),
    ];
    for goal in of_orders {
        let name = format!("{goal:?}");
        assert_eq!(ask(&mut session, goal)["unavailable"], "needs-orders", "{name}");
    }
    // A table may ask for churn beside what there is: its column stays empty.
    let both = ["customerId", "churnProbability"].map(|c| Plain::Text(c.to_owned()));
    let plain = Plain::Object(vec![("columns".to_owned(), Plain::List(both.into()))]);
    let goal = Goal::Customers(Query::parse(&plain).unwrap());
    session.analyse(ViewArgs::default(), goal).unwrap();
    assert!(matches!(run(&mut session), Output::Page(_)));
    let early = ViewArgs { as_of: Some("2001-01-01".to_owned()), ..ViewArgs::default() };
    session.analyse(early, Goal::Rfm).unwrap();
    assert_eq!(json!(run(&mut session))["unavailable"], "customers-before-table");
}

#[test]
fn a_table_without_a_last_order_shows_what_it_can() {
    let csv = "customer_id,orders,total_spent\nann,3,30.00\nbo,1,5.50\ncy,2,12.00\n";
    let mut session = Session::new();
    let ledger = load(&mut session, csv.as_bytes());
    assert_eq!(ledger["shop"]["exact"]["net"], "47.5");
    assert_eq!(ask(&mut session, Goal::Rfm)["unavailable"], "needs-last-order");
    assert_eq!(ask(&mut session, Goal::Lifetime)["unavailable"], "needs-last-order");
    let shop = ask(&mut session, Goal::Describe);
    assert_eq!(shop["figures"]["orders"]["value"], 6.0);
    assert_eq!(shop["figures"]["repeatRate"]["value"], 2.0 / 3.0);
    let table = exported(&mut session, &["customerId", "orders", "revenue"]);
    let text = String::from_utf8(table).unwrap();
    assert!(text.contains("ann,3,30"), "{text}");
}
