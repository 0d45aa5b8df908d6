/** Lifetime value through the package: single customers, groups, covariates, subscriptions, given histories. */

import assert from "node:assert/strict";
import { existsSync, openAsBlob } from "node:fs";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { failure } from "./fake.js";

/** Where the data for developing are, if they are. @param {string} name */
const shared = (name) =>
  ["../shared/data", "../../shared/data"].map((folder) => `${folder}/${name}`).find((path) => existsSync(path));

/** @param {any} result @returns {any} */
function available(result) {
  assert.ok(!("unavailable" in result), JSON.stringify(result));
  return result;
}

/** @param {number} got @param {number} expected @param {number} tolerance relative */
const near = (got, expected, tolerance) => assert.ok(Math.abs(got / expected - 1) <= tolerance, `${got} for ${expected}`);

test("rows, equity and covariates of the sample shop agree with its totals and its table", async () => {
  const ws = await openWorkspace();
  await ws.load(await ws.sample({ customers: 600 }));
  const view = ws.at(undefined, { lifetime: { model: "mbg-nbd", holdoutDays: 0, margin: 0.4, acquisitionCost: 12 } });
  const life = available(await view.lifetime());
  assert.equal(life.identifiesDropout, true);
  assert.equal(life.distribution.reduce((/** @type {number} */ sum, /** @type {any} */ bin) => sum + bin.customers, 0), 600);
  assert.ok(life.payback.value > 0 && life.payback.cost === 12);

  const equity = available(await view.equity());
  near(equity.total.future, life.totals.clv, 1e-9);
  near(equity.total.historic, life.totals.historic, 1e-9);
  for (const by of ["segment", "cohort", "channel", "country"]) {
    for (const figure of ["customers", "historic", "future", "expectedOrders", "share"]) {
      const sum = equity[by].reduce((/** @type {number} */ all, /** @type {any} */ row) => all + row[figure], 0);
      near(sum, equity.total[figure], 1e-9);
    }
  }

  const found = available(await view.lifetimeRows({ sortBy: "clv", descending: true, limit: 5, laterDays: 30, paths: true }));
  const { columns } = await view.customers({ columns: ["customerId", "pAlive", "expectedOrders", "clv"], sortBy: "clv", descending: true, limit: 5 });
  assert.deepEqual([found.total, found.rows.length, found.laterDays, found.model], [600, 5, 30, "mbg-nbd"]);
  found.rows.forEach((/** @type {any} */ row, /** @type {number} */ i) => {
    assert.equal(row.customerId, columns.customerId?.[i]);
    near(row.pAlive, Number(columns.pAlive?.[i]), 1e-12);
    near(row.expectedOrders, Number(columns.expectedOrders?.[i]), 1e-9);
    assert.equal(row.forecastClv, columns.clv?.[i]);
    // The mean of a skew future may lie beyond its range.
    assert.ok(row.clvLow >= 0 && row.clvLow < row.clvHigh && row.ordersLow < row.ordersHigh);
    assert.ok(row.pAliveLow <= row.pAlive && row.pAlive <= row.pAliveHigh && row.pAliveLater <= row.pAlive);
    assert.ok(row.dueDays50 <= (row.dueDays80 ?? Infinity));
    assert.ok(row.residualValue > row.clv, "the value without end is more than that of a year");
    assert.equal(row.path.day.length, row.path.pAlive.length);
    near(row.path.pAlive.at(-1), row.pAlive, 1e-12);
  });
  const again = available(await view.lifetimeRows({ sortBy: "clv", descending: true, limit: 5, laterDays: 30, paths: true }));
  assert.deepEqual(again, found);
  assert.equal((await failure(view.lifetimeRows({ laterDays: 0 }))).code, "bad-later-days");

  // One cost for all but one channel, which has its own.
  assert.deepEqual(equity.payback.map((/** @type {any} */ row) => row.channel), equity.channel.flatMap((/** @type {any} */ row) => row.label ?? []));
  assert.ok(equity.payback.every((/** @type {any} */ row) => row.cost === 12 && row.value > 0 && row.firstValue > 0));
  const [first] = equity.payback;
  /** @type {import("../../pkg/types.js").ViewSettings} */
  const costs = { lifetime: { model: "mbg-nbd", holdoutDays: 0, margin: 0.4, acquisitionCost: 12, acquisitionCosts: { [String(first.channel)]: 1e6 } } };
  const dear = available(await ws.at(undefined, costs).equity()).payback;
  assert.deepEqual([dear[0].cost, dear[0].days, dear[0].value], [1e6, null, first.value]);
  assert.deepEqual(dear.slice(1), equity.payback.slice(1));
  const bad = ws.at(undefined, { lifetime: { acquisitionCosts: { web: -1 } } });
  assert.equal((await failure(bad.lifetime())).code, "bad-acquisition-cost");

  const covariates = available(await view.covariates({ attributes: ["channel"] }));
  assert.ok(covariates.logLikelihood >= covariates.plainLogLikelihood && covariates.pValue >= 0 && covariates.pValue <= 1);
  assert.ok(covariates.coefficients.length > 0 && covariates.verdict.text);
  const unknown = /** @type {any} */ (await view.covariates({ attributes: ["weather"] }));
  assert.equal(unknown.unavailable, "covariates-unknown");
  await ws.close();
});

