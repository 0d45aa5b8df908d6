//! The model against what was held out, and the traps that make such figures
//! look better than they are.

use crate::customers::Customers;
use crate::error::{Error, Result};
use crate::habits::Facts;
use crate::message::Message;
use crate::sort::Order;

use super::definition::Plan;
use super::features::{FEATURES, TOPICS, Topic};
use super::learn::{Frame, Learned, Model};
use super::logistic::{Matrix, Scaler};
use super::metrics::{self, CalibrationBin, Decile};
use super::profit::{self, Campaign, ProfitPoint};
use super::quality::Quality;
use super::reasons::by_topic;
use super::result::{Coefficient, Drift, Driver, Metrics, Naive};
use super::rules::{self, Figure, Rule};
use super::{Churn, logistic};

/// An area above this is a leak until shown otherwise.
const SUSPICIOUS_AUC: f64 = 0.98;

/// Drift of the base rate worth a warning, in points of percent.
const DRIFT_POINTS: f64 = 3.0;

/// What was measured on the held-out customers.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub on: &'static str,
    pub metrics: Metrics,
    pub lift: Vec<Decile>,
    pub calibration: Vec<CalibrationBin>,
    pub profit: Vec<ProfitPoint>,
    pub drift: Drift,
}

/// The model of the earlier cut-offs, judged at the last.
pub(super) fn later(task: &Churn, learned: Learned) -> Result<Judged> {
    let last = task.plan.cut_offs.len() as u32 - 1;
    let before = task.plan.before_held_out() as u32;
    let frame = &task.frame;
    let test: Vec<usize> =
        (0..frame.len()).filter(|&i| frame.cut_off[i] == last).collect();
    let scores: Vec<f64> = test
        .iter()
        .map(|&i| learned.model.score(&mut complete(&learned.model, frame, i)))
        .collect();
    let trained: Vec<usize> =
        (0..frame.len()).filter(|&i| frame.cut_off[i] < before).collect();
    judge("later", task, &test, scores, &trained)
}

/// Customers left out of the fit at the same cut-off.
pub(super) fn customers_left_out(task: &Churn, learned: &Learned) -> Result<Judged> {
    let last = task.plan.cut_offs.len() as u32 - 1;
    let frame = &task.frame;
    let of_last = |(i, _): &&(usize, f64)| frame.cut_off[*i] == last;
    let (test, scores): (Vec<usize>, Vec<f64>) =
        learned.held_out.iter().filter(of_last).copied().unzip();
    let trained: Vec<usize> = (0..frame.len()).collect();
    judge("customers", task, &test, scores, &trained)
}

/// A row with its learned feature.
fn complete(model: &Model, frame: &Frame, i: usize) -> Vec<f64> {
    let mut row = frame.x.row(i).to_vec();
    model.complete(&mut row, frame.baskets.row(i), frame.ticket[i]);
    row
}

fn share(churned: impl Iterator<Item = bool>) -> f64 {
    let (mut yes, mut all) = (0.0, 0.0f64);
    for c in churned {
        yes += if c { 1.0 } else { 0.0 };
        all += 1.0;
    }
    yes / all.max(1.0)
}

fn judge(
    on: &'static str,
    task: &Churn,
    test: &[usize],
    scores: Vec<f64>,
    trained: &[usize],
) -> Result<Judged> {
    let churned: Vec<bool> = test.iter().map(|&i| task.frame.churned[i]).collect();
    let silent: Vec<f64> = test.iter().map(|&i| task.facts[i].recency_days).collect();
    let churners = churned.iter().filter(|&&c| c).count();
    if churners < 2 || churned.len() - churners < 2 {
        return Err(Error::new("churn-few-customers")
            .with("customers", churned.len())
            .with("churned", churners)
            .with("windowDays", task.plan.window_days));
    }
    let base_rate = churners as f64 / churned.len() as f64;
    let campaign = &task.options.campaign;
    let bins = metrics::calibration(&scores, &churned);
    let trained_rate = share(trained.iter().map(|&i| task.frame.churned[i]));
    let chance = silence_to_chance(task, trained, &silent)?;
    let naive = naive(&silent, &chance, &churned, campaign);
    let odds: Vec<f64> = scores.iter().map(|&p| log_odds(p)).collect();
    let offset = offset(&odds, base_rate);
    let moved: Vec<f64> =
        odds.iter().map(|&z| logistic::probability(z + offset)).collect();
    let metrics = Metrics {
        customers: churned.len() as u64,
        churned: churners as u64,
        base_rate,
        quality: Quality::of(&scores, &scores, &churned, campaign),
        auc_standard_error: metrics::auc_standard_error(&scores, &churned),
        naive_auc: naive.quality.auc,
        naive,
    };
    let drift = Drift {
        trained_rate,
        held_out_rate: base_rate,
        points: 100.0 * (base_rate - trained_rate),
        offset,
        calibration_error_without: metrics::calibration_error(&metrics::calibration(
            &moved, &churned,
        )),
    };
    Ok(Judged {
        on,
        metrics,
        lift: metrics::lift(&scores, &churned).unwrap_or_default(),
        calibration: bins,
        profit: profit::curve(&scores, &silent, &churned, campaign),
        drift,
    })
}

