//! What can be asked of a session, as it arrives from the other side.

use serde::Deserialize;

use super::asked::Ask;
use super::settings::SettingsFile;
use crate::basket::BasketOptions;
use crate::calendar::Day;
use crate::churn::ChurnOptions;
use crate::cluster::ClusterOptions;
use crate::cohorts::CohortsOptions;
use crate::csv::Delimiter;
use crate::describe::DescribeOptions;
use crate::error::{Error, Result};
use crate::forecast::ForecastOptions;
use crate::health::HealthOptions;
use crate::lifecycle::LifecycleOptions;
use crate::lifetime::{LifetimeOptions, ModelChoice, RowsOptions, SubscriptionOptions};
use crate::mapping::How;
use crate::orders::LoadOptions;
use crate::reader::ReadOptions;
use crate::rfm::RfmOptions;
use crate::segments::Direction;
use crate::table::{
    CustomerColumn, Labels, Layout, Need, PivotOptions, Plain, Query, Split, Where,
};
use crate::winback::WinbackOptions;
use crate::winback::outcome::Campaign;
use crate::winback::saved;

/// Rows of preview where nothing else is asked for.
const PREVIEW_ROWS: usize = 20;

/// Options of `inspect`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InspectArgs {
    /// Rows of preview; 20 when left out, all when larger than the file.
    pub preview_rows: Option<f64>,
    /// Columns to keep besides those that seem to be of use, by index.
    pub keep: Vec<usize>,
    /// What the text was decoded from; `utf-8` reads bytes as they are, broken or
    /// not. Left out: bytes that are not UTF-8 end the reading.
    pub encoding: Option<String>,
    /// The delimiter, by the name that `Found` has for it.
    pub delimiter: Option<String>,
    /// The quote; an empty text for none.
    pub quote: Option<String>,
    /// Whether the first row of the table names the columns.
    pub header: Option<bool>,
    /// What was decided of earlier files: the last that fits is offered again.
    pub settings: Vec<SettingsFile>,
    /// Whether a later part of a file is read, for another session: first comes the
    /// file's beginning, from which all decide alike, then the part.
    pub part: bool,
    /// The encoding was found, not said.
    pub detected: bool,
    /// The size of the source, where what is pushed was made from it.
    pub bytes: Option<f64>,
}

impl InspectArgs {
    /// How the file is to be read, as far as the user said so.
    pub fn how(&self) -> How {
        if self.encoding.as_deref() == Some("xlsx") {
            // A workbook has cells, whatever its text is like.
            return How::default();
        }
        How {
            encoding: self.encoding.clone().filter(|_| !self.detected),
            delimiter: self.delimiter.clone(),
            quote: self.quote.clone(),
            header: self.header,
        }
    }

    /// The options of the reader.
    ///
    /// # Errors
    /// `bad-delimiter` { delimiter } and `bad-quote` { quote }.
    pub fn read_options(&self) -> Result<ReadOptions> {
        let delimiter = self.delimiter.as_deref().map(|name| {
            let bad = || Error::new("bad-delimiter").with("delimiter", name);
            Delimiter::from_name(name).ok_or_else(bad)
        });
        let quote = self.quote.as_deref().map(|quote| match quote.as_bytes() {
            [] => Ok(None),
            &[byte] if byte.is_ascii_punctuation() => Ok(Some(byte)),
            _ => Err(Error::new("bad-quote").with("quote", quote)),
        });
        let preview_rows = match self.preview_rows {
            // Infinity and large figures saturate: all rows are shown.
            Some(rows) => rows.max(0.0) as usize,
            None => PREVIEW_ROWS,
        };
        Ok(ReadOptions {
            preview_rows,
            keep_also: self.keep.clone(),
            utf8_only: self.encoding.is_none(),
            delimiter: delimiter.transpose()?,
            quote: quote.transpose()?,
            header: self.header,
            ..ReadOptions::default()
        })
    }
}

/// Options of `load`: which inspected files, and what the user said of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadArgs {
    /// The handles that `inspect` gave, in the order of the files.
    pub found: Vec<u32>,
    /// The column by which files of different layouts are joined; found where the
    /// layouts differ and none is said.
    pub join: Option<String>,
    /// Only the ledger is wanted: what was loaded before stays.
    pub trial: bool,
    /// Mapping, answers, currency and switches, beside the others.
    #[serde(skip)]
    pub options: LoadOptions,
}

