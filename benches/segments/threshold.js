/**
 * A border of the scores is moved on the page, in Chromium, with a million customers: from
 * the event of the input to the frame in which the new sizes, segments, grid and treemap
 * stand. Measured twice: while nothing else runs, and while the win-back plan is made anew,
 * as it is after every change.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { host, launch, PRODUCT } from "../../tests/browser/harness.js";
import { median, shop } from "./shop.js";

const BORDER = 'input[aria-label*="border of score 2"]';

/** Moves the border of recency and waits for the frame after the figures changed. @param {import("playwright-core").Page} page @param {number} days */
const moved = (page, days) =>
  page.evaluate(
    async ({ border, days }) => {
      const input = /** @type {HTMLInputElement} */ (document.querySelector(border));
      const table = /** @type {HTMLElement} */ (document.querySelector("table.segments"));
      const before = table.innerText;
      const drawn = () => {
        const now = document.querySelector("table.segments");
        return now instanceof HTMLElement && now.innerText !== before && !now.closest(".stale");
      };
      input.value = String(days);
      const start = performance.now();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      while (!drawn()) await frame();
      // A message posted within a frame arrives after it was painted.
      const painted = new MessageChannel();
      const after = new Promise((done) => (painted.port2.onmessage = done));
      requestAnimationFrame(() => painted.port1.postMessage(0));
      await after;
      return performance.now() - start;
    },
    { border: BORDER, days },
  );

/** @param {import("playwright-core").Page} page @param {string} name */
const view = (page, name) => page.locator(`.views ol a[href="#${name}"]`).click();

/** Waits until the last analyses are done, and those that a border touches. @param {import("playwright-core").Page} page */
async function quiet(page) {
  for (const name of ["baskets", "forecast", "winback", "churn", "segments"]) {
    await view(page, name);
    await page.waitForFunction(() => document.querySelector("h1") && !document.querySelector(".running, .stale"));
  }
  await page.locator("details.scoring").evaluate((details) => details.setAttribute("open", ""));
  await page.locator(BORDER).first().waitFor();
}

/** @param {number} customers @param {string} when @param {number[]} times */
const say = (customers, when, times) =>
  console.log(`${customers.toLocaleString("en")} customers, a border moved on the page ${when}: ${median(times).toFixed(0)} ms to the next frame (${times.map((t) => t.toFixed(0)).join(", ")})`);

/** @param {number} customers */
export async function threshold(customers) {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const file = join(folder, "orders.csv");
  writeFileSync(file, shop(customers).join(""));
  const server = await host(PRODUCT);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(600_000);
    await page.goto(`${server.origin}/regulars.html`);
    await page.locator(".drop-zone input").setInputFiles(file);
    await page.getByRole("button", { name: "Use this file" }).click();
    await view(page, "segments");
    await page.locator("table.segments").waitFor();
    await page.locator("details.scoring summary").click();
    await page.getByLabel("Method").selectOption("thresholds");
    await page.locator(BORDER).first().waitFor();
    await page.waitForFunction(() => !document.querySelector(".stale"));
    const busy = [];
    for (let i = 0; i < 9; i += 1) busy.push(await moved(page, 401 + i));
    say(customers, "while the other analyses run", busy);
    await quiet(page);
    say(customers, "while nothing else runs", [await moved(page, 421)]);
    const after = [];
    for (let i = 0; i < 9; i += 1) after.push(await moved(page, 431 + i));
    say(customers, "again and again, the win-back plan being made anew", after);
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}
