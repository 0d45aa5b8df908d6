//! The mapping that is proposed: by the system's signature, else by names, and
//! where names say nothing by values.

use super::values::{self, Shape};
use super::{Kind, MappingEntry, Platform, Role, alias, customers, key};
use crate::sort::Order;

/// A proposed mapping and how sure each column of it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proposal {
    /// The system, where it was recognised.
    pub platform: Option<&'static Platform>,
    /// Roles and columns.
    pub mapping: Vec<MappingEntry>,
    /// How sure the role of each column is, 0 to 1; 0 for unmapped ones.
    pub confidence: Vec<f64>,
    /// The file is a table of one row a customer, though no system's.
    pub of_customers: bool,
    /// A column whose name promises a date that its cells do not hold.
    pub not_dates: Option<usize>,
}

/// How sure a name makes a role.
const BY_SIGNATURE: f64 = 0.98;
const BY_ALIAS: f64 = 0.9;
const BY_HINT: f64 = 0.7;
const BY_VALUES: f64 = 0.5;
const NOT_A_DATE: f64 = 0.1;

/// Proposes a mapping from names (`None` where the file has no header) and from
/// what the cells look like.
pub(crate) fn propose(names: Option<&[String]>, shapes: &[Shape]) -> Proposal {
    let keys: Vec<String> = match names {
        Some(names) => names.iter().map(|n| key(n)).collect(),
        None => vec![String::new(); shapes.len()],
    };
    let mut proposal =
        Proposal { confidence: vec![0.0; shapes.len()], ..Proposal::default() };
    let usable = |column: usize, role: Role| {
        shapes.get(column).is_some_and(|shape| shape.fits(role))
    };
    if let Some(platform) = Platform::of(&keys) {
        proposal.platform = Some(platform);
        proposal.mapping = platform.mapping(&keys, usable);
        for entry in &proposal.mapping {
            for &column in &entry.columns {
                proposal.confidence[column] = BY_SIGNATURE;
            }
        }
        if platform.kind != Kind::Orders {
            return proposal;
        }
        if !has(&proposal.mapping, Role::OrderDate) {
            proposal.not_dates = platform.column(&keys, Role::OrderDate);
        }
    } else if names.is_some()
        && let Some(mapping) = customers::propose(&keys, shapes)
    {
        for &column in mapping.iter().flat_map(|entry| &entry.columns) {
            proposal.confidence[column] = customers::SURE;
        }
        proposal.mapping = mapping;
        proposal.of_customers = true;
        consent(&mut proposal, &keys, shapes);
        return proposal;
    }
    consent(&mut proposal, &keys, shapes);
    if let (None, Some(names)) = (proposal.platform, names) {
        by_names(&mut proposal, names, &keys, shapes);
    }
    values::fill(&mut proposal, names.is_some(), shapes, BY_VALUES);
    if let Some(column) = proposal.not_dates.filter(|&c| proposal.confidence[c] == 0.0) {
        // So that loading can say which cell is no date.
        proposal.mapping.push(MappingEntry::new(Role::OrderDate, vec![column]));
        proposal.confidence[column] = NOT_A_DATE;
    }
    proposal
}

fn has(mapping: &[MappingEntry], role: Role) -> bool {
    mapping.iter().any(|e| e.role == role)
}

/// The first column whose name speaks of consent and whose cells say yes or no.
fn consent(proposal: &mut Proposal, keys: &[String], shapes: &[Shape]) {
    let says = |&c: &usize| {
        proposal.confidence[c] == 0.0
            && shapes[c].kept
            && alias::is_consent(&keys[c])
            && (shapes[c].is_consent || shapes[c].filled == 0)
    };
    if !has(&proposal.mapping, Role::Consent)
        && let Some(column) = (0..keys.len()).find(says)
    {
        proposal.mapping.push(MappingEntry::new(Role::Consent, vec![column]));
        proposal.confidence[column] = BY_ALIAS;
    }
}

/// A column that may fill a role: the tier (alias 0, hint 1), the rank in it.
type Candidate = (Role, usize, usize, usize);

