//! Columns of whole numbers, four bytes each while all of them fit.

/// Whole numbers in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Integers {
    /// All fit four bytes.
    Narrow(Vec<i32>),
    /// Some need eight.
    Wide(Vec<i64>),
}

impl Default for Integers {
    fn default() -> Integers {
        Integers::Narrow(Vec::new())
    }
}

impl Integers {
    /// So many zeros.
    pub fn zeros(count: usize) -> Integers {
        Integers::Narrow(vec![0; count])
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Integers::Narrow(all) => all.len(),
            Integers::Wide(all) => all.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place.
    ///
    /// # Panics
    /// Past the end.
    #[inline]
    pub fn get(&self, at: usize) -> i64 {
        match self {
            Integers::Narrow(all) => i64::from(all[at]),
            Integers::Wide(all) => all[at],
        }
    }

    /// Replaces the number at a place.
    ///
    /// # Panics
    /// Past the end.
    #[inline]
    pub fn set(&mut self, at: usize, value: i64) {
        match (self, i32::try_from(value)) {
            (Integers::Narrow(all), Ok(value)) => all[at] = value,
            (Integers::Wide(all), _) => all[at] = value,
            (narrow, Err(_)) => {
                let mut all = narrow.widened();
                all[at] = value;
                *narrow = Integers::Wide(all);
            }
        }
    }

    /// Appends a number.
    pub fn push(&mut self, value: i64) {
        match (self, i32::try_from(value)) {
            (Integers::Narrow(all), Ok(value)) => all.push(value),
            (Integers::Wide(all), _) => all.push(value),
            (narrow, Err(_)) => {
                let mut all = narrow.widened();
                all.push(value);
                *narrow = Integers::Wide(all);
            }
        }
    }

    /// All numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|at| self.get(at))
    }

    fn widened(&self) -> Vec<i64> {
        self.iter().collect()
    }
}

impl FromIterator<i64> for Integers {
    fn from_iter<I: IntoIterator<Item = i64>>(numbers: I) -> Integers {
        let mut all = Integers::default();
        numbers.into_iter().for_each(|n| all.push(n));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_number_widens_the_column_and_changes_no_other() {
        let mut all: Integers = [1, -2, 3].into_iter().collect();
        assert!(matches!(all, Integers::Narrow(_)));
        all.set(1, 1 << 40);
        all.push(-7);
        assert!(matches!(all, Integers::Wide(_)));
        assert_eq!(all.iter().collect::<Vec<_>>(), [1, 1 << 40, 3, -7]);
    }
}
