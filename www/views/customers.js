/** Customers: a virtual table over all of them, filtered by text and by the selection. */

import { html, nothing } from "lit";
import "../charts/customer-table.js";
import { columnsThere } from "../state.js";
import { method, opening, waitingFor } from "./parts.js";

/** @import { CustomerColumn } from "../../pkg/types.d.ts" */

/** Columns in the order in which they are offered. @type {CustomerColumn[]} */
export const COLUMNS = [
  "segment", "firstOrder", "lastOrder", "recencyDays", "orders", "revenue", "gross", "returns", "averageOrder", "rScore", "fScore", "mScore",
  "rfmCell", "pAlive", "expectedOrders", "orderValue", "clv", "churnProbability", "winbackGain", "country",
];

/** @param {import("./parts.js").Context} context */
export function customersView(context) {
  const { state, words, actions, format } = context;
  const { t, rich } = words;
  const { table, selection, named } = state;
  const offered = columnsThere(state, COLUMNS);
  const shown = columnsThere(state, table.columns);
  const toggle = (/** @type {CustomerColumn} */ column, /** @type {boolean} */ on) =>
    actions.setColumns(/** @type {CustomerColumn[]} */ (["customerId", ...COLUMNS.filter((id) => (id === column ? on : table.columns.includes(id)))]));
  const marked = html`<span class="selected-words">${selection?.words}</span>`;
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
              if (entry) actions.choose(entry.where, entry.name);
            }}>
              <option value="" selected></option>
              ${named.map((entry, i) => html`<option value=${i}>${entry.name}</option>`)}
            </select>
          </label>`
        : nothing}
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
    </div>
    <customer-table
      .rows=${actions.rows}
      .columns=${shown}
      .version=${table.version}
      .sortBy=${table.sortBy}
      .descending=${table.descending}
      .words=${words}
      .format=${format}
      .onSort=${actions.sortBy}
      .onOpen=${actions.openCustomer}
    ></customer-table>
    ${method(context, "customers")}`;
}
