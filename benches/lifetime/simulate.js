/** Customers simulated from BG/NBD, the same for the same seed. */

/** A generator of numbers in (0, 1) (mulberry32). @param {number} seed */
function uniformFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/**
 * Frequency, recency and age in days of customers who came in over a year and were followed
 * for one to two years; the first order never ends the relation.
 *
 * @param {number} customers
 * @param {number} [seed]
 */
export function simulated(customers, seed = 1) {
  const uniform = uniformFrom(seed);
  const exponential = () => -Math.log(uniform());
  const normal = () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform());
  /** Marsaglia and Tsang (2000). @param {number} shape @returns {number} */
  const gamma = (shape) => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const columns = {
    frequency: new Int32Array(customers),
    recencyDays: new Int32Array(customers),
    ageDays: new Int32Array(customers),
  };
  for (let i = 0; i < customers; i += 1) {
    const age = 365 + Math.floor(uniform() * 365);
    const rate = gamma(0.8) / 8;
    const [a, b] = [gamma(0.8), gamma(2.5)];
    const leaves = a / (a + b);
    let [at, last, repeats] = [0, 0, 0];
    for (;;) {
      at += exponential() / rate;
      const day = Math.floor(at * 7);
      if (!(at * 7 < age)) break;
      // Orders of one day are one.
      if (day > last) {
        last = day;
        repeats += 1;
      }
      if (uniform() < leaves) break;
    }
    columns.frequency[i] = repeats;
    columns.recencyDays[i] = last;
    columns.ageDays[i] = age;
  }
  return columns;
}
