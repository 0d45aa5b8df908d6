//! How figures are spread: means of several kinds, median, mode, deciles,
//! frequencies, and what each tenth holds of the whole.

use serde::Serialize;

/// The spread of one figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// `orderValue`, `orderItems`, `unitPrice`, `customerRevenue`,
    /// `customerOrders` or `customerAverageOrder`.
    pub id: &'static str,
    /// `shop` or `customers`.
    pub of: &'static str,
    /// Whether it is money.
    pub is_money: bool,
    /// How many there are.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// Sum by count.
    pub mean: f64,
    /// Where another figure weighs them: its name (`quantity`, `orders`) and
    /// the mean so weighed.
    pub weighted: Option<Weighted>,
    /// Of those above zero, which are `positive` many.
    pub geometric_mean: Option<f64>,
    /// How many are above zero.
    pub positive: u64,
    /// The middle one, or the mean of the middle two.
    pub median: f64,
    /// The most frequent value, the smallest of several; `None` where every
    /// value is seen once.
    pub mode: Option<Mode>,
    /// The least, nine values below which one to nine tenths lie, the greatest.
    pub deciles: [f64; 11],
    /// What each tenth holds of the sum, the smallest first; `None` where the
    /// sum is not above zero.
    pub tenths: Option<[f64; 10]>,
    /// How many lie in each range.
    pub bins: Vec<Bin>,
}

/// A mean by weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Weighted {
    /// What weighs.
    pub by: &'static str,
    /// Sum of the products by sum of the weights.
    pub mean: f64,
}

/// The most frequent value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mode {
    /// The value.
    pub value: f64,
    /// How often it is seen.
    pub count: u64,
}

/// The values from one bound, included, to the next, excluded; the last range
/// includes its end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// The lower bound.
    pub from: f64,
    /// The upper bound.
    pub to: f64,
    /// How many.
    pub count: u64,
    /// Of all.
    pub share: f64,
}

/// The most ranges.
const MOST_BINS: usize = 24;

/// What a figure is called and of whom it speaks.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name.
    pub id: &'static str,
    /// `shop` or `customers`.
    pub of: &'static str,
    /// Whether it is money.
    pub is_money: bool,
}

/// The spread of whole numbers, `units` of which make one; `None` without any.
///
/// `weighted` is the mean by weights where there is one. Takes a sort.
pub fn distribution(
    named: Named,
    mut values: Vec<i64>,
    units: i64,
    weighted: Option<Weighted>,
) -> Option<Distribution> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable();
    let count = values.len();
    let number = |value: i64| value as f64 / units as f64;
    let total: i128 = values.iter().map(|&value| i128::from(value)).sum();
    let sum = total as f64 / units as f64;
    let positive = count - values.partition_point(|&value| value <= 0);
    let logs: f64 =
        values[count - positive..].iter().map(|&value| libm::log(number(value))).sum();
    // The value below which a share lies, between neighbours (R's type 7).
    let at = |share: f64| {
        let place = share * (count - 1) as f64;
        let low = libm::floor(place) as usize;
        let high = (low + 1).min(count - 1);
        let (a, b) = (number(values[low]), number(values[high]));
        a + (b - a) * (place - low as f64)
    };
    let mut deciles = [0.0; 11];
    for (tenth, decile) in deciles.iter_mut().enumerate() {
        *decile = at(tenth as f64 / 10.0);
    }
    let tenths = (total > 0).then(|| {
        let mut shares = [0.0; 10];
        for (tenth, share) in shares.iter_mut().enumerate() {
            let part = &values[tenth * count / 10..(tenth + 1) * count / 10];
            let part: i128 = part.iter().map(|&value| i128::from(value)).sum();
            *share = part as f64 / total as f64;
        }
        shares
    });
    Some(Distribution {
        id: named.id,
        of: named.of,
        is_money: named.is_money,
        count: count as u64,
        sum,
        mean: sum / count as f64,
        weighted,
        geometric_mean: (positive > 0).then(|| libm::exp(logs / positive as f64)),
        positive: positive as u64,
        median: at(0.5),
        mode: mode(&values).map(|(value, count)| Mode { value: number(value), count }),
        deciles,
        tenths,
        bins: bins(&values, units),
    })
}

