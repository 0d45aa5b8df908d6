/** A Chromium with a built page in it, hosted or from a file, that keeps a record of all it asks for and says. */

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** The two ways in which the page reaches people. */
export const WAYS = /** @type {const} */ (["hosted", "file"]);

/** The product, and a page without an interface that carries the package in the same way. */
export const PRODUCT = "dist/regulars.html";
export const BARE = "tests/output/bare.html";

let packed = false;

/** Packs the bare page, once a process. */
function pack() {
  if (packed) return;
  const args = ["xtask/dist.js", "--page", "tests/browser/page", "--out", BARE];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  packed = true;
}

/** @returns {Promise<import("playwright-core").Browser>} */
export function launch() {
  return chromium.launch({
    executablePath: process.env.REGULARS_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A server on this machine that answers every path with one file and counts
 * what it is asked for.
 *
 * @param {string} file
 * @returns {Promise<{ origin: string, asked: string[], close: () => Promise<void> }>}
 */
export async function host(file) {
  const page = await readFile(file);
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  // A test that failed before it closed its page must not keep the run waiting.
  server.unref();
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** Makes the page as slow as `REGULARS_SLOW` says, to find tests that count on time. @param {import("playwright-core").Page} page */
async function slow(page) {
  const rate = Number(process.env.REGULARS_SLOW ?? 1);
  if (rate <= 1) return;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate });
}

/**
 * @typedef {object} Opened
 * @property {import("playwright-core").Page} page
 * @property {string[]} requests everything asked for after the page itself, blob: and data: apart
 * @property {string[]} said what the console showed, and errors nobody caught
 * @property {() => Promise<void>} close
 */

/**
 * Opens a built page.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {"hosted" | "file"} way
 * @param {{ file?: string, locale?: string, viewport?: { width: number, height: number },
 *   colorScheme?: "light" | "dark", offline?: boolean }} [options]
 * @returns {Promise<Opened>}
 */
export async function open(browser, way, { file = PRODUCT, offline = false, ...context } = {}) {
  if (file === BARE) pack();
  const server = way === "hosted" ? await host(file) : null;
  const session = await browser.newContext(context);
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const said = [];
  const url = server ? `${server.origin}/regulars.html` : pathToFileURL(file).href;
  session.on("request", (request) => {
    if (request.url() !== url && !/^(blob|data):/.test(request.url())) {
      requests.push(`${request.method()} ${request.url()}`);
    }
  });
  const page = await session.newPage();
  page.setDefaultTimeout(60_000);
  await slow(page);
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`uncaught: ${error}`));
  await page.goto(url);
  // The page's script is unpacked after the document is there.
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
  if (offline) await session.setOffline(true);
  return {
    page,
    requests,
    said,
    async close() {
      await session.close();
      await server?.close();
    },
  };
}
