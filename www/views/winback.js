/** Win-back: whom to contact first under the user's own cost, success rate, margin and budget. */

import { html, nothing } from "lit";
import { familyOf } from "../charts/segments.js";
import { winbackCell } from "../picks.js";
import { costAndGain, doubt } from "./answers.js";
import { choiceField, cut, cutNote, figure, isChosen, method, notices, numberField, opening, outcomeView, partOf, segmentName, terms } from "./parts.js";
import { selectedHere } from "./selected.js";

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
  const inPlan = { inPlan: true };
  const chosen = isChosen(context, inPlan);
  const least = options.aim === "rescue" && options.leastRisk > 0;
  const who = t(least ? "winback.whoFrom" : "winback.who", { risk: format.share(options.leastRisk) });
  return html`${opening(t("view.winback"), finding, result.customers === 0 ? "" : t(result.heldOut > 0 ? "winback.standfirst" : options.holdOut > 0 ? "winback.standfirstFew" : "winback.standfirstAll", { who, n: result.heldOut, held: format.count(result.heldOut), share: format.share(options.holdOut), day: format.day(result.measureBy) }))}
    ${doubt(context) ? html`<div class="warning" role="note"><p>${doubt(context)}</p></div>` : nothing}
    <div class="options">
      ${choiceField({ label: t("option.aim"), value: options.aim, choices: [["rescue", t("option.aim.rescue")], ["revenue", t("option.aim.revenue")]], set: (aim) => set({ aim }) })}
      ${numberField({ label: t("option.cost"), value: options.costPerContact, min: 0, step: 0.01, unit: format.currency, set: (v) => set({ costPerContact: v }) })}
      ${numberField({ label: t("option.success"), hint: t("option.successHint"), value: options.successRate, min: 0, max: 100, step: 0.1, scale: 100, unit: "%", set: (v) => set({ successRate: v }) })}
      ${numberField({ label: t("option.margin"), value: options.margin, min: 0, max: 100, step: 0.1, scale: 100, unit: "%", set: (v) => set({ margin: v }) })}
      ${numberField({ label: t("option.budget"), placeholder: t("option.unlimited"), value: options.budget ?? undefined, min: 0, step: 0.01, unit: format.currency, set: (v) => set({ budget: v }) })}
      ${numberField({ label: t("option.holdOut"), hint: t("option.holdOutHint"), value: options.holdOut, min: 0, max: 50, step: 1, scale: 100, unit: "%", set: (v) => set({ holdOut: v }) })}
      ${options.aim === "rescue" ? numberField({ label: t("option.leastRisk"), hint: t("option.leastRiskHint"), value: options.leastRisk, min: 0, max: 100, step: 1, scale: 100, unit: "%", set: (v) => set({ leastRisk: v ?? 0 }) }) : nothing}
      <label class="check"><input type="checkbox" .checked=${options.everyone} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => set({ everyone: e.currentTarget.checked })} />${t("option.everyone")}</label>
    </div>
    <p class="sub">${t(`option.aimSays.${options.aim}`)}</p>
    ${result.customers === 0
      ? nothing
      : html`<div>
            <section>
              <h2>${t("winback.pictureTitle", { cost: format.money(result.cost), back: format.money(result.cost + result.expectedGain) })}</h2>
              <p class="sub">${t("winback.pictureSub", { revenue: format.money(result.expectedRevenue) })}</p>
              ${costAndGain(result, context)}
            </section>
          </div>
          <section>
            <h2>${t("winback.matrixTitle")}</h2>
            <p class="sub">${t("winback.matrixSub")}</p>
            ${matrixTable(result, context)} ${terms(words, ["stake", "tier", "reason"])}
          </section>
          <section>
            <div class="head-line">
              <h2>${t("winback.listTitle")}</h2>
              <span class="buttons">
                <button type="button" class="plain" aria-pressed=${chosen} @click=${() => actions.choose(inPlan, () => t("selection.plan"))}>${t("winback.select")}</button>
                <button type="button" class="primary" @click=${actions.exportPlan}>${t("winback.export")}</button>
              </span>
            </div>
            <p class="sub">${t(result.rows.length < result.customers ? "winback.listSub" : "count.customers", { shown: format.count(result.rows.length), n: result.customers, count: format.count(result.customers) })}</p>
            ${planTable(result, context)}
          </section>`}
    ${state.view === "report" ? nothing : outcomeSection(context)} ${selectedHere(context)} ${notices(result.notices)} ${method(context, "winback")}`;
}

/**
 * Types of leaving by tiers of value: how many could be won back, how much is at stake.
 * @param {WinbackResult} result
 * @param {Context} context
 */
