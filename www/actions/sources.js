/** From a dropped file to a ledger: inspect, change the columns, load, cancel, forget. */

import { isCancel, sentence } from "../actions.js";
import { labelsOf } from "./labels.js";
import { assumedCurrency, initialState, mappingOf, noResults, recalledFor, rolesOf, waiting, wipe } from "../state.js";

/** @import { Question, Role, Source } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */

/** Columns of the table that a table of one row a customer does not tell. @param {import("../../pkg/types.d.ts").Ledger} ledger */
function tableFor(ledger) {
  const says = (/** @type {string} */ code) => ledger.notices.some((notice) => notice.code === code);
  if (ledger.kind !== "customers" || !says("customers-no-last-order")) return {};
  return { columns: /** @type {import("../../pkg/types.d.ts").CustomerColumn[]} */ (["customerId", "orders", "revenue", "averageOrder"]) };
}

/**
 * @param {Bench} bench
 * @param {ReturnType<typeof import("./analyses.js").analyses>} compute
 */
export function sources({ store, outside, begin, stop, meter }, compute) {
  /** What was there before a reading that failed or was cancelled. @type {"drop" | "understood" | "ready"} */
  let before = "drop";
  /** @type {Pick<import("../state.js").State, "file" | "found" | "roles" | "answers" | "more" | "how" | "switches" | "zone">} */
  let kept = { file: null, found: null, roles: [], answers: {}, more: [], how: {}, switches: {}, zone: "" };
  /** What was opened last, to be read again in another way. @type {Source[]} */
  let opened = [];
  /** The currency that the last file was given, unless the user has chosen another since. */
  let given = "";

  /** @param {unknown} error */
  const goBack = (error) => {
    store.update({ ...kept, phase: before, progress: null, problem: isCancel(error) ? "" : sentence(error) });
  };

  const remember = () => {
    const { phase, file, found, roles, answers, more, how, switches, zone } = store.state;
    if (phase === "reading" || phase === "loading") return;
    before = phase === "labelled" ? "understood" : phase;
    kept = { file, found, roles, answers, more, how, switches, zone };
  };

  /**
   * @param {Source | Source[]} source  several files are loaded together
   * @param {string} name
   * @param {boolean} [sample]  a made-up shop needs no confirmation
   * @param {import("../../pkg/types.d.ts").InspectOptions} [how]
   */
  async function open(source, name, sample = false, how = {}) {
    remember();
    trying.abort();
    const signal = begin();
    const sources = Array.isArray(source) ? source : [source];
    store.update({ phase: "reading", file: { name, sample }, progress: null, problem: "" });
    const measure = meter();
    try {
      const workspace = await outside.workspace();
      /** @type {import("../../pkg/types.d.ts").Found[]} */
      const read = [];
      for (const one of sources) {
        const found = await workspace.inspect(one, {
          ...how,
          previewRows: 12,
          settings: [...outside.remembered(), ...(settings ? [settings] : [])],
          signal,
          onProgress: (progress) => {
            if (!signal.aborted) store.update({ progress: measure(progress) });
          },
        });
        if (signal.aborted) return;
        if (found.columns.length === 0) throw new Error(found.notices[0]?.text);
        read.push(found);
      }
      opened = sources;
      const [found, ...more] = read;
      const trial = { ledger: null, problem: "", busy: false };
      store.update({ phase: "understood", found, more, how, switches: {}, zone: "", trial, roles: rolesOf(found), answers: {}, remembers: false, progress: null });
      // Settings that the user has just loaded are meant for this file; remembered ones are offered.
      if (settings) {
        await recall();
        if (fresh) store.update({ problem: outside.words.t(recalledFor(store.state) ? "settings.fit" : "settings.other") });
        fresh = false;
      }
      if (sample && found.questions.length === 0) await load(undefined, "answers", store.state.problem);
      else await tryOut();
    } catch (error) {
      if (!signal.aborted) goBack(error);
    }
  }

  /** What the choices of the user say to the engine. */
  function choices() {
    const { found, roles, answers, more, switches, zone } = store.state;
    if (!found) throw new Error("nothing was found yet");
    const proposed = rolesOf(found);
    const changed = roles.some((role, column) => role !== proposed[column]);
    // Of several files, which may be joined, the engine finds the columns itself.
    const mapping = more.length > 0 && !changed ? undefined : mappingOf(found, roles);
    return { sources: [found, ...more], options: { mapping, answers, settings: switches, zone: zone || undefined } };
  }

  let tries = 0;
  let trying = new AbortController();
  /** Shows what the choices come to, without using them yet. */
  async function tryOut() {
    const { found, answers, more } = store.state;
    const mine = ++tries;
    trying.abort();
    trying = new AbortController();
    const { signal } = trying;
    const asked = !found || found.questions.some(({ id }) => !answers[id]);
    const orders = found?.kind === "orders" || found?.kind === "customers" || more.length > 0;
    if (asked || !orders) return store.update({ trial: { ledger: null, problem: "", busy: false } });
    store.update({ trial: { ...store.state.trial, busy: true } });
    try {
      const workspace = await outside.workspace();
      const { sources, options } = choices();
      const ledger = await workspace.load(sources, { ...options, signal, trial: true });
      if (mine === tries) store.update({ trial: { ledger, problem: "", busy: false } });
    } catch (error) {
      if (mine !== tries || isCancel(error)) return;
      const { questions } = /** @type {{ questions?: Question[] }} */ (error);
      if (questions && store.state.found === found && found) store.update({ found: { ...found, questions } });
      store.update({ trial: { ledger: null, problem: questions ? "" : sentence(error), busy: false } });
    }
  }

  /** Settings read from a file wait here for the next source. @type {object | null} */
  let settings = null;
  /** Whether it has yet to be said what of them fits. */
  let fresh = false;

  /** Goes over to what was decided of an earlier file with the same columns. */
  async function recall() {
    const recalled = recalledFor(store.state);
    const { file, how } = store.state;
    if (recalled?.read && file) {
      const read = { ...how, ...recalled.read };
      // Read so, it is known by its columns; and is not read a third time.
      if (JSON.stringify(read) === JSON.stringify(how)) return;
      await open(opened, file.name, file.sample, read);
      return recall();
    }
    const { found } = store.state;
    if (!found || !recalled) return;
    /** @type {(Role | null)[]} */
    const roles = recalled.files > 1 ? rolesOf(found) : found.columns.map(() => null);
    if (recalled.files === 1) for (const { role, columns } of recalled.mapping) for (const column of columns) roles[column] = role;
    store.update({ roles, answers: { ...recalled.answers }, switches: { ...recalled.settings }, zone: recalled.zone ?? "" });
  }

  /**
   * @param {string} [asOf]  a day other than the one after the last order
   * @param {import("../state.js").ViewId} [view]  to be shown then
   * @param {string} [problem]  that is still to be read
   */
  async function load(asOf, view = "answers", problem = "") {
    const { found, roles, answers } = store.state;
    if (!found) return;
    if (isLabelled()) return loadTable([]);
    trying.abort();
    const signal = begin();
    before = "understood";
    const { file, more, how, switches, zone } = store.state;
    kept = { file, found, roles, answers, more, how, switches, zone };
    compute.stopAll();
    store.update({ phase: "loading", progress: null, problem });
    const measure = meter();
    try {
      const workspace = await outside.workspace();
      const { sources, options } = choices();
      const ledger = await workspace.load(sources, {
        ...options,
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) store.update({ progress: measure(progress) });
        },
      });
      if (signal.aborted) return;
      const chosen = store.state.currency === given ? null : store.state.currency;
      given = ledger.currency ?? assumedCurrency(found);
      store.update({
        phase: "ready",
        // Baskets without days have one view only.
        view: ledger.kind === "baskets" ? "baskets" : view,
        table: { ...store.state.table, ...tableFor(ledger) },
        ledger,
        currency: ledger.currency ?? chosen ?? given,
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
    kept = { ...kept, file: store.state.file, found, roles, answers };
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

  const actions = {
    /**
     * Files that were dropped, chosen or pasted: settings first, for the tables beside them
     * or to come.
     *
     * @param {File[]} files
     */
    async open(files) {
      const isSettings = (/** @type {File} */ { name }) => /\.json$/i.test(name);
      for (const file of files.filter(isSettings)) await actions.loadSettings(file);
      const tables = files.filter((file) => !isSettings(file));
      if (tables.length > 0) await open(tables, tables.map(({ name }) => name).join(", "));
    },
    load,
    /**
     * Days by the clocks of a zone; "" for days as written. A chosen day of reckoning stays.
     * @param {string} zone
     */
    async setZone(zone) {
      const { state } = store;
      if (zone === state.zone) return;
      const workspace = await outside.workspace();
      const chosen = state.asOf === workspace.at().asOf ? undefined : state.asOf;
      const { view, zone: before } = state;
      store.update({ zone });
      await load(chosen, view === "customer" ? "customers" : view);
      if (store.state.phase !== "ready" && store.state.zone === zone) store.update({ zone: before });
    },
    /** Uses a column that looked like a leak. @param {string} column */
    keepColumn: (column) => loadTable([...(store.state.labelled?.keep ?? []), column]),
    async exportLabelled() {
      const { found, labelled } = store.state;
      if (!found || !labelled) return;
      try {
        const workspace = await outside.workspace();
        const { words } = outside;
        const why = [1, 2, 3].map((n) => [`reason${n}`, `${words.t("winback.colReason")} ${n}`]);
        const labels = { ...labelsOf(words, "customers"), left: words.t("churn.colLeft"), ...Object.fromEntries(why) };
        const bytes = await workspace.churnTableCsv(found, { ...tableOptions(labelled.keep), labels });
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
      return tryOut();
    },
    /** @param {string} id @param {string} value */
    answer(id, value) {
      store.update({ answers: { ...store.state.answers, [id]: value } });
      return tryOut();
    },
    /** Uses what was decided of an earlier file with the same columns. */
    async useRecalled() {
      await recall();
      return tryOut();
    },
    canRemember: () => outside.canRemember,
    /** Keeps what was decided for the next file with the same columns; nothing of the data. */
    async remember() {
      const workspace = await outside.workspace();
      outside.remember(workspace.settings());
      store.update({ remembers: true, status: outside.words.t("file.remembered") });
    },
    /** @param {keyof import("../../pkg/types.d.ts").LoadSettings} id @param {boolean} on */
    setSwitch(id, on) {
      store.update({ switches: { ...store.state.switches, [id]: on } });
      return tryOut();
    },
    /** Reads the file once more, in another way. @param {import("../../pkg/types.d.ts").InspectOptions} how */
    reread(how) {
      const { file } = store.state;
      const said = Object.entries({ ...store.state.how, ...how }).filter(([, value]) => value !== undefined);
      return open(opened, file?.name ?? "", file?.sample, Object.fromEntries(said));
    },
    /** Leaves the columns without using them; what was loaded stays. */
    startOver: () => store.update({ phase: store.state.ledger ? "ready" : "drop", problem: "" }),
    /** To the drop zone; what was loaded stays until another file is in. */
    newFile: () => store.update({ phase: "drop", view: "answers", problem: "" }),
    changeColumns: () => store.update({ phase: "understood" }),
    backToAnswers: () => store.update({ phase: "ready" }),
    async forget() {
      stop();
      compute.stopAll();
      settings = null;
      given = "";
      before = "drop";
      opened = [];
      tries += 1;
      trying.abort();
      // The old one's listeners know what was tried.
      trying = new AbortController();
      const { found, more, trial, ledger, results, customer, named, selection, past } = store.state;
      const gone = [kept.found, found, kept.more, more, trial.ledger, ledger, results, customer, named, selection, past];
      kept = { file: null, found: null, roles: [], answers: {}, more: [], how: {}, switches: {}, zone: "" };
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
        settings = read.workspace ?? null;
        fresh = true;
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
        const { phase, file: now } = state;
        if (state.found && opened.length > 0) {
          // Read once more, to see whether the settings are of such a file.
          await open(opened, now?.name ?? "", now?.sample, state.how);
          if (phase === "ready") await load(page.asOf ?? undefined, "answers", store.state.problem);
        } else store.update({ status: outside.words.t("settings.loaded") });
      } catch (error) {
        store.update({ problem: error instanceof SyntaxError ? outside.words.t("settings.notOurs") : sentence(error) });
      }
    },
  };
  return actions;
}
