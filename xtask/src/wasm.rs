//! The crates as WebAssembly with their JavaScript side, in pkg/wasm.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{Result, cargo, command, output, root, run};
use crate::{node, panics};

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

/// How wasm-opt is told to make a module small. What the compiler did not inline stays
/// a function of its own: said once, it packs better. The second round finds some more.
const SMALL: &str = "--no-inline=* -Oz -Oz";

/// A crate that becomes a module of its own; how each is compiled is said by the
/// profile `wasm`.
struct Part {
    package: &'static str,
    /// File name of what the compiler and the binding generator write.
    name: &'static str,
}

const PARTS: [Part; 3] = [
    Part { package: "regulars", name: "regulars" },
    Part { package: "regulars-extras", name: "regulars_extras" },
    Part { package: "regulars-unpack", name: "regulars_unpack" },
];

/// Compiles the crates and writes `pkg/wasm/regulars{,_extras,_unpack}{.js,.d.ts,_bg.wasm}`;
/// `quick` compiles with few optimisations and leaves out the optimiser.
pub fn build(quick: bool) -> Result<()> {
    add_target()?;
    node::install()?;
    PARTS.iter().try_for_each(|part| build_part(part, quick))
}

fn build_part(part: &Part, quick: bool) -> Result<()> {
    let Part { package, name } = part;
    let start = Instant::now();
    let profile = if quick { "quick" } else { "wasm" };
    run(&mut cargo(&[
        "build",
        "--package",
        package,
        "--lib",
        "--profile",
        profile,
        "--target",
        TARGET,
    ]))?;
    let compiled = target_dir().join(TARGET).join(profile).join(format!("{name}.wasm"));
    let wasm = format!("{name}_bg.wasm");
    let stamp = root().join(format!("target/xtask-wasm-stamp-{name}"));
    let version = format!("{:?} {quick}", modified(&compiled)?);
    let out = root().join("pkg/wasm");
    if out.join(&wasm).exists() && fs::read_to_string(&stamp).is_ok_and(|s| s == version)
    {
        return Ok(());
    }
    bind(&compiled, &out)?;
    if !quick {
        optimise(&out.join(&wasm))?;
    }
    fs::write(&stamp, version).map_err(|e| format!("{}: {e}", stamp.display()))?;
    let size = fs::metadata(out.join(&wasm)).map_or(0, |m| m.len());
    eprintln!(
        "pkg/wasm/{wasm}: {} KB in {:.0} s",
        size / 1000,
        start.elapsed().as_secs_f64()
    );
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
    // A profiler or a look at sizes wants to know who is who.
    let named = std::env::var_os("WASM_NAMES").is_some();
    let mut module = ModuleConfig::new()
        .generate_name_section(named)
        .generate_producers_section(false)
        .parse_file(compiled)
        .map_err(|e| format!("{}: {e:#}", compiled.display()))?;
    panics::silence(&mut module);
    panics::forget_places(&mut module);
    let name = compiled.file_stem().unwrap_or_default().to_string_lossy();
    let mut bindgen = Bindgen::new();
    bindgen
        .input_module(&name, module)
        .typescript(true)
        .omit_default_module_path(false)
        .reset_state_function(true)
        .web(true)
        .and_then(|b| b.generate(out))
        .map_err(|e| format!("wasm-bindgen: {e:#}"))
}

fn optimise(wasm: &Path) -> Result<()> {
    let file = wasm.to_string_lossy();
    let mut args = vec!["node_modules/binaryen/bin/wasm-opt", &file, "-o", &file];
    let level = std::env::var("WASM_OPT").unwrap_or_else(|_| SMALL.to_owned());
    args.extend(level.split(' '));
    args.extend(FEATURES);
    run(&mut command("node", &args))
}
