//! Gauss's hypergeometric function where the models need it: the mean of
//! `(1 + w p)^-a` over a beta distribution of p (Abramowitz and Stegun 15.1.1,
//! 15.3.1, 15.3.4).

use super::special::{ln_beta, softplus};

/// Beyond this the series is left for the integral.
const SERIES_UP_TO: f64 = 0.9;
/// A first parameter below this makes the series cancel.
const LEAST_FIRST: f64 = -8.0;
/// A second parameter above this may overflow it.
const MOST_SECOND: f64 = 200.0;
/// Up to here `(1 + w)^a` is a number.
const MOST_FOLDINGS: f64 = 500.0;

/// `2F1(a, b; c; -w)` for `a > 0`, `c > b > 0` and `w >= 0`: the mean of
/// `(1 + w p)^-a` when p is beta distributed with parameters b and c - b.
///
/// Between 0 and 1. Pfaff's transformations and the power series where it converges
/// fast and without cancellation, and Euler's integral by double-exponential
/// quadrature otherwise; where the beta distribution is so narrow that both would
/// drown in rounding, its first moments. The relative error is below 1e-12 while
/// `c` is below a thousand, and below `c` times 1e-15 beyond.
pub fn hyp2f1_at_minus(w: f64, a: f64, b: f64, c: f64) -> f64 {
    if w <= 0.0 {
        return 1.0;
    }
    if b > MOST_SECOND
        && let Some(mean) = by_moments(w, a, b, c)
    {
        return mean;
    }
    let z = w / (1.0 + w);
    let ln = libm::log1p(w);
    if z <= SERIES_UP_TO {
        if c - a >= LEAST_FIRST
            && b <= MOST_SECOND
            && let Some(sum) = series(c - a, b, c, z, 600)
        {
            return libm::exp(-b * ln) * sum;
        }
        // All terms positive, whatever the parameters: slower, as there are some
        // `a z` of them.
        if a * ln <= MOST_FOLDINGS
            && let Some(sum) = series(a, c - b, c, z, 3_000)
        {
            return f64::min(libm::exp(-a * ln) * sum, 1.0);
        }
    }
    integral(w, a, b, c)
}

/// The power series, or nothing where `most` terms are not enough.
fn series(a: f64, b: f64, c: f64, z: f64, most: u32) -> Option<f64> {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 0..most {
        let n = f64::from(n);
        term *= (a + n) * (b + n) * z / ((c + n) * (n + 1.0));
        sum += term;
        if term.abs() <= 1e-17 * f64::abs(sum) {
            return Some(sum);
        }
    }
    None
}

/// The mean of `(1 + w p)^-a` by a Taylor series about the mean of p, up to the
/// fourth central moment of the beta distribution (Johnson, Kotz and Balakrishnan,
/// "Continuous univariate distributions", volume 2, chapter 25); nothing where the
/// sixth term is not below 1e-12.
fn by_moments(w: f64, a: f64, b: f64, c: f64) -> Option<f64> {
    let rest = c - b;
    let mean = b / c;
    let variance = mean * (rest / c) / (c + 1.0);
    let slope = w / (1.0 + w * mean);
    if (a + 5.0) * slope * libm::sqrt(variance) > 0.014 {
        return None;
    }
    let third = 2.0 * variance * ((rest - b) / c) / (c + 2.0);
    let excess = 6.0 * ((b - rest) * (b - rest) * (c + 1.0) - b * rest * (c + 2.0))
        / (b * rest * (c + 2.0) * (c + 3.0));
    let fourth = variance * variance * (3.0 + excess);
    let second_term = a * (a + 1.0) * slope * slope;
    let third_term = second_term * (a + 2.0) * slope;
    let fourth_term = third_term * (a + 3.0) * slope;
    let around = 1.0 + second_term * variance / 2.0 - third_term * third / 6.0
        + fourth_term * fourth / 24.0;
    Some(libm::exp(-a * libm::log1p(w * mean)) * around)
}

