//! How customers are scored: the method, its cuts, windows and weights, and the
//! map from scores to segments.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::segments::Map;

/// Longest window, in days: ten years.
const LONGEST: u32 = 3_650;

/// How customers are scored.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RfmOptions {
    /// Where the borders between the scores come from.
    pub method: Method,
    /// Scores a dimension, 3 to 10; Klaviyo's rules have 3 whatever is said here.
    pub bins: u8,
    /// The borders of the method `thresholds`; those left out are the built-in ones.
    pub cuts: Cuts,
    /// What part of a customer's life counts.
    pub windows: Windows,
    /// Of the three scores in the weighted score.
    pub weights: Weights,
    /// Which cells make which segment; by default the built-in map of the method.
    pub map: MapChoice,
}

impl Default for RfmOptions {
    fn default() -> RfmOptions {
        RfmOptions {
            method: Method::Quantile,
            bins: 5,
            cuts: Cuts::default(),
            windows: Windows::default(),
            weights: Weights::default(),
            map: MapChoice::default(),
        }
    }
}

/// Where the borders between the scores come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Equal parts of the customers in each dimension, by the tie-safe rule.
    #[default]
    Quantile,
    /// Equal parts by recency, within each by orders, within each by revenue.
    Nested,
    /// Fixed borders, built-in or typed.
    Thresholds,
    /// The groups of least spread on a logarithmic scale (k-means, exact).
    Kmeans,
    /// Klaviyo's: recency at 180 and 365 days, orders and revenue by thirds.
    Klaviyo,
}

impl Method {
    /// The code, for results and exports.
    pub fn code(self) -> &'static str {
        match self {
            Method::Quantile => "quantile",
            Method::Nested => "nested",
            Method::Thresholds => "thresholds",
            Method::Kmeans => "kmeans",
            Method::Klaviyo => "klaviyo",
        }
    }
}

/// Borders typed by the user, for the scores from 2 to `bins`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cuts {
    /// The most days since the last order for each score, falling.
    pub recency_days: Option<Vec<f64>>,
    /// The fewest orders for each score, rising.
    pub orders: Option<Vec<f64>>,
    /// The least net revenue for each score, rising.
    pub revenue: Option<Vec<f64>>,
}

/// Days back from the day of reckoning that count; the whole life where `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Windows {
    /// A last order before the window counts as one day before it.
    pub recency_days: Option<u32>,
    /// Orders within the window.
    pub orders: Option<u32>,
    /// Net revenue within the window.
    pub revenue: Option<u32>,
}

impl Windows {
    /// Whether the whole life counts in every dimension.
    pub fn is_whole(&self) -> bool {
        *self == Windows::default()
    }
}

/// Weights of the three scores, 0 or more; one of them is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Weights {
    /// Of recency.
    pub recency: f64,
    /// Of the number of orders.
    pub orders: f64,
    /// Of revenue.
    pub revenue: f64,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights { recency: 1.0, orders: 1.0, revenue: 1.0 }
    }
}

/// Which cells make which segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum MapChoice {
    /// The built-in map of the method: Klaviyo's for its rules, else the eleven.
    #[default]
    BuiltIn,
    /// A built-in map by name: `eleven` or `klaviyo`.
    Named(String),
    /// Segments of one's own, best first.
    Own(Vec<OwnSegment>),
}

impl<'de> Deserialize<'de> for MapChoice {
    fn deserialize<D: Deserializer<'de>>(
        value: D,
    ) -> std::result::Result<MapChoice, D::Error> {
        value.deserialize_any(Choice)
    }
}

struct Choice;

impl<'de> Visitor<'de> for Choice {
    type Value = MapChoice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map's name or segments")
    }

    fn visit_unit<E>(self) -> std::result::Result<MapChoice, E> {
        Ok(MapChoice::BuiltIn)
    }

    fn visit_str<E>(self, name: &str) -> std::result::Result<MapChoice, E> {
        Ok(MapChoice::Named(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(
        self,
        segments: A,
    ) -> std::result::Result<MapChoice, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(segments)).map(MapChoice::Own)
    }
}

