//! Worked values of the papers, notes and other packages, customer by customer.

#![allow(clippy::excessive_precision)]

use std::sync::Arc;

use regulars::calendar::{Day, Days};
use regulars::lifetime::fit::FitTask;
use regulars::lifetime::holdout::{Window, by_frequency, score};
use regulars::lifetime::nbd::counts_constant;
use regulars::lifetime::predict::PredictTask;
use regulars::lifetime::spend::{Spend, expected_value};
use regulars::lifetime::timing::Timing;
use regulars::lifetime::tracking::{Activity, new_customer_by_day, track};
use regulars::lifetime::{Histories, History, Model};

use crate::lifetime_data::{cdnow, histories, orders, shared};

const BG: [f64; 4] = [0.2425945224302, 4.413602019014, 0.7929220172256, 2.425906776826];
const MBG: [f64; 4] = [0.5248431591063, 6.183085279576, 0.8913593907322, 1.61400224017];
const PARETO: [f64; 4] =
    [0.5532770468529, 10.5776834633, 0.6062399891239, 11.66873528874];
/// The fits of the BTYD vignette, to the digits that it prints.
const BG_VIGNETTE: [f64; 4] = [0.2425982, 4.413684, 0.7929899, 2.426167];

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!(
        (got - expected).abs() <= tolerance * expected.abs(),
        "got {got}, expected {expected}"
    );
}

/// Equal when rounded to the digits that were printed.
#[track_caller]
fn prints(got: f64, expected: f64, digits: i32) {
    assert!(
        (got - expected).abs() <= 0.500_001 * 10_f64.powi(-digits),
        "got {got}, printed {expected}"
    );
}

fn calibration_end() -> Day {
    Day::from_ymd(1997, 9, 30).unwrap()
}

/// Fader, Hardie and Lee 2005, printed to three digits, and Hardie's spreadsheet.
#[test]
fn bg_nbd_at_the_printed_parameters() {
    let timing = Timing::new(Model::BgNbd, &[0.243, 4.414, 0.793, 2.426]);
    let expected = timing.expected(2.0, 30.43, 38.86, 39.0, 0.0).orders;
    prints(expected, 1.226, 3);
    near(expected, 1.22602817477, 1e-11);
    // The same spreadsheet, whose parameters are not rounded.
    let timing = Timing::new(Model::BgNbd, &BG);
    let new = [
        (0.1429, 0.0078),
        (1.0, 0.0532),
        (3.0, 0.1506),
        (31.8571, 1.0405),
        (32.0, 1.0437),
    ];
    for (weeks, orders) in new {
        prints(timing.new_customer(weeks), orders, 4);
    }
}

/// The vignette of BTYD.
#[test]
fn bg_nbd_of_the_vignette() {
    let timing = Timing::new(Model::BgNbd, &BG_VIGNETTE);
    near(timing.new_customer(52.0), 1.444004, 1e-6);
    near(timing.expected(26.0, 216.0 / 7.0, 31.0, 52.0, 0.0).orders, 25.75659, 1e-4);
    near(timing.p_alive(26.0, 216.0 / 7.0, 31.0), 0.9688523, 1e-5);
    // More orders and the same last one: the sooner the customer must have gone.
    let paradox = [0.3474606, 0.04283391, 0.004158973, 0.0003583685];
    for (x, orders) in [10.0, 15.0, 20.0, 25.0].into_iter().zip(paradox) {
        near(timing.expected(x, 20.0, 39.0, 52.0, 0.0).orders, orders, 2e-5);
    }
}

