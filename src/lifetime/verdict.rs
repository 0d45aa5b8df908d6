//! What may be said of a fit, as codes.

use super::fit::Fit;
use super::history::Groups;
use super::model::Model;
use super::spend::Spend;
use crate::message::Message;

/// With fewer repeat customers no model of order times is worth its name.
pub const LEAST_REPEATERS: f64 = 10.0;

/// A gain in log-likelihood over the model without dropout up to this is chance:
/// half the 95 % point of chi-squared with two degrees of freedom.
const CHANCE_GAIN: f64 = 2.995_732_273_553_991;

/// Beyond this standard deviation of a logarithm some mix of the parameters is
/// known to a factor of three only.
pub const LOOSE: f64 = 1.1;

/// The verdict where nobody can be told to have gone.
pub const NO_DROPOUT: &str = "lifetime-no-dropout";

/// The verdict on a model of order times.
pub fn timing(model: Model, fit: &Fit, nbd: Option<&Fit>, groups: &Groups) -> Message {
    if groups.repeaters() < LEAST_REPEATERS {
        return too_little_data(groups);
    }
    if !fit.converged || !fit.log_likelihood.is_finite() {
        return Message::new("lifetime-not-converged")
            .with("gradient", finite(fit.gradient));
    }
    // The likelihood of counted periods is another than that of order times.
    let comparable = model != Model::Nbd && model.period().is_none();
    if let Some(nbd) = nbd.filter(|_| comparable) {
        let gain = fit.log_likelihood - nbd.log_likelihood;
        if gain < CHANCE_GAIN {
            return Message::new(NO_DROPOUT).with("gain", gain);
        }
    }
    if fit.loosest > LOOSE {
        return Message::new("lifetime-weakly-identified")
            .with("parameters", involved(model, fit));
    }
    Message::new("lifetime-well-identified")
}

/// Why there is no model at all.
pub fn no_model(groups: &Groups) -> Message {
    if groups.repeaters() < LEAST_REPEATERS {
        return too_little_data(groups);
    }
    Message::new("lifetime-no-model")
}

/// There are too few repeat customers for any model.
pub fn too_little_data(groups: &Groups) -> Message {
    Message::new("lifetime-too-little-data")
        .with("repeaters", groups.repeaters() as u64)
        .with("needed", LEAST_REPEATERS as u64)
}

/// The parameters that the loosest direction moves.
fn involved(model: Model, fit: &Fit) -> Vec<String> {
    let largest = fit.direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
    model
        .names()
        .iter()
        .zip(&fit.direction)
        .filter(|(_, d)| d.abs() > 0.3 * largest)
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

/// Whether the fitted population of order values has a mean, and one that is not
/// out of all proportion to the data.
pub fn has_mean(fit: &Fit, spend: &Spend) -> bool {
    let [p, q, gamma] = [0, 1, 2].map(|i| fit.parameters[i]);
    let mean = p * gamma / (q - 1.0);
    fit.log_likelihood.is_finite() && q > 1.0 && mean < 3.0 * spend.mean_of_means()
}

/// The verdict on the model of order values.
pub fn spend(fit: &Fit, spend: &Spend) -> Message {
    if !fit.converged || !fit.log_likelihood.is_finite() {
        return Message::new("spend-not-converged").with("customers", spend.len());
    }
    if !has_mean(fit, spend) {
        return Message::new("spend-no-mean").with("customers", spend.len());
    }
    let correlation = spend.correlation();
    if correlation.abs() > 0.3 {
        return Message::new("spend-correlated").with("correlation", correlation);
    }
    if fit.loosest > LOOSE {
        return Message::new("spend-weakly-identified").with("customers", spend.len());
    }
    Message::new("spend-well-identified").with("customers", spend.len())
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}
