//! A trust-region Newton method with exact second derivatives, advanced in
//! slices (Nocedal and Wright, "Numerical optimization", chapter 4).

use super::matrix::Eigen;

/// Value, gradient and second derivatives of an objective, added up in blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// The sum of the terms.
    pub value: f64,
    /// Its gradient.
    pub gradient: Vec<f64>,
    /// Its Hessian by rows, all entries filled.
    pub hessian: Vec<f64>,
}

impl Sums {
    /// Zero, in so many dimensions.
    pub fn new(dimension: usize) -> Sums {
        Sums {
            value: 0.0,
            gradient: vec![0.0; dimension],
            hessian: vec![0.0; dimension * dimension],
        }
    }

    /// Adds a term given by its derivatives in the parameters, of which `theta`
    /// are the logarithms: the chain rule of `p = exp(theta)`.
    pub fn add_in_logs<const N: usize>(
        &mut self,
        parameters: &[f64; N],
        value: f64,
        gradient: &[f64; N],
        hessian: &[[f64; N]; N],
    ) {
        self.value += value;
        for i in 0..N {
            let own = parameters[i] * gradient[i];
            self.gradient[i] += own;
            self.hessian[i * N + i] += own;
            for j in 0..N {
                // Callers fill the upper triangle.
                let second = if i <= j { hessian[i][j] } else { hessian[j][i] };
                self.hessian[i * N + j] += parameters[i] * parameters[j] * second;
            }
        }
    }

    /// Adds other sums.
    pub fn add(&mut self, other: &Sums) {
        self.value += other.value;
        self.gradient.iter_mut().zip(&other.gradient).for_each(|(s, o)| *s += o);
        self.hessian.iter_mut().zip(&other.hessian).for_each(|(s, o)| *s += o);
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().chain(&self.hessian).all(|d| d.is_finite())
    }
}

/// A sum of terms to be maximised, evaluated block by block so that a slice of
/// work may end anywhere without changing the result.
pub trait Objective {
    /// How many parameters there are.
    fn dimension(&self) -> usize;
    /// How many blocks make the sum, each of about [`BLOCK`] terms.
    fn blocks(&self) -> usize;
    /// Sets the parameters at which the following blocks are evaluated.
    fn prepare(&mut self, theta: &[f64]);
    /// Adds one block.
    fn add_block(&self, block: usize, sums: &mut Sums);
}

/// Terms in a block.
pub const BLOCK: usize = 2_048;

/// Parameters on the logarithmic scale stay within these bounds.
const BOUND: f64 = 20.0;
/// As near as this to a bound is at it.
const NEAR: f64 = 1e-3;
/// Newton steps, accepted or not, before giving up.
const MAX_STEPS: u32 = 200;
/// A long step that promises less than this runs along a ridge.
const RIDGE: f64 = 1e-7;
/// A search for a start ends when a step promises less than this.
pub const ROUGH: f64 = 1e-3;
/// Values this close to each other are one.
const ALIKE: f64 = 1e-5;
/// A step that promises less than this, in units of log-likelihood, is the last.
const PROMISE: f64 = 1e-9;

/// Where a maximisation ended.
#[derive(Clone, Debug)]
pub struct Maximum {
    /// The parameters.
    pub theta: Vec<f64>,
    /// Value and derivatives there.
    pub sums: Sums,
    /// Whether nothing was left to gain, rather than the steps used up.
    pub converged: bool,
    /// How many times the objective was evaluated.
    pub evaluations: u32,
}

/// The maximisation of one objective from one start.
#[derive(Clone, Debug)]
pub struct Maximiser {
    best: Option<(Vec<f64>, Sums)>,
    trial: Vec<f64>,
    promised: f64,
    last: bool,
    sums: Sums,
    next_block: usize,
    radius: f64,
    evaluations: u32,
    known: Option<f64>,
    rough: bool,
}

impl Maximiser {
    /// Starts at `theta`.
    pub fn new(theta: &[f64]) -> Maximiser {
        Maximiser {
            best: None,
            trial: theta.iter().map(|t| t.clamp(-BOUND, BOUND)).collect(),
            promised: 0.0,
            last: false,
            sums: Sums::new(theta.len()),
            next_block: 0,
            radius: 1.0,
            evaluations: 0,
            known: None,
            rough: false,
        }
    }

    /// Tells of a value that an earlier start has reached: coming as high ends
    /// the search.
    #[must_use]
    pub fn knowing(mut self, value: Option<f64>) -> Maximiser {
        self.known = value.filter(|v| v.is_finite());
        self
    }

    /// Is content to come near the maximum: enough to start from.
    #[must_use]
    pub fn roughly(mut self, rough: bool) -> Maximiser {
        self.rough = rough;
        self
    }

