/** Pictures that test a lifetime model: orders by week, customers by orders, the two matrices; and one customer's path. */

import { axisX, axisY, barY, cell, dot, gridY, lineY, rect, ruleX, ruleY, text } from "@observablehq/plot";
import { toDate } from "../format.js";
import { daysOn } from "../picks.js";
import { INK, LABEL, LINE, MUTED, PICK, QUANTITY, QUANTITY_LIGHT, SELECTED, draw, isNarrow, pickColumns } from "./plot.js";

/** @import { LifetimePath, LifetimeResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/** What is added by each entry to a cumulative list. @param {number[]} sums */
export const additions = (sums) => sums.map((sum, i) => sum - (sums[i - 1] ?? 0));

/**
 * Weeks over the whole height, of which those with repeat orders can be picked.
 * @param {LifetimeResult} result
 * @param {string | null} chosen
 * @param {Reading} reading
 */
function weekMarks({ model, tracking: { week, actual, from } }, chosen, { format, words }) {
  if (!from || model === "bg-bb") return [];
  const came = additions(actual);
  const rows = week.flatMap((w, i) => {
    const day = format.shortDay(daysOn(from, w * 7 - 7));
    return came[i] ? [{ key: `${PICK}week/${w}`, x1: w - 0.5, x2: w + 0.5, says: words.t("pick.past", { day, value: format.count(came[i]) }) }] : [];
  });
  return [
    rect(rows.filter(({ key }) => key === PICK + chosen), { x1: "x1", x2: "x2", fill: SELECTED, fillOpacity: 0.3 }),
    rect(rows, { x1: "x1", x2: "x2", fill: "transparent", ariaLabel: "key", title: "says" }),
  ];
}

/**
 * Repeat orders by week, added up or not: counted, and as the model expects them.
 * @param {number} width
 * @param {LifetimeResult} result
 * @param {boolean} isSum
 * @param {string | null} chosen
 * @param {Reading} reading
 */
export function weeksChart(width, result, isSum, chosen, { format, words }) {
  const { week, actual, expected } = result.tracking;
  const [came, forecast] = isSum ? [actual, expected] : [additions(actual), additions(expected)];
  const points = week.map((w, i) => ({ week: w, actual: came[i] ?? NaN, expected: forecast[i] ?? NaN }));
  const last = points.at(-1);
  const higher = (last?.expected ?? 0) >= (last?.actual ?? 0) ? -1 : 1;
  const label = (/** @type {"counted" | "expected"} */ which, /** @type {string} */ y, /** @type {number} */ dy, /** @type {string} */ fill) =>
    last ? text([last], { x: "week", y, text: () => words.t(`chart.${which}`), textAnchor: "start", dx: 8, dy, ...LABEL, fill }) : null;
  return draw(width, {
    height: 300,
    marginRight: isNarrow(width) ? 84 : 108,
    y: { nice: true, zero: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: isNarrow(width) ? 4 : 8, tickSize: 0, label: words.t("axis.weeks"), labelArrow: "none" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(d), label: words.t(isSum ? "axis.repeatOrders" : "axis.repeatOrdersWeek"), labelArrow: "none" }),
      ruleY([0], { stroke: INK }),
      lineY(points, { x: "week", y: "actual", stroke: INK, strokeWidth: isSum ? 2 : 1.25 }),
      lineY(points, { x: "week", y: "expected", stroke: QUANTITY, strokeWidth: isSum ? 2 : 2.5, strokeDasharray: "6,4" }),
      ...weekMarks(result, chosen, { format, words }),
      // Sums end beside each other, weeks anywhere: there both words stand by what is expected.
      label("counted", isSum ? "actual" : "expected", isSum ? -higher * 8 : -18, INK),
      label("expected", "expected", isSum ? higher * 8 : 0, QUANTITY),
    ],
  });
}

/**
 * Customers by number of repeat orders: counted as bars, expected as ticks.
 * @param {number} width
 * @param {LifetimeResult["frequencies"]} frequencies
 * @param {import("./plot.js").Picked} picked
 * @param {string[]} names  whom the bars stand for; none where they are not customers to be told
 * @param {Reading} reading
 */
export function frequencyChart(width, { frequency, actual, expected }, picked, names, { format, words }) {
  const top = frequency.at(-1);
  const points = frequency.map((f, i) => {
    const [key, n] = [`repeat/${f}`, actual[i] ?? NaN];
    return { f, x: f, key, actual: n, expected: expected[i] ?? NaN, part: picked.parts[key]?.total ?? 0, says: names[i] && words.t("pick.size", { name: names[i], n, count: format.count(n) }) };
  });
  return draw(width, {
    height: 300,
    marginLeft: 56,
    x: { type: "band", padding: 0.25 },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ tickFormat: (/** @type {number} */ f) => (f === top ? words.t("chart.andMore", { n: format.count(f) }) : format.count(f)), tickSize: 0, label: words.t("axis.repeatOrders"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(d), label: words.t("axis.customers"), labelArrow: "none" }),
      barY(points, { x: "f", y: "actual", fill: QUANTITY_LIGHT }),
      barY(points.filter((point) => point.part > 0), { x: "f", y: "part", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      dot(points, { x: "f", y: "expected", fill: "var(--paper)", stroke: QUANTITY, strokeWidth: 2, r: 4.5 }),
      pickColumns(points.filter((point) => point.says && point.actual > 0)),
    ],
  });
}

