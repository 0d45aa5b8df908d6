//! Two passes over the customers: the thresholds, then stages and bars.

use super::cadence::{Cadence, Pace};
use super::{Bars, LifecycleOptions, LifecycleResult, LifecycleStages, STAGES};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::habits::Gaps;
use crate::message::Message;
use crate::orders::Orders;
use crate::periods::{Coverage, CoverageSeen, Periods};
use crate::segments::summarise;
use crate::task::{Progress, Step};

/// Fewer returns than this say nothing of a shop's tails.
const FEWEST_RETURNS: usize = 50;
/// Then silence is judged by these multiples of the usual gap.
const LATE: f64 = 2.0;
const LOST: f64 = 4.0;
/// The gap of a shop in which nobody ever returned, in days.
const ANY_GAP: f64 = 90.0;

const NEW: u8 = 0;
const GROWING: u8 = 1;
const MATURE: u8 = 2;
const DECLINING: u8 = 3;
const GONE: u8 = 4;

/// Finds the stage of every customer, in slices; a unit of the budget is a record.
///
/// Linear in the records on average.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    as_of: Day,
    periods: Periods,
    coverage: Option<Coverage>,
    bars: Bars,
    usual_gap: Option<f64>,
    /// Every return, in the gaps usual before it.
    ratios: Vec<f64>,
    thresholds: Option<(f64, f64)>,
    stage: Vec<u8>,
    cadence: Cadence,
    next: usize,
    done: u64,
}

impl Lifecycle {
    /// Starts on a shop as of the customers' day.
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        options: &LifecycleOptions,
    ) -> Lifecycle {
        let as_of = customers.as_of;
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        let coverage = seen.coverage(as_of);
        let (from, to) = coverage.map_or((Day(1), Day(0)), |c| (c.first, c.last));
        let periods = Periods::new(options.unit, from, to);
        let count = periods.len();
        let whole = |p| coverage.is_some_and(|c: Coverage| c.holds(periods.days(p)));
        let bars = Bars {
            period: (0..count).map(|p| periods.name(p)).collect(),
            from: (0..count).map(|p| periods.days(p).0).collect(),
            new: vec![0; count],
            returning: vec![0; count],
            resurrected: vec![0; count],
            dormant: vec![0; count],
            complete: (0..count).map(whole).collect(),
        };
        Lifecycle {
            as_of,
            periods,
            coverage,
            bars,
            usual_gap: Gaps::of(orders, as_of).quantile(0.5).map(f64::from),
            ratios: Vec::new(),
            thresholds: None,
            stage: Vec::with_capacity(customers.len()),
            cadence: Cadence::default(),
            next: 0,
            done: 0,
        }
    }

    /// Works on for about `budget` units. The orders and customers must be those
    /// given to `new`.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        budget: u64,
    ) -> Step<LifecycleStages> {
        let until = self.done.saturating_add(budget.max(1));
        let shop = self.usual_gap.unwrap_or(ANY_GAP);
        while self.next < customers.len() {
            if self.done >= until {
                return self.working(orders);
            }
            let number = customers.number[self.next];
            self.done += self.cadence.read(orders, number, self.as_of.0);
            self.ratios.extend(self.cadence.in_usual_gaps(shop));
            self.next += 1;
        }
        let thresholds = self.thresholds.unwrap_or_else(|| thresholds(&mut self.ratios));
        self.thresholds = Some(thresholds);
        while self.stage.len() < customers.len() {
            if self.done >= until {
                return self.working(orders);
            }
            let c = self.stage.len();
            let number = customers.number[c];
            self.done += self.cadence.read(orders, number, self.as_of.0);
            let silence = f64::from(customers.recency_days(c)) / self.cadence.usual(shop);
            self.stage.push(stage(&self.cadence, silence, thresholds));
            self.bars(orders, number);
        }
        Step::Done(self.result(orders, customers, thresholds))
    }

    fn working(&self, orders: &Orders) -> Step<LifecycleStages> {
        let total = 2 * orders.len() as u64;
        Step::Working(Progress { done: self.done.min(total), total })
    }

    /// Adds a customer to the bars.
    fn bars(&mut self, orders: &Orders, number: u32) {
        let mut last: Option<usize> = None;
        for i in orders.of(number) {
            if orders.day[i] > self.as_of.0 {
                break;
            }
            if !orders.is_order[i] {
                continue;
            }
            let period = self.periods.of(orders.day[i]);
            match last {
                None => self.bars.new[period] += 1,
                Some(before) if before == period => continue,
                Some(before) if before + 1 == period => self.bars.returning[period] += 1,
                Some(before) => {
                    self.bars.dormant[before + 1] += 1;
                    self.bars.resurrected[period] += 1;
                }
            }
            last = Some(period);
        }
        if let Some(dormant) = last.and_then(|last| self.bars.dormant.get_mut(last + 1)) {
            *dormant += 1;
        }
    }

    fn result(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        (late_after, lost_after): (f64, f64),
    ) -> LifecycleStages {
        let ids = STAGES.map(str::to_owned);
        let stage = std::mem::take(&mut self.stage);
        let mut notices = Vec::new();
        if self.ratios.len() < FEWEST_RETURNS {
            notices.push(
                Message::new("lifecycle-few-returns")
                    .with("returns", self.ratios.len())
                    .with("late", late_after)
                    .with("lost", lost_after),
            );
        }
        if let (Some(&false), Some(coverage)) = (self.bars.complete.last(), self.coverage)
        {
            let period = self.bars.period.last().cloned().unwrap_or_default();
            let notice = Message::new("lifecycle-partial-period").with("period", period);
            notices.push(notice.with("to", coverage.last));
        }
        let result = LifecycleResult {
            as_of: self.as_of,
            usual_gap_days: self.usual_gap,
            returns_seen: self.ratios.len() as u64,
            late_after,
            lost_after,
            potential: potential(orders, customers),
            stages: summarise(customers, orders.scale, &stage, &ids),
            periods: std::mem::take(&mut self.bars),
            notices,
        };
        LifecycleStages { stage, result }
    }
}

/// The multiples of the usual gap below which 90 and 98 in 100 returns came.
fn thresholds(ratios: &mut [f64]) -> (f64, f64) {
    if ratios.len() < FEWEST_RETURNS {
        return (LATE, LOST);
    }
    let mut quantile = |hundredths: usize| {
        let rank = (ratios.len() * hundredths).div_ceil(100) - 1;
        *ratios.select_nth_unstable_by(rank, f64::total_cmp).1
    };
    (quantile(90), quantile(98))
}

fn stage(cadence: &Cadence, silence: f64, (late, lost): (f64, f64)) -> u8 {
    if silence > lost {
        return GONE;
    }
    if silence > late {
        return DECLINING;
    }
    match cadence.pace() {
        _ if cadence.gaps.is_empty() => NEW,
        _ if cadence.is_forming() => GROWING,
        Pace::Faster => GROWING,
        Pace::Steady => MATURE,
        Pace::Slower => DECLINING,
    }
}

/// Identified people with a record up to the day, and no order among them.
fn potential(orders: &Orders, customers: &Customers) -> u64 {
    let known = |&number: &u32| {
        orders.of(number).next().is_some_and(|i| orders.day[i] <= customers.as_of.0)
    };
    let people = (0..orders.customers.len() as u32).filter(known).count();
    (people - customers.len()) as u64
}
