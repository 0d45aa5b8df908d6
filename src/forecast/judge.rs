//! The back-test: forecasts from earlier days against what came, beside the
//! naive ones; and intervals as wide as past errors ask for.
//!
//! Errors are scaled by the naive forecast's in-sample error (MASE, Hyndman and
//! Koehler, 2006). Intervals are those of the model times a factor that past
//! errors give (split conformal prediction): at each cut-off only errors that
//! were known by then.

use serde::Serialize;

use super::model::{Fitted, Naive};

/// The most cut-offs.
const MOST_ORIGINS: usize = 36;
/// So many past errors are needed to correct the intervals.
const LEAST_ERRORS: usize = 10;
/// The correction stays within these.
const FACTORS: [f64; 2] = [0.1, 4.0];

/// How one way of forecasting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Did {
    /// Mean absolute error by that of the naive forecast within the history.
    pub mase: f64,
    /// Mean absolute error, in the unit of the series.
    pub mae: f64,
    /// Share of what came that lay within the intervals.
    pub coverage: f64,
}

/// What the back-test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackTest {
    /// Cut-offs from which was forecast.
    pub origins: usize,
    /// Periods ahead, at most.
    pub horizon: usize,
    /// Forecasts that could be held against what came.
    pub forecasts: usize,
    /// The model.
    pub model: Did,
    /// The naive forecast.
    pub naive: Did,
    /// How much wider the last intervals of the model are than its own.
    pub factor: f64,
    /// Those of the naive forecast.
    pub naive_factor: f64,
}

/// One forecast held against what came.
#[derive(Clone, Copy, Debug)]
struct Trial {
    /// The number of values known when it was made.
    origin: usize,
    /// The value forecast, counted from 0.
    target: usize,
    /// Absolute error, and by the scale of MASE.
    error: f64,
    scaled: f64,
    /// Error in standard deviations.
    deviations: f64,
}

/// Runs the back-test, a cut-off a step.
#[derive(Clone, Debug)]
pub struct Judge {
    origins: Vec<usize>,
    /// Cut-offs before this one only tell how wide intervals must be.
    judged: usize,
    next: usize,
    horizon: usize,
    seasons: Vec<usize>,
    naive_season: usize,
    trials: [Vec<Trial>; 2],
}

impl Judge {
    /// Plans a back-test of so many values: over the last two fifths, with at
    /// least two seasons before; the fifth before those sets the intervals.
    pub fn new(
        n: usize,
        seasons: &[usize],
        naive_season: usize,
        horizon: usize,
    ) -> Judge {
        let longest = seasons.iter().copied().filter(|&m| 2 * m <= n).max().unwrap_or(1);
        let least = (2 * longest + 2).max(8);
        let (first, judged) = ((n * 2 / 5).max(least), (n * 3 / 5).max(least));
        let horizon = horizon.min((n / 5).max(1));
        let count = n.saturating_sub(first);
        let step = count.div_ceil(MOST_ORIGINS).max(1);
        // Counted from the end, so that the latest past is always judged.
        let mut origins: Vec<usize> =
            (1..=count).step_by(step).map(|back| n - back).collect();
        origins.reverse();
        Judge {
            origins,
            judged,
            next: 0,
            horizon,
            seasons: seasons.to_vec(),
            naive_season,
            trials: [Vec::new(), Vec::new()],
        }
    }

    /// Forecasts from one more cut-off; true when there is none left.
    pub fn step(&mut self, values: &[Option<f64>]) -> bool {
        let Some(&origin) = self.origins.get(self.next) else { return true };
        self.next += 1;
        let known = &values[..origin];
        let (Some(fitted), Some(naive)) =
            (Fitted::fit(known, &self.seasons), Naive::fit(known, self.naive_season))
        else {
            return self.next == self.origins.len();
        };
        let steps = self.horizon.min(values.len() - origin);
        let ahead = fitted.ahead(steps);
        for (step, (simple, spread)) in naive.ahead(steps).into_iter().enumerate() {
            let target = origin + step;
            let Some(actual) = values[target] else { continue };
            let (mean, deviation) = ahead[step];
            let trial = |error: f64, deviations: f64| Trial {
                origin,
                target,
                error: error.abs(),
                scaled: if naive.scale > 0.0 { error.abs() / naive.scale } else { 0.0 },
                deviations: deviations.abs(),
            };
            let scaled = fitted.scaled(actual).map_or(f64::INFINITY, |x| x - mean);
            self.trials[0].push(trial(
                actual - fitted.value(mean),
                in_deviations(scaled, deviation),
            ));
            self.trials[1]
                .push(trial(actual - simple, in_deviations(actual - simple, spread)));
        }
        self.next == self.origins.len()
    }

