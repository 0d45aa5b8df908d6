/** Value: what customers should bring, how it is spread, what each group is worth, and whether to believe it. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { distributionChart } from "../charts/trust.js";
import { concentrationChart } from "../charts/value.js";
import { picked, topOf } from "../picks.js";
import { horizonWords, intervalNote, isWide } from "./answers.js";
import { equityView } from "./equity.js";
import { explain, figure, figureLine, method, notices, numberField, opening, outcomeView, pagesOf, picking } from "./parts.js";
import { selectedHere } from "./selected.js";
import { modelName, trustView } from "./trust.js";

/** @import { LifetimeResult, Parameter } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** @param {Context} context */
export const valueView = (context) =>
  outcomeView("lifetime", context.state.results.lifetime, context, (result) => drawValue(result, context));

/** @param {LifetimeResult} result @param {Context} context */
function drawValue(result, context) {
  const { words, format } = context;
  const { t, rich } = words;
  const { totals } = result;
  const horizon = horizonWords(result.horizonDays, words, format);
  const money = figure(format.money(totals.clv), intervalNote(result, context));
  const finding = result.model === "historic" ? "value.findingHistoric" : result.margin < 1 ? "value.findingMargin" : "value.finding";
  return html`${opening(t("view.value"), rich(finding, { money, horizon }), rich(totals.clvLow === null ? "value.standfirstWithout" : "value.standfirst", { low: format.money(totals.clvLow), high: format.money(totals.clvHigh), day: format.day(result.asOf), count: format.count(result.customers) }))}
    ${warnings(result, context)}
    ${options(result, context)} ${figures(result, horizon, context)}
    ${pagesOf(context, "value", [
      ["ahead", () => spread(result, horizon, context)],
      ["groups", () => equityView(result.identifiesDropout, context)],
      ["trust", () => trustView(result, context)],
    ])}
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "value", parameters(result, context))}`;
}

/**
 * What has to be known before the figures are believed: there is no model, a simple rule stands
 * in for it, or so few customers leave nearly everything open.
 * @param {LifetimeResult} result @param {Context} context
 */
function warnings(result, { words, format }) {
  const { t } = words;
  const { clvLow, clvHigh } = result.totals;
  const said = [
    ...(result.model === "historic" ? [html`<b>${t("value.warnHistoric")}</b> ${result.verdict.text}`] : []),
    ...(result.candidates.some((candidate) => candidate.chosen && candidate.naive) ? [t("value.warnNaive", { used: modelName(result.forecast, words) })] : []),
    ...(isWide(result.totals) ? [t("value.warnWide", { count: format.count(result.customers), low: format.money(clvLow), high: format.money(clvHigh) })] : []),
  ];
  return said.length > 0 ? html`<div class="warning" role="note">${said.map((one) => html`<p>${one}</p>`)}</div>` : nothing;
}

/** The share of customers, richest first, that is selected, if one is. @param {Context["state"]} state */
const topShare = ({ selection }) => /** @type {{ top?: number } | undefined} */ (selection?.where.clv)?.top ?? null;

/** A range of future value in words. @param {LifetimeResult["distribution"]} distribution @param {number} i @param {Context} context */
function rangeWords(distribution, i, { words, format }) {
  const bin = distribution[i];
  return words.t(bin?.to === null ? "selection.atLeast" : "selection.below", { column: words.t("column.clv"), from: format.cents(bin?.from), to: format.cents(bin?.to) });
}

/** @param {LifetimeResult} result @param {Context} context */
function options(result, { state, words, actions }) {
  const { t } = words;
  const set = (/** @type {import("../../pkg/types.d.ts").LifetimeOptions} */ patch) => actions.setOption("lifetime", patch);
  return html`<div class="options">
    ${numberField({ label: t("option.horizon"), unit: t("unit.days"), value: result.horizonDays, min: 1, max: 3650, set: (v) => set({ horizonDays: v }) })}
    ${numberField({ label: t("option.margin"), hint: t("option.marginHint"), unit: "%", value: result.margin, min: 0.1, max: 100, step: 0.1, scale: 100, set: (v) => set({ margin: v }) })}
    ${numberField({ label: t("option.discount"), unit: t("unit.percentYear"), value: result.discountRate, min: 0, max: 100, step: 0.1, scale: 100, set: (v) => set({ discountRate: v }) })}
    ${numberField({ label: t("option.acquisition"), hint: t("option.acquisitionHint"), value: state.options.lifetime.acquisitionCost, min: 0, step: 0.01, set: (v) => set({ acquisitionCost: v }) })}
  </div>`;
}

