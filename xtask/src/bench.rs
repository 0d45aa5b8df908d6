//! `cargo xtask bench`: Regulars beside its peers on the same data: reading in one
//! Chromium, lifetime models and k-means in Node against Python, a border moved on the page.

use crate::shell::{Result, run as run_program};
use crate::test::BENCHES;
use crate::{chromium, node, wasm};

/// Builds, installs the peers and runs benches/browser/run.js on the files.
pub fn run(args: &[String]) -> Result<()> {
    if let Some(("lifetime", rest)) = args.split_first().map(|(a, r)| (a.as_str(), r)) {
        wasm::build(false)?;
        return node::script("benches/lifetime/run.js", rest);
    }
    if let Some(("segments", rest)) = args.split_first().map(|(a, r)| (a.as_str(), r)) {
        wasm::build(false)?;
        node::script("xtask/dist.js", &["--no-weigh".to_owned()])?;
        let script = "benches/segments/run.js";
        let browser = chromium::path()?;
        return run_program(node::node(script, rest).env(chromium::VARIABLE, browser));
    }
    wasm::build(false)?;
    // The page needs no peers, but to be packed.
    if args.iter().any(|arg| arg == "--page") {
        node::script("xtask/dist.js", &["--no-weigh".to_owned()])?;
    } else {
        node::install_in(BENCHES)?;
    }
    let browser = chromium::path()?;
    run_program(
        node::node("benches/browser/run.js", args).env(chromium::VARIABLE, browser),
    )
}
