//! A Chromium to test and measure in: found, or installed where that can be done.

use std::path::Path;
use std::process::Command;

use crate::node;
use crate::shell::{Result, command, output, run};

/// The variable that names a browser; the scripts are told by it too.
pub const VARIABLE: &str = "REGULARS_CHROMIUM";

const PROGRAMS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/// The path of a browser.
///
/// # Errors
/// When there is none and none can be installed, with what to do.
pub fn path() -> Result<String> {
    if let Some(found) = found() {
        return Ok(found);
    }
    eprintln!("no Chrome or Chromium was found; installing one");
    let installed = if debian_as_root() { from_debian() } else { from_playwright() };
    match installed {
        Ok(()) => {}
        Err(reason) => eprintln!("{reason}"),
    }
    found().or_else(playwrights).ok_or_else(|| {
        format!(
            "install Chrome or Chromium so that it is on the PATH, or set {VARIABLE} to its program"
        )
    })
}

fn found() -> Option<String> {
    if let Ok(named) = std::env::var(VARIABLE) {
        return Some(named);
    }
    let runs = |program: &&&str| {
        // `--version` starts no window; a snap stub without its snap fails.
        output(Command::new(program).arg("--version")).is_some()
    };
    let on_path = PROGRAMS.iter().find(runs).map(|p| absolute(p));
    on_path.or_else(|| {
        PLACES.iter().find(|p| Path::new(p).exists()).map(|p| (*p).to_owned())
    })
}

/// Playwright wants a path, not a name.
fn absolute(program: &str) -> String {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .map(|dir| dir.join(program))
        .find(|path| path.exists())
        .map_or_else(|| program.to_owned(), |path| path.to_string_lossy().into_owned())
}

fn debian_as_root() -> bool {
    let root = output(&mut command("id", &["-u"])).is_some_and(|id| id == "0");
    root && Path::new("/etc/debian_version").exists()
}

fn from_debian() -> Result<()> {
    let apt = |args: &[&str]| {
        run(command("apt-get", args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])
}

fn from_playwright() -> Result<()> {
    node::install()?;
    run(&mut command(
        "node",
        &["node_modules/playwright-core/cli.js", "install", "chromium"],
    ))
}

/// Where Playwright keeps its own browser, if it has one.
fn playwrights() -> Option<String> {
    let print = "console.log(require('playwright-core').chromium.executablePath())";
    output(&mut command("node", &["-e", print])).filter(|path| Path::new(path).exists())
}
