/**
 * English. A code and its sentence; parameters stand in braces:
 *
 *     {rows}                       a number is grouped, an ISO day is written out, a list is joined
 *     {share, percent}             a share of one as a percentage
 *     {amount, money}              in the currency of the file, where it is known
 *     {rows, plural, one {row} other {rows}}   the form for the number; # is the number itself
 *     {role, name}                 a further code, said by the entry `role.<value>`
 */

export const language = "en";

/** @type {Record<string, string>} */
export const sentences = {
  "already-closed": "This workspace is closed. Open a new one.",
  "bad-source": "A source must be a File, a Blob, a Uint8Array or a CSV text.",
  "engine-failed": "The calculation stopped unexpectedly. What was loaded is read again with your next step; if this happens again with the same file, please report it.",
  "not-loaded": "Nothing is loaded yet. Load a file first.",
  "old-browser": "This browser is too old to run the calculation. Use Chrome or Edge 91, Firefox 89, Safari 16.4 or a later version.",
  "out-of-memory": "There is not enough memory for this file. Close other tabs, or load a part of the file, such as the last two years.",
  "source-gone": "{name, plural, null {The source} other {The file “{name}”}} can no longer be read. It may have been moved, changed or deleted; choose it again.",
  "unknown-found": "This file was inspected in another workspace. Inspect it again here.",
  "unknown-language": "There are no sentences in the language “{locale}”.",
  "view-outdated": "Another file has been loaded since this view was made. Make a new view.",
  "wasm-missing": "The program part of Regulars could not be loaded from {url}. Check that the file is there and that the page's policy allows it.",
};
