/** Runs the analyses one after another, shows each as it arrives, and recomputes what an option touches. */

import { isCancel, sentence } from "../actions.js";
import { noResults } from "../state.js";

/** @import { RunOptions, Unavailable, View } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */
/** @import { AnalysisId, State } from "../state.js" */

/** In the order in which the answers are read. @type {AnalysisId[]} */
const ORDER = ["rfm", "lifetime", "equity", "churn", "winback", "describe", "health", "retention", "cohorts", "lifecycle", "forecast", "basket"];

/** What has to be computed again when the options of an analysis change. @type {Record<keyof State["options"], AnalysisId[]>} */
const TOUCHED = {
  rfm: ["rfm", "winback"], cluster: [],
  lifetime: ["lifetime", "equity", "winback"], churn: ["churn", "winback", "health", "retention"], winback: ["winback"], health: ["health"],
  describe: ["describe"], cohorts: ["cohorts"], basket: ["basket"], forecast: ["forecast"],
};

/** Milliseconds after which nobody is moving a border of the scores any more. */
const REST = 300;

/** @param {Bench} bench */
export function analyses(bench) {
  const { store, outside, meter } = bench;
  /** @type {Map<AnalysisId, AbortController>} */
  const running = new Map();
  let still = Promise.resolve();

  /** The day and the settings as chosen. @returns {Promise<View>} */
  const view = async () => {
    const workspace = await outside.workspace();
    const { asOf, options } = store.state;
    return workspace.at(asOf || undefined, { ...options, winback: { ...options.winback } });
  };

  /** @param {AnalysisId} id @param {Partial<import("../state.js").Outcome<any>>} patch */
  const report = (id, patch) => {
    const { results } = store.state;
    store.update({ results: { ...results, [id]: { ...results[id], ...patch } } });
  };

  /** @param {AnalysisId} id */
  async function compute(id) {
    running.get(id)?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    running.set(id, controller);
    report(id, { status: "running", progress: null, message: "", missing: [] });
    const measure = meter();
    /** @type {RunOptions} */
    const run = {
      signal,
      onProgress: (progress) => {
        if (!signal.aborted) report(id, { progress: measure(progress) });
      },
    };
    try {
      const at = await view();
      const value = await at[id](store.state.options[/** @type {"lifetime"} */ (id)] ?? {}, run);
      if (signal.aborted) return;
      const missing = isUnavailable(value) ? value : null;
      if (missing) report(id, { status: "unavailable", value: null, missing: missing.missing, progress: null });
      else report(id, { status: "done", value, progress: null });
    } catch (error) {
      if (signal.aborted && running.get(id) !== controller) return;
      if (isCancel(error)) report(id, { status: "cancelled", progress: null });
      else report(id, { status: "failed", message: sentence(error), value: null, progress: null });
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  }

  /** Breaks an analysis off without a word. @param {AnalysisId} id */
  const stop = (id) => {
    running.get(id)?.abort();
    running.delete(id);
  };

  /** The analyses that are broken off so that something quick need not wait for them. */
  const interrupted = () => {
    const ids = [...running.keys()];
    ids.forEach(stop);
    return ids;
  };

  /** Waits until nobody is moving a border. */
  async function rested() {
    for (let seen = null; seen !== still; ) {
      seen = still;
      await seen;
    }
  }

  /** @param {AnalysisId[]} ids */
  async function computeSome(ids) {
    const { results } = store.state;
    /** @type {any} */
    const next = { ...results };
    for (const id of ids) next[id] = { ...results[id], status: "waiting", progress: null };
    store.update({ results: next, table: { ...store.state.table, version: store.state.table.version + 1 } });
    // What is going to be computed anew need not be finished first.
    for (const id of ids) stop(id);
    const { asOf } = store.state;
    for (const id of ids) {
      if (id !== "rfm") await rested();
      if (store.state.asOf !== asOf || !store.state.ledger) return;
      if (store.state.results[id].status === "waiting") await compute(id);
    }
    store.update({ table: { ...store.state.table, version: store.state.table.version + 1 } });
    bench.settled();
  }

  return {
    view,
    computeAll: () => computeSome(ORDER),
    /** @param {AnalysisId} id */
    cancelAnalysis(id) {
      const controller = running.get(id);
      if (controller) controller.abort();
      report(id, { status: "cancelled", progress: null });
    },
    /** @param {AnalysisId} id */
    retry: (id) => compute(id),
    stopAll() {
      for (const controller of running.values()) controller.abort();
      running.clear();
      store.update({ results: noResults() });
    },
    /** @param {string} asOf an ISO day */
    setAsOf(asOf) {
      if (!asOf || asOf === store.state.asOf) return Promise.resolve();
      store.update({ asOf, selection: null, parts: {}, customer: null });
      return computeSome(ORDER);
    },
    /**
     * @template {keyof State["options"]} Id
     * @param {Id} id
     * @param {Partial<State["options"][Id]>} patch
     */
    setOption(id, patch) {
      const { options } = store.state;
      /** @type {Record<string, unknown>} */
      const merged = { ...options[id], ...patch };
      for (const key of Object.keys(merged)) if (merged[key] === undefined) delete merged[key];
      store.update({ options: { ...options, [id]: merged } });
      // Scores are drawn anew while a border is moved: what takes long begins again after them.
      const later = id === "rfm" ? interrupted().filter((other) => !TOUCHED.rfm.includes(other)) : [];
      if (id === "rfm") still = new Promise((done) => setTimeout(done, REST));
      return computeSome([...TOUCHED[id], ...later]);
    },
  };
}

/** @param {object} value @returns {value is Unavailable} */
const isUnavailable = (value) => "unavailable" in value;
