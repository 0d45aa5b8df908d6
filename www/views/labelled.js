/** A labelled table: who is likely to leave next, from what, how far to trust it, and what was left out. */

import { html, nothing } from "lit";
import { MEASURES, judgedFigures, measureTable, rulesTable } from "./judged.js";
import { figureLine, notices, opening, running, terms } from "./parts.js";

/** @import { TableChurnResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @param {Context} context */
export function labelledView(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const { labelled } = state;
  if (!labelled) return nothing;
  if (labelled.status === "done" && labelled.value) return drawLabelled(labelled.value, context);
  if (labelled.status === "failed") {
    return html`<div class="why">
      <p class="kicker">${t("labelled.kicker")}</p>
      <h1 tabindex="-1">${t("failed.title")}</h1>
      <p>${labelled.message}</p>
      <button type="button" @click=${actions.changeColumns}>${t("unavailable.columns")}</button>
    </div>`;
  }
  return html`<div class="why">
    <p class="kicker">${t("labelled.kicker")}</p>
    <h1 tabindex="-1">${t("computing.churn")}</h1>
    ${running("", labelled.progress, context, actions.cancel)}
  </div>`;
}

/** @param {TableChurnResult} result @param {Context} context */
function drawLabelled(result, context) {
  const { words, actions, format } = context;
  const { t } = words;
  const { metrics } = result;
  const staying = metrics.customers - metrics.churned;
  return html`${opening(
      t("labelled.kicker"),
      t("labelled.finding", { share: format.share(metrics.baseRate), churned: format.count(metrics.churned), all: format.count(metrics.customers), column: result.drivers[0]?.feature ?? "" }),
      t("labelled.standfirst", { label: result.label, value: result.positive, staying: format.count(staying) }),
    )}
    <p class="go">
      <button type="button" class="primary" @click=${actions.exportLabelled}>${t("labelled.export")}</button>
      <button type="button" class="plain" @click=${actions.changeColumns}>${t("unavailable.columns")}</button>
      <button type="button" class="quiet" @click=${actions.newFile}>${t("understood.other")}</button>
    </p>
    ${result.leaks.length > 0 ? leaks(result, context) : nothing}
    <section>
      <h2>${t("churn.trustTitle")}</h2>
      <p class="sub">${t("labelled.trustSub", { count: format.count(metrics.customers) })}</p>
      ${figureLine([
        { value: format.decimal(metrics.auc, 3), label: t("churn.auc"), note: t("labelled.aucNote", { column: metrics.naiveColumn ?? "–", naive: format.decimal(metrics.naiveAuc, 3) }) },
        { value: `${format.decimal(metrics.liftTopDecile, 1)} ×`, label: t("churn.lift"), note: t("note.lift", { base: format.share(metrics.baseRate) }) },
        { value: format.exactShare(metrics.calibrationError), label: t("churn.calibrationError"), note: t("note.calibration") },
      ])}
      ${measureTable(metrics, null, context)} ${terms(words, MEASURES)}
    </section>
    <section>
      <h2>${t("labelled.listTitle")}</h2>
      <p class="sub">${t("labelled.listSub", { shown: format.count(result.top.length), staying: format.count(staying) })}</p>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${t("labelled.listTitle")}>
        <table class="ruled">
          <thead><tr><th scope="col">${t("column.customerId")}</th><th scope="col" class="right">${t("column.churnProbability")}</th><th scope="col">${t("winback.colReason")}</th></tr></thead>
          <tbody>
            ${result.top.map(
              (row) =>
                html`<tr>
                  <th scope="row">${row.customerId ?? t("labelled.row", { row: format.count(row.row) })}</th>
                  <td class="right">${format.exactShare(row.churnProbability)}</td>
                  <td class="action">${row.reasons.map((reason) => html`<div>${reason.text}</div>`)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
    ${judgedFigures(result, context, { liftSub: t("labelled.liftSub"), naive: t("labelled.bestColumn", { column: metrics.naiveColumn ?? "–" }) })}
    ${rulesTable(result.rules, t("labelled.rulesSub"), context)}
    <section>
      <h2>${t("labelled.columnsTitle")}</h2>
      <p>${t("labelled.columnsUsed", { columns: format.list(result.columns) })}</p>
      ${result.useless.length > 0 ? html`<p>${t("labelled.columnsUseless", { columns: format.list(result.useless) })}</p>` : nothing}
      <p class="caption">
        ${result.candidates.map((candidate) => t("labelled.candidate", { model: t(`labelled.model.${candidate.model}`), auc: format.decimal(candidate.auc, 3), used: candidate.chosen ? t("labelled.used") : "" })).join(" ")}
      </p>
    </section>
    ${notices(result.notices)}`;
}

/** @param {TableChurnResult} result @param {Context} context */
function leaks(result, { words, actions, format }) {
  const { t } = words;
  return html`<section>
    <h2>${t("labelled.leaksTitle", { n: result.leaks.length, count: format.count(result.leaks.length) })}</h2>
    <table class="ruled small">
      <thead><tr><th scope="col">${t("columns.name")}</th><th scope="col" class="right">${t("churn.auc")}</th><th scope="col">${t("labelled.leakWhy")}</th><th></th></tr></thead>
      <tbody>
        ${result.leaks.map(
          (leak) =>
            html`<tr>
              <th scope="row">${leak.column}</th>
              <td class="right">${format.decimal(leak.auc, 3)}</td>
              <td>${t(`labelled.leak.${leak.because}`)}</td>
              <td><button type="button" class="plain" @click=${() => actions.keepColumn(leak.column)}>${t("labelled.keep")}</button></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
