//! The shop at a glance on Online Retail, against facts and counts made here.

use std::collections::{BTreeMap, BTreeSet};

use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::describe::{Describe, DescribeOptions, DescribeResult};
use regulars::periods::Unit;
use regulars::task::Step;

use crate::common::{Record, orders};
use crate::online_retail::records;

fn described(records: &[Record], as_of: Option<Day>, budget: u64) -> DescribeResult {
    let orders = orders(records, 3);
    let as_of = as_of.unwrap_or_else(|| orders.last_day().unwrap().plus(1));
    let customers = customers(&orders, as_of);
    let mut task = Describe::new(&orders, as_of, DescribeOptions::default());
    loop {
        if let Step::Done(result) = task.advance(&orders, &customers, budget) {
            return result;
        }
    }
}

#[test]
fn online_retail_at_a_glance() {
    let Some(records) = records() else { return };
    let found = described(&records, None, u64::MAX);
    // The facts of the data's README.
    let exact = |name: &str| found.figures[name].exact.clone().unwrap();
    assert_eq!(exact("gross"), "10666684.544");
    assert_eq!(exact("returns"), "-918936.61");
    assert_eq!(exact("net"), "9747747.934");
    assert_eq!(found.figures["orders"].value, Some(19_960.0));
    assert_eq!(found.figures["customers"].value, Some(4_338.0));
    assert_eq!(found.figures["ordersPerCustomer"].numerator, Some(18_532.0));
    assert_eq!(found.figures["repeatRate"].numerator, Some(f64::from(4_338 - 1_493)));
    assert_eq!(found.figures["guestShare"].numerator, Some(1_447_682.12));

    // Months, counted apart.
    let month = |day: i32| Day(day).to_string()[..7].to_owned();
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut net: BTreeMap<String, i64> = BTreeMap::new();
    let mut buyers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for record in &records {
        *net.entry(month(record.day)).or_default() += record.gross + record.returns;
        let Some(customer) = record.customer.as_deref().filter(|_| record.gross > 0)
        else {
            continue;
        };
        buyers.entry(month(record.day)).or_default().insert(customer);
        let earliest = first.entry(customer).or_insert_with(|| month(record.day));
        *earliest = month(record.day).min(earliest.clone());
    }
    let months = &found.months;
    assert_eq!(months.month, net.keys().cloned().collect::<Vec<_>>());
    for (i, name) in months.month.iter().enumerate() {
        assert_eq!(months.net[i], net[name] as f64 / 1000.0, "{name}");
        let new = first.values().filter(|&month| month == name).count() as u64;
        assert_eq!(months.new_customers[i], new, "{name}");
        let all = buyers[name].len() as u64;
        assert_eq!(months.returning_customers[i], all - new, "{name}");
        // December 2011 ends on the 9th.
        assert_eq!(months.complete[i], name != "2011-12", "{name}");
    }

    // Periods compared are complete ones.
    let by: Vec<(Unit, &str, Option<&str>, Option<&str>)> = found
        .comparisons
        .iter()
        .map(|c| {
            let name = |n: &'_ Option<String>| n.clone().map(|n| &*n.leak());
            (c.unit, &*c.period, name(&c.previous_period), name(&c.year_ago_period))
        })
        .collect();
    assert_eq!(
        by,
        [
            (Unit::Month, "2011-11", Some("2011-10"), None),
            (Unit::Quarter, "2011-Q3", Some("2011-Q2"), None),
        ]
    );
    let orders_of = |name: &str| {
        records.iter().filter(|r| r.gross > 0 && month(r.day) == name).count() as f64
    };
    let compared = &found.comparisons[0].figures[0];
    assert_eq!((compared.id, compared.current), ("orders", Some(orders_of("2011-11"))));
    assert_eq!(compared.previous.unwrap().value, orders_of("2011-10"));

    // The largest country and product, counted apart.
    let mut countries: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    let mut products: BTreeMap<&str, (BTreeSet<&str>, i64)> = BTreeMap::new();
    for record in &records {
        let country = countries.entry(record.country.as_deref().unwrap()).or_default();
        country.0 += u64::from(record.gross > 0);
        country.1 += record.gross + record.returns;
        for (product, _, amount) in &record.lines {
            let sums = products.entry(product).or_default();
            sums.1 += amount;
            if *amount > 0 {
                sums.0.insert(&record.id);
            }
        }
    }
    for (found, name) in
        [(&found.top_countries, "countries"), (&found.top_products, "products")]
    {
        let found = found.as_ref().unwrap();
        assert_eq!(found.len(), 10);
        let expected = |top: &str| match name {
            "countries" => countries[top],
            _ => (products[top].0.len() as u64, products[top].1),
        };
        for top in found {
            let (orders, revenue) = expected(&top.name);
            assert_eq!(
                (top.orders, top.revenue),
                (orders, revenue as f64 / 1000.0),
                "{}",
                top.name
            );
        }
        assert!(found.is_sorted_by(|a, b| a.revenue >= b.revenue));
    }
    let most = products.iter().max_by_key(|(_, sums)| sums.1).unwrap();
    assert_eq!(&found.top_products.as_ref().unwrap()[0].name, most.0);
}

