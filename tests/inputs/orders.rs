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
fn contains(actual: &Value, expected: &Value, at: &str, wrong: &mut Vec<String>) {
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
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/platforms");
    let mut files: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    files.sort();
    assert!(files.len() >= 50, "fixtures are missing in {}", dir.display());
    let mut report = String::new();
    for file in &files {
        for wrong in check(file) {
            let name = file.file_stem().unwrap().to_string_lossy();
            report.push_str(&format!("{name}: {wrong}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
