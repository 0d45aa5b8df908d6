//! What churn means for this shop: the window, proposed from the gaps between
//! orders, and the cut-offs at which the past is asked the same question.

use serde::Serialize;

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::habits::Gaps;
use crate::message::Message;
use crate::orders::Orders;

use super::ChurnOptions;

/// Windows that people can speak of, in days.
const LADDER: [u32; 11] = [7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365];

/// The share of observed gaps that the proposed window covers: within it, most
/// of those who return have returned.
const COVERED: f64 = 0.85;

/// Fewer gaps than this do not show a rhythm.
const MIN_GAPS: u64 = 50;

/// The window proposed where the gaps show no rhythm, in days.
const FALLBACK_DAYS: u32 = 90;

/// The most cut-offs used for training and test together.
const MAX_CUT_OFFS: usize = 6;

/// How many of the gaps between a customer's orders a window covers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GapShare {
    /// Days of the window.
    pub days: u32,
    /// Share of the gaps of at most so many days.
    pub share: f64,
}

fn gap_shares(gaps: &Gaps) -> Vec<GapShare> {
    let mut shares = Vec::new();
    for days in LADDER {
        let share = gaps.share_within(days);
        if gaps.is_empty() || shares.last().is_some_and(|s: &GapShare| s.share >= 1.0) {
            break;
        }
        shares.push(GapShare { days, share });
    }
    shares
}

/// The definition of churn and the cut-offs, before anything is fitted.
///
/// A customer has churned at a cut-off who has no order in
/// (cut-off, cut-off + `window_days`].
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The day of reckoning.
    pub as_of: Day,
    /// The window in force, in days.
    pub window_days: u32,
    /// The window that the gaps propose, in days.
    pub proposed_window_days: u32,
    /// Share of the observed gaps of at most `window_days`.
    pub gap_share: f64,
    /// Median of the observed gaps, in days.
    pub median_gap_days: Option<u32>,
    /// The share of the gaps within each window that people can speak of, up to
    /// the one that covers all; empty where nobody returned.
    pub gap_shares: Vec<GapShare>,
    /// The last day whose orders are known: the shop's last order up to `as_of`.
    pub last_label_day: Day,
    /// Rising; at each the whole window has passed by `last_label_day`.
    pub cut_offs: Vec<Day>,
    /// The definition in force, as a message.
    pub definition: Message,
    /// What was noticed on the way.
    pub notices: Vec<Message>,
}

impl Plan {
    /// Every day at which customers are described: the cut-offs, then `as_of`.
    /// The lifetime model is refitted at each and passed to the task as data.
    pub fn days(&self) -> Vec<Day> {
        let mut days = self.cut_offs.clone();
        days.push(self.as_of);
        days
    }

    /// The cut-off that is held out: the last.
    pub fn held_out(&self) -> Option<Day> {
        self.cut_offs.last().copied()
    }

    /// How many of the cut-offs had their whole window before the held-out one,
    /// so that nothing of the test can be known in training.
    pub fn before_held_out(&self) -> usize {
        let Some(held_out) = self.held_out() else { return 0 };
        let window = self.window_days as i32;
        self.cut_offs.iter().take_while(|c| c.plus(window) <= held_out).count()
    }
}

