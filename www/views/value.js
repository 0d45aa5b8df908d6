/** Value: what customers should bring, how concentrated it is, and whether the model earned belief. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { concentrationChart, holdoutChart, trackingChart } from "../charts/value.js";
import { horizonWords, intervalNote } from "./answers.js";
import { figure, figureLine, method, notices, numberField, opening, outcomeView } from "./parts.js";

/** @import { LifetimeResult, Parameter } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** @param {Context} context */
export const valueView = (context) =>
  outcomeView("lifetime", context.state.results.lifetime, context, (result) => drawValue(result, context));

/** @param {LifetimeResult} result @param {Context} context */
function drawValue(result, context) {
  const { state, words, actions, format, reading, save } = context;
  const { t, rich } = words;
  const { totals, holdout } = result;
  const horizon = horizonWords(result.horizonDays, words, format);
  const set = (/** @type {import("../../pkg/types.d.ts").LifetimeOptions} */ patch) => actions.setOption("lifetime", patch);
  const finding = rich(result.margin < 1 ? "value.findingMargin" : "value.finding", {
    money: figure(format.money(totals.clv), intervalNote(result, context)),
    horizon,
  });
  return html`${opening(t("view.value"), finding, rich(totals.clvLow === null ? "value.standfirstWithout" : "value.standfirst", { low: format.money(totals.clvLow), high: format.money(totals.clvHigh), day: format.day(result.asOf), count: format.count(result.customers) }))}
    <div class="options">
      ${numberField({ label: t("option.horizon"), unit: t("unit.days"), value: result.horizonDays, min: 1, max: 3650, set: (v) => set({ horizonDays: v }) })}
      ${numberField({ label: t("option.margin"), hint: t("option.marginHint"), unit: "%", value: result.margin, min: 0, max: 100, step: 0.1, scale: 100, set: (v) => set({ margin: v }) })}
      ${numberField({ label: t("option.discount"), unit: t("unit.percentYear"), value: result.discountRate, min: 0, max: 100, step: 0.1, scale: 100, set: (v) => set({ discountRate: v }) })}
    </div>
    ${figureLine([
      { value: format.number(totals.expectedOrders), label: t("value.expectedOrders"), note: t("note.withinHorizon", { horizon }) },
      ...(totals.meanPAlive === null ? [] : [{ value: format.share(totals.meanPAlive), label: t("value.alive"), note: t("note.meanOf", { count: format.count(result.customers) }) }]),
      { value: format.money(totals.historic), label: t("value.historic"), note: t("note.exactly", { money: format.exact(totals.historic) }) },
      { value: format.share(totals.topDecileShare), label: t("value.topTenth"), note: t("note.ofFutureValue", { money: format.cents(totals.clv) }) },
    ])}
    <div class="pair">
      <div>
        <chart-figure
          .height=${320} .draw=${concentrationChart} .args=${[result.concentration, reading]}
          .heading=${t("value.concentration.title", { share: format.share(totals.topDecileShare) })}
          .sub=${t("value.concentration.sub", { horizon, day: format.day(result.asOf) })}
          .file=${"value-concentration"} .table=${concentrationTable(result, context)}
          .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>
        <button type="button" class="plain" @click=${() => actions.chooseTop("clv", 0.1, t("selection.topTenth"))}>${t("value.chooseTop")}</button>
      </div>
      <chart-figure
        .height=${300} .draw=${trackingChart} .args=${[result, reading]}
        .heading=${t("value.tracking.title")} .sub=${t("value.tracking.sub")}
        .caption=${t("value.tracking.caption")}
        .file=${"value-tracking"} .table=${trackingTable(result, context)}
        .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
    </div>
    <div class="pair">
      ${trust(result, context)}
      ${holdout
        ? html`<chart-figure
          .height=${300} .draw=${holdoutChart} .args=${[holdout, reading]}
          .heading=${t("value.holdout.title", { actual: format.count(holdout.actualOrders), expected: format.number(holdout.expectedOrders) })}
          .sub=${t("value.holdout.sub", { day: format.day(holdout.cutOff), days: format.count(holdout.days) })}
          .file=${"value-holdout"} .table=${holdoutTable(holdout, context)}
          .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
        : nothing}
    </div>
    ${notices(result.notices)} ${method(context, "value", parameters(result, context))}`;
}

/** What the model says of itself, and its errors against the naive forecast. @param {LifetimeResult} result @param {Context} context */
function trust(result, { words, format }) {
  const { t } = words;
  const { holdout } = result;
  return html`<section>
    <h2>${t("value.trustTitle")}</h2>
    <p class="verdict">${result.verdict.text}</p>
    ${result.spend ? html`<p class="verdict">${result.spend.verdict.text}</p>` : nothing}
    ${holdout
      ? html`<table class="ruled small">
          <thead><tr><th scope="col">${t("value.trustCol")}</th><th scope="col" class="right">${t("value.trustModel")}</th><th scope="col" class="right">${t("value.trustNaive")}</th></tr></thead>
          <tbody>
            <tr><th scope="row">${t("value.trustOrders", { actual: format.count(holdout.actualOrders) })}</th><td class="right">${format.decimal(holdout.expectedOrders, 1)}</td><td class="right">${format.decimal(holdout.naive.expectedOrders, 1)}</td></tr>
            <tr><th scope="row">${t("value.trustMae")}</th><td class="right">${format.decimal(holdout.mae, 3)}</td><td class="right">${format.decimal(holdout.naive.mae, 3)}</td></tr>
            <tr><th scope="row">${t("value.trustRmse")}</th><td class="right">${format.decimal(holdout.rmse, 3)}</td><td class="right">${format.decimal(holdout.naive.rmse, 3)}</td></tr>
          </tbody>
        </table>`
      : nothing}
  </section>`;
}

/** @param {LifetimeResult} result @param {Context} context */
function parameters(result, { words, format }) {
  const { t } = words;
  const row = (/** @type {Parameter} */ p) =>
    html`<tr><th scope="row"><code>${p.name}</code></th><td class="right">${format.decimal(p.value, 4)}</td><td class="right">${p.standardError === null ? "–" : format.decimal(p.standardError, 4)}</td></tr>`;
  return html`<h3>${t("method.parameters", { model: modelName(result.model, words) })}</h3>
    <table class="ruled small">
      <thead><tr><th scope="col">${t("method.parameter")}</th><th scope="col" class="right">${t("method.value")}</th><th scope="col" class="right">${t("method.error")}</th></tr></thead>
      <tbody>
        ${result.parameters.map(row)} ${result.spend?.parameters.map(row) ?? nothing}
        <tr><th scope="row">${t("method.logLikelihood")}</th><td class="right">${format.decimal(result.logLikelihood, 4)}</td><td></td></tr>
      </tbody>
    </table>
    ${candidates(result, { words, format })}`;
}

/** @param {string} model @param {Context["words"]} words */
const modelName = (model, words) => (words.has(`model.${model}`) ? words.t(`model.${model}`) : model);

/** All models with their scores, so that the choice can be followed. @param {LifetimeResult} result @param {Pick<Context, "words" | "format">} context */
function candidates(result, { words, format }) {
  const { t } = words;
  if (result.candidates.length === 0) return nothing;
  return html`<h3>${t("method.candidates")}</h3>
    <p>${t("method.candidatesSub")}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("method.candidates")}><table class="ruled small">
      <thead><tr><th scope="col">${t("method.model")}</th><th scope="col" class="right">${t("method.innerDeviance")}</th><th scope="col" class="right">${t("method.outerDeviance")}</th><th scope="col" class="right">${t("method.outerMae")}</th></tr></thead>
      <tbody>
        ${result.candidates.map(
          (row) =>
            html`<tr class=${row.chosen ? "total" : ""}>
              <th scope="row">${modelName(row.model, words)}${row.phases ? ` (k = ${row.phases})` : ""}${row.chosen ? `, ${t("method.chosen")}` : ""}</th>
              <td class="right">${format.decimal(row.inner?.deviance, 4)}</td>
              <td class="right">${format.decimal(row.outer?.deviance, 4)}</td>
              <td class="right">${format.decimal(row.outer?.mae, 3)}</td>
            </tr>`,
        )}
      </tbody>
    </table></div>`;
}

/** @param {LifetimeResult} result @param {Context} context @returns {Table} */
const concentrationTable = ({ concentration }, { words, format }) => ({
  columns: [{ label: words.t("axis.customersRichestFirst") }, { label: words.t("axis.shareOfValue"), align: "right" }],
  rows: concentration.filter((_, i) => i % 10 === 0).map((value, i) => [format.share(i / 10), format.exactShare(value)]),
});

/** @param {LifetimeResult} result @param {Context} context @returns {Table} */
const trackingTable = ({ tracking }, { words, format }) => ({
  columns: [{ label: words.t("axis.weeks") }, { label: words.t("chart.counted"), align: "right" }, { label: words.t("chart.expected"), align: "right" }],
  rows: tracking.week.map((week, i) => [format.count(week), format.count(tracking.actual[i]), format.decimal(tracking.expected[i], 1)]),
});

/** @param {NonNullable<LifetimeResult["holdout"]>} holdout @param {Context} context @returns {Table} */
const holdoutTable = ({ byFrequency }, { words, format }) => ({
  columns: [{ label: words.t("axis.repeatsBefore") }, { label: words.t("axis.customers"), align: "right" }, { label: words.t("chart.counted"), align: "right" }, { label: words.t("chart.expected"), align: "right" }],
  rows: byFrequency.frequency.map((f, i) => [
    i === byFrequency.frequency.length - 1 ? words.t("chart.andMore", { n: format.count(f) }) : format.count(f),
    format.count(byFrequency.customers[i]), format.decimal(byFrequency.actual[i], 3), format.decimal(byFrequency.expected[i], 3),
  ]),
});
