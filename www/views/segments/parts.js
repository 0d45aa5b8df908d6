/** What the views of the segments share: their tabs, answers that are computed when looked at, words for rules, lists. */

import { html, nothing } from "lit";
import { SPLITS } from "../../actions/segmenting.js";
import { numberField, running } from "../parts.js";

/** @import { CustomerColumn, ExportOptions, Where } from "../../../pkg/types.d.ts" */
/** @import { Rule, SegmentsPage } from "../../state.js" */
/** @import { Words } from "../../words.js" */
/** @typedef {import("../parts.js").Context} Context */

/** @type {SegmentsPage[]} */
const PAGES = ["rfm", "movement", "lifecycle", "clusters", "pivot", "lists", "tiers"];

/** A number for each load, so that answers of the one before are not taken for this one's. @type {WeakMap<object, number>} */
const LOADS = new WeakMap();
let loads = 0;

/** @param {Context} context */
export const tabs = ({ state, words, actions }) =>
  state.view === "report"
    ? nothing
    : html`<div class="tabs" role="group" aria-label=${words.t("segments.pages")}>
        ${PAGES.map(
          (page) =>
            html`<button type="button" class="quiet" aria-pressed=${state.segmenting.page === page} @click=${() => actions.setSegmenting({ page })}>${words.t(`segments.page.${page}`)}</button>`,
        )}
      </div>`;

/** What a question is asked with: the load, the day, the options and what is `given` besides. @param {Context["state"]} state @param {unknown} given */
export function questionKey(state, given) {
  const ledger = state.ledger ?? {};
  if (!LOADS.has(ledger)) LOADS.set(ledger, (loads += 1));
  return JSON.stringify([LOADS.get(ledger), state.asOf, state.options, given]);
}

/**
 * The answer to a question, asked now unless it was: drawn, or why there is none.
 * @template T
 * @param {Context} context
 * @param {string} question
 * @param {unknown} given  what it is asked with, besides file, day and options
 * @param {(view: import("../../../pkg/types.d.ts").View, run: import("../../../pkg/types.d.ts").RunOptions) => Promise<T>} call
 * @param {(value: T, busy: boolean) => unknown} draw
 */
export function answered(context, question, given, call, draw) {
  const { state, words, actions } = context;
  const key = questionKey(state, given);
  const asked = state.asked[question];
  const busy = asked?.key !== key || asked.status === "running";
  if (asked?.key !== key) queueMicrotask(() => actions.ask(question, key, call));
  if (asked?.value && (busy || asked.status === "done")) {
    return html`<div class=${busy ? "result stale" : "result"}>${draw(asked.value, busy)}</div>`;
  }
  if (asked && !busy) return html`<p class="why-short">${asked.message || words.t("failed.title")}</p>`;
  return running(words.t(`asking.${question}`), asked?.progress ?? null, context, () => actions.setSegmenting({ page: "rfm" }));
}

/**
 * How many of a list may not be written to, where the file says so: counted before anything is exported.
 * @param {Context} context @param {string} place  where it stands @param {Where} where
 */
export function consentNote({ state, words, actions, format }, place, where) {
  if (!state.roles.includes("consent") && state.more.length === 0) return nothing;
  const [question, key] = [`consent.${place}`, questionKey(state, where)];
  const asked = state.asked[question];
  if (asked?.key !== key) queueMicrotask(() => actions.ask(question, key, (view, run) => view.customers({ columns: [], where, limit: 0, countConsent: true }, run)));
  const n = asked?.key === key && asked.status === "done" ? asked.value.withoutConsent : 0;
  return n ? html`<p class="caption consent">${words.t("export.consent", { n, count: format.count(n) })}</p>` : nothing;
}

/** The same where it cannot be counted. @param {Context} context */
export const consentRule = ({ state, words }) => (state.roles.includes("consent") ? html`<span class="caption">${words.t("export.consentRule")}</span>` : nothing);

/** A segment's name: in words where it is built in, as given where it is the user's. @param {Words} words @param {string} id */
export const segmentWords = (words, id) => (words.has(`segment.${id}`) ? words.t(`segment.${id}`) : id);

