/** Customers: a virtual table over all of them, filtered by text and by the selection. */

import { html, nothing } from "lit";
import { COLUMN_KIND, cellText } from "../charts/customer-table.js";
import { familyOf } from "../charts/segments.js";
import { columnsThere, shownWhere } from "../state.js";
import { method, opening, waitingFor } from "./parts.js";
import { consentNote } from "./segments/parts.js";

/** @import { CustomerColumn } from "../../pkg/types.d.ts" */

/** Columns in the order in which they are offered. @type {CustomerColumn[]} */
export const COLUMNS = [
  "segment", "firstOrder", "lastOrder", "recencyDays", "orders", "revenue", "gross", "returns", "averageOrder", "rScore", "fScore", "mScore",
  "rfmCell", "pAlive", "expectedOrders", "orderValue", "clv", "churnProbability", "health", "tier", "phase", "churnType",
  "winbackGain", "country",
];

/** Kinds of columns that a range can be taken of; shares are asked for in percent. */
const RANGES = new Set(["count", "cents", "decimal", "exactShare"]);

/**
 * @param {HTMLFormElement} form
 * @param {import("./parts.js").Context} context
 */
function selectBy(form, { actions, words, format }) {
  const entries = new FormData(form);
  const column = /** @type {CustomerColumn} */ (entries.get("by"));
  const kind = COLUMN_KIND[column] ?? "count";
  const scale = kind === "exactShare" ? 100 : 1;
  const bound = (/** @type {string} */ name) => (entries.get(name) ? Number(entries.get(name)) / scale : null);
  const [min, max] = [bound("from"), bound("to")];
  if (min === null && max === null) return;
  const written = (/** @type {number | null} */ value) => (value === null ? "" : cellText(column, value, format, words));
  const key = max === null ? "atLeast" : min === null ? "atMost" : "between";
  actions.choose({ [column]: { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) } }, () =>
    words.t(`selection.${key}`, { column: words.t(`column.${column}`), from: written(min), to: written(max) }),
  );
}

/** @param {import("./parts.js").Context} context */
export function customersView(context) {
  const { state, words, actions, format } = context;
  const { t, rich } = words;
  const { table, selection, named } = state;
  const offered = columnsThere(state, COLUMNS);
  const shown = columnsThere(state, table.columns);
  const toggle = (/** @type {CustomerColumn} */ column, /** @type {boolean} */ on) =>
    actions.setColumns(/** @type {CustomerColumn[]} */ (["customerId", ...COLUMNS.filter((id) => (id === column ? on : table.columns.includes(id)))]));
  const marked = html`<span class="selected-words">${selection?.say()}</span>`;
  const counted = { n: table.total, count: format.count(table.total) };
  const finding =
    table.total === null
      ? selection ? rich("customers.countingSelection", { words: marked }) : t("customers.counting")
      : selection ? rich("customers.findingSelection", { words: marked, ...counted }) : t("customers.finding", counted);
  const standfirst =
    table.total !== null
      ? t("customers.standfirst", { money: format.cents(table.revenue), day: format.day(state.asOf) })
      : waitingFor(context);
  return html`${opening(t("view.customers"), finding, standfirst)}
    <div class="table-tools">
      <label class="field filter">
        <span class="label">${t("customers.filter")}</span>
        <span class="input">
          <input type="search" id="filter" autocomplete="off" spellcheck="false" .value=${table.filter} @input=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.setFilter(e.currentTarget.value)} />
        </span>
      </label>
      ${named.length > 0
        ? html`<label class="field">
            <span class="label">${t("customers.named")}</span>
            <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => {
              const entry = named[Number(e.currentTarget.value)];
              if (entry) actions.choose(entry.where, () => entry.name);
            }}>
              <option value="" selected></option>
              ${named.map((entry, i) => html`<option value=${i}>${entry.name}</option>`)}
            </select>
          </label>`
        : nothing}
      <form class="field by" @submit=${(/** @type {Event & { currentTarget: HTMLFormElement }} */ e) => (e.preventDefault(), selectBy(e.currentTarget, context))}>
        <label class="label" for="by">${t("customers.by")}</label>
        <span class="input">
          <select id="by" name="by">
            ${offered.filter((column) => RANGES.has(COLUMN_KIND[column] ?? "")).map((column) => html`<option value=${column}>${t(`column.${column}`)}</option>`)}
          </select>
          <input type="number" step="any" name="from" aria-label=${t("customers.from")} placeholder=${t("customers.from")} />
          <input type="number" step="any" name="to" aria-label=${t("customers.to")} placeholder=${t("customers.to")} />
          <button class="plain">${t("customers.select")}</button>
        </span>
      </form>
      <details class="menu">
        <summary>${t("customers.columns")}</summary>
        <div class="menu-list checks">
          ${offered.map(
            (column) =>
              html`<label><input type="checkbox" .checked=${table.columns.includes(column)} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => toggle(column, e.currentTarget.checked)} />${t(`column.${column}`)}</label>`,
          )}
        </div>
      </details>
      <button type="button" class="plain" @click=${actions.exportShown}>${t("export.csv")}</button>
      ${consentNote(context, "shown", shownWhere(state))}
    </div>
    <customer-table
      .rows=${actions.rows}
      .columns=${shown}
      .version=${table.version}
      .sortBy=${table.sortBy}
      .descending=${table.descending}
      .reading=${context.reading}
      .onSort=${actions.sortBy}
      .onOpen=${actions.openCustomer}
      .family=${(/** @type {string} */ id) => familyOf(id, state.options.rfm)}
    ></customer-table>
    ${method(context, "customers")}`;
}
