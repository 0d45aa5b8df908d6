/** Opens the workspace with the engine and the worker that the page carries inside itself. */

import { openWorkspace } from "regulars";
import { embedded } from "regulars/embedded";

/** What the loader of the page has unpacked: see xtask/loader.js. @type {{ worker: string, licences: string, part: (name: string) => Promise<BufferSource> }} */
const carried = /** @type {any} */ (globalThis).regulars;

const { words, ...inside } = embedded(carried);

/** The licences of all that the page is made of. */
export const { licences } = carried;

/** @param {string} locale */
export const openEngine = (locale) => openWorkspace({ ...inside, locale });

/** The page's words in a further language, unpacked when asked for. */
export const furtherWords = words;