    /// What the back-test found; `None` where nothing could be judged.
    pub fn found(&self, quantile: f64, level: f64) -> Option<BackTest> {
        let [model, naive] = &self.trials;
        if model.iter().all(|trial| trial.origin < self.judged) {
            return None;
        }
        let last = usize::MAX;
        let did = |trials: &[Trial]| did(trials, self.judged, quantile, level);
        Some(BackTest {
            origins: self.origins.iter().filter(|&&origin| origin >= self.judged).count(),
            horizon: self.horizon,
            forecasts: model.iter().filter(|t| t.origin >= self.judged).count(),
            model: did(model),
            naive: did(naive),
            factor: factor(model, last, quantile, level),
            naive_factor: factor(naive, last, quantile, level),
        })
    }
}

fn in_deviations(error: f64, deviation: f64) -> f64 {
    if deviation > 0.0 {
        error / deviation
    } else if error == 0.0 {
        0.0
    } else {
        f64::INFINITY
    }
}

fn did(trials: &[Trial], judged: usize, quantile: f64, level: f64) -> Did {
    let counted = || trials.iter().filter(|trial| trial.origin >= judged);
    let n = counted().count() as f64;
    let mean = |of: fn(&Trial) -> f64| counted().map(of).sum::<f64>() / n;
    let mut within = 0_u32;
    let mut at = (usize::MAX, 1.0);
    for trial in counted() {
        if at.0 != trial.origin {
            at = (trial.origin, factor(trials, trial.origin, quantile, level));
        }
        within += u32::from(trial.deviations <= at.1 * quantile);
    }
    Did {
        mase: mean(|t| t.scaled),
        mae: mean(|t| t.error),
        coverage: f64::from(within) / n,
    }
}

/// What the model's deviations are multiplied by, from the errors that were
/// known when `origin` values were.
fn factor(trials: &[Trial], origin: usize, quantile: f64, level: f64) -> f64 {
    let mut past: Vec<f64> =
        trials.iter().filter(|t| t.target < origin).map(|t| t.deviations).collect();
    if past.len() < LEAST_ERRORS {
        return 1.0;
    }
    past.sort_unstable_by(f64::total_cmp);
    let place = libm::ceil((past.len() as f64 + 1.0) * level) as usize;
    let width = past[place.clamp(1, past.len()) - 1];
    (width / quantile).clamp(FACTORS[0], FACTORS[1])
}

/// The number of standard deviations on each side that hold a share of the
/// normal distribution, by halving.
pub fn quantile(level: f64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        let within = libm::erf(middle / core::f64::consts::SQRT_2);
        if within < level { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_is_that_of_the_tables() {
        assert!((quantile(0.8) - 1.281_551_565_544_600_4).abs() < 1e-12);
        assert!((quantile(0.95) - 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn a_season_beats_the_last_value_and_is_no_better_than_itself() {
        let week = [10.0, 20.0, 30.0, 20.0, 10.0, 5.0, 5.0];
        let noise = |i: usize| ((i * i * 37 + i * 11) % 101) as f64 / 25.0;
        let values: Vec<Option<f64>> =
            (0..140).map(|i| Some(week[i % 7] + noise(i))).collect();
        let mut judge = Judge::new(values.len(), &[7], 7, 7);
        while !judge.step(&values) {}
        let found = judge.found(quantile(0.8), 0.8).unwrap();
        assert!(found.model.mase < found.naive.mase, "{found:?}");
        assert!((0.7..=0.95).contains(&found.model.coverage), "{found:?}");
        assert!(found.origins <= MOST_ORIGINS);
    }
}
