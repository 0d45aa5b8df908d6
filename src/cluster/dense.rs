//! Groups of any form where customers lie close together, and the odd ones that lie
//! with nobody: DBSCAN.
//!
//! Ester, Kriegel, Sander and Xu (KDD 1996); neighbours by Sander and others (1998:
//! twice the dimensions); the radius at the knee of the distances to the last of them,
//! where the curve lies farthest below its chord (Satopää and others, 2011).

use serde::Serialize;

use super::points::Points;
use crate::sort::Order;

/// Groups that are kept; further ones, the smallest, count as odd.
const MOST: usize = 40;

/// How close is close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// Farthest distance of a neighbour, on the scaled columns; at the knee where `None`.
    pub radius: Option<f64>,
    /// Points within the radius, the point itself included, that make a dense place.
    pub neighbours: usize,
}

/// What DBSCAN found, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dense {
    /// Farthest distance of a neighbour, on the scaled columns.
    pub radius: f64,
    /// Neighbours within it that make a dense place.
    pub neighbours: u32,
    /// Customers at dense places, of the sample.
    pub cores: u32,
    /// Customers who lie within the radius of nobody at a dense place.
    pub odd: u32,
    /// Groups found, those counted as odd included.
    pub found: u32,
}

/// Groups of all points; the odd ones are in none.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// The group of each point, largest first.
    pub of: Vec<Option<u32>>,
    /// How many groups.
    pub groups: usize,
    /// For display.
    pub dense: Dense,
}

/// The search, in slices. Points lie in rising order of their first column, so that a
/// point's neighbours are in one stretch; quadratic where all lie within the radius.
#[derive(Debug)]
pub struct Search {
    sample: Points,
    closeness: Closeness,
    stage: Stage,
    /// Distance to the last neighbour that is needed, point by point.
    reach: Vec<f64>,
    radius: f64,
    core: Vec<u32>,
    /// Union of the cores, by place in `core`.
    head: Vec<u32>,
    of: Vec<Option<u32>>,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Reach(usize),
    Core(usize),
    Join(usize),
    Place(usize),
}

impl Search {
    /// Begins on a sample in canonical order.
    pub fn new(sample: Points, closeness: Closeness) -> Search {
        let radius = closeness.radius.unwrap_or(0.0);
        let given = closeness.radius.is_some();
        let stage = if given { Stage::Core(0) } else { Stage::Reach(0) };
        let (reach, core, head, of) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Search { sample, closeness, stage, reach, radius, core, head, of }
    }

    /// How far it is, in hundredths.
    pub fn percent(&self) -> u64 {
        let part = |i: usize, of: usize| 25 * i as u64 / of.max(1) as u64;
        match self.stage {
            Stage::Reach(i) => part(i, self.sample.len()),
            Stage::Core(i) => 25 + part(i, self.sample.len()),
            Stage::Join(i) => 50 + part(i, self.core.len()),
            Stage::Place(i) => 75 + part(i, self.of.capacity()),
        }
    }

    /// Works on for about `budget` distances; all points must be in canonical order.
    /// Hands out the distances taken, and the groups when they are there.
    pub fn advance(&mut self, points: &Points, budget: u64) -> (u64, Option<Places>) {
        let mut done = 0;
        while done < budget.max(1) {
            self.stage = match self.stage {
                Stage::Reach(i) if i < self.sample.len() => {
                    let (distance, seen) = self.last_neighbour(i);
                    self.reach.push(distance);
                    done += seen;
                    Stage::Reach(i + 1)
                }
                Stage::Reach(_) => {
                    self.radius = knee(&mut self.reach);
                    Stage::Core(0)
                }
                Stage::Core(i) if i < self.sample.len() => {
                    done += self.see_core(i);
                    Stage::Core(i + 1)
                }
                Stage::Core(_) => {
                    self.head = (0..self.core.len() as u32).collect();
                    Stage::Join(0)
                }
                Stage::Join(i) if i < self.core.len() => {
                    done += self.join(i);
                    Stage::Join(i + 1)
                }
                Stage::Join(_) => {
                    self.of.reserve_exact(points.len());
                    Stage::Place(0)
                }
                Stage::Place(i) if i < points.len() => {
                    let (nearest, seen) = self.nearest_core(points, i);
                    self.of.push(nearest);
                    done += seen;
                    Stage::Place(i + 1)
                }
                Stage::Place(_) => return (done, Some(self.places())),
            };
        }
        (done, None)
    }

