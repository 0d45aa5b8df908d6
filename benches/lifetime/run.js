/**
 * Times the fits of the lifetime models in WebAssembly beside Python's lifetimes, on the same
 * machine and the same histories, one after the other.
 *
 *     cargo xtask bench lifetime [--customers 1000000] [--cdnow FILE]
 *
 * PYTHON names a Python that has lifetimes; without one, our own times are printed alone.
 * Both sides get histories already counted (frequency, recency, age), and both times include
 * everything from there to the parameters; ours include finding the distinct histories, the
 * fit without dropout for the verdict, and the standard errors.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { openWorkspace } from "../../pkg/node.js";
import { simulated } from "./simulate.js";

/** @typedef {{ frequency: Int32Array, recencyDays: Int32Array, ageDays: Int32Array }} Columns */

const HERE = dirname(fileURLToPath(import.meta.url));
const HORIZON_DAYS = 364;

const { values } = parseArgs({
  options: { customers: { type: "string", default: "1000000" }, cdnow: { type: "string" } },
});
const customers = Number(values.customers);
const sample = [values.cdnow, "../shared/data/cdnow/CDNOW_sample.txt"].find((file) => file && existsSync(file));

/** The calibration period of the papers: days from the first order to 1997-09-30. @param {string} file @returns {Columns} */
function cdnow(file) {
  const end = Date.UTC(1997, 8, 30) / 86_400_000;
  /** @type {Map<string, number[]>} */
  const days = new Map();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [, id, date] = line.trim().split(/\s+/);
    if (!id || !date) continue;
    const day = Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6, 8)) / 86_400_000;
    if (day <= end) days.set(id, [...(days.get(id) ?? []), day]);
  }
  const rows = [...days.values()].map((all) => [...new Set(all)].sort((a, b) => a - b));
  return {
    frequency: Int32Array.from(rows, (row) => row.length - 1),
    recencyDays: Int32Array.from(rows, (row) => (row.at(-1) ?? 0) - (row[0] ?? 0)),
    ageDays: Int32Array.from(rows, (row) => end - (row[0] ?? 0)),
  };
}

/** @param {number[]} times */
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
/** @param {number} seconds */
const written = (seconds) => (seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`);

/** @param {Columns} columns @param {string} model @param {number} repeats @returns {any} */
function peer(columns, model, repeats) {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  try {
    const file = join(folder, "histories.bin");
    writeFileSync(file, Buffer.concat([columns.frequency, columns.recencyDays, columns.ageDays].map((c) => Buffer.from(c.buffer))));
    const args = [join(HERE, "peer.py"), file, model, String(repeats), String(HORIZON_DAYS / 7)];
    const said = execFileSync(process.env.PYTHON ?? "python3", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    // It prints its optimiser's troubles before our line.
    return JSON.parse(said.trim().split("\n").at(-1) ?? "");
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {Columns} columns
 * @param {"bg-nbd" | "mbg-nbd" | "pareto-nbd"} model
 * @param {number} repeats of ours
 * @param {number} theirs
 */
async function compare(name, columns, model, repeats, theirs) {
  const workspace = await openWorkspace();
  const fits = [];
  const predictions = [];
  /** @type {import("../../pkg/types.d.ts").HistoriesFit | null} */
  let fit = null;
  let orders = 0;
  // One run to warm up where there are several: both sides are measured warm.
  for (let run = repeats > 1 ? -2 : 0; run < repeats; run += 1) {
    let start = performance.now();
    fit = await workspace.fitHistories(columns, { model });
    if (run >= 0) fits.push((performance.now() - start) / 1000);
    const parameters = fit.parameters.map((p) => p.value);
    start = performance.now();
    const predicted = await workspace.predictHistories(columns, { model, parameters, horizonDays: HORIZON_DAYS });
    if (run >= 0) predictions.push((performance.now() - start) / 1000);
    orders = predicted.expectedOrders.reduce((sum, n) => sum + n, 0);
  }
  await workspace.close();
  if (!fit) return;
  const other = peer(columns, model, theirs);
  const [ours, predict] = [median(fits), median(predictions)];
  console.log(`\n${name}, ${model}: ${columns.frequency.length} customers, ${fit.distinct} distinct histories`);
  const row = (/** @type {string[]} */ cells) => console.log(cells.map((cell, i) => (i ? cell.padStart(16) : cell.padEnd(18))).join(""));
  row(["", "fit", "predict", "log-likelihood", "orders to come"]);
  row(["Regulars", written(ours), written(predict), fit.logLikelihood.toFixed(4), orders.toFixed(1)]);
  if (!other) return console.log("No Python with lifetimes was found: set PYTHON.");
  if (other.failed) return console.log(`${other.package} gives up: ${other.failed}`);
  const [fitOther, predictOther] = [median(other.fit), median(other.predict)];
  row([other.package, written(fitOther), written(predictOther), other.logLikelihood.toFixed(4), other.orders.toFixed(1)]);
  row(["times as fast", (fitOther / ours).toFixed(1), (predictOther / predict).toFixed(1)]);
  console.log(`Predictions take ${((100 * predict) / ours).toFixed(0)} % of the time of the fit.`);
}

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}`);
if (sample) {
  for (const model of /** @type {const} */ (["bg-nbd", "mbg-nbd", "pareto-nbd"])) await compare("CDNOW", cdnow(sample), model, 21, 7);
} else console.log("CDNOW is not here: give its sample with --cdnow.");
await compare("Simulated", simulated(customers), "bg-nbd", 3, 1);
