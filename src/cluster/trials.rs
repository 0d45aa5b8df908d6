//! What decides how many groups there are and how stable they are: each number tried
//! on a sample, and the sample drawn again.

use super::chance::Chance;
use super::judge::{even, resampled, silhouette};
use super::kmeans::{Grouping, Run, nearest};
use super::points::Points;
use super::result::Choice;
use super::task::{Clustering, Stage, TOLERANCE};

/// The numbers of groups that are tried.
pub const TRIED: std::ops::RangeInclusive<usize> = 2..=8;
/// Evenly spread sets behind each gap.
const EVEN: u64 = 10;
/// Runs for each number of groups tried.
const TRIES: u64 = 4;
/// Resamples behind the stability.
pub const RESAMPLES: u64 = 20;

impl Clustering {
    /// The best of a few runs on a few points.
    pub(super) fn best_of(
        points: &Points,
        k: usize,
        chance: &mut Chance,
        runs: u64,
    ) -> Grouping {
        let run = |chance: &mut Chance| {
            let own = Chance::new(chance.bits(), 0);
            Run::new(points, k, own, TOLERANCE).finish(points)
        };
        let mut best = run(chance);
        for _ in 1..runs {
            let other = run(chance);
            if other.inertia < best.inertia {
                best = other;
            }
        }
        best
    }

    /// Judges one number of groups.
    pub(super) fn try_one(&mut self, k: usize) -> Stage {
        let mut chance = self.chance(100 + k as u64);
        let found = Clustering::best_of(&self.sample, k, &mut chance, TRIES);
        let of = |inertia: f64| libm::log(inertia.max(1e-12));
        let logs: Vec<f64> = (0..EVEN)
            .map(|_| {
                let even = even(&self.sample, &mut chance);
                of(Clustering::best_of(&even, k, &mut chance, 1).inertia)
            })
            .collect();
        let mean = logs.iter().sum::<f64>() / EVEN as f64;
        let spread = logs.iter().map(|l| (l - mean) * (l - mean)).sum::<f64>();
        let deviation = libm::sqrt(spread / EVEN as f64);
        self.choices.push(Choice {
            k: k as u8,
            inertia: found.inertia,
            silhouette: silhouette(&self.sample, &found.of, k),
            gap: mean - of(found.inertia),
            gap_error: deviation * libm::sqrt(1.0 + 1.0 / EVEN as f64),
            by_silhouette: false,
            by_gap: false,
        });
        let count = self.sample.len() as u64;
        self.done += count * count / 4 + count * k as u64 * 20 * (EVEN + TRIES);
        if k < *TRIED.end() {
            return Stage::Try(k + 1);
        }
        self.choose();
        Stage::Group { restart: 0, run: None }
    }

    /// Marks the numbers that the silhouette and the gap speak for.
    pub(super) fn choose(&mut self) {
        let mut best = None::<usize>;
        for (i, choice) in self.choices.iter().enumerate() {
            // Two groups, those who come and those who do not, always lie apart.
            let better = |b: usize| choice.silhouette > self.choices[b].silhouette;
            if choice.k >= 3 && best.is_none_or(better) {
                best = Some(i);
            }
        }
        let enough = |pair: &[Choice]| pair[0].gap >= pair[1].gap - pair[1].gap_error;
        let by_gap = self.choices.windows(2).position(enough);
        if let Some(i) = best {
            self.choices[i].by_silhouette = true;
        }
        if let Some(i) = by_gap {
            self.choices[i].by_gap = true;
        }
    }

    /// One resample of the sample.
    pub(super) fn resample(&mut self, round: u64) -> Stage {
        let Some(best) = &self.best else { return self.cells() };
        let k = best.centres.len();
        let of = nearest(&self.sample, &best.centres);
        let mut chance = self.chance(2_000 + round);
        let similar = resampled(&self.sample, &of, k, &mut chance);
        self.stability.resize(k, 0.0);
        for (sum, similarity) in self.stability.iter_mut().zip(similar) {
            *sum += similarity / RESAMPLES as f64;
        }
        self.done += self.sample.len() as u64 * k as u64 * 20;
        if round + 1 < RESAMPLES { Stage::Resample(round + 1) } else { self.cells() }
    }
}
