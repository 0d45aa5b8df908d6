//! What can be asked of the customers beyond the one-click analyses: learned
//! groups, the profile of a list, a pivot, a split.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::Loaded;
use super::analyse::{Analysis, Results};
use super::computed::Computed;
use super::output::{Output, Unavailable};
use super::request::WinbackKey;
use super::running::Running;
use crate::calendar::Day;
use crate::cluster::{ClusterOptions, Clustering, Features, Groups};
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;
use crate::orders::Orders;
use crate::segments::{Known, LoyaltyOptions, Profiling, loyalty};
use crate::table::{
    CustomerColumn, Kind, Need, PivotOptions, Plain, Split, Where, alike, pivot, quality,
};
use crate::task::{Progress, Step};

/// All the options that learned groups depend on: their columns may come from any
/// analysis.
pub type ClusterKey = (ClusterOptions, WinbackKey);

/// A question to the customers.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Learned groups.
    Cluster,
    /// What the customers of a list have in common.
    Profile(Where),
    /// Two dimensions against each other.
    Pivot(PivotOptions),
    /// How many customers and how much money each part of a divided list has.
    Split(Where, Split),
    /// Tiers and points.
    Loyalty(LoyaltyOptions),
    /// The customers most like a list, so many at most.
    Alike(Where, usize),
    /// The four tests of the segments, stability since an earlier day.
    Quality(Day),
}

/// The parts of a divided list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Divided {
    /// The parts, in the order of the names.
    pub parts: Vec<Part>,
}

/// One part of a divided list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Its name.
    pub name: String,
    /// How many customers.
    pub customers: u32,
    /// Their net revenue.
    pub revenue: f64,
    /// Mean orders a customer, to see that chance was even.
    pub mean_orders: Option<f64>,
    /// Mean days since the last order.
    pub mean_recency_days: Option<f64>,
}

/// The arguments of calls about a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Listed {
    split: Split,
}

impl Ask {
    /// Reads the arguments of a call; `None` for a call that is none of these.
    ///
    /// # Errors
    /// Those of [`Where::parse`], and `split-shares`.
    pub fn parse(call: &str, plain: &Plain) -> Result<Option<Ask>> {
        let filter = || Where::parse(plain.get("where").unwrap_or(&Plain::Null));
        Ok(Some(match call {
            "cluster" => Ask::Cluster,
            "profile" => Ask::Profile(filter()?),
            "pivot" => Ask::Pivot(plain.typed()?),
            "split" => {
                let Listed { split } = plain.typed()?;
                split.check()?;
                Ask::Split(filter()?, split)
            }
            "loyalty" => Ask::Loyalty(plain.typed()?),
            "alike" => {
                let limit = match plain.get("limit") {
                    Some(Plain::Number(n)) if *n >= 1.0 => *n as usize,
                    _ => 100,
                };
                Ask::Alike(filter()?, limit)
            }
            "quality" => match plain.get("from") {
                Some(Plain::Text(day)) => Ask::Quality(Day::parse(day)?),
                _ => return Err(Error::new("movement-no-day")),
            },
            _ => return Ok(None),
        }))
    }

    /// The analyses that the answer needs.
    ///
    /// # Errors
    /// Those of the options.
    pub fn needs(&self) -> Result<Vec<Need>> {
        Ok(match self {
            Ask::Cluster => vec![Need::Cluster],
            Ask::Profile(filter) | Ask::Split(filter, _) | Ask::Alike(filter, _) => {
                filter.needs()
            }
            Ask::Loyalty(_) => vec![],
            Ask::Quality(_) => vec![Need::Rfm, Need::Segment],
            Ask::Pivot(options) => options.needs()?,
        })
    }
}

impl Analysis {
    pub(super) fn cluster_key(&self) -> ClusterKey {
        (self.settings.cluster.clone(), self.settings.of_the_plan())
    }

    /// The analyses that the columns to group by come from.
    pub(super) fn cluster_needs(&self) -> Vec<Need> {
        let columns = self.settings.cluster.columns.iter();
        let parsed = columns.filter_map(|name| CustomerColumn::parse(name).ok());
        let mut needs: Vec<Need> = parsed.filter_map(CustomerColumn::need).collect();
        // To be compared with the segments.
        needs.extend([Need::Rfm, Need::Segment, Need::Cluster]);
        needs
    }

    /// Begins the stages of life, unless they are there.
    pub(super) fn begin_lifecycle(
        &mut self,
        orders: &Orders,
        results: &mut Results,
    ) -> bool {
        let key = (self.as_of, self.settings.lifecycle.clone());
        if results.lifecycle.get(&key).is_some() {
            return false;
        }
        let base = self.customers(orders, results);
        let task = Lifecycle::new(orders, &base, &self.settings.lifecycle);
        self.wait(9, Progress::default(), Running::Lifecycle(Box::new(task)));
        true
    }

    /// Begins to group customers, unless they are.
    pub(super) fn begin_cluster(
        &mut self,
        orders: &Orders,
        results: &mut Results,
    ) -> bool {
        let key = (self.as_of, self.cluster_key());
        if results.cluster.get(&key).is_some() {
            return false;
        }
        match self.clustering(orders, results) {
            Ok(task) => {
                self.wait(10, Progress::default(), Running::Cluster(Box::new(task)));
            }
            Err(error) => {
                results.cluster.put(key, Err(error));
            }
        }
        true
    }