/** A value of a column in words. @param {Context} context @param {string} column @param {string} value */
export function valueWords({ words, format }, column, value) {
  if (value === "none" || value === "other") return words.t(`pivot.${value}`);
  if (column === "method") return words.t(`method.${value}`);
  if (column === "segment") return segmentWords(words, value);
  if (column === "lifecycle") return words.t(`stage.${value}`);
  if (column === "cluster") return value === "odd" ? words.t("clusters.odd") : words.t("clusters.number", { n: value });
  return /^\d{4}-\d{2}$/.test(value) ? format.month(value) : value;
}

/** The name of a column; an attribute is called as in the file. @param {Context} context @param {CustomerColumn | "product"} column */
export function columnWords({ state, words }, column) {
  const place = /^attribute(\d)$/.exec(column);
  if (!place) return words.t(`column.${column}`);
  const attributes = (state.found?.columns ?? []).filter((_, i) => state.roles[i] === "attribute");
  return attributes[Number(place[1]) - 1]?.name ?? words.t("role.attribute");
}

/** Columns with texts, with days, with numbers. @type {{ text: CustomerColumn[], day: CustomerColumn[], number: CustomerColumn[] }} */
export const KINDS = {
  text: ["segment", "lifecycle", "cluster", "country", "channel", "attribute1", "attribute2", "attribute3", "attribute4", "rfmCell", "customerId"],
  day: ["firstOrder", "lastOrder"],
  number: ["recencyDays", "orders", "revenue", "gross", "returns", "averageOrder", "rScore", "fScore", "mScore", "rfmScore", "pAlive", "expectedOrders", "clv", "churnProbability"],
};

/** Those that this file has. @param {Context} context @param {CustomerColumn[]} columns */
export const there = ({ state }, columns) =>
  columns.filter((column) => {
    const place = /^attribute(\d)$/.exec(column);
    if (place) return state.roles.filter((role) => role === "attribute").length >= Number(place[1]);
    if (column === "country" || column === "channel") return state.roles.includes(column);
    const { lifetime } = state.results;
    // A chance that would read 100 % for everybody is nothing to sort out by.
    if (column === "pAlive") return lifetime.status === "done" && Boolean(lifetime.value?.identifiesDropout);
    if (["expectedOrders", "clv"].includes(column)) return lifetime.status === "done";
    return column !== "churnProbability" || state.results.churn.status === "done";
  });

/** The predicate of one rule. @param {Rule} rule @returns {Where} */
function ruleWhere({ column, test, value }) {
  if (column === "product") return test === "not" ? { not: { ordered: { product: value } } } : { ordered: { product: value } };
  const number = KINDS.number.includes(column);
  const given = number ? Number(value) : value;
  if (test === "is") return { [column]: given };
  return { [column]: { [test]: given } };
}

/** @param {Rule[][]} groups @param {"and" | "or"} join @returns {Where} */
export const groupsWhere = (groups, join) => {
  // A rule without a value says nothing yet, nor does a group of such rules: it must not stand for everybody.
  const said = groups.map((rules) => rules.filter((rule) => rule.value.trim() !== "").map(ruleWhere)).filter((rules) => rules.length > 0);
  return said.length > 0 ? { [join]: said.map((and) => ({ and })) } : { and: [] };
};

/** @param {Context} context @param {Rule[][]} groups @param {"and" | "or"} join */
export function groupsWords(context, groups, join) {
  const { words } = context;
  const one = (/** @type {Rule} */ rule) =>
    words.t(`rule.${rule.test}`, { column: columnWords(context, rule.column), value: valueWords(context, rule.column, rule.value) });
  return groups
    .map((rules) => rules.filter((rule) => rule.value.trim() !== "").map(one).join(words.t("rule.joinAnd")))
    .filter((text) => text !== "")
    .join(words.t(join === "or" ? "rule.joinOr" : "rule.joinAnd"));
}

/**
 * What can be done with a list: divide it, write it for another system, see it.
 * @param {Context} context @param {Where} where @param {string} name @param {() => string} say
 */
