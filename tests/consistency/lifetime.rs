//! Lifetime models against themselves: special cases, sums and slices agree.

use std::sync::Arc;

use regulars::lifetime::maximise::{Objective, Sums};
use regulars::lifetime::timing::Timing;
use regulars::lifetime::{Groups, Model};

use crate::lifetime_data::histories;

const MODELS: [Model; 6] = [
    Model::Nbd,
    Model::BgNbd,
    Model::MbgNbd,
    Model::ParetoNbd,
    Model::MbgCnbdK(1),
    Model::MbgCnbdK(3),
];

/// Some histories, odd ones among them.
fn groups() -> Arc<Groups> {
    Arc::new(
        histories(&[
            (0, 0, 1),
            (0, 0, 300),
            (1, 1, 272),
            (1, 200, 272),
            (2, 213, 272),
            (2, 272, 272),
            (7, 30, 90),
            (26, 216, 217),
            (180, 700, 728),
        ])
        .group(),
    )
}

fn evaluate(objective: &mut dyn Objective, theta: &[f64]) -> Sums {
    let mut sums = Sums::new(theta.len());
    objective.prepare(theta);
    for block in 0..objective.blocks() {
        objective.add_block(block, &mut sums);
    }
    sums
}

/// Central differences of the value and of the gradient.
#[test]
fn derivatives_are_those_of_the_value() {
    for model in MODELS {
        for point in
            [[-0.5, 1.4, -0.2, 0.9], [0.7, -1.0, 1.2, 2.5], [-1.5, 2.5, -2.0, -0.7]]
        {
            let theta = &point[..model.names().len()];
            let mut objective = model.objective(groups());
            let at = evaluate(objective.as_mut(), theta);
            let n = theta.len();
            for i in 0..n {
                let step = 1e-5;
                let mut shifted = theta.to_vec();
                shifted[i] += step;
                let up = evaluate(objective.as_mut(), &shifted);
                shifted[i] -= 2.0 * step;
                let down = evaluate(objective.as_mut(), &shifted);
                let slope = (up.value - down.value) / (2.0 * step);
                let scale = at.gradient[i].abs().max(1.0);
                assert!(
                    (slope - at.gradient[i]).abs() < 1e-6 * scale,
                    "{model:?} {theta:?} gradient {i}: {slope} {}",
                    at.gradient[i]
                );
                for j in 0..n {
                    let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    let entry = at.hessian[i * n + j];
                    let scale = entry.abs().max(1.0);
                    assert!(
                        (bend - entry).abs() < 2e-6 * scale,
                        "{model:?} {theta:?} hessian {i} {j}: {bend} {entry}"
                    );
                }
            }
        }
    }
}

/// The grouped likelihood is the sum of the single ones.
#[test]
fn likelihoods_of_groups_are_sums_of_single_ones() {
    for model in MODELS {
        let point = [-0.3, 1.1, -0.4, 0.6];
        let theta = &point[..model.names().len()];
        let groups = groups();
        let parameters: Vec<f64> = theta.iter().map(|t: &f64| t.exp()).collect();
        let timing = Timing::new(model, &parameters);
        let mut single: f64 = (0..groups.len())
            .map(|k| {
                let [x, recency, age] = regulars::lifetime::predict::weeks(&groups, k);
                timing.log_likelihood(x, recency, age)
            })
            .sum();
        if let Model::MbgCnbdK(k) = model {
            // The gaps' density has its constant per order.
            let orders: f64 = groups.frequency.iter().map(|&x| f64::from(x)).sum();
            single -= orders * libm::lgamma(f64::from(k));
        }
        let sums = evaluate(model.objective(groups.clone()).as_mut(), theta);
        assert!(
            (single / sums.value - 1.0).abs() < 1e-13,
            "{model:?} {single} {}",
            sums.value
        );
    }
}

/// With one phase an order, regular buyers are those of MBG/NBD, although their
/// predictions are sums over orders and not integrals over time.
#[test]
fn one_phase_is_mbg_nbd() {
    let p = [0.5248431591063, 6.183085279576, 0.8913593907322, 1.61400224017];
    let plain = Timing::new(Model::MbgNbd, &p);
    let phased = Timing::new(Model::MbgCnbdK(1), &p);
    for (x, recency, age) in
        [(0.0, 0.0, 39.0), (2.0, 30.4, 38.9), (26.0, 30.9, 31.0), (140.0, 100.0, 104.0)]
    {
        let same = |a: f64, b: f64, what: &str| {
            assert!((a / b - 1.0).abs() < 1e-9, "{what} of {x} {recency} {age}: {a} {b}");
        };
        same(phased.p_alive(x, recency, age), plain.p_alive(x, recency, age), "p_alive");
        same(
            phased.p_alive_later(x, recency, age, 20.0),
            plain.p_alive_later(x, recency, age, 20.0),
            "p_alive_later",
        );
        same(
            phased.p_no_order(x, recency, age, 12.0),
            plain.p_no_order(x, recency, age, 12.0),
            "p_no_order",
        );
        let (a, b) = (
            phased.expected(x, recency, age, 52.0, 0.002),
            plain.expected(x, recency, age, 52.0, 0.002),
        );
        same(a.orders, b.orders, "orders");
        same(a.discounted, b.discounted, "discounted");
    }
}

/// BG/BB: silence ahead from the standing of today is the likelihood of the longer
/// history over that of the shorter.
#[test]
fn silence_in_periods_is_a_ratio_of_likelihoods() {
    let weeks = |periods: u32| f64::from(2 * periods);
    for p in [[1.2, 0.75, 0.66, 2.78], [0.3, 4.0, 2.0, 1.5], [9.0, 1.0, 0.2, 0.1]] {
        let timing = Timing::new(Model::BgBb(14), &p);
        for (x, last, age) in [(0.0, 0, 6), (1.0, 1, 6), (4.0, 6, 6), (3.0, 20, 52)] {
            let (recency, age) = (weeks(last), weeks(age));
            for ahead in [1, 2, 7, 40].map(weeks) {
                let ratio = timing.log_likelihood(x, recency, age + ahead)
                    - timing.log_likelihood(x, recency, age);
                let silent = timing.p_no_order(x, recency, age, ahead);
                assert!((silent - libm::exp(ratio)).abs() < 1e-12, "{p:?} {x} {silent}");
            }
        }
    }
}

/// Orders within two periods are those of the first and of the second.
#[test]
fn streams_add_up_over_time() {
    for model in MODELS {
        let p = [0.8, 3.0, 0.7, 2.0];
        let timing = Timing::new(model, &p[..model.names().len()]);
        let until = |weeks| timing.expected(3.0, 20.0, 30.0, weeks, 0.0).orders;
        let fine: f64 = (0..200)
            .map(|i| until(0.25 * f64::from(i + 1)) - until(0.25 * f64::from(i)))
            .sum();
        assert!((fine / until(50.0) - 1.0).abs() < 1e-11, "{model:?}");
        assert!(until(50.0) < 50.0 * 10.0 && until(50.0) > 0.0);
        let early = timing.p_no_order(3.0, 20.0, 30.0, 1e-6);
        assert!((early - 1.0).abs() < 1e-5, "{model:?} {early}");
        // The chance of an order soon is the rate of orders now.
        let soon = 1.0 - timing.p_no_order(3.0, 20.0, 30.0, 1e-3);
        assert!((soon / until(1e-3) - 1.0).abs() < 2e-3, "{model:?}");
    }
}
