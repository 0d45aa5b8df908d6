//! Purchase histories: frequency, recency and age of every customer at a
//! cut-off, in whole days, and the distinct ones with their numbers
//! (Fader, Hardie and Lee 2005, "Counting your customers the easy way").

use crate::calendar::{Day, Days, Weeks};
use crate::error::{Error, Result};
use crate::orders::{Orders, Summary};

/// One customer as the models see it, in whole days.
///
/// Another type than RFM's figures: recency runs from the first to the last
/// order, so that large is good, and frequency counts repeats only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// Days with an order after the first (x).
    pub frequency: u32,
    /// From the first order to the last (t_x).
    pub recency: Days,
    /// From the first order to the cut-off (T).
    pub age: Days,
}

/// The longest age that is accepted, some 5,700 years.
const MAX_DAYS: u32 = (1 << 21) - 1;

impl History {
    /// A history that can exist.
    ///
    /// # Errors
    /// `history-recency-beyond-age` when the last order lies after the cut-off,
    /// `history-without-repeat` when there is a recency without a repeat order or
    /// a repeat order without a recency, `history-too-long` beyond 2,000,000 days
    /// or orders.
    pub fn new(frequency: u32, recency: Days, age: Days) -> Result<History> {
        let error = |code| {
            Error::new(code)
                .with("frequency", frequency)
                .with("recency", recency.0)
                .with("age", age.0)
        };
        if recency > age {
            return Err(error("history-recency-beyond-age"));
        }
        if (frequency == 0) != (recency.0 == 0) {
            return Err(error("history-without-repeat"));
        }
        if age.0 > MAX_DAYS || frequency > MAX_DAYS {
            return Err(error("history-too-long"));
        }
        Ok(History { frequency, recency, age })
    }
}

impl History {
    /// The history that a table of one row a customer tells, at a day that is not
    /// before the table's.
    ///
    /// # Errors
    /// `needs-last-order`, `needs-first-order`, and those of [`History::new`].
    pub fn told(summary: &Summary, customer: u32, as_of: Day) -> Result<History> {
        summary.check_histories()?;
        let c = customer as usize;
        let (first, last) = (summary.first_day[c], summary.last_day[c]);
        let repeats = summary.repeat_days[c];
        let recency = if repeats == 0 { 0 } else { last.abs_diff(first) };
        History::new(repeats, Days(recency), Days(as_of.0.abs_diff(first)))
    }

    /// The history that these distinct rising days with an order make at a
    /// cut-off, in whole periods where `period` says so; nothing before the first.
    ///
    /// # Errors
    /// Those of [`History::new`].
    pub fn at(
        days: &[i32],
        cut_off: Day,
        period: Option<u32>,
    ) -> Result<Option<History>> {
        let known = &days[..days.partition_point(|&d| d <= cut_off.0)];
        let (Some(&first), Some(&last)) = (known.first(), known.last()) else {
            return Ok(None);
        };
        let age = cut_off.0.abs_diff(first);
        let Some(length) = period.filter(|&length| length > 0) else {
            let repeats = u32::try_from(known.len() - 1).unwrap_or(u32::MAX);
            let recency = Days(last.abs_diff(first));
            return History::new(repeats, recency, Days(age)).map(Some);
        };
        // Period 1 starts on the day after the first order.
        let whole = age / length;
        let (mut count, mut latest) = (0, 0);
        for &day in &known[1..] {
            let at = (day.abs_diff(first) - 1) / length + 1;
            if at > latest && at <= whole {
                (count, latest) = (count + 1, at);
            }
        }
        History::new(count, Days(latest * length), Days(whole * length)).map(Some)
    }
}

/// The histories of many customers, one entry each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histories {
    /// Repeat order days of each.
    pub frequency: Vec<u32>,
    /// Days from the first order to the last.
    pub recency: Vec<u32>,
    /// Days from the first order to the cut-off.
    pub age: Vec<u32>,
    /// How many times so many days lay between two successive order days of a
    /// customer, by number of days. Empty when only the summary is known.
    pub gaps: Vec<u64>,
    /// Repeat order days within the periods, where periods are counted.
    pub days_in_periods: u64,
    /// How many customers each entry stands for; one each where this is empty.
    pub weights: Vec<f64>,
}

