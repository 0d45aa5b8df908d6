/** Sentences of the page from a catalogue: parameters in braces, plural forms by `Intl.PluralRules`. */

import { html, nothing } from "lit";

/** @typedef {string | { zero?: string, one?: string, two?: string, few?: string, many?: string, other: string }} Phrase */
/** @typedef {Record<string, Phrase>} Catalogue */
/** @typedef {Record<string, unknown>} Params  `n` chooses the plural form */

/**
 * @typedef {object} Words
 * @property {string} locale
 * @property {(key: string, params?: Params) => string} t
 * @property {(key: string, params?: Params) => unknown} rich  as `t`, each parameter set off as a template
 * @property {(key: string) => boolean} has
 * @property {(beginning: string) => Record<string, string>} under  the words of all keys that begin so, by what follows up to the end, as long as no dot does
 * @property {(locale: string, further?: Catalogue) => void} speak  goes over to another language; what it lacks is said in the first one
 */

/** A Chinese character, next to which another takes no space; figures and Latin letters do. */
const HAN = /\p{Script=Han}/u;

const WESTERN = /[\p{Script=Latin}\d%]/u;

/** What lies between two pieces of a sentence next to Chinese characters: nothing, a space, or null for what there is. @param {string} left @param {string} right */
function seam(left, right) {
  const [last, first] = [left.trimEnd().slice(-1), right.trimStart().slice(0, 1)];
  const [han, next] = [HAN.test(last), HAN.test(first)];
  if (han && next) return "";
  return (han && WESTERN.test(first)) || (next && WESTERN.test(last)) ? " " : null;
}

/** Two pieces of a sentence. @param {string} left @param {string} right */
function joined(left, right) {
  const between = seam(left, right);
  return between === null ? left + right : left.trimEnd() + between + right.trimStart();
}

/** The words between two parameters, of which some are templates. @param {string} words @param {unknown} before @param {unknown} after */
function atSeams(words, before, after) {
  let tidy = words;
  const [left, right] = [typeof before === "string" ? seam(before, tidy) : null, typeof after === "string" ? seam(tidy, after) : null];
  if (left !== null) tidy = left + tidy.trimStart();
  if (right !== null) tidy = tidy.trimEnd() + right;
  return tidy;
}

/**
 * @param {string} locale
 * @param {Catalogue} first  of the language that has all words
 * @returns {Words}
 */
export function createWords(locale, first) {
  let catalogue = first;
  let plural = new Intl.PluralRules(locale);
  /** @type {(key: string, params: Params) => string[]} text and parameter names in turn */
  const pieces = (key, params) => {
    const phrase = catalogue[key];
    if (phrase === undefined) throw new Error(`no words for "${key}"`);
    const text = typeof phrase === "string" ? phrase : (phrase[plural.select(Number(params.n))] ?? phrase.other);
    return text.split(/\{(\w+)\}/);
  };
  return {
    locale,
    speak(locale, further = {}) {
      this.locale = locale;
      catalogue = { ...first, ...further };
      plural = new Intl.PluralRules(locale);
    },
    has: (key) => catalogue[key] !== undefined,
    under(beginning) {
      const keys = Object.keys(catalogue).filter((key) => key.startsWith(beginning) && !key.includes(".", beginning.length));
      return Object.fromEntries(keys.map((key) => [key.slice(beginning.length), this.t(key, { n: 2 })]));
    },
    t: (key, params = {}) =>
      pieces(key, params)
        .map((piece, i) => (i % 2 ? String(params[piece] ?? "") : piece))
        .reduce(joined, ""),
    rich: (key, params = {}) => {
      /** @type {unknown[]} */
      const parts = pieces(key, params).map((piece, i) => (i % 2 ? (params[piece] ?? nothing) : piece));
      const tidy = parts.map((part, i) => (i % 2 ? part : atSeams(String(part), parts[i - 1], parts[i + 1])));
      return tidy.map((part, i) => (i % 2 ? html`${part}` : part));
    },
  };
}
