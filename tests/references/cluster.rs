//! Learned groups of Online Retail against scikit-learn's. Its figures are those of
//! `benches/segments/kmeans.py` (scikit-learn 1.9.1, the best of ten restarts).

use regulars::calendar::Day;
use regulars::cluster::{
    ClusterOptions, Clustering, Features, Groups, Points, Scaling, silhouette,
};
use regulars::customers::{Customers, customers};
use regulars::orders::Orders;
use regulars::task::finish;

use crate::common::orders;
use crate::online_retail::records;

/// Groups, inertia and silhouette of the whole.
const SCIKIT: [(u8, f64, f64); 6] = [
    (3, 5_014.375_347, 0.331_603),
    (4, 4_100.067_722, 0.330_457),
    (5, 3_453.249_412, 0.313_974),
    (6, 3_032.332_352, 0.309_016),
    (7, 2_679.075_796, 0.321_226),
    (8, 2_386.409_518, 0.315_633),
];

/// Days since the last order, orders and net revenue.
pub fn features(orders: &Orders, customers: &Customers) -> Features {
    let all = 0..customers.len();
    Features {
        names: ["recencyDays", "orders", "revenue"].map(str::to_owned).to_vec(),
        values: vec![
            all.clone().map(|c| f64::from(customers.recency_days(c))).collect(),
            all.clone().map(|c| f64::from(customers.orders[c])).collect(),
            all.map(|c| orders.scale.number(customers.revenue(c))).collect(),
        ],
    }
}

fn grouped(orders: &Orders, customers: &Customers, options: ClusterOptions) -> Groups {
    let mut task = Clustering::new(features(orders, customers), options).unwrap();
    finish::<_, ()>(|budget| Ok(task.advance(customers, orders.scale, None, budget)))
        .unwrap()
}

#[test]
fn inertia_is_within_a_thousandth_of_scikit_learns_best_of_ten() {
    let Some(records) = records() else { return };
    let orders = orders(&records, 3);
    let customers = customers(&orders, orders.last_day().unwrap().plus(1));
    assert_eq!(
        (customers.len(), customers.as_of),
        (4338, Day::parse("2011-12-10").unwrap())
    );
    let scaled = Points::scaled(&features(&orders, &customers).values, Scaling::Log);
    for (k, inertia, width) in SCIKIT {
        let options = ClusterOptions { k: Some(k), ..ClusterOptions::default() };
        let found = grouped(&orders, &customers, options);
        let ours = found.result.inertia.unwrap();
        println!("k = {k}: {ours:.6}, scikit-learn {inertia:.6}");
        assert!(ours <= inertia * 1.001, "k = {k}: {ours} against {inertia}");
        let sizes: u32 = found.result.clusters.iter().map(|c| c.group.customers).sum();
        assert_eq!(sizes, 4338);
        // The grouping is the one that the inertia is of.
        let of: Vec<u32> = found.of.iter().map(|&g| u32::from(g)).collect();
        let own: f64 = (0..usize::from(k))
            .map(|g| {
                let members: Vec<u32> =
                    (0..4338).filter(|&c| of[c as usize] as usize == g).collect();
                let points = scaled.pick(&members);
                let spread = |column: &Vec<f64>| -> f64 {
                    let mean = column.iter().sum::<f64>() / column.len() as f64;
                    column.iter().map(|v| (v - mean) * (v - mean)).sum()
                };
                points.columns.iter().map(spread).sum::<f64>()
            })
            .sum();
        assert!((own - ours).abs() < 1e-6 * ours, "{own} {ours}");
        if k == 4 {
            let ours = silhouette(&scaled, &of, 4);
            assert!((ours - width).abs() < 0.01, "{ours} {width}");
        }
    }
}
