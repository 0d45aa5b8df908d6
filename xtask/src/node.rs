//! The JavaScript side: Node itself, the dependencies, scripts.

use std::fs;
use std::process::Command;

use crate::shell::{Result, command, output, root, run};

/// The oldest Node that will do.
const OLDEST: u32 = 20;

/// The program that runs npm: a script on Windows.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Installs what the lock file names, unless that was done already.
pub fn install() -> Result<()> {
    let version = output(&mut command("node", &["--version"])).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
    if !major.parse::<u32>().is_ok_and(|major| major >= OLDEST) {
        return Err(format!("Node {OLDEST} or later is needed; here is {version:?}"));
    }
    install_in(".")
}

/// The same for a folder with a lock file of its own.
pub fn install_in(folder: &str) -> Result<()> {
    let dir = root().join(folder);
    let lock = fs::read(dir.join("package-lock.json"))
        .map_err(|e| format!("{folder}/package-lock.json: {e}"))?;
    let stamp = dir.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(command(NPM, &["ci", "--no-progress"]).current_dir(&dir))?;
    fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Runs a script of the project.
pub fn script(path: &str, args: &[String]) -> Result<()> {
    install()?;
    run(&mut node(path, args))
}

/// Node with a script and its arguments.
pub fn node(path: &str, args: &[String]) -> Command {
    let mut all = vec![path];
    all.extend(args.iter().map(String::as_str));
    command("node", &all)
}

/// Packs pkg/ as npm would publish it.
pub fn pack() -> Result<()> {
    install()?;
    fs::create_dir_all(root().join("dist")).map_err(|e| format!("dist: {e}"))?;
    run(&mut command(NPM, &["pack", "--workspace", "pkg", "--pack-destination", "dist"]))
}
