//! Choosing the best gains that a budget reaches, and who is held out.

use crate::customers::Customers;
use crate::mapping::consent::Consent;
use crate::numerics::{GOLDEN, of_id};
use crate::orders::Orders;
use crate::sort::Order;

use super::kinds::ChurnType;
use super::{Place, WinbackOptions};

/// Who is in the plan.
pub(super) struct Chosen {
    /// One a customer.
    pub place: Vec<Place>,
    /// Contacts and held-out customers, best gain first.
    pub order: Vec<u32>,
    /// Customers of positive gain whom the budget does not reach.
    pub beyond_budget: u64,
    /// Customers of positive gain who may not be contacted.
    pub without_consent: u64,
}

/// Takes the best gains of those who are due as long as the budget lasts. Every contact costs the
/// same, so that this is the best list for the budget.
pub(super) fn choose(
    orders: &Orders,
    customers: &Customers,
    gain: &[f64],
    kinds: &[ChurnType],
    due: &dyn Fn(usize) -> bool,
    consent: Option<&[Consent]>,
    options: &WinbackOptions,
) -> Chosen {
    let allowed = |c: usize| consent.is_none_or(|all| all[c] == Consent::Given);
    let worth = |c: &u32| {
        let c = *c as usize;
        due(c) && gain[c] > 0.0 && kinds[c] != ChurnType::Malicious
    };
    let all: Vec<u32> = (0..customers.len() as u32).filter(worth).collect();
    let mut order: Vec<u32> =
        all.iter().copied().filter(|&c| allowed(c as usize)).collect();
    let without_consent = (all.len() - order.len()) as u64;
    let id = |c: u32| orders.customers.bytes(customers.number[c as usize]);
    order.order_by(|&a, &b| {
        let by_gain = gain[b as usize].total_cmp(&gain[a as usize]);
        by_gain.then_with(|| id(a).cmp(id(b)))
    });
    // Of so many chosen this share is held out, no one more by chance.
    let held = |n: usize| {
        ((options.hold_out * n as f64 + 0.5) as usize).min(n.saturating_sub(1))
    };
    let dear = |n: &usize| {
        let cost = (n - held(*n)) as f64 * options.cost_per_contact;
        options.budget.is_some_and(|budget| cost > budget)
    };
    let taken = (1..=order.len()).find(dear).map_or(order.len(), |n| n - 1);
    let mut place = vec![Place::Out; customers.len()];
    // The draw depends on the id and the seed only, not on how the file is sorted.
    let mut drawn = order[..taken].to_vec();
    drawn.order_by(|&a, &b| {
        let by_draw = draw(id(a), options.seed).cmp(&draw(id(b), options.seed));
        by_draw.then_with(|| id(a).cmp(id(b)))
    });
    for (i, &c) in drawn.iter().enumerate() {
        let is_held = i < held(taken);
        place[c as usize] = if is_held { Place::HeldOut } else { Place::Contact };
    }
    let beyond_budget = (order.len() - taken) as u64;
    order.truncate(taken);
    Chosen { place, order, beyond_budget, without_consent }
}

/// A number drawn from an id and a seed, apart from the draws that pick training
/// samples.
fn draw(id: &[u8], seed: u64) -> u64 {
    of_id(id, seed.wrapping_mul(GOLDEN) ^ 0x77)
}
