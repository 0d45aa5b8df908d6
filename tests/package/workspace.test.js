/** The workspace around a fake engine: order, cancelling, crashes, what stands after a failure. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeEngine, failure, fakeWorkspace } from "./fake.js";

/** An option of the fake engine's, not of the package's. @param {object} options @returns {any} */
const asks = (options) => options;

test("calls run in the order in which they were made", async () => {
  const { ws, engines } = fakeWorkspace();
  const found = ws.inspect("a,b\n1,2\n");
  const ledger = ws.load(await found);
  await ledger;
  const view = ws.at();
  await Promise.all([view.rfm(asks({ units: 90_000 })), view.churn(), view.describe()]);
  assert.deepEqual(engines[0].log, ["inspect", "load", "settings", "rfm", "churn", "describe"]);
});

test("a source is loaded in one call, and several together", async () => {
  const { ws } = fakeWorkspace();
  await ws.load(["first", new Blob(["second"]), new TextEncoder().encode("third")]);
  const { of } = /** @type {any} */ (await ws.at().rfm());
  assert.deepEqual(of.map((/** @type {string} */ text) => text.split(" ")[0]), ["first", "second", "third"]);
});

test("the day of reckoning is the day after the last order, unless it is given", async () => {
  const { ws } = fakeWorkspace();
  assert.equal((await failure(Promise.resolve().then(() => ws.at()))).code, "nothing-loaded");
  await ws.load("orders");
  assert.equal(ws.at().asOf, "2011-12-10");
  assert.equal(ws.at("2011-06-30").asOf, "2011-06-30");
  assert.equal(ws.at(new Date(2011, 0, 2)).asOf, "2011-01-02");
  for (const wrong of ["2011-02-30", "2011-13-45", "yesterday", "2011-2-3"]) {
    assert.throws(() => ws.at(wrong), { code: "bad-date", params: { text: wrong } });
  }
});

test("options, the day and the view's settings reach the engine", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("orders");
  const settings = { lifetime: { horizonDays: 90 } };
  const view = ws.at("2011-06-30", settings);
  settings.lifetime.horizonDays = 1;
  const { args } = /** @type {any} */ (await view.rfm({ bins: 4 }));
  assert.deepEqual(args, {
    asOf: "2011-06-30",
    settings: { lifetime: { horizonDays: 90 }, rfm: { bins: 4 } },
  });
  assert.ok(Object.isFrozen(view));
});

test("an aborted call is rejected at once, and the next one runs", async () => {
  const { ws, engines } = fakeWorkspace((engine) => {
    engine.work = busy(0.001);
  });
  await ws.load("orders");
  const abort = new AbortController();
  const long = ws.at().lifetime(asks({ forever: true, units: 1e9 }), { signal: abort.signal });
  await new Promise((done) => setTimeout(done, 60));
  const start = performance.now();
  abort.abort();
  const error = await failure(long);
  assert.equal(error.name, "AbortError");
  assert.ok(performance.now() - start < 100, "rejected within 100 ms");
  await ws.at().rfm();
  assert.ok(performance.now() - start < 500, "the engine is free again soon after");
  assert.equal(engines.length, 1);
  assert.equal(engines[0].cancelled, 1);
});

test("a call that is aborted before its turn never reaches the engine", async () => {
  const { ws, engines } = fakeWorkspace();
  await ws.load("orders");
  const abort = new AbortController();
  const first = ws.at().rfm(asks({ units: 500_000 }));
  const second = ws.at().churn({}, { signal: abort.signal });
  abort.abort(new Error("my own reason"));
  assert.equal((await failure(second)).message, "my own reason");
  await first;
  assert.ok(!engines[0].log.includes("churn"));
  const late = failure(ws.at().churn({}, { signal: AbortSignal.abort() }));
  assert.equal((await late).name, "AbortError");
});

test("what was loaded stands after a load that is aborted at any moment", async () => {
  for (let turns = 0; turns < 40; turns += 1) {
    const { ws } = fakeWorkspace();
    await ws.load("before");
    const abort = new AbortController();
    let aborted = false;
    const load = ws.load("after", { signal: abort.signal }).then(
      () => {},
      () => {
        aborted = true;
      },
    );
    for (let turn = 0; turn < turns; turn += 1) {
      await (turn % 3 ? Promise.resolve() : new Promise((done) => setImmediate(done)));
    }
    abort.abort();
    await load;
    const { of } = /** @type {any} */ (await ws.at().rfm());
    assert.match(of[0], aborted ? /^before/ : /^after/, `${turns} turns`);
  }
});

test("what was loaded stands after a load that fails", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("before");
  const settings = asks({ ask: true });
  const error = await failure(ws.load("after", { settings }));
  assert.equal(error.code, "needs-answers");
  assert.equal(error.questions?.[0].id, "order");
  const { of } = /** @type {any} */ (await ws.at().rfm());
  assert.match(of[0], /^before/);
  const [found] = error.found ?? [];
  await ws.load(found, { settings, answers: { order: "yes" } });
  const after = /** @type {any} */ (await ws.at().rfm());
  assert.match(after.of[0], /^after/);
});

