//! Seeded random numbers, the same everywhere: normal by Box and Muller, gamma by
//! Marsaglia and Tsang (2000).

use crate::numerics::Stream;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random(Stream);

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Random {
        Random(Stream::new(seed))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    /// Uniform above 0 and below 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Exponential with mean one.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Normal with mean zero and variance one.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(2.0 * self.exponential());
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Gamma with this shape and rate one.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            // Shape + 1, thinned by a power of a uniform number.
            let boost = libm::exp(-self.exponential() / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            if libm::log(u) < 0.5 * x * x + d * (1.0 - v + libm::log(v)) {
                return d * v;
            }
        }
    }

    /// Beta with these two shapes.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        let y = self.gamma(b);
        if x + y > 0.0 { x / (x + y) } else { a / (a + b) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut random = Random::new(7);
        let n = 200_000;
        let mut mean = |f: &mut dyn FnMut(&mut Random) -> f64| {
            (0..n).map(|_| f(&mut random)).sum::<f64>() / f64::from(n)
        };
        let near = |value: f64, truth: f64| {
            assert!((value - truth).abs() < 0.02, "{value} {truth}");
        };
        near(mean(&mut |r| r.uniform()), 0.5);
        near(mean(&mut |r| r.normal()), 0.0);
        near(
            mean(&mut |r| {
                let x = r.normal();
                x * x
            }),
            1.0,
        );
        near(mean(&mut |r| r.gamma(0.3)), 0.3);
        near(mean(&mut |r| r.gamma(2.5)), 2.5);
        near(mean(&mut |r| r.beta(0.5, 1.5)), 0.25);
    }
}