/// A segment of an own map.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct OwnSegment {
    /// A name or a code.
    pub id: String,
    /// Its cells, such as `555`.
    pub cells: Vec<String>,
}

impl RfmOptions {
    /// Scores a dimension under the method.
    pub fn scores(&self) -> u8 {
        if self.method == Method::Klaviyo { 3 } else { self.bins }
    }

    /// Checks the options.
    ///
    /// # Errors
    /// `rfm-bad-bins` when `bins` is not 3 to 10, `rfm-bad-cuts` for cuts that are
    /// not one fewer than the bins or not in their order, `rfm-bad-window`,
    /// `rfm-bad-weights`, `unknown-map`, and those of [`Map::new`].
    pub fn check(&self) -> Result<()> {
        if !(3..=10).contains(&self.bins) {
            let bins = u32::from(self.bins);
            let error = Error::new("rfm-bad-bins").with("bins", bins);
            return Err(error.with("from", 3).with("to", 10));
        }
        let Cuts { recency_days, orders, revenue } = &self.cuts;
        for (dimension, cuts, falling) in [
            ("recency", recency_days, true),
            ("orders", orders, false),
            ("revenue", revenue, false),
        ] {
            let Some(cuts) = cuts.as_ref().filter(|_| self.method == Method::Thresholds)
            else {
                continue;
            };
            let in_order = cuts
                .windows(2)
                .all(|pair| if falling { pair[0] > pair[1] } else { pair[0] < pair[1] });
            let needed = usize::from(self.bins) - 1;
            let finite = cuts.iter().all(|cut| cut.is_finite());
            if !in_order || !finite || cuts.len() != needed {
                let error = Error::new("rfm-bad-cuts").with("dimension", dimension);
                return Err(error.with("needed", needed));
            }
        }
        let Windows { recency_days, orders, revenue } = self.windows;
        for days in [recency_days, orders, revenue].into_iter().flatten() {
            if !(1..=LONGEST).contains(&days) {
                let error = Error::new("rfm-bad-window").with("days", days);
                return Err(error.with("most", LONGEST));
            }
        }
        let Weights { recency, orders, revenue } = self.weights;
        let weights = [recency, orders, revenue];
        if !weights.iter().all(|w| w.is_finite() && *w >= 0.0)
            || weights.iter().sum::<f64>() <= 0.0
        {
            return Err(Error::new("rfm-bad-weights"));
        }
        self.map().map(|_| ())
    }

    /// The built-in map that is chosen; `None` for an own one.
    ///
    /// # Errors
    /// `unknown-map`.
    pub fn built_in(&self) -> Result<Option<Map>> {
        let name = match &self.map {
            MapChoice::BuiltIn if self.method == Method::Klaviyo => "klaviyo",
            MapChoice::BuiltIn => "eleven",
            MapChoice::Named(name) => name,
            MapChoice::Own(_) => return Ok(None),
        };
        match name {
            "eleven" => Ok(Some(Map::eleven())),
            "klaviyo" => Ok(Some(Map::klaviyo())),
            _ => Err(Error::new("unknown-map").with("map", name)),
        }
    }

    /// The map for the scores of these options. A built-in map of other bins is
    /// stretched over them, ends to ends.
    ///
    /// # Errors
    /// `unknown-map`, and those of [`Map::new`].
    pub fn map(&self) -> Result<Map> {
        let bins = self.scores();
        match (self.built_in()?, &self.map) {
            (Some(map), _) => Ok(map.stretched(bins)),
            (None, MapChoice::Own(segments)) => {
                let listed: Vec<(String, Vec<String>)> =
                    segments.iter().map(|s| (s.id.clone(), s.cells.clone())).collect();
                Map::new(bins, &listed)
            }
            (None, _) => Err(Error::new("unknown-map").with("map", "")),
        }
    }
}
