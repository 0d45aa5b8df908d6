/** Over time: the shop's figures with their parts, revenue and customers by month, what sells where. */

import { html, nothing } from "lit";
import { barList } from "../charts/bars.js";
import "../charts/figure.js";
import { customersChart, revenueChart } from "../charts/time.js";
import { figure, method, notices, opening, outcomeView } from "./parts.js";

/** @import { Comparison, DescribeResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** How each figure is written. @type {Record<keyof DescribeResult["figures"], "count" | "exact" | "cents" | "exactShare" | "decimal">} */
const KIND = {
  orders: "count", customers: "count", gross: "exact", returns: "exact", net: "exact", averageOrder: "cents",
  ordersPerCustomer: "decimal", repeatRate: "exactShare", refundRate: "exactShare", guestShare: "exactShare",
  newCustomers: "count", newShare: "exactShare", returningShare: "exactShare",
  retentionRate: "exactShare", churnRate: "exactShare", referralRate: "exactShare",
};

/** @param {Context} context */
export const timeView = (context) => outcomeView("describe", context.state.results.describe, context, (result) => drawTime(result, context));

/** @param {DescribeResult} result @param {Context} context */
function drawTime(result, context) {
  const { state, words, actions, format, reading, save } = context;
  const { t, rich } = words;
  const { repeatRate } = result.figures;
  const never = repeatRate.value === null ? null : 1 - repeatRate.value;
  const finding =
    never === null
      ? t("time.findingPlain")
      : rich("time.finding", { share: figure(format.share(never), t("note.neverBack", { count: format.count((repeatRate.denominator ?? 0) - (repeatRate.numerator ?? 0)), all: format.count(repeatRate.denominator) })) });
  const part = result.months.complete.some((complete) => !complete);
  return html`${opening(t("view.time"), finding, t("time.standfirst", { from: format.day(result.firstDate), to: format.day(result.lastDate) }))}
    <div class="pair">
      <chart-figure
        .height=${280} .draw=${revenueChart} .args=${[result.months, reading]}
        .heading=${t("time.revenueTitle")} .sub=${t("time.revenueSub")} .caption=${part ? t("time.partCaption") : ""}
        .file=${"revenue-by-month"} .table=${monthTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
      <chart-figure
        .height=${280} .draw=${customersChart} .args=${[result.months, reading]}
        .heading=${t("time.customersTitle")} .sub=${t("time.customersSub")}
        .file=${"customers-by-month"} .table=${monthTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
    </div>
    ${comparisons(result, context)}
    <section>
      <h2>${t("time.figuresTitle")}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("time.figuresTitle")}>
        <table class="ruled">
          <thead><tr><th scope="col">${t("time.colFigure")}</th><th scope="col" class="right">${t("time.colValue")}</th><th scope="col">${t("time.colOf")}</th><th scope="col">${t("time.colParts")}</th></tr></thead>
          <tbody>
            ${/** @type {(keyof DescribeResult["figures"])[]} */ (Object.keys(KIND)).map((key) => {
              const entry = result.figures[key];
              if (!entry) return nothing;
              return html`<tr>
                  <th scope="row">${t(`figure.${key}`)}</th>
                  <td class="right">${format[KIND[key]](entry.value)}</td>
                  <td>${t(`of.${entry.of}`)}${entry.from ? t("time.within", { from: format.shortDay(entry.from), to: format.shortDay(entry.to) }) : ""}</td>
                  <td>${entry.denominator === undefined ? "" : t("time.parts", { a: format.plain(entry.numerator), b: format.plain(entry.denominator) })}</td>
                </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </section>
    <div class="triple">
      ${top("topProducts", result.topProducts, context)} ${top("topCountries", result.topCountries, context)} ${top("topChannels", result.topChannels, context)}
    </div>
    <section>
      <h2>${t("time.newTitle")}</h2>
      <p class="sub">${t("time.newSub")}</p>
      <p class="chips">
        ${result.months.month.map((month, i) => {
          const where = { firstOrder: { min: `${month}-01`, max: `${month}-31` } };
          return html`<button type="button" class="chip" aria-pressed=${state.selection?.words === t("selection.newIn", { month: format.month(month) })} @click=${() => actions.choose(where, t("selection.newIn", { month: format.month(month) }))}>
            ${format.shortMonth(month)} <b>${format.count(result.months.newCustomers[i])}</b>
          </button>`;
        })}
      </p>
    </section>
    ${notices(result.notices)} ${method(context, "time")}`;
}

/**
 * The last complete periods against those before and a year ago.
 * @param {DescribeResult} result
 * @param {Context} context
 */
function comparisons(result, { words, format }) {
  const { t } = words;
  const [latest] = result.comparisons;
  if (!latest) return nothing;
  const moved = (/** @type {Comparison["figures"][number]} */ row, /** @type {Comparison["figures"][number]["previous"]} */ change) =>
    change === null ? "–" : row.isShare ? t("time.points", { points: format.signed(change.difference) }) : change.growth === null ? "–" : format.signedShare(change.growth);
  const before = (/** @type {Comparison} */ c) => [c.previousPeriod, c.yearAgoPeriod].filter((period) => period !== null);
  const written = (/** @type {Comparison["figures"][number]} */ row) => {
    const kind = KIND[row.id];
    return format[kind === "exact" ? "cents" : kind](row.current);
  };
  const name = (/** @type {string | null} */ period) => {
    const [year = "", part = ""] = (period ?? "").split("-");
    if (part.startsWith("Q")) return t("time.quarter", { year, quarter: part.slice(1) });
    return part ? format.month(`${year}-${part}`) : year;
  };
  return html`<section>
    <h2>${t("time.comparisonTitle", { period: name(latest.period) })}</h2>
    <p class="sub">${t("time.comparisonSub")}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("time.comparisonTitle", { period: name(latest.period) })}>
      <table class="ruled">
        <thead>
          <tr>
            <th scope="col">${t("time.colFigure")}</th>
            ${result.comparisons.map((c) => html`<th scope="col" class="right">${name(c.period)}</th>${before(c).map((period) => html`<th scope="col" class="right">${t("time.against", { period: name(period) })}</th>`)}`)}
          </tr>
        </thead>
        <tbody>
          ${latest.figures.map(
            (row, i) =>
              html`<tr>
                <th scope="row">${t(`figure.${row.id}`)}</th>
                ${result.comparisons.map((c) => {
                  const figure = c.figures[i] ?? row;
                  return html`<td class="right">${written(figure)}</td>
                    ${c.previousPeriod ? html`<td class="right">${moved(figure, figure.previous)}</td>` : nothing}
                    ${c.yearAgoPeriod ? html`<td class="right">${moved(figure, figure.yearAgo)}</td>` : nothing}`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/**
 * @param {"topProducts" | "topCountries" | "topChannels"} key
 * @param {{ name: string, orders: number, revenue: number }[] | null} rows
 * @param {Context} context
 */
function top(key, rows, { words, actions, format }) {
  if (!rows || rows.length === 0) return nothing;
  const most = Math.max(...rows.map((row) => row.revenue), 1);
  const title = words.t(`time.${key}`);
  return html`<section>
    <h2>${title}</h2>
    ${barList(
      rows.slice(0, 8).map((row) => ({
        name: key === "topCountries"
          ? html`<button type="button" class="row-pick" @click=${() => actions.choose({ country: row.name }, row.name)}>${row.name}</button>`
          : row.name,
        share: row.revenue / most,
        value: format.money(row.revenue),
      })),
      title,
    )}
  </section>`;
}

/** @param {DescribeResult} result @param {Context} context @returns {Table} */
const monthTable = ({ months }, { words, format }) => ({
  columns: ["time.colMonth", "axis.netRevenue", "figure.orders", "chart.new", "chart.returning", "time.colWhole"].map((key, i) => ({ label: words.t(key), align: i === 0 || i === 5 ? "left" : "right" })),
  rows: months.month.map((month, i) => [
    format.month(month), format.cents(months.net[i]), format.count(months.orders[i]), format.count(months.newCustomers[i]), format.count(months.returningCustomers[i]),
    months.complete[i] ? "" : words.t("time.partOnly"),
  ]),
});
