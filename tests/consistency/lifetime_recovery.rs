//! Simulated customers of each model: the parameters come back, and intervals
//! cover as often as they say.

use std::sync::Arc;

use regulars::calendar::{Day, Days};
use regulars::customers::customers;
use regulars::lifetime::covariates::{Pattern, WithCovariates};
use regulars::lifetime::fit::{Fit, FitTask};
use regulars::lifetime::holdout::Window;
use regulars::lifetime::random::Random;
use regulars::lifetime::retention::{self, Cohort, Curve};
use regulars::lifetime::spend::Spend;
use regulars::lifetime::{
    Histories, History, LifetimeOptions, LifetimeTask, Model, ModelChoice,
};
use regulars::task::finish;

use crate::lifetime_data::{Law, simulated_histories, simulated_shop};

/// How many of a fit's 90 % intervals of the logarithms hold the truth.
fn covered(fit: &Fit, truth: &[f64]) -> usize {
    let n = truth.len();
    let covariance = fit.covariance.as_ref().expect("a fit with a curvature");
    (0..n)
        .filter(|&i| {
            let error = covariance[i * n + i].sqrt();
            (fit.theta[i] - truth[i].ln()).abs() <= 1.644_853_626_951_472_2 * error
        })
        .count()
}

/// Fits many simulated data sets; the pooled coverage must lie between 85 and
/// 95 %, and the median estimate within 10 % of the truth.
fn check(
    name: &str,
    truth: &[f64],
    sets: usize,
    mut fit: impl FnMut(&mut Random) -> Fit,
) {
    let mut random = Random::new(20_260_901);
    let mut hits = 0;
    let mut estimates = vec![Vec::new(); truth.len()];
    for _ in 0..sets {
        let fit = fit(&mut random);
        assert!(fit.converged, "{name}");
        hits += covered(&fit, truth);
        for (list, value) in estimates.iter_mut().zip(&fit.parameters) {
            list.push(*value);
        }
    }
    let coverage = hits as f64 / (sets * truth.len()) as f64;
    assert!((0.85..=0.95).contains(&coverage), "{name}: coverage {coverage}");
    for (list, truth) in estimates.iter_mut().zip(truth) {
        list.sort_unstable_by(f64::total_cmp);
        let median = list[list.len() / 2];
        assert!((median / truth - 1.0).abs() < 0.1, "{name}: {median} for {truth}");
    }
}

fn check_timing(model: Model, law: Law, truth: [f64; 4], customers: u32, sets: usize) {
    check(model.code(), &truth, sets, |random| {
        let histories = simulated_histories(law, customers, 1_400, random);
        FitTask::of(model, &Arc::new(histories.group())).run()
    });
}

#[test]
fn bg_nbd_comes_back() {
    let truth = [0.8, 8.0, 0.9, 2.5];
    check_timing(Model::BgNbd, Law::Geometric(truth, false, 1), truth, 2_000, 100);
}

#[test]
fn mbg_nbd_comes_back() {
    let truth = [0.8, 8.0, 0.9, 2.5];
    check_timing(Model::MbgNbd, Law::Geometric(truth, true, 1), truth, 2_000, 100);
}

#[test]
fn pareto_nbd_comes_back() {
    let truth = [0.9, 9.0, 0.8, 50.0];
    check_timing(Model::ParetoNbd, Law::Pareto(truth), truth, 1_500, 60);
}

#[test]
fn regular_buyers_come_back() {
    let truth = [0.9, 5.0, 0.9, 2.5];
    let law = Law::Geometric(truth, true, 3);
    check_timing(Model::MbgCnbdK(3), law, truth, 2_000, 80);
    // And so does their regularity.
    let mut random = Random::new(5);
    let histories = simulated_histories(law, 2_000, 1_400, &mut random);
    let groups = Arc::new(histories.group());
    let search = regulars::lifetime::choice::Forecaster::Regular;
    let (model, _) = regulars::lifetime::choice::ModelTask::new(search, &groups).run();
    assert_eq!(model, Model::MbgCnbdK(3));
}

#[test]
fn bg_bb_comes_back() {
    let truth = [1.2, 1.8, 0.7, 4.0];
    check("bg-bb", &truth, 80, |random| {
        let mut histories = Histories::default();
        for _ in 0..3_000 {
            let (p, leaves) = (random.beta(1.2, 1.8), random.beta(0.7, 4.0));
            let (mut x, mut last) = (0, 0);
            for period in 1..=14 {
                if random.uniform() < leaves {
                    break;
                }
                if random.uniform() < p {
                    (x, last) = (x + 1, period);
                }
            }
            histories.push(History::new(x, Days(last * 28), Days(14 * 28)).unwrap());
        }
        FitTask::of(Model::BgBb(28), &Arc::new(histories.group())).run()
    });
}

