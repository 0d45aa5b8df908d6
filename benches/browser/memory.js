/**
 * `cargo xtask bench --memory FILE`: the linear memory that the engine has
 * taken after each step, in Node. It never shrinks, so that the last figure is the
 * peak. Interned texts are part of it, and the module's own data.
 */

import { openAsBlob } from "node:fs";
import { basename } from "node:path";

/** @type {WebAssembly.Memory[]} */
const memories = [];

/** Notes the memory of every module that is opened from here on. */
function watch() {
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, given) {
      const made = Reflect.construct(target, given);
      memories.push(made.exports.memory);
      return made;
    },
  });
}

const taken = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

/** @param {string} file */
export async function memory(file) {
  watch();
  const { openWorkspace } = await import("../../pkg/node.js");
  const ws = await openWorkspace();
  const open = taken();
  const found = await ws.inspect(await openAsBlob(file));
  const inspected = taken();
  const { rowsRead } = await ws.load(found);
  const loaded = taken();
  await ws.at().customers({ columns: ["customerId", "rScore", "fScore", "mScore"], limit: 0xffff_ffff });
  const mapped = found.mapping.flatMap(({ columns }) => columns).length;
  console.log(`\n${basename(file)}: ${rowsRead} rows, ${mapped} mapped columns\n`);
  for (const [name, bytes] of /** @type {const} */ ([["open", open], ["inspected", inspected], ["loaded", loaded], ["scored", taken()]])) {
    const row = (bytes / rowsRead).toFixed(1);
    console.log(`${name.padEnd(12)} ${(bytes / 1e6).toFixed(1).padStart(8)} MB ${row.padStart(8)} bytes a row`);
  }
  await ws.close();
}
