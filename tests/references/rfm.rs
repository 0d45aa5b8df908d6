//! RFM of Online Retail against counts made here in plain Rust from the file.

use std::collections::BTreeMap;

use regulars::customers::customers;
use regulars::rfm::{Method, RfmOptions, rfm};

use crate::common::{Record, orders};
use crate::online_retail::records;

/// The rules of the eleven segments, cell by cell, as the reference lists them.
const CELLS: [(&str, &str); 11] = [
    ("champions", "555 554 544 545 454 455 445"),
    ("loyal", "543 444 435 355 354 345 344 335"),
    (
        "potential-loyalist",
        "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
    ),
    ("new", "512 511 422 421 412 411 311"),
    ("promising", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"),
    ("need-attention", "535 534 443 434 343 334 325 324"),
    ("about-to-sleep", "331 321 312 221 213 231 241 251"),
    (
        "at-risk",
        "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
    ),
    ("cannot-lose-them", "155 154 144 214 215 115 114 113"),
    ("hibernating", "332 322 233 232 223 222 132 123 122 212 211"),
    ("lost", "111 112 121 131 141 151"),
];

/// 1 + floor(5 x (strictly worse) / (all)), straight from the definition over
/// sorted goodness values.
fn scores(goodness: &[i64]) -> Vec<u64> {
    let mut sorted = goodness.to_vec();
    sorted.sort_unstable();
    let worse = |v: i64| sorted.partition_point(|&other| other < v) as u64;
    goodness.iter().map(|&v| 1 + 5 * worse(v) / goodness.len() as u64).collect()
}

/// Independent of the crate: last order day, orders and net of who has ordered.
fn buyers(records: &[Record]) -> BTreeMap<&str, (i64, i64, i64)> {
    let mut people: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for record in records {
        let name = record.customer.as_deref().unwrap();
        let person = people.entry(name).or_insert((i64::MIN, 0, 0));
        if record.gross > 0 {
            person.0 = person.0.max(i64::from(record.day));
            person.1 += 1;
        }
        person.2 += record.gross + record.returns;
    }
    people.retain(|_, person| person.1 > 0);
    people
}

#[test]
fn online_retail_scores_and_segments_equal_an_independent_count() {
    let Some(records) = records() else { return };
    let records: Vec<_> = records.into_iter().filter(|r| r.customer.is_some()).collect();
    let buyers: Vec<(&str, (i64, i64, i64))> = buyers(&records).into_iter().collect();
    assert_eq!(buyers.len(), 4338);
    let column = |f: fn(&(i64, i64, i64)) -> i64| -> Vec<i64> {
        buyers.iter().map(|(_, p)| f(p)).collect()
    };
    let (r, f, m) =
        (scores(&column(|p| p.0)), scores(&column(|p| p.1)), scores(&column(|p| p.2)));
    let mut expected: BTreeMap<&str, (u32, i64)> = BTreeMap::new();
    let mut each: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, (name, person)) in buyers.iter().enumerate() {
        let cell = format!("{}{}{}", r[i], f[i], m[i]);
        let (id, _) =
            CELLS.iter().find(|(_, cells)| cells.split(' ').any(|c| c == cell)).unwrap();
        let sum = expected.entry(id).or_default();
        *sum = (sum.0 + 1, sum.1 + person.2);
        each.insert(name, id);
    }

    let orders = orders(&records, 3);
    let customers = customers(&orders, orders.last_day().unwrap().plus(1));
    let found = rfm(&orders, &customers, &RfmOptions::default()).unwrap();
    assert_eq!(found.result.bin_sizes.orders, [1493, 835, 508, 802, 700]);
    for segment in &found.result.segments {
        let (count, money) =
            expected.get(segment.id.as_str()).copied().unwrap_or_default();
        assert_eq!(segment.customers, count, "{}", segment.id);
        assert_eq!(segment.exact_revenue, orders.scale.exact(money), "{}", segment.id);
    }
    for c in 0..customers.len() {
        let name = orders.customers.text(customers.number[c]);
        assert_eq!(
            found.ids[usize::from(found.segment[c])],
            each[name.as_ref()],
            "{name}"
        );
    }
    // All buyers' net, as recorded in the data's facts.
    let net: i64 = (0..customers.len()).map(|c| customers.revenue(c)).sum();
    assert_eq!(orders.scale.exact(net), "8310477.054");
}

/// Scores of customers who are only compared with those of the same group.
fn scores_within(goodness: &[i64], group: &[u64]) -> Vec<u64> {
    let mut members: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (i, &g) in group.iter().enumerate() {
        members.entry(g).or_default().push(i);
    }
    let mut found = vec![0; goodness.len()];
    for members in members.values() {
        let own: Vec<i64> = members.iter().map(|&i| goodness[i]).collect();
        for (&i, score) in members.iter().zip(scores(&own)) {
            found[i] = score;
        }
    }
    found
}

