/** Churn: who is likely not to come back, how well that can be told, and from what. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { gapChart } from "../charts/churn.js";
import { RISK_BANDS, picked } from "../picks.js";
import { riskBands } from "./answers.js";
import { retentionSection } from "./health.js";
import { CAMPAIGN, MEASURES, columns, judgedFigures, measureTable, rulesTable } from "./judged.js";
import { explain, figure, figureLine, isChosen, method, notices, numberField, onPage, opening, outcomeView, pagesOf, partOf, pickLine, picking, terms } from "./parts.js";
import { selectedHere } from "./selected.js";

/** @import { ChurnResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** @param {Context} context */
export const churnView = (context) => outcomeView("churn", context.state.results.churn, context, (result) => drawChurn(result, context));

/** @param {ChurnResult} result @param {Context} context */
function drawChurn(result, context) {
  const { words, actions, format } = context;
  const { t, rich } = words;
  const { totals } = result;
  const finding = rich("churn.finding", {
    n: totals.slippingAway,
    count: figure(format.count(totals.slippingAway), t("note.slipping", { days: format.count(result.windowDays), count: format.count(totals.slippingAway), all: format.count(result.customers) })),
    money: figure(format.money(totals.revenueAtRisk), t("note.atRisk", { money: format.cents(totals.revenueAtRisk) })),
  });
  return html`${opening(t("view.churn"), finding, result.definition.text)}
    <div class="options">
      ${numberField({
        label: t("option.window"),
        hint: t("option.windowHint", { days: format.count(result.proposedWindowDays) }),
        unit: t("unit.days"),
        value: result.windowDays,
        min: 1,
        max: 3650,
        set: (v) => actions.setOption("churn", { windowDays: v }),
      })}
      ${result.windowDays !== result.proposedWindowDays
        ? html`<button type="button" class="plain" @click=${() => actions.setOption("churn", { windowDays: undefined })}>${t("option.useProposed")}</button>`
        : nothing}
    </div>
    ${pagesOf(context, "churn", [
      ["risk", () => risk(result, context)],
      ["trust", () => trust(result, context)],
      ["retention", () => retentionSection(context)],
    ])}
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "churn")}`;
}

/** Who is at risk, what counts as gone, and by which rules it can be told. @param {ChurnResult} result @param {Context} context */
function risk(result, context) {
  const { state, words, format, reading, save } = context;
  const { t } = words;
  return html`<div class="pair">
      <section>
        <h2>${t("churn.bandsTitle")}</h2>
        <p class="sub">${t("churn.bandsSub", { day: format.day(result.asOf), days: format.count(result.windowDays) })}</p>
        ${riskBands(result, context, false)} ${bandTable(result, context)}
        <p class="caption">${t("churn.bandsCaption")}</p>
      </section>
      ${result.gapShares.length > 1
        ? html`<chart-figure
            .height=${220} .draw=${gapChart} .args=${[result, picked(state).chosen, reading]} .picking=${picking(context, (key) => t("selection.silent", { days: format.count(Number(key.slice(7))) }))}
            .heading=${t("churn.gapTitle", { share: format.share(result.gapShare), days: format.count(result.windowDays) })}
            .sub=${t("churn.gapSub", { days: format.count(result.proposedWindowDays), median: format.count(result.medianGapDays) })}
            .caption=${html`${onPage(t("churn.gapPick"))} ${explain(words, "churn.gapExplain")}`}
            .file=${"gaps"} .table=${gapTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
          ></chart-figure>`
        : nothing}
    </div>
    ${rulesTable(result.rules, t("churn.rulesSub", { day: format.day(result.cutOffs.at(-1)) }), context)}`;
}

/** How well it can be told. @param {ChurnResult} result @param {Context} context */
function trust(result, context) {
  const { words, format } = context;
  const { t } = words;
  const { metrics } = result;
  const day = format.day(result.cutOffs.at(-1));
  return html`<section>
      <h2>${t("churn.trustTitle")}</h2>
      <p class="sub">${t("churn.trustSub", { day, count: format.count(metrics.customers) })}</p>
      ${figureLine([
        { value: format.decimal(metrics.auc), label: t("churn.auc"), note: t("note.auc", { naive: format.decimal(metrics.naiveAuc) }) },
        { value: format.decimal(metrics.naiveAuc), label: t("churn.naive"), note: t("note.naive") },
        { value: `${format.decimal(metrics.liftTopDecile, 1)} ×`, label: t("churn.lift"), note: t("note.lift", { base: format.share(metrics.baseRate) }) },
        { value: format.exactShare(metrics.calibrationError), label: t("churn.calibrationError"), note: t("note.calibration") },
      ])}
      ${terms(words, ["auc", "lift", "calibration"])}
      <details class="method" ?open=${context.state.view === "report"}><summary><h2>${t("churn.measures")}</h2></summary>${measureTable(metrics, metrics.naive, context)} ${terms(words, MEASURES)}</details>
    </section>
    ${judgedFigures(result, context, { liftSub: t("churn.liftSub", { day, count: format.count(metrics.customers) }), naive: t("churn.naive"), campaign: context.state.options.churn.campaign, picks: true })}
    ${result.profit.length > 0 ? campaignFields(context) : nothing}`;
}

/** What the curve of profit takes a campaign to cost and bring. @param {Context} context */
function campaignFields({ state, words, actions }) {
  const { t } = words;
  const given = state.options.churn.campaign ?? {};
  const now = { ...CAMPAIGN, ...given };
  const field = (/** @type {"value" | "offer" | "contact"} */ key, /** @type {number} */ min, /** @type {number | undefined} */ max) =>
    numberField({
      label: t(`option.campaign.${key}`), value: now[key], min, max, step: 0.01,
      set: (v) => actions.setOption("churn", { campaign: { ...given, [key]: v ?? CAMPAIGN[key] } }),
    });
  // An offer that costs as much as the customer is worth never pays.
  const cent = 0.01;
  return html`<div class="options">${field("value", Math.round((now.offer + cent) * 100) / 100, undefined)} ${field("offer", 0, Math.round((now.value - cent) * 100) / 100)} ${field("contact", 0, undefined)}</div>`;
}

/** @param {ChurnResult} result @param {Context} context */
function bandTable(result, context) {
  const { words, format } = context;
  const { t } = words;
  return html`<table class="ruled small">
    <thead><tr><th scope="col">${t("churn.colRisk")}</th><th scope="col" class="right">${t("segments.colCustomers")}</th><th scope="col" class="right">${t("churn.colRevenue")}</th></tr></thead>
    <tbody>
      ${[...result.totals.bands].reverse().map((band) => {
        const where = RISK_BANDS[band.band];
        const chosen = isChosen(context, where);
        return html`<tr class=${chosen ? "chosen" : ""}>
          <th scope="row">${pickLine(context, where, () => t(`bandName.${band.band}`), () => t(`selection.band.${band.band}`))}</th>
          <td class="right">${format.count(band.customers)}${partOf(context, `risk/${band.band}`)}</td>
          <td class="right">${format.cents(band.revenue)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** @param {ChurnResult} result @param {Context} context @returns {Table} */
const gapTable = ({ gapShares }, context) => ({
  columns: columns(["axis.gapDays", "axis.gapsCovered"], context),
  rows: gapShares.map((row) => [context.format.count(row.days), context.format.exactShare(row.share)]),
});
