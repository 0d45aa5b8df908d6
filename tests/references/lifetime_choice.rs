//! What the models reach on real data: likelihoods no lower than those of any peer
//! that converges, and the choice made on the shop's own past.

use std::sync::Arc;

use regulars::calendar::Day;
use regulars::customers::customers;
use regulars::lifetime::fit::FitTask;
use regulars::lifetime::timing::Timing;
use regulars::lifetime::values::Values;
use regulars::lifetime::{
    Candidate, Histories, LifetimeOptions, LifetimeResult, LifetimeTask, Model,
};
use regulars::orders::Orders;
use regulars::task::finish;

use crate::lifetime_data::{cdnow, cdnow_master};

const MODELS: [Model; 3] = [Model::BgNbd, Model::MbgNbd, Model::ParetoNbd];

fn online_retail() -> Option<Orders> {
    Some(crate::common::orders(&crate::online_retail::records()?, 3))
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Each model ends at a maximum: no slope is left, no start ends higher, and the
/// peer (lifetimes 0.11.3 without a penalty, its likelihood taken at the parameters
/// that it ends with) is nowhere higher.
fn no_lower_than_the_peer(orders: &Orders, end: &str, customers: f64, peer: [f64; 3]) {
    let groups = Arc::new(Histories::of(orders, day(end)).unwrap().group());
    assert_eq!(groups.total(), customers, "{end}");
    for (model, theirs) in MODELS.into_iter().zip(peer) {
        let fit = FitTask::of(model, &groups).run();
        assert!(fit.converged, "{model:?} {end}");
        assert!(
            fit.log_likelihood >= theirs - 1e-6,
            "{model:?} {end}: {} {theirs}",
            fit.log_likelihood
        );
        // Summed over all customers: a step would gain less than a millionth.
        assert!(fit.gradient < 1e-4, "{model:?} {end}: {}", fit.gradient);
    }
}

#[test]
fn likelihoods_on_cdnow() {
    let Some(sample) = cdnow() else { return };
    let peer = [-9582.429206673936, -9582.135715553766, -9594.976179116391];
    no_lower_than_the_peer(&sample, "1997-09-30", 2_357.0, peer);
    let peer = [-17144.35531468786, -17133.409982895286, -17142.0181909776];
    no_lower_than_the_peer(&sample, "1998-07-01", 2_357.0, peer);
    let Some(master) = cdnow_master() else { return };
    let peer = [-95368.44393316093, -95336.95831987954, -95415.11861994088];
    no_lower_than_the_peer(&master, "1997-09-30", 23_570.0, peer);
}

#[test]
fn likelihoods_on_online_retail() {
    let Some(orders) = online_retail() else { return };
    let peer = [-13255.61344070079, -13255.613440686167, -13255.613441628862];
    no_lower_than_the_peer(&orders, "2011-06-09", 2_800.0, peer);
    let peer = [-37697.30683600383, -37697.42945769674, -37697.45983155446];
    no_lower_than_the_peer(&orders, "2011-12-10", 4_338.0, peer);
}

fn choice(orders: &Orders, as_of: &str, holdout_days: u32) -> LifetimeResult {
    let table = customers(orders, day(as_of));
    let options =
        LifetimeOptions { holdout_days: Some(holdout_days), ..Default::default() };
    let mut task = LifetimeTask::new(orders, &table, options).unwrap();
    finish(|budget| task.advance(budget)).unwrap().result
}

/// Everyone's deviance on the days held out: the one used, and the least.
fn deviances(result: &LifetimeResult) -> (f64, f64) {
    let outer = |c: &Candidate| c.outer.unwrap().deviance;
    let used = result.candidates.iter().find(|c| c.chosen).map(outer).unwrap();
    (used, result.candidates.iter().map(outer).fold(f64::INFINITY, f64::min))
}

/// CDNOW, 39 weeks and 39 weeks: whoever is chosen on the first 39 is no worse on
/// the last than the best in hindsight, beyond what chance does to the difference.
#[test]
fn choice_on_cdnow() {
    let Some(orders) = cdnow() else { return };
    let result = choice(&orders, "1998-06-30", 273);
    let (used, best) = deviances(&result);
    let holdout = result.holdout.unwrap();
    assert_eq!((holdout.cut_off, holdout.days), (day("1997-09-30"), 273));
    assert_eq!(holdout.actual_orders, 1_882.0);
    assert!(used <= best + 2.0 * holdout.deviance_gap_error, "{used} {best}");
    assert!(used <= best * 1.01, "{used} {best}");
    assert!(result.identifies_dropout);
}

/// Online Retail, calibrated to 2011-06-09: all models are the NBD there, the last
/// half-year's orders come nearer, and the verdict says that nobody is seen to go.
#[test]
fn choice_on_online_retail() {
    let Some(orders) = online_retail() else { return };
    let result = choice(&orders, "2011-12-09", 183);
    let (used, best) = deviances(&result);
    let holdout = result.holdout.as_ref().unwrap();
    assert_eq!((holdout.cut_off, holdout.days), (day("2011-06-09"), 183));
    assert!(used <= best * 1.01, "{used} {best}");
    let outer = |code: &str| {
        let found = result.candidates.iter().find(|c| c.model == code).unwrap();
        found.outer.unwrap()
    };
    for model in MODELS {
        assert!((outer(model.code()).mae - 1.506).abs() < 5e-4, "{model:?}");
    }
    assert!((outer("last-window").mae - 1.445).abs() < 5e-4);
    let codes: Vec<_> = result.notices.iter().map(|n| n.code).collect();
    assert!(codes.contains(&"lifetime-naive-forecast-closer"), "{codes:?}");
    assert_eq!(result.verdict.code, "lifetime-no-dropout");
    assert!(!result.identifies_dropout);
    // On the calibration days themselves, too.
    let cut_off = choice(&orders, "2011-06-09", 0);
    assert_eq!(cut_off.verdict.code, "lifetime-no-dropout");
}

/// Each published fit, to the digits that it prints.
#[test]
fn published_fits() {
    let Some(orders) = cdnow() else { return };
    let groups = Arc::new(Histories::of(&orders, day("1997-09-30")).unwrap().group());
    // Fader, Hardie and Lee 2005, twice; the MBG/NBD of BTYDplus.
    let printed: [(Model, [f64; 4], Option<f64>); 3] = [
        (Model::BgNbd, [0.243, 4.414, 0.793, 2.426], Some(-9582.4)),
        (Model::MbgNbd, [0.525, 6.183, 0.891, 1.614], None),
        (Model::ParetoNbd, [0.553, 10.578, 0.606, 11.669], Some(-9595.0)),
    ];
    for (model, parameters, log_likelihood) in printed {
        let fit = FitTask::of(model, &groups).run();
        for (got, printed) in fit.parameters.iter().zip(parameters) {
            assert!((got - printed).abs() <= 0.000_500_1, "{model:?} {got} {printed}");
        }
        if let Some(printed) = log_likelihood {
            assert!((fit.log_likelihood - printed).abs() <= 0.050_01, "{model:?}");
        }
    }
    // CLVTools prints five digits of a looser search; its likelihood to three.
    let fit = FitTask::of(Model::ParetoNbd, &groups).run();
    for (got, printed) in fit.parameters.iter().zip([0.55315, 10.57633, 0.60625, 11.6715])
    {
        assert!((got / printed - 1.0).abs() < 1e-3);
    }
    assert!((fit.log_likelihood + 9594.976).abs() < 5e-4);
}

/// What was counted of CDNOW by others.
#[test]
fn facts_of_cdnow() {
    let Some(sample) = cdnow() else { return };
    let end = day("1997-09-30");
    let table = customers(&sample, end);
    let values: Vec<Values> =
        table.number.iter().map(|&c| Values::of(&sample, c, end)).collect();
    let means: Vec<f64> =
        values.iter().filter(|v| v.repeats > 0).map(|v| v.mean).collect();
    let n = means.len() as f64;
    let mean = means.iter().sum::<f64>() / n;
    let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
    let mut sorted = means.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = (sorted[472] + sorted[473]) / 2.0;
    let printed = [mean, (squares / (n - 1.0)).sqrt(), sorted[0], median, sorted[945]];
    assert_eq!(n, 946.0);
    assert_eq!(printed.map(f64::round), [35.0, 30.0, 3.0, 27.0, 300.0]);
    // Rows of a customer on the day of the row before, and money after the end.
    let (mut same_day, mut held_out) = (0, 0);
    for customer in 0..sample.customers.len() as u32 {
        let rows: Vec<usize> = sample.of(customer).collect();
        let same = |pair: &&[usize]| sample.day[pair[0]] == sample.day[pair[1]];
        same_day += rows.windows(2).filter(same).count();
        let later = rows.iter().filter(|&&i| sample.day[i] > end.0);
        held_out += later.map(|&i| sample.gross[i]).sum::<i64>();
    }
    assert_eq!((same_day, held_out), (223, 7_097_639));
    let Some(master) = cdnow_master() else { return };
    let groups = Histories::of(&master, end).unwrap().group();
    assert_eq!((groups.total(), groups.len()), (23_570.0, 8_685));
}

/// Shares of the data as small data sets of their own: each fit ends on level
/// ground, and parameters that Newton leaves are those it started to refine.
#[test]
fn parts_of_cdnow_end_on_level_ground() {
    let Some(orders) = cdnow_master() else { return };
    for part in 0..10 {
        let keep = |customer: u32| customer % 10 == part;
        let histories = Histories::of_some(&orders, day("1997-09-30"), None, keep);
        let groups = Arc::new(histories.unwrap().group());
        for model in MODELS {
            let fit = FitTask::of(model, &groups).run();
            assert!(fit.converged && fit.gradient < 1e-5, "{model:?} {}", fit.gradient);
            let again = FitTask::near(model, &groups, &fit.theta).run();
            for (a, b) in fit.parameters.iter().zip(&again.parameters) {
                assert!((a / b - 1.0).abs() < 1e-7, "{model:?} {a} {b}");
            }
            let timing = Timing::new(model, &fit.parameters);
            assert!(timing.p_alive(3.0, 20.0, 30.0) > 0.0);
        }
    }
}