export function listTools(context, where, name, say) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { split, seed, only } = state.segmenting;
  const chosen = SPLITS[split];
  const groups = chosen && { ...chosen, names: chosen.names.map((name) => t(`split.name.${name}`)) };
  // Unless everybody is wanted, a file holds one group: nobody who is held out is written to by mistake.
  const alone = groups && only !== "all" ? (groups.names.includes(only) ? only : groups.names[0]) : undefined;
  const options = { what: /** @type {const} */ ("customers"), where, ...(groups ? { split: { ...groups, seed, only: alone } } : {}) };
  const file = [name, alone].filter(Boolean).join("-");
  const columns = /** @type {CustomerColumn[]} */ (["customerId", "segment", "rScore", "fScore", "mScore", "rfmScore", "orders", "revenue", "recencyDays", "reason", "method", "asOf"]);
  // What is written for advertisers holds e-mails only: the name of the file says how the list was made.
  const { method } = state.results.rfm.value ?? { method: "" };
  const layouts = /** @type {NonNullable<ExportOptions["layout"]>[]} */ (["klaviyo", "mailchimp", "shopify", "google", "meta"]);
  return html`<div class="options list-tools">
      <label class="field"><span class="label">${t("list.split")}</span>
        <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => actions.setSegmenting({ split: /** @type {typeof split} */ (e.currentTarget.value) })}>
          ${Object.keys(SPLITS).map((key) => html`<option value=${key} ?selected=${key === split}>${t(`split.${key}`)}</option>`)}
        </select></label>
      ${groups ? choice(t("list.only"), [...groups.names, "all"], alone ?? "all", (one) => (one === "all" ? t("list.all") : one), (one) => actions.setSegmenting({ only: one })) : nothing}
      <div class="field"><span class="label">${t("list.export")}</span>
        <span class="buttons">
          <button type="button" class="plain" @click=${() => actions.exportList({ ...options, columns, contacts: true }, file)}>${t("export.csv")}</button>
          ${layouts.map((layout) => html`<button type="button" class="plain" @click=${() => actions.exportList({ ...options, layout }, [file, layout, method].filter(Boolean).join("-"))}>${t(`layout.${layout}`)}</button>`)}
        </span>
        <span class="hint">${t("list.exportHint")}</span>${consentNote(context, "list", where)}</div>
      <button type="button" class="plain" @click=${() => actions.choose(where, say)}>${t("list.select")}</button>
    </div>
    ${groups
      ? answered(context, "split", [where, split, seed, words.locale], (view, run) => view.split({ where, split: { ...groups, seed } }, run), ({ parts }) =>
          html`<table class="ruled narrow"><thead><tr><th scope="col">${t("list.group")}</th>${["segments.colCustomers", "segments.colRevenue", "list.meanOrders", "column.recencyDays"].map((key) => html`<th scope="col" class="right">${t(key)}</th>`)}</tr></thead>
            <tbody>${parts.map((part) => html`<tr><th scope="row">${part.name}</th><td class="right">${format.count(part.customers)}</td><td class="right">${format.cents(part.revenue)}</td><td class="right">${format.decimal(part.meanOrders ?? NaN)}</td><td class="right">${format.number(part.meanRecencyDays)}</td></tr>`)}</tbody></table>`)
      : nothing}`;
}

/**
 * Writes a list of groups, in which small ones do not show on request.
 * @param {Context} context @param {ExportOptions} options @param {string} name
 */
export function groupsExport({ state, words, actions }, options, name) {
  const { smallest } = state.segmenting;
  const set = (/** @type {number | undefined} */ least) => actions.setSegmenting({ smallest: least ?? 0 });
  return html`<div class="options export-line">
    ${numberField({ label: words.t("list.smallest"), value: smallest || undefined, placeholder: words.t("list.smallestNone"), min: 0, max: 1000, set })}
    <button type="button" class="plain" @click=${() => actions.exportList({ ...options, smallest }, name)}>${words.t("export.csv")}</button>
  </div>`;
}

/** A term of the trade with one plain sentence on it, for whoever points at it. @param {Words} words @param {string} term  key of its name @param {unknown} [value] */
export const term = (words, term, value) =>
  html`<span class="figure term" tabindex="0">${words.t(term)}${value === undefined ? nothing : html` ${value}`}<span class="note" role="tooltip">${words.t(`${term}.plain`)}</span></span>`;

/**
 * A choice among words.
 * @template {string} T
 * @param {string} label @param {readonly T[]} values @param {T} value @param {(value: T) => string} text @param {(value: T) => void} set
 */
export const choice = (label, values, value, text, set) =>
  html`<label class="field"><span class="label">${label}</span>
    <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => set(/** @type {T} */ (e.currentTarget.value))}>
      ${values.map((one) => html`<option value=${one} ?selected=${one === value}>${text(one)}</option>`)}
    </select></label>`;
