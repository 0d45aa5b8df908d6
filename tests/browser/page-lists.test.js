/** Lists that leave the page: who is in them by which name, in whose words, under which file name. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open } from "./harness.js";
import { NARROW, WIDE, answered, go, saved, settled } from "./page-visitor.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Orders of people known by their e-mail, of whom one in three said yes and one in three nothing. */
function asked() {
  const rows = ["order_id,email,order_date,total,accepts_marketing"];
  let seed = 7;
  const draw = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let c = 0; c < 160; c += 1) {
    const gap = 10 + draw() * 60;
    for (let day = draw() * 300; day < 700; day += gap * (0.3 + draw() * 1.4)) {
      const date = new Date(Date.UTC(2023, 0, 1) + Math.floor(day) * 864e5).toISOString().slice(0, 10);
      rows.push(`o${rows.length},person${c}@example.org,${date},${(5 + draw() * 90).toFixed(2)},${["no", "yes", ""][c % 3]}`);
      if (draw() < 0.15) break;
    }
  }
  return { name: "asked.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
}

/** @param {{ bytes: Buffer }} file @returns {string[]} */
const lines = ({ bytes }) => bytes.toString().replace("\ufeff", "").trim().split("\r\n");

/** @param {Parameters<typeof open>[2]} options */
async function loaded(options) {
  const opened = await open(browser, "hosted", options);
  await opened.page.locator(".drop-zone input").setInputFiles(asked());
  await opened.page.locator(".go button.primary").click();
  await answered(opened.page);
  return opened;
}

test("who did not consent is counted before a list is exported, and is not named by an address in it", async () => {
  const opened = await loaded({ viewport: WIDE });
  const { page } = opened;
  await go(page, "customers");
  const note = page.locator(".table-tools .consent");
  await note.waitFor();
  const told = Number(/\d+/.exec(await note.innerText())?.[0]);
  const menu = page.locator(".exports");
  await menu.locator("summary").click();
  assert.match(await menu.locator(".consent").innerText(), new RegExp(`^${told} `));
  const list = lines(await saved(page, () => menu.locator("button").first().click()));
  assert.equal(list.filter((line) => line.startsWith("(no consent),")).length, told);
  const bare = list.slice(1).filter((line) => line.includes("@"));
  assert.ok(bare.length === list.length - 1 - told && bare.every((line) => Number(/person(\d+)@/.exec(line)?.[1]) % 3 === 1));
  // What was chosen closes the menu, and the keyboard goes on from its button.
  await page.waitForFunction(() => !document.querySelector(".exports[open]") && document.activeElement?.matches(".exports summary"));
  await menu.locator("summary").press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".exports[open]") && document.activeElement?.matches(".exports summary"));
  await menu.locator("summary").click();
  await page.locator("h1").click();
  await page.waitForFunction(() => !document.querySelector(".exports[open]"));

  await go(page, "winback");
  await settled(page);
  const plan = await saved(page, () => page.getByRole("button", { name: "Export the list" }).click());
  assert.match(lines(plan)[0] ?? "", /^Customer,"To contact or kept aside .*,What to do,Offer,Who sees to it,Why,/);
  // It can be read back, whatever its columns are called.
  await page.locator(".outcome input, input[accept*=csv]").first().setInputFiles({ name: plan.name, mimeType: "text/csv", buffer: plan.bytes });
  await page.getByText(/the campaign began after/).waitFor();

  // A report names nobody by an address but those who may be written to.
  await go(page, "report");
  for (const part of ["Health", "Forecast"]) await page.locator(".report-parts label", { hasText: part }).locator("input").check();
  await page.locator(".report .row-pick", { hasText: /^p…$/ }).first().waitFor();
  const named = (await page.locator(".report").innerText()).match(/person\d+@/g) ?? [];
  assert.ok(named.every((name) => Number(/\d+/.exec(name)?.[0]) % 3 === 1), named.join(" "));

  await go(page, "file");
  assert.equal(await page.getByText("credit note").count(), 0, "none are told where there are none");
  await opened.close();
});

test("a named selection gives its file the name, in any script", async () => {
  const opened = await loaded({ viewport: NARROW, locale: "zh-TW" });
  const { page } = opened;
  await go(page, "segments");
  await page.locator(".ruled .row-pick").first().click();
  await page.locator(".selection .consent").waitFor();
  await page.locator(".selection .caption", { hasText: /從首筆訂單至.*的淨收入共/ }).waitFor();
  for (const [name, file] of [["老客戶：送禮/2024?", "老客戶-送禮-2024"], ["…", "regulars"]]) {
    await page.locator(".selection .buttons button").nth(2).click();
    await page.locator("dialog[open] input[type=text]").fill(/** @type {string} */ (name));
    await page.locator("dialog[open] input[type=text]").press("Enter");
    await page.waitForFunction((text) => document.querySelector(".selection b")?.textContent === text, name);
    const list = await saved(page, () => page.locator(".selection .buttons button").nth(1).click());
    assert.match(list.name, new RegExp(`^${file}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
    assert.match(lines(list)[0] ?? "", /^客戶,/);
    assert.ok(lines(list).some((line) => line.startsWith("（未同意聯繫）,")));
  }
  await opened.close();
});

test("a segment of one's own without a cell is said to be left out", async () => {
  const opened = await loaded({ viewport: WIDE });
  const { page } = opened;
  await go(page, "segments");
  await page.locator(".scoring summary").click();
  await page.getByRole("button", { name: "Change which cells make which segment" }).click();
  await page.getByRole("button", { name: "Add a segment" }).click();
  await page.getByText(/^Without a cell, and left out when the map is used: Segment 12/).waitFor();
  await opened.close();
});
