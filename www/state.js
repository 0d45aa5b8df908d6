/** The one state of the page, the one way to change it, and the selection with its words. */

/**
 * @import { BasketOptions, BasketResult, ChurnOptions, ChurnResult, ClusterOptions, CohortsOptions, CohortsResult, CustomerColumn,
 *   CustomerDetail, DescribeOptions, DescribeResult, EquityResult, ForecastOptions, ForecastResult, Found, HealthOptions, HealthResult, Ledger, LifecycleResult,
 *   LifetimeOptions, LifetimeResult, LifetimeRow, LoyaltyOptions, MapEntry, Message, Offers, PivotOptions, RetentionResult, RfmOptions, RfmResult, Role, TableChurnResult, Where, WinbackOptions, WinbackOutcome, WinbackResult } from "../pkg/types.d.ts"
 */

/**
 * What became of one analysis. `value` stays while a newer one is computed, so that nothing jumps.
 * @template T
 * @typedef {object} Outcome
 * @property {"waiting" | "running" | "done" | "unavailable" | "failed" | "cancelled"} status
 * @property {T | null} value
 * @property {Progress | null} progress
 * @property {string} message  why there is nothing: the engine's sentence
 * @property {Message[]} missing
 */

/**
 * @typedef {object} Progress
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {number} rows  NaN where rows are not counted
 * @property {number} secondsLeft  NaN until it can be told
 */

/**
 * @typedef {object} Selection
 * @property {Where} where
 * @property {() => string} say  such as "at risk", in the language of now; completes "Selected: …"
 * @property {number | null} total
 * @property {number | null} revenue
 */

/** @typedef {"rfm" | "movement" | "lifecycle" | "clusters" | "pivot" | "lists" | "tiers"} SegmentsPage */
/** @typedef {{ column: CustomerColumn | "product", test: "min" | "max" | "is" | "not" | "contains", value: string }} Rule */

/** A segment as the user puts it together, with the family that it is drawn and counted in. @typedef {MapEntry & { family?: import("./charts/segments.js").Family }} OwnSegment */

/**
 * What the views of the segments are set to.
 * @typedef {object} Segmenting
 * @property {SegmentsPage} page
 * @property {string} from  the earlier day of the movement; "" for a quarter before
 * @property {ClusterOptions} cluster  as changed and not yet computed
 * @property {PivotOptions} pivot
 * @property {LoyaltyOptions} loyalty
 * @property {{ unit: "week" | "month" | "quarter" | "year" }} lifecycle
 * @property {"value" | "rowShare" | "columnShare" | "share" | "index"} show
 * @property {Rule[][]} groups  of an own segment: the rules of a group hold together
 * @property {"and" | "or"} join  between the groups
 * @property {"none" | "halves" | "holdOut" | "both"} split
 * @property {string} only  the one group that is written; "" for all of them
 * @property {number} seed  of the split
 * @property {OwnSegment[] | null} map  while it is edited
 * @property {number} mapSegment  the segment that cells are given to
 * @property {number} smallest  groups of fewer customers do not show in exports
 */

/**
 * The answer to a question that is computed when it is looked at.
 * @typedef {object} Asked
 * @property {string} key  what it was asked with
 * @property {"running" | "done" | "unavailable" | "failed"} status
 * @property {any} value
 * @property {Progress | null} progress
 * @property {string} message
 */

/** @typedef {"rfm" | "lifetime" | "equity" | "churn" | "winback" | "describe" | "health" | "retention" | "cohorts" | "lifecycle" | "basket" | "forecast"} AnalysisId */
/** @typedef {"answers" | "segments" | "value" | "churn" | "health" | "winback" | "time" | "cohorts" | "baskets" | "forecast" | "customers" | "customer" | "file" | "report" | "proof"} ViewId */

/**
 * @typedef {object} Results
 * @property {Outcome<RfmResult>} rfm
 * @property {Outcome<LifetimeResult>} lifetime
 * @property {Outcome<EquityResult>} equity
 * @property {Outcome<ChurnResult>} churn
 * @property {Outcome<WinbackResult>} winback
 * @property {Outcome<DescribeResult>} describe
 * @property {Outcome<HealthResult>} health
 * @property {Outcome<RetentionResult>} retention
 * @property {Outcome<CohortsResult>} cohorts
 * @property {Outcome<LifecycleResult>} lifecycle
 * @property {Outcome<BasketResult>} basket
 * @property {Outcome<ForecastResult>} forecast
 */

