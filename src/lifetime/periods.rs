//! BG/BB (Fader, Hardie and Shang 2010): customers who may order once in every
//! period. A customer orders with a chance drawn from a beta distribution
//! (`alpha`, `beta`) and leaves before a period with a chance drawn from another
//! (`gamma`, `delta`).

use std::sync::Arc;

use super::history::Groups;
use super::maximise::{BLOCK, Objective, Sums};

/// The log-likelihood of histories in periods, in the logarithms of alpha, beta,
/// gamma and delta.
#[derive(Clone, Debug)]
pub struct Periods {
    groups: Arc<Groups>,
    days: u32,
    parameters: [f64; 4],
    tables: Tables,
    /// How many groups make a block: a history is a sum over its silent periods.
    size: usize,
}

/// `ln (p)_j` with its first two derivatives in p, for j = 0, 1, ...
#[derive(Clone, Debug, Default)]
struct Rising(Vec<[f64; 3]>);

impl Rising {
    fn new(p: f64, most: usize) -> Rising {
        let mut sums = [0.0; 3];
        let mut table = vec![sums];
        for j in 0..most {
            let at = p + j as f64;
            sums[0] += libm::log(at);
            sums[1] += 1.0 / at;
            sums[2] -= 1.0 / (at * at);
            table.push(sums);
        }
        Rising(table)
    }
}

#[derive(Clone, Debug, Default)]
struct Tables {
    alpha: Rising,
    beta: Rising,
    alpha_beta: Rising,
    delta: Rising,
    gamma_delta: Rising,
}

impl Tables {
    fn new(p: &[f64; 4], most: usize) -> Tables {
        let [alpha, beta, gamma, delta] = *p;
        Tables {
            alpha: Rising::new(alpha, most),
            beta: Rising::new(beta, most),
            alpha_beta: Rising::new(alpha + beta, most),
            delta: Rising::new(delta, most),
            gamma_delta: Rising::new(gamma + delta, most + 1),
        }
    }

    /// The logarithm of the chance of a given sequence of `x` orders in `until`
    /// periods, after which the customer has left (`gone`) or not.
    fn ln(&self, gamma: f64, x: usize, until: usize, gone: bool) -> f64 {
        let left = usize::from(gone);
        self.alpha.0[x][0] + self.beta.0[until - x][0] - self.alpha_beta.0[until][0]
            + self.delta.0[until][0]
            - self.gamma_delta.0[until + left][0]
            + if gone { libm::log(gamma) } else { 0.0 }
    }
}

/// Orders, last order and opportunities of a group, in periods.
fn in_periods(groups: &Groups, k: usize, days: u32) -> [usize; 3] {
    let periods = |span: u32| (span / days.max(1)) as usize;
    let (recency, age) = (periods(groups.recency[k]), periods(groups.age[k]));
    // More orders than periods cannot be.
    [(groups.frequency[k] as usize).min(recency), recency, age]
}

impl Periods {
    /// The objective of histories whose days are multiples of the period's.
    pub fn new(groups: Arc<Groups>, days: u32) -> Periods {
        let most = (groups.longest() / days.max(1)) as usize;
        Periods {
            size: (BLOCK / (most + 1)).max(16),
            groups,
            days,
            parameters: [1.0; 4],
            tables: Tables::default(),
        }
    }

    /// Value, gradient and second derivatives of one history.
    fn add(&self, k: usize, value: &mut f64, g: &mut [f64; 4], h: &mut [[f64; 4]; 4]) {
        let gamma = self.parameters[2];
        let t = &self.tables;
        let [x, last, age] = in_periods(&self.groups, k, self.days);
        let n = self.groups.customers[k];
        let top = t.ln(gamma, x, age, false);
        let top =
            (last..age).map(|until| t.ln(gamma, x, until, true)).fold(top, f64::max);
        let mut sum = 0.0;
        // Means of the gradients and of the second moments over the ways in which
        // the history may have come about.
        let (mut mean, mut moment) = ([0.0; 4], [[0.0; 4]; 4]);
        for until in last..=age {
            let gone = until < age;
            let w = libm::exp(t.ln(gamma, x, until, gone) - top);
            let (a, b) = (t.alpha.0[x], t.beta.0[until - x]);
            let (ab, d) = (t.alpha_beta.0[until], t.delta.0[until]);
            let gd = t.gamma_delta.0[until + usize::from(gone)];
            let (g1, g2) =
                if gone { (1.0 / gamma, -1.0 / (gamma * gamma)) } else { (0.0, 0.0) };
            let own = [a[1] - ab[1], b[1] - ab[1], g1 - gd[1], d[1] - gd[1]];
            let second = [
                [a[2] - ab[2], -ab[2], 0.0, 0.0],
                [0.0, b[2] - ab[2], 0.0, 0.0],
                [0.0, 0.0, g2 - gd[2], -gd[2]],
                [0.0, 0.0, 0.0, d[2] - gd[2]],
            ];
            sum += w;
            for i in 0..4 {
                mean[i] += w * own[i];
                for j in i..4 {
                    moment[i][j] += w * (second[i][j] + own[i] * own[j]);
                }
            }
        }
        *value += n * (top + libm::log(sum));
        for i in 0..4 {
            g[i] += n * mean[i] / sum;
            for j in i..4 {
                h[i][j] += n * (moment[i][j] / sum - mean[i] * mean[j] / (sum * sum));
            }
        }
    }
}

