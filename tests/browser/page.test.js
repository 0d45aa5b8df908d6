/** A newcomer on the built page: from a dropped file to a list and a report, wide and narrow, by mouse and by keys. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, open } from "./harness.js";
import { NARROW, WIDE, answered, complaints, go, keep, mostValuableFirst, openSample, overflow, saved, viewsOf } from "./page-visitor.js";

const RETAIL = ["../shared/data/online-retail/online_retail.csv", "../../shared/data/online-retail/online_retail.csv"].find(existsSync);

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The first ten cells of a column of the table. @param {import("playwright-core").Page} page @param {string} name */
const column = (page, name) =>
  page.evaluate((id) => {
    const heads = [...document.querySelectorAll("regular-table thead th")];
    const at = heads.findIndex((head) => head.getAttribute("data-column") === id);
    return [...document.querySelectorAll("regular-table tbody tr")].slice(0, 10).map((row) => row.children[at]?.textContent ?? "");
  }, name);

for (const [name, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  test(`a newcomer finds the ten most valuable customers at risk in the sample shop, ${name}`, async () => {
    const opened = await openSample(browser, { viewport });
    const { page } = opened;
    const figures = await page.locator(".answer .big").allTextContents();
    assert.equal(figures.length, 4);
    for (const figure of figures) assert.match(figure, /\d/);
    await keep(page, `answers-${name}`);
    assert.ok((await overflow(page)) <= 0, "nothing sticks out");

    await page.locator(".answer a.button").first().click();
    await page.waitForSelector('[data-view="segments"]');
    await page.locator("table.segments").getByRole("button", { name: "At risk" }).click();
    await page.locator(".selection").getByText(/\d customers? \(/).waitFor();
    await keep(page, `segments-${name}`);

    await page.getByRole("button", { name: "See them" }).click();
    const table = await mostValuableFirst(page);
    const values = (await column(page, "clv")).map((text) => Number(text.replace(/[^\d.-]/g, "")));
    assert.deepEqual(values, [...values].sort((a, b) => b - a), "by future value, largest first");
    await table.evaluate((element) => (element.scrollLeft = 0));
    await page.waitForFunction(() => document.querySelector("regular-table .family"));
    assert.deepEqual(await column(page, "segment"), Array(10).fill("At risk"));
    await keep(page, `customers-${name}`);

    const list = await saved(page, () => page.locator(".table-tools").getByRole("button", { name: "Export CSV" }).click());
    const text = list.bytes.toString("utf8");
    assert.match(list.name, /^customers-\d{4}-\d{2}-\d{2}\.csv$/);
    assert.equal(text.charCodeAt(0), 0xfeff);
    const lines = text.trim().split("\r\n");
    const shown = (await page.locator("h1").textContent())?.match(/([\d,]+) customers/)?.[1]?.replaceAll(",", "");
    assert.equal(String(lines.length - 1), shown, "as many rows as customers are shown");
    assert.ok(lines[0]?.includes("Future value"));

    await table.locator("tbody td").first().click();
    await page.getByRole("heading", { name: "Scores" }).waitFor();
    await page.locator(".scores dd").first().waitFor();
    assert.match((await page.locator("h1").textContent()) ?? "", /\d+ day/);
    await keep(page, `customer-${name}`);

    await page.locator(".exports summary").click();
    await page.getByRole("button", { name: "Report", exact: true }).click();
    await page.locator(".report").waitFor();
    await page.locator(".report chart-figure svg").first().waitFor();
    const chosen = await page.locator(".report-parts input:checked").count();
    assert.ok(chosen >= 6, "most views are in it at first");
    assert.equal(await page.locator(".report > .view").count(), chosen + 2, "the chosen views, the methods and the terms");
    await keep(page, `report-${name}`);
    assert.ok((await page.pdf()).length > 10_000);

    assert.deepEqual(complaints(opened), []);
    assert.deepEqual(opened.requests, []);
    await opened.close();
  });
}

test("Online Retail: understood, accounted for to the last digit, answered", { skip: RETAIL ? false : "../shared/data is absent" }, async () => {
  const opened = await open(browser, "hosted", { viewport: WIDE });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles(/** @type {string} */ (RETAIL));
  await page.getByRole("button", { name: "Use this file" }).waitFor({ timeout: 60_000 });
  await keep(page, "retail-understood");
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  await keep(page, "retail-answers");
  await go(page, "file");
  const ledger = (await page.locator("table.ledger").innerText()).replaceAll(/\s+/g, " ");
  for (const fact of [
    "541,909", "530,104", "9,290", "2,515", "19,960", "3,838", "18,532", "4,338", "33 customers with returns only",
    "10,666,684.54", "-918,936.61", "9,747,747.93", "8,911,407.90", "-611,342.09", "8,300,065.81", "-10,411.24",
  ]) {
    assert.ok(ledger.includes(fact), `${fact} in: ${ledger}`);
  }
  const digits = await page.locator("table.ledger td[title]").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title")));
  for (const exact of ["10666684.544", "9747747.934", "8911407.904", "8300065.814"]) assert.ok(digits.includes(exact), exact);
  assert.match(await page.locator("main").innerText(), /5,268 rows are exact duplicates/);
  for (const view of await viewsOf(page)) {
    await go(page, view);
    await keep(page, `retail-${view}`);
  }
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("wrong files get one sentence, and what was loaded before stays", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  const before = await page.locator(".answer .big").allTextContents();
  const wrong = {
    "empty.csv": Buffer.alloc(0),
    "photo.csv": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]),
    "archive.csv": Buffer.from("PK\u0003\u0004 and so on"),
  };
  for (const [name, buffer] of Object.entries(wrong)) {
    await go(page, "file");
    await page.getByRole("button", { name: "Open another file" }).click();
    await page.locator(".drop-zone input").setInputFiles({ name, mimeType: "text/csv", buffer });
    const problem = page.locator(".problem p");
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? "", /\.$/, name);
    await page.getByRole("button", { name: "Back to the answers" }).click();
    await page.locator(".answer").nth(3).waitFor();
    assert.deepEqual(await page.locator(".answer .big").allTextContents(), before, name);
  }
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("everything works by keys: views, selection, undo, tables, sorting, a customer, the list of keys", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  for (const view of [...(await viewsOf(page)).slice(1), "answers"]) {
    await go(page, view);
    // Its heading has the focus.
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  }
  await go(page, "segments");
  await page.locator(".treemap .pick").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".selection:not(.none)").waitFor();
  await page.locator('.treemap .pick[aria-pressed="true"]').first().waitFor();
  // The focus stays where it was.
  await page.waitForFunction(() => document.activeElement?.closest('.treemap .pick[aria-pressed="true"]'));
  await page.keyboard.press("Escape");
  await page.locator(".selection.none").waitFor({ state: "attached" });
  await page.keyboard.press("t");
  await page.locator("chart-figure table").first().waitFor();
  await page.keyboard.press("t");
  await page.locator("chart-figure table").first().waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.id === "filter");
  await page.keyboard.press("Escape");
  await page.locator('regular-table tr[data-row="0"]').waitFor();
  await page.locator("regular-table").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("tr.current")?.getAttribute("data-row") === "1");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Scores" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.getByRole("checkbox", { name: "Single keys work" }).uncheck();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
  await page.keyboard.press("1");
  assert.equal(await page.locator(".scores").count(), 1, "switched off, single keys do nothing");
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("pictures can be saved as PNG, SVG and CSV", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await go(page, "value");
  const figure = page.locator("chart-figure").first();
  const png = await saved(page, () => figure.getByRole("button", { name: "PNG" }).click());
  assert.deepEqual([...png.bytes.subarray(1, 4)], [0x50, 0x4e, 0x47]);
  const svg = await saved(page, () => figure.getByRole("button", { name: "SVG" }).click());
  assert.match(svg.bytes.toString("utf8"), /^<svg[^]*<\/svg>$/);
  assert.ok(!svg.bytes.toString("utf8").includes("var(--"), "it carries its colours along");
  const csv = await saved(page, () => figure.getByRole("button", { name: "CSV" }).click());
  assert.equal(csv.bytes.toString("utf8").trim().split("\r\n").length, 12);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("an option recomputes what it touches and keeps the old result in sight", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await go(page, "value");
  const before = await page.locator("h1").textContent();
  await page.getByLabel("Look ahead").fill("30");
  await page.getByLabel("Look ahead").press("Enter");
  await page.waitForFunction((old) => document.querySelector("h1")?.textContent !== old, before);
  assert.match((await page.locator("h1").textContent()) ?? "", /1 month|30 days/);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("forgetting leaves nothing", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await go(page, "file");
  await page.getByRole("button", { name: "Forget everything" }).click();
  await page.getByText("Drop your order export here").waitFor();
  assert.equal(await page.locator(".answer").count(), 0);
  const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, document.cookie]);
  assert.deepEqual(stored, [0, 0, 0, ""]);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("a range of figures is a selection in words; it can be named, undone, and chosen again", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await go(page, "customers");
  await page.locator("#by").selectOption("orders");
  await page.locator('.by [name="from"]').fill("2");
  await page.locator('.by [name="to"]').fill("3");
  await page.locator(".by button").click();
  await page.locator(".selection b").getByText("Orders 2 to 3").waitFor();
  await page.locator(".selection").getByText(/\d customers \(\d+%\)/).waitFor();
  await page.waitForFunction(() => {
    const cells = [...document.querySelectorAll("regular-table tbody tr")].map((row) => row.children[3]?.textContent ?? "");
    return cells.length > 5 && cells.every((text) => text === "2" || text === "3");
  });
  await page.locator(".selection").getByRole("button", { name: "Name" }).click();
  await page.locator("#name input").fill("Twice or so");
  await page.keyboard.press("Enter");
  await page.locator(".selection b").getByText("Twice or so").waitFor();
  await page.locator(".selection").getByRole("button", { name: /Undo/ }).click();
  await page.locator(".selection.none").waitFor({ state: "attached" });
  await page.getByLabel("Named selections").selectOption({ label: "Twice or so" });
  await page.locator(".selection b").getByText("Twice or so").waitFor();
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("settings saved on one page work on another: day and window; no data in them", async () => {
  const first = await openSample(browser, { viewport: WIDE });
  await first.page.locator('.setting input[type="date"]').fill("2026-06-30");
  await first.page.locator('.setting input[type="date"]').dispatchEvent("change");
  await answered(first.page);
  await first.page.locator('.setting input[type="number"]').fill("60");
  await first.page.keyboard.press("Enter");
  await answered(first.page);
  await go(first.page, "file");
  const file = await saved(first.page, () => first.page.getByRole("button", { name: "Save settings" }).last().click());
  const text = file.bytes.toString("utf8");
  assert.doesNotMatch(text, /C2\d{4}|@/, "no customer, no address");
  await first.close();

  const second = await openSample(browser, { viewport: WIDE });
  const { page } = second;
  await go(page, "file");
  await page.locator('input[accept*="json"]').setInputFiles({ name: "settings.json", mimeType: "application/json", buffer: file.bytes });
  await page.waitForFunction(() => /** @type {HTMLInputElement | null} */ (document.querySelector('.setting input[type="date"]'))?.value === "2026-06-30");
  await answered(page);
  assert.equal(await page.locator('.setting input[type="number"]').inputValue(), "60");
  assert.match(await page.locator(".answer .big").nth(1).innerText(), /\u20ac/, "the currency that a file names is its own");
  assert.match(await page.locator(".answer-words").nth(2).innerText(), /60 days/);
  assert.deepEqual(complaints(second), []);
  await second.close();

  // Dropped before any file, they wait for it.
  const third = await open(browser, "hosted", { viewport: WIDE });
  await third.page.locator('.drop-zone input[type="file"]').setInputFiles({ name: "settings.json", mimeType: "application/json", buffer: file.bytes });
  await third.page.locator(".drop-page").getByText(/The settings are loaded/).waitFor();
  await third.page.getByRole("button", { name: "Try a sample shop" }).click();
  await answered(third.page);
  assert.equal(await third.page.locator('.setting input[type="number"]').inputValue(), "60");
  assert.deepEqual(complaints(third), []);
  await third.close();
});
