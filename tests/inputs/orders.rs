//! Exports as shop systems write them, in pairs: `x.csv` and in `x.json` what
//! must be found in it and what its ledger must say.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use regulars::error::Error;
use regulars::mapping::{self, Found};
use regulars::orders::{LoadOptions, Resolve, Resolved};
use regulars::reader::{ReadOptions, Reader, Reading};
use regulars::task;
use serde_json::{Value, json};

fn read(path: &Path) -> Result<Reading, Error> {
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(&fs::read(path).unwrap())?;
    reader.finish()
}

fn load(reading: &Arc<Reading>, options: LoadOptions) -> Result<Resolved, Error> {
    let mut resolve = Resolve::new(vec![reading.clone()], options)?;
    task::finish(|budget| resolve.advance(budget))
}

/// Every key of `expected` must be in `actual` with the same value.
pub(crate) fn contains(
    actual: &Value,
    expected: &Value,
    at: &str,
    wrong: &mut Vec<String>,
) {
    match expected {
        Value::Object(fields) => {
            for (key, value) in fields {
                contains(&actual[key], value, &format!("{at}.{key}"), wrong);
            }
        }
        _ if actual == expected => {}
        _ => wrong.push(format!("{at}: {actual} instead of {expected}")),
    }
}

fn all_codes(messages: &Value, codes: &Value, at: &str, wrong: &mut Vec<String>) {
    let said: Vec<&Value> =
        messages.as_array().into_iter().flatten().map(|m| &m["code"]).collect();
    for code in codes.as_array().into_iter().flatten() {
        if !said.contains(&code) {
            wrong.push(format!("{at}: {code} is not among {said:?}"));
        }
    }
}

fn check_found(found: &Found, expected: &Value, wrong: &mut Vec<String>) {
    let actual = json!(found);
    for key in ["platform", "kind"] {
        if let Some(value) = expected.get(key) {
            contains(&actual[key], value, key, wrong);
        }
    }
    for (role, names) in expected["roles"].as_object().into_iter().flatten() {
        let entry = found.mapping.iter().find(|e| e.role.name() == role);
        let columns = entry.map_or(&[][..], |e| &e.columns);
        let mapped: Vec<&str> =
            columns.iter().map(|&c| found.columns[c].name.trim()).collect();
        let names: Vec<&str> = names
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_str().unwrap().trim())
            .collect();
        if mapped != names {
            wrong.push(format!("role {role}: {mapped:?} instead of {names:?}"));
        }
    }
    if let Some(questions) = expected.get("questions") {
        let asked: Vec<&str> = found.questions.iter().map(|q| q.id.as_str()).collect();
        contains(&json!(asked), questions, "questions", wrong);
    }
    all_codes(&actual["understood"], &expected["understood"], "understood", wrong);
    all_codes(&actual["notices"], &expected["foundNotices"], "notices of found", wrong);
}

fn check_ledger(resolved: &Resolved, expected: &Value, wrong: &mut Vec<String>) {
    let ledger = json!(resolved.ledger);
    if let Some(figures) = expected.get("ledger") {
        contains(&ledger, figures, "ledger", wrong);
    }
    all_codes(&ledger["notices"], &expected["notices"], "notices", wrong);
    let listed: serde_json::Map<String, Value> = resolved
        .ledger
        .set_aside
        .iter()
        .map(|s| (s.reason.to_owned(), json!([s.rows, s.exact_amount])))
        .collect();
    if let Some(expected) = expected.get("setAside")
        && *expected != Value::Object(listed.clone())
    {
        wrong.push(format!("set aside: {listed:?} instead of {expected}"));
    }
}

fn check(path: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let json = fs::read_to_string(path.with_extension("json")).unwrap();
    let expected: Value = serde_json::from_str(&json).unwrap();
    let reading = Arc::new(read(path).unwrap());
    check_found(&mapping::found(&reading), &expected, &mut wrong);
    let first = load(&reading, LoadOptions::default());
    match (&first, expected["error"].as_str()) {
        (Ok(resolved), None) => check_ledger(resolved, &expected, &mut wrong),
        (Err(error), Some(code)) if error.code() == code => {}
        (Ok(_), Some(code)) => wrong.push(format!("loads instead of {code}")),
        (Err(error), _) => wrong.push(format!("error {error}")),
    }
    if let Some(answers) = expected["answers"].as_object() {
        let mut options = LoadOptions::default();
        for (id, answer) in answers {
            options.answers.insert(id.clone(), answer.as_str().unwrap().to_owned());
        }
        match load(&reading, options) {
            Ok(resolved) => check_ledger(&resolved, &expected, &mut wrong),
            Err(error) => wrong.push(format!("error with answers {error}")),
        }
    }
    wrong
}