/**
 * A table of shades: rows by repeat orders so far, columns by the time from the first order to the last.
 * @param {number} width
 * @param {NonNullable<LifetimeResult["matrix"]>} matrix
 * @param {"pAlive" | "expectedOrders"} which
 * @param {import("./plot.js").Picked | null} picked  null where cells are not customers to be told
 * @param {Reading} reading
 */
export function matrixChart(width, matrix, which, picked, { format, words }) {
  const table = matrix[which];
  const most = which === "pAlive" ? 1 : Math.max(...table.flat().map((value) => value ?? 0), 1e-9);
  const cells = table.flatMap((row, i) =>
    row.flatMap((value, j) => (value === null ? [] : [{ x: matrix.recencyDays[j], y: matrix.frequency[i], value, n: matrix.customers[i]?.[j] ?? 0, key: `cell/${i}/${j}` }])),
  );
  const every = isNarrow(width) ? 7 : 4;
  const says = (/** @type {typeof cells[number]} */ c) => `${words.t(`chart.cell.${which}`, { orders: format.count(c.y), days: format.count(c.x), value: written(c.value) })}${c.n > 0 ? ` · ${words.t("count.customers", { n: c.n, count: format.count(c.n) })}` : ""}`;
  const written = which === "pAlive" ? format.exactShare : (/** @type {number} */ n) => format.number(n);
  return draw(width, {
    height: 360,
    marginLeft: 44,
    x: { type: "band", domain: matrix.recencyDays, padding: 0.04 },
    y: { type: "band", domain: [...matrix.frequency].reverse(), padding: 0.04 },
    marks: [
      axisX({ ticks: matrix.recencyDays.filter((_, i) => i % every === 0), tickSize: 0, tickFormat: (/** @type {number} */ d) => format.count(d), label: words.t("axis.firstToLast"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: matrix.frequency.filter((_, i) => i % 4 === 0), tickSize: 0, tickFormat: (/** @type {number} */ d) => format.count(d), label: words.t("axis.repeatOrders"), labelArrow: "none" }),
      // The shade is the strength of one colour, so that it follows the theme.
      cell(cells, {
        x: "x", y: "y", fill: QUANTITY,
        fillOpacity: { value: (/** @type {typeof cells[number]} */ c) => 0.04 + (0.96 * c.value) / most, scale: null },
        title: says,
      }),
      // A dot says where customers are.
      dot(cells.filter(({ n }) => n > 0), { x: "x", y: "y", r: 1.5, fill: INK }),
      picked && cell(cells.filter(({ n }) => n > 0), { x: "x", y: "y", fill: "transparent", ariaLabel: ({ key }) => PICK + key, title: says }),
    ],
  });
}

/**
 * Customers by their value within the horizon; each range can be picked.
 * @param {number} width
 * @param {LifetimeResult["distribution"]} distribution
 * @param {import("./plot.js").Picked} picked
 * @param {string[]} names  whom the ranges stand for
 * @param {Reading} reading
 */
export function distributionChart(width, distribution, picked, names, { format, words }) {
  const last = distribution.length - 1;
  const name = (/** @type {number} */ i) => (i === last ? words.t("chart.andMore", { n: format.axisMoney(distribution[i]?.from) }) : format.axisMoney(distribution[i]?.from));
  const every = isNarrow(width) ? 4 : 2;
  const rows = distribution.map((bin, i) => ({
    i, x: i, key: `clv/${i}`, customers: bin.customers, part: picked.parts[`clv/${i}`]?.total ?? 0,
    says: words.t("pick.size", { name: names[i] ?? "", n: bin.customers, count: format.count(bin.customers) }),
  }));
  return draw(width, {
    height: 320,
    marginLeft: 56,
    x: { type: "band", padding: 0.08 },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: rows.map((row) => row.i).filter((i) => i === last || (i % every === 0 && last - i > 1)), tickFormat: name, tickSize: 0, label: words.t("axis.valueFrom"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(d), label: words.t("axis.customers"), labelArrow: "none" }),
      barY(rows, { x: "i", y: "customers", fill: QUANTITY }),
      barY(rows.filter((row) => row.part > 0), { x: "i", y: "part", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      pickColumns(rows),
    ],
  });
}

/**
 * The chance of being a customer still over one customer's time; orders are marks below.
 * @param {number} width
 * @param {LifetimePath} path
 * @param {Reading} reading
 */
export function pathChart(width, { day, pAlive, orders }, { format, words }) {
  const points = day.map((d, i) => ({ date: toDate(d), chance: pAlive[i] ?? NaN }));
  const bought = orders.map((d) => ({ date: toDate(d) }));
  return draw(width, {
    height: 240,
    x: { type: "utc", nice: false },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: width < 640 ? 4 : 8, tickSize: 0, label: null, tickFormat: (/** @type {Date} */ d) => format.shortMonth(d.toISOString().slice(0, 7)) }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t("axis.stillCustomer"), labelArrow: "none" }),
      ruleX(bought, { x: "date", stroke: MUTED, strokeOpacity: 0.4 }),
      lineY(points, { x: "date", y: "chance", stroke: QUANTITY, strokeWidth: 2 }),
      ruleY([0], { stroke: INK }),
    ],
  });
}
