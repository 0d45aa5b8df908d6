/** What the customers are worth together: historic and future value by segment, cohort, channel and country. */

import { html, nothing } from "lit";
import { familyOf } from "../charts/segments.js";
import { picked } from "../picks.js";
import { cut, cutNote, explain, notices, numberField, partOf, segmentName } from "./parts.js";
import { questionKey } from "./segments/parts.js";

/** @import { CovariatesResult, Equity, EquityResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @param {boolean} alive @param {Context} context */
export function equityView(alive, context) {
  const { t } = context.words;
  const { equity } = context.state.results;
  const busy = equity.status === "running" || equity.status === "waiting";
  if (equity.value === null) return busy ? html`<p class="caption">${t("computing.equity")}</p>` : nothing;
  const result = equity.value;
  return html`<section class="equity">
    <h2>${t("value.equityTitle")}</h2>
    <p class="sub">${t(result.margin < 1 ? "value.equitySubMargin" : "value.equitySub", { days: context.format.count(result.horizonDays) })}</p>
    ${explain(context.words, "value.equity.explain")}
    ${table("segment", result, alive, context)} ${table("cohort", result, alive, context)}
    <div class="pair">${table("channel", result, false, context)} ${table("country", result, false, context)}</div>
    ${paybackOf(result, context)} ${effects(result, context)}
  </section>`;
}

/**
 * @param {"segment" | "cohort" | "channel" | "country"} key
 * @param {EquityResult} result
 * @param {boolean} alive  whether the chance of being a customer still says something
 * @param {Context} context
 */
function table(key, result, alive, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const rows = result[key];
  if (rows === null || rows.length === 0) return nothing;
  const title = t(`value.equity.${key}`);
  const name = (/** @type {Equity} */ row) =>
    row.label === null
      ? t("value.equityNone")
      : key === "segment"
        ? segmentName(words, row.label, familyOf(row.label, context.state.options.rfm))
        : key === "cohort"
          ? format.month(row.label)
          : row.label;
  const said = (/** @type {Equity} */ row) =>
    key === "channel" || key === "country" ? t("selection.cohortBy", { cohort: row.label ?? t("value.equityNone") }) : key === "segment" ? (words.has(`segment.${row.label}`) ? t(`segment.${row.label}`) : (row.label ?? "")) : t("selection.newIn", { month: format.month(row.label ?? "") });
  const cells = (/** @type {Equity} */ row) => html`<td class="right">${format.count(row.customers)}</td>
    <td class="right">${format.cents(row.historic)}</td>
    <td class="right">${format.cents(row.future)}</td>
    <td class="right">${format.exactShare(row.share)}</td>
    ${alive ? html`<td class="right">${format.share(row.meanPAlive)}</td>` : nothing}`;
  return html`<div>
    <h3>${title}</h3>
    <div class="scroll ${rows.length > 14 ? "tall" : ""}" tabindex="0" role="region" aria-label=${title}>
      <table class="ruled small">
        <thead><tr><th scope="col">${t(`value.equityCol.${key}`)}</th>${["axis.customers", "value.colHistoric", "value.colFuture", "value.colShare", ...(alive ? ["value.colAlive"] : [])].map((label) => html`<th scope="col" class="right">${t(label)}</th>`)}</tr></thead>
        <tbody>
          ${cut(context, rows).map((row) => {
            const pick = key === "cohort" ? row.label && `new/${row.label}` : key === "segment" ? row.label && `segment/${row.label}` : `${key}/${row.label}`;
            if (pick === null) return html`<tr><th scope="row">${name(row)}</th>${cells(row)}</tr>`;
            const chosen = picked(state).chosen === pick;
            return html`<tr class=${chosen ? "chosen" : ""}>
              <th scope="row"><button type="button" class="row-pick" aria-pressed=${chosen} @click=${() => actions.pick(pick, () => said(row))}>${name(row)}</button>${partOf(context, pick)}</th>
              ${cells(row)}
            </tr>`;
          })}
          <tr class="total"><th scope="row">${t("value.equityAll")}</th>${cells(result.total)}</tr>
        </tbody>
      </table>
    </div>
    ${cutNote(context, rows.length)} ${alive && key === "segment" ? html`<p class="caption">${t("value.equity.once")}</p>` : nothing}
  </div>`;
}

/** Channels that a cost can be given for. */
const MOST_CHANNELS = 24;