/// Chances of a number of orders of a new customer.
#[test]
fn bg_nbd_counts() {
    let timing = Timing::new(Model::BgNbd, &[0.243, 4.414, 0.793, 2.426]);
    prints(timing.counts(2.0, 10)[10] * 1e7, 1.07869, 5);
    prints(timing.counts(39.0, 0)[0], 0.5737864, 7);
    let published = [
        0.0019995214,
        0.0015170236,
        0.0011633150,
        0.0009003148,
        0.0007023638,
        0.0005517902,
        0.0004361913,
        0.0003467171,
        0.0002769613,
        0.0002222260,
    ];
    let counts = timing.counts(30.0, 20);
    for (chance, expected) in counts[11..].iter().zip(published) {
        prints(*chance, expected, 10);
    }
    let all: f64 = timing.counts(30.0, 2_000).iter().sum();
    near(all, 1.0, 1e-9);
}

/// Hardie's note 2008-027: a history that overflows the plain formula.
#[test]
fn likelihoods_that_overflow_elsewhere() {
    let bg = Timing::new(Model::BgNbd, &[0.25, 4.0, 0.8, 2.5]);
    near(bg.log_likelihood(0.0, 0.0, 40.0), -0.5994738182, 1e-9);
    near(bg.log_likelihood(200.0, 38.0, 40.0), 100.795693093, 1e-11);
    let mbg = Timing::new(Model::MbgNbd, &[0.25, 4.0, 0.8, 2.5]);
    near(mbg.log_likelihood(200.0, 38.0, 40.0), 100.786909761, 1e-11);
    near(mbg.log_likelihood(0.0, 0.0, 40.0), -0.417928262045, 1e-11);
    let mbg = Timing::new(Model::MbgNbd, &[0.53, 6.18, 0.89, 1.614]);
    near(mbg.log_likelihood(200.0, 38.0, 40.0), 91.808242, 1e-8);
}

/// Computed at 25 digits.
#[test]
fn silence_and_orders_of_three_customers() {
    let customers = [
        (2.0, 213.0 / 7.0, 272.0 / 7.0),
        (0.0, 0.0, 272.0 / 7.0),
        (26.0, 216.0 / 7.0, 31.0),
    ];
    let bg = Timing::new(Model::BgNbd, &BG);
    let silent = [0.44537204983317, 0.85566494838446, 0.031145561940349];
    for ((x, recency, age), p) in customers.into_iter().zip(silent) {
        near(bg.p_no_order(x, recency, age, 39.0), p, 1e-12);
    }
    let mbg = Timing::new(Model::MbgNbd, &MBG);
    let expected = [
        (0.70613847898534, 1.2627588508636),
        (0.38972297658279, 0.15396601900138),
        (0.96548464915789, 19.44660799578),
    ];
    for ((x, recency, age), (alive, orders)) in customers.into_iter().zip(expected) {
        near(mbg.p_alive(x, recency, age), alive, 1e-11);
        near(mbg.expected(x, recency, age, 39.0, 0.0).orders, orders, 1e-11);
    }
    let (x, recency, age) = customers[0];
    near(mbg.p_no_order(x, recency, age, 39.0), 0.44006024940346, 1e-11);
}

/// The vignette and the manual of BTYD.
#[test]
fn pareto_nbd_of_the_vignette() {
    let timing = Timing::new(Model::ParetoNbd, &PARETO);
    near(timing.new_customer(52.0), 1.473434, 1e-3);
    near(timing.expected(26.0, 216.0 / 7.0, 31.0, 52.0, 0.0).orders, 25.45647, 1e-3);
    prints(timing.p_alive(26.0, 216.0 / 7.0, 31.0), 0.997874, 5);
    near(timing.p_alive(0.0, 0.0, 39.0), 0.2941633, 2e-3);
    let paradox = [0.7062289, 0.1442396, 0.02250658, 0.00309267];
    for (x, orders) in [10.0, 15.0, 20.0, 25.0].into_iter().zip(paradox) {
        near(timing.expected(x, 20.0, 39.0, 52.0, 0.0).orders, orders, 2e-3);
    }
    // The manual's table of new customers, at the parameters it prints.
    let manual =
        Timing::new(Model::ParetoNbd, &[0.5629966, 12.5590370, 0.4081095, 10.5148048]);
    let discounted = |x: f64, recency: f64| {
        manual.expected(x, recency, 77.86, f64::INFINITY, 0.0027).discounted
    };
    near(discounted(7.0, 35.0), 1.86418332807, 1e-11);
    let by_orders = [
        2.1991554, 2.8435344, 2.8671284, 2.4454101, 1.8405019, 1.2624165, 0.80961812,
        0.49480362, 0.2920247, 0.16792751,
    ];
    for (x, expected) in (1..).zip(by_orders) {
        near(discounted(f64::from(x), 30.0), expected, 2e-7);
    }
}

