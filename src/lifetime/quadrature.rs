//! Gauss-Legendre quadrature (Abramowitz and Stegun 25.4.29): nodes by Newton's
//! method on the Legendre polynomial.

/// Points of a [`Rule`].
pub const POINTS: usize = 16;

/// Nodes and weights on the interval from 0 to 1.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Nodes, rising, each with its weight.
    pub points: [(f64, f64); POINTS],
}

impl Default for Rule {
    fn default() -> Rule {
        Rule::new()
    }
}

impl Rule {
    /// The rule of [`POINTS`] points, exact for polynomials below degree 32.
    pub fn new() -> Rule {
        let n = POINTS as f64;
        let mut points = [(0.0, 0.0); POINTS];
        for i in 0..POINTS / 2 {
            let mut x = libm::cos(std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5));
            let mut slope = 1.0;
            for _ in 0..8 {
                let (mut p, mut before) = (1.0, 0.0);
                for k in 1..=POINTS {
                    let k = k as f64;
                    (p, before) = (((2.0 * k - 1.0) * x * p - (k - 1.0) * before) / k, p);
                }
                slope = n * (x * p - before) / (x * x - 1.0);
                x -= p / slope;
            }
            let weight = 1.0 / ((1.0 - x * x) * slope * slope);
            points[i] = (0.5 * (1.0 - x), weight);
            points[POINTS - 1 - i] = (0.5 * (1.0 + x), weight);
        }
        Rule { points }
    }

    /// The integral of `f` from `from` to `to`, in panels no longer than `panel`.
    pub fn integrate<const N: usize>(
        &self,
        from: f64,
        to: f64,
        panel: f64,
        mut f: impl FnMut(f64) -> [f64; N],
    ) -> [f64; N] {
        let mut sum = [0.0; N];
        if to <= from {
            return sum;
        }
        let panels = libm::ceil((to - from) / panel).max(1.0);
        let width = (to - from) / panels;
        for i in 0..panels as u32 {
            let start = from + f64::from(i) * width;
            for (node, weight) in self.points {
                let values = f(start + node * width);
                for (s, v) in sum.iter_mut().zip(values) {
                    *s += weight * width * v;
                }
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_degree_31_are_exact() {
        let rule = Rule::new();
        let [one, high] =
            rule.integrate(0.0, 1.0, 1.0, |x| [1.0, 32.0 * libm::pow(x, 31.0)]);
        assert!((one - 1.0).abs() < 1e-15 && (high - 1.0).abs() < 1e-13, "{one} {high}");
        let [e] = rule.integrate(0.0, 40.0, 2.0, |x| [libm::exp(-x)]);
        assert!((e - 1.0).abs() < 1e-14, "{e}");
    }
}
