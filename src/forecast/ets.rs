//! Exponential smoothing with additive errors: a level, or a level and a damped
//! trend (Hyndman, Koehler, Ord and Snyder, "Forecasting with exponential
//! smoothing", 2008: ETS(A,N,N) and ETS(A,Ad,N)).
//!
//! Our own rather than a library's, so that native and WebAssembly agree to the
//! last bit: only arithmetic, square roots and `libm`.

use crate::sort::Order;

/// A smoothing model fitted to a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Ets {
    /// How much of an error goes into the level.
    pub alpha: f64,
    /// How much into the trend; 0 without one.
    pub beta: f64,
    /// How much of the trend is left a step later; 0 without one.
    pub phi: f64,
    /// The level at the end.
    pub level: f64,
    /// The trend at the end.
    pub trend: f64,
    /// Variance of the errors one step ahead.
    pub variance: f64,
    /// The corrected criterion of Akaike, up to a constant of the series.
    pub aicc: f64,
    /// The level after each value.
    pub levels: Vec<f64>,
}

/// Nelder and Mead's search stops after so many steps.
const MOST_STEPS: usize = 600;
/// Or when the corners differ by less.
const TOLERANCE: f64 = 1e-10;

impl Ets {
    /// Fits by least squares; missing values let the state go on unchanged.
    /// `None` where fewer than four values are known.
    pub fn fit(values: &[Option<f64>], trended: bool) -> Option<Ets> {
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        let n = known.len();
        if n < 4 {
            return None;
        }
        // At mean 0 and deviation 1 one start serves all series.
        let mean = known.iter().sum::<f64>() / n as f64;
        let spread =
            known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n as f64;
        let unit = if spread > 0.0 { libm::sqrt(spread) } else { 1.0 };
        let scaled: Vec<Option<f64>> =
            values.iter().map(|x| x.map(|x| (x - mean) / unit)).collect();
        let first = known.iter().take(4).sum::<f64>() / known.len().min(4) as f64;
        let first = (first - mean) / unit;
        let start: Vec<f64> =
            if trended { vec![0.3, 0.05, 0.9, first, 0.0] } else { vec![0.3, first] };
        let (best, squares) = search(&start, |p| run(&scaled, p, None));
        let mut levels = Vec::with_capacity(values.len());
        run(&scaled, &best, Some(&mut levels));
        let (_, state) = end(&scaled, &best);
        // The parameters, and the variance.
        let k = best.len() as f64 + 1.0;
        let n = n as f64;
        let variance = squares / (n - best.len() as f64).max(1.0);
        let fit = n * libm::log((squares / n).max(1e-300) * unit * unit);
        let penalty = if n > k + 1.0 {
            2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
        } else {
            f64::INFINITY
        };
        let (beta, phi) = if trended { (best[1], best[2]) } else { (0.0, 0.0) };
        Some(Ets {
            alpha: best[0],
            beta,
            phi,
            level: state.0 * unit + mean,
            trend: state.1 * unit,
            variance: variance * unit * unit,
            aicc: fit + penalty,
            levels: levels.into_iter().map(|level| level * unit + mean).collect(),
        })
    }

    /// Mean and standard deviation so many steps ahead, from 1.
    pub fn ahead(&self, steps: usize) -> Vec<(f64, f64)> {
        let (mut damped, mut power, mut factor) = (0.0, 1.0, 1.0);
        (0..steps)
            .map(|_| {
                power *= self.phi;
                damped += power;
                let forecast = (
                    self.level + damped * self.trend,
                    libm::sqrt(self.variance * factor),
                );
                let weight = self.alpha + self.beta * damped;
                factor += weight * weight;
                forecast
            })
            .collect()
    }
}

/// Sum of the squared errors; infinite outside of the parameters' range.
fn run(values: &[Option<f64>], p: &[f64], mut levels: Option<&mut Vec<f64>>) -> f64 {
    let Some((alpha, beta, phi, mut level, mut trend)) = parameters(p) else {
        return f64::INFINITY;
    };
    let mut squares = 0.0;
    for value in values {
        let expected = level + phi * trend;
        trend *= phi;
        level = expected;
        if let Some(value) = value {
            let error = value - expected;
            squares += error * error;
            level += alpha * error;
            trend += beta * error;
        }
        if let Some(levels) = &mut levels {
            levels.push(level);
        }
    }
    squares
}

