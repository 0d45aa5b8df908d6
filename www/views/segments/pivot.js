/** Pivot: any two dimensions against each other, in customers, money or a mean; each cell leads to its customers. */

import { html, nothing } from "lit";
import { cellPick, isChosen, opening, sentences } from "../parts.js";
import { KINDS, answered, choice, columnWords, groupsExport, there, valueWords } from "./parts.js";

/** @import { Pivot, PivotHeader, PivotOptions } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

const MONEY = /revenue|gross|returns|averageOrder|clv/;
/** What makes sense added up. */
const ADDED = /^(orders|revenue|gross|returns|expectedOrders|clv)$/;
const CHANCE = /churnProbability|pAlive/;
const DIMENSIONS = [...KINDS.text.filter((column) => column !== "customerId"), ...KINDS.day, ...KINDS.number];

/** @param {Context} context */
export function pivotPage(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const { pivot, show } = state.segmenting;
  const set = (/** @type {Partial<PivotOptions>} */ patch) => actions.setSegmenting({ pivot: { ...pivot, ...patch } });
  const dimensions = there(context, DIMENSIONS);
  const figures = there(context, KINDS.number);
  const measures = ["customers", ...figures.filter((column) => ADDED.test(column)).map((column) => `sum ${column}`), ...figures.map((column) => `mean ${column}`)];
  const measure = pivot.measure === "customers" || !pivot.measure ? "customers" : `${pivot.measure} ${pivot.of}`;
  const said = (/** @type {string} */ one) => {
    const [kind = "", column = ""] = one.split(" ");
    return column ? t(`pivot.${kind}`, { column: columnWords(context, /** @type {typeof figures[number]} */ (column)) }) : t("segments.colCustomers");
  };
  const choose = (/** @type {string} */ one) => {
    const [kind, column] = one.split(" ");
    const mean = kind === "mean" && ["rowShare", "columnShare", "share"].includes(show);
    actions.setSegmenting({ pivot: { ...pivot, measure: /** @type {"sum"} */ (kind), of: /** @type {typeof figures[number] | undefined} */ (column) }, ...(mean ? { show: "value" } : {}) });
  };
  const shows = pivot.measure === "mean" ? /** @type {const} */ (["value", "index"]) : /** @type {const} */ (["value", "share", "rowShare", "columnShare", "index"]);
  return html`<div class="options">
      ${choice(t("pivot.rows"), dimensions, pivot.rows, (one) => columnWords(context, one), (rows) => set({ rows }))}
      ${choice(t("pivot.columns"), dimensions, pivot.columns, (one) => columnWords(context, one), (columns) => set({ columns }))}
      ${choice(t("pivot.measure"), measures, measure, said, choose)}
      ${choice(t("pivot.show"), /** @type {readonly (typeof show)[]} */ (shows), show, (one) => t(`pivot.show.${one}`), (one) => actions.setSegmenting({ show: one }))}
      ${KINDS.day.includes(pivot.rows) || KINDS.day.includes(pivot.columns)
        ? choice(t("lifecycle.unit"), /** @type {const} */ (["month", "quarter", "year"]), pivot.unit ?? "quarter", (one) => t(`unit.${one}`), (unit) => set({ unit }))
        : nothing}
    </div>
    ${answered(context, "pivot", pivot, (view, run) => view.pivot(pivot, run), (result) => drawPivot(result, said(measure), context))}`;
}

/** @param {Pivot} result @param {string} measure @param {Context} context */
function drawPivot(result, measure, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { pivot, show } = state.segmenting;
  const money = MONEY.test(pivot.of ?? "");
  const share = pivot.of === "churnProbability" || pivot.of === "pAlive";
  const value = (/** @type {number | null} */ n) => (share && pivot.measure === "mean" ? format.exactShare(n) : money ? format.cents(n) : pivot.measure === "mean" ? format.number(n) : format.count(n));
  const shown = (/** @type {Pivot["cells"][number][number]} */ cell) => (show === "value" ? value(cell.value) : show === "index" ? format.count(cell.index) : format.exactShare(cell[show]));
  const heat = (/** @type {Pivot["cells"][number][number]} */ cell) => (cell.customers === 0 ? 0 : Math.abs((show === "index" ? Math.log(Math.max(1, cell.index ?? 100) / 100) : cell[show]) ?? 0));
  const all = (/** @type {number | null | undefined} */ n) => (show === "index" ? format.count(100) : value(n ?? null));
  const most = Math.max(...result.cells.flat().map(heat), 1e-9);
  const name = (/** @type {"rows" | "columns"} */ side, /** @type {PivotHeader | undefined} */ header) => headerWords(context, pivot[side], header);
  const labels = Object.fromEntries(/** @type {const} */ (["rows", "columns"]).flatMap((side) => result[side].map((header) => [header.label, name(side, header)])));
  return html`${opening(t("segments.page.pivot"), t("pivot.finding", { measure, rows: columnWords(context, pivot.rows), columns: columnWords(context, pivot.columns) }), t("pivot.standfirst", { show: t(`pivot.show.${show}`), day: format.day(result.asOf) }))}
    <div class="scroll" tabindex="0" role="region" aria-label=${t("segments.page.pivot")}>
      <table class="ruled matrix" data-roam>
        <thead><tr><td></td>${result.columns.map((column) => html`<th scope="col" class="right">${name("columns", column)}</th>`)}<th scope="col" class="right">${t("pivot.all")}</th></tr></thead>
        <tbody>
          ${result.cells.map(
            (row, i) => html`<tr><th scope="row">${name("rows", result.rows[i])}</th>
              ${row.map((cell, j) => {
                const [a, b] = [result.rows[i], result.columns[j]];
                const where = a?.where && b?.where ? { and: [a.where, b.where] } : null;
                const text = cell.customers === 0 ? "" : shown(cell);
                return html`<td class="right heat ${show === "index" && (cell.index ?? 100) < 100 ? "less" : ""}" style="--heat:${((100 * heat(cell)) / most).toFixed(0)}%">
                  ${where && cell.customers > 0 ? cellPick(text, t("count.customers", { n: cell.customers, count: format.count(cell.customers) }), isChosen(context, where), () => actions.choose(where, () => `${name("rows", a)}, ${name("columns", b)}`)) : text}
                </td>`;
              })}
              <td class="right"><b>${all(result.rowValues[i])}</b></td></tr>`,
          )}
          <tr><th scope="row">${t("pivot.all")}</th>${result.columnValues.map((n) => html`<td class="right"><b>${all(n)}</b></td>`)}<td class="right"><b>${all(result.value)}</b></td></tr>
        </tbody>
      </table>
    </div>
    <p class="caption">${sentences(t("pivot.caption"), show === "index" && t("pivot.indexCaption"))}</p>
    ${state.view === "report" ? nothing : groupsExport(context, { what: "pivot", pivot, labels }, "pivot")}`;
}

/** Ranges of money are written as money, shares as shares. @param {Context} context @param {PivotOptions["rows"]} column @param {PivotHeader | undefined} header */
function headerWords(context, column, header) {
  if (!header) return "";
  const { format, words } = context;
  if (!header.range) return valueWords(context, column, header.label);
  const [from, to] = header.range;
  const written = MONEY.test(column) ? format.axisMoney : CHANCE.test(column) ? format.share : format.number;
  return from === to ? written(from) : words.t("spread.range", { from: written(from), to: written(to) });
}
