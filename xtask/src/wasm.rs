//! The crate as WebAssembly with its JavaScript side, in pkg/wasm.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use wasm_bindgen_cli_support::Bindgen;

use crate::node;
use crate::shell::{Result, cargo, command, output, root, run};

/// The target of the crate in browsers and Node.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What LLVM may use for this target and all browsers with SIMD know.
const FEATURES: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Compiles the crate and writes `pkg/wasm/regulars{.js,.d.ts,_bg.wasm}`;
/// `quick` compiles with few optimisations and leaves out the optimiser.
pub fn build(quick: bool) -> Result<()> {
    add_target()?;
    node::install()?;
    let start = Instant::now();
    let profile = if quick { "quick" } else { "release" };
    run(&mut cargo(&[
        "build",
        "--package",
        "regulars",
        "--lib",
        "--profile",
        profile,
        "--target",
        TARGET,
    ]))?;
    let compiled = target_dir().join(TARGET).join(profile).join("regulars.wasm");
    let stamp = root().join("target/xtask-wasm-stamp");
    let version = format!("{:?} {quick}", modified(&compiled)?);
    let out = root().join("pkg/wasm");
    if out.join("regulars_bg.wasm").exists()
        && fs::read_to_string(&stamp).is_ok_and(|s| s == version)
    {
        return Ok(());
    }
    bind(&compiled, &out)?;
    if !quick {
        optimise(&out.join("regulars_bg.wasm"))?;
    }
    fs::write(&stamp, version).map_err(|e| format!("{}: {e}", stamp.display()))?;
    let size = fs::metadata(out.join("regulars_bg.wasm")).map_or(0, |m| m.len());
    eprintln!("pkg/wasm: {} KB in {:.0} s", size / 1000, start.elapsed().as_secs_f64());
    Ok(())
}

fn modified(path: &Path) -> Result<std::time::SystemTime> {
    fs::metadata(path)
        .and_then(|m| m.modified())
        .map_err(|e| format!("{}: {e}", path.display()))
}

fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Adds the wasm target where rustup has not done so by itself.
fn add_target() -> Result<()> {
    let list = output(&mut command("rustup", &["target", "list", "--installed"]));
    match list {
        Some(list) if list.lines().any(|l| l == TARGET) => Ok(()),
        Some(_) => run(&mut command("rustup", &["target", "add", TARGET])),
        // Without rustup the toolchain must bring the target; cargo says if not.
        None => Ok(()),
    }
}

fn bind(compiled: &Path, out: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .typescript(true)
        .omit_default_module_path(false)
        // A profiler or a look at sizes wants to know who is who.
        .remove_name_section(std::env::var_os("WASM_NAMES").is_none())
        .remove_producers_section(true)
        .reset_state_function(true)
        .web(true)
        .and_then(|b| b.generate(out))
        .map_err(|e| format!("wasm-bindgen: {e:#}"))
}

fn optimise(wasm: &Path) -> Result<()> {
    let file = wasm.to_string_lossy();
    let mut args = vec!["node_modules/binaryen/bin/wasm-opt", &file, "-o", &file];
    let level = std::env::var("WASM_OPT").unwrap_or_else(|_| "-O3".to_owned());
    args.extend(level.split(' '));
    args.extend(FEATURES);
    run(&mut command("node", &args))
}
