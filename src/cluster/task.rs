//! The work in slices: try each number of groups on a sample, group everybody,
//! resample, build the hierarchy, describe.

use super::chance::Chance;
use super::describe::{Parts, describe};
use super::judge::{even, resampled, silhouette};
use super::kmeans::{Grouping, Run, nearest};
use super::options::{ClusterMethod, ClusterOptions};
use super::points::{Points, quantile};
use super::result::{Choice, ClusterResult, Hierarchy};
use super::ward::{Merge, cut, ward};
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::money::Scale;
use crate::task::{Progress, Step};

/// Fewer customers than this are not grouped.
const FEWEST: usize = 30;
/// The numbers of groups that are tried.
const TRIED: std::ops::RangeInclusive<usize> = 2..=8;
/// Customers by whom a number of groups is judged: the silhouette is quadratic.
const SAMPLE: usize = 1_500;
/// Evenly spread sets behind each gap.
const EVEN: u64 = 10;
/// Runs for each number of groups tried.
const TRIES: u64 = 4;
/// Resamples behind the stability.
const RESAMPLES: u64 = 20;
/// Customers beyond which the restarts look at a sample of so many, and the best of
/// them goes on over everybody.
const WHOLE: usize = 100_000;
/// Cells of the hierarchy.
const CELLS: usize = 300;
/// Customers behind the cells.
const CELL_SAMPLE: usize = 10_000;
/// Joins that the picture shows.
const SHOWN: usize = 24;
/// How far centres may still move when a run ends, in mean variances (scikit-learn's).
const TOLERANCE: f64 = 1e-4;

/// Columns of numbers, one entry a customer; NaN where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// The columns' names.
    pub names: Vec<String>,
    /// One vector a column.
    pub values: Vec<Vec<f64>>,
}

/// What comes out: a column a customer, and the result as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// Index of each customer's group.
    pub of: Vec<u8>,
    /// The groups' ids, `1` and up.
    pub ids: Vec<String>,
    /// What is shown.
    pub result: ClusterResult,
}

/// The segments of the same customers, to be compared with.
pub type Segments<'a> = Option<(&'a [u8], &'a [String])>;

/// Groups customers, in slices; a unit of the budget is about a distance.
#[derive(Debug)]
pub struct Clustering {
    options: ClusterOptions,
    features: Features,
    points: Points,
    /// Places of the points in the order of the customers.
    canonical: Vec<u32>,
    sample: Points,
    /// Those that the restarts look at, where they are not all.
    picked: Option<Points>,
    missing: usize,
    stage: Stage,
    choices: Vec<Choice>,
    best: Option<Grouping>,
    stability: Vec<f64>,
    done: u64,
}

#[derive(Debug)]
enum Stage {
    Scale,
    Try(usize),
    Group { restart: u64, run: Option<Box<Run>> },
    Polish(Box<Run>),
    Resample(u64),
    Cells(Box<(Points, Run)>),
    Hierarchy(Grouping),
}

impl Clustering {
    /// Starts on columns, which must be of the same customers.
    ///
    /// # Errors
    /// Those of [`ClusterOptions::check`], and `cluster-few-customers`.
    pub fn new(features: Features, options: ClusterOptions) -> Result<Clustering> {
        options.check()?;
        let count = features.values.first().map_or(0, Vec::len);
        if count < FEWEST {
            let error = Error::new("cluster-few-customers").with("customers", count);
            return Err(error.with("needed", FEWEST));
        }
        Ok(Clustering {
            options,
            features,
            points: Points::default(),
            canonical: Vec::new(),
            sample: Points::default(),
            picked: None,
            missing: 0,
            stage: Stage::Scale,
            choices: Vec::new(),
            best: None,
            stability: Vec::new(),
            done: 0,
        })
    }

    /// How many groups: those asked for, else those of the best silhouette.
    fn k(&self) -> usize {
        let chosen = self.choices.iter().find(|choice| choice.by_silhouette);
        usize::from(self.options.k.or(chosen.map(|choice| choice.k)).unwrap_or(4))
    }

