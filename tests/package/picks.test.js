/** What is picked in the pictures of the page is whom the engine counted: the number of a mark is that of the customers selected. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { SLIPPING, cohortWhere, lived, moved, picksOf, sequenceWheres, was, wentWay } from "../../www/picks.js";
import { initialState } from "../../www/state.js";

/** @import { View, Where } from "../../pkg/types.js" */

/** @type {import("../../pkg/types.js").Workspace} */
let ws;
/** @type {View} */
let view;
before(async () => {
  ws = await openWorkspace();
  await ws.load(await ws.sample({ customers: 700 }));
  view = ws.at();
});
after(() => ws.close());

/** @param {object} result @returns {any} */
function available(result) {
  assert.ok(!("unavailable" in result), JSON.stringify(result));
  return result;
}

/** @param {Where} where */
const count = async (where) => (await view.customers({ columns: ["customerId"], where, limit: 0 })).total;

/** The wheres that a view of the page picks by. @param {import("../../www/state.js").ViewId} shown @param {Record<string, any>} values */
function picks(shown, values) {
  const state = initialState();
  for (const [id, value] of Object.entries(values)) state.results[/** @type {"rfm"} */ (id)] = { ...state.results.rfm, status: "done", value };
  return new Map(picksOf({ ...state, view: shown }).map(([key, where]) => [key, where]));
}

/** @param {Map<string, Where>} found @param {string} key */
function keyed(found, key) {
  const where = found.get(key);
  assert.ok(where, key);
  return where;
}

test("movement: each band, each side and each way", async () => {
  const from = "2026-03-01";
  const result = available(await view.movement({ from }));
  let all = 0;
  for (const [i, row] of result.customers.entries()) {
    for (const [j, n] of row.entries()) {
      all += n;
      if (n > 0 || (i + j) % 5 === 0) assert.equal(await count(moved(result, i, j)), n, `${i} ${j}`);
    }
    assert.equal(await count(moved(result, i, null)), row.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0));
  }
  assert.equal(await count({}), all);
  for (const way of /** @type {const} */ (["rose", "fell", "stayed", "arrived"])) assert.equal(await count(wentWay(result, way)), result[way].customers, way);
  assert.ok(result.rose.customers > 0 && result.fell.customers > 0 && result.arrived.customers > 0);
});

test("what held on another day is told by what was known then, in the pages of other analyses, too", async () => {
  const asOf = "2026-03-01";
  const then = ws.at(asOf);
  for (const where of /** @type {Where[]} */ ([{}, { segment: "at-risk" }, { orders: { min: 3 } }, { clv: { top: 0.2 } }, { spent: { day: { min: "2025-12-01" }, min: 50 } }])) {
    const { total, columns } = await then.customers({ columns: ["customerId"], where });
    const now = await view.customers({ columns: ["customerId"], where: was(asOf, where) });
    assert.deepEqual([now.total, [...(now.columns.customerId ?? [])]], [total, [...(columns.customerId ?? [])]], JSON.stringify(where));
    assert.ok(total > 0, JSON.stringify(where));
    assert.equal(available(await view.profile({ where: was(asOf, where) })).selected.customers, total);
  }
  assert.equal(await count({ not: was(asOf, {}) }), await count({ firstOrder: { min: "2026-03-02" } }));
  await assert.rejects(count(was(asOf, { segment: "nobody" })), { code: "unknown-segment" });
  await assert.rejects(count(was(asOf, was(asOf, {}))), { code: "where-too-deep" });
  await assert.rejects(count({ was: { where: {} } }), { code: "movement-no-day" });
  await assert.rejects(count({ spent: { over: 3 } }), { code: "where-unknown-test" });
  await assert.rejects(count({ ordered: { since: { since: {} } } }), { code: "where-unknown-test" });
});

test("life cycle: each part of each bar, in every unit", async () => {
  for (const unit of /** @type {const} */ (["week", "month", "quarter", "year"])) {
    const { periods } = available(await view.lifecycle({ unit }));
    for (const i of [0, 1, 2, periods.period.length - 2, periods.period.length - 1].filter((i) => i >= 0 && i < periods.period.length)) {
      for (const kind of /** @type {const} */ (["new", "returning", "resurrected", "dormant"])) {
        const n = periods[kind][i];
        if (n > 0) assert.equal(await count(lived(periods, kind, i)), n, `${unit} ${kind} ${periods.period[i]}`);
      }
    }
  }
});