/// What the days of silence alone say of the chance of leaving: a logistic
/// regression on their logarithm, learned from the training rows.
fn silence_to_chance(
    task: &Churn,
    trained: &[usize],
    silent: &[f64],
) -> Result<Vec<f64>> {
    let column = |days: &mut dyn Iterator<Item = f64>| -> Vec<f64> {
        days.map(libm::log1p).collect()
    };
    let of_row = |&i: &usize| task.facts[i].recency_days;
    let mut x = Matrix { width: 1, values: column(&mut trained.iter().map(of_row)) };
    let scaler = Scaler::fit(&x);
    x.values.chunks_exact_mut(1).for_each(|row| scaler.apply(row));
    let churned: Vec<bool> = trained.iter().map(|&i| task.frame.churned[i]).collect();
    let line = logistic::fit(&x, &churned, 1.0)?;
    let mut asked = column(&mut silent.iter().copied());
    asked.chunks_exact_mut(1).for_each(|row| scaler.apply(row));
    Ok(asked.iter().map(|&z| logistic::probability(line.log_odds(&[z]))).collect())
}

fn naive(silent: &[f64], chance: &[f64], churned: &[bool], campaign: &Campaign) -> Naive {
    Naive {
        quality: Quality::of(silent, chance, churned, campaign),
        lift: metrics::lift(silent, churned).unwrap_or_default(),
        calibration: metrics::calibration(chance, churned),
    }
}

/// The log-odds of a probability.
fn log_odds(p: f64) -> f64 {
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    libm::log(p / (1.0 - p))
}

/// What has to be added to all log-odds so that the probabilities average to
/// the rate: Newton's method, held within a bracket (the mean rises with it).
pub(super) fn offset(log_odds: &[f64], rate: f64) -> f64 {
    let (mut low, mut high, mut at) = (-40.0, 40.0, 0.0);
    for _ in 0..100 {
        let (mut mean, mut slope) = (0.0, 0.0);
        for &z in log_odds {
            let p = logistic::probability(z + at);
            mean += p;
            slope += p * (1.0 - p);
        }
        let n = log_odds.len().max(1) as f64;
        let error = mean / n - rate;
        if error < 0.0 {
            low = at
        } else {
            high = at
        }
        let next = at - error / (slope / n);
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        if (next - at).abs() < 1e-12 {
            break;
        }
        at = next;
    }
    at
}

/// Customers of `as_of` whose first order came after the held-out cut-off.
pub(super) fn born_later(table: &Customers, plan: &Plan) -> u64 {
    let Some(held_out) = plan.held_out() else { return 0 };
    table.first_day.iter().filter(|&&day| day > held_out.0).count() as u64
}