test("subscriptions: from numbers, with days, with a tenure", async () => {
  const ws = await openWorkspace();
  const survivors = [1000, 631, 468, 382, 326, 289, 262, 241];
  const { groups: [given] } = await ws.subscriptions({ cohorts: [survivors] }, { unit: "year" });
  // Fader and Hardie (2007), "Regular": .704 and 1.182.
  assert.equal(given?.model, "sbg");
  near(given?.parameters?.[0]?.value ?? NaN, 0.704, 1e-3);
  near(given?.parameters?.[1]?.value ?? NaN, 1.182, 1e-3);

  // The same people a row each: who began on 1 January, and the day on which it ended.
  const lines = ["began,ended,tenure,observed,left"];
  for (let year = 0; year < 7; year += 1) {
    for (let n = 0; n < (survivors[year] ?? 0) - (survivors[year + 1] ?? 0); n += 1) lines.push(`2010-01-01,${2010 + year}-12-31,${year + 1},8,yes`);
  }
  for (let n = 0; n < 241; n += 1) lines.push("2010-01-01,,8,8,no");
  const csv = lines.join("\n");
  /** @type {import("../../pkg/types.js").SubscriptionOptions[]} */
  const ways = [
    { start: "began", end: "ended", asOf: "2017-06-30" },
    { tenure: "tenure", observed: "observed" },
    { tenure: "tenure", left: "left" },
  ];
  for (const way of ways) {
    const { groups, notices } = await ws.subscriptions(csv, { unit: "year", ...way });
    assert.deepEqual(notices, []);
    assert.deepEqual([groups[0]?.customers, groups[0]?.left, groups[0]?.model], [1000, 759, "sbg"], JSON.stringify(way));
    near(groups[0]?.logLikelihood ?? NaN, given?.logLikelihood ?? NaN, 1e-12);
  }
  const table = await ws.subscriptions(`cohort,y0,y1,y2,y3\na,1000,631,468,382\nb,1000,869,743,\n`, { unit: "year", by: "cohort", columns: ["y0", "y1", "y2", "y3"] });
  assert.deepEqual(table.groups.map(({ id, left }) => [id, left]), [["a", 618], ["b", 257]]);

  const code = async (/** @type {any} */ source, options = {}) => (await failure(ws.subscriptions(source, options))).code;
  assert.equal(await code({ cohorts: [[10, 12]] }), "retention-rising");
  assert.equal(await code({ cohorts: [] }), "retention-no-source");
  assert.equal(await code(csv, { start: "nowhere" }), "retention-unknown-column");
  assert.equal(await code(csv, { start: "left" }), "retention-column");
  assert.equal(await code(csv, { tenure: "tenure" }), "retention-no-source");
  assert.equal(await code({ cohorts: [[10, 8, 7]] }, { discountRate: 0 }), "bad-discount-rate");
  assert.equal(await code({ cohorts: [[10, 8, 7]] }, { periods: 0 }), "bad-periods");
  const nobody = await ws.subscriptions({ cohorts: [[10, 10, 10]] });
  assert.equal(nobody.groups[0]?.missing?.code, "retention-no-loss");
  await ws.close();
});

