//! A hierarchy of groups: Ward's criterion over weighted cells, by the chain of
//! nearest neighbours.
//!
//! Ward (1963); Murtagh and Legendre, "Ward's hierarchical agglomerative
//! clustering method" (Journal of Classification 31, 2014) for the distances;
//! Benzecri (1982) for the chain, which is quadratic in the cells.

use crate::sort::Order;

use serde::Serialize;

/// Two groups become one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Merge {
    /// Below the number of cells a cell, from there on the merge before, by place.
    pub a: u32,
    /// The other, the larger number.
    pub b: u32,
    /// Rise of the sum of squares that it costs, as a distance (its root).
    pub height: f64,
    /// Weight of the new group.
    pub size: f64,
}

/// Joins weighted cells two by two until one group is left, cheapest first.
///
/// Quadratic in the cells, of which there are at most 500 here. Ties go to the lower
/// number.
pub fn ward(centres: &[Vec<f64>], weights: &[f64]) -> Vec<Merge> {
    let count = centres.len();
    let mut centre: Vec<Vec<f64>> = centres.to_vec();
    let mut weight = weights.to_vec();
    let mut alive = vec![true; count];
    let cost = |centre: &[Vec<f64>], weight: &[f64], a: usize, b: usize| {
        let squared: f64 =
            centre[a].iter().zip(&centre[b]).map(|(x, y)| (x - y) * (x - y)).sum();
        squared * weight[a] * weight[b] / (weight[a] + weight[b])
    };
    let (mut chain, mut joined) = (Vec::<usize>::new(), Vec::new());
    while joined.len() + 1 < count {
        if chain.is_empty() {
            chain.extend(alive.iter().position(|&alive| alive));
        }
        let Some(&end) = chain.last() else { break };
        let before = chain.len().checked_sub(2).map(|i| chain[i]);
        // The one before wins ties, so that the chain comes to an end.
        let mut best = before.map(|b| (cost(&centre, &weight, end, b), b));
        for other in (0..count).filter(|&o| alive[o] && o != end) {
            let c = cost(&centre, &weight, end, other);
            if best.is_none_or(|(least, _)| c < least) {
                best = Some((c, other));
            }
        }
        let Some((rise, other)) = best else { break };
        if before != Some(other) {
            chain.push(other);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (keep, drop) = (end.min(other), end.max(other));
        let total = weight[keep] + weight[drop];
        let merged = (0..centre[keep].len())
            .map(|d| {
                let (x, y) = (centre[keep][d], centre[drop][d]);
                (weight[keep] * x + weight[drop] * y) / total
            })
            .collect();
        (centre[keep], weight[keep], alive[drop]) = (merged, total, false);
        joined.push((rise, keep, drop, total));
    }
    numbered(joined, count)
}

/// Merges in rising order of height, groups named as in the result.
fn numbered(mut joined: Vec<(f64, usize, usize, f64)>, count: usize) -> Vec<Merge> {
    joined.order_by(|a, b| a.0.total_cmp(&b.0));
    let mut name: Vec<u32> = (0..count as u32).collect();
    // The group that a cell belongs to now, by its kept cell.
    let mut head: Vec<usize> = (0..count).collect();
    fn find(head: &mut [usize], mut i: usize) -> usize {
        while head[i] != i {
            head[i] = head[head[i]];
            i = head[i];
        }
        i
    }
    let mut merges = Vec::with_capacity(joined.len());
    for (place, (rise, keep, drop, size)) in joined.into_iter().enumerate() {
        let (a, b) = (find(&mut head, keep), find(&mut head, drop));
        let (first, second) = (name[a].min(name[b]), name[a].max(name[b]));
        merges.push(Merge { a: first, b: second, height: libm::sqrt(2.0 * rise), size });
        head[b] = a;
        name[a] = (count + place) as u32;
    }
    merges
}

/// The group of each cell when the hierarchy is cut into `k`.
pub fn cut(merges: &[Merge], count: usize, k: usize) -> Vec<u32> {
    let mut head: Vec<usize> = (0..count + merges.len()).collect();
    let kept = count.saturating_sub(k.max(1));
    for (place, merge) in merges.iter().take(kept).enumerate() {
        head[merge.a as usize] = count + place;
        head[merge.b as usize] = count + place;
    }
    let mut names: Vec<usize> = Vec::new();
    let top = |mut i: usize| {
        while head[i] != i {
            i = head[i];
        }
        i
    };
    (0..count)
        .map(|cell| {
            let group = top(cell);
            let known = names.iter().position(|&name| name == group);
            known.unwrap_or_else(|| {
                names.push(group);
                names.len() - 1
            }) as u32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_those_of_scipy() {
        // scipy.cluster.hierarchy.linkage([[0],[1],[5],[7],[20]], "ward")
        let centres: Vec<Vec<f64>> =
            [0.0, 1.0, 5.0, 7.0, 20.0].iter().map(|&x| vec![x]).collect();
        let merges = ward(&centres, &[1.0; 5]);
        let heights: Vec<f64> = merges.iter().map(|m| m.height).collect();
        let expected = [1.0, 2.0, 7.778_174_59, 21.187_260_32];
        for (found, expected) in heights.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-8, "{heights:?}");
        }
        assert_eq!((merges[0].a, merges[0].b), (0, 1));
        assert_eq!((merges[1].a, merges[1].b), (2, 3));
        assert_eq!((merges[2].a, merges[2].b), (5, 6));
        assert_eq!(cut(&merges, 5, 2), [0, 0, 0, 0, 1]);
        assert_eq!(cut(&merges, 5, 3), [0, 0, 1, 1, 2]);
    }

    #[test]
    fn a_weight_stands_for_as_many_cells_in_one_place() {
        let cells: Vec<Vec<f64>> = [0.0, 1.0, 9.0].iter().map(|&x| vec![x]).collect();
        let heavy = ward(&cells, &[2.0, 1.0, 1.0]);
        let apart: Vec<Vec<f64>> =
            [0.0, 0.0, 1.0, 9.0].iter().map(|&x| vec![x]).collect();
        let light = ward(&apart, &[1.0; 4]);
        assert_eq!(light[0].height, 0.0);
        assert!((heavy[0].height - light[1].height).abs() < 1e-12);
        assert!((heavy[1].height - light[2].height).abs() < 1e-12);
    }
}
