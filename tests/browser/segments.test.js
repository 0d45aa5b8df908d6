/** The pages of the segments, clicked through on the sample shop: every choice changes what it says it changes. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./harness.js";
import { WIDE, complaints, go, openSample, overflow, saved, settled } from "./page-visitor.js";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./harness.js").Opened} */
let opened;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  browser = await launch();
  opened = await openSample(browser, { viewport: WIDE });
  page = opened.page;
  await settled(page);
});
after(async () => {
  await opened?.close();
  await browser.close();
});

/** Waits until a text is another than before, and settled. @param {string} selector @param {string} before */
async function changed(selector, before) {
  await page.waitForFunction(
    ([css = "", old]) => {
      const element = document.querySelector(css);
      return element && element.textContent !== old && !element.closest(".stale");
    },
    [selector, before],
    { timeout: 120_000 },
  );
}

/** @param {string} selector @returns {Promise<string>} */
const text = async (selector) => (await page.locator(selector).first().textContent()) ?? "";

/** Does something and waits until what it should change has changed. @param {string} selector @param {() => Promise<unknown>} act */
async function changes(selector, act) {
  const before = await text(selector);
  await act();
  await changed(selector, before);
}

/** @param {string} name */
async function tab(name) {
  await go(page, "segments");
  await page.locator(".tabs").getByRole("button", { name, exact: true }).click();
  await page.locator(`.tabs button[aria-pressed="true"]`, { hasText: name }).waitFor();
}

/** A figure without its marks. @param {string} said */
const number = (said) => Number(said.replace(/[^\d.-]/g, ""));

/** The records of a saved CSV. @param {{ bytes: Buffer }} file @returns {string[][]} */
const records = ({ bytes }) => bytes.toString("utf8").replace(/^\ufeff/, "").trim().split("\r\n").map((line) => line.split(","));

test("scores: another method, a typed border, fewer bins", async () => {
  await tab("Segments");
  await page.locator("details.scoring > summary").click();
  await changes("details.scoring > summary", () => page.locator(".scoring").getByLabel("Method").selectOption("thresholds"));
  const border = page.locator(".scoring").getByLabel(/border of score 3/).first();
  await border.waitFor();
  await changes("table.segments tbody", async () => {
    await border.fill("200");
    await border.press("Tab");
  });
  assert.equal(await border.inputValue(), "200");
  // Borders out of their order are refused in words, and what was there stays.
  const stays = await text("table.segments tbody");
  await border.fill("2");
  await border.press("Tab");
  await page.waitForFunction(() => [...document.querySelectorAll(".scoring input")].some((input) => /fall/.test(/** @type {HTMLInputElement} */ (input).validationMessage)));
  assert.equal(await text("table.segments tbody"), stays);
});

test("scores: back to equal parts with four scores, sizes that add up", async () => {
  await changes("details.scoring > summary", () => page.locator(".scoring").getByLabel("Method").selectOption("quantile"));
  await settled(page);
  const sizes = page.locator(".scoring table tbody tr");
  assert.equal(await sizes.count(), 5);
  await page.locator(".scoring").getByLabel("Scores", { exact: true }).fill("4");
  await page.locator(".scoring").getByLabel("Scores", { exact: true }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".scoring table tbody tr").length === 4);
  await settled(page);
  const all = (await page.locator(".standfirst").first().textContent())?.match(/[\d,]+/)?.[0] ?? "";
  const column = await page.locator(".scoring table tbody tr td:nth-child(3)").allTextContents();
  assert.equal(column.reduce((sum, cell) => sum + (number(cell) || 0), 0), number(all));
});

