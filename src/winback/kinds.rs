//! Why customers leave, how much they matter, and what to offer whom: churn
//! types, tiers of the customer pyramid (Curry and Curry 2000: 1, 4, 15 and
//! 80 %), and the matrix of both.

use serde::Serialize;

use crate::customers::Customers;
use crate::habits::{Facts, Phase};
use crate::orders::Orders;

/// Why a customer leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChurnType {
    /// The need is gone: moved, grown out of it.
    Natural,
    /// A rival does it better or cheaper.
    Competitive,
    /// Let down by the product or the service.
    Disappointed,
    /// Fraud and abuse: not to be won back.
    Malicious,
    /// The file does not say.
    Unknown,
}

impl ChurnType {
    /// The stable code, in kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            ChurnType::Natural => "natural",
            ChurnType::Competitive => "competitive",
            ChurnType::Disappointed => "disappointed",
            ChurnType::Malicious => "malicious",
            ChurnType::Unknown => "unknown",
        }
    }
}

/// All types, in the order of their declaration.
pub const TYPES: [ChurnType; 5] = [
    ChurnType::Natural,
    ChurnType::Competitive,
    ChurnType::Disappointed,
    ChurnType::Malicious,
    ChurnType::Unknown,
];

/// Stems of English and German words that name a reason, and Chinese ones; the
/// first type with a match wins, so malice goes before disappointment.
const STEMS: [(ChurnType, &[&str]); 4] = [
    (
        ChurnType::Malicious,
        &["fraud", "chargeback", "abuse", "stolen", "fake", "scam", "betrug", "欺诈"],
    ),
    (
        ChurnType::Disappointed,
        &[
            "quality",
            "defect",
            "damag",
            "broken",
            "faulty",
            "wrong",
            "late",
            "delay",
            "service",
            "support",
            "complain",
            "disappoint",
            "dissatisf",
            "attitude",
            "unhappy",
            "qualität",
            "mangel",
            "beschädigt",
            "verspät",
            "质量",
            "服务",
        ],
    ),
    (
        ChurnType::Competitive,
        &[
            "compet",
            "cheaper",
            "price",
            "expensive",
            "better offer",
            "switched",
            "elsewhere",
            "preis",
            "teuer",
            "konkurren",
            "价格",
            "竞争",
        ],
    ),
    (
        ChurnType::Natural,
        &[
            "moved",
            "moving",
            "relocat",
            "deceased",
            "died",
            "death",
            "no longer need",
            "not needed",
            "outgrow",
            "outgrew",
            "retire",
            "closed",
            "umzug",
            "verstorben",
            "搬家",
            "不需要",
        ],
    ),
];

/// The type that the text of a reason or complaint names. The words are
/// matched at the start of a word, so that `late` is not found in `chocolate`.
pub fn of_reason(text: &str) -> ChurnType {
    let text = text.to_lowercase();
    let starts = |stem: &&str| {
        text.match_indices(*stem).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            // Chinese is written without blanks.
            !stem.is_ascii() || before.is_none_or(|c| !c.is_alphanumeric())
        })
    };
    let found = STEMS.iter().find(|(_, stems)| stems.iter().any(&starts));
    found.map_or(ChurnType::Unknown, |(kind, _)| *kind)
}

/// From this share of purchases sent back, the returns show disappointment.
const SENT_BACK: f64 = 0.5;

/// Whether the returns of a customer who is silent show disappointment.
pub fn let_down(facts: &Facts, phase: Phase) -> bool {
    phase != Phase::OnTime && facts.last_returned && facts.return_share >= SENT_BACK
}

/// Words in a column of fraud flags that say no.
const CLEAR: [&str; 12] =
    ["", "0", "no", "n", "false", "none", "ok", "clean", "low", "nein", "否", "无"];

/// The type of each customer: malicious where a flag says so, else the latest
/// reason that is understood, else disappointed where the returns show it, else
/// unknown. Linear in the records.
pub fn types(
    orders: &Orders,
    customers: &Customers,
    let_down: &[bool],
) -> Vec<ChurnType> {
    let flag = |text: &str| {
        let clear = CLEAR.contains(&text.trim().to_lowercase().as_str());
        if clear { ChurnType::Unknown } else { ChurnType::Malicious }
    };
    let flagged = latest(orders, customers, "fraud", flag);
    let said = latest(orders, customers, "reason", of_reason);
    let one = |c: usize| match (flagged[c], said[c]) {
        (ChurnType::Malicious, _) => ChurnType::Malicious,
        (_, ChurnType::Unknown) if let_down[c] => ChurnType::Disappointed,
        (_, said) => said,
    };
    (0..customers.len()).map(one).collect()
}

