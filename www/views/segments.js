/** Segments: grid of recency and frequency, treemap, and the list with what to do for each. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { familyOf, recencyGrid, segmentTreemap } from "../charts/segments.js";
import { sameWhere } from "../state.js";
import { regularsOf } from "./regulars.js";
import { figure, method, notices, opening, outcomeView, segmentName } from "./parts.js";
import { advice } from "./segments/advice.js";
import { clustersPage } from "./segments/clusters.js";
import { lifecyclePage } from "./segments/lifecycle.js";
import { listsPage } from "./segments/lists.js";
import { movementPage } from "./segments/movement.js";
import { groupsExport, segmentWords, tabs } from "./segments/parts.js";
import { pivotPage } from "./segments/pivot.js";
import { profile } from "./segments/profile.js";
import { scoring } from "./segments/scoring.js";
import { tiersPage } from "./segments/tiers.js";

/** @import { RfmResult, Where } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @param {Context} context */
export function segmentsView(context) {
  const { page } = context.state.segmenting;
  const draw = context.state.view === "report" ? undefined : PAGE[page];
  const drawn = draw ? draw(context) : outcomeView("rfm", context.state.results.rfm, context, (result) => drawSegments(result, context));
  return html`${tabs(context)} ${drawn}`;
}

/** The pages beside the segments themselves. @type {Partial<Record<import("../state.js").SegmentsPage, (context: Context) => unknown>>} */
const PAGE = { movement: movementPage, lifecycle: lifecyclePage, clusters: clustersPage, pivot: pivotPage, lists: listsPage, tiers: tiersPage };

/** @param {RfmResult} result @param {Context} context */
function drawSegments(result, context) {
  const { state, words, actions, format, reading } = context;
  const { t, rich } = words;
  const { view } = state;
  const best = regularsOf(result, state.options.rfm);
  const chosen = state.selection?.where;
  const isChosen = (/** @type {Where} */ where) => chosen !== undefined && sameWhere(chosen, where);
  const pick = (/** @type {string} */ id) => actions.choose({ segment: id }, () => segmentWords(words, id));
  const cell = (/** @type {number} */ r, /** @type {number} */ f) => ({ rScore: r, fScore: f });
  const customers = result.segments.reduce((sum, segment) => sum + segment.customers, 0);
  const finding = rich("segments.finding", {
    share: figure(format.share(best.share), t("note.ofCustomers", { count: format.count(best.customers), all: format.count(customers) })),
    money: figure(format.share(best.revenueShare), t("note.ofCustomerRevenue", { money: format.cents(best.revenue) })),
  });
  const by = state.treemapBy === "revenue" ? "revenueShare" : "share";
  const largest = result.segments.reduce((a, b) => ((b[by] ?? 0) > (a[by] ?? 0) ? b : a));
  const segmentRows = result.segments.map((segment) => [
    segmentWords(words, segment.id), format.count(segment.customers), format.exactShare(segment.share), format.cents(segment.revenue), format.exactShare(segment.revenueShare),
  ]);
  return html`${opening(t("view.segments"), finding, t("segments.standfirst", { count: format.count(customers), day: format.day(result.asOf) }))}
    ${view === "report" ? nothing : scoring(result, context)}
    <div class="pair wide-right">
      <chart-figure
        .height=${320}
        .draw=${recencyGrid}
        .args=${[result, { isSelected: (/** @type {number} */ r, /** @type {number} */ f) => isChosen(cell(r, f)), pick: (/** @type {number} */ r, /** @type {number} */ f) => actions.choose(cell(r, f), () => t("selection.cell", { r, f })), parts: state.parts }, reading]}
        .heading=${t("segments.gridTitle", { often: format.count(result.grid.at(-1)?.at(-1)?.customers), gone: format.count(result.grid[0]?.[0]?.customers) })}
        .sub=${t("segments.gridSub")}
        .file=${"recency-frequency"}
        .table=${gridTable(result, context)}
        .words=${words} .showTable=${state.showTables} .save=${context.save}
      ></chart-figure>
      <div>
        <chart-figure
          .height=${380}
          .draw=${segmentTreemap}
          .args=${[result.segments, state.treemapBy, { isSelected: (/** @type {string} */ id) => isChosen({ segment: id }), pick, parts: state.parts, family: (/** @type {string} */ id) => familyOf(id, state.options.rfm) }, reading]}
          .heading=${t(`segments.treemapTitle.${state.treemapBy}`, { segment: segmentWords(words, largest.id), share: format.share(largest[by]) })}
          .sub=${t(`segments.treemapSub.${state.treemapBy}`)}
          .caption=${legend(context)}
          .file=${"segments"}
          .table=${{ columns: [{ label: t("column.segment") }, { label: t("segments.colCustomers"), align: "right" }, { label: t("segments.colShare"), align: "right" }, { label: t("segments.colRevenue"), align: "right" }, { label: t("segments.colRevenueShare"), align: "right" }], rows: segmentRows }}
          .words=${words} .showTable=${state.showTables} .save=${context.save}
        ></chart-figure>
      </div>
    </div>
    <section>
      <div class="head-line">
        <h2>${result.segments.length === 11 ? t("segments.listTitle") : t("segments.listTitleOwn", { n: result.segments.length })}</h2>
        ${view === "report" ? nothing : groupsExport(context, { what: "segments" }, "segments")}
      </div>
      ${segmentTable(result, context, isChosen, pick)}
    </section>
    ${chosenSegment(context)}
    ${notices(result.notices)} ${method(context, "segments")}`;
}

