/** Questions to the customers that are asked when they are looked at, and what the views of the segments are set to. */

import { isCancel, sentence } from "../actions.js";

/** @import { RunOptions, View, Where } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */
/** @import { Asked, Segmenting } from "../state.js" */

/** Shares of the groups that a list is divided into. */
export const SPLITS = {
  none: null,
  halves: { names: ["A", "B"], shares: [0.5, 0.5] },
  holdOut: { names: ["contact", "hold-out"], shares: [0.9, 0.1] },
  both: { names: ["A", "B", "hold-out"], shares: [0.45, 0.45, 0.1] },
};

/**
 * @param {Bench} bench
 * @param {ReturnType<typeof import("./analyses.js").analyses>} compute
 */
export function segmenting({ store, outside, meter }, compute) {
  /** @type {Map<string, AbortController>} */
  const running = new Map();

  /** @param {string} question @param {Partial<Asked>} patch */
  const report = (question, patch) => {
    const { asked } = store.state;
    const old = asked[question] ?? { key: "", status: "running", value: null, progress: null, message: "" };
    store.update({ asked: { ...asked, [question]: /** @type {Asked} */ ({ ...old, ...patch }) } });
  };

  const set = (/** @type {Partial<Segmenting>} */ patch) => store.update({ segmenting: { ...store.state.segmenting, ...patch } });

  return {
    setSegmenting: set,
    /**
     * Asks once for each key; the old answer stays until the new one is there.
     * @param {string} question @param {string} key
     * @param {(view: View, run: RunOptions) => Promise<any>} call
     */
    ask(question, key, call) {
      if (store.state.asked[question]?.key === key) return;
      running.get(question)?.abort();
      const controller = new AbortController();
      running.set(question, controller);
      const { signal } = controller;
      report(question, { key, status: "running", progress: null, message: "" });
      const measure = meter();
      const answer = async () => {
        try {
          const view = await compute.view();
          const value = await call(view, { signal, onProgress: (progress) => void (signal.aborted || report(question, { progress: measure(progress) })) });
          if (signal.aborted) return;
          if ("unavailable" in value) report(question, { status: "unavailable", value: null, message: value.missing.map((/** @type {{ text: string }} */ m) => m.text).join(" ") });
          else report(question, { status: "done", value, progress: null });
        } catch (error) {
          if (!signal.aborted && !isCancel(error)) report(question, { status: "failed", value: null, message: sentence(error) });
        }
      };
      void answer();
    },
    /** @param {string} name @param {Where} where @param {string} words */
    keepList(name, where, words) {
      const { named } = store.state;
      if (!name.trim()) return;
      store.update({ named: [...named.filter((old) => old.name !== name.trim()), { name: name.trim(), where, words }] });
    },
  };
}