/// E\[X(t)\] of the BTYD manual at the parameters of its examples
/// (which it does not print; these give all its digits).
#[test]
fn pareto_nbd_new_customers() {
    let timing = Timing::new(Model::ParetoNbd, &[0.55, 10.56, 0.61, 11.64]);
    let table = [
        0.0, 0.05077821, 0.09916088, 0.14542507, 0.18979930, 0.23247466, 0.27361274,
        0.31335159, 0.35181024, 0.38909211,
    ];
    for (t, expected) in (0..).zip(table) {
        prints(timing.new_customer(f64::from(t)), expected, 8);
    }
}

/// Newton at 25 digits, with the likelihood of the counts.
#[test]
fn nbd_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&orders, calibration_end()).unwrap().group());
    let fit = FitTask::of(Model::Nbd, &groups).run();
    near(fit.parameters[0], 0.3847661357649, 1e-10);
    near(fit.parameters[1], 12.07202284463, 1e-10);
    near(fit.log_likelihood + counts_constant(&groups), -3193.0586751599, 1e-12);
}

/// The summary of another package, whose weeks are rounded to two decimals: its
/// hundredths are taken for days, and the unit of time is changed back.
#[test]
fn fits_of_the_rounded_summary() {
    let Some(text) = shared("cdnow/cdnow_customers_summary.csv") else { return };
    let rows: Vec<(u32, u32, u32)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<f64> = line.split(',').map(|f| f.parse().unwrap()).collect();
            let hundredths = |weeks: f64| (weeks * 100.0).round() as u32;
            (fields[1] as u32, hundredths(fields[2]), hundredths(fields[3]))
        })
        .collect();
    let groups = Arc::new(histories(&rows).group());
    let orders: f64 = rows.iter().map(|r| f64::from(r.0)).sum();
    let unit = 100.0 / 7.0_f64;
    let cases = [
        (
            Model::BgNbd,
            [0.2425929072045, 4.413531561205, 0.7928861480988, 2.425753436494],
            -9582.4255605674,
            3,
        ),
        (
            Model::MbgNbd,
            [0.5248379836656, 6.182992019672, 0.8913561553315, 1.613999334731],
            -9582.1326848999,
            3,
        ),
        (
            Model::ParetoNbd,
            [0.5532755086893, 10.57761223868, 0.6062135686702, 11.66791123781],
            -9594.9739298269,
            1,
        ),
    ];
    for (model, computed, log_likelihood, dropout) in cases {
        let fit = FitTask::of(model, &groups).run();
        let mut found = fit.parameters.clone();
        found[1] /= unit;
        if dropout == 1 {
            found[3] /= unit;
        }
        for (value, expected) in found.iter().zip(computed) {
            near(*value, expected, 1e-6);
        }
        near(fit.log_likelihood + orders * unit.ln(), log_likelihood, 1e-10);
    }
}

