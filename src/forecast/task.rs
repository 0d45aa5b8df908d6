//! From orders to a forecast, in slices: days, series, back-test, habits.

use super::cadence::{Cadence, Gather};
use super::judge::{BackTest, Judge, quantile};
use super::model::{Fitted, Naive};
use super::series::{Days, Series};
use super::{ForecastOptions, ForecastResult, Future, Of, Past};
use crate::calendar::Day;
use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::orders::Orders;
use crate::periods::{Coverage, CoverageSeen, Unit};
use crate::task::{Progress, Step};

/// So many whole periods are needed.
const LEAST_PERIODS: usize = 8;
/// A fit and a forecast count as so many units of work for each value.
const WORK: u64 = 3_000;

/// A forecast with the habits of all customers.
#[derive(Clone, Debug)]
pub struct Forecasted {
    /// Customers with a habit.
    pub cadences: Vec<Cadence>,
    /// As it is shown.
    pub result: ForecastResult,
}

/// Forecasts a shop, in slices; one unit of the budget is about a record.
///
/// Linear in the records; the fits depend on the number of periods alone.
#[derive(Clone, Debug)]
pub struct Forecast {
    options: ForecastOptions,
    as_of: Day,
    coverage: Coverage,
    days: Days,
    next: usize,
    series: Option<Box<Series>>,
    judge: Option<Judge>,
    gather: Gather,
    done: u64,
}

impl Forecast {
    /// Begins the forecast of a shop as of the customers' day.
    ///
    /// # Errors
    /// `forecast-needs-customers`, `no-orders`, and those of
    /// [`ForecastOptions::check`].
    pub fn new(
        orders: &Orders,
        customers: &Customers,
        options: ForecastOptions,
    ) -> Result<Forecast> {
        options.check()?;
        let people = matches!(options.of, Of::Customers | Of::NewCustomers);
        if people && customers.is_empty() {
            return Err(Error::new("forecast-needs-customers"));
        }
        let as_of = customers.as_of;
        let mut seen = CoverageSeen::default();
        orders.day.iter().for_each(|&day| seen.see(day));
        let coverage = seen.coverage(as_of).filter(|c| c.from <= c.to);
        let coverage = coverage.ok_or_else(|| Error::new("no-orders"))?;
        Ok(Forecast {
            options,
            as_of,
            days: Days::new(&coverage),
            coverage,
            next: 0,
            series: None,
            judge: None,
            gather: Gather::default(),
            done: 0,
        })
    }

    /// Works on for about `budget` units. The orders and customers must be those
    /// given to `new`.
    ///
    /// # Errors
    /// `forecast-too-short` where too few periods are covered whole.
    pub fn advance(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        budget: u64,
    ) -> Result<Step<Forecasted>> {
        let until = self.done.saturating_add(budget.max(1));
        while self.next < orders.len() {
            if self.done >= until {
                return Ok(self.working(orders));
            }
            // Many records a look at the clock.
            let end = (self.next + 4_096).min(orders.len());
            for record in self.next..end {
                if orders.day[record] <= self.as_of.0 {
                    self.days.add(orders, record);
                }
            }
            self.done += (end - self.next) as u64;
            self.next = end;
        }
        let left = until.saturating_sub(self.done).max(1);
        let before = self.gather.done;
        let gathered = self.gather.advance(orders, customers, left);
        self.done += self.gather.done - before;
        if !gathered {
            return Ok(self.working(orders));
        }
        let mut series = match self.series.take() {
            Some(series) => series,
            None => self.series(orders, customers)?,
        };
        let mut judge = self.judge.take().unwrap_or_else(|| {
            let season = naive_season(&series);
            let horizon = self.options.horizon();
            Judge::new(series.past, &series.seasons, season, horizon)
        });
        loop {
            if self.done >= until {
                (self.series, self.judge) = (Some(series), Some(judge));
                return Ok(self.working(orders));
            }
            self.done += series.past as u64 * WORK;
            if judge.step(&series.values) {
                break;
            }
        }
        let found = judge.found(quantile(self.options.level), self.options.level);
        self.conclude(orders, customers, &mut series, found).map(Step::Done)
    }

    fn working(&self, orders: &Orders) -> Step<Forecasted> {
        let fits = self.series.as_ref().map_or(0, |s| s.past as u64 * WORK * 36);
        let total = (3 * orders.len() as u64 + fits).max(self.done);
        Step::Working(Progress { done: self.done, total })
    }

    fn series(&mut self, orders: &Orders, customers: &Customers) -> Result<Box<Series>> {
        self.days.close();
        let what = (self.options.of, self.options.unit, self.options.horizon());
        let series = Series::new(orders, customers, &self.days, &self.coverage, what);
        let known = series.values.iter().flatten().count();
        if known < LEAST_PERIODS {
            let error = Error::new("forecast-too-short").with("periods", known);
            return Err(error
                .with("least", LEAST_PERIODS)
                .with("unit", unit(self.options.unit)));
        }
        Ok(Box::new(series))
    }