test("a trap replaces the engine; what was loaded is read again", async () => {
  const { ws, engines } = fakeWorkspace();
  const found = await ws.inspect("orders");
  await ws.load(found);
  const view = ws.at();
  const error = await failure(view.churn(asks({ trap: true })));
  assert.equal(error.code, "engine-failed");
  assert.match(error.message, /read again/);
  const { of } = /** @type {any} */ (await view.rfm());
  assert.match(of[0], /^orders/);
  assert.equal(engines.length, 2);
  assert.deepEqual(engines[1].log, ["inspect", "load", "rfm"]);
  assert.equal(found.id, (await ws.inspect("other")).id - 1, "handles outlive the engine");
});

test("a source that can't be read any more is said to be gone", async () => {
  const { ws } = fakeWorkspace();
  let there = true;
  const file = new File(["orders"], "orders.csv");
  const slice = file.slice.bind(file);
  file.slice = (...range) => {
    const part = slice(...range);
    if (!there) part.arrayBuffer = async () => { throw new DOMException("gone", "NotReadableError"); };
    return part;
  };
  await ws.load(file);
  await failure(ws.at().churn(asks({ trap: true })));
  there = false;
  const error = await failure(ws.at().rfm());
  assert.equal(error.code, "source-gone");
  assert.match(error.message, /“orders\.csv” can no longer be read/);
  there = true;
  assert.match(/** @type {any} */ (await ws.at().rfm()).of[0], /^orders/);
});

test("a column that was not kept makes the source be read once more", async () => {
  const { ws, engines } = fakeWorkspace();
  const found = await ws.inspect("orders");
  const mapping = /** @type {const} */ ([{ role: "orderDate", columns: [3] }]);
  await ws.load(found, { mapping: /** @type {any} */ (mapping), settings: asks({ keep: true }) });
  assert.deepEqual(engines[0].log, ["inspect", "load", "forget", "inspect", "load", "settings"]);
  const { of } = /** @type {any} */ (await ws.at().rfm());
  assert.match(of[0], /"keep":\[3,7\]/);
});

test("readings that are not loaded leave memory and come back when wanted", async () => {
  const { ws, engines } = fakeWorkspace();
  const one = await ws.inspect("one");
  const two = await ws.inspect("two");
  await ws.load(two);
  await ws.at().rfm();
  assert.equal(engines[0].readings.size, 1);
  await ws.load(one);
  assert.match(/** @type {any} */ (await ws.at().rfm()).of[0], /^one/);
});

test("a view of an earlier load does not speak of a later one", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("one");
  const view = ws.at();
  await ws.load("two");
  assert.equal((await failure(view.rfm())).code, "view-outdated");
});

test("an error has a code, parameters and a sentence; a message its text", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("orders");
  const error = await failure(ws.at().rfm(asks({ fail: "some-code" })));
  assert.deepEqual([error.code, error.params], ["some-code", { row: 1234 }]);
  assert.match(error.message, /1,234/);
  const say = { code: "already-closed", params: {} };
  const { notices } = /** @type {any} */ (await ws.at().rfm(asks({ say })));
  assert.equal(notices[0].text, ws.say("already-closed"));
  assert.equal((await failure(ws.inspect(/** @type {any} */ (7)))).code, "bad-source");
  const foreign = { id: 99, columns: [] };
  assert.equal((await failure(ws.load(/** @type {any} */ (foreign)))).code, "unknown-found");
});

test("closing rejects what runs, what waits and what comes", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("orders");
  const view = ws.at();
  const running = failure(view.lifetime(asks({ forever: true })));
  const waiting = failure(view.rfm());
  await new Promise((done) => setTimeout(done, 20));
  await ws.close();
  for (const error of [await running, await waiting, await failure(view.rfm())]) {
    assert.equal(error.code, "already-closed");
  }
});

test("exports are bytes here", async () => {
  const { ws } = fakeWorkspace();
  await ws.load("orders");
  const bytes = await ws.at().exportCsv({ what: "customers" });
  assert.ok(bytes instanceof Uint8Array);
});

test("the fake engine keeps to the contract", () => {
  const engine = new FakeEngine();
  engine.start("inspect", {});
  assert.throws(() => engine.start("inspect", {}));
  assert.throws(() => engine.advance(1));
  engine.cancel();
  assert.throws(() => engine.push(new Uint8Array(1)));
});

/**
 * Work that takes real time.
 *
 * @param {number} msPerUnit
 * @returns {(units: number) => void}
 */
function busy(msPerUnit) {
  return (units) => {
    const end = performance.now() + units * msPerUnit;
    while (performance.now() < end);
  };
}

test("a zone is handed to the engine as the moments at which its clocks change", async () => {
  const { zoneOf } = await import("../../pkg/zones.js");
  const berlin = zoneOf("Europe/Berlin");
  const at = (/** @type {string} */ day) => berlin.from.indexOf(Date.parse(day) / 1000);
  assert.equal(berlin.offset[at("2024-03-31T01:00:00Z")], 7200);
  assert.equal(berlin.offset[at("2024-10-27T01:00:00Z")], 3600);
  assert.deepEqual(zoneOf("Asia/Kolkata").offset, [19800]);
  // In Morocco the clocks go back for a month.
  const morocco = zoneOf("Africa/Casablanca");
  assert.equal(morocco.offset[morocco.from.indexOf(Date.parse("2024-03-10T02:00:00Z") / 1000)], 0);
  assert.equal(morocco.offset[morocco.from.indexOf(Date.parse("2024-04-14T02:00:00Z") / 1000)], 3600);

  const { ws } = fakeWorkspace();
  assert.equal((await failure(ws.load("orders", { zone: "Mars/Olympus" }))).code, "unknown-zone");
  await ws.load("orders", { zone: "Europe/Berlin" });
});
