/** The views beside the answers: what can be clicked is clicked, and everything follows the selection. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./harness.js";
import { WIDE, answered, complaints, go, openSample, saved, settled } from "./page-visitor.js";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {Page} page @param {string} view */
async function see(page, view) {
  await go(page, view);
  await settled(page);
}

/** The number of customers in the bar of the selection, once they are counted. @param {Page} page */
async function selected(page) {
  const size = page.locator(".selection .caption").getByText(/^[\d,]+ customers? \(/);
  await size.waitFor();
  return Number((await size.innerText()).match(/^[\d,]+/)?.[0]?.replaceAll(",", ""));
}

/** Chooses in the list whose label is just that. @param {Page} page @param {string} label @param {string} value */
const choose = (page, label, value) =>
  page.locator("label.field").filter({ has: page.locator(".label").getByText(label, { exact: true }) }).locator("select").selectOption(value);

/** @param {Page} page */
async function letGo(page) {
  await page.locator(".selection").getByRole("button", { name: /Undo/ }).click();
  await page.locator(".selection.none").waitFor({ state: "attached" });
}

test("a month, a range, a tenth, a cohort, a band is picked in its picture, and every view marks those customers", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await see(page, "time");
  const month = page.locator('[data-pick^="new/"]').nth(3);
  await month.waitFor();
  const said = (await month.getAttribute("aria-label")) ?? "";
  await month.click();
  assert.equal(await selected(page), Number(said.match(/([\d,]+) customers?$/)?.[1]?.replaceAll(",", "")), `as many as the picture says: ${said}`);
  const key = await month.getAttribute("data-pick");
  await page.locator(`[data-pick="${key}"][aria-pressed="true"]`).first().waitFor();
  await page.locator('rect[fill="var(--accent)"], g[fill="var(--accent)"] rect').first().waitFor();
  // The bars of the life cycle say the same.
  await page.waitForFunction(() => document.querySelectorAll('[data-pick^="new/"][aria-pressed="true"]').length === 2);

  await see(page, "cohorts");
  await page.locator("table.heat tr.chosen").waitFor();
  await page.locator(".profile td").first().waitFor();
  await see(page, "value");
  await page.locator(".tabs button").nth(1).click();
  await page.locator(".equity tr.chosen").waitFor();
  await page.locator(".equity .part").first().waitFor();
  await see(page, "segments");
  await page.locator("table.segments .part").first().waitFor();
  await letGo(page);

  await see(page, "value");
  await page.locator(".tabs button").first().click();
  const range = page.locator('[data-pick="clv/2"]');
  await range.focus();
  await page.keyboard.press("Enter");
  assert.ok((await selected(page)) > 0);
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-pick") === "clv/2", null, { timeout: 10_000 });
  await letGo(page);
  await page.locator('[data-pick="top/2"]').click();
  await page.locator(".selection b").getByText("Top 20% by future value").waitFor();
  await letGo(page);

  await see(page, "cohorts");
  await page.locator('path[data-pick="cohort/1"]').dispatchEvent("click");
  assert.ok((await selected(page)) > 0);
  await page.locator("table.heat tr.chosen").waitFor();
  await letGo(page);

  await see(page, "churn");
  await page.locator("button.row-pick").getByText("High risk").click();
  const high = await selected(page);
  await page.locator("tr.chosen .part").waitFor();
  assert.equal(Number((await page.locator("tr.chosen .part").innerText()).replaceAll(",", "")), high);
  await see(page, "health");
  await page.locator("td .part").first().waitFor();
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("orders, tenths of risk, cells and rules are picked, by mouse and by keys, each in words", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  /** @param {RegExp | string} text */
  const says = (text) => page.locator(".selection b").getByText(text, { exact: true }).waitFor();
  /** Presses the mark by keys, and says what is then selected. @param {string} key  of the mark */
  const press = async (key) => {
    const mark = page.locator(`[data-pick="${key}"]`);
    await mark.waitFor({ state: "attached" });
    await mark.focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-pick="${key}"][aria-pressed="true"]`).waitFor({ state: "attached" });
    return selected(page);
  };
  await see(page, "time");
  const month = await page.locator('[data-pick^="month/"]').nth(5).getAttribute("data-pick");
  // Arrows lead from mark to mark.
  await page.locator('[data-pick^="month/"]').nth(4).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(`[data-pick="${month}"]:focus`).waitFor({ state: "attached" });
  const inMonth = await press(month ?? "");
  await says(/^Ordered in \w+ \d{4}$/);
  const channel = page.locator("section", { has: page.getByRole("heading", { name: "Channels" }) }).locator(".row-pick").first();
  const name = await channel.innerText();
  await channel.click();
  await says(`Ordered by ${name}`);
  assert.ok((await selected(page)) > inMonth);

  await see(page, "churn");
  await page.getByRole("button", { name: "How far to trust it" }).click();
  const [highest, all] = [await press("tenth/1"), Number((await page.locator(".selection .caption").innerText()).match(/\((\d+)%/)?.[1])];
  assert.ok(highest > 0 && all >= 8 && all <= 14, `the highest tenth is a tenth, or ties: ${all}%`);
  await says(/tenth 1 of 10/);
  await press((await page.locator('[data-pick^="range/"]').first().getAttribute("data-pick")) ?? "");
  await says(/^Risk of leaving .* to below /);

  await see(page, "cohorts");
  const cell = page.locator("table.heat tbody tr").nth(2).locator(".cell-pick").nth(3);
  const customers = Number((await cell.getAttribute("aria-label"))?.match(/: ([\d,]+) customers?$/)?.[1]?.replaceAll(",", ""));
  await cell.focus();
  await page.keyboard.press("Enter");
  await page.locator('.cell-pick[aria-pressed="true"]').waitFor();
  assert.equal(await selected(page), customers, "as many as the cell says");
  await says(/ordered 3 months later$/);

  await see(page, "baskets");
  const rule = page.locator("table.ruled tbody tr").first();
  await rule.locator(".cell-pick").click();
  await says(/^Bought .+ and .+$/);
  const both = await selected(page);
  await page.locator('.pick-arc[aria-pressed="true"]').first().waitFor({ state: "attached" });
  await rule.locator("th .row-pick").click();
  await says(/^Bought .+, never .+$/);
  assert.ok(both > 0 && (await selected(page)) > 0);

  await see(page, "forecast");
  await press((await page.locator('[data-pick^="past/"]').nth(10).getAttribute("data-pick")) ?? "");
  await says(/^Ordered: /);
  // A list that any view makes can be written.
  const { bytes } = await saved(page, () => page.locator(".selection").getByRole("button", { name: "Export" }).click());
  assert.equal(bytes.toString().trim().split("\n").length - 1, await selected(page));
  // What is a button on the page is plain text in the saved report.
  await see(page, "report");
  await page.locator(".report-parts").getByLabel("Cohorts").check();
  await page.locator(".report table.heat .cell-pick").first().waitFor();
  await settled(page);
  const report = (await saved(page, () => page.locator('[data-view="report"] > .buttons .plain').first().click())).bytes.toString();
  assert.ok(/>\s*100%\s*<\/td>/.test(report) && !report.includes("<button") && !report.includes("Click a month"));
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("options and exports of the further views work", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await see(page, "cohorts");
  await page.getByLabel("Follow by").selectOption("quarter");
  await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("quarter"), null, { timeout: 60_000 });
  await choose(page, "Show", "cumulative");
  await page.getByRole("heading", { name: "What a customer has brought so far" }).waitFor();
  const cohorts = await saved(page, () => page.getByRole("button", { name: "Export the cohorts" }).click());
  assert.match(cohorts.name, /^cohorts-.*\.csv$/);
  assert.ok(cohorts.bytes.length > 100);

  await see(page, "baskets");
  await page.getByLabel("Strongest by").selectOption("support");
  await settled(page);
  assert.ok((await page.locator("table.ruled tbody tr").count()) > 0);
  const rules = await saved(page, () => page.getByRole("button", { name: "Export all rules" }).click());
  assert.ok(rules.bytes.toString("utf8").trim().split("\r\n").length > 1);
  await page.locator(".explain summary").last().click();

  await see(page, "forecast");
  await choose(page, "By", "month");
  await page.waitForFunction(() => /by month/.test(document.querySelector("chart-figure h2")?.textContent ?? ""), null, { timeout: 60_000 });
  await settled(page);
  const forecast = await saved(page, () => page.getByRole("button", { name: "Export the forecast" }).click());
  assert.ok(forecast.bytes.length > 100);

  await see(page, "health");
  await page.locator(".method summary").first().click();
  await page.getByLabel("Activity").fill("0");
  await page.getByLabel("Activity").press("Enter");
  await settled(page);
  assert.equal(await page.getByLabel("Activity").inputValue(), "0");

  await see(page, "winback");
  const before = await page.locator("h1").innerText();
  await page.getByLabel("Only from a risk of").fill("0");
  await page.getByLabel("Only from a risk of").press("Enter");
  await page.waitForFunction((old) => document.querySelector("h1")?.textContent?.replaceAll(/\s+/g, " ") !== old.replaceAll(/\s+/g, " "), before, { timeout: 60_000 });
  await settled(page);
  const plan = await saved(page, () => page.getByRole("button", { name: "Export the list" }).click());
  assert.match(plan.name, /^win-back-.*\.csv$/);
  await page.locator(".heat button.row-pick").first().click();
  assert.ok((await selected(page)) > 0);

  await see(page, "churn");
  await page.locator(".tabs button").nth(1).click();
  await page.locator("chart-figure svg").first().waitFor();
  await page.locator(".tabs button").nth(2).click();
  await page.getByRole("heading", { name: /ordered again/ }).waitFor();
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("a day set back speaks of that day everywhere", async () => {
  const opened = await openSample(browser, { viewport: WIDE });
  const { page } = opened;
  await page.locator('.setting input[type="date"]').fill("2026-03-31");
  await page.locator('.setting input[type="date"]').dispatchEvent("change");
  await page.getByText(/later orders of the file do not count/).waitFor();
  await answered(page);
  await settled(page);
  for (const view of ["segments", "churn", "cohorts"]) {
    await see(page, view);
    assert.match(await page.locator(".opening").first().innerText(), /31 March 2026|31 Mar 2026|March 31, 2026|Mar 31, 2026/, view);
  }
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("orders fall on the days of the shop's time zone, once one is set", async () => {
  const lines = ["order_id,created_at,customer_id,total"];
  for (let i = 0; i < 60; i++) lines.push(`${i},2024-0${1 + (i % 6)}-1${i % 9}T23:30:00Z,c${i % 12},${10 + i}.00`);
  const opened = await open(browser, "hosted", { viewport: WIDE, locale: "en-GB" });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles({ name: "utc.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.locator(".understood button.primary").click({ timeout: 60_000 });
  await answered(page);
  const kicker = page.locator(".opening .kicker");
  const before = await kicker.innerText();
  const zone = page.locator(".setting.zone select");
  await zone.focus();
  await page.waitForFunction(() => document.querySelectorAll(".setting.zone option").length > 100);
  await zone.selectOption("Asia/Tokyo");
  await page.waitForFunction((old) => { const now = document.querySelector(".opening .kicker")?.textContent ?? ""; return now !== "" && now !== old; }, before, { timeout: 60_000 });
  await answered(page);
  assert.match(before, /^10 Jan 2024/);
  assert.match(await kicker.innerText(), /^11 Jan 2024/);
  assert.equal(await zone.inputValue(), "Asia/Tokyo");
  await go(page, "file");
  await page.getByText("Days are those of the clocks in Asia/Tokyo.").waitFor();
  const settings = await saved(page, () => page.getByRole("button", { name: "Save settings" }).last().click());
  assert.match(settings.bytes.toString("utf8"), /"zone": "Asia\/Tokyo"/);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("in a small shop models that say the same are said to be level, and no rule is made of everybody", async () => {
  const lines = ["order_id,customer_id,order_date,total"];
  let seed = 12_345;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  for (let c = 0; c < 45; c++) {
    for (let day = 5 + next() * 60; day < 700; day -= Math.log(1 - next()) * (15 + (c % 5) * 4)) lines.push(`${lines.length},c${c},${new Date((19_358 + Math.floor(day)) * 86_400_000).toISOString().slice(0, 10)},${20 + Math.floor(next() * 30)}.00`);
  }
  const opened = await open(browser, "hosted", { viewport: WIDE, locale: "en-GB" });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles({ name: "steady.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.locator(".understood button.primary").click({ timeout: 60_000 });
  await answered(page);
  await go(page, "value");
  await page.getByText("How far to trust it", { exact: true }).first().click();
  await page.getByText("MBG/NBD is used: on the days held out its deviance is as low as that of BG/NBD and Pareto/NBD.").waitFor({ timeout: 60_000 });
  await go(page, "churn");
  await page.getByText("Click a point to select who is silent for longer.").first().waitFor({ timeout: 60_000 });
  await settled(page);
  assert.equal(await page.getByText("Who left, in rules").count(), 0);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("a table with an outcome is judged, explained and exported", async () => {
  const lines = ["customerID,plan,tenure,MonthlyCharges,Churn"];
  let seed = 7;
  const next = (/** @type {number} */ n) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
  for (let i = 0; i < 600; i++) {
    const [months, plan] = [1 + next(60), next(2) === 0 ? "basic" : "full"];
    const risk = (plan === "basic" ? 45 : 15) + (months < 12 ? 35 : 0);
    lines.push(`k${i},${plan},${months},${20 + next(80)},${next(100) < risk ? "Yes" : "No"}`);
  }
  const opened = await open(browser, "hosted", { viewport: WIDE, locale: "en-GB" });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles({ name: "table.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.locator(".understood button.primary").click({ timeout: 60_000 });
  await page.locator('[data-view="labelled"] .figures').waitFor({ timeout: 120_000 });
  await page.waitForFunction(() => document.querySelectorAll('[data-view="labelled"] chart-figure svg').length >= 3);
  await page.locator(".explain summary").first().click();
  await page.getByText("0.5 is a coin toss").first().waitFor();
  const list = await saved(page, () => page.locator('[data-view="labelled"] button.primary').click());
  assert.equal(list.name, "churn-risk.csv");
  const listed = list.bytes.toString("utf8").replace("\ufeff", "").trim().split("\r\n");
  assert.equal(listed[0], "Row,Customer,Risk of leaving,Left,Why 1,Why 2,Why 3");
  assert.ok(listed.length > 500);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("a million customers: the table scrolls to its end, sorts and filters", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-"));
  const file = join(folder, "million.csv");
  const lines = ["order_id,customer_id,order_date,total"];
  for (let i = 0; i < 1_000_000; i++) lines.push(`${i},C${String(i).padStart(7, "0")},2025-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")},${1 + (i % 997)}.50`);
  await writeFile(file, lines.join("\n"));
  const opened = await open(browser, "hosted", { viewport: WIDE, locale: "en-GB" });
  const { page } = opened;
  const soon = { timeout: 120_000 };
  await page.locator(".drop-zone input").setInputFiles(file);
  await page.locator(".understood button.primary").click(soon);
  await page.locator(".answer").first().waitFor(soon);
  await go(page, "customers");
  await page.getByRole("heading", { name: "1,000,000 customers" }).waitFor(soon);
  await page.locator("regular-table tbody td").first().waitFor(soon);
  await page.locator("regular-table").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector("tr.current")?.getAttribute("data-row") === "999999", null, soon);
  await page.locator('th[data-column="customerId"]').click();
  await page.waitForFunction(() => document.querySelector("regular-table tbody td")?.textContent === "C0999999", null, soon);
  await page.locator("#filter").fill("C000001");
  await page.getByRole("heading", { name: "10 customers", exact: true }).waitFor(soon);
  await page.locator("#filter").fill("");
  await page.waitForFunction(() => document.querySelectorAll("regular-table tbody tr").length > 11, null, soon);
  await page.locator("regular-table").evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await page.waitForFunction(() => Math.abs(Number(document.querySelector("regular-table tbody tr")?.getAttribute("data-row")) - 500_000) < 50_000, null, soon);
  assert.ok((await page.locator("regular-table tbody tr").count()) < 100, "only what is seen is drawn");
  assert.deepEqual(complaints(opened), []);
  await opened.close();
  await rm(folder, { recursive: true });
});
