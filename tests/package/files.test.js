/** Several files at once: of one layout appended, of different ones joined by a key. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { failure } from "./fake.js";

// The layout of Olist's files; ids of customers are per order, the person is another id.
const ORDERS = `order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at
e1,c1,delivered,2017-10-02 10:56:33,
e2,c2,delivered,2017-11-12 10:56:33,
e3,c3,canceled,2017-12-02 10:56:33,
e4,c4,delivered,2018-01-20 10:56:33,
`;
const ITEMS = `order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
e1,1,p1,s1,2017-10-06 11:07:15,58.90,13.29
e1,2,p2,s1,2017-10-06 11:07:15,1.10,3.29
e2,1,p2,s1,2017-11-16 11:07:15,8.90,3.29
e3,1,p1,s1,2017-12-06 11:07:15,58.90,3.29
e9,1,p1,s1,2017-12-06 11:07:15,100.00,3.29
e4,1,p1,s1,2018-01-26 11:07:15,20.00,3.29
`;
const CUSTOMERS = `customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
c1,ann,01000,sao paulo,SP
c2,ann,01000,sao paulo,SP
c3,bo,02000,rio,RJ
c4,cy,02000,rio,RJ
`;

test("orders, items and customers are joined by their ids", async () => {
  const ws = await openWorkspace();
  const ledger = await ws.load([ORDERS, ITEMS, CUSTOMERS]);
  assert.equal(ledger.rowsRead, 6);
  assert.deepEqual(ledger.shop.exact, { gross: "88.9", returns: "0", net: "88.9" });
  assert.deepEqual([ledger.shop.orders, ledger.customers.customers], [3, 2]);
  const aside = Object.fromEntries(ledger.setAside.map(({ reason, rows, example }) => [reason, [rows, example?.file, example?.row]]));
  assert.deepEqual(aside, { "no-date": [1, 1, 6], cancelled: [1, 1, 5] });
  const joined = ledger.notices.filter(({ code }) => code === "files-joined");
  assert.deepEqual(
    joined.map(({ params }) => params),
    [
      { file: 1, column: "order_id", missing: 1, unused: 0 },
      { file: 3, column: "customer_id", missing: 1, unused: 0 },
    ],
  );
  await ws.close();
});

test("another file can be attached to what is loaded", async () => {
  const ws = await openWorkspace();
  const alone = await ws.load(ORDERS);
  assert.equal(alone.customers.customers, 3);
  const ledger = await ws.attach(CUSTOMERS, { key: "customer_id" });
  assert.deepEqual([ledger.shop.orders, ledger.customers.customers], [3, 2]);
  const wrong = await failure(ws.attach("id,name\n1,x\n2,y\n"));
  assert.equal(wrong.code, "no-join-key");
  // What was loaded stands.
  assert.equal((await ws.at().customers({ columns: ["customerId"] })).total, 2);
  await ws.close();
});

test("two years that share days: exact duplicates are counted, and dropped on request", async () => {
  const ws = await openWorkspace();
  const row = (/** @type {number} */ day) => `${100 + day},2010-12-${String(day).padStart(2, "0")},c${day % 4},${day}.50\n`;
  const days = (/** @type {number} */ from, /** @type {number} */ to) =>
    "invoice,date,customer,total\n" + Array.from({ length: to - from + 1 }, (_, i) => row(from + i)).join("");
  const both = [days(1, 19), days(11, 28)];
  const kept = await ws.load(both);
  assert.deepEqual([kept.rowsRead, kept.duplicates, kept.shop.rows], [37, 9, 37]);
  const dropped = await ws.load(both, { settings: { dropDuplicates: true } });
  assert.deepEqual([dropped.shop.rows, dropped.shop.orders], [28, 28]);
  assert.deepEqual(dropped.setAside.map(({ reason, rows }) => [reason, rows]), [["duplicate", 9]]);
  await ws.close();
});

test("what is understood follows what is decided", async () => {
  const rows = [1, 2, 3, 4].map((n) => `A${n},k${n % 2},2024-0${n}-03,${n}0.00,${n === 4 ? "pending" : "paid"}\n`);
  const ws = await openWorkspace();
  const found = await ws.inspect(`Order ID,Customer ID,Order Date,Total,Payment Status\n${rows.join("")}`);
  /** @param {import("../../pkg/types.d.ts").Message[]} said */
  const unpaid = (said) => said.some(({ code, params }) => code === "understood-left-out" && params.reason === "unpaid");
  assert.ok(unpaid(found.understood));
  const first = await ws.load(found, { trial: true });
  assert.deepEqual(first.understood, found.understood.slice(1));
  const all = await ws.load(found, { settings: { leaveOutUnpaid: false } });
  assert.ok(!unpaid(all.understood));
  assert.deepEqual([first.shop.orders, all.shop.orders], [3, 4]);
});
