//! How good a grouping is: silhouette, gap, agreement, stability under resampling.
//!
//! Rousseeuw (1987) for the silhouette; Tibshirani, Walther and Hastie (2001) for
//! the gap; Hubert and Arabie (1985) for the adjusted Rand index; Hennig (2007)
//! for stability by the Jaccard similarity of resampled groups.

use crate::distances;

use super::chance::Chance;
use super::kmeans::{Run, nearest};
use super::points::Points;

/// The mean silhouette of the points, from -1 to 1. Quadratic: give it a sample.
/// A point alone in its group counts as 0; so does everything in a single group.
pub fn silhouette(points: &Points, of: &[u32], k: usize) -> f64 {
    let count = points.len();
    let mut sizes = vec![0_u32; k];
    for &g in of {
        sizes[g as usize] += 1;
    }
    if count == 0 || sizes.iter().filter(|&&size| size > 0).count() < 2 {
        return 0.0;
    }
    let mut total = 0.0;
    let mut sums = vec![0.0; k];
    for i in 0..count {
        sums.iter_mut().for_each(|sum| *sum = 0.0);
        distances::add_to_groups(&points.columns, i, &of[..count], &mut sums);
        let own = of[i] as usize;
        if sizes[own] < 2 {
            continue;
        }
        let within = sums[own] / f64::from(sizes[own] - 1);
        let other = (0..k)
            .filter(|&g| g != own && sizes[g] > 0)
            .map(|g| sums[g] / f64::from(sizes[g]))
            .fold(f64::INFINITY, f64::min);
        let larger = within.max(other);
        if larger > 0.0 {
            total += (other - within) / larger;
        }
    }
    total / count as f64
}

/// Points spread evenly over the box of others, against which the gap is measured.
pub fn even(points: &Points, chance: &mut Chance) -> Points {
    let spread = |column: &Vec<f64>| {
        let low = column.iter().copied().fold(f64::INFINITY, f64::min);
        let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        column.iter().map(|_| low + chance.unit() * (high - low)).collect()
    };
    Points { columns: points.columns.iter().map(spread).collect() }
}

/// The agreement of two groupings of the same points: 1 is the same, 0 is what
/// chance gives. 1 where both put everyone together.
pub fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let groups =
        |of: &[u32]| of.iter().copied().max().map_or(0, |most| most as usize + 1);
    let (rows, columns) = (groups(a), groups(b));
    let mut table = vec![0_u64; rows * columns];
    for (&a, &b) in a.iter().zip(b) {
        table[a as usize * columns + b as usize] += 1;
    }
    let pairs = |n: u64| (n * n.saturating_sub(1)) as f64 / 2.0;
    let both: f64 = table.iter().map(|&n| pairs(n)).sum();
    let row = |r: usize| table[r * columns..(r + 1) * columns].iter().sum::<u64>();
    let column = |c: usize| (0..rows).map(|r| table[r * columns + c]).sum::<u64>();
    let in_rows: f64 = (0..rows).map(|r| pairs(row(r))).sum();
    let in_columns: f64 = (0..columns).map(|c| pairs(column(c))).sum();
    let all = pairs(a.len() as u64);
    if all == 0.0 {
        return 1.0;
    }
    let expected = in_rows * in_columns / all;
    let most = (in_rows + in_columns) / 2.0;
    if most == expected { 1.0 } else { (both - expected) / (most - expected) }
}

/// How well groups survive when the points are drawn again with replacement: for
/// each group the Jaccard similarity with its best counterpart, from 0 to 1.
pub fn resampled(points: &Points, of: &[u32], k: usize, chance: &mut Chance) -> Vec<f64> {
    let count = points.len();
    let drawn: Vec<u32> = {
        let mut places: Vec<u32> =
            (0..count).map(|_| chance.below(count) as u32).collect();
        places.sort_unstable();
        places
    };
    let again = points.pick(&drawn);
    let start = Chance::new(chance.bits(), 0);
    let run = Run::new(&again, k.min(again.len()), start, 1e-4).finish(&again);
    let other = nearest(points, &run.centres);
    let mut both = vec![0_u32; k * k];
    let (mut own, mut theirs) = (vec![0_u32; k], vec![0_u32; k]);
    for (&a, &b) in of.iter().zip(&other) {
        both[a as usize * k + b as usize] += 1;
        own[a as usize] += 1;
        theirs[b as usize] += 1;
    }
    let similarity = |a: usize| {
        (0..k)
            .map(|b| {
                let common = both[a * k + b];
                let union = own[a] + theirs[b] - common;
                if union == 0 { 0.0 } else { f64::from(common) / f64::from(union) }
            })
            .fold(0.0, f64::max)
    };
    (0..k).map(similarity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_that_of_the_textbook() {
        assert_eq!(adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        // scikit-learn's example: adjusted_rand_score([0,0,1,2],[0,0,1,1]) = 0.5714...
        let found = adjusted_rand(&[0, 0, 1, 2], &[0, 0, 1, 1]);
        assert!((found - 4.0 / 7.0).abs() < 1e-12, "{found}");
        assert!((adjusted_rand(&[0, 0, 1, 1], &[0, 1, 0, 1]) + 0.5).abs() < 1e-12);
        assert_eq!(adjusted_rand(&[0, 0], &[0, 0]), 1.0);
    }

    #[test]
    fn the_silhouette_is_that_of_the_definition() {
        // Two pairs at distance 1 within and 10, 11 or 9 between.
        let points = Points { columns: vec![vec![0.0, 1.0, 10.0, 11.0]] };
        let found = silhouette(&points, &[0, 0, 1, 1], 2);
        let expected = ((10.5 - 1.0) / 10.5 + (9.5 - 1.0) / 9.5) / 2.0;
        assert!((found - expected).abs() < 1e-12, "{found}");
        assert_eq!(silhouette(&points, &[0, 0, 0, 0], 2), 0.0);
    }
}
