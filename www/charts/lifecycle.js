/** Bars of the life cycle: new, returning and resurrected customers above the line, dormant ones below. */

import { axisX, axisY, barY, gridY, ruleY } from "@observablehq/plot";
import { INK, LINE, SELECTED, draw, pickColumns } from "./plot.js";

/** @import { LifecycleResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/** From the line outwards. @type {{ kind: "returning" | "resurrected" | "new" | "dormant", fill: string }[]} */
export const KINDS = [
  { kind: "returning", fill: "var(--q4)" },
  { kind: "resurrected", fill: "var(--q3)" },
  { kind: "new", fill: "var(--q2)" },
  { kind: "dormant", fill: "var(--worse)" },
];

/**
 * Periods that are not over are pale. Where there is something to be picked, it is the new ones of each.
 * @param {number} width
 * @param {LifecycleResult["periods"]} periods
 * @param {Reading} reading
 * @param {import("./plot.js").Picked | null} [picked]
 */
export function lifecycleBars(width, periods, { format, words }, picked = null) {
  const rows = periods.period.flatMap((period, i) => {
    let base = 0;
    return KINDS.map(({ kind, fill }) => {
      const n = periods[kind][i] ?? 0;
      const [y1, y2] = kind === "dormant" ? [0, -n] : [base, base + n];
      if (kind !== "dormant") base += n;
      return { period, y1, y2, fill, opacity: periods.complete[i] ? 1 : 0.45 };
    });
  });
  const news = (picked ? periods.period : []).map((period, i) => {
    const [base, n, part] = [(periods.returning[i] ?? 0) + (periods.resurrected[i] ?? 0), periods.new[i] ?? 0, picked?.parts[`new/${period}`]?.total ?? 0];
    return { key: `new/${period}`, x: period, base, end: base + part, says: words.t("pick.newIn", { n, month: format.month(period), count: format.count(n) }) };
  });
  const step = Math.max(1, Math.ceil((periods.period.length * 60) / Math.max(112, width - 64)));
  const name = (/** @type {string} */ period) => (/^\d{4}-\d{2}$/.test(period) ? format.shortMonth(period) : period);
  return draw(width, {
    height: 320,
    marginLeft: 56,
    x: { type: "band", domain: periods.period, padding: 0.2 },
    y: { nice: true },
    marks: [
      gridY({ ticks: 5, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(Math.abs(d)), label: words.t("axis.customers"), labelArrow: "none" }),
      axisX({ anchor: "bottom", ticks: periods.period.filter((_, i) => i % step === 0), tickSize: 0, tickFormat: name, label: null }),
      barY(rows, { x: "period", y1: "y1", y2: "y2", fill: "fill", fillOpacity: "opacity" }),
      barY(news.filter((row) => row.end > row.base), { x: "x", y1: "base", y2: "end", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      pickColumns(news),
    ],
  });
}