    /// Works on for about `budget` units. The customers must be those of the
    /// columns.
    pub fn advance(
        &mut self,
        customers: &Customers,
        scale: Scale,
        segments: Segments<'_>,
        budget: u64,
    ) -> Step<Groups> {
        let until = self.done.saturating_add(budget.max(1));
        loop {
            if self.done >= until {
                return Step::Working(self.progress());
            }
            let stage = std::mem::replace(&mut self.stage, Stage::Scale);
            self.stage = match stage {
                Stage::Scale => self.scale(),
                Stage::Try(k) => self.try_one(k),
                Stage::Group { restart, run } => {
                    self.group(restart, run, until - self.done)
                }
                Stage::Polish(mut run) => {
                    let (done, grouping) = run.advance(&self.points, until - self.done);
                    self.done += done;
                    match grouping {
                        None => Stage::Polish(run),
                        Some(grouping) => {
                            self.best = Some(grouping);
                            Stage::Resample(0)
                        }
                    }
                }
                Stage::Resample(round) => self.resample(round),
                Stage::Cells(mut cells) => {
                    let (points, run) = &mut *cells;
                    let (done, grouping) = run.advance(points, until - self.done);
                    self.done += done;
                    grouping.map_or_else(|| Stage::Cells(cells), Stage::Hierarchy)
                }
                Stage::Hierarchy(cells) => {
                    return Step::Done(self.result(cells, customers, scale, segments));
                }
            };
        }
    }

    fn progress(&self) -> Progress {
        let total = 100;
        let done = match &self.stage {
            Stage::Scale => 0,
            Stage::Try(k) => 5 + 10 * (*k as u64 - 2),
            Stage::Group { restart, .. } => {
                65 + 15 * restart / u64::from(self.options.restarts)
            }
            Stage::Polish(_) => 82,
            Stage::Resample(round) => 85 + 10 * round / RESAMPLES,
            Stage::Cells(_) => 95,
            Stage::Hierarchy(_) => 99,
        };
        Progress { done, total }
    }

    /// Fills gaps, scales, and puts everybody in the order of their values.
    fn scale(&mut self) -> Stage {
        for column in &mut self.features.values {
            let known = |v: &&f64| v.is_finite();
            let mut sorted: Vec<f64> = column.iter().filter(known).copied().collect();
            self.missing += column.len() - sorted.len();
            sorted.sort_unstable_by(f64::total_cmp);
            let middle = quantile(&sorted, 0.5);
            for value in column.iter_mut().filter(|v| !v.is_finite()) {
                *value = middle;
            }
        }
        let points = Points::scaled(&self.features.values, self.options.scaling);
        self.canonical = points.canonical();
        self.points = points.pick(&self.canonical);
        let places = self.chance(1).sample(self.points.len(), SAMPLE);
        self.sample = self.points.pick(&places);
        let all = self.points.len();
        let places = (all > WHOLE).then(|| self.chance(2).sample(all, WHOLE));
        self.picked = places.map(|places| self.points.pick(&places));
        self.done += self.points.len() as u64;
        Stage::Try(*TRIED.start())
    }

    fn chance(&self, purpose: u64) -> Chance {
        Chance::new(self.options.seed, purpose)
    }