test("given histories: fitted, predicted, refused", async () => {
  const ws = await openWorkspace();
  const rows = Array.from({ length: 400 }, (_, i) => ({ x: i % 5, t: i % 5 ? 30 + ((i * 37) % 300) : 0, age: 340 + (i % 60) }));
  const histories = { frequency: rows.map((r) => r.x), recencyDays: rows.map((r) => r.t), ageDays: rows.map((r) => r.age) };
  const fit = await ws.fitHistories(histories, { model: "pareto-nbd" });
  assert.deepEqual([fit.customers, fit.repeaters, fit.parameters.length], [400, 320, 4]);
  assert.ok(fit.verdict.text);
  const parameters = fit.parameters.map((p) => p.value);
  const { pAlive, expectedOrders } = await ws.predictHistories(histories, { model: "pareto-nbd", parameters, horizonDays: 90 });
  assert.equal(pAlive.length, 400);
  assert.ok(pAlive.every((p) => p >= 0 && p <= 1) && expectedOrders.every((n) => n >= 0));
  // A weight stands for so many equal rows.
  const twice = await ws.fitHistories({ ...histories, customers: rows.map(() => 2) }, { model: "mbg-nbd" });
  const once = await ws.fitHistories(histories, { model: "mbg-nbd" });
  near(twice.logLikelihood, 2 * once.logLikelihood, 1e-9);

  const code = async (/** @type {any} */ columns, options = {}) => (await failure(ws.fitHistories(columns, options))).code;
  assert.equal(await code({ frequency: [], recencyDays: [], ageDays: [] }), "histories-length");
  assert.equal(await code({ frequency: [1], recencyDays: [1, 2], ageDays: [3] }), "histories-length");
  assert.equal(await code({ frequency: [1.5], recencyDays: [1], ageDays: [3] }), "histories-number");
  assert.equal(await code({ frequency: [1], recencyDays: [5], ageDays: [3] }), "history-recency-beyond-age");
  assert.equal(await code({ frequency: [1], recencyDays: [2], ageDays: [3] }), "lifetime-too-little-data");
  assert.equal(await code(histories, { model: "mbg-cnbd-k" }), "histories-without-gaps");
  assert.equal((await failure(ws.predictHistories(histories, { model: "nbd", parameters: [1, -1] }))).code, "bad-parameters");
  await ws.close();
});

const donations = shared("btyd/donations.csv");
test("reference: the donations of BG/BB as given histories", { skip: donations ? false : "skipped: ../shared/data is absent" }, async () => {
  const ws = await openWorkspace();
  const text = await (await openAsBlob(/** @type {string} */ (donations))).text();
  const rows = text.trim().split("\n").slice(1).map((line) => line.split(",").map(Number));
  const column = (/** @type {number} */ i, scale = 1) => rows.map((row) => (row[i] ?? NaN) * scale);
  const options = /** @type {const} */ ({ model: "bg-bb", periodDays: 7 });
  const fit = await ws.fitHistories({ frequency: column(0), recencyDays: column(1, 7), ageDays: column(2, 7), customers: column(3) }, options);
  assert.equal(fit.customers, 11104);
  near(fit.logLikelihood, -33225.581274347, 1e-12);
  [1.203522351602, 0.7497163581729, 0.6567182084418, 2.783442232577].forEach((value, i) => near(fit.parameters[i]?.value ?? NaN, value, 1e-6));
  await ws.close();
});
