/** What the customers of a list are like: figures against everybody, value and risk, what they buy, where, how. */

import { html, nothing } from "lit";
import { barList } from "../../charts/bars.js";
import { answered, listTools } from "./parts.js";

/** @import { Common, Profile, Segment, Where } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

/**
 * @param {Context} context
 * @param {Where} where
 * @param {() => string} say  the list in words
 * @param {string} [name]  in the title and of its downloads
 */
export function profile(context, where, say, name = say()) {
  const { state, words } = context;
  // Value and risk are told once they are there.
  const known = [state.results.lifetime.status, state.results.churn.status];
  return html`<section class="profile">
    <h2>${words.t("profile.title", { name })}</h2>
    ${answered(context, "profile", [where, known], (view, run) => view.profile({ where }, run), (value) => drawProfile(value, context))}
    ${listTools(context, where, name, say)}
  </section>`;
}

/** @param {Profile} result @param {Context} context */
function drawProfile({ selected, everybody, future, risk, products, countries, channels }, context) {
  const { words, format } = context;
  const { t } = words;
  if (selected.customers === 0) return html`<p>${t("profile.nobody")}</p>`;
  /** @type {[string, (segment: Segment) => string][]} */
  const rows = [
    ["segments.colCustomers", (s) => format.count(s.customers)],
    ["segments.colShare", (s) => format.exactShare(s.share)],
    ["segments.colRevenue", (s) => format.cents(s.revenue)],
    ["segments.colRevenueShare", (s) => format.exactShare(s.revenueShare)],
    ["profile.orders", (s) => format.count(s.orders)],
    ["segments.colAverage", (s) => format.cents(s.averageOrder)],
    ["profile.recency", (s) => t("profile.medianMean", { median: format.number(s.medianRecencyDays), mean: format.number(s.meanRecencyDays) })],
    ["profile.frequency", (s) => t("profile.medianMean", { median: format.number(s.medianOrders), mean: format.number(s.meanOrders) })],
    ["profile.money", (s) => t("profile.medianMean", { median: format.cents(s.medianRevenue), mean: format.cents(s.meanRevenue) })],
  ];
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("profile.table")}>
      <table class="ruled">
        <thead><tr><th scope="col">${t("time.colFigure")}</th><th scope="col" class="right">${t("profile.these")}</th><th scope="col" class="right">${t("profile.everybody")}</th></tr></thead>
        <tbody>
          ${rows.map(([key, cell]) => html`<tr><th scope="row">${t(key)}</th><td class="right">${cell(selected)}</td><td class="right">${cell(everybody)}</td></tr>`)}
          ${future ? html`<tr><th scope="row">${t("profile.future")}</th><td class="right">${format.cents(future.mean)}</td><td class="right">${format.cents(future.meanOfEverybody)}</td></tr>` : nothing}
          ${risk ? html`<tr><th scope="row">${t("profile.risk")}</th><td class="right">${format.exactShare(risk.mean)}</td><td class="right">${format.exactShare(risk.meanOfEverybody)}</td></tr>` : nothing}
        </tbody>
      </table>
    </div>
    ${future ? html`<p class="caption">${t("profile.futureSum", { money: format.money(future.clv), share: format.share(future.share) })}</p>` : html`<p class="caption">${t("profile.noFuture")}</p>`}
    <div class="triple">
      ${common("profile.products", products, context)} ${common("profile.countries", countries, context)} ${common("profile.channels", channels, context)}
    </div>`;
}

/** @param {string} key @param {Common[] | null} rows @param {Context} context */
function common(key, rows, { words, format }) {
  if (!rows || rows.length === 0) return nothing;
  const most = Math.max(...rows.map((row) => row.share), 1e-9);
  const bars = rows.slice(0, 8).map((row) => ({
    name: row.name,
    share: row.share / most,
    value: words.t("profile.bar", { share: format.share(row.share), index: format.count(row.index) }),
  }));
  return html`<section><h3>${words.t(key)}</h3><p class="sub">${words.t("profile.barSub")}</p>${barList(bars, words.t(key))}</section>`;
}
