/** Movement: who was in which segment on an earlier day and is in which now, as flows and as a matrix. */

import { html, nothing } from "lit";
import "../../charts/figure.js";
import { COLOUR, flowChart } from "../../charts/flows.js";
import { daysOn, moved, wentWay } from "../../picks.js";
import { cellPick, figureLine, isChosen, onPage, opening, pickLine } from "../parts.js";
import { answered, columnWords, consentRule, groupsExport, segmentWords, term } from "./parts.js";

/** @import { Movement } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

const DAY_MS = 86_400_000;

/** With fewer days of orders before the earlier day, hardly anybody could have fallen. */
const SHORT = 90;

/** So many days from one to another. @param {string} from @param {string} to */
const daysFrom = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The days that can be compared with: within the file, and before this one. @param {Context} context */
const bounds = ({ state }) => ({ min: state.ledger?.firstDate ?? "", max: daysOn(state.asOf, -1) });

/** A quarter before, unless the user chose a day; never before the file begins. @param {Context} context */
function earlier(context) {
  const { min, max } = bounds(context);
  const wanted = context.state.segmenting.from || daysOn(context.state.asOf, -91);
  return wanted < min ? min : wanted > max ? max : wanted;
}

/** @param {Context} context */
export function movementPage(context) {
  const { state, words, actions } = context;
  const from = earlier(context);
  const young = daysFrom(bounds(context).min, from);
  const { rfm } = state.options;
  return html`<div class="options">
      <label class="field"><span class="label">${words.t("movement.from")}</span>
        <input type="date" .value=${from} min=${bounds(context).min || nothing} max=${bounds(context).max} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => e.currentTarget.reportValidity() && actions.setSegmenting({ from: e.currentTarget.value })} /></label>
    </div>
    ${young < SHORT ? html`<div class="warning" role="note"><p>${words.t("movement.short", { n: young, days: context.format.count(young) })}</p></div>` : nothing}
    ${answered(context, "movement", [from, rfm], (view, run) => view.movement({ from }, run), (result) => drawMovement(/** @type {Movement} */ (result), context))}
    ${state.asked.movement?.status === "failed" ? nothing : answered(context, "quality", [from, rfm], (view, run) => view.quality({ from }, run), (result) => drawQuality(result, context))}`;
}

/** The four tests of a segmentation. @param {import("../../../pkg/types.d.ts").Quality} result @param {Context} context */
function drawQuality(result, context) {
  const { words, format } = context;
  const { t, rich } = words;
  /** @type {[string, unknown][]} */
  const rows = [
    ["measurable", t("quality.measurable.what", { share: format.share(result.measurable), n: result.smallest, count: format.count(result.smallest) })],
    ["reachable", t(result.reachable === 0 && !result.hasConsent ? "quality.reachable.none" : result.hasConsent ? "quality.reachable.consent" : "quality.reachable.email", { share: format.share(result.reachable) })],
    ["different", t("quality.different.what", { parts: format.list(result.different.map((part) => t("quality.part", { column: columnWords(context, part.column), share: format.share(part.share) }))) })],
    ["stable", result.stayed === null ? t("quality.stable.unknown") : rich("quality.stable.what", { share: format.share(result.stayed), days: format.count(result.days), agreement: term(words, "term.rand", format.decimal(result.agreement ?? NaN)) })],
  ];
  return html`<section><h2>${t("quality.title")}</h2><p class="sub">${t("quality.sub")}</p>
    <dl class="scores quality">${rows.map(([key, text]) => html`<div><dt>${t(`quality.${key}`)}</dt><dd>${text}</dd></div>`)}</dl></section>`;
}

