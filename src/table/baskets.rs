//! CSV of what is bought together, what after what, and what to offer whom.

use super::csv::Writer;
use super::export::{Labels, header};
use super::layouts::Contacts;
use crate::basket::{Item, Kind, Mined};
use crate::calendar::Day;
use crate::orders::Orders;
use crate::task::Progress;

/// How many offers are made to one customer.
pub const OFFERS: usize = 5;
/// Decimals of measures and of shares.
const DECIMALS: usize = 6;

/// An item as a text: a product by its name, a value after its column's name.
fn text(item: &Item) -> String {
    let value = match (&item.value, item.from, item.to) {
        (Some(value), ..) => value.clone(),
        (None, Some(from), Some(to)) if from == to => format!("{from}"),
        (None, Some(from), Some(to)) => format!("{from} – {to}"),
        _ => String::new(),
    };
    match (&item.column, item.kind) {
        (Some(column), Kind::Attribute | Kind::Category) => format!("{column}: {value}"),
        _ => value,
    }
}

/// Items of one side, joined so that names with commas stay apart.
fn texts(items: &[Item]) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(" + ")
}

/// All rules of a shop, sorted as its options say, with all measures.
pub fn rules_csv(orders: &Orders, mined: &Mined, labels: &Labels) -> Vec<u8> {
    let mut csv = header(
        labels,
        &[
            "antecedent",
            "consequent",
            "baskets",
            "withAntecedent",
            "withConsequent",
            "support",
            "confidence",
            "lift",
            "leverage",
            "conviction",
            "p",
            "q",
        ],
    );
    let all = mined.baskets;
    for rule in &mined.rules {
        let side = |ranks: &[u16]| {
            texts(&ranks.iter().map(|&rank| mined.show(orders, rank)).collect::<Vec<_>>())
        };
        csv.text(&side(&rule.antecedent)).text(&side(&rule.consequent));
        csv.plain(rule.count).plain(rule.with_antecedent).plain(rule.with_consequent);
        csv.number(f64::from(rule.count) / all as f64, DECIMALS);
        csv.number(rule.confidence(), DECIMALS).number(rule.lift(all), DECIMALS);
        csv.number(rule.leverage(all), DECIMALS).maybe(rule.conviction(all), DECIMALS);
        // Chances span hundreds of orders of magnitude.
        csv.plain(format_args!("{:e}", rule.p)).plain(format_args!("{:e}", rule.q));
        csv.end();
    }
    csv.take()
}

/// All frequent sets of two items and more, the most frequent first.
pub fn sets_csv(orders: &Orders, mined: &Mined, labels: &Labels) -> Vec<u8> {
    let mut csv = header(labels, &["items", "baskets", "support"]);
    for (items, count) in mined.sets(orders) {
        csv.text(&texts(&items)).plain(count);
        csv.number(f64::from(count) / mined.baskets as f64, DECIMALS);
        csv.end();
    }
    csv.take()
}

/// What is bought after what, the same goods bought again at the end.
pub fn sequences_csv(orders: &Orders, mined: &Mined, labels: &Labels) -> Vec<u8> {
    let names = [
        "first",
        "then",
        "customers",
        "followed",
        "confidence",
        "base",
        "lift",
        "medianDays",
        "mostDays",
        "p",
        "q",
    ];
    let mut csv = header(labels, &names);
    for (first, then, pair) in mined.pairs(orders) {
        csv.text(&text(&first)).text(&text(&then));
        csv.plain(pair.exposed).plain(pair.followed);
        csv.number(pair.confidence(), DECIMALS).number(pair.base, DECIMALS);
        csv.number(pair.confidence() / pair.base, DECIMALS);
        csv.number(pair.median_days, 0).number(pair.most_days, 0);
        csv.plain(format_args!("{:e}", pair.p)).plain(format_args!("{:e}", pair.q));
        csv.end();
    }
    csv.take()
}

/// What to offer each customer, in slices: up to five rows a customer.
#[derive(Clone, Debug)]
pub struct OffersExport {
    csv: Writer,
    bytes: Vec<u8>,
    labels: Labels,
    contacts: Contacts,
    next: u32,
}

impl OffersExport {
    /// Begins with the header.
    pub fn new(labels: Labels, contacts: Contacts) -> OffersExport {
        let names =
            ["customerId", "offer", "confidence", "lift", "because", "baskets", "q"];
        let csv = header(&labels, &names);
        OffersExport { csv, bytes: Vec::new(), labels, contacts, next: 0 }
    }

    /// Works for about `budget` units; `None` at the end.
    pub fn advance(
        &mut self,
        orders: &Orders,
        mined: &Mined,
        as_of: Day,
        budget: u64,
    ) -> Option<Progress> {
        let mut left = budget.max(1);
        while self.next < orders.customers.len() as u32 {
            let (offers, seen) =
                mined.offers.offers(orders, mined, as_of, self.next, OFFERS);
            for offer in &offers.offers {
                self.contacts.name(&mut self.csv, &self.labels, orders, self.next);
                self.csv.text(&text(&offer.item));
                self.csv.number(offer.confidence, DECIMALS).number(offer.lift, DECIMALS);
                self.csv.text(&texts(&offer.because)).plain(offer.baskets);
                self.csv.plain(format_args!("{:e}", offer.q));
                self.csv.end();
            }
            self.bytes.append(&mut self.csv.take());
            self.next += 1;
            left = left.saturating_sub(seen + 1);
            if left == 0 {
                let total = orders.customers.len() as u64;
                return Some(Progress { done: self.next.into(), total });
            }
        }
        None
    }

    /// The bytes written.
    pub fn bytes(mut self) -> Vec<u8> {
        self.bytes.append(&mut self.csv.take());
        self.bytes
    }
}