    /// Works until the budget of terms is used up or the maximum is found.
    ///
    /// `None` means: call again. An objective that is not finite at its start
    /// ends at once, not converged.
    pub fn advance(
        &mut self,
        objective: &mut dyn Objective,
        budget: &mut u64,
    ) -> Option<Maximum> {
        loop {
            if self.next_block == 0 {
                self.sums = Sums::new(self.trial.len());
                objective.prepare(&self.trial);
            }
            while self.next_block < objective.blocks() {
                if *budget == 0 {
                    return None;
                }
                objective.add_block(self.next_block, &mut self.sums);
                self.next_block += 1;
                *budget = budget.saturating_sub(BLOCK as u64);
            }
            self.next_block = 0;
            self.evaluations += 1;
            if let Some(maximum) = self.judge() {
                return Some(maximum);
            }
        }
    }

    /// Runs to the end in one go.
    pub fn run(mut self, objective: &mut dyn Objective) -> Maximum {
        let mut budget = u64::MAX;
        loop {
            if let Some(maximum) = self.advance(objective, &mut budget) {
                return maximum;
            }
        }
    }

    fn end(&mut self, converged: bool) -> Option<Maximum> {
        let (theta, sums) =
            self.best.take().unwrap_or_else(|| (self.trial.clone(), self.sums.clone()));
        Some(Maximum { theta, sums, converged, evaluations: self.evaluations })
    }

    /// Accepts or rejects the point just evaluated and chooses the next.
    fn judge(&mut self) -> Option<Maximum> {
        let finite = self.sums.is_finite();
        match &self.best {
            None if !finite => return self.end(false),
            None => self.best = Some((self.trial.clone(), self.sums.clone())),
            Some((_, best)) => {
                let gained = self.sums.value - best.value;
                if self.last {
                    // The gain is below the noise of the sum: the smaller
                    // gradient decides.
                    let steepest =
                        |s: &Sums| s.gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                    if finite && steepest(&self.sums) <= steepest(best) {
                        self.best = Some((self.trial.clone(), self.sums.clone()));
                    }
                    return self.end(true);
                }
                let ratio = if finite { gained / self.promised } else { -1.0 };
                if ratio < 0.25 {
                    self.radius *= 0.25;
                } else if ratio > 0.75 {
                    self.radius = (self.radius * 2.0).min(4.0);
                }
                if ratio > 1e-4 {
                    self.best = Some((self.trial.clone(), self.sums.clone()));
                } else if self.radius < 1e-12 {
                    return self.end(false);
                }
            }
        }
        if self.evaluations >= MAX_STEPS {
            return self.end(false);
        }
        let (theta, sums) = self.best.as_ref()?;
        let (step, promised) = step_within(theta, sums, self.radius);
        self.promised = promised;
        let noise = PROMISE.max(sums.value.abs() * 1e-14);
        self.last = promised < noise;
        if self.rough && promised < ROUGH {
            return self.end(true);
        }
        // A long step for next to nothing runs along a ridge: stay.
        if promised < noise.max(RIDGE) && step.iter().any(|s| s.abs() > 0.1) {
            return self.end(true);
        }
        // So does a start that has come as high as an earlier one and is not
        // about to go higher.
        if let Some(known) = self.known
            && (sums.value - known).abs() < ALIKE
            && promised < ALIKE
        {
            return self.end(true);
        }
        self.trial =
            theta.iter().zip(&step).map(|(t, s)| (t + s).clamp(-BOUND, BOUND)).collect();
        if self.trial == *theta {
            return self.end(true);
        }
        None
    }
}

/// The same that keeps to the bounds: parameters at a bound that would go on stay,
/// and the step ends where the first of the others reaches one. Cutting each
/// parameter by itself would leave the ridges on which they depend on each other.
fn step_within(theta: &[f64], sums: &Sums, radius: f64) -> (Vec<f64>, f64) {
    let n = theta.len();
    let mut free = sums.clone();
    loop {
        let (mut step, promised) = trust_region_step(&free, radius);
        let room = |i: usize, step: &[f64]| {
            if step[i] > 0.0 { BOUND - theta[i] } else { BOUND + theta[i] }
        };
        let stuck = (0..n).find(|&i| step[i].abs() > 1e-12 && room(i, &step) <= NEAR);
        if let Some(i) = stuck {
            for j in 0..n {
                free.hessian[i * n + j] = 0.0;
                free.hessian[j * n + i] = 0.0;
            }
            free.gradient[i] = 0.0;
            free.hessian[i * n + i] = -1.0;
            continue;
        }
        let share = (0..n)
            .filter(|&i| step[i] != 0.0)
            .map(|i| room(i, &step) / step[i].abs())
            .fold(1.0_f64, f64::min);
        if share < 1.0 {
            step.iter_mut().for_each(|s| *s *= share);
            // Along a concave parabola half of the way brings three quarters.
            return (step, promised * share * (2.0 - share));
        }
        return (step, promised);
    }
}

