//! Several files in one load: a database's tables, and years beside a list of
//! customers.

use std::fs;
use std::path::Path;

use regulars::error::Error;
use regulars::session::{InspectArgs, LoadArgs, Output, Session};
use regulars::task::Step;
use serde_json::{Value, json};

fn run(session: &mut Session) -> Result<Output, Error> {
    loop {
        if let Step::Done(output) = session.advance(7)? {
            return Ok(output);
        }
    }
}

fn load(files: &[&str]) -> Result<Value, Error> {
    let mut session = Session::new();
    let mut found = Vec::new();
    for text in files {
        session.inspect(&InspectArgs::default())?;
        session.push(text.as_bytes())?;
        session.end_input()?;
        let Output::Found(one) = run(&mut session)? else { panic!("nothing found") };
        found.push(one.id);
    }
    session.load(LoadArgs { found, ..LoadArgs::default() })?;
    Ok(json!(run(&mut session)?))
}

const ORDERS: &str = "order_id,customer_id,order_status,order_purchase_timestamp\n\
    o1,c1,delivered,2018-01-02 10:00:00\no2,c2,delivered,2018-01-15 11:00:00\n\
    o3,c3,canceled,2018-02-01 12:00:00\no4,c4,delivered,2018-02-03 13:00:00\n";
const ITEMS: &str = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n\
    o1,1,p1,s1,2018-01-09 10:00:00,10.00,2.00\no1,2,p2,s1,2018-01-09 10:00:00,5.50,2.00\n\
    o2,1,p1,s1,2018-01-20 10:00:00,10.00,2.00\no3,1,p3,s1,2018-02-09 10:00:00,99.00,2.00\n\
    o4,1,p3,s1,2018-02-09 10:00:00,20.00,2.00\n";
const CUSTOMERS: &str = "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n\
    c1,u1,01000,sao paulo,SP\nc2,u2,02000,rio,RJ\nc3,u1,01000,sao paulo,SP\nc4,u1,01000,sao paulo,SP\n";
const PAYMENTS: &str = "order_id,payment_sequential,payment_type,payment_installments,payment_value\n\
    o1,1,credit_card,1,10.00\no1,2,voucher,1,9.50\no2,1,credit_card,1,12.00\n\
    o4,1,credit_card,2,22.00\n";

fn codes(ledger: &Value) -> Vec<&str> {
    ledger["notices"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|n| n["code"].as_str())
        .collect()
}

#[test]
fn the_tables_of_olist_are_joined_in_any_order() {
    let files = [ORDERS, ITEMS, CUSTOMERS, PAYMENTS];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let ledger = load(&order.map(|i| files[i])).unwrap();
        assert_eq!(ledger["shop"]["orders"], 3, "{order:?}");
        assert_eq!(ledger["shop"]["exact"]["net"], "45.5", "{order:?}");
        // The person is the unique id, not that of each order.
        assert_eq!(ledger["customers"]["customers"], 2, "{order:?}");
        assert_eq!(ledger["setAside"][0]["reason"], "cancelled", "{order:?}");
        assert!(codes(&ledger).contains(&"file-left-out"), "{:?}", codes(&ledger));
    }
    let ledger = load(&files[..3]).unwrap();
    assert!(!codes(&ledger).contains(&"file-left-out"));
}

const FIRST: &str = "order_id,order_date,customer_id,total\n\
    1,2023-12-30,k1,10.00\n2,2023-12-31,k2,20.00\n3,2024-01-01,k1,5.00\n";
const SECOND: &str = "Total,Order Date,Customer ID,Order ID\n\
    20.00,2023-12-31,k2,2\nx,2024-01-05,k3,9\n7.50,2024-02-01,k3,4\n";
const PEOPLE: &str = "customer_id,email,country\nk1,ann@example.com,DE\n\
    k2,bo@example.com,AT\nk3,cy@example.com,DE\n";

#[test]
fn two_years_and_a_list_of_customers_load_together() {
    for files in [[FIRST, SECOND, PEOPLE], [PEOPLE, FIRST, SECOND]] {
        let ledger = load(&files).unwrap();
        assert_eq!(ledger["rowsRead"], 6);
        assert_eq!(ledger["duplicates"], 1);
        assert_eq!(ledger["customers"]["customers"], 3);
        // The order that both years hold is told apart by its number and counts once.
        assert_eq!(ledger["shop"]["exact"]["net"], "42.5");
        // The row that cannot be read is told as its own file numbers it.
        assert_eq!(ledger["setAside"][0]["reason"], "unreadable-row");
        assert_eq!(ledger["setAside"][0]["example"]["row"], 3);
    }
}

#[test]
fn files_that_share_nothing_are_refused() {
    let other = "city,weather\nRome,sunny\nOslo,snow\n";
    assert_eq!(load(&[FIRST, other]).unwrap_err().code(), "no-join-key");
}

