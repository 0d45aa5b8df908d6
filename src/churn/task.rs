//! The churn analysis in slices: describe, judge, learn, score.

use crate::calendar::Day;
use crate::customers::{Customers, customers};
use crate::error::{Error, Result};
use crate::habits::{Facts, Setting, facts};
use crate::message::Message;
use crate::numerics::of_id;
use crate::orders::Orders;
use crate::task::{Progress, Step};

use super::features::{self, Activity, WIDTH};
use super::learn::{Frame, Learning, Model};
use super::totals::{ordered, totals};
use super::{ChurnOptions, ChurnResult, Churned, Plan, evaluate};

/// Rows that are described for training and test; beyond, a sample of the
/// customers (the same at every cut-off) stands for all.
const MAX_ROWS: f64 = 40_000.0;

/// Fewer customers of either kind than this teach nothing.
const MIN_EACH: usize = 15;

/// Under this many customers the figures are too uncertain to act on alone.
const FEW_CUSTOMERS: u64 = 500;

/// The churn analysis as a task.
///
/// Give it the plan, and for each of [`Plan::days`] what the lifetime model,
/// refitted on the records up to that day, says of the customers of that day
/// (`None` where no model could be fitted).
#[derive(Debug)]
pub struct Churn {
    pub(super) plan: Plan,
    pub(super) options: ChurnOptions,
    days: Vec<Day>,
    activity: Vec<Option<Activity>>,
    stage: Stage,
    /// The customers and the shop at the day that is being described.
    scene: Option<(Customers, Setting)>,
    /// Share of the customers that is kept.
    sample: f64,
    pub(super) frame: Frame,
    pub(super) facts: Vec<Facts>,
    scratch: Vec<u32>,
    judged: Option<evaluate::Judged>,
    model: Option<Model>,
    probability: Vec<f64>,
    units: u64,
}

#[derive(Debug)]
enum Stage {
    /// Describing the customers of a cut-off, from this customer on.
    Describe { day: usize, next: usize },
    /// Fitting the model that is judged at the held-out cut-off.
    Judge(Learning),
    /// Fitting the model that scores.
    Learn(Learning),
    /// Scoring the customers of `as_of`, from this one on.
    Score { next: usize },
}

impl Churn {
    /// Prepares the task.
    ///
    /// # Errors
    /// `churn-history` when no whole window has passed since the first half
    /// window of the file; `churn-activity` when `activity` has not one entry
    /// a day.
    pub fn new(
        plan: Plan,
        options: ChurnOptions,
        activity: Vec<Option<Activity>>,
    ) -> Result<Churn> {
        options.check()?;
        let days = plan.days();
        if plan.cut_offs.is_empty() {
            return Err(Error::new("churn-history").with("windowDays", plan.window_days));
        }
        if activity.len() != days.len() {
            return Err(Error::new("churn-activity")
                .with("expected", days.len())
                .with("found", activity.len()));
        }
        // Two features speak of the same thing everywhere, or nowhere.
        let whole = activity.iter().all(Option::is_some);
        let activity =
            if whole { activity } else { activity.iter().map(|_| None).collect() };
        Ok(Churn {
            plan,
            options,
            days,
            activity,
            stage: Stage::Describe { day: 0, next: 0 },
            scene: None,
            sample: 1.0,
            frame: Frame::default(),
            facts: Vec::new(),
            scratch: Vec::new(),
            judged: None,
            model: None,
            probability: Vec::new(),
            units: 0,
        })
    }

