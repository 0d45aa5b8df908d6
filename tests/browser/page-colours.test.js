/**
 * The colours of the style sheet: contrast of texts, and families of segments
 * that stay apart in the three common colour-vision deficiencies and in grey.
 * The simulation is that of Machado, Oliveira and Fernandes (2009), severity 1;
 * distances are CIE76 in CIELAB; contrast is that of WCAG 2.2.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** @typedef {[number, number, number]} Rgb */

const DEFICIENCIES = {
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const sheet = await readFile("www/main.css", "utf8");

/** @param {string} start the selector of a block of tokens */
function tokens(start) {
  const from = sheet.indexOf(start);
  assert.notEqual(from, -1, start);
  const block = sheet.slice(from, sheet.indexOf("}", from));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [String(name), String(value)]));
}

const THEMES = { light: tokens(":root {"), dark: tokens(':root[data-theme="dark"]') };

/** @param {string} hex @returns {Rgb} linear light */
function linear(hex) {
  const part = (/** @type {number} */ at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** @param {Rgb} rgb */
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (Number(high) + 0.05) / (Number(low) + 0.05);
}

/** @param {Rgb} rgb linear light @param {number[]} m @returns {Rgb} */
const seen = ([r, g, b], m) => {
  const row = (/** @type {number} */ i) => Math.min(1, Math.max(0, Number(m[i]) * r + Number(m[i + 1]) * g + Number(m[i + 2]) * b));
  return [row(0), row(3), row(6)];
};

/** @param {Rgb} rgb linear light */
function lab([r, g, b]) {
  const f = (/** @type {number} */ t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const FAMILIES = ["best", "growing", "cooling", "risk", "gone"];

for (const [theme, colours] of Object.entries(THEMES)) {
  const colour = (/** @type {string} */ name) => {
    const value = colours.get(name);
    assert.ok(value, `--${name} in the ${theme} theme`);
    return value;
  };

  test(`${theme}: texts have a contrast of 4.5 and more`, () => {
    const pairs = [
      ["ink", "paper"], ["muted", "paper"], ["accent", "paper"], ["worse", "paper"], ["q4", "paper"], ["muted", "wash"],
      ["ink", "accent-wash"], ["muted", "accent-wash"], ["on-ink", "ink"], ["ink", "q0"], ["ink", "q3"],
      ...FAMILIES.map((family) => ["family-ink", family]),
    ];
    for (const [text = "", ground = ""] of pairs) {
      const ratio = contrast(colour(text), colour(ground));
      assert.ok(ratio >= 4.5, `--${text} on --${ground}: ${ratio.toFixed(2)}`);
    }
  });

  for (const [name, matrix] of Object.entries(DEFICIENCIES)) {
    test(`${theme}: families of segments stay apart, colour vision ${name}`, () => {
      for (const [i, a] of FAMILIES.entries()) {
        for (const b of FAMILIES.slice(i + 1)) {
          const [p, q] = [a, b].map((family) => lab(seen(linear(colour(family)), matrix)));
          const distance = Math.hypot(...[0, 1, 2].map((k) => Number(p?.[k]) - Number(q?.[k])));
          assert.ok(distance >= 12, `--${a} and --${b}: ${distance.toFixed(1)}`);
        }
      }
    });
  }
}

test("the dark theme is the same, chosen or taken from the system", () => {
  assert.deepEqual(tokens(':root[data-theme="auto"]'), THEMES.dark);
});
