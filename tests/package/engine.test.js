/** The package with its real engine in Node: the facts of the reference files, whatever the chunks. */

import assert from "node:assert/strict";
import { existsSync, openAsBlob, readFileSync } from "node:fs";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { Engine, initSync } from "../../pkg/wasm/regulars.js";
import { failure } from "./fake.js";

/** Where the data for developing are, if they are. @param {string} name */
const shared = (name) =>
  ["../shared/data", "../../shared/data"].map((folder) => `${folder}/${name}`).find((path) => existsSync(path));

/** @param {string} name @param {(path: string) => Promise<void>} run */
function referenceTest(name, run) {
  const path = shared(name);
  test(`reference: ${name}`, { skip: path ? false : "skipped: ../shared/data is absent" }, async () => {
    await run(/** @type {string} */ (path));
  });
}

/** @param {import("../../pkg/types.js").Unavailable | object} result @returns {any} */
function available(result) {
  assert.ok(!("unavailable" in result), JSON.stringify(result));
  return result;
}

referenceTest("online-retail/online_retail.csv", async (path) => {
  const ws = await openWorkspace();
  /** @type {any[]} */
  const progress = [];
  const found = await ws.inspect(await openAsBlob(path), { onProgress: (step) => progress.push(step) });
  assert.deepEqual([found.kind, found.rows, found.delimiter, found.header], ["orders", 541909, ",", true]);
  assert.deepEqual(found.questions, []);
  assert.ok(progress.some(({ stage, rows }) => stage === "reading" && rows > 0));

  const { shop, customers, ...ledger } = await ws.load(found);
  assert.deepEqual([ledger.rowsRead, ledger.purchaseRows, ledger.returnRows], [541909, 530104, 9290]);
  assert.deepEqual(shop.exact, { gross: "10666684.544", returns: "-918936.61", net: "9747747.934" });
  assert.deepEqual([shop.orders, shop.creditNotes], [19960, 3838]);
  assert.deepEqual(customers.exact, { gross: "8911407.904", returns: "-611342.09", net: "8300065.814" });
  assert.deepEqual([customers.customers, customers.orders], [4338, 18532]);
  assert.deepEqual([customers.returnsOnly.customers, customers.returnsOnly.exactAmount], [33, "-10411.24"]);
  assert.deepEqual([ledger.firstDate, ledger.lastDate, ledger.duplicates], ["2010-12-01", "2011-12-09", 5268]);

  const rfm = available(await ws.at().rfm());
  assert.deepEqual(rfm.binSizes.orders, [1493, 835, 508, 802, 700]);
  const all = await ws.at().customers({ columns: ["customerId", "revenue", "fScore"] });
  assert.deepEqual([all.total, Number(all.revenue.toFixed(3))], [4338, 8310477.054]);
  await ws.close();
});

referenceTest("cdnow/CDNOW_sample.txt", async (path) => {
  const ws = await openWorkspace();
  const found = await ws.inspect(await openAsBlob(path));
  assert.deepEqual([found.delimiter, found.header, found.rows], ["blanks", false, 6919]);
  const mapping = /** @type {import("../../pkg/types.js").MappingEntry[]} */ ([
    { role: "customerId", columns: [1] },
    { role: "orderDate", columns: [2] },
    { role: "quantity", columns: [3] },
    { role: "amount", columns: [4] },
  ]);
  const ledger = await ws.load(found, { mapping });
  assert.equal(ledger.customers.customers, 2357);
  const value = available(await ws.at("1997-09-30").lifetime({ model: "bg-nbd", holdoutDays: 0 }));
  const fitted = Object.fromEntries(value.parameters.map((/** @type {any} */ { name, value }) => [name, value]));
  assert.equal(fitted.r.toFixed(4), "0.2426");
  assert.equal(fitted.alpha.toFixed(4), "4.4136");
  assert.equal(fitted.a.toFixed(4), "0.7929");
  assert.equal(fitted.b.toFixed(4), "2.4259");
  assert.equal(value.logLikelihood.toFixed(4), "-9582.4292");
  await ws.close();
});

