import type { OpenOptions } from "./types.js";

/**
 * Options of `openWorkspace` for a page that carries everything inside itself: inert scripts
 * `#regulars-wasm`, `#regulars-extras` and `#regulars-languages` (gzip, base64), and
 * `#regulars-worker`.
 * `words` unpacks the page's own words in another language than English, given all English names.
 */
export function embedded(
  page?: Document,
): Pick<OpenOptions, "wasm" | "extras" | "createWorker" | "messages"> & {
  words: (language: string, names: string[]) => Promise<Record<string, any>>;
};
