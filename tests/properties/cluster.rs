//! Learned groups do not depend on the order of the customers, nor on slices.

use proptest::prelude::*;
use regulars::cluster::{
    ClusterMethod, ClusterOptions, Clustering, Features, Groups, Scaling,
};
use regulars::customers::{Customers, customers};
use regulars::orders::Orders;
use regulars::task::Step;

use crate::common::{Record, orders, record};

fn shop() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_u32..60, 0_i32..400, 1_i64..50_000);
    prop::collection::vec(one, 150..250).prop_map(|rows| {
        let named = |(i, (who, day, gross)): (usize, (u32, i32, i64))| {
            record(&format!("c{who}"), &format!("o{i}"), day, gross, 0)
        };
        rows.into_iter().enumerate().map(named).collect()
    })
}

fn features(orders: &Orders, customers: &Customers) -> Features {
    let all = 0..customers.len();
    Features {
        names: vec!["recencyDays".to_owned(), "revenue".to_owned()],
        values: vec![
            all.clone().map(|c| f64::from(customers.recency_days(c))).collect(),
            all.map(|c| orders.scale.number(customers.revenue(c))).collect(),
        ],
    }
}

fn grouped(
    records: &[Record],
    options: &ClusterOptions,
    budget: u64,
) -> (Groups, Vec<(String, u8)>) {
    let orders = orders(records, 2);
    let customers = customers(&orders, regulars::calendar::Day(400));
    let mut task =
        Clustering::new(features(&orders, &customers), options.clone()).unwrap();
    let groups = loop {
        match task.advance(&customers, orders.scale, None, budget) {
            Step::Working(_) => {}
            Step::Done(groups) => break groups,
        }
    };
    let name = |c: usize| orders.customers.text(customers.number[c]).into_owned();
    let mut of: Vec<(String, u8)> =
        (0..customers.len()).map(|c| (name(c), groups.of[c])).collect();
    of.sort();
    (groups, of)
}

fn options() -> impl Strategy<Value = ClusterOptions> {
    let scaling =
        prop::sample::select(vec![Scaling::Log, Scaling::Robust, Scaling::Standard]);
    let method = prop::sample::select(vec![
        ClusterMethod::Kmeans,
        ClusterMethod::Ward,
        ClusterMethod::Dbscan,
    ]);
    (scaling, method, prop::option::of(2_u8..=6)).prop_map(|(scaling, method, k)| {
        ClusterOptions { scaling, method, k, restarts: 2, ..ClusterOptions::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn row_order_and_slices_change_nothing(
        (records, shuffled) in shop().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        options in options(),
    ) {
        let (whole, of) = grouped(&records, &options, u64::MAX);
        let (other, of_other) = grouped(&shuffled, &options, 5_000);
        prop_assert_eq!(of, of_other);
        prop_assert_eq!(&whole.result, &other.result);
        let sizes: u32 = whole.result.clusters.iter().map(|c| c.group.customers).sum();
        prop_assert_eq!(sizes as usize, whole.of.len());
        for cluster in &whole.result.clusters {
            prop_assert!(cluster.stability.is_none_or(|s| (0.0..=1.0).contains(&s)));
        }
        for choice in &whole.result.choices {
            prop_assert!((-1.0..=1.0).contains(&choice.silhouette));
        }
        if let Some(dense) = &whole.result.dense {
            let odd = whole.result.clusters.iter().find(|c| c.group.id == "odd");
            prop_assert_eq!(dense.odd, odd.map_or(0, |c| c.group.customers));
            prop_assert!(dense.radius >= 0.0 && whole.result.choices.is_empty());
            return Ok(());
        }
        let hierarchy = &whole.result.hierarchy;
        prop_assert_eq!(hierarchy.merges.len() + 1, hierarchy.leaves as usize);
        let weight: f64 = hierarchy.sizes.iter().sum();
        prop_assert_eq!(weight, hierarchy.merges.last().map_or(weight, |m| m.size));
    }
}
