//! Groups in words and real units: typical customer, what sets a group apart, how
//! it agrees with the segments.

use super::dense::Dense;
use super::judge::adjusted_rand;
use super::options::ClusterOptions;
use super::points::{Points, quantile};
use super::result::{Centre, Choice, Cluster, ClusterResult, Hierarchy, Trait};
use super::task::{Features, Groups, Segments};
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;
use crate::segments::summarise;
use crate::sort::Order;

/// Distance from everybody's mean, in scaled units, that is worth a word.
const TELLING: f64 = 0.4;
/// And that is worth a strong one.
const STRONG: f64 = 1.2;
/// The id of those who are in no group.
const ODD: &str = "odd";

/// Everything that a result is made of.
pub struct Parts<'a> {
    pub customers: &'a Customers,
    pub scale: Scale,
    pub segments: Segments<'a>,
    pub options: &'a ClusterOptions,
    pub features: &'a Features,
    pub points: &'a Points,
    pub canonical: &'a [u32],
    pub of: Vec<u32>,
    pub k: usize,
    /// Whether the last of the `k` holds those who are in no group.
    pub odd: bool,
    pub dense: Option<Dense>,
    pub stability: &'a [f64],
    pub choices: &'a [Choice],
    pub sample: u32,
    pub inertia: Option<f64>,
    pub hierarchy: Hierarchy,
    pub notices: Vec<Message>,
}

/// Puts the groups in order, names and compares them.
pub fn describe(parts: Parts<'_>) -> Groups {
    let Parts { features, k, .. } = &parts;
    let k = *k;
    let mut sizes = vec![0_u32; k];
    // Sums of the scaled columns, in the canonical order.
    let mut sums = vec![vec![0.0; features.names.len()]; k];
    for (place, &c) in parts.canonical.iter().enumerate() {
        let g = parts.of[c as usize] as usize;
        sizes[g] += 1;
        for (sum, column) in sums[g].iter_mut().zip(&parts.points.columns) {
            *sum += column[place];
        }
    }
    let distance = |g: usize, d: usize| {
        if sizes[g] > 0 { sums[g][d] / f64::from(sizes[g]) } else { 0.0 }
    };
    // Best first: by the column named last, in which more is usually better.
    let last = features.names.len() - 1;
    let mut order: Vec<usize> = (0..k).collect();
    let grouped = k - usize::from(parts.odd);
    order[..grouped].order_by(|&a, &b| distance(b, last).total_cmp(&distance(a, last)));
    let mut rank = vec![0_u8; k];
    for (place, &g) in order.iter().enumerate() {
        rank[g] = place as u8;
    }
    let of: Vec<u8> = parts.of.iter().map(|&g| rank[g as usize]).collect();
    let mut ids: Vec<String> = (1..=grouped).map(|number| number.to_string()).collect();
    ids.extend(parts.odd.then(|| ODD.to_owned()));
    let groups = summarise(parts.customers, parts.scale, &of, &ids);

    let mut members: Vec<Vec<Vec<f64>>> = vec![vec![Vec::new(); last + 1]; k];
    for &c in parts.canonical {
        let c = c as usize;
        for (d, column) in features.values.iter().enumerate() {
            members[usize::from(of[c])][d].push(column[c]);
        }
    }
    let centre = |place: usize, d: usize, values: &mut Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        Centre {
            column: features.names[d].clone(),
            mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
            median: quantile(values, 0.5),
            distance: distance(order[place], d),
        }
    };
    let cluster = |(place, group): (usize, crate::segments::Segment)| {
        let columns = members[place].iter_mut().enumerate();
        let centre: Vec<Centre> =
            columns.map(|(d, values)| centre(place, d, values)).collect();
        Cluster {
            group,
            traits: traits(&centre),
            centre,
            stability: parts.stability.get(order[place]).map(|&similar| similar.min(1.0)),
        }
    };
    let clusters: Vec<Cluster> = groups.into_iter().enumerate().map(cluster).collect();

    let (mut by_segment, mut named, mut agreement) = (Vec::new(), Vec::new(), None);
    if let Some((segment, names)) = parts.segments {
        by_segment = vec![vec![0; names.len()]; k];
        for (&g, &s) in of.iter().zip(segment) {
            by_segment[usize::from(g)][usize::from(s)] += 1;
        }
        named = names.to_vec();
        let wide = |of: &[u8]| of.iter().map(|&g| u32::from(g)).collect::<Vec<u32>>();
        agreement = Some(adjusted_rand(&wide(&of), &wide(segment)));
    }
    let options = parts.options;
    let result = ClusterResult {
        as_of: parts.customers.as_of,
        method: options.method.code(),
        columns: options.columns.clone(),
        scaling: options.scaling,
        k: grouped as u8,
        choices: parts.choices.to_vec(),
        sample: parts.sample,
        inertia: parts.inertia,
        restarts: options.restarts,
        seed: options.seed,
        clusters,
        hierarchy: parts.hierarchy,
        dense: parts.dense,
        adjusted_rand: agreement,
        by_segment,
        segments: named,
        notices: parts.notices,
    };
    Groups { of, ids, result }
}

/// The columns in which a group lies away from everybody, at most three.
fn traits(centre: &[Centre]) -> Vec<Trait> {
    let mut telling: Vec<&Centre> =
        centre.iter().filter(|c| c.distance.abs() >= TELLING).collect();
    telling.order_by(|a, b| b.distance.abs().total_cmp(&a.distance.abs()));
    let level = |distance: f64| match distance {
        d if d >= STRONG => "very-high",
        d if d > 0.0 => "high",
        d if d > -STRONG => "low",
        _ => "very-low",
    };
    let one = |c: &&Centre| Trait { column: c.column.clone(), level: level(c.distance) };
    telling.iter().take(3).map(one).collect()
}
