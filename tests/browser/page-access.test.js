/** axe finds nothing in any view, in either theme, wide and narrow; nothing sticks out; print is light. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, open } from "./harness.js";
import { NARROW, WIDE, complaints, go, openSample, overflow, settled, viewsOf } from "./page-visitor.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {import("playwright-core").Page} page @param {string} where */
async function clean(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => {
    const { violations } = await /** @type {any} */ (window).axe.run(document, { runOnly: tags });
    return violations.flatMap((/** @type {any} */ v) => v.nodes.map((/** @type {any} */ node) => `${v.id}: ${node.html.slice(0, 160)}`));
  }, TAGS);
  assert.deepEqual(found, [], where);
  assert.ok((await overflow(page)) <= 0, `${where}: nothing sticks out`);
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const [name, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    test(`axe finds nothing, ${colorScheme}, ${name}`, async () => {
      const first = await open(browser, "hosted", { viewport, colorScheme });
      await clean(first.page, "drop");
      await first.page.getByRole("link", { name: "Prove it yourself" }).first().click();
      await first.page.locator(".proof").waitFor();
      await clean(first.page, "proof");
      await first.page.goBack();
      const lines = Array.from({ length: 40 }, (_, i) => `${i},c${i % 9},2025-0${1 + (i % 6)}-1${i % 9},${5 + i}.50`);
      const buffer = Buffer.from(["order_id,customer_id,created_at,total", ...lines].join("\n"));
      await first.page.locator(".drop-zone input").setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer });
      await first.page.locator(".understood button.primary").waitFor();
      await clean(first.page, "what was understood");
      await first.close();

      const opened = await openSample(browser, { viewport, colorScheme });
      const { page } = opened;
      for (const view of [...(await viewsOf(page)), "report"]) {
        await go(page, view);
        await page.keyboard.press("t");
        for (const summary of await page.locator(".method > summary, .ledger-line > summary").all()) await summary.click();
        await clean(page, view);
        // The further pages of a long view.
        if (["segments", "value", "churn"].includes(view)) {
          const further = page.locator(".tabs button[aria-pressed=false]");
          for (let left = await further.count(); left > 0; left--) {
            await page.locator(".tabs button").nth(left).click();
            if (view === "segments") await settled(page);
            await clean(page, `${view}, page ${left}`);
          }
          await page.locator(".tabs button").first().click();
        }
        await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
        await page.keyboard.press("t");
      }
      await go(page, "segments");
      await page.locator(".tabs button").first().click();
      await page.locator(".treemap .pick").first().click();
      await page.locator(".selection:not(.none)").waitFor();
      await clean(page, "a selection");
      await page.keyboard.press("?");
      await clean(page, "keys");
      await page.keyboard.press("Escape");
      await go(page, "customers");
      await page.locator("regular-table tbody td").first().click();
      await page.locator(".scores dd").first().waitFor();
      await clean(page, "customer");
      assert.deepEqual(complaints(opened), []);
      await opened.close();
    });
  }
}

test("print is dark on white in the dark theme too", async () => {
  const opened = await openSample(browser, { viewport: WIDE, colorScheme: "dark" });
  const { page } = opened;
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.equal(await page.locator(".bar").isVisible(), false);
  await opened.close();
});

test("the report fits a sheet of paper, with every view in it and nothing left to press", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await go(page, "report");
  for (const part of await page.locator(".report-parts input:not([disabled])").all()) await part.check();
  await settled(page);
  // A sheet of A4 less its margins.
  await page.setViewportSize({ width: 680, height: 1000 });
  await page.emulateMedia({ media: "print" });
  assert.ok((await overflow(page)) <= 0, "nothing sticks out of the sheet");
  const pressed = await page.evaluate(() => [...document.querySelectorAll(".report :is(input, select, button:not(.row-pick, .cell-pick))")].filter((element) => element.getClientRects().length > 0).map((element) => element.outerHTML.slice(0, 100)));
  assert.deepEqual(pressed, []);
  await opened.close();
});

test("reduced motion: nothing moves", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await page.emulateMedia({ reducedMotion: "reduce" });
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.transitionDuration !== "0s" || style.animationName !== "none";
    }).length,
  );
  assert.equal(moving, 0);
  await opened.close();
});

test("at 400 % zoom nothing is cut off and nothing covers the page", async () => {
  // A window of 1280 x 1024 at 400 % has this many CSS pixels.
  const opened = await openSample(browser, { viewport: { width: 320, height: 256 } });
  const { page } = opened;
  for (const view of [...(await viewsOf(page)), "report"]) {
    await go(page, view);
    assert.ok((await overflow(page)) <= 0, `${view}: nothing sticks out`);
    const covered = await page.evaluate(() => {
      const bars = [...document.querySelectorAll("*")].filter((element) => /fixed|sticky/.test(getComputedStyle(element).position));
      return Math.max(0, ...bars.filter((bar) => bar.closest(".bar, .selection, .views")).map((bar) => bar.getBoundingClientRect().height));
    });
    assert.ok(covered < 128, `${view}: half of the window is free of bars, ${covered} px are not`);
  }
  await opened.close();
});

test("every picture has words for those who do not see it, and a table behind it", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  for (const view of await viewsOf(page)) {
    await go(page, view);
    await page.waitForFunction(() => [...document.querySelectorAll("chart-figure .picture")].every((picture) => picture.firstElementChild));
    const mute = await page.evaluate(() =>
      [...document.querySelectorAll("chart-figure .picture > *, .stacks")]
        .filter((picture) => !/img|group/.test(picture.getAttribute("role") ?? "") || (picture.getAttribute("aria-label") ?? "").length < 12)
        .map((picture) => picture.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(mute, [], view);
    await page.keyboard.press("t");
    await page.waitForFunction(() => !document.querySelector("chart-figure figure") || document.querySelector("chart-figure table"));
    const bare = await page.evaluate(() =>
      [...document.querySelectorAll("chart-figure figure")].filter((figure) => !figure.querySelector("table tbody tr")).map((figure) => figure.querySelector("h2")?.textContent),
    );
    assert.deepEqual(bare, [], `${view}: tables`);
    await page.keyboard.press("t");
  }
  await opened.close();
});
