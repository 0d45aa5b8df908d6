//! Tiers: everybody is in one, borders are reached by whom they say, and the migration
//! is that of counts made here from the records.

use std::collections::BTreeMap;

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::segments::{Loyalty, LoyaltyOptions, TierRule, loyalty};

use crate::common::{Record, orders, record};

const AS_OF: i32 = 500;
const WINDOW: i32 = 100;

fn shop() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..25, 1_i32..=AS_OF, 0_i64..9_000, -2_000_i64..=0);
    prop::collection::vec(one, 1..150).prop_map(|rows| {
        let named = |(i, (who, day, gross, returns)): (usize, (u32, i32, i64, i64))| {
            record(&format!("c{who}"), &format!("o{i}"), day, gross, returns)
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

fn tier(name: &str, share: f64, least: Option<f64>) -> TierRule {
    TierRule { name: name.to_owned(), share, least, perks: 2.0, lift: 0.1 }
}

fn options(least: Option<f64>) -> LoyaltyOptions {
    LoyaltyOptions {
        tiers: vec![
            tier("top", 0.1, None),
            tier("important", 0.3, least),
            tier("small", 0.6, None),
        ],
        window_days: WINDOW as u32,
        ..LoyaltyOptions::default()
    }
}

fn simulated(records: &[Record], options: &LoyaltyOptions) -> Loyalty {
    let orders = orders(records, 2);
    loyalty(&orders, &customers(&orders, Day(AS_OF)), options).unwrap()
}

/// Net revenue within a window of everybody who had bought by `known`, by name.
fn spent(records: &[Record], known: i32, to: i32) -> BTreeMap<&str, i64> {
    let mut people: BTreeMap<&str, i64> = BTreeMap::new();
    for r in records.iter().filter(|r| r.gross > 0 && r.day <= known) {
        people.insert(r.customer.as_deref().unwrap(), 0);
    }
    for r in records.iter().filter(|r| r.day > to - WINDOW && r.day <= to) {
        if let Some(sum) = people.get_mut(r.customer.as_deref().unwrap()) {
            *sum += r.gross + r.returns;
        }
    }
    people
}

proptest! {
    #[test]
    fn everybody_is_in_one_tier_and_borders_hold(
        records in shop(), least in prop::option::of(1.0_f64..80.0),
    ) {
        let options = options(least);
        let found = simulated(&records, &options);
        let people = spent(&records, AS_OF, AS_OF);
        let sizes: u32 = found.tiers.iter().map(|t| t.customers).sum();
        prop_assert_eq!(sizes as usize, people.len());
        let money: i64 = people.values().sum();
        let revenue: f64 = found.tiers.iter().map(|t| t.revenue).sum();
        prop_assert!((revenue * 100.0 - money as f64).abs() < 0.01);
        let mut ceiling = f64::INFINITY;
        let tiers = found.tiers.iter().zip(&options.tiers);
        for (place, (t, rule)) in tiers.enumerate() {
            let floor = t.least.unwrap_or(f64::NEG_INFINITY);
            prop_assert!(floor <= ceiling);
            let own = people.values().filter(|&&v| {
                let v = v as f64 / 100.0;
                v >= floor - 1e-9 && v < ceiling - 1e-9
            });
            prop_assert_eq!(own.clone().count() as u32, t.customers, "{}", t.name);
            if t.least.is_some() {
                let near = people.values().filter(|&&v| {
                    let v = v as f64 / 100.0;
                    v < floor - 1e-9 && v >= 0.9 * floor - 1e-9
                        // Those of the next tier only: who is two tiers below is not near.
                        && found.tiers[place + 1].least.is_none_or(|next| v >= next - 1e-9)
                });
                prop_assert_eq!(near.count() as u32, t.near, "{}", t.name);
            }
            let points = t.revenue.max(0.0) * 0.01 * 0.6;
            let cost = points + rule.perks * f64::from(t.customers);
            prop_assert!((t.cost - cost).abs() < 1e-6);
            prop_assert!((t.worth - t.revenue.max(0.0) * 0.1 * 0.3).abs() < 1e-6);
            ceiling = floor;
        }
        let cost: f64 = found.tiers.iter().map(|t| t.cost).sum();
        prop_assert!((found.cost - cost).abs() < 1e-6);
    }

    #[test]
    fn the_migration_is_that_of_counts_made_from_the_records(records in shop()) {
        let found = simulated(&records, &options(None));
        let borders: Vec<f64> = found.tiers.iter().filter_map(|t| t.least).collect();
        let places = borders.len() + 2;
        let place = |sum: i64| {
            let value = sum as f64 / 100.0;
            if sum <= 0 { places - 1 } else {
                borders.iter().position(|&b| value >= b - 1e-9).unwrap_or(borders.len())
            }
        };
        let first = records.iter().map(|r| r.day).min().unwrap();
        let mut counts = vec![vec![0.0; places]; places];
        let mut steps = 0;
        for back in 1..=3 {
            let then = AS_OF - back * WINDOW;
            if then - WINDOW < first {
                break;
            }
            steps += 1;
            let (before, after) = (spent(&records, then, then), spent(&records, then, then + WINDOW));
            for (who, &sum) in &before {
                counts[place(sum)][place(after[who])] += 1.0;
            }
        }
        prop_assert_eq!(found.steps, steps);
        for (from, row) in found.migration.iter().enumerate() {
            let all: f64 = counts[from].iter().sum();
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            for (to, &share) in row.iter().enumerate() {
                let own = f64::from(u8::from(from == to));
                let expected = if all > 0.0 { counts[from][to] / all } else { own };
                prop_assert!((share - expected).abs() < 1e-12);
            }
        }
        // One step after the other, and nobody is lost on the way.
        if steps > 0 {
            prop_assert_eq!(found.forecast.len(), 4);
            for step in 1..4 {
                for to in 0..places {
                    let sum: f64 = (0..places)
                        .map(|from| found.forecast[step - 1][from] * found.migration[from][to])
                        .sum();
                    prop_assert!((found.forecast[step][to] - sum).abs() < 1e-9);
                }
                let all: f64 = found.forecast[step].iter().sum();
                prop_assert!((all - spent(&records, AS_OF, AS_OF).len() as f64).abs() < 1e-6);
            }
        } else {
            prop_assert!(found.notices.iter().any(|n| n.code == "loyalty-no-history"));
        }
    }

    #[test]
    fn row_order_changes_nothing(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        let options = options(Some(20.0));
        prop_assert_eq!(simulated(&records, &options), simulated(&shuffled, &options));
    }
}

#[test]
fn ten_customers_by_hand() {
    // Spent in the window: 100, 90, ... 10; in the one before it the other way round.
    let mut records = vec![record("c1", "first", 100, 1, 0)];
    for i in 1..=10_i64 {
        let name = format!("c{i}");
        let sum = |n: i64| n * 1_000;
        records.push(record(&name, &format!("old{i}"), 350, sum(i), 0));
        records.push(record(&name, &format!("new{i}"), 450, sum(11 - i), 0));
    }
    let options = LoyaltyOptions {
        tiers: vec![tier("top", 0.2, None), tier("rest", 0.8, None)],
        ..options(None)
    };
    let found = simulated(&records, &options);
    assert_eq!(found.tiers[0].least, Some(90.0));
    assert_eq!((found.tiers[0].customers, found.tiers[0].revenue), (2, 190.0));
    // 80 lacks a tenth less than 90: eight ninths are not nine tenths.
    assert_eq!(found.tiers[0].near, 0);
    assert_eq!((found.tiers[1].customers, found.tiers[1].revenue), (8, 360.0));
    // 190 and 360 at 1 point, a cent each, six in ten redeemed; perks of 2 a head.
    assert!((found.cost - (550.0 * 0.006 + 20.0)).abs() < 1e-9);
    assert!((found.worth - 550.0 * 0.1 * 0.3).abs() < 1e-9);
    let even = found.break_even_lift.unwrap();
    assert!((even - found.cost / (550.0 * 0.3)).abs() < 1e-12);
    // Steps: 300 to 400 saw the old order, 400 to 500 the new one; before 300 nobody but
    // c1 had bought, on day 100, in no window that counts.
    assert_eq!(found.steps, 3);
    // c9 and c10 were at the top and are in the rest; c1 and c2 came up from the rest.
    assert_eq!(found.migration[0], [0.0, 1.0, 0.0]);
    assert_eq!(found.migration[1], [0.25, 0.75, 0.0]);
}