/// Gamma-Gamma on the mean spend that the summary rounds to cents, and the values
/// of the package's documentation.
#[test]
fn spend_of_the_rounded_summary() {
    let Some(text) = shared("cdnow/cdnow_customers_summary_with_transactions.csv") else {
        return;
    };
    let rows: Vec<[f64; 5]> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<f64> = line.split(',').map(|f| f.parse().unwrap()).collect();
            [fields[0], fields[1], fields[2], fields[3], fields[4]]
        })
        .collect();
    let spend = Arc::new(Spend::new(rows.iter().map(|r| (r[1] as u32, r[4])).collect()));
    let fit = spend.fit().run();
    let computed = [6.248802489709, 3.744588453287, 15.44774800946];
    for (value, expected) in fit.parameters.iter().zip(computed) {
        near(*value, expected, 1e-6);
    }
    near(fit.log_likelihood, -4055.9232435029, 1e-11);
    let published =
        [(0, 24.658619), (1, 18.911489), (2, 35.170981), (5, 71.462843), (8, 27.282408)];
    let value =
        |row: usize| expected_value(&fit, rows[row][1] as u32, rows[row][4]).unwrap();
    for (row, expected) in published {
        near(value(row), expected, 2e-5);
    }
    near(spend.correlation(), 0.113884, 1e-5);
    assert_eq!(spend.len(), 946);

    // Twelve months of 4.345 weeks at 1 % a month. The package's documentation
    // prints 140.1 for the first customer, because it takes weeks for days there.
    let timing = Timing::new(
        Model::BgNbd,
        &[0.2425929072045, 4.413531561205, 0.7928861480988, 2.425753436494],
    );
    for (row, expected) in [(0, 36.278496), (1, 4.637467), (2, 8.344093), (5, 283.523572)]
    {
        let [_, x, recency, age, _] = rows[row];
        let until = |month: u32| {
            timing.expected(x, recency, age, 4.345 * f64::from(month), 0.0).orders
        };
        let value: f64 = (1..=12)
            .map(|m| (until(m) - until(m - 1)) * value(row) / 1.01_f64.powi(m as i32))
            .sum();
        near(value, expected, 2e-6);
    }
    // What the documentation computes: twelve "months" of 30 weeks each.
    for (row, printed) in
        [(0, 140.096211), (1, 18.943467), (2, 38.180574), (5, 1003.868107)]
    {
        let [_, x, recency, age, _] = rows[row];
        let until = |month: u32| {
            timing.expected(x, recency, age, 30.0 * f64::from(month), 0.0).orders
        };
        let wrong: f64 = (1..=12)
            .map(|m| (until(m) - until(m - 1)) * value(row) / 1.01_f64.powi(m as i32))
            .sum();
        near(wrong, printed, 2e-6);
    }
}

/// The fixture of another package's tests.
#[test]
fn summaries_of_dates() {
    let day = |text: &str| Day::parse(text).unwrap().0;
    let table = orders(&[
        ("1", day("2015-02-01"), 100),
        ("1", day("2015-02-06"), 100),
        ("2", day("2015-01-01"), 100),
        ("3", day("2015-01-01"), 100),
        ("3", day("2015-01-02"), 100),
        ("3", day("2015-01-05"), 100),
    ]);
    let found = Histories::of(&table, Day::parse("2015-02-07").unwrap()).unwrap();
    let expected = [(1, 5, 6), (0, 0, 37), (2, 4, 37)];
    for (customer, (x, recency, age)) in expected.into_iter().enumerate() {
        let history = History::new(x, Days(recency), Days(age)).unwrap();
        assert_eq!(found.get(customer), history);
    }
}