function matrixTable({ matrix }, context) {
  const { words, format, say, actions } = context;
  const { t } = words;
  const types = [...new Set(matrix.map((cell) => cell.churnType))];
  const tiers = [...new Set(matrix.map((cell) => cell.tier))];
  const most = Math.max(...matrix.map((cell) => cell.valueAtStake), 1);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("winback.matrixTitle")}>
    <table class="ruled heat" data-roam>
      <thead><tr><td></td>${tiers.map((tier) => html`<th scope="col" class="right">${say(`tier.${tier}`)}</th>`)}</tr></thead>
      <tbody>
        ${types.map(
          (type) =>
            html`<tr>
              <th scope="row">${say(`churn-type.${type}`)}</th>
              ${tiers.map((tier) => {
                const cell = matrix.find((entry) => entry.churnType === type && entry.tier === tier);
                const strength = cell ? Math.round((45 * cell.valueAtStake) / most) : 0;
                const where = winbackCell({ tier, churnType: type });
                return html`<td class="right" style="background:color-mix(in srgb, var(--q3) ${strength}%, transparent)">
                  ${cell && cell.customers > 0
                    ? html`<button type="button" class="row-pick" tabindex="-1" aria-pressed=${isChosen(context, where)} @click=${() => actions.choose(where, () => `${say(`tier.${tier}`)}, ${say(`churn-type.${type}`)}`)}><b>${format.count(cell.customers)}</b></button>${partOf(context, `${tier}/${type}`)}<br />${format.money(cell.valueAtStake)}`
                    : "–"}
                  ${cell && cell.effort !== "none" ? html`<br /><span class="caption">${say(`effort.${cell.effort}`)}<br />${say(`offer.${cell.offer}`)}</span>` : nothing}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {WinbackResult} result @param {Context} context */
function planTable({ rows }, context) {
  const { words, actions, format, say } = context;
  const { t } = words;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t("winback.listTitle")}>
    <table class="ruled plan">
      <thead>
        <tr>
          <th scope="col">${t("column.customerId")}</th>
          <th scope="col">${t("column.segment")}</th>
          <th scope="col">${t("segments.colAction")}</th>
          <th scope="col" class="right">${t("column.winbackGain")}</th>
          <th scope="col" class="right">${t("winback.colStake")}</th>
          <th scope="col" class="right">${t("column.churnProbability")}</th>
          <th scope="col">${t("winback.colCloses")}</th>
          <th scope="col">${t("winback.colReason")}</th>
        </tr>
      </thead>
      <tbody>
        ${cut(context, rows).map(
          (row) =>
            html`<tr>
              <th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(row.customerId)}>${row.customerId}</button></th>
              <td class="nowrap">${segmentName(words, row.segment, familyOf(row.segment, context.state.options.rfm))}</td>
              <td class="todo">${row.place === "held-out" ? t("winback.heldOut") : html`${say(`effort.${row.effort}`)}<br /><span class="caption">${say(`offer.${row.offer}`)}</span>`}</td>
              <td class="right">${format.cents(row.gain)}</td>
              <td class="right">${format.cents(row.valueAtStake)}</td>
              <td class="right">${format.exactShare(row.churnProbability)}</td>
              <td class="nowrap">${format.shortDay(row.closes)}</td>
              <td class="action">${row.reason.text}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>
  ${cutNote(context, rows.length)}`;
}

/**
 * What a campaign brought: its list is chosen again once a newer export is loaded.
 * @param {Context} context
 */
function outcomeSection({ state, words, actions, format }) {
  const { t } = words;
  const { outcome } = state;
  const group = (/** @type {string} */ name, /** @type {import("../../pkg/types.d.ts").WinbackGroup} */ of) =>
    html`<tr><th scope="row">${name}</th><td class="right">${format.count(of.customers)}</td><td class="right">${format.count(of.recovered)}</td><td class="right">${format.exactShare(of.rate)}</td><td class="right">${format.cents(of.revenue)}</td></tr>`;
  const range = (/** @type {number | null} */ value, /** @type {number | null} */ error, /** @type {(n: number | null) => string} */ say) =>
    value === null || error === null ? "–" : t("outcome.range", { value: say(value), low: say(value - 1.96 * error), high: say(value + 1.96 * error) });
  return html`<section>
    <h2>${t("outcome.title")}</h2>
    <p class="sub">${t("outcome.sub")}</p>
    <label class="button">
      ${t("outcome.choose")}
      <input
        class="unseen"
        type="file"
        accept=".csv,text/csv"
        @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => {
          const [file] = e.currentTarget.files ?? [];
          if (file) actions.readOutcome(file);
          e.currentTarget.value = "";
        }}
      />
    </label>
    ${outcome.message ? html`<p role="alert">${outcome.message}</p>` : nothing}
    ${outcome.value
      ? html`<p>${t("outcome.finding", { from: format.shortDay(outcome.value.from), until: format.shortDay(outcome.value.until), cost: format.money(outcome.value.cost), gain: outcome.value.returnOnSpend === null ? "–" : format.exactShare(outcome.value.returnOnSpend) })}</p>
          <div class="scroll" tabindex="0" role="region" aria-label=${t("outcome.title")}>
            <table class="ruled small">
              <thead><tr><td></td><th scope="col" class="right">${t("axis.customers")}</th><th scope="col" class="right">${t("outcome.recovered")}</th><th scope="col" class="right">${t("outcome.rate")}</th><th scope="col" class="right">${t("axis.netRevenue")}</th></tr></thead>
              <tbody>${group(t("outcome.contacted"), outcome.value.contacted)} ${group(t("outcome.heldOut"), outcome.value.heldOut)}</tbody>
            </table>
          </div>
          <dl class="figures">
            <div><dt>${t("outcome.incremental")}</dt><dd>${range(outcome.value.incremental, outcome.value.incrementalStandardError, format.count)}</dd></div>
            <div><dt>${t("outcome.incrementalRevenue")}</dt><dd>${range(outcome.value.incrementalRevenue, outcome.value.incrementalRevenueStandardError, format.money)}</dd></div>
          </dl>
          ${notices(outcome.value.notices)}`
      : nothing}
  </section>`;
}
