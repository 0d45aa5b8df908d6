/** Marks that stand for customers: each group is one stop of Tab, arrows lead through it, and the words of a selection follow the language. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./harness.js";
import { WIDE, complaints, go, openSample, settled } from "./page-visitor.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof openSample>>} */
let opened;
/** @type {Page} */
let page;
before(async () => {
  browser = await launch();
  opened = await openSample(browser, { viewport: WIDE });
  page = opened.page;
});
after(() => browser.close());

/** @param {string} view @param {number} [tab] */
async function see(view, tab) {
  await go(page, view);
  if (tab !== undefined) await page.locator(".tabs button").nth(tab).click();
  await settled(page);
}

/** Presses a mark by keys; as many are selected as it says. @param {Locator} mark @param {RegExp} words */
async function press(mark, words) {
  await mark.waitFor({ state: "attached" });
  const size = (await mark.getAttribute("aria-label"))?.match(/([\d,]+) customers?(?:,|$)/)?.[1];
  assert.ok(size, (await mark.getAttribute("aria-label")) ?? "no name");
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.locator(".selection b").getByText(words).waitFor();
  await page.locator(".selection .caption").getByText(new RegExp(`^${size} customers? \\(`)).waitFor();
}

test("movement, life cycle, tiers: bands, cells and bars select as many as they say", async () => {
  await see("segments", 1);
  await page.locator("table.matrix .cell-pick").first().waitFor();
  await press(page.locator(".flows .pick").nth(1), / on .+ now$/);
  await press(page.locator("table.matrix tbody tr").nth(1).locator(".cell-pick").first(), / on .+ now$/);
  await see("segments", 2);
  await press(page.locator('[data-pick^="dormant/"]').nth(3), /: dormant$/);
  await page.locator('[data-pick^="dormant/"][aria-pressed="true"]').waitFor({ state: "attached" });
  await see("segments", 6);
  await page.locator("th .row-pick").first().click();
  await page.locator(".selection b").getByText(/^Tier: /).waitFor();
});

test("the pictures that test the lifetime model and the sequences select as many as they say", async () => {
  await see("value", 2);
  await press(page.locator('[data-pick^="repeat/"]').nth(1), /^Repeat order days: 1$/);
  await press(page.locator('[data-pick^="held/"]').nth(1), /^Repeat order days: 1 on /);
  await press(page.locator('[data-pick^="cell/"]').nth(5), /^Repeat order days: .* from first to last order/);
  await see("baskets");
  await press(page.locator("section", { has: page.getByRole("heading", { name: /^What is bought next/ }) }).locator(".cell-pick").first(), /^Bought .+, then .+ within 90 days$/);
});

test("each group of marks is one stop of Tab; arrows lead along, up and down", async () => {
  await see("cohorts");
  const table = page.locator("table.heat");
  assert.deepEqual(await page.locator("[data-roam]").evaluateAll((groups) => groups.filter((group) => group.querySelector("button, [role=button]")).map((group) => group.querySelectorAll('[tabindex="0"]').length)), [1, 1]);
  assert.equal(await table.locator("button:not([tabindex])").count(), 0);
  await table.locator("tbody tr").nth(1).locator("button").nth(2).focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("table.heat tbody tr")[2]?.querySelectorAll("button")[2]);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("table.heat tbody tr")[2]?.querySelectorAll("button")[3]);
  assert.equal(await table.locator('[tabindex="0"]').count(), 1);
});

test("a selection speaks the language of the page, and keeps the name that it was given", async () => {
  const words = page.locator(".selection b");
  const speak = (/** @type {string} */ language) => page.locator(".setting.language select").selectOption(language);
  await see("cohorts");
  await page.locator("table.heat tbody tr").nth(2).locator(".cell-pick").nth(3).click();
  await words.getByText(/^First order Jan 24, ordered 3 months later$/).waitFor();
  await speak("zh-Hans");
  await words.getByText(/^首单：.+3 个月后下单$/).waitFor();
  await speak("en");
  await words.getByText(/^First order Jan 24, ordered 3 months later$/).waitFor();
  await page.locator(".selection").getByRole("button", { name: "Name" }).click();
  await page.locator("#name input").fill("mine");
  await page.keyboard.press("Enter");
  await words.getByText("mine", { exact: true }).waitFor();
  await speak("zh-Hans");
  await page.locator("html[lang=zh-Hans]").waitFor();
  await words.getByText("mine", { exact: true }).waitFor();
  assert.deepEqual(complaints(opened), []);
});
