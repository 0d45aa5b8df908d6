/** Pictures of risk: lift by decile, calibration, what drives it. */

import { axisX, axisY, barX, barY, dot, gridX, gridY, line, ruleX, ruleY, text } from "@observablehq/plot";
import { INK, LABEL, LINE, MUTED, PICK, QUANTITY, QUANTITY_LIGHT, SELECTED, WORSE, draw, isNarrow, pickColumns } from "./plot.js";

/** @import { CalibrationBin, ChurnResult, Decile, RetentionResult } from "../../pkg/types.d.ts" */

/** What the pictures of churn take, of a shop or of a table. @typedef {{ metrics: { baseRate: number }, lift: Decile[] }} Lifted */
/** @typedef {{ drivers: { feature: string, weight: number, direction: string, level?: string | null }[] }} Driven */
/** @typedef {{ profit: { fraction: number, profit: number, naiveProfit: number }[] }} Profited */
/** @typedef {import("./value.js").Reading} Reading */

/**
 * Share that really left, by tenth of predicted risk; today's tenths can be picked where there are any.
 * @param {number} width
 * @param {Lifted & { metrics: object }} result
 * @param {string | null | undefined} chosen
 * @param {Reading} reading
 */
export function liftChart(width, result, chosen, { format, words }) {
  const base = result.metrics.baseRate;
  const small = isNarrow(width);
  return draw(width, {
    height: 300,
    marginTop: 36,
    marginRight: small ? 16 : 96,
    x: { type: "band", padding: 0.15 },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t("axis.shareLeft"), labelArrow: "none" }),
      axisX({ tickSize: 0, label: words.t("axis.tenthOfRisk"), labelArrow: "none", labelAnchor: "right" }),
      barY(result.lift, { x: "decile", y: "rate", fill: (/** @type {Decile} */ d) => (chosen === `tenth/${d.decile}` ? SELECTED : d.rate >= base ? QUANTITY : QUANTITY_LIGHT) }),
      ruleY([base], { stroke: INK, strokeDasharray: "2,3" }),
      text(result.lift, { x: "decile", y: "rate", text: (/** @type {{ rate: number }} */ d) => format.share(d.rate), dy: -8, ...LABEL, strokeWidth: 5, fontSize: small ? 11 : 13 }),
      ruleY([0], { stroke: INK }),
      text([{ decile: 10, base }], { x: "decile", y: "base", text: () => words.t("chart.average", { share: format.share(base) }), textAnchor: small ? "end" : "start", dx: small ? 8 : 24, dy: small ? -10 : 0, ...LABEL }),
      chosen === undefined ? null : pickColumns(result.lift.map(({ decile, rate }) => ({ key: `tenth/${decile}`, x: decile, says: words.t("pick.tenth", { tenth: format.count(decile), share: format.share(rate) }) }))),
    ],
  });
}

/** The place of a range of calibration among ten of equal width. @param {CalibrationBin} bin */
const rangeOf = ({ predicted }) => Math.min(9, Math.floor(predicted * 10));

/**
 * Predicted against observed risk; on the diagonal the predictions are right. Ranges of today's risk can be picked.
 * @param {number} width
 * @param {{ calibration: CalibrationBin[] }} result
 * @param {string | null | undefined} chosen
 * @param {Reading} reading
 */
export function calibrationChart(width, result, chosen, { format, words }) {
  const side = Math.min(width, 440);
  const share = (/** @type {number} */ d) => format.share(d);
  return draw(side, {
    height: Math.min(side, 360),
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      gridX({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: 4, tickSize: 0, tickFormat: share, label: words.t("axis.predictedRisk"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: share, label: words.t("axis.shareLeft"), labelArrow: "none" }),
      line([{ x: 0, y: 0 }, { x: 1, y: 1 }], { x: "x", y: "y", stroke: MUTED, strokeDasharray: "2,4" }),
      text([{ x: 0.06, y: 0.1 }], { x: "x", y: "y", text: () => words.t("chart.perfect"), rotate: side > 300 ? -38 : -40, textAnchor: "start", dy: -8, fill: MUTED }),
      line(result.calibration, { x: "predicted", y: "observed", stroke: QUANTITY, strokeWidth: 1.5 }),
      dot(result.calibration, { x: "predicted", y: "observed", fill: (/** @type {CalibrationBin} */ bin) => (chosen === `range/${rangeOf(bin)}` ? SELECTED : QUANTITY), r: 4.5 }),
      chosen === undefined ? null : dot(result.calibration, { x: "predicted", y: "observed", fill: "transparent", r: 12, ariaLabel: (/** @type {CalibrationBin} */ bin) => `${PICK}range/${rangeOf(bin)}`, title: (/** @type {CalibrationBin} */ bin) => words.t("pick.range", { predicted: share(bin.predicted), observed: share(bin.observed) }) }),
    ],
  });
}

