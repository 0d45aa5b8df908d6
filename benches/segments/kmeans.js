/**
 * K-means in WebAssembly beside scikit-learn's on the same points: one restart, 100,000
 * customers by log RFM, k = 5. Ours is the difference between eleven restarts and one,
 * by ten: what is done once (scaling, choosing, resampling) is left out on both sides.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { openWorkspace } from "../../pkg/node.js";
import { median, shop } from "./shop.js";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The points that k-means sees: log RFM, standardised, row by row. @param {import("../../pkg/types.js").View} view */
async function points(view) {
  const { columns } = await view.customers({ columns: ["recencyDays", "orders", "revenue"] });
  const count = columns.orders?.length ?? 0;
  const all = new Float64Array(count * 3);
  ["recencyDays", "orders", "revenue"].forEach((name, d) => {
    const logs = Array.from(/** @type {Float64Array} */ (columns[name]), (v) => Math.log1p(Math.max(0, v)));
    const mean = logs.reduce((a, b) => a + b, 0) / count;
    const deviation = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / count);
    logs.forEach((v, i) => (all[3 * i + d] = (v - mean) / deviation));
  });
  return all;
}

/** Milliseconds a restart in Node. @param {import("../../pkg/types.js").View} view */
async function ours(view) {
  /** @param {number} restarts @param {number} seed */
  const time = async (restarts, seed) => {
    const start = performance.now();
    await view.cluster({ k: 5, restarts, seed });
    return performance.now() - start;
  };
  await time(1, 1);
  const times = [];
  for (let seed = 2; seed < 7; seed += 1) times.push(((await time(11, seed)) - (await time(1, seed + 10))) / 10);
  return times;
}

/** Milliseconds a restart of scikit-learn; null where there is no Python that has it. @param {Float64Array} all @returns {number[] | null} */
function theirs(all) {
  const python = process.env.PYTHON;
  if (!python) return null;
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  try {
    const file = join(folder, "points.f64");
    writeFileSync(file, all);
    return JSON.parse(execFileSync(python, [join(HERE, "kmeans_time.py"), file], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {number[]} times */
const written = (times) => `${median(times).toFixed(0)} ms a restart (${times.map((t) => t.toFixed(0)).join(", ")})`;

export async function kmeans() {
  const ws = await openWorkspace();
  try {
    await ws.load(new Uint8Array(await new Blob(shop(100_000)).arrayBuffer()));
    const view = ws.at();
    const [own, peer] = [await ours(view), theirs(await points(view))];
    console.log(`k-means, 100,000 x 3, k = 5, wasm in Node: ${written(own)}`);
    if (!peer) console.log("scikit-learn: not timed; PYTHON names a Python that has it");
    else {
      console.log(`scikit-learn, native:                      ${written(peer)}`);
      console.log(`ratio: ${(median(own) / median(peer)).toFixed(2)} (at most 3 is asked for)`);
    }
  } finally {
    await ws.close();
  }
}
