//! Prints what was found in a file and its ledger, as JSON:
//! `cargo run --release --example ledger -- FILE... [--found] [--time] [key=answer]`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use regulars::mapping;
use regulars::orders::{LoadOptions, Resolve};
use regulars::reader::{ReadOptions, Reader};
use regulars::task;

fn main() -> ExitCode {
    let mut options = LoadOptions::default();
    let (mut found, mut time) = (false, false);
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.split_once('=') {
            _ if argument == "--found" => found = true,
            _ if argument == "--time" => time = true,
            Some(("currency", value)) => options.currency = Some(value.to_owned()),
            Some(("dropDuplicates", value)) => {
                options.settings.drop_duplicates = value == "true";
            }
            Some((key, value)) => {
                options.answers.insert(key.to_owned(), value.to_owned());
            }
            None => files.push(argument),
        }
    }
    match run(&files, options, found, time) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(
    files: &[String],
    options: LoadOptions,
    found: bool,
    time: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut readings = Vec::new();
    let begun = Clock::start();
    for file in files {
        let bytes = std::fs::read(file)?;
        let mut reader = Reader::new(ReadOptions::default());
        for piece in bytes.chunks(1 << 20) {
            reader.push(piece)?;
        }
        readings.push(Arc::new(reader.finish()?));
    }
    let read = begun.elapsed();
    if found {
        for reading in &readings {
            show(&mapping::found(reading))?;
        }
        return Ok(());
    }
    let begun = Clock::start();
    let mut resolve = Resolve::new(readings, options)?;
    let resolved = task::finish(|budget| resolve.advance(budget));
    let resolve_time = begun.elapsed();
    match resolved {
        Ok(resolved) => show(&resolved.ledger)?,
        Err(error) => {
            show(&resolve.questions())?;
            return Err(error.into());
        }
    }
    if time {
        eprintln!("read {read}, resolved {resolve_time}");
    }
    Ok(())
}

/// Wall-clock time and, where Linux tells it, processor time.
struct Clock(Instant, u64);

impl Clock {
    fn start() -> Clock {
        Clock(Instant::now(), processor_time())
    }

    fn elapsed(&self) -> String {
        let processor = (processor_time() - self.1) as f64 / 1e6;
        format!("{:?} ({processor:.1} ms of processor time)", self.0.elapsed())
    }
}

fn processor_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat");
    let first = text.ok().and_then(|t| t.split(' ').next()?.parse().ok());
    first.unwrap_or(0)
}

fn show(value: &impl serde::Serialize) -> serde_json::Result<()> {
    use std::io::Write;
    let text = serde_json::to_string_pretty(value)?;
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}
