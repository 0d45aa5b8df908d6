//! How well a ranking and its probabilities hold on customers that the model
//! has not seen (Fawcett 2006; DeLong, DeLong and Clarke-Pearson 1988).

use crate::sort::falling;

/// Customers in groups of equal score, highest first.
fn tied_groups(scores: &[f64], churned: &[bool]) -> Vec<(f64, f64)> {
    let mut groups: Vec<(f64, f64)> = Vec::new();
    let mut last = None;
    for i in falling(scores) {
        let i = i as usize;
        if last != Some(scores[i]) {
            groups.push((0.0, 0.0));
            last = Some(scores[i]);
        }
        if let Some(group) = groups.last_mut() {
            if churned[i] {
                group.0 += 1.0;
            } else {
                group.1 += 1.0;
            }
        }
    }
    groups
}

/// The probability that a customer who churned has a higher score than one who
/// stayed; ties count one half. NaN when there is only one kind.
///
/// ```
/// use regulars::churn::metrics::auc;
/// assert_eq!(auc(&[0.9, 0.5, 0.5, 0.1], &[true, true, false, false]), 0.875);
/// ```
pub fn auc(scores: &[f64], churned: &[bool]) -> f64 {
    let (mut pairs, mut churners, mut stayers) = (0.0, 0.0, 0.0);
    for (c, s) in tied_groups(scores, churned) {
        pairs += s * churners + 0.5 * s * c;
        churners += c;
        stayers += s;
    }
    pairs / (churners * stayers)
}

/// Standard error of [`auc`] by DeLong's structural components. NaN when there
/// are fewer than two of either kind.
pub fn auc_standard_error(scores: &[f64], churned: &[bool]) -> f64 {
    let groups = tied_groups(scores, churned);
    let total = |f: fn(&(f64, f64)) -> f64| groups.iter().map(f).sum::<f64>();
    let (churners, stayers) = (total(|g| g.0), total(|g| g.1));
    let area = auc(scores, churned);
    let (mut above, mut stayed) = (0.0, 0.0);
    let (mut of_churners, mut of_stayers) = (0.0, 0.0);
    for (c, s) in groups {
        // Share of the other kind that this group beats, ties as one half.
        let beats = (stayers - stayed - 0.5 * s) / stayers;
        let beaten = (above + 0.5 * c) / churners;
        of_churners += c * (beats - area) * (beats - area);
        of_stayers += s * (beaten - area) * (beaten - area);
        above += c;
        stayed += s;
    }
    let variance = of_churners / (churners - 1.0) / churners
        + of_stayers / (stayers - 1.0) / stayers;
    libm::sqrt(variance)
}

/// Average precision: the sum over distinct scores, from the highest, of the
/// recall gained times the precision there. NaN without churners.
pub fn average_precision(scores: &[f64], churned: &[bool]) -> f64 {
    let total = churned.iter().filter(|&&c| c).count() as f64;
    let (mut sum, mut churners, mut customers) = (0.0, 0.0, 0.0);
    for (c, s) in tied_groups(scores, churned) {
        churners += c;
        customers += c + s;
        sum += c / total * (churners / customers);
    }
    sum
}

/// Mean squared difference of probability and outcome. NaN without customers.
pub fn brier(probabilities: &[f64], churned: &[bool]) -> f64 {
    let error = |(p, c): (&f64, &bool)| {
        let e = p - if *c { 1.0 } else { 0.0 };
        e * e
    };
    probabilities.iter().zip(churned).map(error).sum::<f64>() / churned.len() as f64
}

/// Mean log loss of probabilities. NaN without customers.
pub fn log_loss(probabilities: &[f64], churned: &[bool]) -> f64 {
    let loss = |(p, c): (&f64, &bool)| {
        let p = p.clamp(1e-15, 1.0 - 1e-15);
        -libm::log(if *c { p } else { 1.0 - p })
    };
    probabilities.iter().zip(churned).map(loss).sum::<f64>() / churned.len() as f64
}

/// A bin of the calibration table.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalibrationBin {
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share that churned.
    pub observed: f64,
    /// How many customers.
    pub customers: u64,
}

/// Ten bins of equal width over the probabilities; empty ones are left out.
pub fn calibration(probabilities: &[f64], churned: &[bool]) -> Vec<CalibrationBin> {
    let mut bins = [(0.0, 0.0, 0u64); 10];
    for (&p, &c) in probabilities.iter().zip(churned) {
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        bin.0 += p;
        bin.1 += if c { 1.0 } else { 0.0 };
        bin.2 += 1;
    }
    let filled = bins.iter().filter(|b| b.2 > 0);
    filled
        .map(|&(p, c, n)| CalibrationBin {
            predicted: p / n as f64,
            observed: c / n as f64,
            customers: n,
        })
        .collect()
}

/// Expected calibration error: the mean over customers of the difference of
/// predicted and observed in their bin (Naeini, Cooper and Hauskrecht 2015).
pub fn calibration_error(bins: &[CalibrationBin]) -> f64 {
    let total: u64 = bins.iter().map(|b| b.customers).sum();
    let gap = |b: &CalibrationBin| b.customers as f64 * (b.predicted - b.observed).abs();
    bins.iter().map(gap).sum::<f64>() / total as f64
}