/**
 * A trait in words; of a column of texts the value that moves the risk most.
 * @param {{ feature: string, level?: string | null }} driver
 * @param {import("../words.js").Words} words
 */
export function driverName({ feature, level }, words) {
  if (level) return `${feature}: ${level}`;
  return words.has(`feature.${feature}`) ? words.t(`feature.${feature}`) : feature;
}

/**
 * Weights of the model by size; right raises the risk.
 * @param {number} width
 * @param {Driven} result
 * @param {Reading} reading
 */
export function driversChart(width, result, { words }) {
  const rows = result.drivers.slice(0, 8).map((driver) => ({
    name: driverName(driver, words),
    weight: driver.direction === "raises" ? Math.abs(driver.weight) : -Math.abs(driver.weight),
  }));
  const most = Math.max(...rows.map((row) => Math.abs(row.weight)), 0.01);
  const small = isNarrow(width);
  return draw(width, {
    height: rows.length * (small ? 44 : 32) + 40,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 28,
    marginBottom: 8,
    x: { domain: small ? [-most, most] : [-most * 1.6, most * 1.6], axis: null },
    y: { domain: rows.map((row) => row.name), axis: null, padding: small ? 0.55 : 0.35 },
    marks: [
      barX(rows, { x: "weight", y: "name", fill: (/** @type {{ weight: number }} */ d) => (d.weight > 0 ? WORSE : QUANTITY) }),
      ruleX([0], { stroke: INK }),
      small
        ? text(rows, { x: 0, y: "name", text: "name", dy: -19, fill: INK })
        : [
            text(rows.filter((row) => row.weight > 0), { x: 0, y: "name", text: "name", textAnchor: "end", dx: -8, fill: INK }),
            text(rows.filter((row) => row.weight <= 0), { x: 0, y: "name", text: "name", textAnchor: "start", dx: 8, fill: INK }),
          ],
      text([{ x: 0 }], { x: "x", frameAnchor: "top", text: () => `← ${words.t("chart.lowers")}`, textAnchor: "end", dx: -8, dy: -22, fill: MUTED }),
      text([{ x: 0 }], { x: "x", frameAnchor: "top", text: () => `${words.t("chart.raises")} →`, textAnchor: "start", dx: 8, dy: -22, fill: MUTED }),
    ],
  });
}

/**
 * How many of the gaps between orders a window covers, with the window in force. Who is silent for longer can be picked.
 * @param {number} width
 * @param {ChurnResult} result
 * @param {string | null} chosen
 * @param {Reading} reading
 */
export function gapChart(width, result, chosen, { format, words }) {
  const rows = result.gapShares;
  const now = { days: result.windowDays, share: result.gapShare };
  return draw(width, {
    height: 220,
    marginRight: 40,
    x: { domain: [0, Math.max(rows.at(-1)?.days ?? 1, now.days)] },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: 5, tickSize: 0, label: words.t("axis.gapDays"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t("axis.gapsCovered"), labelArrow: "none" }),
      line([{ days: 0, share: 0 }, ...rows], { x: "days", y: "share", stroke: QUANTITY, strokeWidth: 1.5 }),
      dot(rows, { x: "days", y: "share", fill: (/** @type {typeof rows[number]} */ d) => (chosen === `silent/${d.days}` ? SELECTED : QUANTITY), r: 3 }),
      ruleX([now], { x: "days", stroke: WORSE, strokeDasharray: "2,3" }),
      text([now], { x: "days", y: "share", text: () => words.t("chart.window", { days: format.count(now.days), share: format.share(now.share) }), textAnchor: now.days > (rows.at(-1)?.days ?? 1) / 2 ? "end" : "start", dx: now.days > (rows.at(-1)?.days ?? 1) / 2 ? -8 : 8, dy: 18, ...LABEL }),
      dot(rows, { x: "days", y: "share", fill: "transparent", r: 10, ariaLabel: (/** @type {typeof rows[number]} */ d) => `${PICK}silent/${d.days}`, title: (/** @type {typeof rows[number]} */ d) => words.t("pick.silent", { days: format.count(d.days), share: format.share(d.share) }) }),
      ruleY([0], { stroke: INK }),
    ],
  });
}

