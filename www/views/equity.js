/** What the customers are worth together: historic and future value by segment, cohort, channel and country. */

import { html, nothing } from "lit";
import { FAMILY } from "../charts/segments.js";
import { picked } from "../picks.js";
import { cut, cutNote, explain, partOf, segmentName } from "./parts.js";

/** @import { Equity, EquityResult } from "../../pkg/types.d.ts" */
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
        ? segmentName(words, row.label, FAMILY[row.label] ?? "gone")
        : key === "cohort"
          ? format.month(row.label)
          : row.label;
  const said = (/** @type {Equity} */ row) =>
    key === "segment" ? (words.has(`segment.${row.label}`) ? t(`segment.${row.label}`) : (row.label ?? "")) : t("selection.newIn", { month: format.month(row.label ?? "") });
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
            const pick = row.label === null ? null : key === "segment" ? `segment/${row.label}` : key === "cohort" ? `new/${row.label}` : null;
            // Those of a channel or country are by the first order; a selection goes by the last one.
            if (pick === null) return html`<tr><th scope="row">${name(row)}</th>${cells(row)}</tr>`;
            const chosen = picked(state).chosen === pick;
            return html`<tr class=${chosen ? "chosen" : ""}>
              <th scope="row"><button type="button" class="row-pick" aria-pressed=${chosen} @click=${() => actions.pick(pick, said(row))}>${name(row)}</button>${partOf(context, pick)}</th>
              ${cells(row)}
            </tr>`;
          })}
          <tr class="total"><th scope="row">${t("value.equityAll")}</th>${cells(result.total)}</tr>
        </tbody>
      </table>
    </div>
    ${cutNote(context, rows.length)}
  </div>`;
}
