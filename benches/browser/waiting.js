/**
 * `cargo xtask bench --page [FILE]`: what a visitor of the built page waits for
 * while a file loads, in one Chromium: first paint, time to the first view and to
 * all answers, tasks of more than 50 ms on the page, layout shift. Without a file,
 * the sample shop with a million rows.
 */

import { readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openWorkspace } from "../../pkg/node.js";
import { host, launch, PRODUCT } from "../../tests/browser/harness.js";

/** Some eight rows each. */
const CUSTOMERS = 125_000;

/** The sample shop as a file. */
async function sample() {
  const workspace = await openWorkspace();
  const path = join(tmpdir(), "regulars-sample-shop.csv");
  await writeFile(path, await workspace.sample({ customers: CUSTOMERS }));
  await workspace.close();
  return path;
}

/** Runs in the page from its first script on; what it sees is read at the end. */
function watch() {
  const seen = { tasks: /** @type {{ start: number, ms: number }[]} */ ([]), shift: 0, paint: NaN, frames: 0, worstFrame: 0 };
  Object.assign(window, { seen });
  const on = (/** @type {string} */ type, /** @type {(entry: any) => void} */ each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  on("longtask", ({ startTime, duration }) => seen.tasks.push({ start: startTime, ms: duration }));
  on("layout-shift", ({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));
  on("paint", ({ name, startTime }) => name === "first-contentful-paint" && (seen.paint = startTime));
  let last = performance.now();
  const frame = (/** @type {number} */ now) => {
    seen.frames += 1;
    seen.worstFrame = Math.max(seen.worstFrame, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** @param {string | undefined} given */
export async function waiting(given) {
  const file = given ?? (await sample());
  const { size } = await stat(file);
  await readFile(PRODUCT);
  const server = await host(PRODUCT);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(watch);
    await page.goto(server.origin);
    await page.locator(".drop-zone").waitFor();
    const now = () => page.evaluate(() => performance.now());
    const start = await now();
    await page.locator(".drop-zone input").setInputFiles(file);
    const use = page.locator(".understood button.primary");
    await use.waitFor({ timeout: 600_000 });
    const understood = await now();
    const rows = await page.locator(".understood .sub").last().innerText();
    await use.click();
    const clicked = await now();
    await page.waitForFunction(() => document.querySelector(".answer .big:not(.quiet-big)"), null, { timeout: 600_000 });
    const first = await now();
    await page.waitForFunction(
      () => document.querySelectorAll(".answer").length === 4 && !document.querySelector('.answer[aria-busy="true"]'),
      null,
      { timeout: 600_000 },
    );
    const all = await now();
    const seen = await page.evaluate(() => /** @type {any} */ (window).seen);
    const during = seen.tasks.filter((/** @type {{ start: number }} */ task) => task.start >= start);
    const worst = Math.max(0, ...during.map((/** @type {{ ms: number }} */ task) => task.ms));
    const line = (/** @type {string} */ what, /** @type {string} */ value) => console.log(what.padEnd(44), value.padStart(12));
    const ms = (/** @type {number} */ value) => `${value.toFixed(0)} ms`;
    console.log(`\n${file}: ${(size / 1e6).toFixed(1)} MB; ${rows}\n`);
    line("first paint of the empty page", ms(seen.paint));
    line("from the file to what was understood", ms(understood - start));
    line("from there to the first answer", ms(first - clicked));
    line("from there to all four answers", ms(all - clicked));
    line("tasks over 50 ms on the page", String(during.length));
    line("the longest of them", ms(worst));
    line("longest wait for a frame", ms(seen.worstFrame));
    line("cumulative layout shift", seen.shift.toFixed(3));
  } finally {
    await browser.close();
    await server.close();
  }
}