/// The step within `radius` that maximises the quadratic model, and its gain.
fn trust_region_step(sums: &Sums, radius: f64) -> (Vec<f64>, f64) {
    let n = sums.gradient.len();
    let curvature: Vec<f64> = sums.hessian.iter().map(|h| -h).collect();
    let eigen = Eigen::new(&curvature, n);
    let slope: Vec<f64> = (0..n)
        .map(|k| (0..n).map(|i| eigen.vector(k)[i] * sums.gradient[i]).sum())
        .collect();
    let largest = eigen.values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let floor = eigen.values.iter().copied().fold(f64::INFINITY, f64::min);
    let along = |shift: f64| -> Vec<f64> {
        (0..n).map(|k| slope[k] / (eigen.values[k] + shift)).collect()
    };
    let length = |c: &[f64]| libm::sqrt(c.iter().map(|v| v * v).sum());
    // Directions flatter than rounding count as flat and need a shift.
    let least = largest * 1e-14;
    let mut coordinates = along(if floor > least { 0.0 } else { least - floor.min(0.0) });
    if floor <= least || length(&coordinates) > radius {
        let mut low = (least - floor).max(0.0);
        let mut high = low.max(largest * 1e-10).max(1e-300);
        while length(&along(high)) > radius {
            high *= 4.0;
        }
        for _ in 0..100 {
            let middle = if low == 0.0 { high * 0.25 } else { libm::sqrt(low * high) };
            if length(&along(middle)) > radius {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-3 * high || high < 1e-290 {
                break;
            }
        }
        coordinates = along(high);
    }
    let gain = (0..n)
        .map(|k| coordinates[k] * (slope[k] - 0.5 * eigen.values[k] * coordinates[k]))
        .sum();
    let step = (0..n)
        .map(|i| (0..n).map(|k| eigen.vector(k)[i] * coordinates[k]).sum())
        .collect();
    (step, gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley upside down, one term a block.
    struct Valley {
        at: [f64; 2],
    }

    impl Objective for Valley {
        fn dimension(&self) -> usize {
            2
        }
        fn blocks(&self) -> usize {
            2
        }
        fn prepare(&mut self, theta: &[f64]) {
            self.at = [theta[0], theta[1]];
        }
        fn add_block(&self, block: usize, sums: &mut Sums) {
            let [x, y] = self.at;
            if block == 0 {
                sums.value -= (1.0 - x) * (1.0 - x);
                sums.gradient[0] += 2.0 * (1.0 - x);
                sums.hessian[0] -= 2.0;
            } else {
                let d = y - x * x;
                sums.value -= 100.0 * d * d;
                sums.gradient[0] += 400.0 * x * d;
                sums.gradient[1] -= 200.0 * d;
                sums.hessian[0] += 400.0 * (d - 2.0 * x * x);
                sums.hessian[1] += 400.0 * x;
                sums.hessian[2] += 400.0 * x;
                sums.hessian[3] -= 200.0;
            }
        }
    }

    /// A slope without end in the first parameter, against which the second must
    /// be set.
    struct Slope {
        at: [f64; 2],
    }

    impl Objective for Slope {
        fn dimension(&self) -> usize {
            2
        }
        fn blocks(&self) -> usize {
            1
        }
        fn prepare(&mut self, theta: &[f64]) {
            self.at = [theta[0], theta[1]];
        }
        fn add_block(&self, _: usize, sums: &mut Sums) {
            let [x, y] = self.at;
            let d = y - 1.5 * x;
            sums.value += x - 1e3 * d * d;
            sums.gradient[0] += 1.0 + 3e3 * d;
            sums.gradient[1] -= 2e3 * d;
            sums.hessian[0] -= 4.5e3;
            sums.hessian[1] += 3e3;
            sums.hessian[2] += 3e3;
            sums.hessian[3] -= 2e3;
        }
    }

    #[test]
    fn a_slope_ends_at_the_bounds_with_the_rest_at_its_best() {
        let end = Maximiser::new(&[0.0, 0.0]).run(&mut Slope { at: [0.0; 2] });
        assert!(end.converged && end.evaluations < 40, "{}", end.evaluations);
        assert!(BOUND - end.theta[1] <= NEAR, "{:?}", end.theta);
        // 1 + 3e3 (y - 1.5 x) = 0
        let best = (end.theta[1] + 1.0 / 3e3) / 1.5;
        assert!((end.theta[0] - best).abs() < 1e-9, "{:?}", end.theta);
    }

    #[test]
    fn finds_the_end_of_a_curved_valley_for_any_slicing() {
        let start = [-1.2, 1.0];
        let whole = Maximiser::new(&start).run(&mut Valley { at: [0.0; 2] });
        assert!(whole.converged);
        assert!(
            (whole.theta[0] - 1.0).abs() < 1e-9 && (whole.theta[1] - 1.0).abs() < 1e-9
        );

        let mut sliced = Maximiser::new(&start);
        let mut valley = Valley { at: [0.0; 2] };
        let maximum = loop {
            if let Some(maximum) = sliced.advance(&mut valley, &mut 1) {
                break maximum;
            }
        };
        assert_eq!(maximum.theta, whole.theta);
        assert_eq!(maximum.evaluations, whole.evaluations);
    }
}
