//! Whether chance could have made a rule.
//!
//! Fisher's exact test, one-sided: given how often each side is seen, the
//! chance of seeing them together so often or more. Benjamini and Hochberg's
//! step-up procedure (1995) for the number of rules.

use crate::sort::Order;

/// Natural logarithms of factorials up to a number.
#[derive(Clone, Debug)]
pub struct Factorials {
    ln: Vec<f64>,
}

/// Factorials above this are computed one by one.
const KEPT: usize = 1 << 20;

impl Factorials {
    /// Those up to `n`; of very large numbers the first million.
    pub fn new(n: u64) -> Factorials {
        let kept = (n as usize).min(KEPT);
        let mut ln = Vec::with_capacity(kept + 1);
        let mut sum = 0.0;
        ln.push(0.0);
        for i in 1..=kept {
            sum += libm::log(i as f64);
            ln.push(sum);
        }
        Factorials { ln }
    }

    fn of(&self, n: u64) -> f64 {
        match self.ln.get(n as usize) {
            Some(&ln) => ln,
            None => libm::lgamma(n as f64 + 1.0),
        }
    }

    fn choose(&self, n: u64, k: u64) -> f64 {
        self.of(n) - self.of(k) - self.of(n - k)
    }

    /// The chance that of `n` baskets, `a` of which have one side and `c` the
    /// other, `both` or more have both, if the sides do not depend on each other.
    ///
    /// At most as many terms as the rarer side has baskets; in practice a few.
    pub fn fisher(&self, n: u64, a: u64, c: u64, both: u64) -> f64 {
        let most = a.min(c);
        let least = (a + c).saturating_sub(n);
        if both <= least {
            return 1.0;
        }
        let ln_first =
            |k: u64| self.choose(c, k) + self.choose(n - c, a - k) - self.choose(n, a);
        let (nf, af, cf) = (n as f64, a as f64, c as f64);
        if both as f64 > af * cf / nf {
            // Terms fall from here on.
            let (mut term, mut sum, mut k) = (1.0, 0.0, both);
            loop {
                sum += term;
                if k >= most || term < sum * 1e-17 {
                    break;
                }
                let kf = k as f64;
                term *= (af - kf) * (cf - kf) / ((kf + 1.0) * (nf - af - cf + kf + 1.0));
                k += 1;
            }
            (libm::exp(ln_first(both)) * sum).min(1.0)
        } else {
            // The lower side has the fewer terms that count.
            let (mut term, mut sum, mut k) = (1.0, 0.0, both - 1);
            loop {
                sum += term;
                if k <= least || term < sum * 1e-17 {
                    break;
                }
                let kf = k as f64;
                term *= kf * (nf - af - cf + kf) / ((af - kf + 1.0) * (cf - kf + 1.0));
                k -= 1;
            }
            (1.0 - libm::exp(ln_first(both - 1)) * sum).clamp(0.0, 1.0)
        }
    }
}

/// The share of false discoveries at which each of several tests would still be
/// called significant.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut falling: Vec<usize> = (0..p.len()).collect();
    falling.order_by(|&a, &b| p[b].total_cmp(&p[a]).then(b.cmp(&a)));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (place, &test) in falling.iter().enumerate() {
        let rank = (p.len() - place) as f64;
        least = least.min(p[test] * p.len() as f64 / rank);
        q[test] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fisher_agrees_with_counting() {
        // The tea taster: 3 of 4 right, scipy.stats.fisher_exact, greater.
        let tea = Factorials::new(8).fisher(8, 4, 4, 3);
        assert!((tea - 17.0 / 70.0).abs() < 1e-14);
        let all = Factorials::new(8).fisher(8, 4, 4, 0);
        assert_eq!(all, 1.0);
        let few = Factorials::new(8).fisher(8, 4, 4, 1);
        assert!((few - 69.0 / 70.0).abs() < 1e-14);
        // scipy.stats.hypergeom.sf(9, 100, 20, 30)
        let some = Factorials::new(100).fisher(100, 20, 30, 10);
        assert!((some - 0.030_696_429_354_336_7).abs() < 1e-14, "{some}");
    }

    #[test]
    fn the_correction_keeps_the_order() {
        let q = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-15;
        assert!(
            near(q[0], 0.02) && near(q[1], 0.04) && near(q[2], 0.04) && near(q[3], 0.02)
        );
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
