//! A test of a customer's orders: one of them is such as described.

use super::column::CustomerColumns;
use super::plain::Plain;
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::names::Names;
use crate::orders::Orders;
use crate::periods::{Periods, Unit};

/// What one order must be like, read from the value of `ordered`:
/// `{ day: { min, max } }`, `{ first: true }`, `{ after: 3, unit: "month" }` (so
/// many periods after that of the customer's first order), and texts that it
/// has by role: `{ product: "A" }`, `{ product: ["A", "B"] }` (one of them),
/// `{ product: { all: ["A", "B"] } }`, `{ country: null }`. `mainProduct` is the
/// product with the largest amount. All of it must hold for the same order.
/// `{ since: {...}, within: 90 }`: on a day after the customer's first order that is
/// such as described there, by so many days at most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ordered {
    from: Option<Day>,
    to: Option<Day>,
    first: Option<bool>,
    after: Option<(Unit, usize)>,
    texts: Vec<(Told, Vec<Vec<Option<String>>>)>,
    since: Option<Box<Ordered>>,
    within: Option<u32>,
}

/// Where an order's texts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Product,
    MainProduct,
    Category,
    /// A column of a role, and which of them.
    Attribute(&'static str, usize),
}

/// The names by which texts of an order are asked for.
const TOLD: [(&str, Told); 10] = [
    ("product", Told::Product),
    ("mainProduct", Told::MainProduct),
    ("category", Told::Category),
    ("country", Told::Attribute("country", 0)),
    ("channel", Told::Attribute("channel", 0)),
    ("discount", Told::Attribute("discount", 0)),
    ("attribute1", Told::Attribute("attribute", 0)),
    ("attribute2", Told::Attribute("attribute", 1)),
    ("attribute3", Told::Attribute("attribute", 2)),
    ("attribute4", Told::Attribute("attribute", 3)),
];

impl Ordered {
    /// Reads the description.
    ///
    /// # Errors
    /// `where-wrong-type` where a value does not fit, `where-unknown-test` for a
    /// key that there is not, `bad-date`.
    pub fn parse(plain: &Plain) -> Result<Ordered> {
        Ordered::read(plain, false)
    }

