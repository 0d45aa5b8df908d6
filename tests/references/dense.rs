//! Dense groups of Online Retail against scikit-learn's DBSCAN. Its figures are those of
//! `benches/segments/dbscan.py` (scikit-learn 1.9.1).

use regulars::cluster::{
    Closeness, ClusterMethod, ClusterOptions, Clustering, Points, Scaling, Search,
};
use regulars::customers::customers;
use regulars::task::finish;

use crate::cluster::features;
use crate::common::orders;
use crate::online_retail::records;

/// Radius, neighbours; groups, cores, noise; sizes of the largest groups, points at a
/// border with their nearest core.
type Found = (f64, usize, u32, u32, u32, &'static [u32]);

const SCIKIT: [Found; 5] = [
    (0.15, 6, 31, 2609, 1382, &[1339, 660, 355, 246, 117, 23, 16, 15]),
    (0.2, 6, 28, 3231, 723, &[1391, 769, 415, 358, 321, 174, 37, 10]),
    (0.2, 12, 14, 2419, 1440, &[1344, 688, 366, 240, 117, 28, 22, 18]),
    (0.3, 6, 6, 3899, 275, &[1445, 1311, 814, 479, 8, 6]),
    (0.5, 10, 3, 4148, 82, &[2782, 1464, 10]),
];

#[test]
fn groups_cores_and_noise_are_scikit_learns() {
    let Some(records) = records() else { return };
    let orders = orders(&records, 3);
    let customers = customers(&orders, orders.last_day().unwrap().plus(1));
    let features = features(&orders, &customers);
    let scaled = Points::scaled(&features.values, Scaling::Log);
    let points = scaled.pick(&scaled.canonical());
    for (radius, neighbours, groups, cores, noise, sizes) in SCIKIT {
        let near = Closeness { radius: Some(radius), neighbours };
        let mut search = Search::new(points.clone(), near);
        let (_, found) = search.advance(&points, u64::MAX);
        let found = found.unwrap();
        let dense = &found.dense;
        assert_eq!((dense.found, dense.cores, dense.odd), (groups, cores, noise));
        for (place, &size) in sizes.iter().enumerate() {
            let own = found.of.iter().filter(|g| **g == Some(place as u32)).count();
            assert_eq!(own, size as usize, "{radius} {neighbours}: group {place}");
        }
        // The whole task says the same, those in no group as the last one.
        let options = ClusterOptions {
            method: ClusterMethod::Dbscan,
            radius: Some(radius),
            neighbours: Some(neighbours as u32),
            ..ClusterOptions::default()
        };
        let mut task = Clustering::new(features.clone(), options).unwrap();
        let whole = finish::<_, ()>(|budget| {
            Ok(task.advance(&customers, orders.scale, None, budget))
        })
        .unwrap();
        assert_eq!(whole.result.dense.as_ref(), Some(dense));
        assert_eq!(whole.ids.last().map(String::as_str), Some("odd"));
        let sum: u32 = whole.result.clusters.iter().map(|c| c.group.customers).sum();
        assert_eq!((sum, u32::from(whole.result.k)), (4338, groups));
        assert_eq!(whole.result.clusters.last().unwrap().group.customers, noise);
    }
}
