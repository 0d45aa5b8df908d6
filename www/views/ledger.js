/** The ledger: one line of words that opens into the table in which every row is accounted for. */

import { html, nothing } from "lit";
import { assumedCurrency } from "../state.js";
import { notices } from "./parts.js";

/** @import { Ledger } from "../../pkg/types.d.ts" */

/**
 * @param {Ledger} ledger
 * @param {Pick<import("./parts.js").Context, "words" | "format">} reading
 */
export function ledgerSentence(ledger, { words, format }) {
  const { t } = words;
  const shop = ledger.setAside.filter((entry) => entry.from === "shop" && entry.rows > 0);
  const people = ledger.kind === "customers";
  const parts = [
    people
      ? t("ledger.people", { n: ledger.shop.rows, count: format.count(ledger.shop.rows) })
      : t("ledger.purchases", { n: ledger.purchaseRows, count: format.count(ledger.purchaseRows) }),
    !people && ledger.returnRows > 0 ? t("ledger.returns", { n: ledger.returnRows, count: format.count(ledger.returnRows) }) : "",
    ...shop.map((entry) => t("ledger.part", { count: format.count(entry.rows), reason: reasonName(entry.reason, words, entry.rows) })),
  ].filter(Boolean);
  const guests = ledger.setAside.find((entry) => entry.from === "customers" && entry.reason === "no-customer");
  const tail = guests && guests.amount !== 0 ? t("ledger.guests", { money: format.money(guests.amount), net: format.money(ledger.shop.net) }) : "";
  const rows = t("ledger.rows", { n: ledger.rowsRead, count: format.count(ledger.rowsRead) });
  return t("ledger.sentence", { rows, parts: format.list(parts), guests: tail }).trim();
}

/**
 * Rows that repeat an earlier one and count all the same; empty where none does.
 *
 * @param {Ledger} ledger
 * @param {Pick<import("./parts.js").Context, "words" | "format">} reading
 */
export const repeated = ({ duplicates, settings }, { words, format }) =>
  duplicates > 0 && !settings.dropDuplicates ? words.t("ledger.duplicates", { n: duplicates, count: format.count(duplicates) }) : "";

/**
 * The currency, where it is a guess.
 * @param {Ledger} ledger
 * @param {Pick<import("./parts.js").Context, "state" | "words">} context
 */
export function assumed(ledger, { state, words }) {
  const currency = assumedCurrency(state.found);
  const kept = state.phase === "understood" || state.currency === currency;
  return currency && kept && !ledger.currency ? words.t("currency.assumed", { currency }) : "";
}

/** @param {string} reason @param {import("../words.js").Words} words @param {number} [n] rows */
export const reasonName = (reason, words, n = 2) => (words.has(`reason.${reason}`) ? words.t(`reason.${reason}`, { n }) : reason);

/**
 * @param {Ledger} ledger
 * @param {import("./parts.js").Context} context
 */
export function ledgerTable(ledger, context) {
  const { words, format } = context;
  const { t } = words;
  const guess = assumed(ledger, context);
  // To the cent, and to the last digit for whoever points at it.
  const money = (/** @type {string} */ exact) => html`<td class="right" title=${exact}>${format.cents(Number(exact))}</td>`;
  const line = (/** @type {string} */ name, /** @type {unknown} */ rows, /** @type {unknown} */ orders, /** @type {unknown} */ amount, strong = false) =>
    html`<tr class=${strong ? "total" : ""}>
      <th scope="row">${name}</th>
      <td class="right">${rows}</td>
      <td class="right">${orders}</td>
      ${amount}
      <td></td>
    </tr>`;
  const aside = (/** @type {Ledger["setAside"][number]} */ entry) =>
    html`<tr class="aside">
      <th scope="row">${t("ledger.less", { reason: reasonName(entry.reason, words) })}</th>
      <td class="right">${format.count(entry.rows)}</td>
      <td class="right"></td>
      ${money(entry.exactAmount)}
      <td class="example">${entry.example ? html`${t("ledger.row", { row: format.count(entry.example.row) })} <code>${entry.example.text}</code>` : nothing}</td>
    </tr>`;
  const { shop, customers } = ledger;
  const notes = (/** @type {number} */ n) => (n > 0 ? t("ledger.notes", { n, count: format.count(n) }) : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("ledger.label")}>
      <table class="ruled ledger">
        <thead>
          <tr>
            <td></td>
            <th scope="col" class="right">${t("ledger.colRows")}</th>
            <th scope="col" class="right">${t("ledger.colOrders")}</th>
            <th scope="col" class="right">${t("ledger.colMoney")}</th>
            <th scope="col">${t("ledger.colExample")}</th>
          </tr>
        </thead>
        <tbody>
          ${line(t("ledger.read"), format.count(ledger.rowsRead), "", html`<td></td>`, true)}
          ${ledger.setAside.filter((entry) => entry.from === "shop").map(aside)}
          ${line(t("ledger.shopGross"), format.count(ledger.purchaseRows), format.count(shop.orders), money(shop.exact.gross))}
          ${line(t("ledger.shopReturns"), format.count(ledger.returnRows), notes(shop.creditNotes), money(shop.exact.returns))}
          ${line(t("ledger.shopNet"), format.count(shop.rows), format.count(shop.orders), money(shop.exact.net), true)}
          ${ledger.setAside.filter((entry) => entry.from === "customers").map(aside)}
          ${line(t("ledger.customersGross"), "", format.count(customers.orders), money(customers.exact.gross))}
          ${line(t("ledger.customersReturns"), "", notes(customers.creditNotes), money(customers.exact.returns))}
          ${line(t("ledger.customersNet"), format.count(customers.rows), format.count(customers.orders), money(customers.exact.net), true)}
          ${line(t("ledger.withOrders", { n: customers.customers, count: format.count(customers.customers) }), "", "", html`<td class="right">${format.cents(customers.net - customers.returnsOnly.amount)}</td>`)}
          ${customers.returnsOnly.customers > 0
            ? line(t("ledger.returnsOnly", { n: customers.returnsOnly.customers, count: format.count(customers.returnsOnly.customers) }), "", "", money(customers.returnsOnly.exactAmount))
            : nothing}
        </tbody>
      </table>
    </div>
    ${ledger.duplicates > 0 ? html`<p class="caption">${repeated(ledger, { words, format })}</p>` : nothing}
    ${guess ? html`<p class="caption">${guess}</p>` : nothing}
    ${notices(ledger.notices.filter((notice) => notice.code !== "duplicate-rows"))}`;
}

/**
 * @param {Ledger} ledger
 * @param {import("./parts.js").Context} context
 */
export const ledgerLine = (ledger, context) =>
  html`<details
    class="ledger-line"
    ?open=${context.state.ledgerOpen}
    @toggle=${(/** @type {Event & { currentTarget: HTMLDetailsElement }} */ e) => context.actions.openLedger(e.currentTarget.open)}
  >
    <summary>${ledgerSentence(ledger, context)}</summary>
    ${context.state.ledgerOpen ? ledgerTable(ledger, context) : nothing}
  </details>`;
