/** Tiers and loyalty: how many reach each tier, what the scheme costs and is worth, where customers are going. */

import { html, nothing } from "lit";
import { daysOn } from "../../picks.js";
import { cellPick, figureLine, isChosen, notices, numberField, opening, pickLine } from "../parts.js";
import { answered } from "./parts.js";

/** @import { Loyalty, LoyaltyOptions } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

const NAMES = ["top", "important", "ordinary", "small"];

/** @param {Context} context */
export function tiersPage(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const { loyalty } = state.segmenting;
  const set = (/** @type {LoyaltyOptions} */ patch) => actions.setSegmenting({ loyalty: { ...loyalty, ...patch } });
  return html`<div class="options">
      ${numberField({ label: t("tiers.window"), unit: t("unit.days"), value: loyalty.windowDays ?? 365, min: 30, max: 1095, set: (windowDays) => set({ windowDays: windowDays ?? 365 }) })}
      ${numberField({ label: t("tiers.points"), value: loyalty.points ?? 1, min: 0, step: 0.1, set: (points) => set({ points: points ?? 1 }) })}
      ${numberField({ label: t("tiers.pointValue"), value: loyalty.pointValue ?? 0.01, min: 0, step: 0.001, set: (pointValue) => set({ pointValue: pointValue ?? 0.01 }) })}
      ${numberField({ label: t("tiers.redemption"), unit: "%", value: loyalty.redemption ?? 0.6, min: 0, max: 100, scale: 100, set: (redemption) => set({ redemption: redemption ?? 0.6 }) })}
      ${numberField({ label: t("option.margin"), unit: "%", value: loyalty.margin ?? 0.3, min: 0, max: 100, scale: 100, set: (margin) => set({ margin: margin ?? 0.3 }) })}
    </div>
    ${answered(context, "tiers", loyalty, (view, run) => view.loyalty(loyalty, run), (result) => drawTiers(result, context))}`;
}

