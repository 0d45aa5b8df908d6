/** One customer: orders on a line, the silence against the usual gap, scores with reasons, what was bought. */

import { html, nothing } from "lit";
import { barList } from "../charts/bars.js";
import { cellText } from "../charts/customer-table.js";
import "../charts/figure.js";
import { familyOf } from "../charts/segments.js";
import { timelineChart } from "../charts/time.js";
import { pathChart } from "../charts/trust.js";
import { itemName } from "./baskets.js";
import { explain, opening, segmentName } from "./parts.js";
import { modelName } from "./trust.js";

/** @import { CustomerColumn, CustomerDetail, LifetimeRow } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */

/** @param {Context} context */
export function customerView(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const page = state.customer;
  if (!page) return nothing;
  const back = html`<p><button type="button" class="quiet" @click=${() => actions.show("customers")}>← ${t("view.customers")}</button></p>`;
  if (page.message) return html`${back}<div class="why"><h1 tabindex="-1">${page.id}</h1><p>${page.message}</p></div>`;
  if (!page.detail) return html`${back}${opening(t("customer.kicker", { id: page.id }), "\u00a0", t("customer.computing"))}`;
  return html`${back}${drawCustomer(page.detail, context)}`;
}

/** @param {CustomerDetail} detail @param {Context} context */
function drawCustomer(detail, context) {
  const { state, words, format, reading, save } = context;
  const { t } = words;
  const row = state.customer?.row ?? null;
  const late = detail.usualGapDays !== null && detail.silentDays > detail.usualGapDays;
  const finding =
    detail.usualGapDays === null
      ? t("customer.findingOne", { n: detail.silentDays, silent: format.count(detail.silentDays) })
      : t(late ? "customer.findingLate" : "customer.findingInTime", { n: detail.silentDays, silent: format.count(detail.silentDays), gap: format.number(detail.usualGapDays) });
  const products = detail.products ?? [];
  // Some exports have no money by line.
  const by = products.some(({ revenue }) => revenue > 0) ? "revenue" : "quantity";
  const most = Math.max(...products.map((product) => product[by]), 1);
  return html`${opening(t("customer.kicker", { id: detail.customerId }), finding, row?.segment ? html`${segmentName(words, String(row.segment), familyOf(String(row.segment), context.state.options.rfm))}` : "\u00a0")}
    <chart-figure
      .height=${148} .draw=${timelineChart} .args=${[detail, state.asOf, reading]}
      .heading=${t("customer.timelineTitle", { n: detail.orders.length })} .sub=${t("customer.timelineSub")}
      .caption=${detail.usualGapDays === null ? t("customer.noGap") : t("customer.gap", { n: detail.usualGapDays, gap: format.number(detail.usualGapDays), silent: format.count(detail.silentDays) })}
      .file=${"customer-orders"} .table=${orderTable(detail, context)} .words=${words} .showTable=${true} .save=${save}
    ></chart-figure>
    ${future(context)}
    <div class="pair">
      <section>
        <h2>${t("customer.scores")}</h2>
        ${row
          ? html`<dl class="scores">
              ${/** @type {CustomerColumn[]} */ (["orders", "revenue", "averageOrder", "recencyDays", "rScore", "fScore", "mScore", "pAlive", "expectedOrders", "clv", "churnProbability"]).filter((column) => column in row).map(
                (column) => html`<div><dt>${t(`column.${column}`)}</dt><dd>${cellText(column, row[column], format, words)}</dd></div>`,
              )}
            </dl>`
          : html`<p class="caption">${t("customer.computing")}</p>`}
      </section>
      <section>
        <h2>${t("customer.reasons")}</h2>
        <ul class="plain-list">${detail.reasons.map((reason) => html`<li>${reason.text}</li>`)}</ul>
        ${products.length > 0
          ? html`<h2>${t("customer.products")}</h2>
              ${barList(products.slice(0, 10).map((product) => ({ name: product.name, share: product[by] / most, value: by === "revenue" ? format.cents(product.revenue) : `${format.number(product.quantity)} ×` })), t("customer.products"))}`
          : nothing}
        ${next(context)}
      </section>
    </div>`;
}

/** What the model says of this customer, over time and ahead. @param {Context} context */
function future(context) {
  const { state, words, reading, save } = context;
  const { t } = words;
  const result = state.results.lifetime.value;
  const row = state.customer?.lifetime;
  if (!row || !result) return nothing;
  const { path } = row;
  return html`<div class="pair">
    ${!result.identifiesDropout
      ? html`<section><h2>${t("customer.pathTitle")}</h2><p>${t("customer.pathUnknown")}</p></section>`
      : path && path.day.length > 1
        ? html`<chart-figure
            .height=${240} .draw=${pathChart} .args=${[path, reading]}
            .heading=${t("customer.pathTitle")} .sub=${t("customer.pathSub", { model: modelName(result.model, words) })}
            .caption=${explain(words, "customer.pathExplain")}
            .file=${"customer-path"} .table=${pathTable(path, context)} .words=${words} .showTable=${state.showTables} .save=${save}
          ></chart-figure>`
        : nothing}
    ${outlook(row, result, context)}
  </div>`;
}

