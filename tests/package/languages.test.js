/** Every language has what English has, with the same parameters. At run time, what is missing is said in English. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as english from "../../pkg/messages/en.js";
import { Catalogue, languageOf, languages, parse } from "../../pkg/messages.js";

/** @typedef {import("../../pkg/messages.js").Piece} Piece */

/** The names of the parameters of a sentence. @param {string} text @returns {string[]} */
function params(text) {
  /** @type {Set<string>} */
  const names = new Set();
  const walk = (/** @type {Piece[]} */ pieces) => {
    for (const piece of pieces) {
      if (typeof piece === "string") continue;
      names.add(piece.name);
      for (const form of piece.forms.values()) walk(form);
    }
  };
  walk(parse(text));
  return [...names].sort();
}

for (const language of languages.filter((one) => one !== english.language)) {
  test(`${language}: it has what English has, with the same parameters`, async () => {
    const path = `../../pkg/messages/${language}.js`;
    const { sentences, language: named } = /** @type {{ sentences: Record<string, string>, language: string }} */ (await import(path));
    assert.equal(named, language);
    const codes = Object.keys(english.sentences);
    assert.deepEqual(codes.filter((code) => !(code in sentences)), [], "to be translated");
    assert.deepEqual(Object.keys(sentences).filter((code) => !codes.includes(code)), [], "of no use any more");
    for (const [code, text] of Object.entries(sentences)) {
      assert.deepEqual(params(text), params(english.sentences[code]), code);
    }
  });
}

test("what a language lacks is said in English", () => {
  const words = new Catalogue({ language: "zh-Hant", sentences: { "already-closed": "\u95dc" } });
  assert.equal(words.say("already-closed"), "\u95dc");
  assert.equal(words.say("nothing-loaded"), english.sentences["nothing-loaded"]);
});

test("locales are served by their language", () => {
  for (const [locale, language] of Object.entries({ "en-AU": "en", zh: "zh-Hans", "zh-SG": "zh-Hans", "zh-HK": "zh-Hant", "zh-TW": "zh-Hant", de: null, "not a locale": null })) {
    assert.equal(languageOf(locale), language, locale);
  }
});