#[test]
fn gamma_gamma_comes_back() {
    let truth = [3.0, 4.0, 15.0];
    check("gamma-gamma", &truth, 100, |random| {
        let mut pairs = Vec::new();
        for _ in 0..1_500 {
            let orders = 1 + (random.uniform() * 8.0) as u32;
            let rate = random.gamma(4.0) / 15.0;
            let sum = random.gamma(3.0 * f64::from(orders)) / rate;
            pairs.push((orders, sum / f64::from(orders)));
        }
        Arc::new(Spend::new(pairs)).fit().run()
    });
}

#[test]
fn retention_curves_come_back() {
    let truth = [0.7, 2.5];
    check("sbg", &truth, 100, |random| {
        let mut renewals = Vec::new();
        for _ in 0..2_000 {
            let leaves = random.beta(0.7, 2.5);
            let survived = (0..10).take_while(|_| random.uniform() >= leaves).count();
            renewals.push((survived as u32, survived < 10));
        }
        retention::fit(Curve::Sbg, &[Cohort::of(&renewals, 10).unwrap()])
    });
}

/// Renewals that grow less likely with time, by the survival `(1 - p)^(t^c)`.
#[test]
fn bent_retention_curves_come_back() {
    let truth = [0.9, 3.0, 1.4];
    check("bdw", &truth, 80, |random| {
        let mut renewals = Vec::new();
        for _ in 0..6_000 {
            let ln_stay = (1.0 - random.beta(0.9, 3.0)).ln();
            let stays = |t: i32| (f64::from(t).powf(1.4) * ln_stay).exp();
            let chance = random.uniform();
            let survived = (1..=14).take_while(|&t| chance < stays(t)).count();
            renewals.push((survived as u32, survived < 14));
        }
        retention::fit(Curve::Bdw, &[Cohort::of(&renewals, 14).unwrap()])
    });
}

/// Two kinds of customers: what makes the second order half as often and stay
/// longer comes back as the coefficients of one covariate.
/// A shop whose customers are all alike and never leave: every model runs to its
/// limit, the Poisson process, and ends there within some dozen evaluations.
#[test]
fn customers_who_are_all_alike_end_at_the_poisson_limit() {
    let mut random = Random::new(11);
    // A gamma distribution as narrow as this is a point.
    let law = Law::Geometric([1e9, 4e9, 1e-9, 1e9], true, 1);
    let histories = simulated_histories(law, 4_000, 500, &mut random);
    let groups = Arc::new(histories.group());
    let (mut orders, mut weeks) = (0.0, 0.0);
    for i in 0..histories.len() {
        orders += f64::from(histories.frequency[i]);
        weeks += f64::from(histories.age[i]) / 7.0;
    }
    let poisson = orders * libm::log(orders / weeks) - orders;
    for model in
        [Model::Nbd, Model::BgNbd, Model::MbgNbd, Model::ParetoNbd, Model::MbgCnbdK(1)]
    {
        let fit = FitTask::of(model, &groups).run();
        assert!(fit.converged, "{model:?} {fit:?}");
        assert!(fit.evaluations < 60, "{model:?} {}", fit.evaluations);
        let gain = fit.log_likelihood - poisson;
        // Each model holds the limit; two more parameters gain little by chance.
        assert!((-1e-4..10.0).contains(&gain), "{model:?} {gain}");
        let [r, alpha] = [fit.parameters[0], fit.parameters[1]];
        assert!((r / alpha * weeks / orders - 1.0).abs() < 0.05, "{model:?} {r} {alpha}");
    }
}

