/** Health and who fell most; retention, churn and repeat rate by period and group. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { retentionChart } from "../charts/churn.js";
import { HEALTH_BANDS, picked } from "../picks.js";
import { cut, cutNote, idShown, isChosen, method, notices, numberField, opening, outcomeView, partOf, pickLine, picking, terms } from "./parts.js";
import { selectedHere } from "./selected.js";

/** @import { HealthResult, HealthWeights, RetentionResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** @type {(keyof HealthWeights)[]} */
const PARTS = ["activity", "cadence", "trend", "breadth", "returns"];

/** Why a part of the view is not there. @param {"retention"} id @param {Context} context */
function instead(id, { state, words, actions }) {
  const outcome = state.results[id];
  const { t } = words;
  if (outcome.status === "unavailable") return html`${outcome.missing.map((message) => html`<p class="caption">${message.text}</p>`)}`;
  if (outcome.status === "failed" || outcome.status === "cancelled") {
    return html`<p class="caption">${outcome.message || t("cancelled.title")}</p>
      <button type="button" class="plain" @click=${() => actions.retry(id)}>${t("retry")}</button>`;
  }
  return html`<p class="caption">${t(`computing.${id}`)}</p>`;
}

/** @param {Context} context */
export const healthView = (context) => outcomeView("health", context.state.results.health, context, (result) => drawHealth(result, context));

/** @param {HealthResult} result @param {Context} context */
function drawHealth(result, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const options = state.options.health ?? {};
  const setWeight = (/** @type {keyof HealthWeights} */ part, /** @type {number | undefined} */ value) => {
    const weights = { ...options.weights, [part]: value };
    if (value === undefined) delete weights[part];
    return actions.setOption("health", { weights });
  };
  return html`${opening(t("view.health"), t("health.heading", { n: result.bands[2]?.customers ?? 0, count: format.count(result.bands[2]?.customers), all: format.count(result.customers) }), t("health.sub", { day: format.day(result.asOf), mean: format.decimal(result.mean, 0) }))}
    <div class="pair">
      <section>
        <h2>${t("health.bandsTitle")}</h2>
        ${healthBands(result, context)}
      </section>
      ${state.view === "report" ? nothing : html`<details class="method">
        <summary><h2>${t("health.weights")}</h2></summary>
        <p class="sub">${t("health.weightsSub")}</p>
        <div class="options">
          ${PARTS.map((part) =>
            numberField({ label: t(`health.part.${part}`), value: options.weights?.[part] ?? result.weights[part], min: 0, max: 1000, set: (value) => setWeight(part, value) }),
          )}
        </div>
        <ul class="plain-list">
          ${result.formulas.map((message) => html`<li>${message.text}</li>`)}
        </ul>
      </details>`}
    </div>
    <section>
      <div class="head-line">
        <h2>${t("health.alertsTitle")}</h2>
        ${state.view === "report" ? html`<span class="sub">${t("health.since")} ${format.day(result.since)}</span>` : html`<label class="field"
          ><span class="label">${t("health.since")}</span
          ><input
            type="date"
            .value=${result.since}
            max=${state.asOf}
            @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.setOption("health", { since: e.currentTarget.value || undefined })}
        /></label>`}
      </div>
      ${result.alerts.length > 0 ? alertTable(result, context) : html`<p class="caption">${t("health.noAlerts")}</p>`}
    </section>
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "health")}`;
}

