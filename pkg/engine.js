/** Opens the engine from its compiled module: the one place that knows its generated glue. */

import { Engine, __wbg_reset_state, initSync } from "./wasm/regulars.js";

/** Instances made on this thread so far, and whether the newest has trapped. */
let generation = 0;
let trapped = false;

/**
 * A new engine on this thread. All engines of a thread share one instance; after
 * a trap it is replaced, and engines of the old one answer with an error.
 *
 * @param {WebAssembly.Module} module
 * @returns {import("./hosts.js").OpenedEngine}
 */
export function openEngine(module) {
  if (generation > 0 && trapped) __wbg_reset_state();
  if (generation === 0 || trapped) generation += 1;
  trapped = false;
  const mine = generation;
  // Once there is an instance, this only hands out its exports.
  const { memory } = initSync({ module });
  return {
    engine: new Engine(),
    memoryBytes: () => memory.buffer.byteLength,
    discard: () => {
      trapped ||= mine === generation;
    },
  };
}
