//! Which list can be asked for, and how it is to be written.

use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::segments::Direction;
use crate::table::{
    CustomerColumn, Labels, Layout, Need, PivotOptions, Plain, Query, Split, Where,
};

/// What may be written as CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Customers, by a query of the table.
    Customers,
    /// Columns of the customers of the win-back plan, largest gain first.
    Winback,
    /// The win-back plan as a list to work from.
    PlanList,
    /// One row a segment, a stage of life or a learned group.
    Segments,
    /// One row a cell of a pivot.
    Pivot,
    /// How many moved from which segment into which.
    Matrix,
    /// One row a line of the ledger.
    Ledger,
    /// Who moved between segments.
    Movement,
    /// All association rules.
    Rules,
    /// All frequent sets.
    Sets,
    /// What is bought after what.
    Sequences,
    /// What to offer each customer next.
    Offers,
    /// Each cohort in each period.
    Cohorts,
    /// The past and what is expected.
    Forecast,
}

/// Options of `exportCsv`.
#[derive(Clone, Debug)]
pub struct ExportArgs {
    /// What to write.
    pub what: What,
    /// Which customers, and which of their columns.
    pub query: Query,
    /// Header labels and texts by code.
    pub labels: Labels,
    /// The layout of another system.
    pub layout: Option<Layout>,
    /// Groups to divide the list into.
    pub split: Option<Split>,
    /// Whether lists of customers have a column of e-mail addresses.
    pub contacts: bool,
    /// Groups of fewer customers are put together or suppressed.
    pub smallest: u32,
    /// The column whose groups are listed: segment, lifecycle or cluster.
    pub by: CustomerColumn,
    /// The two dimensions of a pivot.
    pub pivot: Box<PivotOptions>,
    /// The earlier day of a movement.
    pub from: Option<Day>,
    /// Those who went one of these ways; all where there are none.
    pub ways: Vec<Direction>,
    /// The reasons of the plan's rows in words, for the win-back list.
    pub reasons: Vec<String>,
}

impl ExportArgs {
    /// Reads the options of an export.
    ///
    /// # Errors
    /// `unknown-export` for another `what`, and those of [`Query::parse`].
    pub fn parse(plain: &Plain) -> Result<ExportArgs> {
        let mut what = match plain.get("what") {
            None | Some(Plain::Null) => What::Customers,
            Some(Plain::Text(text)) => match text.as_str() {
                "customers" => What::Customers,
                "winback" => What::Winback,
                "segments" => What::Segments,
                "pivot" => What::Pivot,
                "movementMatrix" => What::Matrix,
                "ledger" => What::Ledger,
                "movement" => What::Movement,
                "rules" => What::Rules,
                "sets" => What::Sets,
                "sequences" => What::Sequences,
                "offers" => What::Offers,
                "cohorts" => What::Cohorts,
                "forecast" => What::Forecast,
                _ => return Err(Error::new("unknown-export").with("what", text.as_str())),
            },
            Some(other) => {
                return Err(Error::new("unknown-export").with("what", other.kind()));
            }
        };
        let mut labels = Labels::new();
        if let Some(Plain::Object(entries)) = plain.get("labels") {
            for (name, value) in entries {
                if let Plain::Text(text) = value {
                    labels.insert(name.clone(), text.clone());
                }
            }
        }
        let mut query = Query::parse(plain)?;
        let wanted = |key| !matches!(plain.get(key), None | Some(Plain::Null));
        if what == What::Winback && !wanted("columns") && !wanted("where") {
            what = What::PlanList;
        }
        if what == What::Winback {
            query.filter = Where::All(vec![in_plan()?, query.filter]);
            query.sort_by = query.sort_by.or(Some(CustomerColumn::WinbackGain));
            query.descending = query.descending || plain.get("sortBy").is_none();
        }
        let reasons = match plain.get("reasons") {
            Some(Plain::List(texts)) => texts.iter().map(text_of).collect(),
            _ => Vec::new(),
        };
        let text = |key: &str| match plain.get(key) {
            Some(Plain::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let split = match plain.get("split") {
            None | Some(Plain::Null) => None,
            Some(split) => {
                let split: Split = split.typed()?;
                split.check()?;
                Some(split)
            }
        };
        let mut ways = Vec::new();
        if let Some(Plain::List(codes)) = plain.get("ways") {
            use Direction::{Arrived, Fell, Rose, Stayed};
            let named = |code: &Plain| {
                let of = |way: &Direction| *code == Plain::Text(way.code().to_owned());
                [Rose, Fell, Stayed, Arrived].into_iter().find(of)
            };
            ways.extend(codes.iter().filter_map(named));
        }
        let by = match text("by").map(CustomerColumn::parse).transpose()? {
            None => CustomerColumn::Segment,
            Some(
                by @ (CustomerColumn::Segment
                | CustomerColumn::Lifecycle
                | CustomerColumn::Cluster),
            ) => by,
            Some(other) => {
                return Err(Error::new("export-no-groups").with("column", other.name()));
            }
        };
        let pivot: PivotOptions = match plain.get("pivot") {
            None | Some(Plain::Null) => PivotOptions::default(),
            Some(options) => options.typed()?,
        };
        if what == What::Pivot {
            pivot.needs()?;
        }
        Ok(ExportArgs {
            what,
            by,
            pivot: Box::new(pivot),
            query,
            labels,
            layout: text("layout").map(Layout::parse).transpose()?,
            split,
            contacts: plain.get("contacts") == Some(&Plain::Bool(true)),
            smallest: match plain.get("smallest") {
                Some(Plain::Number(n)) => *n as u32,
                _ => 0,
            },
            from: text("from").map(Day::parse).transpose()?,
            ways,
            reasons,
        })
    }

    /// The analyses that the export needs.
    pub fn needs(&self) -> Vec<Need> {
        match self.what {
            What::Ledger
            | What::Rules
            | What::Sets
            | What::Sequences
            | What::Offers
            | What::Cohorts
            | What::Forecast => vec![],
            What::Segments => {
                [Some(Need::Rfm), self.by.need()].into_iter().flatten().collect()
            }
            What::Movement | What::Matrix => vec![Need::Rfm],
            What::Pivot => {
                let mut needs = self.pivot.needs().unwrap_or_default();
                needs.push(Need::Rfm);
                needs
            }
            What::Customers => {
                let mut needs = self.query.needs();
                if self.layout.is_some() {
                    needs.push(Need::Segment);
                }
                needs
            }
            What::Winback | What::PlanList => {
                let mut needs = self.query.needs();
                needs.push(Need::Winback);
                needs
            }
        }
    }
}

/// Those whom the plan says to contact.
fn in_plan() -> Result<Where> {
    Where::parse(&Plain::Object(vec![("inPlan".to_owned(), Plain::Bool(true))]))
}

fn text_of(plain: &Plain) -> String {
    match plain {
        Plain::Text(text) => text.clone(),
        _ => String::new(),
    }
}
