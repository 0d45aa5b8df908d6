/** Pictures over time: revenue and customers by month, a customer's orders on a line. */

import { axisX, axisY, barY, dot, gridY, ruleX, ruleY, stackY, text } from "@observablehq/plot";
import { toDate } from "../format.js";
import { INK, LABEL, LINE, MUTED, QUANTITY, QUANTITY_LIGHT, SELECTED, WORSE, draw, isNarrow, pickColumns } from "./plot.js";

/** @import { CustomerDetail, DescribeResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/** Every nth month gets a label, so that none collide. @param {number} room in pixels @param {number} months */
const every = (room, months) => Math.max(1, Math.ceil((months * 56) / Math.max(112, room)));

/**
 * Net revenue by month; months that the file covers only in part are pale. Who ordered in one can be picked.
 * @param {number} width
 * @param {DescribeResult["months"]} months
 * @param {string | null} chosen
 * @param {Reading} reading
 */
export function revenueChart(width, months, chosen, { format, words }) {
  const rows = months.month.map((month, i) => {
    const [net, key] = [months.net[i] ?? 0, `month/${month}`];
    return { month, x: month, net, key, complete: months.complete[i] ?? true, says: words.t("pick.month", { month: format.month(month), money: format.money(net) }) };
  });
  const step = every(width - 72, rows.length);
  return draw(width, {
    height: 280,
    marginLeft: 56,
    x: { type: "band", domain: months.month, padding: 0.2 },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisMoney(d), label: words.t("axis.netRevenue"), labelArrow: "none" }),
      axisX({ ticks: months.month.filter((_, i) => i % step === 0), tickSize: 0, tickFormat: (/** @type {string} */ d) => format.shortMonth(d), label: null }),
      barY(rows, { x: "month", y: "net", fill: (/** @type {{ complete: boolean, key: string }} */ d) => (d.key === chosen ? SELECTED : d.complete ? QUANTITY : QUANTITY_LIGHT) }),
      ruleY([0], { stroke: INK }),
      pickColumns(rows),
    ],
  });
}

/**
 * Customers with an order in the month: first-time ones, who can be picked, and those who came back.
 * @param {number} width
 * @param {DescribeResult["months"]} months
 * @param {import("./plot.js").Picked} picked
 * @param {Reading} reading
 */
export function customersChart(width, months, picked, { format, words }) {
  const rows = months.month.flatMap((month, i) => [
    { month, kind: "returning", n: months.returningCustomers[i] ?? 0 },
    { month, kind: "new", n: months.newCustomers[i] ?? 0 },
  ]);
  const right = isNarrow(width) ? 80 : 96;
  const step = every(width - 56 - right, months.month.length);
  const fill = { returning: QUANTITY, new: QUANTITY_LIGHT };
  const at = Math.max(0, months.complete.lastIndexOf(true));
  const back = months.returningCustomers[at] ?? 0;
  const fresh = months.newCustomers[at] ?? 0;
  const last = months.month.at(-1);
  const news = months.month.map((month, i) => {
    const [base, n, part] = [months.returningCustomers[i] ?? 0, months.newCustomers[i] ?? 0, picked.parts[`new/${month}`]?.total ?? 0];
    return { key: `new/${month}`, x: month, base, end: base + part, says: words.t("pick.newIn", { n, month: format.month(month), count: format.count(n) }) };
  });
  const labels = [
    { month: last, y: back / 2, name: words.t("chart.returning") },
    { month: last, y: back + fresh / 2, name: words.t("chart.new") },
  ];
  return draw(width, {
    height: 280,
    marginLeft: 56,
    marginRight: right,
    x: { type: "band", domain: months.month, padding: 0.2 },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(d), label: words.t("axis.customers"), labelArrow: "none" }),
      axisX({ ticks: months.month.filter((_, i) => i % step === 0), tickSize: 0, tickFormat: (/** @type {string} */ d) => format.shortMonth(d), label: null }),
      barY(rows, stackY({ x: "month", y: "n", fill: (/** @type {{ kind: "new" | "returning" }} */ d) => fill[d.kind] })),
      barY(news.filter((row) => row.end > row.base), { x: "x", y1: "base", y2: "end", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      pickColumns(news),
      text(labels, { x: "month", y: "y", text: "name", textAnchor: "start", dx: (0.4 * (width - 56 - right)) / months.month.length + 8, ...LABEL, fill: INK }),
    ],
  });
}

/**
 * Orders as marks on a line, sized by money, and the silence since the last against the usual gap.
 * @param {number} width
 * @param {CustomerDetail} detail
 * @param {string} asOf
 * @param {Reading} reading
 */
export function timelineChart(width, detail, asOf, { format, words }) {
  const rows = detail.orders.map((order) => ({ ...order, date: toDate(order.day), size: Math.abs(order.gross + order.returns) }));
  const orders = rows.filter((row) => row.isOrder);
  const returns = rows.filter((row) => !row.isOrder);
  const end = toDate(asOf);
  const last = orders.at(-1)?.date ?? end;
  const usual = detail.usualGapDays === null || !last ? null : new Date(last.getTime() + detail.usualGapDays * 864e5);
  const late = usual !== null && end !== null && usual < end;
  const title = (/** @type {typeof rows[number]} */ row) => `${format.day(row.day)}: ${format.cents(row.gross + row.returns)}`;
  return draw(width, {
    height: 148,
    marginLeft: 16,
    marginRight: 24,
    marginTop: 44,
    x: { type: "utc", domain: [orders[0]?.date ?? end, usual && end && usual > end ? usual : end], nice: false },
    y: { axis: null, domain: [-1, 1] },
    r: { range: [3, 16], domain: [0, Math.max(...rows.map((row) => row.size), 1)] },
    marks: [
      axisX({ ticks: isNarrow(width) ? 3 : 7, tickSize: 4, label: null, tickFormat: (/** @type {Date} */ d) => format.shortMonth(d.toISOString().slice(0, 7)) }),
      ruleY([0], { stroke: LINE, strokeWidth: 1 }),
      last && end ? ruleY([0], { x1: last, x2: end, stroke: late ? WORSE : QUANTITY, strokeWidth: 4 }) : null,
      usual ? ruleX([usual], { y1: -0.7, y2: 0.7, stroke: INK, strokeWidth: 1.5 }) : null,
      usual ? text([{ usual, y: 1 }], { x: "usual", y: "y", text: () => words.t("chart.usualNext"), dy: -4, textAnchor: "end", dx: 4, ...LABEL }) : null,
      end ? ruleX([end], { y1: -0.7, y2: 0.7, stroke: MUTED, strokeDasharray: "2,3" }) : null,
      dot(orders, { x: "date", y: 0, r: "size", fill: QUANTITY, fillOpacity: 0.75, stroke: "var(--paper)", title }),
      dot(returns, { x: "date", y: 0, r: "size", fill: "none", stroke: WORSE, strokeWidth: 1.5, title }),
    ],
  });
}
