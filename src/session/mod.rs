//! What is loaded, the results computed from it, and the one task under way.
//!
//! A load is swapped in only when it is complete: a failed or cancelled one
//! leaves the previous one standing. Results are kept by (analysis, as-of day,
//! options), so that a change recomputes only what it touches.

mod analyse;
mod asked;
mod baskets;
mod begin;
mod cache;
mod computed;
mod conclude;
mod labelled;
mod lists;
mod output;
mod request;
mod running;
mod settings;
mod slipping;
mod untold;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::lifetime::{Given, GivenFitTask, GivenOptions, GivenPredictTask};
use crate::mapping::{self, How, Question};
use crate::orders::join::{self, Join};
use crate::orders::{Ledger, LoadOptions, Orders, Resolve, Resolved};
use crate::reader::{Pieces, Reader, Reading};
use crate::sample::{Sample, SampleOptions};
use crate::task::{Progress, Step};

use analyse::{Analysis, Results};
pub use asked::Ask;
use labelled::{Kept, Labelled};
pub use labelled::{TableArgs, TableReport};
pub use output::{Output, Unavailable};
pub use request::{
    CovariateArgs, ExportArgs, ForgetArgs, Goal, InspectArgs, LoadArgs, OutcomeArgs,
    RetentionOptions, Settings, SubscriptionArgs, ViewArgs, What,
};
pub use settings::SettingsFile;

/// A workspace's memory: readings, orders, results, and one task.
#[derive(Default)]
pub struct Session {
    /// Inspected files by handle. Those behind the loaded orders stay, so that
    /// another mapping or another answer needs no second reading.
    readings: BTreeMap<u32, (Arc<Reading>, How)>,
    /// The handle of the last inspected file.
    last: u32,
    loaded: Option<Rc<Loaded>>,
    results: Results,
    /// The labelled table that was analysed last.
    table: Option<Kept>,
    task: Option<Task>,
    /// What the last load failed on for want of an answer.
    questions: Vec<Question>,
}

/// A finished load.
struct Loaded {
    orders: Orders,
    ledger: Ledger,
    settings: SettingsFile,
}

/// The task under way.
enum Task {
    Inspect {
        reader: Option<Box<Reader>>,
        args: Box<InspectArgs>,
        ended: bool,
        bytes: u64,
    },
    Load {
        found: Vec<u32>,
        settings: Box<SettingsFile>,
        /// First, where the files are of different layouts.
        join: Option<Box<(Join, LoadOptions)>>,
        resolve: Option<Box<Resolve>>,
        /// The file that rows are numbered in, where several were joined.
        base: Option<usize>,
        /// Whether only the ledger is wanted.
        trial: bool,
    },
    /// What is left of a part that was read, for another session to merge.
    Pieces(Box<Pieces>),
    Sample(Box<Sample>),
    Analysis(Box<Analysis>),
    Table(Box<Labelled>),
    Fit(Box<GivenFitTask>),
    Predict(Box<GivenPredictTask>),
    /// Nothing left to do but to hand out the result.
    Ready(Box<Output>),
}

impl Session {
    /// A session with nothing loaded.
    pub fn new() -> Session {
        Session::default()
    }

    /// What was loaded last, if anything was.
    pub fn ledger(&self) -> Option<&Ledger> {
        self.loaded.as_deref().map(|loaded| &loaded.ledger)
    }

    /// The orders that were loaded last, if any were.
    pub fn orders(&self) -> Option<&Orders> {
        self.loaded.as_deref().map(|loaded| &loaded.orders)
    }

    /// The questions that the last load failed on with `needs-answers`.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Begins to read a file: feed it with [`push`](Session::push) and
    /// [`end_input`](Session::end_input).
    ///
    /// # Errors
    /// `busy` while another task is under way, `bad-delimiter` and `bad-quote`.
    pub fn inspect(&mut self, args: &InspectArgs) -> Result<()> {
        let options = args.read_options()?;
        let reader =
            if args.part { Reader::later(options) } else { Reader::new(options) };
        self.begin(Task::Inspect {
            reader: Some(Box::new(reader)),
            args: Box::new(args.clone()),
            ended: false,
            bytes: 0,
        })
    }

