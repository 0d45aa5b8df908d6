//! A customer's own cadence: gaps, the usual one, and whether they lengthen.

use crate::orders::Orders;

/// How many gaps of the shop's median weigh as much as the customer's own.
const PRIOR: f64 = 1.0;
/// Of how many gaps the recent pace is made.
const RECENT: usize = 3;
/// The recent pace against the earlier one: faster below, slower above.
const FASTER: f64 = 0.75;
const SLOWER: f64 = 1.5;
/// Order days up to which a habit is still forming.
const FORMING: usize = 5;

/// Days between the distinct order days of one customer up to a day, refilled
/// customer by customer.
#[derive(Clone, Debug, Default)]
pub struct Cadence {
    /// The gaps, oldest first.
    pub gaps: Vec<i32>,
}

/// How the last gaps compare with the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Shorter by a quarter and more.
    Faster,
    /// As before, or too few gaps to tell.
    Steady,
    /// Half as long again and more.
    Slower,
}

impl Cadence {
    /// Reads the gaps of a customer; returns the number of records looked at.
    pub fn read(&mut self, orders: &Orders, customer: u32, as_of: i32) -> u64 {
        self.gaps.clear();
        let (mut last, mut seen) = (None, 0);
        for i in orders.of(customer) {
            seen += 1;
            let day = orders.day[i];
            if day > as_of {
                break;
            }
            if !orders.is_order[i] || last == Some(day) {
                continue;
            }
            self.gaps.extend(last.map(|last| day - last));
            last = Some(day);
        }
        seen
    }

    /// The usual gap, drawn towards the shop's.
    pub fn usual(&self, shop: f64) -> f64 {
        let own: i64 = self.gaps.iter().map(|&gap| i64::from(gap)).sum();
        usual(own, self.gaps.len(), shop)
    }

    /// Each gap in the gaps that were usual before it.
    pub fn in_usual_gaps(&self, shop: f64) -> impl Iterator<Item = f64> {
        let mut own = 0;
        self.gaps.iter().enumerate().map(move |(before, &gap)| {
            let ratio = f64::from(gap) / usual(own, before, shop);
            own += i64::from(gap);
            ratio
        })
    }

    /// Whether the habit is still forming.
    pub fn is_forming(&self) -> bool {
        self.gaps.len() < FORMING
    }

    /// The last three gaps against all earlier ones, of which there must be two.
    pub fn pace(&self) -> Pace {
        let Some(earlier) = self.gaps.len().checked_sub(RECENT).filter(|&n| n >= 2)
        else {
            return Pace::Steady;
        };
        let mean = |gaps: &[i32]| {
            gaps.iter().map(|&gap| f64::from(gap)).sum::<f64>() / gaps.len() as f64
        };
        let ratio = mean(&self.gaps[earlier..]) / mean(&self.gaps[..earlier]);
        if ratio <= FASTER {
            Pace::Faster
        } else if ratio >= SLOWER {
            Pace::Slower
        } else {
            Pace::Steady
        }
    }
}

fn usual(own: i64, gaps: usize, shop: f64) -> f64 {
    (own as f64 + PRIOR * shop) / (gaps as f64 + PRIOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_gap_is_drawn_towards_the_shops() {
        let cadence = Cadence { gaps: vec![10, 20, 30] };
        assert_eq!(cadence.usual(40.0), 25.0);
        let ratios: Vec<f64> = cadence.in_usual_gaps(40.0).collect();
        assert_eq!(ratios, [10.0 / 40.0, 20.0 / 25.0, 30.0 / (70.0 / 3.0)]);
        assert_eq!(Cadence::default().usual(40.0), 40.0);
    }

    #[test]
    fn the_pace_needs_five_gaps_to_be_told() {
        let pace = |gaps: &[i32]| Cadence { gaps: gaps.to_vec() }.pace();
        assert_eq!(pace(&[90, 10, 10, 10]), Pace::Steady);
        assert_eq!(pace(&[40, 40, 10, 10, 10]), Pace::Faster);
        assert_eq!(pace(&[10, 10, 20, 20, 20]), Pace::Slower);
        assert_eq!(pace(&[10, 10, 12, 9, 10]), Pace::Steady);
    }
}