/// What the column of a role says last of each customer, by the records up to
/// the day; unknown without such a column.
fn latest(
    orders: &Orders,
    customers: &Customers,
    role: &str,
    read: impl Fn(&str) -> ChurnType,
) -> Vec<ChurnType> {
    let mut latest = vec![ChurnType::Unknown; customers.len()];
    let Some(column) = orders.attributes.iter().find(|a| a.role == role) else {
        return latest;
    };
    let readings: Vec<ChurnType> =
        (0..column.values.len()).map(|n| read(&column.values.text(n as u32))).collect();
    for (said, &number) in latest.iter_mut().zip(&customers.number) {
        let known = orders.of(number).take_while(|&i| orders.day[i] <= customers.as_of.0);
        for i in known {
            let value = column.of.get(i).copied().unwrap_or(u32::MAX);
            match readings.get(value as usize) {
                Some(ChurnType::Unknown) | None => {}
                Some(&kind) => *said = kind,
            }
        }
    }
    latest
}

/// How much a customer matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The first 1 % by value.
    Top,
    /// The next 4 %.
    Important,
    /// The next 15 %.
    Ordinary,
    /// The rest.
    Small,
}

impl Tier {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Tier::Top => "top",
            Tier::Important => "important",
            Tier::Ordinary => "ordinary",
            Tier::Small => "small",
        }
    }
}

/// All tiers, in the order of their declaration.
pub const TIERS: [Tier; 4] = [Tier::Top, Tier::Important, Tier::Ordinary, Tier::Small];

/// Share of the customers above the end of each tier but the last.
pub const SHARES: [f64; 3] = [0.01, 0.05, 0.20];

/// The tier of each customer by value; equal values share a tier (the better
/// one). Not-a-number is the lowest value. `n log n`.
pub fn tiers(value: &[f64], shares: &[f64; 3]) -> Vec<Tier> {
    let low = |v: f64| if v.is_nan() { f64::NEG_INFINITY } else { v };
    let mut sorted: Vec<f64> = value.iter().map(|&v| low(v)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.reverse();
    let n = value.len() as f64;
    let tier = |&v: &f64| {
        let better = sorted.partition_point(|&other| other > low(v)) as f64;
        let k = shares.iter().position(|share| better < share * n);
        k.map_or(Tier::Small, |k| TIERS[k])
    };
    value.iter().map(tier).collect()
}

/// What to do for a cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// `call`, `letter`, `e-mail`, `newsletter` or `none`.
    pub effort: &'static str,
    /// `remedy`, `better-terms`, `new-need`, `reminder` or `none`.
    pub offer: &'static str,
    /// Who sees to it: `sales`, `service`, `marketing` or `nobody`.
    pub owner: &'static str,
}

/// The win-back matrix: effort by what is at stake, offer by why they leave.
pub fn action(kind: ChurnType, tier: Tier) -> Action {
    let effort = match (kind, tier) {
        (ChurnType::Malicious, _) | (ChurnType::Natural, Tier::Small) => "none",
        (ChurnType::Natural, Tier::Ordinary) => "newsletter",
        (_, Tier::Top) => "call",
        (ChurnType::Disappointed, Tier::Important) => "call",
        (_, Tier::Important) => "letter",
        (_, Tier::Ordinary) => "e-mail",
        (ChurnType::Disappointed, Tier::Small) => "e-mail",
        (_, Tier::Small) => "newsletter",
    };
    let offer = match kind {
        _ if effort == "none" => "none",
        ChurnType::Natural => "new-need",
        ChurnType::Competitive => "better-terms",
        ChurnType::Disappointed => "remedy",
        ChurnType::Malicious => "none",
        ChurnType::Unknown => "reminder",
    };
    let owner = match (effort, kind) {
        ("none", _) => "nobody",
        (_, ChurnType::Disappointed) => "service",
        ("call" | "letter", _) => "sales",
        _ => "marketing",
    };
    Action { effort, offer, owner }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_by_the_start_of_words() {
        assert_eq!(of_reason("Delivered too LATE, box damaged"), ChurnType::Disappointed);
        assert_eq!(of_reason("likes chocolate"), ChurnType::Unknown);
        assert_eq!(of_reason("Competitor had better price"), ChurnType::Competitive);
        assert_eq!(of_reason("customer moved abroad"), ChurnType::Natural);
        assert_eq!(of_reason("chargeback after damaged parcel"), ChurnType::Malicious);
        assert_eq!(of_reason("商品质量问题"), ChurnType::Disappointed);
    }

    #[test]
    fn equal_values_share_a_tier() {
        let mut value: Vec<f64> = (0..200).map(f64::from).collect();
        value[197] = 199.0;
        let tiers = tiers(&value, &SHARES);
        let count = |t: Tier| tiers.iter().filter(|&&x| x == t).count();
        assert_eq!(tiers[199], Tier::Top);
        assert_eq!(tiers[197], Tier::Top);
        assert_eq!(TIERS.map(count), [2, 8, 30, 160]);
        assert_eq!(super::tiers(&[5.0; 10], &SHARES), [Tier::Top; 10]);
    }

    #[test]
    fn no_effort_for_fraud() {
        for tier in TIERS {
            assert_eq!(action(ChurnType::Malicious, tier).effort, "none");
        }
    }
}
