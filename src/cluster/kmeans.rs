//! K-means: seeding by k-means++ with several tries a centre, then Lloyd's
//! algorithm in slices.
//!
//! Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding" (SODA
//! 2007), with the greedy choice among 2 + ln k candidates that they recommend.

use crate::distances;

use super::chance::Chance;
use super::points::Points;

/// Points looked at in one go: their distances stay in the nearest cache.
const BLOCK: usize = 512;
/// Iterations at most; reported when reached.
const MOST: u32 = 300;

/// A finished grouping: everything of the one best run.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouping {
    /// One centre a group.
    pub centres: Vec<Vec<f64>>,
    /// The group of each point.
    pub of: Vec<u32>,
    /// Sum of squared distances to the centres.
    pub inertia: f64,
    /// Iterations that it took.
    pub iterations: u32,
    /// Whether it settled.
    pub settled: bool,
}

/// One run over points that stay the same.
#[derive(Clone, Debug)]
pub struct Run {
    chance: Chance,
    k: usize,
    /// Movement of the centres, squared and summed, below which the run ends.
    still: f64,
    centres: Vec<Vec<f64>>,
    seeding: Option<Seeding>,
    of: Vec<u32>,
    next: usize,
    sums: Vec<Vec<f64>>,
    sizes: Vec<f64>,
    changed: bool,
    inertia: f64,
    iterations: u32,
    last: bool,
}

/// Squared distances to the nearest centre so far.
#[derive(Clone, Debug)]
struct Seeding {
    nearest: Vec<f64>,
    total: f64,
}

impl Run {
    /// A run of `k` groups from a seed; `k` is 1 or more and no larger than the
    /// number of points. It ends when no point changes its group, or when the
    /// centres move less than `tolerance` times the mean variance.
    pub fn new(points: &Points, k: usize, chance: Chance, tolerance: f64) -> Run {
        let variance = points.columns.iter().map(|c| variance(c)).sum::<f64>();
        let still = tolerance * variance / points.dimensions().max(1) as f64;
        Run {
            chance,
            k,
            still,
            centres: Vec::with_capacity(k),
            seeding: None,
            of: vec![u32::MAX; points.len()],
            next: 0,
            sums: vec![vec![0.0; points.dimensions()]; k],
            sizes: vec![0.0; k],
            changed: false,
            inertia: 0.0,
            iterations: 0,
            last: false,
        }
    }

    /// A run that begins at given centres.
    pub fn from(points: &Points, centres: Vec<Vec<f64>>, tolerance: f64) -> Run {
        let mut run = Run::new(points, centres.len(), Chance::new(0, 0), tolerance);
        run.centres = centres;
        run
    }

    /// Works on until about `budget` distances are measured; returns how many
    /// were, and the grouping when it is done. The points must be those given
    /// to `new`.
    pub fn advance(&mut self, points: &Points, budget: u64) -> (u64, Option<Grouping>) {
        let mut done = 0;
        while done < budget.max(1) {
            if self.centres.len() < self.k {
                done += self.seed(points);
                continue;
            }
            self.seeding = None;
            if self.next < points.len() {
                done += self.assign(points);
                continue;
            }
            if let Some(grouping) = self.finish_iteration(points) {
                return (done, Some(grouping));
            }
        }
        (done, None)
    }

    /// Runs to the end.
    pub fn finish(mut self, points: &Points) -> Grouping {
        loop {
            if let (_, Some(grouping)) = self.advance(points, u64::MAX) {
                return grouping;
            }
        }
    }

    /// Chooses one centre more.
    fn seed(&mut self, points: &Points) -> u64 {
        let count = points.len();
        let Some(seeding) = &mut self.seeding else {
            let first = points.get(self.chance.below(count));
            let mut nearest = vec![0.0; count];
            distances::all_to_centre(&points.columns, &first, 0, &mut nearest);
            let total = nearest.iter().sum();
            self.seeding = Some(Seeding { nearest, total });
            self.centres.push(first);
            return count as u64;
        };
        let tries = 2 + libm::log(self.k as f64) as usize;
        let mut best: Option<(f64, Vec<f64>, Vec<f64>)> = None;
        for _ in 0..tries {
            let mut left = self.chance.unit() * seeding.total;
            let passes = |&d: &f64| {
                left -= d;
                left < 0.0
            };
            let place = seeding.nearest.iter().position(passes);
            // Where all points lie on centres, any will do.
            let place = place.unwrap_or_else(|| self.chance.below(count));
            let candidate = points.get(place);
            let mut nearest = vec![0.0; count];
            distances::all_to_centre(&points.columns, &candidate, 0, &mut nearest);
            let mut total = 0.0;
            for (new, old) in nearest.iter_mut().zip(&seeding.nearest) {
                *new = new.min(*old);
                total += *new;
            }
            if best.as_ref().is_none_or(|(least, ..)| total < *least) {
                best = Some((total, candidate, nearest));
            }
        }
        if let Some((total, candidate, nearest)) = best {
            self.centres.push(candidate);
            *seeding = Seeding { nearest, total };
        }
        (tries * count) as u64
    }

