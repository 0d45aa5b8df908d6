/** Several workers read one file: the same result, whoever comes, fails or leaves. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Cancelled, RegularsError } from "../../pkg/errors.js";
import { workerHost } from "../../pkg/hosts.js";
import { readersFor } from "../../pkg/readers.js";
import { FakeEngine, failure, fakeWorker } from "./fake.js";

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
const MB = 1 << 20;

/** A file of so many megabytes whose every kilobyte differs. @param {number} size @param {Record<number, string>} [odd] */
function source(size, odd = {}) {
  const lines = Array.from({ length: size * 1024 }, (_, k) => (odd[k >> 10] ?? `${k};`).padEnd(1023, "x") + "\n");
  return new Blob([Buffer.from(lines.join(""), "latin1")]);
}

/** @param {number} ms */
function busy(ms) {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** What a test has opened. @type {import("../../pkg/hosts.js").Host[]} */
const hosts = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

/**
 * A host whose engine is in the first of the fake workers.
 *
 * @param {number} readers
 * @param {(engine: FakeEngine, number: number) => void} [prepare] each engine
 */
async function hostOf(readers, prepare = () => {}) {
  /** @type {ReturnType<typeof fakeWorker>[]} */
  const workers = [];
  /** @type {FakeEngine[]} */
  const engines = [];
  const create = () => {
    const number = workers.length;
    const worker = fakeWorker(() => {
      const engine = new FakeEngine();
      // The first worker lets the others come before it has read all.
      let turns = number === 0 && readers > 0 ? 15 : 0;
      engine.work = () => {
        if (turns-- > 0) busy(21);
      };
      prepare(engine, number);
      engines.push(engine);
      return engine;
    });
    workers.push(worker);
    return /** @type {any} */ (worker);
  };
  const host = await workerHost(create, MODULE, undefined, readers);
  hosts.push(host);
  /** @param {Blob} source @param {(progress: any) => void} [report] */
  const inspect = async (source, report = () => {}) => {
    const found = await host.run({ name: "inspect", args: {}, source }, report);
    return { found, text: engines[0].readings.get(found.id) };
  };
  return { host, workers, engines, inspect };
}

test("a file is shared only where that is worth it", () => {
  const call = (/** @type {number} */ size, args = {}) => ({ name: "inspect", args, source: new Blob([new Uint8Array(size)]) });
  assert.equal(readersFor(call(MB), 3), 0);
  assert.equal(readersFor(call(20 * MB), 3), 2);
  assert.equal(readersFor(call(40 * MB), 3), 3);
  assert.equal(readersFor(call(40 * MB), 0), 0);
  assert.equal(readersFor(call(40 * MB, { encoding: "gbk" }), 3), 0);
  assert.equal(readersFor(call(40 * MB, { previewRows: 1e6 }), 3), 0);
  assert.equal(readersFor({ name: "load", args: {} }, 3), 0);
});

test("whoever reads, the file is the same, and progress is of all of it", async () => {
  const file = source(18);
  const alone = await hostOf(0);
  const { text } = await alone.inspect(file);
  for (const readers of [1, 2]) {
    const { workers, engines, inspect } = await hostOf(readers);
    /** @type {number[]} */
    const done = [];
    const shared = await inspect(file, (progress) => done.push(progress.done));
    assert.ok(shared.text === text, `${readers} readers`);
    assert.equal(workers.length, 1 + readers);
    assert.ok(engines.slice(1).every(({ log }) => log.length === 1), "a reader had nothing to do");
    assert.ok(done.every((at, i) => at <= file.size && at >= (done[i - 1] ?? 0)), String(done));
    assert.deepEqual(workers.map(({ ended }) => ended), [false, ...Array(readers).fill(true)]);
  }
});

test("a reader that traps, or cannot start, leaves the file to one worker", async () => {
  const { text } = await (await hostOf(0)).inspect(source(18, { 17: "\x02" }));
  const trapping = await hostOf(2);
  assert.ok((await trapping.inspect(source(18, { 17: "\x02" }))).text === text);
  assert.equal(trapping.engines[0].log.length, 2);
  const lame = await hostOf(2, (_, number) => {
    if (number > 0) throw new WebAssembly.LinkError("no");
  });
  assert.ok((await lame.inspect(source(18, { 17: "\x02" }))).text === text);
  assert.equal(lame.engines[0].log.length, 1);
});

test("a part that does not fit is read again", async () => {
  const odd = source(18, { 17: "\x03" });
  const { text } = await (await hostOf(0)).inspect(odd);
  const { engines, inspect } = await hostOf(1);
  assert.ok((await inspect(odd)).text === text);
  assert.equal(engines[0].log.length, 2);
});

test("an error is that of one reader", async () => {
  const { inspect } = await hostOf(2);
  const long = await failure(inspect(source(18, { 16: "\x01" })));
  assert.ok(long instanceof RegularsError);
  assert.deepEqual([long.code, long.params], ["line-too-long", { row: 7, bytes: 1 }]);
  const encoded = await failure(inspect(source(18, { 17: "\xFF" })));
  // It is to be decoded, for which this host has no module.
  assert.equal(encoded.code, "extras-missing");
});

test("cancelling ends all who read, and the next file is read", async () => {
  const { host, workers, inspect } = await hostOf(2, (engine, number) => {
    if (number > 0) engine.work = () => busy(5);
  });
  const reading = inspect(source(18), ({ done }) => {
    if (done > 0) host.cancel();
  });
  assert.ok((await failure(reading)) instanceof Cancelled);
  assert.ok(workers.slice(1).every(({ ended }) => ended));
  assert.equal((await inspect(source(1))).found.bytes, MB);
});
