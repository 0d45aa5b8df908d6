/** The one selection, its size, its share of each segment; the customers table; one customer. */

import { isCancel, sentence } from "../actions.js";
import { picksOf, whereOf } from "../picks.js";
import { columnsThere, select, shownWhere, undo } from "../state.js";

/** @import { CustomerColumn, CustomersResult, Where } from "../../pkg/types.d.ts" */
/** @import { Bench } from "../actions.js" */
/** @import { Selection, State } from "../state.js" */

/** Columns of a customer's page. @type {CustomerColumn[]} */
const PAGE_COLUMNS = [
  "customerId", "segment", "firstOrder", "lastOrder", "recencyDays", "orders", "revenue", "averageOrder",
  "rScore", "fScore", "mScore", "pAlive", "expectedOrders", "clv", "churnProbability",
];

/** @param {Bench} bench */
export function selections({ store, outside }) {
  const at = async () => {
    const workspace = await outside.workspace();
    return workspace.at(store.state.asOf || undefined, store.state.options);
  };
  /** @param {unknown} error */
  const say = (error) => {
    if (!isCancel(error)) store.update({ problem: sentence(error) });
  };

  /** Counts the selection, and its part of each thing that can be picked in the view. */
  async function refreshParts() {
    const { selection, view: shown } = store.state;
    if (!selection) return;
    const still = () => store.state.selection?.where === selection.where && store.state.view === shown;
    try {
      const view = await at();
      const whole = await view.customers({ columns: ["customerId"], where: selection.where, limit: 0 });
      if (store.state.selection?.where !== selection.where) return;
      store.update({ selection: { ...store.state.selection, total: whole.total, revenue: whole.revenue } });
      /** @type {State["parts"]} */
      const parts = {};
      for (const [key, where, counted = true] of picksOf(store.state)) {
        if (!counted) continue;
        const both = { and: [selection.where, where] };
        const { total, revenue } = await view.customers({ columns: ["customerId"], where: both, limit: 0 });
        if (!still()) return;
        parts[key] = { total, revenue };
      }
      store.update({ parts });
    } catch (error) {
      say(error);
    }
  }

  const changeTable = (/** @type {Partial<State["table"]>} */ patch) =>
    store.update({ table: { ...store.state.table, ...patch, version: store.state.table.version + 1 } });

  /** As `changeTable`, for what changes who is in it. @param {Partial<State["table"]>} patch */
  const changeRows = (patch) => changeTable({ ...patch, total: null, revenue: null });

  return {
    refreshParts,
    /** @param {Where} where @param {() => string} say  who they are, in the language of then */
    choose(where, say) {
      store.update(select(store.state, { where, say }));
      return refreshParts();
    },
    /** Chooses what a key of the view stands for. @param {string} key @param {() => string} say */
    pick(key, say) {
      const where = whereOf(store.state, key);
      if (!where) return;
      store.update(select(store.state, { where, say }));
      return refreshParts();
    },
    clearSelection() {
      store.update(select(store.state, null));
    },
    undo() {
      store.update(undo(store.state));
      return refreshParts();
    },
    /** @param {string} name */
    nameSelection(name) {
      const { selection, named } = store.state;
      if (!selection || !name.trim()) return;
      const entry = { name: name.trim(), where: selection.where, words: selection.say() };
      store.update({
        named: [...named.filter((old) => old.name !== entry.name), entry],
        selection: { ...selection, say: () => entry.name },
      });
    },
    /** @param {string} filter */
    setFilter: (filter) => changeRows({ filter }),
    /** @param {CustomerColumn} column */
    sortBy(column) {
      const { sortBy, descending } = store.state.table;
      changeTable({ sortBy: column, descending: column === sortBy ? !descending : true });
    },
    /** @param {CustomerColumn[]} columns */
    setColumns: (columns) => changeTable({ columns }),
    /**
     * Rows of the table as it is filtered and sorted now.
     * @param {number} offset @param {number} limit
     * @returns {Promise<CustomersResult>}
     */
    async rows(offset, limit) {
      try {
        const view = await at();
        const { columns, sortBy, descending } = store.state.table;
        const where = shownWhere(store.state);
        const wanted = columnsThere(store.state, /** @type {CustomerColumn[]} */ ([...new Set(["customerId", ...columns])]));
        const [by] = columnsThere(store.state, [sortBy, "revenue"]);
        const result = await view.customers({ columns: wanted, where, sortBy: by, descending, offset, limit });
        const { table } = store.state;
        if (table.total !== result.total || table.revenue !== result.revenue) {
          store.update({ table: { ...table, total: result.total, revenue: result.revenue } });
        }
        return result;
      } catch (error) {
        say(error);
        return { total: 0, revenue: 0, columns: {} };
      }
    },
    /** @param {string} id */
    async openCustomer(id) {
      store.update({ view: "customer", customer: { id, detail: null, row: null, lifetime: null, message: "" } });
      try {
        const view = await at();
        const detail = await view.customer(id);
        if (store.state.customer?.id !== id) return;
        store.update({ customer: { id, detail, row: null, lifetime: null, message: "" } });
        const scores = await view.customers({ columns: columnsThere(store.state, PAGE_COLUMNS), where: { customerId: id }, limit: 1 });
        if (store.state.customer?.id !== id) return;
        const row = Object.fromEntries(
          Object.entries(scores.columns).map(([key, values]) => [key, /** @type {string | number} */ (values[0])]),
        );
        store.update({ customer: { id, detail, row, lifetime: null, message: "" } });
        const offers = await view.offers(id);
        if (store.state.customer?.id !== id) return;
        const next = "unavailable" in offers ? null : offers;
        store.update({ customer: { id, detail, row, lifetime: null, message: "", offers: next } });
        const found = await view.lifetimeRows({ where: { customerId: id }, limit: 1, paths: true });
        if (store.state.customer?.id !== id || !("rows" in found)) return;
        store.update({ customer: { id, detail, row, lifetime: found.rows[0] ?? null, message: "", offers: next } });
      } catch (error) {
        if (isCancel(error) || store.state.customer?.id !== id) return;
        store.update({ customer: { ...store.state.customer, message: sentence(error) } });
      }
    },
  };
}
