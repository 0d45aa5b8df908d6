//! What a method came to, brought to the order of the customers and described.

use super::dense::{Dense, Places};
use super::describe::{Parts, describe};
use super::kmeans::{Grouping, nearest};
use super::options::ClusterMethod;
use super::result::Hierarchy;
use super::task::{Clustering, Groups, Segments};
use super::tree::{joins, shown};
use super::ward::cut;
use crate::customers::Customers;
use crate::message::Message;
use crate::money::Scale;

/// What a method came to, in the canonical order.
pub(super) struct Told {
    of: Vec<u32>,
    k: usize,
    odd: bool,
    dense: Option<Dense>,
    inertia: Option<f64>,
    hierarchy: Hierarchy,
    notices: Vec<Message>,
}

impl Clustering {
    /// What k-means, or the hierarchy, comes to.
    pub(super) fn grouped(&mut self, cells: &Grouping) -> Told {
        let (cells, weights, merges) = joins(cells);
        let best = self.best.take();
        let learned = self.options.method == ClusterMethod::Kmeans;
        let (of, k) = match (&best, learned) {
            (Some(best), true) => (best.of.clone(), best.centres.len()),
            _ => {
                let groups = cut(&merges, cells.len(), self.k());
                let of = nearest(&self.points, &cells);
                let of = of.into_iter().map(|cell| groups[cell as usize]).collect();
                (of, self.k().min(cells.len()))
            }
        };
        if !learned {
            self.stability.clear();
        }
        let mut notices = Vec::new();
        if self.sample.len() < self.points.len() {
            notices.push(self.sampled("cluster-sampled").with("cells", cells.len()));
        }
        if best.as_ref().is_some_and(|best| !best.settled) {
            notices.push(Message::new("cluster-not-settled"));
        }
        let hierarchy = shown(&merges, &weights);
        let inertia = best.filter(|_| learned).map(|best| best.inertia);
        Told { of, k, odd: false, dense: None, inertia, hierarchy, notices }
    }

    /// What DBSCAN comes to: those in no group are the last one.
    pub(super) fn dense(&self, Places { of, groups, dense }: Places) -> Told {
        let mut notices = Vec::new();
        if self.sample.len() < self.points.len() {
            notices.push(self.sampled("cluster-dense-sampled"));
        }
        if dense.found as usize > groups {
            let notice = Message::new("cluster-dense-many").with("found", dense.found);
            notices.push(notice.with("kept", groups));
        }
        let odd = dense.odd > 0;
        let of = of.into_iter().map(|group| group.unwrap_or(groups as u32)).collect();
        let (k, inertia, hierarchy) =
            (groups + usize::from(odd), None, Hierarchy::default());
        Told { of, k, odd, dense: Some(dense), inertia, hierarchy, notices }
    }

    fn sampled(&self, code: &'static str) -> Message {
        let notice = Message::new(code).with("customers", self.points.len());
        notice.with("sample", self.sample.len())
    }

    /// The groups in the order of the customers, described.
    pub(super) fn told(
        &self,
        customers: &Customers,
        scale: Scale,
        segments: Segments<'_>,
        told: Told,
    ) -> Groups {
        let Told { of: sorted, k, odd, dense, inertia, hierarchy, notices } = told;
        let mut of = vec![0; sorted.len()];
        for (&place, group) in self.canonical.iter().zip(sorted) {
            of[place as usize] = group;
        }
        let missing = (self.missing > 0)
            .then(|| Message::new("cluster-missing-values").with("cells", self.missing));
        describe(Parts {
            customers,
            scale,
            segments,
            options: &self.options,
            features: &self.features,
            points: &self.points,
            canonical: &self.canonical,
            of,
            k,
            odd,
            dense,
            stability: &self.stability,
            choices: &self.choices,
            sample: self.sample.len() as u32,
            inertia,
            hierarchy,
            notices: missing.into_iter().chain(notices).collect(),
        })
    }
}