/// Inspects with settings of earlier loads and options; the file's handle and
/// what is offered again.
fn inspect(
    session: &mut Session,
    text: &str,
    args: Value,
    settings: &[Value],
) -> (u32, Value) {
    let mut args = args;
    args["settings"] = json!(settings);
    session.inspect(&serde_json::from_value::<InspectArgs>(args).unwrap()).unwrap();
    session.push(text.as_bytes()).unwrap();
    session.end_input().unwrap();
    let Output::Found(one) = run(session).unwrap() else { panic!("nothing found") };
    (one.id, json!(one.recalled))
}

fn load_args(found: Vec<u32>, options: &Value) -> LoadArgs {
    let args: LoadArgs = serde_json::from_value(options.clone()).unwrap();
    LoadArgs { found, options: serde_json::from_value(options.clone()).unwrap(), ..args }
}

fn settings_of(session: &mut Session, found: Vec<u32>, options: Value) -> Value {
    session.load(load_args(found, &options)).unwrap();
    run(session).unwrap();
    session.settings().unwrap();
    let settings = json!(run(session).unwrap());
    let text = settings.to_string();
    assert!(!text.contains("c1") && !text.contains("order_id"), "data in {text}");
    settings
}

#[test]
fn how_a_file_was_to_be_read_is_offered_for_the_next_of_its_kind() {
    // One column of `|` and `;`: which of them parts the cells was said by hand.
    let year = |y: u32| {
        format!(
            "order_id|order_date|customer_id|total\n1|{y}-01-02|c1|2.50\n2|{y}-02-03|c2|4.00\n"
        )
    };
    let mut session = Session::new();
    let said = json!({ "delimiter": "|", "header": true });
    let (id, none) = inspect(&mut session, &year(2023), said.clone(), &[]);
    assert_eq!(none, Value::Null);
    let settings = [settings_of(&mut session, vec![id], json!({}))];
    let (_, offered) = inspect(&mut session, &year(2024), json!({}), &settings);
    assert_eq!(offered["read"], said);
    assert_eq!(offered["mapping"], json!([]));
    let (_, offered) = inspect(&mut session, &year(2024), said, &settings);
    assert_eq!(offered["read"], Value::Null);
    assert_eq!(offered["mapping"].as_array().unwrap().len(), 4);
    let (_, other) =
        inspect(&mut session, "a_name_of_another;b\n1;2\n", json!({}), &settings);
    assert_eq!(other, Value::Null);
}

#[test]
fn what_was_decided_of_several_files_is_offered_for_the_next_ones() {
    // Years of one layout: for each further year.
    let year = |y: u32| {
        format!(
            "order_id,order_date,customer_id,total\n{y}1,{y}-01-02,c1,2.50\n{y}2,{y}-02-03,c2,4.00\n"
        )
    };
    let mut session = Session::new();
    let ids = [2022, 2023].map(|y| inspect(&mut session, &year(y), json!({}), &[]).0);
    let settings = settings_of(&mut session, ids.to_vec(), json!({}));
    let (_, offered) = inspect(&mut session, &year(2024), json!({}), &[settings]);
    assert_eq!(offered["files"], 1);
    assert_eq!(offered["mapping"].as_array().unwrap().len(), 4);
    // Files that were joined: for each of them, and for as many together.
    let mut session = Session::new();
    let files = [ORDERS, ITEMS, CUSTOMERS];
    let ids = files.map(|text| inspect(&mut session, text, json!({}), &[]).0);
    let settings = settings_of(&mut session, ids.to_vec(), json!({}));
    let settings = [settings];
    let again = files.map(|text| inspect(&mut session, text, json!({}), &settings));
    for (_, offered) in &again {
        assert_eq!(offered["files"], json!(3));
    }
    let mapping = again[0].1["mapping"].clone();
    let twice = settings_of(
        &mut session,
        again.iter().map(|(id, _)| *id).collect(),
        json!({ "mapping": mapping }),
    );
    assert_eq!(twice["mapping"], mapping);
    let (_, other) =
        inspect(&mut session, "order_id,price\no1,2\n", json!({}), &settings);
    assert_eq!(other, Value::Null);
}

#[test]
fn several_files_are_read_as_they_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/several");
    let text = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(&dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".json") else { continue };
        let expected: Value = serde_json::from_str(&text(&name)).unwrap();
        let further = expected["further"].as_array().unwrap().iter();
        let files = std::iter::once(stem).chain(further.map(|f| f.as_str().unwrap()));
        let mut session = Session::new();
        let ids = files
            .map(|f| inspect(&mut session, &text(&format!("{f}.csv")), json!({}), &[]).0);
        let ids: Vec<u32> = ids.collect();
        let options = expected.get("options").cloned().unwrap_or_else(|| json!({}));
        session.load(load_args(ids, &options)).unwrap();
        let ledger = json!(run(&mut session).unwrap());
        let mut wrong = Vec::new();
        super::orders::contains(&ledger, &expected["ledger"], "ledger", &mut wrong);
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
        seen += 1;
    }
    assert!(seen > 4);
}
