/**
 * `cargo xtask bench FILE... [--runs N] [--only WORD]...` and the flags of
 * layouts.js: the time from File to RFM scores a customer, of Regulars and its
 * peers, in one page of one Chromium, beside the floor. `--page [FILE]` measures
 * what a visitor of the built page waits for instead, `--memory FILE` what
 * memory the engine takes.
 */

import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";

import { layoutOf, FLAGS } from "./layouts.js";
import { stagePage } from "./stage.js";

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { page: { type: "boolean", default: false }, memory: { type: "boolean", default: false }, runs: { type: "string", default: "5" }, only: { type: "string", multiple: true }, ...FLAGS },
});
const { runs: runsText, only, page: ofPage, memory: ofMemory, ...flags } = values;
if (ofPage) {
  const { waiting } = await import("./waiting.js");
  await waiting(files[0]);
  process.exit(0);
}
if (ofMemory) {
  const { memory } = await import("./memory.js");
  await memory(files[0]);
  process.exit(0);
}
const runs = Number(runsText);
if (files.length === 0 || !(runs >= 1)) {
  console.error("Name at least one CSV file: cargo xtask bench orders.csv [--runs 5]");
  process.exit(2);
}

/** @param {number[]} values */
const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** The names of the columns. @param {string} file */
async function headerOf(file) {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 << 10), 0, 64 << 10, 0);
  await handle.close();
  const [line] = buffer.subarray(0, bytesRead).toString("utf8").replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  return line.split(",").map((name) => name.replaceAll('"', ""));
}

const { page, close, refused } = await stagePage();
let disagreed = false;
try {
  const all = await page.evaluate(() => /** @type {any} */ (window).stage.open());
  const wanted = (/** @type {string} */ name) =>
    !only || only.some((word) => name.toLowerCase().includes(word.toLowerCase()));
  const names = all.filter(wanted);
  for (const file of files) {
    const { size } = await stat(file);
    const { name: layoutName, layout } = layoutOf(await headerOf(file), flags);
    await page.setInputFiles("input", file);
    const run = (/** @type {string} */ name) =>
      page.evaluate(([name, layout]) => /** @type {any} */ (window).stage.run(name, layout), /** @type {const} */ ([name, layout]));
    console.log(`\n${basename(file)}: ${(size / 1e6).toFixed(1)} MB, columns of ${layoutName}\n`);

    // First they must agree; that run also warms everybody up.
    /** @type {{ name: string, customers: number, orders: number, net: number }[]} */
    const facts = [];
    for (const name of names) {
      try {
        const result = await run(name);
        if (!result.complete) throw new Error("not every customer has three scores");
        facts.push({ name, ...result });
      } catch (error) {
        console.log(`${name}: left out, it failed: ${String(error).split("\n")[0]}`);
      }
    }
    const [first] = facts;
    if (!first) throw new Error("no contestant could read the file");
    for (const { name, customers, orders, net } of facts) {
      const same =
        customers === first.customers &&
        orders === first.orders &&
        Math.abs(net - first.net) <= 1e-9 * Math.abs(first.net);
      if (!same) disagreed = true;
      console.log(`${name.padEnd(26)} ${customers} customers, ${orders} orders, net ${net.toFixed(3)}${same ? "" : "  DISAGREES"}`);
    }
    if (disagreed) throw new Error("the contestants do not agree, so they are not timed");

    // In turns, so that a slow minute of the machine hits all alike.
    /** @type {Map<string, number[]>} */
    const times = new Map([["floor", []], ...facts.map(({ name }) => /** @type {[string, number[]]} */ ([name, []]))]);
    for (let i = 0; i < runs; i += 1) {
      for (const [name, taken] of times) {
        const { ms } = name === "floor" ? await page.evaluate(() => /** @type {any} */ (window).stage.floor()) : await run(name);
        taken.push(ms);
      }
    }

    const floor = median(/** @type {number[]} */ (times.get("floor")));
    const own = median(times.get("Regulars") ?? [NaN]);
    console.log(`\n${"median of " + runs}`.padEnd(27), "      ms   fastest     MB/s   x floor   x Regulars");
    for (const [name, taken] of times) {
      const ms = median(taken);
      const cells = [
        ms.toFixed(0).padStart(8),
        Math.min(...taken).toFixed(0).padStart(9),
        (size / 1e3 / ms).toFixed(0).padStart(8),
        (ms / floor).toFixed(1).padStart(9),
        Number.isNaN(own) ? "" : (ms / own).toFixed(2).padStart(12),
      ];
      console.log(name.padEnd(26), cells.join(" "));
    }
  }
} finally {
  await close();
}
if (refused.length > 0) console.log(`\nAsked for and not given: ${refused.join(", ")}`);
