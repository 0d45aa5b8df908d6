/** The inspection screen: every decision can be changed, and what that comes to is shown at once. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, open } from "./harness.js";
import { NARROW, WIDE, answered, complaints, go, saved } from "./page-visitor.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {string} name @param {string | Uint8Array} text */
const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** Sixty orders whose days are all below 13, so that nothing decides. */
const ambiguous = () =>
  "Order;Placed on;Customer;Total\n" +
  Array.from({ length: 60 }, (_, i) => `${i + 1};0${1 + (i % 9)}/0${1 + ((i * 5) % 9)}/2024;C${i % 17};${10 + (i % 7)},50\n`).join("");

/** @param {ReturnType<typeof file>} source */
async function inspected(source) {
  const opened = await open(browser, "hosted", { viewport: WIDE });
  await opened.page.locator(".drop-zone input").setInputFiles(source);
  await opened.page.getByRole("button", { name: "Use this file" }).waitFor({ timeout: 60_000 });
  return opened;
}

/** Waits until the effect of the choices is told and matches. @param {import("playwright-core").Page} page @param {RegExp} wanted */
const effect = (page, wanted) =>
  page.waitForFunction(
    ([source, flags]) => {
      const told = document.querySelector(".effect");
      return told && told.getAttribute("aria-busy") !== "true" && new RegExp(source ?? "", flags).test(told.textContent ?? "");
    },
    [wanted.source, wanted.flags],
    { timeout: 30_000 },
  );

/** How the bytes are read. @param {import("playwright-core").Page} page @param {string} name */
const how = (page, name) => page.locator(".how-fields label", { hasText: name }).locator("select");