/** @param {LifetimeResult} result @param {string} horizon @param {Context} context */
function figures(result, horizon, { words, format }) {
  const { t } = words;
  const { totals, payback } = result;
  const count = format.count(result.customers);
  const paid = payback && (payback.days === null ? t("value.paybackNever") : payback.days === 0 ? t("value.paybackFirst") : t("value.paybackDays", { n: payback.days, days: format.count(payback.days) }));
  return figureLine([
    { value: format.money(totals.historic), label: t("value.historic"), note: t("note.historic", { money: format.cents(totals.historic), count }) },
    { value: format.money(totals.clv), label: t(result.margin < 1 ? "value.futureMargin" : "value.future"), note: t("note.future", { horizon, money: format.cents(totals.clv) }) },
    { value: format.number(totals.expectedOrders), label: t("value.expectedOrders"), note: t("note.expectedOrders", { horizon, by: modelName(result.forecast, words) }) },
    // Where the data cannot tell who has gone, the chance would say "everybody stays".
    ...(totals.meanPAlive === null || !result.identifiesDropout ? [] : [{ value: format.share(totals.meanPAlive), label: t("value.alive"), note: t("note.alive", { count }) }]),
    { value: format.share(totals.topDecileShare), label: t("value.topTenth"), note: t("note.ofFutureValue", { money: format.cents(totals.clv) }) },
    ...(payback && paid ? [{ value: paid, label: t("value.payback"), note: t("note.payback", { cost: format.cents(payback.cost), value: format.cents(payback.value), horizon }) }] : []),
  ]);
}

/** How value is spread over customers. @param {LifetimeResult} result @param {string} horizon @param {Context} context */
function spread(result, horizon, context) {
  const { state, words, actions, format, reading, save } = context;
  const { t } = words;
  const { totals } = result;
  if (result.concentration.length === 0) return html`<p>${t("value.nothing")}</p>`;
  return html`<div class="pair">
    <div>
      <chart-figure
        .height=${320} .draw=${concentrationChart} .args=${[result.concentration, reading, false, topShare(state)]}
        .picking=${picking(context, (key) => (key === "top/1" ? t("selection.topTenth") : t("selection.top", { share: format.share(Number(key.split("/")[1]) / 10) })))}
        .heading=${t("value.concentration.title", { share: format.share(totals.topDecileShare) })}
        .sub=${t("value.concentration.sub", { horizon, day: format.day(result.asOf) })} .caption=${explain(words, "value.concentration.explain")}
        .file=${"value-concentration"} .table=${concentrationTable(result, context)}
        .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
      <button type="button" class="plain" @click=${() => actions.choose(topOf(0.1), () => t("selection.topTenth"))}>${t("value.chooseTop")}</button>
    </div>
    ${result.distribution.length > 0
      ? html`<chart-figure
          .height=${320} .draw=${distributionChart} .args=${[result.distribution, picked(state), result.distribution.map((_, i) => rangeWords(result.distribution, i, context)), reading]}
          .picking=${picking(context, (key) => rangeWords(result.distribution, Number(key.split("/")[1]), context))}
          .heading=${halfTitle(result.distribution, context)} .sub=${t("value.distribution.sub", { horizon, day: format.day(result.asOf) })}
          .caption=${explain(words, "value.distribution.explain")}
          .file=${"value-distribution"} .table=${distributionTable(result, context)}
          .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
      : nothing}
  </div>`;
}

/** Below what at least half of the customers lie. @param {LifetimeResult["distribution"]} bins @param {Context} context */
function halfTitle(bins, { words, format }) {
  const all = bins.reduce((sum, bin) => sum + bin.customers, 0) || 1;
  let below = 0;
  const bin = bins.find((bin) => (below += bin.customers) >= all / 2 || bin.to === null);
  const before = below - (bin?.customers ?? 0);
  const open = bin?.to == null || (below === all && before > 0);
  return words.t("value.distribution.title", { share: format.share((open ? before : below) / all), money: format.money(open ? bin?.from : bin.to) });
}

/** The parameters of the model, for the end of its method. @param {LifetimeResult} result @param {Context} context */
export function parameters(result, { words, format }) {
  const { t } = words;
  if (result.parameters.length === 0) return nothing;
  const row = (/** @type {Parameter} */ p) =>
    html`<tr><th scope="row"><code>${p.name}</code></th><td class="right">${format.decimal(p.value, 4)}</td><td class="right">${p.standardError === null ? "–" : format.decimal(p.standardError, 4)}</td></tr>`;
  return html`<h3>${t("method.parameters", { model: modelName(result.model, words) })}</h3>
    <table class="ruled small">
      <thead><tr><th scope="col">${t("method.parameter")}</th><th scope="col" class="right">${t("method.value")}</th><th scope="col" class="right">${t("method.error")}</th></tr></thead>
      <tbody>
        ${result.parameters.map(row)} ${result.spend?.parameters.map(row) ?? nothing}
        <tr><th scope="row">${t("method.logLikelihood")}</th><td class="right">${format.decimal(result.logLikelihood, 4)}</td><td></td></tr>
      </tbody>
    </table>`;
}

/** @param {LifetimeResult} result @param {Context} context @returns {Table} */
const concentrationTable = ({ concentration }, { words, format }) => ({
  columns: [{ label: words.t("axis.customersRichestFirst") }, { label: words.t("axis.shareOfValue"), align: "right" }],
  rows: concentration.filter((_, i) => i % 10 === 0).map((value, i) => [format.share(i / 10), format.exactShare(value)]),
});

/** @param {LifetimeResult} result @param {Context} context @returns {Table} */
const distributionTable = ({ distribution }, { words, format }) => ({
  columns: [{ label: words.t("axis.valueFrom") }, { label: words.t("value.colTo"), align: "right" }, { label: words.t("axis.customers"), align: "right" }, { label: words.t("value.colFuture"), align: "right" }],
  rows: distribution.map((bin) => [format.cents(bin.from), bin.to === null ? "" : format.cents(bin.to), format.count(bin.customers), format.cents(bin.value)]),
});