test("cohorts by what the first order says, the others and those without among them", async () => {
  for (const by of /** @type {const} */ (["product", "channel", "country", "firstOrder"])) {
    const result = available(await ws.at(undefined, { cohorts: { by } }).cohorts());
    for (const [i, cohort] of result.cohorts.entries()) {
      const where = cohortWhere(result, i);
      assert.ok(where, `${by} ${i}`);
      assert.equal(await count(where), cohort.size, `${by} ${cohort.id} ${cohort.others}`);
    }
    assert.ok(by !== "product" || result.cohorts.some((/** @type {{ others: boolean }} */ { others }) => others));
    const found = picks("cohorts", { cohorts: result });
    const third = result.cohorts.reduce((/** @type {number} */ sum, /** @type {{ customers: number[] }} */ { customers }) => sum + (customers[3] ?? 0), 0);
    assert.equal(await count(keyed(found, "after/3")), third, by);
  }
});

test("the pictures that test the lifetime model: bars, points, cells, weeks", async () => {
  const lifetime = available(await view.lifetime());
  assert.notEqual(lifetime.model, "bg-bb");
  const equity = available(await view.equity());
  const found = picks("value", { lifetime, equity });
  const { frequencies, holdout, matrix, tracking } = lifetime;
  for (const [i, f] of frequencies.frequency.entries()) assert.equal(await count(keyed(found, `repeat/${f}`)), frequencies.actual[i], `repeat ${f}`);
  for (const [i, f] of holdout.byFrequency.frequency.entries()) assert.equal(await count(keyed(found, `held/${f}`)), holdout.byFrequency.customers[i], `held ${f}`);
  let cells = 0;
  for (const [i, row] of matrix.customers.entries()) {
    for (const [j, n] of row.entries()) {
      cells += n;
      if (n > 0) assert.equal(await count(keyed(found, `cell/${i}/${j}`)), n, `cell ${i} ${j}`);
      else assert.equal(found.has(`cell/${i}/${j}`), false);
    }
  }
  assert.ok(cells >= lifetime.customers * 0.99);
  // Of a week the picture tells orders, of which a customer may have several.
  for (const i of [9, 30]) {
    const orders = tracking.actual[i] - tracking.actual[i - 1];
    const who = await count(keyed(found, `week/${tracking.week[i]}`));
    assert.ok(who > 0 && who <= orders, `${who} ${orders}`);
  }
  for (const key of /** @type {const} */ (["channel", "country"])) {
    for (const row of equity[key]) assert.equal(await count(keyed(found, `${key}/${row.label}`)), row.customers, `${key} ${row.label}`);
  }
});

test("those who slip away are as many as the answer says", async () => {
  const { totals } = available(await view.churn());
  assert.ok(totals.slippingAway > 0);
  assert.equal(await count(SLIPPING), totals.slippingAway);
});

test("groups of retention are those of the held-out day", async () => {
  const retention = available(await view.retention());
  const found = picks("churn", { retention });
  for (const group of retention.groups) {
    for (const row of group.rows) assert.equal(await count(keyed(found, `${group.by}/${row.name}`)), row.customers, `${group.by} ${row.name}`);
  }
  assert.deepEqual(retention.groups.map((/** @type {{ by: string }} */ { by }) => by), ["segment", "country", "channel"]);
});

test("sequences: who went on to buy the other, and who did not", async () => {
  const basket = available(await ws.at(undefined, { basket: { minSupport: 0.005 } }).basket());
  const rows = [...basket.sequences.rows, ...basket.sequences.again].slice(0, 12);
  assert.ok(rows.length > 2);
  for (const row of rows) {
    const wheres = sequenceWheres(basket, row);
    assert.ok(wheres);
    assert.deepEqual(await Promise.all(wheres.map(count)), [row.followed, row.exposed - row.followed], `${row.first} ${row.then}`);
  }
});

test("rhythms: within the own gap, past it, and broken", async () => {
  const { rhythms } = available(await view.forecast());
  for (const rhythm of /** @type {const} */ (["onTime", "due", "broken"])) assert.equal(await count({ rhythm }), rhythms[rhythm], rhythm);
  assert.ok(rhythms.broken > 0);
  await assert.rejects(count({ rhythm: "slow" }), { code: "where-wrong-type" });
});

test("tiers: by what was spent within the window", async () => {
  const result = available(await view.loyalty({}));
  const spent = (/** @type {number} */ min) => ({ spent: { day: { min: was365(result.asOf), max: result.asOf }, min } });
  for (const [i, tier] of result.tiers.entries()) {
    const above = result.tiers[i - 1]?.least ?? null;
    const and = [...(tier.least === null ? [] : [spent(tier.least)]), ...(above === null ? [] : [{ not: spent(above) }])];
    assert.equal(await count({ and }), tier.customers, tier.name);
  }
});

/** The first of 365 days. @param {string} day */
const was365 = (day) => new Date(Date.parse(day) - 364 * 864e5).toISOString().slice(0, 10);
