//! The results of one view, held together while a table or a list is made.

use std::rc::Rc;

use super::analyse::{Analysis, Results};
use crate::churn::Churned;
use crate::cluster::Groups;
use crate::customers::Customers;
use crate::error::Result;
use crate::health::Health;
use crate::lifecycle::{LifecycleStages, STAGES};
use crate::lifetime::Lifetime;
use crate::orders::Orders;
use crate::rfm::Rfm;
use crate::table::{CustomerColumns, LifetimeColumns, SegmentColumn, WinbackColumns};
use crate::winback::Winback;

/// What is there of the results for one view, held while the table is made.
pub struct Computed {
    /// The customers of the day.
    pub customers: Rc<Customers>,
    /// Scores and segments.
    pub rfm: Option<Rc<Rfm>>,
    /// Lifetime value.
    pub lifetime: Option<Rc<Result<Lifetime>>>,
    /// Churn.
    pub churn: Option<Rc<Result<Churned>>>,
    /// Health.
    pub health: Option<Rc<Result<Health>>>,
    /// The win-back plan.
    pub winback: Option<Rc<Result<Winback>>>,
    /// The stages of life.
    pub lifecycle: Option<Rc<LifecycleStages>>,
    /// The learned groups.
    pub cluster: Option<Rc<Result<Groups>>>,
    /// Ids of the stages of life.
    stages: Vec<String>,
    /// Stands for the columns of an analysis that could not be computed.
    unknown: Vec<f64>,
}

impl Computed {
    /// Whatever was computed with the analysis's day and settings.
    pub fn new(analysis: &Analysis, orders: &Orders, results: &mut Results) -> Computed {
        let (day, settings) = (analysis.as_of, &analysis.settings);
        let customers = analysis.customers(orders, results);
        let winback = results.winback.get(&(day, settings.of_the_plan()));
        let lifetime = results.lifetime.get(&(day, settings.lifetime.clone()));
        let churn = results.churn.get(&(day, settings.churn.clone()));
        let lifecycle = results.lifecycle.get(&(day, settings.lifecycle.clone()));
        let cluster = results.cluster.get(&(day, analysis.cluster_key()));
        let health = results.health.get(&(day, settings.of_health()));
        let failed = |missing: bool| if missing { customers.len() } else { 0 };
        let unknown = lifetime.as_deref().is_some_and(Result::is_err)
            || churn.as_deref().is_some_and(Result::is_err)
            || health.as_deref().is_some_and(Result::is_err)
            || winback.as_deref().is_some_and(Result::is_err);
        Computed {
            unknown: vec![f64::NAN; failed(unknown)],
            rfm: results.rfm.get(&(day, settings.rfm.clone())),
            customers,
            lifetime,
            churn,
            health,
            winback,
            lifecycle,
            cluster,
            stages: STAGES.map(str::to_owned).to_vec(),
        }
    }

    /// The columns of the table; NaN in those of analyses that failed.
    pub fn columns<'a>(&'a self, orders: &'a Orders) -> CustomerColumns<'a> {
        let unknown = self.unknown.as_slice();
        let mapped = self.rfm.as_deref().filter(|rfm| !rfm.ids.is_empty());
        CustomerColumns {
            orders,
            customers: &self.customers,
            scores: self.rfm.as_deref().map(|rfm| &rfm.scores),
            segment: mapped.map(|rfm| SegmentColumn { of: &rfm.segment, ids: &rfm.ids }),
            lifetime: self.lifetime.as_deref().map(|lifetime| match lifetime {
                Ok(Lifetime { columns, result, .. }) => LifetimeColumns {
                    p_alive: &columns.p_alive,
                    identifies_dropout: result.identifies_dropout,
                    expected_orders: &columns.expected_orders,
                    order_value: &columns.order_value,
                    clv: &columns.clv,
                },
                Err(_) => LifetimeColumns {
                    p_alive: unknown,
                    identifies_dropout: false,
                    expected_orders: unknown,
                    order_value: unknown,
                    clv: unknown,
                },
            }),
            churn: self.churn.as_deref().map(|churn| match churn {
                Ok(churned) => churned.probability.as_slice(),
                Err(_) => unknown,
            }),
            health: self.health.as_deref().map(|health| match health {
                Ok(health) => health.health.as_slice(),
                Err(_) => unknown,
            }),
            winback: self.winback.as_deref().map(|winback| match winback {
                Ok(plan) => WinbackColumns {
                    gain: &plan.gain,
                    place: &plan.place,
                    tier: &plan.tier,
                    churn_type: &plan.churn_type,
                    phase: &plan.phase,
                    window: &plan.window,
                },
                Err(_) => WinbackColumns::default(),
            }),
            lifecycle: self
                .lifecycle
                .as_deref()
                .map(|stages| SegmentColumn { of: &stages.stage, ids: &self.stages }),
            cluster: self.cluster.as_deref().map(|cluster| match cluster {
                Ok(groups) => SegmentColumn { of: &groups.of, ids: &groups.ids },
                Err(_) => SegmentColumn { of: &[], ids: &[] },
            }),
        }
    }
}
