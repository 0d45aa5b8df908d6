/** A large file is read by several workers in Chromium: the same, whoever reads, and all of them end. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { BARE, WAYS, launch, open } from "./harness.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * Opens the bare page with `window.read(readers)`, which reads and loads a file of
 * some 18 MB with so many further workers.
 *
 * @param {"hosted" | "file"} way
 */
async function openFile(way) {
  const opened = await open(browser, way, { file: BARE });
  await opened.page.evaluate(async () => {
    const scope = /** @type {any} */ (window);
    const ws = await scope.openWorkspace({ ...scope.embedded(), readers: 0 });
    const sample = await ws.sample({ seed: 5, customers: 3000 });
    await ws.close();
    const rows = sample.indexOf(10) + 1;
    const times = Math.ceil((18 << 20) / sample.length);
    const file = new Blob([sample, ...Array(times).fill(sample.subarray(rows))]);
    scope.read = async (/** @type {number} */ readers) => {
      const options = scope.embedded();
      let [started, ended] = [0, 0];
      const createWorker = () => {
        const worker = options.createWorker();
        started += 1;
        const end = worker.terminate.bind(worker);
        worker.terminate = () => {
          ended += 1;
          end();
        };
        return worker;
      };
      const ws = await scope.openWorkspace({ ...options, createWorker, readers });
      /** @type {number[]} */
      const done = [];
      const { id, ...found } = await ws.inspect(file, {
        onProgress: (/** @type {any} */ progress) => void (progress.stage === "reading" && done.push(progress.done)),
      });
      const ledger = await ws.load({ id, ...found });
      const page = await ws.at().customers({ columns: ["customerId", "orders", "revenue", "rfmCell"], limit: 50 });
      await ws.close();
      const steady = done.every((at, i) => at >= (done[i - 1] ?? 0) && at <= file.size);
      return { told: JSON.stringify([found, ledger, page]), steady, started, ended };
    };
  });
  return opened;
}

for (const way of WAYS) {
  test(`${way}: one, two or three workers read the same, and end`, async (t) => {
    const { page, requests, said, close } = await openFile(way);
    t.after(close);
    const alone = await page.evaluate(() => /** @type {any} */ (window).read(0));
    assert.equal(alone.started, 1);
    for (const readers of [1, 2]) {
      const shared = await page.evaluate((readers) => /** @type {any} */ (window).read(readers), readers);
      assert.ok(shared.told === alone.told, `${readers} further workers`);
      assert.ok(shared.steady);
      assert.deepEqual([shared.started, shared.ended], [1 + readers, 1 + readers]);
    }
    assert.deepEqual(requests, []);
    assert.deepEqual(said, []);
  });
}

test("a reader that dies is done without", async (t) => {
  const { page, close } = await openFile("file");
  t.after(close);
  const alone = await page.evaluate(() => /** @type {any} */ (window).read(0));
  let number = 0;
  page.on("worker", (worker) => {
    number += 1;
    // Whenever it strikes: before, while or after it reads.
    if (number > 1) worker.evaluate(() => void setTimeout(() => { throw new Error("struck down by the test"); })).catch(() => {});
  });
  const left = await page.evaluate(() => /** @type {any} */ (window).read(2));
  assert.ok(left.told === alone.told);
});