    /// Puts one block of points to their nearest centres.
    fn assign(&mut self, points: &Points) -> u64 {
        let (from, to) = (self.next, (self.next + BLOCK).min(points.len()));
        let size = to - from;
        let (mut best, mut at) = ([f64::INFINITY; BLOCK], [0_u32; BLOCK]);
        let mut squared = [0.0; BLOCK];
        for (g, centre) in self.centres.iter().enumerate() {
            let squared = &mut squared[..size];
            distances::all_to_centre(&points.columns, centre, from, squared);
            distances::keep_nearer(squared, g as u32, &mut best, &mut at);
        }
        let before = &mut self.of[from..to];
        self.changed |= *before != at[..size];
        before.copy_from_slice(&at[..size]);
        self.inertia += best[..size].iter().sum::<f64>();
        for &g in &at[..size] {
            self.sizes[g as usize] += 1.0;
        }
        for (d, column) in points.columns.iter().enumerate() {
            for (&value, &g) in column[from..to].iter().zip(&at[..size]) {
                self.sums[g as usize][d] += value;
            }
        }
        self.next = to;
        (size * self.k) as u64
    }

    /// Moves the centres, or ends.
    fn finish_iteration(&mut self, points: &Points) -> Option<Grouping> {
        self.iterations += 1;
        let settled = self.last || !self.changed;
        if settled || self.iterations >= MOST {
            return Some(Grouping {
                centres: std::mem::take(&mut self.centres),
                of: std::mem::take(&mut self.of),
                inertia: self.inertia,
                iterations: self.iterations,
                settled,
            });
        }
        let mut moved = 0.0;
        for g in 0..self.k {
            let centre = if self.sizes[g] > 0.0 {
                self.sums[g].iter().map(|sum| sum / self.sizes[g]).collect()
            } else {
                // A group that lost everyone starts again at the farthest point.
                points.get(self.farthest(points))
            };
            let old = &self.centres[g];
            moved += old.iter().zip(&centre).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
            self.centres[g] = centre;
        }
        // One more pass, so that points and centres belong together.
        self.last = moved <= self.still;
        for (sums, size) in self.sums.iter_mut().zip(&mut self.sizes) {
            sums.iter_mut().for_each(|sum| *sum = 0.0);
            *size = 0.0;
        }
        (self.next, self.changed, self.inertia) = (0, false, 0.0);
        None
    }

    fn farthest(&self, points: &Points) -> usize {
        let (mut most, mut at) = (-1.0, 0);
        for i in 0..points.len() {
            let far = points.squared_to(i, &self.centres[self.of[i] as usize]);
            if far > most {
                (most, at) = (far, i);
            }
        }
        at
    }
}

/// The group of each point: that of the nearest centre.
pub fn nearest(points: &Points, centres: &[Vec<f64>]) -> Vec<u32> {
    let one = |i: usize| {
        let (mut least, mut at) = (f64::INFINITY, 0);
        for (g, centre) in centres.iter().enumerate() {
            let squared = points.squared_to(i, centre);
            if squared < least {
                (least, at) = (squared, g as u32);
            }
        }
        at
    };
    (0..points.len()).map(one).collect()
}

fn variance(column: &[f64]) -> f64 {
    let count = column.len().max(1) as f64;
    let mean = column.iter().sum::<f64>() / count;
    column.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clouds() -> Points {
        let mut chance = Chance::new(3, 1);
        let mut columns = vec![Vec::new(), Vec::new()];
        for i in 0..900 {
            let middle = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)][i % 3];
            columns[0].push(middle.0 + chance.unit());
            columns[1].push(middle.1 + chance.unit());
        }
        Points { columns }
    }

    #[test]
    fn clouds_apart_are_found_and_the_inertia_is_that_of_the_groups() {
        let points = clouds();
        let found = Run::new(&points, 3, Chance::new(1, 1), 0.0).finish(&points);
        assert!(found.settled);
        for i in 3..900 {
            assert_eq!(found.of[i], found.of[i % 3], "{i}");
        }
        let own = |i: usize| points.squared_to(i, &found.centres[found.of[i] as usize]);
        let inertia: f64 = (0..900).map(own).sum();
        assert!((inertia - found.inertia).abs() < 1e-9 * inertia);
        assert_eq!(nearest(&points, &found.centres), found.of);
    }

    #[test]
    fn slices_change_nothing() {
        let points = clouds();
        let whole = Run::new(&points, 5, Chance::new(9, 1), 1e-4).finish(&points);
        let mut run = Run::new(&points, 5, Chance::new(9, 1), 1e-4);
        let sliced = loop {
            if let (_, Some(grouping)) = run.advance(&points, 7) {
                break grouping;
            }
        };
        assert_eq!(whole, sliced);
    }

    #[test]
    fn equal_points_make_no_trouble() {
        let points = Points { columns: vec![vec![2.0; 20]] };
        let found = Run::new(&points, 3, Chance::new(1, 1), 1e-4).finish(&points);
        assert_eq!(found.inertia, 0.0);
        assert!(found.of.iter().all(|&g| g < 3));
    }
}
