/** What the page keeps: nothing that leaves, nothing stored, and nothing at all once it was told to forget. */

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openWorkspace } from "../../pkg/node.js";
import { WAYS, launch, open } from "./harness.js";
import { WIDE, answered, complaints, go, saved, viewsOf } from "./page-visitor.js";

/** A name that nothing but the file has. */
const MARK = "zq7-okapi-4419";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The sample shop with marked customers, so that they can be looked for. */
async function markedShop() {
  const workspace = await openWorkspace();
  const bytes = await workspace.sample({ customers: 1500 });
  await workspace.close();
  return { name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(new TextDecoder().decode(bytes).replaceAll(/,C2(\d+),/g, `,${MARK}-$1,`)) };
}

/** Whether a text is anywhere in the page's memory. @param {import("playwright-core").Page} page @param {string} text */
async function remembers(page, text) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  let found = false;
  let tail = "";
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => {
    found ||= (tail + chunk).includes(text);
    tail = chunk.slice(-100);
  });
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return found;
}

/** Everything that a page can store things in. @param {import("playwright-core").Page} page */
const stored = (page) =>
  page.evaluate(async () => {
    // A page opened from a file may have no access to some of these at all.
    const safe = async (/** @type {() => any} */ look) => {
      try {
        return await look();
      } catch {
        return null;
      }
    };
    return {
      local: await safe(() => localStorage.length),
      session: await safe(() => sessionStorage.length),
      cookies: await safe(() => document.cookie),
      databases: await safe(async () => (await indexedDB.databases()).length),
      caches: await safe(async () => (await caches.keys()).length),
      workers: await safe(async () => (await navigator.serviceWorker.getRegistrations()).length),
      files: await safe(async () => {
        let files = 0;
        for await (const entry of /** @type {any} */ (await navigator.storage.getDirectory()).keys()) files += entry ? 1 : 0;
        return files;
      }),
    };
  });

/** @param {Record<string, unknown>} kept */
const nothing = (kept) => Object.values(kept).every((value) => value === null || value === 0 || value === "");

for (const way of WAYS) {
  test(`${way}: with the network off, every analysis, list and picture works and asks for nothing`, async () => {
    const opened = await open(browser, way, { viewport: WIDE, offline: true });
    const { page, requests } = opened;
    await page.locator(".drop-zone input").setInputFiles(await markedShop());
    await page.locator(".understood button.primary").click({ timeout: 60_000 });
    await answered(page);
    for (const view of await viewsOf(page)) {
      await go(page, view);
      // What a view computes when it is first shown has to end too.
      await page.waitForFunction(() => !document.querySelector("main progress"), null, { timeout: 120_000 });
      for (const kind of ["SVG", "PNG", "CSV"]) {
        const tool = page.locator("chart-figure .tools").getByRole("button", { name: kind, exact: true }).first();
        if (await tool.count()) assert.ok((await saved(page, () => tool.click())).bytes.length > 50, `${view}: ${kind}`);
      }
    }
    await go(page, "customers");
    await page.locator("regular-table tbody td").first().click();
    await page.locator(".scores dd").first().waitFor();
    for (let i = 0; i < 4; i++) {
      await page.locator(".exports summary").click();
      const list = await saved(page, () => page.locator(".exports .menu-list button").nth(i).click());
      assert.ok(list.bytes.length > 100, list.name);
      await page.keyboard.press("Escape");
    }
    for (const language of ["zh-Hant", "zh-Hans", "en"]) await page.locator(".setting.language select").selectOption(language);
    await page.waitForFunction(() => document.documentElement.lang === "en");
    assert.deepEqual(requests, []);
    assert.deepEqual(complaints(opened), []);
    assert.ok(nothing(await stored(page)), JSON.stringify(await stored(page)));
    await opened.close();
  });

  test(`${way}: "forget everything" wipes memory and storage`, async () => {
    const opened = await open(browser, way, { viewport: WIDE });
    const { page } = opened;
    await page.locator(".drop-zone input").setInputFiles(await markedShop());
    await page.locator(".understood button.primary").click({ timeout: 60_000 });
    await answered(page);
    await go(page, "segments");
    await page.locator(".treemap .pick").first().click();
    await page.locator(".selection:not(.none)").waitFor();
    await go(page, "customers");
    await page.locator("#filter").fill(MARK);
    await page.locator("regular-table tbody td").first().waitFor();
    await page.locator("regular-table tbody td").first().click();
    await page.locator(".scores dd").first().waitFor();
    assert.ok(await remembers(page, MARK), "the yardstick: before, the page knows its customers");
    await go(page, "file");
    await page.getByRole("button", { name: "Forget everything" }).click();
    await page.locator(".drop-zone").waitFor();
    // Those who listen to a worker that is gone, and the last frame, have to go too.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 500))));
    assert.equal(page.workers().length, 0, "the worker and its memory are gone");
    assert.equal(await remembers(page, MARK), false, "nothing of the file is left in memory");
    assert.ok(nothing(await stored(page)), JSON.stringify(await stored(page)));
    assert.deepEqual(complaints(opened), []);
    // And the page is as good as new.
    await page.locator(".drop-foot button").first().click();
    await answered(page);
    await opened.close();
  });
}

test("a real fit is cancelled at once, the rest goes on, and it can be computed after all", async () => {
  const workspace = await openWorkspace();
  // From a file: what is handed over byte by byte takes long on a slow machine.
  const file = "tests/output/orders.csv";
  await mkdir("tests/output", { recursive: true });
  await writeFile(file, await workspace.sample({ customers: 40_000 }));
  await workspace.close();
  const opened = await open(browser, "hosted", { viewport: WIDE });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles(file);
  await page.locator(".understood button.primary").click({ timeout: 120_000 });
  const worth = page.locator(".answer").nth(1);
  // Waited for inside the page: a fast fit would be over before a click from outside came.
  const took = await page.evaluate(async () => {
    const answer = () => document.querySelectorAll(".answer")[1];
    const cancel = () => /** @type {HTMLElement | null} */ (answer()?.querySelector("progress[value]") && answer().querySelector(".answer-picture button"));
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (!cancel()) await frame();
    cancel()?.click();
    let frames = 0;
    for (; !answer().querySelector(".answer-words button"); frames++) await frame();
    return frames;
  });
  // Six frames are 100 ms on a screen of 60 Hz; a busy machine draws fewer of them.
  assert.ok(took <= 6, `the page answers after ${took} frames`);
  // What does not need the fit stands; the ledger and the segments are there.
  assert.match(await page.locator(".answer .big").first().innerText(), /\d/);
  await worth.locator(".answer-words button").click();
  await page.waitForFunction(() => /\d/.test(document.querySelectorAll(".answer .big")[1]?.textContent ?? ""), null, { timeout: 180_000 });
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});
