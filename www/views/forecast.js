/** Forecast: what is to be expected, how well that would have been told before, and whose own rhythm is broken. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { forecastChart } from "../charts/shop.js";
import { pastParts, picked } from "../picks.js";
import { choiceField, cut, cutNote, explain, figure, figureLine, idShown, method, notices, numberField, opening, outcomeView, pickLine, picking, terms } from "./parts.js";

/** @import { ForecastOptions, ForecastResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @type {NonNullable<ForecastOptions["of"]>[]} */
const OF = ["sales", "orders", "customers", "newCustomers"];
/** @type {NonNullable<ForecastOptions["unit"]>[]} */
const UNITS = ["day", "week", "month"];

/** @param {Context} context */
export const forecastView = (context) => html`${outcomeView("forecast", context.state.results.forecast, context, (result) => drawForecast(result, context))}
  ${context.state.results.forecast.status === "unavailable" && context.state.ledger?.firstDate ? controls(context, 0) : nothing}`;

/** @param {Context} context @param {number} periods  to come, as they are now */
function controls({ state, words, actions }, periods) {
  const { t } = words;
  const { of = "sales", unit = "week" } = state.options.forecast;
  const set = (/** @type {ForecastOptions} */ patch) => actions.setOption("forecast", patch);
  return html`<div class="options">
    ${choiceField({ label: t("forecast.of"), value: of, choices: OF.map((id) => [id, t(`forecast.of.${id}`)]), set: (value) => set({ of: value }) })}
    ${choiceField({ label: t("forecast.unit"), value: unit, choices: UNITS.map((id) => [id, t(`period.${id}`)]), set: (value) => set({ unit: value, horizon: undefined }) })}
    ${numberField({ label: t("forecast.horizon"), unit: t("forecast.periods"), value: periods || undefined, min: 1, max: 366, set: (v) => set({ horizon: v }) })}
    <button type="button" class="plain" @click=${() => actions.exportTable("forecast")}>${t("forecast.export")}</button>
  </div>`;
}

/** The period that begins on a day. @param {string} from @param {ForecastResult} result @param {Context} context */
const periodWords = (from, { unit }, { words, format }) => words.t(`forecast.period.${unit}`, { day: format.shortDay(from), month: format.month(from.slice(0, 7)) });

/** Who ordered in a period of the past, or in a month where those lie close. @param {string} from @param {ForecastResult} result @param {Context} context */
const partWords = (from, result, context) =>
  pastParts(result)[0]?.value === null
    ? context.words.t("selection.orderedIn", { when: context.format.month(from.slice(0, 7)) })
    : context.words.t("selection.orderedWhen", { when: periodWords(from, result, context) });

/** @param {ForecastResult} result @param {Context} context */
function drawForecast(result, context) {
  const { state, words, format, reading, save } = context;
  const { t, rich } = words;
  const written = result.of === "sales" ? format.money : format.number;
  const { future } = result;
  // The period that is running has partly been: what is told of is the first one wholly ahead.
  const next = Math.max(0, future.from.findIndex((day) => day >= result.asOf));
  const peak = future.value.reduce((best, value, i) => ((value ?? 0) > (future.value[best] ?? 0) ? i : best), 0);
  const range = t("forecast.range", { level: format.share(result.level), low: written(future.lower[next]), high: written(future.upper[next]) });
  const finding = rich(`forecast.finding.${result.of}`, { period: periodWords(future.from[next] ?? "", result, context), value: figure(written(future.value[next]), range) });
  return html`${opening(t("view.forecast"), finding, t("forecast.standfirst", { low: written(future.lower[next]), high: written(future.upper[next]), level: format.share(result.level) }))}
    ${controls(context, future.from.length)}
    <p class="prose">${result.verdict.text}</p>
    <chart-figure
      .height=${340} .draw=${forecastChart} .args=${[result, picked(state).chosen, reading]} .picking=${picking(context, (key) => partWords(key.slice(5), result, context))}
      .heading=${t("forecast.peak", { title: t("forecast.title", { of: t(`forecast.of.${result.of}`), unit: t(`period.by.${result.unit}`) }), value: written(future.value[peak]), day: format.shortDay(future.from[peak]) })} .sub=${t("forecast.sub", { level: format.share(result.level) })}
      .caption=${html`${t("forecast.caption")} ${explain(words, "forecast.explain")}`} .file=${"forecast"} .table=${forecastTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
    ${backTest(result, context)} ${rhythms(result, context)}
    ${notices(result.notices)}
    ${method(context, "forecast", html`<p>${t("forecast.parameters", { model: t(`forecast.model.${result.model}`), scale: t(result.multiplies ? "forecast.multiplies" : "forecast.adds"), seasons: result.seasons.length > 0 ? format.list(result.seasons.map(String)) : t("forecast.noSeason"), alpha: format.decimal(result.alpha, 3), beta: format.decimal(result.beta, 3), phi: format.decimal(result.phi, 3) })}</p>
      ${result.closures.length > 0 ? html`<p>${t("forecast.closures", { days: format.list(result.closures.map(({ from, to }) => (from === to ? format.shortDay(from) : `${format.shortDay(from)} – ${format.shortDay(to)}`))) })}</p>` : nothing}`)}`;
}