test("the map: a cell moves, names are checked, the segments follow, and the built-in ones come back", async () => {
  await page.getByRole("button", { name: "Change which cells make which segment" }).click();
  const names = page.locator(".map-segment input");
  await names.nth(10).waitFor();
  assert.equal(await names.count(), 11);
  await names.nth(1).fill("Champions");
  await names.nth(1).press("Tab");
  const apply = page.getByRole("button", { name: "Use this map" });
  await page.locator(".map-editor .caution").waitFor();
  assert.ok(await apply.isDisabled(), "two segments of one name");
  // Names that are kept stay the built-in segments, with their advice.
  await names.nth(1).fill("Faithful");
  await names.nth(1).press("Tab");
  await page.locator(".map-editor .caution").waitFor({ state: "detached" });
  await page.locator(".map-segment button").nth(1).click();
  const box = page.locator(".map-cells").getByRole("button", { name: "Recency 4, orders 4, money 4:" });
  await box.click();
  await page.locator(".map-cells button.mine").and(box).waitFor();
  // An own segment is of the kind that the user says: what is among the regulars is counted there.
  await page.getByLabel("Kind of Faithful").selectOption("best");
  await changes("table.segments tbody", () => apply.click());
  const rows = page.locator("table.segments tbody tr");
  await rows.filter({ hasText: "Faithful" }).waitFor();
  const sizes = await Promise.all(["Champions", "Faithful"].map(async (name) => number((await rows.filter({ hasText: name }).locator("td").first().textContent()) ?? "")));
  const note = (await page.locator("h1 .note").first().textContent()) ?? "";
  assert.equal(number(note.split(" of ")[0] ?? ""), (sizes[0] ?? 0) + (sizes[1] ?? 0), note);
  assert.match((await rows.filter({ hasText: "Champions" }).textContent()) ?? "", /Champions.*[a-z]{4,} [a-z]+ [a-z]+/s);
  await changes("table.segments tbody", () => page.getByRole("button", { name: "Back to the built-in segments" }).click());
  await rows.filter({ hasText: "Loyal" }).first().waitFor();
});

test("groups under a size do not show in a list", async () => {
  await settled(page);
  const sizes = (await page.locator("table.segments tbody tr td:nth-child(2)").allTextContents()).map(number).filter((n) => n > 0);
  const least = Math.min(...sizes) + 1;
  await page.locator(".export-line").first().getByLabel("hide groups under").fill(String(least));
  await page.locator(".export-line").first().getByLabel("hide groups under").press("Enter");
  const file = await saved(page, () => page.locator(".export-line").first().getByRole("button", { name: "Export CSV" }).click());
  const [head = [], ...rows] = records(file);
  assert.ok(head.includes("Method") && head.includes("As of"));
  assert.ok(rows.some(([name]) => name === "Small groups together"));
  const shown = rows.map(([, customers]) => Number(customers)).filter((n) => n > 0);
  assert.ok(Math.min(...shown) >= least, String(shown));
  assert.equal(shown.reduce((a, b) => a + b, 0), sizes.reduce((a, b) => a + b, 0));
});

test("movement: between two days, in a matrix that adds up, with method and scores in the list", async () => {
  await tab("Movement");
  await page.locator("table.matrix").waitFor();
  await settled(page);
  await changes("h1", async () => {
    const day = page.getByLabel("Compared with");
    await day.fill("2026-01-31");
    await day.dispatchEvent("change");
  });
  await settled(page);
  // A band, then a segment of either day, is picked in the flows, by keys: as many as it says.
  for (const node of [page.locator(".flows .pick").first(), page.locator(".flows .pick").last()]) {
    const [name = "", size = ""] = ((await node.getAttribute("aria-label")) ?? "").split(": ");
    await node.focus();
    await page.keyboard.press("Enter");
    await page.locator(".selection b").getByText(name, { exact: true }).waitFor();
    await page.locator(".selection .caption").getByText(new RegExp(`^${size} \\(`)).waitFor();
    await page.keyboard.press("Escape");
  }
  const rose = number(await text("h1 b"));
  const list = await saved(page, () => page.getByRole("button", { name: "Export: rose" }).click());
  const [head = [], ...rows] = records(list);
  for (const name of ["Segment before", "Segment", "Recency score", "Frequency score", "Money score", "Why in it", "Method", "from", "to", "E-mail"]) assert.ok(head.includes(name), name);
  assert.equal(rows.length, rose);
  assert.ok(rows.every((row) => row[head.indexOf("Method")] === "equal parts" && row[head.indexOf("from")] === "2026-01-31"));
  const matrix = await saved(page, () => page.locator(".export-line").getByRole("button", { name: "Export CSV" }).click());
  const cells = records(matrix);
  assert.deepEqual(cells[0]?.slice(0, 4), ["Segment before", "Segment", "Rose or fell", "Customers"]);
  assert.ok(cells.some((row) => row[3] === "hidden"), "small counts are hidden as was asked before");
  assert.match(await text(".quality"), /Measurable.*Reachable.*Different.*Stable/s);
});

