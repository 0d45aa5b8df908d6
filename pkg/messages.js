/** Codes become sentences: the catalogues, and how a parameter is written. */

import { RegularsError } from "./errors.js";
import * as en from "./messages/en.js";

/** @typedef {import("./types.js").Message["params"]} Params */

/** @typedef {{ language: string, sentences: Record<string, string> }} Sentences */

/** One file a language; a further one is named here and nowhere else. English is always at hand.
 * @type {Record<string, () => Promise<Sentences>>} */
const LOADERS = {
  "zh-Hans": () => import("./messages/zh-Hans.js"),
  "zh-Hant": () => import("./messages/zh-Hant.js"),
};

/** The languages there are. */
export const languages = ["en", ...Object.keys(LOADERS)];

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const ISO_MONTH = /^\d{4}-\d{2}$/;

/**
 * A piece of a sentence: text, or a parameter with its style and, for
 * "plural", its forms.
 *
 * @typedef {string | { name: string, style: string, forms: Map<string, Piece[]> }} Piece
 */

/**
 * The pieces of a sentence.
 *
 * @param {string} text
 * @returns {Piece[]}
 */
export function parse(text) {
  let at = 0;
  return pieces(0);

  /** @param {number} depth @returns {Piece[]} */
  function pieces(depth) {
    /** @type {Piece[]} */
    const out = [];
    while (at < text.length && !(depth > 0 && text[at] === "}")) {
      if (text[at] === "{") out.push(parameter(depth));
      else {
        const rest = text.slice(at);
        const end = rest.search(depth > 0 ? /[{}]/ : /\{/);
        const plain = end < 0 ? rest : rest.slice(0, end);
        at += plain.length;
        out.push(plain);
      }
    }
    return out;
  }

  /** @param {number} depth @returns {Piece} */
  function parameter(depth) {
    const head = /^\{\s*([A-Za-z]\w*)\s*(?:,\s*([a-z]+)\s*)?/.exec(text.slice(at));
    if (!head) throw new SyntaxError(`a parameter is expected at ${at}: ${text}`);
    at += head[0].length;
    const [, name = "", style = "plain"] = head;
    const forms = new Map();
    while (text[at] === ",") at += 1;
    for (;;) {
      const form = /^\s*([=\w-]+)\s*\{/.exec(text.slice(at));
      if (!form) break;
      at += form[0].length;
      forms.set(form[1], pieces(depth + 1));
      close();
    }
    while (text[at] === " ") at += 1;
    close();
    return { name, style, forms };
  }

  function close() {
    if (text[at] !== "}") throw new SyntaxError(`"}" is expected at ${at}: ${text}`);
    at += 1;
  }
}

const HAN = /\p{Script=Han}/u;

const WESTERN = /[\p{Script=Latin}\d%]/u;

/**
 * Two pieces of a sentence: between Chinese characters there is no space, between them and
 * figures or Latin letters there is one.
 *
 * @param {string} left
 * @param {string} right
 */
function joined(left, right) {
  const [before, after] = [left.trimEnd(), right.trimStart()];
  const [last, first] = [before.slice(-1), after.slice(0, 1)];
  if (HAN.test(last) && HAN.test(first)) return before + after;
  const apart = (HAN.test(last) && WESTERN.test(first)) || (WESTERN.test(last) && HAN.test(first));
  return apart ? `${before} ${after}` : left + right;
}

/** The sentences of one language. */
export class Catalogue {
  /** @type {Record<string, string>} */
  #sentences = {};
  #large = new Intl.NumberFormat();
  #small = new Intl.NumberFormat();
  #percent = new Intl.NumberFormat();
  #day = new Intl.DateTimeFormat();
  #month = new Intl.DateTimeFormat();
  #list = new Intl.ListFormat();
  #plural = new Intl.PluralRules();
  /** @type {Map<string, Piece[]>} */
  #parsed = new Map();

  /**
   * @param {Sentences} source
   * @param {string} [locale] how figures are written, such as `en-GB`
   */
  constructor(source, locale = source.language) {
    this.locale = locale;
    /** The currency that amounts are written in; null where it is not known. */
    this.currency = /** @type {string | null} */ (null);
    this.speak(source, locale);
  }

  /**
   * Goes over to another language. What it lacks is said in English.
   *
   * @param {Sentences} source
   * @param {string} [locale]
   */
  speak({ language, sentences }, locale = language) {
    this.locale = locale;
    this.#parsed.clear();
    this.#sentences = language === en.language ? sentences : { ...en.sentences, ...sentences };
    this.#large = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
    this.#small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#percent = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 3 });
    this.#day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
    this.#month = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
    this.#list = new Intl.ListFormat(locale, { type: "conjunction" });
    this.#plural = new Intl.PluralRules(language);
  }

  /**
   * Whether the catalogue has a sentence for the code.
   *
   * @param {string} code
   */
  has(code) {
    return Object.hasOwn(this.#sentences, code);
  }

  /**
   * The sentence for a code. A code without one is said as it is, so that
   * nothing is lost; a test keeps that from happening.
   *
   * @param {string} code
   * @param {Params} [params]
   * @returns {string}
   */
  say(code, params = {}) {
    if (!this.has(code)) {
      const given = Object.entries(params).map(([name, value]) => `${name} ${this.#plain(value)}`);
      return [code, ...given].join(", ");
    }
    let parsed = this.#parsed.get(code);
    if (!parsed) {
      parsed = parse(/** @type {string} */ (this.#sentences[code]));
      this.#parsed.set(code, parsed);
    }
    return this.#join(parsed, params, "");
  }

  /**
   * @param {Piece[]} pieces
   * @param {Params} params
   * @param {string} number what # stands for
   * @returns {string}
   */
  #join(pieces, params, number) {
    return pieces
      .map((piece) =>
        typeof piece === "string" ? piece.replaceAll("#", number || "#") : this.#fill(piece, params),
      )
      .reduce(joined, "");
  }

  /**
   * @param {Exclude<Piece, string>} piece
   * @param {Params} params
   * @returns {string}
   */
  #fill({ name, style, forms }, params) {
    const value = params[name] ?? null;
    if (style === "plural" || style === "select") {
      const key = typeof value === "number" ? this.#plural.select(value) : String(value);
      const form = forms.get(`=${value}`) ?? forms.get(key) ?? forms.get("other") ?? [];
      return this.#join(form, params, this.#plain(value));
    }
    if (style === "percent" && typeof value === "number") {
      // Nearly all is not all: "more than 100 %" would be nonsense.
      return this.#percent.format(value > 0.999 && value < 1 ? 0.999 : value);
    }
    if (style === "money" && typeof value === "number") return this.money(value);
    if (style === "name") {
      const names = Array.isArray(value) ? value : [String(value)];
      return this.#list.format(names.map((one) => this.#name(name, one)));
    }
    return this.#plain(value);
  }

  /** @param {string} kind @param {string} value */
  #name(kind, value) {
    const code = `${kind}.${value}`;
    return this.has(code) ? this.say(code) : value;
  }

  /** @param {Params[string]} value @returns {string} */
  #plain(value) {
    if (value === null) return "–";
    if (typeof value === "number") {
      // Counts and sums are written out; a measured figure gets three digits.
      const exact = Number.isInteger(value) || Math.abs(value) >= 1000;
      return (exact ? this.#large : this.#small).format(value);
    }
    if (Array.isArray(value)) return this.#list.format(value.map((one) => this.#plain(one)));
    // What only looks like a day is said as it is.
    const isDay = typeof value === "string" && ISO_DAY.test(value) && !Number.isNaN(Date.parse(value));
    if (isDay) return this.#day.format(new Date(value));
    if (typeof value === "string" && ISO_MONTH.test(value)) return this.#month.format(new Date(`${value}-01`));
    return String(value);
  }

  /**
   * An amount as people write it, with the currency where it is known.
   *
   * @param {number} amount
   * @returns {string}
   */
  money(amount) {
    if (!this.currency || !/^[A-Z]{3}$/.test(this.currency)) {
      return amount.toLocaleString(this.locale, { minimumFractionDigits: Number.isInteger(amount) ? 0 : 2, maximumFractionDigits: 2 });
    }
    return amount.toLocaleString(this.locale, { style: "currency", currency: this.currency });
  }

  /**
   * The words for all codes of some kinds, such as `effort.call`; those of
   * segments also by their bare code.
   *
   * @param {string[]} kinds
   * @returns {Record<string, string>}
   */
  names(kinds) {
    const codes = Object.keys(this.#sentences).filter((code) => kinds.includes(code.split(".")[0] ?? ""));
    return Object.fromEntries(
      codes.flatMap((code) => {
        const words = this.say(code);
        return code.startsWith("segment.") ? [[code.slice("segment.".length), words]] : [[code, words]];
      }),
    );
  }

  /**
   * Gives every message inside a plain result its sentence, in place.
   *
   * @template T
   * @param {T} value
   * @returns {T}
   */
  fill(value) {
    if (Array.isArray(value)) {
      if (typeof value[0] === "object") for (const item of value) this.fill(item);
    } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      const some = /** @type {Record<string, any>} */ (value);
      if (typeof some.code === "string" && typeof some.params === "object" && some.params) {
        some.text = this.say(some.code, some.params);
      }
      for (const item of Object.values(some)) this.fill(item);
    }
    return value;
  }
}

/**
 * The language that serves a locale: `en` for `en-GB`, `zh-Hant` for `zh-TW`; null for none.
 *
 * @param {string} locale
 * @returns {string | null}
 */
export function languageOf(locale) {
  try {
    const { language, script } = new Intl.Locale(locale).maximize();
    return languages.find((one) => one === `${language}-${script}`) ?? languages.find((one) => one === language) ?? null;
  } catch {
    return null;
  }
}

/**
 * The sentences of the language that serves a locale.
 *
 * @param {string} [locale]
 * @param {(language: string) => Promise<Sentences>} [load] where they come from, other than from this package
 * @returns {Promise<Sentences>}
 */
export async function sentencesOf(locale = "en", load) {
  const language = languageOf(locale);
  if (language === null) throw new RegularsError("unknown-language", { locale });
  return language === en.language ? en : (load ?? LOADERS[language])(language);
}

/**
 * The catalogue for a locale.
 *
 * @param {string} [locale]
 * @param {(language: string) => Promise<Sentences>} [load]
 * @returns {Promise<Catalogue>}
 */
export const catalogue = async (locale = "en", load) => new Catalogue(await sentencesOf(locale, load), locale);
