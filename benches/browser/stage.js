/** Packs the page of the benchmark, serves it with the peers' files, opens it in Chromium. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";

import { launch } from "../../tests/browser/harness.js";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", wasm: "application/wasm" };
const HERE = import.meta.dirname;
const PAGE = `<!doctype html><meta charset="utf-8"><title>bench</title><input type="file"><script type="module" src="/page.js"></script>`;

/**
 * @returns {Promise<{ page: import("playwright-core").Page, refused: string[], close: () => Promise<void> }>}
 *   `refused` names what was asked for and is not here, such as a download by a peer
 */
export async function stagePage() {
  const bundle = async (/** @type {string} */ entry) => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      target: "esnext",
      write: false,
      logLevel: "warning",
      conditions: ["browser"],
    });
    return /** @type {import("esbuild").OutputFile[]} */ (outputFiles)[0].contents;
  };
  /** @type {Map<string, string | Uint8Array>} */
  const made = new Map(/** @type {[string, string | Uint8Array][]} */ ([
    ["/", PAGE],
    ["/page.js", await bundle(join(HERE, "page.js"))],
    ["/worker.js", await bundle("pkg/worker.js")],
  ]));
  const duckdb = join(HERE, "node_modules/@duckdb/duckdb-wasm/dist");
  /** @type {string[]} */
  const refused = [];

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const type = TYPES[/** @type {keyof typeof TYPES} */ (path === "/" ? "html" : path.split(".").pop())];
    try {
      const body =
        made.get(path) ??
        (path === "/pkg/wasm/regulars_bg.wasm" ? await readFile(path.slice(1))
        : /^\/duckdb\/[\w.-]+$/.test(path) ? await readFile(join(duckdb, path.slice(8)))
        : null);
      if (body === null) throw new Error("not here");
      // What lets peers use threads and precise clocks, where they can.
      response.writeHead(200, {
        "content-type": type ?? "application/octet-stream",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      });
      response.end(body);
    } catch {
      if (path !== "/favicon.ico") refused.push(path);
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://localhost:${port}`;

  const browser = await launch();
  const page = await browser.newPage();
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) refused.push(url);
  });
  page.on("pageerror", (error) => console.error(`in the page: ${error}`));
  await page.goto(`${origin}/`);
  await page.waitForFunction("window.stage");
  return {
    page,
    refused,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