#[test]
fn slices_change_nothing_and_the_future_is_not_seen() {
    let Some(records) = records() else { return };
    let as_of = Day::parse("2011-06-15").unwrap();
    let whole = described(&records, Some(as_of), u64::MAX);
    assert_eq!(whole, described(&records, Some(as_of), 777));
    let past: Vec<Record> = records.into_iter().filter(|r| r.day <= as_of.0).collect();
    let orders = described(&past, Some(as_of), u64::MAX);
    assert_eq!(whole.figures, orders.figures);
    assert_eq!(whole.months, orders.months);
    assert_eq!(whole.months.complete.last(), Some(&false));
}

#[test]
fn months_and_retention_are_those_of_the_independent_count() {
    let Some(records) = records() else { return };
    let found = described(&records, None, 10_000);
    let lines = include_str!("shop.txt").lines();
    let rows: Vec<Vec<&str>> = lines
        .skip_while(|line| !line.starts_with("months of the shop"))
        .skip(1)
        .take(13)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows.len(), found.months.month.len());
    for (i, row) in rows.iter().enumerate() {
        let count = |at: usize| row[at].parse::<u64>().unwrap();
        let money = |at: usize| row[at].parse::<f64>().unwrap();
        assert_eq!(found.months.month[i], row[0]);
        assert_eq!(found.months.orders[i], count(1));
        assert!((found.months.net[i] - money(2) - money(3)).abs() < 1e-6, "{row:?}");
        assert_eq!(found.months.new_customers[i], count(5));
        assert_eq!(found.months.returning_customers[i], count(4) - count(5));
    }
    // November 2011 against October: 622 of 1,364 came again.
    let month = &found.comparisons[0];
    let kept = month.figures.iter().find(|f| f.id == "retentionRate").unwrap();
    assert_eq!(kept.current, Some(622.0 / 1_364.0));
    assert_eq!(kept.previous.unwrap().value, 489.0 / 1_266.0);
    // The third quarter of 2011 is the last whole one.
    let quarter = &found.figures["retentionRate"];
    assert_eq!(quarter.to, Some(Day::parse("2011-09-30").unwrap()));
    let churn = &found.figures["churnRate"];
    assert_eq!(quarter.value.unwrap() + churn.value.unwrap(), 1.0);
}

#[test]
fn distributions_are_those_of_the_orders() {
    let Some(records) = records() else { return };
    let found = described(&records, None, 10_000);
    let of = |id: &str| found.distributions.iter().find(|d| d.id == id).unwrap();
    let value = of("orderValue");
    assert_eq!((value.count, (value.sum * 1000.0).round()), (19_960, 10_666_684_544.0));
    // 1,493 of 4,338 customers have one order, which is also the most frequent.
    let orders = of("customerOrders");
    let mode = orders.mode.unwrap();
    assert_eq!((mode.value, mode.count), (1.0, 1_493));
    assert_eq!((orders.count, orders.sum, orders.median), (4_338, 18_532.0, 2.0));
    let mut counts: Vec<i64> =
        records.iter().filter(|r| r.gross > 0).map(|r| r.gross).collect();
    counts.sort_unstable();
    let middle = (counts[9_979] + counts[9_980]) as f64 / 2000.0;
    assert!((value.median - middle).abs() < 1e-9);
    let logs: f64 = counts.iter().map(|&v| libm::log(v as f64 / 1000.0)).sum();
    let geometric = libm::exp(logs / 19_960.0);
    assert!((value.geometric_mean.unwrap() / geometric - 1.0).abs() < 1e-12);
    // Customers' own averages, weighed by their orders, are the average order.
    let weighed = of("customerAverageOrder").weighted.unwrap();
    assert!((weighed.mean - 8_911_407.904 / 18_532.0).abs() < 1e-9);
    for spread in &found.distributions {
        let binned: u64 = spread.bins.iter().map(|bin| bin.count).sum();
        assert_eq!(binned, spread.count, "{}", spread.id);
    }
}
