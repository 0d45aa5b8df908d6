/** Cohorts: customers by their first order, period by period, as a table of shades and as curves. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { cohortCurves } from "../charts/shop.js";
import { cohortWhere, picked } from "../picks.js";
import { cellPick, choiceField, cut, cutNote, explain, figure, method, notices, onPage, opening, outcomeView, partOf, picking } from "./parts.js";
import { selectedHere } from "./selected.js";

/** @import { Cohort, CohortsOptions, CohortsResult } from "../../pkg/types.d.ts" */
/** @import { State } from "../state.js" */
/** @typedef {import("./parts.js").Context} Context */

/** Periods that a sheet of paper has room for. */
const PAPER_PERIODS = 13;

/** @type {State["cohortBy"][]} */
const MEASURES = ["retention", "customers", "orders", "net", "returns", "cumulative"];
/** @type {NonNullable<CohortsOptions["by"]>[]} */
const BY = ["firstOrder", "product", "channel", "discount", "country"];
/** @type {NonNullable<CohortsOptions["unit"]>[]} */
const UNITS = ["week", "month", "quarter"];

/** @param {Context} context */
export const cohortsView = (context) => html`${outcomeView("cohorts", context.state.results.cohorts, context, (result) => drawCohorts(result, context))}
  ${context.state.results.cohorts.status === "unavailable" ? controls(context) : nothing}`;

/** @param {Context} context */
function controls({ state, words, actions }) {
  const { t } = words;
  const { by = "firstOrder", unit = "month" } = state.options.cohorts;
  return html`<div class="options">
    ${choiceField({ label: t("cohorts.by"), value: by, choices: BY.map((id) => [id, t(`cohorts.by.${id}`)]), set: (value) => actions.setOption("cohorts", { by: value }) })}
    ${choiceField({ label: t("cohorts.unit"), value: unit, choices: UNITS.map((id) => [id, t(`period.${id}`)]), set: (value) => actions.setOption("cohorts", { unit: value }) })}
    ${choiceField({ label: t("cohorts.show"), value: state.cohortBy, choices: MEASURES.map((id) => [id, t(`cohorts.show.${id}`)]), set: actions.setCohortBy })}
    <button type="button" class="plain" @click=${() => actions.exportTable("cohorts")}>${t("cohorts.export")}</button>
  </div>`;
}

/** @param {CohortsResult} result @param {Context} context */
function drawCohorts(result, context) {
  const { state, words, format, reading, save } = context;
  const { t, rich } = words;
  const [, again] = result.average.retention;
  const finding =
    again === null || again === undefined
      ? t("cohorts.findingPlain")
      : rich(`cohorts.finding.${result.unit}`, { share: figure(format.share(again), t("cohorts.ofExposed", { count: format.count(result.average.exposed[1]) })) });
  const curve = state.cohortBy === "cumulative" || state.cohortBy === "net" || state.cohortBy === "returns" ? "cumulative" : "retention";
  const names = result.cohorts.map((cohort) => cohortName(cohort, context));
  const periods = result.average.exposed;
  const row = Number(picked(state).chosen?.split("/")[1] ?? -1);
  const sized = (/** @type {string} */ name, n = 0) => t("pick.size", { name, n, count: format.count(n) });
  return html`${opening(t("view.cohorts"), finding, t("cohorts.standfirst", { day: format.day(result.asOf) }))}
    ${controls(context)}
    <section>
      <h2>${t(`cohorts.title.${state.cohortBy}`)}</h2>
      <p class="sub">${t(`cohorts.sub.${state.cohortBy}`)}</p>
      ${heat(result, context)} ${cutNote(context, result.average.exposed.length, PAPER_PERIODS)}
      <p class="caption">${onPage(t("cohorts.pick"))} ${t("cohorts.partCaption")}</p>
    </section>
    <chart-figure
      .height=${320} .draw=${cohortCurves} .args=${[result, curve, picked(state), names, periods.map((_, i) => sized(cellWords(result, row, i, context), result.cohorts[row]?.customers[i])), periods.map((_, i) => sized(afterWords(result, i, context), result.cohorts.reduce((sum, { customers }) => sum + (customers[i] ?? 0), 0))), reading]}
      .picking=${picking(context, (key) => keyWords(result, key, context))}
      .heading=${curveTitle(result, curve, context)} .sub=${t("cohorts.curvesSub")} .caption=${explain(words, "cohorts.curvesExplain")}
      .file=${"cohort-curves"} .table=${curveTable(result, curve, context)} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "cohorts")}`;
}

/** From the first to a year, or as far as is known. @param {CohortsResult} result @param {"retention" | "cumulative"} curve @param {Context} context */
function curveTitle({ average }, curve, { words, format }) {
  const all = average[curve];
  const first = curve === "retention" ? 1 : 0;
  let n = Math.min(12, all.length - 1);
  while (n > first && all[n] == null) n--;
  const written = (/** @type {number | null | undefined} */ value) => (curve === "retention" ? format.share(value) : format.money(value));
  return words.t(`cohorts.curves.${curve}`, { first: written(all[first]), last: written(all[n]), n: format.count(n) });
}

/** What a cell says. @param {Cohort} cohort @param {number} i @param {State["cohortBy"]} by @returns {number | null} */
function cell(cohort, i, by) {
  if (by === "net") return (cohort.gross[i] ?? 0) + (cohort.returns[i] ?? 0);
  return cohort[by][i] ?? null;
}

