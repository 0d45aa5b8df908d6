/** What the page is packed with: bytes as text, and a language as it differs from another one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, restored } from "../../pkg/relative.js";
import { sentences as hans } from "../../pkg/messages/zh-Hans.js";
import { sentences as hant } from "../../pkg/messages/zh-Hant.js";
import { toBytes, toText } from "../../xtask/text.js";

test("bytes come out of text as they went in", () => {
  for (let length = 0; length < 300; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 77) % 256);
    assert.deepEqual(toBytes(toText(bytes)), bytes);
    assert.deepEqual(toBytes(toText(bytes.fill(255))), bytes);
  }
});

test("the text takes seven characters for six bytes, none of which a host or an editor changes", () => {
  const text = toText(Uint8Array.from({ length: 60_000 }, (_, i) => (i * i) % 251));
  assert.equal(text.length, 70_000);
  assert.match(text, /^[\x01-\x08\x0e-\x19\x1c-%'-;=?-~]+$/);
});

test("a language comes out of what sets it apart", () => {
  const names = Object.keys(hans);
  const [base, other] = [hans, hant].map((sentences) => names.map((name) => sentences[name] ?? null));
  const differences = apart(other, base);
  assert.deepEqual(restored(differences, base), other);
  assert.ok(JSON.stringify(differences).length < JSON.stringify(other).length / 2);
});

test("values of any shape come out too", () => {
  const base = ["甲乙丙", { one: "甲", other: "乙丙" }, null, "甲"];
  const other = ["甲己丙", { one: "甲甲", other: "己丙" }, "新", null];
  assert.deepEqual(restored(apart(other, base), base), other);
});
