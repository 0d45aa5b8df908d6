/** Win-back: whom to contact first under the user's own cost, success rate, margin and budget. */

import { html, nothing } from "lit";
import { FAMILY } from "../charts/segments.js";
import { sameWhere } from "../state.js";
import { costAndGain } from "./answers.js";
import { figure, method, notices, numberField, opening, outcomeView, segmentName } from "./parts.js";

/** @import { WinbackOptions, WinbackResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @param {Context} context */
export const winbackView = (context) =>
  outcomeView("winback", context.state.results.winback, context, (result) => drawWinback(result, context));

/** @param {WinbackResult} result @param {Context} context */
function drawWinback(result, context) {
  const { state, words, actions, format } = context;
  const { t, rich } = words;
  const { options } = result;
  const set = (/** @type {WinbackOptions} */ patch) => actions.setOption("winback", patch);
  const note = t("note.winback", { rate: format.share(options.successRate), cost: format.cents(options.costPerContact), margin: format.share(options.margin) });
  const finding =
    result.customers === 0
      ? t("winback.none")
      : rich("winback.finding", { n: result.customers, count: format.count(result.customers), cost: format.money(result.cost), gain: figure(format.money(result.expectedGain), note) });
  const inPlan = { inPlan: 1 };
  const chosen = state.selection !== null && sameWhere(state.selection.where, inPlan);
  return html`${opening(t("view.winback"), finding, t("winback.standfirst"))}
    <div class="options">
      ${numberField({ label: t("option.cost"), value: options.costPerContact, min: 0, step: 0.01, unit: format.currency, set: (v) => set({ costPerContact: v }) })}
      ${numberField({ label: t("option.success"), hint: t("option.successHint"), value: options.successRate, min: 0, max: 100, step: 0.1, scale: 100, unit: "%", set: (v) => set({ successRate: v }) })}
      ${numberField({ label: t("option.margin"), value: options.margin, min: 0, max: 100, step: 0.1, scale: 100, unit: "%", set: (v) => set({ margin: v }) })}
      ${numberField({ label: t("option.budget"), placeholder: t("option.unlimited"), value: options.budget ?? undefined, min: 0, step: 0.01, unit: format.currency, set: (v) => set({ budget: v }) })}
    </div>
    ${result.customers === 0
      ? nothing
      : html`<section class="measure">
            <h2>${t("winback.pictureTitle")}</h2>
            <p class="sub">${t("winback.pictureSub", { revenue: format.money(result.expectedRevenue) })}</p>
            ${costAndGain(result, context)}
          </section>
          <section>
            <div class="head-line">
              <h2>${t("winback.listTitle")}</h2>
              <span class="buttons">
                <button type="button" class="plain" aria-pressed=${chosen} @click=${() => actions.choose(inPlan, t("selection.plan"))}>${t("winback.select")}</button>
                <button type="button" class="primary" @click=${actions.exportPlan}>${t("winback.export")}</button>
              </span>
            </div>
            <p class="sub">${t("winback.listSub", { shown: format.count(result.rows.length), n: result.customers, count: format.count(result.customers) })}</p>
            ${planTable(result, context)}
          </section>`}
    ${notices(result.notices)} ${method(context, "winback")}`;
}

/** @param {WinbackResult} result @param {Context} context */
function planTable({ rows }, { words, actions, format }) {
  const { t } = words;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t("winback.listTitle")}>
    <table class="ruled plan">
      <thead>
        <tr>
          <th scope="col">${t("column.customerId")}</th>
          <th scope="col">${t("column.segment")}</th>
          <th scope="col" class="right">${t("column.winbackGain")}</th>
          <th scope="col" class="right">${t("winback.colStake")}</th>
          <th scope="col" class="right">${t("column.churnProbability")}</th>
          <th scope="col" class="right">${t("column.recencyDays")}</th>
          <th scope="col">${t("winback.colReason")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(row.customerId)}>${row.customerId}</button></th>
              <td class="nowrap">${segmentName(words, row.segment, FAMILY[row.segment] ?? "gone")}</td>
              <td class="right">${format.cents(row.gain)}</td>
              <td class="right">${format.cents(row.valueAtStake)}</td>
              <td class="right">${format.exactShare(row.churnProbability)}</td>
              <td class="right">${format.count(row.recencyDays)}</td>
              <td class="action">${row.reason.text}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