/** What winning a customer costs by channel, and when each pays back. @param {EquityResult} result @param {Context} context */
function paybackOf(result, { state, words, actions, format }) {
  const { t } = words;
  const channels = (result.channel ?? []).flatMap((row) => row.label ?? []).slice(0, MOST_CHANNELS);
  if (channels.length < 2 || state.view === "report") return nothing;
  const given = state.options.lifetime.acquisitionCosts ?? {};
  const days = format.count(result.horizonDays);
  const said = (/** @type {string} */ channel) => {
    const row = result.payback.find((found) => found.channel === channel);
    if (!row) return "";
    const params = { value: format.cents(row.value), horizon: days };
    if (row.days === null) return t("payback.never", params);
    return row.days === 0 ? t("payback.first", params) : t("payback.days", { ...params, n: row.days, days: format.count(row.days) });
  };
  const set = (/** @type {string} */ channel, /** @type {number | undefined} */ cost) => {
    /** @type {Record<string, number>} */
    const costs = Object.fromEntries(Object.entries({ ...given, [channel]: cost }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    return actions.setOption("lifetime", { acquisitionCosts: Object.keys(costs).length > 0 ? costs : undefined });
  };
  return html`<details class="method" ?open=${result.payback.length > 0}>
    <summary><h2>${t("payback.title")}</h2></summary>
    <p class="sub">${t("payback.sub")}</p>
    <div class="options">
      ${channels.map((channel) => numberField({ label: channel, hint: said(channel), value: given[channel], placeholder: String(state.options.lifetime.acquisitionCost ?? ""), min: 0, step: 0.01, set: (v) => set(channel, v) }))}
    </div>
  </details>`;
}

/** Whether customers of some channel, country or attribute order otherwise: asked when wanted. @param {EquityResult} result @param {Context} context */
function effects(result, context) {
  const { state, words, actions } = context;
  const { t } = words;
  const known = (result.channel ?? []).length > 1 || (result.country ?? []).length > 1 || state.roles.includes("attribute");
  if (!known) return nothing;
  const key = questionKey(state, "effects");
  const asked = state.asked.effects;
  if (asked?.key !== key) {
    if (state.view === "report") return nothing;
    const ask = () => actions.ask("effects", key, (view, run) => view.covariates({}, run));
    return html`<section><h3>${t("effects.title")}</h3><p class="sub">${t("effects.sub")}</p><button type="button" @click=${ask}>${t("effects.ask")}</button></section>`;
  }
  const answer =
    asked.status === "running"
      ? html`<div class="running"><p>${t("asking.effects")}</p><progress aria-label=${t("asking.effects")}></progress></div>`
      : asked.status === "done"
        ? effectsTable(asked.value, context)
        : html`<p class="why-short">${asked.message || t("failed.title")}</p>`;
  return html`<section><h3>${t("effects.title")}</h3>${answer}</section>`;
}

/** A chance below this is taken for more than an accident. */
const SIGNIFICANT = 0.05;

/** @param {CovariatesResult} found @param {Context} context */
function effectsTable(found, context) {
  const { words, format } = context;
  const { t } = words;
  const attributes = [...new Set(found.coefficients.map((row) => row.attribute))];
  const usual = (/** @type {string} */ attribute) => found.comparedWith[attributes.indexOf(attribute)] ?? "";
  const chance = (/** @type {number | null} */ p) => (p === null ? "–" : p < 0.001 ? `< ${format.decimal(0.001, 3)}` : format.decimal(p, 3));
  const title = t(found.pValue < SIGNIFICANT ? "effects.found" : "effects.none");
  return html`<p class="verdict">${title}</p>
    <p class="sub">${found.verdict.text}</p>
    <div class="scroll ${found.coefficients.length > 14 ? "tall" : ""}" tabindex="0" role="region" aria-label=${t("effects.title")}>
      <table class="ruled small">
        <thead><tr><th scope="col">${t("effects.colWho")}</th><th scope="col">${t("effects.colWhat")}</th>${["effects.colTimes", "effects.colChance"].map((label) => html`<th scope="col" class="right">${t(label)}</th>`)}</tr></thead>
        <tbody>
          ${found.coefficients.map(
            (row) => html`<tr>
              <th scope="row">${t("effects.who", { attribute: row.attribute, value: row.value, usual: usual(row.attribute) })}</th>
              <td>${t(`effects.${row.process}`)}</td>
              <td class="right">${format.decimal(row.factor, 2)} ×</td>
              <td class="right">${chance(row.pValue)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${explain(words, "effects.explain")} ${notices(found.notices)}`;
}
