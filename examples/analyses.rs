//! Times the shop's analyses beside the reading of a file:
//! `cargo run --release --example analyses -- FILE`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use regulars::basket::{Basket, BasketOptions};
use regulars::cohorts::{Cohorts, CohortsOptions};
use regulars::customers::customers;
use regulars::describe::{Describe, DescribeOptions};
use regulars::error::Error;
use regulars::forecast::{Forecast, ForecastOptions};
use regulars::orders::{LoadOptions, Resolve};
use regulars::reader::{ReadOptions, Reader};
use regulars::task::finish;

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("which file?");
        return ExitCode::FAILURE;
    };
    match run(&file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The middle of five times.
fn time<T>(mut work: impl FnMut() -> Result<T, Error>) -> Result<(T, Duration), Error> {
    let mut times = Vec::new();
    loop {
        let begun = Instant::now();
        let result = work()?;
        times.push(begun.elapsed());
        if times.len() == 5 {
            times.sort_unstable();
            return Ok((result, times[2]));
        }
    }
}

fn run(file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = std::fs::read(file)?;
    let (orders, reading) = time(|| {
        let mut reader = Reader::new(ReadOptions::default());
        for piece in bytes.chunks(1 << 20) {
            reader.push(piece)?;
        }
        let readings = vec![Arc::new(reader.finish()?)];
        let mut resolve = Resolve::new(readings, LoadOptions::default())?;
        Ok(finish(|budget| resolve.advance(budget))?.orders)
    })?;
    let as_of = orders.last_day().ok_or_else(|| Error::new("no-orders"))?.plus(1);
    let base = customers(&orders, as_of);
    let (_, describe) = time(|| {
        let mut task = Describe::new(&orders, as_of, DescribeOptions::default());
        finish(|budget| Ok::<_, Error>(task.advance(&orders, &base, budget)))
    })?;
    let (_, cohorts) = time(|| {
        let mut task = Cohorts::new(&orders, &base, CohortsOptions::default())?;
        finish(|budget| Ok::<_, Error>(task.advance(&orders, &base, budget)))
    })?;
    let (rules, basket) = time(|| {
        let mut task = Basket::new(&orders, as_of, BasketOptions::default())?;
        finish(|budget| task.advance(&orders, budget))
    })?;
    let (_, forecast) = time(|| {
        let mut task = Forecast::new(&orders, &base, ForecastOptions::default())?;
        finish(|budget| task.advance(&orders, &base, budget))
    })?;
    let all = describe + cohorts + basket + forecast;
    let lines = [
        ("reading", reading),
        ("describe", describe),
        ("cohorts", cohorts),
        ("basket", basket),
        ("forecast", forecast),
        ("all four", all),
    ];
    for (name, time) in lines {
        eprintln!("{name:10} {time:?}");
    }
    eprintln!("all four by reading: {:.2}", all.as_secs_f64() / reading.as_secs_f64());
    eprintln!("{} rules, {:?} sets", rules.rules.len(), rules.result.sets_by_size);
    Ok(())
}
