/** The page's catalogues: every key that the sources use is there, every language has the same keys and parameters. */

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

/** @typedef {import("../../www/words.js").Catalogue} Catalogue */

/** @param {string} folder @returns {Promise<string[]>} */
async function scripts(folder) {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith(".js")).map((name) => `${folder}/${name}`);
}

/** @type {[string, Catalogue][]} */
const catalogues = [];
for (const path of await scripts("www/strings")) {
  const module = await import(`../../${path}`);
  const [catalogue] = Object.values(module);
  catalogues.push([path, /** @type {Catalogue} */ (catalogue)]);
}
const english = /** @type {Catalogue} */ (catalogues.find(([path]) => path.endsWith("/en.js"))?.[1]);

/** @param {import("../../www/words.js").Phrase} phrase */
const parameters = (phrase) => {
  const forms = typeof phrase === "string" ? [phrase] : Object.values(phrase);
  return [...new Set(forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map((found) => String(found[1]))))].sort();
};

test("every key that is written out in the sources has words", async () => {
  const missing = [];
  for (const path of await scripts("www")) {
    const text = await readFile(path, "utf8");
    for (const [, key] of text.matchAll(/\b(?:t|rich)\(\s*"([^"]+)"/g)) {
      if (key && english[key] === undefined) missing.push(`${path}: ${key}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("every key that is put together in the sources has words for at least one ending", async () => {
  const missing = [];
  for (const path of await scripts("www")) {
    const text = await readFile(path, "utf8");
    for (const [, start] of text.matchAll(/\b(?:t|rich)\(\s*`([\w.-]+)\$\{/g)) {
      if (start && !Object.keys(english).some((key) => key.startsWith(start))) missing.push(`${path}: ${start}…`);
    }
  }
  assert.deepEqual(missing, []);
});

test("every word of the catalogue is used", async () => {
  let sources = "";
  for (const path of await scripts("www")) if (!path.includes("/strings/")) sources += await readFile(path, "utf8");
  const composed = [...sources.matchAll(/[`"]([\w.-]+\.)(?:\$\{|")/g)].map((found) => String(found[1]));
  const unused = Object.keys(english).filter(
    (key) => !sources.includes(`"${key}"`) && !composed.some((start) => key.startsWith(start)),
  );
  assert.deepEqual(unused, []);
});

for (const [path, catalogue] of catalogues) {
  test(`${path} has the same keys and parameters as English`, () => {
    assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(english).sort());
    for (const [key, phrase] of Object.entries(catalogue)) {
      assert.deepEqual(parameters(phrase), parameters(/** @type {import("../../www/words.js").Phrase} */ (english[key])), key);
    }
  });

  test(`${path} is plain: no praise, no exclamation marks, no emoji`, () => {
    for (const [key, phrase] of Object.entries(catalogue)) {
      const text = typeof phrase === "string" ? phrase : Object.values(phrase).join(" ");
      assert.doesNotMatch(text, /[!！]|\p{Extended_Pictographic}|\b(great|awesome|amazing|powerful)\b/iu, key);
    }
  });
}
