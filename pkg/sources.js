/** What can be read: everything becomes a Blob, held by reference and read in pieces. */

import { RegularsError } from "./errors.js";

/** Bytes fetched from the file at once; the next ones are on their way meanwhile. */
const FETCH = 4 << 20;

/**
 * A source as a Blob that can be read again at any time.
 *
 * @param {unknown} source
 * @returns {Blob}
 */
export function blobOf(source) {
  if (source instanceof Blob) return source;
  if (typeof source === "string") return new Blob([source]);
  if (source instanceof Uint8Array) {
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (source)]);
  }
  throw new RegularsError("bad-source");
}

/**
 * The bytes of a Blob in order, in pieces of up to 4 MiB.
 *
 * @param {Blob} blob
 * @param {{ start: number, end: number }} [range] of its bytes; its end may come nearer meanwhile
 * @returns {AsyncGenerator<Uint8Array, void, void>}
 */
export async function* pieces(blob, range = { start: 0, end: blob.size }) {
  const fetch = (/** @type {number} */ start) => {
    const bytes = blob.slice(start, start + FETCH).arrayBuffer();
    bytes.catch(() => {}); // Seen below, when its turn comes.
    return bytes;
  };
  // A file that is gone may say that it is empty: only reading tells.
  if (blob.size === 0) await read(blob, blob.arrayBuffer(), 0);
  let next = fetch(range.start);
  for (let start = range.start; start < range.end; start += FETCH) {
    const current = next;
    if (start + FETCH < range.end) next = fetch(start + FETCH);
    const bytes = await read(blob, current, Math.min(FETCH, blob.size - start));
    yield bytes.subarray(0, Math.max(range.end - start, 0));
  }
}

/**
 * @param {Blob} blob
 * @param {Promise<ArrayBuffer>} fetched
 * @param {number} length that it must have
 * @returns {Promise<Uint8Array>}
 */
async function read(blob, fetched, length) {
  let bytes;
  try {
    bytes = await fetched;
  } catch (error) {
    // Moved, deleted, changed since it was chosen, or no longer permitted.
    throw new RegularsError("source-gone", { name: nameOf(blob) }, { cause: error });
  }
  if (bytes.byteLength !== length) throw new RegularsError("source-gone", { name: nameOf(blob) });
  return new Uint8Array(bytes);
}

/**
 * @param {Blob} blob
 * @returns {string | null} the file's name, where it has one
 */
export function nameOf(blob) {
  return "name" in blob && typeof blob.name === "string" ? blob.name : null;
}