/** @param {LifetimeRow} row @param {import("../../pkg/types.d.ts").LifetimeResult} result @param {Context} context */
function outlook(row, result, { words, format }) {
  const { t } = words;
  const days = format.count(result.horizonDays);
  const within = (/** @type {number | null} */ n) => (n === null ? t("customer.dueNever") : t("customer.days", { n, days: format.count(n) }));
  const range = (/** @type {string} */ low, /** @type {string} */ high) => `${low} – ${high}`;
  /** @type {[string, string, string][]} */
  const rows = [
    ...(result.identifiesDropout
      ? /** @type {[string, string, string][]} */ ([
          [t("customer.alive"), format.share(row.pAlive), range(format.share(row.pAliveLow), format.share(row.pAliveHigh))],
          [t("customer.aliveLater", { days }), format.share(row.pAliveLater), ""],
        ])
      : []),
    [t("customer.orders", { days }), format.decimal(row.expectedOrders, 2), range(format.count(row.ordersLow), format.count(row.ordersHigh))],
    [t("customer.noOrder", { days }), format.share(row.pNoOrder), ""],
    [t("customer.due50"), within(row.dueDays50), ""],
    [t("customer.due80"), within(row.dueDays80), ""],
    [t("customer.orderValue"), format.cents(row.orderValue), ""],
    [t("customer.clv", { days }), format.cents(row.clv), range(format.cents(row.clvLow), format.cents(row.clvHigh))],
    ...(row.residualValue === null || !result.identifiesDropout ? [] : [/** @type {[string, string, string]} */ ([t("customer.residual"), format.cents(row.residualValue), ""])]),
  ];
  return html`<section>
    <h2>${t("customer.forecast")}</h2>
    <p class="sub">${t("customer.forecastSub")}</p>
    <table class="ruled small">
      <thead><tr><th scope="col">${t("customer.colFigure")}</th><th scope="col" class="right">${t("customer.colValue")}</th><th scope="col" class="right">${t("customer.colRange")}</th></tr></thead>
      <tbody>${rows.map(([name, value, between]) => html`<tr><th scope="row">${name}</th><td class="right">${value}</td><td class="right">${between}</td></tr>`)}</tbody>
    </table>
    ${result.forecast === result.model ? nothing : html`<p class="caption">${t("customer.byRule", { orders: format.decimal(row.forecastOrders, 2), value: format.cents(row.forecastClv), used: modelName(result.forecast, words) })}</p>`}
    ${explain(words, "customer.forecastExplain")}
  </section>`;
}

/** @param {import("../../pkg/types.d.ts").LifetimePath} path @param {Context} context @returns {import("../charts/table.js").Table} */
const pathTable = ({ day, pAlive }, { words, format }) => ({
  columns: [{ label: words.t("customer.colDay") }, { label: words.t("axis.stillCustomer"), align: "right" }],
  rows: day.map((d, i) => [format.shortDay(d), format.exactShare(pAlive[i])]),
});

/** What to offer next, and because of what. @param {Context} context */
function next({ state, words: { t }, format }) {
  const offers = state.customer?.offers;
  if (offers === undefined || offers === null) return nothing;
  return html`<h2>${t("offers.title")}</h2>
    ${offers.offers.length > 0
      ? html`<ul class="plain-list">
          ${offers.offers.map((offer) => html`<li><b>${itemName(offer.item, format)}</b>: ${t("offers.because", { share: format.share(offer.confidence), items: format.list(offer.because.map((item) => itemName(item, format))) })}</li>`)}
        </ul>`
      : html`<p class="caption">${t("offers.none")}</p>`}`;
}

/** @param {CustomerDetail} detail @param {Context} context @returns {import("../charts/table.js").Table} */
const orderTable = ({ orders }, { words, format }) => ({
  columns: [{ label: words.t("customer.colDay") }, { label: words.t("role.orderId") }, { label: words.t("figure.gross"), align: "right" }, { label: words.t("figure.returns"), align: "right" }, { label: words.t("customer.colKind") }],
  rows: [...orders].reverse().map((order) => [format.shortDay(order.day), order.orderId ?? "", order.gross === 0 ? "" : format.cents(order.gross), order.returns === 0 ? "" : format.cents(order.returns), order.isOrder ? words.t("customer.order") : words.t("customer.creditNote")]),
});
