/** Slices by a clock that only the engine's work moves: exact on any machine. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Runner } from "../../pkg/runner.js";
import { FakeEngine } from "./fake.js";

/**
 * Runs a call while the clock stands still but for the engine's work.
 *
 * @param {import("../../pkg/runner.js").Call} call
 * @param {(units: number, sofar: number) => number} cost milliseconds of so many units
 */
async function timed(call, cost) {
  let now = 0;
  let sofar = 0;
  const clock = mock.method(performance, "now", () => now);
  const engine = new FakeEngine();
  engine.work = (units) => {
    now += cost(units, sofar);
    sofar += units;
  };
  const slices = /** @type {number[]} */ ([]);
  let running = true;
  let last = 0;
  const watch = () => {
    slices.push(now - last);
    last = now;
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  const reports = /** @type {{ at: number, done: number, stage: string }[]} */ ([]);
  try {
    const readings = new Runner(engine);
    engine.loaded = [];
    await readings.run(call, ({ done, stage }) => reports.push({ at: now, done, stage }));
  } finally {
    running = false;
    clock.mock.restore();
  }
  return { longest: Math.max(...slices), total: now, turns: slices.length, reports };
}

const fit = { name: "lifetime", args: { settings: { lifetime: { units: 5_000_000 } } } };

test("a slice stays under 50 ms on fast and on slow machines", async () => {
  for (const perUnit of [0.00001, 0.0005, 0.002]) {
    const { longest, total, turns } = await timed(fit, (units) => units * perUnit);
    assert.ok(longest <= 50, `${longest} ms at ${perUnit} ms a unit`);
    assert.ok(turns < 20 + total / 10, "and others are not called needlessly often");
  }
});

test("a slice recovers when the work gets five times dearer halfway", async () => {
  const cost = (/** @type {number} */ units, /** @type {number} */ sofar) =>
    units * (sofar > 2_000_000 ? 0.0025 : 0.0005);
  const { longest } = await timed(fit, cost);
  assert.ok(longest <= 80, `${longest} ms`);
});

test("cheap steps do not make the dear one after them endless", async () => {
  // Bookkeeping that ignores its budget, then a fit at a microsecond a term.
  const cost = (/** @type {number} */ units, /** @type {number} */ sofar) => (sofar < 4_000_000 ? 0 : units * 0.001);
  const { longest } = await timed(fit, cost);
  assert.ok(longest <= 80, `${longest} ms`);
});

test("reading is sliced too, and never pushes more than 1 MiB", async () => {
  const source = new Blob([new Uint8Array(9 << 20).fill(0x61)]);
  for (const mbPerSecond of [10, 100, 1000]) {
    const call = { name: "inspect", args: {}, source };
    const { longest } = await timed(call, (units) => units / (mbPerSecond * 1000));
    assert.ok(longest <= 50, `${longest} ms at ${mbPerSecond} MB/s`);
  }
});

test("progress is reported at most ten times a second, and rises", async () => {
  const { reports, total } = await timed(fit, (units) => units * 0.0005);
  assert.ok(reports.length > 5, `${reports.length} reports`);
  assert.ok(reports.length <= 1 + total / 100);
  for (const [i, report] of reports.entries()) {
    assert.equal(report.stage, "lifetime");
    if (i > 0) {
      assert.ok(report.at - reports[i - 1].at >= 100);
      assert.ok(report.done > reports[i - 1].done);
    }
  }
});