/** @param {Cohort} cohort @param {Context} context */
function cohortName(cohort, { words, format }) {
  if (cohort.id === null) return words.t(cohort.others ? "cohorts.others" : "cohorts.without");
  return /^\d{4}-\d{2}$/.test(cohort.id) ? format.shortMonth(cohort.id) : cohort.id;
}

/** The customers of a cohort in words. @param {CohortsResult} result @param {number} row @param {Context} context */
const cohortWords = (result, row, context) => {
  const cohort = result.cohorts[row];
  return cohort ? context.words.t(result.by === "firstOrder" ? "selection.cohort" : "selection.cohortBy", { cohort: cohortName(cohort, context) }) : "";
};

/** Those of them who ordered so many periods later. @param {CohortsResult} result @param {number} row @param {number} after @param {Context} context */
const cellWords = (result, row, after, context) =>
  context.words.t(after === 0 ? "selection.cellNow" : `selection.cellAfter.${result.unit}`, { cohort: cohortWords(result, row, context), n: after, count: context.format.count(after) });

/** All who ordered so many periods later. @param {CohortsResult} result @param {number} after @param {Context} context */
const afterWords = ({ unit }, after, { words, format }) =>
  words.t(after === 0 ? "selection.cellNow" : `selection.cellAfter.${unit}`, { cohort: words.t("cohorts.all"), n: after, count: format.count(after) });

/** What a key of the curves stands for. @param {CohortsResult} result @param {string} key @param {Context} context */
function keyWords(result, key, context) {
  const [kind, a, b] = key.split("/");
  if (kind === "after") return afterWords(result, Number(a), context);
  return kind === "cell" ? cellWords(result, Number(a), Number(b), context) : cohortWords(result, Number(a), context);
}

/** @param {CohortsResult} result @param {Context} context */
function heat(result, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { chosen } = picked(state);
  const by = state.cohortBy;
  const written = (/** @type {number | null} */ value) => {
    if (value === null) return "";
    if (by === "retention") return format.share(value);
    return by === "customers" || by === "orders" ? format.count(value) : format.axisMoney(value);
  };
  const periods = cut(context, result.average.exposed, PAPER_PERIODS).length;
  // Shades are of the largest after the first period, which would outshine all others.
  const shown = result.cohorts.flatMap((cohort) => cohort.customers.map((_, i) => (i > 0 || by === "cumulative" ? Math.abs(cell(cohort, i, by) ?? 0) : 0)));
  const most = Math.max(...shown, by === "retention" ? 0.01 : 1);
  const shade = (/** @type {number | null} */ value) => Math.min(1, Math.abs(value ?? 0) / most) * 55;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t(`cohorts.title.${by}`)}>
    <table class="ruled heat" data-roam>
      <thead>
        <tr>
          <th scope="col">${t("cohorts.cohort")}</th><th scope="col" class="right">${t("figure.customers")}</th>
          ${Array.from({ length: periods }, (_, i) => html`<th scope="col" class="right">${i}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${result.cohorts.map(
          (cohort, row) => html`<tr class=${chosen === `cohort/${row}` ? "chosen" : ""}>
            <th scope="row" title=${cohort.id ?? ""}>
              ${cohortWhere(result, row) === null
                ? cohortName(cohort, context)
                : html`<button type="button" class="row-pick" tabindex="-1" aria-pressed=${chosen === `cohort/${row}`} @click=${() => actions.pick(`cohort/${row}`, () => cohortWords(result, row, context))}>${cohortName(cohort, context)}</button>`}
            </th>
            <td class="right">${format.count(cohort.size)}${partOf(context, `cohort/${row}`)}</td>
            ${cohort.customers.slice(0, periods).map((_, i) => {
              const value = by === "retention" && cohort.retention[i] === null && cohort.size > 0 ? (cohort.customers[i] ?? 0) / cohort.size : cell(cohort, i, by);
              const whole = cohort.complete[i] ?? true;
              const text = `${written(value)}${whole || value === null ? "" : "*"}`;
              const key = `cell/${row}/${i}`;
              const says = () => t("pick.size", { name: cellWords(result, row, i, context), n: cohort.customers[i] ?? 0, count: format.count(cohort.customers[i]) });
              return html`<td class=${whole ? "right" : "right part"} title=${whole ? "" : t("cohorts.part")} style="--shade:${shade(value).toFixed(0)}%">${cohort.customers[i] && cohortWhere(result, row)
                  ? cellPick(text, says(), chosen === key, () => actions.pick(key, () => cellWords(result, row, i, context)))
                  : text}</td>`;
            })}
          </tr>`,
        )}
        ${by === "retention" || by === "cumulative"
          ? html`<tr class="total">
              <th scope="row">${t("cohorts.all")}</th><td class="right">${format.count(result.average.exposed[0])}</td>
              ${result.average[by].slice(0, periods).map((value) => html`<td class="right">${written(value)}</td>`)}
            </tr>`
          : nothing}
      </tbody>
    </table>
  </div>`;
}

/** @param {CohortsResult} result @param {"retention" | "cumulative"} by @param {Context} context @returns {import("../charts/table.js").Table} */
const curveTable = (result, by, context) => ({
  columns: [{ label: context.words.t("cohorts.cohort") }, ...result.average.exposed.map((_, i) => ({ label: String(i), align: /** @type {const} */ ("right") }))],
  rows: [
    ...result.cohorts.map((cohort) => [cohortName(cohort, context), ...cohort[by].map((value) => (by === "retention" ? context.format.exactShare(value) : context.format.cents(value)))]),
    [context.words.t("cohorts.all"), ...result.average[by].map((value) => (by === "retention" ? context.format.exactShare(value) : context.format.cents(value)))],
  ],
});