#[test]
fn exports_of_shop_systems_are_understood() {
    check_all("platforms", 50);
}

#[test]
fn every_way_of_writing_numbers_and_days_is_read() {
    check_all("formats", 80);
}

fn check_all(folder: &str, least: usize) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut files: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    files.sort();
    assert!(files.len() >= least, "fixtures are missing in {}", dir.display());
    let mut report = String::new();
    for file in &files {
        for wrong in check(file) {
            let name = file.file_stem().unwrap().to_string_lossy();
            report.push_str(&format!("{name}: {wrong}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

fn reading(text: &str) -> Arc<Reading> {
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(text.as_bytes()).unwrap();
    Arc::new(reader.finish().unwrap())
}

fn load_all(files: &[&str], options: LoadOptions) -> Result<Resolved, Error> {
    let readings = files.iter().map(|text| reading(text)).collect();
    let mut resolve = Resolve::new(readings, options)?;
    task::finish(|budget| resolve.advance(budget))
}

const YEAR_ONE: &str = "order_id,order_date,customer_id,total\n\
    1,2023-12-30,ann,10.00\n2,2023-12-31,bo,20.00\n3,2024-01-01,ann,5.00\n";
const YEAR_TWO: &str = "order_id,order_date,customer_id,total\n\
    2,2023-12-31,bo,20.00\n3,2024-01-01,ann,5.00\n4,2024-02-01,cy,7.50\n";

#[test]
fn rows_that_two_files_share_are_counted_and_dropped_on_request() {
    let kept = load_all(&[YEAR_ONE, YEAR_TWO], LoadOptions::default()).unwrap().ledger;
    assert_eq!((kept.rows_read, kept.duplicates), (6, 2));
    assert_eq!((kept.shop.orders, kept.shop.exact.net.as_str()), (4, "67.5"));
    let mut options = LoadOptions::default();
    options.settings.drop_duplicates = true;
    let dropped = load_all(&[YEAR_ONE, YEAR_TWO], options).unwrap().ledger;
    assert_eq!((dropped.shop.orders, dropped.shop.exact.net.as_str()), (4, "42.5"));
    let aside = &dropped.set_aside[0];
    assert_eq!((aside.reason, aside.rows, aside.exact_amount.as_str()), {
        ("duplicate", 2, "25")
    });
    let example = aside.example.as_ref().unwrap();
    assert_eq!((example.file, example.row), (1, 2));
    assert_eq!(example.text, "bo | 2 | 2023-12-31 | 20.00");
}

#[test]
fn columns_of_a_further_file_are_found_by_name() {
    let turned = "Total;Customer ID;Order Date;Order ID\n7.50;cy;2024-02-01;4\n";
    let both = load_all(&[YEAR_ONE, turned], LoadOptions::default()).unwrap().ledger;
    assert_eq!((both.shop.orders, both.shop.exact.net.as_str()), (4, "42.5"));
    let other = "order_id,order_date,total\n4,2024-02-01,7.50\n";
    let error = load_all(&[YEAR_ONE, other], LoadOptions::default()).unwrap_err();
    assert_eq!(error.code(), "different-layout");
    assert_eq!(format!("{:?}", error.params()["column"]), "Text(\"customer_id\")");
}

#[test]
fn a_file_that_decides_its_dates_decides_for_the_other() {
    let open =
        "order_id,order_date,customer_id,total\n1,03/04/2024,ann,1\n2,05/04/2024,bo,2\n";
    let clear = "order_id,order_date,customer_id,total\n3,13/04/2024,ann,4\n";
    let error = load_all(&[open], LoadOptions::default()).unwrap_err();
    assert_eq!(error.code(), "needs-answers");
    let both = load_all(&[open, clear], LoadOptions::default()).unwrap().ledger;
    assert_eq!(both.first_date.unwrap().to_string(), "2024-04-03");
    assert_eq!(both.last_date.unwrap().to_string(), "2024-04-13");
}

#[test]
fn columns_are_joined_where_the_mapping_says_so() {
    use regulars::mapping::{MappingEntry, Role, Rule};
    let text = "order_id,day,clock,first,last,total\n\
        1,2024-01-02,10:30,Ann,Lee,1.00\n2,2024-01-02,09:15,Ann,Ray,2.00\n\
        3,2024-01-03,08:00,Ann,Lee,4.00\n";
    let mut reader = Reader::new(ReadOptions {
        keep: Some({
            use regulars::columns::Keep::{Packed, Text};
            vec![Text, Packed, Packed, Text, Text, Packed]
        }),
        ..ReadOptions::default()
    });
    reader.push(text.as_bytes()).unwrap();
    let join = |role, columns| MappingEntry {
        rule: Some(Rule::Join),
        ..MappingEntry::new(role, columns)
    };
    let options = LoadOptions {
        mapping: Some(vec![
            MappingEntry::new(Role::OrderId, vec![0]),
            join(Role::OrderDate, vec![1, 2]),
            join(Role::CustomerId, vec![3, 4]),
            MappingEntry::new(Role::Amount, vec![5]),
        ]),
        ..LoadOptions::default()
    };
    let mut resolve =
        Resolve::new(vec![Arc::new(reader.finish().unwrap())], options).unwrap();
    let Resolved { orders, .. } = task::finish(|budget| resolve.advance(budget)).unwrap();
    let names: Vec<_> = orders.customers.iter().collect();
    assert_eq!(names, [b"Ann Lee", b"Ann Ray"]);
    assert_eq!(orders.second, [10 * 3600 + 1800, 8 * 3600, 9 * 3600 + 900]);
}

#[test]
fn switches_keep_what_they_name() {
    let text = "order_id,order_date,customer_id,total,status\n\
        1,2024-01-02,ann,1.00,paid\n2,2024-01-03,bo,2.00,cancelled\n\
        3,2024-01-04,cy,0.00,paid\n4,2024-01-05,dee,8.00,failed\n";
    let of = |settings: regulars::orders::LoadSettings| {
        let options = LoadOptions { settings, ..LoadOptions::default() };
        load_all(&[text], options).unwrap().ledger
    };
    let base = regulars::orders::LoadSettings::default;
    assert_eq!(of(base()).shop.orders, 2);
    let mut settings = base();
    settings.leave_out_cancelled = false;
    assert_eq!(of(settings.clone()).shop.exact.net, "3");
    settings.leave_out_failed = false;
    settings.zero_orders = false;
    let ledger = of(settings.clone());
    assert_eq!((ledger.shop.orders, ledger.shop.exact.net.as_str()), (3, "11"));
    assert_eq!(ledger.set_aside[0].reason, "free");
    assert_eq!(ledger.settings, settings);
}

#[test]
fn days_are_those_of_the_shops_clocks_where_times_say_their_zone() {
    use regulars::orders::Zone;
    // Shanghai has had one offset since 1991.
    let shanghai =
        Zone { name: "Asia/Shanghai".into(), from: vec![0], offset: vec![8 * 3600] };
    let of = |text: &str, zone: Option<Zone>| {
        let options = LoadOptions { zone, ..LoadOptions::default() };
        let ledger = load_all(&[text], options).unwrap().ledger;
        let codes: Vec<&str> = ledger.notices.iter().map(|m| m.code).collect();
        assert_eq!(codes.contains(&"days-in-zone"), ledger.zone.is_some());
        let days = [ledger.first_date, ledger.last_date].map(|d| d.unwrap().to_string());
        (ledger.zoned, ledger.zone, days)
    };
    let utc = "order_id,order_date,customer_id,total\n\
        1,2024-01-02T15:59:59Z,ann,1.00\n2,2024-01-09T16:00:00Z,bo,2.00\n";
    let named = utc.replace('Z', "").replace("order_date", "Created (UTC)");
    let offset = utc.replace('Z', "+02:00");
    let plain = utc.replace('Z', "");
    let seconds = "order_id,order_date,customer_id,total\n\
        1,1704211199,ann,1.00\n2,1704816000,bo,2.00\n";
    let name = Some("Asia/Shanghai".to_owned());
    let as_written = ["2024-01-02", "2024-01-09"].map(str::to_owned);
    let moved = ["2024-01-02", "2024-01-10"].map(str::to_owned);
    for text in [utc, &named, seconds] {
        assert_eq!(of(text, None), (true, None, as_written.clone()), "{text}");
        assert_eq!(
            of(text, Some(shanghai.clone())),
            (true, name.clone(), moved.clone()),
            "{text}"
        );
    }
    assert_eq!(
        of(&offset, Some(shanghai.clone())),
        (true, name.clone(), as_written.clone())
    );
    assert_eq!(of(&plain, Some(shanghai.clone())), (false, None, as_written));
    let error = load_all(
        &[utc],
        LoadOptions { zone: Some(Zone::default()), ..LoadOptions::default() },
    );
    assert_eq!(error.unwrap_err().code(), "bad-zone");
}