/// The best grouping of values on a line by trying every border of every group:
/// quadratic, without any of the crate's short cuts.
fn groups_on_a_line(places: &[f64], k: usize) -> Vec<u64> {
    let mut counts: Vec<(f64, f64)> = Vec::new();
    let mut sorted = places.to_vec();
    sorted.sort_by(f64::total_cmp);
    for place in sorted {
        match counts.last_mut().filter(|last| last.0 == place) {
            Some(last) => last.1 += 1.0,
            None => counts.push((place, 1.0)),
        }
    }
    let n = counts.len();
    // cost[j][i]: the least sum of squares of the first i places in j groups.
    let mut cost = vec![vec![f64::INFINITY; n + 1]; k + 1];
    let mut from = vec![vec![0; n + 1]; k + 1];
    cost[0][0] = 0.0;
    for j in 1..=k {
        for i in 1..=n {
            let (mut weight, mut mean, mut spread) = (0.0, 0.0, 0.0);
            for begin in (0..i).rev() {
                // Welford's update, one place more at a time.
                let (place, count) = counts[begin];
                let total = weight + count;
                let delta = place - mean;
                mean += delta * count / total;
                spread += delta * delta * weight * count / total;
                weight = total;
                if cost[j - 1][begin] + spread < cost[j][i] - 1e-9 {
                    (cost[j][i], from[j][i]) = (cost[j - 1][begin] + spread, begin);
                }
            }
        }
    }
    let (mut borders, mut end) = (Vec::new(), n);
    for j in (1..=k).rev() {
        end = from[j][end];
        borders.push(counts[end].0);
    }
    places.iter().map(|p| borders.iter().filter(|b| p >= b).count() as u64).collect()
}

/// Klaviyo's six groups, cell by cell.
const KLAVIYO: [(&str, &str); 6] = [
    ("champions", "333 332 323"),
    ("loyal", "321 322 331 232 233"),
    ("recent", "312 313 311 222 223"),
    ("need-attention", "213 221 123 132 133"),
    ("at-risk", "231 212 122 131 211"),
    ("inactive", "111 112 113 121"),
];

#[test]
fn every_method_of_scoring_equals_an_independent_count() {
    let Some(records) = records() else { return };
    let records: Vec<_> = records.into_iter().filter(|r| r.customer.is_some()).collect();
    let orders = orders(&records, 3);
    let as_of = orders.last_day().unwrap().plus(1);
    let customers = customers(&orders, as_of);
    let people = buyers(&records);
    let column = |f: fn(&(i64, i64, i64)) -> i64| people.values().map(f).collect();
    let last: Vec<i64> = column(|p| p.0);
    let (count, money): (Vec<i64>, Vec<i64>) = (column(|p| p.1), column(|p| p.2));
    let silent: Vec<i64> = last.iter().map(|day| i64::from(as_of.0) - day).collect();
    let logs = |values: &[i64], units: f64| -> Vec<f64> {
        values.iter().map(|&v| libm::log1p((v as f64 / units).max(0.0))).collect()
    };

    for method in [Method::Nested, Method::Thresholds, Method::Kmeans, Method::Klaviyo] {
        let (r, f, m): (Vec<u64>, Vec<u64>, Vec<u64>) = match method {
            Method::Nested => {
                let r = scores(&last);
                let f = scores_within(&count, &r);
                let both: Vec<u64> = r.iter().zip(&f).map(|(r, f)| 10 * r + f).collect();
                let m = scores_within(&money, &both);
                (r, f, m)
            }
            Method::Thresholds => {
                // 8,911,407.904 by 18,536 orders is 480.8, which rounds to 200.
                let step = |value: i64, borders: [i64; 4]| {
                    1 + borders.iter().filter(|&&border| value >= border).count() as u64
                };
                (
                    silent.iter().map(|&d| step(-d, [-365, -180, -90, -30])).collect(),
                    count.iter().map(|&n| step(n, [2, 3, 5, 10])).collect(),
                    money
                        .iter()
                        .map(|&m| step(m, [200_000, 400_000, 1_000_000, 2_000_000]))
                        .collect(),
                )
            }
            Method::Kmeans => {
                let days: Vec<f64> = logs(&silent, 1.0).iter().map(|d| -d).collect();
                (
                    groups_on_a_line(&days, 5),
                    groups_on_a_line(&logs(&count, 1.0), 5),
                    groups_on_a_line(&logs(&money, 1000.0), 5),
                )
            }
            _ => {
                let third =
                    |days: i64| 1 + u64::from(days <= 365) + u64::from(days <= 180);
                let thirds = |values: &[i64]| -> Vec<u64> {
                    let worse = |v| values.iter().filter(|&&o| o < v).count() as u64;
                    values
                        .iter()
                        .map(|&v| 1 + 3 * worse(v) / values.len() as u64)
                        .collect()
                };
                let r = silent.iter().map(|&days| third(days)).collect();
                (r, thirds(&count), thirds(&money))
            }
        };
        let map: &[(&str, &str)] =
            if method == Method::Klaviyo { &KLAVIYO } else { &CELLS };
        let mut expected: BTreeMap<&str, (u32, i64)> = BTreeMap::new();
        for i in 0..r.len() {
            let cell = format!("{}{}{}", r[i], f[i], m[i]);
            let of = |(_, cells): &&(&str, &str)| cells.split(' ').any(|c| c == cell);
            let sum = expected.entry(map.iter().find(of).unwrap().0).or_default();
            *sum = (sum.0 + 1, sum.1 + money[i]);
        }
        let found =
            rfm(&orders, &customers, &RfmOptions { method, ..RfmOptions::default() })
                .unwrap();
        assert_eq!(found.result.segments.len(), map.len());
        for segment in &found.result.segments {
            let (size, sum) =
                expected.get(segment.id.as_str()).copied().unwrap_or_default();
            assert_eq!(segment.customers, size, "{method:?} {}", segment.id);
            assert_eq!(segment.exact_revenue, orders.scale.exact(sum), "{method:?}");
        }
    }
}
