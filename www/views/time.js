/** Over time: the shop's figures with their parts, revenue and customers by month, what sells where. */

import { html, nothing } from "lit";
import { barList } from "../charts/bars.js";
import "../charts/figure.js";
import { KINDS, lifecycleBars, lifecycleTitle } from "../charts/lifecycle.js";
import { distributionChart } from "../charts/shop.js";
import { customersChart, revenueChart } from "../charts/time.js";
import { orderedFrom, picked } from "../picks.js";
import { choiceField, figure, lifeWords, method, notices, numberField, onPage, opening, outcomeView, partOf, pickLine, picking, sentences, terms } from "./parts.js";
import { selectedHere } from "./selected.js";

/** @import { Comparison, DescribeOptions, DescribeResult, Distribution } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** How each figure is written. @type {Record<keyof DescribeResult["figures"], "count" | "cents" | "exactShare" | "decimal">} */
const KIND = {
  orders: "count", customers: "count", gross: "cents", returns: "cents", net: "cents", averageOrder: "cents",
  ordersPerCustomer: "decimal", repeatRate: "exactShare", refundRate: "exactShare", guestShare: "exactShare",
  newCustomers: "count", newShare: "exactShare", returningShare: "exactShare",
  retentionRate: "exactShare", churnRate: "exactShare", referralRate: "exactShare",
};

/** @param {Context} context */
export const timeView = (context) => outcomeView("describe", context.state.results.describe, context, (result) => drawTime(result, context));

