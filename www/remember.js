/** Settings kept in this browser for the next file with the same columns: only when asked to, and never any data. */

const PLACE = "regulars.settings";
/** How many files are remembered, latest last. */
const MOST = 20;

/** Whether there is a place for settings: a page opened as a file saves them as a download only. */
export function canRemember() {
  try {
    return location.protocol !== "file:" && localStorage !== null;
  } catch {
    return false;
  }
}

/** @returns {object[]} */
export function remembered() {
  if (!canRemember()) return [];
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** @param {object} settings */
export function remember(settings) {
  const { files } = /** @type {{ files: { columns: string[] }[] }} */ (settings);
  const columns = JSON.stringify(files.map((file) => file.columns));
  const same = (/** @type {any} */ other) => JSON.stringify(other?.files?.map((/** @type {any} */ file) => file.columns)) === columns;
  const kept = [...remembered().filter((other) => !same(other)), settings].slice(-MOST);
  localStorage.setItem(PLACE, JSON.stringify(kept));
}

export function forgetRemembered() {
  if (canRemember()) localStorage.removeItem(PLACE);
}
