/** The package in browsers: the engine in a worker, or on the page where workers are refused. */

import { asked, engineModule, opener } from "./open.js";

export { RegularsError } from "./errors.js";
export { languageOf, languages } from "./messages.js";

/**
 * Opens a workspace. See types.d.ts.
 *
 * @param {import("./types.js").OpenOptions} [options]
 * @returns {Promise<import("./types.js").Workspace>}
 */
export async function openWorkspace(options = {}) {
  return opener(options, {
    module: (wasm) => engineModule(wasm ?? new URL("./wasm/regulars_bg.wasm", import.meta.url)),
    extras: (wasm) => engineModule(asked(wasm) ?? new URL("./wasm/regulars_extras_bg.wasm", import.meta.url)),
    createWorker: () =>
      new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "regulars" }),
    bytes: (bytes) =>
      new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: "text/csv;charset=utf-8" }),
  });
}