/** @param {DescribeResult} result @param {Context} context */
function drawTime(result, context) {
  const { state, words, format, reading, save } = context;
  const { t, rich } = words;
  const { repeatRate } = result.figures;
  const never = repeatRate.value === null ? null : 1 - repeatRate.value;
  const finding =
    never === null
      ? t("time.findingPlain")
      : rich("time.finding", { share: figure(format.share(never), t("note.neverBack", { count: format.count((repeatRate.denominator ?? 0) - (repeatRate.numerator ?? 0)), all: format.count(repeatRate.denominator) })) });
  const part = result.months.complete.some((complete) => !complete);
  // A table of one row a customer knows no months.
  const months = result.months.month.length > 0;
  const { month, net, complete, newCustomers, returningCustomers } = result.months;
  const whole = month.map((_, i) => i).filter((i) => complete[i]);
  const best = whole.reduce((a, b) => ((net[b] ?? 0) > (net[a] ?? 0) ? b : a), whole[0] ?? 0);
  const last = whole.at(-1) ?? month.length - 1;
  const dated = state.ledger?.lastDate !== null;
  return html`${opening(t("view.time"), finding, dated ? t("time.standfirst", { from: format.day(result.firstDate), to: format.day(result.lastDate) }) : nothing)}
    ${state.ledger?.kind === "customers" ? notices(state.ledger.notices.filter(({ code }) => code === "customers-only")) : nothing}
    ${months ? html`<div class="pair">
      <chart-figure
        .height=${280} .draw=${revenueChart} .args=${[result.months, picked(state).chosen, reading]} .picking=${picking(context, (key) => t("selection.orderedIn", { when: format.month(key.split("/")[1] ?? "") }))}
        .heading=${t("time.revenueTitle", { month: format.month(month[best] ?? ""), money: format.money(net[best]) })} .sub=${t("time.revenueSub")} .caption=${html`${onPage(t("time.pickMonth"))} ${part ? t("time.partCaption") : nothing}`}
        .file=${"revenue-by-month"} .table=${monthTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
      <chart-figure
        .height=${280} .draw=${customersChart} .args=${[result.months, picked(state), reading]} .picking=${picking(context, (key) => newWords(key, context))}
        .heading=${t("time.customersTitle", { month: format.month(month[last] ?? ""), share: format.share((returningCustomers[last] ?? 0) / Math.max(1, (returningCustomers[last] ?? 0) + (newCustomers[last] ?? 0))) })} .sub=${t("time.customersSub")} .caption=${html`${onPage(t("time.pick"))} ${part ? t("time.partCaption") : nothing}`}
        .file=${"customers-by-month"} .table=${monthTable(result, context)} .words=${words} .showTable=${state.showTables} .save=${save}
      ></chart-figure>
    </div>` : nothing}
    ${months ? lifecycle(context) : nothing} ${comparisons(result, context)}
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
                  <td>${entry.denominator === undefined ? "" : t(KIND[key] === "exactShare" ? "time.parts" : "time.divided", { a: format.plain(entry.numerator), b: format.plain(entry.denominator) })}</td>
                </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </section>
    <div class="triple">
      ${top("topProducts", result.topProducts, context)} ${top("topCountries", result.topCountries, context)} ${top("topChannels", result.topChannels, context)}
    </div>
    ${spreads(result, context)} ${market(result, context)}
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "time")}`;
}

/** Those whose first order was in the month of a key. @param {string} key @param {Context} context */
const newWords = (key, { words, format }) => words.t("selection.newIn", { month: format.month(key.split("/")[1] ?? "") });

/** A range of a figure of customers in words. @param {Distribution} found @param {number} i @param {Context} context */
function rangeWords(found, i, { words, format }) {
  const bin = found.bins[i];
  const column = { customerRevenue: "revenue", customerOrders: "orders", customerAverageOrder: "averageOrder" }[/** @type {"customerRevenue"} */ (found.id)];
  if (!bin || !column) return "";
  const written = valueOf(found, format);
  const last = i === found.bins.length - 1;
  return words.t(last ? "selection.atLeast" : "selection.below", { column: words.t(`column.${column}`), from: written(bin.from), to: written(bin.to) });
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
    change === null ? "–" : row.isShare ? t("time.points", { points: format.signed(change.difference) }) : change.growth === null ? "–"
      : figure(format.signedShare(change.growth), t("time.times", { times: format.decimal(change.multiple), doublings: format.decimal(change.doublings) }));
  const before = (/** @type {Comparison} */ c) => [
    ...(c.previousPeriod === null ? [] : [t("time.onPrevious", { period: name(c.previousPeriod) })]),
    ...(c.yearAgoPeriod === null ? [] : [t("time.onYearAgo", { period: name(c.yearAgoPeriod) })]),
  ];
  const written = (/** @type {Comparison["figures"][number]} */ row) => {
    const kind = KIND[row.id];
    return format[kind](row.current);
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
            ${result.comparisons.map((c) => html`<th scope="col" class="right">${name(c.period)}</th>${before(c).map((against) => html`<th scope="col" class="right">${against}</th>`)}`)}
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
 * @param {import("../../pkg/types.d.ts").Top[] | null} rows
 * @param {Context} context
 */
function top(key, rows, context) {
  const { words, format } = context;
  const { t } = words;
  if (!rows || rows.length === 0) return nothing;
  // Where the file has the totals of orders only, a product has orders and no money of its own.
  const paid = rows.some((row) => row.revenue !== 0);
  const most = Math.max(...rows.map((row) => (paid ? row.revenue : row.orders)), 1);
  const title = t(`time.${key}`);
  const kind = { topProducts: "product", topCountries: "country", topChannels: "channel" }[key];
  return html`<section>
    <h2>${title}</h2>
    ${barList(
      rows.slice(0, 8).map((row) => ({
        name: html`${pickLine(context, orderedFrom(kind, row.name), () => row.name, () => t(`selection.${kind}`, { name: row.name }))}${partOf(context, `${kind}/${row.name}`)}`,
        share: (paid ? row.revenue : row.orders) / most,
        value: !paid ? t("count.orders", { n: row.orders, count: format.count(row.orders) }) : row.share === null ? format.money(row.revenue) : t("time.topValue", { money: format.money(row.revenue), share: format.share(row.share) }),
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

/**
 * Who is new, came again, came back after a pause, or went quiet, by period.
 * @param {Context} context
 */
function lifecycle(context) {
  const { state, words, format, reading, save } = context;
  const { t } = words;
  const found = state.results.lifecycle.value;
  if (!found || found.periods.period.length === 0) return nothing;
  const { periods } = found;
  const name = (/** @type {string} */ key) => lifeWords(key, "time.lifecycle", context);
  return html`<div>
    <chart-figure
      .height=${320} .draw=${lifecycleBars} .args=${[periods, reading, picked(state), periods.period.flatMap((period) => KINDS.map(({ kind }) => name(`${kind}/${period}`)))]} .picking=${picking(context, name)}
      .heading=${lifecycleTitle(periods, reading)} .sub=${t("time.lifecycleSub")} .file=${"new-returning-back-quiet"}
      .caption=${html`${KINDS.map(({ kind, fill }) => html`<span class="key"><i class="swatch" style="background:${fill}"></i>${t(`time.lifecycle.${kind}`)}</span>`)} ${periods.complete.some((whole) => !whole) ? t("time.partCaption") : nothing}`}
      .table=${{
        columns: [{ label: t("time.colMonth") }, ...KINDS.map(({ kind }) => ({ label: t(`time.lifecycle.${kind}`), align: /** @type {const} */ ("right") })), { label: t("time.colWhole") }],
        rows: periods.period.map((period, i) => [format.month(period), ...KINDS.map(({ kind }) => format.count(periods[kind][i])), periods.complete[i] ? "" : t("time.partOnly")]),
      }}
      .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
  </div>`;
}

/** How a value of a distribution is written. @param {Distribution} found @param {Context["format"]} format */
const valueOf = (found, format) => (found.isMoney ? format.cents : format.plain);

/** @param {DescribeResult} result @param {Context} context */
function spreads(result, context) {
  const { state, words, format, reading, save } = context;
  const { t } = words;
  if (result.distributions.length === 0) return nothing;
  return html`<section>
    <h2>${t("spread.title")}</h2>
    <p class="sub">${t("spread.sub")}</p>
    <div class="triple">
      ${result.distributions.map((found) => {
        const written = valueOf(found, format);
        const means = [
          t("spread.mean", { value: written(found.mean) }),
          t("spread.median", { value: written(found.median) }),
          ...(found.mode ? [t("spread.mode", { value: written(found.mode.value), count: format.count(found.mode.count) })] : []),
          ...(found.geometricMean === null ? [] : [t("spread.geometric", { value: written(found.geometricMean), count: format.count(found.positive) })]),
          ...(found.weighted ? [t(`spread.weighted.${found.weighted.by}`, { value: written(found.weighted.mean) })] : []),
        ];
        const table = {
          columns: [{ label: t("spread.colWhat") }, { label: t("time.colValue"), align: /** @type {const} */ ("right") }, { label: t("spread.colCount"), align: /** @type {const} */ ("right") }, { label: t("spread.colShare"), align: /** @type {const} */ ("right") }],
          rows: [
            ...found.deciles.map((decile, i) => [t("spread.decile", { percent: String(i * 10) }), written(decile), "", ""]),
            ...(found.tenths ?? []).map((share, i) => [t("spread.tenth", { n: String(i + 1) }), "", "", format.exactShare(share)]),
            ...found.bins.map((bin) => [t("spread.range", { from: written(bin.from), to: written(bin.to) }), "", format.count(bin.count), format.exactShare(bin.share)]),
          ],
        };
        return html`<chart-figure
          .height=${220} .draw=${distributionChart} .args=${[found, picked(state), found.bins.map((_, i) => rangeWords(found, i, context)), reading]}
          .picking=${picking(context, (key) => rangeWords(found, Number(key.split("/")[1]), context))}
          .heading=${t("spread.half", { name: t(`spread.${found.id}`), value: written(found.median) })} .sub=${t(`spread.of.${found.of}`, { count: format.count(found.count) })} .caption=${sentences(...means)}
          .file=${`spread-${found.id}`} .table=${table} .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`;
      })}
    </div>
    ${terms(words, ["mean", "median", "geometric"])}
  </section>`;
}

/** The shop within its market, where its size is typed. @param {DescribeResult} result @param {Context} context */
function market(result, { state, words, actions, format }) {
  const { t } = words;
  const known = state.options.describe.market ?? null;
  const set = (/** @type {Partial<NonNullable<DescribeOptions["market"]>>} */ patch) => {
    const next = { unit: /** @type {const} */ ("month"), size: 0, ...known, ...patch };
    return actions.setOption("describe", { market: next.size > 0 ? next : undefined });
  };
  const found = result.market;
  if (state.view === "report" && !found) return nothing;
  return html`<section>
    <h2>${t("market.title")}</h2>
    <p class="sub">${t("market.sub")}</p>
    <div class="options">
      ${choiceField({ label: t("market.unit"), value: known?.unit ?? "month", choices: /** @type {("month" | "quarter" | "year")[]} */ (["month", "quarter", "year"]).map((id) => [id, t(`period.${id}`)]), set: (unit) => set({ unit }) })}
      ${numberField({ label: t("market.size"), value: known?.size, min: 0, step: 0.01, set: (size) => set({ size: size ?? 0 }) })}
      ${numberField({ label: t("market.previous"), value: known?.previous, min: 0, step: 0.01, set: (previous) => set({ previous }) })}
    </div>
    ${found
      ? html`<p>${t("market.share", { period: found.period, share: format.exactShare(found.share.value), net: format.cents(found.share.numerator), size: format.cents(found.share.denominator) })}
          ${found.points === null ? "" : t("market.points", { points: format.signed(found.points), previous: found.previousPeriod ?? "" })}
          ${found.marketGrowth === null || found.shopGrowth === null ? "" : t("market.growth", { market: format.signedShare(found.marketGrowth), shop: format.signedShare(found.shopGrowth) })}</p>`
      : known ? html`<p>${t("market.noPeriod")}</p>` : nothing}
  </section>`;
}
