//! Special functions: digamma, trigamma, log-beta and sums in logarithms
//! (Abramowitz and Stegun 6.3.5, 6.3.18, 6.4.12), all through `libm`.

/// The logarithm of the gamma function of a positive number.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The logarithm of the beta function of two positive numbers, without the
/// cancellation of three large logarithms of gamma.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    if large < 20.0 {
        return libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    }
    if small > 20.0 {
        let half_ln_two_pi = 0.918_938_533_204_672_8;
        return half_ln_two_pi
            - (small - 0.5) * libm::log1p(large / small)
            - large * libm::log1p(small / large)
            - 0.5 * libm::log(large)
            + stirling(small)
            + stirling(large)
            - stirling(small + large);
    }
    // Stirling's series of lnG(large) - lnG(small + large).
    let sum = small + large;
    let quotient =
        small - (large - 0.5) * libm::log1p(small / large) - small * libm::log(sum)
            + stirling(large)
            - stirling(sum);
    libm::lgamma(small) + quotient
}

/// What Stirling's formula lacks, for `x` of 20 and more.
fn stirling(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    (1.0 / 12.0
        - y * (1.0 / 360.0 - y * (1.0 / 1_260.0 - y * (1.0 / 1_680.0 - y / 1_188.0))))
        / x
}

/// `lnG(p + j) - lnG(p)` for `p > 0` and `j >= 0`.
pub fn ln_rising(p: f64, j: f64) -> f64 {
    if j < 16.0 && j == libm::floor(j) {
        return (0..j as u32).map(|i| libm::log(p + f64::from(i))).sum();
    }
    if p > 20.0 {
        // Two large logarithms would leave nothing of a small difference.
        return (p + j - 0.5) * libm::log1p(j / p)
            + j * (libm::log(p) - 1.0)
            + stirling(p + j)
            - stirling(p);
    }
    libm::lgamma(p + j) - libm::lgamma(p)
}

/// Beyond this the asymptotic series below are exact to the last digit.
const ASYMPTOTIC: f64 = 10.0;

/// The derivative of [`ln_gamma`], for `x > 0`.
///
/// ```
/// use regulars::lifetime::special::digamma;
/// assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-15);
/// ```
pub fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < ASYMPTOTIC {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let tail = y
        * (1.0 / 12.0
            - y * (1.0 / 120.0
                - y * (1.0 / 252.0
                    - y * (1.0 / 240.0
                        - y * (1.0 / 132.0 - y * (691.0 / 32_760.0 - y / 12.0))))));
    sum + libm::log(x) - 0.5 / x - tail
}

/// The second derivative of [`ln_gamma`], for `x > 0`.
pub fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < ASYMPTOTIC {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let tail = y
        * (1.0 / 6.0
            - y * (1.0 / 30.0
                - y * (1.0 / 42.0
                    - y * (1.0 / 30.0
                        - y * (5.0 / 66.0 - y * (691.0 / 2_730.0 - y * 7.0 / 6.0))))));
    sum + 1.0 / x + 0.5 * y + tail / x
}

/// `ln(1 + e^x)` and its derivative, finite for every finite `x`.
pub fn softplus(x: f64) -> (f64, f64) {
    if x > 0.0 {
        let e = libm::exp(-x);
        (x + libm::log1p(e), 1.0 / (1.0 + e))
    } else {
        let e = libm::exp(x);
        (libm::log1p(e), e / (1.0 + e))
    }
}

/// `1 / (1 + e^-x)`, 0 and 1 at the infinities.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// `ln(e^a + e^b)`; `-inf` stands for a term that is absent.
pub fn ln_add_exp(a: f64, b: f64) -> f64 {
    let (high, low) = if a >= b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY {
        high
    } else {
        high + libm::log1p(libm::exp(low - high))
    }
}