impl Histories {
    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// Adds a customer.
    pub fn push(&mut self, history: History) {
        self.frequency.push(history.frequency);
        self.recency.push(history.recency.0);
        self.age.push(history.age.0);
    }

    /// The history of one customer.
    pub fn get(&self, customer: usize) -> History {
        History {
            frequency: self.frequency[customer],
            recency: Days(self.recency[customer]),
            age: Days(self.age[customer]),
        }
    }

    /// The histories of everyone with an order up to `cut_off`, in the order of
    /// [`crate::customers::customers`] at that day.
    ///
    /// Orders of one day are one. Linear in the number of records.
    ///
    /// # Errors
    /// `history-too-long` when the orders span more than 2,000,000 days.
    pub fn of(orders: &Orders, cut_off: Day) -> Result<Histories> {
        Histories::of_some(orders, cut_off, None, |_| true)
    }

    /// The same for the customers whose number `keep` lets through, and in whole
    /// periods of so many days where `period` says so: the frequency counts
    /// periods with an order, and recency and age end with a period.
    ///
    /// # Errors
    /// Those of [`Histories::of`].
    pub fn of_some(
        orders: &Orders,
        cut_off: Day,
        period: Option<u32>,
        keep: impl Fn(u32) -> bool,
    ) -> Result<Histories> {
        let mut histories = Histories::default();
        if let Some(summary) = &orders.summary {
            if period.is_some() {
                return Err(Error::new("needs-orders"));
            }
            for customer in (0..orders.customers.len() as u32).filter(|&c| keep(c)) {
                histories.push(History::told(summary, customer, cut_off)?);
            }
            return Ok(histories);
        }
        let mut days = Vec::new();
        for customer in (0..orders.customers.len() as u32).filter(|&c| keep(c)) {
            days.clear();
            for i in orders.of(customer) {
                if orders.day[i] > cut_off.0 {
                    break;
                }
                if orders.is_order[i] && days.last() != Some(&orders.day[i]) {
                    days.push(orders.day[i]);
                }
            }
            let Some(history) = History::at(&days, cut_off, period)? else { continue };
            match period {
                None => {
                    for pair in days.windows(2) {
                        histories.count_gap(pair[1].abs_diff(pair[0]) as usize);
                    }
                }
                Some(_) => {
                    let age = history.age.0;
                    let counted = |day: &&i32| day.abs_diff(days[0]) <= age;
                    let events = days[1..].iter().filter(counted).count();
                    histories.days_in_periods += events as u64;
                }
            }
            histories.push(history);
        }
        Ok(histories)
    }

    /// Order days of a period with an order, on average.
    pub fn orders_each(&self) -> f64 {
        let periods: u64 = self.frequency.iter().map(|&x| u64::from(x)).sum();
        if self.days_in_periods == 0 || periods == 0 {
            return 1.0;
        }
        self.days_in_periods as f64 / periods as f64
    }

    /// Counts the days between two successive order days of a customer.
    pub fn count_gap(&mut self, days: usize) {
        if self.gaps.len() <= days {
            self.gaps.resize(days + 1, 0);
        }
        self.gaps[days] += 1;
    }

    /// The distinct histories, whatever the order of the customers.
    pub fn group(&self) -> Groups {
        let mut keys: Vec<(u64, u32)> = (0..self.len())
            .map(|i| {
                let [x, t, a] =
                    [self.frequency[i], self.age[i], self.recency[i]].map(u64::from);
                (x << 42 | t << 21 | a, i as u32)
            })
            .collect();
        keys.sort_unstable();
        let mut groups = Groups {
            of: vec![0; self.len()],
            ln_gaps: (1..self.gaps.len())
                .map(|d| self.gaps[d] as f64 * libm::log(Weeks::from(Days(d as u32)).0))
                .sum(),
            gaps_known: !self.gaps.is_empty(),
            orders_each: self.orders_each(),
            ..Groups::default()
        };
        let mut previous = u64::MAX;
        for &(key, customer) in &keys {
            if key != previous {
                previous = key;
                groups.frequency.push((key >> 42) as u32);
                groups.age.push((key >> 21) as u32 & MAX_DAYS);
                groups.recency.push(key as u32 & MAX_DAYS);
                groups.customers.push(0.0);
            }
            let group = groups.len() - 1;
            groups.customers[group] +=
                self.weights.get(customer as usize).copied().unwrap_or(1.0);
            groups.of[customer as usize] = group as u32;
        }
        groups
    }
}

