//! Gauss-Legendre quadrature (Abramowitz and Stegun 25.4.29): nodes by Newton's
//! method on the Legendre polynomial.

/// Nodes and weights on the interval from 0 to 1.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Nodes, each with its weight.
    pub points: Vec<(f64, f64)>,
}

impl Rule {
    /// The rule of `n` points (an even number), exact for polynomials below
    /// degree `2 n`.
    pub fn new(n: u32) -> Rule {
        let size = f64::from(n);
        let mut points = Vec::new();
        for i in 0..n / 2 {
            let angle = std::f64::consts::PI * (f64::from(i) + 0.75) / (size + 0.5);
            let mut x = libm::cos(angle);
            let mut slope = 1.0;
            for _ in 0..8 {
                let (mut p, mut before) = (1.0, 0.0);
                for k in 1..=n {
                    let k = f64::from(k);
                    (p, before) = (((2.0 * k - 1.0) * x * p - (k - 1.0) * before) / k, p);
                }
                slope = size * (x * p - before) / (x * x - 1.0);
                x -= p / slope;
            }
            let weight = 1.0 / ((1.0 - x * x) * slope * slope);
            points.push((0.5 * (1.0 - x), weight));
            points.push((0.5 * (1.0 + x), weight));
        }
        Rule { points }
    }

    /// The integral of `f` from `from` to `to`, in so many equal panels.
    pub fn integrate<const N: usize>(
        &self,
        from: f64,
        to: f64,
        panels: f64,
        mut f: impl FnMut(f64) -> [f64; N],
    ) -> [f64; N] {
        let mut sum = [0.0; N];
        if to <= from {
            return sum;
        }
        let width = (to - from) / panels;
        for i in 0..panels as u32 {
            let start = from + f64::from(i) * width;
            for &(node, weight) in &self.points {
                let values = f(start + node * width);
                for (s, v) in sum.iter_mut().zip(values) {
                    *s += weight * width * v;
                }
            }
        }
        sum
    }
}

/// Beyond so many panels an integral would take too long.
const MOST_PANELS: f64 = 200.0;

/// A short rule for flat integrands and a long one for the others.
#[derive(Clone, Debug)]
pub struct Rules {
    short: Rule,
    long: Rule,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { short: Rule::new(8), long: Rule::new(16) }
    }
}

impl Rules {
    /// The rule and the number of panels for an integrand over `length` of a
    /// variable in which its nearest singularity lies at a distance of pi, and
    /// that falls by `decay` e-foldings. The relative error is below 1e-12 up to
    /// some thousand of them.
    pub fn choose(&self, length: f64, decay: f64) -> (&Rule, f64) {
        if length <= 1.2 && decay <= 3.0 {
            (&self.short, 1.0)
        } else {
            (
                &self.long,
                libm::ceil((length / 2.0).max(decay / 10.0)).clamp(1.0, MOST_PANELS),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_degree_31_are_exact() {
        let rule = Rule::new(16);
        let [one, high] =
            rule.integrate(0.0, 1.0, 1.0, |x| [1.0, 32.0 * libm::pow(x, 31.0)]);
        assert!((one - 1.0).abs() < 1e-15 && (high - 1.0).abs() < 1e-13, "{one} {high}");
        let [e] = rule.integrate(0.0, 40.0, 20.0, |x| [libm::exp(-x)]);
        assert!((e - 1.0).abs() < 1e-14, "{e}");
    }
}