/// Level and trend after the last value.
fn end(values: &[Option<f64>], p: &[f64]) -> (f64, (f64, f64)) {
    let Some((alpha, beta, phi, mut level, mut trend)) = parameters(p) else {
        return (f64::INFINITY, (0.0, 0.0));
    };
    let mut last = 0.0;
    for value in values {
        let expected = level + phi * trend;
        trend *= phi;
        level = expected;
        if let Some(value) = value {
            last = value - expected;
            level += alpha * last;
            trend += beta * last;
        }
    }
    (last, (level, trend))
}

fn parameters(p: &[f64]) -> Option<(f64, f64, f64, f64, f64)> {
    let alpha = p[0];
    if !(1e-4..=0.9999).contains(&alpha) {
        return None;
    }
    if p.len() == 2 {
        return Some((alpha, 0.0, 0.0, p[1], 0.0));
    }
    let (beta, phi) = (p[1], p[2]);
    let inside = (0.0..=alpha).contains(&beta) && (0.8..=0.98).contains(&phi);
    inside.then_some((alpha, beta, phi, p[3], p[4]))
}

/// Nelder and Mead (1965): the least value of a function and where it is.
fn search(start: &[f64], value: impl Fn(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let n = start.len();
    let mut corners: Vec<(Vec<f64>, f64)> = vec![(start.to_vec(), value(start))];
    for i in 0..n {
        let mut corner = start.to_vec();
        // Steps that stay within the range of each parameter.
        corner[i] += [0.2, 0.1, 0.05, 0.5, 0.1][if n == 2 && i == 1 { 3 } else { i }];
        let at = value(&corner);
        corners.push((corner, at));
    }
    for _ in 0..MOST_STEPS {
        corners.order_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (corners[0].1, corners[n].1);
        if (worst - best).abs() <= TOLERANCE * (worst.abs() + best.abs() + 1e-300) {
            break;
        }
        let mut centre = vec![0.0; n];
        for (corner, _) in &corners[..n] {
            centre.iter_mut().zip(corner).for_each(|(c, x)| *c += x / n as f64);
        }
        let along = |t: f64| -> (Vec<f64>, f64) {
            let point: Vec<f64> =
                centre.iter().zip(&corners[n].0).map(|(c, x)| c + t * (c - x)).collect();
            let at = value(&point);
            (point, at)
        };
        let reflected = along(1.0);
        if reflected.1 < best {
            let expanded = along(2.0);
            corners[n] = if expanded.1 < reflected.1 { expanded } else { reflected };
        } else if reflected.1 < corners[n - 1].1 {
            corners[n] = reflected;
        } else {
            let contracted = if reflected.1 < worst { along(0.5) } else { along(-0.5) };
            if contracted.1 < worst.min(reflected.1) {
                corners[n] = contracted;
            } else {
                let (first, rest) = corners.split_at_mut(1);
                for (corner, at) in rest {
                    corner
                        .iter_mut()
                        .zip(&first[0].0)
                        .for_each(|(x, b)| *x = (*x + b) / 2.0);
                    *at = value(corner);
                }
            }
        }
    }
    corners.order_by(|a, b| a.1.total_cmp(&b.1));
    corners.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_series_goes_on() {
        let flat = Ets::fit(&[Some(5.0); 20], false).unwrap();
        assert!(
            flat.ahead(3)
                .iter()
                .all(|&(mean, sd)| (mean - 5.0).abs() < 1e-9 && sd < 1e-6)
        );
        assert!(Ets::fit(&[Some(1.0), None, Some(2.0), Some(3.0)], false).is_none());
    }

    #[test]
    fn a_rising_series_rises_on_and_gaps_do_not_stop_it() {
        let mut line: Vec<Option<f64>> = (0..40).map(|i| Some(f64::from(i))).collect();
        line[20] = None;
        let fit = Ets::fit(&line, true).unwrap();
        let [(next, _), (later, sd)] = fit.ahead(2)[..] else { panic!() };
        assert!(next > 39.0 && later > next && sd > 0.0, "{next} {later}");
        assert!(fit.aicc < Ets::fit(&line, false).unwrap().aicc);
    }
}