fn by_names(
    proposal: &mut Proposal,
    names: &[String],
    keys: &[String],
    shapes: &[Shape],
) {
    let mut found: Vec<Candidate> = Vec::new();
    for (column, k) in keys.iter().enumerate() {
        if let Some((role, rank)) = alias::alias(k) {
            // Yes or no, not how much.
            let flag = k == "refunded" && !shapes[column].is_number;
            let role = if flag { Role::Status } else { role };
            found.push((role, 0, rank, column));
        } else if let Some(role) =
            alias::hint(&names[column]).filter(|_| !alias::is_personal(k))
        {
            found.push((role, 1, column, column));
        } else if k == "id" {
            found.push((Role::OrderId, 2, 0, column));
        }
    }
    found.order();
    let fits = |&&(role, _, _, column): &&Candidate| shapes[column].fits(role);
    // A date and a time of it in two columns; a time that has its own date is one.
    for &(role, tier, rank, column) in found.iter().filter(fits) {
        let role = match role {
            Role::OrderTime if shapes[column].is_date => Role::OrderDate,
            role => role,
        };
        let sure = if tier == 0 { BY_ALIAS } else { BY_HINT };
        take(proposal, role, rank, column, sure, shapes);
    }
    if !has(&proposal.mapping, Role::OrderDate) {
        let named =
            found.iter().find(|(role, tier, ..)| *role == Role::OrderDate && *tier == 0);
        proposal.not_dates = named.map(|&(.., column)| column);
    }
    // An e-mail address tells people apart, a name does not.
    if has(&proposal.mapping, Role::Email) {
        let customer = proposal.mapping.iter().find(|e| e.role == Role::CustomerId);
        let by_name = customer.and_then(|e| e.columns.first()).is_some_and(|&c| {
            let shape = &shapes[c];
            alias::is_name(&keys[c])
                && !shape.is_id
                && !shape.is_number
                && !shape.is_email
        });
        let email = proposal.mapping.iter().find(|e| e.role == Role::Email);
        let filled =
            email.and_then(|e| e.columns.first()).map_or(0, |&c| shapes[c].filled);
        if by_name && filled > 0 {
            drop_role(proposal, Role::CustomerId);
        }
    }
    // Of an order's states and what became of it, the unsure ones go.
    if has(&proposal.mapping, Role::Amount) && !has(&proposal.mapping, Role::Quantity) {
        drop_role(proposal, Role::UnitPrice);
    }
}

/// How many columns of one role are used at most.
fn most(role: Role) -> usize {
    match role {
        Role::Email | Role::Phone | Role::Country | Role::Product => 2,
        Role::Status => 4,
        _ => 1,
    }
}

fn take(
    proposal: &mut Proposal,
    role: Role,
    rank: usize,
    column: usize,
    sure: f64,
    shapes: &[Shape],
) {
    if proposal.confidence[column] > 0.0 {
        return;
    }
    match proposal.mapping.iter_mut().find(|entry| entry.role == role) {
        Some(entry) => {
            let same_sureness = entry
                .columns
                .iter()
                .all(|&c| proposal.confidence[c] <= sure + f64::EPSILON);
            if entry.columns.len() >= most(role) || !same_sureness {
                return;
            }
            entry.columns.push(column);
        }
        None => {
            // Words that mean many things are used only where the cells agree.
            let weak = role == Role::CustomerId && rank > 0 && shapes[column].is_prose;
            if weak {
                return;
            }
            proposal.mapping.push(MappingEntry::new(role, vec![column]));
        }
    }
    proposal.confidence[column] = sure;
}

fn drop_role(proposal: &mut Proposal, role: Role) {
    let Some(at) = proposal.mapping.iter().position(|e| e.role == role) else { return };
    for column in proposal.mapping.remove(at).columns {
        proposal.confidence[column] = 0.0;
    }
}

/// The kind of a file.
pub(crate) fn kind_of(proposal: &Proposal, names: &[String], shapes: &[Shape]) -> Kind {
    match proposal.platform {
        Some(platform) => platform.kind,
        None if proposal.of_customers => Kind::Customers,
        None => kind(names, &proposal.mapping, shapes),
    }
}

/// The kind of a file whose system is not known.
fn kind(names: &[String], mapping: &[MappingEntry], shapes: &[Shape]) -> Kind {
    let has = |role: Role| has(mapping, role);
    let keys: Vec<String> = names.iter().map(|n| key(n)).collect();
    let any = |list: &str| {
        list.split_ascii_whitespace().any(|name| keys.iter().any(|k| k == name))
    };
    let counted =
        any("frequency x") && any("recency tx") && any("weights cohort cohorts");
    if counted {
        return Kind::Cohorts;
    }
    // A date beside an outcome is that of a customer, such as the sign-up.
    let repeated = mapping
        .iter()
        .filter(|e| e.role == Role::OrderId)
        .flat_map(|e| &e.columns)
        .any(|&c| shapes[c].distinct < shapes[c].filled);
    if has(Role::Label) && !repeated {
        return Kind::Table;
    }
    if has(Role::OrderDate) && (has(Role::Amount) || has(Role::UnitPrice)) {
        return Kind::Orders;
    }
    if has(Role::Label) {
        return Kind::Table;
    }
    if any("cohort cohorts cohortmonth acquisitionmonth") {
        return Kind::Cohorts;
    }
    let scored = shapes.iter().any(|s| s.is_score);
    if scored && !has(Role::Amount) {
        return Kind::Survey;
    }
    if has(Role::OrderDate) && (has(Role::CustomerId) || has(Role::Email)) {
        return Kind::Orders;
    }
    if has(Role::Email) || has(Role::Phone) {
        return Kind::Contacts;
    }
    if has(Role::OrderId) && has(Role::Product) && !has(Role::OrderDate) {
        return Kind::Baskets;
    }
    Kind::Table
}
