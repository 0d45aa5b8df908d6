/** What the page weighs: every byte of it is counted. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync, gunzipSync } from "node:zlib";

import { PRODUCT } from "./harness.js";

/** Brotli at its strongest, which is Node's default. @param {string | Buffer} bytes */
const brotli = (bytes) => brotliCompressSync(bytes).length;

// What few files need: its bytes are the whole's, but no part of the core.
const EXTRAS = "regulars-extras";

// A ratchet: lowered whenever the page has become smaller. The aim is 1.2 MB for the
// whole and 450 KB for the core; the engine alone is beyond it.
const MOST_WHOLE = 2_250_000;
const MOST_CORE = 1_000_000;

test("regulars.html grows no further", async (t) => {
  const html = await readFile(PRODUCT, "utf8");
  const inert = [...html.matchAll(/<script type="application\/octet-stream" id="([^"]+)">([^]*?)<\/script>/g)];
  // The core is the page without the packed engine, and the engine unpacked:
  // base64 of gzip would only hide what brotli can do.
  const rest = inert.reduce((text, [, , packed]) => text.replace(packed, ""), html);
  const carried = inert.filter(([, id]) => id !== EXTRAS);
  // The engine, the page's script and the further languages.
  const engines = carried.map(([, , packed]) => gunzipSync(Buffer.from(packed, "base64")));
  const core = brotli(rest) + engines.reduce((sum, engine) => sum + brotli(engine), 0);
  const whole = Buffer.byteLength(html);
  t.diagnostic(`core ${core} bytes in brotli, regulars.html ${whole} bytes`);
  const ids = inert.map(([, id]) => id).sort();
  assert.deepEqual(ids, [EXTRAS, "regulars-languages", "regulars-main", "regulars-wasm"]);
  assert.ok(core <= MOST_CORE, `the core is ${core} bytes`);
  assert.ok(whole <= MOST_WHOLE, `regulars.html is ${whole} bytes`);
});
