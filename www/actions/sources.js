/** From a dropped file to a ledger: inspect, change the columns, load, cancel, forget. */

import { isCancel, sentence } from "../actions.js";
import { initialState, mappingOf, noResults, rolesOf, waiting, wipe } from "../state.js";

/** @import { Question, Role, Source } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */

/**
 * @param {Bench} bench
 * @param {ReturnType<typeof import("./analyses.js").analyses>} compute
 */
export function sources({ store, outside, begin, stop, meter }, compute) {
  /** What was there before a reading that failed or was cancelled. @type {"drop" | "understood" | "ready"} */
  let before = "drop";
  /** @type {{ file: import("../state.js").State["file"], found: import("../state.js").State["found"], roles: (Role | null)[], answers: Record<string, string> }} */
  let kept = { file: null, found: null, roles: [], answers: {} };

  /** @param {unknown} error */
  const goBack = (error) => {
    store.update({ ...kept, phase: before, progress: null, problem: isCancel(error) ? "" : sentence(error) });
  };

  const remember = () => {
    const { phase, file, found, roles, answers } = store.state;
    if (phase === "reading" || phase === "loading") return;
    before = phase === "labelled" ? "understood" : phase;
    kept = { file, found, roles, answers };
  };

  /**
   * @param {Source} source
   * @param {string} name
   * @param {boolean} [sample]  a made-up shop needs no confirmation
   */
  async function open(source, name, sample = false) {
    remember();
    const signal = begin();
    store.update({ phase: "reading", file: { name, sample }, progress: null, problem: "" });
    const measure = meter();
    try {
      const workspace = await outside.workspace();
      const found = await workspace.inspect(source, {
        previewRows: 12,
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) store.update({ progress: measure(progress) });
        },
      });
      if (signal.aborted) return;
      const saved = savedFor(found);
      store.update({ phase: "understood", found, roles: saved.roles, answers: saved.answers, progress: null });
      if (sample && found.questions.length === 0) await load();
    } catch (error) {
      if (!signal.aborted) goBack(error);
    }
  }

  /** Settings read from a file wait here for the next source. @type {{ mapping?: { role: Role, columns: number[] }[], answers?: Record<string, string> }} */
  let settings = {};

  /** @param {import("../../pkg/types.d.ts").Found} found */
  function savedFor(found) {
    const roles = rolesOf(found);
    if (settings.mapping?.length) {
      roles.fill(null);
      for (const entry of settings.mapping) {
        for (const column of entry.columns) if (column < roles.length) roles[column] = entry.role;
      }
    }
    return { roles, answers: { ...settings.answers } };
  }

  /** @param {string} [asOf]  a day other than the one after the last order */
  async function load(asOf) {
    const { found, roles, answers } = store.state;
    if (!found) return;
    if (isLabelled()) return loadTable([]);
    const signal = begin();
    before = "understood";
    kept = { file: store.state.file, found, roles, answers };
    compute.stopAll();
    store.update({ phase: "loading", progress: null, problem: "" });
    const measure = meter();
    try {
      const workspace = await outside.workspace();
      const ledger = await workspace.load(found, {
        mapping: mappingOf(found, roles),
        answers,
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) store.update({ progress: measure(progress) });
        },
      });
      if (signal.aborted) return;
      store.update({
        phase: "ready",
        view: "answers",
        ledger,
        currency: ledger.currency ?? store.state.currency,
        asOf: workspace.at(typeof asOf === "string" ? asOf : undefined).asOf,
        results: noResults(),
        selection: null,
        past: [],
        parts: {},
        customer: null,
        progress: null,
      });
      await compute.computeAll();
    } catch (error) {
      if (signal.aborted) return;
      const { questions } = /** @type {{ questions?: Question[] }} */ (error);
      if (questions) kept = { ...kept, found: { ...found, questions } };
      goBack(error);
    }
  }

  /** Whether the file is a table of customers with an outcome, not of orders. */
  function isLabelled() {
    const { found, roles } = store.state;
    const has = (/** @type {Role} */ role) => roles.includes(role);
    return found !== null && has("label") && (found.kind === "table" || !has("orderDate"));
  }

  /** How the table is analysed: the outcome column as chosen. @param {string[]} keep */
  function tableOptions(keep) {
    const { found, roles } = store.state;
    const column = found?.columns.find(({ index }) => roles[index] === "label");
    return { label: column?.name, keep };
  }

  /** @param {string[]} keep  columns that look like leaks and are used all the same */
  async function loadTable(keep) {
    const { found, roles, answers } = store.state;
    if (!found) return;
    const signal = begin();
    before = "understood";
    kept = { file: store.state.file, found, roles, answers };
    const labelled = { ...waiting(), status: /** @type {const} */ ("running"), keep };
    store.update({ phase: "labelled", labelled, problem: "" });
    const measure = meter();
    try {
      const workspace = await outside.workspace();
      const value = await workspace.churnTable(found, {
        ...tableOptions(keep),
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) store.update({ labelled: { ...labelled, progress: measure(progress) } });
        },
      });
      if (!signal.aborted) store.update({ labelled: { ...labelled, status: "done", value } });
    } catch (error) {
      if (!signal.aborted) store.update({ labelled: { ...labelled, status: "failed", message: sentence(error) } });
    }
  }

  return {
    open,
    load,
    /** Uses a column that looked like a leak. @param {string} column */
    keepColumn: (column) => loadTable([...(store.state.labelled?.keep ?? []), column]),
    async exportLabelled() {
      const { found, labelled } = store.state;
      if (!found || !labelled) return;
      try {
        const workspace = await outside.workspace();
        const bytes = await workspace.churnTableCsv(found, tableOptions(labelled.keep));
        outside.save(new Blob([/** @type {BlobPart} */ (bytes)], { type: "text/csv" }), "churn-risk.csv");
        store.update({ status: outside.words.t("export.done") });
      } catch (error) {
        store.update({ problem: sentence(error) });
      }
    },
    async openSample() {
      remember();
      store.update({ phase: "reading", file: { name: outside.words.t("sample.name"), sample: true }, progress: null, problem: "" });
      try {
        const workspace = await outside.workspace();
        const bytes = await workspace.sample();
        await open(bytes, outside.words.t("sample.name"), true);
      } catch (error) {
        goBack(error);
      }
    },
    /** @param {string} text */
    openPasted: (text) => open(text, outside.words.t("paste.name")),
    cancel() {
      stop();
      goBack(Object.assign(new Error(), { name: "AbortError" }));
    },
    /** @param {number} column @param {Role | null} role */
    setRole(column, role) {
      const roles = [...store.state.roles];
      roles[column] = role;
      store.update({ roles });
    },
    /** @param {string} id @param {string} value */
    answer: (id, value) => store.update({ answers: { ...store.state.answers, [id]: value } }),
    /** Leaves the columns without using them; what was loaded stays. */
    startOver: () => store.update({ phase: store.state.ledger ? "ready" : "drop", problem: "" }),
    /** To the drop zone; what was loaded stays until another file is in. */
    newFile: () => store.update({ phase: "drop", view: "answers", problem: "" }),
    changeColumns: () => store.update({ phase: "understood" }),
    backToAnswers: () => store.update({ phase: "ready" }),
    async forget() {
      stop();
      compute.stopAll();
      settings = {};
      before = "drop";
      const { found, ledger, results, customer, named, selection, past } = store.state;
      const gone = [kept.found, found, ledger, results, customer, named, selection, past];
      kept = { file: null, found: null, roles: [], answers: {} };
      const { theme, language } = store.state;
      store.update({ ...initialState(), theme, language, status: outside.words.t("forget.done") });
      await outside.forget();
      gone.forEach(wipe);
    },
    /** @param {File} file */
    async loadSettings(file) {
      try {
        const read = JSON.parse(await file.text());
        if (read?.product !== "regulars") throw new Error(outside.words.t("settings.notOurs"));
        settings = read.workspace ?? {};
        const { state } = store;
        const page = { options: {}, currency: "", named: [], asOf: null, theme: state.theme, treemapBy: state.treemapBy, table: {}, ...read.page };
        const { currency, named, theme, treemapBy } = page;
        store.update({
          options: { ...state.options, ...page.options },
          currency: currency || state.currency,
          named,
          theme,
          treemapBy,
          table: { ...state.table, ...page.table },
        });
        if (page.language && page.language !== state.language) await outside.speak(page.language);
        if (state.found) store.update(savedFor(state.found));
        if (state.phase === "ready") await load(page.asOf ?? undefined);
        store.update({ status: outside.words.t("settings.loaded") });
      } catch (error) {
        store.update({ problem: error instanceof SyntaxError ? outside.words.t("settings.notOurs") : sentence(error) });
      }
    },
  };
}