    /// The best of a few runs on a few points.
    fn best_of(points: &Points, k: usize, chance: &mut Chance, runs: u64) -> Grouping {
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
    fn try_one(&mut self, k: usize) -> Stage {
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
    fn choose(&mut self) {
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

    /// Restarts over everybody, or over a sample that the best of them leaves.
    fn group(&mut self, restart: u64, run: Option<Box<Run>>, budget: u64) -> Stage {
        let points = self.picked.as_ref().unwrap_or(&self.points);
        let mut run = run.unwrap_or_else(|| {
            let chance = self.chance(1_000 + restart);
            Box::new(Run::new(points, self.k(), chance, TOLERANCE))
        });
        let (done, grouping) = run.advance(points, budget);
        self.done += done;
        let Some(grouping) = grouping else {
            return Stage::Group { restart, run: Some(run) };
        };
        if self.best.as_ref().is_none_or(|best| grouping.inertia < best.inertia) {
            self.best = Some(grouping);
        }
        if restart + 1 < u64::from(self.options.restarts) {
            return Stage::Group { restart: restart + 1, run: None };
        }
        let centres = self.best.take().map(|best| best.centres).unwrap_or_default();
        Stage::Polish(Box::new(Run::from(&self.points, centres, 0.0)))
    }

    /// One resample of the sample.
    fn resample(&mut self, round: u64) -> Stage {
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

    /// Begins on the cells of the hierarchy.
    fn cells(&self) -> Stage {
        let places = self.chance(3).sample(self.points.len(), CELL_SAMPLE);
        let points = self.points.pick(&places);
        let k = CELLS.min(points.len());
        let run = Run::new(&points, k, self.chance(4), 1e-2);
        Stage::Cells(Box::new((points, run)))
    }

    /// The cells with their weights, and their joins.
    fn hierarchy(found: &Grouping) -> (Vec<Vec<f64>>, Vec<f64>, Vec<Merge>) {
        let k = found.centres.len();
        let mut weights = vec![0.0; k];
        for &g in &found.of {
            weights[g as usize] += 1.0;
        }
        // Equal points may leave a cell empty.
        let used: Vec<usize> = (0..k).filter(|&g| weights[g] > 0.0).collect();
        let centres: Vec<Vec<f64>> =
            used.iter().map(|&g| found.centres[g].clone()).collect();
        let weights: Vec<f64> = used.iter().map(|&g| weights[g]).collect();
        let merges = ward(&centres, &weights);
        (centres, weights, merges)
    }

    fn result(
        &mut self,
        cells: Grouping,
        customers: &Customers,
        scale: Scale,
        segments: Segments<'_>,
    ) -> Groups {
        let (cells, weights, merges) = Clustering::hierarchy(&cells);
        let best = self.best.take();
        let learned = self.options.method == ClusterMethod::Kmeans;
        let (mut of, k) = match (&best, self.options.method) {
            (Some(best), ClusterMethod::Kmeans) => (best.of.clone(), best.centres.len()),
            _ => {
                let groups = cut(&merges, cells.len(), self.k());
                let of = nearest(&self.points, &cells);
                let of = of.into_iter().map(|cell| groups[cell as usize]).collect();
                (of, self.k().min(cells.len()))
            }
        };
        // Back to the order of the customers.
        let sorted = std::mem::take(&mut of);
        of = vec![0; sorted.len()];
        for (&place, group) in self.canonical.iter().zip(sorted) {
            of[place as usize] = group;
        }
        let mut notices = Vec::new();
        if self.missing > 0 {
            notices
                .push(Message::new("cluster-missing-values").with("cells", self.missing));
        }
        if self.sample.len() < self.points.len() {
            notices.push(
                Message::new("cluster-sampled")
                    .with("customers", self.points.len())
                    .with("sample", self.sample.len())
                    .with("cells", cells.len()),
            );
        }
        if best.as_ref().is_some_and(|best| !best.settled) {
            notices.push(Message::new("cluster-not-settled"));
        }
        describe(Parts {
            customers,
            scale,
            segments,
            options: &self.options,
            features: &self.features,
            points: &self.points,
            canonical: &self.canonical,
            of,
            k,
            stability: if learned { &self.stability } else { &[] },
            choices: &self.choices,
            sample: self.sample.len() as u32,
            inertia: best.filter(|_| learned).map(|best| best.inertia),
            hierarchy: shown(&merges, &weights),
            notices,
        })
    }
}

/// The last joins, over groups of cells.
fn shown(merges: &[Merge], weights: &[f64]) -> Hierarchy {
    let cells = weights.len();
    let first = merges.len().saturating_sub(SHOWN);
    let leaves = cut(merges, cells, merges.len() - first + 1);
    let count = leaves.iter().copied().max().map_or(0, |most| most as usize + 1);
    let mut sizes = vec![0.0; count];
    for (&leaf, &weight) in leaves.iter().zip(weights) {
        sizes[leaf as usize] += weight;
    }
    // The leaf of a group that is older than the first join shown is that of any of
    // its cells.
    let cell_of = |mut group: usize| {
        while group >= cells {
            group = merges[group - cells].a as usize;
        }
        group
    };
    let name = |group: u32| {
        let group = group as usize;
        if group >= cells + first {
            (count + group - cells - first) as u32
        } else {
            leaves[cell_of(group)]
        }
    };
    let rename = |m: &Merge| Merge { a: name(m.a), b: name(m.b), ..*m };
    Hierarchy {
        cells: cells as u32,
        merges: merges[first..].iter().map(rename).collect(),
        leaves: count as u32,
        sizes,
    }
}
