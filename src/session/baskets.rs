//! What a goal makes of the rules of the shop's baskets.

use std::rc::Rc;

use super::analyse::{Analysis, Results};
use super::output::{Output, Unavailable};
use super::request::{ExportArgs, Goal, What};
use super::running::Running;
use crate::basket::{Basket, BasketOptions, Mined, Of};
use crate::error::{Error, Result};
use crate::orders::Orders;
use crate::table::{self, OffersExport};
use crate::task::{Progress, Step};

impl Analysis {
    /// The options of the baskets that the goal speaks of, where it does.
    pub(super) fn basket_options(&self) -> Option<BasketOptions> {
        let options = self.settings.basket.clone();
        match &self.goal {
            Goal::Basket => Some(options),
            // What a customer lacks is told by what customers have.
            Goal::Offers(_) => Some(BasketOptions { of: Of::Customer, ..options }),
            Goal::Export(export) => match export.what {
                What::Rules | What::Sets | What::Sequences => Some(options),
                What::Offers => Some(BasketOptions { of: Of::Customer, ..options }),
                _ => None,
            },
            _ => None,
        }
    }

    /// The rules that the goal speaks of, when they are there.
    pub(super) fn mined(&self, results: &Results) -> Option<Rc<Result<Mined>>> {
        results.basket.get(&(self.as_of, self.basket_options()?))
    }

    /// What the goal makes of the rules of the shop; begins to mine them where
    /// they are missing.
    pub(super) fn of_baskets(
        &mut self,
        orders: &Orders,
        options: BasketOptions,
        results: &mut Results,
    ) -> Result<Step<Output>> {
        let Some(mined) = self.mined(results) else {
            match Basket::new(orders, self.as_of, options.clone()) {
                Ok(task) => {
                    let running = Running::Basket { task: Box::new(task), options };
                    self.wait(12, Progress::default(), running);
                }
                Err(error) => {
                    results.basket.put((self.as_of, options), Err(error));
                }
            }
            return Ok(Step::Working(self.progress));
        };
        let mined = match mined.as_ref() {
            Ok(mined) => mined,
            // A list that cannot be made is an error, a view says why.
            Err(error) if matches!(self.goal, Goal::Export(_)) => {
                return Err(error.clone());
            }
            Err(error) => {
                return Ok(Step::Done(Output::Unavailable(Unavailable::from(error))));
            }
        };
        let output = match &self.goal {
            Goal::Offers(id) => {
                let unknown =
                    || Error::new("unknown-customer").with("customerId", id.as_str());
                let customer =
                    orders.customers.find(id.as_bytes()).ok_or_else(unknown)?;
                let limit = table::OFFERS;
                let (offers, _) =
                    mined.offers.offers(orders, mined, self.as_of, customer, limit);
                Output::Offers(Box::new(offers))
            }
            Goal::Export(ExportArgs { what: What::Offers, labels, .. }) => {
                let contacts = table::Contacts::new(orders, self.as_of);
                let export = OffersExport::new(labels.clone(), contacts);
                self.wait(5, Progress::default(), Running::Offers(export));
                return Ok(Step::Working(self.progress));
            }
            Goal::Export(ExportArgs { what, labels, .. }) => Output::Bytes(match what {
                What::Sets => table::sets_csv(orders, mined, labels),
                What::Sequences => table::sequences_csv(orders, mined, labels),
                _ => table::rules_csv(orders, mined, labels),
            }),
            _ => Output::Basket(Box::new(mined.result.clone())),
        };
        Ok(Step::Done(output))
    }
}
