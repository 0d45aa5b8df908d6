//! The project's commands, `cargo xtask <command>`: everything that a machine
//! with only rustup and Node needs to build, serve, test, measure and pack it.

mod bench;
mod chromium;
mod node;
mod pack;
mod panics;
mod shell;
mod test;
mod wasm;

use std::process::ExitCode;

use shell::Result;

const USAGE: &str = "\
cargo xtask <command>

  serve             build everything, serve dist/regulars.html on localhost, open it
  test              all tests: Rust, package in Node, page in Chromium
  build [--quick]   the wasm and its JavaScript side, into pkg/wasm (--quick: for a look, not optimised)
  dist              the one self-contained page, dist/regulars.html; prints its sizes
  package           the npm package, dist/regulars-<version>.tgz
  pack              a part of the page, from standard input to standard output
  bench FILE...     time Regulars beside its peers in Chromium
  bench lifetime    time the lifetime models beside Python's lifetimes (PYTHON)
  bench segments    time k-means beside scikit-learn (PYTHON), and a border moved on the page
  lint              formatting, clippy, documentation, types, package layout
  unit              the crate's own tests
  node              tests of the package in Node (after build)
  browser [FILE...] tests of the page in Chromium (after dist)
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    match dispatch(&command, &rest) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Result<ExitCode> {
    let quick = rest.iter().any(|a| a == "--quick");
    match command {
        "serve" => {
            wasm::build(quick)?;
            node::script("xtask/dist.js", &[])?;
            node::script("xtask/serve.js", rest)?;
        }
        "build" => wasm::build(quick)?,
        "dist" => {
            wasm::build(quick)?;
            node::script("xtask/dist.js", &[])?;
        }
        "package" => {
            wasm::build(false)?;
            node::script("xtask/dist.js", &[])?;
            node::pack()?;
        }
        "pack" => pack::run()?,
        "bench" => bench::run(rest)?,
        "test" => return test::all(),
        "lint" => return test::some(&[test::Step::Lint]),
        "unit" => return test::some(&[test::Step::Unit]),
        "node" => return test::some(&[test::Step::Node]),
        "browser" => return test::browser(rest),
        _ => {
            eprint!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