/** @param {Loyalty} result @param {Context} context */
function drawTiers(result, context) {
  const { state, words, actions, format } = context;
  const { t, rich } = words;
  const { loyalty } = state.segmenting;
  const name = (/** @type {number} */ i) => (NAMES.includes(result.tiers[i]?.name ?? "") ? t(`tier.${result.tiers[i]?.name}`) : (result.tiers[i]?.name ?? t("tiers.away")));
  const first = result.tiers[0];
  // Without a lift nothing is claimed of the worth, not even that it is nothing.
  const lifted = result.tiers.some((_, i) => (loyalty.tiers?.[i]?.lift ?? 0) !== 0);
  // The last tier holds those without revenue in these days, whom the movement below counts apart.
  const none = result.steps > 0 ? (result.forecast[0]?.at(-1) ?? 0) : 0;
  const spent = (/** @type {object} */ bounds) => ({ spent: { day: { min: daysOn(result.asOf, 1 - result.windowDays), max: result.asOf }, ...bounds } });
  /** From a border on, and not from the one above it. */
  const between = (/** @type {number | null | undefined} */ least, /** @type {number | null | undefined} */ above) => ({ and: [...(least == null ? [] : [spent({ min: least })]), ...(above == null ? [] : [{ not: spent({ min: above }) }])] });
  const of = (/** @type {number} */ i) => between(result.tiers[i]?.least, result.tiers[i - 1]?.least);
  const near = (/** @type {number} */ i) => between(Math.max(0.9 * (result.tiers[i]?.least ?? 0), result.tiers[i + 1]?.least ?? 0), result.tiers[i]?.least);
  const change = (/** @type {number} */ place, /** @type {"least" | "perks" | "lift"} */ key, /** @type {number | null} */ value) =>
    actions.setSegmenting({ loyalty: { ...loyalty, tiers: result.tiers.map((tier, i) => ({ name: tier.name, least: tier.least, perks: 0, lift: 0, ...loyalty.tiers?.[i], ...(i === place ? { [key]: value } : {}) })) } });
  const field = (/** @type {number} */ i, /** @type {"least" | "perks" | "lift"} */ key, /** @type {number} */ value, /** @type {number} */ scale = 1) =>
    html`<input type="number" class="small" step="any" aria-label=${t(`tiers.${key}`)} .value=${String(Math.round(value * scale * 100) / 100)} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => {
      const value = Number(e.currentTarget.value) / scale;
      // Borders fall from tier to tier; one that does not is said at once and not applied.
      const above = result.tiers[i - 1]?.least ?? Infinity;
      const below = result.tiers[i + 1]?.least ?? -Infinity;
      e.currentTarget.setCustomValidity(key !== "least" || (value < above && value > below) ? "" : t("tiers.falling"));
      if (e.currentTarget.reportValidity()) change(i, key, value);
    }} />`;
  return html`${opening(t("segments.page.tiers"), rich("tiers.finding", { count: html`<b>${format.count(first?.customers)}</b>`, share: html`<b>${format.share(first?.revenueShare)}</b>` }), t("tiers.standfirst", { days: format.count(result.windowDays), day: format.day(result.asOf) }))}
    ${figureLine([
      { value: format.money(result.cost), label: t("tiers.cost"), note: t("tiers.costNote") },
      { value: lifted ? format.money(result.worth) : "–", label: t("tiers.worth"), note: t(lifted ? "tiers.worthNote" : "tiers.worthNone") },
      { value: format.exactShare(result.breakEvenLift), label: t("tiers.breakEven"), note: t("tiers.breakEvenNote") },
    ])}
    <div class="scroll" tabindex="0" role="region" aria-label=${t("segments.page.tiers")}>
      <table class="ruled">
        <thead><tr><th scope="col">${t("tiers.tier")}</th>${["tiers.least", "segments.colCustomers", "segments.colRevenueShare", "tiers.near", "tiers.perks", "tiers.lift", "tiers.cost", "tiers.worth"].map((key) => html`<th scope="col" class="right">${t(key)}</th>`)}</tr></thead>
        <tbody>
          ${result.tiers.map((tier, i) => html`<tr><th scope="row">${pickLine(context, of(i), () => name(i), () => t("selection.tier", { name: name(i) }))}${i === result.tiers.length - 1 && none ? html`<br /><span class="caption">${t("tiers.none", { n: none, count: format.count(none) })}</span>` : nothing}</th>
            <td class="right">${tier.least === null ? "–" : field(i, "least", tier.least)}</td><td class="right">${format.count(tier.customers)}</td><td class="right">${format.exactShare(tier.revenueShare)}</td><td class="right">${tier.least === null || tier.near === 0 ? "–" : cellPick(format.count(tier.near), t("selection.near", { name: name(i) }), isChosen(context, near(i)), () => actions.choose(near(i), () => t("selection.near", { name: name(i) })))}</td>
            <td class="right">${field(i, "perks", loyalty.tiers?.[i]?.perks ?? 0)}</td><td class="right">${field(i, "lift", loyalty.tiers?.[i]?.lift ?? 0, 100)}</td><td class="right">${format.cents(tier.cost)}</td><td class="right">${lifted ? format.cents(tier.worth) : "–"}</td></tr>`)}
        </tbody>
      </table>
    </div>
    ${result.steps > 0 ? migration(result, name, context) : nothing}
    ${notices(result.notices)}`;
}

/** From which tier into which, and what follows for the windows to come. @param {Loyalty} result @param {(i: number) => string} name @param {Context} context */
function migration(result, name, { words, format }) {
  const { t } = words;
  return html`<section>
      <h2>${t("tiers.migrationTitle")}</h2>
      <p class="sub">${t("tiers.migrationSub", { n: result.steps, steps: format.count(result.steps) })}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("tiers.migrationTitle")}>
        <table class="ruled matrix">
          <thead><tr><th scope="col">${t("movement.beforeNow")}</th>${result.migration.map((_, j) => html`<th scope="col" class="right">${name(j)}</th>`)}</tr></thead>
          <tbody>
            ${result.migration.map((row, i) => html`<tr><th scope="row">${name(i)}</th>${row.map((share) => html`<td class="right heat" style="--heat:${(100 * share).toFixed(0)}%">${format.exactShare(share)}</td>`)}</tr>`)}
            ${result.forecast.map((row, step) => html`<tr><th scope="row">${step === 0 ? t("tiers.now") : t("tiers.later", { n: step })}</th>${row.map((count) => html`<td class="right">${format.count(count)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
    </section>`;
}