    /// Points of the sample outwards from `i`, each with its place, until the first
    /// column alone is farther than `far` says.
    fn last_neighbour(&self, i: usize) -> (f64, u64) {
        let needed = self.closeness.neighbours.saturating_sub(1).max(1);
        let first = &self.sample.columns[0];
        // The nearest so far, rising; the last of them is the one to beat.
        let mut nearest: Vec<f64> = Vec::with_capacity(needed + 1);
        let (mut low, mut high) = (i, i + 1);
        let mut seen = 1;
        loop {
            let left = low.checked_sub(1).map(|j| first[i] - first[j]);
            let right = first.get(high).map(|x| x - first[i]);
            let j = match (left, right) {
                (None, None) => break,
                (Some(l), Some(r)) if l <= r => low - 1,
                (Some(_), None) => low - 1,
                (_, Some(_)) => high,
            };
            let apart = first[j] - first[i];
            let full = nearest.len() == needed;
            if full && apart * apart > nearest[needed - 1] {
                break;
            }
            if j < i {
                low = j
            } else {
                high = j + 1
            }
            seen += 1;
            let squared = self.sample.squared(i, j);
            if !full || squared < nearest[needed - 1] {
                let place = nearest.partition_point(|&other| other <= squared);
                nearest.insert(place, squared);
                nearest.truncate(needed);
            }
        }
        (libm::sqrt(nearest.last().copied().unwrap_or(0.0)), seen)
    }

    /// Keeps the point where enough others lie within the radius.
    fn see_core(&mut self, i: usize) -> u64 {
        let first = &self.sample.columns[0];
        let (limit, needed) = (self.radius * self.radius, self.closeness.neighbours);
        let (mut count, mut seen) = (0, 1);
        let right = (i..first.len()).take_while(|&j| first[j] - first[i] <= self.radius);
        let left = (0..i).rev().take_while(|&j| first[i] - first[j] <= self.radius);
        for j in right.chain(left) {
            seen += 1;
            count += usize::from(self.sample.squared(i, j) <= limit);
            if count >= needed {
                self.core.push(i as u32);
                break;
            }
        }
        seen
    }

    /// Joins a core with those after it within the radius.
    fn join(&mut self, i: usize) -> u64 {
        let first = &self.sample.columns[0];
        let limit = self.radius * self.radius;
        let own = self.core[i] as usize;
        let mut seen = 1;
        let mut top = find(&mut self.head, i as u32);
        for other in i + 1..self.core.len() {
            let j = self.core[other] as usize;
            if first[j] - first[own] > self.radius {
                break;
            }
            seen += 1;
            let theirs = find(&mut self.head, other as u32);
            if theirs != top && self.sample.squared(own, j) <= limit {
                let (low, high) = (top.min(theirs), top.max(theirs));
                self.head[high as usize] = low;
                top = low;
            }
        }
        seen
    }

    /// The group of the nearest core within the radius: at equal distances that of the
    /// smaller values.
    fn nearest_core(&mut self, points: &Points, i: usize) -> (Option<u32>, u64) {
        let first = &self.sample.columns[0];
        let at = points.columns[0][i];
        let place = |&core: &u32| first[core as usize] < at;
        let middle = self.core.partition_point(place);
        let (mut best, mut least, mut seen) = (None, self.radius * self.radius, 1);
        let squared = |core: u32| -> f64 {
            let both = points.columns.iter().zip(&self.sample.columns);
            both.map(|(a, b)| (a[i] - b[core as usize]) * (a[i] - b[core as usize])).sum()
        };
        let mut look = |k: usize| {
            let apart = first[self.core[k] as usize] - at;
            if apart * apart > least {
                return false;
            }
            let distance = squared(self.core[k]);
            let nearer =
                distance < least || (distance <= least && best.is_none_or(|b| k < b));
            if nearer {
                (best, least) = (Some(k), distance);
            }
            seen += 1;
            true
        };
        let _ = (middle..self.core.len()).all(&mut look);
        let _ = (0..middle).rev().all(&mut look);
        (best.map(|k| find(&mut self.head, k as u32)), seen)
    }

    /// Groups in order of size, largest first; of equal ones that of smaller values.
    fn places(&mut self) -> Places {
        let mut sizes = vec![0_u32; self.core.len()];
        for &group in self.of.iter().flatten() {
            sizes[group as usize] += 1;
        }
        let mut order: Vec<u32> =
            (0..sizes.len() as u32).filter(|&g| sizes[g as usize] > 0).collect();
        order.order_by_key(|&g| (std::cmp::Reverse(sizes[g as usize]), g));
        let found = order.len() as u32;
        order.truncate(MOST);
        let mut name = vec![None; sizes.len()];
        for (place, &group) in order.iter().enumerate() {
            name[group as usize] = Some(place as u32);
        }
        let of: Vec<Option<u32>> =
            self.of.iter().map(|group| group.and_then(|g| name[g as usize])).collect();
        let odd = of.iter().filter(|group| group.is_none()).count() as u32;
        let (radius, neighbours) = (self.radius, self.closeness.neighbours as u32);
        let dense =
            Dense { radius, neighbours, cores: self.core.len() as u32, odd, found };
        Places { of, groups: order.len(), dense }
    }
}