test("a question is answered, and the other answer tells other days", async () => {
  const opened = await inspected(file("orders.csv", ambiguous()));
  const { page } = opened;
  assert.ok(await page.getByRole("button", { name: "Use this file" }).isDisabled(), "not before the question is answered");
  await page.getByLabel(/Day first/).check();
  await effect(page, /60 orders of 17 identified customers/);
  const before = await page.locator(".effect").textContent();
  await page.getByLabel(/Month first/).check();
  await page.waitForFunction((text) => {
    const told = document.querySelector(".effect");
    return told?.getAttribute("aria-busy") !== "true" && told?.textContent !== text;
  }, before);
  await page.locator("button:enabled", { hasText: "Use this file" }).waitFor();
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("a role, a number's mark, the delimiter, the header and the encoding are changed", async () => {
  // Two amounts, so that the role can go over to the other; "1.500" can be read in two ways.
  const text = "Order,Order date,Customer,Total,Paid\n" + Array.from({ length: 40 }, (_, i) => `${i + 1},2024-01-${String(1 + (i % 28)).padStart(2, "0")},Zoë ${i % 9},${i % 9}.500,2\n`).join("");
  const opened = await inspected(file("orders.csv", text));
  const { page } = opened;
  const comma = page.getByLabel(/comma stands before the decimals/i);
  if (await comma.count()) {
    await comma.check();
    await effect(page, /40 orders/);
    const large = await page.locator(".effect").textContent();
    await page.getByLabel(/point stands before the decimals/i).check();
    await page.waitForFunction((told) => document.querySelector(".effect")?.textContent !== told, large);
  }
  await page.getByLabel("What Total is").selectOption("");
  await page.getByLabel("What Paid is").selectOption("amount");
  await effect(page, /40 orders of 9 identified customers.*\b80\b/);
  await how(page, "Encoding").selectOption("windows-1252");
  await page.getByText("ZoÃ« 1").first().waitFor({ timeout: 30_000 });
  await how(page, "Encoding").selectOption("utf-8");
  await page.getByText("Zoë 1").first().waitFor({ timeout: 30_000 });
  await how(page, "First row").selectOption("false");
  await page.locator(".preview tbody td", { hasText: "Order date" }).waitFor({ timeout: 30_000 });
  await how(page, "First row").selectOption("true");
  await page.locator(".preview thead th", { hasText: "Order date" }).waitFor({ timeout: 30_000 });
  await how(page, "Cells are parted by").selectOption(";");
  await page.locator(".preview tbody td", { hasText: "1,2024-01-01,Zoë 0" }).waitFor({ timeout: 30_000 });
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("days that are decided can still be read otherwise", async () => {
  const days = Array.from({ length: 30 }, (_, i) => `${i + 1},${String(1 + (i % 12)).padStart(2, "0")}/${String(1 + ((i * 3) % 28)).padStart(2, "0")}/2024,C${i % 7},5.00\n`).join("");
  const opened = await inspected(file("orders.csv", `Order,Order date,Customer,Total\n${days}`));
  const { page } = opened;
  await effect(page, /30 orders/);
  const reading = page.getByLabel("How Order date is read");
  const other = (await reading.locator("option").allTextContents()).find((text) => text.startsWith("Day first"));
  assert.ok(other, "the other order is offered");
  await reading.selectOption({ label: other });
  await effect(page, /without a date|unreadable|\b(?!30)\d+ orders/);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("choices are remembered when asked to, offered for the same columns, and forgotten", async () => {
  const opened = await inspected(file("january.csv", ambiguous()));
  const { page } = opened;
  await page.getByLabel(/Month first/).check();
  await effect(page, /60 orders/);
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  await go(page, "file");
  await page.getByRole("button", { name: "Remember for such files" }).click();
  await page.waitForFunction(() => localStorage.length === 1);
  const kept = await page.evaluate(() => Object.values(localStorage).join(""));
  assert.ok(!/C1|Placed on|Total|january/.test(kept), "neither data nor names of columns nor of the file");

  await page.getByRole("button", { name: "Open another file" }).click();
  await page.locator(".drop-zone input").setInputFiles(file("february.csv", ambiguous().replaceAll(/;C(\d)/g, ";D$1")));
  await page.getByRole("button", { name: "Use them" }).click({ timeout: 60_000 });
  await effect(page, /60 orders/);
  assert.ok(await page.getByLabel(/Month first/).isChecked());
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  await go(page, "file");
  await page.getByRole("button", { name: "Forget everything" }).click();
  await page.locator(".drop-zone").waitFor();
  await page.waitForFunction(() => localStorage.length === 0);
  await opened.close();
});

test("a table of one row a customer is scored, and what needs orders says so", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const orders = 1 + ((i * 7) % 6);
    const first = `2023-${String(1 + (i % 12)).padStart(2, "0")}-0${1 + (i % 9)}`;
    const last = orders === 1 ? first : `2024-${String(1 + ((i * 5) % 12)).padStart(2, "0")}-1${i % 9}`;
    return `k${i},${first},${last},${orders},${orders * (10 + (i % 13))}.50\n`;
  }).join("");
  const opened = await inspected(file("customers.csv", `customer_id,first_order,last_order,orders,revenue\n${rows}`));
  const { page } = opened;
  await effect(page, /300 identified customers/);
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  const answers = page.locator(".answer");
  assert.match((await answers.nth(0).innerText()) ?? "", /customers,.*of revenue/s);
  assert.match((await answers.nth(1).innerText()) ?? "", /expected to bring/);
  for (const place of [2, 3]) assert.match((await answers.nth(place).innerText()) ?? "", /one row per customer/);
  // No model without orders, but an answer all the same: whose scores say so.
  const silent = Number((await answers.nth(2).locator(".big").innerText()).replace(/\D/g, ""));
  assert.ok(silent > 0);
  await answers.nth(2).getByRole("button", { name: "See them" }).click();
  await page.locator(".selection").getByText(new RegExp(`^\\D*${silent} customers`)).waitFor();
  for (const view of ["segments", "value", "time", "cohorts", "forecast", "customers", "file"]) await go(page, view);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

/** A plain shop of orders from `1` on, with its own names of columns. @param {string} names @param {number} [from] @param {number} [repeats] */
const shop = (names, from = 1, repeats = 0) =>
  [names, ...Array.from({ length: 60 }, (_, i) => `${from + Math.max(i, repeats)},2024-0${1 + (i % 6)}-1${i % 9},C${i % 17},${10 + (i % 7)}.50`)].join("\n");

test("settings of another shop say what fitted and what did not", async () => {
  const opened = await inspected(file("one.csv", shop("Order,Placed on,Customer,Total")));
  const { page } = opened;
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  await go(page, "file");
  const settings = await saved(page, () => page.getByRole("button", { name: "Save settings" }).last().click());
  const load = () => page.locator('input[accept*="json"]').setInputFiles({ name: "settings.json", mimeType: "application/json", buffer: settings.bytes });
  await load();
  await page.locator(".problem", { hasText: /^\s*The settings fit this file/ }).waitFor();
  await answered(page);
  await go(page, "file");
  await page.getByRole("button", { name: "Open another file" }).click();
  await page.locator(".drop-zone input").setInputFiles(file("two.csv", shop("Receipt,Day,Buyer,Sum")));
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  await go(page, "file");
  await load();
  await page.locator(".problem", { hasText: /other columns: their columns and answers are not used/ }).waitFor();
  await answered(page);
  assert.deepEqual(complaints(opened), []);
  await opened.close();
});

test("rows are said to be items only where many repeat an order number", async () => {
  for (const [repeats, said] of /** @type {[number, RegExp][]} */ ([[0, /One row per order, 60/], [3, /Nearly every row is an order of its own: 57 order numbers in 60 rows/], [30, /One row per line item, 30/]])) {
    const opened = await inspected(file("orders.csv", shop("Order,Placed on,Customer,Total", 1, repeats)));
    await opened.page.locator(".sentences", { hasText: said }).waitFor();
    await opened.close();
  }
});

test("a platform that writes no currency has its own, as a guess that can be changed", async () => {
  const opened = await inspected(file("taobao.csv", await readFile("tests/fixtures/platforms/taobao_orders.csv")));
  const { page } = opened;
  await effect(page, /¥.* CNY is assumed/s);
  await page.getByRole("button", { name: "Use this file" }).click();
  const currency = page.locator(".setting", { hasText: "Currency" }).locator("select");
  await currency.waitFor();
  assert.equal(await currency.inputValue(), "CNY");
  await go(page, "file");
  await page.getByText("CNY is assumed").waitFor();
  await currency.selectOption("EUR");
  await page.getByText("CNY is assumed").waitFor({ state: "detached" });
  // What was chosen stays with the next file; what was assumed does not.
  await currency.selectOption("CNY");
  await page.getByRole("button", { name: "Open another file" }).click();
  await page.locator(".drop-zone input").setInputFiles(file("two.csv", shop("Receipt,Day,Buyer,Sum")));
  await page.getByRole("button", { name: "Use this file" }).click();
  await answered(page);
  assert.equal(await currency.inputValue(), "");
  await opened.close();
});

test("on a narrow screen the names of columns stay beside their choices", async () => {
  const opened = await open(browser, "hosted", { viewport: NARROW, locale: "zh-TW" });
  const { page } = opened;
  await page.locator(".drop-zone input").setInputFiles(file("one.csv", shop("The number of the order,Placed on,Customer,Total")));
  const table = page.locator(".scroll", { has: page.locator(".ruled.columns") });
  await table.waitFor();
  await table.evaluate((element) => (element.scrollLeft = 200));
  const seen = await table.locator("tbody th").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()).every(({ left, right }) => left >= 0 && right < 200));
  assert.ok(seen);
  await opened.close();
});

test("a sign that several currencies share stands before the money, and nothing breaks over it", async () => {
  for (const [sign, shown] of [["$", "$10"], ["￥", "¥10"], ["kr", "kr\u00a010"]]) {
    const rows = Array.from({ length: 200 }, (_, i) => `A${i},2024-0${1 + (i % 6)}-1${i % 9},c${i % 40},${sign}${10 + (i % 7)}.50\n`);
    const opened = await inspected(file("signs.csv", `Order ID,Date,Customer ID,Total\n${rows.join("")}`));
    const { page } = opened;
    await effect(page, /200 orders of 40 identified customers/);
    assert.ok((await page.locator(".effect").innerText()).includes(shown.slice(0, -2)));
    await page.getByRole("button", { name: "Use this file" }).click();
    await answered(page);
    assert.ok((await page.locator(".answer").nth(1).innerText()).includes(shown.slice(0, -2)));
    assert.deepEqual(complaints(opened), []);
    await opened.close();
  }
});
