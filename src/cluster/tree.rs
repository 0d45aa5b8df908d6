//! The hierarchy as it is cut and shown: over the cells of k-means.

use super::kmeans::Grouping;
use super::result::Hierarchy;
use super::ward::{Merge, cut, ward};

/// Joins that the picture shows.
const SHOWN: usize = 24;

/// The cells with their weights, and their joins.
pub fn joins(found: &Grouping) -> (Vec<Vec<f64>>, Vec<f64>, Vec<Merge>) {
    let k = found.centres.len();
    let mut weights = vec![0.0; k];
    for &g in &found.of {
        weights[g as usize] += 1.0;
    }
    // Equal points may leave a cell empty.
    let used: Vec<usize> = (0..k).filter(|&g| weights[g] > 0.0).collect();
    let centres: Vec<Vec<f64>> = used.iter().map(|&g| found.centres[g].clone()).collect();
    let weights: Vec<f64> = used.iter().map(|&g| weights[g]).collect();
    let merges = ward(&centres, &weights);
    (centres, weights, merges)
}

/// The last joins, over groups of cells.
pub fn shown(merges: &[Merge], weights: &[f64]) -> Hierarchy {
    let cells = weights.len();
    let first = merges.len().saturating_sub(SHOWN);
    let leaves = cut(merges, cells, merges.len() - first + 1);
    let count = leaves.iter().copied().max().map_or(0, |most| most as usize + 1);
    let mut sizes = vec![0.0; count];
    for (&leaf, &weight) in leaves.iter().zip(weights) {
        sizes[leaf as usize] += weight;
    }
    // The leaf of a group that is older than the first join shown is that of any of
    // its cells.
    let cell_of = |mut group: usize| {
        while group >= cells {
            group = merges[group - cells].a as usize;
        }
        group
    };
    let name = |group: u32| {
        let group = group as usize;
        if group >= cells + first {
            (count + group - cells - first) as u32
        } else {
            leaves[cell_of(group)]
        }
    };
    let rename = |m: &Merge| Merge { a: name(m.a), b: name(m.b), ..*m };
    Hierarchy {
        cells: cells as u32,
        merges: merges[first..].iter().map(rename).collect(),
        leaves: count as u32,
        sizes,
    }
}
