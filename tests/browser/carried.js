/** What the built page carries, read without a browser. */

import { readFile } from "node:fs/promises";

import { Unpack, initSync } from "../../pkg/wasm/regulars_unpack.js";
import { toBytes } from "../../xtask/text.js";

const PART = /<script type="application\/octet-stream" id="regulars-([^"]+)">([^]*?)<\/script>/g;

/**
 * The parts of a page by name, as they stand in it.
 *
 * @param {string} html
 * @returns {Map<string, string>}
 */
export const parts = (html) => new Map([...html.matchAll(PART)].map(([, name, packed]) => [name, packed]));

/** A part unpacked, as the page does it. @param {string} packed @returns {Promise<Buffer>} */
export async function unpacked(packed) {
  initSync({ module: await readFile(new URL("../../pkg/wasm/regulars_unpack_bg.wasm", import.meta.url)) });
  const unpack = new Unpack(toBytes(packed));
  while (unpack.step());
  return Buffer.from(unpack.finish());
}
