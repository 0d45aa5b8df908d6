/** `<customer-table>`: regular-table over pages of customers; sorts by its headers, opens by Enter or click. */

import { LitElement, html } from "lit";
import "regular-table";

/** @import { CustomerColumn, CustomersResult } from "../../pkg/types.d.ts" */

/** How a column is written. @type {Partial<Record<CustomerColumn, "count" | "cents" | "exactShare" | "decimal" | "shortDay" | "segment">>} */
export const COLUMN_KIND = {
  firstOrder: "shortDay", lastOrder: "shortDay", recencyDays: "count", orders: "count", revenue: "cents", gross: "cents", returns: "cents",
  averageOrder: "cents", rScore: "count", fScore: "count", mScore: "count", pAlive: "exactShare", expectedOrders: "decimal", orderValue: "cents",
  clv: "cents", churnProbability: "exactShare", winbackGain: "cents", segment: "segment", health: "count",
};

// regular-table asks for it; browsers have it since 2023 and 2024 only.
Promise.withResolvers ??= function withResolvers() {
  /** @type {any} */
  const parts = {};
  parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const LEFT = new Set(["customerId", "segment", "country", "rfmCell", "tier", "phase", "churnType"]);

/**
 * @param {CustomerColumn} column
 * @param {unknown} value
 * @param {import("../format.js").Format} format
 * @param {import("../words.js").Words} words
 */
export function cellText(column, value, format, words) {
  const kind = COLUMN_KIND[column];
  if (value === undefined || value === null || value === "") return "–";
  if (kind === "segment") return words.has(`segment.${value}`) ? words.t(`segment.${value}`) : String(value);
  if (column === "tier") return words.t(`tier.${value}`);
  if (column === "phase" || column === "churnType") return words.t(`cell.${column}.${value}`);
  if (kind === "shortDay") return format.shortDay(String(value));
  return kind ? format[kind](Number(value)) : String(value);
}

export class CustomerTable extends LitElement {
  /** @override */
  static properties = {
    rows: { attribute: false },
    columns: { attribute: false, hasChanged: (/** @type {unknown} */ a, /** @type {unknown} */ b) => String(a) !== String(b) },
    version: { attribute: false },
    sortBy: { attribute: false },
    descending: { attribute: false },
    reading: { attribute: false },
    onSort: { attribute: false },
    onOpen: { attribute: false },
    family: { attribute: false, hasChanged: () => false },
  };

  constructor() {
    super();
    /** @type {(offset: number, limit: number) => Promise<CustomersResult>} */
    this.rows = () => Promise.resolve({ total: 0, revenue: 0, columns: {} });
    /** @type {CustomerColumn[]} */
    this.columns = [];
    this.version = 0;
    /** @type {CustomerColumn} */
    this.sortBy = "revenue";
    this.descending = true;
    /** @type {import("./value.js").Reading | null} */
    this.reading = null;
    /** @type {(column: CustomerColumn) => void} */
    this.onSort = () => {};
    /** @type {(id: string) => void} */
    this.onOpen = () => {};
    /** Identifiers of the rows that are drawn, by their place. @type {Map<number, string>} */
    this.ids = new Map();
    /** @type {Map<number, string>} */
    this.segments = new Map();
    /** @type {(segment: string) => string} */
    this.family = () => "gone";
    this.current = 0;
    this.total = 0;
    this.ready = false;
    this.wanted = false;
    this.drawing = false;
  }

  /** @override */
  createRenderRoot() {
    return this;
  }

  /** @returns {any} regular-table's element; its types describe the class, not the registered element */
  get grid() {
    return this.querySelector("regular-table");
  }

  /** @override */
  firstUpdated() {
    const { grid } = this;
    grid.setDataListener((/** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1) => this.page(x0, y0, x1, y1));
    grid.addStyleListener(() => this.dress());
    this.ready = true;
    this.redraw();
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!this.ready) return;
    if (changed.has("version") || changed.has("columns") || changed.has("reading")) {
      if (changed.has("version")) this.grid.scrollTop = 0;
      this.redraw();
    }
  }

  /** Draws what is wanted last. A draw asked for during another would be lost with what it asks for. */
  async redraw() {
    this.wanted = true;
    if (this.drawing) return;
    this.drawing = true;
    while (this.wanted) {
      this.wanted = false;
      await this.grid.flush();
      await this.grid.draw({ invalid_viewport: true });
    }
    this.drawing = false;
  }

  /**
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
   */
  async page(x0, y0, x1, y1) {
    const { columns, reading } = this;
    // A table that is taken off the page while it draws knows no rows.
    if (!reading || !(y1 >= y0)) return { num_rows: 0, num_columns: columns.length, data: [] };
    const { format, words } = reading;
    const result = await this.rows(y0, Math.max(1, y1 - y0));
    this.total = result.total;
    const ids = /** @type {string[]} */ (result.columns.customerId ?? []);
    this.ids = new Map(ids.map((id, i) => [y0 + i, id]));
    this.segments = new Map(Array.from(/** @type {string[]} */ (result.columns.segment ?? []), (id, i) => [y0 + i, id]));
    const shown = columns.slice(x0, x1);
    return {
      num_rows: result.total,
      num_columns: columns.length,
      column_headers: shown.map((column) => [words.t(`column.${column}`)]),
      metadata: shown.map(() => ids.map((_, i) => y0 + i)),
      data: shown.map((column) => Array.from(ids, (_, i) => cellText(column, result.columns[column]?.[i], format, words))),
    };
  }

  /** Alignment, sort state and the row that the keyboard is on. */
  dress() {
    const { grid, columns } = this;
    grid.querySelector("table")?.setAttribute("aria-rowcount", String(this.total + 1));
    for (const head of grid.querySelectorAll("thead th")) {
      const meta = grid.getMeta(head);
      const column = columns[meta?.x ?? -1];
      if (!column) continue;
      head.className = LEFT.has(column) ? "left" : "right";
      head.setAttribute("aria-sort", column === this.sortBy ? (this.descending ? "descending" : "ascending") : "none");
      head.tabIndex = 0;
      head.dataset.column = column;
    }
    for (const cell of grid.querySelectorAll("tbody td")) {
      const meta = grid.getMeta(cell);
      const column = columns[meta?.x ?? -1];
      const family = column === "segment" && meta ? this.family(this.segments.get(meta.y) ?? "") : undefined;
      cell.className = `${column && LEFT.has(column) ? "left" : "right"}${family ? ` family ${family}` : ""}`;
      const row = cell.parentElement;
      if (row && meta) {
        row.dataset.row = String(meta.y);
        row.setAttribute("aria-rowindex", String(meta.y + 2));
        row.classList.toggle("current", meta.y === this.current);
      }
    }
  }

  /** @param {Event} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const head = target.closest("th");
    if (head?.dataset.column) this.onSort(/** @type {CustomerColumn} */ (head.dataset.column));
    const row = target.closest("tr");
    const id = row?.dataset.row === undefined ? undefined : this.ids.get(Number(row.dataset.row));
    if (!head && id) this.onOpen(id);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const head = /** @type {HTMLElement} */ (event.target).closest("th");
    if (head?.dataset.column && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.onSort(/** @type {CustomerColumn} */ (head.dataset.column));
      return;
    }
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity });
    const step = steps[event.key];
    if (step !== undefined && !head) {
      event.preventDefault();
      this.current = Math.max(0, Math.min(this.total - 1, this.current + step));
      this.reveal();
    } else if (event.key === "Enter" && !head) {
      const id = this.ids.get(this.current);
      if (id) this.onOpen(id);
    }
  }

  async reveal() {
    const { grid } = this;
    const seen = [...this.ids.keys()];
    const first = seen[0] ?? 0;
    const last = seen.at(-1) ?? 0;
    if (this.current <= first || this.current >= last - 1) {
      const top = this.current <= first ? this.current : Math.max(0, this.current - (last - first) + 2);
      await grid.scrollToCell(0, top, this.columns.length, this.total);
    }
    this.dress();
  }

  /** @override */
  render() {
    return html`<regular-table
      tabindex="0"
      aria-label=${this.reading?.words.t("customers.table") ?? ""}
      @click=${this.clicked}
      @keydown=${this.pressed}
    ></regular-table>`;
  }
}

customElements.define("customer-table", CustomerTable);