test("life cycle: stages that are called otherwise than segments", async () => {
  await tab("Life cycle");
  await page.getByRole("button", { name: "Lapsed" }).click();
  await page.locator(".selection b").getByText("Lapsed").waitFor();
  await page.locator(".selection").getByText(/\d customers? \(/).waitFor();
  await page.keyboard.press("Escape");
});

test("learned groups: as many as asked for, and odd customers by DBSCAN", async () => {
  await tab("Learned groups");
  await page.locator("chart-figure svg").first().waitFor({ timeout: 120_000 });
  await settled(page);
  const groups = page.locator("table.ruled tbody tr");
  await page.getByLabel("Groups", { exact: true }).fill("3");
  await page.getByLabel("Groups", { exact: true }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("table.ruled tbody tr").length === 3 && !document.querySelector(".stale"), undefined, { timeout: 120_000 });
  assert.match(await text("h1"), /3/);
  await page.getByLabel("Method").selectOption("dbscan");
  await groups.filter({ hasText: "Like nobody else" }).waitFor({ timeout: 120_000 });
  const odd = number(await text("h1 b"));
  const row = groups.filter({ hasText: "Like nobody else" });
  assert.equal(number((await row.locator("td").first().textContent()) ?? ""), odd);
  await page.getByRole("button", { name: "Use these groups everywhere" }).click();
  await row.getByRole("button").click();
  await page.locator(".selection b").getByText(/Like nobody else/).waitFor();
  await page.locator(".selection").getByText(`${odd.toLocaleString("en")} customer`).waitFor();
  await page.keyboard.press("Escape");
});

test("pivot: bands in money, a cell leads to its customers", async () => {
  await tab("Pivot");
  await page.locator("table.matrix").waitFor();
  await changes("table.matrix thead", () => page.getByLabel("Across").selectOption("revenue"));
  await settled(page);
  const bands = (await page.locator("table.matrix thead th").allTextContents()).slice(0, -1);
  assert.ok(bands.every((band) => /\u20ac.* to .*\u20ac/.test(band)), bands.join(", "));
  const cell = page.locator("table.matrix .cell-pick").first();
  const count = number((await cell.textContent()) ?? "");
  await cell.click();
  await page.locator(".selection").getByText(new RegExp(`\\b${count.toLocaleString("en")} customers? \\(`)).waitFor();
  await page.keyboard.press("Escape");
});

test("own segments: rules with and, groups with or; kept, divided, written, with customers like them", async () => {
  await tab("Own segments");
  await page.locator("h1").getByText(/customers?, .* of net revenue/).waitFor();
  await settled(page);
  const many = number((await text("h1")).split("customer")[0] ?? "");
  await changes("h1", () => page.getByRole("button", { name: "Add a rule" }).click());
  await page.waitForFunction(() => document.querySelectorAll(".rule").length === 2);
  await settled(page);
  const fewer = number((await text("h1")).split("customer")[0] ?? "");
  assert.ok(fewer < many, `${fewer} of ${many}`);
  await changes("h1", () => page.getByRole("button", { name: "Add a group of rules" }).click());
  await settled(page);
  const more = number((await text("h1")).split("customer")[0] ?? "");
  assert.ok(more > fewer, "or adds customers");
  await changes("h1", () => page.getByRole("button", { name: "or", exact: true }).click());
  await settled(page);
  assert.ok(number((await text("h1")).split("customer")[0] ?? "") <= fewer, "and takes some away");
  // A rule that has no value yet does not stand for everybody.
  await page.getByRole("button", { name: "and", exact: true }).click();
  await page.locator(".rule-group").nth(1).getByRole("combobox").first().selectOption("revenue");
  await page.locator("h1").getByText(`${fewer.toLocaleString("en")} customer`).waitFor();
  await page.getByLabel("Divide at random").selectOption("halves");
  await page.locator("table.narrow tbody tr", { hasText: /^B/ }).waitFor();
  const list = await saved(page, () => page.locator(".list-tools").getByRole("button", { name: "Export CSV" }).click());
  const [head = [], ...rows] = records(list);
  for (const name of ["Customer", "Segment", "Why in it", "Method", "As of", "E-mail", "Group"]) assert.ok(head.includes(name), name);
  // A file holds one group, unless all are wanted.
  assert.ok(rows.every((row) => row.at(-1) === "A") && /-A-/.test(list.name), list.name);
  await page.getByLabel("Which of them").selectOption("all");
  const everybody = records(await saved(page, () => page.locator(".list-tools").getByRole("button", { name: "Export CSV" }).click())).slice(1);
  assert.ok(Math.abs(2 * rows.length - everybody.length) <= 1, `${rows.length} of ${everybody.length}`);
  await page.getByLabel("Which of them").selectOption("B");
  const hashed = await saved(page, () => page.getByRole("button", { name: "Google audience" }).click());
  assert.match(hashed.name, /-B-google-quantile-\d{4}-\d{2}-\d{2}\.csv$/, "the file's name says how and when");
  assert.match(hashed.bytes.toString("utf8"), /\r\n[0-9a-f]{64}\r\n/);
  await page.locator(".result form input[name=\"name\"]").fill("Sleepers");
  await page.getByRole("button", { name: "Keep this segment" }).click();
  await page.locator(".chips button", { hasText: "Sleepers" }).waitFor();
  const alike = page.locator("section", { has: page.getByRole("heading", { name: "Customers most like these" }) });
  await alike.locator("tbody tr").first().waitFor({ timeout: 60_000 });
  assert.ok((await alike.locator("tbody tr").count()) > 0);
});

test("tiers: perks cost what they cost, borders move customers", async () => {
  await tab("Tiers");
  const rows = page.locator("section, .result").locator("table.ruled").first().locator("tbody tr");
  await rows.first().waitFor();
  await settled(page);
  const members = number((await rows.first().locator("td").nth(1).textContent()) ?? "");
  const cost = async () => number((await rows.first().locator("td").nth(6).textContent()) ?? "");
  const before = await cost();
  await changes(".figures", async () => {
    await rows.first().getByLabel("Perks a customer").fill("10");
    await rows.first().getByLabel("Perks a customer").press("Tab");
  });
  await settled(page);
  // A border above that of the tier before it is refused, and what was there stays.
  const border = rows.nth(1).getByLabel("From revenue");
  await border.fill("100000000");
  await border.press("Tab");
  await page.waitForFunction(() => [...document.querySelectorAll("table.ruled input")].some((input) => /fall/.test(/** @type {HTMLInputElement} */ (input).validationMessage)));
  assert.equal(number((await rows.first().locator("td").nth(1).textContent()) ?? ""), members);
  assert.ok(Math.abs((await cost()) - before - 10 * members) < 0.02, `${before} to ${await cost()} for ${members}`);
});

test("nothing sticks out, nothing was asked for, nothing complained", async () => {
  assert.ok((await overflow(page)) <= 0);
  assert.deepEqual(opened.requests, []);
  assert.deepEqual(complaints(opened), []);
});