/// The definition of churn and the cut-offs for these orders as of a day.
///
/// Nothing after `as_of` is looked at. Linear in the number of records.
///
/// # Errors
/// `churn-window` when `window_days` is not 1 to 3650; `churn-no-orders` when
/// there is no order up to `as_of`.
pub fn plan(orders: &Orders, as_of: Day, options: &ChurnOptions) -> Result<Plan> {
    options.check()?;
    let days = || {
        let known = (0..orders.len()).filter(|&i| orders.is_order[i]);
        known.map(|i| orders.day[i]).filter(|&day| day <= as_of.0)
    };
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Err(Error::new("churn-no-orders").with("asOf", as_of));
    };
    let gaps = Gaps::of(orders, as_of);
    let mut notices = Vec::new();
    let history = (last - first).max(0) as u32;
    let proposed = propose(&gaps, history, options.window_days.is_none(), &mut notices);
    let window = options.window_days.unwrap_or(proposed);
    let cut_offs = cut_offs(first, last, window);
    let gap_share = gaps.share_within(window);
    let median = gaps.quantile(0.5);
    if median.is_some_and(|median| median > window) {
        notices.push(
            Message::new("churn-trap-window-short")
                .with("windowDays", window)
                .with("medianGapDays", median.unwrap_or(0)),
        );
    }
    notices.extend(thin_month(orders, Day(last)));
    let definition = Message::new("churn-definition")
        .with("windowDays", window)
        .with("asOf", as_of)
        .with("until", as_of.plus(window as i32))
        .with("gapShare", gap_share);
    Ok(Plan {
        as_of,
        window_days: window,
        proposed_window_days: proposed,
        gap_share,
        median_gap_days: median,
        gap_shares: gap_shares(&gaps),
        last_label_day: Day(last),
        cut_offs,
        definition,
        notices,
    })
}

/// A word where the month that is not over has less than half as many orders a
/// day as the month before: few seasons do that, and a file that was exported
/// before all orders were in does.
fn thin_month(orders: &Orders, last: Day) -> Option<Message> {
    // Every day of the week once; fewer orders say nothing of half.
    const LEAST: (i32, usize) = (7, 30);
    let month = Day::from_civil(last.civil().first_of_month());
    let before = Day::from_civil(month.plus(-1).civil().first_of_month());
    let count = |from: i32, until: i32| {
        let within =
            |&i: &usize| orders.is_order[i] && (from..until).contains(&orders.day[i]);
        (0..orders.len()).filter(within).count()
    };
    let (days, earlier) = (last.0 + 1 - month.0, count(before.0, month.0));
    let rate = count(month.0, last.0 + 1) as f64 / f64::from(days);
    let usual = earlier as f64 / f64::from(month.0 - before.0);
    let over = last.plus(1).civil().day() == 1;
    (!over && days >= LEAST.0 && earlier >= LEAST.1 && rate < 0.5 * usual).then(|| {
        Message::new("churn-trap-month-thin")
            .with("from", month)
            .with("perDay", rate)
            .with("before", usual)
    })
}

/// The smallest window of the ladder that covers most gaps and leaves room for
/// a cut-off to learn from, one to test on and some history before both.
fn propose(gaps: &Gaps, history: u32, speak: bool, notices: &mut Vec<Message>) -> u32 {
    let wish = if gaps.len() < MIN_GAPS {
        if speak {
            let notice = Message::new("churn-window-few-gaps")
                .with("gaps", gaps.len())
                .with("windowDays", FALLBACK_DAYS);
            notices.push(notice);
        }
        FALLBACK_DAYS
    } else {
        let covered = LADDER.iter().find(|&&w| gaps.share_within(w) >= COVERED);
        covered.copied().unwrap_or(LADDER[LADDER.len() - 1])
    };
    let room = (history / 3).max(LADDER[0]);
    let fits = LADDER.iter().rev().find(|&&w| w <= room.min(wish)).copied();
    let window = fits.unwrap_or(LADDER[0]);
    if window < wish && speak {
        let notice = Message::new("churn-window-history")
            .with("windowDays", window)
            .with("wishedDays", wish)
            .with("historyDays", history);
        notices.push(notice);
    }
    window
}

/// The last cut-off whose window is known, and earlier ones every third of a
/// window, as long as half a window of history lies before them.
fn cut_offs(first: i32, last: i32, window: u32) -> Vec<Day> {
    let window = i32::try_from(window).unwrap_or(i32::MAX);
    let step = (window / 3).max(1);
    let earliest = first.saturating_add(window / 2);
    let mut days: Vec<Day> = (0..MAX_CUT_OFFS as i32)
        .map(|k| last.saturating_sub(window).saturating_sub(step * k))
        .take_while(|&day| day >= earliest)
        .map(Day)
        .collect();
    days.reverse();
    days
}
