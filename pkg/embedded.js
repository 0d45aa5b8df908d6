/** Options for a page that carries the engine, the worker and the languages inside itself, as regulars.html does. */

import { sentences } from "./messages/en.js";

/**
 * Reads the inert scripts `#regulars-wasm` and `#regulars-languages` (gzip, base64),
 * `#regulars-worker` (the worker's source) and, when a file first needs it,
 * `#regulars-extras` of the document.
 *
 * @param {Document} [page]
 * @returns {Pick<import("./types.js").OpenOptions, "wasm" | "extras" | "createWorker" | "messages"> & { words: (language: string, names: string[]) => Promise<Record<string, any>> }}
 *   `words`: those of the page itself, by their English names in order
 */
export function embedded(page = document) {
  const text = (/** @type {string} */ id) => {
    const element = page.getElementById(id);
    if (!element) throw new Error(`the page carries no #${id}`);
    return element.textContent ?? "";
  };
  /**
   * The values of each language, of the page and of the engine, in the order of English's names.
   * @type {Promise<Record<string, any[][]>> | null}
   */
  let packed = null;
  /** @param {string} language @param {0 | 1} which @param {string[]} names */
  const unpacked = async (language, which, names) => {
    packed ??= unpack(text("regulars-languages")).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
    const values = (await packed)[language][which];
    return Object.fromEntries(names.map((name, i) => [name, values[i]]).filter(([, value]) => value !== null));
  };
  return {
    messages: async (language) => ({ language, sentences: await unpacked(language, 1, Object.keys(sentences)) }),
    words: (language, names) => unpacked(language, 0, names),
    wasm: unpack(text("regulars-wasm")).then((bytes) => WebAssembly.compile(bytes)),
    extras: async () => WebAssembly.compile(await unpack(text("regulars-extras"))),
    createWorker() {
      const source = new Blob([text("regulars-worker")], { type: "text/javascript" });
      const url = URL.createObjectURL(source);
      try {
        // A blob worker is under the page's own policy; one from a URL would not be.
        return new Worker(url, { name: "regulars" });
      } finally {
        // The worker's fetch has begun; give it time before the URL is withdrawn.
        setTimeout(() => URL.revokeObjectURL(url), 10_000);
      }
    },
  };
}

/**
 * @param {string} base64 of a gzip stream
 * @returns {Promise<ArrayBuffer>}
 */
async function unpack(base64) {
  const packed = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