    fn conclude(
        &mut self,
        orders: &Orders,
        customers: &Customers,
        series: &mut Series,
        back_test: Option<BackTest>,
    ) -> Result<Forecasted> {
        let season = naive_season(series);
        let too_short = || {
            Error::new("forecast-too-short")
                .with("periods", series.past)
                .with("least", LEAST_PERIODS)
                .with("unit", unit(self.options.unit))
        };
        let fitted =
            Fitted::fit(&series.values, &series.seasons).ok_or_else(too_short)?;
        let naive = Naive::fit(&series.values, season).ok_or_else(too_short)?;
        let naive_name = if season > 1 { "seasonal-naive" } else { "naive" };
        let by_model = back_test.as_ref().is_none_or(|b| b.model.mase < b.naive.mase);
        let steps = series.spans.len() - series.past;
        let ahead = if by_model { fitted.ahead(steps) } else { naive.ahead(steps) };
        let factor = back_test
            .as_ref()
            .map_or(1.0, |b| if by_model { b.factor } else { b.naive_factor });
        let wide = quantile(self.options.level) * factor;
        let back = |x: f64| if by_model { fitted.value(x) } else { x };
        let never_below = self.options.of != Of::Sales;
        let mut future = Future::default();
        for (step, &(mean, deviation)) in ahead.iter().enumerate() {
            let at = series.past + step;
            let share = f64::from(series.open_days[at]) / series.usual;
            let value = |x: f64| {
                let value = back(x) * share;
                if never_below { value.max(0.0) } else { value }
            };
            future.period.push(series.names[at].clone());
            future.from.push(series.spans[at].0);
            future.open_days.push(series.open_days[at]);
            future.value.push(value(mean));
            future.lower.push(value(mean - wide * deviation));
            future.upper.push(value(mean + wide * deviation));
        }
        let past = self.past(series, &fitted);
        let (cadences, rhythms) =
            std::mem::take(&mut self.gather).finish(orders, customers);
        let weekdays = self.days.weekdays;
        let result = ForecastResult {
            as_of: self.as_of,
            of: self.options.of,
            unit: self.options.unit,
            level: self.options.level,
            model: if fitted.trended { "trend" } else { "level" },
            multiplies: fitted.log,
            seasons: fitted.seasons.clone(),
            alpha: fitted.ets.alpha,
            beta: fitted.ets.beta,
            phi: fitted.ets.phi,
            naive: naive_name,
            used: if by_model { "model" } else { naive_name },
            verdict: verdict(back_test.as_ref(), by_model, naive_name),
            notices: self.notices(series, &fitted, back_test.as_ref(), by_model),
            back_test,
            past,
            future,
            closed_weekdays: (0..7).filter(|&d| !weekdays[d as usize]).collect(),
            closures: std::mem::take(&mut self.days.closures),
            rhythms,
        };
        Ok(Forecasted { cadences, result })
    }

    fn past(&self, series: &Series, fitted: &Fitted) -> Past {
        let mut past = Past::default();
        let seasonal = !fitted.seasons.is_empty();
        let mut season = Vec::new();
        for i in 0..series.past {
            let share = f64::from(series.open_days[i]) / series.usual;
            let trend = fitted.value(fitted.ets.levels[i]) * share;
            past.period.push(series.names[i].clone());
            past.from.push(series.spans[i].0);
            past.value.push((series.open_days[i] > 0).then_some(series.counted[i]));
            past.open_days.push(series.open_days[i]);
            past.trend.push(trend);
            let whole = fitted.value(fitted.ets.levels[i] + fitted.seasonal[i]) * share;
            season.push(whole - trend);
        }
        past.season = seasonal.then_some(season);
        past
    }

    fn notices(
        &self,
        series: &Series,
        fitted: &Fitted,
        back_test: Option<&BackTest>,
        by_model: bool,
    ) -> Vec<Message> {
        let mut notices = Vec::new();
        if let Some(back_test) = back_test {
            let did = if by_model { back_test.model } else { back_test.naive };
            let within = (self.options.level - 0.1..=self.options.level + 0.1)
                .contains(&did.coverage);
            if !within {
                let notice =
                    Message::new("forecast-coverage").with("coverage", did.coverage);
                notices.push(notice.with("level", self.options.level));
            }
        }
        let longest = series.seasons.iter().max().copied().unwrap_or(1);
        if !fitted.seasons.contains(&longest) {
            notices.push(
                Message::new("forecast-no-year")
                    .with("needed", 2 * longest)
                    .with("periods", series.past)
                    .with("unit", unit(self.options.unit)),
            );
        }
        let closed: Vec<String> = (0..series.spans.len() - series.past)
            .map(|step| series.past + step)
            .flat_map(|at| {
                (series.spans[at].0.0..=series.spans[at].1.0).collect::<Vec<_>>()
            })
            .filter(|&day| {
                self.days.weekdays[super::series::weekday(day)] && !self.days.is_open(day)
            })
            .map(|day| Day(day).to_string())
            .collect();
        if !closed.is_empty() {
            notices.push(
                Message::new("forecast-closed-days")
                    .with("days", closed.len())
                    .with("from", closed[0].as_str())
                    .with("to", closed[closed.len() - 1].as_str()),
            );
        }
        let missing = series.values.iter().filter(|value| value.is_none()).count();
        if missing > 0 {
            let notice = Message::new("forecast-gaps").with("periods", missing);
            notices.push(notice.with("unit", unit(self.options.unit)));
        }
        notices
    }
}

/// The longest season of which the file holds two, for the naive forecast.
fn naive_season(series: &Series) -> usize {
    let known = |m: &usize| 2 * m <= series.past;
    series.seasons.iter().copied().filter(known).max().unwrap_or(1)
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    }
}

fn verdict(back_test: Option<&BackTest>, by_model: bool, naive: &'static str) -> Message {
    let Some(found) = back_test else { return Message::new("forecast-not-judged") };
    let code = if by_model { "forecast-model-better" } else { "forecast-naive-better" };
    Message::new(code)
        .with("naive", naive)
        .with("mase", found.model.mase)
        .with("naiveMase", found.naive.mase)
        .with("forecasts", found.forecasts)
        .with("origins", found.origins)
        .with(
            "coverage",
            if by_model { found.model.coverage } else { found.naive.coverage },
        )
}
