/** What the user can do: each action talks to the workspace and changes the state, nothing else. */

import { analyses } from "./actions/analyses.js";
import { exports } from "./actions/exports.js";
import { segmenting } from "./actions/segmenting.js";
import { selections } from "./actions/selections.js";
import { sources } from "./actions/sources.js";

/** @import { Workspace } from "../pkg/types.d.ts" */
/** @import { State, Store, ViewId } from "./state.js" */
/** @import { Words } from "./words.js" */

/**
 * What the actions reach outside the state, handed in by `main.js`.
 * @typedef {object} Outside
 * @property {() => Promise<Workspace>} workspace  opens it when first asked
 * @property {() => Promise<void>} forget  closes it and wipes what is stored
 * @property {(blob: Blob, name: string) => void} save
 * @property {() => object[]} remembered  settings of earlier files, where the user asked to keep them
 * @property {((settings: object) => void)} remember  keeps settings for the next file with the same columns
 * @property {boolean} canRemember  whether there is a place for them; a page opened as a file has none
 * @property {() => void} print
 * @property {(title: string) => Blob} report  as it is drawn, as a file of its own
 * @property {(id: "keys" | "name") => void} openDialog
 * @property {() => number} clock  milliseconds, for the time left only
 * @property {Words} words
 * @property {(language: string) => Promise<void>} speak
 */

/**
 * Shared by the groups of actions.
 * @typedef {object} Bench
 * @property {Store} store
 * @property {Outside} outside
 * @property {() => AbortSignal} begin  cancels whatever of the source ran before
 * @property {() => void} stop
 * @property {() => void} settled  called when analyses have ended
 * @property {() => (progress: { stage: string, done: number, total: number, rows?: number }) => import("./state.js").Progress} meter
 */

/**
 * @param {Store} store
 * @param {Outside} outside
 */
export function createActions(store, outside) {
  let running = new AbortController();
  /** @type {Bench} */
  const bench = {
    store,
    outside,
    begin() {
      running.abort();
      running = new AbortController();
      return running.signal;
    },
    stop: () => running.abort(),
    settled: () => {},
    meter() {
      const start = outside.clock();
      return ({ stage, done, total, rows = NaN }) => {
        const elapsed = (outside.clock() - start) / 1000;
        const told = total > 0 && done / total > 0.02 && elapsed > 0.4;
        return { stage, done, total, rows, secondsLeft: told ? (elapsed * (total - done)) / done : NaN };
      };
    },
  };
  const compute = analyses(bench);
  const choose = selections(bench);
  bench.settled = () => void choose.refreshParts();
  const general = {
    /** @param {ViewId} view */
    show(view) {
      if (view !== store.state.view) store.update({ view, problem: "", parts: {} });
      choose.refreshParts();
    },
    /** @param {State["theme"]} theme */
    setTheme: (theme) => store.update({ theme }),
    /** @param {string} language */
    setLanguage: (language) => outside.speak(language),
    /** @param {string} currency */
    setCurrency: (currency) => store.update({ currency }),
    /** @param {State["treemapBy"]} treemapBy */
    setTreemap: (treemapBy) => store.update({ treemapBy }),
    /** @param {State["cohortBy"]} cohortBy */
    setCohortBy: (cohortBy) => store.update({ cohortBy }),
    /** @param {ViewId} view @param {string} page */
    setPage: (view, page) => store.update({ pages: { ...store.state.pages, [view]: page } }),
    /** @param {boolean} shortcuts */
    setShortcuts: (shortcuts) => store.update({ shortcuts }),
    /** @param {ViewId} view @param {boolean} out  of the report */
    leaveOut: (view, out) =>
      store.update({ leftOut: out ? [...store.state.leftOut, view] : store.state.leftOut.filter((other) => other !== view) }),
    saveReport() {
      const { file, asOf } = store.state;
      const title = outside.words.t("report.about", { name: file?.name ?? "", day: asOf });
      outside.save(outside.report(title), `regulars-${asOf}.html`);
      store.update({ status: outside.words.t("export.done") });
    },
    /** @param {boolean} open */
    openLedger: (open) => open !== store.state.ledgerOpen && store.update({ ledgerOpen: open }),
    toggleSettings: () => store.update({ settingsOpen: !store.state.settingsOpen }),
    toggleTables: () => store.update({ showTables: !store.state.showTables }),
    print: () => outside.print(),
    showKeys: () => outside.openDialog("keys"),
    askName: () => outside.openDialog("name"),
    dismiss: () => store.update({ problem: "" }),
    /** Draws what has changed outside of the state. */
    redraw: () => store.update({}),
  };
  return { ...general, ...compute, ...choose, ...exports(bench, compute), ...segmenting(bench, compute), ...sources(bench, compute) };
}

/** @typedef {ReturnType<typeof createActions>} Actions */

/** @param {unknown} error */
export const isCancel = (error) =>
  error instanceof Error && (error.name === "AbortError" || /** @type {{ code?: string }} */ (error).code === "cancelled");

/** @param {unknown} error */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));
