//! Published fits from a table of x, t_x and T: CDNOW's customers, BG/NBD of
//! Fader, Hardie and Lee (2005) and Gamma-Gamma of Fader and Hardie (2013).

use std::path::Path;

use regulars::customers::customers;
use regulars::lifetime::{LifetimeOptions, LifetimeTask, ModelChoice};
use regulars::orders::{LoadOptions, Resolve};
use regulars::reader::{ReadOptions, Reader};
use regulars::task::finish;

#[test]
fn the_histories_of_cdnow_give_the_published_fit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cdnow");
    let name = "cdnow_customers_summary_with_transactions.csv";
    let Ok(bytes) = std::fs::read(root.join(name)) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(&bytes).unwrap();
    let reading = std::sync::Arc::new(reader.finish().unwrap());
    let mut resolve = Resolve::new(vec![reading], LoadOptions::default()).unwrap();
    let orders = finish(|budget| resolve.advance(budget)).unwrap().orders;
    let as_of = orders.last_day().unwrap().plus(1);
    let base = customers(&orders, as_of);
    assert_eq!(base.len(), 2_357);
    let options =
        LifetimeOptions { model: ModelChoice::BgNbd, ..LifetimeOptions::default() };
    let mut task = LifetimeTask::new(&orders, &base, options).unwrap();
    let result = finish(|budget| task.advance(budget)).unwrap().result;
    let near = |found: f64, published: f64, within: f64| {
        assert!((found - published).abs() < within, "{found} {published}");
    };
    assert_eq!(result.repeaters, 946);
    near(result.log_likelihood.unwrap(), -9582.429, 0.01);
    for (found, published) in result.parameters.iter().zip([0.243, 4.414, 0.793, 2.426]) {
        near(found.value, published, 0.001);
    }
    let spend = result.spend.unwrap();
    for (found, published) in spend.parameters.iter().zip([6.25, 3.74, 15.44]) {
        near(found.value, published, 0.03);
    }
}
