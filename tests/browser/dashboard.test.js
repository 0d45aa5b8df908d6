/** `<regulars-dashboard>` in somebody's back office: it works there, and neither side sees into the other. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { launch } from "./harness.js";
import { keep } from "./page-visitor.js";

/** A back office with a policy of its own and the package beside it. */
const OFFICE = `<!doctype html><meta charset="utf-8"><title>Back office</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'unsafe-inline'; img-src data:"><link rel="icon" href="data:,">
<h1>Back office</h1><regulars-dashboard lang="zh-CN" theme="dark"></regulars-dashboard>
<script type="module" src="/office.js"></script>`;
const SCRIPT = `import "/pkg/dashboard.js"; globalThis.heard = []; addEventListener("message", ({ data }) => heard.push(data));`;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("node:http").Server} */
let server;
/** @type {string[]} */
const asked = [];
let origin = "";

before(async () => {
  browser = await launch();
  server = createServer(async ({ url = "" }, response) => {
    asked.push(url);
    const type = url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    const body = url === "/" ? OFFICE : url === "/office.js" ? SCRIPT : await readFile(url.slice(1)).catch(() => null);
    response.writeHead(body === null ? 404 : 200, { "content-type": type }).end(body ?? "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  server.unref();
  origin = `http://localhost:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** A small shop: 40 customers who come back every ten days or so. */
function orders() {
  const rows = ["order_id,order_date,customer_id,total"];
  for (let i = 0; i < 400; i += 1) {
    const day = new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10);
    rows.push(`${1000 + i},${day},C${(i * 7) % 40},${10 + (i % 13)}.50`);
  }
  return rows.join("\n");
}

test("a back office hands over an export and learns nothing of it", async () => {
  const page = await browser.newPage();
  /** @type {string[]} */
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(origin);
  // Handed over at once: before the dashboard is there.
  await page.evaluate(async (csv) => {
    await customElements.whenDefined("regulars-dashboard");
    const element = /** @type {import("../../pkg/dashboard.js").RegularsDashboard} */ (document.querySelector("regulars-dashboard"));
    element.open(csv, "shop.csv");
  }, orders());
  const frame = page.frameLocator("regulars-dashboard iframe");
  await frame.getByText("shop.csv").first().waitFor({ timeout: 60_000 });
  await frame.getByRole("button", { name: "使用这个文件" }).click();
  await frame.locator(".answer .big").nth(3).waitFor({ timeout: 60_000 });
  assert.equal(await frame.locator("html").getAttribute("lang"), "zh-Hans");
  assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
  // Its views, their addresses and its lists work as they do alone.
  await frame.locator('nav a[href="#customers"]').first().click();
  const list = frame.locator(".table-tools").getByRole("button", { name: "导出" }).first();
  const [download] = await Promise.all([page.waitForEvent("download"), list.click()]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  // Walled off: an origin of its own, which the page around it cannot look into.
  assert.equal(await frame.locator("html").evaluate(() => self.origin), "null");
  const seen = await page.evaluate(() => ({
    inside: /** @type {HTMLIFrameElement} */ (document.querySelector("iframe")).contentDocument,
    heard: /** @type {any} */ (globalThis).heard,
  }));
  assert.deepEqual(seen, { inside: null, heard: [{ from: "regulars" }] });
  assert.deepEqual([...new Set(asked)].filter((url) => !url.startsWith("/pkg/")), ["/", "/office.js"]);
  assert.deepEqual(said, []);
  await keep(page, "back-office");
  await page.close();
});