/// Distinct histories with the number of customers who share them, sorted by
/// frequency, age and recency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// Repeat order days.
    pub frequency: Vec<u32>,
    /// Days from the first order to the last.
    pub recency: Vec<u32>,
    /// Days from the first order to the cut-off.
    pub age: Vec<u32>,
    /// How many customers have this history; a weight, whole unless sampled.
    pub customers: Vec<f64>,
    /// The group of each customer; empty when the customers are not known.
    pub of: Vec<u32>,
    /// Sum of the logarithms of all weeks between successive orders.
    pub ln_gaps: f64,
    /// Whether that sum is known.
    pub gaps_known: bool,
    /// Orders that one event of the frequency stands for.
    pub orders_each: f64,
}

impl Groups {
    /// How many distinct histories there are.
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// The history that a group shares.
    pub fn history(&self, group: usize) -> History {
        History {
            frequency: self.frequency[group],
            recency: Days(self.recency[group]),
            age: Days(self.age[group]),
        }
    }

    /// The number of customers.
    pub fn total(&self) -> f64 {
        self.customers.iter().sum()
    }

    /// The number of customers with a repeat order.
    pub fn repeaters(&self) -> f64 {
        let first = self.frequency.partition_point(|&x| x == 0);
        self.customers[first..].iter().sum()
    }

    /// The number of repeat orders.
    fn events(&self) -> f64 {
        let each = |(&x, n): (&u32, &f64)| f64::from(x) * n;
        self.frequency.iter().zip(&self.customers).map(each).sum()
    }

    /// Every `step`-th group of at most `limit`, weights as they are; all of
    /// them when there are no more than that. Of the time between orders, the
    /// sample has the share of its orders.
    pub fn sample(&self, limit: usize) -> Groups {
        let step = self.len().div_ceil(limit.max(1)).max(1);
        let mut sample = Groups { orders_each: self.orders_each, ..Groups::default() };
        for group in (step / 2..self.len()).step_by(step) {
            sample.frequency.push(self.frequency[group]);
            sample.recency.push(self.recency[group]);
            sample.age.push(self.age[group]);
            sample.customers.push(self.customers[group]);
        }
        let all = self.events();
        let share = if all > 0.0 { sample.events() / all } else { 0.0 };
        sample.ln_gaps = share * self.ln_gaps;
        sample.gaps_known = self.gaps_known;
        sample
    }

    /// The longest age in days.
    pub fn longest(&self) -> u32 {
        self.age.iter().copied().max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_histories_are_refused_by_code() {
        let code = |x, t, a| History::new(x, Days(t), Days(a)).unwrap_err().code();
        assert_eq!(code(1, 8, 7), "history-recency-beyond-age");
        assert_eq!(code(0, 3, 7), "history-without-repeat");
        assert_eq!(code(2, 0, 7), "history-without-repeat");
        assert_eq!(code(2, 1, 3_000_000), "history-too-long");
    }

    #[test]
    fn groups_do_not_depend_on_the_order_of_customers() {
        let mut one = Histories::default();
        let rows = [(0, 0, 9), (2, 5, 9), (0, 0, 9), (1, 5, 9), (0, 0, 7)];
        for (x, t, a) in rows {
            one.push(History::new(x, Days(t), Days(a)).unwrap());
        }
        let mut other = Histories::default();
        for (x, t, a) in rows.into_iter().rev() {
            other.push(History::new(x, Days(t), Days(a)).unwrap());
        }
        let (one, other) = (one.group(), other.group());
        assert_eq!(one.of, [1, 3, 1, 2, 0]);
        assert_eq!(one.customers, [1.0, 2.0, 1.0, 1.0]);
        assert_eq!(Groups { of: vec![], ..one }, Groups { of: vec![], ..other });
    }
}