/// The traps and limits that this result shows.
pub(super) fn notices(plan: &Plan, judged: &Judged) -> Vec<Message> {
    let mut notices = Vec::new();
    if judged.on == "customers" {
        notices.push(
            Message::new("churn-judged-on-customers")
                .with("windowDays", plan.window_days),
        );
    }
    if judged.metrics.quality.auc > SUSPICIOUS_AUC {
        notices.push(
            Message::new("churn-trap-too-good").with("auc", judged.metrics.quality.auc),
        );
    }
    if judged.metrics.quality.auc < judged.metrics.naive_auc {
        notices.push(
            Message::new("churn-naive-better")
                .with("auc", judged.metrics.quality.auc)
                .with("naiveAuc", judged.metrics.naive_auc),
        );
    }
    if judged.drift.points.abs() > DRIFT_POINTS {
        notices.push(
            Message::new("churn-drift")
                .with("trainedRate", judged.drift.trained_rate)
                .with("heldOutRate", judged.drift.held_out_rate)
                .with("points", judged.drift.points),
        );
    }
    if judged.lift.is_empty() {
        notices.push(Message::new("churn-lift-refused"));
    }
    let silent_days = plan.as_of.since(plan.last_label_day);
    let usual = plan.median_gap_days.unwrap_or(plan.window_days);
    if i64::from(silent_days) > i64::from(usual.max(7)) {
        notices.push(
            Message::new("churn-trap-file-old")
                .with("lastOrder", plan.last_label_day)
                .with("asOf", plan.as_of)
                .with("days", silent_days),
        );
    }
    notices
}

/// Topics by how much they move the risk of the customers of a cut-off.
pub(super) fn drivers(model: &Model, frame: &Frame, cut_off: u32) -> Vec<Driver> {
    let rows: Vec<usize> =
        (0..frame.len()).filter(|&i| frame.cut_off[i] == cut_off).collect();
    let complete: Vec<Vec<f64>> =
        rows.iter().map(|&i| complete(model, frame, i)).collect();
    let sums: Vec<[f64; TOPICS.len()]> =
        complete.iter().map(|row| by_topic(&model.contributions(row))).collect();
    let mut drivers: Vec<Driver> = TOPICS
        .iter()
        .enumerate()
        .map(|(t, &topic)| {
            let column: Vec<f64> = sums.iter().map(|s| s[t]).collect();
            let sign: Vec<f64> =
                complete.iter().map(|row| row[signature(topic)]).collect();
            let direction =
                if covariance(&column, &sign) >= 0.0 { "raises" } else { "lowers" };
            let weight = libm::sqrt(covariance(&column, &column));
            Driver { feature: topic.code(), weight, direction }
        })
        .filter(|d| d.weight > 0.0)
        .collect();
    drivers.order_by(|a, b| b.weight.total_cmp(&a.weight));
    drivers
}

/// The feature that says what "more" of a topic is.
fn signature(topic: Topic) -> usize {
    let name = match topic {
        Topic::Silence => "recency",
        Topic::Frequency => "orders",
        Topic::Age => "age",
        Topic::Money => "revenue",
        Topic::Trend => "recentOrders",
        Topic::Season => "sameSeason",
        Topic::Breadth => "products",
        Topic::Assortment => "assortment",
        Topic::Returns => "returnShare",
        Topic::Discounts => "discountShare",
    };
    FEATURES.iter().position(|f| f.0 == name).unwrap_or_default()
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().max(1) as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / n
}

/// Every feature with its weight.
pub(super) fn coefficients(model: &Model) -> Vec<Coefficient> {
    let of = |(k, (feature, topic)): (usize, &(&'static str, Topic))| Coefficient {
        feature,
        topic: topic.code(),
        weight: model.logistic.weights[k],
        mean: model.scaler.mean[k],
        deviation: model.scaler.deviation[k],
    };
    FEATURES.iter().enumerate().map(of).collect()
}

/// Rules over plain figures of the customers of a cut-off.
pub(super) fn rules(facts: &[Facts], frame: &Frame, cut_off: u32) -> Vec<Rule> {
    let rows: Vec<usize> =
        (0..frame.len()).filter(|&i| frame.cut_off[i] == cut_off).collect();
    let figure = |name: &str, f: fn(&Facts) -> f64| Figure {
        name: name.to_owned(),
        level: None,
        values: rows.iter().map(|&i| f(&facts[i])).collect(),
    };
    let figures = [
        figure("recencyDays", |f| f.recency_days),
        figure("orderDays", |f| f.order_days),
        figure("ageDays", |f| f.age_days),
        figure("usualGapDays", |f| f.usual_gap),
        figure("overdue", |f| f.overdue),
        figure("revenue", |f| f.revenue),
        figure("averageOrder", |f| f.average_order),
        figure("recentOrderDays", |f| f.recent),
        figure("products", |f| f.products),
        figure("returnShare", |f| f.return_share),
    ];
    let churned: Vec<bool> = rows.iter().map(|&i| frame.churned[i]).collect();
    rules::rules(&figures, &churned)
}
