/** Lists as CSV, settings as a file without data. */

import { isCancel, sentence } from "../actions.js";
import { columnsThere, shownWhere } from "../state.js";
import { labelsOf, slug } from "./labels.js";

/** @import { CustomerColumn, ExportOptions, Where } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */

/**
 * @param {Bench} bench
 * @param {ReturnType<typeof import("./analyses.js").analyses>} compute
 */
export function exports({ store, outside }, compute) {
  const t = (/** @type {string} */ key) => outside.words.t(key);
  /** Columns and order as in the table of customers. */
  const asShown = () => {
    const { columns, sortBy, descending } = store.state.table;
    const all = columnsThere(store.state, /** @type {CustomerColumn[]} */ ([...new Set(["customerId", ...columns])]));
    const [by] = columnsThere(store.state, [sortBy, "revenue"]);
    return { columns: all, sortBy: by, descending, contacts: true };
  };

  /** @param {ExportOptions} options @param {string} name */
  async function csv(options, name) {
    try {
      const view = await compute.view();
      const labels = { ...labelsOf(outside.words, options.what), ...options.labels };
      const bytes = await view.exportCsv({ ...options, labels });
      outside.save(new Blob([/** @type {BlobPart} */ (bytes)], { type: "text/csv" }), `${slug(name)}-${store.state.asOf}.csv`);
      store.update({ status: t("export.done") });
    } catch (error) {
      if (!isCancel(error)) store.update({ problem: sentence(error) });
    }
  }

  return {
    exportList: csv,
    /** @param {Where} where @param {string} name */
    exportCustomers: (where, name) => csv({ what: "customers", where, ...asShown() }, name),
    exportShown: () => csv({ what: "customers", where: shownWhere(store.state), ...asShown() }, "customers"),
    /** The result of a campaign, from its list and the orders loaded now. @param {File} list */
    async readOutcome(list) {
      try {
        const view = await compute.view();
        store.update({ outcome: { value: await view.winbackOutcome(list), message: "" } });
      } catch (error) {
        store.update({ outcome: { value: null, message: sentence(error) } });
      }
    },
    exportPlan: () => csv({ what: "winback", contacts: true }, "win-back"),
    exportSegments: () => csv({ what: "segments" }, "segments"),
    /** @param {"rules" | "sets" | "sequences" | "offers" | "cohorts" | "forecast"} what */
    exportTable: (what) => csv({ what }, what),
    exportLedger: () => csv({ what: "ledger" }, "ledger"),
    async saveSettings() {
      const workspace = await outside.workspace();
      const { options, currency, named, language, theme, treemapBy, table, asOf } = store.state;
      const { columns, sortBy, descending } = table;
      // The day after the last order belongs to this file; a chosen day is a setting.
      const chosen = asOf === workspace.at().asOf ? null : asOf;
      const page = { asOf: chosen, currency, options, named, language, theme, treemapBy, table: { columns, sortBy, descending } };
      const text = JSON.stringify({ product: "regulars", workspace: workspace.settings(), page }, null, 2);
      outside.save(new Blob([text], { type: "application/json" }), "regulars-settings.json");
    },
  };
}
