//! Frequent sets and rules of groceries.csv against mlxtend 0.25.0: see
//! `basket.py`, which prints the figures.

use std::path::Path;
use std::sync::Arc;

use regulars::basket::{Basket, BasketOptions, BasketResult};
use regulars::calendar::Day;
use regulars::mapping::{self, Kind};
use regulars::orders::{LoadOptions, Resolve};
use regulars::reader::{ReadOptions, Reader};
use regulars::task::finish;

/// Antecedent, consequent, baskets, confidence, lift, leverage, conviction, p, q.
type Expected = (&'static str, &'static str, u64, f64, f64, f64, f64, f64, f64);

/// The first ten rules by lift.
const RULES: [Expected; 10] = [
    (
        "citrus fruit + other vegetables",
        "root vegetables",
        102,
        0.3591549295774648,
        3.295045459323103,
        0.007223633263540849,
        1.3903540282798035,
        6.760216265464326e-30,
        5.272968687062174e-29,
    ),
    (
        "other vegetables + yogurt",
        "whipped/sour cream",
        100,
        0.23419203747072598,
        3.2670619695384255,
        0.007055562691889485,
        1.2122062968646274,
        9.695848678592165e-28,
        5.533728270220895e-27,
    ),
    (
        "other vegetables + tropical fruit",
        "root vegetables",
        121,
        0.34277620396600567,
        3.144779819035136,
        0.008390802072529218,
        1.355704906824676,
        3.856086110430263e-33,
        4.5116207492034077e-32,
    ),
    (
        "beef",
        "root vegetables",
        171,
        0.3313953488372093,
        3.0403668431100312,
        0.011668204065608208,
        1.3326283680732078,
        7.668026723315965e-45,
        1.993686948062151e-43,
    ),
    (
        "citrus fruit + root vegetables",
        "other vegetables",
        102,
        0.5862068965517241,
        3.0296084222733612,
        0.006947868089878522,
        1.9490594814438227,
        9.123465634147552e-31,
        7.907003549594546e-30,
    ),
    (
        "root vegetables + tropical fruit",
        "other vegetables",
        121,
        0.5845410628019324,
        3.020999134344196,
        0.008230505940804154,
        1.941244487532661,
        3.5989428686465353e-36,
        6.015375937594924e-35,
    ),
    (
        "other vegetables + whole milk",
        "root vegetables",
        228,
        0.30978260869565216,
        2.84208204899416,
        0.015025635233513626,
        1.2908998474834772,
        8.835313535141839e-55,
        5.168658418057976e-53,
    ),
    (
        "root vegetables",
        "other vegetables + whole milk",
        228,
        0.2126865671641791,
        2.84208204899416,
        0.015025635233513626,
        1.1750913773952685,
        8.835313535141839e-55,
        5.168658418057976e-53,
    ),
    (
        "butter",
        "other vegetables + whole milk",
        113,
        0.2073394495412844,
        2.7706297367371358,
        0.007342658698210353,
        1.1671644636502287,
        9.24836644381548e-25,
        4.243368133044749e-24,
    ),
    (
        "curd + whole milk",
        "yogurt",
        99,
        0.3852140077821012,
        2.761355514968633,
        0.0064207465891841725,
        1.3996711563583943,
        3.0216157799014687e-23,
        1.1784301541615726e-22,
    ),
];

fn groceries(budget: u64) -> Option<BasketResult> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/data/basket/groceries.csv");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: ../shared/data is absent");
        return None;
    };
    let mut reader = Reader::new(ReadOptions::default());
    bytes.chunks(65_536).for_each(|chunk| reader.push(chunk).unwrap());
    let reading = Arc::new(reader.finish().unwrap());
    let found = mapping::found(&reading);
    assert_eq!(found.kind, Kind::Baskets);
    let mut task = Resolve::new(vec![reading], LoadOptions::default()).unwrap();
    let resolved = finish(|_| task.advance(1_000)).unwrap();
    let (orders, ledger) = (resolved.orders, resolved.ledger);
    assert!(orders.undated);
    assert_eq!(
        (ledger.rows_read, ledger.shop.rows, ledger.shop.orders),
        (9_835, 9_835, 9_835)
    );
    assert_eq!((ledger.first_date, ledger.last_date), (None, None));
    let options =
        BasketOptions { redundant: true, limit: 1_000, ..BasketOptions::default() };
    let mut task = Basket::new(&orders, Day(1), options).unwrap();
    Some(finish(|_| task.advance(&orders, budget)).unwrap().result)
}

#[test]
fn groceries_have_the_sets_and_rules_of_mlxtend() {
    let Some(found) = groceries(u64::MAX) else { return };
    assert_eq!((found.baskets, found.counts.products), (9_835, 169));
    assert_eq!(found.sets_by_size, [88, 213, 32]);
    assert_eq!((found.total_rules, found.rules.len()), (234, 234));
    assert_eq!(found.significant_rules, 226);
    assert_eq!((found.used_support, found.counts.cut), (0.01, 0));
    let names = |items: &[usize]| {
        let mut names: Vec<&str> =
            items.iter().map(|&i| found.items[i].value.as_deref().unwrap()).collect();
        names.sort_unstable();
        names.join(" + ")
    };
    let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
    // Equal lifts may stand in any order among themselves.
    for (antecedent, consequent, baskets, confidence, lift, leverage, conviction, p, q) in
        RULES
    {
        let place = found.rules[..10].iter().position(|rule| {
            names(&rule.antecedent) == antecedent && names(&rule.consequent) == consequent
        });
        let rule = &found.rules[place.unwrap_or_else(|| panic!("{antecedent}"))];
        assert_eq!(rule.baskets, baskets);
        near(rule.confidence, confidence);
        near(rule.lift, lift);
        near(rule.leverage, leverage);
        near(rule.conviction.unwrap(), conviction);
        // scipy adds up logarithms of gamma of its own.
        for (own, theirs) in [(rule.p, p), (rule.q, q)] {
            assert!((own / theirs - 1.0).abs() < 1e-8, "{own} {theirs}");
        }
    }
    near(found.rules.iter().map(|rule| rule.lift).sum(), 422.3966146050019);
    let convictions = found.rules.iter().filter_map(|rule| rule.conviction).sum();
    near(convictions, 288.373762606734);
    // Nobody is known by name, so that nothing can be followed.
    assert_eq!(found.sequences, None);
    assert!(found.notices.iter().any(|n| n.code == "basket-nobody-followed"));
}

#[test]
fn slices_change_nothing() {
    let (Some(whole), Some(slices)) = (groceries(u64::MAX), groceries(500)) else {
        return;
    };
    assert_eq!(whole, slices);
}
