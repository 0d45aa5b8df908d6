//! Any bytes, read whole, in pieces and in parts: the same, and no crash; where they
//! hold orders, every row and all money are accounted for.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use regulars::columns::Keep;
use regulars::error::Result;
use regulars::orders::{LoadOptions, Resolve};
use regulars::reader::{Part, Plan, ReadOptions, Reader, Reading};
use regulars::task::Step;

fn options() -> ReadOptions {
    ReadOptions { preview_rows: usize::MAX, record_limit: 1 << 20, ..ReadOptions::default() }
}

fn read(bytes: &[u8], size: usize) -> Result<Reading> {
    let mut reader = Reader::new(options());
    for piece in bytes.chunks(size) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn same(left: &Reading, right: &Reading) {
    assert_eq!(left.preview, right.preview);
    assert_eq!(left.counts, right.counts);
    assert_eq!(left.notices, right.notices);
    assert_eq!(left.columns.rows(), right.columns.rows());
    for i in 0..left.columns.len().min(50) {
        assert_eq!(left.columns.evidence(i), right.columns.evidence(i));
    }
}

/// Rows in are rows used and rows set aside; the orders add up to the ledger.
fn accounted(reading: Reading) {
    let rows = reading.columns.rows();
    let options = LoadOptions::default();
    let Ok(mut load) = Resolve::new(vec![Arc::new(reading)], options) else { return };
    let resolved = loop {
        match load.advance(4096) {
            Ok(Step::Done(resolved)) => break resolved,
            Ok(Step::Working(_)) => {}
            Err(_) => return,
        }
    };
    let (orders, ledger) = (resolved.orders, resolved.ledger);
    let aside = ledger.set_aside.iter().filter(|entry| entry.from == "shop");
    let aside: u64 = aside.map(|entry| entry.rows).sum();
    assert_eq!((ledger.rows_read, rows), (ledger.shop.rows + aside, rows));
    let sum = |money: &[i64]| money.iter().sum::<i64>();
    let (gross, returns) = (sum(&orders.gross), sum(&orders.returns));
    let exact = |money: i64| orders.scale.exact(money);
    assert_eq!(ledger.shop.exact.gross, exact(gross));
    assert_eq!(ledger.shop.exact.returns, exact(returns));
    assert_eq!(ledger.shop.exact.net, exact(gross + returns));
}

fuzz_target!(|data: &[u8]| {
    let [size, cut, repeat, bytes @ ..] = data else { return };
    // Parts look for a start at 4 KB, so short inputs are repeated.
    let bytes = bytes.repeat(1 + *repeat as usize % 32);
    let whole = read(&bytes, usize::MAX);
    let pieces = read(&bytes, 1 + *size as usize);
    let whole = match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            same(&whole, &pieces);
            whole
        }
        (whole, pieces) => {
            assert_eq!(whole.err(), pieces.err());
            return;
        }
    };
    assert_eq!(whole.columns.rows() as usize, whole.preview.len());
    let mut plan = Plan::new(&bytes, true, &options()).expect("it was read");
    // The first part holds the header; then anything may be cut.
    let bytes = &bytes[plan.encoding.mark..];
    plan.keep = vec![Keep::Text; plan.names.len()];
    let lines = plan.layout.first_data_row as usize;
    let ends = bytes.iter().enumerate().filter(|(_, b)| matches!(b, b'\n' | b'\r'));
    let head = ends.map(|(i, _)| i + 1).nth(lines * 2).unwrap_or(bytes.len());
    let at = head + (bytes.len() - head) * *cut as usize / 255;
    let part = |mut part: Part, bytes: &[u8]| {
        part.push(bytes).map(|()| part)
    };
    let alone = part(Part::first(plan.clone()), bytes).and_then(Part::finish);
    let left = part(Part::first(plan.clone()), &bytes[..at]);
    let merged = left.and_then(|left| {
        left.merge(part(Part::new(plan), &bytes[at..])?)?.finish()
    });
    match (alone, merged) {
        (Ok(alone), Ok(merged)) => {
            same(&alone, &merged);
            accounted(whole);
        }
        (alone, merged) => assert_eq!(alone.err().is_some(), merged.err().is_some()),
    }
});