#[test]
fn effects_of_a_covariate_come_back() {
    let (plain, other) = ([0.8, 8.0, 0.9, 2.5], [0.8, 16.0, 0.9, 5.0]);
    // Logarithms: the rate of orders, then a and b.
    let effects = [0.5_f64.ln(), 0.0, 2.0_f64.ln()];
    let mut random = Random::new(20_261_122);
    let (mut hits, sets) = (0, 60);
    let mut found = [const { Vec::new() }; 3];
    for _ in 0..sets {
        let mut pattern = |truth, z| {
            let law = Law::Geometric(truth, true, 1);
            let histories = simulated_histories(law, 1_500, 1_400, &mut random);
            Pattern { z: vec![z], groups: Arc::new(histories.group()) }
        };
        let patterns = [pattern(plain, 0.0), pattern(other, 1.0)];
        let objective = WithCovariates::new(Model::MbgNbd, &patterns).unwrap();
        let start: Vec<f64> =
            plain.iter().map(|p: &f64| p.ln()).chain([0.0; 3]).collect();
        let fit = FitTask::new(Box::new(objective), None, vec![start]).run();
        assert!(fit.converged && fit.gradient < 1e-4);
        let covariance = fit.covariance.as_ref().unwrap();
        for (k, effect) in effects.iter().enumerate() {
            let error = covariance[(4 + k) * 7 + 4 + k].sqrt();
            hits += usize::from(
                (fit.theta[4 + k] - effect).abs() <= 1.644_853_626_95 * error,
            );
            found[k].push(fit.theta[4 + k]);
        }
    }
    let coverage = hits as f64 / (3 * sets) as f64;
    assert!((0.85..=0.95).contains(&coverage), "{coverage}");
    for (list, effect) in found.iter_mut().zip(effects) {
        list.sort_unstable_by(f64::total_cmp);
        let median = list[list.len() / 2];
        assert!((median - effect).abs() < 0.1, "{median} for {effect}");
    }
}

/// The 80 % interval of the total holds what then comes in about four of five
/// shops, and the total is not far off on average.
#[test]
fn totals_cover_what_comes() {
    let (mut inside, mut expected, mut came) = (0, 0.0, 0.0);
    let sets = 60;
    for seed in 0..sets {
        let law = Law::Geometric([0.8, 8.0, 0.9, 2.5], true, 1);
        let orders = simulated_shop(law, 600, 728, seed);
        let as_of = Day(500);
        let table = customers(&orders, as_of);
        let options = LifetimeOptions {
            model: ModelChoice::MbgNbd,
            horizon_days: 228,
            discount_rate: 0.0,
            holdout_days: Some(0),
            ..LifetimeOptions::default()
        };
        let mut task = LifetimeTask::new(&orders, &table, options).unwrap();
        let totals = finish(|budget| task.advance(budget)).unwrap().result.totals;
        let value: i64 = (0..orders.customers.len() as u32)
            .filter(|&c| orders.of(c).any(|i| orders.day[i] <= as_of.0))
            .flat_map(|c| orders.of(c))
            .filter(|&i| orders.day[i] > as_of.0 && orders.day[i] <= as_of.0 + 228)
            .map(|i| orders.gross[i])
            .sum();
        let value = orders.scale.number(value);
        inside += usize::from(
            totals.clv_low.unwrap() <= value && value <= totals.clv_high.unwrap(),
        );
        expected += totals.clv;
        came += value;
    }
    let share = inside as f64 / sets as f64;
    assert!((0.68..=0.92).contains(&share), "{share}");
    assert!((expected / came - 1.0).abs() < 0.03, "{expected} {came}");
}

/// Single customers: what they order later lies in their range about as often as
/// it says; whole numbers of orders make the range wide rather than narrow.
#[test]
fn ranges_of_customers_cover_what_comes() {
    let law = Law::Geometric([1.5, 6.0, 0.7, 3.0], true, 1);
    let orders = simulated_shop(law, 900, 900, 3);
    let as_of = Day(600);
    let table = customers(&orders, as_of);
    let options = LifetimeOptions {
        model: ModelChoice::MbgNbd,
        horizon_days: 300,
        holdout_days: Some(0),
        ..LifetimeOptions::default()
    };
    let mut task = LifetimeTask::new(&orders, &table, options).unwrap();
    let lifetime = finish(|budget| task.advance(budget)).unwrap();
    let fitted = lifetime.fitted.unwrap();
    let window = Window::of(&orders, as_of, 300, |_| true);
    let (mut inside, mut alive, mut silent, mut p_silent) = (0, 0, 0, 0.0);
    let shown = 300;
    for (row, &number) in table.number.iter().enumerate().take(shown) {
        let found = fitted.customer(&orders, number, as_of).unwrap().unwrap();
        let came = f64::from(window.actual[row]);
        inside += usize::from(found.orders_low <= came && came <= found.orders_high);
        alive += usize::from(
            found.p_alive_low <= found.p_alive && found.p_alive <= found.p_alive_high,
        );
        silent += usize::from(came == 0.0);
        p_silent += found.p_no_order;
        assert!((lifetime.columns.p_alive[row] - found.p_alive).abs() < 1e-12);
        assert!((lifetime.columns.clv[row] / found.clv - 1.0).abs() < 1e-9);
    }
    let share = inside as f64 / shown as f64;
    assert!((0.78..=0.97).contains(&share), "{share}");
    assert!(alive as f64 > 0.95 * shown as f64, "{alive}");
    assert!((silent as f64 / p_silent - 1.0).abs() < 0.1, "{silent} {p_silent}");
}
