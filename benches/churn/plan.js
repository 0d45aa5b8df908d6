/**
 * The win-back plan at four past days against two simpler lists of as many contacts: what the listed
 * customers brought in the window after each, the mean of the four and that of the last.
 *
 *     node benches/churn/plan.js ../shared/data
 *
 * `plan` is the plan as it comes, for a budget (its aim: to keep those who would leave); `aim revenue`
 * the one that is to reach those who bring most from now on, and so once more over everyone. `risk` are the
 * riskiest, `value` those with the most net revenue so far, both over everybody; `risk*` and `value*` among the same customers as the plan: those who are late and
 * can still come back. Needs `cargo xtask build`.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { openWorkspace } from "../../pkg/node.js";

const DAY = 86_400_000;
const [data = "../shared/data"] = process.argv.slice(2);

/** Name, file, days of the window, mapping where it has no header. @type {[string, string, number, any][]} */
const SHOPS = [
  ["online", "online-retail/online_retail.csv", 90, undefined],
  ["cdnow", "cdnow/CDNOW_master.txt", 180, undefined],
  ["cdnow sample", "cdnow/CDNOW_sample.txt", 180, [
    { role: "customerId", columns: [0] },
    { role: "orderDate", columns: [2] },
    { role: "quantity", columns: [3] },
    { role: "amount", columns: [4] },
  ]],
];

const BUDGETS = [100, 250, 500];

for (const [shop, file, windowDays, mapping] of SHOPS) {
  const ws = await openWorkspace();
  const ledger = await ws.load(await ws.inspect(new Uint8Array(readFileSync(join(data, file)))), { mapping });
  const last = Date.parse(String(ledger.lastDate));
  const at = (/** @type {number} */ time) => new Date(time).toISOString().slice(0, 10);
  const revenueOf = async (/** @type {string} */ day) => {
    const { columns } = await ws.at(day).customers({ columns: ["customerId", "revenue"] });
    return new Map([.../** @type {string[]} */ (columns.customerId)].map((id, i) => [id, Number(columns.revenue?.[i])]));
  };
  /** What each list brought after each cut-off, the last cut-off first. @type {Map<number, Map<string, number[]>>} */
  const all = new Map(BUDGETS.map((budget) => [budget, new Map()]));
  for (const back of [0, 30, 60, 90]) {
    const end = last - back * DAY;
    const cutOff = at(end - windowDays * DAY);
    const [before, after] = [await revenueOf(cutOff), await revenueOf(at(end))];
    const brought = (/** @type {string[]} */ ids) => ids.reduce((sum, id) => sum + (after.get(id) ?? 0) - (before.get(id) ?? 0), 0);
    for (const [budget, figures] of all) {
      const list = async (/** @type {any} */ winback, /** @type {any} */ query) => {
        const view = ws.at(cutOff, { churn: { windowDays }, lifetime: { model: "mbg-nbd" }, winback: { holdOut: 0, successRate: 1, margin: 1, budget, ...winback } });
        const { columns } = await view.customers({ columns: ["customerId"], ...query });
        return /** @type {string[]} */ (columns.customerId);
      };
      const lists = {
        plan: await list({}, { where: { inPlan: true } }),
        "aim revenue": await list({ aim: "revenue" }, { where: { inPlan: true } }),
        "aim revenue, everyone": await list({ everyone: true, aim: "revenue" }, { where: { inPlan: true } }),
        risk: await list({}, { sortBy: "churnProbability", descending: true, limit: budget }),
        value: await list({}, { sortBy: "revenue", descending: true, limit: budget }),
        "risk*": await list({}, { where: { phase: "open" }, sortBy: "churnProbability", descending: true, limit: budget }),
        "value*": await list({}, { where: { phase: "open" }, sortBy: "revenue", descending: true, limit: budget }),
      };
      for (const [name, ids] of Object.entries(lists)) figures.set(name, [...(figures.get(name) ?? []), brought(ids)]);
    }
  }
  for (const [budget, figures] of all) {
    const words = [...figures].map(([name, sums]) => `${name} ${Math.round(sums.reduce((a, b) => a + b) / sums.length)} (${Math.round(sums[0] ?? 0)})`);
    console.log(shop, budget, "contacts:", words.join(", "));
  }
  await ws.close();
}
