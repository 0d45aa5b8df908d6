/** The package with its real engine in Chromium: in the worker and on the page, hosted and from a file. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { BARE, WAYS, launch, open } from "./harness.js";

/** @param {Uint8Array} bytes */
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Every table that can be exported. */
const EXPORTS = /** @type {const} */ (["customers", "winback", "segments", "ledger"]);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let folder;
/** @type {Uint8Array} */
let sample;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "regulars-"));
  const ws = await openWorkspace();
  sample = await ws.sample({ seed: 7, customers: 3000 });
  await ws.close();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/**
 * Opens the bare page with a workspace in `window.ws`, its engine in the worker
 * or, as where blob workers are refused, on the page.
 *
 * @param {"hosted" | "file"} way
 * @param {"worker" | "page"} thread
 */
async function openEngine(way, thread) {
  const opened = await open(browser, way, { file: BARE });
  const got = await opened.page.evaluate(async (thread) => {
    const scope = /** @type {any} */ (window);
    const options = scope.embedded();
    const refuse = () => {
      throw new DOMException("no workers here", "SecurityError");
    };
    scope.ws = await scope.openWorkspace(thread === "worker" ? options : { ...options, createWorker: refuse });
    return scope.ws.thread;
  }, thread);
  assert.equal(got, thread);
  return opened;
}

/** @type {Promise<Record<string, string>> | undefined} */
let node;
/** What Node exports from the sample, computed once. */
const inNode = () => (node ??= exportInNode());

async function exportInNode() {
  const ws = await openWorkspace();
  await ws.load(sample);
  /** @type {Record<string, string>} */
  const digests = {};
  for (const what of EXPORTS) {
    digests[what] = digest(/** @type {Uint8Array} */ (await ws.at().exportCsv({ what })));
  }
  await ws.close();
  return digests;
}

for (const way of WAYS) {
  for (const thread of /** @type {const} */ (["worker", "page"])) {
    test(`${way}, on the ${thread}: exports are those of Node, byte for byte`, async (t) => {
      const { page, requests, said, close } = await openEngine(way, thread);
      t.after(close);
      const exported = await page.evaluate(
        async ({ text, exports }) => {
          const { ws } = /** @type {any} */ (window);
          const made = await ws.sample({ seed: 7, customers: 3000 });
          await ws.load(new TextEncoder().encode(text));
          /** @type {Record<string, number[]>} */
          const bytes = { sample: [...made] };
          for (const what of exports) {
            bytes[what] = [...new Uint8Array(await (await ws.at().exportCsv({ what })).arrayBuffer())];
          }
          return bytes;
        },
        { text: new TextDecoder().decode(sample), exports: EXPORTS },
      );
      assert.equal(digest(Uint8Array.from(exported.sample)), digest(sample));
      const expected = await inNode();
      for (const what of EXPORTS) assert.equal(digest(Uint8Array.from(exported[what])), expected[what], what);
      assert.deepEqual(requests, []);
      assert.deepEqual(said, []);
    });

    test(`${way}, on the ${thread}: other encodings and workbooks are read from inside the page`, async (t) => {
      const { page, requests, said, close } = await openEngine(way, thread);
      t.after(close);
      const files = ["gbk", "utf16le_no_bom", "workbook", "zipped_gbk"].map((name) => [
        ...readFileSync(`tests/fixtures/csv/${name}.csv`),
      ]);
      const found = await page.evaluate(async (files) => {
        const { ws } = /** @type {any} */ (window);
        const read = [];
        for (const file of files) {
          const { encoding, preview } = await ws.inspect(Uint8Array.from(file));
          read.push([encoding, preview.header[0], preview.rows.length]);
        }
        return read;
      }, files);
      assert.deepEqual(found, [["gbk", "订单编号", 3], ["utf-16le", "订单编号", 3], ["xlsx", "Order No", 4], ["gbk", "订单编号", 3]]);
      assert.deepEqual(requests, []);
      assert.deepEqual(said, []);
    });

    test(`${way}, on the ${thread}: cancelling is answered within 100 ms, and what was loaded stands`, async (t) => {
      const { page, close } = await openEngine(way, thread);
      t.after(close);
      const outcome = await page.evaluate(async () => {
        const { ws } = /** @type {any} */ (window);
        await ws.load(await ws.sample({ seed: 7, customers: 3000 }));
        const before = (await ws.at().rfm()).segments;
        const large = await ws.sample({ seed: 8, customers: 60_000 });
        /** @param {(signal: AbortSignal) => Promise<unknown>} call */
        const cancelled = async (call) => {
          const abort = new AbortController();
          const running = call(abort.signal).then(
            () => "finished",
            (error) => error.name,
          );
          await new Promise((done) => setTimeout(done, 60));
          const start = performance.now();
          abort.abort();
          const name = await running;
          return { name, ms: performance.now() - start };
        };
        const load = await cancelled((signal) => ws.load(large, { signal }));
        const start = performance.now();
        const after = (await ws.at().rfm()).segments;
        const free = performance.now() - start;
        return { load, free, same: JSON.stringify(before) === JSON.stringify(after) };
      });
      assert.equal(outcome.load.name, "AbortError");
      assert.ok(outcome.load.ms < 100, `${outcome.load.ms} ms`);
      assert.ok(outcome.same);
      assert.ok(outcome.free < 1000, `the engine was busy for ${outcome.free} ms more`);
    });
  }

  test(`${way}: a worker that dies is replaced, and what was loaded is read again`, async (t) => {
    const { page, close } = await openEngine(way, "worker");
    t.after(close);
    const before = await page.evaluate(async () => {
      const { ws } = /** @type {any} */ (window);
      await ws.load(await ws.sample({ seed: 7, customers: 500 }));
      const segments = JSON.stringify((await ws.at().rfm()).segments);
      const { outcome } = Object.assign(window, {
        outcome: ws.sample({ customers: 200_000 }).then(
          () => "finished",
          (/** @type {any} */ error) => error.code,
        ),
      });
      void outcome;
      return segments;
    });
    const [worker] = page.workers();
    await worker.evaluate(() => void setTimeout(() => { throw new Error("struck down by the test"); }));
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).outcome), "engine-failed");
    const after = await page.evaluate(async () => {
      const { ws } = /** @type {any} */ (window);
      return JSON.stringify((await ws.at().rfm()).segments);
    });
    assert.equal(after, before);
  });

  test(`${way}: a file that is gone when it is read is said to be gone`, async (t) => {
    const { page, close } = await openEngine(way, "worker");
    t.after(close);
    const path = join(folder, "orders.csv");
    writeFileSync(path, sample);
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file" })));
    await page.setInputFiles("input", path);
    rmSync(path);
    const error = await page.evaluate(async () => {
      const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
      try {
        await /** @type {any} */ (window).ws.load(/** @type {FileList} */ (input.files)[0]);
        return null;
      } catch (error) {
        const { code, message } = /** @type {any} */ (error);
        return { code, message };
      }
    });
    assert.equal(error?.code, "source-gone");
    assert.match(error?.message, /orders\.csv/);
  });
}