    fn clustering(&self, orders: &Orders, results: &mut Results) -> Result<Clustering> {
        let table = Computed::new(self, orders, results);
        let columns = table.columns(orders);
        let mut features = Features::default();
        for name in &self.settings.cluster.columns {
            let column = CustomerColumn::parse(name)?;
            if matches!(column.kind(), Kind::Text) || column.need() == Some(Need::Cluster)
            {
                return Err(Error::new("cluster-no-figure").with("column", name.as_str()));
            }
            columns.require(column)?;
            let count = table.customers.len();
            features.names.push(name.clone());
            features.values.push((0..count).map(|c| columns.number(column, c)).collect());
        }
        Clustering::new(features, self.settings.cluster.clone())
    }

    /// A slice of the grouping.
    pub(super) fn advance_cluster(
        &mut self,
        mut task: Box<Clustering>,
        orders: &Orders,
        results: &mut Results,
        budget: u64,
    ) {
        let base = self.customers(orders, results);
        let rfm = results.rfm.get(&(self.as_of, self.settings.rfm.clone()));
        let segments =
            rfm.as_deref().map(|rfm| (rfm.segment.as_slice(), rfm.ids.as_slice()));
        // A distance is several times cheaper than a row.
        match task.advance(&base, orders.scale, segments, budget.saturating_mul(8)) {
            Step::Working(progress) => self.wait(10, progress, Running::Cluster(task)),
            Step::Done(groups) => {
                results.cluster.put((self.as_of, self.cluster_key()), Ok(groups));
            }
        }
    }

    /// A slice of a profile.
    pub(super) fn advance_profile(
        &mut self,
        mut task: Box<Profiling>,
        orders: &Orders,
        results: &mut Results,
        budget: u64,
    ) -> Step<Output> {
        let table = Computed::new(self, orders, results);
        let columns = table.columns(orders);
        let known = Known {
            clv: columns.lifetime.map(|lifetime| lifetime.clv),
            p_alive: columns.lifetime.map(|lifetime| lifetime.p_alive),
            churn: columns.churn,
        };
        match task.advance(orders, &table.customers, known, budget) {
            Step::Working(progress) => {
                self.wait(11, progress, Running::Profile(task));
                Step::Working(progress)
            }
            Step::Done(profile) => Step::Done(Output::Profile(Box::new(profile))),
        }
    }

    /// The answer, when all that it needs is there; `None` while a task goes on.
    pub(super) fn answer(
        &mut self,
        ask: &Ask,
        table: &Computed,
        loaded: &Loaded,
    ) -> Result<Option<Output>> {
        let orders = &loaded.orders;
        let columns = table.columns(orders);
        Ok(Some(match ask {
            Ask::Cluster => match table.cluster.as_deref() {
                Some(Ok(Groups { result, .. })) => {
                    Output::Cluster(Box::new(result.clone()))
                }
                Some(Err(error)) => Output::Unavailable(Unavailable::from(error)),
                None => return Err(Error::new("no-task")),
            },
            Ask::Profile(filter) => {
                let list = filter.select(&columns)?;
                let task = Profiling::new(orders, &table.customers, &list);
                self.wait(11, Progress::default(), Running::Profile(Box::new(task)));
                return Ok(None);
            }
            Ask::Pivot(options) => Output::Pivot(Box::new(pivot(&columns, options)?)),
            Ask::Loyalty(options) => {
                Output::Loyalty(Box::new(loyalty(orders, &table.customers, options)?))
            }
            Ask::Alike(filter, limit) => {
                let list = filter.select(&columns)?;
                Output::Alike(Box::new(alike(&columns, &list, *limit)?))
            }
            Ask::Quality(from) => {
                let moved = self.moved(*from, table, orders)?;
                let days = self.as_of.since(*from).unsigned_abs();
                Output::Quality(Box::new(quality(&columns, &moved.previous, days)))
            }
            Ask::Split(filter, split) => {
                let rows = filter.select(&columns)?;
                let of = split.divide(&columns, &rows);
                Output::Divided(Box::new(divided(table, orders, &rows, &of, split)))
            }
        }))
    }
}

fn divided(
    table: &Computed,
    orders: &Orders,
    rows: &[u32],
    of: &[u8],
    split: &Split,
) -> Divided {
    let customers: &Rc<_> = &table.customers;
    let part = |(group, name): (usize, &String)| {
        let members: Vec<usize> = rows
            .iter()
            .zip(of)
            .filter(|&(_, &g)| usize::from(g) == group)
            .map(|(&row, _)| row as usize)
            .collect();
        let count = members.len();
        let mean = |sum: u64| (count > 0).then(|| sum as f64 / count as f64);
        let money: i64 = members.iter().map(|&c| customers.revenue(c)).sum();
        Part {
            name: name.clone(),
            customers: count as u32,
            revenue: orders.scale.number(money),
            mean_orders: mean(
                members.iter().map(|&c| u64::from(customers.orders[c])).sum(),
            ),
            mean_recency_days: mean(
                members.iter().map(|&c| u64::from(customers.recency_days(c))).sum(),
            ),
        }
    };
    Divided { parts: split.names.iter().enumerate().map(part).collect() }
}
