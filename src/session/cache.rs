//! Results kept by what they were computed from, so that a change recomputes
//! only what it touches.

use std::collections::VecDeque;
use std::rc::Rc;

/// The latest `N` results of one analysis by (as-of day, options): the current
/// view, the compared one and a few tried settings. Older ones are recomputed
/// when they are asked for again.
#[derive(Debug)]
pub struct Cache<K, T, const N: usize> {
    entries: VecDeque<(K, Rc<T>)>,
}

impl<K: PartialEq, T, const N: usize> Cache<K, T, N> {
    /// The result under this key, if it is still there.
    pub fn get(&self, key: &K) -> Option<Rc<T>> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, value)| Rc::clone(value))
    }

    /// Keeps a result, and drops the oldest where there are too many.
    pub fn put(&mut self, key: K, value: T) -> Rc<T> {
        if self.entries.len() == N {
            self.entries.pop_front();
        }
        let value = Rc::new(value);
        self.entries.push_back((key, Rc::clone(&value)));
        value
    }
}

impl<K, T, const N: usize> Default for Cache<K, T, N> {
    fn default() -> Self {
        Cache { entries: VecDeque::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_result_makes_room() {
        let mut cache = Cache::<_, _, 3>::default();
        for n in 0..4 {
            cache.put(n, n * 10);
        }
        assert_eq!(cache.get(&0), None);
        assert_eq!(cache.get(&1).as_deref(), Some(&10));
        assert_eq!(cache.get(&3).as_deref(), Some(&30));
    }
}
