/** Segments through the package: odd customers, lists of groups and tables in which small counts do not show. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";

/** Sixty customers in two habits, and one like nobody else. */
function orders() {
  const rows = ["order_id,customer_id,order_date,total,country"];
  const add = (/** @type {string} */ who, /** @type {number} */ day, /** @type {number} */ total) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    rows.push(`o${rows.length},${who},${date},${total.toFixed(2)},${who === "odd" ? "Malta" : rows.length % 3 ? "Spain" : "Italy"}`);
  };
  for (let i = 0; i < 30; i += 1) {
    for (let k = 0; k < 6; k += 1) add(`often${i}`, 20 + 50 * k + (i % 7), 40 + (i % 5));
    add(`once${i}`, 30 + i, 15 + (i % 4));
  }
  for (let k = 0; k < 60; k += 1) add("odd", 6 * k, 900);
  return new TextEncoder().encode(rows.join("\n"));
}

/** @type {import("../../pkg/types.js").Workspace} */
let ws;
before(async () => {
  ws = await openWorkspace();
  await ws.load(orders());
});
after(() => ws.close());

/** @param {Blob | Uint8Array} bytes */
const records = (bytes) => new TextDecoder().decode(/** @type {Uint8Array} */ (bytes)).replace("\ufeff", "").trim().split("\r\n").map((line) => line.split(","));

/** @param {object} result @returns {any} */
function available(result) {
  assert.ok(!("unavailable" in result), JSON.stringify(result));
  return result;
}

test("DBSCAN tells the one like nobody else from two dense groups", async () => {
  const found = available(await ws.at().cluster({ method: "dbscan" }));
  assert.deepEqual([found.method, found.k, found.dense.odd], ["dbscan", 2, 1]);
  assert.deepEqual(found.clusters.map((/** @type {{ id: string }} */ { id }) => id), ["1", "2", "odd"]);
  assert.deepEqual([found.choices, found.hierarchy.merges], [[], []]);
  const { columns } = await ws.at(undefined, { cluster: { method: "dbscan" } }).customers({ columns: ["customerId"], where: { cluster: "odd" } });
  assert.deepEqual([...(columns.customerId ?? [])], ["odd"]);
  await assert.rejects(async () => ws.at().cluster({ method: "dbscan", radius: -1 }), { code: "cluster-bad-closeness" });
});

test("groups of any column as a list, small ones together", async () => {
  const view = ws.at(undefined, { cluster: { method: "dbscan" } });
  for (const by of /** @type {const} */ (["segment", "lifecycle", "cluster"])) {
    const [head = [], ...rows] = records(await view.exportCsv({ what: "segments", by, smallest: 5 }));
    assert.deepEqual([head[0], head.at(-2), head.at(-1)], [by, "method", "asOf"]);
    assert.equal(rows.reduce((sum, row) => sum + Number(row[1]), 0), 61, by);
    assert.ok(rows.every((row) => Number(row[1]) === 0 || Number(row[1]) >= 5), by);
  }
  const methods = records(await view.exportCsv({ what: "segments", by: "cluster" })).slice(1).map((row) => row.at(-2));
  assert.deepEqual(methods, ["dbscan", "dbscan", "dbscan"]);
  await assert.rejects(async () => view.exportCsv({ what: "segments", by: /** @type {any} */ ("orders") }), { code: "export-no-groups" });
});

test("a pivot as a list: the lone customer of a country is not told by the others", async () => {
  const pivot = /** @type {const} */ ({ rows: "segment", columns: "country" });
  const whole = records(await ws.at().exportCsv({ what: "pivot", pivot }));
  const hidden = records(await ws.at().exportCsv({ what: "pivot", pivot, smallest: 5 }));
  assert.deepEqual(whole[0], ["segment", "country", "customers", "value", "share", "rowShare", "columnShare", "index", "measure", "of", "method", "asOf"]);
  assert.deepEqual(whole.at(-1)?.slice(0, 3), ["all", "all", "61"]);
  assert.equal(whole.length, hidden.length);
  const malta = hidden.filter((row) => row[1] === "Malta" && row[2] !== "0");
  assert.ok(malta.length > 0 && malta.every((row) => row[2] === "suppressed" && row[3] === ""));
  const other = hidden.filter((row) => row[0] === "all" && row[1] !== "Malta" && row[2] === "suppressed");
  assert.equal(other.length, 1, "one total more, so that the sum does not give it away");
});

test("the matrix of a movement, with method and days", async () => {
  const from = "2024-06-01";
  const [head = [], ...rows] = records(await ws.at().exportCsv({ what: "movementMatrix", from }));
  assert.deepEqual(head, ["segmentBefore", "segment", "direction", "customers", "revenue", "method", "from", "to"]);
  assert.equal(rows.at(-1)?.[3], "61");
  const moves = records(await ws.at().exportCsv({ what: "movement", from }));
  assert.equal(moves.length, 62);
  const rose = rows.filter((row) => row[2] === "rose").reduce((sum, row) => sum + Number(row[3]), 0);
  assert.equal(moves.filter((row) => row[3] === "rose").length, rose);
});
