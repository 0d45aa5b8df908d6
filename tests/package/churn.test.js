/** Who is slipping away, through the package: no leak, plans and their results, labelled tables. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";

/** @template T @param {T} result @returns {Exclude<T, import("../../pkg/types.d.ts").Unavailable>} */
function available(result) {
  assert.ok(!(/** @type {object} */ (result) && "unavailable" in /** @type {object} */ (result)), JSON.stringify(result));
  return /** @type {any} */ (result);
}

/** @param {Uint8Array | Blob} bytes */
const text = (bytes) => new TextDecoder().decode(/** @type {Uint8Array} */ (bytes));

/** Numbers that look random and are the same at every run. @param {number} seed */
function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("nothing after the cut-off changes what is said of it", async () => {
  const random = chance(7);
  const day = (/** @type {number} */ n) => new Date(Date.UTC(2022, 0, 1 + n)).toISOString().slice(0, 10);
  /** @type {string[]} */
  const past = [];
  /** @type {string[]} */
  const future = [];
  for (let c = 0; c < 500; c += 1) {
    const gap = 10 + random() * 60;
    const until = random() * 700;
    for (let t = random() * 300; t < until; t += gap * (0.3 + 1.4 * random())) {
      const row = `${past.length},c${c},${day(Math.floor(t))},${(5 + 95 * random()).toFixed(2)}`;
      (t < 420 ? past : future).push(row);
    }
  }
  const scores = async (/** @type {string[]} */ later) => {
    const ws = await openWorkspace();
    await ws.load(["order_id,customer_id,order_date,total", ...past, ...later].join("\n"));
    const view = ws.at(day(419), { churn: { windowDays: 60 }, lifetime: { model: "mbg-nbd" }, winback: { budget: 50 } });
    const churn = available(await view.churn());
    const { columns } = await view.customers({ columns: ["customerId", "churnProbability", "pAlive", "health", "winbackGain"], sortBy: "customerId" });
    const list = text(await view.exportCsv({ what: "winback" }));
    await ws.close();
    return JSON.stringify([churn, Object.values(columns).map((column) => [...column]), list]);
  };
  // Later orders with other customers, days and amounts, and none at all.
  const shuffled = future.map((row, i) => {
    const [, , date] = row.split(",");
    return `x${i},c${(i * 37) % 500},${date},${(i % 900) + 0.5}`;
  });
  const expected = await scores(future);
  assert.equal(await scores(shuffled), expected);
  assert.equal(await scores([]), expected);
});

test("rates, health and the plan reach the caller, and the plan is read back", async () => {
  const ws = await openWorkspace();
  const ledger = await ws.load(await ws.sample({ seed: 11, customers: 1500 }));
  const from = new Date(Date.parse(String(ledger.lastDate)) - 120 * 86_400_000).toISOString().slice(0, 10);
  const view = ws.at(from, { winback: { budget: 120, costPerContact: 2, holdOut: 0.3, successRate: 0.3 } });

  const retention = available(await view.retention());
  for (const period of [...retention.windows, ...retention.months]) {
    assert.ok(period.retained <= period.active && period.repeaters <= period.customers);
    if (period.active > 0) assert.ok(Math.abs(Number(period.retention) + Number(period.churn) - 1) < 1e-12);
  }
  const groups = retention.groups.find(({ by }) => by === "segment");
  assert.ok(groups && groups.rows.length > 2);
  assert.equal(retention.formulas.length, 3);

  const health = available(await view.health());
  assert.ok(health.alerts.length > 0 && health.alerts.every((alert) => alert.health < alert.before));
  const mine = available(await view.health({ weights: { activity: 1, cadence: 0, trend: 0, breadth: 0, returns: 0 } }));
  assert.notEqual(mine.mean, health.mean);
  const worst = await view.customers({ columns: ["customerId", "health"], where: { health: { max: 20 } } });
  assert.ok([...(worst.columns.health ?? [])].every((score) => Number(score) <= 20));

  const plan = available(await view.winback());
  assert.ok(plan.cost <= 120 && plan.customers <= 60 && plan.heldOut > 0);
  const list = await view.exportCsv({ what: "winback" });
  const [header = "", first = "", ...others] = text(list).replace("\ufeff", "").trimEnd().split("\r\n");
  assert.match(header, /^customerId,place,effort,offer,owner,reason,measureBy,/);
  assert.match(first, /,contact,(Personal call|Personal letter|E-mail|Newsletter),/);
  assert.equal(others.length + 1, plan.customers + plan.heldOut);
  assert.ok(others.some((row) => row.includes(",held-out,Keep aside: do not contact,No offer,Nobody,")));

  const outcome = await ws.at().winbackOutcome(/** @type {Uint8Array} */ (list));
  assert.equal(outcome.contacted.customers + outcome.contacted.missing, plan.customers);
  assert.equal(outcome.heldOut.customers + outcome.heldOut.missing, plan.heldOut);
  assert.equal(outcome.cost, plan.cost);
  assert.ok(outcome.until > from);
  await assert.rejects(ws.at().winbackOutcome("a,b\n1,2\n"), { code: "winback-list-column" });
  await ws.close();
});

