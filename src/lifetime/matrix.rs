//! Small symmetric matrices: eigenvalues by Jacobi rotations, inverses
//! (Golub and Van Loan, "Matrix computations", 8.5).

/// Eigenvalues and eigenvectors of a symmetric matrix of at most some dozen rows.
#[derive(Clone, Debug)]
pub struct Eigen {
    /// The eigenvalues, in no particular order.
    pub values: Vec<f64>,
    /// The eigenvectors, one after the other.
    vectors: Vec<f64>,
}

impl Eigen {
    /// Decomposes an `n` by `n` matrix given by rows.
    pub fn new(matrix: &[f64], n: usize) -> Eigen {
        let mut a = matrix.to_vec();
        // Row k of `v` is eigenvector k.
        let mut v = vec![0.0; n * n];
        for i in 0..n {
            v[i * n + i] = 1.0;
        }
        for _ in 0..60 {
            let mut off = 0.0;
            let mut all = 0.0;
            for i in 0..n {
                for j in 0..n {
                    all += a[i * n + j] * a[i * n + j];
                    if i != j {
                        off += a[i * n + j] * a[i * n + j];
                    }
                }
            }
            if off <= all * 1e-34 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut v, n, p, q);
                }
            }
        }
        Eigen { values: (0..n).map(|i| a[i * n + i]).collect(), vectors: v }
    }

    /// The eigenvector of eigenvalue `k`, of length one.
    pub fn vector(&self, k: usize) -> &[f64] {
        let n = self.values.len();
        &self.vectors[k * n..(k + 1) * n]
    }

    /// The smallest eigenvalue and its index.
    pub fn smallest(&self) -> (usize, f64) {
        self.values
            .iter()
            .copied()
            .enumerate()
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0, 0.0))
    }

    /// The largest eigenvalue.
    pub fn largest(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The matrix with every eigenvalue replaced by `f` of it, by rows.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Vec<f64> {
        let n = self.values.len();
        let mut result = vec![0.0; n * n];
        for (k, &value) in self.values.iter().enumerate() {
            let (w, vector) = (f(value), self.vector(k));
            for i in 0..n {
                for j in 0..n {
                    result[i * n + j] += w * vector[i] * vector[j];
                }
            }
        }
        result
    }
}

/// One Jacobi rotation that makes `a[p][q]` zero.
fn rotate(a: &mut [f64], v: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / libm::sqrt(t * t + 1.0);
    let s = t * c;
    for k in 0..n {
        let (akp, akq) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * akp - s * akq;
        a[k * n + q] = s * akp + c * akq;
    }
    for k in 0..n {
        let (apk, aqk) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * apk - s * aqk;
        a[q * n + k] = s * apk + c * aqk;
        let (vpk, vqk) = (v[p * n + k], v[q * n + k]);
        v[p * n + k] = c * vpk - s * vqk;
        v[q * n + k] = s * vpk + c * vqk;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposition_puts_the_matrix_together_again() {
        let matrix = [4.0, 1.0, -2.0, 1.0, 2.0, 0.5, -2.0, 0.5, 1e-6];
        let eigen = Eigen::new(&matrix, 3);
        for (again, entry) in eigen.map(|v| v).iter().zip(matrix) {
            assert!((again - entry).abs() < 1e-13, "{again} {entry}");
        }
        let inverse = eigen.map(|v| 1.0 / v);
        let first: f64 = (0..3).map(|k| matrix[k] * inverse[k * 3]).sum();
        assert!((first - 1.0).abs() < 1e-12);
    }
}