/** @param {Movement} result @param {Context} context */
function drawMovement(result, context) {
  const { state, words, actions, format, reading, save } = context;
  const { t, rich } = words;
  const { ids, customers } = result;
  const name = (/** @type {number} */ i) => (i < ids.length ? segmentWords(words, ids[i] ?? "") : t("movement.newcomers"));
  const ways = /** @type {("rose" | "fell" | "stayed" | "arrived")[]} */ (["rose", "fell", "stayed", "arrived"]);
  const most = Math.max(...customers.flat(), 1);
  const table = {
    columns: [{ label: t("movement.before") }, ...ids.map((id) => ({ label: segmentWords(words, id), align: /** @type {const} */ ("right") }))],
    rows: customers.map((row, i) => [name(i), ...row.map((n) => format.count(n))]),
  };
  /** Who they are, in words: of which segment then, and of which now. @param {number | null} i @param {number | null} j */
  function said(i, j) {
    const day = format.shortDay(result.from);
    if (j === null) return t("selection.was", { name: name(i ?? 0), day });
    return i === null ? name(j) : t(i === ids.length ? "selection.arrived" : "selection.moved", { from: name(i), to: name(j), day });
  }
  const sum = (/** @type {number[]} */ list) => list.reduce((all, n) => all + n, 0);
  /** @param {number | null} i @param {number | null} j */
  const mark = (i, j) => {
    const where = moved(result, i, j);
    const n = i === null ? sum(customers.map((row) => row[j ?? 0] ?? 0)) : j === null ? sum(customers[i] ?? []) : (customers[i]?.[j] ?? 0);
    return { chosen: isChosen(context, where), says: t("pick.size", { name: said(i, j), n, count: format.count(n) }), press: () => actions.choose(where, () => said(i, j)) };
  };
  const wayWords = (/** @type {string} */ way) => t("selection.since", { way: t(`movement.${way}`), day: format.shortDay(result.from) });
  return html`${opening(t("segments.page.movement"), rich("movement.finding", { rose: html`<b>${format.count(result.rose.customers)}</b>`, fell: html`<b>${format.count(result.fell.customers)}</b>` }), t("movement.standfirst", { from: format.day(result.from), to: format.day(result.to) }))}
    ${figureLine(ways.map((way) => ({ value: format.count(result[way].customers), label: result[way].customers === 0 ? t(`movement.${way}`) : pickLine(context, wentWay(result, way), () => t(`movement.${way}`), () => wayWords(way)), note: t("movement.note", { money: format.cents(result[way].revenue) }) })))}
    <p class="caption">${t("movement.order", { segments: format.list(ids.map((id) => segmentWords(words, id))) })}</p>
    <p class="buttons">
      ${ways.map((way) => html`<button type="button" class="plain" @click=${() => actions.exportList({ what: "movement", from: result.from, ways: [way], contacts: true }, `movement-${way}`)}>${t("movement.export", { way: t(`movement.${way}`) })}</button>`)}
      ${consentRule(context)}
    </p>
    <chart-figure
      .height=${460} .draw=${flowChart} .args=${[result, [...ids.map((_, i) => name(i)), name(ids.length)], mark, reading]}
      .heading=${t("movement.flowTitle", { share: format.share(result.stayed.customers / Math.max(1, result.rose.customers + result.fell.customers + result.stayed.customers)) })} .sub=${t("movement.flowSub", { from: format.shortDay(result.from), to: format.shortDay(result.to) })}
      .caption=${html`${ways.map((way) => html`<span class="key"><i class="swatch" style="background:${COLOUR[way]}"></i>${t(`movement.${way}`)}</span>`)} ${t("movement.flowCaption")} ${onPage(t("movement.pick"))}`} .file=${"movement"} .table=${table} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
    <section>
      <h2>${t("movement.matrixTitle")}</h2>
      <p class="sub">${t("movement.matrixSub")}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("movement.matrixTitle")}>
        <table class="ruled matrix" data-roam>
          <thead><tr><th scope="col">${t("movement.beforeNow")}</th>${ids.map((id) => html`<th scope="col" class="right">${segmentWords(words, id)}</th>`)}</tr></thead>
          <tbody>
            ${customers.map(
              (row, i) => html`<tr><th scope="row">${name(i)}</th>
                ${row.map((n, j) => {
                  const { chosen, press } = mark(i, j);
                  const says = t("movement.cell", { from: name(i), to: name(j), count: format.count(n), money: format.cents(result.revenue[i]?.[j]) });
                  return html`<td class="right heat" style="--heat:${(100 * Math.sqrt(n / most)).toFixed(0)}%">${n === 0 ? "" : cellPick(format.count(n), says, chosen, press)}</td>`;
                })}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${groupsExport(context, { what: "movementMatrix", from: result.from }, "movement-matrix")}
    </section>`;
}