test("neither the chunks nor the budgets change a byte", async () => {
  const ws = await openWorkspace();
  const sample = await ws.sample({ seed: 3, customers: 400 });
  await ws.load(sample);
  const expected = Buffer.from(/** @type {Uint8Array} */ (await ws.at().exportCsv({ what: "customers" })));
  assert.ok(expected.length > 1000);
  const asOf = ws.at().asOf;
  await ws.close();

  // The same by hand, so that the test decides on both.
  const { memory } = initSync({ module: new WebAssembly.Module(readFileSync("pkg/wasm/regulars_bg.wasm")) });
  assert.ok(memory.buffer.byteLength > 0);
  for (const [chunk, budget] of [[1, 1000], [7, 77], [4096, 1e9]]) {
    const engine = new Engine();
    const run = (/** @type {string} */ name, /** @type {object} */ args, /** @type {Uint8Array} */ input = new Uint8Array()) => {
      engine.start(name, args);
      if (name === "inspect") {
        for (let at = 0; at < input.length; at += chunk) engine.push(input.subarray(at, at + chunk));
        engine.endInput();
      }
      for (;;) {
        const step = engine.advance(budget);
        if (step) return step.result;
      }
    };
    const { id } = run("inspect", { previewRows: 5 }, sample);
    run("load", { found: [id], mapping: null, answers: {}, currency: null, settings: {} });
    const bytes = run("exportCsv", { asOf, settings: {}, what: "customers" });
    assert.ok(expected.equals(bytes), `chunks of ${chunk}, budgets of ${budget}`);
    engine.free();
  }
});

test("the parts of a file, each read by an engine of its own, are the file", async () => {
  const ws = await openWorkspace();
  const sample = /** @type {Uint8Array} */ (await ws.sample({ seed: 4, customers: 3000 }));
  await ws.close();
  const size = sample.length;
  assert.ok(size > 600_000, "longer than the head that decides");

  initSync({ module: new WebAssembly.Module(readFileSync("pkg/wasm/regulars_bg.wasm")) });
  const finish = (/** @type {Engine} */ engine) => {
    for (;;) {
      const step = engine.advance(1e9);
      if (step) return step.result;
    }
  };
  /** What is found and loaded of the file, cut at these bytes. @param {number[]} cuts */
  const read = (...cuts) => {
    const first = new Engine();
    first.start("inspect", { previewRows: 20 });
    first.push(sample.subarray(0, cuts[0]));
    let pieces = 0;
    cuts.forEach((start, k) => {
      const later = new Engine();
      later.start("inspect", { previewRows: 20, part: true });
      later.push(sample);
      later.push(sample.subarray(start, cuts[k + 1]));
      for (let piece = later.piece(); piece; piece = later.piece()) {
        first.merge(piece);
        pieces += 1;
      }
      later.free();
    });
    first.endInput();
    const { id, ...found } = finish(first);
    first.start("load", { found: [id], mapping: null, answers: {}, currency: null, settings: {} });
    const ledger = finish(first);
    first.free();
    return { found, ledger, pieces };
  };
  const { found, ledger } = read();
  for (const cuts of [[500_001], [300_000, 300_007], [400_003, 555_555, size]]) {
    const parts = read(...cuts);
    assert.deepEqual([parts.found, parts.ledger], [found, ledger], String(cuts));
    assert.ok(parts.pieces > found.columns.length, `${parts.pieces} pieces of ${size} bytes, ${cuts}`);
  }
});

test("wrong input gets one clear sentence, and what was loaded stays", async () => {
  const ws = await openWorkspace();
  await ws.load(await ws.sample({ customers: 100 }));
  const before = available(await ws.at().rfm()).segments;
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0);
  const wrong = {
    "an empty file": "",
    "a header only": "order_id,date,customer_id,total\n",
    "a picture": png,
    "an archive": zip,
    "no date": "customer_id,total\nann,10\nbob,20\n",
  };
  for (const [name, source] of Object.entries(wrong)) {
    const error = await failure(ws.load(source));
    assert.equal(error.name, "RegularsError", `${name}: ${error.stack}`);
    assert.notEqual(ws.say(error.code), error.code, `${name}: ${error.code} has a sentence`);
    assert.match(error.message, /^[A-Z“].*[.]$/s, name);
  }
  assert.deepEqual(available(await ws.at().rfm()).segments, before);
  await ws.close();
});

test("a wrong option is refused in words", async () => {
  const ws = await openWorkspace();
  await ws.load(await ws.sample({ customers: 100 }));
  const view = ws.at();
  for (const call of [
    () => view.rfm({ bins: 99 }),
    () => view.lifetime({ horizonDays: -1 }),
    () => view.customers({ columns: /** @type {any} */ (["nonsense"]) }),
    () => view.customers({ columns: ["customerId"], where: { nonsense: 1 } }),
  ]) {
    const error = await failure(call());
    assert.equal(error.name, "RegularsError", error.stack);
    assert.notEqual(ws.say(error.code), error.code, error.code);
  }
  await ws.close();
});

test("the same call gives the same bytes again", async () => {
  const texts = [];
  for (let i = 0; i < 2; i += 1) {
    const ws = await openWorkspace({ wasm: readFileSync("pkg/wasm/regulars_bg.wasm") });
    await ws.load(await ws.sample({ seed: 5, customers: 300 }));
    texts.push(JSON.stringify([await ws.at().churn(), await ws.at().lifetime(), await ws.at().winback()]));
    await ws.close();
  }
  assert.equal(texts[0], texts[1]);
});
