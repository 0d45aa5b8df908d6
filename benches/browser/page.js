/** The page of the benchmark: runs what run.js asks for on the chosen file. */

import { duckdbWasm, floor, papaparse, regulars, udsv } from "./contestants.js";

/** @typedef {import("./contestants.js").Contestant} Contestant */

/** @type {Map<string, Contestant>} */
const contestants = new Map();

const chosen = () => {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
  return /** @type {FileList} */ (input.files)[0];
};

const stage = {
  /** Opens all engines, so that none is timed while it starts. */
  async open() {
    const duckdb = await duckdbWasm();
    contestants.set("Regulars", await regulars());
    contestants.set("Regulars, two workers", await regulars(1));
    contestants.set("PapaParse + plain JS", papaparse);
    contestants.set("uDSV + plain JS", udsv);
    contestants.set("DuckDB-WASM", duckdb.inferred);
    contestants.set("DuckDB-WASM, all_varchar", duckdb.varchar);
    contestants.set("DuckDB-WASM, into a table", duckdb.table);
    return [...contestants.keys()];
  },

  /**
   * @param {string} name
   * @param {import("./layouts.js").Layout} layout
   */
  async run(name, layout) {
    const contestant = /** @type {Contestant} */ (contestants.get(name));
    const file = chosen();
    const start = performance.now();
    const scored = await contestant(file, layout);
    const ms = performance.now() - start;
    const { customers, orders, net } = scored;
    // Every customer must have come with three scores.
    const complete = [scored.customer, scored.r, scored.f, scored.m].every(({ length }) => length === customers);
    return { ms, customers, orders, net, complete };
  },

  async floor() {
    const file = chosen();
    const start = performance.now();
    const lines = await floor(file);
    return { ms: performance.now() - start, lines };
  },
};

Object.assign(window, { stage });
