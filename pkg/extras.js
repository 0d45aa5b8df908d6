/**
 * Files that the engine cannot read by itself: texts in another encoding, and
 * workbooks. A second WebAssembly module makes UTF-8 of them; it is loaded when
 * the first such file comes, and not before.
 */

import { RegularsError, spoken } from "./errors.js";
import { pieces } from "./sources.js";
import { Decode, Detect, Workbook, __wbg_reset_state, initSync } from "./wasm/regulars_extras.js";

/**
 * Gives the compiled module.
 *
 * @typedef {() => Promise<WebAssembly.Module>} LoadExtras
 */

/** Whether this thread has an instance, and whether it has trapped. */
let ready = false;
let trapped = false;

/** @param {LoadExtras} load */
async function open(load) {
  if (ready && !trapped) return;
  const module = await load().catch((thrown) => {
    throw spoken(thrown) ?? new RegularsError("extras-missing", { reason: String(thrown) }, { cause: thrown });
  });
  if (trapped) __wbg_reset_state();
  initSync({ module });
  ready = true;
  trapped = false;
}

/**
 * What the module does with a file that it chokes on is said as of a bad file.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
function guarded(call) {
  try {
    return call();
  } catch (thrown) {
    const error = spoken(thrown);
    if (error) throw error;
    trapped = true;
    throw new RegularsError("bad-workbook", { reason: String(thrown) }, { cause: thrown });
  }
}

/** Encodings that the engine reads as they are. @param {string | undefined} label */
export const isUtf8 = (label) => label === undefined || /^(utf-?8|us-ascii|ascii)$/i.test(label);

/**
 * What an error of the engine's means for a source: that it must be decoded, or
 * opened, first.
 *
 * @param {RegularsError} error
 * @returns {"decode" | "open" | null}
 */
export function remedy({ code, params }) {
  if (code === "not-utf-8") return "decode";
  return code === "binary-file" && /^(xlsx|zip)$/.test(String(params.kind)) ? "open" : null;
}

/**
 * The encoding of a text that is not UTF-8.
 *
 * @param {LoadExtras} load
 * @param {Blob} source
 * @returns {Promise<string>}
 */
export async function detected(load, source) {
  await open(load);
  const detect = guarded(() => new Detect());
  for await (const piece of pieces(source)) if (guarded(() => detect.push(piece))) break;
  return guarded(() => detect.finish());
}

/**
 * A text as UTF-8, in pieces, with the share of the source that each stands for.
 *
 * @param {LoadExtras} load
 * @param {Blob} source
 * @param {string} label name of the encoding
 */
export async function decoder(load, source, label) {
  await open(load);
  const decode = guarded(() => new Decode(label));
  const encoding = decode.name;
  let malformed = 0;
  return {
    encoding,
    /** @returns {AsyncGenerator<{ bytes: Uint8Array, of: number }, void, void>} */
    async *pieces() {
      try {
        for await (const piece of pieces(source)) {
          yield { bytes: guarded(() => decode.push(piece, false)), of: piece.length };
        }
        yield { bytes: guarded(() => decode.push(new Uint8Array(), true)), of: 0 };
        malformed = decode.malformed;
      } finally {
        if (!trapped) decode.free();
      }
    },
    /** What was odd, once all is decoded. */
    notices: () =>
      malformed > 0 ? [{ code: "characters-replaced", params: { count: malformed, encoding } }] : [],
  };
}

/**
 * What an archive or a workbook holds: one of its tables as a source of its own.
 *
 * @param {LoadExtras} load
 * @param {Blob} source
 * @param {string | undefined} wanted the name of a sheet or file; the longest when left out
 * @returns {Promise<{ source: Blob, isSheet: boolean, sheet: string, sheets: { name: string, rows: number | null }[] }>}
 */
export async function opened(load, source, wanted) {
  await open(load);
  const bytes = new Uint8Array(await source.arrayBuffer());
  const book = guarded(() => new Workbook(bytes));
  try {
    const isSheet = book.hasSheets;
    const sheets = guarded(() => book.sheets()).map((/** @type {[string, number]} */ [name, rows]) => ({ name, rows }));
    if (sheets.length === 0) throw new RegularsError("binary-file", { kind: isSheet ? "xlsx" : "zip" });
    const longest = sheets.reduce((most, sheet) => (sheet.rows > most.rows ? sheet : most));
    const chosen = wanted === undefined ? longest : sheets.find(({ name }) => name === wanted);
    if (!chosen) throw new RegularsError("unknown-sheet", { sheet: String(wanted), sheets: sheets.map(({ name }) => name) });
    /** @type {BlobPart[]} */
    const parts = [];
    guarded(() => book.write(chosen.name, (/** @type {Uint8Array<ArrayBuffer>} */ piece) => void parts.push(piece)));
    const listed = sheets.map(({ name, rows }) => ({ name, rows: isSheet ? rows : null }));
    return { source: new Blob(parts), isSheet, sheet: chosen.name, sheets: listed };
  } finally {
    if (!trapped) book.free();
  }
}
