//! What a customer bought, as one number: each product's share in what the
//! other features leave unexplained.
//!
//! A product's weight is one Newton step of a ridge-penalised logistic
//! regression on the residuals, which shrinks rare products towards nothing.
//! A customer's own past outcome never weighs the own products, neither in
//! training nor in scoring: customers are drawn into parts, and the weights for
//! a part come from the others.

/// How many buyers' worth of nothing is added to each product (in units of
/// information, a quarter a buyer at most). From 5 to 50 makes no difference.
const SHRINKAGE: f64 = 20.0;

/// The distinct products of described customers, row after row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baskets {
    /// End of each row in `product`.
    end: Vec<u32>,
    product: Vec<u32>,
}

impl Baskets {
    /// Adds a row of distinct products.
    pub fn push(&mut self, products: &[u32]) {
        self.product.extend_from_slice(products);
        self.end.push(self.product.len() as u32);
    }

    /// The products of a row.
    pub fn row(&self, i: usize) -> &[u32] {
        let start = if i == 0 { 0 } else { self.end[i - 1] };
        &self.product[start as usize..self.end[i] as usize]
    }

    /// Whether nobody bought anything with a name.
    pub fn is_empty(&self) -> bool {
        self.product.is_empty()
    }

    /// The rows for which `keep` holds.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(usize) -> bool) -> Baskets {
        let mut kept = Baskets::default();
        (0..self.end.len()).filter(|&i| keep(i)).for_each(|i| kept.push(self.row(i)));
        kept
    }
}

/// What each product adds to the log-odds, for the customers of each part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assortment {
    weight: Vec<Vec<f64>>,
}

impl Assortment {
    fn weight_of(&self, product: u32, part: u64) -> f64 {
        let weights = self.weight.get(part as usize);
        weights.and_then(|w| w.get(product as usize)).copied().unwrap_or(0.0)
    }

    /// The sum of the products' weights over the root of their number, for a
    /// customer of this part. Products not seen in training add nothing.
    pub fn score(&self, products: &[u32], part: u64) -> f64 {
        let sum: f64 = products.iter().map(|&p| self.weight_of(p, part)).sum();
        sum * share(products.len())
    }

    /// The product that moves the score most in a direction, if any.
    pub fn telling(&self, products: &[u32], part: u64, raises: bool) -> Option<u32> {
        let signed = |p: u32| {
            let weight = self.weight_of(p, part);
            if raises { weight } else { -weight }
        };
        products
            .iter()
            .copied()
            .filter(|&p| signed(p) > 0.0)
            .max_by(|&a, &b| signed(a).total_cmp(&signed(b)).then(b.cmp(&a)))
    }
}

/// What one of so many products counts.
fn share(products: usize) -> f64 {
    1.0 / libm::sqrt(products as f64 + 1.0)
}

/// Numerators and denominators of the products' weights.
#[derive(Clone)]
struct Sums {
    residual: Vec<f64>,
    information: Vec<f64>,
}

impl Sums {
    fn new(products: usize) -> Sums {
        Sums { residual: vec![0.0; products], information: vec![0.0; products] }
    }

    fn push(&mut self, products: &[u32], churned: bool, probability: f64) {
        let share = share(products.len());
        let residual = if churned { 1.0 } else { 0.0 } - probability;
        let information = probability * (1.0 - probability);
        for &p in products {
            self.residual[p as usize] += share * residual;
            self.information[p as usize] += share * share * information;
        }
    }

    fn add(&mut self, other: &Sums) {
        let both = |a: &mut Vec<f64>, b: &[f64]| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        };
        both(&mut self.residual, &other.residual);
        both(&mut self.information, &other.information);
    }

    fn weights(&self) -> Vec<f64> {
        let one = |(r, i): (&f64, &f64)| r / (i + SHRINKAGE);
        self.residual.iter().zip(&self.information).map(one).collect()
    }
}

/// The weights for each of so many parts.
///
/// `probability` is what the other features say of each row; `part` its
/// customer's part, below `parts`. Cost: linear in the products bought, and
/// `parts^2` times the number of products.
pub fn learn(
    baskets: &Baskets,
    churned: &[bool],
    probability: &[f64],
    part: &[u64],
    parts: u64,
) -> Assortment {
    let products = baskets.product.iter().max().map_or(0, |&p| p as usize + 1);
    let mut sums = vec![Sums::new(products); parts as usize];
    for i in 0..churned.len() {
        sums[part[i] as usize].push(baskets.row(i), churned[i], probability[i]);
    }
    let without = |left_out: usize| {
        let mut others = Sums::new(products);
        (0..sums.len()).filter(|&k| k != left_out).for_each(|k| others.add(&sums[k]));
        others.weights()
    };
    Assortment { weight: (0..sums.len()).map(without).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_those_who_leave_raises_the_score() {
        let mut baskets = Baskets::default();
        let mut churned = Vec::new();
        for i in 0..800u32 {
            baskets.push(if i % 2 == 0 { &[0, 2] } else { &[1, 2] });
            churned.push(i % 2 == 0 || i % 10 == 1);
        }
        let part: Vec<u64> = (0..800).map(|i| (i / 2) % 4).collect();
        let assortment = learn(&baskets, &churned, &vec![0.6; 800], &part, 4);
        for k in 0..4 {
            assert!(assortment.score(&[0, 2], k) > 0.0);
            assert!(assortment.score(&[1, 2], k) < 0.0);
        }
        assert_eq!(assortment.telling(&[0, 1, 2], 0, true), Some(0));
        assert_eq!(assortment.telling(&[1], 0, true), None);
        // Unknown products, bought for the first time later, add nothing.
        assert_eq!(assortment.score(&[9], 0), 0.0);
    }

    #[test]
    fn a_customers_own_outcome_does_not_weigh_the_own_products() {
        let mut baskets = Baskets::default();
        (0..100u32).for_each(|i| baskets.push(&[i]));
        let churned: Vec<bool> = (0..100).map(|i| i % 3 == 0).collect();
        let part: Vec<u64> = (0..100).map(|i| i % 4).collect();
        let assortment = learn(&baskets, &churned, &vec![0.5; 100], &part, 4);
        assert!((0..100).all(|i| assortment.score(baskets.row(i), part[i]) == 0.0));
    }
}