/// The most frequent of sorted values.
fn mode(values: &[i64]) -> Option<(i64, u64)> {
    let mut best: Option<(i64, u64)> = None;
    let mut at = 0;
    while at < values.len() {
        let run = values[at..].partition_point(|&value| value == values[at]);
        if run > 1 && best.is_none_or(|(_, count)| run as u64 > count) {
            best = Some((values[at], run as u64));
        }
        at += run;
    }
    best
}

/// Counts by ranges whose bounds are 1, 2 or 5 times a power of ten, as wide as
/// the spread asks for.
fn bins(values: &[i64], units: i64) -> Vec<Bin> {
    let number = |value: i64| value as f64 / units as f64;
    let (least, greatest) = (number(values[0]), number(values[values.len() - 1]));
    let mut bounds = Vec::new();
    if least < 0.0 {
        bounds.push(least);
    }
    bounds.push(0.0);
    // From what one in a hundred lies below: smaller ones go together.
    let small = number(values[values.len() / 100]).max(1.0 / units as f64);
    let mut power = libm::pow(10.0, libm::floor(libm::log10(small)));
    'all: loop {
        for step in [1.0, 2.0, 5.0] {
            let bound = power * step;
            bounds.push(bound);
            if bound > greatest || bounds.len() > MOST_BINS {
                break 'all;
            }
        }
        power *= 10.0;
    }
    let last = bounds.len() - 1;
    bounds[last] = bounds[last].max(greatest);
    let place = |bound: f64| values.partition_point(|&value| number(value) < bound);
    let mut found: Vec<Bin> = Vec::new();
    for (i, pair) in bounds.windows(2).enumerate() {
        let end = if i + 2 == bounds.len() { values.len() } else { place(pair[1]) };
        let count = end - place(pair[0]).min(end);
        let share = count as f64 / values.len() as f64;
        found.push(Bin { from: pair[0], to: pair[1], count: count as u64, share });
    }
    let filled = |bin: &Bin| bin.count > 0;
    let first = found.iter().position(filled).unwrap_or(0);
    let end = found.iter().rposition(filled).map_or(found.len(), |last| last + 1);
    found[first..end].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: Named = Named { id: "orderValue", of: "shop", is_money: true };

    #[test]
    fn the_kinds_of_means_are_those_of_the_books() {
        let found =
            distribution(NAMED, vec![100, 200, 400, 400, 800], 100, None).unwrap();
        assert_eq!((found.mean, found.median), (3.8, 4.0));
        assert!((found.geometric_mean.unwrap() - 3.0314331330207964).abs() < 1e-12);
        assert_eq!(found.mode, Some(Mode { value: 4.0, count: 2 }));
        assert_eq!(
            [found.deciles[0], found.deciles[5], found.deciles[10]],
            [1.0, 4.0, 8.0]
        );
        assert!((found.deciles[1] - 1.4).abs() < 1e-12);
        assert_eq!(distribution(NAMED, vec![], 1, None), None);
        let once = distribution(NAMED, vec![1, 2], 1, None).unwrap();
        assert_eq!(once.mode, None);
    }

    #[test]
    fn every_value_lies_in_one_range_and_one_tenth() {
        let values: Vec<i64> = (-5..1_000).map(|i| i * 37 % 1_009).collect();
        let found = distribution(NAMED, values.clone(), 10, None).unwrap();
        let counted: u64 = found.bins.iter().map(|bin| bin.count).sum();
        assert_eq!(counted, values.len() as u64);
        let shares: f64 = found.tenths.unwrap().iter().sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert!(found.bins.windows(2).all(|pair| pair[0].to == pair[1].from));
    }
}