/// A tenth of the customers, by predicted risk.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decile {
    /// 1 is the highest risk.
    pub decile: u32,
    /// How many customers, a fraction where the tenth is none of whole people.
    pub customers: f64,
    /// How many of them churned; customers of equal score share theirs.
    pub churned: f64,
    /// `churned / customers`.
    pub rate: f64,
    /// `rate` over the rate of all.
    pub lift: f64,
    /// Share of all churners in this and the higher deciles.
    pub capture: f64,
}

/// The lift table; `None` with fewer than ten distinct scores, which cannot
/// tell ten tenths apart, or where nobody churned.
pub fn lift(scores: &[f64], churned: &[bool]) -> Option<Vec<Decile>> {
    let groups = tied_groups(scores, churned);
    let total: f64 = groups.iter().map(|g| g.0).sum();
    if groups.len() < 10 || total == 0.0 {
        return None;
    }
    let base = total / scores.len() as f64;
    let size = scores.len() as f64 / 10.0;
    let mut captured = 0.0;
    let table = (1..=10u32)
        .map(|decile| {
            let upto = captured_within(&groups, size * f64::from(decile));
            let in_decile = upto - captured;
            captured = upto;
            Decile {
                decile,
                customers: size,
                churned: in_decile,
                rate: in_decile / size,
                lift: in_decile / size / base,
                capture: upto / total,
            }
        })
        .collect();
    Some(table)
}

/// Churners among the first so many customers, ties shared in proportion.
fn captured_within(groups: &[(f64, f64)], customers: f64) -> f64 {
    let (mut seen, mut churners) = (0.0, 0.0);
    for &(c, s) in groups {
        let take = (customers - seen).min(c + s);
        if take <= 0.0 {
            break;
        }
        churners += c * take / (c + s);
        seen += c + s;
    }
    churners
}

/// Lift of the top tenth, ties shared in proportion. NaN without churners.
pub fn lift_top_decile(scores: &[f64], churned: &[bool]) -> f64 {
    let groups = tied_groups(scores, churned);
    let total: f64 = groups.iter().map(|g| g.0).sum();
    captured_within(&groups, scores.len() as f64 / 10.0) / (total / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 6] = [0.9, 0.8, 0.8, 0.4, 0.2, 0.1];
    const CHURNED: [bool; 6] = [true, true, false, true, false, false];

    #[test]
    fn area_counts_pairs() {
        // 9 pairs: 0.9 beats three, 0.8 ties one and beats two, 0.4 beats two.
        assert!((auc(&SCORES, &CHURNED) - 7.5 / 9.0).abs() < 1e-15);
        let pairs = |a: &[f64], c: &[bool]| {
            let (mut won, mut n) = (0.0, 0.0);
            for i in 0..a.len() {
                for j in 0..a.len() {
                    if c[i] && !c[j] {
                        n += 1.0;
                        won += if a[i] > a[j] {
                            1.0
                        } else if a[i] == a[j] {
                            0.5
                        } else {
                            0.0
                        };
                    }
                }
            }
            won / n
        };
        let scores: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 23)).collect();
        let churned: Vec<bool> = (0..200).map(|i| i * 53 % 7 < 3).collect();
        assert!((auc(&scores, &churned) - pairs(&scores, &churned)).abs() < 1e-14);
    }

    #[test]
    fn average_precision_groups_ties() {
        // Steps at 0.9 (1/1), 0.8 (2/3) and 0.4 (3/4), a third of recall each.
        let by_hand = (1.0 + 2.0 / 3.0 + 3.0 / 4.0) / 3.0;
        assert!((average_precision(&SCORES, &CHURNED) - by_hand).abs() < 1e-15);
    }

    #[test]
    fn calibration_error_by_hand() {
        let bins = calibration(&[0.05, 0.05, 0.95, 1.0], &[false, true, true, true]);
        assert_eq!(bins.len(), 2);
        assert!((calibration_error(&bins) - (0.45 + 0.025) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn deciles_add_up_and_refuse_too_few_scores() {
        let scores: Vec<f64> = (0..95).map(f64::from).collect();
        let churned: Vec<bool> = (0..95).map(|i| i % 3 == 0).collect();
        let table = lift(&scores, &churned).unwrap();
        let sum: f64 = table.iter().map(|d| d.churned).sum();
        assert!((sum - 32.0).abs() < 1e-9);
        assert!((table[9].capture - 1.0).abs() < 1e-12);
        assert!(lift(&[0.5; 20], &[true; 20]).is_none());
    }

    #[test]
    fn standard_error_of_a_hand_example() {
        // DeLong for churners {3, 1}, stayers {2, 0}: components 1, .5 and .5, 1.
        let se = auc_standard_error(&[3.0, 1.0, 2.0, 0.0], &[true, true, false, false]);
        assert!((se - 0.25f64.sqrt() / 2f64.sqrt()).abs() < 1e-12, "{se}");
    }
}
