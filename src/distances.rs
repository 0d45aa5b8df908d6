//! Squared distances between points in columns: the innermost loops of the learned
//! groups, kept together where they are compiled for speed.

/// Squared distance of two points.
#[inline(never)]
pub fn between(columns: &[Vec<f64>], a: usize, b: usize) -> f64 {
    columns.iter().map(|c| (c[a] - c[b]) * (c[a] - c[b])).sum()
}

/// Squared distance of a point to a centre.
#[inline(never)]
pub fn to_centre(columns: &[Vec<f64>], i: usize, centre: &[f64]) -> f64 {
    columns.iter().zip(centre).map(|(c, m)| (c[i] - m) * (c[i] - m)).sum()
}

/// Squared distances of the points from `from` on to a centre.
#[inline(never)]
pub fn all_to_centre(
    columns: &[Vec<f64>],
    centre: &[f64],
    from: usize,
    squared: &mut [f64],
) {
    let to = from + squared.len();
    for (d, (column, &m)) in columns.iter().zip(centre).enumerate() {
        let column = &column[from..to];
        if d == 0 {
            for (sum, &v) in squared.iter_mut().zip(column) {
                *sum = (v - m) * (v - m);
            }
        } else {
            for (sum, &v) in squared.iter_mut().zip(column) {
                *sum += (v - m) * (v - m);
            }
        }
    }
}

/// Keeps for each point the smaller distance, and the group it belongs to.
#[inline(never)]
pub fn keep_nearer(squared: &[f64], group: u32, best: &mut [f64], at: &mut [u32]) {
    let size = squared.len();
    let (best, at) = (&mut best[..size], &mut at[..size]);
    for i in 0..size {
        let nearer = squared[i] < best[i];
        best[i] = if nearer { squared[i] } else { best[i] };
        at[i] = if nearer { group } else { at[i] };
    }
}

/// Adds the distances of a point to all points to the sums of their groups.
#[inline(never)]
pub fn add_to_groups(columns: &[Vec<f64>], i: usize, of: &[u32], sums: &mut [f64]) {
    for (j, &group) in of.iter().enumerate() {
        let squared: f64 = columns.iter().map(|c| (c[i] - c[j]) * (c[i] - c[j])).sum();
        sums[group as usize] += libm::sqrt(squared);
    }
}