    /// A slice of the work. The orders must be the same at every call.
    ///
    /// The largest slice is one fit of at most 40,000 rows, or the customers
    /// of one day.
    ///
    /// # Errors
    /// `churn-few-customers` when fewer than 15 customers of either kind can be
    /// learned from; `churn-fit`; `churn-activity` when an [`Activity`] has not
    /// one entry a customer.
    pub fn advance(&mut self, orders: &Orders, budget: u64) -> Result<Step<Churned>> {
        let mut left = budget.max(1);
        loop {
            let spent = match &mut self.stage {
                Stage::Describe { day, next } => {
                    let (day, next) = (*day, *next);
                    self.describe(orders, day, next, left)?
                }
                Stage::Judge(learning) => {
                    let cost = learning.cost();
                    if let Some(learned) = learning.advance()? {
                        let recipe = learned.model.recipe;
                        self.judged = Some(evaluate::later(self, learned)?);
                        self.stage =
                            Stage::Learn(Learning::new(&self.frame, Some(recipe)));
                    }
                    cost
                }
                Stage::Learn(learning) => {
                    let cost = learning.cost();
                    if let Some(learned) = learning.advance()? {
                        if self.judged.is_none() {
                            self.judged =
                                Some(evaluate::customers_left_out(self, &learned)?);
                        }
                        self.model = Some(learned.model);
                        self.stage = Stage::Score { next: 0 };
                    }
                    cost
                }
                Stage::Score { next } => {
                    let next = *next;
                    match self.score(orders, next, left)? {
                        Some(spent) => spent,
                        None => return self.conclude(orders).map(Step::Done),
                    }
                }
            };
            self.units += spent;
            if spent >= left {
                return Ok(Step::Working(self.progress()));
            }
            left -= spent;
        }
    }

    fn progress(&self) -> Progress {
        let stages = self.days.len() as u64 + 4;
        let done = match &self.stage {
            Stage::Describe { day, .. } => *day as u64,
            Stage::Judge(_) => stages - 5,
            Stage::Learn(_) => stages - 3,
            Stage::Score { .. } => stages - 1,
        };
        Progress { done, total: stages }
    }

    /// The customers and the shop at a day, made once a day.
    fn enter(&mut self, orders: &Orders, day: usize) -> Result<()> {
        if self.scene.as_ref().is_some_and(|s| s.0.as_of == self.days[day]) {
            return Ok(());
        }
        let table = customers(orders, self.days[day]);
        if let Some(activity) = &self.activity[day] {
            let (a, b) = (activity.p_alive.len(), activity.expected_orders.len());
            if a != table.len() || b != table.len() {
                return Err(Error::new("churn-activity")
                    .with("expected", table.len())
                    .with("found", a.min(b)));
            }
        }
        let setting = Setting::new(orders, &table, self.plan.window_days);
        self.scene = Some((table, setting));
        Ok(())
    }

    fn activity_of(&self, day: usize, customer: usize) -> Option<(f64, f64)> {
        let activity = self.activity[day].as_ref()?;
        Some((activity.p_alive[customer], activity.expected_orders[customer]))
    }

    fn describe(
        &mut self,
        orders: &Orders,
        day: usize,
        next: usize,
        budget: u64,
    ) -> Result<u64> {
        if day == 0 && next == 0 {
            let last = *self.plan.cut_offs.last().unwrap_or(&self.plan.as_of);
            let rows =
                customers(orders, last).len() as f64 * self.plan.cut_offs.len() as f64;
            self.sample = (MAX_ROWS / rows.max(1.0)).min(1.0);
            self.frame.x.width = WIDTH;
        }
        self.enter(orders, day)?;
        let Some((table, setting)) = self.scene.take() else { return Ok(0) };
        let (mut spent, mut i) = (0, next);
        let mut row = [0.0; WIDTH];
        while i < table.len() && spent < budget {
            let number = table.number[i];
            let ticket = of_id(orders.customers.bytes(number), self.options.seed);
            if ticket as f64 <= self.sample * u64::MAX as f64 {
                let facts = facts(orders, number, &setting, &mut self.scratch);
                features::row(&facts, self.activity_of(day, i), &setting, &mut row);
                self.frame.x.values.extend_from_slice(&row);
                let until = setting.day.plus(self.plan.window_days as i32);
                self.frame.churned.push(!ordered(orders, number, setting.day, until));
                self.frame.cut_off.push(day as u32);
                self.frame.ticket.push(ticket);
                self.frame.baskets.push(&self.scratch);
                self.facts.push(facts);
            }
            spent += 8 + u64::from(table.orders[i]);
            i += 1;
        }
        if i < table.len() {
            self.stage = Stage::Describe { day, next: i };
            self.scene = Some((table, setting));
        } else if day + 1 < self.plan.cut_offs.len() {
            self.stage = Stage::Describe { day: day + 1, next: 0 };
        } else {
            self.stage = self.prepare()?;
        }
        Ok(spent.max(1))
    }

