/**
 * A catalogue as what sets it apart from another one: traditional Chinese, say, of which
 * nearly every character follows from the simplified one in its place.
 */

/** Stands for the character that was to be expected, and before a sentence of another length. */
const EXPECTED = "\x7f";
const WHOLE = "\x80";

/** Learns which character stands for which, after which; both sides of the conversation learn alike. */
function expectation() {
  /** @type {Map<string, string>} */
  const seen = new Map();
  const places = (/** @type {string} */ base, /** @type {number} */ k) => [`${base[k - 1]}${base[k]}`, base[k]];
  return {
    /** @param {string} base @param {number} k */
    expected: (base, k) => places(base, k).map((place) => seen.get(place)).find((char) => char !== undefined) ?? base[k],
    /** @param {string} base @param {number} k @param {string} char */
    learn: (base, k, char) => places(base, k).forEach((place) => seen.set(place, char)),
  };
}

/**
 * Goes through two things of one shape, and changes the texts of the first.
 *
 * @param {any} value
 * @param {any} base
 * @param {(text: string, base: string) => string} change
 * @returns {any}
 */
function through(value, base, change) {
  if (typeof value === "string") return change(value, typeof base === "string" ? base : "");
  if (Array.isArray(value)) return value.map((item, i) => through(item, base?.[i], change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, through(item, base?.[name], change)]));
}

/** @param {any} values @param {any} bases @returns {any} what `restored` needs beside `bases` */
export function apart(values, bases) {
  const { expected, learn } = expectation();
  return through(values, bases, (text, base) => {
    if (text.length !== base.length) return WHOLE + text;
    const chars = Array.from(text, (_, k) => {
      const char = text[k] === expected(base, k) ? EXPECTED : text[k];
      learn(base, k, text[k]);
      return char;
    });
    return chars.join("").replace(/\x7f+$/, "");
  });
}

/** @param {any} differences of `apart` @param {any} bases @returns {any} the values */
export function restored(differences, bases) {
  const { expected, learn } = expectation();
  return through(differences, bases, (text, base) => {
    if (text.startsWith(WHOLE)) return text.slice(1);
    return Array.from({ length: base.length }, (_, k) => {
      const char = (text[k] ?? EXPECTED) === EXPECTED ? expected(base, k) : text[k];
      learn(base, k, char);
      return char;
    }).join("");
  });
}
