/** Nothing can leave in the background: attempts that succeed without the page's policy fail under it. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { attempt, IN_WORKER, ON_PAGE } from "./attempts.js";
import { parts, unpacked } from "./carried.js";
import { BARE, PRODUCT, WAYS, host, launch, open } from "./harness.js";

/** What even a page without a policy can't do here: workers must come from the page's own origin. */
const NEVER = new Set(["worker-url", "shared-worker", "service-worker"]);

/** @type {import("playwright-core").Browser} */
let browser;
/** Paths that arrived at the sink, and datagrams. @type {string[]} */
let arrived = [];
/** @type {{ sink: string, udp: number }} */
let aim;
/** @type {(() => void)[]} */
const closers = [];

before(async () => {
  browser = await launch();
  const server = createServer((request, response) => {
    arrived.push((request.url ?? "/").slice(1).split("?")[0]);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end();
  });
  server.on("upgrade", (request, socket) => {
    arrived.push((request.url ?? "/").slice(1));
    socket.destroy();
  });
  const udp = createSocket("udp4");
  udp.on("message", () => arrived.push("datagram"));
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  await new Promise((done) => udp.bind(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  aim = { sink: `http://127.0.0.1:${port}`, udp: udp.address().port };
  closers.push(() => server.close(), () => server.closeAllConnections(), () => udp.close());
});

after(async () => {
  await browser.close();
  for (const close of closers) close();
});

/** @param {string} name */
const isRtc = (name) => name.startsWith("webrtc");

/**
 * Makes the attempts one by one and says which arrived.
 *
 * @param {{ evaluate: (f: any, options: any) => Promise<any> }} where a page or a worker
 * @param {string[]} names
 * @returns {Promise<string[]>}
 */
async function arriving(where, names) {
  arrived = [];
  const make = (/** @type {string} */ name) => where.evaluate(attempt, { name, ...aim });
  const settle = () => new Promise((done) => setTimeout(done, 1000));
  await Promise.all(names.filter((name) => !isRtc(name)).map(make));
  await settle();
  // Datagrams carry no name, so these go one by one.
  for (const name of names.filter(isRtc)) {
    await make(name);
    await settle();
    arrived = arrived.map((one) => (one === "datagram" ? name : one));
  }
  return names.filter((name) => arrived.includes(name));
}

/** A page without any policy, as the yardstick. */
async function openPolicyFree() {
  const dir = new URL("../output/", import.meta.url);
  const { mkdir, writeFile } = await import("node:fs/promises");
  await mkdir(dir, { recursive: true });
  const file = new URL("policy-free.html", dir);
  await writeFile(file, "<!doctype html><meta charset=utf-8><title>free</title><body>");
  const server = await host(file.pathname);
  const page = await browser.newPage();
  await page.goto(server.origin);
  return { page, close: () => page.close().then(server.close) };
}

/** A worker of a page without any policy. @param {import("playwright-core").Page} page */
async function freeWorker(page) {
  const made = page.waitForEvent("worker");
  await page.evaluate(() => {
    Object.assign(window, { kept: new Worker(URL.createObjectURL(new Blob(["0"], { type: "text/javascript" }))) });
  });
  return made;
}

test("the yardstick: without a policy every attempt arrives", async (t) => {
  const { page, close } = await openPolicyFree();
  t.after(close);
  const able = (/** @type {string[]} */ names) => names.filter((name) => !NEVER.has(name));
  assert.deepEqual(await arriving(page, ON_PAGE.filter((name) => name !== "base")), able(ON_PAGE).filter((name) => name !== "base"));
  assert.deepEqual(await arriving(await freeWorker(page), IN_WORKER), able(IN_WORKER));
});

for (const way of WAYS) {
  for (const file of [BARE, PRODUCT]) {
    test(`${way}, ${file}: no attempt arrives from the page`, async (t) => {
      const { page, close } = await open(browser, way, { file });
      t.after(close);
      assert.deepEqual(await arriving(page, ON_PAGE), []);
    });
  }

  test(`${way}: no attempt arrives from the worker`, async (t) => {
    const { page, requests, close } = await open(browser, way, { file: BARE });
    t.after(close);
    const thread = await page.evaluate(async () => {
      const { openWorkspace, embedded } = /** @type {any} */ (window);
      const ws = await openWorkspace(embedded());
      Object.assign(window, { ws });
      return ws.thread;
    });
    assert.equal(thread, "worker");
    assert.deepEqual(requests, [], "opening the engine asks for nothing");
    const [worker] = page.workers();
    assert.deepEqual(await arriving(worker, IN_WORKER), []);
    const left = await worker.evaluate(() => ["WebTransport", "WebSocketStream"].filter((name) => /** @type {any} */ (self)[name]));
    assert.deepEqual(left, []);
  });

  test(`${way}: what no policy governs is gone from the page`, async (t) => {
    const { page, close } = await open(browser, way, { file: PRODUCT });
    t.after(close);
    const left = await page.evaluate(() =>
      ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "WebSocketStream", "PresentationRequest", "PaymentRequest"]
        .filter((name) => /** @type {any} */ (window)[name]),
    );
    assert.deepEqual(left, []);
  });

  test(`${way}: loading the page asks for nothing and says nothing`, async (t) => {
    const { page, requests, said, close } = await open(browser, way, { file: PRODUCT });
    t.after(close);
    await page.waitForTimeout(1500);
    assert.deepEqual(requests, []);
    assert.deepEqual(said, []);
  });
}

/** What a page under this policy can still do, by design: all of it is seen by its user. */
test("the known remainder: a navigation and a window that the user sees", async (t) => {
  const { page, close } = await open(browser, "hosted", { file: BARE });
  t.after(close);
  arrived = [];
  const popup = page.context().waitForEvent("page");
  await page.evaluate((sink) => void window.open(`${sink}/window`), aim.sink);
  await popup;
  await page.evaluate((sink) => void location.assign(`${sink}/navigation`), aim.sink);
  await page.waitForURL(/navigation/);
  assert.deepEqual([...new Set(arrived.filter((path) => path !== "favicon.ico"))].sort(), ["navigation", "window"]);
});

test("the policy is the design's, and names every script that runs", async () => {
  const html = await readFile(PRODUCT, "utf8");
  const policies = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
  assert.equal(policies.length, 1);
  const [before] = html.split(policies[0][0]);
  assert.doesNotMatch(before, /<(script|style|link|img)/, "the policy stands before all it governs");
  const policy = policies[0][1].replaceAll(/'sha256-[^']+'/g, "HASH");
  assert.equal(
    policy,
    "default-src 'none'; script-src HASH HASH HASH 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'; " +
      "img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'",
  );
  assert.doesNotMatch(html, /<script[^>]+src=/);
});

test("the shipped scripts know no way around the policy", async () => {
  const html = await readFile(PRODUCT, "utf8");
  const [removal, load] = [...html.matchAll(/<script(?: type="module" async)?>([^]*?)<\/script>/g)].map(([, text]) => text);
  assert.match(removal, /RTCPeerConnection/);
  const page = await unpacked(parts(html).get("page") ?? "");
  const [main] = page.toString().split("\0");
  for (const text of [removal, load, main]) {
    const hash = createHash("sha256").update(text).digest("base64");
    assert.ok(html.includes(`'sha256-${hash}'`), "each script that runs is in the policy");
  }
  // A frame of its own would bring back what the first script removes; hints to
  // the network are not governed by any policy.
  for (const word of ["RTCPeerConnection", "WebTransport", "iframe", "contentWindow", "dns-prefetch", "preconnect"]) {
    assert.ok(!load.includes(word) && !main.includes(word), word);
  }
});