/**
 * @typedef {object} CustomerPage
 * @property {string} id
 * @property {CustomerDetail | null} detail
 * @property {Record<string, string | number> | null} row
 * @property {LifetimeRow | null} lifetime  what the model says of the customer, where there is one
 * @property {Offers | null} [offers]  what to offer next; null where baskets cannot be told
 * @property {string} message
 */

/**
 * @typedef {object} State
 * @property {"drop" | "reading" | "understood" | "loading" | "ready" | "labelled"} phase
 * @property {ViewId} view
 * @property {{ name: string, sample: boolean } | null} file
 * @property {Found | null} found
 * @property {(Role | null)[]} roles  one a column, as changed by the user
 * @property {Record<string, string>} answers
 * @property {Found[]} more  further files that are loaded together with the first
 * @property {import("../pkg/types.d.ts").InspectOptions} how  how the file is to be read, as said by the user
 * @property {Partial<import("../pkg/types.d.ts").LoadSettings>} switches  which rows count, as said by the user
 * @property {boolean} remembers  the columns of this file are kept for the next one
 * @property {{ ledger: Ledger | null, problem: string, busy: boolean }} trial  what the choices come to
 * @property {Progress | null} progress
 * @property {string} problem  an error in words, above everything
 * @property {string} status  said politely to screen readers
 * @property {Ledger | null} ledger
 * @property {string} asOf
 * @property {string} currency  ISO code, or "" for plain numbers
 * @property {string} zone  of the shop, such as `Europe/Berlin`; "" for days as written
 * @property {string} language
 * @property {"auto" | "light" | "dark"} theme
 * @property {{ rfm: RfmOptions, lifetime: LifetimeOptions, churn: ChurnOptions, winback: WinbackOptions, cluster: ClusterOptions, health?: HealthOptions, describe: DescribeOptions, cohorts: CohortsOptions, basket: BasketOptions, forecast: ForecastOptions }} options
 * @property {Segmenting} segmenting
 * @property {Partial<Record<ViewId, string>>} pages  that are shown of the views that have several
 * @property {Record<string, Asked>} asked  by question
 * @property {Results} results
 * @property {Outcome<TableChurnResult> & { keep: string[] } | null} labelled  a table with an outcome column, in place of orders
 * @property {{ value: WinbackOutcome | null, message: string }} outcome  of a campaign
 * @property {Selection | null} selection
 * @property {(Selection | null)[]} past  selections before this one, latest last; null where nothing was selected
 * @property {{ name: string, where: Where, words: string }[]} named
 * @property {Record<string, { total: number, revenue: number }>} parts  the selection's share of each segment, and of each cell `r/f`
 * @property {"customers" | "revenue"} treemapBy
 * @property {"retention" | "customers" | "orders" | "net" | "returns" | "cumulative"} cohortBy  what the cells of the cohorts say
 * @property {{ columns: CustomerColumn[], sortBy: CustomerColumn, descending: boolean, filter: string, total: number | null, revenue: number | null, version: number }} table  totals are null until they are counted
 * @property {CustomerPage | null} customer
 * @property {ViewId[]} leftOut  of the report
 * @property {boolean} settingsOpen  on narrow screens
 * @property {boolean} ledgerOpen  below the answers
 * @property {boolean} shortcuts
 * @property {boolean} showTables
 */

/** @returns {Outcome<any>} */
export const waiting = () => ({ status: "waiting", value: null, progress: null, message: "", missing: [] });

/** @returns {Results} */
export const noResults = () => ({
  rfm: waiting(),
  lifetime: waiting(),
  equity: waiting(),
  churn: waiting(),
  winback: waiting(),
  describe: waiting(),
  health: waiting(),
  retention: waiting(),
  cohorts: waiting(),
  lifecycle: waiting(),
  basket: waiting(),
  forecast: waiting(),
});

