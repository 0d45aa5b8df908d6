/** How a prediction of leaving is judged, of a shop or of a table: measures, pictures with their tables, rules. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { bestContact, calibrationChart, driverName, driversChart, liftChart, profitChart } from "../charts/churn.js";
import { picked } from "../picks.js";
import { chartProps, onPage, picking, terms } from "./parts.js";

/** @import { CalibrationBin, ChurnCampaign, ChurnResult, Decile, NaiveMetrics, Rule, TableChurnResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */
/** @typedef {{ lift: Decile[], calibration: CalibrationBin[], metrics: { baseRate: number, calibrationError: number, churned: number, customers: number } } & import("../charts/churn.js").Driven & import("../charts/churn.js").Profited} Judged */

/**
 * Lift and calibration beside each other, then what drives the risk, then the profit of contacts.
 * @param {Judged} result
 * @param {Context} context
 * @param {{ liftSub: string, naive: string, campaign?: Partial<ChurnCampaign>, picks?: boolean }} said  of whom the lift speaks; the rule to beat; what a campaign costs and brings; whether there are customers to pick
 */
export function judgedFigures(result, context, { liftSub, naive, campaign = {}, picks = false }) {
  const { words, format, reading } = context;
  const { t } = words;
  const { metrics } = result;
  const props = chartProps(context);
  const chosen = picks ? picked(context.state).chosen : undefined;
  const pick = picks ? picking(context, (key) => riskWords(key, context)) : null;
  return html`${result.lift.length > 0
    ? html`<div class="pair">
          <chart-figure
            .height=${300} .draw=${liftChart} .args=${[result, chosen, reading]} .picking=${pick}
            .heading=${t("churn.liftTitle", { share: format.share(result.lift[0]?.rate) })} .sub=${liftSub}
            .caption=${html`${t("churn.liftCaption", { base: format.share(metrics.baseRate), churned: format.count(metrics.churned), all: format.count(metrics.customers) })} ${picks ? onPage(t("churn.liftPick")) : nothing}`}
            .file=${"churn-lift"} .table=${liftTable(result, context)} .words=${props.words} .showTable=${props.showTable} .save=${props.save}
          ></chart-figure>
          <chart-figure
            .height=${360} .draw=${calibrationChart} .args=${[result, chosen, reading]} .picking=${pick}
            .heading=${t("churn.calibrationTitle", { error: format.exactShare(metrics.calibrationError) })} .sub=${t("churn.calibrationSub")} .caption=${picks ? onPage(t("churn.calibrationPick")) : ""}
            .file=${"churn-calibration"} .table=${calibrationTable(result, context)} .words=${props.words} .showTable=${props.showTable} .save=${props.save}
          ></chart-figure>
        </div>
        ${terms(words, ["tenth", "diagonal", "average"])}`
    : nothing}
  ${result.drivers.length > 0
    ? html`<chart-figure
        class="broad" .height=${Math.min(8, result.drivers.length) * 32 + 40} .draw=${driversChart} .args=${[result, reading]}
        .heading=${t("churn.driversTitle", { name: driverName(result.drivers[0] ?? { feature: "" }, words) })} .sub=${t("churn.driversSub")} .caption=${t("churn.driversCaption")}
        .file=${"churn-drivers"} .table=${driversTable(result, context)} .words=${props.words} .showTable=${props.showTable} .save=${props.save}
      ></chart-figure>`
    : nothing}
  ${result.profit.length > 0
    ? html`<chart-figure
        class="broad" .height=${280} .draw=${profitChart} .args=${[result, reading, naive, chosen]} .picking=${pick}
        .heading=${t("churn.profitTitle", { share: format.share(bestContact(result)?.fraction) })} .sub=${t("churn.profitSub", campaignWords(campaign, context))} .caption=${picks ? onPage(t("churn.profitPick")) : ""}
        .file=${"churn-profit"} .table=${profitTable(result, context)} .words=${props.words} .showTable=${props.showTable} .save=${props.save}
      ></chart-figure>`
    : nothing}`;
}

/** A tenth of risk, or a range of it, in words. @param {string} key @param {Context} context */
function riskWords(key, { words, format }) {
  const [kind, place = ""] = key.split("/");
  if (kind === "riskiest") return words.t("selection.riskiest", { share: format.share(Number(place)) });
  if (kind === "tenth") return words.t("selection.tenth", { tenth: format.count(Number(place)) });
  const [from, to] = [Number(place) / 10, (Number(place) + 1) / 10].map(format.share);
  return words.t("selection.below", { column: words.t("column.churnProbability"), from, to });
}

/** Value of a kept customer, cost of the offer and of a contact, where nothing else is said (Verbraken and others 2013). */
export const CAMPAIGN = { value: 200, offer: 10, contact: 1 };

/** @param {Partial<ChurnCampaign>} campaign @param {Context} context */
function campaignWords(campaign, { format }) {
  const { value, offer, contact } = { ...CAMPAIGN, ...campaign };
  return { value: format.cents(value), offer: format.cents(offer), contact: format.cents(contact) };
}

/** What the table of measures speaks of. */
export const MEASURES = ["auc", "precision", "lift", "brier", "calibration", "profit"];

/** @param {Rule[]} rules @param {string} sub @param {Context} context */
export function rulesTable(rules, sub, { words, format }) {
  const { t } = words;
  // One rule without a condition speaks of everybody.
  if (rules.length < 2) return nothing;
  const name = (/** @type {string} */ figure) => (words.has(`rule.${figure}`) ? t(`rule.${figure}`) : figure);
  const value = (/** @type {Rule["conditions"][number]} */ condition) =>
    (condition.figure === "returnShare" ? format.share : /^(revenue|averageOrder)$/.test(condition.figure) ? format.money : format.number)(condition.value);
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
export const columns = (keys, { words }) => keys.map((key, i) => ({ label: words.t(key), align: i === 0 ? "left" : "right" }));

/**
 * Tenths by risk, beside the tenths by silence where they are known.
 * @param {{ lift: Decile[], metrics: object }} result @param {Context} context @returns {Table}
 */
const liftTable = (result, context) => {
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
const calibrationTable = ({ calibration }, context) => ({
  columns: columns(["axis.predictedRisk", "axis.shareLeft", "axis.customers"], context),
  rows: calibration.map((row) => [context.format.exactShare(row.predicted), context.format.exactShare(row.observed), context.format.count(row.customers)]),
});

/** @param {import("../charts/churn.js").Profited} result @param {Context} context @returns {Table} */
const profitTable = ({ profit }, context) => ({
  columns: columns(["axis.contacted", "churn.colModel", "churn.naive"], context),
  rows: profit.map((row) => [context.format.share(row.fraction), context.format.decimal(row.profit), context.format.decimal(row.naiveProfit)]),
});

/** @param {import("../charts/churn.js").Driven} result @param {Context} context @returns {Table} */
const driversTable = ({ drivers }, { words, format }) => ({
  columns: [{ label: words.t("churn.colFeature") }, { label: words.t("churn.colWeight"), align: "right" }],
  rows: drivers.map((row) => [
    driverName(row, words),
    format.signed(row.direction === "raises" ? Math.abs(row.weight) : -Math.abs(row.weight)),
  ]),
});
