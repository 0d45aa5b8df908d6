/** The two sides of the worker's conversation, joined by a real message channel. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cancelled, EngineCrash, RegularsError } from "../../pkg/errors.js";
import { buffers, workerHost } from "../../pkg/hosts.js";
import { FakeEngine, failure, fakeWorker } from "./fake.js";

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
const quiet = () => {};

/** @param {ReturnType<typeof fakeWorker>} worker */
const open = (worker) => workerHost(() => /** @type {any} */ (worker), MODULE);

test("a call goes over, its source by reference, and its result comes back", async () => {
  const host = await open(fakeWorker(() => new FakeEngine()));
  const found = await host.run({ name: "inspect", args: {}, source: new Blob(["a,b\n"]) }, quiet);
  assert.equal(found.bytes, 4);
  const bytes = await host.run({ name: "exportCsv", args: {} }, quiet);
  assert.ok(bytes instanceof Uint8Array);
  host.close();
});

test("errors in words, traps and cancelling are told apart", async () => {
  const host = await open(fakeWorker(() => Object.assign(new FakeEngine(), { loaded: [] })));
  const run = (/** @type {object} */ options) => host.run({ name: "rfm", args: { settings: { rfm: options } } }, quiet);
  const spoken = await failure(run({ fail: "some-code" }));
  assert.ok(spoken instanceof RegularsError);
  assert.deepEqual([spoken.code, spoken.params], ["some-code", { row: 1234 }]);
  const long = run({ forever: true });
  setTimeout(() => host.cancel(), 30);
  assert.ok((await failure(long)) instanceof Cancelled);
  assert.equal((await run({})).call, "rfm");
  const crash = await failure(run({ trap: true }));
  assert.ok(crash instanceof EngineCrash);
  assert.match(crash.message, /unreachable/);
  host.close();
});

test("progress comes while a call runs", async () => {
  const host = await open(fakeWorker(() => Object.assign(new FakeEngine(), { loaded: [] })));
  /** @type {string[]} */
  const stages = [];
  const call = { name: "lifetime", args: { settings: { lifetime: { units: 100, forever: true } } } };
  const run = host.run(call, ({ stage }) => {
    stages.push(stage);
    if (stages.length === 3) host.cancel();
  });
  await failure(run);
  assert.deepEqual(stages, ["lifetime", "lifetime", "lifetime"]);
  host.close();
});

test("a worker that can't start or that dies is a crash, not a silence", async () => {
  const dead = fakeWorker(() => new FakeEngine());
  dead.postMessage = () => queueMicrotask(() => dead.onerror({ message: "refused" }));
  assert.ok((await failure(open(dead))) instanceof EngineCrash);

  const broken = fakeWorker(() => {
    throw new WebAssembly.LinkError("no");
  });
  assert.ok((await failure(open(broken))) instanceof EngineCrash);

  const worker = fakeWorker(() => new FakeEngine());
  const host = await open(worker);
  const call = host.run({ name: "rfm", args: { settings: { rfm: { forever: true } } } }, quiet);
  worker.onerror({ message: "out of memory" });
  assert.ok((await failure(call)) instanceof EngineCrash);
  host.close();
});

test("closing ends the call that runs", async () => {
  const host = await open(fakeWorker(() => Object.assign(new FakeEngine(), { loaded: [] })));
  const call = host.run({ name: "rfm", args: { settings: { rfm: { forever: true } } } }, quiet);
  host.close();
  assert.ok((await failure(call)) instanceof Cancelled);
});

test("typed arrays are found wherever they are, each buffer once", () => {
  const shared = new ArrayBuffer(16);
  const result = {
    columns: { a: new Float64Array(shared, 0, 1), b: new Int32Array(shared, 8, 2) },
    list: [{ bytes: new Uint8Array(3) }],
    text: ["x"],
    none: null,
  };
  const found = buffers(result);
  assert.equal(found.length, 2);
  assert.ok(found.includes(shared));
});