test("where the effect of a contact is known, the plan recovers more than the riskiest or the richest", async () => {
  const random = chance(99);
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const day = (/** @type {number} */ n) => new Date(Date.UTC(2022, 0, 1 + Math.floor(n))).toISOString().slice(0, 10);
  const [cut, horizon] = [540, 365];
  const rows = ["order_id,customer_id,order_date,total"];
  /** What winning a customer brings who left lately: a contact wins one in five of them. @type {Map<string, number>} */
  const worth = new Map();
  for (let c = 0; c < 3000; c += 1) {
    const gap = 12 * Math.exp(0.8 * normal()) + 6;
    const basket = 30 * Math.exp(0.9 * normal());
    const leaves = 0.04 + 0.2 * random();
    let left = Infinity;
    let t = random() * 500;
    while (t < cut && left === Infinity) {
      rows.push(`o${rows.length},c${c},${day(t)},${(basket * Math.exp(0.3 * normal())).toFixed(2)}`);
      if (random() < leaves) left = t + gap;
      t += -gap * Math.log(random() + 1e-12);
    }
    if (left > cut - 120 && left < cut + 60) worth.set(`c${c}`, (0.2 * horizon * basket) / gap);
  }
  const ws = await openWorkspace();
  await ws.load(rows.join("\n"));
  const view = ws.at(day(cut), { churn: { windowDays: 90 }, lifetime: { model: "mbg-nbd" }, winback: { budget: 150, costPerContact: 1, holdOut: 0, successRate: 0.2, margin: 1 } });
  const recovered = async (/** @type {any} */ query) => {
    const { columns } = await view.customers({ columns: ["customerId"], limit: 150, ...query });
    return /** @type {string[]} */ (columns.customerId).reduce((sum, id) => sum + (worth.get(id) ?? 0), 0);
  };
  const plan = await recovered({ where: { inPlan: true } });
  const riskiest = await recovered({ sortBy: "churnProbability", descending: true });
  const richest = await recovered({ sortBy: "revenue", descending: true });
  assert.ok(plan > riskiest && plan > richest, `${plan} ${riskiest} ${richest}`);
  // Among the same customers: those who are late and can still come back.
  const late = { where: { phase: "open" } };
  assert.ok(plan > 1.05 * (await recovered({ ...late, sortBy: "revenue", descending: true })));
  assert.ok(plan > 1.5 * (await recovered({ ...late, sortBy: "churnProbability", descending: true })));
  await ws.close();
});

/**
 * A made-up table: `together` makes two columns matter only together.
 * @param {{ rows: number, together?: boolean, says?: [string, string], seed?: number }} options
 */
function table({ rows, together = false, says = ["Yes", "No"], seed = 3 }) {
  const random = chance(seed);
  const plans = ["Basic", "Plus", "Pro", "Family"];
  const lines = ["id,plan,months,usage,signup,spend,Closed on,Churn"];
  for (let i = 0; i < rows; i += 1) {
    const plan = plans[Math.floor(random() * 4)];
    const months = Math.floor(random() * 60);
    const usage = random() * 100;
    const odds = together
      ? (months > 30 === usage > 50 ? 2.5 : -2.5)
      : (plan === "Basic" ? 1 : -1) - months / 30 + (usage < 30 ? 1.2 : -0.4);
    const left = random() < 1 / (1 + Math.exp(-odds));
    const spend = random() < 0.03 ? " " : `"${(usage * 3 + 20 * random()).toFixed(2).replace(".", ",")}"`;
    const signup = new Date(Date.UTC(2020, 0, 1) + months * 2.6e9).toISOString().slice(0, 10);
    lines.push([`K-${i}`, plan, months, usage.toFixed(1), signup, spend, left ? "2024-01-05" : "", left ? says[0] : says[1]].join(","));
  }
  return lines.join("\n");
}

