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
    await page.locator('.views a[href="#segments"]').click();
    await page.locator("table.segments").waitFor();
    // The analyses that the border does not touch are of no interest here.
    while (await page.locator(".again .running button, .why .running button").count()) {
      await page.locator(".again .running button, .why .running button").first().click();
    }
    await page.locator("details.scoring summary").click();
    await page.getByLabel("Method").selectOption("thresholds");
    await page.locator(BORDER).first().waitFor();
    const busy = [];
    for (let i = 0; i < 9; i += 1) busy.push(await moved(page, 401 + i));
    console.log(`${customers.toLocaleString("en")} customers, a border moved on the page: ${median(busy).toFixed(0)} ms to the next frame (${busy.map((t) => t.toFixed(0)).join(", ")})`);
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}
