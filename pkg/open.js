/** What opening a workspace is everywhere: compile, start a host, fall back where workers are refused. */

import { openEngine } from "./engine.js";
import { EngineCrash, RegularsError } from "./errors.js";
import { inlineHost, workerHost } from "./hosts.js";
import { catalogue } from "./messages.js";
import { Workspace } from "./workspace.js";

/** @typedef {import("./types.js").OpenOptions} OpenOptions */

/**
 * What differs between browsers and Node.
 *
 * @typedef {object} Platform
 * @property {(wasm: OpenOptions["wasm"]) => Promise<WebAssembly.Module>} module
 * @property {(wasm: OpenOptions["extras"]) => Promise<WebAssembly.Module>} extras
 * @property {(() => Worker) | null} createWorker
 * @property {(bytes: Uint8Array) => Blob | Uint8Array} bytes what exports are given out as
 */

/**
 * @param {OpenOptions} options
 * @param {Platform} platform
 * @returns {Promise<Workspace>}
 */
export async function opener({ wasm, extras, createWorker, readers, locale, messages }, platform) {
  const sentences = await catalogue(locale, messages);
  try {
    const module = await platform.module(wasm);
    /** @type {Promise<WebAssembly.Module> | null} */
    let more = null;
    const loadExtras = () => {
      more ??= platform.extras(extras);
      // Asked for again, it is tried again.
      more.catch(() => (more = null));
      return more;
    };
    const start = createWorker === undefined ? platform.createWorker : createWorker;
    const openHost = async () => {
      if (start) {
        try {
          return await workerHost(start, module, loadExtras, readers);
        } catch (error) {
          // Refused by the page's policy or not to be fetched: the same engine
          // runs on the page; `thread` of the workspace says so.
          if (error instanceof RegularsError) throw error;
        }
      }
      return inlineHost(openEngine(module), loadExtras);
    };
    return new Workspace(openHost, await openHost(), sentences, platform.bytes, messages);
  } catch (error) {
    if (error instanceof RegularsError) error.message = sentences.say(error.code, error.params);
    throw error;
  }
}

/**
 * What was given for a module: itself, or a function that gives it when it is wanted.
 *
 * @param {OpenOptions["extras"]} extras
 * @returns {OpenOptions["wasm"]}
 */
export const asked = (extras) => (typeof extras === "function" ? extras() : extras);

/**
 * The compiled engine from whatever the host gave.
 *
 * @param {NonNullable<OpenOptions["wasm"]>} wasm
 * @returns {Promise<WebAssembly.Module>}
 */
export async function engineModule(wasm) {
  const given = await wasm;
  if (given instanceof WebAssembly.Module) return given;
  let bytes = given;
  if (typeof bytes === "string" || bytes instanceof URL) {
    try {
      bytes = await fetch(bytes);
    } catch (error) {
      throw new RegularsError("wasm-missing", { url: String(given) }, { cause: error });
    }
  }
  if (bytes instanceof Response) {
    if (!bytes.ok) throw new RegularsError("wasm-missing", { url: bytes.url });
    bytes = await bytes.arrayBuffer();
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    // A page whose policy forbids WebAssembly says so in its own words.
    if (!WebAssembly.validate(bytes)) throw new RegularsError("old-browser", {}, { cause: error });
    throw error;
  }
}
