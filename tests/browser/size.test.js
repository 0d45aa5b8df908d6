/** What the page weighs: every byte of it is counted. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync, gunzipSync } from "node:zlib";

import { PRODUCT } from "./harness.js";

/** Brotli at its strongest, which is Node's default. @param {string | Buffer} bytes */
const brotli = (bytes) => brotliCompressSync(bytes).length;

test("regulars.html is at most 1.2 MB, its core at most 450 KB in brotli", async (t) => {
  const html = await readFile(PRODUCT, "utf8");
  const inert = [...html.matchAll(/<script type="application\/octet-stream" id="[^"]+">([^]*?)<\/script>/g)];
  // The core is the page without the packed engine, and the engine unpacked:
  // base64 of gzip would only hide what brotli can do.
  const rest = inert.reduce((text, [, packed]) => text.replace(packed, ""), html);
  const engines = inert.map(([, packed]) => gunzipSync(Buffer.from(packed, "base64")));
  const core = brotli(rest) + engines.reduce((sum, engine) => sum + brotli(engine), 0);
  const whole = Buffer.byteLength(html);
  t.diagnostic(`core ${core} bytes in brotli, regulars.html ${whole} bytes`);
  assert.ok(inert.length > 0);
  assert.ok(core <= 450_000, `the core is ${core} bytes`);
  assert.ok(whole <= 1_200_000, `regulars.html is ${whole} bytes`);
});
