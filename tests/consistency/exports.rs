//! The same bytes in give the same bytes out: the export of the sample shop
//! natively and in Node (`tests/package/same-bytes.test.js` holds the same mark).

use regulars::sample::{Sample, SampleOptions};
use regulars::session::{
    ExportArgs, Goal, InspectArgs, LoadArgs, Output, Session, ViewArgs,
};
use regulars::table::Plain;
use regulars::task::{Step, finish};

/// FNV-1a of the export, as both tests compute it.
const MARK: &str = include_str!("../fixtures/sample-export.fnv");

const COLUMNS: [&str; 15] = [
    "customerId",
    "firstOrder",
    "lastOrder",
    "recencyDays",
    "orders",
    "revenue",
    "gross",
    "returns",
    "rfmCell",
    "segment",
    "pAlive",
    "expectedOrders",
    "orderValue",
    "clv",
    "country",
];

fn run(session: &mut Session, budget: u64) -> Output {
    loop {
        if let Step::Done(output) = session.advance(budget).unwrap() {
            return output;
        }
    }
}

#[test]
fn the_export_of_the_sample_shop_is_the_same_as_in_node() {
    let options = SampleOptions { seed: 1, customers: 600 };
    let mut sample = Sample::new(options).unwrap();
    let csv = finish(|budget| Ok::<_, ()>(sample.advance(budget))).unwrap();
    let mut session = Session::new();
    session.inspect(&InspectArgs::default()).unwrap();
    for piece in csv.chunks(7_919) {
        session.push(piece).unwrap();
    }
    session.end_input().unwrap();
    let Output::Found(found) = run(&mut session, 1_000) else { panic!("nothing found") };
    let args = LoadArgs { found: vec![found.id], ..LoadArgs::default() };
    session.load(args).unwrap();
    run(&mut session, 1_000);
    let columns = COLUMNS.map(|name| Plain::Text(name.to_owned())).to_vec();
    let plain = Plain::Object(vec![("columns".to_owned(), Plain::List(columns))]);
    let export = Goal::Export(ExportArgs::parse(&plain).unwrap());
    session.analyse(ViewArgs::default(), export).unwrap();
    let Output::Bytes(bytes) = run(&mut session, 1_000) else { panic!("no bytes") };
    let mark = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |mark, &byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(format!("{mark:016x} {}", bytes.len()), MARK.trim());
}