impl LoadArgs {
    /// Reads the options of `load`.
    ///
    /// # Errors
    /// `bad-arguments`.
    pub fn parse(plain: &Plain) -> Result<LoadArgs> {
        Ok(LoadArgs { options: plain.typed()?, ..plain.typed()? })
    }
}

/// Options of `forget`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ForgetArgs {
    /// The handle that `inspect` gave.
    pub found: u32,
}

/// Options of `subscriptions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionArgs {
    /// The handle that `inspect` gave, unless cohorts are given.
    pub found: Option<u32>,
    /// What is asked, beside it.
    #[serde(skip)]
    pub options: SubscriptionOptions,
}

impl SubscriptionArgs {
    /// Reads the options of `subscriptions`.
    ///
    /// # Errors
    /// `bad-arguments`.
    pub fn parse(plain: &Plain) -> Result<SubscriptionArgs> {
        Ok(SubscriptionArgs { options: plain.typed()?, ..plain.typed()? })
    }
}

/// The settings of a view: the options of every analysis, each with its default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Scores and segments.
    pub rfm: RfmOptions,
    /// Lifetime value.
    pub lifetime: LifetimeOptions,
    /// Churn.
    pub churn: ChurnOptions,
    /// Health.
    pub health: HealthOptions,
    /// Retention, churn and repeat rate.
    pub retention: RetentionOptions,
    /// Win-back.
    pub winback: WinbackOptions,
    /// Cohorts.
    pub cohorts: CohortsOptions,
    /// Life cycle.
    pub lifecycle: LifecycleOptions,
    /// Learned groups.
    pub cluster: ClusterOptions,
    /// Baskets.
    pub basket: BasketOptions,
    /// What is known of the market.
    pub describe: DescribeOptions,
    /// Forecast.
    pub forecast: ForecastOptions,
}

/// Options of `retention`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RetentionOptions {
    /// Days of a window; that of churn when left out.
    pub window_days: Option<u32>,
}

/// All the options that health depends on.
pub type HealthKey = (ChurnOptions, HealthOptions);

/// All the options that the win-back plan depends on.
pub type WinbackKey = (RfmOptions, LifetimeOptions, ChurnOptions, WinbackOptions);

/// The day and the settings that every analysis is computed with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ViewArgs {
    /// ISO date; the day after the last order when left out.
    pub as_of: Option<String>,
    /// The options of the analyses.
    pub settings: Settings,
}

impl Settings {
    /// The options that the win-back plan depends on.
    pub fn of_the_plan(&self) -> WinbackKey {
        let Settings { rfm, lifetime, churn, winback, .. } = self.clone();
        (rfm, lifetime, churn, winback)
    }

    /// The options that health depends on: its window is that of churn.
    pub fn of_health(&self) -> HealthKey {
        (self.churn.clone(), self.health.clone())
    }

    /// # Errors
    /// Those of each analysis.
    pub fn check(&self) -> Result<()> {
        self.rfm.check()?;
        self.lifetime.check()?;
        self.churn.check()?;
        self.cluster.check()?;
        self.health.check()?;
        self.winback.check()?;
        self.basket.check()?;
        self.describe.check()?;
        self.forecast.check()
    }
}

impl ViewArgs {
    /// The day asked for, if one was.
    ///
    /// # Errors
    /// `bad-date` when the text is no ISO date.
    pub fn day(&self) -> Result<Option<Day>> {
        self.as_of.as_deref().map(Day::parse).transpose()
    }
}

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

/// Options of `covariates`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CovariateArgs {
    /// `mbg-nbd` when left out, `bg-nbd` or `pareto-nbd`.
    pub model: Option<ModelChoice>,
    /// The attributes, by role or by the name of their column; channel, country and
    /// the mapped attributes when left out.
    pub attributes: Option<Vec<String>>,
}

