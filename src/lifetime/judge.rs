//! What the trials say: who is used, how well it did on days that it had not
//! seen, and where a naive forecast would have done better.

use super::choice::{Candidate, Forecaster, winner};
use super::holdout::{Window, by_frequency, poisson_deviance};
use super::result::{HoldoutResult, LifetimeResult};
use super::trial::{Outcome, Trial};
use crate::message::Message;

/// Takes the winner of the inner trial, and the best model for saying who is
/// still a customer; `otherwise` where there is none.
pub fn choose(
    result: &mut LifetimeResult,
    outcomes: &[Outcome],
    otherwise: Forecaster,
) -> (Forecaster, Forecaster) {
    for outcome in outcomes {
        candidate(result, outcome).inner = Some(outcome.score);
    }
    let chosen = winner(outcomes, |_| true).unwrap_or(otherwise);
    let active_by = winner(outcomes, |who| !who.is_naive()).unwrap_or(otherwise);
    if chosen.is_naive() {
        result.notices.push(
            Message::new("lifetime-naive-forecast-wins")
                .with("forecast", chosen.code())
                .with("model", active_by.code()),
        );
    }
    (chosen, active_by)
}

/// The row of an outcome's forecaster, made where it is missing.
fn candidate<'r>(result: &'r mut LifetimeResult, outcome: &Outcome) -> &'r mut Candidate {
    let code = outcome.forecaster.code();
    let at = result.candidates.iter().position(|c| c.model == code);
    let at = at.unwrap_or_else(|| {
        result.candidates.push(Candidate::new(outcome.forecaster));
        result.candidates.len() - 1
    });
    let candidate = &mut result.candidates[at];
    candidate.set_fit(outcome.fit.as_ref());
    candidate
}

/// Scores everyone on the days held out, and the one who is used in detail.
pub fn judge(
    result: &mut LifetimeResult,
    trial: &Trial,
    inner: Option<&Window>,
    outcomes: &[Outcome],
    (chosen, active_by): (Forecaster, Forecaster),
) {
    for outcome in outcomes {
        candidate(result, outcome).outer = Some(outcome.score);
    }
    let find = |who| outcomes.iter().find(|o| o.forecaster == who);
    let Some(ours) = find(chosen).or(find(active_by)) else { return };
    let Some(naive) = find(Forecaster::LastWindow) else { return };
    let actual = &trial.window.actual;
    let best = outcomes
        .iter()
        .min_by(|a, b| a.score.deviance.total_cmp(&b.score.deviance))
        // Not by a rounding error.
        .filter(|best| best.score.deviance < ours.score.deviance - 1e-9)
        .unwrap_or(ours);
    let (gap, gap_error) = deviance_gap(actual, &ours.forecast, &best.forecast);
    let rival = outcomes
        .iter()
        .filter(|o| o.forecaster.is_naive() && o.forecaster != ours.forecaster)
        .min_by(|a, b| a.score.mae.total_cmp(&b.score.mae));
    if let Some(rival) = rival.filter(|r| r.score.mae < ours.score.mae) {
        result.notices.push(
            Message::new("lifetime-naive-forecast-closer")
                .with("forecast", rival.forecaster.code())
                .with("mae", rival.score.mae)
                .with("modelMae", ours.score.mae),
        );
    }
    result.holdout = Some(HoldoutResult {
        cut_off: trial.window.cut_off,
        days: trial.window.days,
        inner_cut_off: inner.map(|window| window.cut_off),
        inner_days: inner.map(|window| window.days),
        customers: actual.len() as u64,
        actual_orders: actual.iter().map(|&y| f64::from(y)).sum(),
        score: ours.score,
        naive: naive.score,
        best: best.forecaster.code(),
        deviance_gap: gap,
        deviance_gap_error: gap_error,
        by_frequency: by_frequency(&trial.groups, actual, &ours.forecast),
    });
}

/// The mean difference of two forecasts' Poisson deviances a customer, and its
/// standard error.
pub fn deviance_gap(actual: &[u32], one: &[f64], other: &[f64]) -> (f64, f64) {
    let n = actual.len().max(1) as f64;
    let gaps: Vec<f64> = actual
        .iter()
        .zip(one.iter().zip(other))
        .map(|(&y, (&a, &b))| {
            let y = f64::from(y);
            poisson_deviance(y, a) - poisson_deviance(y, b)
        })
        .collect();
    let mean = gaps.iter().sum::<f64>() / n;
    let squares = gaps.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>();
    (mean, libm::sqrt(squares / n / (n - 1.0).max(1.0)))
}
