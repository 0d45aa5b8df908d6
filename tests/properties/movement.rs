//! Movement and life cycle: everybody is counted once, and bars are naive counts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::customers::{Customers, customers};
use regulars::lifecycle::{Lifecycle, LifecycleOptions, LifecycleStages};
use regulars::orders::Orders;
use regulars::segments::{Direction, Standing, direction, movement};
use regulars::table::{Contacts, MovementExport, matrix_csv};
use regulars::task::Step;

use crate::common::{Record, orders, record};
use crate::scored::{columns, standing};

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (1_u32..30, 0_i32..300, 0_i64..900, -300_i64..=0);
    prop::collection::vec(one, 1..150).prop_map(|rows| {
        let named = |(i, (who, day, gross, returns)): (usize, (u32, i32, i64, i64))| {
            record(&format!("{who}"), &format!("o{i}"), day, gross, returns)
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

fn followed(orders: &Orders, day: i32, budget: u64) -> LifecycleStages {
    let customers = customers(orders, Day(day));
    let mut task = Lifecycle::new(orders, &customers, &LifecycleOptions::default());
    loop {
        if let Step::Done(found) = task.advance(orders, &customers, budget) {
            return found;
        }
    }
}

proptest! {
    #[test]
    fn rows_and_columns_of_the_matrix_are_the_segments(
        records in records(), first in 0_i32..299, days in 1_i32..300,
    ) {
        let shop = orders(&records, 2);
        let (before, was) = standing(&shop, first);
        let (after, now) = standing(&shop, first + days);
        let moved = movement(
            Standing { customers: &before, segment: &was.segment },
            Standing { customers: &after, segment: &now.segment },
            &was.ids,
            shop.scale,
        ).unwrap();
        for (s, segment) in was.result.segments.iter().enumerate() {
            prop_assert_eq!(moved.customers[s].iter().sum::<u32>(), segment.customers);
        }
        for (s, segment) in now.result.segments.iter().enumerate() {
            let column: u32 = moved.customers.iter().map(|row| row[s]).sum();
            prop_assert_eq!(column, segment.customers);
        }
        let arrived = (after.len() - before.len()) as u32;
        prop_assert_eq!(moved.arrived.customers, arrived);
        let diagonal: u32 = (0..11).map(|s| moved.customers[s][s]).sum();
        prop_assert_eq!(moved.stayed.customers, diagonal);
        let upper: u32 = (0..11).map(|s| moved.customers[s][..s].iter().sum::<u32>()).sum();
        prop_assert_eq!(moved.rose.customers, upper);
        // Money between the days, of those who are customers at the end.
        let net = |c: &Customers| (0..c.len()).map(|i| c.revenue(i)).sum::<i64>();
        let ways = [&moved.rose, &moved.fell, &moved.stayed, &moved.arrived];
        let sum: f64 = ways.iter().map(|way| way.revenue).sum();
        prop_assert!((sum * 100.0 - (net(&after) - net(&before)) as f64).abs() < 0.01);
        // Each customer's own segment before, found by name.
        for c in 0..after.len() {
            let number = after.number[c];
            let place = before.number.iter().position(|&n| n == number);
            prop_assert_eq!(moved.previous[c], place.map(|p| was.segment[p]));
        }
        let ways = [Direction::Rose, Direction::Fell];
        let columns = columns(&shop, &after, &now);
        let contacts = Contacts::of(&columns, false);
        let labels = Default::default();
        let mut export =
            MovementExport::new(&moved, &now.segment, &ways, labels, contacts);
        let mut text = Vec::new();
        while let Some(chunk) = export.next_chunk(&columns, &moved, 2) {
            text.extend(chunk);
        }
        let text = String::from_utf8(text).unwrap();
        let lines = text.lines().count() as u32;
        prop_assert_eq!(lines, 1 + moved.rose.customers + moved.fell.customers);
        prop_assert!(text.lines().skip(1).all(|line| line.contains(",quantile,")));
        // The matrix says the same, however much of it is hidden.
        let list = |smallest: u32| {
            let csv = matrix_csv(&moved, "quantile", shop.scale, &Default::default(), smallest);
            let text = String::from_utf8(csv).unwrap();
            let counts = text.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().to_owned());
            counts.collect::<Vec<_>>()
        };
        let whole = list(0);
        prop_assert_eq!(whole.last().unwrap(), &after.len().to_string());
        for (shown, count) in list(5).iter().zip(&whole) {
            prop_assert!(shown == "suppressed" || shown == count);
        }
    }

    #[test]
    fn the_life_cycle_counts_everybody_once(records in records(), as_of in 0_i32..320) {
        let shop = orders(&records, 2);
        let found = followed(&shop, as_of, u64::MAX);
        prop_assert_eq!(&found, &followed(&shop, as_of, 5));
        let base = customers(&shop, Day(as_of));
        let sizes: u32 = found.result.stages.iter().map(|s| s.customers).sum();
        prop_assert_eq!(sizes as usize, base.len());
        prop_assert!(found.result.late_after <= found.result.lost_after);

        // Bars against sets of buyers by month.
        let month = |day: i32| {
            let date = Day(day).civil();
            format!("{:04}-{:02}", date.year(), date.month())
        };
        let mut active: BTreeMap<String, BTreeSet<&str>> =
            found.result.periods.period.iter().map(|p| (p.clone(), BTreeSet::new())).collect();
        for r in records.iter().filter(|r| r.gross > 0 && r.day <= as_of) {
            active.get_mut(&month(r.day)).unwrap().insert(r.customer.as_deref().unwrap());
        }
        let mut ever: BTreeSet<&str> = BTreeSet::new();
        let mut last: BTreeSet<&str> = BTreeSet::new();
        let bars = &found.result.periods;
        for (i, now) in active.values().enumerate() {
            let count = |pick: &dyn Fn(&&&str) -> bool| now.iter().filter(|c| pick(c)).count();
            prop_assert_eq!(bars.new[i] as usize, count(&|c| !ever.contains(**c)));
            prop_assert_eq!(bars.returning[i] as usize, count(&|c| last.contains(**c)));
            prop_assert_eq!(
                bars.resurrected[i] as usize,
                count(&|c| ever.contains(**c) && !last.contains(**c))
            );
            prop_assert_eq!(bars.dormant[i] as usize, last.difference(now).count());
            ever.extend(now);
            last = now.clone();
        }
        let people: BTreeSet<&str> = records.iter().filter(|r| r.day <= as_of)
            .filter_map(|r| r.customer.as_deref()).collect();
        prop_assert_eq!(found.result.potential as usize, people.len() - ever.len());
    }
}

#[test]
fn stages_follow_each_customers_own_cadence() {
    let mut records = Vec::new();
    let mut id = 0;
    let mut order = |who: &str, day: i32| {
        id += 1;
        records.push(record(who, &format!("o{id}"), day, 100, 0));
    };
    // Sixty customers give the shop its habit: after 4, 10 and 22 days.
    for who in 0..60 {
        for day in [262, 266, 276, 298] {
            order(&format!("usual {who}"), day);
        }
    }
    (0..40).for_each(|n| order("mature", n * 7));
    (0..12).for_each(|n| order("slow but steady", n * 25));
    (0..4).for_each(|n| order("lost", n * 10));
    order("new", 298);
    let shop = orders(&records, 2);
    let found = followed(&shop, 300, u64::MAX);
    let base = customers(&shop, Day(300));
    let stage = |who: &str| {
        let number = shop.customers.find(who.as_bytes()).unwrap();
        let place = base.number.iter().position(|&n| n == number).unwrap();
        regulars::lifecycle::STAGES[usize::from(found.stage[place])]
    };
    assert_eq!(found.result.usual_gap_days, Some(10.0));
    assert_eq!(stage("new"), "new");
    assert_eq!(stage("usual 7"), "growing");
    // Silent for 25 days: nothing for the slow one, late for the quick one.
    assert_eq!(stage("slow but steady"), "mature");
    assert_ne!(stage("mature"), "mature");
    assert_eq!(stage("lost"), "lost");
}

#[test]
fn the_earlier_day_comes_first() {
    let shop = orders(&[record("ann", "1", 3, 100, 0)], 2);
    let (day, found) = standing(&shop, 10);
    let standing = Standing { customers: &day, segment: &found.segment };
    let error = movement(standing, standing, &found.ids, shop.scale).unwrap_err();
    assert_eq!(error.code(), "movement-days");
    assert_eq!(direction(Some(3), 1), Direction::Rose);
}