/** @param {ForecastResult} result @param {Context} context */
function backTest({ backTest, naive, of, used, level }, { words, format }) {
  const { t } = words;
  if (!backTest) return nothing;
  return html`<section>
    <h2>${t(used === "model" ? "forecast.testModel" : "forecast.testNaive")}</h2>
    <p class="sub">${t("forecast.testSub", { forecasts: format.count(backTest.forecasts), origins: format.count(backTest.origins), level: format.share(level) })}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("forecast.test")}>
      <table class="ruled">
        <thead><tr><th scope="col">${t("forecast.way")}</th><th scope="col" class="right">${t("forecast.mase")}</th><th scope="col" class="right">${t("forecast.mae")}</th><th scope="col" class="right">${t("forecast.coverage")}</th><th scope="col">${t("forecast.isUsed")}</th></tr></thead>
        <tbody>
          ${/** @type {const} */ ([["model", backTest.model], [naive, backTest.naive]]).map(
            ([way, did]) => html`<tr><th scope="row">${t(`forecast.way.${way}`)}</th><td class="right">${format.decimal(did.mase)}</td><td class="right">${(of === "sales" ? format.cents : format.plain)(did.mae)}</td><td class="right">${format.exactShare(did.coverage)}</td><td>${used === way ? t("forecast.yes") : ""}</td></tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${terms(words, ["mase", "mae", "coverage", "naive"])}
  </section>`;
}

/** @param {ForecastResult} result @param {Context} context */
function rhythms({ rhythms }, context) {
  const { words, actions, format } = context;
  const { t } = words;
  if (rhythms.customers === 0) return html`<section><h2>${t("rhythm.title")}</h2><p>${t("rhythm.none")}</p></section>`;
  const part = (/** @type {number} */ n) => t("time.parts", { a: format.count(n), b: format.count(rhythms.customers) });
  return html`<section>
    <h2>${t("rhythm.title")}</h2>
    <p class="sub">${t("rhythm.sub", { customers: format.count(rhythms.customers), judged: format.count(rhythms.judged), share: format.exactShare(rhythms.judged > 0 ? rhythms.judgedBroken / rhythms.judged : null) })}</p>
    ${figureLine(
      /** @type {const} */ (["onTime", "due", "broken"]).map((rhythm) => ({ value: format.count(rhythms[rhythm]), label: pickLine(context, { rhythm }, () => t(`rhythm.${rhythm}`), () => t("selection.rhythm", { name: t(`rhythm.${rhythm}`) })), note: part(rhythms[rhythm]) })),
    )}
    ${rhythms.rows.length > 0
      ? html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t("rhythm.list")}>
          <table class="ruled">
            <thead><tr><th scope="col">${t("column.customerId")}</th>${["usual", "longest", "silent", "dueOn", "since", "breaks", "revenue"].map((key) => html`<th scope="col" class="right">${t(`rhythm.${key}`)}</th>`)}</tr></thead>
            <tbody>
              ${cut(context, rhythms.rows).map(
                (row) => html`<tr>
                  <th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(row.customerId)}>${idShown(context, row.customerId)}</button></th>
                  <td class="right">${format.number(row.usualGapDays)}</td><td class="right">${format.number(row.longestDays)}</td><td class="right">${format.count(row.silentDays)}</td>
                  <td class="right">${format.shortDay(row.dueOn)}</td><td class="right">${format.shortDay(row.brokenSince)}</td><td class="right">${format.count(row.breaks)}</td><td class="right">${format.cents(row.revenue)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${cutNote(context, rhythms.rows.length)} ${terms(words, ["rhythmGap", "rhythmLongest"])}`
      : nothing}
  </section>`;
}

/** @param {ForecastResult} result @param {Context} context @returns {import("../charts/table.js").Table} */
function forecastTable(result, { words, format }) {
  const written = result.of === "sales" ? format.cents : format.plain;
  const { past, future } = result;
  const right = /** @type {const} */ ("right");
  return {
    columns: [{ label: words.t("forecast.colPeriod") }, { label: words.t("forecast.colOpen"), align: right }, ...["colWas", "colTrend", "colExpected", "colLower", "colUpper"].map((key) => ({ label: words.t(`forecast.${key}`), align: right }))],
    rows: [
      ...past.period.map((period, i) => [period, format.count(past.openDays[i]), written(past.value[i]), written(past.trend[i]), "", "", ""]),
      ...future.period.map((period, i) => [period, format.count(future.openDays[i]), "", "", written(future.value[i]), written(future.lower[i]), written(future.upper[i])]),
    ],
  };
}
