/** Opens the workspace with the engine and the worker that the page carries inside itself. */

import { openWorkspace } from "regulars";
import { embedded } from "regulars/embedded";

/** @param {string} locale */
export const openEngine = (locale) => openWorkspace({ ...embedded(), locale });
