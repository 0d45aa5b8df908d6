//! Seeded chance: the same draws for the same seed on every machine.
//!
//! Normal by Marsaglia's polar method; gamma by Marsaglia and Tsang, "A Simple
//! Method for Generating Gamma Variables" (2000).

use crate::numerics::{GOLDEN, Stream, mix};

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Chance(Stream);

impl Chance {
    /// The stream of a seed and a path, such as a customer and an order: each
    /// path has draws of its own, in whatever order the paths are taken.
    pub fn new(seed: u64, path: &[u64]) -> Chance {
        let step = |state: u64, part: &u64| {
            mix(state.wrapping_add(GOLDEN) ^ mix(*part ^ GOLDEN))
        };
        Chance(Stream::new(path.iter().fold(mix(seed), step)))
    }

    /// Even in [0, 1).
    pub fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// True with a probability.
    pub fn hit(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 to `below - 1`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0.below(below)
    }

    /// An index, likelier the larger its weight. Weights are 0 or more and one
    /// of them is above 0.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (i, &weight) in weights.iter().enumerate() {
            if left < weight {
                return i;
            }
            left -= weight;
        }
        // Rounding has eaten the rest: the last that may be drawn.
        weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0)
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log1p(-self.unit())
    }

    fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }

    /// Gamma of a shape, with scale 1.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            // Boosting, section 6 of the paper: 1 - u is above 0.
            let boost = libm::pow(1.0 - self.unit(), 1.0 / shape);
            return boost * self.gamma(shape + 1.0);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            if libm::log(1.0 - self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// Beta of two shapes.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        x / (x + self.gamma(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_variance(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let n = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let x = draw();
            sum += x;
            squares += x * x;
        }
        let mean = sum / f64::from(n);
        (mean, squares / f64::from(n) - mean * mean)
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        let mut chance = Chance::new(7, &[1]);
        let near = |(mean, variance): (f64, f64), expected: (f64, f64)| {
            assert!((mean - expected.0).abs() < 0.02, "mean {mean} of {expected:?}");
            assert!(
                (variance - expected.1).abs() < 0.05,
                "variance {variance} of {expected:?}"
            );
        };
        near(mean_and_variance(|| chance.unit()), (0.5, 1.0 / 12.0));
        near(mean_and_variance(|| chance.exponential()), (1.0, 1.0));
        near(mean_and_variance(|| chance.normal()), (0.0, 1.0));
        for shape in [0.5, 1.0, 2.5] {
            near(mean_and_variance(|| chance.gamma(shape)), (shape, shape));
        }
        // a b / ((a + b)^2 (a + b + 1))
        near(mean_and_variance(|| chance.beta(1.0, 3.0)), (0.25, 3.0 / 80.0));
        near(mean_and_variance(|| chance.pick(&[1.0, 0.0, 1.0]) as f64), (1.0, 1.0));
    }
}
