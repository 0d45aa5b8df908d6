//! The one-way rule and the thin boundary, read off the sources themselves.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of the crate, from the first to the last. A module may use those
/// of earlier layers and itself, and nothing beside or after it.
const LAYERS: &[&[&str]] = &[
    &["decimal", "distances", "message", "numerics", "sort", "wire"],
    &["error", "names", "task"],
    &["calendar", "money"],
    &["periods"],
    &["csv"],
    &["columns"],
    &["orders", "reader", "mapping"],
    &["customers"],
    &["habits"],
    &[
        "describe",
        "rfm",
        "segments",
        "lifetime",
        "churn",
        "winback",
        "health",
        "cohorts",
        "basket",
        "forecast",
        "lifecycle",
        "cluster",
        "sample",
    ],
    &["table"],
    &["session"],
    &["wasm"],
];

/// Pairs within one layer that may see each other, with the reason.
const NEIGHBOURS: &[(&str, &str)] = &[
    // Reading is one fold: which columns are kept is decided from the head,
    // and orders are resolved from what was read under the mapping.
    ("reader", "mapping"),
    ("mapping", "reader"),
    // What was understood of a file comes from the first pass over its orders.
    ("mapping", "orders"),
    ("orders", "reader"),
    ("orders", "mapping"),
    // The map of segments belongs to the scores it is a map of.
    ("rfm", "segments"),
    // The stages of the life cycle are described as segments are.
    ("lifecycle", "segments"),
    ("segments", "rfm"),
    // Learned groups are described as segments are.
    ("cluster", "segments"),
];

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level module of a file: `src/rfm/score.rs` and `src/rfm.rs` are `rfm`.
fn module(path: &Path) -> String {
    let inner = path.strip_prefix(src()).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without comments and without its inline tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Modules named as `crate::name`, and within `use crate::{a, b::c}`.
fn used(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut item) = (0, String::new());
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.insert(std::mem::take(&mut item));
                    }
                    _ if depth == 0 => item.push(c),
                    _ => {}
                }
            }
            names.insert(item);
        } else {
            names.insert(rest.to_owned());
        }
    }
    let word = |name: &str| {
        name.trim()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    names.iter().map(|n| word(n)).filter(|n: &String| !n.is_empty()).collect()
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|names| names.contains(&module))
        .unwrap_or_else(|| panic!("module {module} has no layer; add it to LAYERS"))
}

#[test]
fn data_flows_one_way() {
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let from = module(&path);
        if from == "lib" || from == "core" {
            continue;
        }
        for to in used(&code(&path)) {
            let known = LAYERS.iter().any(|names| names.contains(&to.as_str()));
            let neighbour = NEIGHBOURS.contains(&(from.as_str(), to.as_str()));
            if known && from != to && !neighbour && layer(&to) >= layer(&from) {
                wrong.push(format!("{}: {from} must not use {to}", path.display()));
            }
        }
        layer(&from);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_boundary_names_javascript() {
    let foreign = ["wasm_bindgen", "js_sys", "web_sys", "serde_wasm_bindgen"];
    for path in sources(&src()) {
        if module(&path) == "wasm" {
            continue;
        }
        let code = code(&path);
        for name in foreign {
            assert!(!code.contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn transcendental_functions_go_through_libm() {
    let methods = [
        ".exp()",
        ".ln()",
        ".ln_1p()",
        ".exp_m1()",
        ".powf(",
        ".log10()",
        ".log2()",
        ".sin()",
        ".cos()",
        ".tan()",
        ".tanh()",
        ".mul_add(",
        ".cbrt()",
        ".exp2()",
    ];
    for path in sources(&src()) {
        let code = code(&path);
        for name in methods {
            assert!(!code.contains(name), "{} calls {name}; use libm", path.display());
        }
    }
}

#[test]
fn clocks_and_chance_stay_outside() {
    for path in sources(&src()) {
        let code = code(&path);
        for name in [
            "SystemTime",
            "Instant::now",
            "thread_rng",
            "rand::rng(",
            "HashMap",
            "HashSet",
        ] {
            assert!(!code.contains(name), "{} uses {name}", path.display());
        }
    }
}
