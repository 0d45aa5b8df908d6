/** One customer: orders on a line, the silence against the usual gap, scores with reasons, what was bought. */

import { html, nothing } from "lit";
import { barList } from "../charts/bars.js";
import { cellText } from "../charts/customer-table.js";
import "../charts/figure.js";
import { FAMILY } from "../charts/segments.js";
import { timelineChart } from "../charts/time.js";
import { opening, segmentName } from "./parts.js";

/** @import { CustomerColumn, CustomerDetail } from "../../pkg/types.d.ts" */
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
  const most = Math.max(...products.map((product) => product.revenue), 1);
  return html`${opening(t("customer.kicker", { id: detail.customerId }), finding, row?.segment ? html`${segmentName(words, String(row.segment), FAMILY[String(row.segment)] ?? "gone")}` : "\u00a0")}
    <chart-figure
      .height=${148} .draw=${timelineChart} .args=${[detail, state.asOf, reading]}
      .heading=${t("customer.timelineTitle", { n: detail.orders.length })} .sub=${t("customer.timelineSub")}
      .caption=${detail.usualGapDays === null ? t("customer.noGap") : t("customer.gap", { n: detail.usualGapDays, gap: format.number(detail.usualGapDays), silent: format.count(detail.silentDays) })}
      .file=${"customer-orders"} .table=${orderTable(detail, context)} .words=${words} .showTable=${true} .save=${save}
    ></chart-figure>
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
              ${barList(products.slice(0, 10).map((product) => ({ name: product.name, share: product.revenue / most, value: format.cents(product.revenue) })), t("customer.products"))}`
          : nothing}
      </section>
    </div>`;
}

/** @param {CustomerDetail} detail @param {Context} context @returns {import("../charts/table.js").Table} */
const orderTable = ({ orders }, { words, format }) => ({
  columns: [{ label: words.t("customer.colDay") }, { label: words.t("role.orderId") }, { label: words.t("figure.gross"), align: "right" }, { label: words.t("figure.returns"), align: "right" }, { label: words.t("customer.colKind") }],
  rows: [...orders].reverse().map((order) => [format.shortDay(order.day), order.orderId ?? "", order.gross === 0 ? "" : format.cents(order.gross), order.returns === 0 ? "" : format.cents(order.returns), order.isOrder ? words.t("customer.order") : words.t("customer.creditNote")]),
});
