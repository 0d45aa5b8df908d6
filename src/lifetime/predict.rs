//! Predictions for every distinct history, in slices. Orders to come of an
//! active customer depend on frequency and age only and are computed once a pair.

use std::sync::Arc;

use super::history::Groups;
use super::stream::Stream;
use super::timing::Timing;
use crate::calendar::{Days, Weeks};

/// What a model says of each distinct history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// The chance of being a customer still.
    pub p_alive: Vec<f64>,
    /// Expected orders within the horizon.
    pub orders: Vec<f64>,
    /// The same, each order weighed by its discount.
    pub discounted: Vec<f64>,
}

/// Predictions in the making.
#[derive(Clone, Debug)]
pub struct PredictTask {
    timing: Timing,
    groups: Arc<Groups>,
    horizon: f64,
    discount: f64,
    pair: Option<(u32, u32)>,
    streams: Vec<Stream>,
    done: Predictions,
}

/// Budget units of one pair of frequency and age, against one of a history.
const PAIR: u64 = 100;

impl PredictTask {
    /// Predicts `horizon` weeks ahead at a continuous discount a week.
    pub fn new(
        timing: Timing,
        groups: &Arc<Groups>,
        horizon: Weeks,
        discount: f64,
    ) -> Self {
        PredictTask {
            timing,
            groups: groups.clone(),
            horizon: horizon.0,
            discount,
            pair: None,
            streams: Vec::new(),
            done: Predictions::default(),
        }
    }

    /// Works for a budget; `None` means call again.
    pub fn advance(&mut self, budget: &mut u64) -> Option<Predictions> {
        let g = &*self.groups;
        for k in self.done.p_alive.len()..g.len() {
            if *budget == 0 {
                return None;
            }
            let [x, recency, age] = weeks(g, k);
            let pair = (g.frequency[k], g.age[k]);
            if self.pair != Some(pair) {
                self.pair = Some(pair);
                let states = self.timing.states();
                let likely = self.likely_states(k);
                self.streams = (0..states)
                    .map(|state| {
                        if !likely[state as usize] {
                            return Stream::default();
                        }
                        self.timing.stream(state, x, age, self.horizon, self.discount)
                    })
                    .collect();
                // Streams of several states are long sums.
                let sums = likely.iter().filter(|&&l| l).count() as u64;
                let times = if states > 1 { 1 + 20 * sums } else { 1 };
                *budget = budget.saturating_sub(PAIR * times);
            }
            let (mut alive, mut orders, mut discounted) = (0.0, 0.0, 0.0);
            if let [stream] = self.streams[..] {
                alive = self.timing.p_alive(x, recency, age);
                (orders, discounted) = (alive * stream.orders, alive * stream.discounted);
            } else {
                let chances = self.timing.chances(x, recency, age);
                for (stream, chance) in self.streams.iter().zip(chances) {
                    alive += chance;
                    orders += chance * stream.orders;
                    discounted += chance * stream.discounted;
                }
            }
            self.done.p_alive.push(alive);
            self.done.orders.push(orders);
            self.done.discounted.push(discounted);
            *budget = budget.saturating_sub(1);
        }
        Some(std::mem::take(&mut self.done))
    }
}

impl PredictTask {
    /// Which states anyone with the frequency and age of group `k` may be in: sums
    /// over the others are dear and count for nothing.
    fn likely_states(&self, k: usize) -> Vec<bool> {
        const NEGLIGIBLE: f64 = 1e-15;
        let g = &*self.groups;
        let states = self.timing.states() as usize;
        if states == 1 {
            return vec![true];
        }
        let mut likely = vec![false; states];
        let same = |&i: &usize| (g.frequency[i], g.age[i]) == (g.frequency[k], g.age[k]);
        for i in (k..g.len()).take_while(same) {
            let [x, recency, age] = weeks(g, i);
            let chances = self.timing.chances(x, recency, age);
            for (likely, chance) in likely.iter_mut().zip(chances) {
                *likely |= chance > NEGLIGIBLE;
            }
        }
        likely
    }
}

/// Frequency, recency and age of a group, times in weeks.
pub fn weeks(groups: &Groups, k: usize) -> [f64; 3] {
    [
        f64::from(groups.frequency[k]),
        Weeks::from(Days(groups.recency[k])).0,
        Weeks::from(Days(groups.age[k])).0,
    ]
}
