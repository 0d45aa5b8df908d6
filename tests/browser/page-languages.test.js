/**
 * A newcomer in each language, wide and narrow: drops an export, reads the four
 * answers, finds the ten most valuable customers at risk, exports them, keeps the
 * report. Goes by marks, not by words. What is seen is kept in tests/output/page.
 */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { en } from "../../www/strings/en.js";
import { launch, open } from "./harness.js";
import { NARROW, WIDE, answered, complaints, go, keep, mostValuableFirst, overflow, saved, viewsOf } from "./page-visitor.js";

const RETAIL = ["../shared/data/online-retail/online_retail.csv", "../../shared/data/online-retail/online_retail.csv"].find(existsSync);
const SIZES = { wide: WIDE, narrow: NARROW };

/** What each language must have said by then. @type {Record<string, { lang: string, customers: string }>} */
const LANGUAGES = {
  "en-GB": { lang: "en", customers: "customers" },
  "zh-CN": { lang: "zh-Hans", customers: "\u4f4d\u5ba2\u6237" },
  "zh-TW": { lang: "zh-Hant", customers: "\u4f4d\u5ba2\u6236" },
};

/** Longer English phrases that stand as they are in the catalogue; sources and names stay English everywhere. */
const ENGLISH = Object.entries(en)
  .filter(([key, phrase]) => typeof phrase === "string" && phrase.length > 14 && !phrase.includes("{") && !/source$|^model\./.test(key))
  .map(([, phrase]) => String(phrase));

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {import("playwright-core").Page} page @param {string} lang @param {string} where */
async function inLanguage(page, lang, where) {
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
  if (lang === "en") return;
  const text = await page.evaluate(() => document.body.innerText);
  assert.deepEqual(ENGLISH.filter((phrase) => text.includes(phrase)), [], `${where} speaks English`);
}

for (const [locale, { lang, customers }] of Object.entries(LANGUAGES)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`a newcomer in ${lang}, ${size}`, { skip: RETAIL ? false : "../shared/data is absent" }, async () => {
      const opened = await open(browser, "hosted", { viewport, locale });
      const { page } = opened;
      const seen = (/** @type {string} */ step) => keep(page, `newcomer-${lang}-${size}-${step}`);
      await page.waitForFunction((lang) => document.documentElement.lang === lang, lang);
      await inLanguage(page, lang, "drop");
      await seen("1-drop");
      await page.locator(".drop-zone input").setInputFiles(/** @type {string} */ (RETAIL));
      const use = page.locator(".understood button.primary");
      await use.waitFor({ timeout: 60_000 });
      await inLanguage(page, lang, "understood");
      await seen("2-understood");
      await use.click();
      await answered(page);
      await inLanguage(page, lang, "answers");
      assert.ok((await page.locator("main").innerText()).includes(customers));
      assert.ok((await overflow(page)) <= 0, "nothing sticks out");
      await seen("3-answers");

      for (const view of (await viewsOf(page)).slice(1)) {
        await go(page, view);
        await inLanguage(page, lang, view);
        assert.ok((await overflow(page)) <= 0, `${view}: nothing sticks out`);
        await seen(`4-${view}`);
      }

      await go(page, "segments");
      await page.locator("table.segments tr").filter({ has: page.locator('.swatch[style*="--risk"]') }).first().locator("button.row-pick").click();
      await page.locator(".selection:not(.none)").waitFor();
      await page.locator(".selection .buttons button").first().click();
      const table = await mostValuableFirst(page);
      await seen("5-at-risk");
      const list = await saved(page, () => page.locator(".table-tools > button.plain").click());
      const lines = list.bytes.toString("utf8").trim().split("\r\n");
      assert.ok(lines.length > 10, "the list holds the ten and the others");
      if (lang !== "en") assert.match(lines[0] ?? "", /[\u4e00-\u9fff]/, "its head is in the language");

      await table.evaluate((element) => (element.scrollLeft = 0));
      await table.locator("tbody td").first().click();
      await page.locator(".scores dd").first().waitFor();
      await inLanguage(page, lang, "customer");
      await seen("6-customer");

      await page.locator(".exports summary").click();
      await page.locator(".exports .menu-list button").nth(4).click();
      await page.locator(".report chart-figure svg").first().waitFor();
      assert.ok((await page.pdf()).length > 10_000);
      const report = await saved(page, () => page.locator('[data-view="report"] > .buttons .plain').first().click());
      assert.deepEqual(complaints(opened), []);
      assert.deepEqual(opened.requests, []);
      await opened.close();

      await mkdir("tests/output/page", { recursive: true });
      const path = `tests/output/page/report-${lang}-${size}.html`;
      await writeFile(path, report.bytes);
      await readReport(path, lang, size, viewport);
    });
  }
}

/**
 * The saved report, opened by somebody who has never seen the page.
 * @param {string} path @param {string} lang @param {string} size @param {{ width: number, height: number }} viewport
 */
async function readReport(path, lang, size, viewport) {
  const session = await browser.newContext({ viewport, offline: true });
  const page = await session.newPage();
  /** @type {string[]} */
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
  assert.ok((await page.locator("svg").count()) > 5, "its pictures are there");
  assert.equal(await page.locator("script, button, input, select, a").count(), 0, "it only shows");
  assert.ok((await page.locator("table.ledger").count()) >= 1, "its ledger is there");
  assert.ok((await page.locator(".methods p:visible").count()) > 10, "its method is there to be read");
  assert.match((await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content")) ?? "", /^default-src 'none'/);
  assert.ok((await overflow(page)) <= 0, "nothing sticks out");
  await keep(page, `newcomer-${lang}-${size}-7-report`);
  assert.deepEqual(said, []);
  await session.close();
}

test("the language changes while a shop is open, and all that was said is said anew", async () => {
  const opened = await open(browser, "hosted", { viewport: WIDE, locale: "en-GB" });
  const { page } = opened;
  await page.locator(".drop-foot button").first().click();
  await answered(page);
  await go(page, "segments");
  const figures = await page.locator("table.segments td:nth-child(2)").allTextContents();
  await page.locator(".setting.language select").selectOption("zh-Hans");
  await page.waitForFunction(() => document.documentElement.lang === "zh-Hans");
  await page.locator(".notices").getByText("\u5e76\u5217").first().waitFor();
  await inLanguage(page, "zh-Hans", "segments");
  await page.locator(".file-name").getByText("\u793a\u4f8b\u5e97\u94fa").waitFor();
  assert.deepEqual(await page.locator("table.segments td:nth-child(2)").allTextContents(), figures);
  await page.locator(".setting.language select").selectOption("en");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.match(await page.locator("h1").innerText(), /of customers, bring/);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});
