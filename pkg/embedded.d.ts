import type { OpenOptions } from "./types.js";

/**
 * Options of `openWorkspace` for a page that carries everything inside itself: the worker's
 * source, and a function that gives its parts by name when they are asked for, unpacked:
 * `wasm`, `extras` and `languages`.
 * `words` gives the page's own words in another language than English, given all English names.
 */
export function embedded(carried: {
  worker: string;
  part: (name: string) => Promise<BufferSource>;
}): Pick<OpenOptions, "wasm" | "extras" | "createWorker" | "messages"> & {
  words: (language: string, names: string[]) => Promise<Record<string, any>>;
};