/** What the chosen segment is like. @param {Context} context */
function chosenSegment(context) {
  const { selection, view } = context.state;
  if (!selection || view === "report") return nothing;
  return profile(context, selection.where, selection.say);
}

/** @param {Context} context */
const legend = ({ words, state, actions }) =>
  html`<span class="legend">
    ${["best", "growing", "cooling", "risk", "gone"].map((family) => html`<span><i class="swatch" style="background:var(--${family})"></i>${words.t(`family.${family}`)}</span>`)}
    <span class="toggle" role="group" aria-label=${words.t("segments.areaBy")}>
      ${/** @type {const} */ (["revenue", "customers"]).map(
        (by) => html`<button type="button" class="quiet" aria-pressed=${state.treemapBy === by} @click=${() => actions.setTreemap(by)}>${words.t(`segments.by.${by}`)}</button>`,
      )}
    </span>
  </span>`;

/** @param {RfmResult} result @param {Context} context */
function gridTable({ grid, bins }, { words, format }) {
  const { t } = words;
  const rows = grid
    .flatMap((row, r) => row.map((cell, f) => [String(r + 1), String(f + 1), format.count(cell.customers), format.cents(cell.revenue)]))
    .reverse();
  return { columns: [{ label: t("column.rScore") }, { label: t("column.fScore") }, { label: t("segments.colCustomers"), align: /** @type {const} */ ("right") }, { label: t("segments.colRevenue"), align: /** @type {const} */ ("right") }], rows };
}

/**
 * @param {RfmResult} result
 * @param {Context} context
 * @param {(where: Where) => boolean} isChosen
 * @param {(id: string) => void} pick
 */
function segmentTable({ segments }, { state, words, format }, isChosen, pick) {
  const { t } = words;
  const most = Math.max(...segments.map((segment) => segment.revenueShare ?? 0), 1e-9);
  const todo = segments.map((segment) => {
    const said = advice(words, segment, segments);
    return said && html`${said.action}<br /><span class="caption">${said.campaign}</span>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("segments.listTitle")}>
    <table class="ruled segments">
      <thead>
        <tr>
          <th scope="col">${t("column.segment")}</th>
          <th scope="col" class="right">${t("segments.colCustomers")}</th>
          <th scope="col" class="right">${t("segments.colShare")}</th>
          <th scope="col" class="right">${t("segments.colRevenue")}</th>
          <th scope="col" class="bar-col">${t("segments.colRevenueShare")}</th>
          <th scope="col" class="right">${t("segments.colAverage")}</th>
          <th scope="col" class="right">${t("segments.colSilent")}</th>
          <th scope="col" class="right">${t("segments.colOrders")}</th>
          <th scope="col">${t("segments.colAction")}</th>
        </tr>
      </thead>
      <tbody>
        ${segments.map((segment, i) => {
          const part = state.parts[segment.id];
          return html`<tr class=${isChosen({ segment: segment.id }) ? "chosen" : ""}>
            <th scope="row">
              <button type="button" class="row-pick" aria-pressed=${isChosen({ segment: segment.id })} @click=${() => pick(segment.id)}>
                ${segmentName(words, segment.id, familyOf(segment.id, state.options.rfm))}
              </button>
            </th>
            <td class="right">${format.count(segment.customers)}${part && part.total > 0 ? html`<br /><span class="part">${format.count(part.total)}</span>` : nothing}</td>
            <td class="right">${format.exactShare(segment.share)}</td>
            <td class="right">${format.cents(segment.revenue)}</td>
            <td class="bar-col">
              <span class="cell-bar"><i style="width:${((100 * Math.max(0, segment.revenueShare ?? 0)) / most).toFixed(1)}%"></i></span>${format.exactShare(segment.revenueShare)}
            </td>
            <td class="right">${format.cents(segment.averageOrder)}</td>
            <td class="right">${format.count(segment.medianRecencyDays)}</td>
            <td class="right">${format.number(segment.medianOrders)}</td>
            <td class="action">${todo[i]}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>
  <div class="terms todos"><dl>${segments.map(({ id }, i) => todo[i] && html`<div><dt>${segmentName(words, id, familyOf(id, state.options.rfm))}</dt><dd>${todo[i]}</dd></div>`)}</dl></div>`;
}