    /// Decides whether a model can be judged on a later window.
    fn prepare(&mut self) -> Result<Stage> {
        let enough = |f: &Frame| {
            let churners = f.churners();
            churners >= MIN_EACH && f.len() - churners >= MIN_EACH
        };
        if !enough(&self.frame) {
            return Err(Error::new("churn-few-customers")
                .with("customers", self.frame.len())
                .with("churned", self.frame.churners())
                .with("windowDays", self.plan.window_days));
        }
        let (before, last) =
            (self.plan.before_held_out() as u32, self.plan.cut_offs.len() as u32 - 1);
        let training = self.frame.filter(|i| self.frame.cut_off[i] < before);
        let test = self.frame.filter(|i| self.frame.cut_off[i] == last);
        if enough(&training) && enough(&test) {
            return Ok(Stage::Judge(Learning::new(&training, None)));
        }
        Ok(Stage::Learn(Learning::new(&self.frame, None)))
    }

    /// Scores some customers; `None` when all are scored.
    fn score(
        &mut self,
        orders: &Orders,
        next: usize,
        budget: u64,
    ) -> Result<Option<u64>> {
        let day = self.days.len() - 1;
        self.enter(orders, day)?;
        let Some((table, setting)) = self.scene.take() else { return Ok(None) };
        let (mut spent, mut i) = (0, next);
        let mut row = [0.0; WIDTH];
        if let Some(model) = &self.model {
            while i < table.len() && spent < budget {
                let facts = facts(orders, table.number[i], &setting, &mut self.scratch);
                features::row(&facts, self.activity_of(day, i), &setting, &mut row);
                let id = orders.customers.bytes(table.number[i]);
                model.complete(&mut row, &self.scratch, of_id(id, self.options.seed));
                self.probability.push(model.score(&mut row));
                spent += 8 + u64::from(table.orders[i]);
                i += 1;
            }
        }
        self.stage = Stage::Score { next: i };
        self.scene = Some((table, setting));
        Ok((spent > 0).then_some(spent))
    }

    fn conclude(&mut self, orders: &Orders) -> Result<Churned> {
        let (Some((table, _)), Some(model), Some(judged)) =
            (self.scene.take(), self.model.take(), self.judged.take())
        else {
            return Err(Error::new("churn-fit"));
        };
        let mut notices = std::mem::take(&mut self.plan.notices);
        notices.extend(evaluate::notices(&self.plan, &judged));
        if self.sample < 1.0 {
            let rows = self.frame.len();
            notices.push(
                Message::new("churn-sample")
                    .with("rows", rows)
                    .with("share", self.sample),
            );
        }
        if (table.len() as u64) < FEW_CUSTOMERS {
            notices.push(Message::new("churn-small-base").with("customers", table.len()));
        }
        if self.activity.iter().any(Option::is_none) {
            notices.push(Message::new("churn-without-lifetime"));
        }
        let last = self.plan.cut_offs.len() as u32 - 1;
        let result = ChurnResult {
            as_of: self.plan.as_of,
            definition: self.plan.definition.clone(),
            window_days: self.plan.window_days,
            proposed_window_days: self.plan.proposed_window_days,
            gap_share: self.plan.gap_share,
            median_gap_days: self.plan.median_gap_days,
            gap_shares: self.plan.gap_shares.clone(),
            cut_offs: self.plan.cut_offs.clone(),
            customers: table.len() as u64,
            model: "logistic",
            judged: judged.on,
            born_later: evaluate::born_later(&table, &self.plan),
            drivers: evaluate::drivers(&model, &self.frame, last),
            coefficients: evaluate::coefficients(&model),
            rules: evaluate::rules(&self.facts, &self.frame, last),
            metrics: judged.metrics,
            lift: judged.lift,
            calibration: judged.calibration,
            profit: judged.profit,
            drift: judged.drift,
            totals: totals(orders, &table, &self.probability),
            notices,
        };
        let probability = std::mem::take(&mut self.probability);
        let seed = self.options.seed;
        Ok(Churned { result, probability, model, plan: self.plan.clone(), seed })
    }
}
