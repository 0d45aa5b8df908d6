//! The work in slices: try each number of groups on a sample, group everybody,
//! resample, build the hierarchy, describe; or look for dense places.

use super::chance::Chance;
use super::dense::Search;
use super::kmeans::{Grouping, Run};
use super::options::{ClusterMethod, ClusterOptions};
use super::points::{Points, quantile};
use super::result::{Choice, ClusterResult};
use super::trials::{RESAMPLES, TRIED};
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::money::Scale;
use crate::task::{Progress, Step};

/// Fewer customers than this are not grouped.
const FEWEST: usize = 30;
/// Customers by whom a number of groups is judged: the silhouette is quadratic.
const SAMPLE: usize = 1_500;
/// Customers beyond which the restarts look at a sample of so many, and the best of
/// them goes on over everybody.
const WHOLE: usize = 100_000;
/// Customers among whom DBSCAN looks for dense places: it is quadratic where all lie
/// close together. Further ones go to the nearest dense place.
const DENSE: usize = 20_000;
/// Cells of the hierarchy.
const CELLS: usize = 300;
/// Customers behind the cells.
const CELL_SAMPLE: usize = 10_000;
/// How far centres may still move when a run ends, in mean variances (scikit-learn's).
pub const TOLERANCE: f64 = 1e-4;

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
    pub(super) options: ClusterOptions,
    pub(super) features: Features,
    pub(super) points: Points,
    /// Places of the points in the order of the customers.
    pub(super) canonical: Vec<u32>,
    pub(super) sample: Points,
    /// Those that the restarts look at, where they are not all.
    picked: Option<Points>,
    pub(super) missing: usize,
    stage: Stage,
    pub(super) choices: Vec<Choice>,
    pub(super) best: Option<Grouping>,
    pub(super) stability: Vec<f64>,
    pub(super) done: u64,
}

#[derive(Debug)]
pub(super) enum Stage {
    Scale,
    Dense(Box<Search>),
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
    pub(super) fn k(&self) -> usize {
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
                Stage::Dense(mut search) => {
                    let (done, places) = search.advance(&self.points, until - self.done);
                    self.done += done;
                    match places {
                        None => Stage::Dense(search),
                        Some(places) => {
                            let told = self.dense(places);
                            return Step::Done(
                                self.told(customers, scale, segments, told),
                            );
                        }
                    }
                }
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
                    let told = self.grouped(&cells);
                    return Step::Done(self.told(customers, scale, segments, told));
                }
            };
        }
    }

    fn progress(&self) -> Progress {
        let total = 100;
        let done = match &self.stage {
            Stage::Scale => 0,
            Stage::Dense(search) => search.percent(),
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
        if self.options.method == ClusterMethod::Dbscan {
            let places = self.chance(5).sample(self.points.len(), DENSE);
            self.sample = self.points.pick(&places);
            self.done += self.points.len() as u64;
            let search = Search::new(self.sample.clone(), self.options.closeness());
            return Stage::Dense(Box::new(search));
        }
        let places = self.chance(1).sample(self.points.len(), SAMPLE);
        self.sample = self.points.pick(&places);
        let all = self.points.len();
        let places = (all > WHOLE).then(|| self.chance(2).sample(all, WHOLE));
        self.picked = places.map(|places| self.points.pick(&places));
        self.done += self.points.len() as u64;
        Stage::Try(*TRIED.start())
    }

    pub(super) fn chance(&self, purpose: u64) -> Chance {
        Chance::new(self.options.seed, purpose)
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

    /// Begins on the cells of the hierarchy.
    pub(super) fn cells(&self) -> Stage {
        let places = self.chance(3).sample(self.points.len(), CELL_SAMPLE);
        let points = self.points.pick(&places);
        let k = CELLS.min(points.len());
        let run = Run::new(&points, k, self.chance(4), 1e-2);
        Stage::Cells(Box::new((points, run)))
    }
}
