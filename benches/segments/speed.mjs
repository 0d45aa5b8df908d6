/**
 * How long segments take in wasm: k-means a restart on 100,000 customers, and the
 * scores of a million customers after a border was moved.
 *
 *     node benches/segments/speed.mjs [points.f64]
 *
 * With a file name, the points that k-means sees (log RFM, standardised, row by row)
 * are written there for kmeans_time.py, which times scikit-learn on the same.
 */

import { writeFile } from "node:fs/promises";
import { openWorkspace } from "../../pkg/node.js";

/** Middle of a few times. @param {number[]} times */
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;

/** A number from 0 to 1 from a seed (mulberry32). @param {number} seed */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Orders of so many customers in three years. @param {number} customers */
function shop(customers) {
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
  return new Blob([...chunks, rows]);
}

/** @param {number} customers @param {(view: import("../../pkg/types.js").View) => Promise<void>} run */
async function having(customers, run) {
  const ws = await openWorkspace();
  await ws.load(new Uint8Array(await shop(customers).arrayBuffer()));
  await run(ws.at());
  await ws.close();
}

await having(100_000, async (view) => {
  /** @param {number} restarts @param {number} seed */
  const time = async (restarts, seed) => {
    const start = performance.now();
    await view.cluster({ k: 5, restarts, seed });
    return performance.now() - start;
  };
  await time(1, 1);
  const times = [];
  for (let seed = 2; seed < 5; seed += 1) times.push(((await time(11, seed)) - (await time(1, seed + 10))) / 10);
  console.log(`k-means, 100,000 x 3, k = 5: ${median(times).toFixed(0)} ms a restart (${times.map((t) => t.toFixed(0)).join(", ")})`);
  const out = process.argv[2];
  if (!out) return;
  const { columns } = await view.customers({ columns: ["recencyDays", "orders", "revenue"] });
  const count = columns.orders?.length ?? 0;
  const points = new Float64Array(count * 3);
  ["recencyDays", "orders", "revenue"].forEach((name, d) => {
    const logs = Array.from(/** @type {Float64Array} */ (columns[name]), (v) => Math.log1p(Math.max(0, v)));
    const mean = logs.reduce((a, b) => a + b, 0) / count;
    const deviation = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / count);
    logs.forEach((v, i) => (points[3 * i + d] = (v - mean) / deviation));
  });
  await writeFile(out, points);
});

await having(1_000_000, async (view) => {
  const first = performance.now();
  const { segments } = /** @type {import("../../pkg/types.js").RfmResult} */ (await view.rfm({ method: "thresholds" }));
  console.log(`a million customers (${segments.reduce((n, s) => n + s.customers, 0)}): first scores ${(performance.now() - first).toFixed(0)} ms`);
  const times = [];
  for (let i = 0; i < 9; i += 1) {
    const start = performance.now();
    await view.rfm({ method: "thresholds", cuts: { recencyDays: [400 + i, 200, 100, 30] } });
    times.push(performance.now() - start);
  }
  console.log(`after a border was moved: ${median(times).toFixed(0)} ms (${times.map((t) => t.toFixed(0)).join(", ")})`);
});
