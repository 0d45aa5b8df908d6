//! Season, then smoothing: multiple seasons are taken off by loess (Bandara,
//! Hyndman and Bergmeir, "MSTL", 2021; the crate `stlrs`), the rest is smoothed
//! on, and the last season is repeated. Beside it the naive forecasts.

use super::ets::Ets;

/// A model of a series.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Whether logarithms were modelled: effects multiply.
    pub log: bool,
    /// Lengths of the seasons that were taken off.
    pub seasons: Vec<usize>,
    /// The season of each value, all together, on the modelled scale.
    pub seasonal: Vec<f64>,
    each: Vec<Vec<f64>>,
    /// What is smoothed.
    pub ets: Ets,
    /// Whether there is a trend.
    pub trended: bool,
}

/// A forecast on the scale of the model: mean and standard deviation.
pub type Ahead = Vec<(f64, f64)>;

impl Fitted {
    /// Fits level or damped trend, plain or in logarithms, whichever has the
    /// better corrected criterion of Akaike. `None` where too little is known.
    pub fn fit(values: &[Option<f64>], seasons: &[usize]) -> Option<Fitted> {
        let seasons: Vec<usize> =
            seasons.iter().copied().filter(|&m| m > 1 && values.len() >= 2 * m).collect();
        let mut best: Option<(f64, Fitted)> = None;
        let positive = values.iter().flatten().all(|&y| y > 0.0);
        for log in [false, true] {
            if log && !positive {
                continue;
            }
            let scaled: Vec<Option<f64>> = values
                .iter()
                .map(|y| y.map(|y| if log { libm::log(y) } else { y }))
                .collect();
            // What taking logarithms adds to the likelihood.
            let jacobian =
                if log { 2.0 * scaled.iter().flatten().sum::<f64>() } else { 0.0 };
            let each = decompose(&scaled, &seasons)?;
            let seasonal: Vec<f64> = (0..values.len())
                .map(|i| each.iter().map(|season| season[i]).sum())
                .collect();
            let adjusted: Vec<Option<f64>> =
                scaled.iter().zip(&seasonal).map(|(x, s)| x.map(|x| x - s)).collect();
            for trended in [false, true] {
                let Some(ets) = Ets::fit(&adjusted, trended) else { continue };
                let score = ets.aicc + jacobian;
                if best.as_ref().is_none_or(|(least, _)| score < *least) {
                    let (seasons, seasonal, each) =
                        (seasons.clone(), seasonal.clone(), each.clone());
                    let fitted = Fitted { log, seasons, seasonal, each, ets, trended };
                    best = Some((score, fitted));
                }
            }
        }
        best.map(|(_, fitted)| fitted)
    }

    /// Mean and deviation of the steps ahead, on the scale of the model.
    pub fn ahead(&self, steps: usize) -> Ahead {
        let mut ahead = self.ets.ahead(steps);
        for (season, &m) in self.each.iter().zip(&self.seasons) {
            let last = &season[season.len() - m..];
            for (step, forecast) in ahead.iter_mut().enumerate() {
                forecast.0 += last[step % m];
            }
        }
        ahead
    }

    /// From a value to the scale of the model; `None` where it has none there.
    pub fn scaled(&self, y: f64) -> Option<f64> {
        if !self.log {
            return Some(y);
        }
        (y > 0.0).then(|| libm::log(y))
    }

    /// Back from the scale of the model.
    pub fn value(&self, x: f64) -> f64 {
        if self.log { libm::exp(x) } else { x }
    }
}

/// The seasons of a series, an entry a value each; missing values are filled in
/// for this step only.
fn decompose(values: &[Option<f64>], seasons: &[usize]) -> Option<Vec<Vec<f64>>> {
    if seasons.is_empty() {
        return Some(Vec::new());
    }
    let filled = fill(values, seasons[0]);
    let result = stlrs::Mstl::fit(&filled, seasons).ok()?;
    Some(result.seasonal().to_vec())
}

/// Missing values replaced by those a season before, else after, else by the
/// last known one.
fn fill(values: &[Option<f64>], season: usize) -> Vec<f64> {
    let mut last = values.iter().flatten().next().copied().unwrap_or(0.0);
    let mut filled: Vec<f64> = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        let before = i.checked_sub(season).map(|j| filled[j]);
        let after = values.get(i + season).copied().flatten();
        let value = value.or(before).or(after).unwrap_or(last);
        last = value;
        filled.push(value);
    }
    filled
}

/// The naive forecast: the value one season before, or the last one. Missing
/// values are passed over by whole seasons.
#[derive(Clone, Debug)]
pub struct Naive {
    /// The season; 1 for the last value.
    pub season: usize,
    /// The value to repeat, by place in the season.
    last: Vec<f64>,
    /// Mean squared error one season ahead.
    variance: f64,
    /// Mean absolute error one season ahead: the scale of MASE.
    pub scale: f64,
}

impl Naive {
    /// The naive forecast of a series; `None` where no two values are a season
    /// apart.
    pub fn fit(values: &[Option<f64>], season: usize) -> Option<Naive> {
        let n = values.len();
        let (mut squares, mut absolute, mut pairs) = (0.0, 0.0, 0_u32);
        for i in season..n {
            if let (Some(a), Some(b)) = (values[i - season], values[i]) {
                squares += (b - a) * (b - a);
                absolute += (b - a).abs();
                pairs += 1;
            }
        }
        let mut last = Vec::with_capacity(season);
        let any = values.iter().rev().flatten().next().copied()?;
        for place in 0..season {
            let mut i = (n - season + place) as i64;
            while i >= 0 && values[i as usize].is_none() {
                i -= season as i64;
            }
            last.push(if i < 0 { any } else { values[i as usize].unwrap_or(any) });
        }
        let pairs = f64::from(pairs);
        (pairs > 0.0).then(|| Naive {
            season,
            last,
            variance: squares / pairs,
            scale: absolute / pairs,
        })
    }

    /// Value and deviation of the steps ahead.
    pub fn ahead(&self, steps: usize) -> Ahead {
        (0..steps)
            .map(|step| {
                let seasons = (step / self.season + 1) as f64;
                (self.last[step % self.season], libm::sqrt(self.variance * seasons))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_is_repeated() {
        let week = [10.0, 20.0, 30.0, 20.0, 10.0, 5.0, 5.0];
        let values: Vec<Option<f64>> =
            (0..70).map(|i| Some(week[i % 7] + 100.0)).collect();
        let fitted = Fitted::fit(&values, &[7]).unwrap();
        for (step, (mean, _)) in fitted.ahead(14).into_iter().enumerate() {
            assert!((fitted.value(mean) - week[step % 7] - 100.0).abs() < 0.5);
        }
        let naive = Naive::fit(&values, 7).unwrap();
        assert_eq!(naive.ahead(1)[0], (110.0, 0.0));
    }

    #[test]
    fn naive_forecasts_pass_over_what_is_missing() {
        let values = [Some(1.0), Some(2.0), Some(3.0), None];
        let naive = Naive::fit(&values, 2).unwrap();
        assert_eq!(
            naive.ahead(3).iter().map(|a| a.0).collect::<Vec<_>>(),
            [3.0, 2.0, 3.0]
        );
    }
}
