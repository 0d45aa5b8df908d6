/** Runs first in the page: unpacks what it carries, gives it its style and starts its script. */

import { Unpack, initSync } from "../pkg/wasm/regulars_unpack.js";
import { toBytes } from "./text.js";

/** @param {string} name */
const carried = (name) => toBytes(document.getElementById(`regulars-${name}`)?.textContent ?? "");

/** This script runs as soon as it is there; what stands after it may be on its way. @type {Promise<void>} */
const complete = new Promise((done) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => done());
  else done();
});

/** A breath for the page. @returns {Promise<void>} */
const pause = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

/** What stands after this script, unpacked while the page goes on. @param {string} name */
async function part(name) {
  await complete;
  const unpack = new Unpack(carried(name));
  while (unpack.step()) await pause();
  return unpack.finish();
}

/** The texts of the page itself, at once. */
function texts() {
  const unpack = new Unpack(carried("page"));
  while (unpack.step());
  return new TextDecoder().decode(unpack.finish()).split("\0");
}

try {
  const unpacker = new Blob([carried("unpack")]).stream().pipeThrough(new DecompressionStream("deflate"));
  initSync({ module: await WebAssembly.compile(await new Response(unpacker).arrayBuffer()) });
} catch (error) {
  document.body.append("A newer browser is needed, with WebAssembly: Chrome or Edge 91, Firefox 114, Safari 16.4 or later.");
  throw error;
}
const [main, style, worker, licences] = texts();
Object.assign(globalThis, { regulars: { worker, part, licences } });
const sheet = document.createElement("style");
sheet.textContent = style;
const script = document.createElement("script");
script.type = "module";
script.textContent = main;
document.head.append(sheet, script);
// It runs all the same; a page that is saved as it stands must not hold it twice.
script.remove();