    /// One order after another is told, no longer chain.
    fn read(plain: &Plain, earlier: bool) -> Result<Ordered> {
        let wrong = |value: &Plain| {
            Error::new("where-wrong-type")
                .with("column", "ordered")
                .with("kind", value.kind())
        };
        let unknown = |key: &str| {
            Error::new("where-unknown-test").with("test", key).with("column", "ordered")
        };
        let Plain::Object(entries) = plain else { return Err(wrong(plain)) };
        let mut ordered = Ordered::default();
        let mut unit = Unit::Month;
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("day", Plain::Object(bounds)) => {
                    for (bound, day) in bounds {
                        let Plain::Text(text) = day else { return Err(wrong(day)) };
                        match bound.as_str() {
                            "min" => ordered.from = Some(Day::parse(text)?),
                            "max" => ordered.to = Some(Day::parse(text)?),
                            _ => return Err(unknown(bound)),
                        }
                    }
                }
                ("first", Plain::Bool(first)) => ordered.first = Some(*first),
                ("after", Plain::Number(n)) if *n >= 0.0 => {
                    ordered.after = Some((unit, *n as usize));
                }
                ("unit", value) => unit = value.typed()?,
                ("since", since) if !earlier => {
                    ordered.since = Some(Box::new(Ordered::read(since, true)?));
                }
                ("within", Plain::Number(days)) => ordered.within = Some(*days as u32),
                ("day" | "first" | "after" | "within", value) => {
                    return Err(wrong(value));
                }
                (key, value) => {
                    let (_, told) = *TOLD
                        .iter()
                        .find(|(name, _)| *name == key)
                        .ok_or_else(|| unknown(key))?;
                    let text = |value: &Plain| match value {
                        Plain::Null => Ok(None),
                        Plain::Text(text) => Ok(Some(text.clone())),
                        Plain::Number(number) => Ok(Some(number.to_string())),
                        _ => Err(wrong(value)),
                    };
                    let groups = match value {
                        Plain::List(any) => {
                            vec![any.iter().map(text).collect::<Result<_>>()?]
                        }
                        Plain::Object(_) => match value.get("all") {
                            Some(Plain::List(all)) => all
                                .iter()
                                .map(|one| Ok(vec![text(one)?]))
                                .collect::<Result<_>>()?,
                            _ => return Err(wrong(value)),
                        },
                        one => vec![vec![text(one)?]],
                    };
                    ordered.texts.push((told, groups));
                }
            }
        }
        ordered.after = ordered.after.map(|(_, n)| (unit, n));
        Ok(ordered)
    }

    /// Checks that the file tells what is asked.
    ///
    /// # Errors
    /// `column-not-computed` with the role that is missing.
    pub fn require(&self, orders: &Orders) -> Result<()> {
        let lacks = |column: &'static str, needs: &'static str| {
            let error = Error::new("column-not-computed").with("column", column);
            Err(error.with("needs", needs))
        };
        if orders.summary.is_some() {
            return lacks("ordered", "orderDate");
        }
        if let Some(earlier) = &self.since {
            earlier.require(orders)?;
        }
        for (told, _) in &self.texts {
            match told {
                Told::Product | Told::MainProduct if orders.lines.is_none() => {
                    return lacks("ordered", "product");
                }
                Told::Category | Told::Attribute(..) if told.names(orders).is_none() => {
                    let role = if let Told::Attribute(role, _) = told {
                        role
                    } else {
                        "category"
                    };
                    return lacks("ordered", role);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Told {
    fn names(self, orders: &Orders) -> Option<&Names> {
        let lines = orders.lines.as_ref();
        match self {
            Told::Product | Told::MainProduct => Some(&lines?.products),
            Told::Category => Some(&lines?.category.as_ref()?.values),
            Told::Attribute(role, place) => {
                let mut mapped = orders.attributes.iter().filter(|a| a.role == role);
                Some(&mapped.nth(place)?.values)
            }
        }
    }

    /// The numbers of a record's texts, [`u32::MAX`] for none.
    fn of(self, orders: &Orders, record: usize, found: &mut Vec<u32>) {
        found.clear();
        match self {
            Told::Attribute(role, place) => {
                let mut mapped = orders.attributes.iter().filter(|a| a.role == role);
                found.extend(mapped.nth(place).map(|a| a.of[record]));
            }
            Told::MainProduct => found.extend(orders.main_product(record)),
            Told::Product | Told::Category => {
                let Some(lines) = &orders.lines else { return };
                let of = match self {
                    Told::Product => Some(&lines.product),
                    _ => lines.category.as_ref().map(|category| &category.of),
                };
                let bought = orders.bought(record);
                found.extend(bought.filter_map(|line| Some(of?[line])));
            }
        }
        found.retain(|&number| number != u32::MAX);
    }
}

/// A description made ready for one shop: wanted texts have become numbers.
#[derive(Clone, Debug)]
pub struct ReadyOrdered {
    from: i32,
    to: i32,
    first: Option<bool>,
    after: Option<(Periods, usize)>,
    /// Of each group one number must be there; `u32::MAX` stands for none at all.
    texts: Vec<(Told, Vec<Vec<u32>>)>,
    since: Option<Box<ReadyOrdered>>,
    within: i32,
}

impl ReadyOrdered {
    /// Looks up what is named.
    pub fn new(ordered: &Ordered, columns: &CustomerColumns<'_>) -> ReadyOrdered {
        let (orders, customers) = (columns.orders, columns.customers);
        let begin = customers.first_day.iter().copied().min().unwrap_or(0);
        let numbers = |told: Told, texts: &Vec<Option<String>>| {
            let of = |text: &Option<String>| match (text, told.names(orders)) {
                (None, _) => vec![u32::MAX],
                (Some(text), Some(names)) => numbers_of(names, text),
                _ => Vec::new(),
            };
            texts.iter().flat_map(of).collect()
        };
        ReadyOrdered {
            from: ordered.from.map_or(i32::MIN, |day| day.0),
            to: ordered.to.map_or(i32::MAX, |day| day.0).min(customers.as_of.0),
            first: ordered.first,
            after: ordered
                .after
                .map(|(unit, n)| (Periods::new(unit, Day(begin), customers.as_of), n)),
            texts: ordered
                .texts
                .iter()
                .map(|(told, groups)| {
                    (*told, groups.iter().map(|texts| numbers(*told, texts)).collect())
                })
                .collect(),
            since: ordered
                .since
                .as_ref()
                .map(|earlier| Box::new(ReadyOrdered::new(earlier, columns))),
            within: ordered.within.map_or(i32::MAX, |days| days.min(1 << 24) as i32),
        }
    }

    /// Whether a customer has such an order. Linear in the customer's records.
    pub fn holds(&self, columns: &CustomerColumns<'_>, c: usize) -> bool {
        self.day_of(columns, c).is_some()
    }

    /// The day of the customer's first such order.
    fn day_of(&self, columns: &CustomerColumns<'_>, c: usize) -> Option<i32> {
        let (orders, customers) = (columns.orders, columns.customers);
        let mut found = Vec::new();
        let begin = match &self.since {
            Some(earlier) => Some(earlier.day_of(columns, c)?),
            None => None,
        };
        let follows = |day: i32| {
            begin.is_none_or(|b| b < day && day.saturating_sub(b) <= self.within)
        };
        let all = orders.of(customers.number[c]).filter(|&i| orders.is_order[i]);
        all.enumerate()
            .take_while(|&(_, i)| orders.day[i] <= self.to)
            .filter(|&(place, _)| self.first.is_none_or(|first| first == (place == 0)))
            .filter(|&(_, i)| orders.day[i] >= self.from && follows(orders.day[i]))
            .filter(|&(_, i)| {
                self.after.as_ref().is_none_or(|(periods, after)| {
                    let base = periods.of(customers.first_day[c]);
                    periods.of(orders.day[i]) - base == *after
                })
            })
            .find(|&(_, i)| {
                self.texts.iter().all(|(told, groups)| {
                    told.of(orders, i, &mut found);
                    groups.iter().all(|wanted| {
                        let none = found.is_empty() && wanted.contains(&u32::MAX);
                        none || found.iter().any(|number| wanted.contains(number))
                    })
                })
            })
            .map(|(_, i)| orders.day[i])
    }
}

/// The numbers of a text: as written, and where it is nowhere written so, in any case.
pub fn numbers_of(names: &Names, text: &str) -> Vec<u32> {
    if let Some(number) = names.find(text.as_bytes()) {
        return vec![number];
    }
    let lower = text.to_lowercase();
    let same = |&n: &u32| names.text(n).to_lowercase() == lower;
    (0..names.len() as u32).filter(same).collect()
}