/** Where contacting pays most. @param {Profited} result */
export const bestContact = ({ profit }) => profit.reduce((a, b) => (a && a.profit >= b.profit ? a : b), profit[0]);

/**
 * Profit a customer by the share contacted, of the model and of the simple rule.
 * @param {number} width
 * @param {Profited} result
 * @param {Reading} reading
 * @param {string} naive  what the simple rule is called
 * @param {string | null | undefined} chosen  undefined where there is nobody to be picked
 */
export function profitChart(width, result, { format, words }, naive, chosen) {
  const rows = result.profit;
  const best = bestContact(result) ?? { fraction: 0, profit: 0, naiveProfit: 0 };
  return draw(width, {
    height: 280,
    x: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t("axis.contacted"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisMoney(d), label: words.t("axis.profit"), labelArrow: "none" }),
      line(rows, { x: "fraction", y: "naiveProfit", stroke: MUTED, strokeDasharray: "4,3" }),
      line(rows, { x: "fraction", y: "profit", stroke: QUANTITY, strokeWidth: 2 }),
      dot([best], { x: "fraction", y: "profit", fill: QUANTITY, r: 4.5 }),
      dot(rows.filter(({ fraction }) => chosen === `riskiest/${fraction}`), { x: "fraction", y: "profit", fill: SELECTED, r: 5 }),
      text([best], { x: "fraction", y: "profit", text: () => words.t("chart.bestShare", { share: format.share(best.fraction) }), dy: -12, textAnchor: best.fraction > 0.5 ? "end" : "start", ...LABEL }),
      text(rows.slice(4, 5), { x: "fraction", y: "naiveProfit", text: () => naive, dy: 16, textAnchor: "start", fill: MUTED, stroke: "var(--paper)", strokeWidth: 4, paintOrder: "stroke" }),
      chosen === undefined ? null : dot(rows.slice(1), { x: "fraction", y: "profit", fill: "transparent", r: 10, ariaLabel: (/** @type {typeof best} */ d) => `${PICK}riskiest/${d.fraction}`, title: (/** @type {typeof best} */ d) => words.t("pick.riskiest", { share: format.share(d.fraction), profit: format.decimal(d.profit) }) }),
      ruleY([0], { stroke: INK }),
    ],
  });
}

/**
 * Retention by window and repeat rate so far; periods that the file covers in part are left out. Who ordered in one can be picked.
 * @param {number} width
 * @param {RetentionResult} result
 * @param {string | null} chosen
 * @param {Reading} reading
 */
export function retentionChart(width, result, chosen, { format, words }) {
  const day = (/** @type {string} */ iso) => new Date(iso);
  const months = result.months.filter((period) => period.complete && period.retention !== null).map(({ from, retention, repeatRate }) => ({ day: day(from), retention, repeatRate, key: `active/${from}`, says: words.t("pick.active", { month: format.month(from.slice(0, 7)), share: format.share(retention) }) }));
  const last = months.at(-1);
  const side = isNarrow(width) ? 16 : 110;
  return draw(width, {
    height: 260,
    marginRight: side,
    x: { type: "utc", label: null },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t("axis.shareOfCustomers"), labelArrow: "none" }),
      axisX({ ticks: Math.round(width / 160) + 1, tickSize: 0, tickFormat: (/** @type {Date} */ d) => format.shortMonth(d.toISOString().slice(0, 7)) }),
      line(months, { x: "day", y: "repeatRate", stroke: MUTED, strokeDasharray: "4,3" }),
      line(months, { x: "day", y: "retention", stroke: QUANTITY, strokeWidth: 2 }),
      dot(months, { x: "day", y: "retention", fill: (/** @type {{ key: string }} */ d) => (d.key === chosen ? SELECTED : QUANTITY), r: (/** @type {{ key: string }} */ d) => (d.key === chosen ? 5 : 3) }),
      dot(months, { x: "day", y: "retention", fill: "transparent", r: 10, ariaLabel: (/** @type {{ key: string }} */ d) => PICK + d.key, title: "says" }),
      ...(last
        ? [
            text([last], { x: "day", y: "retention", text: () => words.t("retention.retention"), textAnchor: side > 16 ? "start" : "end", dx: side > 16 ? 8 : 0, dy: side > 16 ? 0 : -12, ...LABEL }),
            text([last], { x: "day", y: "repeatRate", text: () => words.t("retention.repeat"), textAnchor: side > 16 ? "start" : "end", dx: side > 16 ? 8 : 0, dy: side > 16 ? 0 : -12, fill: MUTED }),
          ]
        : []),
      ruleY([0], { stroke: INK }),
    ],
  });
}