/// What an analysis task ends in.
#[derive(Clone, Debug)]
pub enum Goal {
    /// The shop at a glance.
    Describe,
    /// Scores and segments.
    Rfm,
    /// Lifetime value.
    Lifetime,
    /// Churn.
    Churn,
    /// Retention, churn and repeat rate by period and group.
    Retention,
    /// Health, and whose fell most.
    Health,
    /// The win-back plan.
    Winback,
    /// Why each customer of the plan is slipping away, in the plan's order.
    Reasons,
    /// What a campaign brought.
    Outcome(Box<Campaign>),
    /// Customers followed from their first order.
    Cohorts,
    /// The stages of the customers' life cycle.
    Lifecycle,
    /// Who moved between segments since an earlier day.
    Movement(Day),
    /// A question to the customers.
    Ask(Ask),
    /// What is bought together.
    Basket,
    /// What is to be expected.
    Forecast,
    /// What to offer one customer next, by id.
    Offers(String),
    /// A page of the customer table.
    Customers(Query),
    /// One customer, by id.
    Customer(String),
    /// What lifetime says of single customers.
    LifetimeRows(Query, RowsOptions),
    /// Value by segment, cohort, channel and country.
    Equity,
    /// A lifetime model whose rates depend on attributes.
    Covariates(CovariateArgs),
    /// A list as CSV bytes.
    Export(ExportArgs),
}

impl Goal {
    /// Which customers the goal speaks of, where it says so.
    pub fn filter(&mut self) -> Option<&mut Where> {
        match self {
            Goal::Customers(query) | Goal::LifetimeRows(query, _) => {
                Some(&mut query.filter)
            }
            Goal::Export(export) => Some(&mut export.query.filter),
            Goal::Ask(
                Ask::Profile(filter) | Ask::Split(filter, _) | Ask::Alike(filter, _),
            ) => Some(filter),
            _ => None,
        }
    }

    /// Whether the goal cannot be reached from a table of one row a customer.
    pub fn needs_single_orders(&self) -> bool {
        match self {
            Goal::Describe
            | Goal::Rfm
            | Goal::Lifetime
            | Goal::Equity
            | Goal::LifetimeRows(..)
            | Goal::Covariates(_)
            | Goal::Customers(_)
            | Goal::Customer(_) => false,
            Goal::Ask(ask) => matches!(ask, Ask::Loyalty(_) | Ask::Quality(_)),
            Goal::Export(export) => {
                !matches!(export.what, What::Customers | What::Segments | What::Ledger)
            }
            _ => true,
        }
    }

    /// Whether the goal can be reached without days: baskets and the ledger.
    pub fn is_of_baskets(&self) -> bool {
        match self {
            Goal::Basket => true,
            Goal::Export(export) => {
                matches!(export.what, What::Ledger | What::Rules | What::Sets)
            }
            _ => false,
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

/// A campaign whose result is asked for: an exported list, or what it says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutcomeArgs {
    /// The exported list as CSV; the other fields are then not looked at.
    pub list: Option<String>,
    /// Customer ids that were contacted.
    pub contacted: Vec<String>,
    /// Customer ids that were held out.
    pub held_out: Vec<String>,
    /// The plan's `as_of`.
    pub from: String,
    /// The plan's `measure_by`.
    pub measure_by: String,
    /// Cost of one contact.
    pub cost_per_contact: f64,
    /// Share of revenue that is profit.
    pub margin: f64,
}

impl OutcomeArgs {
    /// The campaign.
    ///
    /// # Errors
    /// `bad-date`, `winback-option`, and those of [`saved::campaign`].
    pub fn campaign(self) -> Result<Campaign> {
        let campaign = match &self.list {
            Some(list) => saved::campaign(list.as_bytes())?,
            None => Campaign {
                from: Day::parse(&self.from)?,
                measure_by: Day::parse(&self.measure_by)?,
                contacted: self.contacted,
                held_out: self.held_out,
                cost_per_contact: self.cost_per_contact,
                margin: self.margin,
            },
        };
        let cost = campaign.cost_per_contact;
        if !(cost >= 0.0 && cost.is_finite()) {
            return Err(Error::new("winback-option").with("option", "costPerContact"));
        }
        if !(0.0..=1.0).contains(&campaign.margin) {
            return Err(Error::new("winback-option").with("option", "margin"));
        }
        Ok(campaign)
    }
}
