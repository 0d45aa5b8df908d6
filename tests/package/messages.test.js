/** The catalogues: how sentences are written, and that none is missing. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { sentences } from "../../pkg/messages/en.js";
import { Catalogue, catalogue, parse } from "../../pkg/messages.js";

/** @param {Record<string, string>} sentences */
const having = (sentences) => new Catalogue({ language: "en", sentences });

test("parameters are written as the language writes them", () => {
  const words = having({
    plain: "{rows} rows on {day}, {names}, {name}, {none}.",
    share: "{share, percent} of all",
    one: "{rows, plural, one {# row} other {# rows}}",
    zero: "{rows, plural, =0 {No rows} one {One row} other {# rows of {file}}}",
    figures: "{auc} {sum} {count}",
    choice: "{kind, select, a {first} other {another}}",
  });
  assert.equal(
    words.say("plain", { rows: 541909, day: "2011-12-09", names: ["a", "b", "c"], name: "x", none: null }),
    "541,909 rows on Dec 9, 2011, a, b, and c, x, –.",
  );
  assert.equal(words.say("share", { share: 0.2549 }), "25.5% of all");
  assert.equal(words.say("one", { rows: 1 }), "1 row");
  assert.equal(words.say("one", { rows: 2000 }), "2,000 rows");
  assert.equal(words.say("zero", { rows: 0 }), "No rows");
  assert.equal(words.say("zero", { rows: 7, file: "a.csv" }), "7 rows of a.csv");
  assert.equal(words.say("figures", { auc: 0.876543, sum: 9747747.934, count: 12345 }), "0.877 9,747,747.934 12,345");
  assert.equal(words.say("choice", { kind: "a" }), "first");
  assert.equal(words.say("choice", { kind: "b" }), "another");
});

test("a month is written out", () => {
  assert.equal(having({ month: "{month}" }).say("month", { month: "2011-12" }), "December 2011");
});

test("money is in the file's currency, where it is known", () => {
  const words = having({ money: "{amount, money}" });
  assert.equal(words.say("money", { amount: 1234.5 }), "1,234.50");
  words.currency = "GBP";
  assert.equal(words.say("money", { amount: 1234.5 }), "£1,234.50");
  words.currency = "points";
  assert.equal(words.say("money", { amount: 1234.5 }), "1,234.50");
});

test("codes inside parameters have names", () => {
  const words = having({ in: "in {segment, name}", "segment.lost": "Lost", "segment.new": "New" });
  assert.equal(words.say("in", { segment: "lost" }), "in Lost");
  assert.equal(words.say("in", { segment: ["lost", "new"] }), "in Lost and New");
  assert.equal(words.say("in", { segment: "my-own" }), "in my-own");
});

test("a code without a sentence is said as it is, with all it carries", () => {
  assert.equal(having({}).say("some-code", { row: 1234 }), "some-code, row 1,234");
});

test("text from the file is never taken for a sentence", () => {
  const words = having({ name: "“{name}”" });
  assert.equal(words.say("name", { name: "{rows, plural, one {#}}" }), "“{rows, plural, one {#}}”");
});

test("a locale is served by its language; an unknown one is refused", async () => {
  const said = async (/** @type {string} */ locale) => (await catalogue(locale)).say("already-closed");
  assert.equal(await said("en-GB"), await said("en"));
  assert.equal(await said("zh-TW"), await said("zh-Hant"));
  assert.equal(await said("zh-CN"), await said("zh-Hans"));
  assert.notEqual(await said("zh-TW"), await said("zh-CN"));
  await assert.rejects(catalogue("tlh"), { code: "unknown-language" });
});

test("a malformed sentence is an error where it is written", () => {
  for (const wrong of ["{", "{a", "{a, plural, one {x}", "{}", "{1}"]) {
    assert.throws(() => parse(wrong), SyntaxError, wrong);
  }
});

test("messages inside a result get their text, wherever they are", () => {
  const words = having({ a: "A", b: "B {n}" });
  const figures = new Float64Array(3);
  const result = words.fill({
    notices: [{ code: "a", params: {} }],
    deep: { reasons: [{ inner: { code: "b", params: { n: 2 } } }] },
    columns: { revenue: figures, code: ["x"] },
    none: null,
  });
  assert.equal(/** @type {any} */ (result).notices[0].text, "A");
  assert.equal(/** @type {any} */ (result).deep.reasons[0].inner.text, "B 2");
  assert.equal(result.columns.revenue, figures);
});

/** @param {string} folder @param {string} ending @returns {string[]} */
const files = (folder, ending) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** The code of a Rust file without comments and without its own tests. @param {string} file */
const rust = (file) => readFileSync(file, "utf8").split("#[cfg(test)]\nmod ")[0].replaceAll(/^\s*\/\/.*$/gm, "");

/** The names of the parameters of a sentence. @param {string} text @returns {Set<string>} */
function params(text) {
  const names = new Set();
  const walk = (/** @type {import("../../pkg/messages.js").Piece[]} */ pieces) => {
    for (const piece of pieces) {
      if (typeof piece === "string") continue;
      names.add(piece.name);
      for (const form of piece.forms.values()) walk(form);
    }
  };
  walk(parse(text));
  return names;
}

const NEW = /(?:Message|Error|RegularsError|Failure)::?\s*(?:new)?\(\s*"([a-z0-9.-]+)"/g;

test("every code of the sources has its sentence", () => {
  const missing = [];
  for (const file of [...files("src", ".rs"), ...files("extras/src", ".rs"), ...files("pkg", ".js").filter((name) => !name.includes("wasm"))]) {
    for (const [, code] of rust(file).matchAll(NEW)) {
      if (!(code in sentences)) missing.push(`${code} (${file})`);
    }
  }
  assert.deepEqual(missing, []);
});

test("every sentence is of a code that there is, with parameters that it gets", () => {
  const sources = [...files("src", ".rs"), ...files("extras/src", ".rs"), ...files("pkg", ".js").filter((name) => !/wasm|messages\//.test(name))]
    .map(rust);
  const wrong = [];
  for (const [code, text] of Object.entries(sentences)) {
    const wanted = params(text);
    if (code.includes(".")) continue; // A name: the kind, a full stop, the value.
    const users = sources.filter((source) => source.includes(`"${code}"`));
    if (users.length === 0) wrong.push(`${code}: nothing says it`);
    for (const name of wanted) {
      const given = new RegExp(`"${name}"|\\b${name}\\b\\s*[:,}]`);
      if (!users.some((source) => given.test(source))) wrong.push(`${code}: nothing gives {${name}}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("Chinese characters stand together, figures and Latin letters apart from them", () => {
  const words = new Catalogue({ language: "zh-Hans", sentences: { day: "截至 {day} 之后", file: "打开{file}的第 {row} 行", name: "{name}，{name} 客户" } });
  assert.equal(words.say("day", { day: "2011-12-09" }), "截至 2011年12月9日之后");
  assert.equal(words.say("file", { file: "a.csv", row: 7 }), "打开 a.csv 的第 7 行");
  assert.equal(words.say("name", { name: "店铺" }), "店铺，店铺客户");
});
