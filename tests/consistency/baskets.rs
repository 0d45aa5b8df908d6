//! Baskets of a made-up shop: sequences by counting anew, offers, lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regulars::basket::{Basket, BasketOptions, Kind, Mined, Of};
use regulars::orders::{LoadOptions, Orders, Resolve};
use regulars::reader::{ReadOptions, Reader};
use regulars::sample::{Sample, SampleOptions};
use regulars::task::finish;

fn shop() -> Orders {
    let options = SampleOptions { seed: 5, customers: 400 };
    let bytes: Vec<u8> = Sample::new(options).unwrap().flatten().collect();
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(&bytes).unwrap();
    let reading = Arc::new(reader.finish().unwrap());
    let mut task = Resolve::new(vec![reading], LoadOptions::default()).unwrap();
    finish(|budget| task.advance(budget)).unwrap().orders
}

fn mined(orders: &Orders, options: BasketOptions, budget: u64) -> Mined {
    let as_of = orders.last_day().unwrap().plus(1);
    let mut task = Basket::new(orders, as_of, options).unwrap();
    finish(|_| task.advance(orders, budget)).unwrap()
}

#[test]
fn sequences_are_those_of_counting_anew() {
    let orders = shop();
    let options =
        BasketOptions { items: vec![Kind::Product], ..BasketOptions::default() };
    let found = mined(&orders, options.clone(), 300).result;
    assert_eq!(found, mined(&orders, options, u64::MAX).result);
    let sequences = found.sequences.unwrap();
    assert!(!sequences.rows.is_empty() && !sequences.again.is_empty());
    let lines = orders.lines.as_ref().unwrap();
    let name = |place: usize| found.items[place].value.clone().unwrap();
    let (mut exposed, mut followed) = (BTreeMap::new(), BTreeMap::new());
    for customer in 0..orders.customers.len() as u32 {
        let mut bought: Vec<(i32, String)> = Vec::new();
        for i in orders.of(customer).filter(|&i| orders.is_order[i]) {
            for line in lines.start[i] as usize..lines.start[i + 1] as usize {
                if lines.amount.get(line) > 0 {
                    let product = lines.products.text(lines.product[line]).into_owned();
                    bought.push((orders.day[i], product));
                }
            }
        }
        let firsts: BTreeSet<&String> =
            bought.iter().map(|(_, product)| product).collect();
        for first in firsts {
            let day = bought.iter().filter(|b| b.1 == *first).map(|b| b.0).min().unwrap();
            if day > sequences.until.0 {
                continue;
            }
            *exposed.entry(first.clone()).or_insert(0_u64) += 1;
            let after: BTreeSet<&String> = bought
                .iter()
                .filter(|b| b.0 > day && b.0 <= day + 90)
                .map(|(_, product)| product)
                .collect();
            for then in after {
                *followed.entry((first.clone(), then.clone())).or_insert(0_u64) += 1;
            }
        }
    }
    for row in sequences.rows.iter().chain(&sequences.again) {
        let (first, then) = (name(row.first), name(row.then));
        assert_eq!(row.exposed, exposed[&first], "{first}");
        assert_eq!(row.followed, followed[&(first, then)]);
        assert!(row.median_days >= 1.0 && row.most_days <= 90.0);
    }
    assert!(sequences.rows.iter().all(|row| row.q <= 0.05 && row.lift > 1.0));
}

#[test]
fn offers_are_new_to_the_customer_and_follow_from_rules() {
    let orders = shop();
    let as_of = orders.last_day().unwrap().plus(1);
    let options = BasketOptions {
        of: Of::Customer,
        items: vec![Kind::Product],
        ..BasketOptions::default()
    };
    let mined = mined(&orders, options, u64::MAX);
    let lines = orders.lines.as_ref().unwrap();
    let mut offered = 0;
    for customer in 0..orders.customers.len() as u32 {
        let (found, _) = mined.offers.offers(&orders, &mined, as_of, customer, 5);
        let records = orders.of(customer).filter(|&i| orders.is_order[i]);
        let has: BTreeSet<String> = records
            .flat_map(|i| lines.start[i] as usize..lines.start[i + 1] as usize)
            .map(|line| lines.products.text(lines.product[line]).into_owned())
            .collect();
        for offer in &found.offers {
            offered += 1;
            assert!(!has.contains(offer.item.value.as_ref().unwrap()));
            assert!(
                offer.because.iter().all(|i| has.contains(i.value.as_ref().unwrap()))
            );
        }
        let sure: Vec<f64> = found.offers.iter().map(|offer| offer.confidence).collect();
        assert!(sure.is_sorted_by(|a, b| a >= b));
    }
    assert!(offered > 100, "{offered}");
}

#[test]
fn attributes_and_categories_mix_and_nothing_given_is_found() {
    let orders = shop();
    let found = mined(
        &orders,
        BasketOptions { limit: 10_000, ..BasketOptions::default() },
        u64::MAX,
    );
    let result = &found.result;
    let kind = |place: &usize| result.items[*place].kind;
    assert!(
        result
            .rules
            .iter()
            .any(|r| r.antecedent.iter().any(|i| kind(i) == Kind::Attribute))
    );
    assert!(
        result
            .rules
            .iter()
            .all(|r| r.consequent.iter().all(|i| kind(i) != Kind::Attribute))
    );
    let columns = |items: &[usize]| -> Vec<String> {
        let attributes = items.iter().filter(|i| kind(i) == Kind::Attribute);
        attributes.map(|&i| result.items[i].column.clone().unwrap()).collect()
    };
    for set in &result.sets {
        let own = columns(&set.items);
        assert_eq!(own.len(), own.iter().collect::<BTreeSet<_>>().len());
    }
}
