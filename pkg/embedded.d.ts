import type { OpenOptions } from "./types.js";

/**
 * Options of `openWorkspace` for a page that carries the engine and the worker
 * inside itself: inert scripts `#regulars-wasm` (gzip, base64) and `#regulars-worker`.
 */
export function embedded(page?: Document): Pick<OpenOptions, "wasm" | "createWorker">;
