/** What a visitor does on the built page, by the words and marks that a person goes by. */

import { mkdir } from "node:fs/promises";
import { open } from "./harness.js";

/** @typedef {import("./harness.js").Opened} Opened */
/** @typedef {import("playwright-core").Page} Page */

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** The views in the page's own list. @param {Page} page @returns {Promise<string[]>} */
export const viewsOf = (page) =>
  page.evaluate(() => [...document.querySelectorAll(".views ol a")].map((link) => (link.getAttribute("href") ?? "").slice(1)));

/**
 * The page with the sample shop in it, all four answers given.
 * @param {import("playwright-core").Browser} browser
 * @param {Parameters<typeof open>[2]} [options]
 */
export async function openSample(browser, options) {
  const opened = await open(browser, "hosted", options);
  await opened.page.locator(".drop-foot button").first().click();
  await answered(opened.page);
  return opened;
}

/** Waits until all four answers are given. @param {Page} page */
export async function answered(page) {
  await page.waitForFunction(
    () => document.querySelectorAll(".answer").length === 4 && !document.querySelector('.answer[aria-busy="true"]'),
    undefined,
    { timeout: 120_000 },
  );
}

/** @param {Page} page @param {string} view */
export async function go(page, view) {
  await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  const place = (await viewsOf(page)).indexOf(view) + 1;
  // There are keys for nine; the others are reached as by the browser's own buttons.
  if (place >= 1 && place <= 9) await page.keyboard.press(String(place));
  else {
    await page.evaluate((name) => {
      history.pushState(null, "", `#${name}`);
      dispatchEvent(new PopStateEvent("popstate"));
    }, view);
  }
  await page.waitForSelector(`[data-view="${view}"]`);
  // Pictures are drawn in the frame after they know their width.
  await frames(page);
}

/** Waits until nothing is being computed and no result is an old one: what was just asked for shows after a frame. @param {Page} page */
export async function settled(page) {
  await frames(page);
  await page.waitForFunction(() => !document.querySelector('.running, .stale, [aria-busy="true"]'), null, { timeout: 120_000 });
}

/** Waits for two frames: what was asked for before is on the screen. @param {Page} page */
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Screenshots are kept as test output, to be looked at. @param {Page} page @param {string} name */
export async function keep(page, name) {
  await mkdir("tests/output/page", { recursive: true });
  await page.screenshot({ path: `tests/output/page/${name}.png`, fullPage: true });
}

/** What the browser saves in answer to an act. @param {Page} page @param {() => Promise<void>} act */
export async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** The table of customers, by future value, largest first. @param {Page} page */
export async function mostValuableFirst(page) {
  const table = page.locator("regular-table");
  await table.locator("tbody td").first().waitFor();
  // Where the table is wider than the window, a visitor pushes it aside.
  await table.evaluate((element) => (element.scrollLeft = element.scrollWidth));
  const head = table.locator('th[data-column="clv"]');
  // The heads move while the table is drawn anew: a click may meet another one.
  for (let tries = 1; (await head.getAttribute("aria-sort")) !== "descending"; tries++) {
    if (tries > 5) throw new Error("the table does not sort by a click on its head");
    await head.click();
    const sorted = page.locator('th[data-column="clv"][aria-sort="descending"]');
    await sorted.waitFor({ timeout: 15_000 }).catch(() => {});
  }
  await page.waitForFunction(() => document.querySelectorAll("regular-table tbody tr").length >= 10);
  return table;
}

/** Warnings and errors of the console. @param {Opened} opened */
export const complaints = ({ said }) => said.filter((line) => /^(error|warning|uncaught)/.test(line));

/** How far the page is wider than its window. @param {Page} page */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
