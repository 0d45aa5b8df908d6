/** A made-up shop of any size for the benches: orders of three years, from a seed. */

/** A number from 0 to 1 from a seed (mulberry32). @param {number} seed */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Orders of so many customers in three years, as pieces of a CSV file. @param {number} customers */
export function shop(customers) {
  const next = chance(7);
  const chunks = ["customer_id,order_date,total\n"];
  let rows = "";
  for (let c = 0; c < customers; c += 1) {
    const orders = 1 + Math.floor(-Math.log(1 - next()) * 1.2);
    for (let o = 0; o < orders; o += 1) {
      const day = new Date(Date.UTC(2022, 0, 1 + Math.floor(next() * 1095))).toISOString().slice(0, 10);
      rows += `C${c},${day},${(5 + next() * next() * 400).toFixed(2)}\n`;
    }
    if (rows.length > 1 << 20) {
      chunks.push(rows);
      rows = "";
    }
  }
  return [...chunks, rows];
}

/** Middle of a few times. @param {number[]} times */
export const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
