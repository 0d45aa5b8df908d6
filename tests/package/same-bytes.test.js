/** The same bytes in give the same bytes out: `tests/consistency/exports.rs` holds the same mark natively. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";

/** @type {import("../../pkg/types.js").CustomerColumn[]} */
const COLUMNS = [
  "customerId", "firstOrder", "lastOrder", "recencyDays", "orders", "revenue", "gross",
  "returns", "rfmCell", "segment", "pAlive", "expectedOrders", "orderValue", "clv", "country",
];

test("the export of the sample shop is the same as natively", async () => {
  const ws = await openWorkspace();
  await ws.load(await ws.sample({ seed: 1, customers: 600 }));
  const bytes = /** @type {Uint8Array} */ (await ws.at().exportCsv({ what: "customers", columns: COLUMNS }));
  await ws.close();
  let mark = 0xcbf29ce484222325n;
  for (const byte of bytes) mark = BigInt.asUintN(64, (mark ^ BigInt(byte)) * 0x100000001b3n);
  const expected = await readFile(new URL("../fixtures/sample-export.fnv", import.meta.url), "utf8");
  assert.equal(`${mark.toString(16).padStart(16, "0")} ${bytes.length}`, expected.trim());
});
