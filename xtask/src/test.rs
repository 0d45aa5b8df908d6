//! `cargo xtask test`: every check there is, and how many passed.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::shell::{Result, cargo, command, root, shown};
use crate::{chromium, node, wasm};

/// Where the browser benchmark and its own dependencies are.
pub const BENCHES: &str = "benches/browser";

/// Where the random tests read their seed from, and the one that CI uses.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20111209");

/// A group of checks that also runs alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Formatting, clippy, documentation, types, package layout.
    Lint,
    /// The crate's own tests.
    Unit,
    /// The package in Node.
    Node,
    /// The page in Chromium.
    Browser,
}

/// How many checks came out how.
#[derive(Clone, Copy, Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    fn add(&mut self, more: Counts) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

/// Runs everything, from a fresh clone on.
pub fn all() -> Result<ExitCode> {
    wasm::build(false)?;
    node::script("xtask/dist.js", &[])?;
    some(&[Step::Lint, Step::Unit, Step::Node, Step::Browser])
}

/// Runs the browser tests of the named files, or all of them.
pub fn browser(files: &[String]) -> Result<ExitCode> {
    let mut counts = Counts::default();
    node::install()?;
    browser_tests(&mut counts, files)?;
    Ok(close(counts))
}

/// Runs some groups and prints the closing line.
pub fn some(steps: &[Step]) -> Result<ExitCode> {
    let mut counts = Counts::default();
    for step in steps {
        match step {
            Step::Lint => lint(&mut counts)?,
            Step::Unit => unit(&mut counts),
            Step::Node => node_tests(&mut counts, "tests/package", &[], None)?,
            Step::Browser => browser_tests(&mut counts, &[])?,
        }
    }
    Ok(close(counts))
}

fn lint(counts: &mut Counts) -> Result<()> {
    node::install()?;
    check(counts, &mut cargo(&["fmt", "--all", "--check"]));
    check(
        counts,
        &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    );
    // The boundary is compiled for its own target only.
    let wasm = ["--package", "regulars", "--lib", "--target", wasm::TARGET];
    check(counts, cargo(&["clippy"]).args(wasm).args(["--", "-D", "warnings"]));
    let mut doc = cargo(&["doc", "--no-deps", "--document-private-items"]);
    check(counts, doc.env("RUSTDOCFLAGS", "-D warnings"));
    // Its launcher is a script; `npx` would ask the registry first.
    check(
        counts,
        &mut command("node", &["node_modules/typescript/bin/tsc", "--project", "."]),
    );
    check(
        counts,
        &mut command("node", &["node_modules/publint/src/cli.js", "pkg", "--strict"]),
    );
    Ok(())
}

fn unit(counts: &mut Counts) {
    // All test programs run, also after one that fails.
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    // The same random inputs everywhere, so that who reads of a failure can repeat
    // it; another number draws others.
    if std::env::var_os(SEED.0).is_none() {
        tests.env(SEED.0, SEED.1);
    }
    counted(counts, &mut tests, |line, counts| {
        // test result: ok. 12 passed; 0 failed; 1 ignored; ...
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        let number = |word: &str| {
            let before = rest.split(word).next().unwrap_or_default();
            before.split_whitespace().last().and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        counts.passed += number(" passed");
        counts.failed += number(" failed");
        counts.skipped += number(" ignored");
    });
}

/// A browser is many processes that share the machine with others: a file of tests
/// that fails runs once more, alone, and what failed only once is said aloud.
fn browser_tests(counts: &mut Counts, files: &[String]) -> Result<()> {
    let browser = chromium::path()?;
    let files =
        if files.is_empty() { test_files("tests/browser")? } else { files.to_vec() };
    let mut unsteady = Vec::new();
    for file in files {
        let run = || -> Result<Counts> {
            let mut own = Counts::default();
            let one = std::slice::from_ref(&file);
            node_tests(&mut own, "tests/browser", one, Some(browser.clone()))?;
            Ok(own)
        };
        let mut found = run()?;
        if found.failed > 0 {
            found = run()?;
            if found.failed == 0 {
                unsteady.push(file.clone());
            }
        }
        counts.add(found);
    }
    for file in unsteady {
        println!("{file} failed once and passed at the second try");
    }
    Ok(())
}

/// The `*.test.js` of a folder.
fn test_files(folder: &str) -> Result<Vec<String>> {
    let dir = root().join(folder);
    let entries =
        std::fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.js"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    found.sort();
    Ok(found)
}

/// Node's own runner on the `*.test.js` of a folder, or on the files named.
fn node_tests(
    counts: &mut Counts,
    folder: &str,
    files: &[String],
    browser: Option<String>,
) -> Result<()> {
    let found = if files.is_empty() { test_files(folder)? } else { files.to_vec() };
    let mut args = vec![
        "--test",
        "--test-concurrency=1",
        "--test-timeout=600000",
        "--test-reporter=spec",
    ];
    args.extend(found.iter().map(String::as_str));
    let mut tests = command("node", &args);
    tests.envs(browser.map(|path| (chromium::VARIABLE, path)));
    counted(counts, &mut tests, |line, counts| {
        // ℹ pass 12
        let mut words =
            line.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).split(' ');
        let (Some(word), Some(Ok(number)), None) =
            (words.next(), words.next().map(str::parse::<u64>), words.next())
        else {
            return;
        };
        match word {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    });
    Ok(())
}

/// One command that is one check.
fn check(counts: &mut Counts, command: &mut Command) {
    counted(counts, command, |_, _| {});
}

/// Runs a command, shows what it prints, and lets `count` read it line by line.
/// A command that names no test counts as one check; one that fails without
/// naming a failed test as one failure.
fn counted(
    counts: &mut Counts,
    command: &mut Command,
    count: impl Fn(&str, &mut Counts),
) {
    let start = Instant::now();
    eprintln!("$ {}", shown(command));
    let mut own = Counts::default();
    let ok = stream(command, |line| count(line, &mut own)).unwrap_or_else(|error| {
        eprintln!("{error}");
        false
    });
    if ok && own.passed + own.failed + own.skipped == 0 {
        own.passed = 1;
    }
    if !ok && own.failed == 0 {
        own.failed = 1;
    }
    eprintln!(
        "  {} in {:.0} s: {}",
        if ok { "done" } else { "FAILED" },
        start.elapsed().as_secs_f64(),
        shown(command)
    );
    counts.add(own);
}

/// Whether the command ended well; its standard output is passed on.
fn stream(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    let name = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{name} can't be run: {e}"))?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line.map_err(|e| format!("{name}: {e}"))?;
            println!("{line}");
            each(&line);
        }
    }
    let status = child.wait().map_err(|e| format!("{name}: {e}"))?;
    Ok(status.success())
}

fn close(counts: Counts) -> ExitCode {
    println!(
        "{} passed, {} failed, {} skipped",
        counts.passed, counts.failed, counts.skipped
    );
    if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