/// Euler's integral over `t = 1 / (1 + exp(-pi sinh y))` by the trapezoid rule,
/// halving the step until two sums agree.
fn integral(w: f64, a: f64, b: f64, c: f64) -> f64 {
    use std::f64::consts::PI;
    let scale = ln_beta(b, c - b);
    let exponent = |y: f64| {
        let logit = PI * libm::sinh(y);
        let (ln_rest, ln_t) = (-softplus(logit).0, -softplus(-logit).0);
        b * ln_t + (c - b) * ln_rest - a * libm::log1p(w * libm::exp(ln_t)) - scale
    };
    let term = |y: f64| PI * libm::cosh(y) * libm::exp(exponent(y));
    // From the beta distribution's mode outwards until nothing is left.
    let mode = libm::asinh(libm::log(b / (c - b)) / PI);
    let mut highest = exponent(mode);
    let mut reach = |direction: f64| {
        // A narrow distribution must not fall between two steps.
        let mut distance = 0.02_f64.min(1.0 / libm::sqrt(c));
        loop {
            let here = exponent(mode + direction * distance);
            highest = highest.max(here);
            if here < highest - 50.0 || distance > 20.0 {
                return mode + direction * distance;
            }
            distance *= 1.25;
        }
    };
    let (high, low) = (reach(1.0), reach(-1.0));
    // The logarithms above cancel: rounding leaves about this much of their size.
    let noise = 1e-14_f64.max(c * 1e-15);
    let mut steps = 32.0;
    let mut width = (high - low) / steps;
    let mut sum: f64 = (0..=32).map(|i| term(low + f64::from(i) * width)).sum();
    for _ in 0..10 {
        let between: f64 =
            (0..steps as u32).map(|i| term(low + (f64::from(i) + 0.5) * width)).sum();
        let finer = 0.5 * (sum + between);
        let settled = f64::abs(finer - sum) <= noise * f64::abs(finer);
        sum += between;
        steps *= 2.0;
        width *= 0.5;
        if settled {
            break;
        }
    }
    sum * width
}

#[cfg(test)]
#[allow(clippy::excessive_precision)]
mod tests {
    use super::*;

    /// Values of mpmath 1.3 at 40 digits, from the integral.
    #[test]
    fn series_and_integral_hold_to_twelve_digits() {
        let cases = [
            (1.22, 3.84, 0.79, 3.2, 0.48405283784873999),
            (32.0, 1.8, 0.8, 3.3, 0.11984957454678119),
            (1.5, 253.4, 0.7, 2.9, 0.025932546455106797),
            (19.0, 63.0, 3.0, 36.0, 2.3186065037415552e-5),
            (999.0, 0.2, 0.05, 0.06, 0.35181845052221567),
            (2.3, 5.0, 0.01, 100000.0, 0.99999885008013405),
            (99.0, 5.0, 1.0, 202.5, 0.3190624048490712),
            (0.6, 3.0, 2000.0, 5000.0, 0.52452262093028445),
            (0.8, 11.8, 10000.0, 1010000.0, 0.91110542122601696),
            (100000.0, 2.0, 1.5, 2.5, 7.4209413993452759e-8),
        ];
        for (w, a, b, c, value) in cases {
            let got = hyp2f1_at_minus(w, a, b, c);
            assert!((got / value - 1.0).abs() < 1e-12, "{w} {a} {b} {c}: {got} {value}");
            let slow = integral(w, a, b, c);
            assert!(
                (slow / value - 1.0).abs() < 1e-11,
                "{w} {a} {b} {c}: {slow} {value}"
            );
        }
    }

    /// Values of mpmath 1.3: a shop whose customers are all alike, where a grows
    /// without bound and the distribution of p shrinks to nothing.
    #[test]
    fn large_first_parameters_cost_a_short_series() {
        let cases = [
            (5e-9, 4.5e8, 2e-9, 1.5e-5, 0.99988071801079010356),
            (2e-8, 8.3e6, 5e-5, 3933.0, 0.99999999788969619075),
            (0.11, 3400.0, 0.7, 3000.5, 0.92106189324553988148),
            (0.8, 150.0, 2.5, 3.0, 7.4467785752607093686e-6),
            (8.0, 120.0, 0.4, 9.0, 0.14943068145641542681),
            (1e-6, 1e8, 3.0, 90.0, 0.10431145826185960488),
            (0.5, 1000.0, 30.0, 31.0, 4.5560857820052114692e-49),
        ];
        for (w, a, b, c, value) in cases {
            let got = hyp2f1_at_minus(w, a, b, c);
            // Rounding of c - b counts where b is next to c.
            let near = 1e-12 + 1e-16 * a * w * c / (c - b);
            assert!((got / value - 1.0).abs() < near, "{w} {a} {b} {c}: {got} {value}");
        }
    }

    /// Narrow distributions: the moments against the integral, where both hold.
    #[test]
    fn moments_and_integral_meet_and_narrow_ones_end() {
        for (w, a, b, c) in
            [(0.8, 11.8, 1e4, 1.01e6), (0.1, 1.4, 3e3, 2e4), (0.5, 4.0, 9e4, 1e5)]
        {
            let quick = by_moments(w, a, b, c).unwrap();
            let slow = integral(w, a, b, c);
            assert!(
                (quick / slow - 1.0).abs() < c * 1e-14,
                "{w} {a} {b} {c}: {quick} {slow}"
            );
        }
        // The ridge of a shop without dropout: b and c without bound.
        let far = hyp2f1_at_minus(0.1155, 1.357, 3.289e5, 2.353e6);
        let farther = hyp2f1_at_minus(0.1155, 1.357, 3.289e9, 2.353e10);
        assert!((far / farther - 1.0).abs() < 1e-8 && far < 1.0);
        assert!(hyp2f1_at_minus(2.0, 300.0, 1e5, 2e5).is_finite());
    }
}
