/** What the page weighs: every byte of it is counted. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

import { parts, unpacked } from "./carried.js";
import { PRODUCT } from "./harness.js";

/** Brotli at its strongest, which is Node's default. @param {string | Buffer} bytes */
const brotli = (bytes) => brotliCompressSync(bytes).length;

// A ratchet: lowered whenever the page has become smaller. The aim is 1.2 MB for the
// whole and 450 KB for the core; the engine alone is beyond that.
const MOST_WHOLE = 1_200_000;
const MOST_CORE = 770_000;

test("regulars.html grows no further", async (t) => {
  const html = await readFile(PRODUCT, "utf8");
  const carried = parts(html);
  assert.deepEqual([...carried.keys()].sort(), ["extras", "languages", "page", "unpack", "wasm"]);
  // What few files need: its bytes are the whole's, but no part of the core.
  const extras = carried.get("extras") ?? "";
  // The core as a host sends it.
  const core = brotli(html.replace(extras, ""));
  const whole = Buffer.byteLength(html);
  t.diagnostic(`core ${core} bytes in brotli, regulars.html ${whole} bytes`);
  assert.ok(core <= MOST_CORE, `the core is ${core} bytes`);
  assert.ok(whole <= MOST_WHOLE, `regulars.html is ${whole} bytes`);
});

test("each part is what was packed", async () => {
  const carried = parts(await readFile(PRODUCT, "utf8"));
  for (const [name, file] of [["wasm", "regulars_bg"], ["extras", "regulars_extras_bg"]]) {
    const packed = carried.get(name) ?? "";
    assert.match(packed, /^[\x01-\x08\x0e-\x19\x1c-%'-;=?-~]+$/, "ASCII that no editor or host changes");
    assert.deepEqual(await unpacked(packed), await readFile(`pkg/wasm/${file}.wasm`), name);
  }
});
