/** Opens the workspace with the engine and the worker that the page carries inside itself. */

import { openWorkspace } from "regulars";
import { embedded } from "regulars/embedded";

const { words, ...inside } = embedded();

/** @param {string} locale */
export const openEngine = (locale) => openWorkspace({ ...inside, locale });

/** The page's words in a further language, unpacked when asked for. */
export const furtherWords = words;
