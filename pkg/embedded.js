/** Options for a page that carries the engine, the worker and the languages inside itself, as regulars.html does. */

import { sentences } from "./messages/en.js";
import { restored } from "./relative.js";

/**
 * @param {{ worker: string, part: (name: string) => Promise<BufferSource> }} carried
 *   the worker's source; and by name, unpacked when it is asked for: `wasm`, `extras` and `languages`
 * @returns {Pick<import("./types.js").OpenOptions, "wasm" | "extras" | "createWorker" | "messages"> & { words: (language: string, names: string[]) => Promise<Record<string, any>> }}
 *   `words`: those of the page itself, by their English names in order
 */
export function embedded({ worker, part }) {
  /**
   * The values of each language, of the page and of the engine, in the order of English's
   * names; those of every further language as they differ from the first.
   * @type {Promise<Record<string, any[][]>> | null}
   */
  let packed = null;
  /** @param {string} language @param {0 | 1} which @param {string[]} names */
  const unpacked = async (language, which, names) => {
    packed ??= part("languages").then((bytes) => {
      const [[first, values], ...others] = Object.entries(JSON.parse(new TextDecoder().decode(bytes)));
      return Object.fromEntries([[first, values], ...others.map(([other, apart]) => [other, restored(apart, values)])]);
    });
    const values = (await packed)[language][which];
    return Object.fromEntries(names.map((name, i) => [name, values[i]]).filter(([, value]) => value !== null));
  };
  return {
    messages: async (language) => ({ language, sentences: await unpacked(language, 1, Object.keys(sentences)) }),
    words: (language, names) => unpacked(language, 0, names),
    wasm: part("wasm").then((bytes) => WebAssembly.compile(bytes)),
    extras: async () => WebAssembly.compile(await part("extras")),
    createWorker() {
      const source = new Blob([worker], { type: "text/javascript" });
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