/** @param {HealthResult} result @param {Context} context */
function healthBands(result, context) {
  const { words, format } = context;
  const { t } = words;
  return html`<table class="ruled small">
    <thead><tr><th scope="col">${t("health.colBand")}</th><th scope="col" class="right">${t("segments.colCustomers")}</th><th scope="col" class="right">${t("segments.colRevenue")}</th></tr></thead>
    <tbody>
      ${result.bands.map((band) => {
        const where = HEALTH_BANDS[band.band];
        const chosen = isChosen(context, where);
        return html`<tr class=${chosen ? "chosen" : ""}>
          <th scope="row">${pickLine(context, where, () => t(`health.band.${band.band}`))}</th>
          <td class="right">${format.count(band.customers)}${partOf(context, `health/${band.band}`)}</td>
          <td class="right">${format.cents(band.revenue)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** @param {HealthResult} result @param {Context} context */
function alertTable({ alerts }, context) {
  const { words, actions, format } = context;
  const { t } = words;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t("health.alertsTitle")}>
    <table class="ruled">
      <thead>
        <tr>
          <th scope="col">${t("column.customerId")}</th>
          <th scope="col" class="right">${t("health.colBefore")}</th>
          <th scope="col" class="right">${t("health.colNow")}</th>
          <th scope="col" class="right">${t("column.revenue")}</th>
          <th scope="col">${t("winback.colReason")}</th>
        </tr>
      </thead>
      <tbody>
        ${cut(context, alerts).map(
          (alert) =>
            html`<tr>
              <th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(alert.customerId)}>${idShown(context, alert.customerId)}</button></th>
              <td class="right">${format.decimal(alert.before, 0)}</td>
              <td class="right">${format.decimal(alert.health, 0)}</td>
              <td class="right">${format.cents(alert.revenue)}</td>
              <td class="action">${alert.reason.text}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>
  ${cutNote(context, alerts.length)}`;
}

/** @param {Context} context */
export function retentionSection(context) {
  const { state, words, reading, save, format } = context;
  const { t } = words;
  const result = state.results.retention.value;
  if (!result) return html`<section><h2>${t("retention.title")}</h2>${instead("retention", context)}</section>`;
  const last = [...result.windows].reverse().find((period) => period.complete);
  return html`<section class=${state.results.retention.status === "done" ? "" : "stale"}>
    <chart-figure
      class="broad" .height=${260} .draw=${retentionChart} .args=${[result, picked(state).chosen, reading]} .picking=${picking(context, (key) => activeWords(key, result, context))}
      .heading=${last ? t("retention.heading", { share: format.share(last.retention), days: format.count(result.windowDays) }) : t("retention.title")}
      .sub=${t("retention.sub")} .file=${"retention"} .table=${retentionTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
    ${terms(words, ["retention", "repeat"])}
    <ul class="plain-list caption">
      ${result.formulas.map((message) => html`<li>${message.text}</li>`)}
    </ul>
    ${state.view === "report" ? nothing : result.groups.map((group) => groupTable(group, result, context))} ${notices(result.notices)}
  </section>`;
}

/** The days of a point of retention. @param {string} key @param {RetentionResult} result @param {Context} context */
function activeWords(key, { months }, { words, format }) {
  const found = months.find(({ from }) => key === `active/${from}`);
  return words.t("selection.orderedBetween", { from: format.shortDay(found?.from), to: format.shortDay(found?.to) });
}

/** @param {RetentionResult["groups"][number]} group @param {RetentionResult} result @param {Context} context */
function groupTable(group, { cutOff, windowDays }, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const name = (/** @type {string} */ id) => (group.by === "segment" && words.has(`segment.${id}`) ? t(`segment.${id}`) : id);
  const title = t(`retention.by.${group.by}`);
  return html`<h3>${title}</h3>
    <p class="sub">${t("retention.bySub", { day: format.day(cutOff), days: format.count(windowDays) })}</p>
    <div class="scroll tall" tabindex="0" role="region" aria-label=${title}>
      <table class="ruled small">
        <thead><tr><td></td><th scope="col" class="right">${t("axis.customers")}</th><th scope="col" class="right">${t("retention.retention")}</th><th scope="col" class="right">${t("retention.churn")}</th><th scope="col" class="right">${t("retention.repeat")}</th></tr></thead>
        <tbody>
          ${group.rows.slice(0, 15).map(
            (row) =>
              html`<tr>
                <th scope="row"><button type="button" class="row-pick" aria-pressed=${picked(state).chosen === `${group.by}/${row.name}`} @click=${() => actions.pick(`${group.by}/${row.name}`, () => t("selection.was", { name: name(row.name), day: format.shortDay(cutOff) }))}>${name(row.name)}</button></th>
                <td class="right">${format.count(row.customers)}</td>
                <td class="right">${format.exactShare(row.retention)}</td>
                <td class="right">${format.exactShare(row.churn)}</td>
                <td class="right">${format.exactShare(row.repeatRate)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** @param {RetentionResult} result @param {Context} context @returns {Table} */
const retentionTable = ({ months, windows }, { words, format }) => ({
  columns: ["retention.colFrom", "retention.colTo", "retention.colActive", "retention.colRetained", "retention.retention", "retention.churn", "retention.repeat"].map((key, i) => ({
    label: words.t(key),
    align: i < 2 ? "left" : "right",
  })),
  rows: [...windows, ...months].map((period) => [
    format.shortDay(period.from),
    format.shortDay(period.to),
    format.count(period.active),
    format.count(period.retained),
    period.complete ? format.exactShare(period.retention) : words.t("retention.partial"),
    period.complete ? format.exactShare(period.churn) : "",
    format.exactShare(period.repeatRate),
  ]),
});