impl Objective for Periods {
    fn dimension(&self) -> usize {
        4
    }

    fn blocks(&self) -> usize {
        self.groups.len().div_ceil(self.size)
    }

    fn prepare(&mut self, theta: &[f64]) {
        self.parameters = [0, 1, 2, 3].map(|i| libm::exp(theta[i]));
        let most = (self.groups.longest() / self.days.max(1)) as usize;
        self.tables = Tables::new(&self.parameters, most);
    }

    fn add_block(&self, block: usize, sums: &mut Sums) {
        let (mut value, mut g, mut h) = (0.0, [0.0; 4], [[0.0; 4]; 4]);
        for k in block * self.size..((block + 1) * self.size).min(self.groups.len()) {
            self.add(k, &mut value, &mut g, &mut h);
        }
        sums.add_in_logs(&self.parameters, value, &g, &h);
    }
}

/// A customer's standing under BG/BB after so many periods.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    p: [f64; 4],
    x: f64,
    last: u32,
    age: u32,
}

impl Turn {
    /// `x` orders in `age` periods, the last of them in period `last`.
    pub fn new(p: &[f64; 4], x: f64, last: u32, age: u32) -> Turn {
        Turn { p: *p, x: x.min(f64::from(last)), last, age }
    }

    /// The logarithms of the chances of the history with the customer still
    /// active, and with the customer gone before period `until + 1`.
    fn ln_ways(&self) -> (f64, f64) {
        let [alpha, beta, gamma, delta] = self.p;
        let rising = |p: f64, j: f64| super::special::ln_rising(p, j);
        let ln = |until: u32, gone: bool| {
            let n = f64::from(until);
            let left = if gone { 1.0 } else { 0.0 };
            rising(alpha, self.x) + rising(beta, n - self.x) - rising(alpha + beta, n)
                + rising(delta, n)
                - rising(gamma + delta, n + left)
                + if gone { libm::log(gamma) } else { 0.0 }
        };
        let gone = (self.last..self.age)
            .map(|until| ln(until, true))
            .fold(f64::NEG_INFINITY, super::special::ln_add_exp);
        (ln(self.age, false), gone)
    }

    /// Log-likelihood of the history.
    pub fn log_likelihood(&self) -> f64 {
        let (active, gone) = self.ln_ways();
        super::special::ln_add_exp(active, gone)
    }

    /// The logarithm of the odds that the customer has gone.
    pub fn ln_odds_gone(&self) -> f64 {
        let (active, gone) = self.ln_ways();
        gone - active
    }

    /// The chance that an active customer orders in a period, if still there.
    pub fn order_chance(&self) -> f64 {
        let [alpha, beta, ..] = self.p;
        (alpha + self.x) / (alpha + beta + f64::from(self.age))
    }

    /// The chance that a customer active after `ahead` more periods stays for
    /// the next.
    pub fn stay_chance(&self, ahead: u32) -> f64 {
        let [_, _, gamma, delta] = self.p;
        let at = f64::from(self.age) + f64::from(ahead);
        (delta + at) / (gamma + delta + at)
    }

    /// The chance that a customer who is active now orders in none of the next
    /// `periods`; between whole numbers of them it falls in a straight line.
    pub fn no_order_chance(&self, periods: f64) -> f64 {
        let [(orders, silent), (gamma, delta)] = self.posterior();
        // Of those who have not ordered so far: still there, and gone.
        let (mut there, mut gone) = (1.0, 0.0);
        let mut ahead = 0.0;
        while ahead < periods && there > 0.0 {
            let stays = there * (delta + ahead) / (gamma + delta + ahead);
            let part = f64::min(periods - ahead, 1.0);
            let still = stays * (silent + ahead) / (orders + silent + ahead);
            if part < 1.0 {
                return gone + there - part * (stays - still);
            }
            gone += there - stays;
            there = still;
            ahead += 1.0;
        }
        gone + there
    }

    /// The beta distributions of an active customer's chances of ordering and of
    /// leaving.
    pub fn posterior(&self) -> [(f64, f64); 2] {
        let [alpha, beta, gamma, delta] = self.p;
        let n = f64::from(self.age);
        [(alpha + self.x, beta + n - self.x), (gamma, delta + n)]
    }
}

/// The chances that a new customer orders in 0, 1, ..., `most` of `periods`
/// periods.
pub fn counts(p: &[f64; 4], periods: u32, most: u32) -> Vec<f64> {
    let [.., gamma, _] = *p;
    let tables = Tables::new(p, periods as usize);
    let choose = |n: u32, x: u32| {
        let [n, x] = [n, x].map(f64::from);
        super::special::ln_rising(n - x + 1.0, x) - super::special::ln_gamma(x + 1.0)
    };
    (0..=most)
        .map(|x| {
            if x > periods {
                return 0.0;
            }
            let ln = |until: u32, gone: bool| {
                let way = tables.ln(gamma, x as usize, until as usize, gone);
                libm::exp(choose(until, x) + way)
            };
            ln(periods, false) + (x..periods).map(|until| ln(until, true)).sum::<f64>()
        })
        .collect()
}
