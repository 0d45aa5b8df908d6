/** The package in Node 20 and later: the same calls, in slices on the calling thread. */

import { readFile } from "node:fs/promises";

import { asked, engineModule, opener } from "./open.js";

export { RegularsError } from "./errors.js";
export { languageOf, languages } from "./messages.js";

/**
 * Opens a workspace. See types.d.ts.
 *
 * @param {import("./types.js").OpenOptions} [options] `createWorker` has no meaning here
 * @returns {Promise<import("./types.js").Workspace>}
 */
export async function openWorkspace(options = {}) {
  return opener(
    { ...options, createWorker: null },
    {
      module: (wasm) => compiled(wasm ?? new URL("./wasm/regulars_bg.wasm", import.meta.url)),
      extras: (wasm) => compiled(asked(wasm) ?? new URL("./wasm/regulars_extras_bg.wasm", import.meta.url)),
      createWorker: null,
      bytes: (bytes) => bytes,
    },
  );
}

/**
 * @param {NonNullable<import("./types.js").OpenOptions["wasm"]>} wasm
 * @returns {Promise<WebAssembly.Module>}
 */
async function compiled(wasm) {
  const url = typeof wasm === "string" && URL.canParse(wasm) ? new URL(wasm) : wasm;
  // Node's fetch does not read files.
  const local = url instanceof URL && url.protocol === "file:";
  return engineModule(local ? await readFile(url) : wasm);
}
