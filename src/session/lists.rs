//! Exports: each list in the form it is asked for, at once or in slices.

use super::Loaded;
use super::analyse::Analysis;
use super::computed::Computed;
use super::output::Output;
use super::request::{ExportArgs, What};
use super::running::Running;
use crate::cohorts::Cohorts;
use crate::error::{Error, Result};
use crate::forecast::Forecast;
use crate::segments::summarise;
use crate::table::{
    self, Contacts, CustomerColumn, CustomerExport, Made, MovementExport, PlanExport,
    groups_csv, matrix_csv, pivot_csv,
};
use crate::task::Progress;

impl Analysis {
    /// The list, or `None` while it is being written.
    pub(super) fn export(
        &mut self,
        export: &ExportArgs,
        table: &Computed,
        loaded: &Loaded,
    ) -> Result<Option<Output>> {
        let (orders, base) = (&loaded.orders, &*table.customers);
        let gone = || Error::new("no-task");
        let rfm = table.rfm.as_deref();
        let method = rfm.map(|rfm| rfm.result.method);
        Ok(Some(match export {
            ExportArgs { what: What::Cohorts, .. } => {
                let options = self.settings.cohorts.clone();
                let task = Box::new(Cohorts::new(orders, base, options)?);
                self.wait(8, Progress::default(), Running::Cohorts(task));
                return Ok(None);
            }
            ExportArgs { what: What::Forecast, .. } => {
                let options = self.settings.forecast.clone();
                let task = Box::new(Forecast::new(orders, base, options)?);
                self.wait(13, Progress::default(), Running::Forecast(task));
                return Ok(None);
            }
            ExportArgs { what: What::Ledger, labels, .. } => {
                Output::Bytes(table::ledger_csv(&loaded.ledger, labels))
            }
            ExportArgs { what: What::Segments, labels, smallest, by, .. } => {
                let columns = table.columns(orders);
                columns.require(*by)?;
                let groups = columns.groups(*by).ok_or_else(gone)?;
                let listed = match by {
                    CustomerColumn::Segment => {
                        rfm.ok_or_else(gone)?.result.segments.clone()
                    }
                    _ => summarise(base, orders.scale, groups.of, groups.ids),
                };
                let learned = match table.cluster.as_deref() {
                    Some(Ok(groups)) => groups.result.method,
                    _ => "",
                };
                let method = match by {
                    CustomerColumn::Segment => method.unwrap_or(""),
                    CustomerColumn::Cluster => learned,
                    _ => "own-cadence",
                };
                let made = Made { by: by.name(), method, as_of: self.as_of };
                let scale = orders.scale;
                Output::Bytes(groups_csv(&listed, made, scale, labels, *smallest))
            }
            ExportArgs { what: What::Pivot, labels, smallest, pivot, .. } => {
                let found = table::pivot(&table.columns(orders), pivot)?;
                Output::Bytes(pivot_csv(&found, pivot, method, labels, *smallest))
            }
            ExportArgs { what: What::Matrix, labels, smallest, from, .. } => {
                let from = from.ok_or_else(|| Error::new("movement-no-day"))?;
                let moved = self.moved(from, table, orders)?;
                let (method, scale) = (method.unwrap_or(""), orders.scale);
                Output::Bytes(matrix_csv(&moved, method, scale, labels, *smallest))
            }
            ExportArgs { what: What::Movement, labels, from, ways, contacts, .. } => {
                let from = from.ok_or_else(|| Error::new("movement-no-day"))?;
                let moved = Box::new(self.moved(from, table, orders)?);
                let segment = rfm.map(|rfm| rfm.segment.as_slice());
                let segment = segment.unwrap_or_default();
                let contacts = Contacts::of(&table.columns(orders), *contacts);
                let export =
                    MovementExport::new(&moved, segment, ways, labels.clone(), contacts);
                let (progress, bytes) = (export.progress(), Vec::new());
                self.wait(5, progress, Running::Moves { export, moved, bytes });
                return Ok(None);
            }
            ExportArgs { what: What::PlanList, labels, reasons, contacts, .. } => {
                let plan = match table.winback.as_deref() {
                    Some(Ok(plan)) => plan,
                    Some(Err(error)) => return Err(error.clone()),
                    None => return Err(Error::new("no-task")),
                };
                let contacts = Contacts::of(&table.columns(orders), *contacts);
                let export =
                    PlanExport::new(plan, reasons.clone(), labels.clone(), contacts);
                let progress = export.progress();
                let export = Box::new(export);
                self.wait(5, progress, Running::PlanList { export, bytes: vec![] });
                return Ok(None);
            }
            ExportArgs { query, labels, layout: Some(layout), split, .. } => {
                let (columns, split) = (table.columns(orders), split.as_ref());
                let csv = table::layout_csv(&columns, query, *layout, split, labels)?;
                Output::Bytes(csv)
            }
            ExportArgs { query, labels, split, contacts, .. } => {
                let columns = table.columns(orders);
                let split = split.as_ref();
                let mut export =
                    CustomerExport::new(&columns, query, split, labels.clone())?;
                if *contacts {
                    export = export.with_contacts(&columns);
                }
                let progress = export.progress();
                self.wait(5, progress, Running::Export { export, bytes: Vec::new() });
                return Ok(None);
            }
        }))
    }
}
