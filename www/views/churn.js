/** Churn: who is likely not to come back, how well that can be told, and from what. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { calibrationChart, driverName, driversChart, gapChart, liftChart, profitChart } from "../charts/churn.js";
import { sameWhere } from "../state.js";
import { riskBands } from "./answers.js";
import { healthSection, retentionSection } from "./health.js";
import { figure, figureLine, method, notices, numberField, opening, outcomeView } from "./parts.js";

/** @import { CalibrationBin, ChurnResult, Decile, NaiveMetrics, Rule, TableChurnResult, Where } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** The bounds of the bands, as types.d.ts states them. @type {Record<"low" | "medium" | "high", Where>} */
const BAND_WHERE = {
  high: { churnProbability: { min: 2 / 3 } },
  medium: { churnProbability: { min: 1 / 3, max: 2 / 3 } },
  low: { churnProbability: { max: 1 / 3 } },
};

/** @param {Context} context */
export const churnView = (context) => outcomeView("churn", context.state.results.churn, context, (result) => drawChurn(result, context));

/** @param {ChurnResult} result @param {Context} context */
function drawChurn(result, context) {
  const { state, words, actions, format, reading, save } = context;
  const { t, rich } = words;
  const { totals, metrics } = result;
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
    <div class="pair">
      <section>
        <h2>${t("churn.bandsTitle")}</h2>
        <p class="sub">${t("churn.bandsSub", { day: format.day(result.asOf), days: format.count(result.windowDays) })}</p>
        ${riskBands(result, context, false)} ${bandTable(result, context)}
      </section>
      <section>
            <h2>${t("churn.trustTitle")}</h2>
            <p class="sub">${t("churn.trustSub", { day: format.day(result.cutOffs.at(-1)), count: format.count(metrics.customers) })}</p>
            ${figureLine([
              { value: format.decimal(metrics.auc), label: t("churn.auc"), note: t("note.auc", { naive: format.decimal(metrics.naiveAuc) }) },
              { value: format.decimal(metrics.naiveAuc), label: t("churn.naive"), note: t("note.naive") },
              { value: `${format.decimal(metrics.liftTopDecile, 1)} ×`, label: t("churn.lift"), note: t("note.lift", { base: format.share(metrics.baseRate) }) },
              { value: format.exactShare(metrics.calibrationError), label: t("churn.calibrationError"), note: t("note.calibration") },
            ])}
            <details class="method"><summary><h2>${t("churn.measures")}</h2></summary>${measureTable(metrics, metrics.naive, context)}</details>
      </section>
    </div>
    ${result.gapShares.length > 1
      ? html`<chart-figure
          class="broad" .height=${220} .draw=${gapChart} .args=${[result, reading]}
          .heading=${t("churn.gapTitle", { share: format.share(result.gapShare), days: format.count(result.windowDays) })}
          .sub=${t("churn.gapSub", { days: format.count(result.proposedWindowDays), median: format.count(result.medianGapDays) })}
          .file=${"gaps"} .table=${gapTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
      : nothing}
    ${result.lift.length > 0
      ? html`<div class="pair">
          <chart-figure
            .height=${300} .draw=${liftChart} .args=${[result, reading]}
            .heading=${t("churn.liftTitle", { share: format.share(result.lift[0]?.rate) })}
            .sub=${t("churn.liftSub", { day: format.day(result.cutOffs.at(-1)), count: format.count(metrics.customers) })}
            .caption=${t("churn.liftCaption", { base: format.share(metrics.baseRate), churned: format.count(metrics.churned), all: format.count(metrics.customers) })}
            .file=${"churn-lift"} .table=${liftTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
          ></chart-figure>
          <chart-figure
            .height=${360} .draw=${calibrationChart} .args=${[result, reading]}
            .heading=${t("churn.calibrationTitle")} .sub=${t("churn.calibrationSub")}
            .file=${"churn-calibration"} .table=${calibrationTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
          ></chart-figure>
        </div>`
      : nothing}
    ${result.drivers.length > 0
      ? html`<chart-figure
          class="broad"
          .height=${Math.min(8, result.drivers.length) * 32 + 40} .draw=${driversChart} .args=${[result, reading]}
          .heading=${t("churn.driversTitle")} .sub=${t("churn.driversSub")} .caption=${t("churn.driversCaption")}
          .file=${"churn-drivers"} .table=${driversTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
      : nothing}
    ${result.profit.length > 0
      ? html`<chart-figure
          class="broad" .height=${280} .draw=${profitChart} .args=${[result, reading, t("churn.naive")]}
          .heading=${t("churn.profitTitle")} .sub=${t("churn.profitSub")}
          .file=${"churn-profit"} .table=${profitTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
      : nothing}
    ${rulesTable(result.rules, t("churn.rulesSub", { day: format.day(result.cutOffs.at(-1)) }), context)} ${healthSection(context)} ${retentionSection(context)} ${notices(result.notices)} ${method(context, "churn")}`;
}

/** @param {Rule[]} rules @param {string} sub @param {Context} context */
export function rulesTable(rules, sub, { words, format }) {
  const { t } = words;
  if (rules.length === 0) return nothing;
  const name = (/** @type {string} */ figure) => (words.has(`rule.${figure}`) ? t(`rule.${figure}`) : figure);
  const value = (/** @type {Rule["conditions"][number]} */ condition) =>
    condition.figure === "returnShare" ? format.share(condition.value) : format.number(condition.value);
  return html`<section>
    <h2>${t("churn.rulesTitle")}</h2>
    <p class="sub">${sub}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("churn.rulesTitle")}>
      <table class="ruled">
        <thead><tr><th scope="col">${t("churn.colRule")}</th><th scope="col" class="right">${t("axis.customers")}</th><th scope="col" class="right">${t("churn.colSupport")}</th><th scope="col" class="right">${t("axis.shareLeft")}</th><th scope="col" class="right">${t("churn.colTimes")}</th></tr></thead>
        <tbody>
          ${rules.map(
            (rule) =>
              html`<tr>
                <th scope="row">${format.list(rule.conditions.map((condition) => t(condition.level === null ? `rule.${condition.comparison}` : `ruleOf.${condition.comparison}`, { figure: name(condition.figure), value: condition.level ?? value(condition) })))}</th>
                <td class="right">${format.count(rule.customers)}</td>
                <td class="right">${format.exactShare(rule.support)}</td>
                <td class="right">${format.exactShare(rule.rate)}</td>
                <td class="right">${format.decimal(rule.lift, 2)} ×</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {ChurnResult} result @param {Context} context */
function bandTable(result, { state, words, actions, format }) {
  const { t } = words;
  return html`<table class="ruled small">
    <thead><tr><th scope="col">${t("churn.colRisk")}</th><th scope="col" class="right">${t("segments.colCustomers")}</th><th scope="col" class="right">${t("segments.colRevenue")}</th></tr></thead>
    <tbody>
      ${[...result.totals.bands].reverse().map((band) => {
        const where = BAND_WHERE[band.band];
        const chosen = state.selection !== null && sameWhere(where, state.selection.where);
        return html`<tr class=${chosen ? "chosen" : ""}>
          <th scope="row"><button type="button" class="row-pick" aria-pressed=${chosen} @click=${() => actions.choose(where, t(`selection.band.${band.band}`))}>${t(`bandName.${band.band}`)}</button></th>
          <td class="right">${format.count(band.customers)}</td>
          <td class="right">${format.cents(band.revenue)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/**
 * All measures beside those of the rule to beat.
 * @param {ChurnResult["metrics"] | TableChurnResult["metrics"]} metrics
 * @param {NaiveMetrics | null} naive
 * @param {Context} context
 */
export function measureTable(metrics, naive, { words, format }) {
  const { t } = words;
  const share = (/** @type {{ profit: number, fraction: number }} */ best) => t("churn.bestProfit", { profit: format.decimal(best.profit), share: format.share(best.fraction) });
  const rows = [
    [t("churn.auc"), `${format.decimal(metrics.auc, 3)} ± ${format.decimal(1.96 * metrics.aucStandardError, 3)}`, naive && format.decimal(naive.auc, 3)],
    [t("churn.averagePrecision", { base: format.exactShare(metrics.baseRate) }), format.decimal(metrics.averagePrecision, 3), naive && format.decimal(naive.averagePrecision, 3)],
    [t("churn.lift"), `${format.decimal(metrics.liftTopDecile)} ×`, naive && `${format.decimal(naive.liftTopDecile)} ×`],
    [t("churn.brier"), format.decimal(metrics.brier, 3), naive && format.decimal(naive.brier, 3)],
    [t("churn.calibrationError"), format.exactShare(metrics.calibrationError), naive && format.exactShare(naive.calibrationError)],
    [t("churn.maximumProfit"), share(metrics.maximumProfit), naive && share(naive.maximumProfit)],
    [t("churn.expectedMaximumProfit"), share(metrics.expectedMaximumProfit), naive && share(naive.expectedMaximumProfit)],
  ];
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("churn.measures")}>
    <table class="ruled small">
      <thead><tr><th scope="col">${t("churn.colMeasure")}</th><th scope="col" class="right">${t("churn.colModel")}</th>${naive ? html`<th scope="col" class="right">${t("churn.naive")}</th>` : nothing}</tr></thead>
      <tbody>
        ${rows.map(([name, ours, theirs]) => html`<tr><th scope="row">${name}</th><td class="right">${ours}</td>${naive ? html`<td class="right">${theirs}</td>` : nothing}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** @param {string[]} keys @param {Context} context @returns {Table["columns"]} */
const columns = (keys, { words }) => keys.map((key, i) => ({ label: words.t(key), align: i === 0 ? "left" : "right" }));

/**
 * Tenths by risk, beside the tenths by silence where they are known.
 * @param {{ lift: Decile[], metrics: object }} result @param {Context} context @returns {Table}
 */
export const liftTable = (result, context) => {
  const { format } = context;
  const { lift } = result;
  const naive = "naive" in result.metrics ? /** @type {NaiveMetrics} */ (result.metrics.naive).lift : [];
  return {
    columns: columns(["axis.tenthOfRisk", "axis.customers", "churn.colLeft", "axis.shareLeft", "churn.lift", "churn.colCapture", ...(naive.length > 0 ? ["churn.colNaiveLift", "churn.colNaiveCapture"] : [])], context),
    rows: lift.map((row, i) => [
      format.count(row.decile),
      format.count(row.customers),
      format.count(row.churned),
      format.exactShare(row.rate),
      format.decimal(row.lift),
      format.exactShare(row.capture),
      ...(naive[i] ? [format.decimal(naive[i].lift), format.exactShare(naive[i].capture)] : []),
    ]),
  };
};

/** @param {{ calibration: CalibrationBin[] }} result @param {Context} context @returns {Table} */
export const calibrationTable = ({ calibration }, context) => ({
  columns: columns(["axis.predictedRisk", "axis.shareLeft", "axis.customers"], context),
  rows: calibration.map((row) => [context.format.exactShare(row.predicted), context.format.exactShare(row.observed), context.format.count(row.customers)]),
});

/** @param {import("../charts/churn.js").Profited} result @param {Context} context @returns {Table} */
export const profitTable = ({ profit }, context) => ({
  columns: columns(["axis.contacted", "churn.colModel", "churn.naive"], context),
  rows: profit.map((row) => [context.format.share(row.fraction), context.format.decimal(row.profit), context.format.decimal(row.naiveProfit)]),
});

/** @param {ChurnResult} result @param {Context} context @returns {Table} */
const gapTable = ({ gapShares }, context) => ({
  columns: columns(["axis.gapDays", "axis.gapsCovered"], context),
  rows: gapShares.map((row) => [context.format.count(row.days), context.format.exactShare(row.share)]),
});

/** @param {import("../charts/churn.js").Driven} result @param {Context} context @returns {Table} */
export const driversTable = ({ drivers }, { words, format }) => ({
  columns: [{ label: words.t("churn.colFeature") }, { label: words.t("churn.colWeight"), align: "right" }],
  rows: drivers.map((row) => [
    driverName(row, words),
    format.signed(row.direction === "raises" ? Math.abs(row.weight) : -Math.abs(row.weight)),
  ]),
});
