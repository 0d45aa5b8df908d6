/**
 * Churn judged from outside: what the package says as of past days, as CSV for
 * `judge.py`, which reads the outcomes off the raw files.
 *
 *     node benches/churn/scores.js ../shared/data scores.csv
 *
 * Columns: shop, cutOff, window, customer, churnProbability. Needs `cargo xtask build`.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { openWorkspace } from "../../pkg/node.js";

const DAY = 86_400_000;
const [data = "../shared/data", out = "scores.csv"] = process.argv.slice(2);

/** Name, file, days of the window. @type {[string, string, number][]} */
const SHOPS = [
  ["online", "online-retail/online_retail.csv", 90],
  ["cdnow", "cdnow/CDNOW_master.txt", 180],
];

/** How many days before the last possible cut-off. */
const BACK = [0, 30, 60, 90];

const lines = ["shop,cutOff,window,customer,churnProbability"];
for (const [shop, file, windowDays] of SHOPS) {
  const ws = await openWorkspace();
  const ledger = await ws.load(await ws.inspect(new Uint8Array(readFileSync(join(data, file)))));
  const last = Date.parse(String(ledger.lastDate));
  for (const back of BACK) {
    const cutOff = new Date(last - (windowDays + back) * DAY).toISOString().slice(0, 10);
    const view = ws.at(cutOff, { churn: { windowDays } });
    const start = performance.now();
    const result = await view.churn();
    const seconds = (performance.now() - start) / 1000;
    const { columns } = await view.customers({ columns: ["customerId", "churnProbability"] });
    const ids = /** @type {string[]} */ (columns.customerId);
    ids.forEach((id, i) => lines.push([shop, cutOff, windowDays, id, columns.churnProbability?.[i]].join(",")));
    const notices = "notices" in result ? result.notices.map((notice) => notice.code).join(" ") : "";
    console.error(shop, cutOff, ids.length, "customers", seconds.toFixed(2), "s", notices);
  }
  await ws.close();
}
writeFileSync(out, `${lines.join("\n")}\n`);
