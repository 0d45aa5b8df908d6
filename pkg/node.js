/** The package in Node 20 and later: the same calls, in slices on the calling thread. */

import { readFile } from "node:fs/promises";

import { engineModule, opener } from "./open.js";

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
      module: async (wasm) => {
        wasm ??= new URL("./wasm/regulars_bg.wasm", import.meta.url);
        const url = typeof wasm === "string" && URL.canParse(wasm) ? new URL(wasm) : wasm;
        // Node's fetch does not read files.
        const local = url instanceof URL && url.protocol === "file:";
        return engineModule(local ? await readFile(url) : wasm);
      },
      createWorker: null,
      bytes: (bytes) => bytes,
    },
  );
}