fn find(head: &mut [u32], mut i: u32) -> u32 {
    while head[i as usize] != i {
        head[i as usize] = head[head[i as usize] as usize];
        i = head[i as usize];
    }
    i
}

/// Where the rising distances lie farthest below the line from the first to the last;
/// the smallest above zero where they rise at no place.
fn knee(distances: &mut [f64]) -> f64 {
    distances.sort_unstable_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (distances.first(), distances.last()) else {
        return 0.0;
    };
    let last = (distances.len() - 1).max(1) as f64;
    let mut best = (0.0, high);
    for (i, &distance) in distances.iter().enumerate() {
        let below =
            i as f64 / last - (distance - low) / (high - low).max(f64::MIN_POSITIVE);
        if distance > 0.0 && below > best.0 {
            best = (below, distance);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(rows: &[(i32, i32)]) -> Points {
        let mut sorted = rows.to_vec();
        sorted.sort_unstable();
        let columns = vec![
            sorted.iter().map(|r| f64::from(r.0)).collect(),
            sorted.iter().map(|r| f64::from(r.1)).collect(),
        ];
        Points { columns }
    }

    fn search(points: &Points, radius: Option<f64>, budget: u64) -> Places {
        let mut search = Search::new(points.clone(), Closeness { radius, neighbours: 4 });
        loop {
            if let (_, Some(places)) = search.advance(points, budget) {
                return places;
            }
        }
    }

    proptest! {
        /// The definition, point by point.
        #[test]
        fn groups_are_those_of_the_definition(
            rows in prop::collection::vec((0_i32..30, 0_i32..30), 1..80), radius in 1_i32..6,
        ) {
            let points = points(&rows);
            let count = points.len();
            let near = |a: usize, b: usize| points.squared(a, b) <= f64::from(radius * radius);
            let core: Vec<bool> =
                (0..count).map(|i| (0..count).filter(|&j| near(i, j)).count() >= 4).collect();
            let found = search(&points, Some(f64::from(radius)), u64::MAX);
            prop_assert_eq!(&found, &search(&points, Some(f64::from(radius)), 3));
            for i in 0..count {
                let touched = (0..count).any(|j| core[j] && near(i, j));
                prop_assert_eq!(found.of[i].is_some(), touched);
                for j in 0..count {
                    if core[i] && core[j] && near(i, j) {
                        prop_assert_eq!(found.of[i], found.of[j]);
                    }
                }
                // A border point is in the group of one of the cores that it touches.
                if let Some(group) = found.of[i] {
                    let own = |j: usize| core[j] && near(i, j) && found.of[j] == Some(group);
                    prop_assert!((0..count).any(own));
                }
            }
            // Two groups have no cores that touch: a group is connected through cores.
            for g in 0..found.groups as u32 {
                let members: Vec<usize> =
                    (0..count).filter(|&i| core[i] && found.of[i] == Some(g)).collect();
                let mut reached = vec![members[0]];
                let mut next = 0;
                while next < reached.len() {
                    let from = reached[next];
                    next += 1;
                    for &to in &members {
                        if near(from, to) && !reached.contains(&to) {
                            reached.push(to);
                        }
                    }
                }
                prop_assert_eq!(reached.len(), members.len());
            }
        }

        #[test]
        fn the_distance_to_the_last_neighbour_is_that_of_the_definition(
            rows in prop::collection::vec((0_i32..30, 0_i32..30), 4..60),
        ) {
            let points = points(&rows);
            let search = Search::new(points.clone(), Closeness { radius: None, neighbours: 4 });
            for i in 0..points.len() {
                let mut all: Vec<f64> = (0..points.len())
                    .filter(|&j| j != i).map(|j| points.squared(i, j)).collect();
                all.sort_unstable_by(f64::total_cmp);
                prop_assert_eq!(search.last_neighbour(i).0, libm::sqrt(all[2]));
            }
        }
    }

    #[test]
    fn two_clouds_and_a_stranger() {
        let mut rows: Vec<(i32, i32)> =
            (0..5).flat_map(|x| (0..5).map(move |y| (x, y))).collect();
        rows.extend((0..3).flat_map(|x| (0..3).map(move |y| (100 + x, y))));
        rows.push((50, 50));
        let found = search(&points(&rows), None, u64::MAX);
        assert_eq!((found.groups, found.dense.odd), (2, 1), "{:?}", found.dense);
        assert_eq!(found.of.iter().filter(|g| **g == Some(0)).count(), 25);
        // No spread at all is one group.
        let same = search(&points(&[(1, 1); 9]), None, u64::MAX);
        assert_eq!((same.groups, same.dense.odd), (1, 0));
    }
}
