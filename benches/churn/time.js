/**
 * How long the churn model takes to be trained and to score 25,000 customers, in wasm.
 *
 *     node benches/churn/time.js ../shared/data
 *     python benches/churn/time.py ../shared/data      # scikit-learn's histogram boosting
 *
 * The shop is CDNOW with 1,430 of its customers twice, so that there are 25,000. Training and
 * scoring begin when the customers of all cut-offs are described, which the progress tells. Needs
 * `cargo xtask build` (not `--quick`).
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { openWorkspace } from "../../pkg/node.js";

const [data = "../shared/data"] = process.argv.slice(2);
const [header = "", ...rows] = readFileSync(join(data, "cdnow/CDNOW_master.txt"), "latin1").trimEnd().split(/\r?\n/);
const twice = rows.flatMap((row) => (Number(row.trim().slice(0, 5)) <= 1430 ? [row, row.replace(/^\s*\d{5}/, (id) => ` ${90_000 + Number(id)}`)] : [row]));

const ws = await openWorkspace();
await ws.load(await ws.inspect([header, ...twice].join("\r\n")));
for (let run = 0; run < 3; run += 1) {
  // Another seed, so that nothing is taken from an earlier run; the lifetime fits are kept.
  const view = ws.at("1998-06-30", { churn: { windowDays: 180, seed: run } });
  let described = 0;
  let begun = 0;
  const result = await view.churn({}, {
    onProgress: ({ stage, done, total }) => {
      if (stage !== "churn") return;
      begun ||= performance.now();
      if (total > 0 && done >= total - 5) described ||= performance.now();
    },
  });
  const end = performance.now();
  const customers = "customers" in result ? result.customers : 0;
  console.log(`${customers} customers: describing ${((described - begun) / 1000).toFixed(2)} s, training, judging and scoring ${((end - described) / 1000).toFixed(2)} s`);
}
await ws.close();