/// The chance that a chi-squared number with so many degrees of freedom is above
/// `x` (Abramowitz and Stegun 6.5.29 and 6.5.31).
pub fn chi_squared_above(x: f64, degrees: u32) -> f64 {
    let (a, x) = (0.5 * f64::from(degrees), 0.5 * x);
    if x <= 0.0 || degrees == 0 {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > 1e-17 * sum {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (1.0 - front * sum).clamp(0.0, 1.0);
    }
    // The continued fraction from its end.
    let mut fraction = 0.0;
    for k in (1..=500).rev() {
        let k = f64::from(k);
        fraction = k * (k - a) / (x + 2.0 * k + 1.0 - a - fraction);
    }
    (front / (x + 1.0 - a - fraction)).clamp(0.0, 1.0)
}

#[cfg(test)]
#[allow(clippy::excessive_precision)]
mod tests {
    use super::*;

    /// Values of mpmath 1.3 at 30 digits.
    #[test]
    fn digamma_and_trigamma_hold_to_the_last_digits() {
        let cases = [
            (1e-3, -1_000.575_571_931_810_3, 1_000_001.642_533_195_87),
            (0.25, -4.227_453_533_376_265_4, 17.197_329_154_507_110_7),
            (3.744_224_667_666, 1.180_772_404_280_191_95, 0.305_875_269_167_701_217),
            (1_234.5, 7.118_016_231_827_997_84, 8.103_727_271_269_666e-4),
        ];
        for (x, psi, psi1) in cases {
            assert!(
                (digamma(x) / psi - 1.0).abs() < 3e-14,
                "digamma {x}: {}",
                digamma(x)
            );
            assert!(
                (trigamma(x) / psi1 - 1.0).abs() < 3e-14,
                "trigamma {x}: {}",
                trigamma(x)
            );
        }
    }

    /// Values of mpmath 1.3 at 30 digits.
    #[test]
    fn ln_beta_keeps_its_digits_when_one_argument_is_large() {
        let cases = [
            (0.01, 99_999.99, 4.484350673892405288),
            (250.0, 1e6, -2325.384991029838185),
            (0.79, 2.43, -0.5069521965724401264),
            (30.0, 25.0, -38.27834389791485321),
        ];
        for (a, b, value) in cases {
            let got = ln_beta(a, b);
            assert!(f64::abs(got / value - 1.0) < 5e-15, "{a} {b}: {got} {value}");
        }
    }

    /// Values of mpmath 1.3.
    #[test]
    fn rising_factorials_of_large_numbers() {
        let cases = [
            (3.5, 40.0, 118.448600943997827),
            (25.0, 40.0, 150.383470084528879),
            (3e7, 100.0, 1721.67095896246053),
            (4e8, 3000.0, 59420.9365614386574),
            (50.5, 2.5, 9.84158081235815797),
        ];
        for (p, j, value) in cases {
            let got = ln_rising(p, j);
            assert!(f64::abs(got / value - 1.0) < 5e-15, "{p} {j}: {got} {value}");
        }
    }

    /// Values of mpmath 1.3.
    #[test]
    fn chi_squared_tails() {
        let cases = [
            (10.943, 1, 0.0009395791269344789),
            (3.841_458_820_694_124, 1, 0.05),
            (2.0, 3, 0.5724067044708798),
            (40.0, 12, 7.190884052842893e-5),
        ];
        for (x, degrees, p) in cases {
            let got = chi_squared_above(x, degrees);
            assert!(f64::abs(got / p - 1.0) < 1e-8, "{x} {degrees}: {got} {p}");
        }
    }

    #[test]
    fn sums_in_logarithms_neither_overflow_nor_vanish() {
        assert_eq!(softplus(800.0).0, 800.0);
        assert!((softplus(-800.0).0).abs() < 1e-300);
        assert_eq!(ln_add_exp(-1_000.0, f64::NEG_INFINITY), -1_000.0);
        assert!(
            (ln_add_exp(1_000.0, 1_000.0) - 1_000.0 - std::f64::consts::LN_2).abs()
                < 1e-12
        );
    }
}