/// Holdout of 39 weeks: counts and means of the vignette, whole-sample errors
/// computed independently.
#[test]
fn holdout_on_cdnow() {
    let Some(table) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&table, calibration_end()).unwrap().group());
    let window = Window::of(&table, calibration_end(), 273, |_| true);
    assert_eq!(window.actual.iter().sum::<u32>(), 1_882);
    let repeats: u32 = groups.of.iter().map(|&k| groups.frequency[k as usize]).sum();
    assert_eq!(repeats, 2_457);
    let forecast = |model, parameters: &[f64]| -> Vec<f64> {
        let timing = Timing::new(model, parameters);
        let weeks = Days(273).into();
        let mut task = PredictTask::new(timing, &groups, weeks, 0.0);
        let predictions = task.advance(&mut { u64::MAX }).unwrap();
        groups.of.iter().map(|&k| predictions.orders[k as usize]).collect()
    };
    let cases = [
        (
            Model::BgNbd,
            BG,
            (1653.4087, 0.785454, 1.607982),
            [
                0.2250893, 0.5231364, 1.044126, 1.520256, 2.163824, 2.653789, 3.503957,
                6.157036,
            ],
            1e-5,
        ),
        (
            Model::ParetoNbd,
            PARETO,
            (1665.5131, 0.754523, 1.602848),
            [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403],
            4e-3,
        ),
    ];
    for (model, parameters, (sum, mae, rmse), means, tolerance) in cases {
        let printed = if model == Model::BgNbd { BG_VIGNETTE } else { PARETO };
        let by_vignette = forecast(model, &printed);
        let forecast = forecast(model, &parameters);
        let found = score(&window.actual, &forecast);
        prints(found.expected_orders, sum, 4);
        prints(found.mae, mae, 6);
        prints(found.rmse, rmse, 6);
        let table = by_frequency(&groups, &window.actual, &by_vignette);
        assert_eq!(table.customers, [1411, 439, 214, 100, 62, 38, 29, 64]);
        let actual = [
            0.2367116, 0.6970387, 1.392523, 1.56, 2.532258, 2.947368, 3.862069, 6.359375,
        ];
        for (k, (a, e)) in actual.into_iter().zip(means).enumerate() {
            near(table.actual[k], a, 3e-7);
            near(table.expected[k], e, tolerance);
        }
    }
    let alive = groups.of.iter().map(|&k| {
        let [x, recency, age] = regulars::lifetime::predict::weeks(&groups, k as usize);
        Timing::new(Model::ParetoNbd, &PARETO).p_alive(x, recency, age)
    });
    prints(alive.sum::<f64>() / 2_357.0, 0.446277, 6);
}

/// Weekly tracking of the vignette, and the daily figures of another package.
#[test]
fn tracking_on_cdnow() {
    let Some(table) = cdnow() else { return };
    let activity = Activity::of(&table, Day::from_ymd(1998, 6, 30).unwrap());
    let bg = track(&Timing::new(Model::BgNbd, &BG_VIGNETTE), &activity);
    let pareto = track(&Timing::new(Model::ParetoNbd, &PARETO), &activity);
    assert_eq!(bg.week.len(), 78);
    let weeks = [
        (20, 1359.0, 1312.458, 1308.856),
        (21, 1414.0, 1387.346, 1385.275),
        (22, 1484.0, 1460.392, 1459.923),
        (23, 1517.0, 1531.713, 1532.906),
        (24, 1573.0, 1601.418, 1604.32),
        (25, 1672.0, 1669.6, 1674.253),
    ];
    for (week, actual, by_bg, by_pareto) in weeks {
        assert_eq!(bg.actual[week - 1], actual);
        near(bg.expected[week - 1], by_bg, 1e-5);
        near(pareto.expected[week - 1], by_pareto, 2e-4);
    }
    // The days are added up without the early rule here.
    let timing = Timing::new(Model::BgNbd, &BG);
    let by_day = new_customer_by_day(&timing, 30);
    let on = |end: usize| -> f64 {
        (0..end).map(|born| f64::from(activity.births[born]) * by_day[end - born]).sum()
    };
    let cumulative = |end: usize| activity.repeats[..end].iter().sum::<u32>();
    for (end, actual, expected) in
        [(11, 11, 10.67), (12, 12, 12.67), (13, 15, 14.87), (14, 19, 17.24)]
    {
        assert_eq!(cumulative(end), actual);
        prints(on(end), expected, 2);
    }
}