    /// The next bytes of the file that is being inspected.
    ///
    /// # Errors
    /// `no-input-wanted` outside of an inspection, and the reader's own.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.task {
            Some(Task::Inspect {
                reader: Some(reader),
                ended: false,
                bytes: read,
                ..
            }) => {
                *read += bytes.len() as u64;
                let pushed = reader.push(bytes);
                if pushed.is_err() {
                    self.task = None;
                }
                pushed
            }
            _ => Err(Error::new("no-input-wanted")),
        }
    }

    /// Says that the file has ended.
    ///
    /// # Errors
    /// `no-input-wanted` outside of an inspection.
    pub fn end_input(&mut self) -> Result<()> {
        match &mut self.task {
            Some(Task::Inspect { ended, .. }) if !*ended => {
                *ended = true;
                Ok(())
            }
            _ => Err(Error::new("no-input-wanted")),
        }
    }

    /// The next piece of a part that was read on behalf of another session; `None`
    /// after the last one, with which the task ends.
    ///
    /// # Errors
    /// `no-input-wanted` outside of an inspection of a part.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        let mut pieces = match self.task.take() {
            Some(Task::Inspect { reader: Some(reader), .. }) => {
                Box::new(reader.into_pieces()?)
            }
            Some(Task::Pieces(pieces)) => pieces,
            _ => return Err(Error::new("no-input-wanted")),
        };
        let piece = pieces.next();
        self.task = piece.is_some().then_some(Task::Pieces(pieces));
        Ok(piece)
    }

    /// The next piece of the part after what was read here.
    ///
    /// # Errors
    /// `no-input-wanted` outside of an inspection, and the reader's own.
    pub fn merge(&mut self, piece: &[u8]) -> Result<()> {
        match &mut self.task {
            Some(Task::Inspect { reader: Some(reader), .. }) => reader.merge(piece),
            _ => Err(Error::new("no-input-wanted")),
        }
    }

    /// Begins to turn inspected files into orders.
    ///
    /// # Errors
    /// `busy`, `unknown-found` for a handle that is not there, and those of the
    /// mapping.
    pub fn load(&mut self, args: LoadArgs) -> Result<()> {
        let readings: Vec<(Arc<Reading>, How)> = args
            .found
            .iter()
            .map(|id| {
                let unknown = || Error::new("unknown-found").with("id", *id);
                self.readings.get(id).cloned().ok_or_else(unknown)
            })
            .collect::<Result<_>>()?;
        let mut settings = Box::new(SettingsFile::new(&readings, &args.options));
        let readings: Vec<_> = readings.into_iter().map(|(reading, _)| reading).collect();
        let (mut join, mut resolve, mut base) = (None, None, None);
        if args.join.is_some() || join::is_wanted(&readings) {
            let on = args.join.as_deref().filter(|name| !name.is_empty());
            let begun = Join::new(readings, on)?;
            base = Some(begun.base());
            settings.joined = true;
            join = Some(Box::new((begun, args.options)));
        } else {
            resolve = Some(Box::new(Resolve::new(readings, args.options)?));
        }
        self.questions.clear();
        let (found, trial) = (args.found, args.trial);
        self.begin(Task::Load { found, settings, join, resolve, base, trial })
    }

    /// What the user said of the loaded files: to be kept as a file of its own,
    /// and offered again for the same headers. Holds nothing of the data.
    ///
    /// # Errors
    /// `busy`, and `nothing-loaded`.
    pub fn settings(&mut self) -> Result<()> {
        let loaded = self.loaded.as_ref().ok_or_else(|| Error::new("nothing-loaded"))?;
        let settings = Box::new(loaded.settings.clone());
        self.begin(Task::Ready(Box::new(Output::Settings(settings))))
    }

    /// Drops an inspected file that is not going to be loaded.
    ///
    /// # Errors
    /// `busy` while another task is under way.
    pub fn forget(&mut self, args: ForgetArgs) -> Result<()> {
        self.begin(Task::Ready(Box::new(Output::Nothing(()))))?;
        self.readings.remove(&args.found);
        self.table = self.table.take().filter(|(of, _)| of.found != args.found);
        Ok(())
    }

    /// Begins to make up a shop's export.
    ///
    /// # Errors
    /// `busy`, and those of the sample's options.
    pub fn sample(&mut self, options: SampleOptions) -> Result<()> {
        let sample = Sample::new(options)?;
        self.begin(Task::Sample(Box::new(sample)))
    }

    /// Begins to fit a model to given histories.
    ///
    /// # Errors
    /// `busy`, and those of [`GivenFitTask::new`].
    pub fn fit(&mut self, given: &Given, options: &GivenOptions) -> Result<()> {
        let task = GivenFitTask::new(given, options)?;
        self.begin(Task::Fit(Box::new(task)))
    }

    /// Begins predictions for given histories.
    ///
    /// # Errors
    /// `busy`, and those of [`GivenPredictTask::new`].
    pub fn predict(&mut self, given: &Given, options: &GivenOptions) -> Result<()> {
        let task = GivenPredictTask::new(given, options)?;
        self.begin(Task::Predict(Box::new(task)))
    }

    /// Fits retention curves to given cohorts, or to an inspected file.
    ///
    /// # Errors
    /// `busy`, `unknown-found`, and those of [`crate::lifetime::subscriptions()`].
    pub fn subscriptions(&mut self, args: &SubscriptionArgs) -> Result<()> {
        let reading = match args.found {
            None => None,
            Some(found) => Some(
                self.readings.get(&found).ok_or_else(|| Error::new("unknown-found"))?,
            ),
        };
        let reading = reading.map(|(reading, _)| reading.as_ref());
        let fitted = crate::lifetime::subscriptions(&args.options, reading)?;
        self.begin(Task::Ready(Box::new(Output::Subscriptions(Box::new(fitted)))))
    }

    /// Begins an analysis of what is loaded.
    ///
    /// # Errors
    /// `busy`, `nothing-loaded`, and `bad-date`.
    pub fn analyse(&mut self, view: ViewArgs, goal: Goal) -> Result<()> {
        let loaded = self.loaded.as_ref().ok_or_else(|| Error::new("nothing-loaded"))?;
        let analysis = Analysis::new(&loaded.orders, view, goal)?;
        self.begin(Task::Analysis(Box::new(analysis)))
    }

    /// Begins to analyse an inspected file as a labelled table; what is loaded
    /// stays.
    ///
    /// # Errors
    /// `busy`, `unknown-found`, `table-no-label`.
    pub fn churn_table(&mut self, args: TableArgs) -> Result<()> {
        let reading = self.readings.get(&args.found).map(|(reading, _)| reading.clone());
        let unknown = || Error::new("unknown-found").with("id", args.found);
        let reading = reading.ok_or_else(unknown)?;
        let task = Labelled::new(reading, args, self.table.as_ref())?;
        self.begin(Task::Table(Box::new(task)))
    }

    fn begin(&mut self, task: Task) -> Result<()> {
        if self.task.is_some() {
            return Err(Error::new("busy"));
        }
        self.task = Some(task);
        Ok(())
    }

    /// Drops the task under way; what is loaded stays.
    pub fn cancel(&mut self) {
        self.task = None;
    }

    /// One slice of the task under way. A task that fails is dropped.
    ///
    /// # Errors
    /// `no-task`, and those of the task.
    pub fn advance(&mut self, budget: u64) -> Result<Step<Output>> {
        let mut task = self.task.take().ok_or_else(|| Error::new("no-task"))?;
        let step = self.slice(&mut task, budget)?;
        if let Step::Working(_) = step {
            self.task = Some(task);
        }
        Ok(step)
    }

    /// Stage and progress of the task under way, for display.
    pub fn progress(&self) -> (u32, Progress) {
        match &self.task {
            Some(Task::Inspect { reader, bytes, .. }) => {
                let rows = reader.as_ref().map_or(0, |reader| reader.rows());
                (0, Progress { done: *bytes, total: rows })
            }
            Some(Task::Load { resolve, .. }) => {
                (1, resolve.as_ref().map_or(Progress::default(), |r| r.progress()))
            }
            Some(Task::Analysis(analysis)) => analysis.progress(),
            Some(Task::Table(table)) => (4, table.progress()),
            _ => (0, Progress::default()),
        }
    }

    fn slice(&mut self, task: &mut Task, budget: u64) -> Result<Step<Output>> {
        match task {
            Task::Inspect { ended: false, bytes, .. } => {
                Ok(Step::Working(Progress { done: *bytes, total: 0 }))
            }
            Task::Inspect { reader, args, .. } => {
                let reader = reader.take().ok_or_else(|| Error::new("no-task"))?;
                let reading = reader.finish()?;
                let reading = Arc::new(reading);
                let mut found = mapping::found(&reading);
                self.last += 1;
                found.id = self.last;
                let how = args.how();
                let recall = |s: &SettingsFile| s.recall(&reading, &how);
                found.recalled = args.settings.iter().rev().find_map(recall);
                if let Some(encoding) = &args.encoding {
                    found.encoding.clone_from(encoding);
                }
                if let Some(bytes) = args.bytes {
                    found.bytes = bytes as u64;
                }
                self.readings.insert(self.last, (reading, how));
                Ok(Step::Done(Output::Found(Box::new(found))))
            }
            Task::Load { join: Some(join), resolve, .. } if resolve.is_none() => {
                match join.0.advance(budget) {
                    Step::Working(progress) => Ok(Step::Working(progress)),
                    Step::Done(joined) => {
                        let options = join.1.clone();
                        let begun = Resolve::new(vec![Arc::new(joined)], options)
                            .map_err(|error| join.0.placed(error))?;
                        *resolve = Some(Box::new(begun));
                        Ok(Step::Working(Progress::default()))
                    }
                }
            }
            Task::Load { resolve: None, .. } | Task::Pieces(_) => {
                Err(Error::new("no-task"))
            }
            Task::Load {
                found, settings, resolve: Some(resolve), base, trial, ..
            } => match resolve.advance(budget) {
                Ok(Step::Working(progress)) => Ok(Step::Working(progress)),
                Ok(Step::Done(Resolved { orders, mut ledger, mapping })) => {
                    for example in
                        ledger.set_aside.iter_mut().flat_map(|s| &mut s.example)
                    {
                        example.file = base.unwrap_or(example.file);
                    }
                    if *trial {
                        return Ok(Step::Done(Output::Ledger(Box::new(ledger))));
                    }
                    self.readings.retain(|id, _| found.contains(id));
                    self.results = Results::default();
                    let settings = SettingsFile { mapping, ..(**settings).clone() };
                    let output = Output::Ledger(Box::new(ledger.clone()));
                    self.loaded = Some(Rc::new(Loaded { orders, ledger, settings }));
                    Ok(Step::Done(output))
                }
                Err(error) => {
                    self.questions = resolve.questions().to_vec();
                    Err(error)
                }
            },
            Task::Fit(task) => {
                let step = task.advance(budget)?;
                Ok(step.map(|fit| Output::Fitted(Box::new(fit))))
            }
            Task::Predict(task) => Ok(task.advance(budget)?.map(Output::Predictions)),
            Task::Sample(sample) => Ok(sample.advance(budget).map(Output::Bytes)),
            Task::Analysis(analysis) => {
                let loaded =
                    self.loaded.clone().ok_or_else(|| Error::new("nothing-loaded"))?;
                analysis.advance(&loaded, &mut self.results, budget)
            }
            Task::Table(table) => {
                let step = table.advance(budget)?;
                if let Step::Done(_) = &step {
                    self.table = table.kept();
                }
                Ok(step)
            }
            Task::Ready(output) => {
                Ok(Step::Done(std::mem::replace(output, Output::Nothing(()))))
            }
        }
    }
}
