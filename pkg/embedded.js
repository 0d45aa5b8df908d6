/** Options for a page that carries the engine and the worker inside itself, as regulars.html does. */

/**
 * Reads the inert scripts `#regulars-wasm` (gzip, base64) and `#regulars-worker`
 * (the worker's source) of the document.
 *
 * @param {Document} [page]
 * @returns {Pick<import("./types.js").OpenOptions, "wasm" | "createWorker">}
 */
export function embedded(page = document) {
  const text = (/** @type {string} */ id) => {
    const element = page.getElementById(id);
    if (!element) throw new Error(`the page carries no #${id}`);
    return element.textContent ?? "";
  };
  return {
    wasm: unpack(text("regulars-wasm")).then((bytes) => WebAssembly.compile(bytes)),
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
