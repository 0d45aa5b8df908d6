//! What a predicate says of other days and of rhythms, found before the table is asked.

use std::rc::Rc;

use super::Loaded;
use super::analyse::{Analysis, Results};
use super::computed::Computed;
use crate::error::{Error, Result};
use crate::forecast::cadences;
use crate::table::Where;

impl Analysis {
    /// Puts the customers in the place of all that the goal says of other days and of
    /// rhythms; `false` while an analysis of such a day goes on.
    pub(super) fn find_untold(
        &mut self,
        loaded: &Loaded,
        results: &mut Results,
    ) -> Result<bool> {
        let orders = &loaded.orders;
        while let Some(part) = self.goal.filter().and_then(Where::untold) {
            let part = part.clone();
            if orders.summary.is_some() {
                return Err(Error::new("needs-orders"));
            }
            let known: Rc<[u32]> = match &part {
                Where::Was(day, inner) => {
                    self.as_of = *day;
                    let mut needs = inner.needs();
                    self.complete(&mut needs);
                    for need in needs {
                        if self.begin(need, loaded, results)? {
                            return Ok(false);
                        }
                    }
                    let table = Computed::new(self, orders, results);
                    let found = inner.select(&table.columns(orders))?;
                    let number = |&c: &u32| table.customers.number[c as usize];
                    found.iter().map(number).collect()
                }
                Where::Rhythm(code) => {
                    let base = self.customers(orders, results);
                    let found = results.cadences.get(&self.as_of).unwrap_or_else(|| {
                        results.cadences.put(self.as_of, cadences(orders, &base))
                    });
                    let such = found.iter().filter(|c| c.code() == code);
                    such.map(|c| base.number[c.customer as usize]).collect()
                }
                _ => return Err(Error::new("no-task")),
            };
            if let Some(part) = self.goal.filter().and_then(Where::untold) {
                *part = Where::Among(known);
            }
        }
        self.as_of = self.asked;
        Ok(true)
    }
}