/** @returns {State} */
export function initialState() {
  return {
    phase: "drop",
    view: "answers",
    file: null,
    found: null,
    roles: [],
    answers: {},
    more: [],
    how: {},
    switches: {},
    remembers: false,
    trial: { ledger: null, problem: "", busy: false },
    progress: null,
    problem: "",
    status: "",
    ledger: null,
    asOf: "",
    currency: "",
    zone: "",
    language: "en",
    theme: "auto",
    options: { rfm: {}, lifetime: {}, churn: {}, winback: { leastRisk: 0.5 }, cluster: {}, describe: {}, cohorts: {}, basket: {}, forecast: {} },
    segmenting: {
      page: "rfm", from: "", cluster: {}, pivot: { rows: "segment", columns: "firstOrder", measure: "customers", unit: "quarter" },
      show: "value", groups: [[{ column: "orders", test: "min", value: "2" }]], join: "or", split: "none", only: "", seed: 1, map: null, mapSegment: 0, smallest: 0, lifecycle: { unit: "month" }, loyalty: {},
    },
    pages: {},
    asked: {},
    results: noResults(),
    labelled: null,
    outcome: { value: null, message: "" },
    selection: null,
    past: [],
    named: [],
    parts: {},
    treemapBy: "revenue",
    cohortBy: "retention",
    table: {
      columns: ["customerId", "segment", "recencyDays", "orders", "revenue", "clv", "churnProbability"],
      sortBy: "revenue",
      descending: true,
      filter: "",
      total: null,
      revenue: null,
      version: 0,
    },
    customer: null,
    // What is read by whoever runs the shop; the rest can be added.
    leftOut: ["health", "cohorts", "baskets", "forecast"],
    settingsOpen: false,
    ledgerOpen: false,
    shortcuts: true,
    showTables: false,
  };
}

/**
 * @typedef {object} Store
 * @property {State} state
 * @property {(patch: Partial<State>) => void} update
 */

/**
 * Holds the one state there is, so that nobody can keep an old one; `changed` is called once a
 * frame at most, however many updates there were.
 * @param {(state: State) => void} changed
 * @param {(run: () => void) => void} schedule
 * @returns {Store}
 */
export function createStore(changed, schedule) {
  let pending = false;
  /** @type {Store} */
  const store = {
    state: initialState(),
    update(patch) {
      Object.assign(store.state, patch);
      if (pending) return;
      pending = true;
      schedule(() => {
        pending = false;
        changed(store.state);
      });
    },
  };
  return store;
}

/**
 * The state after choosing `selection`; choosing what is chosen lets go of it.
 * @param {State} state
 * @param {Pick<Selection, "where" | "say"> | null} selection
 * @returns {Partial<State>}
 */
export function select(state, selection) {
  const same = selection && state.selection && sameWhere(selection.where, state.selection.where);
  const next = selection && !same ? { ...selection, total: null, revenue: null } : null;
  return { ...uncounted(state), selection: next, past: [...state.past, state.selection].slice(-20) };
}

/**
 * The state as it was before the last change of the selection.
 * @param {State} state
 * @returns {Partial<State>}
 */
export function undo(state) {
  if (!state.selection && state.past.length === 0) return {};
  const selection = state.past.at(-1) ?? null;
  return { ...uncounted(state), selection, past: state.past.slice(0, -1) };
}

/** What is counted anew for another selection. @param {State} state */
const uncounted = ({ table }) => ({ parts: {}, table: { ...table, total: null, revenue: null, version: table.version + 1 } });

/**
 * @param {Where} a
 * @param {Where} b
 */
export const sameWhere = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What the customers table shows: the selection and the text filter together.
 * @param {State} state
 * @returns {Where}
 */
export function shownWhere(state) {
  /** @type {Where[]} */
  const parts = [];
  if (state.selection) parts.push(state.selection.where);
  const text = state.table.filter.trim();
  if (text) parts.push({ customerId: { contains: text } });
  return parts.length === 0 ? {} : parts.length === 1 ? /** @type {Where} */ (parts[0]) : { and: parts };
}

/** The analysis that a column comes from. @type {Partial<Record<CustomerColumn, AnalysisId>>} */
const FROM = {
  health: "health", tier: "winback", churnType: "winback", phase: "winback", closes: "winback",
  rScore: "rfm", fScore: "rfm", mScore: "rfm", rfmCell: "rfm", segment: "rfm",
  pAlive: "lifetime", expectedOrders: "lifetime", orderValue: "lifetime", clv: "lifetime",
  churnProbability: "churn", winbackGain: "winback", inPlan: "winback",
};

/**
 * Those of the columns that this file has now: their analysis is done, their role is mapped.
 * @param {State} state
 * @param {CustomerColumn[]} columns
 */
export const columnsThere = ({ results, roles }, columns) =>
  columns.filter((column) => {
    const analysis = FROM[column];
    // Where the data cannot tell who has gone, the chance says nothing.
    if (column === "pAlive" && results.lifetime.value?.identifiesDropout === false) return false;
    if (analysis) return results[analysis].status === "done";
    return column !== "country" || roles.includes("country");
  });