test("a labelled table: numbers with blanks, a leak that is named, reasons in words", async () => {
  const ws = await openWorkspace();
  const csv = table({ rows: 1200 });
  const found = await ws.inspect(csv);
  assert.equal(found.kind, "table");
  const result = await ws.churnTable(found);
  assert.deepEqual(result.leaks.map(({ column, because }) => [column, because]), [["Closed on", "only-churners"]]);
  assert.ok(result.metrics.auc > 0.72 && result.metrics.auc < 0.95, String(result.metrics.auc));
  assert.ok(result.metrics.calibrationError < 0.06, String(result.metrics.calibrationError));
  assert.ok(result.columns.includes("spend") && result.columns.includes("signup"));
  assert.ok(!result.columns.includes("id"));
  assert.equal(result.churnProbability.length, 1200);
  assert.ok(result.top.every((row, i) => i === 0 || row.churnProbability <= Number(result.top[i - 1]?.churnProbability)));
  assert.match(String(result.top[0]?.reasons[0]?.text), /: .*leave more often/);
  const scored = text(await ws.churnTableCsv(found)).trimEnd().split("\r\n");
  assert.equal(scored.length, 1201);
  const leaky = await ws.churnTable(found, { keep: ["Closed on"] });
  assert.ok(leaky.metrics.auc > 0.99 && leaky.notices.some(({ code }) => code === "churn-trap-too-good"));
  await ws.close();
});

test("what two columns say together is found by trees, and nothing is worse for it", async () => {
  const ws = await openWorkspace();
  const result = await ws.churnTable(table({ rows: 2500, together: true }));
  const chosen = result.candidates.find((candidate) => candidate.chosen);
  assert.notEqual(chosen?.model, "logistic");
  assert.ok(result.metrics.auc > 0.85, String(result.metrics.auc));
  await ws.close();
});

test("the outcome may be said in many ways", async () => {
  const ws = await openWorkspace();
  const expected = await ws.churnTable(table({ rows: 400 }));
  for (const says of /** @type {[string, string][]} */ ([["1", "0"], ["True", "False"], ["True.", "False."], ["Churned", "Stayed"], ["Attrited Customer", "Existing Customer"]])) {
    const result = await ws.churnTable(table({ rows: 400, says }));
    assert.equal(result.positive, says[0]);
    assert.equal(result.metrics.churned, expected.metrics.churned, says[0]);
    assert.equal(result.metrics.auc, expected.metrics.auc, says[0]);
  }
  const named = await ws.churnTable(table({ rows: 400, says: ["red", "blue"] }), { positive: "blue" });
  assert.equal(named.metrics.churned, 400 - expected.metrics.churned);
  await assert.rejects(ws.churnTable("a,b\n1,2\n3,4\n"), { code: "table-no-label" });
  const other = table({ rows: 400 }).replace("Closed on,Churn", "Closed on,Outcome");
  assert.equal((await ws.churnTable(other, { label: "Outcome" })).metrics.auc, expected.metrics.auc);
  await ws.close();
});

test("where future value is little more than a guess, win-back goes by what was spent", async () => {
  // Ninety customers of half a year, of whom a third came back once or twice.
  let seed = 3;
  const draw = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const rows = ["order_id,customer_id,order_date,total"];
  for (let c = 0; c < 90; c += 1) {
    let day = Math.floor(draw() * 150);
    for (let n = draw() < 0.35 ? 2 + Math.floor(draw() * 2) : 1; n > 0 && day <= 180; n -= 1, day += 10 + Math.floor(draw() * 60)) {
      rows.push(`${rows.length},c${c},${new Date(Date.UTC(2024, 0, 1) + day * 864e5).toISOString().slice(0, 10)},${(3 + draw() * draw() * 200).toFixed(2)}`);
    }
  }
  const small = await openWorkspace();
  await small.load(new TextEncoder().encode(rows.join("\n")));
  const view = small.at(undefined, { winback: { leastRisk: 0, costPerContact: 0.01 } });
  const value = /** @type {any} */ (await view.lifetime());
  assert.ok(value.totals.clvHigh > 2 * value.totals.clvLow, "the interval is wide");
  const plan = /** @type {any} */ (await view.winback());
  const { columns } = await view.customers({ columns: ["customerId", "revenue"] });
  const spent = new Map([...(columns.customerId ?? [])].map((id, i) => [id, columns.revenue?.[i]]));
  const shares = plan.rows.map((/** @type {any} */ row) => row.valueAtStake / Number(spent.get(row.customerId)));
  assert.ok(shares.length > 10 && Math.max(...shares) - Math.min(...shares) < 1e-9 * Math.max(...shares), String(shares.slice(0, 5)));
  await small.close();
});
