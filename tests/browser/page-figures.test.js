/** Every picture of every view: a title, what is drawn, axes or labels, a table behind it, and files that stand alone. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./harness.js";
import { WIDE, complaints, go, openSample, saved, settled, viewsOf } from "./page-visitor.js";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Waits until all pictures of the view are drawn. @param {Page} page */
async function drawn(page) {
  await settled(page);
  await page.waitForFunction(() => [...document.querySelectorAll("chart-figure .picture")].every((picture) => picture.firstElementChild));
}

/** The pages of the view, each in turn; one alone where it has no pages. @param {Page} page @param {() => Promise<void>} look */
async function eachPage(page, look) {
  await drawn(page);
  const pages = await page.locator(".tabs button").count();
  await look();
  for (let i = 1; i < pages; i++) {
    await page.locator(".tabs button").nth(i).click();
    await drawn(page);
    await look();
  }
  if (pages > 0) await page.locator(".tabs button").first().click();
}

test("every picture says what it shows, has its table, and is saved as files that stand alone and are light", { timeout: 300_000 }, async () => {
  const opened = await openSample(browser, { viewport: WIDE, colorScheme: "dark" });
  const { page } = opened;
  const seen = new Set();
  /** @param {string} view */
  const look = async (view) => {
    const figures = page.locator("chart-figure:has(figure)");
    for (let i = 0; i < (await figures.count()); i++) {
      const figure = figures.nth(i);
      const heading = await figure.locator("h2").innerText();
      const where = `${view}: ${heading}`;
      assert.ok(heading.length > 8 && !/undefined|NaN|\{|–/.test(heading), where);
      assert.ok((await figure.locator(".sub").innerText()).length > 8, `${where}: what is drawn`);
      assert.ok((await figure.locator(".picture svg text").count()) > 1, `${where}: axes or labels`);
      const svg = (await saved(page, () => figure.getByRole("button", { name: "SVG", exact: true }).click())).bytes.toString("utf8");
      assert.match(svg, /^<svg[^]*<\/svg>$/, where);
      assert.doesNotMatch(svg, /var\(--|<script|<style|href=|url\(["']?(?!#)/, `${where}: nothing from elsewhere`);
      assert.match(svg, /fill="rgb\(255, 255, 255\)"/, `${where}: on white`);
      assert.match(svg, /font/, `${where}: fonts are named`);
      const fits = await page.evaluate(async (text) => {
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
        await image.decode();
        return image.naturalWidth > 200 && image.naturalHeight > 80;
      }, svg);
      assert.ok(fits, `${where}: it can be shown`);
      const png = (await saved(page, () => figure.getByRole("button", { name: "PNG", exact: true }).click())).bytes;
      assert.ok(png.length > 2_000 && png.subarray(1, 4).toString() === "PNG", where);
      const table = figure.locator(".tools button[aria-expanded]");
      if ((await table.getAttribute("aria-expanded")) === "false") await table.click();
      await figure.locator("table tbody tr").first().waitFor();
      await table.click();
      seen.add(where);
    }
  };
  for (const view of await viewsOf(page)) {
    await go(page, view);
    await eachPage(page, () => look(view));
  }
  await go(page, "customers");
  await page.locator("regular-table tbody td").first().click();
  await page.locator(".scores dd").first().waitFor();
  await drawn(page);
  await look("customer");
  assert.ok(seen.size >= 30, `${seen.size} pictures: ${[...seen].join("; ")}`);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});