/**
 * All identified customers on the day of reckoning: those of the segments once these are
 * there, since the ledger speaks of the whole file.
 * @param {State} state
 * @returns {{ customers: number, revenue: number }}
 */
export function everybody({ results, ledger }) {
  const segments = results.rfm.value?.segments;
  if (!segments) return { customers: ledger?.customers.customers ?? 0, revenue: ledger?.customers.net ?? 0 };
  return segments.reduce((sum, { customers, revenue }) => ({ customers: sum.customers + customers, revenue: sum.revenue + revenue }), { customers: 0, revenue: 0 });
}

/**
 * The mapping that the chosen roles amount to; rules of the proposal are kept.
 * @param {Found} found
 * @param {(Role | null)[]} roles
 */
export function mappingOf(found, roles) {
  /** @type {Map<Role, number[]>} */
  const byRole = new Map();
  for (const entry of found.mapping) {
    const kept = entry.columns.filter((column) => roles[column] === entry.role);
    if (kept.length > 0) byRole.set(entry.role, kept);
  }
  roles.forEach((role, column) => {
    if (!role) return;
    const columns = byRole.get(role) ?? [];
    if (!columns.includes(column)) byRole.set(role, [...columns, column]);
  });
  return [...byRole].map(([role, columns]) => {
    const rule = found.mapping.find((entry) => entry.role === role)?.rule;
    return columns.length > 1 ? { role, columns, rule: rule ?? /** @type {const} */ ("coalesce") } : { role, columns };
  });
}

/** @param {Found} found */
export function rolesOf(found) {
  /** @type {(Role | null)[]} */
  const roles = found.columns.map(() => null);
  for (const entry of found.mapping) for (const column of entry.columns) roles[column] = entry.role;
  return roles;
}

/**
 * What was decided of earlier files, where it holds for all the files of now.
 * @param {Pick<State, "found" | "more">} state
 */
export function recalledFor({ found, more }) {
  const recalled = found?.recalled;
  if (!recalled || recalled.read) return recalled;
  const holds = recalled.files > 1 ? recalled.files === more.length + 1 : more.every((other) => other.recalled);
  return holds ? recalled : undefined;
}

/** The currency of platforms that sell in one only and write none. @param {Found | null} found */
export const assumedCurrency = (found) => (/^(taobao|tmall|jd|pinduoduo|douyin|youzan)-/.test(found?.platform ?? "") ? "CNY" : found?.platform === "rakuten-orders" ? "JPY" : "");

/**
 * The analysis that runs now, before which nothing else can be computed.
 * @param {State} state
 * @returns {AnalysisId | null}
 */
export function runningNow({ results }) {
  const ids = /** @type {AnalysisId[]} */ (Object.keys(results));
  return ids.find((id) => results[id].status === "running") ?? null;
}

/**
 * Everything that the engine has said, said anew.
 * @param {State} state
 * @param {<T>(result: T) => T} translate
 * @returns {Partial<State>}
 */
export function translated({ found, trial, ledger, results, customer, labelled, outcome }, translate) {
  const entries = Object.entries(results).map(([id, outcome]) => [
    id,
    { ...outcome, value: outcome.value && translate(outcome.value), missing: translate(outcome.missing) },
  ]);
  return {
    found: found && translate(found),
    trial: { ...trial, ledger: trial.ledger && translate(trial.ledger) },
    ledger: ledger && translate(ledger),
    results: Object.fromEntries(entries),
    labelled: labelled && { ...labelled, value: labelled.value && translate(labelled.value) },
    outcome: { ...outcome, value: outcome.value && translate(outcome.value) },
    customer: customer && { ...customer, detail: customer.detail && translate(customer.detail) },
  };
}

/**
 * Empties a result in place: a browser may hold on to a field of a form, with its listener
 * and whatever that has seen, long after it is gone from the page.
 * @param {unknown} value
 */
export function wipe(value) {
  if (ArrayBuffer.isView(value)) {
    /** @type {Uint8Array} */ (new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).fill(0);
  } else if (Array.isArray(value)) {
    value.forEach(wipe);
    value.length = 0;
  } else if (typeof value === "object" && value !== null && Object.isExtensible(value)) {
    for (const [key, inner] of Object.entries(value)) {
      wipe(inner);
      delete (/** @type {Record<string, unknown>} */ (value)[key]);
    }
  }
}
